"""Layouts of tables as townships send them: each value is read, with the address of its own cell, or refused where it stands."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from intake_toy import CLINIC, DEFINITIONS, DOCTOR, LIBRARY, Q1
from workbooks import workbook

from ruralpb.intake import layout, one_file
from ruralpb.intake import readers as reader
from ruralpb.intake.reading_basis import ReadingBasis
from ruralpb.model import Block, Field, Form, IntakeOptions, Reading, cell_name, cell_position
from ruralpb.model.loader import Definitions

OPTIONS = IntakeOptions(period=Q1, unit_code="990101101")
TURNABLE = replace(CLINIC, transposable=True)


def definitions(*forms: Form) -> Definitions:
    return replace(DEFINITIONS, library=replace(LIBRARY, forms={form.id: form for form in forms}))


TURNING = definitions(TURNABLE, DOCTOR)


def read(table: str, known: Definitions = DEFINITIONS, options: IntakeOptions = OPTIONS) -> Reading:
    return one_file.read(workbook(table), "x.xlsx", "x.xlsx", ReadingBasis(known), options)


def refusals(reading: Reading) -> list[tuple[str, str, str]]:
    return [(p.slug, p.refused, p.where.cell) for p in reading.problems if p.refused]


def address(block: Block, position: int, field: str) -> str:
    column = block.columns[field]
    row = position + block.shifts.get(field, 0)
    return cell_name(column, row) if block.transposed else cell_name(row, column)


def facts(table: str, reading: Reading) -> list[dict[str, Any]]:
    """The rows read, each value checked against the cell that its address names."""
    (grid,), _ = reader.read(workbook(table), "x.xlsx")
    found = []
    for block in reading.blocks:
        for row in block.rows:
            values = dict(zip(block.fields, row.values, strict=True))
            for name, value in values.items():
                cell = cell_position(address(block, row.position, name))
                assert cell is not None
                raw = grid.cell(*cell)
                if value is not None and raw is not None and not isinstance(value, str):
                    assert float(raw) == float(value), (name, address(block, row.position, name))
            found.append({name: value for name, value in values.items() if value is not None})
    return found


def numbers(rows: list[dict[str, Any]], *fields: str) -> list[tuple[Any, ...]]:
    return [
        tuple(None if row.get(f) is None else float(row[f]) if f != "village" else row[f] for f in fields)
        for row in rows
    ]


HEAD = "| 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 |"

# ---------------------------------------------------------------------------------------------- side by side

CONTINUED_BESIDE = """
| 东镇诊所情况表 | | | | | | 续表 | | | | |
| 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 | | 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 |
| 甲村 | 3 | 1 | 2 | 5 | | 新建村 | 6 | 4 | 5 | 8 |
| 先锋村 | 2 | 1 | 1 | 4 | | 新建社区 | 7 | 5 | 6 | 9 |
| | | | | | | 合计 | 18 | 11 | 14 | 26 |
"""


def test_a_table_folded_to_the_right_is_read_whole() -> None:
    reading = read(CONTINUED_BESIDE)
    assert refusals(reading) == []
    assert numbers(facts(CONTINUED_BESIDE, reading), "village", "beds", "income") == [
        ("甲村", 3, 5), ("先锋村", 2, 4), ("新建村", 6, 8), ("新建社区", 7, 9),
    ]  # fmt: skip


def test_the_total_of_a_folded_table_is_that_of_all_its_halves() -> None:
    assert [p.slug for p in read(CONTINUED_BESIDE).problems if p.rule == "F02"] == []
    wrong = [p for p in read(CONTINUED_BESIDE.replace("| 18 |", "| 19 |")).problems if p.rule == "F02"]
    assert [(p.where.cell, p.found, p.expected) for p in wrong] == [("H5", "19", "18")]


def test_each_half_may_bear_a_total_of_its_own() -> None:
    table = CONTINUED_BESIDE.replace(
        "| | | | | | | 合计 | 18 | 11 | 14 | 26 |", "| 小计 | 5 | 2 | 3 | 9 | | 小计 | 13 | 9 | 11 | 17 |"
    )
    assert [p.slug for p in read(table).problems if p.rule == "F02"] == []


def test_list_numbers_before_each_half_belong_to_it() -> None:
    table = """
    | 序号 | 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 | 序号 | 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 |
    | 1 | 甲村 | 3 | 1 | 2 | 5 | 3 | 新建村 | 6 | 4 | 5 | 8 |
    | 2 | 先锋村 | 2 | 1 | 1 | 4 | | | | | | |
    """
    reading = read(table)
    assert refusals(reading) == []
    assert numbers(facts(table, reading), "village", "beds") == [("甲村", 3), ("先锋村", 2), ("新建村", 6)]
    assert not [p for p in reading.problems if p.slug in ("column-no-header", "column-unknown")]


def test_two_forms_beside_each_other_are_two_tables() -> None:
    table = """
    | 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 | | 村名 | 姓名 | 身份证号 | 职称 |
    | 甲村 | 3 | 1 | 2 | 5 | | 甲村 | 张三 | '11010519491231002X | 初级 |
    | 先锋村 | 2 | 1 | 1 | 4 | | 甲村 | 李四 | '110105197001010011 | 中级 |
    """
    reading = read(table)
    assert refusals(reading) == []
    assert [(block.form, len(block.rows)) for block in reading.blocks] == [("clinic", 2), ("doctor", 2)]


HALVES = {
    "lower": """
    | 东镇诊所情况表 | | | | | | | | | | |
    | 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 | | | | | | |
    | 甲村 | 3 | 1 | 2 | 5 | | | | | | |
    | 先锋村 | 2 | 1 | 1 | 4 | | 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 |
    | | | | | | | 新建村 | 6 | 4 | 5 | 8 |
    """,
    "one row lower, list numbers": """
    | 东镇诊所情况表 | | | | | | | | | | | |
    | 序号 | 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 | | | | | | |
    | 1 | 甲村 | 3 | 1 | 2 | 5 | 序号 | 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 |
    | 2 | 先锋村 | 2 | 1 | 1 | 4 | 3 | 新建村 | 6 | 4 | 5 | 8 |
    """,
    "higher": """
    | 东镇诊所情况表 | | | | | | 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 |
    | | | | | | | 新建村 | 6 | 4 | 5 | 8 |
    | 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 | | | | | | |
    | 甲村 | 3 | 1 | 2 | 5 | | | | | | |
    | 先锋村 | 2 | 1 | 1 | 4 | | | | | | |
    """,
}


@pytest.mark.parametrize("table", HALVES.values(), ids=HALVES)
def test_halves_that_begin_in_different_rows_are_both_read(table: str) -> None:
    reading = read(table)
    assert refusals(reading) == []
    assert sorted(numbers(facts(table, reading), "village", "beds", "income")) == [
        ("先锋村", 2, 4), ("新建村", 6, 8), ("甲村", 3, 5),
    ]  # fmt: skip
    assert not [p for p in reading.problems if p.slug in ("column-no-header", "column-unknown")]


def test_the_title_block_of_the_table_below_is_not_that_of_the_table_above() -> None:
    table = f"""
    东镇医生名册
    | 村名 | 姓名 | 身份证号 | 职称 | |
    | 甲村 | 张三 | '11010519491231002X | 初级 | |

    诊所情况表
    | 表号：卫季01表 | 制表机关：县卫健局 | | | |
    | 填报单位：西河镇 | | | | 计量单位：元 |
    {HEAD}
    | 上码头村 | 3 | 1 | 2 | 50000 |
    """
    (grid,), _ = reader.read(workbook(table), "x.xlsx")
    (above, below), _ = layout.match(grid, layout.header_index_of(LIBRARY, Q1))
    assert (above.form, {"measure", "reporter"} & set(above.title_block)) == ("doctor", set())
    assert (below.form, below.title_block["measure"][0]) == ("clinic", "元")


def test_the_total_of_halves_that_begin_in_different_rows_is_that_of_both() -> None:
    table = HALVES["lower"] + "    | | | | | | | 合计 | 11 | 6 | 8 | 17 |\n"
    assert [p.slug for p in read(table).problems if p.rule == "F02"] == []
    wrong = [p for p in read(table.replace("| 11 |", "| 12 |")).problems if p.rule == "F02"]
    assert [(p.found, p.expected) for p in wrong] == [("12", "11")]


def test_figures_beside_a_table_under_a_header_of_their_own_are_no_table_of_its_form() -> None:
    table = """
    | 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 | | | |
    | 甲村 | 3 | 1 | 2 | 5 | | 村名 | 床位数 |
    | 先锋村 | 2 | 1 | 1 | 4 | | 甲村 | 9 |
    """
    reading = read(table)
    assert numbers(facts(table, reading), "village", "beds") == [("甲村", 3), ("先锋村", 2)]
    assert {p.where.cell for p in reading.problems if p.slug == "column-no-header"} == {"G2", "H2"}


@pytest.mark.parametrize("header", ["村名 | 床位数 | 收入 | 备用", "村名 | 床位数 | 门诊收入合计 | 人员"])
def test_rows_below_a_header_of_no_form_are_not_lost_in_silence(header: str) -> None:
    """A page whose header was retyped: what stands below it is told, at its header."""
    table = f"""
    {HEAD}
    | 甲村 | 3 | 1 | 2 | 5 |
    | 先锋村 | 2 | 1 | 1 | 4 |
    | {header} |
    | 新建村 | 6 | 4 | 5 |
    """
    reading = read(table)
    assert numbers(facts(table, reading), "village", "beds") == [("甲村", 3), ("先锋村", 2)]
    (said,) = [p for p in reading.problems if p.slug == "rest-unread"]
    assert (said.where.cell, said.found, said.refused) == ("A4", "1", "sheet")


def test_the_township_before_the_village_belongs_to_the_table_on_the_right() -> None:
    table = """
    | 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 | | 所属乡镇 | 村名 | 姓名 | 身份证号 | 职称 |
    | 甲村 | 3 | 1 | 2 | 5 | | 东镇 | 甲村 | 张三 | '11010519491231002X | 初级 |
    """
    reading = read(table)
    assert refusals(reading) == []
    assert [(block.form, "township" in block.fields) for block in reading.blocks] == [
        ("clinic", False), ("doctor", True),
    ]  # fmt: skip


def test_a_wide_table_may_repeat_its_row_keys_in_the_middle() -> None:
    table = """
    | 村名 | 床位数 | 医生男 | 村名 | 医生女 | 诊疗收入 |
    | 甲村 | 3 | 1 | 甲村 | 2 | 5 |
    | 先锋村 | 2 | 1 | 先锋村 | 1 | 4 |
    """
    reading = read(table)
    assert refusals(reading) == []
    assert numbers(facts(table, reading), "village", "beds", "income") == [("甲村", 3, 5), ("先锋村", 2, 4)]


def test_keys_that_differ_in_the_two_halves_are_refused() -> None:
    table = """
    | 村名 | 床位数 | 医生男 | 村名 | 医生女 | 诊疗收入 |
    | 甲村 | 3 | 1 | 先锋村 | 2 | 5 |
    | 先锋村 | 2 | 1 | 甲村 | 1 | 4 |
    """
    assert refusals(read(table)) == [("columns-twice", "sheet", "A1")]


# ---------------------------------------------------------------------------------------------- below each other


BELOW = """
| 东镇诊所情况表 | | |
| 村名 | 床位数 | 医生男 |
| 甲村 | 3 | 1 |
| 先锋村 | 2 | 1 |
| 合计 | 5 | 2 |
| | | |
| 东镇诊所情况表（续表） | | |
| 村名 | 医生女 | 诊疗收入 |
| 甲村 | 2 | 5.25 |
| 先锋村 | 1 | 4 |
| 合计 | 3 | 9.25 |
填表人：王五
"""


def test_further_columns_below_are_those_of_the_rows_above() -> None:
    reading = read(BELOW)
    assert refusals(reading) == []
    (block,) = reading.blocks
    assert address(block, block.rows[1].position, "income") == "C10"
    assert address(block, block.rows[1].position, "beds") == "B4"
    assert numbers(facts(BELOW, reading), "village", "beds", "doctors_female", "income") == [
        ("甲村", 3, 2, 5.25), ("先锋村", 2, 1, 4),
    ]  # fmt: skip
    assert block.title_block["filler"] == ("王五", "A12")


def test_a_wrong_cell_of_a_continuation_is_refused_where_it_stands() -> None:
    reading = read(BELOW.replace("| 5.25 |", "| 约5 |"))
    assert refusals(reading) == [("number-approximate", "cell", "C9")]
    (block,) = reading.blocks
    assert block.rows[0].refused == ("income",)


def test_a_wrong_total_of_a_continuation_is_told_at_its_cell() -> None:
    wrong = [p for p in read(BELOW.replace("| 9.25 |", "| 9 |")).problems if p.rule == "F02"]
    assert [(p.where.cell, p.expected) for p in wrong] == [("C11", "9.25")]


def test_a_continuation_of_other_rows_is_refused() -> None:
    table = BELOW.replace("| 先锋村 | 1 | 4 |", "| 新建村 | 1 | 4 |")
    assert refusals(read(table)) == [("continuation-differs", "sheet", "A2")]


def test_more_rows_below_with_the_header_again_are_one_table() -> None:
    table = f"""
    东镇诊所情况表
    {HEAD}
    | 甲村 | 3 | 1 | 2 | 5 |
    | 本页小计 | 3 | 1 | 2 | 5 |
    东镇诊所情况表（续）
    {HEAD}
    | 先锋村 | 2 | 1 | 1 | 4 |
    | 本页小计 | 2 | 1 | 1 | 4 |
    | 合计 | 5 | 2 | 3 | 9 |
    """
    reading = read(table)
    assert [p.slug for p in reading.problems if p.severity == "error"] == []
    assert numbers(facts(table, reading), "village", "beds") == [("甲村", 3), ("先锋村", 2)]


# ---------------------------------------------------------------------------------------------- on its side

SIDE = """
| 东镇诊所情况表 | | | | |
| 填报单位：东镇 | | | 2026年一季度 | |
| 指标 | 计量单位 | 甲村 | 先锋村 | 合计 |
| 床位数 | 张 | 3 | 2 | 5 |
| 医生男 | 人 | 1 | 1 | 2 |
| 医生女 | 人 | 2 | 1 | 3 |
| 诊疗收入 | 万元 | 5.25 | 4 | 9.25 |
填表人：王五 | | 联系电话：13800000000
"""


def test_a_table_on_its_side_is_read_where_the_form_allows_it() -> None:
    reading = read(SIDE, TURNING)
    assert refusals(reading) == []
    (block,) = reading.blocks
    assert block.transposed
    assert numbers(facts(SIDE, reading), "village", "beds", "doctors_female", "income") == [
        ("甲村", 3, 2, 5.25), ("先锋村", 2, 1, 4),
    ]  # fmt: skip
    assert address(block, block.rows[0].position, "income") == "C7"
    assert address(block, block.rows[1].position, "income") == "D7"
    assert block.title_block["filler"] == ("王五", "A8")
    assert [p.slug for p in reading.problems if p.rule == "F02"] == []


@pytest.mark.parametrize("corner", ["项目", "", "指标\\村", "村名", "单位名称"])
def test_the_corner_of_a_table_on_its_side_may_say_anything_general(corner: str) -> None:
    table = SIDE.replace("指标", corner)
    assert numbers(facts(table, read(table, TURNING)), "village", "beds") == [("甲村", 3), ("先锋村", 2)]


def test_the_township_may_stand_above_the_villages_of_a_table_on_its_side() -> None:
    rows = [
        "所属乡镇 | 东镇 | 东镇",
        "村名 | 甲村 | 先锋村",
        "床位数 | 3 | 2",
        "医生男 | 1 | 1",
        "医生女 | 2 | 1",
        "诊疗收入 | 5 | 4",
    ]
    reading = read("\n".join(f"| {row} |" for row in rows), TURNING)
    assert refusals(reading) == []
    (block,) = reading.blocks
    assert [(row.position, row.unit_code) for row in block.rows] == [(1, "990101101201"), (2, "990101101202")]


def test_cells_of_a_table_on_its_side_are_refused_and_noted_where_they_stand() -> None:
    reading = read(
        SIDE.replace("5.25", "约5").replace("| 床位数 | 张 | 3 | 2 | 5 |", "| 床位数 | 张 | 3 | 2张 | 5 |"),
        TURNING,
    )
    assert refusals(reading) == [("number-approximate", "cell", "C7")]
    assert [(note.field, note.cell) for note in reading.notes] == [("beds", "D4")]
    (block,) = reading.blocks
    assert [(row.position, row.refused) for row in block.rows] == [(2, ("income",)), (3, ())]


def test_a_wrong_total_and_an_unknown_village_of_a_table_on_its_side_have_their_cells() -> None:
    assert [p.where.cell for p in read(SIDE.replace("9.25", "9.5"), TURNING).problems if p.rule == "F02"] == [
        "E7"
    ]
    assert refusals(read(SIDE.replace("先锋村", "无名村"), TURNING)) == [("place-unknown", "row", "D3")]


def test_merged_parents_stand_to_the_left_of_their_fields() -> None:
    table = """
    | 指标 | <  | 甲村 | 先锋村 |
    | 床位数 | < | 3 | 2 |
    | 医生 | 男 | 1 | 1 |
    | ^ | 女 | 2 | 1 |
    | 诊疗收入 | < | 5 | 4 |
    """
    reading = read(table, TURNING)
    assert refusals(reading) == []
    assert numbers(facts(table, reading), "village", "beds", "doctors_male", "doctors_female", "income") == [
        ("甲村", 3, 1, 2, 5), ("先锋村", 2, 1, 1, 4),
    ]  # fmt: skip


def test_other_forms_are_refused_on_their_side() -> None:
    assert [slug for slug, _, _ in refusals(read(SIDE))] == ["table-transposed"]


def test_names_that_cannot_be_told_are_refused() -> None:
    table = SIDE.replace("| 指标 | 计量单位 | 甲村 | 先锋村 | 合计 |", "| | | | | |")
    assert [slug for slug, _, _ in refusals(read(table, TURNING))] == ["table-transposed"]


BUDGET = Form(
    "budget", "镇级综合表", "卫季03表", "unit", "quarter", "point", ("reporter",), transposable=True,
    fields=(
        Field("villages", "行政村数", "int", measure="个", required=True),
        Field("halls", "卫生室数", "int", measure="个", required=True),
        Field("cars", "救护车数", "int", measure="辆", required=True),
        Field("money", "财政投入", "money", measure="万元", required=True),
    ),
)  # fmt: skip


def test_a_form_with_one_row_for_its_sender_may_be_a_list_of_items() -> None:
    table = """
    镇级综合表
    | 行次 | 项目 | 计量单位 | 数量 | 备注 |
    | 1 | 行政村数 | 个 | 12 | |
    | 2 | 卫生室数 | 个 | 11 | 一村在建 |
    | 3 | 救护车数 | 辆 | 2 | |
    | 4 | 财政投入 | 万元 | 30.5 | |
    """
    reading = read(table, definitions(CLINIC, BUDGET))
    (block,) = reading.blocks
    assert numbers(facts(table, reading), "villages", "halls", "cars", "money") == [(12, 11, 2, 30.5)]
    assert address(block, block.rows[0].position, "money") == "D6"


def test_last_year_s_column_of_such_a_list_is_no_second_row() -> None:
    table = """
    镇级综合表
    | 项目 | 本期 | 上年同期 |
    | 行政村数 | 12 | 13 |
    | 卫生室数 | 11 | 10 |
    | 救护车数 | 2 | 1 |
    | 财政投入 | 30.5 | 20 |
    """
    reading = read(table, definitions(CLINIC, BUDGET))
    assert numbers(facts(table, reading), "villages", "money") == [(12, 30.5)]
    assert [(scope, cell) for _, scope, cell in refusals(reading)] == [("row", "C2")]


# ---------------------------------------------------------------------------------------------- headers


@pytest.mark.parametrize("above", [3, 14, 20])
def test_the_header_may_stand_far_down(above: int) -> None:
    table = "\n".join(["填报说明"] * above) + f"\n{HEAD}\n| 甲村 | 3 | 1 | 2 | 5 |"
    assert numbers(facts(table, read(table)), "village", "beds") == [("甲村", 3)]


BILINGUAL = [
    """
    | 村名 Village | 床位数 Number of Beds | 医生男 Doctors, Male | 医生女Doctors, Female | 诊疗收入 Income (10 000 yuan) |
    | 甲村 | 3 | 1 | 2 | 5 |
    """,
    """
    | 村名 | 床位数 | 医生 | < | 诊疗收入 |
    | Village | Beds | Doctors | < | Income |
    | | | 男 | 女 | |
    | | | Male | Female | |
    | 甲村 | 3 | 1 | 2 | 5 |
    """,
    """
    | 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 |
    | Village | Beds | Male Doctors | Female Doctors | Income |
    | 甲村 | 3 | 1 | 2 | 5 |
    """,
]


@pytest.mark.parametrize("table", BILINGUAL)
def test_english_beside_or_below_says_the_same_again(table: str) -> None:
    reading = read(table)
    assert refusals(reading) == []
    assert numbers(facts(table, reading), "village", "beds", "doctors_female", "income") == [
        ("甲村", 3, 2, 5)
    ]


@pytest.mark.parametrize(
    "row",
    [
        "| 甲 | 1 | 2 | 3 | 4 |",
        "| 甲 | (1) | (2) | (3) | (4) |",
        "| 甲 | 1 | 2 | 3=1+2 | 4 |",
        "| 栏次 | 1 | 2 | 3 | 4=1+2 |",
        "| — | 张 | 人 | 人 | 万元 |",
        "| 计量单位 | 张 | 人 | 人 | 万元 |",
        "| 1 | 2 | 3 | 4 | 5 |",
    ],
)
def test_rows_of_numbers_measures_and_formulas_below_the_header_are_no_data(row: str) -> None:
    table = f"{HEAD}\n{row}\n| 甲村 | 3 | 1 | 2 | 5 |"
    reading = read(table)
    assert refusals(reading) == []
    assert numbers(facts(table, reading), "village", "beds", "income") == [("甲村", 3, 5)]


def test_four_levels_of_headings() -> None:
    table = """
    | 村名 | 诊所基本情况 | < | < | < |
    | ^ | 床位 | 人员 | < | 收入 |
    | ^ | ^ | 医生 | < | ^ |
    | ^ | 床位数 | 男 | 女 | 诊疗收入 |
    | 甲村 | 3 | 1 | 2 | 5 |
    """
    reading = read(table)
    assert refusals(reading) == []
    assert numbers(facts(table, reading), "village", "beds", "doctors_male", "doctors_female", "income") == [
        ("甲村", 3, 1, 2, 5)
    ]


def test_headings_typed_into_one_cell_reach_over_the_blank_ones() -> None:
    table = """
    东镇诊所情况表 | < | < | < | <
    | 村名 | 床位数 | 医生 | | 诊疗收入 |
    | | | 男 | 女 | |
    | 甲村 | 3 | 1 | 2 | 5 |
    """
    reading = read(table)
    assert refusals(reading) == []
    assert numbers(facts(table, reading), "village", "doctors_male", "doctors_female") == [("甲村", 1, 2)]


def test_without_a_header_nothing_is_mapped_by_position() -> None:
    reading = read("东镇诊所情况表\n| 甲村 | 3 | 1 | 2 | 5 |\n| 先锋村 | 2 | 1 | 1 | 4 |")
    assert reading.blocks == ()
    assert [slug for slug, _, _ in refusals(reading)] == ["header-not-found"]


def test_a_header_with_too_few_columns_names_the_nearest_form_and_what_lacks() -> None:
    known = definitions(
        replace(
            CLINIC,
            fields=(*CLINIC.fields, *(Field(f"x{n}", f"项目{n}", "int", required=True) for n in range(9))),
        )
    )
    reading = read("| 村名 | 床位数 | 医生男 | 诊疗收入 |\n| 甲村 | 3 | 1 | 5 |", known)
    (problem,) = [p for p in reading.problems if p.refused]
    assert (problem.slug, problem.form) == ("header-nearest", "clinic")
    assert "项目1" in problem.found


# ---------------------------------------------------------------------------------------------- nothing disappears


def test_workings_beside_the_table_are_told() -> None:
    table = f"{HEAD} | 核对 |\n| 甲村 | 3 | 1 | 2 | 5 | | 11 |\n| 先锋村 | 2 | 1 | 1 | 4 | 8 | |"
    reading = read(table)
    told = {(p.slug, p.where.cell) for p in reading.problems if p.slug.startswith("column-")}
    assert told == {("column-unknown", "G1"), ("column-no-header", "F3")}
    assert numbers(facts(table, reading), "village", "beds") == [("甲村", 3), ("先锋村", 2)]


@pytest.mark.parametrize(
    "row",
    [
        "| 核对：| 5 | 2 | 3 | 9 |",
        "| 说明：本表数 | 5 | 2 | 3 | 9 |",
        "| 例：某村 | 5 | 2 | 3 | 9 |",
        "| 其中：山区 | 5 | 2 | 3 | 9 |",
        "| | 5 | 2 | 3 | 9 |",
        "| 未知村 | 5 | 2 | 3 | 9 |",
    ],
)
def test_a_row_with_numbers_is_read_or_refused_by_name(row: str) -> None:
    table = f"{HEAD}\n| 甲村 | 3 | 1 | 2 | 5 |\n| 先锋村 | 2 | 1 | 1 | 4 |\n{row}"
    reading = read(table)
    assert numbers(facts(table, reading), "village", "beds") == [("甲村", 3), ("先锋村", 2)]
    assert [(scope, cell) for _, scope, cell in refusals(reading)] == [
        ("row", "B4" if row.startswith("| |") else "A4")
    ]


@pytest.mark.parametrize(
    "label", ["合计", "全镇合计", "东镇合计", "总　计", "全镇", "汇总", "合计（5个村）", "合 计：", "Total"]
)
@pytest.mark.parametrize("first", [True, False])
def test_totals_stand_first_or_last_and_are_no_village(label: str, first: bool) -> None:
    total, rows = f"| {label} | 5 | 2 | 3 | 9 |", "| 甲村 | 3 | 1 | 2 | 5 |\n| 先锋村 | 2 | 1 | 1 | 4 |"
    table = "\n".join([HEAD, total, rows] if first else [HEAD, rows, total])
    reading = read(table)
    assert refusals(reading) == []
    assert numbers(facts(table, reading), "village", "beds") == [("甲村", 3), ("先锋村", 2)]


@pytest.mark.parametrize(
    "row", ["' | ' | ' | ' | '", "东镇人民政府（盖章） | | | | 2026年4月5日", "| | | | |"]
)
def test_blanks_that_are_typed_and_the_line_of_the_seal_are_no_rows(row: str) -> None:
    table = f"{HEAD}\n| 甲村 | 3 | 1 | 2 | 5 |\n{row}\n| 先锋村 | 2 | 1 | 1 | 4 |".replace("'", "'\u3000")
    reading = read(table)
    assert refusals(reading) == []
    assert numbers(facts(table, reading), "village", "beds") == [("甲村", 3), ("先锋村", 2)]


# ---------------------------------------------------------------------------------------------- bounds

AGES = replace(
    CLINIC,
    fields=(
        *CLINIC.fields,
        Field("old", "61岁及以上", "int", measure="人"),
        Field("young", "35岁及以下", "int", measure="人"),
    ),
)


def aged(header: str) -> Reading:
    return read(f"{HEAD} {header} |\n| 甲村 | 3 | 1 | 2 | 5 | 7 |", definitions(AGES))


@pytest.mark.parametrize(
    "header", ["60岁以上", "60岁及以上", "62岁以上", "不满61岁", "≥60岁", "超过61岁", "61岁以上（不含61岁）"]
)
def test_another_bound_is_another_column(header: str) -> None:
    reading = aged(header)
    assert "old" not in reading.blocks[0].columns
    problem = next(p for p in reading.problems if p.where.cell == "F1")
    assert problem.slug in ("column-edge", "column-unknown", "column-unknown-near")
    if header != "不满61岁":
        assert (problem.slug, problem.refused, problem.expected) == ("column-edge", "cell", "61岁及以上")
        assert "含不含" in problem.text()


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("61岁以上", "old"),
        ("超过60岁", "old"),
        (">60岁", "old"),
        ("35周岁以下", "young"),
        ("36岁以下（不含）", "young"),
        ("≤35岁", "young"),
    ],
)
def test_other_words_for_the_same_bound_are_read_with_a_question(header: str, field: str) -> None:
    reading = aged(header)
    assert reading.blocks[0].columns[field] == 5
    assert [(p.slug, p.severity) for p in reading.problems if p.where.cell == "F1"] == [
        ("column-edge-words", "query")
    ]


def test_an_alias_across_a_bound_is_not_used() -> None:
    from ruralpb.model import Alias

    old = replace(AGES.by_id["old"], aliases=(Alias("60岁以上"),))
    form = replace(AGES, fields=tuple(old if f.id == "old" else f for f in AGES.fields))
    reading = read(f"{HEAD} 60岁以上 |\n| 甲村 | 3 | 1 | 2 | 5 | 7 |", definitions(form))
    assert "old" not in reading.blocks[0].columns
