"""The content-addressed archive of received files and of definitions in use."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ruralpb.core.problems import CannotRun, Location, Problem
from ruralpb.store.disk import sync_folder, write_whole

_SIDE_BY_SIDE = 8
_IN_HAND = 32 * 2**20
"""Bytes that wait to be written."""


@dataclass(frozen=True, slots=True)
class Archive:
    """A folder of files named by the sha256 of their content: `ab/ab12…`."""

    folder: Path

    def path(self, sha256: str) -> Path:
        """Return where the content of that hash is or would be."""
        return self.folder / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        """True when the content is archived."""
        return self.path(sha256).is_file()

    def put(self, content: bytes) -> str:
        """Archive `content` durably and return its sha256. The same content again changes nothing."""
        sha256 = hashlib.sha256(content).hexdigest()
        if not self.has(sha256):
            write_whole(self.path(sha256), content)
            sync_folder(self.folder)
        return sha256

    def put_all(self, contents: Iterable[bytes]) -> None:
        """Archive all of `contents`, durably when it returns. They are taken one by one, and only so many are in memory at once.

        Several are written side by side: each waits for the disk by itself, and a disk that is asked once for many is asked in
        a tenth of the time.
        """
        begun: set[str] = set()
        writing: deque[tuple[Future[None], int]] = deque()
        with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
            for content in contents:
                sha256 = hashlib.sha256(content).hexdigest()
                if sha256 in begun or self.has(sha256):
                    continue
                begun.add(sha256)
                writing.append((pool.submit(write_whole, self.path(sha256), content), len(content)))
                while sum(size for _, size in writing) > _IN_HAND:
                    writing.popleft()[0].result()
            for written, _ in writing:
                written.result()
        if begun:
            sync_folder(self.folder)  # the folders in it may be new

    def damage(self, sha256: str, came_as: str = "") -> Problem | None:
        """Return the problem that the content of that hash, which `came_as` a file, is not there, cannot be read or is no longer what it was."""
        found = f"{sha256} · {came_as}" if came_as else sha256
        path = self.path(sha256)
        try:
            with path.open("rb") as file:
                whole = hashlib.file_digest(file, "sha256").hexdigest() == sha256
        except FileNotFoundError:
            return Problem("archive-missing", Location(str(path)), found=found)
        except OSError:
            whole = False
        return None if whole else Problem("archive-damaged", Location(str(path)), found=found)

    def all(self) -> list[str]:
        """Return the hashes of all contents, in their order."""
        return sorted(path.name for path in self.folder.glob("[0-9a-f][0-9a-f]/*") if len(path.name) == 64)

    def get(self, sha256: str) -> bytes:
        """Return the content of that hash.

        Raises CannotRun (exit 3) when it is not there or is no longer what it was.
        """
        path = self.path(sha256)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            raise CannotRun(Problem("archive-missing", Location(str(path)), found=sha256), 3) from None
        if hashlib.sha256(content).hexdigest() != sha256:
            raise CannotRun(Problem("archive-damaged", Location(str(path)), found=sha256), 3)
        return content
