"""A table of an export in the format asked for: the same bytes for the same table."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ruralpb.core import numbers
from ruralpb.model import ExportTable

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def encoded(table: ExportTable, format: str, stamp: datetime) -> bytes:
    """Return the table's bytes as csv, json or xlsx (Parquet is the store's to write). CSV is UTF-8 with BOM; text that a spreadsheet would
    run gets a leading '; a workbook bears the time `stamp`."""
    if format == "csv":
        return _csv(table)
    if format == "json":
        return _json(table)
    from ruralpb.publish.xlsx.sheets import workbook

    return workbook(table.name, table.names, table.rows, stamp)


def _csv(table: ExportTable) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(table.names)
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return numbers.plain(value)
    if isinstance(value, str):
        # A number stays a number: only text that is none can be taken for a formula.
        return f"'{value}" if value.startswith(_FORMULA) and not _is_number(value) else value
    return str(value)


def _is_number(text: str) -> bool:
    digits = text[1:] if text.startswith("-") else text
    whole, _, part = digits.partition(".")
    return whole.isascii() and whole.isdigit() and (not part or (part.isascii() and part.isdigit()))


def _json(table: ExportTable) -> bytes:
    rows = [dict(zip(table.names, map(_plain, row), strict=True)) for row in table.rows]
    return (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode()


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return numbers.plain(value)
    return value.isoformat() if isinstance(value, date) else value


def frame(table: ExportTable) -> Any:
    """Return the table as a pandas frame: exact Decimals and dates as objects, text as text."""
    import pandas

    return pandas.DataFrame(list(map(list, table.rows)), columns=list(table.names), dtype=object)
