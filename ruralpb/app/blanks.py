"""Blank forms for a period: what each reporter owes, with its villages, and what it reported last and has to go on with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ruralpb import returns
from ruralpb.app.project import Project
from ruralpb.app.units import find_unit
from ruralpb.core.periods import Period
from ruralpb.core.phrases import phrases
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.model import Form, Level, Library, OwedReturn, Unit
from ruralpb.publish import forms as blanks
from ruralpb.publish.forms import Blank, BlankForm, FormDefinition, KnownRow, Prepared
from ruralpb.rules.checks.summed_columns import summed_columns
from ruralpb.rules.expressions import Scope, check_sentence, condition, previous_of, resolve
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
    rows = _carried(project, order.period, owed)
    names = _file_names(owed, order.period)
    prepared: dict[Level, Mapping[str, Prepared]] = {}
    files = []
    for unit, forms in owed.items():
        if unit.level not in prepared:
            asked = dict.fromkeys(o.form for u, own in owed.items() if u.level == unit.level for o in own)
            library = project.definitions.library
            prepared[unit.level] = prepared_forms(library, asked, order.period, unit.level)
        blank = _blank(project, order.period, unit, forms, rows)
        path = folder / names[unit.code]
        write_whole(path, blanks.workbook(blank, prepared[unit.level]))
        filled = sum(len(one.rows) for one in blank.forms)
        files.append(IssuedFile(unit.code, unit.name, path, tuple(one.form for one in blank.forms), filled))
        advance(unit.name)
    return Issued(order.period.label, tuple(files))


def prepared_forms(
    library: Library, forms: Iterable[str], period: Period, level: Level
) -> dict[str, Prepared]:
    """Return form id → how its sheet looks in `period` for the reporters of `level`, and what the instructions say of it."""
    definitions = []
    for form in (library.forms[id] for id in forms):
        sums = summed_columns(form.checks, {f.id: f for f in form.fields_in(period)})
        said = partial(condition, library=library, form=form.id)
        definitions.append(FormDefinition(form, sums, said, partial(check_sentence, library=library)))
    return blanks.prepare(definitions, period, level)


def _owed(project: Project, order: BlankRequest) -> dict[Unit, list[OwedReturn]]:
    """What is owed by whom: reporters in register order, forms in the order of their numbers."""
    library, register, period = project.definitions.library, project.definitions.register, order.period
    if order.form and order.form not in library.forms:
        raise CannotRun(project.unknown("form", order.form, library.forms))
    below = find_unit(register, order.unit, period.end).code if order.unit else ""
    found: dict[str, list[OwedReturn]] = defaultdict(list)
    for one in returns.owed(project.settings, library, register, period):
        if order.form in ("", one.form) and (
            not below or below in register.path(one.reporter_code, period.end)
        ):
            found[one.reporter_code].append(one)
    if not found:
        asked = "、".join(filter(None, (period.title, order.unit, order.form)))
        raise CannotRun(Problem("blanks-none", found=asked))
    units = [unit for unit in register.on(period.end) if unit.code in found]
    return {
        unit: sorted(found[unit.code], key=lambda one: _number(library.forms[one.form])) for unit in units
    }


def _number(form: Form) -> tuple[int, str]:
    """Forms stand in the order of the numbers in their codes: 县组季02表 before 县农季08表."""
    digits = "".join(filter(str.isdecimal, form.code))
    return int(digits or 0), form.id


def _file_names(owed: Mapping[Unit, Sequence[OwedReturn]], period: Period) -> dict[str, str]:
    """A file name a reporter; with its code where two have the same name (semantics S7: two counties may each have a 红旗镇)."""
    names = [unit.name for unit in owed]
    return {
        unit.code: phrases("files")["blank"].format(
            unit=f"{unit.name}（{unit.code}）" if names.count(unit.name) > 1 else unit.name,
            period=period.label,
        )
        for unit in owed
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
    for one in forms:
        form = library.forms[one.form]
        rows = _with_villages(form, villages, carried.get((unit.code, form.id), ()), unit.level)
        sheets.append(BlankForm(form.id, one.due, tuple(rows)))
    issuer = settings.report.get("issuer") or settings.title
    names = tuple(dict.fromkeys(village.name for village in villages))
    return Blank(unit, period, issuer, names, tuple(sheets))


def _with_villages(
    form: Form, villages: Sequence[Unit], rows: Sequence[KnownRow], level: Level
) -> list[KnownRow]:
    """The rows known already: a row a village of the kinds the form asks for; in a roster that every village is on, at least one."""
    if level != "township" or not (form.village_row or form.every_village):
        return list(rows)
    asked = [v.name for v in villages if not form.village_kinds or v.kind in form.village_kinds]
    if form.village_row:
        return [{"village": name} for name in asked]
    of_village: dict[object, list[KnownRow]] = {name: [] for name in asked}
    for row in rows:
        of_village.setdefault(row.get("village"), []).append(row)
    return [row for name, own in of_village.items() for row in (own or [{"village": name}])]


# ---------------------------------------------------------------------------------------------- what was reported last


def _carried(
    project: Project, period: Period, owed: Mapping[Unit, Sequence[OwedReturn]]
) -> dict[tuple[str, str], list[KnownRow]]:
    """(reporter, form) → the rows that it reported last and the form says to bring along. Only what holds at a period's end comes
    along: what happened in the last one is not told again."""
    asked = {one.form for own in owed.values() for one in own}
    library = project.definitions.library
    forms = [library.forms[name] for name in sorted(asked) if library.forms[name].carried]
    found: dict[tuple[str, str], list[KnownRow]] = defaultdict(list)
    if not forms or not project.store_path.is_file():
        return found
    with project.session(period) as session:
        for form in forms:
            fields = [f.id for f in form.fields_in(period) if f.time == "point"]
            scope = Scope(library, form.id, period, register=project.definitions.register)
            condition_sql = resolve(form.carried, scope).sql
            since = previous_of(period).end
            for reporter, *values in session.last_rows(form, fields, condition_sql, since, period.end):
                filled = {n: v for n, v in zip(fields, values, strict=True) if v is not None}
                found[reporter, form.id].append(filled)
    return found
