"""Tables on their side (D36): fields below each other, units or a single value beside them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ruralpb.intake.layout import title_block
from ruralpb.intake.layout.block import filled
from ruralpb.intake.layout.header_index import UNIT_TYPES, HeaderIndex, chinese
from ruralpb.model import Form, Grid
from ruralpb.model.unit_names import fold
from ruralpb.model.vocabulary import builtin

_LOOKED_AT = 300
_CORNER = builtin().pattern("headers.corner")


def form_of(grid: Grid, known: HeaderIndex) -> tuple[Form, int] | None:
    """Return the form whose fields stand below each other in one of the first columns, and that column; None when there is none."""
    best: tuple[int, Form, int] | None = None
    for column in range(4):
        counts: dict[str, set[str]] = {}
        for row in grid.values[:_LOOKED_AT]:
            text = row[column] if column < len(row) else None
            for hit, _ in known.hits(text) if isinstance(text, str) else ():
                if not known.is_common(hit.field):
                    counts.setdefault(hit.form, set()).add(hit.field.id)
        for form, fields in counts.items():
            own = [item for item in known.fields(form) if not known.is_common(item)]
            needed = [item for item in own if item.required] or own
            enough = 2 * len(fields) >= len(own) or 2 * sum(f.id in fields for f in needed) >= len(needed)
            if len(fields) >= 4 and enough and (best is None or len(fields) > best[0]):
                best = len(fields), known.forms[form], column
    return (best[1], best[2]) if best else None


def upright(grid: Grid, known: HeaderIndex, form: Form, column: int) -> Grid | None:
    """Return the view in which the table stands upright, without what is above and below it in the sheet; None when nothing says
    which unit each of its columns is about."""
    first, last = _rows(grid, known, form, column)
    names = _names_row(grid, known, form, first, column)
    if names is None:
        return None
    top = min(first, names)
    unit = next((item for item in form.fields if item.required and item.type in UNIT_TYPES[::2]), None)
    left = min(
        (a.left for a in grid.merged if a.top <= names <= a.bottom and a.left <= column <= a.right),
        default=column,
    )
    values: list[tuple[Any, ...]] = []
    for number, row in enumerate(grid.values):
        if not top <= number <= last:
            values.append((None,) * len(row))
        elif number == names and unit is not None:
            values.append((*row[:left], *(unit.title,) * (column + 1 - left), *row[column + 1 :]))
        else:
            values.append(row)
    merged = tuple(a for a in grid.merged if top <= a.top <= a.bottom <= last)
    return replace(grid, values=tuple(values), merged=merged).transpose()


def _rows(grid: Grid, known: HeaderIndex, form: Form, column: int) -> tuple[int, int]:
    """First and last row of the table: from the first field on until signatures, notes or a blank row after the last one."""
    hits = [
        number
        for number in range(len(grid.values))
        if isinstance(text := filled(grid, number).get(column), str)
        and any(hit.form == form.id for hit, _ in known.hits(text))
    ]
    last = hits[-1]
    for number in range(last + 1, len(grid.values)):
        texts = [value for value in grid.values[number] if value is not None]
        if not texts or (
            isinstance(texts[0], str)
            and (
                title_block.is_labelled(texts[0], known.vocabulary)
                or known.vocabulary.pattern("rows.end").match(fold(texts[0]))
            )
        ):
            break
        last = number
    return hits[0], last


def _names_row(grid: Grid, known: HeaderIndex, form: Form, first: int, column: int) -> int | None:
    """The row with the units' names, which stands above the first field or is it; for a form with one row for its sender the row
    above, if it is a heading, else the first field."""
    named = {item.id for item in form.fields if item.type in UNIT_TYPES[::2]}
    for row in (first, first + 1):  # the township may stand above the village
        corner = grid.cell(row, column)
        hits = [h for h, _ in known.hits(corner) if h.form == form.id] if isinstance(corner, str) else []
        if any(h.field.id in named for h in hits):
            return row
        if not any(h.field.type in UNIT_TYPES for h in hits):
            break
    above = grid.values[first - 1] if first else ()
    beside = [value for value in above[column + 1 :] if value is not None]
    heading = (
        bool(beside)
        and all(isinstance(value, str) for value in beside)
        and _CORNER.fullmatch(chinese(str(grid.cell(first - 1, column) or ""))) is not None
    )
    if heading:
        return first - 1
    return None if any(item.required and item.id in named for item in form.fields) else first
