"""What became of the files of a batch: taken, unchanged, held or refused, as which tables and versions.

Pure: readings and the batch's verdict in, one outcome a file out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from ruralpb.core.messages import listing
from ruralpb.core.problems import Location, Problem
from ruralpb.model import BatchVerdict, Block, Reading, Receipt, SheetPreview, SheetReading

FileStatus = Literal["taken", "unchanged", "held", "refused", "attachment"]


@dataclass(frozen=True, slots=True)
class IngestedTable:
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
    status: FileStatus
    received: date
    sheets: tuple[SheetReading, ...] = ()
    tables: tuple[IngestedTable, ...] = ()
    submissions: tuple[str, ...] = ()
    rows: int = 0
    notes: int = 0
    problems: tuple[Problem, ...] = ()
    recovered: bool = False
    previews: tuple[SheetPreview, ...] = ()
    explained: tuple[str, ...] | None = None
    """Of a 核实清单 that came back: the findings its answers explain."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of one 核实清单 that came back: the findings that its answers explain, and what was not taken."""

    receipt: Receipt
    explained: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def refused(self) -> bool:
        """True where nothing of the file could be used."""
        return any(problem.refused == "file" for problem in self.problems)


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


def file_results(
    files: Sequence[tuple[Receipt, Reading]], first_block: int, verdict: BatchVerdict, recovered: bool = False
) -> Iterator[FileResult]:
    """Yield what became of each file of a batch, in its order. The blocks of its files are numbered from `first_block` on."""
    by_block = defaultdict(list)
    for version in verdict.versions:
        for block in version.members:
            by_block[block].append(version)
    problems = defaultdict(list)
    for block, problem in verdict.problems:
        problems[block].append(problem)
    first = first_block
    for receipt, reading in files:
        blocks = range(first, first + len(reading.blocks))
        first = blocks.stop
        versions = {version.id: version for block in blocks for version in by_block[block]}
        if not reading.blocks:
            status: FileStatus = "attachment" if reading.is_attachment else "refused"
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
            problems=(*reading.problems, *(problem for block in blocks for problem in problems[block])),
            recovered=recovered,
            previews=reading.previews,
        )


def _table(block: Block) -> IngestedTable:
    top, bottom = block.header
    return IngestedTable(
        sheet=block.sheet,
        form=block.form,
        reporter_code=block.reporter_code,
        period=block.period.label,
        rows=len(block.rows),
        nil=block.nil,
        header=(top + 1, bottom + 1),
        columns=dict(block.columns),
    )


def after_seal(results: Iterable[FileResult], sealed: Container[str]) -> list[FileResult]:
    """Return the results, saying of files whose period is sealed that they are kept and read, and do not count until the seal is voided
    (semantics S2)."""
    return [replace(result, problems=(*result.problems, *_after_seal(result, sealed))) for result in results]


def _after_seal(file: FileResult, sealed: Container[str]) -> Iterator[Problem]:
    late = {table.period for table in file.tables if table.period in sealed}
    # What an interrupted run had received before the seal counts in it.
    for period in sorted(late) if file.status == "taken" and not file.recovered else ():
        versions = listing(s for s in file.submissions if f"-{period}-v" in s)
        where = Location(file.path)
        yield Problem("file-after-seal", where, found=period, expected=versions, severity="query")


def in_order(results: Iterable[FileResult]) -> tuple[FileResult, ...]:
    """Return the results by path, then by the day each was received."""
    return tuple(sorted(results, key=lambda result: (result.path, result.received)))
