"""Diff: why figures moved between two periods, or between two states of one period; down to cells (before → after).

A period that is sealed is taken as it was sealed, with its definitions. Of one period, `since` names the earlier state: a day
(what the journal held at its end) or `seal` (the last seal, voided or not).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from ruralpb.app.diff_figures import FigureDiffs
from ruralpb.app.diff_states import as_sealed, check_returns, opened, since_then
from ruralpb.app.project import Project
from ruralpb.app.units import find_unit
from ruralpb.core.periods import Period
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.model.figure_changes import Diff
from ruralpb.publish.diff_workbook import workbook
from ruralpb.rules.indicators import QUARTER
from ruralpb.store.disk import write_whole


@dataclass(frozen=True, slots=True)
class DiffRequest:
    """Which figures (none: all that moved), of which unit (default: the project's own); `since`: a day as text, or `seal`."""

    ids: tuple[str, ...] = ()
    unit: str = ""
    since: str = ""


def diff(project: Project, first: Period, second: Period | None, asked: DiffRequest) -> Diff:
    """Return why the figures of a unit are in `second` not what they were in `first`; without `second`, why those of `first` are not
    what they were `since`.

    Raises CannotRun (exit 2): an unknown indicator, unit or day, a period without returns, a quarter that was never sealed.
    """
    at = second or first
    if (second is None) != bool(asked.since):
        raise CannotRun(Problem("diff-two", found=first.label))
    unit = find_unit(project.definitions.register, asked.unit or project.settings.unit, at.end)
    with ExitStack() as stack:
        if second is None:
            through, definitions = since_then(project, first, asked.since)
            past = stack.enter_context(opened(definitions, first, through))
            restating = stack.enter_context(opened(project, first, through))
            now = stack.enter_context(opened(project, first, None))
            labels = (first.label, first.label)
        else:
            past = stack.enter_context(opened(as_sealed(project, first), first, None))
            now = restating = stack.enter_context(opened(as_sealed(project, second), second, None))
            labels = (first.label, second.label)
        for state in (past, now):
            check_returns(state)
        figures = FigureDiffs(past, restating, now, unit)
        found = [one for name in _wanted(project, at, asked.ids) for one in figures.moved(name)]
    kept = tuple(one for one in found if one.steps or one.changed or (asked.ids and not one.slice))
    return Diff(unit.name, *labels, kept, asked.since)


def save(found: Diff, path: Path) -> Path:
    """Write a diff as a workbook, whole or not at all. Raises CannotRun (exit 2) for a name that is no .xlsx."""
    if path.suffix.lower() != ".xlsx":
        raise CannotRun(Problem("diff-xlsx", found=path.name))
    write_whole(path, workbook(found), shared=True)
    return path


def _wanted(project: Project, period: Period, ids: Sequence[str]) -> Iterator[str]:
    library = project.definitions.library
    for wanted in ids:
        if wanted.removesuffix(QUARTER) not in library.indicators:
            raise CannotRun(project.unknown("indicator", wanted, library.indicators))
    if ids:
        yield from dict.fromkeys(ids)
        return
    for indicator in library.indicators.values():
        if indicator.is_for(period):
            yield indicator.id
