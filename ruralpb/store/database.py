"""The DuckDB file: opening it against other processes, making its tables, inserting whole columns."""

from __future__ import annotations

import re
import shutil
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruralpb.core.problems import CannotRun, Location, Problem
from ruralpb.store.disk import readable_by_owner_only
from ruralpb.store.schema import SCHEMA_VERSION, TABLES, create_table, quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 1.0
_WRITING: dict[str, Any] = {
    # Columns of objects are text, whatever a sample of them looks like: guessing costs time and can be wrong.
    "pandas_analyze_sample": 0,
    # Sharing out columns of Python objects among threads that wait for each other costs more than it brings.
    "threads": 1,
    # What is committed goes into the file at once, which is atomic, not first into a log and then, on closing, into the file.
    "checkpoint_threshold": "1KB",
}
STORE_FILE = "ruralpb.duckdb"
"""The name of the store in the folder that the toolkit keeps for itself."""

_SUPERSEDED = ("findings", "values")
"""Folders beside the store in which earlier versions kept pickles of what `results` keeps now; nothing reads them."""

_LOCKED = ("could not set lock", "being used by another process", "conflicting lock")


def engine_version() -> dict[str, str]:
    """Return the engine's name → its version, as a manifest states it."""
    import duckdb

    return {"duckdb": duckdb.__version__}


@contextmanager
def reading(path: Path, wait: float) -> Iterator[DuckDBPyConnection]:
    """Open the store read-only; one that does not exist yet is an empty one.

    Raises CannotRun (exit 3) when a writer holds it for longer than `wait` seconds or it cannot be read.
    """
    with _connect(path, wait, read_only=True) if path.is_file() else _empty() as connection:
        version = _version(connection)
        if version:
            _check(version, path)
            yield connection
            return
    # The file is there but its first batch never was: the run that made it was cut off.
    with _empty() as connection:
        yield connection


@contextmanager
def writing(path: Path, wait: float) -> Iterator[DuckDBPyConnection]:
    """Open the store for one transaction: committed when the block ends, undone when it raises.

    Raises CannotRun (exit 3) as `reading` does.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    for name in _SUPERSEDED:
        shutil.rmtree(path.parent / name, ignore_errors=True)
    with readable_by_owner_only(), _connect(path, wait, read_only=False) as connection:
        version = _version(connection)
        connection.execute("BEGIN")
        try:
            if version:
                _check(version, path)
            else:
                _make_tables(connection)
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")


def insert(
    connection: DuckDBPyConnection,
    table: str,
    columns: Sequence[tuple[str, str]],
    rows: Iterable[Sequence[Any]],
) -> None:
    """Insert rows of exact values into `columns` ((name, type) …) of a table, in the order given: few rows at a time, for many
    there is `insert_columns`. Raises ValueError as that does."""
    values = list(zip(*rows, strict=True))
    if values:
        texts = [_texts(column, kind) for column, (_, kind) in zip(values, columns, strict=True)]
        insert_columns(connection, table, columns, texts)


def insert_columns(
    connection: DuckDBPyConnection,
    table: str,
    columns: Sequence[tuple[str, str]],
    values: Sequence[Sequence[Any]],
) -> None:
    """Insert whole columns: str, int, bool, None; an amount as its plain digits, a day as ISO text.

    Arrays of objects are what the engine takes fastest without a dependency on Arrow: a fifth of the time of parameters, a
    thousandth of row by row. It reads them as text and casts once to the column's type, which fails on what does not fit;
    only decimals it would round. Hence raises ValueError for an amount with more decimals than its column.
    """
    # Values that are not there need no column, and many fields of a form are empty.
    filled = [(at, said) for at, said in zip(columns, values, strict=True) if _is_filled(said)]
    if not filled:
        return
    import numpy

    arrays = {}
    for (name, kind), said in filled:
        _unrounded(said, kind)
        arrays[name] = numpy.empty(len(said), dtype=object)
        arrays[name][:] = said
    names = ", ".join(quoted(name) for name in arrays)
    connection.register("arriving", arrays)
    try:
        connection.execute(f"INSERT INTO {quoted(table)} ({names}) SELECT {names} FROM arriving")
    finally:
        connection.unregister("arriving")


def _texts(values: Sequence[Any], kind: str) -> Sequence[Any]:
    if kind == "DATE":
        return [None if value is None else value.isoformat() for value in values]
    if kind.startswith("DECIMAL"):
        return [None if value is None else format(Decimal(value), "f") for value in values]
    return values


def _is_filled(values: Sequence[Any]) -> bool:
    return bool(values) and (values[0] is not None or values.count(None) < len(values))


def _unrounded(values: Sequence[Any], kind: str) -> None:
    """Raise ValueError when a column of numbers would have to round one of `values`."""
    if kind != "BIGINT" and not kind.startswith("DECIMAL"):
        return
    scale = int(kind.rstrip(")").split(",")[1]) if kind != "BIGINT" else 0
    # One search over all texts: long fractions are rare, and then zeros at the end do not count.
    if re.search(rf"\.[0-9]{{{scale + 1}}}", "\n".join([v for v in values if type(v) is str])):
        exact = (Decimal(value) for value in values if type(value) is str)
        if any(value != round(value, scale) for value in exact):
            raise ValueError(f"a value with more than {scale} decimals reached the store")


def _connect(path: Path, wait: float, *, read_only: bool) -> DuckDBPyConnection:
    import duckdb

    pause, end = _FIRST_PAUSE, time.monotonic() + wait
    while True:
        try:
            return duckdb.connect(str(path), read_only=read_only, config={} if read_only else _WRITING)
        except duckdb.Error as error:
            text = str(error)
            if not any(word in text.lower() for word in _LOCKED):
                raise CannotRun(
                    Problem("store-unreadable", Location(str(path)), found=text[:200]), 3
                ) from error
            if time.monotonic() >= end:
                raise CannotRun(Problem("store-locked", Location(str(path)), found=f"{wait:g}"), 3) from error
        time.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)


def _empty() -> DuckDBPyConnection:
    import duckdb

    connection = duckdb.connect(":memory:")
    _make_tables(connection)
    return connection


def _make_tables(connection: DuckDBPyConnection) -> None:
    for name, columns in TABLES.items():
        connection.execute(create_table(name, columns))
    connection.execute("INSERT INTO meta VALUES ('schema_version', ?)", [str(SCHEMA_VERSION)])


def _version(connection: DuckDBPyConnection) -> str:
    """Return the schema version of an open file: "" when it has no tables yet, "—" when they are not ours."""
    import duckdb

    try:
        version = connection.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone()
    except duckdb.Error:
        some = connection.execute("SELECT count(*) FROM duckdb_tables()").fetchone()
        return "" if some == (0,) else "—"
    return str(version[0]) if version else "—"


def _check(version: str, path: Path) -> None:
    if version != str(SCHEMA_VERSION):
        raise CannotRun(
            Problem("store-version", Location(str(path)), found=version, expected=str(SCHEMA_VERSION)),
            3,
        )


def damage_of(error: Exception) -> Problem | None:
    """Return the problem that the engine could not read or write its file, None for any other error: a damaged store shows itself only when
    the damaged part is read."""
    duckdb = sys.modules.get("duckdb")
    if duckdb is None:
        return None
    damaged = (
        duckdb.IOException,
        duckdb.InternalException,
        duckdb.FatalException,
        duckdb.SerializationException,
    )
    if not isinstance(error, damaged) and type(error) is not duckdb.Error:
        return None
    return Problem("store-unreadable", found=str(error).splitlines()[0][:200])
