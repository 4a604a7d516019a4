"""The cells behind figures: rows found by re-running the figure's own condition, cells re-read from the originals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from ruralpb.app.amendments import amended_cells
from ruralpb.app.originals import Originals
from ruralpb.app.project import Project
from ruralpb.core.periods import Period
from ruralpb.model import MASKED, Address, Field, Value
from ruralpb.model.records import CellKey
from ruralpb.rules.lineage.cells import Contribution
from ruralpb.rules.lineage.figure_rows import FigureRows
from ruralpb.rules.lineage.row_cells import counted
from ruralpb.store import Session, Store


@dataclass(frozen=True, slots=True)
class SourceCell:
    """One cell behind a figure: on which side and whether it counted, whom its row is about, which field."""

    contribution: Contribution
    cell: CellKey
    field: Field
    address: Address


class Origins:
    """The cells behind the values of a period. What many figures share is asked once, and together."""

    def __init__(
        self,
        project: Project,
        session: Session,
        store: Store,
        period: Period,
        values: Iterable[Value],
        units: Iterable[str] = (),
    ) -> None:
        """`units`: those whose figures will be asked for one after another."""
        self._project, self._store, self._period = project, store, period
        self._values = {value.id: value for value in values}
        self._addresses: dict[CellKey, Address] = {}
        self._rows = FigureRows(
            project.formulas, period, session.query, session.queries, project.settings.unit, units
        )

    @cached_property
    def originals(self) -> Originals:
        """The originals, read when the first raw text is asked for."""
        return Originals(self._project, self._store)

    def cells(self, ids: Iterable[str]) -> dict[str, tuple[Address, ...]]:
        """Return the cells behind the values of `ids` (ids of other things are passed over): those that count, or where none
        does, those that were looked at. Each bears its raw text, *** where the field is personal."""
        values = [self._values[id] for id in ids if id in self._values]
        self._rows.ask(values)
        shown: dict[str, dict[CellKey, Field]] = {}
        for value in values:
            # A class in which nobody is rests on the rows that all lie in the others.
            pairs = self._rows.pairs(value) or self._rows.pairs(replace(value, slice=()))
            shown[value.id] = {(row.block, row.position, field.id): field for row, field in counted(pairs)}
        self._look_up({cell: field for cells in shown.values() for cell, field in cells.items()})
        known = self._addresses
        return {id: tuple(known[cell] for cell in cells if cell in known) for id, cells in shown.items()}

    def sources(self, value: Value) -> Sequence[SourceCell]:
        """Return every cell of every row behind a value, in the order of the files' receipt and of the sheets; where no
        row counts (a zero, a figure over the register) those of the rows it was computed over."""
        pairs = [((row.block, row.position, field.id), row, field) for row, field in self._rows.pairs(value)]
        addresses = self._store.addresses(cell for cell, _, _ in pairs)
        return [
            SourceCell(row, cell, field, addresses[cell]) for cell, row, field in pairs if cell in addresses
        ]

    def _look_up(self, cells: Mapping[CellKey, Field]) -> None:
        """Find address, raw text and note of cells, each once."""
        new = [cell for cell in cells if cell not in self._addresses]
        for cell, address in self._store.addresses(new).items():
            hidden = cells[cell].sensitive
            raw = MASKED if hidden else self.originals.raw(cell[0], address)
            read = "" if hidden else self._notes.get((address.file, address.sheet, address.cell), "")
            note = self._amended.get(cell) or read
            # Tens of thousands of them: `replace` would take as long as reading the files.
            self._addresses[cell] = Address(
                address.file, address.sheet, address.cell, address.submission, raw, note
            )

    @cached_property
    def _notes(self) -> dict[tuple[str, str, str], str]:
        """The cells that were read as something else than what stands there, and how."""
        return {(n.file, n.note.sheet, n.note.cell): n.note.message for n in self._store.notes(self._period)}

    @cached_property
    def _amended(self) -> Mapping[CellKey, str]:
        """The cells whose effective value is not the one that stands there, and what is said of that."""
        cells = amended_cells(self._project, self._store)
        return {cell.amended.cell: cell.sentence() for cell in cells if cell.amended.counts}
