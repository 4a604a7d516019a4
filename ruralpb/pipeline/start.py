"""Start: a new project, and the sample project taken through its quarters."""

from __future__ import annotations

import multiprocessing
import os
import shutil
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import repeat
from pathlib import Path

import ruralpb.pipeline.ingest as ingesting
import ruralpb.pipeline.report as reporting
from ruralpb import periods
from ruralpb.definitions.shipped import shipped_path
from ruralpb.pipeline.project import open_project
from ruralpb.problems import CannotRun, Problem

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


@dataclass(frozen=True, slots=True)
class Started:
    """A new project folder and what is in it."""

    folder: Path
    files: tuple[str, ...]
    needs_units: bool


def demo(folder: Path, today: date, advance: Advance) -> Demo:
    """Copy the sample project to `folder`, ingest its returns, validate and report every quarter that has any.

    A folder that holds the sample project already is used again: nothing is read twice. Raises CannotRun (exit 2)
    when the folder holds something else.
    """
    samples = shipped_path("samples")
    if folder.exists() and any(folder.iterdir()) and not (folder / "ruralpb.yaml").is_file():
        raise CannotRun(Problem("folder-not-empty", found=str(folder)))
    if not (folder / "ruralpb.yaml").is_file():
        _copy_samples(samples, folder)
    project = open_project(folder)
    taken = ingesting.ingest(project, [folder / "returns"], ingesting.Options(), today, advance)
    with project.reading() as store:
        labels = store.periods()
    quarters: list[Quarter] = []
    # Readers do not disturb each other: one process a quarter, as many at once as there are processors. Spawned, for
    # a process that has used DuckDB must not be forked.
    with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        for quarter in pool.map(_quarter, repeat(folder), labels, repeat(today)):
            advance(quarter.period)
            quarters.append(quarter)
    return Demo(folder, len(taken.files), taken.rows, tuple(quarters))


def _quarter(folder: Path, label: str, today: date) -> Quarter:
    written = reporting.report(
        open_project(folder), periods.parse(label, today), today, reporting.Order(), lambda _step: None
    )
    return Quarter(label, len(written.checked.failed()), len(written.facts), written.files)


def _copy_samples(samples: Path, folder: Path) -> None:
    # The generator and the expected answers stand beside the sample project but are no part of it.
    kept = ("ruralpb.yaml", "units.csv", "targets.csv", "definitions", "templates", "returns")
    folder.mkdir(parents=True, exist_ok=True)
    for name in kept:
        source = samples / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        elif source.is_file():
            shutil.copy2(source, folder / name)


def init(folder: Path, unit: str, units: Path | None) -> Started:
    """Make a new project: commented ruralpb.yaml, register, targets, empty folders. Existing files are left alone.

    Raises CannotRun (exit 2) when there is a project already or `units` cannot be read.
    """
    if (folder / "ruralpb.yaml").exists():
        raise CannotRun(Problem("project-exists", found=str(folder)))
    if units is not None and not units.is_file():
        raise CannotRun(Problem("file-missing", found=str(units)))
    folder.mkdir(parents=True, exist_ok=True)
    skeleton = shipped_path("templates") / "project"
    made = []
    for source in sorted(p for p in skeleton.rglob("*") if p.is_file()):
        target = folder / source.relative_to(skeleton)
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            text = source.read_text("utf-8").replace("{{ unit }}", unit or "本级单位")
            target.write_text(text, "utf-8")
            made.append(str(target.relative_to(folder)))
    if units is not None:
        shutil.copyfile(units, folder / "units.csv")
    for name in ("definitions", "templates", "returns", "out"):
        (folder / name).mkdir(exist_ok=True)
    return Started(folder, tuple(made), units is None)
