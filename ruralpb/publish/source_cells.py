"""The cells behind the figures of one document, each once: tens of thousands, most of them behind many figures."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ruralpb.model import Address, cell_position

_Place = tuple[str, str, int, int, str]
"""File, sheet, column and row (1-based; 0 for an address that is no single cell), the cell's own name."""


@dataclass(frozen=True, slots=True)
class CellRun:
    """Neighbouring cells of one column. `file` and `sheet` are numbers of `NumberedCells.names`; `row` is that of the first cell, 0
    where the address is no single cell and `column` says all of it."""

    file: int
    sheet: int
    column: str
    row: int
    cells: list[Address] = field(default_factory=list)

    def name(self, start: int, count: int) -> str:
        """The address of `count` cells from the one at `start` on: C7 or C7:C35."""
        if not self.row:
            return self.column
        first, last = self.row + start, self.row + start + count - 1
        return f"{self.column}{first}" + (f":{self.column}{last}" if count > 1 else "")


class NumberedCells:
    """Cells numbered through by file, sheet, column and row: `runs` of neighbours, and for every value the `stretches` of
    numbers it rests on: first, how many, first, how many … `names` are those of files and sheets."""

    def __init__(self, behind: Mapping[str, Sequence[Address]]) -> None:
        self.names: list[str] = []
        self.runs: list[CellRun] = []
        self._index: dict[str, int] = {}
        self._starts: list[int] = []
        # The same cell is the same object wherever it is named: its place is found once.
        objects = {id(a): a for addresses in behind.values() for a in addresses}
        places = {key: _place(address) for key, address in objects.items()}
        distinct = {places[key]: address for key, address in objects.items()}
        number = {place: at for at, place in enumerate(sorted(distinct))}
        for place, at in number.items():
            self._add(at, place, distinct[place])
        self.stretches = {
            value: list(_stretches(sorted({number[places[id(a)]] for a in addresses})))
            for value, addresses in behind.items()
            if addresses
        }

    def ranges(self, value: str) -> Iterator[tuple[CellRun, int, int]]:
        """Yield the neighbouring cells a value rests on: the run, which of it comes first, how many."""
        stretches = self.stretches.get(value, ())
        for start, count in zip(stretches[::2], stretches[1::2], strict=True):
            while count:
                at = bisect_right(self._starts, start) - 1
                run, first = self.runs[at], start - self._starts[at]
                taken = min(count, len(run.cells) - first)
                yield run, first, taken
                start, count = start + taken, count - taken

    def _add(self, at: int, place: _Place, address: Address) -> None:
        file, sheet, _, row, name = place
        column = name.rstrip("0123456789") if row else name
        head = (self._name(file), self._name(sheet), column)
        last = self.runs[-1] if self.runs else None
        if (
            last is not None
            and row
            and (last.file, last.sheet, last.column) == head
            and last.row + len(last.cells) == row
        ):
            last.cells.append(address)
        else:
            self.runs.append(CellRun(*head, row, [address]))
            self._starts.append(at)

    def _name(self, text: str) -> int:
        if text not in self._index:
            self._index[text] = len(self.names)
            self.names.append(text)
        return self._index[text]


def _place(address: Address) -> _Place:
    at = cell_position(address.cell)
    row, column = (at[0] + 1, at[1] + 1) if at else (0, 0)
    return address.file, address.sheet, column, row, address.cell


def _stretches(numbered: Sequence[int]) -> Iterator[int]:
    start = 0
    for at, number in enumerate(numbered):
        if at + 1 == len(numbered) or numbered[at + 1] != number + 1:
            yield from (numbered[start], at + 1 - start)
            start = at + 1
