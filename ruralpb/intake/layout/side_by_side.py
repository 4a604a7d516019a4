"""Tables side by side in one sheet (D41), and continuations (续表): views that each hold one table.

Two tables stand side by side when the column that names the units comes again and the columns from there on are a form by
themselves. When they are the rest of the same form, it is one table whose row keys are written twice. One whose header stands higher or
lower than the other's is looked for in the columns that the first header found leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from ruralpb.intake.layout import block, headers
from ruralpb.intake.layout.block import SERIAL
from ruralpb.intake.layout.column_mapping import Header
from ruralpb.intake.layout.header_index import UNIT_TYPES, HeaderIndex
from ruralpb.intake.layout.headers import HeaderCandidates
from ruralpb.model import Grid
from ruralpb.model.unit_names import fold


def windows(grid: Grid, known: HeaderIndex, start: int, found: HeaderCandidates) -> list[Grid]:
    """Return a view for each table side by side, left to right; one alone when the header is of one table."""
    best = found.headers[0]
    starts = _starts(grid, known, found) if best.twice or best.unmapped else []
    if len(starts) < 2:
        return _at_other_heights(grid, known, start, found)
    width = max(len(row) for row in grid.values)
    # What stands left of the first table (a list number) is its own.
    spans = list(zip([0, *starts[1:]], [*(at - 1 for at in starts[1:]), width - 1], strict=True))
    views = [grid.window(first, last, found.top) for first, last in spans]
    complete = [
        any(header.complete(known) for header in headers.candidates(view, known, start, found.bottom))
        for view in views
    ]
    return views if all(complete) else _at_other_heights(grid, known, start, found)


def _at_other_heights(grid: Grid, known: HeaderIndex, start: int, found: HeaderCandidates) -> list[Grid]:
    """A view for the table that the header found is of, and one for a complete other table to its right or left that begins in another
    row."""
    own = _together(found.headers[0])
    width = max(len(row) for row in grid.values)
    for first, last in ((own[-1] + 1, width - 1), (0, own[0] - 1)):
        if last - first < 1 or not any(_holds_texts(row[first : last + 1]) for row in grid.values[start:]):
            continue
        other = headers.find(grid.window(first, last, start), known, start)
        whole = [header for header in other.headers if header.complete(known)] if other else []
        if other and whole and other.bottom != found.bottom:
            cut = (
                _with_number(grid, other, _together(whole[0])[0])
                if first
                else _with_number(grid, found, own[0])
            )
            below = min(found.top, other.top)
            return [grid.window(0, cut - 1, below), grid.window(cut, width - 1, below)]
    return [grid]


_APART = 4
"""Columns from one that a header names to the next: beyond, the word is another table's."""


def _together(header: Header) -> list[int]:
    """The columns of a header that stand together, in order: its row may hold facts of the other table, of which one reads like a heading."""
    columns = sorted([*header.columns.values(), *(c for twice in header.twice.values() for c in twice)])
    groups: list[list[int]] = [columns[:1]]
    for before, column in pairwise(columns):
        if column - before > _APART:
            groups.append([])
        groups[-1].append(column)
    return max(groups, key=len)


def _holds_texts(cells: tuple[object, ...]) -> bool:
    """Whether a row of a band of columns may be a header."""
    return sum(type(value) is str for value in cells) > 1


def _with_number(grid: Grid, found: HeaderCandidates, column: int) -> int:
    """The first column of a table whose first known one is `column`: the list number before it, if there is one."""
    before = grid.cell(found.bottom, column - 1)
    return column - 1 if isinstance(before, str) and SERIAL.fullmatch(fold(before)) else column


def _starts(grid: Grid, known: HeaderIndex, found: HeaderCandidates) -> list[int]:
    """Columns that name units, each time the kind of the first one comes again; with the list number before it."""
    paths = block.paths(grid, found.top, found.bottom)
    kinds = {
        column: kind
        for column, path in paths.items()
        if (kind := next((h.field.type for h, _ in known.hits(path[-1]) if h.field.type in UNIT_TYPES), ""))
    }
    if not kinds:
        return []
    first = kinds[min(kinds)]
    starts: list[int] = []
    for column, kind in kinds.items():
        if kind == first:
            while starts and kinds.get(column - 1, first) != first:
                column -= 1  # the township stands before the village
            before = paths.get(column - 1)
            starts.append(column - 1 if before and SERIAL.fullmatch(fold(before[-1])) else column)
    return starts


def take_repeated_keys(header: Header) -> dict[str, list[int]]:
    """Take the first of several columns that name the unit or another key: a wide table repeats them in its right half. Return all of
    them by field, for `keys_agree`."""
    repeated = {
        name: columns
        for name, columns in header.twice.items()
        if header.form.by_id[name].type in UNIT_TYPES or name in header.form.key
    }
    for name, columns in repeated.items():
        header.columns[name] = columns[0]
        del header.twice[name]
    return repeated


def take_filled(grid: Grid, header: Header, rows: Iterable[int]) -> None:
    """Of several columns that name one field take the one that has something in it: its header is merged over empty ones beside it."""
    rows = list(rows)
    for name, columns in list(header.twice.items()):
        filled = [column for column in columns if any(grid.cell(row, column) is not None for row in rows)]
        if len(filled) == 1 and _under_one(grid, header, columns):
            header.columns[name] = filled[0]
            del header.twice[name]
            for column in columns:
                header.unmapped.pop(column, None)


def _under_one(grid: Grid, header: Header, columns: Sequence[int]) -> bool:
    return any(
        area.top <= header.bottom
        and area.bottom >= header.top
        and area.left <= min(columns)
        and max(columns) <= area.right
        for area in grid.merged
    )


def keys_agree(grid: Grid, columns: Sequence[int], rows: Iterable[int]) -> bool:
    """True when the columns of one key say the same in every row."""
    first, *others = columns
    return all(_same(grid.cell(row, first), grid.cell(row, other)) for row in rows for other in others)


def _same(one: object, other: object) -> bool:
    return other is None or (one is not None and fold(str(one)) == fold(str(other)))
