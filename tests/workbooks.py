"""Workbooks drawn in the test that reads them: a Markdown table per sheet, bytes out.

    sheet = '''
      2026年第一季度诊所情况表
      填报单位：东镇 | | 单位：万元
      | 村名 | 医生 | <  |
      | ^    | 男 | 女 |
      |------|----|----|
      | 甲村 | 1  | 2  |
    '''

Every line is a row, cells between bars; a line of dashes is dropped. A cell is what it looks like: 12 and -1.5 are numbers, 98% a number
shown as a percentage, @2026-03-15 a date, TRUE a boolean, =A1+B1 → 3 a formula with its cached value, =A1+B1 one never calculated, #REF! an
error. `^` merges with the cell above, `<` with the cell to the left. 'x is the text x whatever it looks like; anything else is text.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import xlsxwriter

Place = tuple[int, int]


def rows(table: str) -> list[list[str]]:
    """The cells of a drawn sheet, as written."""
    lines = [line.strip() for line in table.strip("\n").splitlines()]
    lines = [line for line in lines if not re.fullmatch(r"\|?[\s|:-]*-{3}[\s|:-]*", line)]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return [[cell.strip() for cell in line.removeprefix("|").removesuffix("|").split("|")] for line in lines]


def workbook(
    sheets: str | Mapping[str, str], *, hidden: tuple[str, ...] = (), epoch_1904: bool = False
) -> bytes:
    """The bytes of an .xlsx with the drawn sheets (one named 表1 when only a table is given)."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "date_1904": epoch_1904})
    formats = {
        "percent": book.add_format({"num_format": "0.0%"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
    }
    for name, table in ({"表1": sheets} if isinstance(sheets, str) else sheets).items():
        sheet = book.add_worksheet(name)
        if name in hidden:
            sheet.hide()
        _draw(sheet, rows(table), formats)
    book.close()
    return stream.getvalue()


def csv(table: str, encoding: str = "utf-8-sig") -> bytes:
    """The same sheet as comma-separated text."""
    return "\r\n".join(",".join(cell.removeprefix("'") for cell in row) for row in rows(table)).encode(
        encoding
    )


def _draw(sheet: Any, table: list[list[str]], formats: dict[str, Any]) -> None:
    anchors: dict[Place, Place] = {}
    for row, cells in enumerate(table):
        for column, text in enumerate(cells):
            if text in ("^", "<"):
                above = (row - 1, column) if text == "^" else (row, column - 1)
                anchors[row, column] = anchors.get(above, above)
            else:
                _write(sheet, row, column, text, formats)
    for anchor in set(anchors.values()):
        bottom = max(place for place, origin in anchors.items() if origin == anchor)
        sheet.merge_range(*anchor, *bottom, "")
        _write(sheet, *anchor, table[anchor[0]][anchor[1]], formats)


def _write(sheet: Any, row: int, column: int, text: str, formats: dict[str, Any]) -> None:
    if not text:
        return
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        sheet.write_number(row, column, float(text))
    elif re.fullmatch(r"-?\d+(\.\d+)?%", text):
        sheet.write_number(row, column, float(text[:-1]) / 100, formats["percent"])
    elif text.startswith("@"):
        sheet.write_datetime(row, column, datetime.fromisoformat(text[1:]), formats["date"])
    elif text in ("TRUE", "FALSE"):
        sheet.write_boolean(row, column, text == "TRUE")
    elif re.fullmatch(r"#[A-Z0-9/]+[!?]?", text):
        sheet.write_formula(row, column, "=1/0", None, text)
    elif text.startswith("="):
        formula, _, cached = text.partition("→")
        sheet.write_formula(row, column, formula.strip(), None, _number(cached.strip()))
    else:
        sheet.write_string(row, column, text.removeprefix("'"))


def _number(text: str) -> float | str:
    return float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else text
