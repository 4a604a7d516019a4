"""Which cell of a return a person names: by its address in the sheet, or by unit, field and the row's key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ruralpb.core.messages import listing
from ruralpb.core.nearest import CELL, FIELD, nearest
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.model import Address, Field, Form, PlacedRow, Register, journal_text
from ruralpb.model.unit_names import suggestions

_NEAREST = 3
_LISTED = 8
_Cell = tuple[int, int, str]
"""(block, position, field id)"""
_UNITS = ("village", "township", "unit")


@dataclass(frozen=True, slots=True)
class CellRequest:
    """How a person names a cell: `cell` (工作表!C6, or C6 where the return has one sheet), else `unit` (code, name or alias), `field` (id or title) and,
    where the unit has several rows, `row` (a value of its key: a number, a name)."""

    unit: str = ""
    field: str = ""
    row: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True)
class SelectedCell:
    """The cell that is meant, its row and field. `subject` is what the row is about, as it may be shown."""

    form: Form
    field: Field
    row: PlacedRow
    address: Address
    subject: str

    @property
    def value(self) -> Any:
        """The reported value, None where there is none."""
        return dict(self.row.content[2]).get(self.field.id)

    @property
    def title(self) -> str:
        """The field's title."""
        return self.field.title


class CellPlaces(Protocol):
    """Where values stand in the sheets they came from; a cell is (block, position, field id)."""

    def addresses(self, cells: Iterable[_Cell]) -> Mapping[_Cell, Address]:
        """Return the cell each value came from."""

    def stands(self, cell: _Cell) -> bool:
        """True when a value, or its absence, has a cell of its own."""


def select_cell(
    form: Form, rows: Sequence[PlacedRow], register: Register, places: CellPlaces, request: CellRequest
) -> SelectedCell:
    """Return the cell of a version's `rows` that is named. Raises CannotRun (exit 2) when there is none, or several: with the nearest."""
    cells = _Cells(register, places, form, rows)
    if request.cell:
        row, field = cells.at(request.cell)
    elif request.unit and request.field:
        field = _field(form, request.field)
        row = cells.about(request.unit, request.row, field)
    else:
        raise CannotRun(Problem("amend-which"))
    if field.type in _UNITS:
        raise CannotRun(Problem("amend-unit-field", found=field.title))
    if not places.stands((row.block, row.position, field.id)):
        raise CannotRun(Problem("amend-no-column", found=field.title))
    return SelectedCell(form, field, row, cells.address(row, field), cells.subject(row))


def _field(form: Form, text: str) -> Field:
    fields = [f for f in form.fields if text.strip() in (f.id, f.title)]
    if not fields:
        near = nearest(text, [name for f in form.fields for name in (f.id, f.title)], FIELD, _NEAREST)
        raise CannotRun(Problem("amend-no-field", found=text, expected=listing(near) or "—"))
    return fields[0]


class _Cells:
    """The rows of one version and where their values stand."""

    def __init__(self, register: Register, places: CellPlaces, form: Form, rows: Sequence[PlacedRow]) -> None:
        self._register, self._places, self._form, self._rows = register, places, form, rows

    def address(self, row: PlacedRow, field: Field) -> Address:
        """The cell of a value."""
        cell = (row.block, row.position, field.id)
        return self._places.addresses([cell])[cell]

    def subject(self, row: PlacedRow) -> str:
        """The unit a row is about, and what tells it from the unit's other rows, without personal values."""
        shown = [
            journal_text(value)
            for name, value in self._key(row)
            if not self._form.by_id[name].sensitive and self._form.by_id[name].type not in _UNITS
        ]
        return "·".join([self._unit_name(row.content[0]), *shown])

    def at(self, text: str) -> tuple[PlacedRow, Field]:
        """The row and field whose value stands in the cell that `text` names."""
        sheet, _, cell = text.strip().rpartition("!")
        sheet, cell = sheet.strip("'").replace("''", "'"), cell.strip().replace("$", "").upper()
        placed = self._addresses()
        matches = [
            (row, field)
            for row, field, address in placed
            if address.cell == cell and sheet in ("", address.sheet)
        ]
        if len(matches) == 1:
            return matches[0]
        meant = [f"{a.sheet}!{a.cell}" for _, _, a in placed]
        near = list(dict.fromkeys(nearest(f"{sheet}!{cell}", meant, CELL, _LISTED))) or meant[:_NEAREST]
        raise CannotRun(Problem("amend-no-cell", found=text, expected=listing(near) or "—"))

    def _addresses(self) -> list[tuple[PlacedRow, Field, Address]]:
        wanted = [(row, field) for row in self._rows for field in self._form.fields]
        cells = [(row.block, row.position, field.id) for row, field in wanted]
        addresses = self._places.addresses(cells)
        return [
            (row, field, addresses[cell])
            for (row, field), cell in zip(wanted, cells, strict=True)
            if cell in addresses and self._places.stands(cell)
        ]

    def about(self, unit: str, key: str, field: Field) -> PlacedRow:
        """The row about a unit; where it has several, the one with a key value `key`."""
        mine = [row for row in self._rows if unit.strip() in self._names(row.content[0])]
        if not mine:
            units = {name for row in self._rows for name in self._names(row.content[0])[1:]}
            near = listing(suggestions(unit, sorted(units))) or "—"
            raise CannotRun(Problem("amend-no-unit", found=unit, expected=near))
        if key:
            mine = [r for r in mine if key.strip() in [journal_text(value) for _, value in self._key(r)]]
        if not mine:
            raise CannotRun(Problem("amend-no-row", found=key))
        if len(mine) > 1:
            places = [self.address(row, field) for row in mine[:_LISTED]]
            listed = listing(f"{place.sheet}!{place.cell}" for place in places)
            raise CannotRun(Problem("amend-several-rows", found=unit, expected=listed))
        return mine[0]

    def _key(self, row: PlacedRow) -> Iterable[tuple[str, Any]]:
        values = dict(row.content[2])
        names = ["name" if name == "person_key" else name for name in self._form.key]
        return [(n, values[n]) for n in names if n in self._form.by_id and values.get(n) is not None]

    def _names(self, code: str) -> tuple[str, ...]:
        """A unit's code, and every name it has had."""
        units = self._register.by_code.get(code, ())
        return (code, *(name for unit in units for name in (unit.name, *unit.aliases)))

    def _unit_name(self, code: str) -> str:
        names = self._names(code)
        return names[1] if len(names) > 1 else code
