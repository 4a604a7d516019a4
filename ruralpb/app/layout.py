"""Layout: any .docx measured against the standard of official documents. Needs no project."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ruralpb.core.problems import CannotRun, Location, Problem
from ruralpb.publish.docx.check import Deviation
from ruralpb.publish.docx.check import check as measure
from ruralpb.publish.docx.gbt9704 import ITEMS


@dataclass(frozen=True, slots=True)
class Measured:
    """One document: how many items of the standard are measured, and where it deviates."""

    file: str
    measured: int
    deviations: tuple[Deviation, ...]


def check(path: Path) -> Measured:
    """Return where the .docx at `path` deviates from GB/T 9704-2012. Raises CannotRun (exit 2) when it cannot be read."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CannotRun(Problem("docx-missing", Location(str(path)))) from error
    return Measured(str(path), len(ITEMS), measure(content, str(path)))
