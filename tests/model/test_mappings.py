"""Headers that a person has confirmed (definitions/mappings.yaml): applied with a note, never over another field's name."""

from __future__ import annotations

import pytest
from workbooks import workbook

from ruralpb.core.problems import Problem
from ruralpb.intake import one_file
from ruralpb.intake.reading_basis import ReadingBasis
from ruralpb.model import IntakeOptions, Reading, loader
from ruralpb.model.loader import Definitions

SHEET = """
东镇卫生院2026年第一季度诊所情况表
填报单位：东镇
| 村名 | 床位数 | 大夫总数 | 诊疗收人 |
| 甲村 | 3 | 2 | 5 |
"""


def loaded(mappings: str) -> tuple[Definitions, list[Problem]]:
    sources = dict(SOURCES)
    sources["definitions/mappings.yaml"] = ("mappings:\n" + mappings).encode()
    return loader.load(sources)


SOURCES = {
    "library/form.yaml": """
form: clinic
title: 诊所情况表
code: 卫季01表
row: village
frequency: quarter
time: point
key: [village]
fields:
  - {id: village, title: 村(社区), aliases: [村名], type: village, required: true}
  - {id: beds, title: 床位数, aliases: [床位], type: int, required: true}
  - {id: doctors, title: 医生数, type: int, required: true}
  - {id: income, title: 诊疗收入, type: money, measure: 万元, required: true}
""".encode(),
    "ruralpb.yaml": "title: 示例县\nunit: '990101'\ndue:\n  - {forms: all, level: township}\n".encode(),
    "units.csv": "\n".join(
        [
            "code,name,level,parent_code,kind,aliases,valid_from,valid_to,successor,class,key_class,in_demo_zone,sort_no",
            "99,示例省,province,,,,,,,,,,1",
            "9901,示例市,city,99,,,,,,,,,1",
            "990101,示例县,county,9901,,,,,,,,,1",
            "990101101,东镇,township,990101,镇,,,,,,,,1",
            "990101102,西河镇,township,990101,镇,,,,,,,,2",
            "990101101201,甲村,village,990101101,行政村,,,,,,,,1",
            "990101102201,乙村,village,990101102,行政村,,,,,,,,1",
        ]
    ).encode(),
}

DOCTORS = "- {form: clinic, header: 大夫总数, field: doctors, by: 李四, reason: 电话核实, date: 2026-04-08}\n"
INCOME = "- {form: clinic, header: 诊疗收人, field: income, by: 李四, reason: 错别字, date: 2026-04-08}\n"


def read(mappings: str, sheet: str = SHEET) -> Reading:
    found, problems = loaded(mappings)
    assert [p.line() for p in problems if p.severity == "error"] == []
    return one_file.read(workbook(sheet), "x.xlsx", "x.xlsx", ReadingBasis(found), IntakeOptions())


def test_confirmed_headers_are_read_and_each_is_noted_with_who_confirmed_it() -> None:
    reading = read(DOCTORS + INCOME)
    (block,) = reading.blocks
    assert block.columns == {"village": 0, "beds": 1, "doctors": 2, "income": 3}
    notes = [p for p in reading.problems if p.slug == "column-confirmed"]
    assert [(p.where.cell, p.severity) for p in notes] == [("C3", "note"), ("D3", "note")]
    assert "李四" in notes[0].text()
    assert "电话核实" in notes[0].text()
    assert "definitions/mappings.yaml:2" in notes[0].text()


def test_without_it_the_sheet_is_refused_and_the_line_to_add_is_said() -> None:
    reading = read(DOCTORS)
    assert reading.blocks == ()
    (problem,) = [p for p in reading.problems if p.refused]
    assert (problem.slug, problem.found, problem.expected) == ("columns-missing-near", "诊疗收入", "诊疗收人")
    said = problem.data["mapping"]
    confirmed = said.replace("姓名", "李四").replace("依据", "错别字").replace("年-月-日", "2026-04-08")
    assert confirmed in problem.text().replace(said, confirmed)
    assert len(read(DOCTORS + confirmed + "\n").blocks) == 1


def test_a_path_of_headings_can_be_confirmed() -> None:
    sheet = """
    东镇2026年第一季度诊所情况表
    | 村名 | 床位数 | 人员 | < | 诊疗收入 |
    | ^ | ^ | 大夫 | 护工 | ^ |
    | 甲村 | 3 | 2 | 1 | 5 |
    """
    reading = read(
        "- {form: clinic, header: 人员/大夫, field: doctors, by: 李四, reason: 核实, date: 2026-04-08}\n",
        sheet,
    )
    assert reading.blocks[0].columns["doctors"] == 2


@pytest.mark.parametrize(
    ("narrowed", "taken"),
    [
        ("reporter: 东镇", True),
        ("reporter: '990101101'", True),
        ("reporter: 西河镇", False),
        ("sheet: 表1", True),
        ("sheet: 表2", False),
    ],
)
def test_a_mapping_holds_for_the_reporter_and_sheet_it_was_confirmed_for(narrowed: str, taken: bool) -> None:
    reading = read(DOCTORS.replace("by:", f"{narrowed}, by:") + INCOME)
    assert bool(reading.blocks) is taken


def test_a_mapping_confirmed_for_one_is_not_used_for_another_whose_sheet_mentions_it() -> None:
    sheet = (
        SHEET.replace("东镇卫生院2026", "2026")
        .replace("填报单位：东镇", "填报单位：西河镇 | | 抄送：东镇")
        .replace("甲村", "乙村")
    )
    reading = read(DOCTORS.replace("by:", "reporter: 东镇, by:") + INCOME, sheet)
    assert reading.blocks == ()
    assert [p.slug for p in reading.problems if p.refused == "sheet"] == ["mapping-of-other"]


@pytest.mark.parametrize(
    ("line", "slug", "expected"),
    [
        (DOCTORS.replace("form: clinic", "form: clinics"), "definition-form-unknown-near", "clinic"),
        (DOCTORS.replace("field: doctors", "field: doctor"), "definition-field-unknown-near", "doctors"),
        (DOCTORS.replace("header:", "heading:"), "definition-key-unknown-near", "header"),
        (DOCTORS.replace("by: 李四, ", ""), "definition-key-missing", ""),
        (DOCTORS.replace("2026-04-08", "四月八日"), "definition-wants-day", ""),
        (DOCTORS.replace("by:", "reporter: 西河乡, by:"), "unit-code-unknown-near", "西河镇"),
        (DOCTORS.replace("大夫总数", "床位"), "mapping-overrides", "beds"),
        (DOCTORS + DOCTORS.replace("doctors", "income"), "mapping-twice", "doctors"),
    ],
)
def test_mistakes_are_told_at_their_line(line: str, slug: str, expected: str) -> None:
    _, problems = loaded(INCOME + line)
    (problem,) = [
        p for p in problems if p.where.file == "definitions/mappings.yaml" and p.severity == "error"
    ][:1]
    assert problem.slug == slug
    assert problem.where.line == (4 if slug == "mapping-twice" else 3)
    assert problem.expected == expected or not expected
    assert problem.text("zh")
    assert problem.text("en")


def test_mappings_want_a_list() -> None:
    _, problems = loader.load(SOURCES | {"definitions/mappings.yaml": b"mappings: {form: clinic}"})
    assert [p.slug for p in problems if p.where.file.endswith("mappings.yaml")] == ["definition-wants-list"]
