"""Zip archives of returns → their members, one by one (D10).

An archive is a zip container that is no office package. Its members are files like any other: read when they are asked for, named in
UTF-8 or GB 18030, one archive inside another at most. Nothing is unpacked to disk.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from ruralpb.core.ooxml.limits import MAX_BYTES, MAX_INFLATED, ZIP, Unreadable
from ruralpb.core.ooxml.zipped import Bytes, ZipEntry, directory, head, inflated
from ruralpb.core.problems import Problem

_PACKAGES = frozenset(
    ("ofd.xml", "[content_types].xml", "_rels/.rels", "mimetype", "content.xml", "index/document.iwa")
)
_SPREADSHEETS = (".xlsx", ".xlsm", ".xlsb", ".ods", ".et")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: the archive, and the entry in it, perhaps by way of another archive in it. Like a Path as far as reading
    goes, and as cheap to hand about."""

    archive: Path
    entries: tuple[ZipEntry, ...]

    def read_bytes(self) -> bytes:
        """Return its content. Raises Unreadable when it is damaged or larger than it says; OSError when the archive is gone."""
        *outer, own = self.entries
        with _open(self.archive, tuple(outer)) as content:
            return inflated(content, own, MAX_BYTES)


@dataclass(frozen=True, slots=True)
class ArchiveFile:
    """A member by its path in the archive (`/`-separated), or what keeps it from being read."""

    path: str
    member: Member | None = None
    problem: Problem | None = None


@dataclass(slots=True)
class _Walk:
    """A walk through an archive. What its members claim to hold together is counted, and each is held to its claim when it is read."""

    archive: Path
    left: int
    found: list[ArchiveFile] = field(default_factory=list)

    def enter(self, content: Bytes, outer: tuple[ZipEntry, ...], folder: str) -> None:
        for entry in directory(content):
            path = folder + _tidy(entry.name)
            try:
                self._take(content, (*outer, entry), path)
            except Unreadable as refusal:
                self.found.append(ArchiveFile(path, problem=refusal.problem))

    def _take(self, content: Bytes, entries: tuple[ZipEntry, ...], path: str) -> None:
        entry = entries[-1]
        if entry.encrypted:
            raise Unreadable("archive-password", "D07")
        self.left -= entry.size
        if entry.size > MAX_BYTES or self.left < 0:
            limit = MAX_BYTES if entry.size > MAX_BYTES else MAX_INFLATED
            raise Unreadable("workbook-too-large", limit=f"{limit >> 20} MiB")
        if path.lower().endswith(_SPREADSHEETS):
            self.found.append(ArchiveFile(path, Member(self.archive, entries)))
            return
        first = head(content, entry)
        if first.startswith(ZIP) and _is_archive(inner := inflated(content, entry, MAX_BYTES)):
            if len(entries) > 1:
                raise Unreadable("archive-nested", "D10")
            self.enter(inner, entries, f"{path}/")
        else:
            self.found.append(ArchiveFile(path, Member(self.archive, entries)))


def is_archive(file: Path) -> bool:
    """Whether the file is an archive of returns, by its content. One that is damaged is, when its name says so. Raises OSError."""
    if file.name.lower().endswith(_SPREADSHEETS):
        return False
    with file.open("rb") as opened:
        if opened.read(4) != ZIP:
            return False
    with _open(file, ()) as content:
        return _is_archive(content, default=file.suffix.lower() == ".zip")


def members(archive: Path) -> list[ArchiveFile]:
    """Return what is in an archive of returns, and in the archives in it. Raises Unreadable when the archive itself cannot be read; OSError."""
    walk = _Walk(archive, MAX_INFLATED)
    with _open(archive, ()) as content:
        walk.enter(content, (), "")
    return walk.found


def _is_archive(content: Bytes, default: bool = True) -> bool:
    try:
        names = {entry.name.replace("\\", "/").lower() for entry in directory(content)}
    except Unreadable:
        return default
    return not names & _PACKAGES


def _tidy(name: str) -> str:
    """A member's path as it can be shown and stored: no drive, no root, no control characters."""
    parts = re.sub(r"^[A-Za-z]:", "", name.replace("\\", "/")).split("/")
    return _CONTROL.sub("_", "/".join(part for part in parts if part not in ("", ".")))


@contextmanager
def _open(archive: Path, outer: tuple[ZipEntry, ...]) -> Iterator[Bytes]:
    """The bytes of an archive, or of the one in it."""
    if outer:
        yield _inner(archive, outer, archive.stat().st_mtime_ns)
        return
    with archive.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content:
        yield content


@lru_cache(maxsize=1)
def _inner(archive: Path, outer: tuple[ZipEntry, ...], _changed: int) -> bytes:
    # Its members are asked for one after another.
    return Member(archive, outer).read_bytes()
