"""Blocks → .xlsx: cards of the key figures, every table of the briefing as a sheet, native charts, then 反查: each printed number
with its fact, and 来源单元格: the cells behind it. A number leads to its line of 反查, that line to its cells and back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation

from ruralpb.core import numbers
from ruralpb.core.ooxml.rewriting import reproducible
from ruralpb.publish.blocks import (
    Box,
    DocumentBlock,
    Paragraph,
    Runs,
    TableBlock,
    TextRun,
    all_runs,
    text_of,
    title_of,
)
from ruralpb.publish.documents.formats.xlsx.source_sheets import CELLS, TRACE, Traced
from ruralpb.publish.source_cells import NumberedCells
from ruralpb.publish.text import Context
from ruralpb.publish.xlsx import boards, sheets

MOST_CARDS = 12
_GOAL = "目标"
_SUMMARY = "主要指标"
_RANKS = "排名"


def write(
    blocks: Sequence[DocumentBlock],
    first: Sequence[DocumentBlock],
    context: Context,
    cells: NumberedCells,
    when: datetime,
) -> bytes:
    """Return the workbook, `first` (blocks of all figures) before the tables of `blocks`. `cells` are those behind the values."""
    title = title_of(blocks)
    used = dict.fromkeys(run.figure for run in all_runs((*first, *blocks)) if run.figure)
    made = _Workbook(context, sheets.Book(when, title), Traced(context, list(used), cells))
    made.cards(title, first)
    for name, heading, grid, notes in _tables((*first, *blocks), title):
        made.table(name, heading, grid, notes)
    made.charts(blocks)
    made.traced.write(made.book)
    return reproducible(made.book.close(), when)


class _Workbook:
    """A workbook in the making: what it says is looked up in `context`, where a number stands is told to `traced`."""

    def __init__(self, context: Context, book: sheets.Book, traced: Traced) -> None:
        self.context, self.book, self.traced = context, book, traced

    def cards(self, title: str, first: Sequence[DocumentBlock]) -> None:
        """A card for each of the first indicators, those with a target before the others."""
        grids = (b for box in first if isinstance(box, Box) for b in box.blocks if isinstance(b, TableBlock))
        rows = [row for grid in grids for row in grid.rows if self._value(row[2]) is not None]
        rows.sort(key=lambda row: self._value(row[5]) is None)
        found = []
        for name, measure, value, before, last_year, _, status, *_ in rows[:MOST_CARDS]:
            number, below = self._value(value), (before, last_year, status)
            assert number is not None
            format = f'{_format(number)}"{text_of(measure) if text_of(measure) != numbers.NONE else ""}"'
            said = "，".join(text for runs in below if (text := text_of(runs)) != numbers.NONE)
            found.append(boards.FigureCard(text_of(name), number, format, said, self._line(value)))
        if found:
            boards.cards(self.book, "要览", title, found)

    def table(self, name: str, heading: str, grid: TableBlock, notes: Sequence[str]) -> None:
        """One table as a sheet; the row of sums adds up what stands above it."""
        ranked = name == _RANKS
        columns = [
            sheets.SheetColumn(head := text_of(h), align, bar=ranked and align == "right" and head != "位次")
            for h, align in zip(grid.head, grid.aligns, strict=True)
        ]
        rows = [[self._cell(runs, text_of(row[0]) == "合计") for runs in row] for row in grid.rows]
        name = f"表{name}" if name in (TRACE, CELLS) else name
        top = self.book.sheet(name, columns, rows, heading, notes)
        for down, row in enumerate(grid.rows):
            for across, runs in enumerate(row):
                for run in runs:
                    self.traced.stands(run.figure, sheets.CellPlace(top.sheet, top.row + down, across))

    def charts(self, blocks: Sequence[DocumentBlock]) -> None:
        """Every drawing of the text as a native chart beside its numbers."""
        boxes = [
            box for box in _opened(blocks) if box.name == "图" and box.words[:1] in (("bar",), ("line",))
        ]
        drawings = [d for box in boxes if (d := self._drawing(box)) is not None]
        if drawings:
            boards.charts(self.book, "图表", "图表", drawings)

    def _drawing(self, box: Box) -> boards.Drawing | None:
        caption = "".join(text_of(b.runs) for b in box.blocks if isinstance(b, Paragraph))
        grid = next((b for b in box.blocks if isinstance(b, TableBlock)), None)
        if grid is None:
            return None
        goal = next((n for label, n in grid.rows if text_of(label) == _GOAL), None)
        points = tuple(
            (text_of(label), self._linked(runs)) for label, runs in grid.rows if text_of(label) != _GOAL
        )
        line = (_GOAL, number) if goal is not None and (number := self._value(goal)) is not None else None
        return boards.Drawing(box.words[0], caption, points, line)

    def _linked(self, runs: Runs) -> sheets.Linked | Decimal | None:
        number, line = self._value(runs), self._line(runs)
        return sheets.Linked(number, line) if number is not None and line is not None else number

    def _cell(self, runs: Runs, sums: bool) -> sheets.SheetCell:
        """A cell that is one figure becomes a number with the decimals it is printed with; — becomes an empty cell."""
        text = text_of(runs)
        if text == numbers.NONE:
            return None
        number = self._value(runs)
        cell: str | Decimal | sheets.Sum = text if number is None else sheets.Sum(number) if sums else number
        line = self._line(runs)
        return sheets.Linked(cell, line) if line is not None else cell

    def _value(self, runs: Runs) -> Decimal | None:
        """The number of a cell that is one figure, as it is printed."""
        if len(runs) != 1 or not runs[0].figure or self.context.facts.by_id[runs[0].figure].value is None:
            return None
        try:
            return Decimal(runs[0].text.removesuffix("%"))
        except InvalidOperation:
            return None

    def _line(self, runs: Sequence[TextRun]) -> sheets.CellPlace | None:
        lines = (self.traced.line(run.figure) for run in runs if run.figure)
        return next((line for line in lines if line is not None), None)


def _format(number: Decimal) -> str:
    places = -int(number.as_tuple().exponent)
    return f"0.{'0' * places}" if places > 0 else "0"


def _tables(blocks: Sequence[DocumentBlock], title: str) -> Iterator[tuple[str, str, TableBlock, list[str]]]:
    """Every table with the name of its sheet, what stands over it (its annex, else the title) and the notes below."""
    found: list[tuple[str, str, TableBlock, list[str]]] = []
    heading = f"{title}：{_SUMMARY}"
    for block in _opened(blocks):
        if block.name == "附件":
            number, *words = (text_of(b.runs) for b in block.blocks if isinstance(b, Paragraph))
            heading = f"{number} {''.join(words)}"
        elif block.name == "表":
            grid = next(b for b in block.blocks if isinstance(b, TableBlock))
            found.append((" ".join(block.words), heading, grid, []))
        elif block.name == "注" and found:
            found[-1][3].extend(text_of(b.runs) for b in block.blocks if isinstance(b, Paragraph))
    yield from found


def _opened(blocks: Sequence[DocumentBlock]) -> Iterator[Box]:
    for block in blocks:
        if isinstance(block, Box):
            yield block
            if block.name not in ("附件", "表", "图"):
                yield from _opened(block.blocks)
