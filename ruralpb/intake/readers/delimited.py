"""Comma- or tab-separated text → one grid of text cells. The charset is decided strictly, never by replacement."""

from __future__ import annotations

import csv
import io
import re

from ruralpb.core.ooxml.limits import MAX_CELLS, MAX_COLUMNS, Unreadable
from ruralpb.model import Grid

SHEET = "CSV"
"""A text file has one sheet without a name; messages need one."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def read(content: bytes) -> list[Grid]:
    """Return the file's one sheet. Raises Unreadable when it is no text, or wider than any return."""
    text = _decoded(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        rows = list(reader)
    except csv.Error:
        # A quotation mark without its partner swallows every row below it.
        raise Unreadable("csv-quotes", rows=f"{reader.line_num}") from None
    width = max((len(row) for row in rows), default=0)
    if width > MAX_COLUMNS or width * len(rows) > MAX_CELLS:
        raise Unreadable("workbook-too-large", limit=f"{MAX_CELLS}")
    blank = (None,) * width
    values = [(*(cell or None for cell in row), *blank[len(row) :]) for row in rows]
    while values and not any(cell is not None for cell in values[-1]):
        values.pop()
    return [Grid(SHEET, tuple(values), lengths=tuple(map(len, rows)))]


def _decoded(content: bytes) -> str:
    """D06: UTF-8 (with or without mark), UTF-16 with its mark, else GB 18030; NUL or an undecodable byte is refused."""
    charsets = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for charset in charsets:
        try:
            text = content.decode(charset)
        except UnicodeDecodeError:
            continue
        if _CONTROL.search(text):
            break
        return text
    raise Unreadable("file-no-text", "D11")


def _delimiter(text: str) -> str:
    head = text[:5000]
    return max(",\t;", key=head.count)
