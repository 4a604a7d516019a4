"""Who may read and write what the toolkit keeps."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path


def exposed_files(folder: Path) -> list[Path]:
    """Return the files below `folder` that others than their owner may read or write; none where the system has no such modes."""
    if os.name == "nt":
        return []
    files = [path for path in sorted(folder.rglob("*")) if not path.is_symlink() and path.is_file()]
    return [path for path in files if stat.S_IMODE(path.stat().st_mode) & 0o077]


def unwritable(folders: Iterable[Path]) -> Path | None:
    """Return the first folder that is there and cannot be written into."""
    return next(
        (folder for folder in folders if folder.is_dir() and not os.access(folder, os.W_OK | os.X_OK)), None
    )
