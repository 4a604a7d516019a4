"""What definitions say of figures: which cannot exceed which, which are the sides of a rate, which grow all year, which classes make one up.

Nothing here names an indicator: a part of another figure is declared (`part_of`), or lies in it because its condition implies the other's, or adds
up a field that a check of the form holds to be no larger than the other's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations

from sqlglot import exp

from ruralpb.core.periods import Period
from ruralpb.core.problems import NOWHERE
from ruralpb.model import Band, Form, Indicator, Library
from ruralpb.model.standards import StandardsOn
from ruralpb.rules.consistency.conditions import Range, by_id, conjuncts, exclude, implies, range_of
from ruralpb.rules.consistency.quantities import Quantity, Sides, counts
from ruralpb.rules.engine import render
from ruralpb.rules.expressions.build import bare
from ruralpb.rules.expressions.syntax import parse


@dataclass(frozen=True, slots=True)
class PartOf:
    """The first indicator never exceeds the second."""

    part: str
    whole: str


@dataclass(frozen=True, slots=True)
class SideOf:
    """A count that is a side of a rate, by itself."""

    count: str
    rate: str
    is_numerator: bool


@dataclass(frozen=True, slots=True)
class BandedFigure:
    """A breakdown by a band over what another count draws a line through: the same rows, by the same expression `of`. `standard` are the
    bands, `line` is the condition of the headline, which may name standards."""

    banded: str
    by: str
    headline: str
    standard: str
    of: str
    line: str

    def sorted(self, standards: StandardsOn, unit: str) -> tuple[frozenset[str], frozenset[str]] | None:
        """Return the titles of the bands whose rows all count in the headline, and of those of which none does, by the standards of a unit; None
        when they are not in force, or differ below it."""
        tree, problems = parse(self.line, NOWHERE)
        if tree is None or problems:
            return None
        root = exp.Paren(this=tree)
        named = [call for call in root.find_all(exp.Anonymous) if call.name.lower() == "standard"]
        names = [self.standard, *(call.expressions[0].name for call in named)]
        if any(name not in standards.standards or len(standards.each(name, unit)) > 1 for name in names):
            return None
        classes, *values = [standards.of(name, unit) for name in names]
        for call, value in zip(named, values, strict=True):
            if value is None or not isinstance(value.value, Decimal):
                return None
            call.replace(exp.Literal.number(str(value.value)))
        line = range_of(render(root.this))
        if line is None or line.of != self.of or classes is None or not isinstance(classes.value, tuple):
            return None
        ranges = {band.title: _range(band) for band in classes.value}
        return (
            frozenset(title for title, one in ranges.items() if one.within(line)),
            frozenset(title for title, one in ranges.items() if one.apart(line)),
        )


def _range(band: Band) -> Range:
    low, high = band.low, band.high
    return Range(
        "",
        low=(low, True) if isinstance(low, Decimal) else None,
        high=(high, False) if isinstance(high, Decimal) else None,
    )


def parts(library: Library, taken: Mapping[str, Sides], period: Period) -> list[PartOf]:
    """Return which figures are parts of which, declared and derived."""
    found = {
        PartOf(i.id, i.part_of)
        for i in library.indicators.values()
        if i.enabled and i.part_of in library.indicators
    }
    plain = list(counts(taken))
    orders = {form.id: set(field_orders(form, period)) for form in library.forms.values()}
    for part, whole in permutations(plain, 2):
        if _lies_in(part, whole) or _is_smaller(part, whole, orders, library):
            found.add(PartOf(part.indicator.id, whole.indicator.id))
    return sorted(found, key=lambda pair: (pair.part, pair.whole))


def _lies_in(part: Sides, whole: Sides) -> bool:
    grows = whole.above.is_additive or whole.above.text.startswith(("COUNT(", "MAX("))
    return grows and part.above != whole.above and part.above.lies_in(whole.above)


def _is_smaller(
    part: Sides, whole: Sides, orders: Mapping[str, set[tuple[str, str]]], library: Library
) -> bool:
    """Whether a sum or an extreme of one field stands below that of another of the same rows, or of more of them."""
    one, other = part.above, whole.above
    if (one.relation, one.scope) != (other.relation, other.scope) or one.relation not in library.forms:
        return False
    calls = {"SUM": ("SUM",), "MIN": ("MIN", "MAX"), "MAX": ("MAX",)}
    lower, upper = _call(one.text), _call(other.text)
    if upper[0] not in calls.get(lower[0], ()) or (lower[1], upper[1]) not in orders[one.relation]:
        return False
    return one.conditions == other.conditions or (
        lower[0] == "SUM" and implies(one.conditions, other.conditions)
    )


def _call(text: str) -> tuple[str, str]:
    function, _, rest = text.partition("(")
    return function, rest.removesuffix(")")


def field_orders(form: Form, period: Period) -> Iterator[tuple[str, str]]:
    """Yield pairs of fields of which an error check over every row says that the first is at most the second: `a <= b`, or a sum of fields that
    are never negative and that equals `b`."""
    for check in form.checks:
        plain = check.over == ("row",) and check.rows == "current" and not check.where and not check.periods
        if (
            plain
            and check.expr
            and check.severity == "error"
            and check.enabled
            and check.dated.holds(period.end)
        ):
            for conjunct in conjuncts(check.expr, form):
                tree, problems = parse(conjunct, NOWHERE)
                if tree is not None and not problems:
                    yield from _ordered(bare(by_id(tree, form)), form)


def _ordered(node: exp.Expression, form: Form) -> Iterator[tuple[str, str]]:
    if isinstance(node, (exp.GTE, exp.GT, exp.LTE, exp.LT, exp.EQ)):
        low, high = bare(node.this), bare(node.expression)
        if isinstance(node, (exp.GTE, exp.GT)) or (isinstance(node, exp.EQ) and isinstance(low, exp.Column)):
            low, high = high, low
        if isinstance(high, exp.Column) and high.name in form.by_id:
            summed = list(_summed(low))
            known = all(name in form.by_id for name in summed)
            if (
                summed
                and known
                and (len(summed) == 1 or all(_is_never_negative(form, name) for name in summed))
            ):
                yield from ((name, high.name) for name in summed)


def _summed(node: exp.Expression) -> Iterator[str]:
    """The fields of a sum; an unknown name where it is anything else."""
    inner = bare(node)
    if isinstance(inner, exp.Add):
        yield from _summed(inner.this)
        yield from _summed(inner.expression)
    elif isinstance(inner, exp.Coalesce):
        yield from _summed(inner.this)
    else:
        yield inner.name if isinstance(inner, exp.Column) else ""


def _is_never_negative(form: Form, name: str) -> bool:
    field = form.by_id.get(name)
    return field is not None and field.numeric and field.min is not None and field.min >= 0


def exclusive_parts(found: list[PartOf], taken: Mapping[str, Sides]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield a whole with the largest parts of it that sort its rows by one expression and share none: their sum never exceeds it."""
    classes: dict[tuple[str, str], list[str]] = {}
    for pair in found:
        part, whole = taken.get(pair.part), taken.get(pair.whole)
        if (
            part is not None
            and whole is not None
            and part.above.is_additive
            and part.above.same_rows(whole.above)
        ):
            further = [range_of(text) for text in part.above.conditions - whole.above.conditions]
            if len(further) == 1 and further[0] is not None:
                classes.setdefault((pair.whole, further[0].of), []).append(pair.part)
    for (whole_id, _), names in classes.items():
        chosen: list[str] = []
        for name in (n for n in names if not any(PartOf(n, other) in found for other in names)):
            if all(exclude(taken[name].above.conditions, taken[other].above.conditions) for other in chosen):
                chosen.append(name)
        if len(chosen) > 1:
            yield whole_id, tuple(chosen)


def sides_of_rates(taken: Mapping[str, Sides]) -> Iterator[SideOf]:
    """Yield the counts that are, by their formula, the numerator or denominator of a rate."""
    plain: dict[Quantity, list[str]] = {}
    for one in counts(taken):
        plain.setdefault(one.above, []).append(one.indicator.id)
    for rate in taken.values():
        if rate.below is not None and not rate.indicator.plus:
            for quantity, is_numerator in ((rate.above, True), (rate.below, False)):
                for count in plain.get(quantity, ()):
                    yield SideOf(count, rate.indicator.id, is_numerator)


def is_growing(indicator: Indicator, taken: Mapping[str, Sides], library: Library) -> bool:
    """True for a cumulative count or sum that can only grow within the year: what it adds up, and the numbers its condition looks at, are never
    negative."""
    found = taken.get(indicator.id)
    if found is None or not found.is_count:
        return False
    function, argument = _call(found.above.text)
    form = library.forms.get(found.above.relation)
    if function not in ("COUNT", "SUM") or form is None:
        return False
    if function == "SUM" and not _is_never_negative(form, argument):
        return False
    return all(_only_grows(form, conjunct) for conjunct in found.above.conditions)


def _only_grows(form: Form, conjunct: str) -> bool:
    """Whether more of the year cannot take a row out again: a lower bound on a field that adds up over the year, or no number at all."""
    tree, _ = parse(conjunct, NOWHERE)
    columns = [] if tree is None else [c.name for c in tree.find_all(exp.Column) if not c.table]
    numeric = [name for name in columns if name in form.by_id and form.by_id[name].numeric]
    bound = range_of(conjunct)
    if not numeric:
        return True
    field = form.by_id[numeric[0]]
    return (
        bound is not None
        and bound.high is None
        and bound.among is None
        and field.time == "year_to_date"
        and _is_never_negative(form, field.id)
    )


def banded_figures(library: Library, taken: Mapping[str, Sides]) -> Iterator[BandedFigure]:
    """Yield the breakdowns by a band over what another count draws a line through."""
    for banded in counts(taken):
        for by in banded.indicator.by:
            standard, of = _banded(by, library.forms.get(banded.above.relation))
            for headline in counts(taken) if standard else ():
                line = _further(banded, headline)
                if line:
                    yield BandedFigure(banded.indicator.id, by, headline.indicator.id, standard, of, line)


def _banded(by: str, form: Form | None) -> tuple[str, str]:
    """The standard and the expression of `band('standard', x)`; two empty texts for anything else."""
    tree, problems = parse(by, NOWHERE)
    if tree is None or problems or not isinstance(tree, exp.Anonymous) or tree.name.lower() != "band":
        return "", ""
    standard, of = tree.expressions
    return standard.name, render(by_id(of, form))


def _further(banded: Sides, headline: Sides) -> str:
    """The one condition that the headline has and the banded count has not; "" where they differ in more."""
    one, other = banded.above, headline.above
    same = (one.relation, one.scope) == (other.relation, other.scope) and other.text.startswith("COUNT(")
    further = other.conditions - one.conditions
    if not same or "DISTINCT" in other.text or one.conditions - other.conditions or len(further) != 1:
        return ""
    return next(iter(further))
