"""Workbooks as an office prints them: titles, ruled tables, numbers as numbers, A4 across with repeated headings. Bytes out.

Used for the briefing's tables and for exports; `boards` makes sheets of cards and of charts. The same input gives the
same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from math import ceil
from typing import Any, Literal, NamedTuple

from ruralpb.core import numbers
from ruralpb.publish.xlsx.workbook import PAGE_NUMBERS, Workbook, landscape, text_width


@dataclass(frozen=True, slots=True)
class CellPlace:
    """A cell of a sheet: 0-based row and column."""

    sheet: str
    row: int
    column: int

    @property
    def name(self) -> str:
        """'表 一'!$C$7 without the signs: '表 一'!C7."""
        from xlsxwriter.utility import xl_rowcol_to_cell

        quoted = self.sheet.replace("'", "''")
        return f"'{quoted}'!{xl_rowcol_to_cell(self.row, self.column)}"


@dataclass(frozen=True, slots=True)
class Tinted:
    """Text on a ground of its own colour (#RRGGBB), centred: a cell of a heat map."""

    text: str
    fill: str


@dataclass(frozen=True, slots=True)
class Sum:
    """A number that is said to be the sum of the column above it. It becomes a formula where that is so of the numbers shown,
    with the number as its cached result; else (sums of rounded numbers, averages) the number alone: a formula never shows
    another number than the one that is printed."""

    number: int | Decimal


@dataclass(frozen=True, slots=True)
class Linked:
    """A cell that leads to a place of the same workbook."""

    cell: str | int | Decimal | Sum | None
    place: CellPlace


SheetCell = str | int | Decimal | date | Tinted | Sum | Linked | None
"""Decimals keep their places: Decimal("98.0") is shown 98.0. Text is never taken for a formula, a link or a number."""

_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"font_size": 16, "bold": True, "align": "center", "text_wrap": True},
    "head": {"bold": True, "align": "center", "text_wrap": True, "border": 1, "bg_color": "#EEF3F5"},
    "card": {
        "font_size": 11,
        "align": "center",
        "text_wrap": True,
        "top": 2,
        "left": 1,
        "right": 1,
        "bg_color": "#EEF3F5",
    },
    "big": {"font_size": 22, "bold": True, "align": "center", "left": 1, "right": 1, "font_color": "#1F5673"},
    "small": {
        "font_size": 9,
        "align": "center",
        "left": 1,
        "right": 1,
        "bottom": 1,
        "text_wrap": True,
        "font_color": "#44525A",
    },
}
_WIDEST = 46.0
_LINE = 14.5


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column: heading, where its cells stand, its width in characters (by content when None), and whether a bar in each cell
    shows how large its number is among the others."""

    title: str
    align: Literal["left", "center", "right"] = "left"
    width: float | None = None
    bar: bool = False


class _Style(NamedTuple):
    """How a cell looks: where its text stands, and its `mark` as `Book.look` has it."""

    align: str
    mark: str = ""


class Book:
    """A workbook of tables in the making. `when` is the date it bears; `close` gives its bytes."""

    def __init__(self, when: datetime, title: str = "") -> None:
        self._workbook = Workbook(when, title, {"font_size": 10.5})
        self._names: set[str] = set()

    def sheet(
        self,
        name: str,
        columns: Sequence[SheetColumn],
        rows: Sequence[Sequence[SheetCell]],
        title: str = "",
        notes: Sequence[str | tuple[Tinted, str]] = (),
        dense: bool = False,
    ) -> CellPlace:
        """Add a sheet and return where its first row begins: the title over the table, the headings (frozen, repeated on every page,
        with a filter), the rows, the notes (those of a legend with the cell they explain). `dense`: thousands of rows of one line each."""
        sheet, name = self.page(name)
        last = len(columns) - 1
        head = 0
        if title:
            sheet.merge_range(0, 0, 0, max(last, 1), title, self.look("title"))
            sheet.set_row(0, 30)
            head = 1
        widths = [c.width or _width(c.title, [row[place] for row in rows]) for place, c in enumerate(columns)]
        spread = max(text_width(title) * 1.6 / sum(widths), 1.0)
        widths = [width * spread for width in widths]  # a narrow table is as wide as its title
        for place, column in enumerate(columns):
            sheet.write_string(head, place, column.title, self.look("head"))
            sheet.set_column(place, place, widths[place])
        sheet.set_row(head, _height([c.title for c in columns], widths))
        for number, row in enumerate(rows, head + 1):
            # Rows are given their height: not every program fits it to wrapped text by itself.
            if not dense:
                sheet.set_row(number, _height(row, widths))
            for place, (cell, column) in enumerate(zip(row, columns, strict=True)):
                above = [line[place] for line in rows[: number - head - 1]] if _is_sum(cell) else ()
                self._write(sheet, number, place, cell, _Style(column.align, "dense" if dense else ""), above)
        self._notes(sheet, head + len(rows) + 1, notes)
        self._bars(sheet, head + 1, columns, rows)
        sheet.freeze_panes(head + 1, 1)
        if rows:
            sheet.autofilter(head, 0, head + len(rows), last)
        self.paper(sheet, head)
        return CellPlace(name, head + 1, 0)

    def page(self, name: str) -> tuple[Any, str]:
        """Return a new sheet and the name it got."""
        found = self._name(name)
        sheet = self._workbook.worksheet(found)
        sheet.hide_gridlines(2)
        return sheet, found

    def chart(self, kind: str) -> Any:
        """Return a new native chart (column, bar, line), to be filled and put on a sheet."""
        return self._workbook.book.add_chart({"type": kind})

    def cell(self, sheet: Any, row: int, column: int, cell: SheetCell, kind: str) -> None:
        """Write one cell of a sheet got from `page`; `kind` as `look` has them."""
        self._write(sheet, row, column, cell, _Style(kind))

    def _notes(self, sheet: Any, row: int, notes: Sequence[str | tuple[Tinted, str]]) -> None:
        for number, note in enumerate(notes, row):
            if isinstance(note, tuple):
                self._write(sheet, number, 0, note[0], _Style("center"))
            words, place = (note, 0) if isinstance(note, str) else (note[1], 1)
            sheet.write_string(number, place, words, self.look("note"))

    @staticmethod
    def _bars(
        sheet: Any, top: int, columns: Sequence[SheetColumn], rows: Sequence[Sequence[SheetCell]]
    ) -> None:
        """A bar from zero: its length is the number, not its distance from the least one."""
        for place, column in enumerate(columns):
            found = [number for row in rows if (number := _number(row[place])) is not None]
            if column.bar and len(found) > 1 and min(found) >= 0 and max(found) > 0:
                look = {"type": "data_bar", "data_bar_2010": True, "bar_solid": True, "bar_color": "#BBD7E5",
                        "min_type": "num", "min_value": 0, "max_type": "num", "max_value": max(found)}  # fmt: skip
                sheet.conditional_format(top, place, top + len(rows) - 1, place, look)

    def close(self) -> bytes:
        """Return the workbook; nothing can be added afterwards."""
        return self._workbook.close()

    def _name(self, name: str) -> str:
        """A legal sheet name no other sheet has: at most 31 characters, none of []:*?/\\."""
        clean = _FORBIDDEN.sub(" ", name).strip().strip("'")[:28] or "表"
        found, number = clean, 2
        while found.lower() in self._names:
            found, number = f"{clean}{number}", number + 1
        self._names.add(found.lower())
        return found

    def _write(
        self,
        sheet: Any,
        row: int,
        column: int,
        cell: SheetCell,
        style: _Style,
        above: Sequence[SheetCell] = (),
    ) -> None:
        align, mark = style
        if isinstance(cell, str):
            sheet.write_string(row, column, cell, self.look(align, mark=mark))
        elif isinstance(cell, Linked):
            mark = f"{mark} link".strip()
            words = cell.cell if isinstance(cell.cell, str) else ""
            url, look = f"internal:{cell.place.name}", self.look(align, mark=mark)
            sheet.write_url(row, column, url, look, string=words or " ")
            if not words:
                # The link stays when the cell is written anew: only so can a number bear one.
                self._write(sheet, row, column, cell.cell, _Style(align, mark), above)
        elif isinstance(cell, Sum):
            look = self.look("right", _number_format(cell.number), mark=mark)
            if _adds_up(cell.number, above):
                from xlsxwriter.utility import xl_range

                formula = f"=SUM({xl_range(row - len(above), column, row - 1, column)})"
                sheet.write_formula(row, column, formula, look, cell.number)
            else:
                sheet.write_number(row, column, cell.number, look)
        elif cell is None:
            sheet.write_blank(row, column, None, self.look(align, mark=mark))
        elif isinstance(cell, Tinted):
            sheet.write_string(row, column, cell.text, self.look("center", fill=cell.fill))
        elif isinstance(cell, date):
            sheet.write_datetime(row, column, cell, self.look("center", "yyyy-mm-dd"))
        elif isinstance(cell, bool):
            sheet.write_string(row, column, numbers.yes_no(cell), self.look(align))
        elif isinstance(cell, int | Decimal):
            sheet.write_number(row, column, cell, self.look("right", _number_format(cell), mark=mark))

    def look(self, kind: str, number: str = "", fill: str = "", mark: str = "") -> Any:
        """Return a format: of a title, head, note or card, else of a cell that stands left, center or right. `number`: its number
        format; `mark`: "link" where it leads somewhere, "dense" where a line is never wrapped."""
        look: dict[str, Any] = {}
        if kind in _LOOKS:
            look |= _LOOKS[kind]
        elif kind != "note":
            look |= {"align": kind, "border": 1, "text_wrap": not number and "dense" not in mark}
        if number:
            look["num_format"] = number
        if fill:
            look["bg_color"] = fill
        if "link" in mark:
            look["font_color"] = "#1F5673"
        return self._workbook.format(look)

    @staticmethod
    def paper(sheet: Any, head: int | None = None, scale: int = 0) -> None:
        """Set a sheet up for A4 across, as wide as the page (or at `scale` percent, where it has page breaks of its own), the
        rows down to `head` on every page."""
        landscape(sheet)
        sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.7)
        if scale:
            sheet.set_print_scale(scale)
        if head is not None:
            sheet.repeat_rows(0, head)
        sheet.center_horizontally()
        sheet.set_footer(f"&C{PAGE_NUMBERS}")


def workbook(name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], when: datetime) -> bytes:
    """Return a workbook of one sheet, as exports write it: no title, columns as wide as their content.

    Cells may be anything a table holds; what is no number and no date is written as text.
    """
    book = Book(when, name)
    plain = [[_plain(cell) for cell in row] for row in rows]
    book.sheet(name, [SheetColumn(title) for title in columns], plain)
    return book.close()


def _plain(cell: Any) -> SheetCell:
    return cell if cell is None or isinstance(cell, str | bool | int | Decimal | date) else str(cell)


def _number_format(cell: int | Decimal) -> str:
    places = -int(cell.as_tuple().exponent) if isinstance(cell, Decimal) and cell.is_finite() else 0
    return f"0.{'0' * places}" if places > 0 else "0"


def _text(cell: SheetCell) -> str:
    if isinstance(cell, Linked):
        cell = cell.cell
    if isinstance(cell, Sum):
        return str(cell.number)
    return cell.text if isinstance(cell, Tinted) else "" if cell is None else str(cell)


def _is_sum(cell: SheetCell) -> bool:
    return isinstance(cell.cell if isinstance(cell, Linked) else cell, Sum)


def _number(cell: SheetCell) -> int | Decimal | None:
    """The number a cell shows; None for words and for what is empty."""
    if isinstance(cell, Linked):
        cell = cell.cell
    if isinstance(cell, Sum):
        return cell.number
    return cell if isinstance(cell, int | Decimal) and not isinstance(cell, bool) else None


def _adds_up(number: int | Decimal, above: Sequence[SheetCell]) -> bool:
    """True when the numbers shown above come to exactly this one."""
    shown = [found for cell in above if (found := _number(cell)) is not None]
    return bool(shown) and sum(map(Decimal, shown), Decimal(0)) == number


def _width(title: str, cells: Sequence[SheetCell]) -> float:
    longest = max((text_width(_text(cell)) for cell in cells if cell is not None), default=0.0)
    # A heading may wrap to a few lines, a cell only when it is long.
    return min(max(longest, text_width(title) / 3, 5.0) + 2.0, _WIDEST)


def _height(cells: Sequence[SheetCell], widths: Sequence[float]) -> float:
    texts = zip(cells, widths, strict=True)
    lines = max(
        (
            ceil(text_width(_text(c)) / max(w - 2.0, 1.0))
            for c, w in texts
            if isinstance(c, str | Tinted | Linked)
        ),
        default=1,
    )
    return min(_LINE * max(lines, 1) + 4.0, 400.0)
