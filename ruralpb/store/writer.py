"""Writing one batch: what its files said and what became of it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ruralpb import periods
from ruralpb.model import Decision, Form, Reading, Receipt, cell_position
from ruralpb.problems import CannotRun, Problem
from ruralpb.store.database import insert
from ruralpb.store.schema import FACT_COLUMNS, TABLES, create_table, facts_table, field_type, quoted
from ruralpb.store.versions import histories
from ruralpb.submissions import Incoming, Return, Verdict, Version, decide

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class Read:
    """One receipt with what its file says; its blocks are numbered `first`, `first + 1` …"""

    receipt: Receipt
    reading: Reading
    first: int

    def incoming(self) -> list[Incoming]:
        """Return the file's tables with their numbers."""
        return [Incoming(self.receipt, n, block) for n, block in enumerate(self.reading.blocks, self.first)]


def next_block(connection: DuckDBPyConnection) -> int:
    """Return the number the next block gets: they count up in journal order."""
    found = connection.execute("SELECT coalesce(max(block), 0) + 1 FROM blocks").fetchone()
    return int(found[0]) if found else 1


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
    decisions: Sequence[Decision],
    forms: Mapping[str, Form],
) -> Verdict:
    """Return what the files of one batch become, compared with what is stored."""
    incoming = [table for read in reads for table in read.incoming()]
    keys = {Return(t.block.reporter_code, t.block.form, t.block.period) for t in incoming}
    return decide(incoming, histories(connection, keys, decisions) if keys else {}, forms)


def add(
    connection: DuckDBPyConnection, reads: Sequence[Read], verdict: Verdict, forms: Mapping[str, Form]
) -> None:
    """Insert a batch. The caller holds the transaction.

    Raises CannotRun (exit 2) when a field's type is no longer the one its column was made with.
    """
    incoming = [table for read in reads for table in read.incoming()]
    _insert(connection, "receipts", map(_receipt_row, reads))
    _insert(connection, "sheets", (row for read in reads for row in _sheet_rows(read)))
    _insert(connection, "blocks", map(_block_row, incoming))
    _insert(connection, "notes", (row for read in reads for row in _note_rows(read)))
    said = defaultdict(list)
    for block, problem in verdict.problems:
        said[block].append(problem)
    _insert(connection, "problems", (row for read in reads for row in _problem_rows(read, said)))
    _insert(connection, "refusals", (row for table in incoming for row in _refusal_rows(table)))
    by_form: dict[str, list[Incoming]] = defaultdict(list)
    for table in incoming:
        by_form[table.block.form].append(table)
    stored = _stored_columns(connection)
    for form, tables in by_form.items():
        _add_facts(connection, forms[form], tables, stored.get(facts_table(form), {}))
    _insert(connection, "submissions", map(_submission_row, verdict.versions))
    _insert(connection, "members", ((v.id, block) for v in verdict.versions for block in v.members))
    _insert(connection, "exclusions", ((v.id, *pair) for v in verdict.versions for pair in v.exclusions))
    for settled in verdict.settled:
        connection.execute("UPDATE submissions SET decided = 'settled' WHERE submission = ?", [settled])


def _insert(connection: DuckDBPyConnection, table: str, rows: Iterator[tuple[Any, ...]]) -> None:
    insert(connection, table, TABLES[table], rows)


def _add_facts(
    connection: DuckDBPyConnection, form: Form, tables: Sequence[Incoming], stored: Mapping[str, str]
) -> None:
    columns = (*FACT_COLUMNS, *((f.id, field_type(f)) for f in form.fields))
    if stored:
        _fit_table(connection, form, columns, stored)
    else:
        connection.execute(create_table(facts_table(form.id), columns))
    insert(connection, facts_table(form.id), columns, (row for t in tables for row in _fact_rows(t, form)))


def _fit_table(
    connection: DuckDBPyConnection, form: Form, columns: Iterable[tuple[str, str]], stored: Mapping[str, str]
) -> None:
    """Give the form's table the columns it lacks. A column is never dropped: older rows hold it."""
    for name, kind in columns:
        if name not in stored:
            table = quoted(facts_table(form.id))
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {quoted(name)} {kind}")
        elif stored[name] != kind:
            where = form.by_id[name].defined_at if name in form.by_id else form.defined_at
            about = {"field": f"{form.id}.{name}"}
            raise CannotRun(
                Problem("store-field-type", where, kind, stored[name], form=form.id, field=name, data=about)
            )


def _stored_columns(connection: DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """Return table → column → type."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    sql = "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal"
    for table, column, kind in connection.execute(sql).fetchall():
        found[table][column] = kind
    return found


def _fact_rows(table: Incoming, form: Form) -> Iterator[tuple[Any, ...]]:
    block = table.block
    at = [block.fields.index(f.id) if f.id in block.fields else None for f in form.fields]
    for row in block.rows:
        values = (None if i is None else row.values[i] for i in at)
        yield (table.number, row.position, row.unit_code, row.township_code, row.village_code, *values)


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


def _block_row(table: Incoming) -> tuple[Any, ...]:
    block, period = table.block, table.block.period
    return (
        table.number, table.receipt.id, block.sheet, block.form, block.reporter_code,
        period.label, period.kind, period.start, period.end, block.nil, len(block.rows), *block.header,
        _json(block.columns), block.turned, _json(block.shifts), _json(block.preamble),
    )  # fmt: skip


def _refusal_rows(table: Incoming) -> Iterator[tuple[Any, ...]]:
    for row in table.block.rows:
        for field in row.refused:
            yield (table.number, row.position, field)


def _submission_row(version: Version) -> tuple[Any, ...]:
    period = version.of.period
    return (
        version.id, version.of.reporter_code, version.of.form, period.label, period.kind, period.start, period.end,
        version.number, version.batch, version.seq, version.received, version.decided, version.rows, version.nil,
    )  # fmt: skip


def _note_rows(read: Read) -> Iterator[tuple[Any, ...]]:
    tables = _Tables(read.incoming())
    for ordinal, note in enumerate(read.reading.notes):
        table = tables.at(note.sheet, note.cell, note.form, note.position)
        yield (
            read.receipt.id, ordinal, table.number if table else None, note.form,
            table.block.period.label if table else _period(read), note.sheet, note.position, note.field, note.cell,
            note.raw, note.value, note.rule, note.message,
        )  # fmt: skip


def _problem_rows(read: Read, said: Mapping[int, Sequence[Problem]]) -> Iterator[tuple[Any, ...]]:
    incoming = read.incoming()
    tables = _Tables(incoming)
    found = [(_table_of(problem, tables), problem) for problem in read.reading.problems]
    found += [(table, problem) for table in incoming for problem in said.get(table.number, ())]
    for ordinal, (table, problem) in enumerate(found):
        where = problem.where
        yield (
            read.receipt.id, ordinal, table.number if table else None,
            problem.form or (table.block.form if table else ""),
            table.block.period.label if table else _period(read),
            table.block.reporter_code if table else _reporter(read),
            problem.unit_code, problem.field, problem.slug, problem.rule, problem.severity, problem.refused,
            read.receipt.path, where.sheet, where.cell, problem.found, problem.expected, _json(problem.data),
        )  # fmt: skip


def _table_of(problem: Problem, tables: _Tables) -> Incoming | None:
    """The table a problem is about. One that cost a whole sheet or file left no table to be about."""
    if problem.refused in ("sheet", "file") or not problem.where.sheet:
        return None
    return tables.at(problem.where.sheet, problem.where.cell, problem.form)


class _Tables:
    """The tables of one file by sheet and place."""

    def __init__(self, tables: Sequence[Incoming]) -> None:
        self._tables = tables
        self._by_position: dict[tuple[str, int], list[Incoming]] = defaultdict(list)
        for table in tables:
            for row in table.block.rows:
                self._by_position[table.block.sheet, row.position].append(table)

    def at(self, sheet: str, cell: str, form: str = "", position: int | None = None) -> Incoming | None:
        """Return the table that has a row there, of several side by side the one whose columns reach there; else the last of
        the form that begins above the place, else the first. `position` is the row's when the cell alone does not tell it."""
        row, column = cell_position(cell.split(":")[0]) or (position or 0, 0)
        own = []
        for turned in (False, True):
            at = position if position is not None else column if turned else row
            own += [
                t
                for t in self._by_position.get((sheet, at), ())
                if t.block.turned == turned and form in ("", t.block.form)
            ]
        if len(own) > 1:
            own.sort(key=lambda t: max(0, column - max(t.block.columns.values(), default=0)))
        if own:
            return own[0]
        here = [t for t in self._tables if t.block.sheet == sheet and form in ("", t.block.form)]
        above = [t for t in here if t.block.turned or t.block.header[0] <= row]
        return next(iter(above[-1:] or here), None)


def _period(read: Read) -> str:
    """The period of what left no table: the only one the file states, the caller's, else the quarter that had last
    ended when the file came, for that is what was due then."""
    stated = {block.period.label for block in read.reading.blocks}
    if len(stated) == 1:
        return stated.pop()
    return read.receipt.period or periods.of("quarter", read.receipt.received).previous().label


def _reporter(read: Read) -> str:
    stated = {block.reporter_code for block in read.reading.blocks}
    return stated.pop() if len(stated) == 1 else read.receipt.unit_code


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
