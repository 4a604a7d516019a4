"""One writer at a time: the lock of a project, and who holds it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ruralpb.core.problems import CannotRun, Location, Problem

if TYPE_CHECKING:
    from filelock import BaseFileLock


@contextmanager
def locked(folder: Path, command: str, wait: float, now: datetime) -> Iterator[None]:
    """Hold the lock of the project whose private folder this is until the block ends.

    `command` and `now` are what another process is told meanwhile. Raises CannotRun (exit 3) naming the holder when the lock is not free
    within `wait` seconds.
    """
    from filelock import FileLock, Timeout

    folder.mkdir(parents=True, exist_ok=True)
    lock: BaseFileLock = FileLock(folder / "lock", mode=0o600)
    # Beside the lock, not in it: on Windows a locked file cannot be read by others.
    holder = folder / "lock.holder"
    try:
        lock.acquire(timeout=wait)
    except Timeout:
        raise CannotRun(_held(holder, wait), 3) from None
    try:
        about = {"pid": os.getpid(), "command": command, "since": now.isoformat(timespec="seconds")}
        # Of no use after a crash: nothing waits for the disk.
        holder.write_text(json.dumps(about, ensure_ascii=False), "utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def another_writes(folder: Path) -> bool:
    """True while another process holds the lock of the project whose private folder this is."""
    from filelock import FileLock, Timeout

    try:
        # What an ended process left behind says nothing: the lock does.
        if json.loads((folder / "lock.holder").read_text("utf-8"))["pid"] == os.getpid():
            return False
        with FileLock(folder / "lock", mode=0o600, timeout=0):
            return False
    except Timeout:
        return True
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _held(holder: Path, wait: float) -> Problem:
    try:
        about = json.loads(holder.read_text("utf-8"))
        who = f"{about['command']} (pid {about['pid']}, {about['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        who = "?"
    return Problem("project-locked", Location(str(holder.parent)), found=who, expected=f"{wait:g}")
