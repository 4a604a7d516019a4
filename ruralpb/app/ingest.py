"""Ingest: files → archive → journal → rows and versions in the store.

collect    which files, and when each was received
sift       those whose content is known already are unchanged
journal    originals archived, receipts journaled, before anything is read
replay     read in processes that may die, decide, store: one transaction a batch
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain, groupby
from pathlib import Path
from typing import Literal

from ruralpb.app import answers
from ruralpb.app.collect import Found, collect
from ruralpb.app.project import Project, command_line
from ruralpb.app.replay import Advance, Stored, job, missing, replay
from ruralpb.app.sift import Known, New, sift
from ruralpb.app.units import find_unit
from ruralpb.app.workers import read_all
from ruralpb.core.periods import Period
from ruralpb.core.problems import CannotRun, Location, Problem
from ruralpb.model import Block, Receipt, SheetPreview, SheetReading, StoredReceipt
from ruralpb.returns.versions import seals
from ruralpb.store.archive import pack

Status = Literal["taken", "unchanged", "held", "refused"]


@dataclass(frozen=True, slots=True)
class Options:
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
class Table:
    """One table of a file as it was understood: 1-based rows of the header, field id → 0-based column."""

    sheet: str
    form: str
    reporter_code: str
    period: str
    rows: int
    nil: bool
    header: tuple[int, int]
    columns: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of one file. `submissions` are the versions it is part of; `notes` how many cells were not taken
    literally; `recovered`: an earlier, interrupted run had received it."""

    path: str
    status: Status
    received: date
    sheets: tuple[SheetReading, ...] = ()
    tables: tuple[Table, ...] = ()
    submissions: tuple[str, ...] = ()
    rows: int = 0
    notes: int = 0
    problems: tuple[Problem, ...] = ()
    recovered: bool = False
    previews: tuple[SheetPreview, ...] = ()
    explained: tuple[str, ...] | None = None
    """Of a 核实清单 that came back: the findings its answers explain."""


@dataclass(frozen=True, slots=True)
class IngestResult:
    """What an ingest call did, file by file; `batches` as journaled (none on a dry run); `problems` that concern no file."""

    files: tuple[FileResult, ...]
    batches: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    dry_run: bool = False

    def count(self, status: Status) -> int:
        """How many files have this status."""
        return sum(file.status == status for file in self.files)

    @property
    def rows(self) -> int:
        """How many rows were taken."""
        return sum(file.rows for file in self.files if file.status == "taken")


def ingest(
    project: Project, paths: Sequence[Path], options: Options, today: date, advance: Advance
) -> IngestResult:
    """Take the files that `paths` mean, and say what became of each.

    Files that are known by content are unchanged: the same call again does nothing. `today` is the received date
    where neither folder nor option gives one; `advance` is called once for each file that is read. Raises CannotRun:
    unknown path, unit or form (exit 2); another writer, an unreadable store (exit 3).
    """
    asked = _asked(project, options, today)
    found = collect(paths, project.folder)
    if options.dry_run:
        return _dry_run(project, found, asked, options, advance)
    with project.lock(command_line(), options.wait, datetime.now().astimezone()):
        torn = project.journal.torn()
        known = _known(project, options)
        cut_off = missing(project, known)
        # What becomes of a batch is worked out as soon as it is stored: its rows need not stay.
        results = [
            result
            for stored in _take(project, cut_off, options, advance)
            for result in _results(stored, recovered=True)
        ]
        if cut_off:
            known = _known(project, options)
        sifted, lists = answers.parted(project, sift(found, asked, options.received, known))
        results += [_not_taken(file, today) for file in sifted.known]
        receipts = _journal(project, sifted.new)
        for stored in _take(project, receipts, options, advance):
            results += _results(stored)
        # After the returns they came with: an answer is about the data as they are now.
        now = datetime.now().astimezone()
        results += [_answered(one) for one in answers.take(project, lists, now)]
    batches = tuple(dict.fromkeys(receipt.batch for receipt in receipts))
    results = _after_seal(results, project)
    return IngestResult(_in_order(results), batches, (torn,) if torn else ())


def _known(project: Project, options: Options) -> tuple[StoredReceipt, ...]:
    """What has been read already. Nothing has where there is no store, and no engine need start to say so."""
    if not project.store_path.is_file():
        return ()
    with project.reading(options.wait) as store:
        return store.receipts()


def _asked(project: Project, options: Options, today: date) -> Receipt:
    """A receipt with everything the person said and the definitions in use; `sift` fills in the file."""
    library, register = project.definitions.library, project.definitions.register
    if options.form and options.form not in library.forms:
        raise CannotRun(project.unknown("form", options.form, library.forms))
    day = options.period.end if options.period else today
    return Receipt(
        id="0",
        sha256="",
        name="",
        path="",
        received=options.received or today,
        batch="",
        definitions=hashlib.sha256(pack(project.sources)).hexdigest(),
        size=0,
        period=options.period.label if options.period else "",
        unit_code=find_unit(register, options.unit, day).code if options.unit else "",
        form=options.form,
        mode=options.mode,
    )


def _journal(project: Project, new: Sequence[New]) -> list[Receipt]:
    """Archive originals and definitions, then journal the receipts: one batch a received date, earliest first."""
    if not new:
        return []
    project.archive.put_all(chain([pack(project.sources)], (file.content for file in new)))
    by_day = groupby(sorted(new, key=_arrival), key=lambda file: file.receipt.received)
    batches = [[file.receipt for file in files] for _, files in by_day]
    journaled = project.journal.append_receipts(batches, datetime.now().astimezone())
    return [receipt for batch in journaled for receipt in batch]


def _arrival(file: New) -> tuple[date, str]:
    return file.receipt.received, file.receipt.path


def _take(
    project: Project, receipts: Sequence[Receipt], options: Options, advance: Advance
) -> Iterator[Stored]:
    return replay(
        project,
        receipts,
        project.store_path,
        advance,
        password=options.password,
        processes=options.jobs,
        wait=options.wait,
    )


def _dry_run(
    project: Project, found: Sequence[Found], asked: Receipt, options: Options, advance: Advance
) -> IngestResult:
    """Say what would become of the files. Each batch is compared with what is stored, not with the one before it."""
    with project.reading(options.wait) as store:
        # Who asks to see a file sees it, known or not.
        before = () if options.look else store.receipts()
        sifted, lists = answers.parted(project, sift(found, asked, options.received, before))
        new = sorted(sifted.new, key=_arrival)
        jobs = [job(file.receipt, file.file, options.password, options.look) for file in new]
        readings = read_all(jobs, {asked.definitions: project.definitions}, options.jobs)
        results = [_not_taken(file, asked.received) for file in sifted.known]
        for _, files in groupby(new, key=lambda file: file.receipt.received):
            read = []
            for file in files:
                read.append((file.receipt, next(readings)))
                advance(file.receipt.name)
            first, verdict = store.preview(read, project.definitions.library.forms)
            results += _results(Stored(tuple(read), first, verdict))
    now = datetime.now().astimezone()
    results += [_answered(one) for one in answers.take(project, lists, now, record=False)]
    return IngestResult(_in_order(_after_seal(results, project)), dry_run=True)


def _not_taken(file: Known, today: date) -> FileResult:
    status: Status = "refused" if file.problem.refused else "unchanged"
    return FileResult(file.path, status, file.received or today, problems=(file.problem,))


def _answered(one: answers.Answered) -> FileResult:
    return FileResult(
        one.receipt.path,
        "refused" if one.refused else "taken",
        one.receipt.received,
        problems=one.problems,
        explained=one.explained,
    )


def _results(stored: Stored, recovered: bool = False) -> Iterator[FileResult]:
    """What became of each file of a batch."""
    verdict = stored.verdict
    by_block = defaultdict(list)
    for version in verdict.versions:
        for block in version.members:
            by_block[block].append(version)
    said = defaultdict(list)
    for block, problem in verdict.problems:
        said[block].append(problem)
    first = stored.first_block
    for receipt, reading in stored.receipts:
        blocks = range(first, first + len(reading.blocks))
        first = blocks.stop
        versions = {version.id: version for block in blocks for version in by_block[block]}
        if not reading.blocks:
            status: Status = "refused"
        elif not versions:
            status = "unchanged"
        else:
            status = "held" if any(v.decided == "held" for v in versions.values()) else "taken"
        yield FileResult(
            path=receipt.path,
            status=status,
            received=receipt.received,
            sheets=reading.sheets,
            tables=tuple(map(_table, reading.blocks)),
            submissions=tuple(versions),
            rows=sum(len(b.rows) for n, b in zip(blocks, reading.blocks, strict=True) if by_block[n]),
            notes=len(reading.notes),
            problems=(*reading.problems, *(problem for block in blocks for problem in said[block])),
            recovered=recovered,
            previews=reading.previews,
        )


def _table(block: Block) -> Table:
    top, bottom = block.header
    return Table(
        sheet=block.sheet,
        form=block.form,
        reporter_code=block.reporter_code,
        period=block.period.label,
        rows=len(block.rows),
        nil=block.nil,
        header=(top + 1, bottom + 1),
        columns=dict(block.columns),
    )


def _after_seal(results: Iterable[FileResult], project: Project) -> list[FileResult]:
    """Say of files that their period is sealed: they are kept and read, and do not count until the seal is voided (semantics S2)."""
    closed = seals(project.journal.decisions())
    return [replace(one, problems=(*one.problems, *_told_after_seal(one, closed))) for one in results]


def _told_after_seal(file: FileResult, closed: Container[str]) -> Iterator[Problem]:
    late = {table.period for table in file.tables if table.period in closed}
    # What an interrupted run had received before the seal counts in it.
    for period in sorted(late) if file.status == "taken" and not file.recovered else ():
        versions = "、".join(s for s in file.submissions if f"-{period}-v" in s)
        where = Location(file.path)
        yield Problem("file-after-seal", where, found=period, expected=versions, severity="query")


def _in_order(results: Iterable[FileResult]) -> tuple[FileResult, ...]:
    return tuple(sorted(results, key=lambda result: (result.path, result.received)))
