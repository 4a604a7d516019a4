"""The rows of one table as columns: how they travel from a reading process to the store.

A row object costs more to pickle than to read. A column of plain values costs almost nothing, and the store inserts columns anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple, overload

from ruralpb.model.reading import Reading, Row

Kind = Literal["plain", "decimal", "date"]


class Column(NamedTuple):
    """The values of one field, row by row. `kind` says what the texts of a column stand for: nothing else (`plain`, which may also
    be int or bool), exact decimals in plain digits, or ISO dates. None is None in all of them."""

    kind: Kind
    values: tuple[Any, ...]

    def exact(self) -> Sequence[Any]:
        """The values as a Row holds them."""
        if self.kind == "plain":
            return self.values
        read: Callable[[str], Any] = Decimal if self.kind == "decimal" else date.fromisoformat
        return [None if value is None else read(value) for value in self.values]


@dataclass(frozen=True, slots=True, eq=False)
class Rows(Sequence[Row]):
    """Equal to the sequence of rows it was made of; a Row comes into being when somebody asks for it."""

    positions: tuple[int, ...]
    unit_codes: tuple[str, ...]
    township_codes: tuple[str, ...]
    village_codes: tuple[str, ...]
    columns: tuple[Column, ...]
    refused: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """Row number (from 0) → fields whose cell was refused, for the rows that have any."""

    @staticmethod
    def of(rows: Sequence[Row]) -> Rows:
        """Return the same rows as columns. Raises TypeError when a field holds values that do not belong together."""
        if isinstance(rows, Rows):
            return rows
        if not rows:
            return Rows((), (), (), (), ())
        return Rows(
            tuple([row.position for row in rows]),
            tuple([row.unit_code for row in rows]),
            tuple([row.township_code for row in rows]),
            tuple([row.village_code for row in rows]),
            tuple(map(_column, zip(*[row.values for row in rows], strict=True))),
            {number: row.refused for number, row in enumerate(rows) if row.refused},
        )

    @staticmethod
    def of_columns(
        positions: Sequence[int],
        codes: tuple[Sequence[str], Sequence[str], Sequence[str]],
        columns: Iterable[Sequence[Any]],
        refused: Mapping[int, tuple[str, ...]],
    ) -> Rows:
        """Return the rows with these columns. `codes` are the unit's, the township's and the village's, row by row. Raises TypeError when a
        column holds values that do not belong together."""
        if not positions:
            return Rows.of(())
        units, townships, villages = map(tuple, codes)
        kept = tuple(_column(tuple(column)) for column in columns)
        return Rows(tuple(positions), units, townships, villages, kept, refused)

    def part(self, numbers: Sequence[int]) -> Rows:
        """Return the rows with these numbers (from 0), in their order."""
        return Rows(
            tuple([self.positions[n] for n in numbers]),
            tuple([self.unit_codes[n] for n in numbers]),
            tuple([self.township_codes[n] for n in numbers]),
            tuple([self.village_codes[n] for n in numbers]),
            tuple(Column(c.kind, tuple([c.values[n] for n in numbers])) for c in self.columns),
            {at: self.refused[n] for at, n in enumerate(numbers) if n in self.refused},
        )

    def __len__(self) -> int:
        return len(self.positions)

    def __iter__(self) -> Iterator[Row]:
        # Rows without a single field still are rows.
        values = zip(*[column.exact() for column in self.columns], strict=True) if self.columns else ()
        every = iter(values) if self.columns else iter([()] * len(self))
        codes = zip(
            self.positions, self.unit_codes, self.township_codes, self.village_codes, every, strict=True
        )
        for number, (position, unit, township, village, said) in enumerate(codes):
            yield Row(position, unit, township, village, said, self.refused.get(number, ()))

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | Sequence[Row]:
        return tuple(self)[index]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or isinstance(other, str):
            return NotImplemented
        return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]


def columnar(reading: Reading) -> Reading:
    """Return the reading with the rows of its blocks as columns."""
    return replace(reading, blocks=tuple(replace(b, rows=Rows.of(b.rows)) for b in reading.blocks))


def _column(values: tuple[Any, ...]) -> Column:
    types = set(map(type, values))
    types.discard(type(None))
    if types <= {str} or types <= {int} or types <= {bool}:
        return Column("plain", values)
    if types <= {Decimal, int}:
        return Column("decimal", _digits(values))
    if types == {date}:
        texts = {day: None if day is None else day.isoformat() for day in set(values)}
        return Column("date", tuple(map(texts.__getitem__, values)))
    raise TypeError(f"a column of {' and '.join(sorted(t.__name__ for t in types))}")


def _digits(values: tuple[Any, ...]) -> tuple[str | None, ...]:
    texts = [None if value is None else str(value) for value in values]
    if "E" in "".join(
        filter(None, texts)
    ):  # hardly ever: that is how very small and very large ones are told
        texts = [None if value is None else format(Decimal(value), "f") for value in values]
    return tuple(texts)
