"""What one file is while it is read: grids with their evidence, recognised tables, typed rows, notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Literal

from ruralpb.core.cell_names import column_letters
from ruralpb.core.periods import Period
from ruralpb.core.problems import Problem


@dataclass(frozen=True, slots=True)
class CellError:
    """What a Grid holds where the workbook shows #REF!, #DIV/0! …: never a blank, never a number."""

    text: str


@dataclass(frozen=True, slots=True)
class Uncached:
    """What a Grid holds for a formula that was never calculated."""

    formula: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a cell's value alone does not tell. `format` is the number format's class (`scaled`: it shows another number
    than is stored; `unsigned`: it shows negative numbers like positive ones), or `empty` for a formula that gives an empty text, or `parts` for a text of which only a part is struck out or raised; `measure` the money measure it writes behind the number, `link` the other workbook its formula takes a value
    from."""

    format: Literal["", "percent", "date", "text", "scaled", "unsigned", "parts", "empty"] = ""
    formula: str = ""
    struck: bool = False
    comment: str = ""
    link: str = ""
    measure: str = ""
    code: str = ""
    """The number format, where it writes leading zeros or letters: a number in it is read as a code as it is shown."""
    due: str = ""
    """What its formula gives, where the stored result is another."""


@dataclass(frozen=True, slots=True)
class Range:
    """A rectangle of cells, 0-based, inclusive."""

    top: int
    left: int
    bottom: int
    right: int


_MOST_NAMES = 2**16
"""So many names of cells are known by heart: the books of a quarter have the same ones."""


@lru_cache(_MOST_NAMES)
def cell_name(row: int, column: int) -> str:
    """0-based row and column → A1 notation (13, 3 → D14)."""
    return f"{column_letters(column)}{row + 1}"


@lru_cache(_MOST_NAMES)
def cell_position(name: str) -> tuple[int, int] | None:
    """A1 notation → 0-based row and column (D14 → (13, 3)); None for anything else."""
    letters = name.rstrip("0123456789")
    digits = name[len(letters) :]
    if not digits or not (letters.isascii() and letters.isalpha() and letters.isupper()):
        return None
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(digits) - 1, column - 1


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet as plain values from A1 on (0-based rows and columns, ragged rows padded with None). A value is None, str, int,
    float, bool, date, datetime, time, CellError or Uncached. Trailing blank rows and columns are stripped."""

    sheet: str
    values: tuple[tuple[Any, ...], ...]
    evidence: Mapping[tuple[int, int], Evidence] = field(default_factory=dict)
    merged: tuple[Range, ...] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    epoch_1904: bool = False
    """True when the workbook counts days from 1904, which matters for serial numbers without a date format."""
    transposed: bool = False
    """True for a view of a sheet on its side: a row here is a column there (`transpose`)."""
    relocated: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    """Columns of this view that stand elsewhere in the sheet: column → how many rows further down, and in which column."""

    printed: tuple[Range, ...] = ()
    """The areas that are printed, where the sheet says so: what lies outside is not seen on paper."""
    surroundings: tuple[tuple[str, str], ...] = ()
    """Texts around the cells: where (`header`, `footer`, `box`; `sheet` and `file`: the names) and what."""
    lengths: tuple[int, ...] = ()
    """How many cells each record of a text file has; empty for workbooks."""

    def cell(self, row: int, column: int) -> Any:
        """The value at (row, column), None outside the grid."""
        if 0 <= row < len(self.values) and 0 <= column < len(self.values[row]):
            return self.values[row][column]
        return None

    def place(self, row: int, column: int) -> tuple[int, int]:
        """Where a cell of this view stands in the sheet: 0-based row and column."""
        if column in self.relocated:
            down, column = self.relocated[column]
            row += down
        return (column, row) if self.transposed else (row, column)

    def address(self, row: int, column: int) -> str:
        """The A1 name, in the sheet, of a cell of this view."""
        return cell_name(*self.place(row, column))

    def position(self, cell: str) -> int:
        """The row of this view that holds the sheet's cell `cell` (A1 notation); 0 for anything that is no cell."""
        row, column = cell_position(cell) or (0, 0)
        if self.transposed:
            return column
        if row >= len(self.values):
            for down, at in self.relocated.values():
                if at == column and 0 <= row - down < len(self.values):
                    return row - down
        return row

    def transpose(self) -> Grid:
        """Return the view in which rows and columns have changed places: a table on its side stands upright in it."""
        width = max((len(row) for row in self.values), default=0)
        padded = [row + (None,) * (width - len(row)) for row in self.values]
        return replace(
            self,
            values=tuple(zip(*padded, strict=True)),
            evidence={(column, row): found for (row, column), found in self.evidence.items()},
            merged=tuple(Range(a.left, a.top, a.right, a.bottom) for a in self.merged),
            hidden_rows=self.hidden_columns,
            hidden_columns=self.hidden_rows,
            transposed=not self.transposed,
        )

    def window(self, first: int, last: int, below: int) -> Grid:
        """Return the view that shows, from row `below` on, only the columns from `first` to `last`; the rows above are whole.
        Every cell keeps its place."""
        left, width = (None,) * first, last - first + 1
        rows = (
            left + row[first : last + 1] + (None,) * max(0, len(row) - first - width)
            for row in self.values[below:]
        )
        merged = tuple(a for a in self.merged if a.bottom < below or first <= a.left <= a.right <= last)
        return replace(self, values=(*self.values[:below], *rows), merged=merged)


RowClass = Literal[
    "title", "header", "data", "total", "subtotal", "note", "signature", "repeated_header", "blank", "other"
]


@dataclass(frozen=True, slots=True)
class Match:
    """One recognised block of a sheet: which form, where its header is, what each column means, what each row is.
    `columns`: field id → 0-based column. `measures`: field id → the measure its header or corner note states.
    `title_block`: title-block facts (reporter, period, measure, signer …) → (text, cell address)."""

    form: str
    sheet: str
    header: tuple[int, int]
    """First and last header row, 0-based."""
    columns: Mapping[str, int]
    rows: Mapping[int, RowClass]
    measures: Mapping[str, str] = field(default_factory=dict)
    title_block: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    unmapped: Mapping[int, str] = field(default_factory=dict)
    """Column → header text of columns the form does not know."""
    nil: bool = False
    marked: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Enum field id → value → column, where each value has a column of its own to tick (性别: 男 √, 女); `columns` then names
    the leftmost of them."""
    mentions: tuple[tuple[str, str], ...] = ()
    """Measures of money that texts outside the table mention, with the cell ("" for the page's header, footer and boxes)."""
    confirmed_for: tuple[str, ...] = ()
    """Reporters (codes) for whose sheets alone a header of the table was confirmed."""
    view: Grid | None = None
    """The view of the sheet that rows and columns count in, where it is not the sheet itself."""


@dataclass(frozen=True, slots=True)
class Note:
    """A cell that was not taken literally (or a value that stood elsewhere): what stood there, what it was taken for,
    by which rule. `position` is the 0-based sheet row of the fact."""

    form: str
    sheet: str
    position: int
    field: str
    cell: str
    raw: str
    value: str
    rule: str
    message: str

    def __reduce__(self) -> tuple[Any, ...]:
        # A dirty file leaves thousands, and the way a frozen dataclass is pickled by itself takes five times as long.
        return Note, (
            self.form, self.sheet, self.position, self.field, self.cell, self.raw, self.value, self.rule, self.message,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One fact row. `position` is the 0-based row of the sheet. `values` align with `Block.fields`; exact types: int, Decimal,
    date (months are day 1), bool, str or None. `refused` names fields whose cell was refused (their value is None)."""

    position: int
    unit_code: str
    township_code: str
    village_code: str
    values: tuple[Any, ...]
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """One recognised table of one file, typed: what one reporter says about one form and period. `columns` maps each field
    to its 0-based column in the sheet; a field without a column was not in the sheet."""

    form: str
    sheet: str
    reporter_code: str
    period: Period
    fields: tuple[str, ...]
    columns: Mapping[str, int]
    rows: Sequence[Row]
    nil: bool = False
    header: tuple[int, int] = (0, 0)
    title_block: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    transposed: bool = False
    """True for a table on its side: positions are columns, and `columns` names rows."""
    shifts: Mapping[str, int] = field(default_factory=dict)
    """Fields that stand in a continuation of the table: how many rows below its row's own position."""

    @property
    def villages(self) -> frozenset[str]:
        """Codes of the villages its rows are about."""
        return frozenset(r.village_code for r in self.rows if r.village_code)


CellRole = Literal[
    "title", "statement", "header", "value", "total", "list_number", "note", "signature", "extra", "outside", "refused", "prepared",
    "other_form", "unaccounted",
]  # fmt: skip
"""What a non-empty cell of a sheet was taken for. `extra`: a column the form does not know; `outside`: under no heading; `refused`: in a row
that a finding names; `prepared`: in a row without a record."""


@dataclass(frozen=True, slots=True)
class Account:
    """Every non-empty cell of a sheet with one role: how many have each, and the cells that have none."""

    sheet: str
    roles: Mapping[CellRole, int]
    unaccounted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetReading:
    """What one sheet was understood as, in words for the one-line report: a form id, or why not."""

    sheet: str
    form: str
    rows: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PreviewedTable:
    """A table recognised in a sheet: `first` is the first cell of its header, `columns` maps each field to its header's cell, `unread` the
    header cells of columns the form does not know to their text; `transposed`: fields stand in rows."""

    form: str
    first: str
    columns: Mapping[str, str]
    unread: Mapping[str, str]
    transposed: bool = False


@dataclass(frozen=True, slots=True)
class SheetPreview:
    """A sheet as the reader saw it, for a person: 1-based row number, the row's class, its cells as text (long numbers masked)."""

    sheet: str
    rows: tuple[tuple[int, str, tuple[str, ...]], ...]
    tables: tuple[PreviewedTable, ...] = ()
    roles: Mapping[CellRole, int] = field(default_factory=dict)
    """How many cells have each role."""


@dataclass(frozen=True, slots=True)
class FileClaims:
    """Form id, label of the period and code of the sender that a file's name and folders claim; "" where they claim none."""

    form: str = ""
    period: str = ""
    reporter_code: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything one file says. Picklable, so that a worker can return it."""

    blocks: tuple[Block, ...] = ()
    notes: tuple[Note, ...] = ()
    problems: tuple[Problem, ...] = ()
    sheets: tuple[SheetReading, ...] = ()
    accounts: tuple[Account, ...] = ()
    previews: tuple[SheetPreview, ...] = ()
    """How each sheet looked, when `IntakeOptions.look` asks for it."""
    opened: bytes = b""
    """The workbook that the password of `IntakeOptions.unlock` opened; nothing of it has been read then."""
    claims: FileClaims = FileClaims()
    """What the file's names say, where no table says it."""

    @property
    def is_attachment(self) -> bool:
        """True for a document or a picture that came with the returns: none of it is one."""
        return not self.blocks and any(problem.slug == "attachment-kept" for problem in self.problems)


@dataclass(frozen=True, slots=True)
class IntakeOptions:
    """What the person who calls ingest says about the files. Anything the file itself says must agree."""

    period: Period | None = None
    unit_code: str = ""
    form: str = ""
    password: str = ""
    look: bool = False
    unlock: bool = False
    """Only open the file with the password, and hand on the workbook in it."""
    unlocked: bool = False
    """The bytes are a workbook that a password has opened before."""
