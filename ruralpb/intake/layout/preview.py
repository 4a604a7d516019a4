"""A sheet as the reader saw it: what each row was taken for, what each column means. For `ingest --show`, not for any decision."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ruralpb.model import Account, CellError, Grid, Match, PreviewedTable, SheetPreview, Uncached, cell_name

MOST_ROWS = 400
MOST_COLUMNS = 40
_LONG_NUMBER = re.compile(r"\d{7,}(?=[\dXx]{4})")
"""ID numbers and phones: all but the last four characters are hidden wherever a message is printed."""


def sheet_preview(grid: Grid, matches: Sequence[Match], account: Account) -> SheetPreview:
    """Return the sheet's cells as text with the class of each row, the tables recognised in it, and its account."""
    classes: dict[int, str] = {}
    for match in matches:
        view = match.view or grid
        if view.transposed:
            continue
        top, bottom = match.header
        classes.update(dict.fromkeys(range(top, bottom + 1), "header"))
        classes.update(match.rows)
    rows = []
    for number, row in enumerate(grid.values[:MOST_ROWS]):
        texts = tuple(_text(value) for value in row[:MOST_COLUMNS])
        rows.append((number + 1, classes.get(number, "blank" if not any(texts) else "other"), texts))
    return SheetPreview(
        grid.sheet, tuple(rows), tuple(_table(match, match.view or grid) for match in matches), account.roles
    )


def _table(match: Match, view: Grid) -> PreviewedTable:
    bottom = match.header[1]
    columns = {field: view.address(bottom, column) for field, column in match.columns.items()}
    unread = {view.address(bottom, column): _text(text) for column, text in match.unmapped.items()}
    first = cell_name(*view.place(match.header[0], min(match.columns.values(), default=0)))
    return PreviewedTable(match.form, first, columns, unread, view.transposed)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, CellError):
        return value.text
    if isinstance(value, Uncached):
        return f"={value.formula}".replace("==", "=")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return _LONG_NUMBER.sub("****", " ".join(str(value).split()))
