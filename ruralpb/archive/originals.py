"""The content-addressed archive of received files and of definitions in use."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from ruralpb.archive.disk import write_whole
from ruralpb.problems import CannotRun, Location, Problem


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
        return sha256

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
