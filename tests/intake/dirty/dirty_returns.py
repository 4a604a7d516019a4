"""What the tests of the dirty-return catalogue (domain.md section 6) share: a return is drawn as a table, read by `intake.read`, and asked
what became of one cell, or of all.

Each test says which entries it shows, by `@shows("D45", …)`; `test_dirty_complete.py` holds that every entry from D01 to D119 is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from intake_toy import CLINIC, DEFINITIONS, DOCTOR
from workbooks import workbook

from ruralpb.intake import one_file
from ruralpb.intake.reading_basis import ReadingBasis
from ruralpb.model import EnumValue, Field, Form, IntakeOptions, Reading
from ruralpb.model.loader import Definitions

Test = TypeVar("Test", bound=Callable[..., Any])

SHOWN: set[str] = set()
"""Ids of the entries that have a test, once the modules are imported."""

EAST, WEST, BUREAU, COUNTY = "990101101", "990101102", "990101A01", "990101"

POSTS = Form(
    id="posts",
    title="院务班子",
    code="卫季03表",
    row="person",
    frequency="quarter",
    time="point",
    key=("person_key",),
    fields=(
        Field("village", "村(社区)", "village", required=True),
        Field("name", "姓名", "text", required=True),
        Field("id_card", "身份证号", "id_card"),
        Field(
            "sex",
            "性别",
            "enum",
            values=(EnumValue("男"), EnumValue("女")),
        ),
        Field("party_post", "党内职务", "enum", values=(EnumValue("书记", ("支书",)), EnumValue("委员"))),
        Field("village_post", "行政职务", "enum", values=(EnumValue("主任"), EnumValue("委员"))),
    ),
)


def shows(*ids: str) -> Callable[[Test], Test]:
    """Mark a test as the one of these entries."""
    SHOWN.update(ids)
    return lambda test: test


def definitions(*forms: Form) -> Definitions:
    """The toy definitions with other forms in them."""
    library = replace(
        DEFINITIONS.library, forms={**DEFINITIONS.library.forms, **{f.id: f for f in (POSTS, *forms)}}
    )
    return replace(DEFINITIONS, library=library)


def read(
    sheets: str | dict[str, str] | bytes, name: str = "东镇2026Q1.xlsx", *forms: Form, **options: Any
) -> Reading:
    """Read a drawn workbook, or the bytes of one."""
    content = sheets if isinstance(sheets, bytes) else workbook(sheets)
    reading = one_file.read(content, name, name, ReadingBasis(definitions(*forms)), IntakeOptions(**options))
    for problem in reading.problems:
        assert problem.line("zh")
        assert problem.line("en")
    return reading


def said(reading: Reading, *but: str) -> list[str]:
    """What was said about a file: `D54 E2 refused cell`, `D48 E2 note`, `D24 query`, without who signed (C06), columns left out (D31)
    and the ids in `but`."""
    about = [f"{note.rule} {note.cell} note" for note in reading.notes]
    for problem in reading.problems:
        if problem.check in ("C06", *but) or (problem.check == "D31" and problem.severity == "note"):
            continue
        how = f"refused {problem.refused}" if problem.refused else problem.severity
        about.append(" ".join(filter(None, (problem.check, problem.where.cell, how))))
    return about


def values(reading: Reading, *fields: str) -> list[tuple[Any, ...]]:
    """The values of these fields, row by row."""
    return [
        tuple(dict(zip(block.fields, row.values, strict=True)).get(name) for name in fields)
        for block in reading.blocks
        for row in block.rows
    ]


CLINIC_ROW = {"村名": "甲村", "床位数": "1", "医生男": "1", "医生女": "1", "诊疗收入": "1"}
DOCTOR_ROW = {"村名": "甲村", "姓名": "张三", "身份证号": "'990101198001010014", "职称": "初级"}
POSTS_ROW = {
    "村(社区)": "甲村",
    "姓名": "张三",
    "身份证号": "'990101198001010014",
    "性别": "男",
    "党内职务": "书记",
    "行政职务": "主任",
}
ROWS = {"clinic": CLINIC_ROW, "doctor": DOCTOR_ROW, "posts": POSTS_ROW}
FORMS = {form.id: form for form in (CLINIC, DOCTOR, POSTS)}


@dataclass(frozen=True)
class Cell:
    """What became of one cell: its value, and what was said at its address."""

    value: Any
    said: tuple[str, ...]


def cell(place: str, text: str, above: str = "", heading: str = "", **other: str) -> Cell:
    """Draw a return of one row in which the field `place` (`clinic.beds`) holds `text`; `other` are further cells by heading."""
    form = FORMS[place.partition(".")[0]]
    item = form.by_id[place.partition(".")[2]]
    row = {
        title: value
        for title, value in ROWS[form.id].items()
        if title not in (item.title, *(a.text for a in item.aliases))
    }
    row |= other
    row[heading or f"{item.group}{item.title}"] = text
    drawn = f"{above}\n| {' | '.join(row)} |\n| {' | '.join(row.values())} |"
    reading = read(drawn)
    address = f"{chr(65 + list(row).index(heading or f'{item.group}{item.title}'))}{3 if above else 2}"
    about = tuple(s.replace(f" {address}", "") for s in said(reading) if f" {address} " in s)
    found = values(reading, item.id)
    return Cell(found[0][0] if found else None, about)


def columns(place: str, texts: Iterable[str], heading: str = "") -> tuple[list[Any], list[str]]:
    """Draw a return of several rows in which one column holds `texts`; return its values and what was said, by row (`D63 3 refused cell`)."""
    form = FORMS[place.partition(".")[0]]
    item = form.by_id[place.partition(".")[2]]
    row = {
        title: value
        for title, value in ROWS[form.id].items()
        if title not in (item.title, *(a.text for a in item.aliases))
    }
    villages = ("甲村", "先锋村", "新建村", "新建社区")
    lines = [
        {**row, "村名": villages[n], heading or f"{item.group}{item.title}": text}
        for n, text in enumerate(texts)
    ]
    drawn = f"| {' | '.join(lines[0])} |\n" + "\n".join(f"| {' | '.join(line.values())} |" for line in lines)
    reading = read(drawn)
    letter = chr(64 + len(lines[0]))
    return [found for (found,) in values(reading, item.id)], [
        s.replace(f" {letter}", " ") for s in said(reading) if f" {letter}" in s
    ]
