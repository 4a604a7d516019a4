"""The cells of one sheet while a reader of ours collects them, and what their values are."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from ruralpb.core.ooxml.limits import MAX_CELLS, MAX_COLUMNS, Unreadable
from ruralpb.model import Evidence, Range

Cell = tuple[int, int]
"""0-based row and column."""

ERROR = re.compile(
    r"#(?:REF!|DIV/0!|N/A|VALUE!|NAME\?|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA|FIELD!|BLOCKED!)|Err:\d{3}"
)
"""What a cell shows whose formula fails, in Excel, WPS and LibreOffice."""


PERCENT = Evidence(format="percent")
PARTS = Evidence(format="parts")
EMPTY = Evidence(format="empty")


@dataclass(slots=True)
class Cells:
    """Values by place, and beside them what the values do not tell."""

    values: dict[Cell, Any] = field(default_factory=dict)
    percent: list[Cell] = field(default_factory=list)
    disguised: dict[Cell, Evidence] = field(default_factory=dict)
    formulas: dict[Cell, str] = field(default_factory=dict)
    links: dict[Cell, str] = field(default_factory=dict)
    comments: dict[Cell, str] = field(default_factory=dict)
    struck: set[Cell] = field(default_factory=set)
    merged: list[Range] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def put(self, at: Cell, value: Any) -> None:
        """Say what stands at a place; a blank is nothing. Raises Unreadable beyond the limits."""
        if value is None or value == "":
            return
        if at[1] >= MAX_COLUMNS or len(self.values) >= MAX_CELLS:
            raise Unreadable("workbook-too-large", limit=f"{MAX_CELLS}")
        self.values[at] = value

    def mark(self, at: Cell, text: str, marked: str) -> None:
        """Say which letters of a text are struck out or raised: all of them or none change nothing, a part makes it doubtful."""
        marked, text = "".join(marked.split()), "".join(text.split())
        if marked and marked != text:
            self.disguised[at] = PARTS

    def evidence(self) -> dict[Cell, Evidence]:
        """What is to be said of each cell of which something is."""
        evidence_of = dict.fromkeys(self.percent, PERCENT) | self.disguised
        for at in {*self.formulas, *self.struck, *self.comments}:
            evidence_of[at] = replace(
                evidence_of.get(at, Evidence()),
                formula=self.formulas.get(at, ""),
                struck=at in self.struck,
                comment=self.comments.get(at, ""),
                link=self.links.get(at, ""),
            )
        return evidence_of

    def rows(self) -> tuple[tuple[Any, ...], ...]:
        """The rows from A1 to the last value. Raises Unreadable when few cells span too many."""
        height = max((row for row, _ in self.values), default=-1) + 1
        width = max((column for _, column in self.values), default=-1) + 1
        if height * width > MAX_CELLS:
            raise Unreadable("workbook-too-large", limit=f"{MAX_CELLS}")
        grid: list[list[Any]] = [[None] * width for _ in range(height)]
        for (row, column), value in self.values.items():
            grid[row][column] = value
        return tuple(map(tuple, grid))


def in_parts(text: Any, runs: Iterable[tuple[int, int]], marked: Collection[int]) -> bool:
    """Whether some letters of a text are struck out or raised (have one of the `marked` fonts) and others are not. A run begins at a
    letter and has a font."""
    if not isinstance(text, str):
        return False
    begun = [(0, -1), *runs, (len(text), -1)]
    kinds = {font in marked for (start, font), (end, _) in pairwise(begun) if text[start:end].strip()}
    return len(kinds) > 1


def serial_day(value: float, epoch_1904: bool) -> date | datetime | None:
    """The day (and time) of a serial number that a date format shows; None outside the days Excel has."""
    if not 1 <= value < 2_958_466 - (1462 if epoch_1904 else 0):
        return None
    stamp = (
        datetime(1904, 1, 1) + timedelta(days=value)
        if epoch_1904
        # Excel's 1900 has a 29 February: serials before it are a day further on.
        else datetime(1899, 12, 31 if value < 60 else 30) + timedelta(days=value)
    )
    return stamp.date() if value == int(value) else stamp


def moment(text: str) -> Any:
    """The day, or day and time, that an ISO text means (`2026-03-01`, `2026-03-01T00:00:00.000`); the text itself when none."""
    try:
        stamp = datetime.fromisoformat(text)
    except ValueError:
        return text
    return stamp.date() if stamp.time() == stamp.min.time() else stamp
