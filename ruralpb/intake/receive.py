"""Receiving files: which files a call means, when each was received, and which are new by their content (semantics S1). Archives of returns
are folders here (D10).

A file is known when its bytes were received before, except
* when a person now says that another unit sent it;
* when it is held and a person now says that it replaces, or adds to, what is in force;
* when it was refused for its password, and one is given now;
* when something of it was refused, and definitions or options have changed since: then it is read again.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from ruralpb.core.ooxml.limits import MAX_BYTES, Unreadable
from ruralpb.core.problems import CannotRun, Location, Problem
from ruralpb.intake.folder_dates import received_day
from ruralpb.intake.readers import archives
from ruralpb.intake.readers.container import is_ole
from ruralpb.model import Receipt, StoredReceipt

_NOT_RETURNS = {"thumbs.db", "desktop.ini", "__macosx"}

Source = Path | archives.Member
"""Where a file's bytes are; `read_bytes` gives them."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One file to ingest. `path` is what journal and messages call it; `received` is the date its folders give; a file
    with a `problem` is not taken."""

    file: Source
    path: str
    received: date | None
    problem: Problem | None = None


def collect(
    paths: Iterable[Path], project: Path, today: date, ignored: Sequence[str] = ()
) -> list[FoundFile]:
    """Return the files that `paths` (files, folders of any depth) mean, each once, in the order of their paths. A folder named by a day
    without a year is understood as of `today`. What a folder holds of `ignored` (names, or paths below it, with * and ?) is passed over; a file
    that `paths` name themselves is not.

    Lock files, hidden ones and those the system leaves in folders are skipped. A file is called by its path below the
    project, else below the folder that holds the one it was found in: so it has the same name however it was reached.
    Raises CannotRun (exit 2) when a path does not exist.
    """
    files: dict[str, FoundFile] = {}
    for start in paths:
        if not start.exists():
            raise CannotRun(Problem("path-missing", Location(str(start))))
        # Not resolved: a link is told by its own name.
        top = Path(os.path.abspath(start))
        base = project if top.is_relative_to(project) else (top if top.is_dir() else top.parent).parent
        for file in [top] if not top.is_dir() else _files(top, ignored):
            path = file.relative_to(base).as_posix().encode("utf-8", "replace").decode()
            files.update({str(top / each.path): each for each in _look(file, path, today)})
    return sorted(files.values(), key=lambda f: f.path)


def _files(folder: Path, ignored: Sequence[str]) -> Iterator[Path]:
    def wanted(place: str, name: str) -> bool:
        below = (Path(place) / name).relative_to(folder).as_posix()
        return not any(fnmatch(name, pattern) or fnmatch(below, pattern) for pattern in ignored)

    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and wanted(place, name))
        for name in sorted(names):
            if _may_be_return(name) and wanted(place, name):
                yield Path(place) / name


def _may_be_return(name: str) -> bool:
    return not name.startswith((".", "~$")) and name.lower() not in _NOT_RETURNS


def _look(file: Path, path: str, today: date) -> Iterator[FoundFile]:
    """The gate: nothing is parsed. A file that can be kept is let through, an archive gives its members, all else its one problem."""
    received = received_day(file.parts[:-1], today)
    try:
        problem = _not_taken(file, path)
        if problem is None and archives.is_archive(file):
            yield from _members(file, path, received, today)
            return
    except OSError as error:
        problem = Problem("file-no-access", Location(path), found=type(error).__name__, refused="file")
    yield FoundFile(file, path, received, problem)


def _members(file: Path, path: str, received: date | None, today: date) -> Iterator[FoundFile]:
    """What is in an archive, by paths as if it were a folder; the archive itself is only noted."""
    try:
        inside = archives.members(file)
    except Unreadable as refusal:
        yield FoundFile(file, path, received, refusal.problem.located(path))
        return
    taken = 0
    for member in inside:
        parts = PurePosixPath(member.path).parts
        if not all(map(_may_be_return, parts)):
            continue
        place = f"{path}/{member.path}"
        if member.member is None:
            problem = member.problem.located(place) if member.problem else None
            yield FoundFile(file, place, received, problem)
            continue
        taken += 1
        yield FoundFile(member.member, place, received_day(parts[:-1], today) or received)
    if taken:
        opened = Problem("archive-opened", Location(path), found=str(taken), severity="note", rule="D10")
    else:
        opened = Problem("archive-empty", Location(path), refused="file", rule="D10")
    yield FoundFile(file, path, received, opened)


def _not_taken(file: Path, path: str) -> Problem | None:
    """What keeps a file from being received, seen from outside. Raises OSError. What kind of file it is, is no reason: whatever came is kept,
    and what cannot be read is known to have come."""
    about = file.lstat()
    where = Location(path)
    if not stat.S_ISREG(about.st_mode):
        return Problem("file-not-regular", where, found=stat.filemode(about.st_mode)[0], refused="file")
    if about.st_size > MAX_BYTES:
        size, most = f"{about.st_size / 2**20:.0f}", f"{MAX_BYTES / 2**20:.0f}"
        return Problem("file-too-large", where, found=size, expected=most, refused="file")
    with file.open("rb"):
        return None


# ------------------------------------------------------------------------------------------------ new or known


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to take, with the receipt it will be journaled with (its ids are the journal's to give)."""

    file: Source
    receipt: Receipt
    opened: bytes = b""
    """The workbook in it, where a password opened it."""
    is_encrypted: bool = False
    """It may be: Office's container is one that can be."""
    undated: bool = False
    """Nothing says when it came: it counts as received today."""

    @property
    def content(self) -> bytes:
        """Its bytes, read anew: those of all files of a call together may be more than the memory holds. Raises CannotRun (exit 3)
        when they are no longer what they were."""
        try:
            content = self.file.read_bytes()
        except (OSError, Unreadable):
            content = b""
        if hashlib.sha256(content).hexdigest() != self.receipt.sha256:
            raise CannotRun(Problem("file-changed", Location(self.receipt.path)), 3)
        return content


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file that is not taken: its content is known, or its problem refuses it."""

    path: str
    received: date | None
    problem: Problem


@dataclass(slots=True)
class ReceivedFiles:
    """New and known files, each in the order of their paths."""

    new: list[NewFile] = field(default_factory=list)
    known: list[KnownFile] = field(default_factory=list)

    def undated_folders(self, today: date) -> list[Problem]:
        """Return a note for each folder whose returns are taken as received `today`, with how many there are."""
        counts = Counter(file.receipt.path.rpartition("/")[0] for file in self.new if file.undated)
        return [
            Problem(
                "received-today",
                Location(folder),
                found=str(count),
                severity="note",
                data={"day": str(today)},
            )
            for folder, count in counts.items()
        ]


def receive(
    found: Iterable[FoundFile],
    asked: Receipt,
    received: date | None,
    before: Iterable[StoredReceipt],
    unlocking: bool = False,
) -> ReceivedFiles:
    """Return the files, new and known apart. `asked` is a receipt with what the person said; `received` the date
    the person gave, if any; `before` what has been read already; `unlocking`: a password is given, which may open what was refused.

    A file read again keeps the day its content first came, unless a folder or the person gives another.
    """
    earlier: dict[str, list[StoredReceipt]] = defaultdict(list)
    for stored in before:
        earlier[stored.receipt.sha256].append(stored)
    received_files = ReceivedFiles()
    in_call: dict[str, str] = {}
    for file in found:
        if file.problem is not None:
            received_files.known.append(KnownFile(file.path, file.received, file.problem))
            continue
        try:
            content = file.file.read_bytes()
        except (OSError, Unreadable) as error:
            received_files.known.append(KnownFile(file.path, file.received, _unread(file.path, error)))
            continue
        sha256 = hashlib.sha256(content).hexdigest()
        same = earlier[sha256]
        # One with a password is tried again with what is given now.
        locked = unlocking and bool(same) and all(stored.locked for stored in same)
        same_as = in_call.get(sha256) or ("" if locked else _known_as(same, asked))
        if same_as:
            received_files.known.append(
                KnownFile(file.path, file.received, _same_content(file.path, same_as))
            )
            continue
        in_call[sha256] = file.path
        first = same[0].receipt.received if same and received is None else asked.received
        receipt = replace(
            asked,
            sha256=sha256,
            name=file.path.rpartition("/")[2],
            path=file.path,
            received=file.received or first,
            size=len(content),
        )
        undated = not (file.received or received or same)
        received_files.new.append(NewFile(file.file, receipt, is_encrypted=is_ole(content), undated=undated))
    return received_files


def _known_as(before: Iterable[StoredReceipt], asked: Receipt) -> str:
    """Return the path under which the content is known, "" when it is to be read (again)."""
    return next((stored.receipt.path for stored in before if _settles(stored, asked)), "")


def _settles(stored: StoredReceipt, asked: Receipt) -> bool:
    said, says = stored.receipt, asked
    if (said.definitions, said.period, said.unit_code, said.form, said.mode) == (
        says.definitions,
        says.period,
        says.unit_code,
        says.form,
        says.mode,
    ):
        return True
    if says.unit_code and stored.reporters and says.unit_code not in stored.reporters:
        return False
    return not stored.held and (bool(says.mode) or not stored.refused)


def _unread(path: str, error: OSError | Unreadable) -> Problem:
    if isinstance(error, Unreadable):
        return error.problem.located(path)
    return Problem("file-no-access", Location(path), found=type(error).__name__, refused="file")


def _same_content(path: str, other: str) -> Problem:
    return Problem("file-known", Location(path), expected=other, severity="note", rule="D14")
