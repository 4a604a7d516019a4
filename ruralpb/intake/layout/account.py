"""The account of a sheet: every non-empty cell with the one role it was given, and what has none.

A text may be one of those that change what a table says (`remarks`). A number or a day that stands beside a table and is neither read, nor a total, nor part of a statement, a signature or a row that a
finding names, is unaccounted: it may be a value that was put in another place, and is asked about (D113).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from ruralpb.intake.layout import title_block
from ruralpb.intake.layout.block import SERIAL, filled
from ruralpb.intake.layout.remarks import Remarks
from ruralpb.model import Account, CellRole, Grid, Match, RowClass, cell_name
from ruralpb.model.unit_names import fold
from ruralpb.model.vocabulary import Vocabulary

Cell = tuple[int, int]

_OF_ROW: Mapping[RowClass, CellRole] = {
    "header": "header",
    "repeated_header": "header",
    "total": "total",
    "subtotal": "total",
    "other": "refused",
    "blank": "prepared",
}
_LONG = 10**6
"""From here on a number below a table is that of a telephone, or a day."""


def account(grid: Grid, matches: Sequence[Match], vocabulary: Vocabulary) -> Account:
    """Return the account of one sheet by the tables `matches` that were recognised in it. A sheet without one is another form's."""
    roles: dict[Cell, CellRole] = {}
    for match in matches:
        for at, role in _roles(match.view or grid, match, vocabulary):
            if roles.get(at, "unaccounted") in ("unaccounted", "title"):
                roles[at] = role
    rest: CellRole = "note" if matches else "other_form"
    for row, values in enumerate(grid.values):
        for column, value in enumerate(values):
            if value is not None:
                roles.setdefault((row, column), rest)
    open_cells = sorted(at for at, role in roles.items() if role == "unaccounted")
    return Account(grid.sheet, dict(Counter(roles.values())), tuple(cell_name(*at) for at in open_cells))


def _roles(view: Grid, match: Match, vocabulary: Vocabulary) -> Iterator[tuple[Cell, CellRole]]:
    read = {*match.columns.values(), *(c for columns in match.marked.values() for c in columns.values())}
    serial = _serial_columns(view, match, read)
    named = {*read, *match.unmapped, *serial}
    of_data: dict[int, CellRole] = dict.fromkeys(serial, "list_number")
    of_data |= dict.fromkeys(match.unmapped, "extra")
    of_data |= dict.fromkeys(read, "value")
    remarks = Remarks(view, match, vocabulary)
    for row, kind in match.rows.items():
        values = view.values[row]
        for column, value in enumerate(values):
            if value is None:
                continue
            role: CellRole
            if kind in ("header", "blank") and column not in named and not isinstance(value, str):
                role = "unaccounted"
            elif kind in ("title", "note", "signature"):
                role = _beside(values, column, kind, vocabulary)
            elif kind == "data":
                role = of_data.get(column, "outside")
            else:
                role = "extra" if kind == "header" and column in match.unmapped else _OF_ROW[kind]
            if kind in _TEXTUAL and isinstance(value, str) and remarks.matters(row, column, value, kind):
                role = "unaccounted"
            yield view.place(row, column), role


_TEXTUAL = ("title", "note", "signature", "blank")
"""Rows that hold no record, and whose texts may speak of those that do."""


def _serial_columns(view: Grid, match: Match, read: set[int]) -> set[int]:
    """Columns of list numbers: by their heading, and those left of the table."""
    headed = {
        column
        for row in range(match.header[0], match.header[1] + 1)
        for column, text in filled(view, row).items()
        if isinstance(text, str) and SERIAL.fullmatch(fold(text))
    }
    return (headed | set(range(min(read, default=0)))) - read


def _beside(values: tuple[Any, ...], column: int, kind: RowClass, vocabulary: Vocabulary) -> CellRole:
    """The role of a cell of a row that holds no record: above, below or between the records."""
    value = values[column]
    if isinstance(value, str):
        if kind == "title":
            return "statement" if title_block.facts(value.strip(), vocabulary) else "title"
        return "signature" if kind == "signature" else "note"
    left = next((text for text in reversed(values[:column]) if text is not None), None)
    labelled = isinstance(left, str) and title_block.announces(left, vocabulary)
    if labelled or (kind != "note" and isinstance(value, date)):
        return "signature" if kind == "signature" else "statement"
    if isinstance(value, int | float) and not isinstance(value, bool):
        right = values[column + 1] if column + 1 < len(values) else None
        if isinstance(right, str) and fold(right) in vocabulary.words("title_block.date_parts"):
            return "signature" if kind == "signature" else "statement"
        if kind == "title" and value == int(value) and 0 < value <= 2100:
            return "statement"  # a year or a quarter in a cell of its own
        if kind == "signature" and abs(value) >= _LONG:
            return "signature"
    return "unaccounted"
