"""Export: one tidy table as CSV, Parquet, XLSX or JSON, the same bytes for the same store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from ruralpb.app import computing, figures
from ruralpb.app.amendments import amended_cells, notes
from ruralpb.app.audit_access import disclose
from ruralpb.app.consistency import contradicting
from ruralpb.app.examination import Selection, examine, selected
from ruralpb.app.project import Project
from ruralpb.app.units import find_unit
from ruralpb.core.periods import Period
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.model import ExportTable
from ruralpb.publish.exports import formats, tables
from ruralpb.store import facts

WHAT = ("facts", "indicators", "findings", "notes", "accounts", "amendments", "submissions", "units")
FORMATS = ("csv", "parquet", "xlsx", "json")


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What to export, of which form, period and unit, in which format, and whether personal fields may be seen. `level` and
    `by` are of indicators (`computing.ValuesRequest`)."""

    what: str
    form: str
    period: Period
    unit: str = ""
    format: str = "csv"
    with_personal_data: bool = False
    reason: str = ""
    level: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Exported:
    """The table and its bytes in the asked format; `personal` when personal fields are not masked."""

    table: ExportTable
    content: bytes
    personal: bool = False


def export(project: Project, request: ExportRequest, now: datetime) -> Exported:
    """Return the table of `request` and its bytes. Raises CannotRun (exit 2) for an unknown table, format, form or unit, and when
    personal data are asked for without a reason."""
    if request.format not in FORMATS:
        raise CannotRun(Problem("export-format", found=request.format, expected=", ".join(FORMATS)))
    asked = table(project, request, now)
    # A workbook bears the period's end as its time: the same store gives the same bytes, whenever.
    content = encoded(asked, request.format, datetime.combine(request.period.end, time()))
    return Exported(asked, content, request.with_personal_data)


def encoded(table: ExportTable, format: str, stamp: datetime) -> bytes:
    """Return the table's bytes in `format`; a workbook bears the time `stamp`."""
    return facts.parquet(table) if format == "parquet" else formats.encoded(table, format, stamp)


def table(project: Project, request: ExportRequest, now: datetime) -> ExportTable:
    """Return the table of `request` as exact values. Raises CannotRun as `export` does."""
    if request.what not in WHAT:
        raise CannotRun(Problem("export-what", found=request.what, expected=", ".join(WHAT)))
    register, period = project.definitions.register, request.period
    if request.what == "units":
        return tables.units(register)
    if request.what == "facts":
        return _facts(project, request, now)
    if request.what == "indicators":
        question = computing.ValuesRequest(unit=request.unit, level=request.level, by=request.by)
        computed = figures.indicators(project, period, now.date(), question)
        return tables.indicators(computed.values, computed.indicators)
    with project.session(period) as session, project.reading() as store:
        if request.what == "notes":
            return tables.notes([*store.notes(period), *notes(project, store, period)])
        if request.what == "accounts":
            return tables.accounts(store.accounts(period))
        if request.what == "amendments":
            return tables.amendments(amended_cells(project, store, period))
        checked = examine(project, session, store, period, now.date(), Selection())
        if request.what == "findings":
            found = (*checked.findings, *contradicting(project, store, period, checked, session))
            wanted = Selection(form=request.form, unit=request.unit)
            return tables.findings(selected(project, period, found, wanted), register, period)
        troubled = [problem.receipt for problem in store.problems(period)]
        versions, receipts = store.submissions(period), store.receipts()
        return tables.submissions(versions, troubled, receipts, checked.states, register, period)


def _facts(project: Project, request: ExportRequest, now: datetime) -> ExportTable:
    forms, register, end = project.definitions.library.forms, project.definitions.register, request.period.end
    if request.form not in forms:
        raise CannotRun(project.unknown("form", request.form, forms))
    if request.with_personal_data:
        disclose(project, f"export facts {request.form} {request.period}", request.reason, now)
    units: frozenset[str] = frozenset()
    if request.unit:
        below = find_unit(register, request.unit, end).code
        units = frozenset(unit.code for unit in register.on(end, below=below))
    with project.session(request.period) as session, project.reading() as store:
        form, masked = forms[request.form], not request.with_personal_data
        return facts.facts(session, store, form, request.period, units, masked)
