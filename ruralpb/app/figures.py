"""Figures: compute the indicators of a period, with coverage, target, rank and comparisons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ruralpb.app.computing import OpenPeriod, ValuesRequest, computed, kept
from ruralpb.app.examination import Selection, examine
from ruralpb.app.project import Project
from ruralpb.app.units import find_unit
from ruralpb.core.periods import Period
from ruralpb.core.periods import find as find_period
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.model import LEVELS, Indicator, Level, Value
from ruralpb.rules import indicators as stage
from ruralpb.store import Session, Store


@dataclass(frozen=True, slots=True)
class ComputedFigures:
    """The values, and the definitions they rest on."""

    period: str
    values: tuple[Value, ...]
    indicators: dict[str, Indicator]
    problems: tuple[Problem, ...] = ()
    by: str = ""
    since: Mapping[str, str] = field(default_factory=dict)
    """Indicator → the first period its sum over the year covers, where the form began later in the year."""


def indicators(project: Project, period: Period, today: date, asked: ValuesRequest) -> ComputedFigures:
    """Return the values of `period`, in the order of the definitions, then high level first, then of the register.

    Raises CannotRun (exit 2) for an unknown indicator, unit, level, comparison or cut.
    """
    library = project.definitions.library
    for wanted in asked.ids:
        if wanted not in library.indicators:
            raise CannotRun(project.unknown("indicator", wanted, library.indicators))
    for comparison in asked.compare:
        if comparison not in ("previous", "last_year"):
            raise CannotRun(Problem("compare-unknown", found=comparison))
    if asked.by and asked.by not in stage.CUTS:
        raise CannotRun(Problem("cut-unknown", found=asked.by, expected=", ".join(stage.CUTS)))
    unit = find_unit(project.definitions.register, asked.unit, period.end) if asked.unit else None
    levels = wanted_levels(project, unit.level if unit else None, asked.level, period)
    counting = _accepted(project, period, today) if asked.accepted_only else None
    with project.session(period, counting) as session, project.reading() as store:
        values, problems = compute(project, session, store, period, today, levels, asked)
    if unit is not None:
        below = {u.code for u in project.definitions.register.on(period.end, below=unit.code)}
        values = [v for v in values if v.unit_code in below]
    worded = project.definitions.worded(period.end, unit.code if unit else "")
    return ComputedFigures(
        period.label,
        tuple(values),
        dict(worded.indicators),
        tuple(problems),
        asked.by,
        _since(project, period, values),
    )


def _since(project: Project, period: Period, values: Sequence[Value]) -> dict[str, str]:
    library = project.definitions.library
    computed_ids = {value.indicator for value in values} & set(library.indicators)
    began = ((id, library.since(library.indicators[id], period)) for id in sorted(computed_ids))
    return {id: first.label for id, first in began if first is not None}


def _accepted(project: Project, period: Period, today: date) -> list[str]:
    """Return the submissions that are accepted returns of `period` or an earlier one. Whether one is accepted is judged
    beside all the others; only then do those that are not count as missing (semantics S2)."""
    reasons = []
    with project.reading() as store:
        for stored in map(find_period, store.periods()):
            if stored is None or stored.end > period.end:
                continue
            with project.session(stored) as session:
                states = examine(project, session, store, stored, today, Selection()).states
            reasons += [s.submission for s in states if s.status == "accepted"]
    return reasons


def wanted_levels(
    project: Project, unit_level: Level | None, asked: str, period: Period
) -> tuple[Level, ...]:
    """Return the levels to compute: those asked for, else the unit's own (the project's by default) and the next below."""
    if asked:
        words = {word.strip() for word in asked.split(",")}
        for word in sorted(words - set(LEVELS)):
            raise CannotRun(Problem("level-unknown", found=word, expected=", ".join(LEVELS)))
        return tuple(level for level in LEVELS if level in words)
    definitions = project.definitions
    if unit_level is None:
        unit = definitions.register.get(project.settings.unit, period.end)
        unit_level = unit.level if unit else "county"
    if unit_level not in LEVELS:
        return ("township",)
    at = LEVELS.index(unit_level)
    return LEVELS[at : at + 2]


def compute(
    project: Project,
    session: Session,
    store: Store,
    period: Period,
    today: date,
    levels: tuple[Level, ...],
    asked: ValuesRequest,
) -> tuple[list[Value], list[Problem]]:
    """Return the values on an open session and store, over what counts in it; narrowing to a unit is the caller's."""
    checked = examine(project, session, store, period, today, Selection())
    if asked.accepted_only:
        return computed(project, session, period, levels, asked, checked)
    return kept(project, OpenPeriod(period, session, store), levels, asked, checked)
