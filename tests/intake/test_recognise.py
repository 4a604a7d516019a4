"""Which form a sheet carries, what its columns mean, what its rows are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from intake_toy import CLINIC, DOCTOR, LIBRARY, period
from workbooks import workbook

from ruralpb.core.problems import Problem
from ruralpb.intake import layout
from ruralpb.intake import readers as reader
from ruralpb.intake.layout.header_index import crosses_bound
from ruralpb.model import Alias, Dated, Grid, Library, Match, loader

KNOWN = layout.header_index_of(LIBRARY, period("2026Q1"))


def grid(table: str, sheet: str = "表1") -> Grid:
    grids, _ = reader.read(workbook({sheet: table}), "x.xlsx")
    return grids[0]


def matched(table: str, sheet: str = "表1") -> Match:
    (match,), problems = layout.match(grid(table, sheet), KNOWN)
    assert not [problem.line() for problem in problems if problem.refused]
    return match


def refused(table: str, sheet: str = "表1") -> Problem:
    matches, problems = layout.match(grid(table, sheet), KNOWN)
    assert matches == []
    (problem,) = [problem for problem in problems if problem.refused]
    assert problem.refused == "sheet"
    assert problem.text("zh")
    assert problem.text("en")
    return problem


CLINICS = """
示例县2026年第一季度诊所情况表
表号：卫季01表 | | | | 计量单位：万元
填报单位（盖章）：东 镇   2026年第一季度
| 序号 | 村名 | 床位数 | 医生 | < | 护士 | < | 诊疗收入 |
| ^    | ^    | ^      | 男   | 女 | 男  | 女 | ^       |
| 1 | 甲村   | 3 | 1 | 2 | 0 | 4 | 5.5 |
| 2 | 先锋村 | 2 | 1 | 1 | 0 | 3 | 4   |
| 合 计 | |  5 | 2 | 3 | 0 | 7 | 9.5 |
单位负责人：张三 | | 填表人：李四 | | 联系电话：13800000000 | | 报出日期：2026年4月2日
"""


def test_merged_parent_headers_decide_what_a_leaf_means() -> None:
    match = matched(CLINICS)
    assert match.form == "clinic"
    assert match.header == (3, 4)
    assert match.columns == {
        "village": 1,
        "beds": 2,
        "doctors_male": 3,
        "doctors_female": 4,
        "nurses_male": 5,
        "nurses_female": 6,
        "income": 7,
    }
    assert match.unmapped == {}


def test_rows_have_their_classes() -> None:
    assert matched(CLINICS).rows == {
        0: "title",
        1: "title",
        2: "title",
        3: "header",
        4: "header",
        5: "data",
        6: "data",
        7: "total",
        8: "signature",
    }


def test_title_block_and_footer_are_read_with_their_cells() -> None:
    assert matched(CLINICS).title_block == {
        "title": ("示例县2026年第一季度诊所情况表", "A1"),
        "titled_period": ("示例县2026年第一季度诊所情况表", "A1"),
        "code": ("卫季01表", "A2"),
        "measure": ("万元", "E2"),
        "reporter": ("东 镇", "A3"),
        "head": ("张三", "A9"),
        "filler": ("李四", "C9"),
        "phone": ("13800000000", "E9"),
        "reported_on": ("2026年4月2日", "G9"),
    }


def test_the_value_of_a_label_may_stand_in_the_next_cell() -> None:
    match = matched("| 填报单位： | 东镇 | 报告期 | 2026年一季度 |\n" + FLAT)
    assert match.title_block["reporter"] == ("东镇", "A1")
    assert match.title_block["period"] == ("2026年一季度", "C1")


FLAT = """
| 村名 | 床位 | 医生男 | 医生/女 | 1.诊疗收入（元） | 补助，万元 |
| 甲村 | 3    | 1      | 2       | 55000          | 1     |
"""


def test_aliases_list_numbers_and_unit_suffixes_are_seen_through_and_the_measure_is_kept() -> None:
    match = matched(FLAT)
    assert match.columns == {
        "village": 0,
        "beds": 1,
        "doctors_male": 2,
        "doctors_female": 3,
        "income": 4,
        "subsidy": 5,
    }
    assert match.measures == {"income": "元", "subsidy": "万元"}


@pytest.mark.parametrize(
    "written",
    ["床 位\u3000数", "床\n位数", "（二）床位数", "2、床位数*", "床位数(必填)", "“床位数”", "床位数[1]"],
)
def test_how_a_title_may_be_dressed(written: str) -> None:
    table = replace(
        grid(FLAT), values=((("村名", written, "医生男", "医生女", "诊疗收入", None)), *grid(FLAT).values[1:])
    )
    (match,), _ = layout.match(table, KNOWN)
    assert match.columns["beds"] == 1


def test_columns_are_mapped_by_header_in_any_order_and_extra_ones_are_named() -> None:
    match = matched("""
        | 诊疗收入 | 电脑台数 | 医生女 | 村名 | 医生男 | 床位数 |
        | 5        | 9        | 2      | 甲村 | 1      | 3      |
    """)
    assert match.columns["income"] == 0
    assert match.columns["beds"] == 5
    assert match.unmapped == {1: "电脑台数"}
    _, problems = layout.match(
        grid("| 诊疗收人 | 床位数 | 村名 | 医生男 | 医生女 | 诊疗收入 |\n| 1 | 1 | 甲村 | 1 | 1 | 1 |"), KNOWN
    )
    near = next(problem for problem in problems if problem.slug == "column-unknown-near")
    assert (near.found, near.expected, near.severity) == ("诊疗收人", "诊疗收入", "note")


@pytest.mark.parametrize("heading", ["床位数*（张）", "床位数①/张", "3.床位数※（单位：张）"])
def test_a_footnote_mark_before_the_measure_is_seen_through(heading: str) -> None:
    match = matched(f"| 村名 | {heading} | 医生男 | 医生女 | 诊疗收入 |\n| 甲村 | 3 | 1 | 2 | 5 |")
    assert match.columns["beds"] == 1


def test_a_row_of_measures_and_one_of_column_numbers_belong_to_the_header() -> None:
    match = matched("""
        | 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 |
        | —    | 张     | 人     | 人     | 元       |
        | 甲   | 1      | 2      | 3      | 4        |
        | 甲村 | 3      | 1      | 2      | 55000    |
    """)
    assert match.header == (0, 2)
    assert match.measures["income"] == "元"
    assert match.rows[3] == "data"


@pytest.mark.parametrize(
    "numbers",
    ["1栏 | 2栏 | 3栏 | 4栏 | 5栏", "第1栏 | 第2栏 | 第3栏 | 第4栏 | 第5栏", "(1) | (2) | (3) | (4) | (5)"],
)
def test_a_row_that_numbers_the_columns_is_no_fact(numbers: str) -> None:
    match = matched(
        f"| 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 |\n| {numbers} |\n| 甲村 | 3 | 1 | 2 | 5 |"
    )
    assert (match.header, match.rows[2]) == ((0, 1), "data")


def test_english_with_measures_between_belongs_to_the_header() -> None:
    match = matched("""
        | 村名    | 床位数 | 医生男 | 医生女 | 诊疗收入 |
        | Village | Beds   | Men    | Women  | (万元)   |
        | 甲村    | 3      | 1      | 2      | 5        |
    """)
    assert (match.header, match.rows[2]) == ((0, 1), "data")


def test_figures_below_the_signatures_are_no_facts_but_a_full_row_is() -> None:
    match = matched("""
        | 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 |
        | 甲村 | 3      | 1      | 2      | 5        |
        | 填表人：李四 |
        | 核对 | 3      |        |        |          |
        | 先锋村 | 2    | 1      | 1      | 4        |
    """)
    assert [match.rows[row] for row in range(1, 5)] == ["data", "signature", "other", "data"]


def test_last_year_s_figures_under_a_parent_header_are_not_this_year_s() -> None:
    match = matched("""
        | 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 | 上年同期 | <        |
        | ^    | ^      | ^      | ^      | ^        | 床位数   | 诊疗收入 |
        | 甲村 | 3      | 1      | 2      | 5        | 7        | 8        |
    """)
    assert match.columns["beds"] == 1
    assert match.columns["income"] == 4
    assert match.unmapped == {5: "上年同期/床位数", 6: "上年同期/诊疗收入"}


def test_of_two_years_below_one_heading_the_period_s_own_is_read() -> None:
    match = matched("""
        | 村名 | 床位数 | <    | 医生男 | 医生女 | 诊疗收入 |
        | ^    | 2025   | 2026 | ^      | ^      | ^        |
        | 甲村 | 7      | 3    | 1      | 2      | 5        |
    """)
    assert match.columns["beds"] == 2
    assert match.unmapped == {1: "床位数/2025"}


def test_a_leaf_that_fits_two_parents_is_mapped_by_neither() -> None:
    problem = refused("""
        | 村名 | 床位数 | 男 | 女 | 诊疗收入 |
        | 甲村 | 3      | 1  | 2  | 5        |
    """)
    assert problem.slug == "columns-missing"
    assert problem.rule == "D31"


def test_missing_required_columns_are_named() -> None:
    problem = refused("| 村名 | 医生男 | 医生女 | 诊疗收入 |\n| 甲村 | 1 | 2 | 5 |")
    assert (problem.slug, problem.found, problem.form) == ("columns-missing", "床位数", "clinic")


def test_two_columns_of_one_meaning_are_refused() -> None:
    problem = refused("| 村名 | 床位 | 床位 | 医生男 | 医生女 | 诊疗收入 |\n| 甲村 | 1 | 2 | 3 | 4 | 5 |")
    assert (problem.slug, problem.rule, problem.found) == ("columns-twice", "D41", "床位数")
    match = matched("| 村名 | 床位 | 床位数 | 医生男 | 医生女 | 诊疗收入 |\n| 甲村 | 1 | 2 | 3 | 4 | 5 |")
    assert match.columns["beds"] == 2  # a title outweighs an alias


def test_several_forms_below_each_other_are_several_matches() -> None:
    known = layout.header_index_of(LIBRARY, period("2026Q1"))
    (first, second), problems = layout.match(
        grid(FLAT + "\n\n医生名册\n| 村名 | 姓名 | 身份证号 | 职称 |\n| 甲村 | 张三 | '1 | 初级 |"), known
    )
    assert (first.form, second.form) == ("clinic", "doctor")
    assert [row for row, kind in first.rows.items() if kind == "data"] == [1]
    assert [row for row, kind in second.rows.items() if kind == "data"] == [6]
    assert second.title_block["title"] == ("医生名册", "A5")
    assert not [problem for problem in problems if problem.refused]


def test_a_header_repeated_on_each_page_is_no_row_and_blank_rows_end_nothing() -> None:
    match = matched(
        FLAT
        + "\n| | | | | | |\n| 村名 | 床位 | 医生男 | 医生/女 | 1.诊疗收入（元） | 补助，万元 |\n| 先锋村 | 1 | 1 | 1 | 1 | 1 |\n"
    )
    assert list(match.rows.values()) == ["header", "data", "blank", "blank", "repeated_header", "data"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("合计", "total"),
        ("东镇合计", "total"),
        ("全镇合计", "total"),
        ("总 计", "total"),
        ("小计", "subtotal"),
        ("河东片区小计", "subtotal"),
        ("其中：山区村", "other"),
        ("例：甲村", "other"),
        ("合计村", "data"),
        ("小计划村", "data"),
    ],
)
def test_what_a_row_is_by_its_first_words(text: str, kind: str) -> None:
    match = matched(FLAT + f"| {text} | 1 | 1 | 1 | 1 | 1 |")
    assert match.rows[2] == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("注：按季填报", "note"),
        ("填表说明：略", "note"),
        ("单位负责人：", "signature"),
        ("填表人（签字）：王五", "signature"),
    ],
)
def test_a_note_or_a_signature_is_no_row_unless_numbers_stand_beside_it(text: str, kind: str) -> None:
    assert matched(FLAT + f"| {text} | | | | | |").rows[2] == kind
    assert matched(FLAT + f"| {text} | 1 | 1 | 1 | 1 | 1 |").rows[2] == "other"


ROSTER = "| 村名 | 姓名 | 身份证号 | 职称 |\n"


@pytest.mark.parametrize(
    "below", ["", "| 零报告 | | | |", "| 无 | | | |", "| 本季无 | 无 | / | — |", "| | | | |\n填表人：王五"]
)
def test_a_header_without_rows_or_with_zero_report_is_a_nil_return(below: str) -> None:
    assert matched(ROSTER + below).nil


def test_a_prefilled_village_without_anything_else_is_no_person() -> None:
    match = matched(ROSTER + "| 甲村 | 张三 | '1 | 初级 |\n| 先锋村 | | | |")
    assert match.rows[2] == "blank"
    assert not match.nil


@pytest.mark.parametrize("text", ["填表说明", "村名请按名录填写", "| 1 | 2 | 3 |"])
def test_other_sheets_are_ignored_with_a_reason(text: str) -> None:
    matches, (problem,) = layout.match(grid(text, "说明"), KNOWN)
    assert matches == []
    assert (problem.slug, problem.severity, problem.refused) == ("sheet-ignored", "note", "")


def test_a_title_without_its_header_is_refused_not_ignored() -> None:
    assert refused("诊所情况表\n| 甲村 | 3 | 1 |\n| 先锋村 | 2 | 1 |").slug == "header-not-found"


def test_a_table_on_its_side_is_refused() -> None:
    assert (
        refused(
            "| 村名 | 甲村 |\n| 床位数 | 3 |\n| 医生男 | 1 |\n| 医生女 | 2 |\n| 诊疗收入 | 5 |\n| 补助 | 0 |"
        ).slug
        == "table-transposed"
    )


def test_two_forms_that_fit_alike_are_told_apart_by_title_or_refused() -> None:
    twin = replace(CLINIC, id="twin", title="卫生室情况表", code="卫季09表")
    known = layout.header_index_of(
        Library({"clinic": CLINIC, "twin": twin}, {}, {}, {}, {}, ""), period("2026Q1")
    )
    _, problems = layout.match(grid(FLAT), known)
    assert [problem.slug for problem in problems if problem.refused] == ["forms-alike"]
    (match,), _ = layout.match(grid("卫季09表\n" + FLAT), known)
    assert match.form == "twin"


def test_fields_and_aliases_hold_by_date() -> None:
    beds = replace(CLINIC.by_id["beds"], aliases=(Alias("病床", Dated(period("2026Q1").start)),))
    form = replace(CLINIC, fields=tuple(beds if item.id == "beds" else item for item in CLINIC.fields))
    library = Library({"clinic": form}, {}, {}, {}, {}, "")
    table = grid(FLAT.replace("床位", "病床"))
    assert len(layout.match(table, layout.header_index_of(library, period("2026Q1")))[0]) == 1
    matches, problems = layout.match(table, layout.header_index_of(library, period("2025Q1")))
    assert matches == []
    assert problems[0].found == "床位数"


def test_a_field_asked_for_in_some_periods_only_is_missing_only_then() -> None:
    beds = replace(CLINIC.by_id["beds"], periods=("q4",))
    form = replace(CLINIC, fields=tuple(beds if item.id == "beds" else item for item in CLINIC.fields))
    library = Library({"clinic": form, "doctor": DOCTOR}, {}, {}, {}, {}, "")
    table = grid("| 村名 | 医生男 | 医生女 | 诊疗收入 |\n| 甲村 | 1 | 2 | 5 |")
    assert layout.match(table, layout.header_index_of(library, period("2026Q1")))[0]
    assert not layout.match(table, layout.header_index_of(library, period("2025Q4")))[0]


def test_nothing_is_ever_mapped_by_position() -> None:
    matches, _ = layout.match(grid("| 甲村 | 3 | 1 | 2 | 5 | 6 |\n| 先锋村 | 3 | 1 | 2 | 5 | 6 |"), KNOWN)
    assert matches == []


def test_no_alias_of_the_library_crosses_a_bound() -> None:
    found, _ = loader.load(loader.sources(None))
    crossing = [
        (form.id, field.id, alias.text)
        for form in found.library.forms.values()
        for field in form.fields
        for alias in field.aliases
        if crosses_bound(field, alias.text)
    ]
    assert crossing == []


def test_a_cell_that_is_no_number_at_all_does_not_stop_the_look_for_a_header() -> None:
    table = replace(grid(FLAT), values=(*grid(FLAT).values, ("先锋村", float("nan"), float("inf"), 1, 1, 1)))
    (match,), _ = layout.match(table, KNOWN)
    assert match.rows[2] == "data"


def test_a_rule_of_asterisks_is_folded_at_once() -> None:
    """A pattern with two repetitions inside each other took exponential time on one such cell; here it would never end."""
    from ruralpb.intake.layout.header_index import key

    assert key("*" * 5000 + "x") == "x"
    assert key("x" + "*①" * 2000) == "x"
