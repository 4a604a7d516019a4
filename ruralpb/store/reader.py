"""Reading the store: versions and their states, where values stand, what was noted and refused, exports."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruralpb.core.periods import Period
from ruralpb.core.problems import CannotRun, Location, Problem
from ruralpb.model import (
    Address,
    Amendment,
    BatchVerdict,
    Decision,
    Form,
    Note,
    PlacedRow,
    Reading,
    Receipt,
    ResolvedAmendment,
    SheetReading,
    StoredAccount,
    StoredNote,
    StoredProblem,
    StoredReceipt,
    Submission,
    SubmissionState,
    UnreadFile,
    Version,
    cell_name,
)
from ruralpb.model.records import CellKey
from ruralpb.store import writer
from ruralpb.store.amendments import resolve
from ruralpb.store.locking import another_writes
from ruralpb.store.schema import ORDER, facts_table, quoted
from ruralpb.store.versions import ReturnRules, load_versions, rows_about, rows_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ruralpb.store.archive.journal import Journal

_LOCKED = ("file-password", "file-password-wrong")
"""The problems of a file that nothing was read of for want of its password."""


class Store:
    """The store, open for reading. `decisions` are the journal's: withdrawals and seals decide what is current."""

    def __init__(
        self, connection: DuckDBPyConnection, rules: ReturnRules, decisions: Sequence[Decision] = ()
    ) -> None:
        self._connection = connection
        self._rules = rules
        self.decisions = tuple(decisions)
        self._amended: tuple[ResolvedAmendment, ...] | None = None
        self._blocks: dict[int, tuple[str, str, _Layout]] = {}
        self._elsewhere: dict[CellKey, str] = {}

    @cached_property
    def _versions(self) -> list[Version]:
        return load_versions(self._connection)

    @cached_property
    def _states(self) -> dict[str, SubmissionState]:
        return self._rules.states(self._versions, self.decisions)

    def current(self) -> tuple[str, ...]:
        """Return the ids of the current submissions of all periods, in journal order."""
        return tuple(v.id for v in self._versions if self._states[v.id] == "current")

    def taken(self) -> frozenset[str]:
        """Return the ids of the versions that were ever in force: all but those that were held and never taken."""
        return frozenset(v.id for v in self._versions if v.decided == "taken")

    def periods(self) -> tuple[str, ...]:
        """Return the labels of the periods that have submissions, in time order."""
        return tuple(dict.fromkeys(p.label for p in sorted(v.of.period for v in self._versions)))

    def submissions(self, period: Period | None = None) -> tuple[Submission, ...]:
        """Return all versions, of one period or of all, in journal order with their states."""
        receipts = dict(self._rows("SELECT block, receipt FROM blocks"))
        wanted = [v for v in self._versions if period is None or v.of.period == period]
        return tuple(
            v.submission(self._states[v.id], tuple(dict.fromkeys(receipts[b] for b in v.members)))
            for v in wanted
        )

    def preview(
        self, receipts: Sequence[tuple[Receipt, Reading]], forms: Mapping[str, Form]
    ) -> tuple[int, BatchVerdict]:
        """Return what `Writer.add` would, without storing anything."""
        first = writer.next_block(self._connection)
        reads = writer.number(first, receipts)
        return first, writer.judge(self._connection, reads, self._rules, self.decisions, forms)

    def receipts(self) -> tuple[StoredReceipt, ...]:
        """Return the receipts that have been read, in journal order."""
        refused = {row[0] for row in self._rows("SELECT DISTINCT receipt FROM problems WHERE refused <> ''")}
        locked = {row[0] for row in self._rows("SELECT receipt FROM problems WHERE slug IN (?, ?)", _LOCKED)}
        waiting = {block for v in self._versions if self._states[v.id] == "held" for block in v.members}
        reporters: dict[str, set[str]] = defaultdict(set)
        held = set()
        for block, receipt, reporter in self._rows("SELECT block, receipt, reporter_code FROM blocks"):
            reporters[receipt].add(reporter)
            if block in waiting:
                held.add(receipt)
        rows = self._rows(
            "SELECT receipt, sha256, name, path, received, batch, definitions, size, period, unit_code, form, mode "
            f"FROM receipts ORDER BY {ORDER['receipts']}"
        )
        return tuple(
            StoredReceipt(
                Receipt(*row),
                row[0] in refused,
                row[0] in held,
                frozenset(reporters[row[0]]),
                row[0] in locked,
            )
            for row in rows
        )

    def require(self, journal: Journal, behind: bool = False) -> None:
        """Raise CannotRun (exit 3) when receipts have been read that the journal does not know, for lines of it are lost; and, unless it may be
        `behind`, when the journal has receipts that have not been read: the store was lost, an older one was put in its place, or a run
        was cut off. While another process writes, it is behind for a moment."""
        ((last,),) = self._rows("SELECT coalesce(max(seq), 0) FROM receipts")
        if last > journal.last:
            where = Location(str(journal.path))
            raise CannotRun(Problem("journal-behind", where, str(journal.last), str(last)), 3)
        lacking = [receipt for receipt in journal.receipts() if int(receipt.id) > last]
        if lacking and not behind and not another_writes(journal.path.parent):
            count, first = str(len(lacking)), lacking[0].received.isoformat()
            raise CannotRun(Problem("store-behind", Location(str(journal.path.parent)), count, first), 3)

    def sheets(self, receipt: str) -> tuple[SheetReading, ...]:
        """Return what the sheets of a receipt were understood as."""
        sql = "SELECT sheet, form, rows, reason FROM sheets WHERE receipt = ? ORDER BY ordinal"
        return tuple(SheetReading(*row) for row in self._rows(sql, [receipt]))

    def addresses(self, cells: Iterable[CellKey]) -> dict[CellKey, Address]:
        """Return the cell each value came from. A value that stood elsewhere (a title, a merged or split cell) has the
        address its note gives; a field that had no column gets the row's first mapped cell."""
        wanted = list(dict.fromkeys(cells))
        if not wanted:
            return {}
        self._learn({block for block, _, _ in wanted})
        addresses = {}
        for cell in wanted:
            block = self._blocks.get(cell[0])
            if block is not None:
                path, sheet, layout = block
                name = self._elsewhere.get(cell) or layout.cell(cell)
                addresses[cell] = Address(path, sheet, name, self._current_of.get(cell[0], ""))
        return addresses

    def _learn(self, blocks: set[int]) -> None:
        """Read where the values of `blocks` stand, once for each block."""
        numbers = [sorted(blocks - self._blocks.keys())]
        if not numbers[0]:
            return
        for block, path, sheet, columns, turned, shifts in self._rows(
            "SELECT b.block, r.path, b.sheet, b.columns, b.turned, b.shifts FROM blocks b JOIN receipts r USING (receipt) "
            "WHERE b.block IN (SELECT unnest(?))",
            numbers,
        ):
            self._blocks[block] = (path, sheet, _Layout(json.loads(columns), turned, json.loads(shifts)))
        for block, position, field, cell in self._rows(
            "SELECT block, position, field, cell FROM notes WHERE cell <> '' AND block IN (SELECT unnest(?)) "
            f"ORDER BY {ORDER['notes']}",
            numbers,
        ):
            self._elsewhere[block, position, field] = cell

    @cached_property
    def _current_of(self) -> dict[int, str]:
        return {
            block: version.id
            for version in self._versions
            if self._states[version.id] == "current"
            for block in version.members
        }

    def places(self, blocks: Iterable[int]) -> dict[int, tuple[str, str]]:
        """Return block → (file, sheet)."""
        rows = self._rows(
            "SELECT b.block, r.path, b.sheet FROM blocks b JOIN receipts r USING (receipt) "
            "WHERE b.block IN (SELECT unnest(?))",
            [sorted(blocks)],
        )
        return {block: (path, sheet) for block, path, sheet in rows}

    def originals(self) -> dict[int, tuple[str, str]]:
        """Return block → (sha256, file name) of the original it was read from."""
        rows = self._rows("SELECT b.block, r.sha256, r.name FROM blocks b JOIN receipts r USING (receipt)")
        return {block: (sha256, name) for block, sha256, name in rows}

    def accounts(self, period: Period) -> tuple[StoredAccount, ...]:
        """Return the accounts of the sheets of the files in which the period's current submissions stand, in reading order."""
        rows = self._rows(
            "SELECT r.path, a.sheet, a.role, a.cells, a.unaccounted FROM accounts a JOIN receipts r USING (receipt) "
            "WHERE a.receipt IN (SELECT receipt FROM blocks WHERE block IN (SELECT unnest(?))) "
            "ORDER BY r.seq, a.ordinal",
            [sorted(self._members(period, ("current",)))],
        )
        return tuple(StoredAccount(*row) for row in rows)

    def notes(self, period: Period) -> tuple[StoredNote, ...]:
        """Return the notes on cells of the period's current submissions, in reading order."""
        members = self._members(period, ("current",))
        units = self._units(sorted(members))
        rows = self._rows(
            "SELECT n.block, n.position, r.path, n.form, n.sheet, n.position, n.field, n.cell, n.raw, n.value, n.rule, n.message "
            "FROM notes n JOIN receipts r USING (receipt) WHERE n.block IN (SELECT unnest(?)) "
            "ORDER BY r.seq, n.ordinal",
            [sorted(members)],
        )
        return tuple(
            StoredNote(Note(*row[3:]), members[row[0]], row[2], units.get((row[0], row[1]), ""))
            for row in rows
        )

    def problems(self, period: Period) -> tuple[StoredProblem, ...]:
        """Return the problems of intake that stand in the period, in reading order: those of current and held
        submissions, and of files and sheets of which nothing was taken until the same file came again."""
        members = self._members(period, ("current", "held"))
        rows = self._rows(
            "SELECT p.block, p.receipt, p.reporter_code, p.period, p.slug, r.path, p.sheet, p.cell, p.found, p.expected, "
            "p.severity, p.refused, p.rule, p.form, p.unit_code, p.field, p.data "
            "FROM problems p JOIN receipts r USING (receipt) "
            "WHERE p.block IN (SELECT unnest(?)) OR (p.block IS NULL AND p.period = ? AND NOT EXISTS "
            "(SELECT 1 FROM receipts l WHERE l.seq > r.seq AND (l.path = r.path OR l.sha256 = r.sha256))) "
            "ORDER BY r.seq, p.ordinal",
            [sorted(members), period.label],
        )
        return tuple(
            StoredProblem(_problem(row[4:]), members.get(row[0], ""), row[1], row[2], row[3], row[0])
            for row in rows
        )

    def unread(self, period: Period) -> tuple[UnreadFile, ...]:
        """Return the files and sheets of the period of which nothing could be read, and the attachments, in reading order; of those that
        came again under the same name or with the same content the last."""
        rows = self._rows(
            "SELECT p.reporter_code, p.form, r.received, p.slug, r.path, p.sheet, p.cell, p.found, p.expected, "
            "p.severity, p.refused, p.rule, p.form, p.unit_code, p.field, p.data "
            "FROM problems p JOIN receipts r USING (receipt) "
            "WHERE p.block IS NULL AND p.period = ? AND (p.refused IN ('file', 'sheet') OR p.slug = 'attachment-kept') "
            "AND NOT EXISTS (SELECT 1 FROM receipts l WHERE l.seq > r.seq AND (l.path = r.path OR l.sha256 = r.sha256)) "
            "ORDER BY r.seq, p.ordinal",
            [period.label],
        )
        return tuple(
            UnreadFile(reporter, form, received, _problem(rest), attachment=not rest[7])
            for reporter, form, received, *rest in rows
        )

    def table(self, name: str, order: str = "") -> tuple[list[str], list[tuple[Any, ...]]]:
        """Return a whole table: its column names and its rows in a fixed order."""
        order = order or ORDER.get(name, "block, position")
        cursor = self._connection.execute(f"SELECT * FROM {quoted(name)} ORDER BY {order}")
        return [column[0] for column in cursor.description], cursor.fetchall()

    def tables(self) -> tuple[str, ...]:
        """Return the names of all tables, sorted."""
        return tuple(r[0] for r in self._rows("SELECT table_name FROM duckdb_tables() ORDER BY table_name"))

    def rows_about(self, form: str, codes: Iterable[str]) -> list[PlacedRow]:
        """Return the rows about units (codes) in every version of the form's returns."""
        return rows_about(self._connection, form, codes) if facts_table(form) in self.tables() else []

    def rows_of(self, form: str, submissions: Iterable[str]) -> list[PlacedRow]:
        """Return the rows of versions (ids) of the form's returns, as reported, in the order of the sheets."""
        return rows_of(self._connection, form, submissions) if facts_table(form) in self.tables() else []

    def amended(self, forms: Mapping[str, Form]) -> tuple[ResolvedAmendment, ...]:
        """Return how the amendments of the journal stand, in its order."""
        if self._amended is None:
            asked = [Amendment.of(d) for d in self.decisions if d.kind == "amend"]
            self._amended = (
                resolve(self._connection, asked, self._versions, self._states, forms) if asked else ()
            )
        return self._amended

    def stands(self, cell: CellKey) -> bool:
        """True when a value, or its absence, has a cell of its own: its field has a column, or a note says where it stood."""
        self._learn({cell[0]})
        block = self._blocks.get(cell[0])
        return block is not None and (cell[2] in block[2].columns or cell in self._elsewhere)

    def table_of(self, block: int) -> tuple[str, int]:
        """Return the receipt a block was read from, and which of its tables (from 0) it is."""
        rows = self._rows(
            "SELECT b.receipt, count(o.block) FROM blocks b LEFT JOIN blocks o ON o.receipt = b.receipt AND o.block < b.block "
            "WHERE b.block = ? GROUP BY b.receipt",
            [block],
        )
        return rows[0][0], int(rows[0][1])

    def export_facts(self, form: str, period: Period, path: Path) -> int:
        """Write the rows of the period's current submissions of `form` to a Parquet file and return how many there are.

        Rows come in the order of submissions in the journal, then of the sheet; the same store gives the same bytes.
        The caller names a file that does not exist yet and renames it into place.
        """
        if facts_table(form) not in self.tables():
            select = "SELECT NULL::VARCHAR AS submission WHERE false"
        else:
            ids = ", ".join(
                _text(v.id)
                for v in self._versions
                if self._states[v.id] == "current" and (v.of.form, v.of.period) == (form, period)
            )
            select = (
                "SELECT s.submission, s.reporter_code, s.period, f.* FROM submissions s JOIN members m USING (submission) "
                f"JOIN {quoted(facts_table(form))} f USING (block) WHERE s.submission IN ({ids or 'NULL'}) AND NOT EXISTS "
                "(SELECT 1 FROM exclusions e WHERE e.submission = s.submission AND e.block = f.block "
                "AND e.village_code = f.village_code) ORDER BY s.seq, s.submission, f.block, f.position"
            )
        written = self._rows(f"COPY ({select}) TO {_text(str(path))} (FORMAT parquet, COMPRESSION zstd)")
        return int(written[0][0])

    def _members(self, period: Period, wanted: Sequence[SubmissionState]) -> dict[int, str]:
        return {
            block: version.id
            for version in self._versions
            if version.of.period == period and self._states[version.id] in wanted
            for block in version.members
        }

    def _units(self, blocks: Sequence[int]) -> dict[tuple[int, int], str]:
        forms = self._rows("SELECT DISTINCT form FROM blocks WHERE block IN (SELECT unnest(?))", [blocks])
        return {
            (block, position): unit
            for (form,) in forms
            for block, position, unit in self._rows(
                f"SELECT block, position, unit_code FROM {quoted(facts_table(form))} "
                "WHERE block IN (SELECT unnest(?))",
                [blocks],
            )
        }

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql, list(values)).fetchall()


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the values of one block stand in its sheet."""

    columns: Mapping[str, int]
    turned: bool
    shifts: Mapping[str, int]

    def cell(self, cell: CellKey) -> str:
        """The sheet's cell of a value; a field without a column gets the row's first mapped cell."""
        _, position, field = cell
        column = self.columns.get(field)
        if column is None:
            column = min(self.columns.values(), default=0)
        row = position + self.shifts.get(field, 0)
        return cell_name(column, row) if self.turned else cell_name(row, column)


def _problem(row: Sequence[Any]) -> Problem:
    slug, path, sheet, cell, found, expected, severity, refused, rule, form, unit_code, field, data = row
    return Problem(
        slug=slug,
        where=Location(path, sheet, cell),
        found=found,
        expected=expected,
        severity=severity,
        refused=refused,
        rule=rule,
        form=form,
        unit_code=unit_code,
        field=field,
        data=json.loads(data),
    )


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
