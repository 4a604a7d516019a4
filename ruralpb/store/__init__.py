"""The store: receipts, tables, facts and notes in one DuckDB file (layer 6).

`schema` says which tables there are and why; `database` opens the file; `writer` adds batches; `versions` loads what a
batch is compared with; `reader` answers questions. `session` holds the relations that expressions are written against,
`scratch` the same without a file. `amended` finds the rows that amendments of the journal are about.

    with open_store(path, decisions) as store:          store.submissions(period), store.addresses(cells) …
    with open_writer(path, decisions) as writer:        one transaction: writer.add(receipts and readings, forms)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ruralpb.model import Decision
from ruralpb.store import database
from ruralpb.store.amended import Amended
from ruralpb.store.reader import Cell, Store, StoredNote, StoredProblem, StoredReceipt
from ruralpb.store.scratch import Given, scratch
from ruralpb.store.session import Session, open_session
from ruralpb.store.versions import PlacedRow
from ruralpb.store.writer import Writer

__all__ = [
    "Amended",
    "Cell",
    "Given",
    "PlacedRow",
    "Session",
    "Store",
    "StoredNote",
    "StoredProblem",
    "StoredReceipt",
    "Writer",
    "open_session",
    "open_store",
    "open_writer",
    "scratch",
]


@contextmanager
def open_store(path: Path, decisions: Sequence[Decision] = (), wait: float = 60.0) -> Iterator[Store]:
    """Open the store for reading; one that does not exist yet is empty. `wait`: seconds to wait for a writer.

    Raises CannotRun (exit 3) when it stays locked or cannot be read.
    """
    with database.reading(path, wait) as connection:
        yield Store(connection, decisions)


@contextmanager
def open_writer(path: Path, decisions: Sequence[Decision] = (), wait: float = 60.0) -> Iterator[Writer]:
    """Open the store for one transaction: all batches added are committed when the block ends, none when it raises.

    Raises CannotRun (exit 3) when it stays locked or cannot be read.
    """
    with database.writing(path, wait) as connection:
        writer = Writer(connection, decisions)
        yield writer
        writer.flush()
