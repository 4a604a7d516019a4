"""What ingest costs against the plainest reading of the same files in the same run, on one core.

bare      python-calamine gives the values of every sheet: no styles, no merges, no meaning
evidence  `ruralpb.workbook.read`: values with number formats, merges, hidden rows, formulas, comments
intake    recognise forms, normalise cells: files to typed rows
ingest    `ruralpb ingest` into a new project: archive, journal, read, decide, store

Usage: python benchmarks/ingest.py [folder of returns] [runs]   (default: the sample county's last quarter, 5)
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median

import python_calamine

from ruralpb import intake, workbook
from ruralpb.model import IntakeOptions
from ruralpb.pipeline.ingest import Options, ingest
from ruralpb.pipeline.project import Project, open_project

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "samples"
TODAY = date(2026, 4, 20)


def bare(files: dict[str, bytes]) -> int:
    rows = 0
    for content in files.values():
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows += sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)
    return rows


def evidence(files: dict[str, bytes]) -> int:
    return sum(
        len(grid.values) for name, content in files.items() for grid in workbook.read(content, name)[0]
    )


def typed(files: dict[str, bytes], project: Project) -> int:
    options = IntakeOptions()
    readings = (
        intake.read(content, Path(n).name, n, project.definitions, options) for n, content in files.items()
    )
    return sum(len(block.rows) for reading in readings for block in reading.blocks)


def whole(folder: Path) -> int:
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "project"
        copy.mkdir()
        for name in ("ruralpb.yaml", "units.csv", "targets.csv"):
            shutil.copyfile(SAMPLES / name, copy / name)
        shutil.copytree(SAMPLES / "definitions", copy / "definitions")
        project = open_project(copy)
        return ingest(project, [folder], Options(jobs=1), TODAY, lambda _: None).rows


def timed(work: Callable[[], int]) -> tuple[float, int]:
    start = time.perf_counter()
    done = work()
    return time.perf_counter() - start, done


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES / "returns" / "2026Q1"
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in (".xlsx", ".xls")
    }
    project = open_project(SAMPLES)
    stages: dict[str, Callable[[], int]] = {
        "bare": lambda: bare(files),
        "evidence": lambda: evidence(files),
        "intake": lambda: typed(files, project),
        "ingest": lambda: whole(folder),
    }
    taken: dict[str, list[float]] = {name: [] for name in stages}
    rows: dict[str, int] = {}
    for _ in range(runs):
        # Interleaved, so that a busy moment of the machine hits all of them.
        for name, work in stages.items():
            seconds, rows[name] = timed(work)
            taken[name].append(seconds)
    base = median(taken["bare"])
    size = sum(map(len, files.values())) / 2**20
    print(f"{len(files)} workbooks, {size:.1f} MiB, {runs} runs each, medians, one core")
    for name in stages:
        middle = median(taken[name])
        print(f"{name:<10} {middle * 1000:8.0f} ms  ×{middle / base:6.1f}  {rows[name]} rows")


if __name__ == "__main__":
    main()
