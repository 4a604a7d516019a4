"""Backup: the project in one file, checked before and after it is written; restore: the project from it, its database made again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from ruralpb import __version__
from ruralpb.app.health import damage
from ruralpb.app.opening import open_project
from ruralpb.app.project import Project, command_line
from ruralpb.app.rebuild import Rebuilt, rebuild
from ruralpb.app.replay import Advance
from ruralpb.core.problems import CannotRun
from ruralpb.store.backup import Backup, unpack_backup, write_backup


def backup(project: Project, target: Path, base: Path | None, wait: float, now: datetime) -> Backup:
    """Write the project to `target` (`store.backup`); with a `base`, without what that earlier backup holds.

    Raises CannotRun (exit 3) naming what is damaged or lost in the project: then nothing is written, and an earlier backup stays what it is.
    """
    with project.lock(command_line(), wait, now):
        damaged = damage(project)
        if any(problem.severity == "error" for problem in damaged):
            raise CannotRun(damaged, 3)
        return write_backup(project.folder, target, now.isoformat(timespec="seconds"), __version__, base)


def restore(
    file: Path, bases: Sequence[Path], folder: Path, wait: float, advance: Advance
) -> tuple[Backup, Rebuilt]:
    """Put the project of a backup into `folder`, empty or not there, and make its database again. Raises CannotRun as `unpack_backup`
    and `rebuild` do."""
    restored = unpack_backup(file, bases, folder)
    return restored, rebuild(open_project(folder), wait, advance)
