"""What stands on a sheet without a role, or cannot be what it seems, is asked about or refused (D113 to D119)."""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from dirty_returns import CLINIC_ROW, read, said, shows, values

HEAD = f"| {' | '.join(CLINIC_ROW)} |"
ROW = f"| {' | '.join(CLINIC_ROW.values())} |"


@shows("D113")
def test_a_number_beside_a_table_that_belongs_to_nothing_is_asked_about() -> None:
    reading = read(f"{HEAD}\n{ROW}\n| | | | | | | 4711 |")
    assert "D113 G3 query" in said(reading)
    assert len(values(reading, "beds")) == 1


@shows("D114")
def test_a_note_that_speaks_of_another_measure_is_asked_about() -> None:
    reading = read(f"{HEAD}\n{ROW}\n| 注：外方捐助按美元统计，未折算 |")
    assert [about for about in said(reading) if about.startswith("D114")] != []


@shows("D115")
def test_a_formula_whose_stored_result_is_not_its_result_is_asked_about() -> None:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, list(CLINIC_ROW))
    sheet.write_row(1, 0, ["甲村", 1, 1, 1, 1])
    sheet.write_formula(1, 1, "=C2+D2", value=5)
    book.close()
    assert "D115 B2 query" in said(read(content.getvalue()))


@shows("D116")
def test_a_sheet_that_calls_itself_an_example_is_no_return() -> None:
    reading = read({"2026Q1": f"{HEAD}\n{ROW}", "填报样表": f"{HEAD}\n{ROW}"})
    assert "D116 query" in said(reading)
    assert len(reading.blocks) == 1


@shows("D117")
def test_a_line_of_text_with_a_cell_less_than_its_heading_is_refused() -> None:
    lines = [",".join(CLINIC_ROW), ",".join(CLINIC_ROW.values()), "先锋村,1,1,1"]
    reading = read("\n".join(lines).encode(), "东镇2026Q1.csv")
    assert [about for about in said(reading) if about.startswith("D117")] != []
    assert len(values(reading, "beds")) == 1


def below(parent: str, leaf: str = "床位数") -> list[tuple[object, ...]]:
    """The beds that are read of a return whose only column of beds stands below `parent`, one or two columns wide."""
    head = f"| 村名 | {parent} | < | 医生男 | 医生女 | 诊疗收入 |\n| ^ | {leaf} | 人均费用 | ^ | ^ | ^ |"
    reading = read(f"{head}\n| 甲村 | 3 | 40 | 1 | 2 | 5.5 |")
    refused = {p.where.cell for p in reading.problems if p.check == "D118"}
    assert (refused == set()) == bool(reading.blocks)
    return values(reading, "beds")


@shows("D118")
@pytest.mark.parametrize(
    "parent", ["脱贫户", "其中：女", "民营", "上年", "累计", "县级补助部分", "2025年第四季度"]
)
def test_a_column_below_a_heading_that_the_form_does_not_know_is_refused(parent: str) -> None:
    assert below(parent) == []


@pytest.mark.parametrize(
    "parent",
    [
        "床位",
        "基本情况",
        "一、床位情况（张）",
        "诊所情况表",
        "主要指标",
        "2026年第一季度",
        "医生及床位情况",
        "本期",
    ],
)
def test_a_heading_that_says_nothing_of_its_columns_makes_no_other_figure_of_them(parent: str) -> None:
    assert below(parent) == [(3,)]


def in_yuan(name: str = "东镇2026Q1.xlsx", sheet: str = "表1", above: str = "", below: str = "") -> list[str]:
    """The income that is read of 50000, or what is said where none is."""
    reading = read({sheet: f"{above}\n{HEAD}\n| 甲村 | 3 | 1 | 2 | 50000 |\n{below}"}, name)
    return [str(income) for (income,) in values(reading, "income")] or said(reading)


@pytest.mark.parametrize(
    "place",
    [
        {"name": "东镇2026Q1（元）.xlsx"},
        {"name": "东镇2026Q1（单位：元）终稿.xlsx"},
        {"sheet": "诊所（元）"},
        {"above": "| | | | | | | 元 |"},
        {"above": "| | | | | （元） |"},
        {"above": "单位：张、人\n金额单位：元"},
        {"below": "注：金额以元为单位"},
    ],
    ids=str,
)
def test_a_measure_binds_wherever_it_is_stated(place: dict[str, str]) -> None:
    assert in_yuan(**place) == ["5"]


@pytest.mark.parametrize(
    "places",
    [
        {"sheet": "诊所（万元）", "above": "单位：元"},
        {"name": "东镇2026Q1（元）.xlsx", "above": "单位：万元"},
        {"above": "单位：万元\n单位：元"},
        {"above": "单位：万元", "below": "注：金额以元为单位"},
    ],
    ids=str,
)
def test_two_measures_that_differ_refuse_the_table(places: dict[str, str]) -> None:
    assert [about.split()[0] for about in in_yuan(**places)] == ["D51"]


def test_a_comment_on_a_number_or_a_heading_is_asked_about() -> None:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, list(CLINIC_ROW))
    sheet.write_row(1, 0, ["甲村", 1, 1, 1, 1])
    sheet.write_comment(0, 1, "此列填上年数")
    sheet.write_comment(1, 4, "实际应为2.5")
    book.close()
    assert [about for about in said(read(content.getvalue())) if about.startswith("D75")] == [
        "D75 E2 note",
        "D75 B1 query",
        "D75 E2 query",
    ]


@pytest.mark.parametrize(
    ("code", "hides"),
    [
        ("0.00;0.00", True),
        ('#,##0.0;#,##0.0;"-"', True),
        ("0.00;-0.00", False),
        ("0.00_);(0.00)", False),
        ("0.00;[Red]0.00", False),
        ("#,##0.00;[红色]#,##0.00", False),
        ("0;", False),  # shows nothing at all
    ],
)
def test_a_negative_number_that_looks_like_a_positive_one_is_not_read(code: str, hides: bool) -> None:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, [*CLINIC_ROW, "补助"])
    sheet.write_row(1, 0, ["甲村", 1, 1, 1, 1])
    sheet.write_number(1, 5, -3.5, book.add_format({"num_format": code}))
    sheet.write_row(2, 0, ["先锋村", 1, 1, 1, 1])
    sheet.write_number(2, 5, 3.5, book.add_format({"num_format": code}))
    book.close()
    reading = read(content.getvalue())
    assert ("D72 F2 refused cell" in said(reading)) == hides
    assert "D72 F3 refused cell" not in said(reading)


@pytest.mark.parametrize(
    "title", ["2025年第四季度（上季数，供对照）", "2025年第四季度", "上季度（2025年第四季度）"]
)
def test_a_title_of_another_quarter_in_the_middle_begins_another_table(title: str) -> None:
    reading = read(f"{HEAD}\n{ROW}\n{title}\n{HEAD}\n| 先锋村 | 9 | 1 | 1 | 1 |")
    assert values(reading, "village", "beds") == [("甲村", 1)]
    assert any(problem.refused for problem in reading.problems)


ROWS = "| 甲村 | 3 | 1 | 2 | 5.5 |\n| 先锋村 | 4 | 1 | 2 | 6.5 |\n| 新建村 | 5 | 1 | 2 | 7.5 |"


@pytest.mark.parametrize(
    ("note", "matters"),
    [
        ("更正：先锋村床位数应为8张", True),
        ("先锋村床位按8张计", True),
        ("另：新建社区床位2张", True),
        ("以上数据为预估数", True),
        ("诊疗收入按5.5计", True),
        ("先锋村数有误，请以附件为准", True),
        ("注：本表一式两份，于4月5日前报送", False),
        ("填表说明：床位数指实有床位，不得漏报", False),
        ("注：1.诊疗收入=门诊收入+住院收入；2.数据来源于2026年3月台账", False),
        ("如有疑问请联系县卫健局，电话0737-1234567", False),
    ],
)
def test_a_note_that_may_change_a_number_is_asked_about(note: str, matters: bool) -> None:
    numbered = "\n".join(f"| {number} {row}" for number, row in enumerate(ROWS.splitlines(), 1))
    reading = read(f"| 序号 {HEAD}\n{numbered}\n| {note} |")
    assert ("D113 A5 query" in said(reading)) == matters
    assert len(values(reading, "beds")) == 3


@pytest.mark.parametrize(
    ("above", "matters"),
    [
        ("脱贫户", True),
        ("其中：民营", True),
        ("附件2", False),
        ("单位：万元", False),
        ("2026年第一季度", False),
        ("东镇", False),
    ],
)
def test_a_word_alone_above_a_heading_is_asked_about(above: str, matters: bool) -> None:
    reading = read(f"诊所情况表\n| | | {above} |\n{HEAD}\n{ROWS}")
    assert ("D113 C2 query" in said(reading)) == matters


@pytest.mark.parametrize("section", ["上季度数据", "2026年全年计划", "上年同期"])
def test_records_below_a_heading_of_other_figures_are_refused(section: str) -> None:
    reading = read(f"{HEAD}\n{ROWS}\n| {section} |\n{ROWS.replace('5', '9')}")
    assert values(reading, "village", "beds") == [("甲村", 3), ("先锋村", 4), ("新建村", 5)]
    assert {f"D38 A{row} refused row" for row in (6, 7, 8)} <= set(said(reading))


@pytest.mark.parametrize(
    ("remark", "changes"),
    [("作废", True), ("本行按元填报", True), ("此行为上年数", True), ("集体经济薄弱", False), ("", False)],
)
def test_a_remark_in_a_row_that_may_change_it_is_asked_about(remark: str, changes: bool) -> None:
    for heading in ("备注", "核对意见"):
        reading = read(f"{HEAD} {heading} |\n{ROW} {remark} |")
        assert ("D75 F2 query" in said(reading)) == changes


@pytest.mark.parametrize(
    ("code", "foreign"),
    [
        ("[$$-409]#,##0.00", True),
        ('"US$"0.0', True),
        ("[$¥-804]0.0", False),
        ("[$-804]0.0", False),
        ("[$USD] 0.0", True),
    ],
)
def test_an_amount_shown_in_a_foreign_currency_is_not_read(code: str, foreign: bool) -> None:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, list(CLINIC_ROW))
    sheet.write_row(1, 0, ["甲村", 1, 1, 1])
    sheet.write_number(1, 4, 12.5, book.add_format({"num_format": code}))
    book.close()
    assert ("D72 E2 refused cell" in said(read(content.getvalue()))) == foreign


def test_bare_amounts_below_one_that_states_its_measure_are_not_taken_for_another() -> None:
    rows = "\n".join(
        f"| {name} | 1 | 1 | 1 | {amount} |"
        for name, amount in zip(("甲村", "先锋村", "新建村"), ("155000元", 187500, 220000), strict=True)
    )
    assert [about for about in said(read(f"{HEAD}\n{rows}")) if about.startswith("D53")] == [
        "D53 E3 refused cell",
        "D53 E4 refused cell",
    ]


@pytest.mark.parametrize("word", ["作废", "本表作废", "样表", "（示例）", "计划数", "上年数"])
@pytest.mark.parametrize("place", ["above", "below"])
def test_a_word_that_says_what_the_whole_table_is_is_asked_about(word: str, place: str) -> None:
    lines = [f"| | | | {word} |", HEAD, ROWS] if place == "above" else [HEAD, ROWS, f"| | | | | | {word} |"]
    found = said(read("诊所情况表\n" + "\n".join(lines)))
    assert any(about.startswith(("D113", "D35", "D38")) for about in found)


@pytest.mark.parametrize("above", ["2025年第四季度", "西河镇"])
def test_another_period_or_sender_above_the_table_refuses_it(above: str) -> None:
    title = "东镇2026年第一季度诊所情况表"
    for lines in (f"{title}\n| | | {above} |", f"{above}\n{title}"):
        reading = read(f"{lines}\n填报单位：东镇\n{HEAD}\n{ROWS}")
        assert (reading.blocks, [p.check for p in reading.problems if p.refused]) == ((), ["C05"])


@shows("D119")
@pytest.mark.parametrize(("last", "rows"), [(3, "4"), (4, ""), (2, "3、4")])
def test_records_outside_the_print_area_are_named(last: int, rows: str) -> None:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    book.add_worksheet("封面")
    sheet = book.add_worksheet("2026Q1 表")
    sheet.write_row(0, 0, list(CLINIC_ROW))
    for row, village in enumerate(("甲村", "先锋村", "新建村"), 1):
        sheet.write_row(row, 0, [village, 1, 1, 1, 1])
    sheet.print_area(0, 0, last - 1, 4)
    book.close()
    reading = read(content.getvalue())
    assert [p.found for p in reading.problems if p.check == "D119"] == ([rows] if rows else [])
    assert len(values(reading, "beds")) == 3


@pytest.mark.parametrize(
    ("corner", "doctors"),
    [("单位：千人", 2000), ("单位：万元、百人", 200), ("单位：人", 2), ("单位：千张", 2)],
)
def test_a_power_of_ten_in_the_corner_note_holds_for_what_is_counted_so(corner: str, doctors: int) -> None:
    assert values(read(f"{corner}\n{HEAD}\n| 甲村 | 3 | 2 | 2 | 5 |"), "doctors_male") == [(doctors,)]


@pytest.mark.parametrize(
    ("written", "asked"),
    [("张三*", True), ("★张三", True), ("张三（已调走）", True), ("张三（女）", False), ("张三书记", False)],
)
def test_a_mark_or_a_remark_beside_a_name_is_asked_about(written: str, asked: bool) -> None:
    reading = read(f"| 村名 | 姓名 | 身份证号 | 职称 |\n| 甲村 | {written} | '990101198001010014 | 初级 |")
    assert values(reading, "name") == [("张三",)]
    assert ("D93 B2 query" in said(reading)) == asked


@pytest.mark.parametrize(
    ("code", "other"),
    [('0"户"', True), ('0"人"', False), ('0"名"', False), ('0"千人"', True), ("0_ ", False)],
)
def test_a_number_shown_with_another_measure_than_its_column_has_is_not_read(code: str, other: bool) -> None:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, list(CLINIC_ROW))
    sheet.write_row(1, 0, ["甲村", 1, 1, 1, 1])
    sheet.write_number(1, 2, 12, book.add_format({"num_format": code}))
    book.close()
    assert ("D72 C2 refused cell" in said(read(content.getvalue()))) == other
