"""Writes sheets to files, byte for byte the same every time."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from generator.sheets import Sheet

_CREATED = datetime(2025, 1, 1)
_BORDERED = {"border": 1, "valign": "vcenter", "font_size": 10, "font_name": "宋体"}
_NUMBER_FORMATS = {
    "money": "0.00",
    "yuan": "#,##0.00",
    "int": "0",
    "number": "General",
    "percent": "0.0%",
    "date": "yyyy-mm-dd",
    "month": "yyyy.mm",
    "text": "General",
    "center": "General",
}


def xlsx(sheets: list[Sheet]) -> bytes:
    """Return a workbook of `sheets`."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"created": _CREATED, "author": "", "comments": "示例数据，人员均为虚构"})
    looks = _xlsx_looks(book)
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        for column, width in sheet.widths.items():
            page.set_column(column, column, width)
        for top, left, bottom, right in sheet.merged:
            cell = sheet.cells.get((top, left))
            page.merge_range(top, left, bottom, right, "", looks[cell.look if cell else "text"])
        for (row, column), cell in sheet.cells.items():
            _xlsx_cell(page, row, column, cell.value, looks[cell.look], cell.formula)
        page.freeze_panes(sheet.header[1], 0)
        page.set_landscape()
        page.fit_to_pages(1, 0)
    book.close()
    return buffer.getvalue()


def _xlsx_looks(book: Any) -> dict[str, Any]:
    looks = {
        "title": book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"}),
        "meta": book.add_format({"font_size": 10}),
        "header": book.add_format(
            _BORDERED | {"bold": True, "align": "center", "text_wrap": True, "bg_color": "#EEF3F8"}
        ),
        "total": book.add_format(_BORDERED | {"bold": True, "bg_color": "#F7F7F7"}),
    }
    for name, number_format in _NUMBER_FORMATS.items():
        shape = _BORDERED | {"num_format": number_format}
        if name in ("center", "date", "month"):
            shape = shape | {"align": "center"}
        looks[name] = book.add_format(shape)
        looks[f"total_{name}"] = book.add_format(shape | {"bold": True, "bg_color": "#F7F7F7"})
    return looks


def _xlsx_cell(page: Any, row: int, column: int, value: Any, look: Any, formula: str) -> None:
    if formula:
        page.write_formula(row, column, formula, look, value)
    elif value is None:
        page.write_blank(row, column, None, look)
    elif isinstance(value, date):
        page.write_datetime(row, column, datetime(value.year, value.month, value.day), look)
    elif isinstance(value, str):
        page.write_string(row, column, value, look)
    else:
        page.write_number(row, column, value, look)


def xls(sheets: list[Sheet]) -> bytes:
    """Return a BIFF workbook of `sheets`, as offices with old programs send it."""
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    looks: dict[str, Any] = {}
    for sheet in sheets:
        page = book.add_sheet(sheet.name)
        for column, width in sheet.widths.items():
            page.col(column).width = int(width * 256)
        covered = {}
        for top, left, bottom, right in sheet.merged:
            covered[top, left] = (bottom, right)
        for (row, column), cell in sheet.cells.items():
            look = looks.setdefault(cell.look, _xls_look(cell.look))
            if (row, column) in covered:
                bottom, right = covered[row, column]
                page.write_merge(row, bottom, column, right, cell.value, look)
            else:
                page.write(row, column, cell.value, look)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _xls_look(name: str) -> Any:
    import xlwt

    bold = "on" if name in ("title", "header") or name.startswith("total") else "off"
    border = "" if name in ("title", "meta") else "borders: left thin, right thin, top thin, bottom thin;"
    wrap = "on" if name == "header" else "off"
    centre = "center" if name in ("title", "header", "center") else "general"
    number_format = _NUMBER_FORMATS.get(name.removeprefix("total_"), "General")
    return xlwt.easyxf(
        f"font: bold {bold}; {border} align: horiz {centre}, wrap {wrap}", num_format_str=number_format
    )


def csv_text(sheet: Sheet) -> bytes:
    """Return the sheet as gb18030 text, the way spreadsheet programs save it."""
    height = max(row for row, _ in sheet.cells) + 1
    width = max(column for _, column in sheet.cells) + 1
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    for row in range(height):
        cells = [sheet.cells.get((row, column)) for column in range(width)]
        writer.writerow(["" if c is None or c.value is None else _text(c.value) for c in cells])
    return buffer.getvalue().encode("gb18030")


def _text(value: Any) -> str:
    return format(Decimal(str(value)), "f") if isinstance(value, float) else str(value)


def write(folder: Path, files: dict[str, bytes]) -> None:
    """Write files by relative name."""
    for name, content in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
