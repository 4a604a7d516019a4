"""What has to be added up for one figure: which rows, in which periods, on whose units, for itself and for its comparisons.

A *line* is a figure in one period on one set of units. A single quarter of a cumulative figure is a line of two spans,
the later minus the earlier (semantics S5).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from ruralpb.core.periods import Period
from ruralpb.core.problems import Problem
from ruralpb.model import Indicator, Library, StandardsOn, applies
from ruralpb.rules.expressions import previous_of, year_to_date_of
from ruralpb.rules.indicators.coverage import Coverage, Presence, Read
from ruralpb.rules.indicators.formula import Formula
from ruralpb.rules.indicators.suspects import NO_SUSPECTS, SuspectCells
from ruralpb.rules.indicators.totals import Amount, Totals, Wanted

Against = Literal["previous", "last_year"]

QUARTER = ".quarter"
"""What is appended to the id of a cumulative indicator for its single quarter."""


@dataclass(frozen=True, slots=True)
class Span:
    """Rows of some periods under the parameters of the last of them."""

    rows: tuple[Period, ...]
    at: Period


@dataclass(frozen=True)
class PlannedAmount:
    """A figure in one period on one set of units: the first of `wanted` minus the others. `without` is the same line without suspect
    rows, where it rests on cells that are suspect."""

    formula: Formula
    wanted: tuple[Wanted, ...]
    coverage: Coverage
    totals: Totals
    without: PlannedAmount | None = None

    def amount(self, unit: str, cut: str | None = None) -> Amount:
        """Return its sums for one unit (and slice)."""
        first, *rest = (self.totals.amount(wanted, unit, cut) for wanted in self.wanted)
        for other in rest:
            first = first.minus(other)
        return first

    def slices(self) -> dict[str, None]:
        """Return the slices found for any unit."""
        return {cut: None for wanted in self.wanted for cut in self.totals.slices(wanted)}


@dataclass(frozen=True)
class PlannedComparison:
    """A comparison with the period `base`, on the units that are in both. Without lines `reason` says why there is none."""

    base: Period
    current: PlannedAmount | None = None
    past: PlannedAmount | None = None
    comparable_base: bool = False
    reason: str = ""
    own: Coverage | None = None
    """Who is covered in `base` by itself."""


@dataclass(frozen=True)
class PlannedFigure:
    """One indicator (or its single quarter, or one of its breakdowns) in the report period, with its comparisons."""

    indicator: Indicator
    id: str
    line: PlannedAmount
    by: str
    compared: Mapping[Against, PlannedComparison]


@dataclass(frozen=True, slots=True)
class _Planned:
    """What a figure is planned from, before it is compared: `quarter` says that it is the single quarter of a cumulative indicator."""

    indicator: Indicator
    formula: Formula
    coverage: Coverage
    by: str
    quarter: bool


class Planner:
    """Plans the lines of figures for one report period and notes with `totals` what they need."""

    def __init__(
        self,
        library: Library,
        period: Period,
        presence: Presence,
        totals: Totals,
        suspects: SuspectCells = NO_SUSPECTS,
    ) -> None:
        self._library = library
        self._suspects = suspects
        self.period = period
        self.presence = presence
        self._totals = totals
        self.problems: list[Problem] = []
        """What cannot be computed as defined, in the order it was planned."""

    def figures(self, indicator: Indicator, against: Sequence[Against]) -> list[PlannedFigure]:
        """Return the figures of an indicator: itself, its breakdowns, its single quarter. None when it cannot be compiled."""
        formula = self._formula(indicator, self.period, "")
        self.problems += formula.problems
        if formula.problems:
            return []
        self.problems += [self._out_of_force(indicator, standard) for standard in formula.out_of_force]
        planned = [self._figure(indicator, against)]
        for by in indicator.by:
            cut = self._formula(indicator, self.period, by)
            self.problems += cut.problems
            if not cut.problems:
                planned.append(self._figure(indicator, against, by))
        if has_quarter(indicator, formula, self.period) and not formula.out_of_force:
            planned.append(self._figure(indicator, against, quarter=True))
        return planned

    def _out_of_force(self, indicator: Indicator, standard: str) -> Problem:
        defined = self._library.standards[standard]
        ended = defined.ended(self.period.end)
        return Problem(
            "standard-ended" if ended else "standard-absent",
            indicator.defined_at,
            found=f"{defined.title}（{standard}）",
            severity="note",
            data={"indicator": indicator.title, "day": str(ended or self.period.end)},
        )

    def _figure(
        self, indicator: Indicator, against: Sequence[Against], by: str = "", *, quarter: bool = False
    ) -> PlannedFigure:
        spans = self.spans(indicator, self.period, quarter)
        formula = self._formula(indicator, spans[0].at, by)
        coverage = self.coverage(indicator, spans, by)
        line = self._with_doubts(self._line(indicator, spans, coverage, by), spans)
        planned = _Planned(indicator, formula, coverage, by, quarter)
        compared = {
            name: self._compared(planned, spans, name) for name in against if not formula.out_of_force
        }
        return PlannedFigure(indicator, indicator.id + (QUARTER if quarter else ""), line, by, compared)

    def now(self, indicator: Indicator) -> PlannedAmount:
        """Return the line of an indicator in the report period."""
        spans = self.spans(indicator, self.period, False)
        line = self._line(indicator, spans, self.coverage(indicator, spans, ""), "")
        return self._with_doubts(line, spans)

    def of(
        self, indicator: Indicator, period: Period, by: str = "", *, quarter: bool = False
    ) -> PlannedAmount:
        """Return the line of an indicator (or of its single quarter, or of its breakdown `by`) in any period, under the standards of
        the report period."""
        spans = self.spans(indicator, period, quarter)
        return self._line(indicator, spans, self.coverage(indicator, spans, by), by)

    def against(self, indicator: Indicator, base: Period) -> tuple[PlannedAmount, PlannedAmount]:
        """Return the lines of an indicator in the report period and in `base`, on the units that are in both, under the
        standards of the report period."""
        spans, past = (self.spans(indicator, period, False) for period in (self.period, base))
        common = self.presence.common(self.coverage(indicator, spans, ""), self.coverage(indicator, past, ""))
        return self._line(indicator, spans, common, ""), self._line(indicator, past, common, "")

    def spans(self, indicator: Indicator, period: Period, quarter: bool) -> tuple[Span, ...]:
        """Return what the figure of a period is made of: one span, or for a single quarter Qn and Qn−1."""
        if indicator.scope == "year_to_date":
            return (
                Span((period,) if quarter else covered_of_year(self._library, indicator, period), period),
            )
        if quarter and not period.is_first_of_year():
            before = period.previous()
            return Span((period,), period), Span((before,), before)
        return (Span((period,), period),)

    def coverage(self, indicator: Indicator, spans: Sequence[Span], by: str) -> Coverage:
        """Return who is covered in all of `spans`, out of who is expected in the first."""
        return self.presence.common(*(self._covered(self._formula(indicator, s.at, by), s) for s in spans))

    def _covered(self, formula: Formula, span: Span) -> Coverage:
        reads: set[Read] = set(formula.reads)
        main, *others = formula.parts
        reads |= {(part.relation, period) for part in others if part.of_period for period in span.rows}
        return self.presence.coverage(main.relation, span.rows, frozenset(reads))

    def _formula(self, indicator: Indicator, at: Period, by: str) -> Formula:
        return self._totals.formula(indicator, at, self.period.end, by)

    def _line(
        self, indicator: Indicator, spans: Sequence[Span], coverage: Coverage, by: str
    ) -> PlannedAmount:
        formulas = [self._formula(indicator, span.at, by) for span in spans]
        wanted = tuple(
            self._totals.want(formula, span.rows, coverage)
            for formula, span in zip(formulas, spans, strict=True)
        )
        return PlannedAmount(formulas[0], wanted, coverage, self._totals)

    def _with_doubts(self, line: PlannedAmount, spans: Sequence[Span]) -> PlannedAmount:
        """Return the line with what it is without suspect rows."""
        cleared = [self._suspects.left_out(one.formula) for one in line.wanted]
        if not any(cleared):
            return line
        wanted = tuple(
            one if formula is None else self._totals.want(formula, span.rows, line.coverage)
            for one, formula, span in zip(line.wanted, cleared, spans, strict=True)
        )
        return replace(line, without=replace(line, formula=cleared[0] or line.formula, wanted=wanted))

    def _compared(self, planned: _Planned, spans: Sequence[Span], against: Against) -> PlannedComparison:
        indicator, by, quarter = planned.indicator, planned.by, planned.quarter
        base = previous_of(self.period) if against == "previous" else self.period.last_year()
        if against == "previous" and is_cumulative(indicator) and not quarter:
            return PlannedComparison(base, reason="compare-cumulative")
        if not applies(indicator.periods, base):
            return PlannedComparison(base, reason="compare-periods")
        if self._lacks_field(planned.formula, base.end):
            return PlannedComparison(base, reason="compare-definition")
        if not quarter and self._is_shorter(indicator, base):
            return PlannedComparison(base, reason="compare-since")
        past = self.spans(indicator, base, quarter)
        own = self.coverage(indicator, past, by)
        common = self.presence.common(planned.coverage, own)
        return PlannedComparison(
            base,
            self._line(indicator, spans, common, by),
            self._line(indicator, past, common, by),
            self._changed(planned.formula, base.end),
            own=own,
        )

    def _is_shorter(self, indicator: Indicator, base: Period) -> bool:
        """True when the one sum over a year covers other quarters than the other, because the form began in between."""
        return any(self._library.since(indicator, p) for p in (self.period, base)) and (
            base.end.month != self.period.end.month
            or len(self.spans(indicator, base, False)[0].rows)
            != len(self.spans(indicator, self.period, False)[0].rows)
        )

    def _lacks_field(self, formula: Formula, day: date) -> bool:
        used = ((self._library.forms.get(part.relation), part.fields) for part in formula.parts)
        return any(
            field.id in fields and not field.dated.holds(day)
            for form, fields in used
            if form is not None
            for field in form.fields
        )

    def _changed(self, formula: Formula, day: date) -> bool:
        """True when a base of that day is not what was published then: a standard differs, or the indicator is newer."""
        then, now = (StandardsOn(self._library.standards, None, at) for at in (day, self.period.end))
        differs = any(then.state(name) != now.state(name) for name in formula.standards)
        return differs or not formula.indicator.dated.holds(day)


def covered_of_year(library: Library, indicator: Indicator, period: Period) -> tuple[Period, ...]:
    """Return the periods of the year, up to this one, in which the indicator's form is in force."""
    form = library.forms.get(indicator.form)
    return tuple(p for p in year_to_date_of(period) if form is None or form.dated.holds(p.end)) or (period,)


def is_cumulative(indicator: Indicator) -> bool:
    """True when a later quarter of the year contains the earlier ones."""
    return indicator.time == "year_to_date" or indicator.scope == "year_to_date"


def has_quarter(indicator: Indicator, formula: Formula, period: Period) -> bool:
    """True when a single quarter of the figure means something: amounts and counts, no rates and no extremes."""
    return (
        period.kind == "quarter"
        and is_cumulative(indicator)
        and not indicator.is_rate
        and (indicator.scope == "year_to_date" or formula.subtracts)
    )
