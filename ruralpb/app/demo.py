"""Demo: the sample project, copied and taken through its quarters."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import repeat
from pathlib import Path

import ruralpb.app.ingest as ingesting
import ruralpb.app.report as reporting
from ruralpb.app.ingest_request import IngestRequest
from ruralpb.app.opening import open_project
from ruralpb.app.report_plan import ReportRequest
from ruralpb.core import periods, processes
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.model.loader.settings import FILE as SETTINGS_FILE
from ruralpb.model.loader.shipped import shipped_path

Advance = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Quarter:
    """One quarter of the demonstration: its findings, the numbers its briefing prints, the files of the briefing."""

    period: str
    findings: int
    figures: int
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demonstration did: files and rows taken, quarter by quarter what came of them."""

    folder: Path
    files: int
    rows: int
    quarters: tuple[Quarter, ...]


def demo(folder: Path, today: date, advance: Advance) -> Demo:
    """Copy the sample project to `folder`, ingest its returns, validate and report every quarter that has any.

    A folder that holds the sample project already is used again: nothing is read twice. Raises CannotRun (exit 2)
    when the folder holds something else.
    """
    samples = shipped_path("samples")
    if folder.exists() and any(folder.iterdir()) and not (folder / SETTINGS_FILE).is_file():
        raise CannotRun(Problem("folder-not-empty", found=str(folder)))
    if not (folder / SETTINGS_FILE).is_file():
        _copy_samples(samples, folder)
    project = open_project(folder)
    taken = ingesting.ingest(project, [folder / "returns"], IngestRequest(), today, advance)
    with project.reading() as store:
        labels = [label for label in store.periods() if periods.parse(label, today).kind == "quarter"]
    quarters: list[Quarter] = []
    with processes.pool() as pool:
        # The latest first: it has the most forms, and would otherwise be computed alone at the end.
        for quarter in pool.map(_quarter, repeat(folder), reversed(labels), repeat(today)):
            advance(quarter.period)
            quarters.insert(0, quarter)
    return Demo(folder, len(taken.files), taken.rows, tuple(quarters))


def _quarter(folder: Path, label: str, today: date) -> Quarter:
    written = reporting.report(
        open_project(folder), periods.parse(label, today), today, ReportRequest(), lambda _step: None
    )
    return Quarter(label, len(written.checked.failed()), len(written.facts), written.files)


def _copy_samples(samples: Path, folder: Path) -> None:
    # The generator and the expected answers stand beside the sample project but are no part of it.
    kept = (SETTINGS_FILE, "units.csv", "targets.csv", "definitions", "templates", "returns")
    folder.mkdir(parents=True, exist_ok=True)
    for name in kept:
        source = samples / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        elif source.is_file():
            shutil.copy2(source, folder / name)
