"""What one cell becomes: exact, noted, or refused (domain.md section 6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from intake_toy import CLINIC, COUNTY, DOCTOR, LIBRARY, REGISTER, period
from workbooks import workbook

from ruralpb.core.problems import Problem
from ruralpb.intake import layout
from ruralpb.intake import readers as reader
from ruralpb.intake import values as normalise
from ruralpb.intake.values import cache, numerals
from ruralpb.intake.values.cells import ColumnSpec, Refused, Taken, show
from ruralpb.model import Form, Library, Note, Row, measures
from ruralpb.model.unit_names import UnitNames

Q1 = period("2026Q1")


def table(
    drawn: str, form: Form = CLINIC, sender: str = "990101101", epoch_1904: bool = False
) -> normalise.TypedTable:
    grids, _ = reader.read(workbook(drawn, epoch_1904=epoch_1904), "x.xlsx")
    library = Library({**LIBRARY.forms, form.id: form}, {}, {}, {}, {}, "")
    (match,), _ = layout.match(grids[0], layout.header_index_of(library, Q1))
    unit = REGISTER.get(sender, Q1.end) if sender else None
    result = normalise.table(
        grids[0], match, form, normalise.TableContext(Q1, UnitNames(REGISTER, Q1.end, COUNTY), unit)
    )
    for problem in result.problems:
        assert problem.text("zh")
        assert problem.text("en")
    return result


@dataclass(frozen=True)
class Cell:
    """What became of one cell."""

    value: Any
    note: Note | None
    problem: Problem | None

    @property
    def rule(self) -> str:
        return self.note.rule if self.note else self.problem.rule if self.problem else ""


CLINIC_ROW = {"村名": "甲村", "床位数": "1", "医生男": "1", "医生女": "1", "诊疗收入": "1"}
DOCTOR_ROW = {"村名": "甲村", "姓名": "张三", "身份证号": "'990101198001010014", "职称": "初级"}


def cell(field: str, text: str, form: Form = CLINIC, above: str = "", title: str = "", **other: Any) -> Cell:
    """Draw a sheet of one row in which `field` holds `text`, and tell what became of it."""
    cells = dict(CLINIC_ROW if form.id == "clinic" else DOCTOR_ROW)
    item = form.by_id[field]
    heading = title or (f"{item.group}{item.title}" if item.group else item.title)
    for name in [
        name for name in cells if name == item.title or name in [alias.text for alias in item.aliases]
    ]:
        cells.pop(name)
    cells[heading] = text
    drawn = f"{above}\n| {' | '.join(cells)} |\n| {' | '.join(cells.values())} |"
    result = table(drawn, form, **other)
    notes = [note for note in result.notes if note.field == field]
    problems = [problem for problem in result.problems if problem.field == field]
    row = result.rows[0] if result.rows else Row(0, "", "", "", ())
    values = dict(zip(result.fields, row.values, strict=False))
    if problems and problems[0].refused == "cell":
        assert values[field] is None
        assert field in row.refused
    return Cell(values.get(field), notes[0] if notes else None, problems[0] if problems else None)


NUMBERS: list[tuple[str, str, Any, str]] = [
    ("income", "12.5", Decimal("12.5"), ""),
    ("beds", "12", 12, ""),
    ("income", "'１２．５", Decimal("12.5"), ""),
    ("beds", "' 12\u00a0\u200b", 12, ""),
    ("income", "''12.5", Decimal("12.5"), ""),
    ("income", "'1,234.5", Decimal("1234.5"), "D48"),
    ("beds", "'1，234", 1234, "D48"),
    ("doctors_male", "12人", 12, "D49"),
    ("doctors_male", "12名", 12, "D49"),
    ("income", "5万元", Decimal(5), "D49"),
    ("income", "50000元", Decimal(5), "D50"),
    ("income", "'0.2亿", Decimal(2000), "D50"),
    ("income", "'￥5万元", Decimal(5), "D49"),
    ("beds", "十二", 12, "D58"),
    ("income", "壹佰", Decimal(100), "D58"),
    ("income", "-12.5", Decimal("-12.5"), ""),
    ("income", "（12.5）", Decimal("-12.5"), "D60"),
    ("income", "△12.5", Decimal("-12.5"), "D60"),
    ("income", "'－12.5", Decimal("-12.5"), ""),
    ("satisfied", "98%", Decimal("98.00"), ""),
    ("satisfied", "'98%", Decimal(98), "D61"),
    ("satisfied", "98", Decimal(98), ""),
    ("satisfied", "98.5", Decimal("98.5"), ""),
    ("income", "—", None, "D66"),
    ("income", "'/", None, "D66"),
    ("income", "无", None, "D66"),
    ("subsidy", "无", Decimal(0), "D66"),
    ("subsidy", "没有", Decimal(0), "D66"),
    ("subsidy", "—", None, "D66"),
    ("subsidy", "0", Decimal(0), ""),
    ("income", "=1+1 → 2", Decimal(2), ""),
    ("income", "12.299999999999999", Decimal("12.3"), ""),
    ("income", "0.30000000000000004", Decimal("0.3"), ""),
    ("income", "1.23456789", Decimal("1.234568"), "D73"),
    ("income", "0.0000005", Decimal("0.000001"), "D73"),
]


@pytest.mark.parametrize(("field", "text", "value", "rule"), NUMBERS)
def test_numbers_are_read_exactly(field: str, text: str, value: Any, rule: str) -> None:
    found = cell(field, text)
    assert found.problem is None
    assert found.value == value
    assert type(found.value) is type(value)
    assert found.rule == rule


REFUSED_NUMBERS = [
    ("beds", "'1,23", "D48"),
    ("income", "约50", "D54"),
    ("income", "近百", "D54"),
    ("beds", "50余", "D54"),
    ("beds", "50多", "D54"),
    ("beds", "30左右", "D54"),
    ("income", "'3—5", "D55"),
    ("income", "2000～3000", "D55"),
    ("beds", "@2026-03-05", "D56"),
    ("beds", "'10+5", "D57"),
    ("beds", "10(含2名兼职)", "D57"),
    ("income", "三万五", "D59"),
    ("income", "'1.5w", "D59"),
    ("beds", "（12）", "D60"),
    ("beds", "△12", "D60"),
    ("satisfied", "'120%", "D64"),
    ("satisfied", "120%", "D64"),
    ("beds", "同上", "D67"),
    ("income", "=1+1", "D69"),
    ("income", "#REF!", "D70"),
    ("income", "#N/A", "D70"),
    ("beds", "3.5", "D74"),
    ("beds", "4.6", "D74"),
    ("beds", "98%", "D61"),
    ("beds", "TRUE", "D57"),
    ("beds", "12人", "D57"),
    ("income", "5吨", "D57"),
    ("income", "'1e5", "D57"),
    ("income", "'5²", "D57"),
    ("income", "①", "D57"),
    ("income", "'1_000", "D57"),
    ("income", "'" + "9" * 40, "D57"),
    ("income", "1000000000000000", "D50"),
    ("income", "2亿元", "D50"),
    ("income", "nan", "D57"),
]


@pytest.mark.parametrize(("field", "text", "rule"), REFUSED_NUMBERS)
def test_what_is_no_exact_number_is_refused_at_its_cell(field: str, text: str, rule: str) -> None:
    found = cell(field, text)
    assert found.problem is not None, found
    assert found.problem.refused == "cell"
    assert found.problem.rule == rule
    assert found.problem.form == "clinic"
    assert found.problem.unit_code == "990101101201"


def test_blank_is_nothing_and_never_zero() -> None:
    found = cell("subsidy", "")
    assert (found.value, found.note, found.problem) == (None, None, None)


@pytest.mark.parametrize("raw", [float("inf"), float("nan"), 1e300, -1e18])
@pytest.mark.parametrize("factor", ["1", "0.0001"])
def test_floats_that_are_no_amount_are_refused(raw: float, factor: str) -> None:
    item = replace(CLINIC.by_id["income"], max=None)
    assert isinstance(numerals.parser(ColumnSpec(item, Q1.end, "元", Decimal(factor)))(raw, False), Refused)


@given(st.integers(-(10**13), 10**13), st.integers(0, 6))
def test_any_number_of_fifteen_digits_survives_the_float_it_was_stored_in(digits: int, places: int) -> None:
    text = Decimal(digits).scaleb(-places)
    item = replace(CLINIC.by_id["income"], max=None)
    assert numerals.parser(ColumnSpec(item, Q1.end))(float(text), False) == text


RAW = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.floats(),
    st.dates(date(1950, 1, 1), date(2030, 1, 1)),
    st.sampled_from(
        [
            "",
            "1",
            "1.0",
            "0",
            "０",
            "1,234",
            "约5",
            "同上",
            "无",
            "—",
            "12人",
            "5万元",
            "98%",
            "1976年5月",
            "1976.1",
            "是",
        ]
    ),
    st.text(alphabet="0123456789.,-%万元人约年月 ", max_size=6),
)


@given(
    st.lists(RAW, max_size=12),
    st.sampled_from(["beds", "income", "satisfied", "visited", "subsidy", "birth", "on_duty"]),
)
def test_a_column_is_read_as_its_cells_are_one_by_one(raws: list[Any], name: str) -> None:
    """1, 1.0 and TRUE are equal for Python and are not the same cell; nor may what was read before be mixed up."""
    item = CLINIC.by_id.get(name) or DOCTOR.by_id.get(name)
    assert item is not None
    column = ColumnSpec(item, Q1.end)
    parse = cache.parser(column)
    one_by_one = [None if raw is None else parse(raw, False) for raw in raws]
    kept = cache.ColumnCache()
    for values in (kept.of("clinic", column).read(raws), kept.of("clinic", column).read(raws)):
        assert values == one_by_one
        assert list(map(type, values)) == list(map(type, one_by_one))


@given(st.integers(0, 9999))
def test_complete_chinese_numerals_are_their_number(number: int) -> None:
    assert numerals.chinese(chinese_number(number)) == number


def chinese_number(number: int) -> str:
    """12 → 十二, 305 → 三百零五: as Chinese is chinese_number."""
    if number < 10:
        return "零一二三四五六七八九"[number]
    text, gap = "", False
    for power, word in ((3, "千"), (2, "百"), (1, "十"), (0, "")):
        digit = number // 10**power % 10
        if digit:
            text += ("零" if gap and text else "") + "一二三四五六七八九"[digit - 1] + word
            gap = False
        else:
            gap = True
    return text.removeprefix("一") if text.startswith("一十") else text


@pytest.mark.parametrize("text", ["三百五", "十十", "百", "一二", "万", "两万", "", "零零"])
def test_colloquial_or_broken_numerals_are_no_number(text: str) -> None:
    assert numerals.chinese(text) is None


# ---------------------------------------------------------------------------------------------- measures


def test_yuan_in_the_corner_converts_the_whole_money_block_exactly_with_a_note_each() -> None:
    found = cell("income", "123456.7", above="单位：元")
    assert found.value == Decimal("12.34567")
    assert found.rule == "D51"
    assert found.note is not None
    assert "123456.7" in found.note.message


def test_the_header_s_own_measure_and_the_corner_must_agree() -> None:
    assert cell("income", "50000", title="诊疗收入（元）").value == Decimal(5)
    assert cell("income", "50000", title="诊疗收入（元）", above="单位：元").value == Decimal(5)
    result = table("单位：万元\n| 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入(元) |\n| 甲村 | 1 | 1 | 1 | 1 |")
    assert result.rows == ()
    assert [(problem.refused, problem.rule) for problem in result.problems] == [("sheet", "D51")]


def test_a_field_kept_in_yuan_ignores_the_corner_s_wan_yuan() -> None:
    assert cell("fee", "350", above="计量单位：万元").value == Decimal(350)
    assert cell("income", "5", above="单位：万元、人").value == Decimal(5)


@pytest.mark.parametrize(
    ("stated", "held", "times"),
    [
        ("元", "万元", "0.0001"),
        ("亿元", "万元", "10000"),
        ("百元", "元", "100"),
        ("人次", "万人次", "0.0001"),
        ("名", "人", "1"),
        ("元/月", "元", "1"),
        ("户", "人", None),
        ("人次", "人", None),
        ("吨", "万元", None),
    ],
)
def test_factors_between_measures(stated: str, held: str, times: str | None) -> None:
    found = measures.factor(stated, held)
    assert found == (None if times is None else Decimal(times))


# ---------------------------------------------------------------------------------------------- percents, merges, totals

HEAD = "| 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 | 满意率 |\n"


def problems(result: normalise.TypedTable) -> list[tuple[str, str, str]]:
    return [
        (problem.rule, problem.where.cell, problem.refused or problem.severity) for problem in result.problems
    ]


def test_a_percent_column_of_shares_is_refused_as_a_whole_with_one_message() -> None:
    result = table(
        HEAD
        + "| 甲村 | 1 | 1 | 1 | 1 | 0.98 |\n| 先锋村 | 1 | 1 | 1 | 1 | 1 |\n| 新建村 | 1 | 1 | 1 | 1 | 0 |"
    )
    assert problems(result) == [("D62", "F2", "cell")]
    assert [row.values[-1] for row in result.rows] == [None, None, None]
    assert all(row.refused == ("satisfied",) for row in result.rows)


def test_a_share_among_percents_is_refused_alone_and_zero_is_zero() -> None:
    result = table(
        HEAD
        + "| 甲村 | 1 | 1 | 1 | 1 | 0.98 |\n| 先锋村 | 1 | 1 | 1 | 1 | 95 |\n| 新建村 | 1 | 1 | 1 | 1 | 0 |"
    )
    assert problems(result) == [("D63", "F2", "cell")]
    assert [row.values[-1] for row in result.rows] == [None, Decimal(95), Decimal(0)]


def test_a_number_in_a_merged_cell_belongs_to_nobody() -> None:
    result = table(
        HEAD + "| 甲村 | 1 | 1 | 1 | 8 | |\n| 先锋村 | 1 | 1 | 1 | ^ | |\n| 新建村 | 2 | < | 1 | 1 | |"
    )
    assert problems(result) == [
        ("D44", "B4", "cell"),
        ("D44", "C4", "cell"),
        ("D43", "E2", "cell"),
        ("D43", "E3", "cell"),
    ]


def test_merged_villages_and_ditto_fill_down_with_a_note() -> None:
    result = table(
        "| 村名 | 姓名 | 身份证号 | 职称 |\n| 甲村 | 张三 | | 初级 |\n| ^ | 李四 | | 同上 |\n| 先锋村 | 王五 | | 中级 |",
        DOCTOR,
    )
    assert [(row.village_code, row.values[result.fields.index("title_rank")]) for row in result.rows] == [
        ("990101101201", "初级"),
        ("990101101201", "初级"),
        ("990101101202", "中级"),
    ]
    assert [(note.rule, note.cell) for note in result.notes] == [("D42", "A3"), ("D67", "D3")]


def test_totals_are_compared_with_their_rows_and_kept_out_of_the_data() -> None:
    rows = "| 甲村 | 1 | 1 | 1 | 1.11 | |\n| 先锋村 | 2 | 1 | 1 | 2.22 | |\n"
    result = table(HEAD + rows + "| 合计 | 4 | 2 | 2 | 3.34 | 98 |")
    assert len(result.rows) == 2
    (problem,) = result.problems
    assert (problem.rule, problem.where.cell, problem.found, problem.expected) == ("F02", "B4", "4", "3")
    assert (problem.severity, problem.refused) == ("error", "")
    assert problems(table(HEAD + rows + "| 合计 | 3 | 2 | 2 | 3.37 | |")) == [("F02", "E4", "error")]
    assert problems(table(HEAD + "| 合计 | 3 | 2 | 2 | 3.33 | |\n" + rows)) == []


def test_subtotals_add_their_own_rows_and_totals_all() -> None:
    sheet = (
        HEAD
        + "| 甲村 | 1 | 1 | 1 | 1 | |\n| 河东片小计 | 1 | 1 | 1 | 1 | |\n"
        + "| 先锋村 | 2 | 1 | 1 | 2 | |\n| 新建村 | 2 | 1 | 1 | 2 | |\n| 河西片小计 | {} | 2 | 2 | 4 | |\n| 合计 | 5 | 3 | 3 | 5 | |"
    )
    assert problems(table(sheet.format(4))) == []
    assert problems(table(sheet.format(5))) == [("F02", "B6", "error")]


def test_a_total_in_the_sheet_s_own_measure_is_said_so() -> None:
    (problem,) = table(
        "单位：元\n" + HEAD + "| 甲村 | 1 | 1 | 1 | 50000 | |\n| 合计 | 1 | 1 | 1 | 60000 | |"
    ).problems
    assert (problem.found, problem.expected) == ("60000", "50000")


def test_a_total_over_a_refused_cell_is_not_compared_and_an_average_never() -> None:
    assert problems(table(HEAD + "| 甲村 | 1 | 1 | 1 | 约5 | |\n| 合计 | 1 | 1 | 1 | 60000 | |")) == [
        ("D54", "E2", "cell")
    ]
    sheet = "| 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 | 人均费用 |\n| 甲村 | 1 | 1 | 1 | 1 | 300 |\n| 先锋村 | 1 | 1 | 1 | 1 | 500 |\n"
    assert problems(table(sheet + "| 合计 | 2 | 2 | 2 | 2 | 400 |")) == []


def test_a_sheet_of_formulas_never_calculated_is_sent_back() -> None:
    result = table(HEAD + "| 甲村 | =1 | =1 | =1 | 1 | |")
    assert problems(result) == [("D69", "", "sheet")]


# ---------------------------------------------------------------------------------------------- dates

DATES: list[tuple[str, str, Any, str]] = [
    ("visited", "@2026-03-15", date(2026, 3, 15), ""),
    ("visited", "'2026-03-15", date(2026, 3, 15), ""),
    ("visited", "2026年3月15日", date(2026, 3, 15), "D83"),
    ("visited", "'2026.3.15", date(2026, 3, 15), "D83"),
    ("visited", "'2026/3/15", date(2026, 3, 15), "D83"),
    ("visited", "20260315", date(2026, 3, 15), "D83"),
    ("visited", "46096", date(2026, 3, 15), "D88"),
    ("birth", "'1976.05", date(1976, 5, 1), "D83"),
    ("birth", "1976.05", date(1976, 5, 1), "D83"),
    ("birth", "1976.12", date(1976, 12, 1), "D83"),
    ("birth", "'1976-5", date(1976, 5, 1), "D83"),
    ("birth", "'1976/05", date(1976, 5, 1), "D83"),
    ("birth", "1976年5月", date(1976, 5, 1), "D83"),
    ("birth", "'197605", date(1976, 5, 1), "D83"),
    ("birth", "197605", date(1976, 5, 1), "D83"),
    ("birth", "76年5月", date(1976, 5, 1), "D85"),
    ("birth", "19760512", date(1976, 5, 1), "D86"),
    ("birth", "'1976.5.12", date(1976, 5, 1), "D86"),
    ("birth", "@1976-05-12", date(1976, 5, 1), "D86"),
    ("birth", "@1976-05-01", date(1976, 5, 1), ""),
    ("birth", "27881", date(1976, 5, 1), "D88"),
    ("birth", "—", None, "D66"),
]


@pytest.mark.parametrize(("field", "text", "value", "rule"), DATES)
def test_dates_in_the_ways_they_are_written(field: str, text: str, value: Any, rule: str) -> None:
    found = cell(field, text, DOCTOR if field == "birth" else CLINIC)
    assert found.problem is None
    assert found.value == value
    assert found.rule == rule


@pytest.mark.parametrize(
    ("field", "text", "rule"),
    [
        ("birth", "1976.1", "D84"),
        ("birth", "'1976.1", "D84"),
        ("birth", "29年5月", "D85"),
        ("visited", "2025年2月30日", "D89"),
        ("birth", "'2023-13", "D89"),
        ("birth", "2021年换届时", "D90"),
        ("birth", "不详", "D90"),
        ("visited", "2026年3月", "D90"),
        ("visited", "80000", "D88"),
        ("visited", "3", "D88"),
        ("visited", "46200", "D88"),
        ("visited", "#N/A", "D70"),
    ],
)
def test_what_is_no_certain_date_is_refused(field: str, text: str, rule: str) -> None:
    found = cell(field, text, DOCTOR if field == "birth" else CLINIC)
    assert found.problem is not None, found
    assert (found.problem.rule, found.problem.refused) == (rule, "cell")


def test_a_bare_serial_of_a_1904_workbook_is_refused() -> None:
    found = cell("visited", "44634", epoch_1904=True)
    assert found.problem is not None
    assert found.problem.rule == "D88"


# ---------------------------------------------------------------------------------------------- people and words

WORDS: list[tuple[str, str, Any, str]] = [
    ("id_card", "'99010119800101017x", "99010119800101017X", ""),
    ("id_card", "' 990101 19800101 017Ｘ", "99010119800101017X", ""),
    ("id_card", "990***********0011", None, "D81"),
    ("name", "张 三", "张三", ""),
    ("name", "张\u3000三", "张三", ""),
    ("name", "阿不都•买买提", "阿不都·买买提", "D92"),
    ("name", "张三（院长）", "张三", "D93"),
    ("name", "1.张三", "张三", "D93"),
    ("title_rank", "初级", "初级", ""),
    ("title_rank", "医 士", "初级", "D105"),
    ("title_rank", "—", "无", "D105"),
    ("title_rank", "无", "无", ""),
    ("title_rank", "'/", None, "D66"),
    ("skills", "内科、外科", "内科、外科", ""),
    ("on_duty", "√", True, ""),
    ("on_duty", "是", True, ""),
    ("on_duty", "1", True, ""),
    ("on_duty", "×", False, ""),
    ("on_duty", "无", False, ""),
    ("on_duty", "TRUE", True, ""),
    ("on_duty", "—", None, "D66"),
    ("phone", "13800000000", "13800000000", ""),
    ("phone", "'138-0000-0000", "13800000000", "D82"),
    ("phone", "'13800000000/13900000000", "13800000000", "D82"),
    ("note", "'12", "12", ""),
    ("note", "12", "12", ""),
]


@pytest.mark.parametrize(("field", "text", "value", "rule"), WORDS)
def test_words_in_the_ways_they_are_written(field: str, text: str, value: Any, rule: str) -> None:
    found = cell(field, text, DOCTOR)
    assert found.problem is None
    assert found.value == value
    assert found.rule == rule


@pytest.mark.parametrize(
    ("field", "text", "rule"),
    [
        ("id_card", "430981197605120000", "D77"),
        ("id_card", "'4.30981E+17", "D76"),
        ("id_card", "'990101800101001", "D79"),
        ("id_card", "'99010119800101", "D80"),
        ("id_card", "同上", "D67"),
        ("title_rank", "主任", "D106"),
        ("title_rank", "初级、中级", "D107"),
        ("on_duty", "也许", "D104"),
        ("phone", "'12345", "D82"),
    ],
)
def test_words_that_mean_nothing_certain_are_refused(field: str, text: str, rule: str) -> None:
    found = cell(field, text, DOCTOR)
    assert found.problem is not None, found
    assert (found.problem.rule, found.problem.refused) == (rule, "cell")


def test_two_people_in_one_cell_refuse_the_row() -> None:
    result = table("| 村名 | 姓名 | 身份证号 | 职称 |\n| 甲村 | 张三、李四 | | 初级 |", DOCTOR)
    assert result.rows == ()
    assert [(problem.rule, problem.refused) for problem in result.problems] == [("D94", "row")]


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("430981197605121234", "430***************"),
        ("43098119760512123X", "430***************"),
        (4.30981197605121e17, "430***************"),
        ("张三13812345678李四", "张三138********李四"),
        (13812345678.0, "138********"),
        ("123456.78", "123456.78"),
        ("四" * 60, "四" * 39 + "…"),
    ],
)
def test_no_message_shows_an_id_or_phone_in_full(raw: Any, shown: str) -> None:
    assert show(raw) == shown


# ---------------------------------------------------------------------------------------------- rows and their units

ROW = "| {} | 1 | 1 | 1 | 1 | |"


def located(village: str, sender: str = "990101101") -> tuple[list[str], list[tuple[str, str]], list[str]]:
    result = table(HEAD + ROW.format(village), sender=sender)
    return (
        [row.unit_code for row in result.rows],
        [(problem.rule, problem.refused) for problem in result.problems],
        [note.rule for note in result.notes],
    )


@pytest.mark.parametrize(
    ("village", "sender", "found"),
    [
        ("甲村", "990101101", (["990101101201"], [], [])),
        ("甲村委会", "990101101", (["990101101201"], [], ["D97"])),
        ("东镇甲村", "990101101", (["990101101201"], [], ["D97"])),
        ("先锋村", "990101102", (["990101102202"], [], [])),
        ("下码头村", "990101102", (["990101102201"], [], ["D99"])),
        ("旧名村", "990101102", (["990101102204"], [], ["D102"])),
        ("申村", "990101101", ([], [("C03", "row")], [])),
        ("上码头村", "990101101", ([], [("C03", "row")], [])),
        ("新建", "990101101", ([], [("D98", "row")], [])),
        ("", "990101101", (["990101101"], [], [])),
        ("先锋村", "990101A01", ([], [("D98", "row")], [])),
        ("上码头村", "990101A01", (["990101102201"], [], [])),
    ],
)
def test_a_row_is_about_its_village_or_is_refused(village: str, sender: str, found: tuple[Any, ...]) -> None:
    assert located(village, sender) == found


def test_an_unknown_village_comes_with_the_nearest_name_and_no_fact() -> None:
    result = table(HEAD + ROW.format("先烽村"))
    (problem,) = result.problems
    assert (problem.found, problem.expected, problem.where.cell) == ("先烽村", "先锋村", "A2")
    assert result.rows == ()
    assert result.notes == ()


def test_a_row_of_another_township_than_the_sender_s_is_refused() -> None:
    head = "| 所属乡镇 | 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 |\n"
    result = table(head + "| 东镇 | 甲村 | 1 | 1 | 1 | 1 |\n| 西河镇 | 上码头村 | 1 | 1 | 1 | 1 |")
    assert [row.unit_code for row in result.rows] == ["990101101201"]
    assert [(problem.rule, problem.refused, problem.where.cell) for problem in result.problems] == [
        ("C05", "row", "A3")
    ]


def test_the_row_s_township_decides_between_villages_of_one_name() -> None:
    head = "| 所属乡镇 | 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 |\n"
    result = table(
        head + "| 东镇 | 先锋村 | 1 | 1 | 1 | 1 |\n| 西河镇 | 先锋村 | 1 | 1 | 1 | 1 |", sender=COUNTY
    )
    assert [(row.township_code, row.village_code) for row in result.rows] == [
        ("990101101", "990101101202"),
        ("990101102", "990101102202"),
    ]
    assert [row.values[:2] for row in result.rows] == [("东镇", "先锋村"), ("西河镇", "先锋村")]


def test_an_example_row_and_an_of_which_row_are_reported_and_no_facts() -> None:
    result = table(
        HEAD + "| 例：甲村 | 1 | 1 | 1 | 1 | |\n| 其中：山区 | 1 | 1 | 1 | 1 | |\n| 甲村 | 1 | 1 | 1 | 1 | |"
    )
    assert len(result.rows) == 1
    assert [problem.rule for problem in result.problems] == ["D35", "D38"]


def test_the_same_outcome_is_a_value_a_note_or_a_refusal_never_two() -> None:
    """The parsers' contract: a plain value is silent, Taken is noted, Refused has no value."""
    parse = numerals.parser(ColumnSpec(CLINIC.by_id["beds"], Q1.end))
    outcomes: Mapping[str, type] = {"12": int, "'1,234": Taken, "约5": Refused}
    assert {text: type(parse(text.strip("'"), False)) for text in outcomes} == outcomes
