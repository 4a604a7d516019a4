"""A project of village clinics, and a reader of returns written as a few lines of text.

    clinic 东镇 2026Q1
    甲村 12 甲级
    乙村 ?                  (a refused cell)

A second header line starts a second table. `die`, `hang` and `fail` are files that end, stop or break the reader;
`nothing` is one that no form fits.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from ruralpb.app import ingest as ingesting
from ruralpb.app.ingest_request import IngestRequest
from ruralpb.app.opening import open_project
from ruralpb.app.project import Project
from ruralpb.core import periods
from ruralpb.core.problems import Location, Problem
from ruralpb.intake.reading_basis import ReadingBasis
from ruralpb.model import Block, IntakeOptions, Note, Reading, Row, SheetReading
from ruralpb.returns.outcomes import IngestResult

TODAY = date(2026, 4, 20)
CODES = {"东镇": "990101101", "西镇": "990101102", "甲村": "990101101201", "乙村": "990101101202", "丙村": "990101101203", "丁村": "990101102201"}  # fmt: skip
FIELDS = {"clinic": ("visits", "grade"), "course": ("title", "hours")}

_FILES = {
    "ruralpb.yaml": """\
title: 卫生室季报
unit: "990101"
library: lib
due:
  - {forms: [clinic, course], level: township, workday: 5, periods: [quarter]}
""",
    "units.csv": """\
code,name,level,parent_code,kind,aliases,valid_from,valid_to,successor,class,key_class,in_demo_zone,sort_no
99,示例省,province,,,,,,,,,,1
9901,示例市,city,99,,,,,,,,,2
990101,示例县,county,9901,,,,,,,,,3
990101101,东镇,township,990101,镇,,,,,,,,4
990101102,西镇,township,990101,镇,,,,,,,,5
990101101201,甲村,village,990101101,行政村,,,,,,,,6
990101101202,乙村,village,990101101,行政村,,,,,,,,7
990101101203,丙村,village,990101101,行政村,,,,,,,,8
990101102201,丁村,village,990101102,行政村,,,,,,,,9
""",
    "lib/forms/clinic.yaml": """\
form: clinic
title: 卫生室情况表
code: 县卫01表
row: village
frequency: quarter
time: flow
key: [village]
fields:
  - {id: village, title: 村, type: village}
  - {id: visits, title: 诊疗人次, type: money, measure: 万元}
  - {id: grade, title: 等级, type: text}
""",
    "lib/forms/course.yaml": """\
form: course
title: 培训台账
code: 县卫02表
row: class
frequency: quarter
time: flow
key: [title]
fields:
  - {id: title, title: 名称, type: text}
  - {id: hours, title: 学时, type: int}
""",
}


def make_project(folder: Path) -> Project:
    """Write the project and open it."""
    for name, text in _FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return open_project(folder)


def drop(project: Project, path: str, text: str) -> Path:
    """Put a return into the inbox and return its path."""
    file = project.inbox / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return file


def ingest(
    project: Project, options: IngestRequest | None = None, paths: list[Path] | None = None
) -> IngestResult:
    """Ingest the inbox (or `paths`) on TODAY with one process."""
    options = options or IngestRequest(jobs=1)
    return ingesting.ingest(project, paths or [project.inbox], options, TODAY, lambda _: None)


def statuses(result: IngestResult) -> dict[str, str]:
    """File name → status."""
    return {file.path.rpartition("/")[2]: file.status for file in result.files}


@contextmanager
def text_reader(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let reading processes read the text returns above."""
    with monkeypatch.context() as patch:
        patch.setattr("ruralpb.intake.one_file.read", read)
        yield


def read(content: bytes, name: str, path: str, basis: ReadingBasis, options: IntakeOptions) -> Reading:
    """The reader. A note stands for each row whose value was written with a comma."""
    text = content.decode("utf-8").strip()
    if text == "die":
        os._exit(9)
    if text == "hang":
        time.sleep(60)
    if text == "fail":
        raise ValueError("430981199001011237")
    if text == "nothing":
        return Reading(problems=(Problem("file-no-form", Location(path), refused="file"),))
    blocks: list[Block] = []
    notes: list[Note] = []
    problems: list[Problem] = []
    lines = text.splitlines()
    headers = [n for n, line in enumerate(lines) if line.split()[0] in FIELDS]
    for at, end in zip(headers, [*headers[1:], len(lines)], strict=True):
        form, reporter, label, *sheet = lines[at].split()
        if form not in basis.definitions.library.forms:
            continue
        fields = FIELDS[form]
        rows = []
        for position in range(at + 1, end):
            first, *cells = lines[position].split()
            village = CODES.get(first, "")
            values = _values(form, cells if form == "clinic" else [first, *cells])
            refused = tuple(f for f, cell in zip(fields, cells, strict=False) if cell == "?")
            for field in refused:
                where = Location(path, "".join(sheet) or "Sheet1", f"B{position + 1}")
                problems.append(
                    Problem(
                        "number-unreadable", where, "?", refused="cell", rule="D54", form=form, field=field
                    )
                )
            if "," in lines[position]:
                notes.append(Note(form, "".join(sheet) or "Sheet1", position, fields[0], f"B{position + 1}", "1,2", "12", "D51", "逗号"))  # fmt: skip
            rows.append(Row(position, village or CODES[reporter], CODES[reporter], village, values, refused))
        columns = {"village": 0, fields[0]: 1, fields[1]: 2}
        period = options.period or periods.parse(label, TODAY)
        block = Block(
            form,
            "".join(sheet) or "Sheet1",
            CODES[reporter],
            period,
            fields,
            columns,
            tuple(rows),
            not rows,
            (at, at),
        )
        blocks.append(block)
    sheets = tuple(SheetReading(b.sheet, b.form, len(b.rows)) for b in blocks)
    return Reading(tuple(blocks), tuple(notes), tuple(problems), sheets)


def _values(form: str, cells: list[str]) -> tuple[object, ...]:
    from decimal import Decimal

    padded = [*cells, "", ""][:2]
    number, text = (padded[0], padded[1]) if form == "clinic" else (padded[1], padded[0])
    found = None if number in ("", "?", "-") else Decimal(number.replace(",", ""))
    if form == "clinic":
        return (found, text or None)
    return (text or None, None if found is None else int(found))
