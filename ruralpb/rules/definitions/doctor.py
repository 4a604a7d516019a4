"""The definition doctor: definitions that are each right by themselves and yet make no sense together.

    checks       contradictory, implied by another, never failing or never passing; the same formula twice
    indicators   contradictions between them (`rules.consistency`); numerator and denominator of different measures
    standards    looked up too long ago (`checked_on`)

Names, spans, aliases claimed twice, placeholders and gaps between dated values are told when the definitions are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlglot import exp

from ruralpb.core import periods
from ruralpb.core.messages import listing
from ruralpb.core.periods import Period
from ruralpb.core.problems import NOWHERE, Problem
from ruralpb.model import Aggregate, Check, Form, Indicator, Library
from ruralpb.model.measures import bare as bare_measure
from ruralpb.model.measures import is_money
from ruralpb.rules.consistency.definitions import contradictions
from ruralpb.rules.expressions import Scope, group_column, quotient, resolve
from ruralpb.rules.expressions.build import bare
from ruralpb.rules.expressions.syntax import parse
from ruralpb.rules.localisation.edit_set_analysis import EditSetDiagnostic, analyse_edit_set

LONGEST = 366
"""Days after which a standard should be looked up again: documents are replaced yearly at most."""


def examine(library: Library, today: date) -> Iterator[Problem]:
    """Yield what is doubtful in a library whose definitions have no errors; each is a question, none keeps anything from running."""
    period = periods.of("quarter", date(today.year, 12, 31))
    for form in library.forms.values():
        in_force = [c for c in form.checks if c.expr and c.enabled and c.dated.holds(period.end)]
        by_row = [c for c in in_force if c.over == ("row",) and c.rows == "current"]
        yield from map(_diagnostic, analyse_edit_set(form, by_row, library, period))
        yield from _same_checks(form, in_force, library, period)
    yield from contradictions(library)
    for indicator in library.indicators.values():
        yield from _measures(indicator, library)
    yield from _stale(library, today)


def _diagnostic(diagnostic: EditSetDiagnostic) -> Problem:
    other = diagnostic.other.id if diagnostic.other else ""
    return Problem(
        f"check-{diagnostic.kind}",
        diagnostic.check.defined_at,
        diagnostic.check.id,
        other,
        "query",
        form=diagnostic.check.form,
    )


def _same_checks(form: Form, checks: list[Check], library: Library, period: Period) -> Iterator[Problem]:
    """Two checks over the same rows with the same relation, however it is written."""
    first_of: dict[tuple[object, ...], Check] = {}
    for check in checks:
        is_group = check.over != ("row",)
        keys = tuple(map(group_column, check.over)) if is_group else ()
        scope = Scope(library, form.id, period, "group" if is_group else "row", keys=keys)
        rows = Scope(library, form.id, period)
        formula = (resolve(check.expr, scope).sql, resolve(check.where, rows).sql if check.where else "")
        key = (formula, check.over, check.rows, check.periods)
        first = first_of.setdefault(key, check)
        if first is not check:
            yield Problem("formula-twice", check.defined_at, check.id, first.id, "query", form=form.id)


# ------------------------------------------------------------------------------------------ measures

_PLAIN = "count"
"""The measure of a count: rows, persons, villages. It goes with any measure that counts things."""


def _measures(indicator: Indicator, library: Library) -> Iterator[Problem]:
    """A rate of amounts of money over amounts in another measure; a sum of fields that have different measures; a sum in 元
    called 万元."""
    if indicator.numerator is None:
        return
    above, below = _sides(indicator, library)
    for side in (above, below):
        if len(_money(side)) > 1 or (_money(side) and side - _money(side)):
            yield Problem(
                "measures-mixed", indicator.defined_at, indicator.id, listing(sorted(side)), "query"
            )
            return
    money = _money(above)
    if indicator.is_rate and below and money != _money(below):
        measures = f"{'、'.join(sorted(above))} ÷ {'、'.join(sorted(below))}"
        yield Problem("measures-clash", indicator.defined_at, indicator.id, measures, "query")
    elif not below and money and _money({indicator.measure}) and indicator.measure not in money:
        yield Problem(
            "measures-clash",
            indicator.defined_at,
            indicator.id,
            f"{'、'.join(money)} → {indicator.measure}",
            "query",
        )


def _money(measures: set[str]) -> set[str]:
    return {measure for measure in measures if is_money(measure) and measure == bare_measure(measure)}


def _sides(indicator: Indicator, library: Library) -> tuple[set[str], set[str]]:
    """The measures of what is added up above and below the line."""
    above: set[str] = set()
    below: set[str] = set()
    assert indicator.numerator is not None
    for part in (indicator.numerator, *indicator.plus):
        upper, lower = _aggregate(part, library)
        above |= upper
        below |= lower
    if indicator.denominator is not None:
        below |= _aggregate(indicator.denominator, library)[0]
    return above, below


def _aggregate(part: Aggregate, library: Library) -> tuple[set[str], set[str]]:
    form = library.forms.get(part.of)
    tree, problems = parse(part.expr, NOWHERE)
    if form is None or tree is None or problems:
        return set(), set()
    upper, lower = quotient(tree)
    return _added(upper, form), _added(lower, form) if lower is not None else set()


def _added(tree: exp.Expression, form: Form) -> set[str]:
    """The measures of the fields that are summed; conditions and factors beside them do not count."""
    measures: set[str] = set()
    for call in tree.find_all(exp.Sum, exp.Count, exp.Min, exp.Max):
        if call.find_ancestor(exp.Subquery, exp.Exists, exp.Where):
            continue
        if isinstance(call, exp.Count):
            measures.add(_PLAIN)
            continue
        for name in _terms(call.this):
            field = form.by_id.get(name)
            if field is not None and field.numeric:
                measures.add(field.measure if field.type == "money" else _PLAIN)
    return measures


def _terms(node: exp.Expression) -> Iterator[str]:
    inner = bare(node)
    if isinstance(inner, (exp.Add, exp.Sub)):
        yield from _terms(inner.this)
        yield from _terms(inner.expression)
    elif isinstance(inner, exp.Coalesce):
        yield from _terms(inner.this)
    elif isinstance(inner, exp.Column) and not inner.table:
        yield inner.name


# ------------------------------------------------------------------------------------------ standards


def _stale(library: Library, today: date) -> Iterator[Problem]:
    for standard in library.standards.values():
        in_force = standard.on(today)
        if in_force is None or in_force.value is None or in_force.checked_on is None:
            continue
        if (today - in_force.checked_on).days > LONGEST:
            yield Problem(
                "standard-stale",
                standard.defined_at,
                standard.id,
                in_force.checked_on.isoformat(),
                "query",
                data={"title": standard.title},
            )
