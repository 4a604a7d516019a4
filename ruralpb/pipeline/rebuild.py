"""Rebuild: the store again from archive and journal, with equal content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ruralpb.pipeline.project import Project, command_line
from ruralpb.pipeline.replay import Advance, replay
from ruralpb.problems import Problem


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild made: how many files were read, how many versions and rows stored, what the journal had to say."""

    files: int
    submissions: int
    rows: int
    problems: tuple[Problem, ...] = ()


def rebuild(project: Project, wait: float, advance: Advance) -> Rebuilt:
    """Make the store again: every receipt is read with the definitions of its journal line.

    The old store is replaced when the new one is whole. `advance` is called once for each file. Raises CannotRun (exit
    3) when another run writes, the journal is broken, or an original is missing.
    """
    with project.lock(command_line(), wait, datetime.now().astimezone()):
        torn = project.journal.torn()
        receipts = project.journal.receipts()
        new = project.store_path.with_suffix(".rebuilding")
        _forget(new)
        submissions = rows = 0
        for stored in replay(project, receipts, new, advance, wait=wait):
            submissions += len(stored.verdict.versions)
            rows += sum(len(block.rows) for _, reading in stored.receipts for block in reading.blocks)
        _forget(project.store_path)
        if new.is_file():
            new.replace(project.store_path)
    return Rebuilt(len(receipts), submissions, rows, (torn,) if torn else ())


def _forget(store: Path) -> None:
    for path in (store, store.with_name(f"{store.name}.wal")):
        path.unlink(missing_ok=True)
