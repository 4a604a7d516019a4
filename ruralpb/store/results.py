"""Results: findings, values and register entries that were computed, kept by content beside the store in one SQLite file.

Whoever computes names what a result is about and a stamp: a digest of everything it depends on. A result is given back for exactly that
stamp, whole or not at all. The file is no source of anything: it can be deleted at any time, and one that cannot be read or written costs
the time of computing again and nothing else. SQLite, not DuckDB, because several processes read and write it at once.

    results      one row a result: kind, scope (period and unit), question, levels, stamp, digest of its rows
    findings     one row a finding          the columns are the fields of the class; what is no text or number is exact JSON
    "values"     one row a value
    entries      one row an entry of a register
    problems     what could not be computed as defined, of each result
    definitions  definition files as they were read, by the stamp of their contents
    verified     stamps of definition files whose expressions were found sound
"""

from __future__ import annotations

import hashlib
import marshal
import os
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints
from zlib import crc32

from ruralpb.core.problems import Problem
from ruralpb.model import Comparison, Entry, Finding, Value, exact_json
from ruralpb.store.schema import quoted

FILE = "results.sqlite"
SCHEMA_VERSION = 2
MOST_QUESTIONS = 6
"""So many results of one kind are kept for a scope: a page asks for two."""

_WAIT = 5.0
"""Seconds that a process waits for another one's writing; then it does without."""

Kind = Literal["findings", "values", "entries"]
_RECORDS: dict[str, type] = {"findings": Finding, "values": Value, "entries": Entry, "problems": Problem}


@dataclass(frozen=True, slots=True)
class ResultKey:
    """What a result is about. `scope`: the period and the unit it is seen from; `question`: what else was asked for; `stamp`: what it
    depends on."""

    kind: Kind
    scope: str
    stamp: str
    question: str = ""


@dataclass(frozen=True, slots=True)
class Results:
    """The results of a project, in the file at `path`."""

    path: Path

    def get(self, key: ResultKey, levels: Collection[str] = ()) -> tuple[list[Any], list[Problem]] | None:
        """Return the records of a result and its problems, in the order they were put; None where there is none, or none that covers `levels`.
        Records of other levels are left out."""
        for kept, problems in self._kept(key, levels):
            records = _records(key.kind, kept)
            return [r for r in records if not levels or r.level in levels], _records("problems", problems)
        return None

    def _kept(self, key: ResultKey, levels: Collection[str]) -> list[list[list[tuple[Any, ...]]]]:
        """The rows of a result and of its problems, where there is one that is whole: once at most."""
        with _where_usable(), self._reading() as connection:
            rows_found = connection.execute(
                "SELECT result, levels, digest FROM results WHERE (kind, scope, question, stamp) = (?, ?, ?, ?)",
                (key.kind, key.scope, key.question, key.stamp),
            )
            for result, covered, digest in rows_found.fetchall():
                if set(levels) <= set(str(covered).split()):
                    rows = [_select(connection, table, result) for table in (key.kind, "problems")]
                    return [rows] if _digest(rows) == digest else []
        return []

    def put(
        self,
        key: ResultKey,
        records: Sequence[Any],
        problems: Sequence[Problem],
        levels: Collection[str] = (),
    ) -> None:
        """Keep a result in the place of the one of the same question, and of those of its scope that have another stamp."""
        rows = [_rows(key.kind, records), _rows("problems", problems)]
        with _where_usable(), self._writing() as connection:
            self._make_room(connection, key, levels)
            cursor = connection.execute(
                "INSERT INTO results (kind, scope, question, levels, stamp, digest) VALUES (?, ?, ?, ?, ?, ?)",
                (key.kind, key.scope, key.question, " ".join(levels), key.stamp, _digest(rows)),
            )
            for table, content in zip((key.kind, "problems"), rows, strict=True):
                holes = ", ".join("?" * (len(_columns(table)) + 2))
                connection.executemany(
                    f"INSERT INTO {quoted(table)} VALUES ({holes})",
                    ((cursor.lastrowid, ordinal, *row) for ordinal, row in enumerate(content)),
                )

    def definitions(self, stamp: str) -> Any | None:
        """Return what was kept of the definition files with this stamp; None where there is nothing."""
        content, digest = "", ""
        with _where_usable(), self._reading() as connection:
            sql = "SELECT content, digest FROM definitions WHERE stamp = ?"
            content, digest = connection.execute(sql, (stamp,)).fetchone() or ("", "")
        return exact_json.loads(content) if digest == _sha256(content) else None

    def put_definitions(self, stamp: str, definitions: Any) -> None:
        """Keep what definition files mean, in the place of what was kept before."""
        content = exact_json.dumps(definitions)
        with _where_usable(), self._writing() as connection:
            connection.execute("DELETE FROM definitions")
            connection.execute("INSERT INTO definitions VALUES (?, ?, ?)", (stamp, content, _sha256(content)))

    def is_verified(self, stamp: str) -> bool:
        """True when the expressions of the definition files with this stamp were found sound."""
        verified = None
        with _where_usable(), self._reading() as connection:
            verified = connection.execute("SELECT 1 FROM verified WHERE stamp = ?", (stamp,)).fetchone()
        return verified is not None

    def put_verified(self, stamp: str) -> None:
        """Note that the expressions of the definition files with this stamp are sound; of others it is forgotten."""
        with _where_usable(), self._writing() as connection:
            connection.execute("DELETE FROM verified")
            connection.execute("INSERT INTO verified VALUES (?)", (stamp,))

    @staticmethod
    def _make_room(connection: sqlite3.Connection, key: ResultKey, levels: Collection[str]) -> None:
        connection.execute(
            "DELETE FROM results WHERE (kind, scope) = (?, ?) AND (stamp <> ? OR (question, levels) = (?, ?))",
            (key.kind, key.scope, key.stamp, key.question, " ".join(levels)),
        )
        connection.execute(
            "DELETE FROM results WHERE (kind, scope) = (?, ?) AND result NOT IN "
            "(SELECT result FROM results WHERE (kind, scope) = (?, ?) ORDER BY result DESC LIMIT ?)",
            (key.kind, key.scope, key.kind, key.scope, MOST_QUESTIONS - 1),
        )

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        uri = f"{self.path.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, timeout=_WAIT, uri=True)) as connection:
            if _version(connection) != _schema_version():
                raise sqlite3.DatabaseError("schema")
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Open the file for one transaction. One that is damaged or none of ours is removed: at once where it cannot be opened, else for the
        next who writes."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            connection = self._opened()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):  # in use, or the folder may not be written
                raise
            self.path.unlink()
            connection = self._opened()
        try:
            with closing(connection), connection:
                yield connection
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            self.path.unlink()
            raise

    def _opened(self) -> sqlite3.Connection:
        # Only its owner may read it. SQLite gives its own passing files the permissions of this one.
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        connection = sqlite3.connect(self.path, timeout=_WAIT, isolation_level=None)
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("BEGIN IMMEDIATE")
            version = _version(connection)
            if version not in (0, _schema_version()):
                raise sqlite3.DatabaseError("schema")
            if version == 0:
                for statement in _schema():
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {_schema_version()}")
        except BaseException:
            connection.close()
            raise
        return connection


@contextmanager
def _where_usable() -> Iterator[None]:
    """Pass over a file that is damaged, in use or may not be touched. What the program itself does wrong is raised: a statement or a value
    that SQLite does not take, a record that cannot be written or, its digest being right, read."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise
    except (sqlite3.DatabaseError, OSError):
        pass


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


@cache
def _schema_version() -> int:
    """A number for the tables as they are now: a record that gains a field makes another file of it."""
    return crc32("\n".join(_schema()).encode()) >> 1 or 1


def _schema() -> Iterator[str]:
    yield (
        "CREATE TABLE results (result INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT, scope TEXT, question TEXT, levels TEXT, "
        "stamp TEXT, digest TEXT)"
    )
    yield "CREATE TABLE definitions (stamp TEXT, content TEXT, digest TEXT)"
    yield "CREATE TABLE verified (stamp TEXT)"
    for table in _RECORDS:
        columns = ", ".join(f"{quoted(column.name)} {column.type}" for column in _columns(table))
        yield (
            f"CREATE TABLE {quoted(table)} (result INTEGER REFERENCES results ON DELETE CASCADE, ordinal INTEGER, {columns}, "
            "PRIMARY KEY (result, ordinal)) WITHOUT ROWID"
        )


# --------------------------------------------------------------------------------------------- records ↔ rows


@dataclass(frozen=True, slots=True)
class _ResultColumn:
    """A column of a table, and how a whole column of values is written to it and read from it."""

    name: str
    type: Literal["TEXT", "INTEGER"]
    written: Callable[[Sequence[Any]], Sequence[Any]]
    read: Callable[[Sequence[Any]], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class _Part:
    """A field of a record: one column, or for a record in the record (`make`) one for each of its fields, all NULL where there is none."""

    field: str
    columns: tuple[_ResultColumn, ...]
    make: Callable[..., Any] | None = None


@cache
def _parts(table: str) -> tuple[_Part, ...]:
    record = _RECORDS[table]
    hints = get_type_hints(record)
    return tuple(_part(field.name, hints[field.name]) for field in fields(record))


def _part(name: str, hint: Any) -> _Part:
    if Comparison not in get_args(hint):
        return _Part(name, (_column(name, hint),))
    hints = get_type_hints(Comparison)
    inner = tuple(_column(f"{name}_{field.name}", hints[field.name]) for field in fields(Comparison))
    return _Part(name, inner, Comparison)


@cache
def _columns(table: str) -> tuple[_ResultColumn, ...]:
    return tuple(column for part in _parts(table) for column in part.columns)


def _column(name: str, hint: Any) -> _ResultColumn:
    plain = get_origin(hint) in (None, Literal, UnionType)
    kinds = {kind for kind in (get_args(hint) or (hint,)) if kind is not type(None)} if plain else {hint}
    if kinds <= {str} or all(isinstance(kind, str) for kind in kinds):
        return _ResultColumn(name, "TEXT", _texts, _same)
    if kinds <= {int}:
        return _ResultColumn(name, "INTEGER", _same, _same)
    if kinds <= {bool}:
        return _ResultColumn(name, "INTEGER", _each(int), _each(bool))
    if kinds <= {Decimal}:
        return _ResultColumn(name, "TEXT", _each(str), _each(Decimal))
    if kinds <= {date}:
        return _ResultColumn(name, "TEXT", _each(date.isoformat), _each(date.fromisoformat))
    return _ResultColumn(
        name, "TEXT", lambda values: list(map(exact_json.dumps, values)), exact_json.loads_all
    )


def _same(values: Sequence[Any]) -> Sequence[Any]:
    return values


def _texts(values: Sequence[Any]) -> Sequence[Any]:
    """Texts as such: a listing knows its parts, which are not kept."""
    return [str(value) if isinstance(value, str) else value for value in values]


def _each(convert: Callable[[Any], Any]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    return lambda values: [None if value is None else convert(value) for value in values]


def _rows(table: str, records: Sequence[Any]) -> list[tuple[Any, ...]]:
    columns: list[Sequence[Any]] = []
    for part in _parts(table):
        values = [getattr(record, part.field) for record in records]
        if part.make is None:
            columns.append(part.columns[0].written(values))
            continue
        for column, field in zip(part.columns, fields(Comparison), strict=True):
            columns.append(column.written([value and getattr(value, field.name) for value in values]))
    return list(zip(*columns, strict=True))


def _select(connection: sqlite3.Connection, table: str, result: int) -> list[tuple[Any, ...]]:
    names = ", ".join(quoted(column.name) for column in _columns(table))
    sql = f"SELECT {names} FROM {quoted(table)} WHERE result = ? ORDER BY ordinal"
    return connection.execute(sql, (result,)).fetchall()


def _records(table: str, rows: Sequence[tuple[Any, ...]]) -> list[Any]:
    if not rows:
        return []
    contents = zip(*rows, strict=True)
    values: list[Sequence[Any]] = []
    for part in _parts(table):
        inner = [column.read(next(contents)) for column in part.columns]
        if part.make is None:
            values += inner
        else:
            values.append([None if row[0] is None else part.make(*row) for row in zip(*inner, strict=True)])
    return list(map(_RECORDS[table], *values))


def _digest(rows: Sequence[Sequence[tuple[Any, ...]]]) -> str:
    # The bytes that Python itself writes fastest; version 2, because later ones note which objects are the same one.
    content: Any = rows
    return hashlib.sha256(marshal.dumps(content, 2)).hexdigest()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
