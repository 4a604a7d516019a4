"""A project in one file, and back: a zip of contents by their hash, with a manifest of the files that have them.

    manifest.json      version, when, program, files: path, sha256, size
    contents/<sha256>  each content once, however many files have it

Left out is what can be made again (the database, computed results) and what is of no use elsewhere (locks, unfinished files). A backup may
also leave out what an earlier one holds, its base: then both are needed to restore.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from ruralpb.core.problems import CannotRun, Location, Problem
from ruralpb.store.disk import sync_folder

VERSION = 1
_MANIFEST = "manifest.json"
_PRIVATE = ".ruralpb"
_REMADE = ("ruralpb.duckdb", "ruralpb.rebuilding", "results.sqlite", "lock")
_UNFINISHED = (".writing-", ".sealing-", ".restoring-", "~$", ".~lock.")
_STAMP = (1980, 1, 1, 0, 0, 0)
_PIECE = 2**20


@dataclass(frozen=True, slots=True, order=True)
class KeptFile:
    """A file of the project in a backup: its path below the project's folder, with slashes."""

    path: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made or read: its files, how many contents it holds itself and their bytes."""

    made: str
    files: tuple[KeptFile, ...]
    contents: int
    bytes: int


def project_files(folder: Path) -> list[Path]:
    """Return the files that a backup of the project in `folder` keeps, in the order of their paths. Links are not followed."""
    found = []
    for place, folders, names in os.walk(folder):
        here = Path(place)
        private = here == folder / _PRIVATE
        folders[:] = sorted(name for name in folders if not name.startswith(_UNFINISHED))
        for name in sorted(names):
            path = here / name
            unfinished = name.startswith(_UNFINISHED) or (private and name.startswith(_REMADE))
            if not unfinished and not path.is_symlink() and path.is_file():
                found.append(path)
    return found


def write_backup(folder: Path, target: Path, made: str, program: str, base: Path | None) -> Backup:
    """Write a backup of the project in `folder` to `target`, whole and durable or not at all, readable by its owner only; every content is
    read again and compared before it bears its name. Raises CannotRun when the base cannot be read, or a file changes meanwhile (exit 3)."""
    earlier: set[str] = set()
    if base is not None:
        with _opened(base) as opened:
            earlier = _contents(opened)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                files = list(_put_all(archive, folder, target, earlier))
                about = {"v": VERSION, "made": made, "program": program, "files": [asdict(f) for f in files]}
                archive.writestr(
                    zipfile.ZipInfo(_MANIFEST, _STAMP), json.dumps(about, ensure_ascii=False, indent=1)
                )
            file.flush()
            os.fsync(file.fileno())
        backup = check_backup(Path(temporary), [base] if base else [])
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    sync_folder(target.parent)
    return backup


def _put_all(archive: zipfile.ZipFile, folder: Path, target: Path, earlier: set[str]) -> Iterator[KeptFile]:
    kept: set[str] = set()
    for path in project_files(folder):
        if path.resolve() == target.resolve():
            continue
        with path.open("rb") as source:
            sha256 = hashlib.file_digest(source, "sha256").hexdigest()
            size = source.tell()
            if sha256 not in kept | earlier:
                kept.add(sha256)
                source.seek(0)
                info = zipfile.ZipInfo(f"contents/{sha256}", _STAMP)
                info.compress_type = zipfile.ZIP_DEFLATED
                with archive.open(info, "w", force_zip64=True) as entry:
                    shutil.copyfileobj(source, entry, _PIECE)
        yield KeptFile(path.relative_to(folder).as_posix(), sha256, size)


def check_backup(path: Path, bases: Sequence[Path]) -> Backup:
    """Return what a backup holds, every content compared with its hash. Raises CannotRun (exit 3) naming what is damaged or missing, exit 2
    where the file is no backup or one of another version."""
    with ExitStack() as stack:
        archives = [stack.enter_context(_opened(each)) for each in (path, *bases)]
        about = _manifest(path, archives[0])
        problems = []
        for file in {kept.sha256: kept for kept in about}.values():
            digest, size = hashlib.sha256(), 0
            try:
                for piece in _pieces(archives, file):
                    digest.update(piece)
                    size += len(piece)
            except (KeyError, OSError, zipfile.BadZipFile, ValueError, EOFError, zipfile.zlib.error):  # type: ignore[attr-defined]
                size = -1
            if size != file.size or digest.hexdigest() != file.sha256:
                problems.append(Problem("backup-damaged", Location(str(path)), found=file.path))
        if problems:
            raise CannotRun(problems, 3)
        own = archives[0].infolist()
        made = str(json.loads(archives[0].read(_MANIFEST))["made"])
        return Backup(made, tuple(about), len(own) - 1, sum(info.compress_size for info in own))


def unpack_backup(path: Path, bases: Sequence[Path], folder: Path) -> Backup:
    """Put the files of a backup into `folder`, which must be empty or not be there: all of them or none.

    Raises CannotRun as `check_backup` does, and (exit 2) when the folder has something in it.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CannotRun(Problem("restore-not-empty", Location(str(folder))))
    backup = check_backup(path, bases)
    folder.parent.mkdir(parents=True, exist_ok=True)
    begun = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".restoring-"))
    try:
        with ExitStack() as stack:
            archives = [stack.enter_context(_opened(each)) for each in (path, *bases)]
            for file in backup.files:
                _put_back(begun, file, _pieces(archives, file))
        if folder.exists():
            folder.rmdir()
        begun.chmod(0o755)
        begun.rename(folder)
    except BaseException:
        shutil.rmtree(begun, ignore_errors=True)
        raise
    sync_folder(folder.parent)
    return backup


def _put_back(begun: Path, file: KeptFile, pieces: Iterable[bytes]) -> None:
    target = begun / file.path
    target.parent.mkdir(parents=True, exist_ok=True)
    mode = 0o600 if file.path.startswith(f"{_PRIVATE}/") else 0o644
    with open(
        os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode), "wb"
    ) as written:
        for piece in pieces:
            written.write(piece)
        written.flush()
        os.fsync(written.fileno())


def _pieces(archives: Sequence[zipfile.ZipFile], file: KeptFile) -> Iterator[bytes]:
    """The content of a file from the first archive that has it, no more of it than its size says. Raises KeyError where none has."""
    name = f"contents/{file.sha256}"
    archive = next((each for each in archives if name in each.NameToInfo), archives[0])
    with archive.open(name) as entry:
        left = file.size + 1
        while left and (piece := entry.read(min(_PIECE, left))):
            left -= len(piece)
            yield piece


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise CannotRun(
            Problem("backup-unreadable", Location(str(path)), found=type(error).__name__)
        ) from None


def _contents(archive: zipfile.ZipFile) -> set[str]:
    return {name.rpartition("/")[2] for name in archive.namelist() if name.startswith("contents/")}


def _manifest(path: Path, archive: zipfile.ZipFile) -> list[KeptFile]:
    try:
        about: dict[str, Any] = json.loads(archive.read(_MANIFEST))
        files = [KeptFile(str(f["path"]), str(f["sha256"]), int(f["size"])) for f in about["files"]]
        version = about["v"]
    except Exception as error:  # a zip that is damaged or none of ours raises every kind
        raise CannotRun(
            Problem("backup-unreadable", Location(str(path)), found=type(error).__name__)
        ) from None
    if version != VERSION:
        raise CannotRun(Problem("backup-unreadable", Location(str(path)), found=f"v{version}"))
    outside = [file.path for file in files if not _is_below(file.path)]
    if outside:
        raise CannotRun(Problem("backup-outside", Location(str(path)), found=outside[0]))
    return files


def _is_below(path: str) -> bool:
    posix, windows = PurePosixPath(path), PureWindowsPath(path)
    plain = bool(posix.parts) and "\\" not in path and "\0" not in path
    return plain and not posix.is_absolute() and not windows.drive and ".." not in posix.parts
