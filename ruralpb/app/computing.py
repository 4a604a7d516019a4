"""Computing: the values of a period, and what of them is remembered.

Values are a function of the store, of what counts in it, of which returns are accepted, of what was sealed, and of the definitions: a
page's are remembered beside the store for the pages and commands that come after.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from ruralpb.app import cache
from ruralpb.app.project import Project
from ruralpb.app.sealed import closed_figures
from ruralpb.core.periods import Period
from ruralpb.core.problems import Problem
from ruralpb.model import Level, ReturnState, Value
from ruralpb.rules import indicators as stage
from ruralpb.rules.expressions import previous_of
from ruralpb.store import Session, Store

Computed = tuple[list[Value], list[Problem]]
"""Values, and what could not be computed as defined."""

_Kept = tuple[tuple[Level, ...], tuple[str, ...], tuple[str, ...], str]
"""Levels, indicator ids, comparisons, cut of what was asked."""
_MOST_KEPT = 6
"""So many answers are kept for a period: pages of one kind ask for two."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: indicator ids (none: all), a unit (code or name), levels (comma-separated), comparisons, which returns
    count, what part of the area to give apart (a column of units.csv)."""

    ids: tuple[str, ...] = ()
    unit: str = ""
    level: str = ""
    compare: tuple[str, ...] = ("previous", "last_year")
    accepted_only: bool = False
    by: str = ""


def computed(
    project: Project,
    session: Session,
    period: Period,
    levels: tuple[Level, ...],
    asked: Question,
    states: Sequence[ReturnState],
) -> Computed:
    """Return the values of the units of `levels`, in the order of the definitions, then high level first, then of the register.
    `states` are those of the returns."""
    definitions = project.definitions
    return stage.compute(
        definitions.library,
        definitions.register,
        project.settings,
        definitions.targets,
        period,
        session.query,
        ids=asked.ids or None,
        levels=levels,
        compare=asked.compare,  # type: ignore[arg-type]
        accepted=_accepted(states),
        cut_by=asked.by,
        sealed=closed_figures(project, (previous_of(period).label, period.last_year().label)),
        queries=session.queries,
    )


def known(
    project: Project,
    session: Session,
    store: Store,
    period: Period,
    levels: tuple[Level, ...],
    asked: Question,
    states: Sequence[ReturnState],
    *,
    keep: bool = False,
) -> Computed:
    """As `computed` over the session of the period itself, from what is remembered where it is there. With `keep`, what had to be computed
    is remembered for the next who asks."""
    wanted = (asked.ids, asked.compare, asked.by)
    file = project.private / "values" / f"{period.label}-{project.settings.unit}"
    stamp = _stamp(project, store, period, states)
    answers: dict[_Kept, Computed] = cache.recalled(file, stamp) or {}
    for (at, *question), (values, problems) in answers.items():
        if tuple(question) == wanted and set(levels) <= set(at):
            return [v for v in values if v.level in levels], problems
    found = computed(project, session, period, levels, asked, states)
    if keep:
        latest = list(answers.items())[-_MOST_KEPT + 1 :]
        cache.keep_if_possible(file, stamp, {**dict(latest), (levels, *wanted): found})
    return found


def _stamp(project: Project, store: Store, period: Period, states: Sequence[ReturnState]) -> bytes:
    accepted = "\n".join(sorted("|".join(one) for one in _accepted(states)))
    closed = [d.id for d in project.journal.decisions() if d.kind in ("seal", "unlock")]
    depends = hashlib.sha256(accepted.encode()).hexdigest()
    return cache.stamp([*project.state(store), period.label, depends, *closed])


def _accepted(states: Sequence[ReturnState]) -> set[tuple[str, str, str]]:
    return {(s.reporter_code, s.form, s.period) for s in states if s.status == "accepted"}
