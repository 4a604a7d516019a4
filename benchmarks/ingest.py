"""What ingest costs against the plainest reading of the same files in the same run, on one core.

bare      python-calamine gives the values of every sheet: no styles, no merges, no meaning
evidence  `ruralpb.intake.readers.read`: values with number formats, merges, hidden rows, formulas, comments
intake    recognise forms, normalise cells: files to typed rows
ingest    open the project, archive, journal, read, decide, store; nothing was received before
new       the same where no command has run yet: the definitions are read first, and verified when there are others than the built-in ones

For two deliveries: the sample county's last quarter (small untidy workbooks) and a big one made for the run (`delivery`).
An engine has to start for both; in the big one that hardly counts.

Usage: python benchmarks/ingest.py [runs] [townships]   (default: 5 runs; 60 townships, some 60,000 rows)
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median

import delivery
import python_calamine

from ruralpb.app.ingest import ingest
from ruralpb.app.ingest_request import IngestRequest
from ruralpb.app.opening import open_project
from ruralpb.app.project import Project
from ruralpb.intake import one_file, readers
from ruralpb.intake.reading_basis import ReadingBasis
from ruralpb.model import IntakeOptions

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "samples"
TODAY = date(2026, 4, 20)


def bare(files: dict[str, bytes]) -> int:
    rows = 0
    for content in files.values():
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows += sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)
    return rows


def evidence(files: dict[str, bytes]) -> int:
    return sum(len(grid.values) for name, content in files.items() for grid in readers.read(content, name)[0])


def typed(files: dict[str, bytes], project: Project) -> int:
    options, basis = IntakeOptions(), ReadingBasis(project.definitions)
    readings = (one_file.read(content, Path(n).name, n, basis, options) for n, content in files.items())
    return sum(len(block.rows) for reading in readings for block in reading.blocks)


def whole(project: Path, returns: Path) -> int:
    return ingest(open_project(project), [returns], IngestRequest(jobs=1), TODAY, lambda _: None).rows


@contextmanager
def fresh(project: Path, opened: bool) -> Iterator[Path]:
    """A copy of a project that has received nothing yet. `opened`: some command has run in it, so that the expressions of its
    definitions are known to be sound."""
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "project"
        shutil.copytree(project, copy, ignore=shutil.ignore_patterns("returns", "expected", "generator"))
        (copy / ".ruralpb").mkdir()
        if opened:
            open_project(copy)
        yield copy


def timed(work: Callable[[], int]) -> tuple[float, int]:
    start = time.perf_counter()
    done = work()
    return time.perf_counter() - start, done


def measure(name: str, place: Path, returns: Path, runs: int) -> None:
    files = {
        path.relative_to(returns).as_posix(): path.read_bytes()
        for path in sorted(returns.rglob("*"))
        if path.suffix.lower() in (".xlsx", ".xls")
    }
    project = open_project(place)
    stages: dict[str, Callable[[], int]] = {
        "bare": lambda: bare(files),
        "evidence": lambda: evidence(files),
        "intake": lambda: typed(files, project),
    }
    taken: dict[str, list[float]] = {}
    rows: dict[str, int] = {}
    for _ in range(runs):
        # Interleaved, so that a busy moment of the machine hits all of them.
        for stage, work in stages.items():
            seconds, rows[stage] = timed(work)
            taken.setdefault(stage, []).append(seconds)
        for stage, opened in (("ingest", True), ("new project", False)):
            with fresh(place, opened) as copy:
                seconds, rows[stage] = timed(lambda: whole(copy, returns))
            taken.setdefault(stage, []).append(seconds)
    base = median(taken["bare"])
    size = sum(map(len, files.values())) / 2**20
    print(f"{name}: {len(files)} workbooks, {size:.1f} MiB, {runs} runs each, medians")
    for stage, seconds in taken.items():
        middle = median(seconds)
        print(f"{stage:<12} {middle * 1000:8.0f} ms  ×{middle / base:6.1f}  {rows[stage]} rows")


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    townships = int(sys.argv[2]) if len(sys.argv) > 2 else 60
    measure("sample county", SAMPLES, SAMPLES / "returns" / "2026Q1", runs)
    with tempfile.TemporaryDirectory() as place:
        for name, content in (*delivery.project(townships).items(), *delivery.returns(townships)):
            path = Path(place) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        measure("big delivery", Path(place), Path(place) / "returns", runs)


if __name__ == "__main__":
    main()
