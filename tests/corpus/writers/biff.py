"""Books → .xls, by xlwt. A formula is written as the value it shows: xlwt computes none."""

from __future__ import annotations

import io
from typing import Any

import xlwt

from ..model import Book, Cell, ErrorValue, Formula, Sheet


def write(book: Book) -> bytes:
    target = xlwt.Workbook(encoding="utf-8")
    target.dates_1904 = "1904" in book.traits
    styles: dict[tuple[str, bool], Any] = {}
    for sheet in book.sheets:
        _sheet(target.add_sheet(sheet.name[:31]), sheet, styles)
    stream = io.BytesIO()
    target.save(stream)
    return stream.getvalue()


def _sheet(target: Any, sheet: Sheet, styles: dict[tuple[str, bool], Any]) -> None:
    if sheet.hidden:
        target.visibility = 1
    target.protect = sheet.protected
    places = sheet.positions()
    merged = {cell for first, last in sheet.merges for cell in places if _within(places, cell, first, last)}
    for first, last in sheet.merges:
        (top, left), (bottom, right) = places[first], places[last]
        target.write_merge(top, bottom, left, right, _shown(first.value), _style(first, styles))
    for row, line in enumerate(sheet.lines):
        if line.hidden:
            target.row(row).hidden = True
        for column, cell in enumerate(line.cells):
            if cell not in merged and _shown(cell.value) is not None:
                target.write(row, column, _shown(cell.value), _style(cell, styles))
    for cell in sheet.hidden_columns:
        target.col(places[cell][1]).hidden = True


def _within(places: dict[Cell, tuple[int, int]], cell: Cell, first: Cell, last: Cell) -> bool:
    (top, left), (bottom, right), (row, column) = places[first], places[last], places[cell]
    return top <= row <= bottom and left <= column <= right


def _shown(value: Any) -> Any:
    if isinstance(value, Formula):
        return value.cached
    return value.text if isinstance(value, ErrorValue) else value


def _style(cell: Cell, styles: dict[tuple[str, bool], Any]) -> Any:
    key = cell.look, cell.struck
    if key not in styles:
        style = xlwt.XFStyle()
        style.num_format_str = cell.look or "General"
        style.font.struck_out = cell.struck
        styles[key] = style
    return styles[key]
