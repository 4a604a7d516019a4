"""Init: a new project folder with what it needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ruralpb.app.units import find_unit
from ruralpb.core.phrases import phrases
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.model import Register, Unit
from ruralpb.model import loader as defining
from ruralpb.model.loader import editor_schema, tables
from ruralpb.model.loader.settings import FILE as SETTINGS_FILE
from ruralpb.model.loader.shipped import shipped_path

SCHEMAS = ".ruralpb/schema"
"""Where `init` puts the JSON Schemas of definition files; what the skeleton's files begin with points there."""


@dataclass(frozen=True, slots=True)
class Started:
    """A new project folder and what is in it."""

    folder: Path
    files: tuple[str, ...]
    needs_units: bool


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
        top = find_unit(register, unit, today) if unit else _top(register, today)
        code, title = top.code, top.name
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
