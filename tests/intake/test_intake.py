"""One file in, everything it says out: who, which period, which rows; and what contradicts itself is refused."""

from __future__ import annotations

import pickle
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from intake_toy import DEFINITIONS, period
from workbooks import csv, workbook

from ruralpb.intake import one_file
from ruralpb.intake.reading_basis import ReadingBasis
from ruralpb.model import Block, IntakeOptions, Reading, loader

HEAD = "| 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 |\n"
ROW = "| 甲村 | 3 | 1 | 2 | 5.5 |\n"
SHEET = f"东镇2026年第一季度诊所情况表\n填报单位：东镇\n{HEAD}{ROW}单位负责人：张三 | 填表人：李四 | 联系电话：13800000000 | 报出日期：2026年4月2日"


def read(sheets: str | dict[str, str], name: str = "诊所.xlsx", path: str = "", **options: object) -> Reading:
    content = csv(sheets) if name.endswith(".csv") and isinstance(sheets, str) else workbook(sheets)
    return one_file.read(content, name, path or name, ReadingBasis(DEFINITIONS), IntakeOptions(**options))  # type: ignore[arg-type]


def refused(reading: Reading) -> list[tuple[str, str]]:
    for problem in reading.problems:
        assert problem.line("zh")
        assert problem.line("en")
    return [(problem.slug, problem.refused) for problem in reading.problems if problem.refused]


def only(reading: Reading) -> Block:
    assert refused(reading) == []
    (block,) = reading.blocks
    return block


def test_a_clean_return_says_who_when_and_what() -> None:
    reading = read(SHEET)
    block = only(reading)
    assert (block.form, block.reporter_code, block.period.label, block.nil) == (
        "clinic",
        "990101101",
        "2026Q1",
        False,
    )
    assert block.fields == ("village", "beds", "doctors_male", "doctors_female", "income")
    (row,) = block.rows
    assert (row.position, row.unit_code, row.township_code) == (3, "990101101201", "990101101")
    assert row.values == ("甲村", 3, 1, 2, Decimal("5.5"))
    assert block.columns["income"] == 4
    assert reading.sheets[0].rows == 1
    assert [problem for problem in reading.problems if problem.severity != "note"] == []


def test_a_title_names_the_sender_also_where_it_states_the_measure() -> None:
    block = only(
        read(f"西河镇2026年第一季度诊所情况表（单位：元）\n{HEAD}| 上码头村 | 3 | 1 | 2 | 55000 |", "a.xlsx")
    )
    assert (block.reporter_code, block.rows[0].values[-1]) == ("990101102", Decimal("5.5"))


def test_a_reading_can_be_sent_from_a_worker_and_is_the_same_every_time() -> None:
    reading = read(SHEET)
    assert pickle.loads(pickle.dumps(reading)) == reading == read(SHEET)


def test_text_files_are_read_like_workbooks() -> None:
    block = only(read(SHEET, "东镇2026Q1.csv"))
    assert block.rows[0].values == ("甲村", 3, 1, 2, Decimal("5.5"))


def test_several_forms_in_one_workbook_and_other_sheets_ignored_with_a_reason() -> None:
    reading = read(
        {
            "填表说明": "请按村填写",
            "诊所": SHEET,
            "医生": "填报单位：东镇\n2026年一季度\n| 村名 | 姓名 | 身份证号 | 职称 |\n| 甲村 | 张三 | '990101198001010014 | 初级 |",
        }
    )
    assert [block.form for block in reading.blocks] == ["clinic", "doctor"]
    assert [(sheet.sheet, sheet.form, bool(sheet.reason)) for sheet in reading.sheets] == [
        ("填表说明", "", True),
        ("诊所", "clinic", False),
        ("医生", "doctor", False),
    ]


# ---------------------------------------------------------------------------------------------- period


@pytest.mark.parametrize(
    ("above", "sheet", "name"),
    [
        ("2026年第一季度诊所情况表", "表1", "东镇.xlsx"),
        ("报告期：2026年1—3月", "表1", "东镇.xlsx"),
        ("2026年3月", "表1", "东镇.xlsx"),
        ("诊所情况表", "2026年一季度", "东镇.xlsx"),
        ("诊所情况表", "表1", "东镇2026Q1.xlsx"),
    ],
)
def test_the_period_is_said_by_title_header_sheet_or_file(above: str, sheet: str, name: str) -> None:
    assert only(read({sheet: f"{above}\n{HEAD}{ROW}"}, name, unit_code="990101101")).period == period(
        "2026Q1"
    )


def test_the_period_may_be_given_and_must_not_be_contradicted() -> None:
    assert only(read(f"东镇\n{HEAD}{ROW}", period=period("2026Q1"))).period.label == "2026Q1"
    reading = read(SHEET, period=period("2026Q2"))
    assert (reading.blocks, refused(reading)) == ((), [("period-contradiction", "sheet")])
    contradiction = reading.problems[-1]
    assert (contradiction.rule, contradiction.where.cell) == ("C05", "A1")
    assert contradiction.found == "选项2026Q2，标题2026Q1"
    assert refused(read(SHEET, "东镇2025年第四季度.xlsx")) == [("period-contradiction", "sheet")]


def test_no_period_or_one_the_form_does_not_have_is_refused() -> None:
    assert refused(read(f"东镇\n{HEAD}{ROW}", "东镇.xlsx")) == [("period-unknown", "sheet")]
    assert refused(read(f"东镇2026年2月\n{HEAD}{ROW}")) == [("period-kind", "sheet")]


def test_the_month_a_file_was_sent_in_is_no_period_when_the_sheet_names_one() -> None:
    assert only(read(SHEET, "东镇2026年4月报送.xlsx")).period.label == "2026Q1"


# ---------------------------------------------------------------------------------------------- sender


@pytest.mark.parametrize(
    ("above", "sheet", "name", "path"),
    [
        ("填报单位：东 镇", "表1", "诊所.xlsx", ""),
        ("填报单位：中共东镇委员会（盖章）", "表1", "诊所.xlsx", ""),
        ("示例县东镇诊所情况表", "表1", "诊所.xlsx", ""),
        ("诊所情况表", "东镇", "诊所.xlsx", ""),
        ("诊所情况表", "表1", "东镇（定稿）.xlsx", ""),
        ("诊所情况表", "表1", "诊所.xlsx", "2026-04-02/东镇/诊所.xlsx"),
    ],
)
def test_the_sender_is_said_by_sheet_file_or_folder(above: str, sheet: str, name: str, path: str) -> None:
    reading = read({sheet: f"{above}\n{HEAD}{ROW}"}, name, path, period=period("2026Q1"))
    assert only(reading).reporter_code == "990101101"


def test_contradicting_senders_and_none_at_all_are_refused() -> None:
    assert refused(read(SHEET, "西河镇.xlsx")) == [("reporter-contradiction", "sheet")]
    assert refused(read(SHEET, unit_code="990101102")) == [("reporter-contradiction", "sheet")]
    assert refused(read(f"2026年第一季度\n{HEAD}{ROW}")) == [("reporter-unknown", "sheet")]


def test_a_workbook_of_many_townships_is_split_by_its_township_column() -> None:
    head = "| 所属乡镇 | 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 |\n"
    rows = "| 东镇 | 甲村 | 1 | 1 | 1 | 1 |\n| ^ | 先锋村 | 2 | 1 | 1 | 1 |\n| 西河镇 | 先锋村 | 3 | 1 | 1 | 1 |\n"
    reading = read(f"示例县2026年第一季度诊所情况表\n{head}{rows}| 合计 | | 6 | 3 | 3 | 3 |")
    assert refused(reading) == []
    assert {block.reporter_code: [row.unit_code for row in block.rows] for block in reading.blocks} == {
        "990101101": ["990101101201", "990101101202"],
        "990101102": ["990101102202"],
    }
    assert not [problem for problem in reading.problems if problem.rule == "F02"]


def test_a_sheet_per_township_and_a_return_of_one_village() -> None:
    reading = read({"东镇": HEAD + ROW, "西河镇": HEAD + "| 上码头村 | 1 | 1 | 1 | 1 |"}, "2026Q1.xlsx")
    assert [block.reporter_code for block in reading.blocks] == ["990101101", "990101102"]
    assert only(read(f"填报单位：甲村\n{HEAD}{ROW}", "2026Q1.xlsx")).reporter_code == "990101101"


def test_an_office_reports_on_anybody_s_villages() -> None:
    block = only(read(f"填报单位：县卫健局\n{HEAD}{ROW}| 上码头村 | 1 | 1 | 1 | 1 |", "2026Q1.xlsx"))
    assert block.reporter_code == "990101A01"
    assert [row.township_code for row in block.rows] == ["990101101", "990101102"]


# ---------------------------------------------------------------------------------------------- nil, hidden, nothing


def test_a_nil_return_is_a_block_without_rows_but_not_where_every_village_owes_a_row() -> None:
    reading = read("东镇2026年一季度\n| 村名 | 姓名 | 身份证号 | 职称 |\n| 零报告 | | | |")
    assert [(block.form, block.nil, block.rows) for block in reading.blocks] == [("doctor", True, ())]
    reading = read("东镇2026年一季度\n" + HEAD)
    assert [(block.form, block.nil, block.rows) for block in reading.blocks] == [("clinic", False, ())]


def test_a_hidden_sheet_is_named_and_not_read() -> None:
    content = workbook({"表1": SHEET, "旧表": SHEET}, hidden=("旧表",))
    reading = one_file.read(content, "东镇.xlsx", "东镇.xlsx", ReadingBasis(DEFINITIONS), IntakeOptions())
    assert len(reading.blocks) == 1
    assert [problem.where.sheet for problem in reading.problems if problem.slug == "sheet-hidden"] == ["旧表"]


def test_a_file_in_which_nothing_is_a_form_is_refused() -> None:
    assert refused(read("会议通知\n请各乡镇准时参加")) == [("file-no-form", "file")]
    reading = one_file.read(b"%PDF-1.4", "东镇.pdf", "a/东镇.pdf", ReadingBasis(DEFINITIONS), IntakeOptions())
    assert refused(reading) == []
    assert reading.is_attachment
    assert [(p.slug, p.where.file) for p in reading.problems] == [("attachment-kept", "a/东镇.pdf")]


def test_every_problem_names_file_sheet_and_cell_and_never_an_id_in_full() -> None:
    reading = read(
        "东镇2026年一季度\n| 村名 | 姓名 | 身份证号 | 职称 | 联系电话 |\n| 甲村 | 张三 | '990101800101001 | 初级 | '138000000001 |\n"
        "| 甲村 | 李四13800000000 | '9901011980010100149 | 主任990101198001010014 | |",
        path="2026-04-02/诊所.xlsx",
    )
    cells = [problem for problem in reading.problems if problem.refused == "cell"]
    assert [problem.where.cell for problem in cells] == ["C3", "C4", "D4", "E3"]
    assert {problem.where.file for problem in reading.problems} == {"2026-04-02/诊所.xlsx"}
    said = "".join(problem.line(lang) for problem in reading.problems for lang in ("zh", "en"))
    said += "".join(f"{note.raw}{note.value}{note.message}" for note in reading.notes)
    for number in (
        "990101800101001",
        "9901011980010100149",
        "990101198001010014",
        "13800000000",
        "138000000001",
    ):
        assert number not in said


# ---------------------------------------------------------------------------------------------- the built-in library, the sample

SAMPLES = Path(__file__).parents[2] / "data" / "samples"


@pytest.fixture(scope="module")
def sample() -> loader.Definitions:
    loaded, _ = loader.load(loader.sources(SAMPLES))
    return loaded


@pytest.mark.parametrize("suffix", ["xlsx", "xls", "csv"])
def test_a_sample_return_of_each_kind_is_read_without_a_refusal(
    sample: loader.Definitions, suffix: str
) -> None:
    file = min((SAMPLES / "returns" / "2025Q1").rglob(f"*.{suffix}"))
    reading = one_file.read(file.read_bytes(), file.name, file.name, ReadingBasis(sample), IntakeOptions())
    assert refused(reading) == []
    assert reading.blocks
    assert {block.period.end for block in reading.blocks} == {date(2025, 3, 31)}


def test_a_row_of_formulas_never_calculated_is_no_part_of_the_header() -> None:
    reading = read(f"东镇2026年第一季度诊所情况表\n填报单位：东镇\n{HEAD}| =A9 | =B9 | =C9 | =D9 | =E9 |\n")
    assert refused(reading) == [("sheet-uncached", "sheet")]


def test_facts_above_the_header_that_was_recognised_are_not_lost_unsaid() -> None:
    misspelt = "| 村 | 床 | 男 | 女 | 入账 |\n"
    reading = read(
        f"东镇2026年第一季度诊所情况表\n填报单位：东镇\n{misspelt}{ROW}{HEAD}{ROW.replace('甲村', '先锋村')}"
    )
    assert [row.values[0] for row in reading.blocks[0].rows] == ["先锋村"]
    assert [(p.slug, p.where.cell, p.refused) for p in reading.problems if p.refused] == [
        ("row-above-header", "A4", "row")
    ]


def test_a_remark_about_another_period_names_no_period() -> None:
    assert refused(read(f"诊所情况表\n填报单位：东镇\n（2025年第四季度数据见附件）\n{HEAD}{ROW}")) == [
        ("period-unknown", "sheet")
    ]
    assert only(
        read(f"2026年第一季度诊所情况表\n（与2025年第四季度口径一致）\n填报单位：东镇\n{HEAD}{ROW}")
    ).period == period("2026Q1")


def test_a_long_remark_above_the_table_is_not_its_title() -> None:
    remark = "（请于2026年4月8日前报送县卫健局规划信息股，联系人小周，电话0737-1234567）"
    assert (
        only(read(f"{remark}\n东镇2026年第一季度诊所情况表\n{HEAD}{ROW}", "报表.xlsx")).reporter_code
        == "990101101"
    )
