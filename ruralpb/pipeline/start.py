"""Start: a new project, and the sample project taken through its quarters."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import ruralpb.pipeline.ingest as ingesting
import ruralpb.pipeline.report as reporting
from ruralpb import periods
from ruralpb.definitions.shipped import shipped_path
from ruralpb.pipeline.project import open_project
from ruralpb.problems import CannotRun, Problem

Advance = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demonstration did: files taken, findings per quarter, the last quarter's briefing."""

    folder: Path
    files: int
    rows: int
    quarters: tuple[tuple[str, int, int], ...]
    """(period, findings, figures)."""
    outputs: tuple[Path, ...]


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
    quarters: list[tuple[str, int, int]] = []
    outputs: tuple[Path, ...] = ()
    with project.reading() as store:
        labels = store.periods()
    for period in sorted(periods.parse(label, today) for label in labels):
        written = reporting.report(project, period, today, reporting.Order(), advance)
        quarters.append((period.label, len(written.checked.failed()), len(written.facts)))
        outputs = written.files
    return Demo(folder, len(taken.files), taken.rows, tuple(quarters), outputs)


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
