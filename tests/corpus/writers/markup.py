"""Books → HTML and XML 2003, both of which arrive named .xls."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import escape

from ..model import Book, Cell, ErrorValue, Formula, Sheet
from .plain import shown

_SS = "urn:schemas-microsoft-com:office:spreadsheet"


def html(book: Book) -> bytes:
    """One table a sheet, as web systems and old WPS export it."""
    tables = "\n".join(_table(sheet) for sheet in book.sheets if not sheet.hidden)
    encoding = "gb2312" if "gbk" in book.traits else "utf-8"
    page = (
        f'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta http-equiv="Content-Type" content="text/html; charset={encoding}">'
        f"<style>td {{mso-number-format:General}}</style></head><body>\n{tables}\n</body></html>"
    )
    return page.encode("gb18030" if encoding == "gb2312" else "utf-8")


def _table(sheet: Sheet) -> str:
    spans, covered = _spans(sheet)
    rows = []
    for line in sheet.lines:
        cells = []
        for cell in line.cells:
            if cell in covered:
                continue
            down, across = spans.get(cell, (1, 1))
            size = (f' rowspan="{down}"' if down > 1 else "") + (f' colspan="{across}"' if across > 1 else "")
            cells.append(f"<td{size}>{escape(shown(cell)).replace(chr(10), '<br>') or '&nbsp;'}</td>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f'<table border="1">{chr(10).join(rows)}</table>'


def _spans(sheet: Sheet) -> tuple[dict[Cell, tuple[int, int]], set[Cell]]:
    """Anchor → (rows, columns) of its merge, and the cells merges cover."""
    places = sheet.positions()
    spans: dict[Cell, tuple[int, int]] = {}
    covered: set[Cell] = set()
    for first, last in sheet.merges:
        (top, left), (bottom, right) = places[first], places[last]
        spans[first] = (bottom - top + 1, right - left + 1)
        covered |= {
            cell
            for cell, (row, column) in places.items()
            if top <= row <= bottom and left <= column <= right and cell is not first
        }
    return spans, covered


def xml_2003(book: Book) -> bytes:
    """The XML that Excel 2003 wrote."""
    looks = sorted(
        {cell.look for sheet in book.sheets for line in sheet.lines for cell in line.cells if cell.look}
    )
    styles = "".join(
        f'<Style ss:ID="s{n}"><NumberFormat ss:Format="{escape(look, {chr(34): "&quot;"})}"/></Style>'
        for n, look in enumerate(looks, 21)
    )
    sheets = "".join(
        _worksheet(sheet, {look: f"s{n}" for n, look in enumerate(looks, 21)}) for sheet in book.sheets
    )
    return (
        '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        f'<Workbook xmlns="{_SS}" xmlns:ss="{_SS}"><Styles>{styles}</Styles>{sheets}</Workbook>'
    ).encode()


def _worksheet(sheet: Sheet, styles: dict[str, str]) -> str:
    spans, covered = _spans(sheet)
    places = sheet.positions()
    hidden = sorted(places[cell][1] + 1 for cell in sheet.hidden_columns)
    rows = ["".join(f'<Column ss:Index="{column}" ss:Hidden="1"/>' for column in hidden)]
    for number, line in enumerate(sheet.lines, 1):
        cells = "".join(
            _data(cell, column, spans.get(cell, (1, 1)), styles)
            for column, cell in enumerate(line.cells, 1)
            if cell not in covered and (cell.value is not None or cell in spans)
        )
        rows.append(
            f'<Row ss:Index="{number}"{" ss:Hidden=" + chr(34) + "1" + chr(34) if line.hidden else ""}>{cells}</Row>'
        )
    options = (
        '<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>SheetHidden</Visible></WorksheetOptions>'
        if sheet.hidden
        else ""
    )
    return f'<Worksheet ss:Name="{escape(sheet.name)}"><Table>{"".join(rows)}</Table>{options}</Worksheet>'


def _data(cell: Cell, column: int, span: tuple[int, int], styles: dict[str, str]) -> str:
    kind, text = _typed(cell.value)
    merge = (f' ss:MergeAcross="{span[1] - 1}"' if span[1] > 1 else "") + (
        f' ss:MergeDown="{span[0] - 1}"' if span[0] > 1 else ""
    )
    style = f' ss:StyleID="{styles[cell.look]}"' if cell.look else ""
    data = f'<Data ss:Type="{kind}">{escape(text).replace(chr(10), "&#10;")}</Data>' if kind else ""
    return f'<Cell ss:Index="{column}"{merge}{style}>{data}</Cell>'


def _typed(value: Any) -> tuple[str, str]:
    match value:
        case None:
            return "", ""
        case Formula():
            return _typed(value.cached)
        case ErrorValue():
            return "Error", value.text
        case bool():
            return "Boolean", str(int(value))
        case int() | float():
            return "Number", repr(value)
        case datetime() | date():
            return "DateTime", f"{value.isoformat()[:10]}T00:00:00.000"
    return "String", str(value)
