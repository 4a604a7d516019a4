"""Bytes to grids: what is read, what evidence comes with it, what is refused."""

from __future__ import annotations

import io
import pickle
import re
import zipfile
from datetime import date

import msoffcrypto
import pytest
import xlsxwriter
from msoffcrypto.format.ooxml import OOXMLFile
from workbooks import csv, workbook

from ruralpb.intake import readers as reader
from ruralpb.intake.readers.styles import disguise
from ruralpb.model import CellError, Grid, Range, Uncached

TABLE = """
| 村名 | 床位数 | 满意率 |
| 甲村 | 12     | 98%    |
"""


def read(content: bytes, name: str = "东镇.xlsx", password: str = "") -> list[Grid]:
    grids, problems = reader.read(content, name, password)
    assert not [problem.line() for problem in problems if problem.refused]
    return grids


def refusal(content: bytes, name: str = "东镇.xlsx", password: str = "") -> str:
    grids, (problem,) = reader.read(content, name, password)
    assert grids == []
    assert problem.refused == "file"
    assert problem.text("zh")
    assert problem.text("en")
    return problem.slug


def rewritten(content: bytes, part: str, edit: object) -> bytes:
    """The workbook with one part changed by `edit`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, edit(data) if re.fullmatch(part, name) else data)  # type: ignore[operator]
    return out.getvalue()


def test_values_stand_where_the_sheet_has_them() -> None:
    (grid,) = read(workbook("| | 甲 |\n| |  |\n| | 1.5 |"))
    assert grid.values == ((None, "甲"), (None, None), (None, 1.5))


def test_an_error_cell_is_never_a_blank() -> None:
    (grid,) = read(workbook("| 甲村 | #REF! | #DIV/0! |"))
    assert grid.values[0] == ("甲村", CellError("#REF!"), CellError("#DIV/0!"))


def test_a_formula_without_a_result_is_never_a_blank_and_one_with_a_result_is_its_value() -> None:
    (grid,) = read(workbook("| =A9+1 | =A9+1 → 3 |"))
    assert grid.values[0] == (Uncached(), 3.0)


def test_zeros_of_a_program_that_never_calculated_are_no_zeros() -> None:
    content = workbook("| 1 | =A1*2 → 0 | =A1*3 → 0 |")
    (grid,) = read(content)
    assert b"fullCalcOnLoad" in zipfile.ZipFile(io.BytesIO(content)).read("xl/workbook.xml")
    assert grid.values[0] == (1.0, Uncached(), Uncached())
    (grid,) = read(workbook("| 1 | =A1*2 → 2 | =A1*0 → 0 |"))
    assert grid.values[0] == (1.0, 2.0, 0.0)


def test_the_percent_format_is_kept_as_evidence() -> None:
    (grid,) = read(workbook(TABLE))
    assert {place: found.format for place, found in grid.evidence.items()} == {(1, 2): "percent"}


def test_dates_are_dates_also_in_the_formats_only_chinese_excel_has() -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet()
    for column, number in enumerate((14, 31, 57, 58, 27)):
        sheet.write_number(0, column, 46082, book.add_format({"num_format": number}))
    sheet.write_number(0, 5, 46082, book.add_format({"num_format": 'yyyy"年"m"月"'}))
    book.close()
    (grid,) = read(stream.getvalue())
    assert grid.values[0] == (date(2026, 3, 1),) * 6


def test_the_1904_epoch_is_honoured() -> None:
    (grid,) = read(workbook("| @2026-03-01 |", epoch_1904=True))
    assert grid.values == ((date(2026, 3, 1),),)
    assert grid.epoch_1904


def test_merged_ranges_and_hidden_sheets() -> None:
    first, second = read(workbook({"表": "| 医生 | < |\n| 男 | 女 |", "旧": "| x |"}, hidden=("旧",)))
    assert first.merged == (Range(0, 0, 0, 1),)
    assert (first.hidden, second.hidden) == (False, True)


def test_hidden_rows_and_columns() -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, [1, 2, 3])
    sheet.write_row(1, 0, [1, 2, 3])
    sheet.set_row(1, None, None, {"hidden": True})
    sheet.set_column(1, 2, None, None, {"hidden": True})
    book.close()
    (grid,) = read(stream.getvalue())
    assert (grid.hidden_rows, grid.hidden_columns) == (frozenset({1}), frozenset({1, 2}))


@pytest.mark.parametrize(
    "edit",
    [
        lambda part: re.sub(rb'<c r="([A-Z]+\d+)" (s="\d+")', rb'<c \2 r="\1"', part),
        lambda part: re.sub(rb' r="[A-Z]*\d+"', b"", part),
        lambda part: part.replace(b'<dimension ref="A1:D2"/>', b'<dimension ref="A1"/>'),
        lambda part: part.replace(b"<c r=", b"<c\n    r="),
        lambda part: re.sub(rb'(<c r="[A-Z]+\d+") ', rb"\1\r\n  ", part),
        lambda part: re.sub(rb'(<c r="[A-Z]+\d+") ', rb"\1\t", part),
        lambda part: re.sub(rb'(<c r="[A-Z]+\d+") ', rb"\1  ", part),
        lambda part: re.sub(rb' (s|t)="(\w+)"', rb" \1='\2'", part),
        lambda part: re.sub(rb' (s|t)="(\w+)"', rb' \1 = "\2"', part),
        lambda part: re.sub(rb'(<c r="[A-Z]+\d+") ', rb'\1 cm="1" ', part),
        lambda part: re.sub(rb'(<c r="[A-Z]+\d+") (s="\d+")>', rb'\1 t="n" \2>', part),
    ],
    ids=[
        "another attribute order",
        "no references",
        "a dimension that lies",
        "a line for each attribute",
        "a line for the second attribute",
        "tabs",
        "two blanks",
        "single quotes",
        "blanks around =",
        "an attribute between",
        "the type first",
    ],
)
def test_the_ways_other_programs_write_the_same_sheet(edit: object) -> None:
    content = workbook("| 村名 | 床位数 | 满意率 | 收入 |\n| 甲村 | #REF! | 98% | =A1 |")
    (plain,) = read(content)
    (other,) = read(rewritten(content, "xl/worksheets/sheet1.xml", edit))
    assert (other.values, other.evidence) == (plain.values, plain.evidence)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030", "utf-16"])
def test_text_in_the_charsets_offices_use(encoding: str) -> None:
    (grid,) = read(csv(TABLE, encoding), "东镇.csv")
    assert grid.values[1] == ("甲村", "12", "98%")


def test_the_bytes_decide_not_the_extension() -> None:
    grids, (note,) = reader.read(workbook(TABLE), "东镇.xls")
    assert grids
    assert (note.slug, note.severity, note.refused) == ("file-misnamed", "note", "")


def encrypted(content: bytes, password: str) -> bytes:
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(content)).encrypt(password, out)
    return out.getvalue()


def test_a_read_only_recommended_workbook_opens_by_itself() -> None:
    content = encrypted(workbook(TABLE), "VelvetSweatshop")
    assert msoffcrypto.OfficeFile(io.BytesIO(content)).is_encrypted()
    grids, (note,) = reader.read(content, "东镇.xlsx")
    assert grids[0].values[1][0] == "甲村"
    assert note.slug == "file-encrypted-default"


def test_a_password_opens_only_with_the_password() -> None:
    content = encrypted(workbook(TABLE), "secret")
    assert refusal(content) == "file-password"
    assert refusal(content, password="wrong") == "file-password-wrong"
    assert read(content, password="secret")[0].values[1][0] == "甲村"


@pytest.mark.parametrize(
    ("content", "slug"),
    [
        (b"", "file-empty"),
        (b"MZ\x90", "file-unsupported"),
        (b"Rar!\x1a\x07\x00", "file-compressed"),
        (b"<html><p>1</p></html>", "html-no-table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "file-damaged"),
        (b"a,b\x00c\n", "file-no-text"),
        (b"\x81\xff\xff\x00", "file-no-text"),
        (b"\r\n , \r\n", "file-blank"),
        (workbook(TABLE)[:2000], "file-damaged"),
    ],
)
def test_what_is_no_readable_workbook_is_refused_whole(content: bytes, slug: str) -> None:
    if slug == "file-blank":
        content = b"\r\n,,\r\n"
    assert refusal(content) == slug


def test_a_doctype_and_a_second_entry_of_the_same_name_are_refused() -> None:
    content = rewritten(
        workbook(TABLE),
        "xl/workbook.xml",
        lambda part: part.replace(b"<workbook", b"<!DOCTYPE x><workbook", 1),
    )
    assert refusal(content) == "file-hostile"
    out = io.BytesIO(workbook(TABLE))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/workbook.xml", b"<x/>")
    assert refusal(out.getvalue()) == "file-hostile"


def test_one_cell_far_away_does_not_take_all_memory() -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"constant_memory": True})
    sheet = book.add_worksheet()
    sheet.write_string(0, 0, "甲")
    sheet.write_string(1_048_575, 16_383, "乙")
    book.close()
    assert refusal(stream.getvalue()) == "workbook-too-large"


def test_grids_can_be_sent_from_a_worker() -> None:
    grids = read(workbook("| 村名 | #REF! | =A1 | 98% |"))
    assert pickle.loads(pickle.dumps(grids)) == grids


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("0!.0000", ("scaled", "")),
        ('0"."0000', ("scaled", "")),
        ("#,##0.00,", ("scaled", "")),
        ('0!.0,"万"', ("scaled", "万元")),
        ('0.00"元"', ("", "元")),
        ('G/通用格式"万元"', ("", "万元")),
        ('"¥"#,##0.00', None),
        ("[$¥-804]#,##0.00_);(#,##0.00)", None),
        ('0.00"（截至3月底）"', None),
        ('0"人"', ("", "人")),
        ('yyyy"年"m"月"', None),
        ("000-0000-0000", ("", "")),
        ('"约"0', ("scaled", "")),
        ('0"余"', ("scaled", "")),
        ("-0;0", ("scaled", "")),
        ('"△"0.0', ("scaled", "")),
        ('0"千"', ("scaled", "")),
        ('0"0"', ("scaled", "")),
        ('"无"', ("scaled", "")),
        (";;;", ("scaled", "")),
        ('[<5]"少于5";0', ("scaled", "")),
        ('_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ', None),
        ("0.00_);[Red]\\(0.00\\)", None),
        ("[DBNum1][$-804]General", None),
        ('"第"0"名"', None),
        ("0.00E+00", None),
        ("# ?/?", None),
    ],
)
def test_a_format_that_shows_another_number_or_measure_is_told_from_one_that_decorates(
    code: str, said: tuple[str, str] | None
) -> None:
    """125000 shown as 12.5000 or as 125000元: what the clerk sees is not what is stored (D72)."""
    found = disguise(code)
    assert (found and (found.format, found.measure)) == said
