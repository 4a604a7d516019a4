"""domain.md 6.1, files and versions (D01-D20): what arrives as which bytes, and what several files make together."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
import xlwt
from dirty_returns import BUREAU, EAST, WEST, read, said, shows, values
from msoffcrypto.format.ooxml import OOXMLFile
from semantics_world import drop, farm, make_project, rows, states, statuses, take
from workbooks import csv, workbook
from workbooks import rows as drawn

SHEET = "东镇2026年第一季度诊所情况表\n填报单位：东镇\n| 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 |\n| 甲村 | 3 | 1 | 2 | 5.5 |\n"
READ = [("甲村", 3, Decimal("5.5"))]
Q1 = "2026年第一季度"


def xls(sheet: str = SHEET) -> bytes:
    """The sheet as Excel 97-2003 wrote it."""
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("表1")
    for number, line in enumerate(drawn(sheet)):
        for column, text in enumerate(line):
            value = float(text) if text.replace(".", "").isdigit() else text
            page.write(number, column, value)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def html(tables: int = 1) -> bytes:
    """The sheet as web systems export it."""
    lines = ["".join(f"<td>{text}</td>" for text in line) for line in drawn(SHEET)]
    table = "<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"
    return f'<html><head><meta charset="utf-8"></head><body>{table * tables}</body></html>'.encode()


def xml_2003() -> bytes:
    lines = [
        "".join(f'<Cell><Data ss:Type="String">{t}</Data></Cell>' for t in line) for line in drawn(SHEET)
    ]
    body = "".join(f"<Row>{line}</Row>" for line in lines)
    space = 'xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'
    return f'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook {space}><Worksheet ss:Name="表1"><Table>{body}</Table></Worksheet></Workbook>'.encode()


def encrypted(password: str) -> bytes:
    stream = io.BytesIO()
    OOXMLFile(io.BytesIO(workbook(SHEET))).encrypt(password, stream)
    return stream.getvalue()


def without_dimension() -> bytes:
    """As WPS saves it: the declared range is A1."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(SHEET))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.startswith("xl/worksheets/"):
                data = data.replace(b'<dimension ref="A1:E4"/>', b'<dimension ref="A1"/>')
                assert b'ref="A1"' in data
            new.writestr(name, data)
    return out.getvalue()


def containers() -> list[tuple[str, str, bytes, list[str]]]:
    return [
        # entry, name, bytes, what is said
        ("D01", "东镇.xls", xls(), ["D01 note"]),
        ("D02", "东镇.et", xls(), ["D02 note"]),
        ("D02", "东镇.et", workbook(SHEET), ["D02 note"]),
        ("D03", "东镇.xls", workbook(SHEET), ["D03 note"]),
        ("D03", "东镇.xlsx", csv(SHEET), ["D03 note"]),
        ("D04", "东镇.xls", html(), ["D04 note"]),
        (
            "D05",
            "东镇.xls",
            xml_2003(),
            ["D05 note"],
        ),  # read, not refused, where it is unambiguous (semantics)
        ("D06", "东镇.csv", csv(SHEET, "gb18030"), []),
        ("D06", "东镇.csv", csv(SHEET, "utf-8"), []),
        ("D06", "东镇.csv", csv(SHEET, "utf-16"), []),
        ("D08", "东镇.xlsx", encrypted("VelvetSweatshop"), ["D08 note"]),
        ("D20", "东镇.xlsx", without_dimension(), []),
    ]


@shows("D01", "D02", "D03", "D04", "D05", "D06", "D08", "D20")
@pytest.mark.parametrize(
    ("entry", "name", "content", "about"), containers(), ids=lambda x: x if isinstance(x, str) else ""
)
def test_the_bytes_say_what_a_file_is(entry: str, name: str, content: bytes, about: list[str]) -> None:
    reading = read(content, name)
    assert values(reading, "village", "beds", "income") == READ
    assert said(reading) == about


REFUSED: list[tuple[str, str, bytes, str]] = [
    # entry, name, bytes, what is said
    ("D04", "东镇.xls", html(2), "D04 refused file"),
    ("D06", "东镇.csv", "村名,床位数\n甲村".encode("gb18030") + b"\xff\xfe\x80\n", "D11 refused file"),
    ("D07", "东镇.xlsx", encrypted("secret"), "D07 refused file"),
    ("D11", "东镇.rar", b"Rar!\x1a\x07\x01\x00" + bytes(100), "D11 refused file"),
    ("D11", "东镇.7z", b"7z\xbc\xaf\x27\x1c" + bytes(100), "D11 refused file"),
    ("D11", "东镇.pdf", b"%PDF-1.7\n" + bytes(100), "D11 note"),
    ("D11", "东镇.xlsx", b"%PDF-1.7\n" + bytes(100), "D11 refused file"),
    ("D11", "东镇.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(100), "D11 refused file"),
    ("D12", "东镇.xlsx", b"", "D12 refused file"),
    ("D12", "东镇.xlsx", workbook(SHEET)[:-400], "D12 refused file"),
]


@shows("D07", "D11", "D12")
@pytest.mark.parametrize(
    ("entry", "name", "content", "about"), REFUSED, ids=lambda x: x if isinstance(x, str) else ""
)
def test_what_cannot_be_read_is_refused_whole_with_a_reason(
    entry: str, name: str, content: bytes, about: str
) -> None:
    reading = read(content, name)
    assert reading.blocks == ()
    assert said(reading) == [about]


@shows("D07")
def test_a_password_that_is_given_opens_the_file() -> None:
    reading = read(encrypted("secret"), "东镇.xlsx", password="secret")
    assert values(reading, "village", "beds", "income") == READ
    assert said(reading) == ["D08 note"]


@shows("D09")
def test_a_protected_sheet_is_read_like_any_other() -> None:
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("表1")
    sheet.protect("abc")
    for number, line in enumerate(drawn(SHEET)):
        for column, text in enumerate(line):
            sheet.write(number, column, float(text) if text.replace(".", "").isdigit() else text)
    book.close()
    reading = read(stream.getvalue(), "东镇.xlsx")
    assert (values(reading, "village", "beds", "income"), said(reading)) == (READ, [])


@shows("D10")
def test_the_files_of_a_zip_are_files_like_any_other(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("AAAAAA.xlsx", farm("东县红旗镇", Q1, "新建村 10"))
        archive.writestr("__MACOSX/._a.xlsx", b"x")
        archive.writestr("~$a.xlsx", b"x")
        archive.writestr(".DS_Store", b"x")
    drop(project, "2026-04-03/一.zip", out.getvalue().replace(b"AAAAAA", "红旗镇".encode("gbk")))
    result = take(project)
    assert statuses(result)["红旗镇.xlsx"] == "taken"
    assert [p.check for f in result.files for p in f.problems if p.severity != "note"] == []
    assert rows(project, "select village, income from farm") == [("新建村", 10)]


# ---------------------------------------------------------------------------------------------- versions


@shows("D13")
def test_two_files_of_one_return_in_one_batch_and_neither_is_taken(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p")
    drop(project, "2026-04-03/红旗镇最终版2.xlsx", farm("东县红旗镇", Q1, "新建村 10"))
    drop(project, "2026-04-03/红旗镇定稿.xlsx", farm("东县红旗镇", Q1, "新建村 11"))
    result = take(project)
    assert {p.check for f in result.files for p in f.problems if p.severity == "error"} == {"D13"}
    assert rows(project, "select * from farm") == []
    assert set(states(project).values()) == {"held"}


@shows("D14")
def test_a_file_that_is_known_is_not_read_again(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p")
    content = farm("东县红旗镇", Q1, "新建村 10")
    drop(project, "2026-04-03/a.xlsx", content)
    drop(project, "2026-04-03/copy.xlsx", content)
    result = take(project)
    assert [p.check for f in result.files for p in f.problems if p.slug == "file-known"] == ["D14"]
    assert rows(project, "select income from farm") == [(10,)]


@shows("D15")
def test_a_later_return_takes_the_place_of_the_earlier_and_both_are_kept(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p")
    drop(project, "2026-04-03/a.xlsx", farm("东县红旗镇", Q1, "新建村 10"))
    take(project)
    drop(project, "2026-04-07/a.xlsx", farm("东县红旗镇", Q1, "新建村 12"))
    take(project)
    assert rows(project, "select income from farm") == [(12,)]
    assert sorted(states(project).values()) == ["current", "superseded"]


@shows("D16")
def test_a_file_a_village_is_one_return(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p")
    drop(project, "2026-04-03/新建村.xlsx", farm("东县红旗镇", Q1, "新建村 10"))
    drop(project, "2026-04-03/团结村.xlsx", farm("东县红旗镇", Q1, "团结村 11"))
    take(project)
    assert rows(project, "select village, income from farm order by income") == [
        ("新建村", 10),
        ("团结村", 11),
    ]
    assert list(states(project).values()) == ["current"]


@shows("D17")
def test_a_workbook_of_many_townships_is_a_return_for_each() -> None:
    head = "2026年第一季度\n| 所属乡镇 | 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 |\n"
    reading = read(
        head + "| 东镇 | 甲村 | 1 | 1 | 1 | 1 |\n| 西河镇 | 上码头村 | 2 | 1 | 1 | 1 |",
        "全县.xlsx",
        unit_code=BUREAU,
    )
    by = {block.reporter_code: [row.values[1] for row in block.rows] for block in reading.blocks}
    assert by == {BUREAU: ["甲村", "上码头村"]}  # an office's rows are the office's own return
    reading = read(
        head + "| 东镇 | 甲村 | 1 | 1 | 1 | 1 |\n| 西河镇 | 上码头村 | 2 | 1 | 1 | 1 |", "全县.xlsx"
    )
    assert [(block.reporter_code, len(block.rows)) for block in reading.blocks] == [(EAST, 1), (WEST, 1)]
    sheets = {
        name: f"填报单位：{name}\n2026年第一季度\n{SHEET.split(chr(10), 2)[2]}".replace("甲村", village)
        for name, village in (("东镇", "甲村"), ("西河镇", "上码头村"))
    }
    assert [block.reporter_code for block in read(sheets, "全县.xlsx").blocks] == [EAST, WEST]


@shows("D18")
def test_last_quarter_s_file_under_a_new_name_is_refused() -> None:
    reading = read(SHEET, "东镇2026年第二季度.xlsx")
    assert reading.blocks == ()
    assert [line for line in said(reading) if "C05" in line] == ["C05 A1 refused sheet"]


@shows("D18")
def test_last_quarter_s_figures_under_a_new_heading_are_t14() -> None:
    """All figures unchanged: T14 (tests/rules/test_checks.py) tells; reading cannot, since a clerk may have nothing new to say."""
    for quarter in ("一", "二"):
        reading = read(SHEET.replace("第一季度", f"第{quarter}季度"), "东镇.xlsx")
        assert values(reading, "village", "beds", "income") == READ


PERIODS = [
    # title, sheet name, file name
    ("2026年第一季度诊所情况表", "表1", "东镇.xlsx"),
    ("诊所情况表", "2026年一季度", "东镇.xlsx"),
    ("诊所情况表", "表1", "东镇2026Q1.xlsx"),
]


@shows("D19")
@pytest.mark.parametrize(("title", "sheet", "name"), PERIODS)
def test_the_period_stands_in_title_sheet_name_or_file_name(title: str, sheet: str, name: str) -> None:
    table = SHEET.split("\n", 1)[1]
    (block,) = read({sheet: f"{title}\n{table}"}, name).blocks
    assert block.period.label == "2026Q1"
