"""What the sheet of one form looks like, for all who owe it: its columns, their headings, widths and formulas, and where a page ends.

The fields are those that intake will look for in that period, so that what is issued is what can be read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from ruralpb.core.periods import Period
from ruralpb.model import Check, Field, Form, Level, Summand, form_identity
from ruralpb.publish.xlsx.workbook import text_width

SERIAL = "序号"
SERIAL_WIDTH = 5.0
NARROWEST = 100.0
"""A sheet is at least so many characters wide: its title block needs the room."""

_PAGE = 112.0
"""Characters of a page across, A4 at full size: a Chinese system's fonts are wider than those widths are counted in."""
_SMALLEST = 0.5
"""Smaller than this nobody reads it: the table goes on to a further page."""

_SURELY = 0.9
"""Of a page's share of the columns so much is taken to stand on it for certain: the title block keeps to it."""

_AVERAGE = re.compile("人均|平均|户均|村均|亩均|单价|占比|比例|率")
_WIDTHS = {"id_card": 19.5, "phone": 13.0, "date": 11.0, "month": 8.0, "bool": 5.0, "village": 12.0,
           "township": 12.0, "unit": 14.0, "money": 9.0, "number": 8.0, "percent": 8.0, "int": 6.5}  # fmt: skip
_TEXT, _NAME = 15.0, 8.0
_ENUM, _LONGEST_ENUM = 6.5, 13.0
_LINE_HEIGHT = 14.5


@dataclass(frozen=True, slots=True)
class FormDefinition:
    """A form with what its rules come to. `sums`: field id → its summands, for columns that are the sum of others; `condition` says
    an expression over the form's rows, `requirement` one of its checks."""

    form: Form
    sums: Mapping[str, tuple[Summand, ...]]
    condition: Callable[[str], str]
    requirement: Callable[[Check], str]


@dataclass(frozen=True, slots=True)
class FormColumn:
    """One column: its field, the heading as printed, the parts of which it is the sum, and whether a total row adds it up."""

    field: Field
    heading: str
    width: float
    parts: tuple[Summand, ...]
    adds_up: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """The sheet of one form. Columns stand right of the serial number, in this order. `measure` is what the title block states; `pages` is
    how many pages it takes across, `opening` how many columns stand on the first of them."""

    form: Form
    columns: tuple[FormColumn, ...]
    measure: str
    version: str
    pages: int
    opening: int

    @property
    def grouped(self) -> bool:
        """True when some headings stand below a heading of their own."""
        return any(column.field.group for column in self.columns)

    @property
    def totalled(self) -> bool:
        """True when a total row stands below the table."""
        return any(column.adds_up for column in self.columns)

    @property
    def persistent(self) -> bool:
        """True for rosters and ledgers: as many rows as there are people or events; rows may be added."""
        return not self.form.village_row and self.form.key != ("reporter",)

    @property
    def keys(self) -> int:
        """How many of the first columns say whom a row is about: they stay in view and are repeated on each page across."""
        named = [n for n, c in enumerate(self.columns) if c.field.type in ("village", "township", "unit")]
        return max(named, default=-1) + 1

    def heading_height(self) -> float:
        """The height of the row of headings, in points."""
        lines = (ceil(text_width(c.heading) / max(c.width - 1.0, 2.0)) for c in self.columns)
        return _LINE_HEIGHT * max(lines, default=1) + 6.0


def layout(definition: FormDefinition, period: Period, level: Level) -> Layout:
    """Return the sheet of a form in `period` for a reporter of `level`: a township's own name stands in the title block alone, an office's
    rows say which township they are about."""
    form = definition.form
    asked = form.fields_in(period)
    fields = [f for f in asked if f.type != "township" or level != "township" or form.key == ("township",)]
    if form.key == ("reporter",):
        fields = [f for f in fields if f.type != "village"]
    fields.sort(key=lambda f: {"township": 0, "village": 1, "unit": 1}.get(f.type, 2))
    measures = _stated(fields)
    columns = [_column(form, f, measures, definition.sums.get(f.id, ())) for f in fields]
    spread = max(1.0, (NARROWEST - SERIAL_WIDTH) / sum(c.width for c in columns))
    columns = [_wider(column, spread) for column in columns]
    keys = (
        max((n for n, c in enumerate(columns) if c.field.type in ("village", "township", "unit")), default=-1)
        + 1
    )
    pages, opening = _pages([c.width for c in columns], keys)
    version = form_identity.version(form, asked, period.end)
    return Layout(form, tuple(columns), "、".join(measures), version, pages, opening)


def _stated(fields: Iterable[Field]) -> list[str]:
    """The measures of the title block: that of most money columns, then those of most others, three at most. A column in another
    one says so in its heading."""
    money = Counter(f.measure for f in fields if f.type == "money" and f.measure)
    counts = Counter(f.measure for f in fields if f.type == "int" and f.measure)
    main = [measure for measure, _ in money.most_common(1)]
    return [*main, *(measure for measure, n in counts.most_common(2) if n > 1 or not main)]


def _column(form: Form, item: Field, measures: Sequence[str], parts: tuple[Summand, ...]) -> FormColumn:
    said = item.measure in measures and (item.type != "money" or item.measure == measures[0])
    stated = item.numeric and item.measure and not said
    heading = f"{item.title}（{item.measure}）" if stated else item.title
    adds_up = (
        (form.village_row or "person_key" not in form.key)
        and form.key != ("reporter",)
        and item.type in ("int", "money")
        and item.id not in form.key
        and not _AVERAGE.search(item.title)
        and not (item.type == "money" and said is False)
    )
    return FormColumn(item, heading, _width(item, heading), parts, adds_up)


def _width(item: Field, heading: str) -> float:
    if item.type == "enum":
        longest = max((text_width(v.value) for v in item.values), default=_ENUM)
        own = min(max(_ENUM, longest + 2.0), _LONGEST_ENUM)
    elif item.type == "text":
        own = _NAME if item.sensitive else _TEXT
    else:
        own = _WIDTHS[item.type]
    return max(own, text_width(heading) / 4 + 2.0)  # a heading takes four lines at most


def _wider(column: FormColumn, times: float) -> FormColumn:
    return FormColumn(
        column.field, column.heading, round(column.width * times, 2), column.parts, column.adds_up
    )


def _pages(widths: Sequence[float], keys: int) -> tuple[int, int]:
    """Return how many pages the columns take across, and how many of them surely stand on the first. The key columns are repeated on each.
    Where a page really ends is for the program to say that prints: widths depend on its fonts."""
    repeated = SERIAL_WIDTH + sum(widths[:keys])
    pages = max(1, ceil(sum(widths[keys:]) / (_PAGE / _SMALLEST - repeated)))
    if pages == 1:
        return 1, len(widths)
    share, opening, filled = sum(widths[keys:]) / pages, keys, 0.0
    while opening < len(widths) and filled + widths[opening] <= share * _SURELY:
        filled += widths[opening]
        opening += 1
    return pages, opening
