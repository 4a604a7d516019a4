"""The account of a sheet: every non-empty cell with the one role it was given, and what has none.

A text may be one of those that change what a table says (`remarks`). A number or a day that stands beside a table and is neither read, nor a
total, nor part of a statement, a signature or a row that a finding names, is unaccounted: it may be a value that was put in another place,
and is asked about (D113).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
    counts: Counter[CellRole] = Counter()
    roles: dict[Cell, CellRole] = {}
    counted: set[int] = set()
    for match in matches:
        columns = _Columns.of(match.view or grid, match)
        if match.view is None and len(matches) == 1:
            counted.update(row for row, kind in match.rows.items() if kind == "data")
            counts += columns.counted(grid.values, counted)
        for at, role in _roles(match.view or grid, match, columns, vocabulary, counted):
            if roles.get(at, "unaccounted") in ("unaccounted", "title"):
                roles[at] = role
    rest: CellRole = "note" if matches else "other_form"
    for row, values in enumerate(grid.values):
        for column, value in enumerate(values) if row not in counted else ():
            if value is not None:
                roles.setdefault((row, column), rest)
    counts.update(roles.values())
    open_cells = sorted(at for at, role in roles.items() if role == "unaccounted")
    return Account(grid.sheet, dict(counts), tuple(cell_name(*at) for at in open_cells))


@dataclass(frozen=True, slots=True)
class _Columns:
    """What the columns of a table are: the role of their cells in records, and which have a heading or a list number."""

    of_data: Mapping[int, CellRole]
    unmapped: Container[int]

    @classmethod
    def of(cls, view: Grid, match: Match) -> _Columns:
        read = {*match.columns.values(), *(c for columns in match.marked.values() for c in columns.values())}
        of_data: dict[int, CellRole] = dict.fromkeys(_serial_columns(view, match, read), "list_number")
        of_data |= dict.fromkeys(match.unmapped, "extra")
        of_data |= dict.fromkeys(read, "value")
        return cls(of_data, match.unmapped)

    def holds(self, column: int) -> bool:
        """True for a column whose records' values are read."""
        return self.of_data.get(column) == "value"

    def counted(self, values: Sequence[tuple[Any, ...]], rows: Iterable[int]) -> Counter[CellRole]:
        """How many cells of these rows, which are records, have each role."""
        counts: Counter[CellRole] = Counter()
        for column, cells in enumerate(zip(*(values[row] for row in rows), strict=True)):
            counts[self.of_data.get(column, "outside")] += len(cells) - cells.count(None)
        return +counts


def _roles(
    view: Grid, match: Match, columns: _Columns, vocabulary: Vocabulary, counted: Container[int]
) -> Iterator[tuple[Cell, CellRole]]:
    """The role of each cell of the table's rows, but for those that are `counted` already."""
    remarks = Remarks(view, match, vocabulary)
    for row, kind in match.rows.items():
        if row in counted:
            continue
        values = view.values[row]
        for column, value in enumerate(values):
            if value is None:
                continue
            role: CellRole
            if kind in ("header", "blank") and column not in columns.of_data and not isinstance(value, str):
                role = "unaccounted"
            elif kind in ("title", "note", "signature"):
                role = _beside(values, column, kind, vocabulary)
                if role == "signature" and not isinstance(value, str) and columns.holds(column):
                    role = _beside(values, column, "note", vocabulary)  # a telephone number says so
            elif kind == "data":
                role = columns.of_data.get(column, "outside")
            else:
                role = "extra" if kind == "header" and column in columns.unmapped else _OF_ROW[kind]
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
