"""From journal and archive to the store: read receipts with the definitions of their journal line, store batch by batch.

Ingest uses it for what it has just journaled, and first for what an interrupted run journaled and did not store; rebuild
uses it for everything. One road, so that a rebuilt store equals the one it replaces.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from ruralpb.archive import pack, unpack
from ruralpb.definitions import Definitions
from ruralpb.model import IntakeOptions, Reading, Receipt
from ruralpb.periods import find as find_period
from ruralpb.pipeline.collect import Source
from ruralpb.pipeline.project import Project, load
from ruralpb.pipeline.workers import Job, read_all
from ruralpb.store import open_writer
from ruralpb.submissions import Verdict

Advance = Callable[[str], None]
"""Called with a file's name when it has been read."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One batch as it went into the store. Its blocks are numbered from `first_block` on."""

    receipts: tuple[tuple[Receipt, Reading], ...]
    first_block: int
    verdict: Verdict


def replay(
    project: Project,
    receipts: Sequence[Receipt],
    store: Path,
    advance: Advance,
    *,
    password: str = "",
    processes: int = 0,
    wait: float = 60.0,
) -> Iterator[Stored]:
    """Read `receipts` (journal order, whole batches) and add them to the store file, one transaction a batch.

    Yields each batch when it is committed. Raises CannotRun when an original or the definitions it came with are no
    longer in the archive, or the store stays locked for `wait` seconds.
    """
    definitions = {digest: _definitions(project, digest) for digest in {r.definitions for r in receipts}}
    decisions = project.journal.decisions()
    jobs = [job(receipt, project.archive.path(receipt.sha256), password) for receipt in receipts]
    for receipt in receipts:
        if not project.archive.has(receipt.sha256):
            project.archive.get(receipt.sha256)
    readings = read_all(jobs, definitions, processes)
    for _, batch in groupby(receipts, key=lambda receipt: receipt.batch):
        read = []
        for receipt in batch:
            read.append((receipt, next(readings)))
            advance(receipt.name)
        # What was current when these files came, not what later decisions made of it.
        earlier = [d for d in decisions if int(d.id) < int(read[0][0].id)]
        forms = definitions[read[0][0].definitions].library.forms
        with open_writer(store, earlier, wait) as writer:
            first, verdict = writer.add(read, forms)
        yield Stored(tuple(read), first, verdict)


def catch_up(project: Project, advance: Advance, processes: int = 0, wait: float = 60.0) -> Iterator[Stored]:
    """Store what the journal has and the store lacks: the files of a run that was interrupted after journaling them."""
    receipts = project.journal.receipts()
    with project.reading(wait) as store:
        known = {stored.receipt.id for stored in store.receipts()}
    missing = [receipt for receipt in receipts if receipt.id not in known]
    yield from replay(project, missing, project.store_path, advance, processes=processes, wait=wait)


def job(receipt: Receipt, content: Source, password: str = "") -> Job:
    """Return what a reading process is asked about a receipt whose bytes are in `content`."""
    period = find_period(receipt.period) if receipt.period else None
    options = IntakeOptions(period, receipt.unit_code, receipt.form, password)
    return Job(content, receipt.name, receipt.path, receipt.definitions, options)


def _definitions(project: Project, digest: str) -> Definitions:
    blob = project.archive.get(digest)
    return project.definitions if blob == pack(project.sources) else load(unpack(blob))[0]
