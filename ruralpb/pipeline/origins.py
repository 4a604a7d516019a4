"""The cells behind figures: rows found by re-running the figure's own condition, cells re-read from the originals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from ruralpb import workbook
from ruralpb.indicators import Contribution, Trail
from ruralpb.model import Address, CellError, Field, Form, Grid, Uncached, Value, cell_position
from ruralpb.periods import Period
from ruralpb.pipeline.effective import amended_cells
from ruralpb.pipeline.project import Project
from ruralpb.store import Cell, Session, Store

MOST_CELLS = 60
"""How many cells a page lists behind one figure; `trace` lists all."""


@dataclass(frozen=True, slots=True)
class Source:
    """One cell behind a figure: on which side and whether it counted, whom its row is about, which field."""

    contribution: Contribution
    cell: Cell
    field: Field
    address: Address


class Originals:
    """The received files as they can be re-read: the raw text of a cell, each file read once."""

    def __init__(self, project: Project, store: Store) -> None:
        self._archive = project.archive
        self._files = store.originals()
        self._grids: dict[str, Mapping[str, Grid]] = {}

    def raw(self, block: int, address: Address) -> str:
        """Return what stands in the cell, as text; "" where the original cannot be read again (a password)."""
        place = cell_position(address.cell)
        grid = self._sheets(block).get(address.sheet)
        return _text(grid.cell(*place)) if grid is not None and place is not None else ""

    def _sheets(self, block: int) -> Mapping[str, Grid]:
        sha256, name = self._files[block]
        if sha256 not in self._grids:
            grids, _ = workbook.read(self._archive.get(sha256), name)
            self._grids[sha256] = {grid.sheet: grid for grid in grids}
        return self._grids[sha256]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, CellError):
        return value.text
    if isinstance(value, Uncached):
        return value.formula
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


class Origins(Mapping[str, tuple[Address, ...]]):
    """Value id → the cells behind it, found when asked for. Personal cells bear no raw text."""

    def __init__(
        self, project: Project, session: Session, store: Store, period: Period, values: Iterable[Value]
    ) -> None:
        self._project, self._session, self._store, self._period = project, session, store, period
        self._values = {value.id: value for value in values}
        self._units = {value.unit_code for value in self._values.values()}
        self._found: dict[str, tuple[Address, ...]] = {}
        self._below: dict[tuple[str, str], dict[str, list[Source]]] = {}
        self._looked_at: dict[str, dict[str, list[Source]]] = {}
        definitions = project.definitions
        self._trail = Trail(definitions.library, definitions.register, period, session.query)

    @cached_property
    def originals(self) -> Originals:
        """The originals, read when the first raw text is asked for."""
        return Originals(self._project, self._store)

    def __getitem__(self, value_id: str) -> tuple[Address, ...]:
        if value_id not in self._found:
            behind = self.sources(self._values[value_id])
            counted = [s for s in behind if s.contribution.outcome == "counted"] or behind
            shown = list({source.cell: source for source in counted}.values())[:MOST_CELLS]
            self._found[value_id] = tuple(replace(s.address, raw=self._raw(s)) for s in shown)
        return self._found[value_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def sources(self, value: Value) -> Sequence[Source]:
        """Return every cell of every row behind a value, in the order of the files' receipt and of the sheets; where no
        row counts (a zero, a figure over the register) those of the rows it was computed over."""
        # Asked once for the project's own unit and all slices: those of its townships are among them.
        cut_by = value.slice[0][0] if value.slice else ""
        if (value.indicator, cut_by) not in self._below:
            rows = self._trail.rows(value.indicator, self._project.settings.unit, cut_by)
            self._below[value.indicator, cut_by] = self._by_unit(rows)
        found = self._below[value.indicator, cut_by].get(value.unit_code, ())
        if value.slice:
            return [s for s in found if s.contribution.cut in ("", value.slice[0][1])]
        if found:
            return found
        if value.indicator not in self._looked_at:
            self._looked_at[value.indicator] = self._by_unit(self._trail.looked_at(value.indicator))
        return self._looked_at[value.indicator].get(value.unit_code, ())

    def _by_unit(self, rows: Iterable[Contribution]) -> dict[str, list[Source]]:
        """The cells of rows, for every unit above the row they stand in."""
        definitions = self._project.definitions
        library, register = definitions.library, definitions.register
        wanted: list[tuple[Contribution, Cell, Field]] = []
        for row in rows:
            if row.block >= 0:
                form = library.forms[row.relation]
                named = [form.by_id[name] for name in row.fields if name in form.by_id] or [_head(form)]
                wanted += [(row, (row.block, row.position, field.id), field) for field in named]
        addresses = self._store.addresses(cell for _, cell, _ in wanted)
        found: dict[str, list[Source]] = {}
        for row, cell, field in wanted:
            if cell in addresses:
                source = Source(row, cell, field, addresses[cell])
                for code in register.path(row.unit_code, self._period.end):
                    if code in self._units:
                        found.setdefault(code, []).append(source)
        return found

    def _raw(self, source: Source) -> str:
        raw = "***" if source.field.sensitive else self.originals.raw(source.cell[0], source.address)
        amended = self._amended.get(source.cell)
        return f"{raw}（{amended}）" if amended else raw

    @cached_property
    def _amended(self) -> Mapping[Cell, str]:
        """The cells whose effective value is not the one that stands there, and what is said of that."""
        cells = amended_cells(self._project, self._store)
        return {cell.amended.cell: cell.sentence() for cell in cells if cell.amended.counts}


def _head(form: Form) -> Field:
    """The field that stands for a whole row, where a figure only counts rows: who or what the row is about."""
    said = (*(key for key in form.key if key in form.by_id), "name", form.fields[0].id)
    return next(form.by_id[name] for name in said if name in form.by_id)
