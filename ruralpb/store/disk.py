"""Writing so that a crash at any moment leaves a file wholly there or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_whole(path: Path, content: bytes, shared: bool = False) -> None:
    """Write `content` to `path`: a temporary file in the same folder, fsync, rename, fsync of the
    folder. Only its owner may read the file, as mkstemp makes it; `shared`: whoever the system's mask lets."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if shared:
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(temporary, 0o666 & ~mask)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


@contextmanager
def readable_by_owner_only() -> Iterator[None]:
    """Let files that a library creates meanwhile be readable by their owner only. It holds for the whole process; Windows has no such mask."""
    mask = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(mask)


def sync_folder(folder: Path) -> None:
    """Make renames in `folder` durable. Windows has no such call and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
