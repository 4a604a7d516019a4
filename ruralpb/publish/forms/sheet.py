"""One form's sheet: title block, headings, rows with what is known already, totals, signatures, and how it prints.

1  title                     5  headings, under those of their groups
2      表号                  …  甲 乙 1 2 3
3      制表机关              …  rows: villages, or who stood on the last roster, and room for more
4  填报单位 报告期 计量单位  …  合计, signatures, notes
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from math import ceil
from typing import Any

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from ruralpb.core import numbers
from ruralpb.core.periods import Period
from ruralpb.model import Form, Unit
from ruralpb.publish.forms import entry
from ruralpb.publish.forms.book import FormBook, NoResult
from ruralpb.publish.forms.layout import SERIAL, SERIAL_WIDTH, FormColumn, Layout
from ruralpb.publish.text.saying import BUILTIN
from ruralpb.publish.xlsx.workbook import PAGE_NUMBERS, landscape, text_width

KnownRow = Mapping[str, Any]
"""A row as it is issued: field id → value, exact types; what is not in it is for the township to fill in."""

_HEAD = 4
"""The row (0-based) of the first headings."""
_SPARE = 20
_ROW, _SIGNED, _TALL = 20.0, 26.0, 14.0
_SIGNATURES = ("单位负责人：", "填表人：", "联系电话：", "报出日期：")
_STEMS = "甲乙丙丁"
_LOOKS = {"text": "input", "village": "input", "township": "input", "unit": "input", "enum": "choice", "bool": "choice",
          "date": "choice", "month": "choice", "id_card": "choice", "phone": "choice"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SheetIssue:
    """Whom a sheet is for: the reporter, the period, who issues the form, the villages to choose from, the rows known already."""

    reporter: Unit
    period: Period
    issuer: str
    villages: tuple[str, ...]
    rows: tuple[KnownRow, ...]


def sheet_name(form: Form) -> str:
    """The name of the form's sheet, which no program refuses."""
    return "".join(char for char in form.title if char not in "[]:*?/\\'")[:31]


def write(book: FormBook, layout: Layout, issue: SheetIssue) -> None:
    """Add the sheet of one form to the workbook."""
    _FormSheet(book, layout, issue).write()


class _FormSheet:
    def __init__(self, book: FormBook, layout: Layout, issue: SheetIssue) -> None:
        self._book, self._layout, self._issue = book, layout, issue
        self._sheet = book.worksheet(sheet_name(layout.form))
        self._columns = layout.columns
        self._first = _HEAD + 1 + layout.grouped + 1
        """The first row of data: below headings and column numbers."""
        spare = max(_SPARE, len(issue.rows) // 5) if layout.persistent else 0
        self._count = len(issue.rows) + spare or 1
        self._last = self._first + self._count - 1

    def write(self) -> None:
        self._title()
        self._headings()
        for number in range(self._count):
            filled = self._issue.rows[number] if number < len(self._issue.rows) else {}
            self._row(number, filled)
        self._validations()
        below = self._last + 1
        if self._layout.totalled:
            self._total(below)
            below += 1
        self._signatures(below)
        self._note(below + 1)
        self._print()
        self._protect()

    # -------------------------------------------------------------------------------------- title block

    def _title(self) -> None:
        end = self._page_end()
        form, issue = self._layout.form, self._issue
        self._across(0, 0, end, form.title, self._book.look("title"))
        self._sheet.set_row(0, 32)
        measure = BUILTIN.text("blanks.measure", measure=self._layout.measure) if self._layout.measure else ""
        beside = (
            BUILTIN.text("blanks.code", code=form.code),
            BUILTIN.text("blanks.issuer", issuer=issue.issuer),
            measure,
        )
        left, right = self._thirds(end, max(map(text_width, beside)) + 2.0)
        self._across(1, right, end, beside[0], self._book.look("about"))
        self._across(2, right, end, beside[1], self._book.look("about"))
        self._across(3, 0, left, f"填报单位（盖章）：{issue.reporter.name}", self._book.look("about"))
        if right > left + 1:
            self._across(
                3,
                left + 1,
                right - 1,
                BUILTIN.text("blanks.period", period=issue.period.title),
                self._book.look("middle"),
            )
            if measure:
                self._across(3, right, end, measure, self._book.look("about"))
        else:
            self._across(
                3,
                right,
                end,
                BUILTIN.text("blanks.period", period=issue.period.title),
                self._book.look("about"),
            )

    def _page_end(self) -> int:
        """The last column of the title block: it keeps to the first page."""
        return self._layout.opening

    def _thirds(self, end: int, needed: float) -> tuple[int, int]:
        """The last column of the left third of the first page, and the first of the right one, which has the room it needs."""
        widths = [SERIAL_WIDTH, *(column.width for column in self._columns[:end])]
        right = max(
            (n for n in range(2, end + 1) if sum(widths[n:]) >= max(needed, sum(widths) / 4)), default=end
        )
        left = min(
            (n for n in range(right - 1) if sum(widths[: n + 1]) >= sum(widths) / 3), default=right - 2
        )
        return max(left, 0), right

    def _across(self, row: int, first: int, last: int, text: str, look: Any) -> None:
        if last > first:
            self._sheet.merge_range(row, first, row, last, text, look)
        else:
            self._sheet.write_string(row, first, text, look)

    # -------------------------------------------------------------------------------------- headings

    def _headings(self) -> None:
        look, grouped = self._book.look("head"), self._layout.grouped
        leaf = _HEAD + grouped
        self._heading(0, SERIAL, leaf)
        at = 1
        for group, columns in groupby(self._columns, lambda column: column.field.group):
            members = list(columns)
            if group:
                self._across(_HEAD, at, at + len(members) - 1, group, look)
            for place, column in enumerate(members, at):
                if group:
                    self._sheet.write_string(leaf, place, column.heading, look)
                else:
                    self._heading(place, column.heading, leaf)
            at += len(members)
        self._sheet.set_row(leaf, self._layout.heading_height())
        if grouped:
            self._sheet.set_row(_HEAD, 20)
        self._numbers(leaf + 1)
        self._sheet.set_column(0, 0, SERIAL_WIDTH)
        for place, column in enumerate(self._columns, 1):
            self._sheet.set_column(place, place, column.width)

    def _heading(self, place: int, text: str, leaf: int) -> None:
        if leaf > _HEAD:
            self._sheet.merge_range(_HEAD, place, leaf, place, text, self._book.look("head"))
        else:
            self._sheet.write_string(leaf, place, text, self._book.look("head"))

    def _numbers(self, row: int) -> None:
        """The row of column numbers: 甲 for what names a row, 1 2 3 for what is said of it, 5=1+2 for sums."""
        look, keys = self._book.look("number"), self._layout.keys
        self._sheet.write_string(row, 0, _STEMS[0], look)
        number = {c.field.id: n - keys + 1 for n, c in enumerate(self._columns)}
        for place, column in enumerate(self._columns):
            if place < keys:
                text = _STEMS[place + 1]
            else:
                parts = "".join(f"{part.sign}{number[part.field]}" for part in column.parts)
                own = str(number[column.field.id])
                text = f"{own}={parts.removeprefix('+')}" if parts else own
            self._sheet.write_string(row, place + 1, text, look)

    # -------------------------------------------------------------------------------------- rows

    def _row(self, number: int, filled: KnownRow) -> None:
        row, book = self._first + number, self._book
        self._sheet.write_number(row, 0, number + 1, book.look("serial", free=self._layout.persistent))
        height = _ROW
        for place, column in enumerate(self._columns, 1):
            value = filled.get(column.field.id)
            number_format = entry.number_format(column.field)
            if column.parts:
                look = book.look("sum", number_format)
                self._sheet.write_formula(row, place, self._sum(column, row), look, _result(column, filled))
                continue
            fixed = value is not None and self._layout.form.village_row
            required = column.field.required and not fixed
            look = book.look(
                "fixed" if fixed else _LOOKS.get(column.field.type, "figure"),
                number_format,
                required,
                not fixed,
            )
            _put(self._sheet, row, place, value, column, look)
            if isinstance(value, str):
                height = max(height, _TALL * ceil(text_width(value) / max(column.width - 1.5, 2.0)))
        self._sheet.set_row(row, min(height, 120.0))

    def _sum(self, column: FormColumn, row: int) -> str:
        """The formula of a column that is the sum of others. Blank until every part that must be there is: a blank is no zero."""
        places = {c.field.id: at for at, c in enumerate(self._columns, 1)}
        cells = {part.field: xl_rowcol_to_cell(row, places[part.field]) for part in column.parts}
        needed = [cells[part.field] for part in column.parts if not part.optional]
        least = len(needed) or 1
        terms = "".join(
            f"{part.sign}{f'N({cells[part.field]})' if part.optional else cells[part.field]}"
            for part in column.parts
        ).removeprefix("+")
        counted = ",".join(needed or cells.values())
        whole = terms if column.field.type == "int" else f"ROUND({terms},6)"
        return f'=IF(COUNT({counted})<{least},"",{whole})'

    def _validations(self) -> None:
        for place, column in enumerate(self._columns, 1):
            fixed = self._layout.form.village_row and column.field.type == "village"
            if column.parts or fixed:
                continue
            cell = xl_rowcol_to_cell(self._first, place)
            options = entry.validation(
                self._book, column.field, self._issue.period, cell, self._issue.villages
            )
            if options is not None:
                self._sheet.data_validation(self._first, place, self._last, place, options)

    # -------------------------------------------------------------------------------------- below the table

    def _total(self, row: int) -> None:
        keys = max(self._layout.keys, 1)
        self._sheet.write_blank(row, 0, None, self._book.look("label"))
        self._across(row, 1, keys, "合计", self._book.look("label"))
        for place, column in enumerate(self._columns, 1):
            if place <= keys:
                continue
            look = self._book.look("total", entry.number_format(column.field) if column.adds_up else "")
            if not column.adds_up:
                self._sheet.write_blank(row, place, None, look)
                continue
            letter = xl_col_to_name(place)
            cells = f"{letter}{self._first + 1}:{letter}{self._last + 1}"
            whole = f"SUM({cells})" if column.field.type == "int" else f"ROUND(SUM({cells}),6)"
            formula = f'=IF(COUNT({cells})=0,"",{whole})'
            self._sheet.write_formula(row, place, formula, look, self._added(column))
        self._sheet.set_row(row, _ROW)

    def _added(self, column: FormColumn) -> Any:
        values = [
            value
            for filled in self._issue.rows
            if (value := _sum_of(column, filled) if column.parts else filled.get(column.field.id)) is not None
        ]
        return sum(values) if values else NoResult()

    def _signatures(self, row: int) -> None:
        """A label and room to sign, four times across the first page; in a narrow table all in one cell."""
        start, end = self._below_start(), self._page_end()
        room = end + 1 - start
        self._sheet.set_row(row, _SIGNED)
        if room < 2 * len(_SIGNATURES):
            look = self._book.look("about", free=True)
            self._across(row, start, end, (" " * 16).join(_SIGNATURES), look)
            return
        edges = [start + round(part * room / len(_SIGNATURES)) for part in range(len(_SIGNATURES) + 1)]
        for first, after, label in zip(edges, edges[1:], _SIGNATURES, strict=False):
            labelled = max(1, (after - first) // 2)
            self._across(row, first, first + labelled - 1, label, self._book.look("sign"))
            look = self._book.look("signed", "@", free=True)
            if after - 1 > first + labelled:
                self._sheet.merge_range(row, first + labelled, row, after - 1, "", look)
            else:
                self._sheet.write_blank(row, first + labelled, None, look)

    def _below_start(self) -> int:
        """The first column of what stands below the table: right of the columns that are printed again on each page across."""
        return self._layout.keys + 1 if self._layout.pages > 1 else 0

    def _note(self, row: int) -> None:
        form = self._layout.form
        notes = [
            BUILTIN.text("blanks.filled_by", unit=form.filled_by) if form.filled_by else "",
            form.instructions,
        ]
        text = BUILTIN.text("blanks.notes", notes="".join(notes))
        start, end = self._below_start(), self._page_end()
        widths = [SERIAL_WIDTH, *(column.width for column in self._columns)]
        width = sum(widths[start : end + 1])
        self._across(row, start, end, text, self._book.look("note"))
        self._sheet.set_row(row, _TALL * ceil(text_width(text) / width) + 4)

    # -------------------------------------------------------------------------------------- print, protect

    def _print(self) -> None:
        sheet, layout = self._sheet, self._layout
        landscape(sheet, layout.pages)
        sheet.set_margins(left=0.5, right=0.5, top=0.75, bottom=0.7)
        sheet.repeat_rows(_HEAD, self._first - 1)
        sheet.repeat_columns(0, layout.keys)
        about = f"{layout.form.code}  {layout.form.title}  {self._issue.reporter.name}  {self._issue.period.title}"
        sheet.set_header(f"&R&9{about.replace('&', '&&')}")
        sheet.set_footer(f"&C&9{PAGE_NUMBERS}")
        sheet.center_horizontally()
        sheet.hide_gridlines(2)
        sheet.freeze_panes(self._first, layout.keys + 1)

    def _protect(self) -> None:
        """Without a password: it keeps fingers off headings and formulas, and nobody out."""
        rows = self._layout.persistent
        free = ("format_cells", "format_columns", "format_rows", "sort", "autofilter")
        options = dict.fromkeys(free, True) | {"insert_rows": rows, "delete_rows": rows}
        self._sheet.protect("", options)


def _result(column: FormColumn, filled: KnownRow) -> Any:
    found = _sum_of(column, filled)
    return NoResult() if found is None else found


def _sum_of(column: FormColumn, filled: KnownRow) -> Decimal | None:
    """What the formula of a column gives for a row as it is issued; None while a part is lacking."""
    if any(not part.optional and filled.get(part.field) is None for part in column.parts):
        return None
    signed = [(part.sign, filled.get(part.field)) for part in column.parts]
    given = [
        Decimal(value) if sign == "+" else -Decimal(value) for sign, value in signed if value is not None
    ]
    return sum(given, Decimal(0)) if given else None


def _put(sheet: Any, row: int, place: int, value: Any, column: FormColumn, look: Any) -> None:
    match value:
        case None:
            sheet.write_blank(row, place, None, look)
        case bool():
            sheet.write_string(row, place, numbers.yes_no(value), look)
        case int() | Decimal():
            sheet.write_number(row, place, value, look)
        case date() if column.field.type == "month":
            sheet.write_string(row, place, f"{value:%Y-%m}", look)
        case date():
            sheet.write_datetime(row, place, value, look)
        case _:
            sheet.write_string(row, place, str(value), look)


def written(layout: Layout, rows: Sequence[KnownRow]) -> list[dict[str, Any]]:
    """Return what the sheet says in these rows, formulas included: what it will be read as while nobody has touched it."""
    found = []
    for filled in rows:
        said = {c.field.id: _sum_of(c, filled) if c.parts else filled.get(c.field.id) for c in layout.columns}
        found.append({name: value for name, value in said.items() if value is not None})
    return found
