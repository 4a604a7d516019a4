"""The compute session: an in-memory DuckDB beside the read-only store, holding the relations that expressions name.

It never writes to the store. `query` is all that layer 5 gets to see of a database.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from queue import Queue
from types import TracebackType
from typing import TYPE_CHECKING, Any

from ruralpb.core.periods import Period, of
from ruralpb.model import Form, OwedReturn, Register, ResolvedAmendment
from ruralpb.store import guarded_query, relations
from ruralpb.store.guarded_query import QueryLimits
from ruralpb.store.schema import facts_table, field_type, quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_MARK = "current_submissions"
_MOST_TOGETHER = 8


@dataclass(frozen=True, slots=True)
class SessionBasis:
    """What the relations of a session rest on, beside the store: the forms and the register as of the end of `period`."""

    forms: Mapping[str, Form]
    register: Register
    period: Period
    owed: Callable[[Period], Iterable[OwedReturn]]
    """What is owed for a period."""
    valid_id: Callable[[str], str]
    """A column of ID numbers → the SQL condition that its value is a valid one."""
    current: tuple[str, ...] = ()
    """The submissions that count (semantics S2)."""
    amended: tuple[ResolvedAmendment, ...] = ()
    """Amendments whose values take the place of reported ones (S9)."""


class Session:
    """A connection with the relations of `ruralpb.store.relations`, for one period's end. Close it after use.

    `database`: the attached database that the relations stand in, where the connection outlives the session; closing detaches it.
    """

    def __init__(self, connection: DuckDBPyConnection, database: str = "") -> None:
        self._connection = connection
        self._database = database

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Run one SELECT and return its rows: exact Decimals, dates, ints, text, bools, None."""
        return self._connection.execute(sql).fetchall()

    def queries(self, statements: Sequence[str]) -> list[list[tuple[Any, ...]]]:
        """Run several SELECTs and return the rows of each, in their order. The engine plans a statement on one processor, which takes
        longer than running it over a county's rows: so each processor takes the next statement."""
        together = min(os.cpu_count() or 1, _MOST_TOGETHER, len(statements))
        if together < 2:
            return [self.query(sql) for sql in statements]
        cursors: Queue[DuckDBPyConnection] = Queue()
        for _ in range(together):
            cursors.put(self._cursor())

        def run(sql: str) -> list[tuple[Any, ...]]:
            cursor = cursors.get()
            try:
                return cursor.execute(sql).fetchall()
            finally:
                cursors.put(cursor)

        with ThreadPoolExecutor(together) as pool:
            return list(pool.map(run, statements))

    def _cursor(self) -> DuckDBPyConnection:
        cursor = self._connection.cursor()
        if self._database:
            # A cursor begins in the first database of its connection.
            cursor.execute(f"use {self._database}")
        return cursor

    def columns(self, sql: str) -> list[str]:
        """Return the column names a SELECT gives."""
        return [
            column[0] for column in self._connection.execute(f"select * from ({sql}) limit 0").description
        ]

    def block(self, form: str, block: int) -> dict[int, dict[str, Any]]:
        """Return the rows of one block by position: column → effective value."""
        cursor = self._connection.execute(f"select * from {quoted(form)} where block = {block}")
        names = [column[0] for column in cursor.description]
        rows = (dict(zip(names, row, strict=True)) for row in cursor.fetchall())
        return {row["position"]: row for row in rows}

    def returned(self) -> list[tuple[str, str, str]]:
        """Return form, period and reporter of every current submission."""
        return self.query("select form, period, reporter_code from returns where submission is not null")

    def last_rows(
        self, form: Form, fields: Sequence[str], condition: str, since: date, until: date
    ) -> list[tuple[Any, ...]]:
        """Return reporter code and `fields` of the rows of each reporter's last return of `form` for a period that ends from `since` until
        before `until`, in the order of the sheets. Villages and townships bear their present names; `condition` (SQL) narrows the rows."""
        name, places = quoted(form.id), {"village": "v.name", "township": "t.name"}
        values = [places.get(field) or f"{name}.{quoted(field)}" for field in fields]
        return self.query(f"""
with last as (select reporter_code, max(period_end) as period_end from {name}
    where period_end >= date '{since}' and period_end < date '{until}' group by reporter_code)
select {", ".join([f"{name}.reporter_code", *values])}
from {name} join last on last.reporter_code = {name}.reporter_code and last.period_end = {name}.period_end
left join ref_unit v on v.code = {name}.village_code left join ref_unit t on t.code = {name}.township_code
where {condition}
order by {name}.reporter_code, {name}.submission, {name}.block, {name}.position""")

    def rows_by_reporter(self, form: str, fields: Sequence[str], period: Period) -> list[tuple[Any, ...]]:
        """Return reporter code and `fields` of every row of a form for `period`."""
        columns = ", ".join(map(quoted, fields))
        return self.query(
            f"select reporter_code, {columns} from {quoted(form)} where period = '{period.label}'"
        )

    def register(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Make a table `name` of `columns` ("code VARCHAR" …) and fill it, in the place of the one there was."""
        self._connection.execute(f"drop table if exists {quoted(name)}")
        fill(self._connection, name, columns, rows)

    def shadow(self, name: str, replaced: Sequence[str]) -> None:
        """Put a relation in the place of `name` in which some columns are replaced ("expression as column")."""
        self._connection.execute(
            f"create table shadow as select * replace ({', '.join(replaced)}) from {quoted(name)} r; "
            f"drop table {quoted(name)}; alter table shadow rename to {quoted(name)}"
        )

    def replace(self, name: str, column: str, texts: Mapping[str, str]) -> None:
        """Put other texts in the place of those in a column."""
        for before, after in texts.items():
            self._connection.execute(
                f"update {quoted(name)} set {quoted(column)} = ? where {quoted(column)} = ?", [after, before]
            )

    def guarded(
        self, sql: str, relations: Collection[str], limits: QueryLimits
    ) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Run a query of a person's own that sees `relations` and nothing else (`guarded_query.run`)."""
        return guarded_query.run(self._connection, sql, relations, limits)

    def copy_to(self, name: str, path: Path) -> None:
        """Write a table of the session to a new Parquet file."""
        target = str(path).replace("'", "''")
        self._connection.execute(f"copy {quoted(name)} to '{target}' (format parquet, compression zstd)")

    def close(self) -> None:
        """Give the memory back and let go of the store."""
        if self._database:
            self._connection.execute(f"use memory; detach {self._database}")
        else:
            self._connection.close()

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()


def open_session(store: Path, basis: SessionBasis) -> Session:
    """Return a session over the store file. A store that does not exist yet is an empty one: every form is unreturned."""
    import duckdb

    connection = duckdb.connect(":memory:", config={"threads": 1})
    stored: Mapping[str, frozenset[str]] = {}
    if store.is_file():
        path = str(store).replace("'", "''")
        connection.execute(f"attach '{path}' as store (read_only)")
        stored = stored_columns(connection, "store")
    build(connection, stored, basis)
    return Session(connection)


def stored_columns(connection: DuckDBPyConnection, database: str) -> dict[str, frozenset[str]]:
    """Return table → its columns in an attached database."""
    rows = connection.execute(
        "select table_name, list(column_name) from duckdb_columns() where database_name = ? group by table_name",
        [database],
    ).fetchall()
    return {table: frozenset(columns) for table, columns in rows}


def build(connection: DuckDBPyConnection, stored: Mapping[str, frozenset[str]], basis: SessionBasis) -> None:
    """Create the relations in `connection` over its attached database `store`, whose tables and columns are `stored`."""
    register, end = basis.register, basis.period.end
    effective = [amendment for amendment in basis.amended if amendment.counts]
    fill(connection, _MARK, ("submission VARCHAR",), [(name,) for name in basis.current])
    fill(connection, *relations.LINEAGE, relations.lineage_rows(register, end))
    fill(connection, *relations.REF_UNIT, relations.unit_rows(register, end))
    connection.execute(relations.REF_VIEWS)
    connection.execute(_returns_sql("submissions" in stored))
    _fill_due(connection, basis)
    returned = [form for form in basis.forms.values() if facts_table(form.id) in stored]
    for form in returned:
        connection.execute(_raw_sql(form, stored[facts_table(form.id)]))
        _amend(connection, form, [one for one in effective if one.amendment.form == form.id])
    rosters = [form for form in returned if relations.has_persons(form)]
    if rosters:
        valid = {form.id: _valid_id(form, basis.valid_id) for form in rosters}
        source = relations.person_source_sql(rosters, valid)
        connection.execute(relations.PERSONS.format(source=source))
    for form in basis.forms.values():
        connection.execute(_form_sql(form) if form in returned else _empty_sql(form))
    connection.execute(_refusals_sql("refusals" in stored))
    for one in effective:
        # A cell that was refused and now has a value is no refused one.
        connection.execute("delete from refusals where (block, position, field) = (?, ?, ?)", list(one.cell))


def _amend(connection: DuckDBPyConnection, form: Form, effective: Iterable[ResolvedAmendment]) -> None:
    """Put the effective values of amendments in the place of the reported ones, before persons and ordinals are made of them."""
    for amendment in effective:
        field = form.by_id[amendment.amendment.field]
        connection.execute(
            f"update raw_{form.id} set {quoted(field.id)} = cast(? as {field_type(field)}) where block = ? and position = ?",
            [amendment.amendment.now or None, amendment.block, amendment.position],
        )


def fill(
    connection: DuckDBPyConnection,
    name: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    schema: str = "main",
) -> None:
    """Make a table and insert `rows`, whole columns at a time (row by row costs a hundred times as much)."""
    table = f"{schema}.{quoted(name)}"
    connection.execute(f"create table {table} ({', '.join(columns)})")
    values = [list(column) for column in zip(*rows, strict=True)]
    if values:
        kinds = [column.split(" ", 1)[1] for column in columns]
        lists = ", ".join(f"unnest(cast(? as {kind}[]))" for kind in kinds)
        connection.execute(f"insert into {table} select {lists}", values)


def _fill_due(connection: DuckDBPyConnection, basis: SessionBasis) -> None:
    kinds = "select distinct period_kind, period_end from returns"
    seen = [of(kind, end) for kind, end in connection.execute(kinds).fetchall()]
    fill(
        connection,
        *relations.DUE,
        (
            (owed.form, at.label, owed.reporter_code, owed.level, owed.due)
            for at in relations.owed_periods([*seen, basis.period])
            for owed in basis.owed(at)
        ),
    )


def _returns_sql(exists: bool) -> str:
    if not exists:
        return (
            "create table returns (form VARCHAR, period VARCHAR, period_kind VARCHAR, period_start DATE, period_end DATE, "
            "year BIGINT, reporter_code VARCHAR, submission VARCHAR, received DATE, nil BOOLEAN, rows BIGINT)"
        )
    return (
        "create table returns as select form, period, period_kind, period_start, period_end, year(period_end) as year, "
        "reporter_code, submission, received, nil, cast(rows as BIGINT) as rows "
        f"from store.submissions where submission in (select submission from {_MARK})"
    )


def _refusals_sql(exists: bool) -> str:
    if not exists:
        return "create table refusals (submission VARCHAR, block INTEGER, position INTEGER, field VARCHAR)"
    return (
        "create table refusals as select m.submission, r.block, r.position, r.field "
        f"from store.refusals r join store.members m using (block) join {_MARK} c using (submission)"
    )


def _empty_sql(form: Form) -> str:
    """The relation of a form that nobody has returned yet."""
    columns = [
        f"{quoted(f.id)} {field_type(f)}" for f in form.fields if f.type not in ("village", "township")
    ]
    return f"create table {quoted(form.id)} ({', '.join([*relations.TYPED_SYSTEM_COLUMNS, *columns])})"


def _raw_sql(form: Form, stored: frozenset[str]) -> str:
    """The form's rows in current submissions with the codes that count now, before persons and ordinals."""
    fields = ", ".join(
        f"f.{quoted(f.id)}" if f.id in stored else f"cast(null as {field_type(f)}) as {quoted(f.id)}"
        for f in form.fields
        if f.type not in ("village", "township")
    )
    listed_fields = f", {fields}" if fields else ""
    return f"""
create table raw_{form.id} as
with rows as (
  select s.submission, s.reporter_code, s.period, s.period_kind, s.period_start, s.period_end,
         nullif(f.village_code, '') as was_village, nullif(f.township_code, '') as was_township,
         nullif(f.unit_code, '') as was_unit, f.*
  from store.{facts_table(form.id)} f
  join store.members m using (block)
  join {_MARK} c using (submission)
  join store.submissions s using (submission)
  where not exists (select 1 from store.exclusions e where e.submission = s.submission and e.block = f.block
                    and e.village_code = f.village_code))
select f.submission, f.block, f.position, f.reporter_code,
       coalesce(nullif(v.now, ''), f.was_village) as village_code,
       coalesce(nullif(t.now, ''), f.was_township) as township_code,
       coalesce(nullif(u.now, ''), f.was_unit) as unit_code,
       f.period, f.period_kind, f.period_start, f.period_end, year(f.period_end) as year{listed_fields}
from rows f
left join lineage v on v.code = f.was_village
left join lineage t on t.code = f.was_township
left join lineage u on u.code = f.was_unit
"""


_KEY_COLUMNS = {"village": "village_code", "township": "township_code", "reporter": "reporter_code"}


def _form_sql(form: Form) -> str:
    """The relation named by the form's id: raw rows with official names, persons and ordinals."""
    keyed = ["r.period", "r.reporter_code"]
    for part in form.key:
        keyed.append(f"p.{part}" if part == "person_key" else f"r.{quoted(_KEY_COLUMNS.get(part, part))}")
    persons = "select form, block, position, person_key, person_doubt from persons"
    if not relations.has_persons(form):
        persons = (
            "select cast(null as varchar) as form, cast(null as integer) as block, cast(null as integer) as position, "
            "cast(null as varchar) as person_key, cast(null as varchar) as person_doubt where false"
        )
    fields = "".join(f", r.{quoted(f.id)}" for f in form.fields if f.type not in ("village", "township"))
    return f"""
create table {quoted(form.id)} as
select r.submission, r.block, r.position,
       cast(row_number() over (partition by {", ".join(keyed)} order by r.block, r.position) as integer) as ordinal,
       r.reporter_code, r.unit_code, r.township_code, r.village_code,
       coalesce(v.county_code, t.county_code, u.county_code, o.county_code) as county_code,
       t.name as township, v.name as village, r.period, r.period_kind, r.period_start, r.period_end, r.year,
       p.person_key, p.person_doubt{fields}
from raw_{form.id} r
left join ({persons}) p on p.form = '{form.id}' and p.block = r.block and p.position = r.position
left join ref_unit v on v.code = r.village_code
left join ref_unit t on t.code = r.township_code
left join ref_unit u on u.code = r.unit_code
left join ref_unit o on o.code = r.reporter_code
"""


def _valid_id(form: Form, condition: Callable[[str], str]) -> str:
    cards = [field.id for field in form.fields if field.type == "id_card"]
    return (
        f"case when {condition(cards[0])} then {quoted(cards[0])} end" if cards else "cast(null as varchar)"
    )
