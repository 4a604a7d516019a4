"""BIFF workbooks (.xls, WPS .et) → grids, by xlrd alone.

xlrd tells error cells, number formats, merged ranges and hidden rows, none of which calamine does for BIFF; and calamine
ended 30 of 1,032 damaged .xls in an abort that nothing can catch. So one reader gives values and evidence both.
"""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

from ruralpb.core.ooxml.limits import MAX_CELLS, MAX_COLUMNS, Unreadable
from ruralpb.intake.readers import biff_records
from ruralpb.intake.readers.cells import EMPTY, PARTS, PERCENT, Cell, in_parts
from ruralpb.intake.readers.styles import disguise
from ruralpb.intake.readers.symbols import is_symbols, shown
from ruralpb.model import CellError, Evidence, Grid, Range

_EMPTY, _TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR, _BLANK = range(7)
_QUOTED = re.compile(r'"[^"]*"|\\.')


def read(content: bytes) -> list[Grid]:
    """Return the worksheets. Raises Unreadable when xlrd cannot open the file: xlrd and the struct module raise every kind of
    exception on damaged bytes."""
    import xlrd

    try:
        # On demand, or xlrd drops the workbook's bytes before its records can be looked through.
        with xlrd.open_workbook(
            file_contents=content, formatting_info=True, on_demand=True, logfile=io.StringIO()
        ) as book:
            return [_grid(book, sheet) for sheet in book.sheets()]
    except (Unreadable, MemoryError):
        raise
    except Exception:
        raise Unreadable("file-damaged") from None


def _grid(book: Any, sheet: Any) -> Grid:
    if sheet.nrows * sheet.ncols > MAX_CELLS or sheet.ncols > MAX_COLUMNS:
        raise Unreadable("workbook-too-large", limit=f"{MAX_CELLS}")
    percent_styles = {
        index
        for index, style in enumerate(book.xf_list)
        if "%" in _QUOTED.sub("", book.format_map[style.format_key].format_str)
    }
    disguised = {
        index: said
        for index, style in enumerate(book.xf_list)
        if (said := disguise(book.format_map[style.format_key].format_str)) is not None
    }
    values: list[tuple[Any, ...]] = []
    evidence: dict[Cell, Evidence] = {}
    for row in range(sheet.nrows):
        kinds = sheet.row_types(row)
        values.append(
            tuple(_value(book, kind, value) for kind, value in zip(kinds, sheet.row_values(row), strict=True))
        )
        for column, kind in enumerate(kinds):
            if kind == _TEXT and not sheet.cell_value(row, column):
                evidence[row, column] = EMPTY
            if kind != _NUMBER:
                continue
            style = sheet.cell_xf_index(row, column)
            if style in percent_styles:
                evidence[row, column] = PERCENT
            elif style in disguised:
                evidence[row, column] = disguised[style]
    records = biff_records.read(book, sheet)
    for at, formula in records.formulas.items():
        evidence[at] = replace(evidence.get(at, Evidence()), formula=formula)
    _annotate(book, sheet, values, evidence)
    _show_symbols(book, sheet, values)
    while values and not any(cell is not None for cell in values[-1]):
        values.pop()
    width = max((len(row) for row in values), default=0)
    return Grid(
        sheet.name,
        tuple(row + (None,) * (width - len(row)) for row in values),
        evidence,
        tuple(Range(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells),
        hidden=sheet.visibility != 0,
        hidden_rows=frozenset(row for row, info in sheet.rowinfo_map.items() if info.hidden),
        hidden_columns=frozenset(column for column, info in sheet.colinfo_map.items() if info.hidden),
        epoch_1904=book.datemode == 1,
        surroundings=tuple(records.texts),
    )


def _annotate(book: Any, sheet: Any, values: list[tuple[Any, ...]], evidence: dict[Cell, Evidence]) -> None:
    """Add comments, and text that is struck out in whole or in part."""
    struck_fonts = {index for index, font in enumerate(book.font_list) if font.struck_out}
    styles = {index for index, style in enumerate(book.xf_list) if style.font_index in struck_fonts}
    struck: set[Cell] = set()
    if styles:
        struck.update(
            (row, column)
            for row, cells in enumerate(values)
            for column, value in enumerate(cells)
            if value is not None and sheet.cell_xf_index(row, column) in styles
        )
    if struck_fonts:
        runs = sheet.rich_text_runlist_map.items()
        struck.update(at for at, fonts in runs if any(font in struck_fonts for _, font in fonts))
    marked = struck_fonts | {index for index, font in enumerate(book.font_list) if font.escapement}
    for (row, column), runs in sheet.rich_text_runlist_map.items() if marked else ():
        if row < len(values) and column < len(values[row]) and in_parts(values[row][column], runs, marked):
            evidence[row, column] = PARTS
    comments = {at: note.text.strip() for at, note in sheet.cell_note_map.items() if note.text.strip()}
    for at in struck | comments.keys():
        found = evidence.get(at, Evidence())
        evidence[at] = replace(found, struck=at in struck, comment=comments.get(at, ""))


def _show_symbols(book: Any, sheet: Any, values: list[tuple[Any, ...]]) -> None:
    """Replace texts in fonts of symbols by what they show."""
    fonts = {index: font.name for index, font in enumerate(book.font_list) if is_symbols(font.name)}
    styles = {
        index: fonts[style.font_index]
        for index, style in enumerate(book.xf_list)
        if style.font_index in fonts
    }
    for row, cells in enumerate(values) if styles else ():
        fonts_of_row = {
            column: styles[style]
            for column, value in enumerate(cells)
            if isinstance(value, str) and (style := sheet.cell_xf_index(row, column)) in styles
        }
        if fonts_of_row:
            values[row] = tuple(
                shown(value, fonts_of_row[column]) if column in fonts_of_row else value
                for column, value in enumerate(cells)
            )


def _value(book: Any, kind: int, value: Any) -> Any:
    import xlrd

    match kind:
        case 1:
            return value or None
        case 2:
            return value
        case 3:
            try:
                stamp = xlrd.xldate_as_datetime(value, book.datemode)
            except (ValueError, OverflowError):
                return value
            if value < 1:
                return stamp.time()  # hours of no day
            return stamp if stamp.time() != stamp.min.time() else stamp.date()
        case 4:
            return bool(value)
        case 5:
            return CellError(xlrd.error_text_from_code.get(value, "#ERR"))
        case _:
            return None
