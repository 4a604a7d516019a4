"""Workbooks as an office prints them: titles, ruled tables, numbers as numbers, A4 across with repeated headings. Bytes out.

Layer 5. Used for the briefing's tables and for exports. The same input gives the same bytes.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from math import ceil
from typing import Any, Literal

import xlsxwriter


@dataclass(frozen=True, slots=True)
class Tinted:
    """Text on a ground of its own colour (#RRGGBB), centred: a cell of a heat map."""

    text: str
    fill: str


Cell = str | int | Decimal | date | Tinted | None
"""Decimals keep their places: Decimal("98.0") is shown 98.0. Text is never taken for a formula, a link or a number."""

_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_FONT = "宋体"
_WIDEST = 46.0
_LINE = 14.5


@dataclass(frozen=True, slots=True)
class Column:
    """One column: heading, where its cells stand, and its width in characters (by content when None)."""

    title: str
    align: Literal["left", "center", "right"] = "left"
    width: float | None = None


class Book:
    """A workbook in the making. `when` is the date it bears; `close` gives its bytes."""

    def __init__(self, when: datetime, title: str = "") -> None:
        self._out = io.BytesIO()
        # Text from returns may begin with = or look like a link; it must stay what it is.
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._book = xlsxwriter.Workbook(self._out, options)
        self._book.set_properties({"title": title, "author": "ruralpb", "created": when.replace(tzinfo=None)})
        self._formats: dict[tuple[str, str, str], Any] = {}
        self._names: set[str] = set()

    def sheet(
        self,
        name: str,
        columns: Sequence[Column],
        rows: Sequence[Sequence[Cell]],
        title: str = "",
        notes: Sequence[str | tuple[Tinted, str]] = (),
    ) -> None:
        """Add a sheet: the title over the table, the headings (frozen, repeated on every page, with a filter), the rows, the notes (those
        of a legend with the cell they explain)."""
        sheet = self._book.add_worksheet(self._name(name))
        sheet.hide_gridlines(2)
        last = len(columns) - 1
        head = 0
        if title:
            sheet.merge_range(0, 0, 0, max(last, 1), title, self._format("title"))
            sheet.set_row(0, 30)
            head = 1
        widths = [c.width or _width(c.title, [row[place] for row in rows]) for place, c in enumerate(columns)]
        spread = max(text_width(title) * 1.6 / sum(widths), 1.0)
        widths = [width * spread for width in widths]  # a narrow table is as wide as its title
        for place, column in enumerate(columns):
            sheet.write_string(head, place, column.title, self._format("head"))
            sheet.set_column(place, place, widths[place])
        sheet.set_row(head, _height([c.title for c in columns], widths))
        for number, row in enumerate(rows, head + 1):
            # Rows are given their height: not every program fits it to wrapped text by itself.
            sheet.set_row(number, _height(row, widths))
            for place, (cell, column) in enumerate(zip(row, columns, strict=True)):
                self._write(sheet, number, place, cell, column.align)
        for number, note in enumerate(notes, head + len(rows) + 1):
            if isinstance(note, tuple):
                self._write(sheet, number, 0, note[0], "center")
            words, place = (note, 0) if isinstance(note, str) else (note[1], 1)
            sheet.write_string(number, place, words, self._format("note"))
        sheet.freeze_panes(head + 1, 1)
        if rows:
            sheet.autofilter(head, 0, head + len(rows), last)
        self._print(sheet, head)

    def close(self) -> bytes:
        """Return the workbook; nothing can be added afterwards."""
        self._book.close()
        return self._out.getvalue()

    def _name(self, name: str) -> str:
        """A legal sheet name no other sheet has: at most 31 characters, none of []:*?/\\."""
        clean = _FORBIDDEN.sub(" ", name).strip().strip("'")[:28] or "表"
        found, number = clean, 2
        while found.lower() in self._names:
            found, number = f"{clean}{number}", number + 1
        self._names.add(found.lower())
        return found

    def _write(self, sheet: Any, row: int, column: int, cell: Cell, align: str) -> None:
        if cell is None:
            sheet.write_blank(row, column, None, self._format(align))
        elif isinstance(cell, Tinted):
            sheet.write_string(row, column, cell.text, self._format("center", fill=cell.fill))
        elif isinstance(cell, date):
            sheet.write_datetime(row, column, cell, self._format("center", "yyyy-mm-dd"))
        elif isinstance(cell, bool):
            sheet.write_string(row, column, "是" if cell else "否", self._format(align))
        elif isinstance(cell, int | Decimal):
            sheet.write_number(row, column, cell, self._format("right", _number_format(cell)))
        else:
            sheet.write_string(row, column, cell, self._format(align))

    def _format(self, kind: str, number: str = "", fill: str = "") -> Any:
        if (kind, number, fill) not in self._formats:
            look: dict[str, Any] = {"font_name": _FONT, "font_size": 10.5, "valign": "vcenter"}
            if kind == "title":
                look |= {"font_size": 16, "bold": True, "align": "center", "text_wrap": True}
            elif kind == "head":
                look |= {
                    "bold": True,
                    "align": "center",
                    "text_wrap": True,
                    "border": 1,
                    "bg_color": "#EEF3F5",
                }
            elif kind != "note":
                look |= {"align": kind, "border": 1, "text_wrap": not number}
            if number:
                look["num_format"] = number
            if fill:
                look["bg_color"] = fill
            self._formats[kind, number, fill] = self._book.add_format(look)
        return self._formats[kind, number, fill]

    @staticmethod
    def _print(sheet: Any, head: int) -> None:
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0, head)
        sheet.center_horizontally()
        sheet.set_footer("&C第 &P 页，共 &N 页")


def workbook(name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], when: datetime) -> bytes:
    """Return a workbook of one sheet, as exports write it: no title, columns as wide as their content.

    Cells may be anything a table holds; what is no number and no date is written as text.
    """
    book = Book(when, name)
    plain = [[_plain(cell) for cell in row] for row in rows]
    book.sheet(name, [Column(title) for title in columns], plain)
    return book.close()


def _plain(cell: Any) -> Cell:
    return cell if cell is None or isinstance(cell, str | bool | int | Decimal | date) else str(cell)


def _number_format(cell: int | Decimal) -> str:
    places = -int(cell.as_tuple().exponent) if isinstance(cell, Decimal) and cell.is_finite() else 0
    return f"0.{'0' * places}" if places > 0 else "0"


@lru_cache(maxsize=65536)
def text_width(text: str) -> float:
    """The width of a text in columns of a monospaced font: a Chinese character takes two."""
    return sum(2.0 if unicodedata.east_asian_width(char) in "WFA" else 1.0 for char in text)


def _text(cell: Cell) -> str:
    return cell.text if isinstance(cell, Tinted) else str(cell)


def _width(title: str, cells: Sequence[Cell]) -> float:
    longest = max((text_width(_text(cell)) for cell in cells if cell is not None), default=0.0)
    # A heading may wrap to a few lines, a cell only when it is long.
    return min(max(longest, text_width(title) / 3, 5.0) + 2.0, _WIDEST)


def _height(cells: Sequence[Cell], widths: Sequence[float]) -> float:
    texts = zip(cells, widths, strict=True)
    lines = max(
        (ceil(text_width(_text(c)) / max(w - 2.0, 1.0)) for c, w in texts if isinstance(c, str | Tinted)), default=1
    )
    return min(_LINE * max(lines, 1) + 4.0, 400.0)
