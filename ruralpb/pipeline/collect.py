"""Which files an ingest call means, and when each was received (semantics S1)."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ruralpb.problems import CannotRun, Location, Problem

MOST_BYTES = 100 * 2**20
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_COMPRESSED = {".zip", ".rar", ".7z", ".tar", ".gz", ".tgz"}
_NOT_RETURNS = {"thumbs.db", "desktop.ini"}


@dataclass(frozen=True, slots=True)
class Found:
    """One file to ingest. `path` is what journal and messages call it; `received` is the date its folders give; a file
    with a `problem` is not taken."""

    file: Path
    path: str
    received: date | None
    problem: Problem | None = None


def collect(paths: Iterable[Path], project: Path) -> list[Found]:
    """Return the files that `paths` (files, folders of any depth) mean, each once, in the order of their paths.

    Lock files, hidden ones and those the system leaves in folders are skipped. A file is called by its path below the
    project, else below the folder that holds the one it was found in: so it has the same name however it was reached.
    Raises CannotRun (exit 2) when a path does not exist.
    """
    found: dict[Path, Found] = {}
    for start in paths:
        if not start.exists():
            raise CannotRun(Problem("path-missing", Location(str(start))))
        # Not resolved: a link is told by its own name.
        top = Path(os.path.abspath(start))
        base = project if top.is_relative_to(project) else (top if top.is_dir() else top.parent).parent
        for file in [top] if not top.is_dir() else _files(top):
            path = file.relative_to(base).as_posix().encode("utf-8", "replace").decode()
            found[file] = Found(file, path, _received(file), _not_taken(file, path))
    return sorted(found.values(), key=lambda f: f.path)


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith((".", "~$")) and name.lower() not in _NOT_RETURNS:
                yield Path(place) / name


def _received(file: Path) -> date | None:
    for folder in file.parents:
        if _DAY.fullmatch(folder.name):
            try:
                return date.fromisoformat(folder.name)
            except ValueError:
                continue
    return None


def _not_taken(file: Path, path: str) -> Problem | None:
    about = file.lstat()
    where = Location(path)
    if not stat.S_ISREG(about.st_mode):
        return Problem("file-not-regular", where, found=stat.filemode(about.st_mode)[0], refused="file")
    if about.st_size > MOST_BYTES:
        size, most = f"{about.st_size / 2**20:.0f}", f"{MOST_BYTES / 2**20:.0f}"
        return Problem("file-too-large", where, found=size, expected=most, refused="file")
    if file.suffix.lower() in _COMPRESSED:
        return Problem("file-compressed", where, found=file.suffix.lower(), refused="file")
    return None
