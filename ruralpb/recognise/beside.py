"""Tables side by side in one sheet (D41), and continuations (续表): views that each hold one table.

Two tables stand side by side when the column that names the units comes again and the columns from there on are a form by
themselves. When they are the rest of the same form, it is one table whose row keys are written twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ruralpb.model import Grid
from ruralpb.places import fold
from ruralpb.recognise import block, headers
from ruralpb.recognise.block import SERIAL
from ruralpb.recognise.claims import Header
from ruralpb.recognise.headers import Found
from ruralpb.recognise.signatures import UNIT_TYPES, Signatures


def windows(grid: Grid, known: Signatures, start: int, found: Found) -> list[Grid]:
    """Return a view for each table side by side, left to right; one alone when the header is of one table."""
    best = found.headers[0]
    starts = _starts(grid, known, found) if best.twice or best.unmapped else []
    if len(starts) < 2:
        return [grid]
    width = max(len(row) for row in grid.values)
    # What stands left of the first table (a list number) is its own.
    spans = list(zip([0, *starts[1:]], [*(at - 1 for at in starts[1:]), width - 1], strict=True))
    views = [grid.window(first, last, found.top) for first, last in spans]
    complete = [
        any(header.complete(known) for header in headers.candidates(view, known, start, found.bottom))
        for view in views
    ]
    return views if all(complete) else [grid]


def _starts(grid: Grid, known: Signatures, found: Found) -> list[int]:
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
    starts = []
    for column, kind in kinds.items():
        if kind == first:
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


def keys_agree(grid: Grid, columns: Sequence[int], rows: Iterable[int]) -> bool:
    """True when the columns of one key say the same in every row."""
    first, *others = columns
    return all(_same(grid.cell(row, first), grid.cell(row, other)) for row in rows for other in others)


def _same(one: object, other: object) -> bool:
    return other is None or (one is not None and fold(str(one)) == fold(str(other)))
