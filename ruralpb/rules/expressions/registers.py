"""Every expression of watches, scores and lists, read once, before anything is computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from ruralpb.core import periods
from ruralpb.core.problems import Location, Problem
from ruralpb.model import Library, ListDefinition, Score, Watch
from ruralpb.rules.expressions.api import resolve
from ruralpb.rules.expressions.names import relation
from ruralpb.rules.expressions.scope import Scope
from ruralpb.rules.expressions.syntax import closest

_ANY_PERIOD = periods.of("quarter", date(2026, 12, 31))


def verify_registers(library: Library) -> Iterator[Problem]:
    """Yield what is wrong: expressions, and names of forms, indicators and standards that do not exist. What is switched off is
    not looked at."""
    for watch in library.watches.values():
        yield from _watch(library, watch) if watch.enabled else ()
    for score in library.scores.values():
        yield from _score(library, score) if score.enabled else ()
    for one in library.lists.values():
        yield from _list(library, one) if one.enabled else ()


def _watch(library: Library, watch: Watch) -> Iterator[Problem]:
    if watch.form not in library.forms:
        yield _unknown("rule-relation", watch.defined_at, watch.form, library.forms)
        return
    conditions = (watch.where, watch.watched, watch.awaiting, watch.cleared)
    values = (watch.subject, watch.opened_on, watch.due_on, watch.cleared_on, watch.evidence)
    yield from _expressions(library, watch.form, conditions, watch.defined_at, condition=True)
    yield from _expressions(library, watch.form, (*values, *watch.show.values()), watch.defined_at)


def _score(library: Library, score: Score) -> Iterator[Problem]:
    where = score.defined_at
    if bool(score.form) == bool(score.level):
        yield Problem("score-of-what", where, score.id)
        return
    for line in score.lines:
        if line.standard not in library.standards:
            yield _unknown("rule-standard", where, line.standard, library.standards)
        elif library.standards[line.standard].units:
            yield Problem("score-line-units", where, line.standard)
    if score.level:
        for criterion in score.criteria:
            indicator = library.indicators.get(criterion.indicator)
            if indicator is None or not indicator.enabled:
                yield _unknown("rule-indicator", where, criterion.indicator, library.indicators)
            if criterion.zero is None or criterion.full is None or criterion.zero == criterion.full:
                yield Problem("score-no-scale", where, criterion.title)
        return
    if score.form not in library.forms:
        yield _unknown("rule-relation", where, score.form, library.forms)
        return
    yield from _expressions(library, score.form, (score.where, score.veto), where, condition=True)
    values = (score.subject, score.total, score.deduction, *(c.expr for c in score.criteria))
    yield from _expressions(library, score.form, values, where)


def _list(library: Library, one: ListDefinition) -> Iterator[Problem]:
    if relation(library, one.relation) is None:
        relations = [*library.forms, "ref_village", "ref_township"]
        yield _unknown("rule-relation", one.defined_at, one.relation, relations)
        return
    yield from _expressions(library, one.relation, (one.where,), one.defined_at, condition=True)
    yield from _expressions(library, one.relation, (one.order, *one.columns.values()), one.defined_at)


def _expressions(
    library: Library, name: str, texts: Iterable[str], where: Location, condition: bool = False
) -> Iterator[Problem]:
    for text in filter(None, texts):
        resolved = resolve(text, Scope(library, name, _ANY_PERIOD, where=where))
        yield from resolved.problems
        if condition and not resolved.problems and resolved.kind not in ("bool", "any"):
            yield Problem("rule-not-a-condition", where, text, form=name)


def _unknown(slug: str, where: Location, found: str, known: Iterable[str]) -> Problem:
    return Problem(slug, where, found, closest(found, list(known)))
