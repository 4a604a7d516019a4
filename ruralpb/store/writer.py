"""Writing batches: what their files said and what became of them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count, repeat
from typing import TYPE_CHECKING, Any

from ruralpb.core import periods
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.model import (
    BatchVerdict,
    Decision,
    Form,
    IncomingTable,
    Reading,
    Receipt,
    Return,
    Rows,
    Version,
    cell_position,
)
from ruralpb.store.database import insert, insert_columns
from ruralpb.store.schema import FACT_COLUMNS, TABLES, create_table, facts_table, field_type, quoted
from ruralpb.store.versions import ReturnRules, histories

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class Read:
    """One receipt with what its file says; its blocks are numbered `first`, `first + 1` …"""

    receipt: Receipt
    reading: Reading
    first: int

    def incoming(self) -> list[IncomingTable]:
        """Return the file's tables with their numbers."""
        return [
            IncomingTable(self.receipt, n, block) for n, block in enumerate(self.reading.blocks, self.first)
        ]


def next_block(connection: DuckDBPyConnection) -> int:
    """Return the number the next block gets: they count up in journal order."""
    highest = connection.execute("SELECT coalesce(max(block), 0) + 1 FROM blocks").fetchone()
    return int(highest[0]) if highest else 1


def number(first: int, receipts: Sequence[tuple[Receipt, Reading]]) -> list[Read]:
    """Return the readings of a batch, their blocks numbered from `first` on."""
    reads = []
    for receipt, reading in receipts:
        reads.append(Read(receipt, reading, first))
        first += len(reading.blocks)
    return reads


def judge(
    connection: DuckDBPyConnection,
    reads: Sequence[Read],
    rules: ReturnRules,
    decisions: Sequence[Decision],
    forms: Mapping[str, Form],
) -> BatchVerdict:
    """Return what the files of one batch become, compared with what is stored."""
    incoming = [table for read in reads for table in read.incoming()]
    return rules.decide(incoming, histories(connection, _returns(incoming), rules, decisions), forms)


def _returns(incoming: Iterable[IncomingTable]) -> set[Return]:
    return {Return(t.block.reporter_code, t.block.form, t.block.period) for t in incoming}


class Writer:
    """The store, open for one transaction. Batches gather until one of them has to be compared with another, or the
    transaction ends: a statement costs the same for one row as for a thousand."""

    def __init__(
        self, connection: DuckDBPyConnection, rules: ReturnRules, decisions: Sequence[Decision] = ()
    ) -> None:
        self._connection = connection
        self._rules, self._decisions = rules, decisions
        self._next = next_block(connection)
        self._known = {
            tuple(row)
            for row in connection.execute(
                "SELECT DISTINCT reporter_code, form, period FROM submissions"
            ).fetchall()
        }
        self._stored = _stored_columns(connection)
        self._waiting: list[tuple[list[Read], BatchVerdict]] = []
        self._forms: Mapping[str, Form] = {}

    def add(
        self,
        receipts: Sequence[tuple[Receipt, Reading]],
        forms: Mapping[str, Form],
        decisions: Sequence[Decision] | None = None,
    ) -> tuple[int, BatchVerdict]:
        """Decide what the files of one batch become, and store what they say. `decisions` are those that stood when the files
        came, when they are not those the store was opened with.

        Returns the number of the batch's first block (the others follow in order) and the verdict.
        """
        first = self._next
        reads = number(first, receipts)
        incoming = [table for read in reads for table in read.incoming()]
        touched = {(r.reporter_code, r.form, r.period.label) for r in _returns(incoming)}
        if forms is not self._forms or not self._known.isdisjoint(touched):
            self.flush()
        if self._known.isdisjoint(touched):
            verdict = self._rules.decide(incoming, {}, forms)
        else:
            standing = self._decisions if decisions is None else decisions
            verdict = judge(self._connection, reads, self._rules, standing, forms)
        self._next += len(incoming)
        self._known |= touched
        self._forms = forms
        self._waiting.append((reads, verdict))
        return first, verdict

    def flush(self) -> None:
        """Insert what has gathered. Raises CannotRun (exit 2) when a field's type is no longer the one its column was made
        with."""
        waiting, self._waiting = self._waiting, []
        if waiting:
            _insert_all(self._connection, waiting, self._forms, self._stored)


def _insert_all(
    connection: DuckDBPyConnection,
    batches: Sequence[tuple[list[Read], BatchVerdict]],
    forms: Mapping[str, Form],
    stored: dict[str, dict[str, str]],
) -> None:
    def put(table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        insert(connection, table, TABLES[table], rows)

    reads = [read for read_by_batch, _ in batches for read in read_by_batch]
    verdicts = [verdict for _, verdict in batches]
    incoming = [table for read in reads for table in read.incoming()]
    versions = [version for verdict in verdicts for version in verdict.versions]
    rows_of = defaultdict(list)
    for verdict in verdicts:
        for block, problem in verdict.problems:
            rows_of[block].append(problem)
    put("receipts", map(_receipt_row, reads))
    put("sheets", (row for read in reads for row in _sheet_rows(read)))
    put("accounts", (row for read in reads for row in _account_rows(read)))
    put("blocks", map(_block_row, incoming))
    put("notes", (row for read in reads for row in _note_rows(read)))
    put("problems", (row for read in reads for row in _problem_rows(read, rows_of)))
    put("refusals", (row for table in incoming for row in _refusal_rows(table)))
    by_form: dict[str, list[IncomingTable]] = defaultdict(list)
    for table in incoming:
        by_form[table.block.form].append(table)
    for form, tables in by_form.items():
        _fit_table(connection, forms[form], stored[facts_table(form)])
        _add_facts(connection, forms[form], tables)
    put("submissions", map(_submission_row, versions))
    put("members", ((v.id, block) for v in versions for block in v.members))
    put("exclusions", ((v.id, *pair) for v in versions for pair in v.exclusions))
    settled = [held for verdict in verdicts for held in verdict.settled]
    if settled:
        connection.execute(
            "UPDATE submissions SET decided = 'settled' WHERE submission IN (SELECT unnest(?))", [settled]
        )


def _add_facts(connection: DuckDBPyConnection, form: Form, tables: Sequence[IncomingTable]) -> None:
    parts = [(table.number, table.block.fields, Rows.of(table.block.rows)) for table in tables]
    values = [
        [number for number, _, rows in parts for _ in rows.positions],
        _joined(rows.positions for _, _, rows in parts),
        _joined(rows.unit_codes for _, _, rows in parts),
        _joined(rows.township_codes for _, _, rows in parts),
        _joined(rows.village_codes for _, _, rows in parts),
        *(_joined(_column(field.id, names, rows) for _, names, rows in parts) for field in form.fields),
    ]
    insert_columns(connection, facts_table(form.id), _fact_columns(form), values)


def _joined(parts: Iterable[Iterable[Any]]) -> list[Any]:
    return list(chain.from_iterable(parts))


def _column(name: str, fields: Sequence[str], rows: Rows) -> Iterable[Any]:
    """The values of one field of a table; nothing in every row when the table has no such field."""
    if rows and name in fields:
        return rows.columns[fields.index(name)].values
    return repeat(None, len(rows))


def _fact_columns(form: Form) -> tuple[tuple[str, str], ...]:
    return (*FACT_COLUMNS, *((f.id, field_type(f)) for f in form.fields))


def _fit_table(connection: DuckDBPyConnection, form: Form, stored: dict[str, str]) -> None:
    """Make the form's table, or give it the columns it lacks. A column is never dropped: older rows hold it. `stored` are its
    columns (none: there is no table), brought up to date."""
    columns = _fact_columns(form)
    if not stored:
        connection.execute(create_table(facts_table(form.id), columns))
        stored.update(columns)
    for name, kind in columns:
        if name not in stored:
            table = quoted(facts_table(form.id))
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {quoted(name)} {kind}")
            stored[name] = kind
        elif stored[name] != kind:
            where = form.by_id[name].defined_at if name in form.by_id else form.defined_at
            about = {"field": f"{form.id}.{name}"}
            raise CannotRun(
                Problem("store-field-type", where, kind, stored[name], form=form.id, field=name, data=about)
            )


def _stored_columns(connection: DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """Return table → column → type."""
    columns: dict[str, dict[str, str]] = defaultdict(dict)
    sql = "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal"
    for table, column, kind in connection.execute(sql).fetchall():
        columns[table][column] = kind
    return columns


def _receipt_row(read: Read) -> tuple[Any, ...]:
    r = read.receipt
    status = "read" if read.reading.blocks else "refused"
    return (
        r.id, int(r.id), r.sha256, r.name, r.path, r.received, r.batch, r.definitions, r.size,
        r.period, r.unit_code, r.form, r.mode, status,
    )  # fmt: skip


def _sheet_rows(read: Read) -> Iterator[tuple[Any, ...]]:
    for ordinal, sheet in enumerate(read.reading.sheets):
        yield (read.receipt.id, ordinal, sheet.sheet, sheet.form, sheet.rows, sheet.reason)


def _account_rows(read: Read) -> Iterator[tuple[Any, ...]]:
    ordinal = count()
    for account in read.reading.accounts:
        for role, cells in account.roles.items():
            names = "、".join(account.unaccounted) if role == "unaccounted" else ""
            yield (read.receipt.id, next(ordinal), account.sheet, role, cells, names)


def _block_row(table: IncomingTable) -> tuple[Any, ...]:
    block, period = table.block, table.block.period
    return (
        table.number, table.receipt.id, block.sheet, block.form, block.reporter_code,
        period.label, period.kind, period.start, period.end, block.nil, len(block.rows), *block.header,
        _json(block.columns), block.transposed, _json(block.shifts), _json(block.title_block),
    )  # fmt: skip


def _refusal_rows(table: IncomingTable) -> Iterator[tuple[Any, ...]]:
    rows = Rows.of(table.block.rows)
    for at, fields in rows.refused.items():
        for field in fields:
            yield (table.number, rows.positions[at], field)


def _submission_row(version: Version) -> tuple[Any, ...]:
    period = version.of.period
    return (
        version.id, version.of.reporter_code, version.of.form, period.label, period.kind, period.start, period.end,
        version.number, version.batch, version.seq, version.received, version.decided, version.rows, version.nil,
    )  # fmt: skip


def _note_rows(read: Read) -> Iterator[tuple[Any, ...]]:
    incoming = read.incoming()
    tables = _Tables(incoming)
    periods_of = {table.number: table.block.period.label for table in incoming}
    for ordinal, note in enumerate(read.reading.notes):
        table = tables.at(note.sheet, note.cell, note.form, note.position)
        yield (
            read.receipt.id, ordinal, table.number if table else None, note.form,
            periods_of[table.number] if table else _period(read), note.sheet, note.position, note.field, note.cell,
            note.raw, note.value, note.rule, note.message,
        )  # fmt: skip


def _problem_rows(read: Read, said: Mapping[int, Sequence[Problem]]) -> Iterator[tuple[Any, ...]]:
    incoming = read.incoming()
    tables = _Tables(incoming)
    located = [(_table_of(problem, tables), problem) for problem in read.reading.problems]
    located += [(table, problem) for table in incoming for problem in said.get(table.number, ())]
    for ordinal, (table, problem) in enumerate(located):
        where = problem.where
        yield (
            read.receipt.id, ordinal, table.number if table else None,
            problem.form or (table.block.form if table else ""),
            table.block.period.label if table else _period(read),
            table.block.reporter_code if table else _reporter(read),
            problem.unit_code, problem.field, problem.slug, problem.rule, problem.severity, problem.refused,
            read.receipt.path, where.sheet, where.cell, problem.found, problem.expected, _json(problem.data),
        )  # fmt: skip


def _table_of(problem: Problem, tables: _Tables) -> IncomingTable | None:
    """The table a problem is about. One that cost a whole sheet or file left no table to be about."""
    if problem.refused in ("sheet", "file") or not problem.where.sheet:
        return None
    return tables.at(problem.where.sheet, problem.where.cell, problem.form)


class _Tables:
    """The tables of one file by sheet and place."""

    def __init__(self, tables: Sequence[IncomingTable]) -> None:
        self._tables = tables
        self._on: dict[str, list[tuple[IncomingTable, frozenset[int]]]] = defaultdict(list)
        for table in tables:
            self._on[table.block.sheet].append((table, frozenset(Rows.of(table.block.rows).positions)))

    def at(self, sheet: str, cell: str, form: str = "", position: int | None = None) -> IncomingTable | None:
        """Return the table that has a row there, of several side by side the one whose columns reach there; else the last of
        the form that begins above the place, else the first. `position` is the row's when the cell alone does not tell it."""
        on = self._on.get(sheet, ())
        if position is not None:
            tables_here = [t for t, positions in on if position in positions and form in ("", t.block.form)]
            if len(tables_here) == 1:
                return tables_here[0]
        row, column = cell_position(cell.split(":")[0]) or (position or 0, 0)
        if position is None:
            tables_here = [
                t
                for t, positions in on
                if (column if t.block.transposed else row) in positions and form in ("", t.block.form)
            ]
        if len(tables_here) > 1:
            tables_here.sort(
                key=lambda t: (max(0, column - max(t.block.columns.values(), default=0)), t.block.transposed)
            )
        if tables_here:
            return tables_here[0]
        here = [t for t in self._tables if t.block.sheet == sheet and form in ("", t.block.form)]
        above = [t for t in here if t.block.transposed or t.block.header[0] <= row]
        return next(iter(above[-1:] or here), None)


def _period(read: Read) -> str:
    """The period of what left no table: the only one the file states, the caller's, what its names claim, else the quarter that had last
    ended when the file came, for that is what was due then."""
    stated = {block.period.label for block in read.reading.blocks}
    if len(stated) == 1:
        return stated.pop()
    return (
        read.receipt.period
        or read.reading.claims.period
        or periods.of("quarter", read.receipt.received).previous().label
    )


def _reporter(read: Read) -> str:
    stated = {block.reporter_code for block in read.reading.blocks}
    return stated.pop() if len(stated) == 1 else read.receipt.unit_code or read.reading.claims.reporter_code


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
