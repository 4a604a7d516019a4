"""A return as a clerk's workbook holds it, and what a careful reader must make of each of its cells.

The truth comes first: a `Return` has `Record`s of typed `Fact`s. A `Book` shows them: every `Cell` that holds a fact points to it. A mess
moves, rewrites or covers cells and says what then is right to read: `Fact.wanted`. Where a fact stands is looked up last, so messes compose.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from ruralpb.core.periods import Period
from ruralpb.model import Field, Form, Unit

Wanted = Literal["read", "cell", "row", "sheet", "free"]
"""read: exactly `value` · cell, row, sheet: refused, by a problem at that cell, of that row, of that sheet or file · free: `value` or
a refusal, both are right, any other number is wrong."""


@dataclass(eq=False)
class Fact:
    """One typed value of the truth. `rule` is the dirty-return id that a note or problem at the cell must bear, when one must."""

    record: Record
    field: Field
    value: Any
    wanted: Wanted = "read"
    rule: str = ""
    touched: bool = False
    also: Any = None
    """Another value that is as right as `value`."""
    widely: bool = False
    """Refusing the whole sheet is right, too."""

    def _settle(self, wanted: Wanted, rule: str) -> None:
        """A refused sheet stays refused, whatever else happens to its cells."""
        self.touched = True
        if self.widely and wanted == "read":
            wanted, rule = "free", ""
        if self.wanted != "sheet":
            self.wanted, self.rule = wanted, rule

    def refuse(self, rule: str = "") -> None:
        """No reading of the cell is right."""
        self._settle("cell", rule)

    def read_as(self, value: Any, rule: str = "") -> None:
        """The cell says `value`, in the field's measure."""
        self.value = value
        self._settle("read", rule)

    def read_or_refuse(self, value: Any) -> None:
        """The cell says `value` or is refused."""
        self.value = value
        self._settle("free", "")


@dataclass(eq=False)
class Record:
    """One row of the truth. `unit` is whom it is about."""

    owner: Return
    village: Unit | None
    facts: dict[str, Fact] = field(default_factory=dict)

    def refuse(self, wanted: Wanted = "row") -> None:
        for fact in self.facts.values():
            if fact.wanted != "sheet":
                fact.wanted, fact.rule, fact.touched = wanted, "", True

    def doubt(self) -> None:
        """The whole row may be read or refused."""
        for fact in self.facts.values():
            if fact.wanted == "read":
                fact.wanted, fact.rule = "free", ""

    @property
    def untouched(self) -> bool:
        return not any(fact.touched for fact in self.facts.values())


@dataclass(eq=False)
class Return:
    """What one sender says about one form and period. `fields` are the columns of its sheet."""

    form: Form
    period: Period
    sender: Unit
    fields: list[Field]
    records: list[Record] = field(default_factory=list)

    def facts(self) -> Iterator[Fact]:
        for record in self.records:
            yield from record.facts.values()


@dataclass(frozen=True)
class Formula:
    """A formula; `cached` None: never calculated."""

    text: str
    cached: Any = None


@dataclass(frozen=True)
class ErrorValue:
    """An error cell, with the formula behind it."""

    text: str
    formula: str = "1/0"


@dataclass(frozen=True)
class Runs:
    """A text of which a part is struck out or raised: (text, "struck" | "raised" | "") each."""

    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Sum:
    """What a total row states: the sum of what the column shows for `records`, worked out when the book is finished."""

    field: str
    records: tuple[Record, ...]
    formula: bool = False


@dataclass(eq=False)
class Cell:
    """One cell. `look` is a number format code."""

    value: Any = None
    fact: Fact | None = None
    look: str = ""
    struck: bool = False
    comment: str = ""
    heads: str = ""
    """Id of the field whose column this (leaf) header cell heads."""


@dataclass(eq=False)
class Line:
    """One row. `kind`: title · head · data · total · below · other."""

    kind: str
    cells: list[Cell]
    record: Record | None = None
    hidden: bool = False

    def of(self, name: str) -> Cell | None:
        return next((cell for cell in self.cells if cell.fact and cell.fact.field.id == name), None)


@dataclass(eq=False)
class Sheet:
    """One sheet. Merges and hidden columns name cells, not positions, so that rows and columns can move."""

    name: str
    lines: list[Line]
    returns: list[Return]
    merges: list[tuple[Cell, Cell]] = field(default_factory=list)
    hidden: bool = False
    hidden_columns: set[Cell] = field(default_factory=set)
    scale: dict[str, int] = field(default_factory=dict)
    """Field → power of ten by which the sheet's number is larger than the value in the field's measure (元 for 万元: 4)."""
    protected: bool = False

    @property
    def width(self) -> int:
        return max((len(line.cells) for line in self.lines), default=0)

    def of_kind(self, *kinds: str) -> list[Line]:
        return [line for line in self.lines if line.kind in kinds]

    def first(self, kind: str) -> int:
        return next(number for number, line in enumerate(self.lines) if line.kind == kind)

    def last(self, kind: str) -> int:
        return max(number for number, line in enumerate(self.lines) if line.kind == kind)

    def pad(self) -> None:
        """Make all lines equally long."""
        for line in self.lines:
            line.cells += [Cell() for _ in range(self.width - len(line.cells))]

    def positions(self) -> dict[Cell, tuple[int, int]]:
        return {
            cell: (row, column)
            for row, line in enumerate(self.lines)
            for column, cell in enumerate(line.cells)
        }

    def head(self, name: str) -> Cell | None:
        """The leaf header cell of a field's column."""
        return next((c for line in self.of_kind("head") for c in line.cells if c.heads == name), None)

    def refuse(self) -> None:
        """The whole sheet must be refused."""
        for line in self.lines:
            for cell in line.cells:
                if cell.fact:
                    cell.fact.wanted, cell.fact.rule = "sheet", ""

    def doubt(self) -> None:
        """The whole sheet may be read or refused."""
        for fact in self.facts():
            fact.widely = True
            if fact.wanted == "read":
                fact.wanted, fact.rule = "free", ""

    def facts(self) -> Iterator[Fact]:
        for line in self.lines:
            for cell in line.cells:
                if cell.fact:
                    yield cell.fact

    def shown(self, fact: Fact) -> Decimal:
        """The number as this sheet counts it."""
        return Decimal(fact.value).scaleb(self.scale.get(fact.field.id, 0))


@dataclass(eq=False)
class Book:
    """One file. `traits` are peculiarities of its bytes that the writer of `container` knows."""

    name: str
    sheets: list[Sheet]
    container: str = "xlsx"
    path: str = ""
    traits: set[str] = field(default_factory=set)
    password: str = ""
    period_option: Period | None = None
    told: set[str] = field(default_factory=set)
    """Rules that some note or problem of the file must bear."""
    made_of: list[str] = field(default_factory=list)
    named_by_sheet: bool = False
    """The sheet's name says what nothing else does; containers without one are no choice."""

    @property
    def main(self) -> Sheet:
        return self.sheets[0]

    @property
    def extension(self) -> str:
        return self.name.rpartition(".")[2]

    def facts(self) -> Iterable[Fact]:
        for sheet in self.sheets:
            yield from sheet.facts()

    def refuse(self) -> None:
        for sheet in self.sheets:
            sheet.refuse()


def number(value: Decimal) -> int | float:
    """A decimal as a spreadsheet holds it."""
    return int(value) if value == value.to_integral_value() else float(value)


def plain(value: Decimal) -> str:
    """A decimal as a person types it."""
    return f"{value.normalize():f}"
