"""domain.md 6.3, numbers (D45-D75): what stands in a cell, what it is, what is said at it."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

import containers
import pytest
import xlsxwriter
from dirty_returns import cell, columns, read, said, shows, values
from workbooks import workbook

from ruralpb.model import Block

NUMBERS: list[tuple[str, str, str, Any, str]] = [
    # entry, column, what stands there, what it is, what is said
    ("D45", "clinic.income", "'１２．５", Decimal("12.5"), ""),
    ("D45", "clinic.beds", "'４２", 42, ""),
    ("D46", "clinic.beds", "' 12 ", 12, ""),
    ("D46", "clinic.beds", "'\u00a012\u3000", 12, ""),
    ("D46", "clinic.beds", "'\u200b12\ufeff", 12, ""),
    ("D46", "clinic.beds", "'12 34", None, "D57 refused cell"),
    ("D46", "clinic.income", "'12. 5", None, "D57 refused cell"),
    ("D47", "clinic.income", "'12.5", Decimal("12.5"), ""),
    ("D47", "clinic.income", "''12.5", Decimal("12.5"), ""),
    ("D48", "clinic.income", "'1,234.5", Decimal("1234.5"), "D48 note"),
    ("D48", "clinic.beds", "'1，234", 1234, "D48 note"),
    ("D48", "clinic.beds", "'1 234", 1234, "D48 note"),
    ("D48", "clinic.beds", "'1,23", None, "D48 refused cell"),
    ("D48", "clinic.income", "'1,2345", None, "D48 refused cell"),
    ("D48", "clinic.income", "'0,123", None, "D48 refused cell"),
    ("D49", "clinic.doctors_male", "12人", 12, "D49 note"),
    ("D49", "clinic.beds", "3张", 3, "D49 note"),
    ("D49", "clinic.income", "5万元", Decimal(5), "D49 note"),
    ("D49", "clinic.income", "5.2 万 元", Decimal("5.2"), "D49 note"),
    ("D49", "clinic.income", "人民币5万元", Decimal(5), "D49 note"),
    ("D49", "clinic.income", "5万", Decimal(5), "D49 note"),
    ("D49", "clinic.doctors_male", "12人次", None, "D57 refused cell"),
    ("D49", "clinic.fee", "350元/月", None, "D57 refused cell"),
    ("D49", "clinic.income", "'¥12.5", None, "D57 refused cell"),
    ("D50", "clinic.income", "50000元", Decimal(5), "D50 note"),
    ("D50", "clinic.income", "'0.2亿", Decimal(2000), "D50 note"),
    ("D50", "clinic.fee", "'0.035万元", Decimal(350), "D50 note"),
    ("D50", "clinic.income", "2亿元", None, "D50 refused cell"),
    ("D54", "clinic.beds", "约50", None, "D54 refused cell"),
    ("D54", "clinic.beds", "近百", None, "D54 refused cell"),
    ("D54", "clinic.beds", "50余", None, "D54 refused cell"),
    ("D54", "clinic.beds", "50多", None, "D54 refused cell"),
    ("D54", "clinic.beds", "30左右", None, "D54 refused cell"),
    ("D54", "clinic.beds", "'50+", None, "D57 refused cell"),
    ("D55", "clinic.beds", "'3—5", None, "D55 refused cell"),
    ("D55", "clinic.income", "'2000—3000", None, "D55 refused cell"),
    ("D56", "clinic.beds", "@2026-03-05", None, "D56 refused cell"),
    ("D56", "clinic.beds", "3月5日", None, "D56 refused cell"),
    ("D57", "clinic.beds", "'10+5", None, "D57 refused cell"),
    ("D57", "clinic.beds", "10(含2名兼职)", None, "D57 refused cell"),
    ("D57", "clinic.beds", "'1/2", None, "D57 refused cell"),
    ("D57", "clinic.beds", "TRUE", None, "D57 refused cell"),
    ("D58", "clinic.beds", "十二", 12, "D58 note"),
    ("D58", "clinic.income", "壹佰", Decimal(100), "D58 note"),
    ("D58", "clinic.beds", "三千零五十", 3050, "D58 note"),
    ("D58", "clinic.doctors_male", "十二人", 12, "D58 note"),
    ("D58", "clinic.beds", "一", None, "D58 refused cell"),
    ("D58", "clinic.beds", "两万", None, "D59 refused cell"),
    ("D59", "clinic.income", "三万五", None, "D59 refused cell"),
    ("D59", "clinic.beds", "三百五", None, "D59 refused cell"),
    ("D59", "clinic.income", "'1.5w", None, "D59 refused cell"),
    ("D60", "clinic.income", "-12.5", Decimal("-12.5"), ""),
    ("D60", "clinic.income", "'－12.5", Decimal("-12.5"), ""),
    ("D60", "clinic.income", "'−12.5", Decimal("-12.5"), ""),
    ("D60", "clinic.income", "（12.5）", Decimal("-12.5"), "D60 note"),
    ("D60", "clinic.income", "△12.5", Decimal("-12.5"), "D60 note"),
    ("D60", "clinic.income", "'—12.5", Decimal("-12.5"), "D60 note"),
    ("D60", "clinic.income", "'(-12.5)", None, "D60 refused cell"),
    ("D60", "clinic.income", "△-12.5", None, "D60 refused cell"),
    ("D60", "clinic.beds", "（12）", None, "D60 refused cell"),
    ("D60", "clinic.beds", "'—5", None, "D60 refused cell"),
    ("D61", "clinic.satisfied", "'98%", Decimal(98), "D61 note"),
    ("D61", "clinic.satisfied", "98%", Decimal(98), ""),
    ("D61", "clinic.satisfied", "98", Decimal(98), ""),
    ("D61", "clinic.income", "'50%", None, "D61 refused cell"),
    ("D61", "clinic.beds", "50%", None, "D61 refused cell"),
    ("D64", "clinic.satisfied", "120", None, "D64 refused cell"),
    ("D64", "clinic.satisfied", "'100.5%", None, "D64 refused cell"),
    ("D65", "clinic.subsidy", "", None, ""),
    ("D66", "clinic.subsidy", "—", None, "D66 note"),
    ("D66", "clinic.subsidy", "'/", None, "D66 note"),
    ("D66", "clinic.subsidy", "×", None, "D66 note"),
    ("D66", "clinic.subsidy", "'-", None, "D66 note"),
    ("D66", "clinic.subsidy", "不涉及", None, "D66 note"),
    ("D66", "clinic.subsidy", "无", Decimal(0), "D66 note"),
    ("D66", "clinic.subsidy", "没有", Decimal(0), "D66 note"),
    ("D66", "clinic.subsidy", "0", Decimal(0), ""),
    ("D66", "clinic.income", "无", None, "D66 note"),
    ("D67", "clinic.beds", "同上", None, "D67 refused cell"),
    ("D67", "clinic.income", "〃", None, "D67 refused cell"),
    ("D67", "doctor.birth", "同上", None, "D67 refused cell"),
    ("D68", "clinic.income", "=1+1 → 2", Decimal(2), ""),
    ("D69", "clinic.income", "=1+1", None, "D69 refused cell"),
    ("D70", "clinic.income", "#REF!", None, "D70 refused cell"),
    ("D70", "clinic.beds", "#DIV/0!", None, "D70 refused cell"),
    ("D70", "clinic.beds", "#N/A", None, "D70 refused cell"),
    ("D70", "clinic.beds", "#VALUE!", None, "D70 refused cell"),
    ("D72", "clinic.income", "1.2345675", Decimal("1.234568"), "D73 note"),
    ("D72", "clinic.beds", "4.6", None, "D74 refused cell"),
    ("D73", "clinic.income", "12.299999999999999", Decimal("12.3"), ""),
    ("D73", "clinic.income", "0.30000000000000004", Decimal("0.3"), ""),
    ("D74", "clinic.doctors_male", "3.5", None, "D74 refused cell"),
    ("D74", "clinic.doctors_male", "'3.0", 3, ""),
]


@shows(*{entry for entry, *_ in NUMBERS})
@pytest.mark.parametrize(("entry", "place", "text", "value", "about"), NUMBERS)
def test_a_number_is_what_stands_there_or_it_is_refused(
    entry: str, place: str, text: str, value: Any, about: str
) -> None:
    found = cell(place, text)
    assert (found.value, " ".join(found.said)) == (value, about)
    assert type(found.value) is type(value)


AMBIGUOUS = """
1e5 · 1E5 · 1.2E+03 · 1_000 · 5² · ① · ½ · १२ · ٣ · 0x1F · 1.2.3 · 1.234,5 · 1,234,56 · 1，234，56 · --5 · 5- · - 5 · .5 · 5. · +-5 · 1:2 ·
5吨 · 5k · 5万3 · 5万5千 · 3比1 · 5/6 · 5\\6 · 约 · 多 · 余 · 十几 · 百 · 十两 · nan · inf · 9999999999999999999 · O5 · l2 · 2026-03-05 · ▲5 ·
5元5角 · 共12 · 12等 · 0.5.0 · 1;2 · 1、2 · 12,5 · 第5 · 5% · 50‰ · 5°
"""


@shows("D57")
@pytest.mark.parametrize("text", [text.strip() for text in AMBIGUOUS.split("·")])
@pytest.mark.parametrize("place", ["clinic.beds", "clinic.income", "clinic.fee"])
def test_what_could_be_read_in_two_ways_is_refused_at_its_cell(place: str, text: str) -> None:
    found = cell(place, "'" + text)
    assert found.value is None
    (about,) = found.said
    assert about.endswith("refused cell"), about


@shows("D50", "D73")
@pytest.mark.parametrize(
    "text", ["100000000000000", "'99999999999999.9999999", "-100000000000000", "'123456789012345678"]
)
def test_what_the_store_cannot_hold_is_refused_before_it(text: str) -> None:
    assert cell("clinic.fee", text).said == ("D50 refused cell",)


# ---------------------------------------------------------------------------------------------- columns as a whole


@shows("D51")
def test_a_corner_note_in_yuan_converts_every_amount_with_a_note_each() -> None:
    found = cell("clinic.income", "123456.7", above="计量单位：元")
    assert (found.value, found.said) == (Decimal("12.34567"), ("D51 note",))
    # a field that the form itself keeps in 元 is none of the block
    assert cell("clinic.fee", "350", above="计量单位：万元").value == Decimal(350)


@shows("D51")
@pytest.mark.parametrize(
    "note",
    [
        "单位：元（保留两位小数）",
        "（单位：元）",
        "金额单位：人民币元",
        "计量单位：元 、人",
        "单位：￥元",
        "计量单位（元）",
        "单位 元",
        "金额：元",
        "东镇诊所情况表（元）",
        "单位：圆",
    ],
)
def test_a_corner_note_in_yuan_is_understood_however_it_is_written(note: str) -> None:
    assert cell("clinic.income", "123456.7", above=note).value == Decimal("12.34567")


@shows("D51")
def test_a_remark_below_the_table_states_the_measure_too() -> None:
    row = "村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 | 门诊人次 |\n| 甲村 | 1 | 1 | 1 | 50000 | 3 |"
    reading = read(f"| {row}\n注：1.以上金额单位为元。")
    assert values(reading, "income") == [(Decimal(5),)]


@shows("D51")
def test_a_corner_note_in_another_currency_refuses_the_sheet() -> None:
    reading = read(
        "金额单位：美元\n| 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 |\n| 甲村 | 1 | 1 | 1 | 50000 |"
    )
    assert reading.blocks == ()
    assert said(reading) == ["D51 E2 refused sheet"]


@shows("D51")
def test_a_corner_note_and_a_header_that_disagree_refuse_the_sheet() -> None:
    reading = read(
        "单位：万元\n| 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入(元) |\n| 甲村 | 1 | 1 | 1 | 50000 |"
    )
    assert reading.blocks == ()
    assert said(reading) == ["D51 E2 refused sheet"]


@shows("D52")
def test_amounts_that_are_all_in_another_measure_are_read_as_written_and_left_to_the_checks() -> None:
    """Nothing in the sheet says 元: P01 compares with last year and turns it into an error."""
    assert columns("clinic.income", ["5000", "4000", "6000"]) == ([5000, 4000, 6000], [])


MIXED: list[tuple[list[str], list[int | None], list[str]]] = [
    (["5", "6", "50000"], [5, 6, None], ["D53 4 refused cell"]),
    (["5", "6", "50000", "60000"], [5, 6, None, None], ["D53 4 refused cell", "D53 5 refused cell"]),
    (["5", "6", "2500"], [5, 6, 2500], []),
    (["5", "6", "80000000元"], [5, 6, 8000], ["D50 4 note"]),  # it says which measure it is in
    (["0", "0", "50000"], [0, 0, 50000], []),  # a median of zero says nothing
    (["0", "7", "50000"], [0, 7, None], ["D53 4 refused cell"]),
    (["5", "50000"], [5, 50000], []),
]


@shows("D53")
@pytest.mark.parametrize(("texts", "amounts", "about"), MIXED)
def test_amounts_beyond_five_hundred_medians_are_in_another_measure(
    texts: list[str], amounts: list[int | None], about: list[str]
) -> None:
    limit = {"heading": "补助（万元）"}  # a field without an upper bound
    assert columns("clinic.subsidy", texts, **limit) == (amounts, about)


PERCENTS: list[tuple[str, list[str], list[Any], list[str]]] = [
    ("D62", ["0.98", "1", "0"], [None, None, None], ["D62 2 refused cell"]),
    ("D62", ["0.98", "98%", "0.95"], [None, 98, None], ["D62 2 refused cell"]),
    ("D62", ["0", "0", "0"], [0, 0, 0], []),
    ("D63", ["0.98", "95", "0"], [None, 95, 0], ["D63 2 refused cell"]),
    ("D63", ["95", "'0.97", "1"], [95, None, None], ["D63 3 refused cell", "D63 4 refused cell"]),
    ("D61", ["98%", "'95%", "95"], [98, 95, 95], ["D61 3 note"]),
]


@shows("D62", "D63")
@pytest.mark.parametrize(("entry", "texts", "points", "about"), PERCENTS)
def test_shares_among_percents_are_refused(
    entry: str, texts: list[str], points: list[Any], about: list[str]
) -> None:
    assert columns("clinic.satisfied", texts) == (points, about)


@shows("D67")
def test_as_above_fills_down_in_text_columns_only() -> None:
    assert columns("doctor.title_rank", ["初级", "同上", "〃"]) == (
        ["初级"] * 3,
        ["D67 3 note", "D67 4 note"],
    )
    assert columns("doctor.title_rank", ["同上", "初级"]) == ([None, "初级"], ["D67 2 refused cell"])
    assert columns("clinic.beds", ["5", "同上"]) == ([5, None], ["D67 3 refused cell"])


@shows("D69")
def test_a_sheet_of_formulas_never_calculated_is_sent_back() -> None:
    reading = read("| 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 |\n| 甲村 | =1 | =1 | =1 | 1 |")
    assert (reading.blocks, said(reading)) == ((), ["D69 refused sheet"])


# ---------------------------------------------------------------------------------------------- what stands beside a value


@shows("D71")
def test_a_value_from_another_file_is_read_and_the_file_named() -> None:
    drawn = "| 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 |\n| 甲村 | 1 | 1 | 1 | ='[1]表1'!A1 → 7.5 |"
    reading = read(linked(workbook(drawn), "2025年台账.xlsx"))
    assert values(reading, "income") == [(Decimal("7.5"),)]
    assert said(reading) == ["D71 E2 note", "D71 E2 query"]
    assert "2025年台账.xlsx" in reading.notes[0].message


def linked(content: bytes, target: str) -> bytes:
    """The workbook, with the other workbook that its formulas call [1]."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts: dict[str, bytes | str] = {name: archive.read(name).decode() for name in archive.namelist()}
    reference = '</sheets><externalReferences><externalReference r:id="rId90"/></externalReferences>'
    parts["xl/workbook.xml"] = str(parts["xl/workbook.xml"]).replace("</sheets>", reference)
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLink"
    relation = (
        f'<Relationship Id="rId90" Type="{kind}" Target="externalLinks/externalLink1.xml"/></Relationships>'
    )
    rels = "xl/_rels/workbook.xml.rels"
    parts[rels] = str(parts[rels]).replace("</Relationships>", relation)
    parts["xl/externalLinks/externalLink1.xml"] = "<externalLink/>"
    parts["xl/externalLinks/_rels/externalLink1.xml.rels"] = containers.relations(
        ("externalLinkPath", f'{target}" TargetMode="External')
    )
    return containers.zipped(parts)


@shows("D75")
def test_struck_out_and_commented_cells_are_kept_and_asked_about() -> None:
    reading = read(remarked())
    assert values(reading, "village", "beds") == [("甲村", 5), ("先锋村", 6), ("新建村", 7)]
    notes = ["D75 B2 note", "D75 B3 note", "D75 B4 note"]
    assert said(reading) == [*notes, "D75 B2 query", "D75 B3 query", "D75 B4 query"]
    assert [note.message for note in reading.notes] == [
        "“床位数”的5另有说明：删除线。",
        "“床位数”的6另有说明：作废，以上报数为准。",
        "“床位数”的7另有说明：含门诊床位。",
    ]


@shows("D75")
def test_a_number_of_which_only_a_part_is_struck_out_is_not_read() -> None:
    """12 struck out before 15 is no 1215; in words the same is read and asked about."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("表1")
    struck = book.add_format({"font_strikeout": True})
    sheet.write_row(0, 0, ["村名", "床位数", "医生男", "医生女", "诊疗收入", "门诊人次"])
    sheet.write_row(1, 0, ["甲村", "", 1, 1, 1, 1])
    sheet.write_rich_string(1, 1, struck, "12", "15")
    book.close()
    reading = read(stream.getvalue())
    assert values(reading, "beds", "doctors_male") == [(None, 1)]
    assert "D75 B2 refused cell" in said(reading)


def remarked() -> bytes:
    """A struck-out cell, one commented as void, one with a plain comment."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("表1")
    sheet.write_row(0, 0, ["村名", "床位数", "医生男", "医生女", "诊疗收入"])
    for number, village in enumerate(("甲村", "先锋村", "新建村"), 1):
        sheet.write_row(number, 0, [village, number + 4, 1, 1, 1])
    sheet.write_number(1, 1, 5, book.add_format({"font_strikeout": True}))
    sheet.write_comment(2, 1, "作废，以上报数为准")
    sheet.write_comment(3, 1, "含门诊床位")
    book.close()
    return stream.getvalue()


def test_a_date_is_never_a_number_and_a_number_never_a_blank() -> None:
    reading = read(
        "| 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 | 巡诊日期 |\n| 甲村 | 0 | 1 | 1 | 0 | @2026-03-01 |"
    )
    (block,) = reading.blocks
    assert isinstance(block, Block)
    assert values(reading, "beds", "income", "visited") == [(0, Decimal(0), date(2026, 3, 1))]
