"""From journal and archive to the store: read receipts with the definitions of their journal line, store batch by batch.

Ingest uses it for what it has just journaled, and first for what an interrupted run journaled and did not store; rebuild
uses it for everything. One road, so that a rebuilt store equals the one it replaces.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from ruralpb.app.definition_files import load
from ruralpb.app.project import RETURN_RULES, Project
from ruralpb.core.periods import find as find_period
from ruralpb.core.problems import CannotRun
from ruralpb.intake.processes.pool import ReadingJob, read_all
from ruralpb.intake.receive import Source
from ruralpb.model import BatchVerdict, Decision, Form, IntakeOptions, Reading, Receipt, StoredReceipt
from ruralpb.model.loader import Definitions
from ruralpb.store import open_writer
from ruralpb.store.archive import pack, unpack

Advance = Callable[[str], None]
"""Called with a file's name when it has been read."""

ROWS_AT_ONCE = 20_000
"""Batches share a transaction until they have so many rows; that bounds what the memory holds, but for one bigger batch."""


@dataclass(frozen=True, slots=True)
class StoredBatch:
    """One batch as it went into the store. Its blocks are numbered from `first_block` on."""

    files: tuple[tuple[Receipt, Reading], ...]
    first_block: int
    verdict: BatchVerdict


def replay(
    project: Project,
    receipts: Sequence[Receipt],
    store: Path,
    advance: Advance,
    *,
    processes: int = 0,
    wait: float = 60.0,
) -> Iterator[StoredBatch]:
    """Read `receipts` (journal order, whole batches) and add them to the store file. A transaction holds whole batches: each
    is in the store or is not, and small ones share the cost of opening it.

    Yields each batch when it is committed. Raises CannotRun (exit 3) naming every original, and every set of definitions, that is no longer
    in the archive as it came, or when the store stays locked for `wait` seconds.
    """
    decisions = project.journal.decisions()
    jobs = [job(r, project.archive.path(r.opened or r.sha256)) for r in receipts]
    _whole(project, receipts)
    definitions = {digest: _definitions(project, digest) for digest in {r.definitions for r in receipts}}
    readings = read_all(jobs, definitions, processes)
    gathered: list[_Batch] = []
    for _, batch in groupby(receipts, key=lambda receipt: receipt.batch):
        gathered.append(_read(batch, readings, definitions, decisions, advance))
        if sum(map(len, gathered)) >= ROWS_AT_ONCE:
            yield from _store(gathered, store, wait)
            gathered = []
    yield from _store(gathered, store, wait)


def _whole(project: Project, receipts: Sequence[Receipt]) -> None:
    """Raise CannotRun (exit 3) naming what is not in the archive as it came, and the files it came as."""
    came_as = {receipt.definitions: "" for receipt in receipts} | {r.sha256: r.path for r in receipts}
    damaged = [
        problem for sha256, path in came_as.items() if (problem := project.archive.damage(sha256, path))
    ]
    if damaged:
        raise CannotRun(damaged, 3)


@dataclass(frozen=True, slots=True)
class _Batch:
    """The files of one batch as they were read, the forms they were read as and the decisions that stood when they came."""

    files: tuple[tuple[Receipt, Reading], ...]
    forms: Mapping[str, Form]
    decisions: Sequence[Decision]

    def __len__(self) -> int:
        return sum(len(block.rows) for _, reading in self.files for block in reading.blocks)


def _read(
    receipts: Iterable[Receipt],
    readings: Iterator[Reading],
    definitions: Mapping[str, Definitions],
    decisions: Sequence[Decision],
    advance: Advance,
) -> _Batch:
    files = []
    for receipt in receipts:
        files.append((receipt, next(readings)))
        advance(receipt.name)
    first = files[0][0]
    # What was current when these files came, not what later decisions made of it.
    earlier = [d for d in decisions if int(d.id) < int(first.id)]
    return _Batch(tuple(files), definitions[first.definitions].library.forms, earlier)


def _store(batches: Sequence[_Batch], store: Path, wait: float) -> Iterator[StoredBatch]:
    """Store whole batches, and yield them once they are committed. The file is open no longer than that takes: whoever
    reads it meanwhile waits moments, not as long as the reading of workbooks."""
    if not batches:
        return
    with open_writer(store, RETURN_RULES, wait=wait) as writer:
        done = [StoredBatch(b.files, *writer.add(b.files, b.forms, b.decisions)) for b in batches]
    yield from done


def missing(project: Project, known: Iterable[StoredReceipt]) -> list[Receipt]:
    """Return what the journal has and the store lacks: the files of a run that was interrupted after journaling them."""
    stored = {one.receipt.id for one in known}
    return [receipt for receipt in project.journal.receipts() if receipt.id not in stored]


def job(
    receipt: Receipt, content: Source, password: str = "", *, look: bool = False, unlock: bool = False
) -> ReadingJob:
    """Return what a reading process is asked about a receipt whose bytes are in `content`; with `look`, how the sheets looked, too; with
    `unlock`, only the workbook that the password opens."""
    period = find_period(receipt.period) if receipt.period else None
    options = IntakeOptions(
        period, receipt.unit_code, receipt.form, password, look, unlock, unlocked=bool(receipt.opened)
    )
    return ReadingJob(content, receipt.name, receipt.path, receipt.definitions, options)


def _definitions(project: Project, digest: str) -> Definitions:
    blob = project.archive.get(digest)
    return project.definitions if blob == pack(project.sources) else load(unpack(blob))[0]
