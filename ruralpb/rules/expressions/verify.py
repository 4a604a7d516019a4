"""Every expression of every definition, read once, before anything is computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from string import Formatter

from sqlglot import exp

from ruralpb.core import periods
from ruralpb.core.problems import Location, Problem
from ruralpb.model import Aggregate, Check, Form, Indicator, Library
from ruralpb.model.standards import referred, said
from ruralpb.rules.expressions.api import quotient, resolve
from ruralpb.rules.expressions.names import group_column, relation
from ruralpb.rules.expressions.registers import verify_registers
from ruralpb.rules.expressions.scope import Mode, Scope
from ruralpb.rules.expressions.syntax import closest, parse

_ANY_PERIOD = periods.of("quarter", date(2026, 12, 31))
"""What is wrong with an expression does not depend on the period it is resolved for."""


def verify(library: Library) -> list[Problem]:
    """Return what is wrong with the expressions of a library: checks (expr, where, show, at, over, message), `required_when`
    of fields, `carried` of forms, indicators (numerator, denominator, where, by, derived), watches, scores and lists. Each problem bears file and line.
    What is switched off may read what is switched off with it: its expressions are not looked at."""
    problems: list[Problem] = []
    for form in library.forms.values():
        problems += _fields(library, form)
    for check in filter(_is_on, library.checks.values()):
        problems += _check(library, check)
    for indicator in filter(_is_on, library.indicators.values()):
        problems += _indicator(library, indicator)
        problems += _title(library, indicator.title, indicator.defined_at)
    for one in library.lists.values():
        problems += _title(library, one.title, one.defined_at)
    problems += verify_registers(library)
    return problems


def _title(library: Library, title: str, where: Location) -> Iterator[Problem]:
    """The standards whose values a title says are numbers."""
    for name in said(title):
        if name not in library.standards or library.standards[name].is_bands:
            yield Problem("rule-standard", where, name, closest(name, list(library.standards)))


def _is_on(definition: Check | Indicator) -> bool:
    return definition.enabled


def _fields(library: Library, form: Form) -> Iterator[Problem]:
    if form.carried:
        yield from _condition(library, form.id, form.carried, form.defined_at)
    for item in form.fields:
        if item.required_when:
            yield from _condition(library, form.id, item.required_when, item.defined_at)


def _condition(library: Library, name: str, text: str, where: Location) -> Iterator[Problem]:
    resolved = resolve(text, Scope(library, name, _ANY_PERIOD, where=where))
    yield from resolved.problems
    if not resolved.problems and resolved.kind not in ("bool", "any"):
        yield Problem("rule-not-a-condition", where, text, form=name)


def _check(library: Library, check: Check) -> Iterator[Problem]:
    own_relation = relation(library, check.form)
    if not check.expr or own_relation is None:
        return
    is_group = check.over != ("row",)
    mode: Mode = "group" if is_group else "row"
    keys = tuple(map(group_column, check.over)) if is_group else ()
    unknown = [k for k in keys if k not in own_relation.columns]
    yield from _names(unknown, own_relation.columns, check)
    scope = Scope(library, check.form, _ANY_PERIOD, mode, keys=keys, where=check.defined_at)
    resolved = resolve(check.expr, scope)
    yield from resolved.problems
    if not resolved.problems and resolved.kind not in ("bool", "any"):
        yield Problem("rule-not-a-condition", check.defined_at, check.expr, form=check.form)
    for shown in check.show.values():
        yield from resolve(shown, scope).problems
    if check.where:
        yield from _condition(library, check.form, check.where, check.defined_at)
    fields = own_relation.form.by_id if own_relation.form else {}
    yield from _names([check.at] if check.at and check.at not in fields else [], fields, check)
    named = {name for _, name, _, _ in Formatter().parse(check.message) if name}
    placeholders = {*own_relation.columns, *check.show}
    yield from _names(sorted(named - placeholders), placeholders, check)


def _names(unknown: Iterable[str], known: Iterable[str], check: Check) -> Iterator[Problem]:
    for name in unknown:
        yield Problem("rule-name", check.defined_at, name, closest(name, list(known)), form=check.form)


def _indicator(library: Library, indicator: Indicator) -> Iterator[Problem]:
    goal = referred(indicator.target.value) if indicator.target else ""
    if goal and (goal not in library.standards or library.standards[goal].is_bands):
        yield Problem("rule-standard", indicator.defined_at, goal, closest(goal, list(library.standards)))
    if indicator.derived:
        yield from _derived(library, indicator)
        return
    main = indicator.numerator.of if indicator.numerator else indicator.form
    for part in indicator.aggregates:
        yield from _aggregate(library, part, indicator.defined_at)
    if indicator.where:
        yield from _condition(library, main or indicator.form, indicator.where, indicator.defined_at)
    for cut in indicator.by:
        scope = Scope(library, main or indicator.form, _ANY_PERIOD, where=indicator.defined_at)
        yield from resolve(cut, scope).problems


def _aggregate(library: Library, part: Aggregate, where: Location) -> Iterator[Problem]:
    tree, problems = parse(part.expr, where)
    yield from problems
    if tree is None or problems:
        return
    scope = Scope(library, part.of, _ANY_PERIOD, "aggregate", where=where)
    for side in quotient(tree):
        if side is not None:
            yield from resolve(side, scope).problems
    if part.where:
        yield from _condition(library, part.of, part.where, where)


def _derived(library: Library, indicator: Indicator) -> Iterator[Problem]:
    """A derived indicator names other indicators, and `base(id)` their value in the base period."""
    tree, problems = parse(indicator.derived, indicator.defined_at, extra=("base",))
    yield from problems
    for node in tree.find_all(exp.Column) if tree else ():
        named = library.indicators.get(node.name)
        if named is None or not named.enabled:
            near = closest(node.name, list(library.indicators))
            yield Problem("rule-indicator", indicator.defined_at, node.name, near)
