"""Total and subtotal rows: kept out of the data and compared with the rows they add up (F02, D37, D38)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from ruralpb.core.problems import Location, Problem
from ruralpb.intake.values import numerals
from ruralpb.intake.values.cells import Column, Refused, Taken, show
from ruralpb.intake.values.columns import Typed
from ruralpb.model import Field, Form, Grid, Match

TOLERANCE = Decimal("0.02")
_PER_ROW = Decimal("0.005")
_MOST = Decimal("0.05")
"""A total printed to two decimals of rows that hold more may be off by half a cent a row: 0.02 to 0.05. Counts are exact."""


def compare(
    grid: Grid,
    match: Match,
    form: Form,
    positions: Sequence[int],
    columns: Mapping[str, Column],
    typed: Mapping[str, Typed],
    halves: Sequence[Match] = (),
) -> list[Problem]:
    """Return F02 for every numeric column whose total row states another sum than its rows have.

    A subtotal adds the rows since the total or subtotal before it, a total all rows of the table. A column with a refused
    cell among them is not compared: the sum is unknown. A total may be that of the `halves` beside the table as well, when it
    is folded to the right (D41).
    """
    stated_rows = [(row, kind) for row, kind in match.rows.items() if kind in ("total", "subtotal")]
    problems: list[Problem] = []
    last = match.header[1]
    for row, kind in sorted(stated_rows):
        first = match.header[1] if kind == "total" else last
        until = len(grid.values) if kind == "total" else row
        indexes = [index for index, at in enumerate(positions) if first < at < until]
        last = row
        if not indexes:
            continue
        for name, context in columns.items():
            if context.field.type in ("int", "number", "money") and not context.vocabulary.pattern(
                "rows.average"
            ).search(context.field.title):
                more = _of_halves(halves, context) if kind == "total" else ()
                problems += _one(grid, match, form, row, context, typed[name], indexes, positions, more)
    return problems


def _of_halves(halves: Sequence[Match], context: Column) -> Sequence[Decimal] | None:
    """The values of one field in the other halves of a folded table; None when one of them cannot be read."""
    parse = numerals.parser(context)
    found: list[Decimal] = []
    for half in halves:
        column = half.columns.get(context.field.id)
        rows = [row for row, kind in half.rows.items() if kind == "data"]
        for row in rows if column is not None and half.view is not None else ():
            raw = half.view.cell(row, column) if half.view is not None and column is not None else None
            outcome = parse(raw, False) if raw is not None else None
            if isinstance(outcome, Refused):
                return None
            value = outcome.value if isinstance(outcome, Taken) else outcome
            found += [Decimal(value)] if value is not None else []
    return found


def _one(
    grid: Grid,
    match: Match,
    form: Form,
    row: int,
    context: Column,
    typed: Typed,
    indexes: Sequence[int],
    positions: Sequence[int],
    more: Sequence[Decimal] | None,
) -> list[Problem]:
    """Compare one column's total at `row` with the data rows `indexes`, or with these and `more` (None: unknown)."""
    item = context.field
    column = match.columns[item.id]
    raw = grid.cell(row, column)
    if raw is None or not typed.refused.keys().isdisjoint(indexes):
        return []
    values = [typed.values[index] for index in indexes if typed.values[index] is not None]
    where = Location(sheet=grid.sheet, cell=grid.address(row, column))
    about = {"rule": "F02", "form": form.id, "field": item.id}
    outcome = numerals.parser(context)(raw, False)
    if isinstance(outcome, Refused):
        data = {"title": item.title}
        return [Problem("total-unreadable", where, show(raw), severity="query", data=data, **about)]  # type: ignore[arg-type]
    stated = outcome.value if isinstance(outcome, Taken) else outcome
    if stated is None or (not values and not stated):
        return []
    actual = sum((Decimal(value) for value in values), Decimal(0))
    tolerance = _tolerance(item, len(values))
    if abs(Decimal(stated) - actual) <= tolerance or more is None:
        return []
    actual += sum(more, Decimal(0))
    if more and abs(Decimal(stated) - actual) <= tolerance:
        return []
    # As the sheet counts: a clerk looks for this number, not for the stored one.
    added = (actual / context.factor).normalize()
    data = {
        "title": item.title,
        "stated": f"{Decimal(stated):f}",
        "actual": f"{actual:f}",
        "tolerance": f"{tolerance:f}",
        "first": str(positions[indexes[0]]),
        "last": str(positions[indexes[-1]]),
    }
    return [Problem("total-differs", where, show(raw), show(added), data=data, **about)]  # type: ignore[arg-type]


def _tolerance(item: Field, rows: int) -> Decimal:
    return Decimal(0) if item.type == "int" else min(_MOST, max(TOLERANCE, rows * _PER_ROW))
