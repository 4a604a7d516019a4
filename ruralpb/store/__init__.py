"""The store: receipts, tables, facts and notes in one DuckDB file (layer 6).

`schema` says which tables there are and why; `database` opens the file; `writer` adds batches; `versions` loads what a
batch is compared with; `reader` answers questions. `session` holds the relations that expressions are written against,
`scratch` the same without a file. `amendments` finds the rows that amendments of the journal are about. What is decided about versions is
handed in as `ReturnRules`.

    with open_store(path, rules, decisions) as store:          store.submissions(period), store.addresses(cells) …
    with open_writer(path, rules, decisions) as writer:        one transaction: writer.add(receipts and readings, forms)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ruralpb.model import Decision
from ruralpb.store import database
from ruralpb.store.database import engine_version
from ruralpb.store.reader import Store
from ruralpb.store.scratch import Given, ScratchEngine, scratch
from ruralpb.store.session import Session, SessionBasis, open_session
from ruralpb.store.versions import ReturnRules
from ruralpb.store.writer import Writer

__all__ = [
    "Given",
    "ReturnRules",
    "ScratchEngine",
    "Session",
    "SessionBasis",
    "Store",
    "Writer",
    "engine_version",
    "open_session",
    "open_store",
    "open_writer",
    "scratch",
]


@contextmanager
def open_store(
    path: Path, rules: ReturnRules, decisions: Sequence[Decision] = (), wait: float = 60.0
) -> Iterator[Store]:
    """Open the store for reading; one that does not exist yet is empty. `wait`: seconds to wait for a writer.

    Raises CannotRun (exit 3) when it stays locked or cannot be read.
    """
    with database.reading(path, wait) as connection:
        yield Store(connection, rules, decisions)


@contextmanager
def open_writer(
    path: Path, rules: ReturnRules, decisions: Sequence[Decision] = (), wait: float = 60.0
) -> Iterator[Writer]:
    """Open the store for one transaction: all batches added are committed when the block ends, none when it raises.

    Raises CannotRun (exit 3) when it stays locked or cannot be read.
    """
    with database.writing(path, wait) as connection:
        writer = Writer(connection, rules, decisions)
        yield writer
        writer.flush()
