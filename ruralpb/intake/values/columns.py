"""The data rows of one match, column by column: raw cells → typed values, notes, refusals.

A column is read by its distinct contents: what is written the same in the same column is read the same. Notes and problems are made at
the end (`ColumnReader.tell`), since judging a whole column or row can still take a value back, or settle a doubt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ruralpb.core.messages import listing
from ruralpb.core.problems import Location, Problem
from ruralpb.intake.values import codes, words
from ruralpb.intake.values.cache import ColumnCache
from ruralpb.intake.values.cells import CellFinding, CellWords, ColumnSpec, Refused, Taken, show, show_of
from ruralpb.model import Evidence, Field, Form, Grid, Match, Note, Uncached
from ruralpb.model.vocabulary import Vocabulary, builtin

Merges = Mapping[tuple[int, int], tuple[int, int, bool]]
"""(row, column) of a merged cell among the data → its first row and column, and whether the range spans several columns."""


_TEXTS = ("text", "enum", "village", "township")


@dataclass(slots=True)
class TypedColumn:
    """One column read, an entry per data row: `raws` what stands there (filled down where that is allowed), `values` what it is (None where
    blank or refused). `taken` and `refused` say by index what was not read literally, and why."""

    raws: Sequence[Any]
    values: list[Any]
    taken: dict[int, Taken] = field(default_factory=dict)
    refused: dict[int, Refused] = field(default_factory=dict)

    def refuse(self, index: int, why: Refused) -> None:
        """Take the value back."""
        self.values[index] = None
        self.taken.pop(index, None)
        self.refused[index] = why

    def take(self, index: int, taken: Taken) -> None:
        """Read a cell as `taken`, also one that was refused."""
        self.values[index] = taken.value
        self.refused.pop(index, None)
        self.taken[index] = taken


@dataclass(slots=True)
class ColumnReader:
    """Reads the columns of one match and collects what it has to say. `positions` are the rows of the data in `grid`."""

    grid: Grid
    match: Match
    form: Form
    positions: Sequence[int]
    merges: Merges
    vocabulary: Vocabulary = field(default_factory=builtin)
    cache: ColumnCache = field(default_factory=ColumnCache)
    notes: list[Note] = field(default_factory=list)
    problems: list[tuple[int, Problem]] = field(default_factory=list)
    """Each with the data row it is about; -1 for the table as a whole."""
    evidence: dict[int, dict[int, Evidence]] = field(default_factory=dict)
    """ColumnSpec → index of the data row → what its value does not tell."""
    _columns: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    _kinds: dict[int, set[type]] = field(default_factory=dict)
    """The types of the raw cells of each column."""

    def __post_init__(self) -> None:
        wanted = sorted({*self.match.columns.values(), *_marked(self.match)})
        values = self.grid.values
        across = list(zip(*map(values.__getitem__, self.positions), strict=False))
        nothing = (None,) * len(self.positions)
        self._columns = {column: across[column] if column < len(across) else nothing for column in wanted}
        self._kinds = {column: set(map(type, cells)) for column, cells in self._columns.items()}
        if self.grid.evidence:
            index_of = {row: index for index, row in enumerate(self.positions)}
            for (row, column), found in self.grid.evidence.items():
                if column in self._columns and row in index_of:
                    self.evidence.setdefault(column, {})[index_of[row]] = found

    @property
    def words(self) -> CellWords:
        """What cells say without being a value."""
        return CellWords.of(self.vocabulary)

    def raw(self, column: int) -> tuple[Any, ...]:
        """The raw cells of one column, in data order."""
        return self._columns[column]

    def uncalculated(self) -> int:
        """How many mapped data cells are formulas that were never calculated (D69)."""
        return sum(
            sum(type(raw) is Uncached for raw in self._columns[column])
            for column, kinds in self._kinds.items()
            if Uncached in kinds
        )

    def read(self, context: ColumnSpec) -> TypedColumn:
        """Return the typed column of one field."""
        item = context.field
        column = self.match.columns[item.id]
        if item.id in self.match.marked:
            return self._ticked(item, self.match.marked[item.id])
        raws = self._filled(item, column, self._as_shown(item, column))
        kinds = self._kinds[column] if raws is self._columns[column] else set(map(type, raws))
        cached = self.cache.of(self.form.id, context)
        percents = self.percents(column) if item.numeric and column in self.evidence else frozenset()
        values = cached.shown(raws, kinds, percents) if percents else cached.read(raws, kinds)
        typed = _sorted_out(raws, values)
        if typed.refused and item.type in _TEXTS:
            self._as_above(typed)
        if typed.refused and item.type in ("village", "township"):
            typed.refused = {index: replace(why, scope="row") for index, why in typed.refused.items()}
        return typed

    def percents(self, column: int) -> frozenset[int]:
        """The indexes of the cells that are shown as percentages."""
        found = self.evidence.get(column, {})
        return frozenset(index for index, evidence in found.items() if evidence.format == "percent")

    # ------------------------------------------------------------------------------------------ what is said

    def note(self, item: Field, index: int, raw: Any, taken: Taken, cell: str = "") -> None:
        """Record one cell that was not taken literally."""
        row = self.positions[index]
        self.notes.append(
            Note(
                self.form.id,
                self.grid.sheet,
                row,
                item.id,
                cell or self.grid.address(row, self.match.columns[item.id]),
                *self.cache.described(self.form.id, item, raw, taken),
            )
        )

    def problem(self, index: int, item: Field | None, raw: Any, said: CellFinding) -> None:
        """Report something about one data cell, which holds `raw`."""
        column = said.column if said.column is not None else self.match.columns[item.id] if item else 0
        problem = Problem(
            said.slug,
            Location(sheet=self.grid.sheet, cell=self.grid.address(self.positions[index], column)),
            found=show_of(item, raw) if item else show(raw),
            expected=said.expected,
            severity=said.severity,
            refused=said.scope,
            rule=said.rule,
            form=self.form.id,
            field=item.id if item else "",
            data={"title": item.title if item else "", **said.data},
        )
        self.problems.append((index, problem))

    def tell(self, item: Field, typed: TypedColumn) -> None:
        """Make the notes and problems of one column, in row order."""
        if not typed.taken and not typed.refused:
            return
        sheet, form, grid = self.grid.sheet, self.form.id, self.grid
        column = self.match.columns[item.id]
        letters = "" if grid.transposed or grid.relocated else grid.address(0, column)[:-1]
        for index in sorted({*typed.taken, *typed.refused}):
            raw = typed.raws[index]
            if (taken := typed.taken.get(index)) is not None:
                row = self.positions[index]
                cell = f"{letters}{row + 1}" if letters else grid.address(row, column)
                self.notes.append(
                    Note(
                        form, sheet, row, item.id, cell, *self.cache.described(self.form.id, item, raw, taken)
                    )
                )
                continue
            why = typed.refused[index]
            if why.slug:
                self.problem(index, item, raw, why)

    # ------------------------------------------------------------------------------------------ filling down

    def _filled(self, item: Field, column: int, raws: tuple[Any, ...]) -> Sequence[Any]:
        """Fill merged cells down in text key columns, each with a note (D42)."""
        keyed = item.type in ("village", "township") or (item.type in _TEXTS and item.id in self.form.key)
        if not keyed or not self.merges:
            return raws
        filled = list(raws)
        for index, raw in enumerate(raws):
            origin = self.merges.get((self.positions[index], column))
            if raw is None and origin and not origin[2]:
                filled[index] = self.grid.cell(origin[0], origin[1])
                self.note(item, index, None, Taken(filled[index], "D42", "merged-filled"))
        return filled

    def _as_shown(self, item: Field, column: int) -> tuple[Any, ...]:
        """Codes that are numbers in a format of zeros and letters, as the text that the format shows (0007, 2026-01)."""
        raws = self.raw(column)
        coded = {index: found.code for index, found in self.evidence.get(column, {}).items() if found.code}
        if item.type != "text" or not coded:
            return raws
        return tuple(codes.shown(raw, coded[i]) if i in coded else raw for i, raw in enumerate(raws))

    @staticmethod
    def _as_above(typed: TypedColumn) -> None:
        """同上 in a text column is what stands above it, with a note; where nothing certain does, it stays refused (D67)."""
        for index in sorted(index for index, why in typed.refused.items() if why.rule == "D67" and index):
            above = typed.values[index - 1]
            if above is not None:
                typed.take(index, Taken(above, "D67", "ditto-filled"))

    def _ticked(self, item: Field, columns: Mapping[str, int]) -> TypedColumn:
        """D108: a column for each value, exactly one of them ticked."""
        cells = {value: self.raw(column) for value, column in columns.items()}
        size = len(self.positions)
        typed = TypedColumn([None] * size, [None] * size)
        for index in range(size):
            ticks = {value: words.tick(column[index], self.words) for value, column in cells.items()}
            chosen = [value for value, tick in ticks.items() if tick]
            unclear = next((value for value, tick in ticks.items() if tick is None), None)
            if unclear is None and not chosen:
                continue
            at = unclear or chosen[0]
            typed.raws[index] = cells[at][index]  # type: ignore[index]
            if unclear is not None or len(chosen) > 1:
                allowed = listing(columns)
                typed.refuse(index, Refused("enum-ticked-twice", "D108", allowed, column=columns[at]))
            else:
                typed.values[index] = at
                cell = self.grid.address(self.positions[index], columns[at])
                self.note(item, index, cells[at][index], Taken(at, "D108", "enum-ticked"), cell)
        return typed


def _marked(match: Match) -> list[int]:
    return [column for columns in match.marked.values() for column in columns.values()]


def _sorted_out(raws: Sequence[Any], values: list[Any]) -> TypedColumn:
    """Take what is no plain value out of a column."""
    typed = TypedColumn(raws, values)
    if {Taken, Refused}.isdisjoint(map(type, values)):
        return typed
    for index, outcome in enumerate(values):
        if type(outcome) is Taken:
            values[index] = outcome.value
            typed.taken[index] = outcome
        elif type(outcome) is Refused:
            values[index] = None
            typed.refused[index] = outcome
    return typed


def merges(grid: Grid, match: Match, positions: Sequence[int]) -> Merges:
    """Return the merged ranges of more than one cell that touch the data rows."""
    if not grid.merged or not positions:
        return {}
    data = set(positions)
    named = {*match.columns.values(), *match.unmapped, *_marked(match)}
    return {
        (row, column): (area.top, area.left, wide)
        for area in grid.merged
        if area.bottom >= positions[0] and area.top > match.header[1]
        # A column may be drawn over several of the sheet's: header and values merged alike.
        for wide in [len(named.intersection(range(area.left, area.right + 1))) > 1]
        if wide or area.bottom > area.top
        for row in range(area.top, area.bottom + 1)
        if row in data
        for column in range(area.left, area.right + 1)
    }
