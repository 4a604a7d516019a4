"""Which cell of a return a person names: by its address in the sheet, or by unit, field and the row's key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ruralpb.app.project import Project
from ruralpb.core.nearest import CELL, FIELD, nearest
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.model import Address, Field, Form, PlacedRow, Register, Submission, journal_text
from ruralpb.model.unit_names import suggestions
from ruralpb.store import Store

_NEAREST = 3
_LISTED = 8
_UNITS = ("village", "township", "unit")


@dataclass(frozen=True, slots=True)
class Named:
    """What a person says: `cell` (工作表!C6, or C6 where the return has one sheet), else `unit` (code, name or alias), `field` (id or title) and,
    where the unit has several rows, `row` (a value of its key: a number, a name)."""

    unit: str = ""
    field: str = ""
    row: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Target:
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


def find_target(project: Project, store: Store, version: Submission, named: Named) -> Target:
    """Return the cell of a version that is named. Raises CannotRun (exit 2) when there is none, or several: with the nearest."""
    form = project.definitions.library.forms[version.form]
    rows = store.rows_of(form.id, [version.id])
    cells = _Cells(project.definitions.register, store, form, rows)
    if named.cell:
        row, field = cells.at(named.cell)
    elif named.unit and named.field:
        field = _field(form, named.field)
        row = cells.about(named.unit, named.row, field)
    else:
        raise CannotRun(Problem("amend-which"))
    if field.type in _UNITS:
        raise CannotRun(Problem("amend-unit-field", found=field.title))
    if not store.stands((row.block, row.position, field.id)):
        raise CannotRun(Problem("amend-no-column", found=field.title))
    return Target(form, field, row, cells.address(row, field), cells.subject(row))


def _field(form: Form, text: str) -> Field:
    found = [f for f in form.fields if text.strip() in (f.id, f.title)]
    if not found:
        near = nearest(text, [name for f in form.fields for name in (f.id, f.title)], FIELD, _NEAREST)
        raise CannotRun(Problem("amend-no-field", found=text, expected="、".join(near) or "—"))
    return found[0]


class _Cells:
    """The rows of one version and where their values stand."""

    def __init__(self, register: Register, store: Store, form: Form, rows: Sequence[PlacedRow]) -> None:
        self._register, self._store, self._form, self._rows = register, store, form, rows

    def address(self, row: PlacedRow, field: Field) -> Address:
        """The cell of a value."""
        cell = (row.block, row.position, field.id)
        return self._store.addresses([cell])[cell]

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
        known = self._addresses()
        found = [
            (row, field)
            for row, field, address in known
            if address.cell == cell and sheet in ("", address.sheet)
        ]
        if len(found) == 1:
            return found[0]
        meant = [f"{a.sheet}!{a.cell}" for _, _, a in known]
        near = list(dict.fromkeys(nearest(f"{sheet}!{cell}", meant, CELL, _LISTED))) or meant[:_NEAREST]
        raise CannotRun(Problem("amend-no-cell", found=text, expected="、".join(near) or "—"))

    def _addresses(self) -> list[tuple[PlacedRow, Field, Address]]:
        wanted = [(row, field) for row in self._rows for field in self._form.fields]
        cells = [(row.block, row.position, field.id) for row, field in wanted]
        addresses = self._store.addresses(cells)
        return [
            (row, field, addresses[cell])
            for (row, field), cell in zip(wanted, cells, strict=True)
            if cell in addresses and self._store.stands(cell)
        ]

    def about(self, unit: str, key: str, field: Field) -> PlacedRow:
        """The row about a unit; where it has several, the one with a key value `key`."""
        mine = [row for row in self._rows if unit.strip() in self._names(row.content[0])]
        if not mine:
            units = {name for row in self._rows for name in self._names(row.content[0])[1:]}
            near = "、".join(suggestions(unit, sorted(units))) or "—"
            raise CannotRun(Problem("amend-no-unit", found=unit, expected=near))
        if key:
            mine = [r for r in mine if key.strip() in [journal_text(value) for _, value in self._key(r)]]
        if not mine:
            raise CannotRun(Problem("amend-no-row", found=key))
        if len(mine) > 1:
            places = [self.address(row, field) for row in mine[:_LISTED]]
            listed = "、".join(f"{place.sheet}!{place.cell}" for place in places)
            raise CannotRun(Problem("amend-several-rows", found=unit, expected=listed))
        return mine[0]

    def _key(self, row: PlacedRow) -> Iterable[tuple[str, Any]]:
        values = dict(row.content[2])
        names = ["name" if name == "person_key" else name for name in self._form.key]
        return [(n, values[n]) for n in names if n in self._form.by_id and values.get(n) is not None]

    def _names(self, code: str) -> tuple[str, ...]:
        """A unit's code, and every name it has had."""
        known = self._register.by_code.get(code, ())
        return (code, *(name for unit in known for name in (unit.name, *unit.aliases)))

    def _unit_name(self, code: str) -> str:
        names = self._names(code)
        return names[1] if len(names) > 1 else code
