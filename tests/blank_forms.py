"""Blanks of a small county for every form of the library, filled in as a township does, and what was typed into them.

content = blank("village_economy", rows=[{"village": "柳树村"}])
typed = [{"village": "柳树村", "inc_operate": Decimal("1.5"), …}]
block = only(read(fill(content, "village_economy", typed)))
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import openpyxl

from ruralpb.app.prepared_forms import prepared_forms
from ruralpb.core import periods
from ruralpb.core.periods import Period
from ruralpb.intake import one_file
from ruralpb.intake.reading_basis import ReadingBasis
from ruralpb.model import (
    Block,
    Field,
    IntakeOptions,
    Level,
    Library,
    Reading,
    Register,
    Settings,
    Unit,
    loader,
)
from ruralpb.model.loader import Definitions
from ruralpb.publish import forms as blanks
from ruralpb.publish.forms import Blank, BlankForm, KnownRow, Prepared

Q2 = periods.parse("2026Q2", date(2026, 7, 1))
Q3 = periods.parse("2026Q3", date(2026, 7, 1))
MAY = periods.parse("2026-05", date(2026, 7, 1))
COUNTY, TOWN, OTHER, OFFICE = "990101", "990101101", "990101102", "990101A01"
VILLAGES = ("柳树村", "新建村", "团结村")


def _unit(code: str, name: str, level: Level, parent: str, kind: str = "") -> Unit:
    return Unit(code, name, level, parent, kind)


REGISTER = Register(
    (
        _unit("99", "示例省", "province", ""),
        _unit("9901", "示例市", "city", "99"),
        _unit(COUNTY, "示例县", "county", "9901"),
        _unit(TOWN, "青山镇", "township", COUNTY, "镇"),
        _unit(OTHER, "红旗乡", "township", COUNTY, "乡"),
        _unit(OFFICE, "县农业农村局", "office", COUNTY),
        *(_unit(f"{TOWN}20{n}", name, "village", TOWN, "行政村") for n, name in enumerate(VILLAGES)),
        _unit(f"{OTHER}200", "白水村", "village", OTHER, "行政村"),
    )
)
LIBRARY: Library = loader.load(loader.sources(None))[0].library
DEFINITIONS = Definitions(LIBRARY, REGISTER, Settings("示例", COUNTY), (), "")
FORMS = tuple(LIBRARY.forms)


@cache
def prepared(period: Period = Q2, level: Level = "township") -> Mapping[str, Prepared]:
    """How each form's sheet looks."""
    return prepared_forms(LIBRARY, FORMS, period, level)


def blank(
    *forms: str,
    rows: Sequence[KnownRow] = (),
    period: Period = Q2,
    reporter: str = TOWN,
    due: date = date(2026, 7, 7),
) -> bytes:
    """The blank of these forms; `rows` are known already (of every form)."""
    unit = REGISTER.get(reporter, period.end)
    assert unit is not None
    villages = VILLAGES if reporter == TOWN else ("白水村",)
    sheets = tuple(BlankForm(form, due, tuple(rows)) for form in forms)
    return blanks.workbook(
        Blank(unit, period, "示例县委组织部", villages, sheets), prepared(period, unit.level)
    )


def known_rows(form: str) -> list[KnownRow]:
    """The rows that a blank of the form has before anybody reported: its villages, where it has a row for each."""
    return [{"village": name} for name in VILLAGES] if LIBRARY.forms[form].village_row else []


def fields(form: str, period: Period = Q2, level: Level = "township") -> list[Field]:
    """The fields that have a column, left to right."""
    return [column.field for column in prepared(period, level)[form].layout.columns]


def load(content: bytes) -> openpyxl.Workbook:
    """The workbook, to be changed."""
    return openpyxl.load_workbook(io.BytesIO(content))


def save(book: openpyxl.Workbook) -> bytes:
    """The bytes of a changed workbook."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sheet_of(book: openpyxl.Workbook, form: str) -> Any:
    """The form's sheet."""
    return next(sheet for sheet in book if sheet["A1"].value == LIBRARY.forms[form].title)


def first_row(sheet: Any) -> int:
    """The first row of data: the one whose serial number is 1."""
    return next(row for row in range(1, 20) if sheet.cell(row, 1).value == 1)


def column_of(form: str, name: str, period: Period = Q2) -> int:
    """The column of a field, from 1."""
    return [item.id for item in fields(form, period)].index(name) + 2


def put(cell: Any, item: Field, value: Any) -> None:
    """Type a value into a cell as a person does."""
    if value is None:
        cell.value = None
    elif item.type == "bool":
        cell.value = "是" if value else "否"
    elif item.type == "month":
        cell.value = f"{value:%Y-%m}"
    elif isinstance(value, Decimal):
        cell.value = float(value)
    else:
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"


def fill(
    content: bytes, form: str, typed: Sequence[Mapping[str, Any]], period: Period = Q2, formulas: bool = False
) -> bytes:
    """Return the blank with the rows `typed` into its sheet of `form`. What writes here calculates nothing: unless `formulas` are to stay, sums
    of columns are typed as well and total rows cleared."""
    book = load(content)
    fill_sheet(book, form, typed, period, formulas)
    return save(book)


def fill_sheet(
    book: openpyxl.Workbook,
    form: str,
    typed: Sequence[Mapping[str, Any]],
    period: Period = Q2,
    formulas: bool = False,
) -> None:
    """The same in an open workbook."""
    sheet = sheet_of(book, form)
    columns = prepared(period, "township")[form].layout.columns
    top = first_row(sheet)
    for number, row in enumerate(typed, top):
        for place, column in enumerate(columns, 2):
            if not (formulas and column.parts):
                put(sheet.cell(number, place), column.field, row.get(column.field.id))
    if not formulas:
        for row in sheet.iter_rows(min_row=top + len(typed)):
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    cell.value = None


def read(content: bytes, name: str = "报表.xlsx", library: Library = LIBRARY) -> Reading:
    """What intake reads."""
    used = Definitions(library, REGISTER, DEFINITIONS.settings, (), "")
    return one_file.read(content, name, name, ReadingBasis(used), IntakeOptions())


def only(reading: Reading, form: str = "") -> Block:
    """The one table, of which nothing was refused."""
    refused = [p.line() for p in reading.problems if p.refused]
    assert not refused, refused
    (block,) = [block for block in reading.blocks if form in ("", block.form)]
    return block


def said(block: Block) -> list[dict[str, Any]]:
    """The rows of a table by field, blanks left out."""
    return [
        {name: value for name, value in zip(block.fields, row.values, strict=True) if value is not None}
        for row in block.rows
    ]


def slugs(reading: Reading) -> set[str]:
    """What is said of the file, but for the signatures."""
    return {p.slug for p in reading.problems} - {"preamble-incomplete", "sheet-ignored"}
