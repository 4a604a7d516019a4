"""Ledger: one village through all forms and periods, with every version and who changed what (一村一本账、全程纪实).

records    what the store and the journal hold about each village
findings   of every period that something was reported for
compose    the entries, personal values masked
write      .docx, .html and .md by the template, .xlsx with every value beside its cell
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from ruralpb.app import registers
from ruralpb.app.amendments import amended_cells
from ruralpb.app.audit_access import disclose
from ruralpb.app.examination import Selection, examine
from ruralpb.app.project import Project
from ruralpb.app.units import find_unit
from ruralpb.core.periods import Period
from ruralpb.core.periods import find as find_period
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.model import REPORT_FORMATS, Entry, Finding, Unit
from ruralpb.model.loader.shipped import shipped_path
from ruralpb.publish import documents
from ruralpb.publish.documents.ledger_workbook import workbook
from ruralpb.publish.text.figures import Facts
from ruralpb.publish.text.ledger import Ledger, LedgerContext
from ruralpb.publish.text.ledger_entries import (
    SharedRecords,
    VillageRecords,
    by_submission,
    compose,
    in_order,
    reported_cells,
)
from ruralpb.publish.text.report_data import ReportData
from ruralpb.returns.versions import compared_versions
from ruralpb.store import Store
from ruralpb.store.disk import write_whole

FORMATS = tuple(name for name in REPORT_FORMATS if name != "pdf")
"""A ledger is no paper that goes to print: a workbook and texts, no PDF."""
TEMPLATE = "ledger"

Advance = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class LedgerRequest:
    """Whose ledger (a village, or every village of a higher unit), up to which period (None: all), of which form (empty: all), and whether
    personal fields may be seen, and why."""

    unit: str
    until: Period | None = None
    form: str = ""
    with_personal_data: bool = False
    reason: str = ""


def ledgers(project: Project, request: LedgerRequest, now: datetime, advance: Advance) -> tuple[Ledger, ...]:
    """Return the ledgers of a village, or of the villages of a unit, in register order.

    A merged village's rows stand in its successor's ledger. `advance` is called after each period examined. Raises CannotRun (exit 2) for
    an unknown unit or form, a unit without villages, and when personal data are asked for without a reason.
    """
    register, library = project.definitions.register, project.definitions.library
    day = request.until.end if request.until else now.date()
    unit = find_unit(register, request.unit, day)
    villages = register.on(day, "village", unit.code)
    if not villages:
        raise CannotRun(Problem("ledger-no-village", found=unit.name))
    if request.form and request.form not in library.forms:
        raise CannotRun(project.unknown("form", request.form, library.forms))
    if request.with_personal_data:
        disclose(project, f"ledger {unit.code}", request.reason, now)
    with project.reading() as store:
        records = list(_records(project, store, villages, request, day))
    periods = sorted({version.submission.period for each in records for version in each.versions})
    findings: list[Finding] = []
    for period in periods:
        findings += _findings(project, period, unit, now.date())
        advance(period.label)
    entries = _entries(project, periods, unit)
    return tuple(compose(each, findings, entries) for each in records)


def _records(
    project: Project, store: Store, villages: Sequence[Unit], request: LedgerRequest, day: date
) -> Iterator[VillageRecords]:
    register, library, journal = project.definitions.register, project.definitions.library, project.journal
    until = request.until.end if request.until else date.max
    submissions = {s.id: s for s in store.submissions() if s.period.end <= until}
    forms = [form for form in library.forms.values() if request.form in ("", form.id)]
    amended = [cell.amended for cell in amended_cells(project, store) if cell.amended.counts]
    shared = SharedRecords(
        library=library,
        register=register,
        amended={one.cell: one.amendment.now for one in amended},
        files={one.receipt.id: one.receipt.path for one in store.receipts()},
        recorded={str(line.seq): line.at for line in journal.lines if line.kind == "receipt"},
        decisions=tuple(d for d in journal.decisions() if d.data.get("submission")),
        form=request.form,
        personal=request.with_personal_data,
    )
    for village in villages:
        merged = {code for code in register.by_code if register.successor(code, day) == village.code}
        codes = frozenset(merged | {village.code})
        rows = {form.id: by_submission(store.rows_about(form.id, codes), submissions) for form in forms}
        compared = [v for form in forms for v in compared_versions(form, rows[form.id], submissions.values())]
        township = register.get(village.parent_code, day)
        addresses = store.addresses(reported_cells(rows))
        name = township.name if township else ""
        yield VillageRecords(village, name, codes, rows, in_order(compared, library.forms), addresses, shared)


def _findings(project: Project, period: Period, unit: Unit, today: date) -> Iterator[Finding]:
    """The findings of a period about the unit and those below it."""
    with project.session(period) as session, project.reading() as store:
        found = examine(project, session, store, period, today, Selection()).failed()
    register = project.definitions.register
    return (f for f in found if unit.code in register.path(f.unit_code, period.end))


def _entries(project: Project, periods: Sequence[Period], unit: Unit) -> list[tuple[str, str, Entry]]:
    """(period, title of the watch, entry) of the last period of each kind: an entry tells its history itself."""
    known = [p for p in periods if project.definitions.register.get(unit.code, p.end) is not None]
    last = {period.kind: period for period in periods}
    watched = [(p, registers.watch(project, p, (), unit.code)) for p in sorted(last.values()) if p in known]
    return [
        (period.label, register.watches[entry.watch].title, entry)
        for period, register in watched
        for entry in register.entries
    ]


def check(formats: Sequence[str]) -> None:
    """Raise CannotRun (exit 2) for a format a ledger is not written in."""
    for name in formats:
        if name not in FORMATS:
            raise CannotRun(Problem("format-unknown", found=name, expected="、".join(FORMATS)))


def write(project: Project, ledger: Ledger, formats: Sequence[str], folder: Path) -> tuple[Path, ...]:
    """Write the ledger, each file whole or not at all, readable by its owner alone when personal fields are shown. The same store gives
    the same bytes: the last day the ledger speaks of stands for now."""
    periods = [period for label in ledger.periods if (period := find_period(label))]
    when = documents.stamp(max((period.end for period in periods), default=date(2000, 1, 1)))
    texts = [name for name in formats if name != "xlsx"]
    search = [project.folder / "templates", shipped_path("templates")]
    contents = (
        dict(documents.render(_context(project, ledger), TEMPLATE, search, texts, when).files)
        if texts
        else {}
    )
    if "xlsx" in formats:
        contents["xlsx"] = workbook(ledger, when)
    paths = {name: folder / f"{ledger.township}-{ledger.village}-{ledger.code}.{name}" for name in formats}
    for name, path in paths.items():
        write_whole(path, contents[name], shared=not ledger.personal)
    return tuple(paths.values())


def _context(project: Project, ledger: Ledger) -> LedgerContext:
    definitions = project.definitions
    period = find_period(ledger.periods[-1] if ledger.periods else "2000")
    assert period is not None
    settings = replace(project.settings, unit=ledger.code)
    data = ReportData((), (), (), definitions.library, definitions.register, settings, period, Facts())
    return LedgerContext(data, ledger)
