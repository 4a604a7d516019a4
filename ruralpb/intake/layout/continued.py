"""续表: a table too wide for its page, whose further columns stand below with the row keys written again.

The two are one table when they are of one form, each lacks what the other has, and the rows below name the same units in the same
order and at the same distances. The view then shows the further columns beside the first ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ruralpb.intake.layout.column_mapping import Header
from ruralpb.intake.layout.header_index import UNIT_TYPES, HeaderIndex
from ruralpb.model import Grid, Range, RowClass
from ruralpb.model.unit_names import fold


@dataclass(slots=True)
class TablePart:
    """One header of a sheet with the classes of the rows below it."""

    grid: Grid
    header: Header
    classes: dict[int, RowClass]
    start: int
    end: int
    nil: bool
    footer: tuple[int, ...] = ()
    """Signature rows of a continuation."""
    torn: bool = False
    """True when a continuation follows whose rows are not those of the table."""


def joined(pieces: Sequence[TablePart], known: HeaderIndex) -> list[TablePart]:
    """Return the pieces, each table that continues further down made one."""
    done: list[TablePart] = []
    for piece in pieces:
        first = done[-1] if done else None
        if first is None or not _continues(first, piece, known):
            done.append(piece)
        elif (whole := _join(first, piece)) is not None:
            done[-1] = whole
        else:
            first.torn = True
    return done


def _continues(first: TablePart, rest: TablePart, known: HeaderIndex) -> bool:
    form = first.header.form
    if rest.header.form.id != form.id:
        return False
    own = {name for name in rest.header.columns if not known.is_common(form.by_id[name])}
    return (
        not first.grid.transposed
        and not first.header.complete(known)
        and not first.header.twice
        and not rest.header.twice
        and not own & first.header.columns.keys() - set(form.key)
        and bool(_keys(first, rest))
    )


def _keys(first: TablePart, rest: TablePart) -> list[str]:
    """The key columns both have: what says which row of the one is which of the other."""
    form = first.header.form
    named = [n for n in first.header.columns if n in rest.header.columns]
    return [n for n in named if n in form.key or form.by_id[n].type in UNIT_TYPES or n == "name"]


def _join(first: TablePart, rest: TablePart) -> TablePart | None:
    upper = _facts(first)
    lower = _facts(rest)
    if len(upper) != len(lower) or not upper:
        return None
    down = lower[0] - upper[0]
    keys = _keys(first, rest)
    aligned = all(b - a == down for a, b in zip(upper, lower, strict=True)) and all(
        _text(first, a, key) == _text(rest, b, key) for a, b in zip(upper, lower, strict=True) for key in keys
    )
    return _beside(first, rest, down) if aligned else None


def _facts(piece: TablePart) -> list[int]:
    return [row for row, kind in piece.classes.items() if kind in ("data", "total", "subtotal", "other")]


def _text(piece: TablePart, row: int, name: str) -> str:
    return fold(str(piece.grid.cell(row, piece.header.columns[name]) or ""))


def _beside(first: TablePart, rest: TablePart, down: int) -> TablePart:
    """The view of `first` with the columns of `rest` appended, each cell keeping its place in the sheet."""
    grid = first.grid
    width = max(len(row) for row in grid.values)
    values = []
    for number in range(first.end):
        row = grid.values[number]
        below = (
            rest.grid.values[number + down]
            if first.classes.get(number) in _MOVED and number + down < rest.end
            else ()
        )
        values.append(row + (None,) * (width - len(row)) + below + (None,) * (width - len(below)))
    moved = dict(grid.relocated)
    moved.update({width + column: (down, column) for column in range(width)})
    evidence = dict(grid.evidence)
    merged = [area for area in grid.merged if area.bottom < first.end]
    under = range(rest.header.bottom + 1, rest.end)
    for (at, column), found in grid.evidence.items():
        if at in under:
            evidence[at - down, width + column] = found
    merged += [
        Range(area.top - down, width + area.left, area.bottom - down, width + area.right)
        for area in grid.merged
        if area.top in under and area.bottom in under
    ]
    view = replace(grid, values=tuple(values), relocated=moved, evidence=evidence, merged=tuple(merged))
    header = first.header.at(first.header.top, first.header.bottom)
    more = rest.header
    header.columns.update({n: width + c for n, c in more.columns.items() if n not in header.columns})
    header.measures = {**more.measures, **header.measures}
    header.unmapped.update({width + c: text for c, text in more.unmapped.items()})
    header.near.update({width + c: text for c, text in more.near.items()})
    header.worded.update({width + c: text for c, text in more.worded.items()})
    header.confirmed.update({width + c: mapping for c, mapping in more.confirmed.items()})
    header.named |= {width + column for column in more.named}
    footer = tuple(row for row, kind in rest.classes.items() if kind == "signature")
    return TablePart(view, header, first.classes, first.start, first.end, first.nil, (*first.footer, *footer))


_MOVED = ("data", "total", "subtotal", "other")
