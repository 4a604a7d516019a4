"""Every container an office sends, with the evidence beside the values: what it is decides its bytes (domain.md 6.1, D01-D12, D70-D75)."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from datetime import date, time
from io import BytesIO
from pathlib import Path

import containers
import pytest
import xlsxwriter
import xlwt
from containers import relations, zipped
from test_workbook import read, refusal, rewritten

from ruralpb.intake import readers as reader
from ruralpb.model import CellError, Evidence, Grid, Range, Uncached

ROWS = (
    ("标题", None, None, None),
    ("村名", "床位", "率", "日期"),
    ("甲村", 12.0, 0.98, date(2026, 3, 1)),
    ("乙村", CellError("#DIV/0!"), 3.0, None),
    ("丙村", 5.0, 0.5, None),
)


# ------------------------------------------------------------------------------------------------ the same sheet everywhere


@pytest.mark.parametrize("name", ["a.xlsx", "a.xlsb", "a.ods", "a.fods", "a.xml"])
def test_a_sheet_says_the_same_in_every_container(name: str) -> None:
    first, second = read(containers.ALL[name](), name)
    assert (first.sheet, first.hidden, first.values) == ("表一", False, ROWS)
    assert (second.sheet, second.hidden, second.values) == ("隐", True, (("x",),))
    assert first.merged == (Range(0, 0, 0, 3),)
    assert (first.hidden_rows, first.hidden_columns) == ({2}, {3})
    assert first.evidence[2, 2].format == "percent"
    assert first.evidence[4, 0].struck
    assert first.evidence[3, 1].comment == "作废"
    assert (3, 2) in first.evidence
    assert {at for at, found in first.evidence.items() if found.struck} == {(4, 0)}
    assert {at for at, found in first.evidence.items() if found.format} == {(2, 2)}


def test_a_flat_document_of_another_program_is_named() -> None:
    content = containers.fods().replace(b"opendocument.spreadsheet", b"opendocument.text")
    grids, (problem,) = reader.read(content, "a.fodt")
    assert (grids, problem.slug, problem.data["kind"]) == ([], "attachment-kept", "ODT")


def test_xls_says_the_same() -> None:
    first, second = read(containers.xls(), "a.xls")
    assert first.values == (*ROWS[:3], ("乙村", None, 3.0, None), ROWS[4])
    assert (second.sheet, second.hidden) == ("隐", True)
    assert first.merged == (Range(0, 0, 0, 3),)
    assert (first.hidden_rows, first.hidden_columns) == ({2}, {3})
    assert first.evidence == {(2, 2): Evidence(format="percent"), (4, 0): Evidence(struck=True)}


def test_an_old_workbook_that_recommends_reading_only_opens_by_itself() -> None:
    content = containers.xls("VelvetSweatshop")
    grids, notes = reader.read(content, "a.xls")
    assert grids == read(containers.xls(), "a.xls")
    assert [note.rule for note in notes] == ["D08", "D01"]


def test_an_old_workbook_with_a_password_opens_with_it_alone() -> None:
    content = containers.xls("秘密")
    assert refusal(content, "a.xls") == "file-password"
    assert refusal(content, "a.xls", "wrong") == "file-password-wrong"
    grids, (note, _) = reader.read(content, "a.xls", "秘密")
    assert grids == read(containers.xls(), "a.xls")
    assert (note.slug, "秘密" in note.text()) == ("file-encrypted", False)


@pytest.mark.parametrize("name", ["a.html", "a.mht"])
def test_a_web_page_is_read_as_the_texts_it_shows(name: str) -> None:
    (grid,) = read(containers.ALL[name](), name)
    assert grid.values == (
        ("标题", None, None, None),
        ("村名", "床位", "率", "日期"),
        ("甲村", "12", "98.0%", "2026-03-01"),
        ("乙村", CellError("#DIV/0!"), "3", None),
        ("丙村", "5", "0.5", None),
    )
    assert grid.merged == (Range(0, 0, 0, 3),)
    assert grid.hidden_rows == {2}
    assert grid.evidence == {(4, 0): Evidence(struck=True)}


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What LibreOffice makes of the sheet."""
    office = shutil.which("soffice")
    if not office:
        pytest.skip("LibreOffice is not installed")
    folder = tmp_path_factory.mktemp("office")
    (folder / "a.xlsx").write_bytes(containers.xlsx())
    home = f"-env:UserInstallation={(folder / 'home').as_uri()}"
    for kind in ("ods", "xls"):
        command = [
            office,
            home,
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            str(folder),
            str(folder / "a.xlsx"),
        ]
        done = subprocess.run(command, capture_output=True, timeout=120, check=False)
        if not (folder / f"a.{kind}").exists():
            pytest.skip(f"LibreOffice cannot convert here: {done.stderr.decode(errors='replace')[-200:]}")
    return folder


def test_what_libreoffice_writes(converted: Path) -> None:
    for kind in ("ods", "xls"):
        first, second = read((converted / f"a.{kind}").read_bytes(), f"a.{kind}")
        assert (first.values, first.merged) == (ROWS, (Range(0, 0, 0, 3),))
        assert (first.hidden_rows, first.hidden_columns, second.hidden) == ({2}, {3}, True)
        assert first.evidence[2, 2].format == "percent"
        assert first.evidence[3, 1].comment == "作废"
        assert first.evidence[4, 0].struck


# ------------------------------------------------------------------------------------------------ what it is, by its bytes


@pytest.mark.parametrize(
    ("name", "called", "rule", "found"),
    [
        ("a.xlsx", "a.xls", "D03", "xlsx"),
        ("a.csv", "a.xls", "D03", "csv"),
        ("a.ods", "a.xlsx", "D03", "ods"),
        ("a.xlsb", "a.xlsx", "D03", "xlsb"),
        ("a.html", "a.xls", "D04", "网页表格（HTML）"),
        ("a.mht", "a.xls", "D04", "单个文件网页（MHT）"),
        ("a.xml", "a.xls", "D05", "XML 2003表格"),
        ("a.xls", "a.xls", "D01", ""),
        ("a.xls", "a.et", "D02", "xls"),
        ("a.xlsx", "a.et", "D02", "xlsx"),
    ],
)
def test_the_extension_is_only_remarked_on(name: str, called: str, rule: str, found: str) -> None:
    grids, (note,) = reader.read(containers.ALL[name](), called)
    assert grids
    assert (note.rule, note.found, note.severity, note.refused) == (rule, found, "note", "")


@pytest.mark.parametrize(
    "name", ["a.xlsx", "a.xlsb", "a.ods", "a.html", "a.mht", "a.xml", "a.csv", "b.xlsm", "b.tsv"]
)
def test_a_file_that_is_what_it_says_leaves_no_remark(name: str) -> None:
    content = containers.ALL[{"b.xlsm": "a.xlsx", "b.tsv": "a.csv"}.get(name, name)]()
    assert reader.read(content, name)[1] == []


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"Rar!\x1a\x07\x00", "RAR"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n", "PNG"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"{\\rtf1", "RTF"),
        (b"<?xml version='1.0'?><a/>", "XML"),
        (zipped({"a.txt": "x"}), "ZIP"),
        (zipped({"_rels/.rels": relations(("officeDocument", "word/document.xml")), "word/document.xml":
                 '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'}), "Word"),
        (zipped({"_rels/.rels": relations(("officeDocument", "ppt/p.xml")), "ppt/p.xml":
                 '<p:p xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"/>'}), "PowerPoint"),
        (zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}), "ODT"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "WordDocument\0".encode("utf-16-le"), "Word"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_another_programs_file_is_refused_by_its_name_or_kept(content: bytes, kind: str) -> None:
    """A document or a picture is an attachment, unless its name says that it was meant for a workbook; an archive is to be unpacked."""
    archives = ("RAR", "7z", "gzip", "ZIP")
    refused = "file-compressed" if kind in archives else "file-unsupported"
    kept = refused if kind in (*archives, "XML") else "attachment-kept"
    for name, slug in (("东镇.xlsx", refused), ("东镇", kept)):
        grids, (problem,) = reader.read(content, name)
        assert grids == []
        assert (problem.slug, problem.rule, problem.data["kind"]) == (slug, "D11", kind)
        assert problem.refused == ("" if slug == "attachment-kept" else "file")
        assert kind in problem.text("zh")


# ------------------------------------------------------------------------------------------------ web pages


def page(body: str) -> Grid:
    (grid,) = read(f"<html><body>{body}</body></html>".encode(), "a.html")
    return grid


def test_what_stands_around_a_pages_table_keeps_its_order() -> None:
    grid = page(
        "<h1>诊所情况表</h1><p>填报单位：东镇<br>2026年第一季度</p><table><tr><td>村名<td>床位<tr><td>甲村<td>1</table>"
        "<table><tr><td>填表人：某</td><td>电话：1</td></tr></table>"
    )
    assert grid.values == (
        ("诊所情况表", None),
        ("填报单位：东镇", None),
        ("2026年第一季度", None),
        ("村名", "床位"),
        ("甲村", "1"),
        ("填表人：某", "电话：1"),
    )


def test_a_table_inside_a_layout_table_is_the_table() -> None:
    inner = "<table><tr><td>村名<td>床位<tr><td>甲村<td>1</table>"
    grid = page(f"<table><tr><td>菜单</td><td>{inner}</td></tr></table>")
    assert grid.values == (("菜单", None), ("村名", "床位"), ("甲村", "1"))


def test_two_tables_are_refused_with_their_number() -> None:
    table = "<table><tr><td>村名<td>床位<tr><td>甲村<td>1</table>"
    grids, (problem,) = reader.read(f"<html>{table * 2}</html>".encode(), "a.xls")
    assert (grids, problem.slug, problem.rule, problem.data["found"]) == ([], "html-tables", "D04", "2")


def test_spans_reach_down_and_right() -> None:
    grid = page(
        "<table><tr><td rowspan=2>村名<td colspan=2>医生<tr><td>男<td>女<tr><td>甲村<td>1<td>2</table>"
    )
    assert grid.values == (("村名", "医生", None), (None, "男", "女"), ("甲村", "1", "2"))
    assert grid.merged == (Range(0, 0, 1, 0), Range(0, 1, 0, 2))


def test_a_column_too_narrow_for_its_number_does_not_hide_it() -> None:
    grid = page('<table><tr><td>村<td>收入<tr><td>甲<td x:num="1234567.5">###</table>')
    assert grid.values[1] == ("甲", "1234567.5")


def test_a_single_file_page_of_several_sheets_gives_each() -> None:
    def part(name: str, body: str) -> str:
        return f"------=_b\r\nContent-Location: file:///C:/1/{name}\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{body}\r\n"

    sheets = "".join(
        f'<x:ExcelWorksheet><x:Name>{name}</x:Name><x:WorksheetSource HRef="b.files/{file}"/></x:ExcelWorksheet>'
        for name, file in (("表1", "sheet001.htm"), ("表2", "sheet002.htm"))
    )
    table = "<html><table><tr><td>村名<td>床位<tr><td>甲村<td>{}</table></html>"
    content = (
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="----=_b"\r\n\r\n'
        + part("b.htm", f"<html><head><xml>{sheets}</xml></head><frameset></frameset></html>")
        + part("b.files/sheet001.htm", table.format(1))
        + part("b.files/sheet002.htm", table.format(2))
        + "------=_b--\r\n"
    )
    assert [(g.sheet, g.values[1]) for g in read(content.encode(), "a.mht")] == [
        ("表1", ("甲村", "1")),
        ("表2", ("甲村", "2")),
    ]


# ------------------------------------------------------------------------------------------------ OpenDocument


def ods_rows(rows: str, settings: str = "") -> Grid:
    (grid,) = read(containers.ods(f'<table:table table:name="表">{rows}</table:table>', settings), "a.ods")
    return grid


def test_repetitions_of_values_are_values_and_of_blanks_nothing() -> None:
    cell = '<table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="7"><text:p>7</text:p></table:table-cell>'
    grid = ods_rows(
        f'<table:table-row table:number-rows-repeated="3">{cell}</table:table-row>'
        '<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
        f"<table:table-row>{cell}</table:table-row>"
    )
    assert grid.values == ((7.0, 7.0),) * 3 + ((None, None),) * 2 + ((7.0, 7.0),)


def test_a_million_rows_of_values_are_too_many() -> None:
    cell = '<table:table-cell table:number-columns-repeated="9" office:value-type="float" office:value="7"/>'
    content = containers.ods(
        f'<table:table table:name="表"><table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row></table:table>'
    )
    assert refusal(content, "a.ods") == "workbook-too-large"


@pytest.mark.parametrize(
    ("attributes", "shown", "value"),
    [
        (
            'table:formula="of:=1/0" office:value-type="float" office:value="0"',
            "#DIV/0!",
            CellError("#DIV/0!"),
        ),
        ('table:formula="of:=X" office:value-type="string"', "Err:508", CellError("Err:508")),
        ('table:formula="of:=[.A1]"', "", Uncached("of:=[.A1]")),
        ('office:value-type="time" office:time-value="PT08H30M00S"', "8:30", time(8, 30)),
        ('office:value-type="boolean" office:boolean-value="true"', "TRUE", True),
        ('office:value-type="currency" office:value="1.50"', "￥1.50", 1.5),
        ('office:value-type="string" office:string-value="乙"', "", "乙"),
    ],
)
def test_what_a_cell_of_opendocument_holds(attributes: str, shown: str, value: object) -> None:
    grid = ods_rows(
        f"<table:table-row><table:table-cell {attributes}><text:p>{shown}</text:p></table:table-cell></table:table-row>"
    )
    assert grid.values == ((value,),)


def test_text_keeps_its_spaces_and_lines() -> None:
    grid = ods_rows(
        '<table:table-row><table:table-cell office:value-type="string"><text:p>张<text:s text:c="2"/>三<text:line-break/>'
        "<text:span>李</text:span>四</text:p><text:p>王</text:p></table:table-cell></table:table-row>"
    )
    assert grid.values == (("张  三\n李四\n王",),)


def test_opendocument_counts_from_1904_and_names_what_a_formula_links_to() -> None:
    grid = ods_rows(
        """<table:table-row><table:table-cell table:formula="of:='file:///C:/数据/汇总%20表.xlsx'#$Sheet1.A1"
        office:value-type="float" office:value="1"/></table:table-row>""",
        '<table:calculation-settings><table:null-date table:date-value="1904-01-01"/></table:calculation-settings>',
    )
    assert grid.epoch_1904
    assert grid.evidence[0, 0].link == "汇总 表.xlsx"


def test_copies_of_other_files_cells_are_no_sheets() -> None:
    row = '<table:table-row><table:table-cell office:value-type="float" office:value="1"/></table:table-row>'
    content = containers.ods(
        f"""<table:table table:name="表">{row}</table:table>
        <table:table table:name="'file:///C:/b.ods'#$Sheet1" table:style-name="ta_extref">{row}</table:table>"""
    )
    assert [grid.sheet for grid in read(content, "a.ods")] == ["表"]


def test_an_encrypted_opendocument_file_is_refused_as_such() -> None:
    content = zipped({"content.xml": "x", "META-INF/manifest.xml": "<m><encryption-data/></m>"})
    assert refusal(content, "a.ods") == "file-password-ods"


# ------------------------------------------------------------------------------------------------ binary workbooks


def test_zeros_of_a_program_that_never_calculated_are_no_zeros_in_binary_workbooks_either() -> None:
    first, _ = read(containers.xlsb(recalculated=True), "a.xlsb")
    assert first.values[3] == ("乙村", CellError("#DIV/0!"), Uncached(), None)


def test_days_of_a_binary_workbook_from_1904() -> None:
    first, _ = read(containers.xlsb(epoch_1904=True), "a.xlsb")
    assert first.epoch_1904
    assert first.values[2][3] == date(2030, 3, 2)


def test_a_binary_workbook_cut_off_inside_is_damaged() -> None:
    content = rewritten(containers.xlsb(), r"xl/worksheets/sheet1\.bin", lambda part: part[:-1])
    assert refusal(content, "a.xlsb") == "file-damaged"


# ------------------------------------------------------------------------------------------------ OOXML


def edited(part: str, edit: object) -> list[Grid]:
    return read(rewritten(containers.xlsx(), part, edit))


def test_strict_ooxml_reads_the_same() -> None:
    strict = {
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    }

    def edit(part: bytes) -> bytes:
        for old, new in strict.items():
            part = part.replace(old, new)
        return part

    assert edited(r".*\.(xml|rels)", edit) == read(containers.xlsx())


@pytest.mark.parametrize("error", ["#SPILL!", "#CALC!", "#FIELD!", "#BUSY!"])
def test_errors_of_newer_programs_are_errors(error: str) -> None:
    first, _ = edited(r"xl/worksheets/sheet1\.xml", lambda part: part.replace(b"#DIV/0!", error.encode()))
    assert first.values[3][1] == CellError(error)


def test_parts_in_another_case_with_backslashes_in_other_folders_and_utf_16() -> None:
    with zipfile.ZipFile(BytesIO(containers.xlsx())) as archive:
        parts: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}
    parts["XL\\Worksheets\\Sheet1.XML"] = (
        parts.pop("xl/worksheets/sheet1.xml").decode().replace("UTF-8", "UTF-16").encode("utf-16")  # type: ignore[union-attr]
    )
    assert read(zipped(parts))[0].values == ROWS


def test_a_sheet_that_is_listed_but_not_there_makes_the_file_damaged() -> None:
    with zipfile.ZipFile(BytesIO(containers.xlsx())) as archive:
        parts: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}
    for lost in ("xl/worksheets/sheet2.xml", "xl/sharedStrings.xml", "xl/styles.xml"):
        assert refusal(zipped({name: part for name, part in parts.items() if name != lost})) == "file-damaged"


@pytest.mark.parametrize("number", [b"", b"x", b"99999999999"])
def test_a_row_without_a_number_that_can_be_is_damage(number: bytes) -> None:
    content = rewritten(
        containers.xlsx(),
        r"xl/worksheets/sheet1\.xml",
        lambda part: part.replace(b'<row r="5', b'<row r="' + number),
    )
    grids, problems = reader.read(content, "a.xlsx")
    assert [problem.refused for problem in problems] == ["file"] or grids[0].values[2:4] == ROWS[2:4]


def test_struck_out_parts_of_a_text_and_of_an_inline_text() -> None:
    out = BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    sheet.write_rich_string(0, 0, "张三", book.add_format({"font_strikeout": True}), "李四")
    sheet.write(0, 1, "王五")
    book.close()
    (grid,) = read(out.getvalue())
    assert grid.evidence == {(0, 0): Evidence("parts", struck=True)}
    inline = b'<c r="B1" t="inlineStr"><is><r><rPr><strike/></rPr><t>\xe7\x8e\x8b</t></r></is></c>'
    (grid,) = read(
        rewritten(
            out.getvalue(), r"xl/worksheets/sheet1\.xml", lambda p: re.sub(rb'<c r="B1".*?</c>', inline, p)
        )
    )
    assert {at for at, found in grid.evidence.items() if found.struck} == {(0, 0), (0, 1)}
    assert grid.values == (("张三李四", "王"),)


def _xlsx_of_parts() -> bytes:
    out = BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    struck, raised = book.add_format({"font_strikeout": True}), book.add_format({"font_script": 1})
    sheet.write_rich_string(0, 0, struck, "12", "15")
    sheet.write_rich_string(0, 1, "5", raised, "2")
    sheet.write_rich_string(0, 2, struck, "1", struck, "5")
    book.close()
    return out.getvalue()


def _xls_of_parts() -> bytes:
    book, out = xlwt.Workbook(), BytesIO()
    sheet = book.add_sheet("a")
    struck, raised = xlwt.easyfont("struck_out true"), xlwt.easyfont("escapement superscript")
    sheet.write_rich_text(0, 0, (("12", struck), "15"))
    sheet.write_rich_text(0, 1, ("5", ("2", raised)))
    sheet.write_rich_text(0, 2, (("1", struck), ("5", struck)))
    book.save(out)
    return out.getvalue()


def _ods_of_parts() -> bytes:
    styles = """<style:style style:name="T1" style:family="text"><style:text-properties style:text-line-through-style="solid"/></style:style>
<style:style style:name="T2" style:family="text"><style:text-properties style:text-position="33% 58%"/></style:style>"""
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
        for text in (
            '<text:span text:style-name="T1">12</text:span>15',
            '5<text:span text:style-name="T2">2</text:span>',
            '<text:span text:style-name="T1">1</text:span><text:span text:style-name="T1">5</text:span>',
        )
    )
    table = f'<table:table table:name="a"><table:table-row>{cells}</table:table-row></table:table>'
    return rewritten(
        containers.ods(table),
        r"content\.xml",
        lambda part: part.replace(
            b"</office:automatic-styles>", styles.encode() + b"</office:automatic-styles>"
        ),
    )


_XML_OF_PARTS = """<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="a"><Table><Row>
 <Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><S>12</S>15</ss:Data></Cell>
 <Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40">5<Sup>2</Sup></ss:Data></Cell>
 <Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><S>1</S><S>5</S></ss:Data></Cell>
 </Row></Table></Worksheet></Workbook>"""
_HTML_OF_PARTS = (
    "<table><tr><td><s>12</s>15<td>5<sup>2</sup><td><s>1</s><s>5</s></tr><tr><td>a<td>b</tr></table>"
)


@pytest.mark.parametrize(
    "content",
    [_xlsx_of_parts(), _xls_of_parts(), _ods_of_parts(), _XML_OF_PARTS.encode(), _HTML_OF_PARTS.encode()],
    ids=["xlsx", "xls", "ods", "xml", "html"],
)
def test_a_number_of_which_only_a_part_is_struck_out_or_raised_is_told(content: bytes) -> None:
    """12 struck out before 15 would be read as 1215, 5² as 52."""
    (grid,) = read(content, "a.xls")
    assert grid.values[0][:2] == ("1215", "52")
    assert {at for at, found in grid.evidence.items() if found.format == "parts"} == {(0, 0), (0, 1)}
    assert {at for at, found in grid.evidence.items() if found.struck} == {(0, 0), (0, 2)}


@pytest.mark.parametrize(
    ("style", "said"),
    [
        ('<number:text>约</number:text><number:number number:min-integer-digits="1"/>', "scaled"),
        ('<number:number number:display-factor="1000"/>', "scaled"),
        ('<number:text>-</number:text><number:number/><style:map style:condition="value()&gt;=0" style:apply-style-name="N0"/>', ""),
        ("<number:number/><number:text>人</number:text>", ""),
    ],
)  # fmt: skip
def test_a_format_of_an_ods_that_shows_another_number_is_told(style: str, said: str) -> None:
    cell = '<table:table-cell table:style-name="c" office:value-type="float" office:value="12"><text:p>x</text:p></table:table-cell>'
    table = (
        f'<table:table table:name="a"><table:table-row>{cell}<table:table-cell office:value-type="string">'
        "<text:p>x</text:p></table:table-cell></table:table-row></table:table>"
    )
    styles = (
        '<number:number-style style:name="N0"><number:number/></number:number-style>'
        f'<number:number-style style:name="N1">{style}</number:number-style>'
        '<style:style style:name="c" style:family="table-cell" style:data-style-name="N1"/></office:automatic-styles>'
    )
    content = rewritten(
        containers.ods(table),
        r"content\.xml",
        lambda part: part.replace(b"</office:automatic-styles>", styles.encode()),
    )
    (grid,) = read(content, "a.ods")
    assert grid.evidence.get((0, 0), Evidence()).format == said


def test_the_workbook_that_a_formula_reads_from_is_named() -> None:
    with zipfile.ZipFile(BytesIO(containers.xlsx())) as archive:
        parts: dict[str, bytes | str] = {name: archive.read(name).decode() for name in archive.namelist()}
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(  # type: ignore[arg-type]
        "</sheets>", '</sheets><externalReferences><externalReference r:id="rId90"/></externalReferences>'
    )
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(  # type: ignore[arg-type]
        "</Relationships>",
        f'<Relationship Id="rId90" Type="{kinds}/externalLink" Target="externalLinks/externalLink1.xml"/></Relationships>',
    )
    parts["xl/externalLinks/externalLink1.xml"] = "<externalLink/>"
    parts["xl/externalLinks/_rels/externalLink1.xml.rels"] = relations(
        ("externalLinkPath", 'file:///D:\\数据\\%E6%B1%87%E6%80%BB.xlsx" TargetMode="External')
    )
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(
        "A9+1", "'[1]表 1'!A9+Table1[2020]"
    )  # type: ignore[arg-type]
    first, _ = read(zipped(parts))
    assert first.evidence[3, 2] == Evidence(formula="'[1]表 1'!A9+Table1[2020]", link="汇总.xlsx")
    assert first.evidence[3, 1].link == ""


@pytest.mark.parametrize("prefix", [b"", b"<!-- -->"], ids=["by expressions", "by elements"])
def test_a_formula_that_cells_share_is_said_of_each(prefix: bytes) -> None:
    row = (
        b'<row r="6"><c r="A6"><f t="shared" ref="A6:A7" si="3">[1]a!B1</f><v>1</v></c>'
        b'<c r="B6"><f t="shared" si="3"/><v>2</v></c><c r="C6"><f t="shared" si="3"/></c></row></sheetData>'
        + prefix
    )
    first, _ = edited(r"xl/worksheets/sheet1\.xml", lambda part: part.replace(b"</sheetData>", row))
    assert first.values[5] == (1.0, 2.0, Uncached(), None)
    assert {first.evidence[5, column].formula for column in range(3)} == {"[1]a!B1"}


def test_hours_of_no_day_are_hours_in_xls() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    sheet.write(0, 0, 0.5, xlwt.easyxf(num_format_str="h:mm"))
    out = BytesIO()
    book.save(out)
    assert read(out.getvalue(), "a.xls")[0].values == ((time(12),),)


def test_comments_in_threads() -> None:
    with zipfile.ZipFile(BytesIO(containers.xlsx())) as archive:
        parts: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = relations(
        ("comments", "../comments1.xml"), ("threadedComment", "../threadedComments/threadedComment1.xml")
    )
    parts["xl/threadedComments/threadedComment1.xml"] = (
        '<ThreadedComments><threadedComment ref="B4" id="1"><text>这格作废</text></threadedComment>'
        '<threadedComment ref="B4" id="2" parentId="1"><text>好</text></threadedComment></ThreadedComments>'
    )
    assert read(zipped(parts))[0].evidence[3, 1].comment == "这格作废\n好"


# ------------------------------------------------------------------------------------------------ text


def test_a_quotation_mark_without_a_partner_is_refused_with_its_line() -> None:
    content = '村名,床位\r\n甲村,"12\r\n乙村,5\r\n'.encode()
    assert refusal(content, "a.csv") == "csv-quotes"


def test_tabs_and_semicolons_part_cells_too() -> None:
    for mark in "\t;":
        assert read(f"村名{mark}床位\n甲村{mark}1\n".encode(), "a.txt")[0].values == (
            ("村名", "床位"),
            ("甲村", "1"),
        )
