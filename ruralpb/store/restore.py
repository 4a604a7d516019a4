"""SealContents rows put back into a store that was made again: what was sealed stays as it was read then (semantics S10).

Reading the same file again may give something else once the reader has changed. Where it does, the versions concerned get
their sealed blocks back, under new numbers, and every value that would have been read otherwise is told.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruralpb.model import cell_name
from ruralpb.store.schema import FACT_COLUMNS, create_table, facts_table, quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_PLACE = ("block", "position")
_KEYS = tuple(name for name, _ in FACT_COLUMNS if name not in _PLACE)

Row = dict[str, Any]
Place = tuple[str, str, int]
"""Receipt, sheet, position: where a row stands, whatever the number of its block."""


@dataclass(frozen=True, slots=True)
class SealContents:
    """What a seal holds of a period: table → rows (column → value), form → Parquet file of its rows."""

    period: str
    through: int
    tables: Mapping[str, Sequence[Row]]
    facts: Mapping[str, Path]


@dataclass(frozen=True, slots=True)
class DifferentReading:
    """One value that today's reader reads otherwise than it was sealed. `field` "" is a whole row: then one of the values is "row", the
    other None."""

    submission: str
    form: str
    receipt: str
    sheet: str
    cell: str
    unit_code: str
    field: str
    sealed: Any
    read: Any


def sealed(period: str, through: int, tables: bytes, facts: Mapping[str, Path]) -> SealContents:
    """Return what `tables.json` and the Parquet files of a seal say."""
    stated = json.loads(tables)
    rows = {
        name: [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]
        for name, table in stated.items()
    }
    return SealContents(period, through, rows, facts)


def restore(connection: DuckDBPyConnection, seal: SealContents) -> list[DifferentReading]:
    """Make the versions of a sealed period what they were when sealed, in an open transaction; return every value that was read
    otherwise this time, in the order of forms, versions and sheets."""
    differing: list[DifferentReading] = []
    differs: dict[str, str] = {}
    by_form: dict[str, list[str]] = defaultdict(list)
    for version in seal.tables["submissions"]:
        by_form[version["form"]].append(version["submission"])
    for form, submissions in sorted(by_form.items()):
        for submission in submissions:
            difference = _compare(connection, seal, form, submission)
            if difference or not _same_version(connection, seal, submission):
                differs[submission] = form
                differing += difference
    _put_aside(connection, seal)
    if differs:
        _put_back(connection, seal, differs)
    return differing


# ------------------------------------------------------------------------------------------- what is read otherwise


def _compare(
    connection: DuckDBPyConnection, seal: SealContents, form: str, submission: str
) -> list[DifferentReading]:
    was = _sealed_rows(connection, seal, form, submission)
    is_ = _stored_rows(connection, form, submission)
    blocks = {(b["receipt"], b["sheet"]): b for b in seal.tables["blocks"]}
    differences = []
    for place in dict.fromkeys([*was, *is_]):
        then, now = was.get(place), is_.get(place)
        names = [n for n in then if n not in _KEYS] if then and now else [""]
        for name in names:
            before = ("row" if then else None) if not name else (then or {}).get(name)
            after = ("row" if now else None) if not name else (now or {}).get(name)
            if before != after:
                unit = (then or now or {}).get("unit_code", "")
                cell = _cell(blocks.get(place[:2]), place[2], name)
                differences.append(
                    DifferentReading(submission, form, *place[:2], cell, unit, name, before, after)
                )
        if then and now and any(then[n] != now.get(n) for n in _KEYS):
            cell = _cell(blocks.get(place[:2]), place[2], "")
            differences.append(
                DifferentReading(
                    submission,
                    form,
                    *place[:2],
                    cell,
                    then["unit_code"],
                    "unit_code",
                    then["unit_code"],
                    now["unit_code"],
                )
            )
    return differences


def _cell(block: Row | None, position: int, field: str) -> str:
    if block is None:
        return ""
    columns = json.loads(block["columns"])
    column = columns.get(field, min(columns.values(), default=0))
    row = position + json.loads(block["shifts"]).get(field, 0)
    return cell_name(column, row) if block["turned"] else cell_name(row, column)


def _sealed_rows(
    connection: DuckDBPyConnection, seal: SealContents, form: str, submission: str
) -> dict[Place, Row]:
    if form not in seal.facts:
        return {}
    at = {block["block"]: (block["receipt"], block["sheet"]) for block in seal.tables["blocks"]}
    cursor = connection.execute(
        "SELECT * EXCLUDE (submission, reporter_code, period) FROM read_parquet(?) WHERE submission = ? "
        "ORDER BY block, position",
        [str(seal.facts[form]), submission],
    )
    return _placed(cursor, at)


def _stored_rows(connection: DuckDBPyConnection, form: str, submission: str) -> dict[Place, Row]:
    if not _has(connection, facts_table(form)):
        return {}
    at = {
        block: (receipt, sheet)
        for block, receipt, sheet in connection.execute(
            "SELECT b.block, b.receipt, b.sheet FROM blocks b JOIN members m USING (block) WHERE m.submission = ?",
            [submission],
        ).fetchall()
    }
    cursor = connection.execute(
        f"SELECT f.* FROM members m JOIN {quoted(facts_table(form))} f USING (block) WHERE m.submission = ? "
        "AND NOT EXISTS (SELECT 1 FROM exclusions e WHERE e.submission = m.submission AND e.block = f.block "
        "AND e.village_code = f.village_code) ORDER BY f.block, f.position",
        [submission],
    )
    return _placed(cursor, at)


def _placed(cursor: Any, at: Mapping[int, tuple[str, str]]) -> dict[Place, Row]:
    names = [column[0] for column in cursor.description]
    by_place: dict[Place, Row] = {}
    for values in cursor.fetchall():
        row = dict(zip(names, values, strict=True))
        place = (*at[row.pop("block")], row.pop("position"))
        by_place[place] = row
    return by_place


def _same_version(connection: DuckDBPyConnection, seal: SealContents, submission: str) -> bool:
    """The version is there, taken, and says as much (a nil return has no rows to compare)."""
    (sealed_as,) = [v for v in seal.tables["submissions"] if v["submission"] == submission]
    version = connection.execute(
        "SELECT decided, rows, nil FROM submissions WHERE submission = ?", [submission]
    ).fetchone()
    return version == (sealed_as["decided"], sealed_as["rows"], sealed_as["nil"])


# ------------------------------------------------------------------------------------------- what is put back


def _put_aside(connection: DuckDBPyConnection, seal: SealContents) -> None:
    """Versions that came before the seal, did not count in it and would count now: they are held no longer and replace nothing."""
    kept = [v["submission"] for v in seal.tables["submissions"]]
    numbers = {(v["reporter_code"], v["form"]): v["version"] for v in seal.tables["submissions"]}
    rows = connection.execute(
        "SELECT submission, reporter_code, form, version FROM submissions WHERE period = ? AND seq <= ? AND decided = 'taken'",
        [seal.period, seal.through],
    ).fetchall()
    for submission, reporter, form, version in rows:
        if submission not in kept and version > numbers.get((reporter, form), 0):
            connection.execute(
                "UPDATE submissions SET decided = 'settled' WHERE submission = ?", [submission]
            )


def _put_back(connection: DuckDBPyConnection, seal: SealContents, differs: Mapping[str, str]) -> None:
    """Give the versions `differs` (→ form) their sealed rows back, in blocks of new numbers."""
    members = [m for m in seal.tables["members"] if m["submission"] in differs]
    (next_block,) = connection.execute("SELECT coalesce(max(block), -1) + 1 FROM blocks").fetchone() or (0,)
    numbers = {old: next_block + n for n, old in enumerate(sorted({m["block"] for m in members}))}
    for table in ("submissions", "members", "exclusions"):
        for submission in differs:
            connection.execute(f"DELETE FROM {table} WHERE submission = ?", [submission])
        _insert(
            connection,
            table,
            _renumbered((r for r in seal.tables[table] if r["submission"] in differs), numbers),
        )
    for table in ("blocks", "notes", "refusals"):
        _insert(
            connection, table, _renumbered((r for r in seal.tables[table] if r["block"] in numbers), numbers)
        )
    for form in sorted(set(differs.values())):
        if form in seal.facts:
            _insert_facts(
                connection, form, seal.facts[form], [s for s, f in differs.items() if f == form], numbers
            )


def _renumbered(rows: Iterable[Row], numbers: Mapping[int, int]) -> Iterator[Row]:
    for row in rows:
        yield row | {"block": numbers[row["block"]]} if row.get("block") is not None else row


def _insert(connection: DuckDBPyConnection, table: str, rows: Iterable[Row]) -> None:
    for row in rows:
        names, holes = ", ".join(map(quoted, row)), ", ".join("?" * len(row))
        connection.execute(f"INSERT INTO {table} ({names}) VALUES ({holes})", list(row.values()))


def _insert_facts(
    connection: DuckDBPyConnection,
    form: str,
    path: Path,
    submissions: Sequence[str],
    numbers: Mapping[int, int],
) -> None:
    table = facts_table(form)
    kinds = connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
    columns = tuple((r[0], r[1]) for r in kinds if r[0] not in ("submission", "reporter_code", "period"))
    connection.execute(create_table(table, columns))
    for name, kind in columns:
        connection.execute(f"ALTER TABLE {quoted(table)} ADD COLUMN IF NOT EXISTS {quoted(name)} {kind}")
    names = ", ".join(quoted(name) for name, _ in columns)
    taken = ", ".join("n.new AS block" if name == "block" else f"p.{quoted(name)}" for name, _ in columns)
    # A block is in the Parquet file once for each version it is part of.
    connection.execute(
        f"INSERT INTO {quoted(table)} ({names}) SELECT DISTINCT {taken} FROM read_parquet(?) p "
        "JOIN (SELECT unnest(?) AS old, unnest(?) AS new) n ON n.old = p.block "
        "WHERE p.submission IN (SELECT unnest(?)) ORDER BY block, position",
        [str(path), list(numbers), list(numbers.values()), list(submissions)],
    )


def _has(connection: DuckDBPyConnection, table: str) -> bool:
    count = connection.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE table_name = ?", [table]
    ).fetchone()
    return count != (0,)
