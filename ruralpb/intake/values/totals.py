"""Total and subtotal rows: kept out of the data and compared with the rows they add up (F02, D37, D38)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ruralpb.core.problems import Location, Problem, Severity
from ruralpb.intake.values import numerals
from ruralpb.intake.values.cells import ColumnSpec, Refused, Taken, show
from ruralpb.intake.values.columns import TypedColumn
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
    columns: Mapping[str, ColumnSpec],
    typed: Mapping[str, TypedColumn],
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
        span = (positions[indexes[0]], positions[indexes[-1]])
        for name, spec in columns.items():
            raw = grid.cell(row, match.columns[name])
            if raw is None or not _adds_up(spec) or not typed[name].refused.keys().isdisjoint(indexes):
                continue
            where = Location(sheet=grid.sheet, cell=grid.address(row, match.columns[name]))
            values = [typed[name].values[index] for index in indexes]
            more = _of_halves(halves, spec) if kind == "total" else ()
            problems += _compared(_TotalCell(raw, where, form.id, spec, span), values, more)
    return problems


@dataclass(frozen=True, slots=True)
class _TotalCell:
    """A cell of a total row: what it holds, where, of which form and column, and the first and last row that it adds up."""

    raw: Any
    where: Location
    form: str
    spec: ColumnSpec
    span: tuple[int, int]

    def problem(self, slug: str, expected: str = "", severity: Severity = "error", **data: str) -> Problem:
        """F02 at this cell."""
        item = self.spec.field
        return Problem(
            slug,
            self.where,
            show(self.raw),
            expected,
            severity=severity,
            rule="F02",
            form=self.form,
            field=item.id,
            data={"title": item.title, **data},
        )


def _adds_up(spec: ColumnSpec) -> bool:
    """True for a column whose total is the sum of its rows: no average and no share."""
    averages = spec.vocabulary.pattern("rows.average")
    return spec.field.type in ("int", "number", "money") and not averages.search(spec.field.title)


def _of_halves(halves: Sequence[Match], context: ColumnSpec) -> Sequence[Decimal] | None:
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


def _compared(cell: _TotalCell, column: Sequence[Any], more: Sequence[Decimal] | None) -> list[Problem]:
    """Compare a total with the values of its `column`, or with these and `more` (None: unknown)."""
    spec = cell.spec
    values = [Decimal(value) for value in column if value is not None]
    outcome = numerals.parser(spec)(cell.raw, False)
    if isinstance(outcome, Refused):
        return [cell.problem("total-unreadable", severity="query")]
    stated = outcome.value if isinstance(outcome, Taken) else outcome
    if stated is None or (not values and not stated):
        return []
    actual = sum(values, Decimal(0))
    tolerance = _tolerance(spec.field, len(values))
    if abs(Decimal(stated) - actual) <= tolerance or more is None:
        return []
    actual += sum(more, Decimal(0))
    if more and abs(Decimal(stated) - actual) <= tolerance:
        return []
    # As the sheet counts: a clerk looks for this number, not for the stored one.
    added = (actual / spec.factor).normalize()
    first, last = map(str, cell.span)
    stated_text = f"{Decimal(stated):f}"
    return [
        cell.problem(
            "total-differs",
            show(added),
            stated=stated_text,
            actual=f"{actual:f}",
            tolerance=f"{tolerance:f}",
            first=first,
            last=last,
        )
    ]


def _tolerance(item: Field, rows: int) -> Decimal:
    return Decimal(0) if item.type == "int" else min(_MOST, max(TOLERANCE, rows * _PER_ROW))
