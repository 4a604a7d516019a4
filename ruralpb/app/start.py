"""Start: a new project, and the sample project taken through its quarters."""

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
from ruralpb.app.units import find_unit
from ruralpb.core import periods, processes
from ruralpb.core.phrases import phrases
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.model import Register, Unit
from ruralpb.model import loader as defining
from ruralpb.model.loader import editor_schema, tables
from ruralpb.model.loader.settings import FILE as SETTINGS_FILE
from ruralpb.model.loader.shipped import shipped_path

SCHEMAS = ".ruralpb/schema"
"""Where `init` puts the JSON Schemas of definition files; what the skeleton's files begin with points there."""

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


def init(folder: Path, unit: str, units: Path | None, today: date) -> Started:
    """Make a new project: commented ruralpb.yaml, register, targets, empty folders. Files that are there are left alone.

    `unit` is the reporting unit's name or code, `units` a register (units.csv) to start from. Raises CannotRun (exit 2)
    when there is a project already, `units` cannot be read or has errors, or `unit` is not in it.
    """
    if (folder / SETTINGS_FILE).exists():
        raise CannotRun(Problem("project-exists", found=str(folder)))
    code, title = "", unit or phrases("files")["own_level"]
    if units is not None:
        register = _register(units)
        own = find_unit(register, unit, today) if unit else _top(register, today)
        code, title = own.code, own.name
    skeleton = shipped_path("templates") / "project"
    made = []
    for source in sorted(p for p in skeleton.rglob("*") if p.is_file()):
        target = folder / source.relative_to(skeleton)
        if not target.exists():
            content = units.read_bytes() if units and source.name == "units.csv" else source.read_bytes()
            if source.name == SETTINGS_FILE:
                content = content.decode().replace("‹title›", title).replace("‹code›", code).encode()
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            made.append(target.relative_to(folder).as_posix())
    for name in ("definitions", "templates", "returns", "out"):
        (folder / name).mkdir(exist_ok=True)
    _write_schemas(folder / SCHEMAS)
    return Started(folder, tuple(made), units is None)


def _write_schemas(folder: Path) -> None:
    """Write the JSON Schemas that the first line of ruralpb.yaml points to, for editors."""
    library = defining.load(defining.sources(None))[0].library
    folder.mkdir(parents=True, exist_ok=True)
    for kind in editor_schema.FILES:
        (folder / editor_schema.file_name(kind)).write_text(editor_schema.text(kind, library), "utf-8")


def _register(file: Path) -> Register:
    if not file.is_file():
        raise CannotRun(Problem("file-missing", found=str(file)))
    register, problems = tables.register(file.read_bytes())
    errors = [p.located(str(file)) for p in problems if p.severity == "error"]
    if errors:
        raise CannotRun(errors)
    return register


def _top(register: Register, today: date) -> Unit:
    """The unit above most of the register: the lowest one that every township and village lies below."""
    paths = [
        set(register.path(u.code, today)) for u in register.on(today) if u.level in ("township", "village")
    ]
    shared = set.intersection(*paths) if paths else set()
    below = [u for u in register.on(today) if u.code in shared]
    if not below:
        raise CannotRun(Problem("init-unit", found=str(len(register.units))))
    return max(below, key=lambda u: len(register.path(u.code, today)))
