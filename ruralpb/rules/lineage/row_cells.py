"""The cells of the rows behind figures: which fields of a row, and to which units the row belongs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from ruralpb.model import Field, Form, Value
from ruralpb.rules.lineage.cells import Contribution

Pair = tuple[Contribution, Field]
"""One cell behind a figure, before its address is looked up: a row, and the field in it."""


def figure_key(value: Value) -> tuple[str, str]:
    """Return what the rows of a value are found by: its indicator, and the column its slice is cut by ("": none)."""
    return value.indicator, value.slice[0][0] if value.slice else ""


def counted(pairs: Sequence[Pair]) -> Sequence[Pair]:
    """Return the cells that count, or, where none does, all that were looked at."""
    return [pair for pair in pairs if pair[0].outcome == "counted"] or pairs


def cells_by_unit(
    rows: Iterable[Contribution], units_above: Callable[[str], tuple[str, ...]], forms: Mapping[str, Form]
) -> dict[str, list[Pair]]:
    """Return unit → the cells of the rows it lies above or is; `units_above` gives these units for the unit of a row. Rows of the register
    have no cells."""
    cells: dict[str, list[Pair]] = {}
    above: dict[str, tuple[str, ...]] = {}
    fields: dict[tuple[str, tuple[str, ...]], list[Field]] = {}
    for row in rows:
        if row.block < 0:
            continue
        if row.unit_code not in above:
            above[row.unit_code] = units_above(row.unit_code)
        if (row.relation, row.fields) not in fields:
            fields[row.relation, row.fields] = _fields(forms[row.relation], row.fields)
        pairs = [(row, field) for field in fields[row.relation, row.fields]]
        for code in above[row.unit_code]:
            cells.setdefault(code, []).extend(pairs)
    return cells


def _fields(form: Form, names: Iterable[str]) -> list[Field]:
    return [form.by_id[name] for name in names if name in form.by_id] or [_head(form)]


def _head(form: Form) -> Field:
    """The field that stands for a whole row, where a figure only counts rows: who or what the row is about."""
    names = (*(key for key in form.key if key in form.by_id), "name", form.fields[0].id)
    return next(form.by_id[name] for name in names if name in form.by_id)
