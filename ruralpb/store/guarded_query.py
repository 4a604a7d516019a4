"""A person's own query in a session, with every door of the engine shut and everything it must not see taken away first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from threading import Timer
from typing import TYPE_CHECKING, Any

from ruralpb.core.problems import CannotRun, Problem
from ruralpb.core.processes import memory_ceiling
from ruralpb.core.sql import identifier

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class QueryLimits:
    """What a query may take: wall clock in seconds, memory in MiB, rows of its answer."""

    seconds: float
    memory: int
    rows: int


def run(
    connection: DuckDBPyConnection, sql: str, relations: Collection[str], limits: QueryLimits
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return column names and rows. Afterwards the connection is of no use but for closing.

    Raises CannotRun (exit 2) with what the engine says, or the limit that was reached.
    """
    import duckdb

    _keep_only(connection, relations)
    # `temp_directory`: an engine in memory would put what does not fit into the working folder, unmasked.
    for setting in (
        "temp_directory=''",
        f"memory_limit='{limits.memory}MiB'",
        "enable_external_access=false",
        "lock_configuration=true",
    ):
        connection.execute(f"set {setting}")
    timer = Timer(limits.seconds, connection.interrupt)
    timer.start()
    try:
        # The engine's own limit does not count the texts that functions make.
        with memory_ceiling(limits.memory * 2**20):
            cursor = connection.execute(sql)
            names = [column[0] for column in cursor.description]
            rows = cursor.fetchmany(limits.rows + 1)
    except (duckdb.OutOfMemoryException, MemoryError):
        raise CannotRun(Problem("sql-memory", expected=str(limits.memory))) from None
    except duckdb.InterruptException:
        raise CannotRun(Problem("sql-time", expected=f"{limits.seconds:g}")) from None
    except duckdb.Error as error:
        raise CannotRun(Problem("sql-failed", found=str(error).splitlines()[0])) from None
    finally:
        timer.cancel()
    if len(rows) > limits.rows:
        raise CannotRun(Problem("sql-rows", expected=str(limits.rows)))
    return names, rows


def _keep_only(connection: DuckDBPyConnection, relations: Collection[str]) -> None:
    """Drop every table but `relations` and let go of the store: what a query must not see is not there to be named."""
    tables = (
        "select table_name from duckdb_tables() where database_name = current_database() and not internal"
    )
    for (name,) in connection.execute(tables).fetchall():
        if name not in relations:
            connection.execute(f"drop table {identifier(name)}")
    others = "select database_name from duckdb_databases() where not internal and database_name <> current_database()"
    for (database,) in connection.execute(others).fetchall():
        connection.execute(f"detach {identifier(database)}")
