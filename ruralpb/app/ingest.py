"""Ingest: files → archive → journal → rows and versions in the store.

collect    which files, and when each was received
receive       those whose content is known already are unchanged
journal    originals archived, receipts journaled, before anything is read
replay     read in processes that may die, decide, store: one transaction a batch
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, groupby
from pathlib import Path
from typing import Literal

from ruralpb.app import answers
from ruralpb.app.project import Project, command_line
from ruralpb.app.replay import Advance, StoredBatch, job, missing, replay
from ruralpb.app.units import find_unit
from ruralpb.core.periods import Period
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.intake.processes.pool import read_all
from ruralpb.intake.receive import FoundFile, KnownFile, NewFile, collect, receive
from ruralpb.model import Receipt, StoredReceipt
from ruralpb.returns.outcomes import FileResult, FileStatus, after_seal, file_results
from ruralpb.returns.seals import seals
from ruralpb.store.archive import pack


@dataclass(frozen=True, slots=True)
class IngestRequest:
    """What the person says about the files, and how to go about it. `received` is used where no folder gives a date;
    `mode` says what to do with a return that would be held; `jobs` 0: one process per processor; `wait` in seconds."""

    period: Period | None = None
    unit: str = ""
    form: str = ""
    received: date | None = None
    mode: Literal["", "replace", "part"] = ""
    password: str = ""
    jobs: int = 0
    wait: float = 60.0
    dry_run: bool = False
    look: bool = False
    """Say how each sheet looked to the reader; on a dry run."""


@dataclass(frozen=True, slots=True)
class IngestResult:
    """What an ingest call did, file by file; `batches` as journaled (none on a dry run); `problems` that concern no file."""

    files: tuple[FileResult, ...]
    batches: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    dry_run: bool = False

    def count(self, status: FileStatus) -> int:
        """How many files have this status."""
        return sum(file.status == status for file in self.files)

    @property
    def rows(self) -> int:
        """How many rows were taken."""
        return sum(file.rows for file in self.files if file.status == "taken")


def ingest(
    project: Project, paths: Sequence[Path], request: IngestRequest, today: date, advance: Advance
) -> IngestResult:
    """Take the files that `paths` mean, and say what became of each.

    Files that are known by content are unchanged: the same call again does nothing. `today` is the received date
    where neither folder nor option gives one; `advance` is called once for each file that is read. Raises CannotRun:
    unknown path, unit or form (exit 2); another writer, an unreadable store (exit 3).
    """
    asked = _asked(project, request, today)
    found = collect(paths, project.folder)
    if request.dry_run:
        return _dry_run(project, found, asked, request, advance)
    with project.lock(command_line(), request.wait, datetime.now().astimezone()):
        torn = project.journal.torn()
        known = _known(project, request)
        cut_off = missing(project, known)
        # What becomes of a batch is worked out as soon as it is stored: its rows need not stay.
        results = [
            result
            for stored in _take(project, cut_off, request, advance)
            for result in file_results(stored.files, stored.first_block, stored.verdict, recovered=True)
        ]
        if cut_off:
            known = _known(project, request)
        sifted, lists = answers.parted(project, receive(found, asked, request.received, known))
        results += [_not_taken(file, today) for file in sifted.known]
        receipts = _journal(project, sifted.new)
        for stored in _take(project, receipts, request, advance):
            results += file_results(stored.files, stored.first_block, stored.verdict)
        # After the returns they came with: an answer is about the data as they are now.
        now = datetime.now().astimezone()
        results += [_answered(one) for one in answers.take(project, lists, now)]
    batches = tuple(dict.fromkeys(receipt.batch for receipt in receipts))
    results = after_seal(results, seals(project.journal.decisions()))
    return IngestResult(_in_order(results), batches, (torn,) if torn else ())


def _known(project: Project, request: IngestRequest) -> tuple[StoredReceipt, ...]:
    """What has been read already. Nothing has where there is no store, and no engine need start to say so."""
    if not project.store_path.is_file():
        return ()
    with project.reading(request.wait) as store:
        return store.receipts()


def _asked(project: Project, request: IngestRequest, today: date) -> Receipt:
    """A receipt with everything the person said and the definitions in use; `receive` fills in the file."""
    library, register = project.definitions.library, project.definitions.register
    if request.form and request.form not in library.forms:
        raise CannotRun(project.unknown("form", request.form, library.forms))
    day = request.period.end if request.period else today
    return Receipt(
        id="0",
        sha256="",
        name="",
        path="",
        received=request.received or today,
        batch="",
        definitions=hashlib.sha256(pack(project.sources)).hexdigest(),
        size=0,
        period=request.period.label if request.period else "",
        unit_code=find_unit(register, request.unit, day).code if request.unit else "",
        form=request.form,
        mode=request.mode,
    )


def _journal(project: Project, new: Sequence[NewFile]) -> list[Receipt]:
    """Archive originals and definitions, then journal the receipts: one batch a received date, earliest first."""
    if not new:
        return []
    project.archive.put_all(chain([pack(project.sources)], (file.content for file in new)))
    by_day = groupby(sorted(new, key=_arrival), key=lambda file: file.receipt.received)
    batches = [[file.receipt for file in files] for _, files in by_day]
    journaled = project.journal.append_receipts(batches, datetime.now().astimezone())
    return [receipt for batch in journaled for receipt in batch]


def _arrival(file: NewFile) -> tuple[date, str]:
    return file.receipt.received, file.receipt.path


def _take(
    project: Project, receipts: Sequence[Receipt], request: IngestRequest, advance: Advance
) -> Iterator[StoredBatch]:
    return replay(
        project,
        receipts,
        project.store_path,
        advance,
        password=request.password,
        processes=request.jobs,
        wait=request.wait,
    )


def _dry_run(
    project: Project, found: Sequence[FoundFile], asked: Receipt, request: IngestRequest, advance: Advance
) -> IngestResult:
    """Say what would become of the files. Each batch is compared with what is stored, not with the one before it."""
    with project.reading(request.wait) as store:
        # Who asks to see a file sees it, known or not.
        before = () if request.look else store.receipts()
        sifted, lists = answers.parted(project, receive(found, asked, request.received, before))
        new = sorted(sifted.new, key=_arrival)
        jobs = [job(file.receipt, file.file, request.password, request.look) for file in new]
        readings = read_all(jobs, {asked.definitions: project.definitions}, request.jobs)
        results = [_not_taken(file, asked.received) for file in sifted.known]
        for _, files in groupby(new, key=lambda file: file.receipt.received):
            read = []
            for file in files:
                read.append((file.receipt, next(readings)))
                advance(file.receipt.name)
            first, verdict = store.preview(read, project.definitions.library.forms)
            results += file_results(read, first, verdict)
    now = datetime.now().astimezone()
    results += [_answered(one) for one in answers.take(project, lists, now, record=False)]
    return IngestResult(_in_order(after_seal(results, seals(project.journal.decisions()))), dry_run=True)


def _not_taken(file: KnownFile, today: date) -> FileResult:
    status: FileStatus = "refused" if file.problem.refused else "unchanged"
    return FileResult(file.path, status, file.received or today, problems=(file.problem,))


def _answered(one: answers.Answered) -> FileResult:
    return FileResult(
        one.receipt.path,
        "refused" if one.refused else "taken",
        one.receipt.received,
        problems=one.problems,
        explained=one.explained,
    )


def _in_order(results: Iterable[FileResult]) -> tuple[FileResult, ...]:
    return tuple(sorted(results, key=lambda result: (result.path, result.received)))
