"""Pages: the same page for every unit of the level below the project's own, on every processor.

A page of one unit is what `report` makes of it; together they cost the figures of the period once, not once a unit.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from ruralpb.app.opening import open_project
from ruralpb.app.period_context import PeriodContext, opened
from ruralpb.app.project import Project
from ruralpb.app.report import page, publish
from ruralpb.app.report_plan import ReportRequest
from ruralpb.core import periods, processes
from ruralpb.core.periods import Period
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.model import LEVELS, Unit
from ruralpb.publish import documents as render
from ruralpb.store.disk import write_whole

Advance = Callable[[str], None]

ALL = "all"
"""The unit that means each of them."""
_FEW = 3
"""So few pages are made sooner than another process starts."""


@dataclass(frozen=True, slots=True)
class UnitPage:
    """The page of one unit: its files, how many numbers it prints, what could not be done."""

    unit: str
    files: tuple[Path, ...]
    figures: int
    problems: tuple[Problem, ...]
    draft: bool


def pages(
    project: Project, period: Period, today: date, request: ReportRequest, advance: Advance
) -> list[UnitPage]:
    """Write the page of `request` for every unit of the level below the project's own, and return them in register order. `advance` is
    told each unit's name. Raises CannotRun (exit 2) as `report` does, and when there is no level below."""
    if "pdf" not in _formats(project, request):
        return _written(project, period, today, request, advance)
    # Starting LibreOffice takes longer than a page: one run prints them all.
    wanted = tuple(f for f in _formats(project, request) if f != "pdf")
    formats = wanted if "docx" in wanted else ("docx", *wanted)
    made = _written(project, period, today, replace(request, formats=formats), advance)
    return _printed(project, made, "docx" in wanted)


def _formats(project: Project, request: ReportRequest) -> tuple[str, ...]:
    return request.formats or project.settings.formats


def _printed(project: Project, made: Sequence[UnitPage], keep: bool) -> list[UnitPage]:
    """The pages with their PDF beside, or in the place of, the document; without a PDF the document stays."""
    documents = [next(file for file in one.files if file.suffix == ".docx") for one in made]
    contents, problems = render.pdfs([file.read_bytes() for file in documents], project.settings.fonts)
    found = []
    for one, document, content in zip(made, documents, contents, strict=True):
        files = [file for file in one.files if keep or not content or file != document]
        if content:
            write_whole(document.with_suffix(".pdf"), content, shared=True)
            files.append(document.with_suffix(".pdf"))
        if content and not keep:
            document.unlink()
        found.append(replace(one, files=tuple(files), problems=(*one.problems, *problems)))
    return found


def _written(
    project: Project, period: Period, today: date, request: ReportRequest, advance: Advance
) -> list[UnitPage]:
    units = _units(project, period)
    together = min(os.cpu_count() or 1, len(units))
    if len(units) <= _FEW or together == 1:
        with opened(project, period, today, shared=True) as context:
            return [_told(_made(context, request, unit), advance) for unit in units]
    # Each process opens the period once, for all pages it makes.
    with processes.pool(len(units), _open, project.folder, period.label, today) as pool:
        made = pool.map(_make, [request] * len(units), units)
        return [_told(one, advance) for one in made]


def _units(project: Project, period: Period) -> Sequence[Unit]:
    register, own = project.definitions.register, project.settings.unit
    unit = register.get(own, period.end)
    level = unit.level if unit else "county"
    below = LEVELS[LEVELS.index(level) + 1 :] if level in LEVELS else ()
    for level in below:
        if found := register.on(period.end, level, own):
            return sorted(found, key=lambda u: u.sort_no)
    raise CannotRun(Problem("pages-no-units", found=unit.name if unit else own))


def _made(context: PeriodContext, request: ReportRequest, unit: Unit) -> UnitPage:
    made = page(context, replace(request, unit=unit.code), lambda _: None)
    written = publish(context.project, context.period, request, made)
    return UnitPage(unit.name, written.files, len(made.facts), written.problems, made.draft)


def _told(one: UnitPage, advance: Advance) -> UnitPage:
    advance(one.unit)
    return one


# ------------------------------------------------------------------------------------------ in a process of their own

_held = ExitStack()
_context: PeriodContext


def _open(folder: Path, label: str, today: date) -> None:
    """Begin a process: it has one period open until it ends."""
    global _context
    period = periods.parse(label, today)
    # Held by the process: when it ends, so does what is open.
    _context = _held.enter_context(opened(open_project(folder), period, today, shared=True))


def _make(request: ReportRequest, unit: Unit) -> UnitPage:
    return _made(_context, request, unit)
