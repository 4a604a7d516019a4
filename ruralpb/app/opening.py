"""Opening a project: which folder it is, and its definitions as they were kept or read anew."""

from __future__ import annotations

import os
from pathlib import Path

from ruralpb import __version__
from ruralpb.app import definition_files
from ruralpb.app.project import Project
from ruralpb.core.problems import CannotRun, Location, Problem
from ruralpb.model import loader as defining
from ruralpb.model.loader import Definitions
from ruralpb.model.loader.settings import FILE as SETTINGS_FILE
from ruralpb.store.results import FILE as RESULTS_FILE
from ruralpb.store.results import Results


def find(folder: Path | None = None) -> Path:
    """Return the project folder: `folder` when it is given (by -C or RURALPB_PROJECT), else the nearest one upwards from
    the working folder that holds ruralpb.yaml.

    Raises CannotRun (exit 2) when there is none.
    """
    named = folder or (Path(os.environ["RURALPB_PROJECT"]) if os.environ.get("RURALPB_PROJECT") else None)
    start = (named or Path.cwd()).resolve()
    for candidate in [start] if named else [start, *start.parents]:
        if (candidate / SETTINGS_FILE).is_file():
            return candidate
    raise CannotRun(Problem("no-project", Location(str(start))))


def open_project(folder: Path | str | None = None) -> Project:
    """Return the project in `folder` (see `find`) with its definitions read and checked.

    Raises CannotRun (exit 2) with every error in the definitions.
    """
    found = find(Path(folder) if folder else None)
    sources = defining.sources(found)
    private = found / ".ruralpb"
    kept, stamp = Results(private / RESULTS_FILE), definition_files.stamp(sources)
    before = kept.definitions(stamp)
    warnings: tuple[Problem, ...] = ()
    if before is not None:
        definitions = Definitions(*before)
    else:
        expressions = f"{__version__} {defining.digest(defining.expressed(sources))}"
        verified = kept.is_verified(expressions)
        definitions, warnings = definition_files.load(sources, verified)
        if not warnings and private.is_dir():
            if not verified:
                kept.put_verified(expressions)
            kept.put_definitions(stamp, definition_files.kept(definitions))
    if definitions.settings is None:
        raise CannotRun(Problem("no-project", Location(str(found))))
    return Project(found, sources, definitions, definitions.settings, warnings)
