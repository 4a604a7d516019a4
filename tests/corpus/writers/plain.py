"""Books → text with separators. The container's name carries encoding and separator: csv:gb18030, csv:utf-8, csv:utf-16:tab …"""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, time
from typing import Any

from ..model import Book, Cell, ErrorValue, Formula

_SEPARATORS = {"tab": "\t", "semicolon": ";"}


def write(book: Book) -> bytes:
    _, encoding, *separator = book.container.split(":")
    stream = io.StringIO()
    writer = csv.writer(
        stream, delimiter=_SEPARATORS.get(separator[0], ",") if separator else ",", lineterminator="\r\n"
    )
    for line in book.main.lines:
        writer.writerow([shown(cell) for cell in line.cells])
    return stream.getvalue().encode(encoding)


def shown(cell: Cell) -> str:
    """The cell as the screen shows it: what is left when a sheet is saved as text."""
    return _text(cell.value, cell.look)


def _text(value: Any, look: str) -> str:
    match value:
        case None:
            return ""
        case Formula():
            return _text(value.cached, look)
        case ErrorValue():
            return value.text
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float() if "%" in look:
            return f"{value * 100:.10g}%"
        case int() | float():
            return f"{value:.15g}"
        case datetime() | date() | time():
            return value.isoformat()[:10]
    return str(value)
