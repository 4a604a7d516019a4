"""Blank forms for a period: what each reporter owes, with its villages, and what it reported last and has to go on with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ruralpb import returns
from ruralpb.app.carried_rows import carried_rows
from ruralpb.app.prepared_forms import prepared_forms
from ruralpb.app.project import Project
from ruralpb.app.units import find_unit
from ruralpb.core.messages import listing
from ruralpb.core.periods import Period
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.model import Level, OwedReturn, Unit
from ruralpb.publish import forms as blanks
from ruralpb.publish.forms import Blank, BlankForm, KnownRow, Prepared
from ruralpb.publish.forms.contents import file_names, with_villages
from ruralpb.store.disk import write_whole

Advance = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class BlankRequest:
    """Which blanks are wanted: of one unit and those below it, of one form; empty means all. `out` is the folder to write to."""

    period: Period
    unit: str = ""
    form: str = ""
    out: Path | None = None


@dataclass(frozen=True, slots=True)
class IssuedFile:
    """One workbook: whose, its forms, and how many of its rows are filled in already."""

    reporter_code: str
    reporter: str
    path: Path
    forms: tuple[str, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Issued:
    """What was written, in the order of the register."""

    period: str
    files: tuple[IssuedFile, ...]


def issue(project: Project, order: BlankRequest, advance: Advance) -> Issued:
    """Write one workbook a reporter and return what they hold. The files hold personal data: only their owner may read them.

    Raises CannotRun (exit 2) for an unknown unit or form, and when nothing is owed.
    """
    owed = _owed(project, order)
    folder = order.out or project.folder / project.settings.out / order.period.label / "blanks"
    rows = carried_rows(project, order.period, owed)
    names = file_names(owed, order.period)
    library, files = project.definitions.library, list[IssuedFile]()
    prepared: dict[Level, Mapping[str, Prepared]] = {}
    for unit, forms in owed.items():
        if unit.level not in prepared:
            asked = dict.fromkeys(o.form for u, each in owed.items() if u.level == unit.level for o in each)
            prepared[unit.level] = prepared_forms(library, asked, order.period, unit.level)
        blank = _blank(project, order.period, unit, forms, rows)
        path = folder / names[unit.code]
        write_whole(path, blanks.workbook(blank, prepared[unit.level]))
        filled = sum(len(sheet.rows) for sheet in blank.forms)
        held = tuple(sheet.form for sheet in blank.forms)
        files.append(IssuedFile(unit.code, unit.name, path, held, filled))
        advance(unit.name)
    return Issued(order.period.label, tuple(files))


def _owed(project: Project, order: BlankRequest) -> dict[Unit, list[OwedReturn]]:
    """What is owed by whom: reporters in register order, forms in the order of their numbers."""
    library, register, period = project.definitions.library, project.definitions.register, order.period
    if order.form and order.form not in library.forms:
        raise CannotRun(project.unknown("form", order.form, library.forms))
    below = find_unit(register, order.unit, period.end).code if order.unit else ""
    by_reporter: dict[str, list[OwedReturn]] = defaultdict(list)
    for owed in returns.owed(project.settings, library, register, period):
        path = register.path(owed.reporter_code, period.end)
        if order.form in ("", owed.form) and (not below or below in path):
            by_reporter[owed.reporter_code].append(owed)
    if not by_reporter:
        asked = listing(filter(None, (period.title, order.unit, order.form)))
        raise CannotRun(Problem("blanks-none", found=asked))
    units = [unit for unit in register.on(period.end) if unit.code in by_reporter]
    return {
        unit: sorted(by_reporter[unit.code], key=lambda owed: library.forms[owed.form].number)
        for unit in units
    }


def _blank(
    project: Project,
    period: Period,
    unit: Unit,
    forms: Sequence[OwedReturn],
    carried: Mapping[tuple[str, str], Sequence[KnownRow]],
) -> Blank:
    register, settings = project.definitions.register, project.settings
    villages = register.on(period.end, "village", unit.code if unit.level == "township" else settings.unit)
    library = project.definitions.library
    sheets = []
    for owed in forms:
        form = library.forms[owed.form]
        rows = with_villages(form, villages, carried.get((unit.code, form.id), ()), unit.level)
        sheets.append(BlankForm(form.id, owed.due, tuple(rows)))
    issuer = settings.report.get("issuer") or settings.title
    names = tuple(dict.fromkeys(village.name for village in villages))
    return Blank(unit, period, issuer, names, tuple(sheets))
