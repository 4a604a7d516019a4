"""Which files an ingest call means, and when each was received (semantics S1). Archives of returns are folders here (D10)."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath

from ruralpb.core.ooxml.limits import MAX_BYTES, Unreadable
from ruralpb.core.problems import CannotRun, Location, Problem
from ruralpb.intake.readers import archives
from ruralpb.intake.readers.container import foreign

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_COMPRESSED = {".zip", ".rar", ".7z", ".tar", ".gz", ".tgz"}
_NOT_RETURNS = {"thumbs.db", "desktop.ini", "__macosx"}

Source = Path | archives.Member
"""Where a file's bytes are; `read_bytes` gives them."""


@dataclass(frozen=True, slots=True)
class Found:
    """One file to ingest. `path` is what journal and messages call it; `received` is the date its folders give; a file
    with a `problem` is not taken."""

    file: Source
    path: str
    received: date | None
    problem: Problem | None = None


def collect(paths: Iterable[Path], project: Path) -> list[Found]:
    """Return the files that `paths` (files, folders of any depth) mean, each once, in the order of their paths.

    Lock files, hidden ones and those the system leaves in folders are skipped. A file is called by its path below the
    project, else below the folder that holds the one it was found in: so it has the same name however it was reached.
    Raises CannotRun (exit 2) when a path does not exist.
    """
    found: dict[str, Found] = {}
    for start in paths:
        if not start.exists():
            raise CannotRun(Problem("path-missing", Location(str(start))))
        # Not resolved: a link is told by its own name.
        top = Path(os.path.abspath(start))
        base = project if top.is_relative_to(project) else (top if top.is_dir() else top.parent).parent
        for file in [top] if not top.is_dir() else _files(top):
            path = file.relative_to(base).as_posix().encode("utf-8", "replace").decode()
            found.update({str(top / each.path): each for each in _look(file, path)})
    return sorted(found.values(), key=lambda f: f.path)


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if _may_be_return(name):
                yield Path(place) / name


def _may_be_return(name: str) -> bool:
    return not name.startswith((".", "~$")) and name.lower() not in _NOT_RETURNS


def _look(file: Path, path: str) -> Iterator[Found]:
    """The gate: nothing is parsed. What may be a return is let through, an archive gives its members, all else its one problem."""
    received = _received(file.parts[:-1])
    try:
        problem = _not_taken(file, path)
        if problem is None and archives.is_archive(file):
            yield from _members(file, path, received)
            return
    except OSError as error:
        problem = Problem("file-no-access", Location(path), found=type(error).__name__, refused="file")
    yield Found(file, path, received, problem)


def _members(file: Path, path: str, received: date | None) -> Iterator[Found]:
    """What is in an archive, by paths as if it were a folder; the archive itself is only noted."""
    try:
        inside = archives.members(file)
    except Unreadable as refusal:
        yield Found(file, path, received, refusal.problem.located(path))
        return
    taken = 0
    for member in inside:
        parts = PurePosixPath(member.path).parts
        if not all(map(_may_be_return, parts)):
            continue
        place = f"{path}/{member.path}"
        if member.member is None:
            problem = member.problem.located(place) if member.problem else None
            yield Found(file, place, received, problem)
            continue
        taken += 1
        yield Found(member.member, place, _received(parts[:-1]) or received)
    if taken:
        opened = Problem("archive-opened", Location(path), found=str(taken), severity="note", rule="D10")
    else:
        opened = Problem("archive-empty", Location(path), refused="file", rule="D10")
    yield Found(file, path, received, opened)


def _received(folders: Iterable[str]) -> date | None:
    """The date that the nearest of the folders is named by."""
    for folder in reversed(list(folders)):
        if _DAY.fullmatch(folder):
            try:
                return date.fromisoformat(folder)
            except ValueError:
                continue
    return None


def _not_taken(file: Path, path: str) -> Problem | None:
    """What keeps a file from being read, seen from outside and by its first bytes. Raises OSError."""
    about = file.lstat()
    where = Location(path)
    if not stat.S_ISREG(about.st_mode):
        return Problem("file-not-regular", where, found=stat.filemode(about.st_mode)[0], refused="file")
    if about.st_size > MAX_BYTES:
        size, most = f"{about.st_size / 2**20:.0f}", f"{MAX_BYTES / 2**20:.0f}"
        return Problem("file-too-large", where, found=size, expected=most, refused="file")
    with file.open("rb") as opened:
        head = opened.read(16)
    if file.suffix.lower() in _COMPRESSED and not head.startswith(b"PK\x03\x04"):
        return Problem("file-compressed", where, found=file.suffix.lower(), refused="file", rule="D11")
    if word := foreign(head):
        return Problem("file-unsupported", where, data={"kind": word}, refused="file", rule="D11")
    return None
