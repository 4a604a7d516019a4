"""From sums to values: divide once, print once, compare like with like (semantics S4–S6, S8; domain 3.4, 7.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from decimal import Decimal

from ruralpb.core import numbers
from ruralpb.core.periods import Period
from ruralpb.model import Comparison, Indicator, Library, StandardsOn, Unit, Value
from ruralpb.rules.indicators.coverage import Coverage, Presence, Return, Tally
from ruralpb.rules.indicators.formula import Formula
from ruralpb.rules.indicators.sealed import Base
from ruralpb.rules.indicators.series import PlannedAmount, PlannedComparison, PlannedFigure
from ruralpb.rules.indicators.totals import Amount


class Valuer:
    """Makes the values of planned figures once their sums are fetched."""

    def __init__(
        self,
        library: Library,
        period: Period,
        presence: Presence,
        units: Sequence[Unit],
        accepted: Set[Return] | None,
        sealed: Mapping[str, Base] | None = None,
    ) -> None:
        """`sealed`: period label → what was sealed of it, for comparisons of whole units."""
        self._library = library
        self._standards = StandardsOn(library.standards, presence.register, period.end)
        self.period = period
        self._presence = presence
        self.units = units
        self._accepted = accepted
        self._sealed = sealed or {}
        self._left_out: dict[tuple[Coverage, Coverage], frozenset[str]] = {}
        self._tallies: dict[Coverage, Mapping[str, Tally]] = {}

    def values(self, figure: PlannedFigure) -> Iterator[Value]:
        """Yield the figure's value for every unit; a breakdown's for every slice found anywhere, or defined."""
        if not figure.by:
            for unit in self.units:
                yield self._value(figure, unit, None)
            return
        for cut in self._slices(figure):
            for unit in self.units:
                yield self._value(figure, unit, (figure.by, cut))

    def tally(self, coverage: Coverage, unit: str) -> Tally:
        """Return the coverage of one unit."""
        if coverage not in self._tallies:
            self._tallies[coverage] = self._presence.tallies(coverage, self._accepted)
        return self._presence.tally(self._tallies[coverage], coverage, unit)

    def number(
        self, line: PlannedAmount, unit: str, cut: str | None = None
    ) -> tuple[Amount, Decimal | None, str]:
        """Return the sums of a line for one unit (and slice), its unrounded value, and why there is none."""
        formula = line.formula
        amount = line.amount(unit, cut)
        reason = why_none(formula, self.tally(line.coverage, unit), amount)
        return amount, None if reason else quotient(formula.indicator, formula, amount), reason

    def without_suspects(
        self, line: PlannedAmount, unit: str, cut: str | None = None
    ) -> tuple[int, Decimal | None]:
        """Return on how many suspect rows a line rests for one unit (and slice), and its value without them."""
        if line.without is None:
            return 0, None
        amount, value, _ = self.number(line.without, unit, cut)
        return (amount.suspect, value) if amount.suspect else (0, None)

    def _value(self, figure: PlannedFigure, unit: Unit, cut: tuple[str, str] | None) -> Value:
        indicator, line = figure.indicator, figure.line
        tally = self.tally(line.coverage, unit.code)
        amount, value, reason = self.number(line, unit.code, cut[1] if cut else None)
        compared = {
            name: self._comparison(figure, planned, unit.code, cut[1] if cut else None, reason)
            for name, planned in figure.compared.items()
        }
        suspect, sound = (
            (0, None) if value is None else self.without_suspects(line, unit.code, cut[1] if cut else None)
        )
        return Value(
            indicator=figure.id,
            unit_code=unit.code,
            unit=unit.name,
            level=unit.level,
            period=self.period.label,
            numerator=None if reason else amount.numerator,
            denominator=None if reason or not line.formula.is_ratio else amount.denominator,
            value=value,
            printed=numbers.printed(value, indicator.decimals, indicator.measure),
            covered=tally.covered,
            expected=tally.expected,
            unknown_rows=0 if line.formula.out_of_force else amount.unknown,  # the rows are not to blame
            suspect_rows=suspect,
            value_without_suspect=sound,
            printed_without_suspect=numbers.printed(sound, indicator.decimals, indicator.measure)
            if suspect
            else "",
            unaccepted=tally.unaccepted,
            slice=(cut,) if cut else (),
            previous=compared.get("previous"),
            last_year=compared.get("last_year"),
            missing=tally.missing,
            reason=reason,
        )

    def _comparison(
        self, figure: PlannedFigure, planned: PlannedComparison, unit: str, cut: str | None, no_value: str
    ) -> Comparison:
        base = planned.base.label
        if planned.current is None or planned.past is None or no_value:
            return Comparison(base, reason=planned.reason or no_value)
        tally = self.tally(planned.current.coverage, unit)
        if tally.covered == 0:
            return Comparison(base, all_units=False, reason="compare-no-units")
        _, current, _ = self.number(planned.current, unit, cut)
        past, comparable = self._base(figure, planned, planned.past, unit, cut)
        change, reason = None, "compare-no-value"
        if current is not None and past is not None:
            change, reason = change_of(figure.indicator, current, past)
        return Comparison(
            base_period=base,
            current=current,
            base=past,
            change=change,
            units=tally.covered,
            all_units=tally.covered == tally.expected,
            comparable_base=comparable,
            reason=reason,
        )

    def _base(
        self,
        figure: PlannedFigure,
        planned: PlannedComparison,
        line: PlannedAmount,
        unit: str,
        cut: str | None,
    ) -> tuple[Decimal | None, bool]:
        """Return the value to compare with and whether it was recomputed under the later definition: the sealed one, unless the
        definition has changed since or not all that it rests on is in both periods (S6)."""
        sealed = self._sealed.get(planned.base.label)
        comparable = planned.comparable_base
        if sealed is not None and figure.indicator.id in sealed.sealed.marks:
            comparable = comparable or not sealed.means_the_same(figure.indicator)
            whole = planned.own is not None and unit not in self._less(planned.own, line.coverage)
            key = (figure.id, unit, ((figure.by, cut),) if cut is not None else ())
            if not comparable and whole and sealed.has(*key):
                return sealed.sealed.values[key], False
        return self.number(line, unit, cut)[1], comparable

    def _less(self, own: Coverage, common: Coverage) -> frozenset[str]:
        """The units of which something that is covered in `own` is not in `common`."""
        if (own, common) not in self._left_out:
            lost = own.present - common.present
            self._left_out[own, common] = frozenset(u for leaf in lost for u in self._presence.path(leaf))
        return self._left_out[own, common]

    def _slices(self, figure: PlannedFigure) -> list[str]:
        found = figure.line.slices()
        for planned in figure.compared.values():
            found |= planned.past.slices() if planned.past else {}
        order = self._defined(figure)
        return [
            *order[0],
            *(s for s in order[1] if s in found),
            *sorted(found.keys() - set(order[0] + order[1])),
        ]

    def _defined(self, figure: PlannedFigure) -> tuple[list[str], list[str]]:
        """The classes of a band (shown even when empty) and the values of an enum field (shown when found), in order."""
        form = self._library.forms.get(figure.indicator.form)
        field = form.by_id.get(figure.by) if form else None
        if field is not None:
            return [], [v.value for v in field.values]
        name = _band_standard(figure.by)
        values = (
            [each.value for each in self._standards.each(name)] if name in self._library.standards else []
        )
        lists = [value.value for value in values if value is not None and isinstance(value.value, tuple)]
        return list(dict.fromkeys(band.title for bands in lists for band in bands)), []


def _band_standard(by: str) -> str:
    """Return the standard of a `band('standard', x)`."""
    head, _, rest = by.partition("'")
    return rest.partition("'")[0] if head.replace(" ", "").lower() == "band(" else ""


def why_none(formula: Formula, tally: Tally, amount: Amount) -> str:
    """Return why there is no value (a message's slug), or ""."""
    if formula.out_of_force:
        return "value-standard"
    if tally.covered == 0:
        return "value-not-covered"
    if amount.blind:
        return "value-unknown"
    if amount.numerator is None or (formula.is_ratio and amount.denominator is None):
        return "value-no-rows"
    if formula.is_ratio and not amount.denominator:
        return "value-zero-denominator"
    return ""


def quotient(indicator: Indicator, formula: Formula, amount: Amount) -> Decimal | None:
    """Return numerator ÷ denominator (× 100 for %), unrounded; the numerator itself where nothing is divided."""
    if not formula.is_ratio or amount.numerator is None or amount.denominator is None:
        return amount.numerator
    return numbers.quotient(amount.numerator, amount.denominator, 100 if indicator.is_rate else 1)


def change_of(indicator: Indicator, current: Decimal, past: Decimal) -> tuple[Decimal | None, str]:
    """Return the change (points of printed values for rates, growth in % of unrounded values else) and why there is none."""
    if indicator.is_rate:
        return numbers.point_difference(current, past, indicator.decimals, indicator.measure), ""
    return numbers.growth(current, past), numbers.no_growth(current, past)
