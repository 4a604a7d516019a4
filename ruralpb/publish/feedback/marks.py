"""Marks: which cells of a file bear which colour."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ruralpb.core.problems import SEVERITIES, Severity


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
        traits = SEVERITIES[mark.severity]
        found.setdefault(sheet, {})[cell] = traits.marked if mark.head else traits.pale
    return found


def _rank(mark: Mark) -> tuple[int, bool]:
    return SEVERITIES[mark.severity].rank, not mark.head
