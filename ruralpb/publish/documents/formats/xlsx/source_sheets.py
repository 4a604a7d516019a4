"""The sheets 反查 and 来源单元格 of a workbook: what each printed number is, and the cells it rests on."""

from __future__ import annotations

from collections.abc import Sequence

from ruralpb.core import numbers
from ruralpb.model import Value
from ruralpb.publish.source_cells import CellRun, NumberedCells
from ruralpb.publish.text import Context, fact_description
from ruralpb.publish.text.figures import Fact
from ruralpb.publish.xlsx import sheets

TRACE, CELLS = "反查", "来源单元格"
_FIRST_ROW = 2
"""Below title and headings."""

_SHOWN = 12
"""So many raw texts of neighbouring cells are listed in one line."""

_RIGHT = {0, *range(4, 10), 11}
"""The places of the columns with numbers."""


class Traced:
    """The lines of both sheets, known before the tables are written, for these lead to them."""

    def __init__(self, context: Context, printed: Sequence[str], cells: NumberedCells) -> None:
        self._context = context
        self._values = {value.id: value for value in (*context.shown.history, *context.shown.values)}
        known = (context.facts.by_id[id] for id in printed)
        self._facts = [fact for fact in known if fact.of or fact.says]
        self._lines = {fact.id: at for at, fact in enumerate(self._facts, _FIRST_ROW)}
        of = dict.fromkeys(fact.of for fact in self._facts if fact.of)
        self._cells = cells
        self._ranges = {id: list(self._cells.ranges(id)) for id in of}
        self._first: dict[str, int] = {}
        row = _FIRST_ROW
        for id, ranges in self._ranges.items():
            if ranges:
                self._first[id] = row
            row += len(ranges)
        self._stands: dict[str, sheets.CellPlace] = {}

    def line(self, fact: str) -> sheets.CellPlace | None:
        """Where 反查 says what a number is."""
        row = self._lines.get(fact)
        return None if row is None else sheets.CellPlace(TRACE, row, 0)

    def stands(self, fact: str, place: sheets.CellPlace) -> None:
        """Take note where a number is printed; its line leads back to the first such place."""
        self._stands.setdefault(fact, place)

    def write(self, book: sheets.Book) -> None:
        """Add both sheets."""
        columns = [
            sheets.SheetColumn(head, "right" if place in _RIGHT else "left")
            for place, head in enumerate(self._context.data.say.list("sources.trace_heads"))
        ]
        book.sheet(TRACE, columns, [self._told(fact) for fact in self._facts], "数据反查", dense=True)
        if self._first:
            heads = self._context.data.say.list("sources.cells_heads")
            columns = [
                sheets.SheetColumn(
                    head, "right" if head == "个数" else "left", 60 if head == "原文" else None
                )
                for head in heads
            ]
            rows = [self._source(id, *found) for id, ranges in self._ranges.items() for found in ranges]
            book.sheet(CELLS, columns, rows, CELLS, dense=True)

    def _told(self, fact: Fact) -> list[sheets.SheetCell]:
        texts = "、".join(fact.texts)
        place = self._stands.get(fact.id)
        printed: sheets.SheetCell = sheets.Linked(texts, place) if place else texts
        value = self._values.get(fact.of)
        if value is None:
            return [printed, fact.says, *[None] * 9, self._count(fact.of), fact.id]
        return [printed, *self._about(fact, value), self._count(fact.of), fact.id]

    def _about(self, fact: Fact, value: Value) -> list[sheets.SheetCell]:
        indicator = self._context.shown.indicator(value)
        amounts = (value.numerator, value.denominator, value.value) if self._context.exact else (None,) * 3
        part = fact_description.part(fact) if fact.id != fact.of else fact.says
        cut = "、".join(text for _, text in value.slice)
        title = f"{indicator.title}（{cut}）" if cut else indicator.title
        return [
            f"{title}：{part}" if part else title,
            value.unit,
            value.period,
            *(numbers.exported(amount) or None for amount in amounts),
            value.covered,
            value.expected,
            numbers.exported(value.target) or None,
            self._context.data.method(indicator).sentence,
        ]

    def _count(self, id: str) -> sheets.SheetCell:
        """How many cells a number rests on, leading to them."""
        if id not in self._first:
            return None
        count = sum(number for _, _, number in self._ranges[id])
        return sheets.Linked(count, sheets.CellPlace(CELLS, self._first[id], 0))

    def _source(self, id: str, run: CellRun, start: int, count: int) -> list[sheets.SheetCell]:
        shown = run.cells[start : start + count]
        texts = "、".join(address.raw for address in shown[:_SHOWN]) + ("……" if count > _SHOWN else "")
        notes = dict.fromkeys(f"{a.cell}：{a.note}" for a in shown if a.note)
        names = self._cells.names
        back = self.line(id)
        return [
            sheets.Linked(id, back) if back else id,
            names[run.file],
            names[run.sheet],
            run.name(start, count),
            count,
            texts,
            "；".join(notes),
        ]
