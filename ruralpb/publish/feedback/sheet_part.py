"""The part of a worksheet: the styles of some cells changed, cells and rows that are not there put in at their place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ruralpb.model import Range, cell_name, cell_position
from ruralpb.publish.feedback.tags import Edit, Tag, edited, tag, walk, walker

_MERGED = re.compile(rb"<(?:[\w.-]+:)?mergeCell\s[^>]*?\bref\s*=\s*[\"']([A-Z]+[0-9]+):([A-Z]+[0-9]+)[\"']")

Restyle = Callable[[int, str], int]
"""(style number, colour) → number of the style that is it with this fill."""


def marked(part: bytes, colours: Mapping[str, str], restyle: Restyle) -> bytes:
    """Return the part with the cells (A1 notation) in their colours. A cell in a merged area marks its first cell. Raises Unmarkable."""
    areas = _merged(part)
    wanted: dict[int, dict[int, str]] = {}
    for name, colour in colours.items():
        place = cell_position(name)
        if place is not None:
            row, column = _first(place, areas)
            wanted.setdefault(row, {}).setdefault(column, colour)
    return _Marker(part, wanted, restyle).run() if wanted else part


def _merged(part: bytes) -> list[Range]:
    found = []
    for match in _MERGED.finditer(part):
        first, last = cell_position(match[1].decode()), cell_position(match[2].decode())
        if first and last:
            found.append(Range(*first, *last))
    return found


def _first(place: tuple[int, int], areas: Sequence[Range]) -> tuple[int, int]:
    row, column = place
    for area in areas:
        if area.top <= row <= area.bottom and area.left <= column <= area.right:
            return area.top, area.left
    return place


class _Marker:
    """One pass over a sheet. Positions that are not written follow from the row or cell before."""

    def __init__(self, part: bytes, wanted: Mapping[int, Mapping[int, str]], restyle: Restyle) -> None:
        self._part, self._restyle = part, restyle
        self._rows = sorted(wanted.items())
        """Rows still to come, the nearest last."""
        self._rows.reverse()
        self._cells: list[tuple[int, str]] = []
        """Cells of this row still to come, the nearest last."""
        self._columns: list[tuple[int, int, int]] = []
        self._edits: list[Edit] = []
        self._row, self._column = -1, -1
        self._tag: Tag | None = None
        self._style = 0
        self._prefix = ""
        self._parser: Any = walker(part)

    def run(self) -> bytes:
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        walk(self._parser, self._part)
        return edited(self._part, self._edits)

    def _start(self, name: str, given: dict[str, str]) -> None:
        # Called for each element of the sheet: cells first, there are the most of them.
        local = name.rpartition(":")[2]
        if local == "c":
            if self._tag is not None:
                self._cell(given)
        elif local == "row":
            self._begin_row(given)
        elif local == "col":
            if "style" in given:
                self._columns.append((int(given["min"]), int(given["max"]), int(given["style"])))
        elif local == "sheetData":
            own = self._here()
            self._prefix = own.prefix
            if own.empty:
                rows = b"".join(self._new_row(row, cells) for row, cells in reversed(self._rows))
                self._edits.append(Edit(own.start, own.end, own.opened(rows)))
                self._rows = []

    def _end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local == "row" and self._tag is not None:
            self._put(self._parser.CurrentByteIndex, self._rest())
            self._tag = None
        elif local == "sheetData":
            rest = b"".join(self._new_row(row, cells) for row, cells in reversed(self._rows))
            self._put(self._parser.CurrentByteIndex, rest)
            self._rows = []

    def _here(self) -> Tag:
        return tag(self._part, self._parser.CurrentByteIndex)

    def _put(self, at: int, text: bytes) -> None:
        if text:
            self._edits.append(Edit(at, at, text))

    def _begin_row(self, given: dict[str, str]) -> None:
        self._row = int(given["r"]) - 1 if "r" in given else self._row + 1
        self._column = -1
        while self._rows and self._rows[-1][0] < self._row:
            self._put(self._parser.CurrentByteIndex, self._new_row(*self._rows.pop()))
        if not self._rows or self._rows[-1][0] != self._row:
            return
        own = self._here()
        self._cells = sorted(self._rows.pop()[1].items(), reverse=True)
        self._style = int(given.get("s", "0")) if given.get("customFormat") in ("1", "true") else -1
        if own.empty:
            self._edits.append(Edit(own.start, own.end, own.opened(self._rest())))
        else:
            self._tag = own

    def _cell(self, given: dict[str, str]) -> None:
        place = cell_position(given["r"]) if "r" in given else None
        self._column = place[1] if place else self._column + 1
        while self._cells and self._cells[-1][0] < self._column:
            self._put(
                self._parser.CurrentByteIndex, self._new_cell(self._row, *self._cells.pop(), self._style)
            )
        if self._cells and self._cells[-1][0] == self._column:
            own = self._here()
            style = self._restyle(int(given.get("s", "0")), self._cells.pop()[1])
            self._edits.append(Edit(own.start, own.end, own.having({"s": str(style)})))

    def _rest(self) -> bytes:
        rest, self._cells = self._cells, []
        cells = (self._new_cell(self._row, column, colour, self._style) for column, colour in reversed(rest))
        return b"".join(cells)

    def _new_row(self, row: int, cells: Mapping[int, str]) -> bytes:
        p = self._prefix
        content = b"".join(
            self._new_cell(row, column, colour, -1) for column, colour in sorted(cells.items())
        )
        return f'<{p}row r="{row + 1}">'.encode() + content + f"</{p}row>".encode()

    def _new_cell(self, row: int, column: int, colour: str, style: int) -> bytes:
        """A cell that was not there looked like its row (`style`, -1 for none), else like its column."""
        if style < 0:
            style = next((s for first, last, s in self._columns if first <= column + 1 <= last), 0)
        name = cell_name(row, column)
        return f'<{self._prefix}c r="{name}" s="{self._restyle(style, colour)}"/>'.encode()
