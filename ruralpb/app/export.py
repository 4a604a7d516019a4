"""Export: one tidy table as CSV, Parquet, XLSX or JSON, the same bytes for the same store."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ruralpb.app import computing, figures, tables
from ruralpb.app.amendments import amended_cells, notes
from ruralpb.app.audit_access import disclose
from ruralpb.app.project import Project
from ruralpb.app.tables import Table
from ruralpb.app.units import find_unit
from ruralpb.app.validate import Selection, examine
from ruralpb.core.periods import Period
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.store import Session

WHAT = ("facts", "indicators", "findings", "notes", "amendments", "submissions", "units")
FORMATS = ("csv", "parquet", "xlsx", "json")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Order:
    """What to export, of which form, period and unit, in which format, and whether personal fields may be seen. `level` and
    `by` are of indicators (`computing.Question`)."""

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

    table: Table
    content: bytes
    personal: bool = False


def export(project: Project, order: Order, now: datetime) -> Exported:
    """Return the table of `order` and its bytes. Raises CannotRun (exit 2) for an unknown table, format, form or unit, and when
    personal data are asked for without a reason."""
    if order.format not in FORMATS:
        raise CannotRun(Problem("export-format", found=order.format, expected=", ".join(FORMATS)))
    found = table(project, order, now)
    # A workbook bears the period's end as its time: the same store gives the same bytes, whenever.
    return Exported(
        found,
        encode(found, order.format, datetime.combine(order.period.end, time())),
        order.with_personal_data,
    )


def table(project: Project, order: Order, now: datetime) -> Table:
    """Return the table of `order` as exact values."""
    if order.what not in WHAT:
        raise CannotRun(Problem("export-what", found=order.what, expected=", ".join(WHAT)))
    register = project.definitions.register
    if order.what == "units":
        return tables.units(register)
    if order.what == "facts":
        return _facts(project, order, now)
    if order.what == "indicators":
        asked = computing.Question(unit=order.unit, level=order.level, by=order.by)
        computed = figures.indicators(project, order.period, now.date(), asked)
        return tables.indicators(computed.values, computed.indicators)
    with project.session(order.period) as session, project.reading() as store:
        if order.what == "notes":
            return tables.notes([*store.notes(order.period), *notes(project, store, order.period)])
        if order.what == "amendments":
            return tables.amendments(amended_cells(project, store, order.period))
        wanted = Selection(form=order.form, unit=order.unit)
        checked = examine(project, session, store, order.period, now.date(), wanted)
        if order.what == "findings":
            return tables.findings(checked.findings, register, order.period)
        return tables.submissions(store, register, checked.states, order.period)


def _facts(project: Project, order: Order, now: datetime) -> Table:
    forms = project.definitions.library.forms
    if order.form not in forms:
        raise CannotRun(project.unknown("form", order.form, forms))
    if order.with_personal_data:
        disclose(project, f"export facts {order.form} {order.period}", order.reason, now)
    register, end = project.definitions.register, order.period.end
    units: frozenset[str] = frozenset()
    if order.unit:
        units = frozenset(u.code for u in register.on(end, below=find_unit(register, order.unit, end).code))
    with project.session(order.period) as session, project.reading() as store:
        return tables.facts(
            session, store, forms[order.form], order.period, units, not order.with_personal_data
        )


def encode(table: Table, format: str, stamp: datetime) -> bytes:
    """Return the table's bytes in `format`. CSV is UTF-8 with BOM; text that a spreadsheet would run gets a leading '; a
    workbook bears the time `stamp`."""
    if format == "csv":
        return _csv(table)
    if format == "json":
        return _json(table)
    if format == "parquet":
        return _parquet(table)
    from ruralpb.publish.xlsx.sheets import workbook

    names = [name for name, _ in table.columns]
    return workbook(table.name, names, table.rows, stamp)


def _csv(table: Table) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([name for name, _ in table.columns])
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, str):
        # A number stays a number: only text that is none can be taken for a formula.
        return f"'{value}" if value.startswith(_FORMULA) and not _is_number(value) else value
    return str(value)


def _number(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _is_number(text: str) -> bool:
    digits = text[1:] if text.startswith("-") else text
    whole, _, part = digits.partition(".")
    return whole.isascii() and whole.isdigit() and (not part or (part.isascii() and part.isdigit()))


def _json(table: Table) -> bytes:
    names = [name for name, _ in table.columns]
    rows = [dict(zip(names, map(_plain, row), strict=True)) for row in table.rows]
    return (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode()


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return _number(value)
    return value.isoformat() if isinstance(value, date) else value


def _parquet(table: Table) -> bytes:
    import duckdb

    with TemporaryDirectory() as folder, Session(duckdb.connect(":memory:")) as session:
        target = Path(folder) / "table.parquet"
        session.register("export", [f'"{name}" {kind}' for name, kind in table.columns], table.rows)
        session.copy_to("export", target)
        return target.read_bytes()


def frame(table: Table) -> Any:
    """Return the table as a pandas frame: exact Decimals and dates as objects, text as text."""
    import pandas

    return pandas.DataFrame(_aligned(table.rows), columns=[name for name, _ in table.columns], dtype=object)


def _aligned(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    return [list(row) for row in rows]
