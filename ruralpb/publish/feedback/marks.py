"""Marks: which cells of a file bear which colour."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ruralpb.core.problems import Severity

COLOURS: Mapping[Severity, str] = {"error": "FF9C9C", "query": "FFE066", "note": "9DC3E6"}
"""Red, yellow, blue: the cell a finding is about."""
PALE: Mapping[Severity, str] = {"error": "FFDADA", "query": "FFF5CC", "note": "DEEBF7"}
"""The other rows of its group."""

_WORST: Mapping[Severity, int] = {"error": 0, "query": 1, "note": 2}


@dataclass(frozen=True, slots=True)
class Mark:
    """One cell to colour: A1 notation; `head` is the cell a finding is about, the others are the further rows of its group."""

    sheet: str
    cell: str
    severity: Severity
    head: bool = True


def colours(marks: Iterable[Mark]) -> dict[str, dict[str, str]]:
    """Return sheet → cell → colour (RRGGBB). Of several marks on a cell the most severe wins, then the head of a finding."""
    best: dict[tuple[str, str], Mark] = {}
    for mark in marks:
        known = best.setdefault((mark.sheet, mark.cell), mark)
        if _rank(mark) < _rank(known):
            best[mark.sheet, mark.cell] = mark
    found: dict[str, dict[str, str]] = {}
    for (sheet, cell), mark in best.items():
        shades = COLOURS if mark.head else PALE
        found.setdefault(sheet, {})[cell] = shades[mark.severity]
    return found


def _rank(mark: Mark) -> tuple[int, bool]:
    return _WORST[mark.severity], not mark.head
