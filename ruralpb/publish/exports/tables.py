"""The tables of an export: each column is declared once, with its name, its type and how it is got from what a row is about.

The facts of a form have the columns of the form: `ruralpb.store.facts`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from ruralpb.core import numbers
from ruralpb.core.periods import Period
from ruralpb.core.personal_data import without_numbers
from ruralpb.model import (
    Address,
    AmendedCell,
    Amendment,
    Comparison,
    ExportTable,
    Finding,
    Indicator,
    Receipt,
    Register,
    ReturnState,
    StoredAccount,
    StoredNote,
    StoredReceipt,
    Submission,
    Unit,
    Value,
)

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class ExportColumn(Generic[Row]):
    """A column: how its value is got from what a row is about, and its SQL type."""

    name: str
    of: Callable[[Row], Any]
    type: str = "VARCHAR"
    words: bool = False
    """What somebody wrote: numbers of persons in it are masked."""

    def value(self, row: Row) -> Any:
        """Return the column's value of a row."""
        value = self.of(row)
        return without_numbers(value) if self.words else value


def _table(name: str, columns: Sequence[ExportColumn[Row]], rows: Iterable[Row]) -> ExportTable:
    values = tuple(tuple(column.value(row) for column in columns) for row in rows)
    return ExportTable(name, tuple((column.name, column.type) for column in columns), values)


# ---------------------------------------------------------------------------------------------------- findings


class FindingRow(NamedTuple):
    """A finding, the cell to look at first, the names of its township (or other reporter) and unit."""

    finding: Finding
    cell: Address
    township: str
    unit: str


FINDINGS: tuple[ExportColumn[FindingRow], ...] = (
    ExportColumn("finding", lambda row: row.finding.id),
    ExportColumn("check", lambda row: row.finding.check),
    ExportColumn("severity", lambda row: row.finding.severity),
    ExportColumn("outcome", lambda row: row.finding.outcome),
    ExportColumn("form", lambda row: row.finding.form),
    ExportColumn("township", lambda row: row.township),
    ExportColumn("unit_code", lambda row: row.finding.unit_code),
    ExportColumn("unit", lambda row: row.unit),
    ExportColumn("field", lambda row: row.finding.field),
    ExportColumn("file", lambda row: row.cell.file),
    ExportColumn("sheet", lambda row: row.cell.sheet),
    ExportColumn("cell", lambda row: row.cell.cell),
    ExportColumn("found", lambda row: row.finding.found, words=True),
    ExportColumn("expected", lambda row: row.finding.expected, words=True),
    ExportColumn("message", lambda row: row.finding.message, words=True),
    ExportColumn("status", lambda row: row.finding.status),
    ExportColumn("reason", lambda row: row.finding.reason, words=True),
    ExportColumn("person", lambda row: row.finding.person),
)


def findings(found: Iterable[Finding], register: Register, period: Period) -> ExportTable:
    """Return one row per finding."""

    def name(code: str) -> str:
        unit = register.get(code, period.end) or next(iter(register.by_code.get(code, ())), None)
        return unit.name if unit else ""

    rows = (
        FindingRow(
            finding,
            finding.cells[0] if finding.cells else Address("", "", ""),
            name(finding.township_code or finding.reporter_code),
            name(finding.unit_code),
        )
        for finding in found
    )
    return _table("findings", FINDINGS, rows)


# ------------------------------------------------------------------------------------------------------- notes

NOTES: tuple[ExportColumn[StoredNote], ...] = (
    ExportColumn("submission", lambda row: row.submission),
    ExportColumn("form", lambda row: row.note.form),
    ExportColumn("unit_code", lambda row: row.unit_code),
    ExportColumn("field", lambda row: row.note.field),
    ExportColumn("file", lambda row: row.file),
    ExportColumn("sheet", lambda row: row.note.sheet),
    ExportColumn("cell", lambda row: row.note.cell),
    ExportColumn("raw", lambda row: row.note.raw, words=True),
    ExportColumn("value", lambda row: row.note.value, words=True),
    ExportColumn("rule", lambda row: row.note.rule),
    ExportColumn("message", lambda row: row.note.message, words=True),
)


def notes(stored: Iterable[StoredNote]) -> ExportTable:
    """Return every cell that was not taken literally, or has another value that counts."""
    return _table("notes", NOTES, stored)


# --------------------------------------------------------------------------------------------------- accounts


ACCOUNTS: tuple[ExportColumn[StoredAccount], ...] = (
    ExportColumn("file", lambda row: row.file),
    ExportColumn("sheet", lambda row: row.sheet),
    ExportColumn("role", lambda row: row.role),
    ExportColumn("cells", lambda row: row.cells, "INTEGER"),
    ExportColumn("unaccounted", lambda row: row.unaccounted),
)


def accounts(stored: Iterable[StoredAccount]) -> ExportTable:
    """Return how many cells of each sheet have which role."""
    return _table("accounts", ACCOUNTS, stored)


# -------------------------------------------------------------------------------------------------- amendments


def _amendment(row: AmendedCell) -> Amendment:
    return row.amended.amendment


AMENDMENTS: tuple[ExportColumn[AmendedCell], ...] = (
    ExportColumn("submission", lambda row: row.amended.submission or _amendment(row).submission),
    ExportColumn("form", lambda row: _amendment(row).form),
    ExportColumn("unit_code", lambda row: _amendment(row).unit_code),
    ExportColumn("unit", lambda row: row.unit.name if row.unit else ""),
    ExportColumn("field", lambda row: _amendment(row).field),
    ExportColumn("file", lambda row: row.address.file if row.address else ""),
    ExportColumn("sheet", lambda row: row.address.sheet if row.address else _amendment(row).sheet),
    ExportColumn("cell", lambda row: row.address.cell if row.address else _amendment(row).cell),
    ExportColumn("reported", lambda row: row.was),
    ExportColumn("effective", lambda row: row.now),
    ExportColumn("state", lambda row: row.amended.state),
    ExportColumn("by", lambda row: _amendment(row).by),
    ExportColumn("at", lambda row: _amendment(row).at),
    ExportColumn("reason", lambda row: _amendment(row).reason, words=True),
    ExportColumn("basis", lambda row: _amendment(row).basis, words=True),
)


def amendments(cells: Iterable[AmendedCell]) -> ExportTable:
    """Return one row per amendment, in the order of the journal: what was reported and what counts instead while its `state` is live. The cell is
    that of the version in force; of one that has lapsed, where it stood."""
    return _table("amendments", AMENDMENTS, cells)


# ------------------------------------------------------------------------------------------------- submissions


class SubmissionRow(NamedTuple):
    """A file of a version with the state of its return where the version is the current one; no version: a refused file of the period."""

    submission: Submission | None
    receipt: Receipt
    state: ReturnState | None
    form: str
    township_code: str
    township: str
    period: Period

    @property
    def status(self) -> str:
        """Of the current version the return's (accepted, blocked …), of another its state (superseded, held …)."""
        if self.state is not None:
            return self.state.status
        return self.submission.state if self.submission else "refused"


SUBMISSIONS: tuple[ExportColumn[SubmissionRow], ...] = (
    ExportColumn("submission", lambda row: row.submission.id if row.submission else ""),
    ExportColumn("form", lambda row: row.form),
    ExportColumn("township_code", lambda row: row.township_code),
    ExportColumn("township", lambda row: row.township),
    ExportColumn("period", lambda row: row.period.label),
    ExportColumn("version", lambda row: row.submission.version if row.submission else None, "INTEGER"),
    ExportColumn("status", lambda row: row.status),
    ExportColumn("file", lambda row: row.receipt.path),
    ExportColumn("sha256", lambda row: row.receipt.sha256),
    ExportColumn("received_at", lambda row: row.receipt.received, "DATE"),
    ExportColumn("rows", lambda row: row.submission.rows if row.submission else 0, "INTEGER"),
    ExportColumn("errors", lambda row: row.state.errors if row.state else 0, "INTEGER"),
    ExportColumn("queries", lambda row: row.state.queries if row.state else 0, "INTEGER"),
)


def submissions(
    versions: Iterable[Submission],
    troubled: Iterable[str],
    receipts: Iterable[StoredReceipt],
    states: Iterable[ReturnState],
    register: Register,
    period: Period,
) -> ExportTable:
    """Return one row per version of a return and file it came from, then the refused files of the period.

    `troubled` are the ids of receipts with problems in the period; those of which nothing was taken are refused.
    """
    by_id = {stored.receipt.id: stored for stored in receipts}
    state_of = {state.submission: state for state in states if state.submission}

    def township(code: str) -> tuple[str, str]:
        # An office stands for itself.
        unit = register.get(code, period.end)
        return (code, unit.name if unit else "")

    rows = [
        SubmissionRow(
            version,
            by_id[receipt].receipt,
            state_of.get(version.id),
            version.form,
            *township(version.reporter_code),
            version.period,
        )
        for version in versions
        for receipt in version.receipts
    ]
    refused = [
        by_id[id_] for id_ in dict.fromkeys(troubled) if by_id[id_].refused and not by_id[id_].reporters
    ]
    rows += [
        SubmissionRow(None, one.receipt, None, one.receipt.form, *township(one.receipt.unit_code), period)
        for one in refused
    ]
    return _table("submissions", SUBMISSIONS, rows)


# ------------------------------------------------------------------------------------------------------- units

UNITS: tuple[ExportColumn[Unit], ...] = (
    ExportColumn("code", lambda row: row.code),
    ExportColumn("name", lambda row: row.name),
    ExportColumn("level", lambda row: row.level),
    ExportColumn("parent_code", lambda row: row.parent_code),
    ExportColumn("kind", lambda row: row.kind),
    ExportColumn("aliases", lambda row: "|".join(row.aliases)),
    ExportColumn("valid_from", lambda row: row.valid_from, "DATE"),
    ExportColumn("valid_to", lambda row: row.valid_to, "DATE"),
    ExportColumn("successor", lambda row: row.successor),
    ExportColumn("class", lambda row: row.unit_class),
    ExportColumn("key_class", lambda row: row.key_class),
    ExportColumn("in_demo_zone", lambda row: row.in_demo_zone, "BOOLEAN"),
    ExportColumn("sort_no", lambda row: row.sort_no, "INTEGER"),
)


def units(register: Register) -> ExportTable:
    """Return the dated register as it stands in units.csv."""
    return _table("units", UNITS, register.units)


# -------------------------------------------------------------------------------------------------- indicators


class ValueRow(NamedTuple):
    """A value and the definition of its indicator."""

    value: Value
    indicator: Indicator

    @property
    def id(self) -> str:
        """The indicator's id; of a breakdown `id{field=value}`."""
        return self.value.indicator + "".join(f"{{{key}={value}}}" for key, value in self.value.slice)

    @property
    def title(self) -> str:
        """The indicator's title; `<id>.quarter` is the single quarter of a year-to-date indicator."""
        return self.indicator.title + ("（当季）" if "." in self.value.indicator else "")


def _base(comparison: Comparison | None) -> str:
    return numbers.exported(comparison.base) if comparison else ""


def _change(comparison: Comparison | None) -> str:
    return numbers.exported(comparison.change) if comparison else ""


INDICATORS: tuple[ExportColumn[ValueRow], ...] = (
    ExportColumn("indicator", lambda row: row.id),
    ExportColumn("title", lambda row: row.title),
    ExportColumn("unit_code", lambda row: row.value.unit_code),
    ExportColumn("unit", lambda row: row.value.unit),
    ExportColumn("level", lambda row: row.value.level),
    ExportColumn("period", lambda row: row.value.period),
    ExportColumn("numerator", lambda row: numbers.exported(row.value.numerator)),
    ExportColumn("denominator", lambda row: numbers.exported(row.value.denominator)),
    ExportColumn("value", lambda row: numbers.exported(row.value.value)),
    ExportColumn("unit_of_measure", lambda row: row.indicator.measure),
    ExportColumn("covered", lambda row: row.value.covered, "INTEGER"),
    ExportColumn("expected", lambda row: row.value.expected, "INTEGER"),
    ExportColumn("unknown_rows", lambda row: row.value.unknown_rows, "INTEGER"),
    ExportColumn("unaccepted", lambda row: row.value.unaccepted, "INTEGER"),
    ExportColumn("target", lambda row: numbers.exported(row.value.target)),
    ExportColumn("status", lambda row: row.value.status),
    ExportColumn("rank", lambda row: row.value.rank, "INTEGER"),
    ExportColumn("previous", lambda row: _base(row.value.previous)),
    ExportColumn("change", lambda row: _change(row.value.previous)),
    ExportColumn("last_year", lambda row: _base(row.value.last_year)),
    ExportColumn("change_last_year", lambda row: _change(row.value.last_year)),
    ExportColumn("printed", lambda row: row.value.printed),
    ExportColumn("card", lambda row: row.value.card),
    ExportColumn("suspect_rows", lambda row: row.value.suspect_rows, "INTEGER"),
    ExportColumn("value_without_suspect", lambda row: numbers.exported(row.value.value_without_suspect)),
)


def indicators(values: Iterable[Value], definitions: Mapping[str, Indicator]) -> ExportTable:
    """Return one row per figure. Amounts are exact decimal text with at most 10 decimals; percents are points."""
    rows = (ValueRow(value, definitions[value.indicator.partition(".")[0]]) for value in values)
    return _table("indicators", INDICATORS, rows)
