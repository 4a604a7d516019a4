"""domain.md 6.2, sheets and layout (D21-D44), on drawn sheets: what is a return, where its header is, what its rows are."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from dirty_returns import read, said, shows, values
from intake_toy import CLINIC
from workbooks import workbook

from ruralpb.model import Alias

HEAD = "| 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 |\n"
ROWS = "| 甲村 | 3 | 1 | 2 | 5.5 |\n| 先锋村 | 4 | 1 | 2 | 6.5 |\n"
READ = [("甲村", 3, Decimal("5.5")), ("先锋村", 4, Decimal("6.5"))]


LAYOUTS: list[tuple[str, str, str, list[str]]] = [
    # entry, what is special, the sheet, what is said
    ("D26", "the header in row 5", f"\n诊所情况表\n（试行）\n填报单位：东镇 | | 单位：万元\n \n{HEAD}{ROWS}", []),
    ("D27", "two levels", "| 村名 | 床位数 | 医生 | < | 诊疗收入 |\n| ^ | ^ | 男 | 女 | ^ |\n" + ROWS, []),
    ("D28", "numbers, blanks and notes", "| 村 名 | 床位数（张） | 医 生 男 | 医生女 | 1.诊疗收入 |\n" + ROWS, []),
    ("D32", "another order", "| 诊疗收入 | 医生女 | 医生男 | 村名 | 床位数 |\n| 5.5 | 2 | 1 | 甲村 | 3 |\n| 6.5 | 2 | 1 | 先锋村 | 4 |", []),
    ("D34", "the header on each page", f"{HEAD}| 甲村 | 3 | 1 | 2 | 5.5 |\n{HEAD}| 先锋村 | 4 | 1 | 2 | 6.5 |", []),
    ("D37", "totals above and below", f"{HEAD}| 合计 | 7 | 2 | 4 | 12 |\n{ROWS}| 总计 | 7 | 2 | 4 | 12 |", []),
    ("D39", "signatures and notes below", f"{HEAD}{ROWS}\n填表人：李四 | | 审核人：王五 | | 日期：2026年4月2日\n备注：本表一式两份", []),
    ("D40", "blank rows and columns", "| 村名 | | 床位数 | 医生男 | 医生女 | 诊疗收入 |\n| | | | | | |\n| 甲村 | | 3 | 1 | 2 | 5.5 |\n| | | | | | |\n| | | | | | |\n| 先锋村 | | 4 | 1 | 2 | 6.5 |", []),
    ("D30", "a column of their own", "| 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 | 联络员电话号 |\n| 甲村 | 3 | 1 | 2 | 5.5 | 李四 |\n| 先锋村 | 4 | 1 | 2 | 6.5 | 王五 |", ["D30 F1 note"]),
    ("D35", "the example left standing", f"{HEAD}| 例：某某村 | 9 | 9 | 9 | 9 |\n{ROWS}", ["D35 A2 refused row"]),
    ("D38", "subtotals and 其中 rows", f"{HEAD}{ROWS}| 河东片小计 | 7 | 2 | 4 | 12 |\n| 其中：山区 | 3 | 1 | 2 | 5.5 |", ["D38 A5 refused row"]),
]  # fmt: skip


@shows(*{entry for entry, *_ in LAYOUTS})
@pytest.mark.parametrize(("entry", "what", "sheet", "about"), LAYOUTS)
def test_a_sheet_is_read_however_it_is_laid_out(entry: str, what: str, sheet: str, about: list[str]) -> None:
    reading = read(sheet)
    assert values(reading, "village", "beds", "income") == READ, what
    assert said(reading) == about


@shows("D21")
@pytest.mark.parametrize("name", ["Sheet1", "表8", "诊所(新)", "医生名册"])
def test_the_header_says_which_form_it_is_and_the_sheet_s_name_does_not(name: str) -> None:
    reading = read({name: HEAD + ROWS})
    assert [block.form for block in reading.blocks] == ["clinic"]


@shows("D21")
def test_a_header_of_two_forms_is_refused() -> None:
    twin = replace(CLINIC, id="twin", title="诊所复查表", code="卫季09表")
    reading = read(HEAD + ROWS, "东镇2026Q1.xlsx", twin)
    assert reading.blocks == ()
    assert [line for line in said(reading) if "D21" in line] == ["D21 A1 refused sheet"]


@shows("D22")
def test_instructions_dictionaries_and_blank_sheets_are_left_alone() -> None:
    reading = read(
        {
            "填表说明": "请按村填写\n收入填万元",
            "字典": "| 代码 | 名称 |\n| 1 | 初级 |",
            "空": "",
            "诊所": HEAD + ROWS,
        }
    )
    assert values(reading, "village", "beds", "income") == READ
    assert said(reading) == ["D22 note", "D22 note"]


@shows("D23")
def test_a_hidden_sheet_that_is_a_return_is_not_read_and_told() -> None:
    reading = read(
        workbook(
            {"诊所": HEAD + ROWS, "旧": HEAD + "| 甲村 | 9 | 9 | 9 | 9 |", "算": "| 1 | 2 |"},
            hidden=("旧", "算"),
        )
    )
    assert values(reading, "village", "beds", "income") == READ
    assert [(p.check, p.where.sheet, p.severity) for p in reading.problems if p.check == "D23"] == [
        ("D23", "旧", "query")
    ]


@shows("D24", "D25")
def test_hidden_rows_and_columns_are_read_and_named() -> None:
    reading = read(hidden())
    assert values(reading, "village", "beds", "income") == READ
    assert said(reading) == ["D25 A1 query", "D24 query"]
    found = {problem.check: problem.found for problem in reading.problems}
    assert (found["D24"], found["D25"]) == ("3", "床位数")


def hidden() -> bytes:
    """The return with its third row filtered away and its second column hidden."""
    import io

    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("表1")
    for row, cells in enumerate(
        (["村名", "床位数", "医生男", "医生女", "诊疗收入"], ["甲村", 3, 1, 2, 5.5], ["先锋村", 4, 1, 2, 6.5])
    ):
        sheet.write_row(row, 0, cells)
    sheet.set_row(2, None, None, {"hidden": True})
    sheet.set_column(1, 1, None, None, {"hidden": True})
    book.close()
    return stream.getvalue()


@shows("D28")
def test_breaks_within_a_header_are_nothing() -> None:
    import io

    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("表1")
    sheet.write_row(0, 0, ["村\n名", "床位\n数", "医生\n男", "医生\n女", "诊疗\n收入"])
    sheet.write_row(1, 0, ["甲村", 3, 1, 2, 5.5])
    book.close()
    assert values(read(stream.getvalue()), "village", "beds", "income") == READ[:1]


@shows("D29")
def test_an_alias_is_the_column_and_a_misspelt_header_only_a_suggestion() -> None:
    reading = read(HEAD.replace("床位数", "床位") + ROWS)
    assert values(reading, "village", "beds", "income") == READ
    reading = read(
        "| 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 | 巡诊日朝 |\n| 甲村 | 3 | 1 | 2 | 5.5 | @2026-03-02 |"
    )
    assert values(reading, "beds", "visited") == [(3, None)]
    (about,) = [p for p in reading.problems if p.where.cell == "F1"]
    assert (about.check, about.severity, about.expected) == ("D30", "query", "巡诊日期")


@shows("D29")
def test_two_fields_one_character_apart_are_never_mistaken() -> None:
    """经营性收入 and 经营性收益: an edit distance decides nothing (semantics, Dirty returns)."""
    fields = tuple(
        replace(f, title="诊疗收益", aliases=(Alias("收益"),)) if f.id == "subsidy" else f
        for f in CLINIC.fields
    )
    reading = read(
        HEAD.replace("诊疗收入", "诊疗收益") + ROWS, "东镇2026Q1.xlsx", replace(CLINIC, fields=fields)
    )
    assert reading.blocks == ()  # 诊疗收入 is missing
    assert any("D31" in line and "refused sheet" in line for line in said(reading))


@shows("D31")
def test_a_required_column_that_lacks_refuses_the_sheet_and_an_optional_one_is_noted() -> None:
    reading = read("| 村名 | 床位数 | 医生男 | 医生女 |\n| 甲村 | 3 | 1 | 2 |")
    assert reading.blocks == ()
    (problem,) = [p for p in reading.problems if p.refused == "sheet"]
    assert (problem.check, problem.found) == ("D31", "诊疗收入")
    optional = [p for p in read(HEAD + ROWS).problems if p.check == "D31"]
    assert [(p.severity, "补助" in p.found) for p in optional] == [("note", True)]


@shows("D33")
def test_data_without_a_header_are_never_mapped_by_position() -> None:
    reading = read("东镇诊所情况表\n" + ROWS)
    assert reading.blocks == ()
    assert any("D33" in line and "refused" in line for line in said(reading))


@shows("D36")
def test_a_table_on_its_side_is_sent_back_unless_its_form_allows_it() -> None:
    transposed = "| 村名 | 甲村 | 先锋村 |\n| 床位数 | 3 | 4 |\n| 医生男 | 1 | 1 |\n| 医生女 | 2 | 2 |\n| 诊疗收入 | 5.5 | 6.5 |"
    reading = read(transposed)
    assert reading.blocks == ()
    assert any("D36" in line and "refused sheet" in line for line in said(reading))
    allowed = read(transposed, "东镇2026Q1.xlsx", replace(CLINIC, transposable=True))
    assert values(allowed, "village", "beds", "income") == READ


@shows("D37")
def test_a_total_that_is_not_the_sum_of_its_rows_is_f02() -> None:
    assert said(read(f"{HEAD}{ROWS}| 合计 | 8 | 2 | 4 | 12 |")) == ["F02 B4 error"]


@shows("D41")
def test_two_tables_in_one_sheet_are_both_read() -> None:
    stacked = f"{HEAD}{ROWS}\n| 村名 | 姓名 | 身份证号 | 职称 |\n| 甲村 | 张三 | '990101198001010014 | 初级 |"
    reading = read(stacked)
    assert [block.form for block in reading.blocks] == ["clinic", "doctor"]
    assert values(reading, "village", "beds", "income")[:2] == READ


@shows("D42")
def test_merged_villages_fill_down_with_a_note() -> None:
    reading = read(
        "| 村名 | 姓名 | 身份证号 | 职称 |\n| 甲村 | 张三 | | 初级 |\n| ^ | 李四 | | 中级 |\n| 先锋村 | 王五 | | 中级 |"
    )
    assert values(reading, "village", "name") == [("甲村", "张三"), ("甲村", "李四"), ("先锋村", "王五")]
    assert said(reading) == ["D42 A3 note"]


@shows("D43", "D44")
def test_a_number_in_a_merged_cell_belongs_to_nobody() -> None:
    reading = read(f"{HEAD}| 甲村 | 1 | 1 | 1 | 8 |\n| 先锋村 | 1 | 1 | 1 | ^ |\n| 新建村 | 2 | < | 1 | 1 |")
    assert values(reading, "beds", "doctors_male", "income") == [(1, 1, None), (1, 1, None), (None, None, 1)]
    assert said(reading) == [
        "D44 B4 refused cell",
        "D44 C4 refused cell",
        "D43 E2 refused cell",
        "D43 E3 refused cell",
    ]


@shows("D44")
@pytest.mark.parametrize("beds", ["3 |  ", "3 | <"])
def test_a_column_drawn_over_two_of_the_sheet_s_is_one_column(beds: str) -> None:
    reading = read(f"| 村名 | 床位数 | < | 医生男 | 医生女 | 诊疗收入 |\n| 甲村 | {beds} | 1 | 2 | 5 |")
    assert values(reading, "beds", "doctors_male", "income") == [(3, 1, Decimal(5))]
    assert said(reading) == []


@shows("D43")
def test_a_text_in_a_merged_cell_is_the_first_row_s_and_the_others_are_told() -> None:
    reading = read("| 村名 | 姓名 | 身份证号 | 职称 |\n| 甲村 | 张三 | | 初级 |\n| 甲村 | 李四 | | ^ |")
    assert values(reading, "title_rank") == [("初级",), (None,)]
    assert said(reading) == ["D43 D3 refused cell"]
