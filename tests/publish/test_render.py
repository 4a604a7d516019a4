"""Documents: the same figures in every format, the same bytes for the same input, the layout of GB/T 9704, a safe template."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from urllib.parse import unquote

import docx
import openpyxl
import pytest
from briefing_values import COUNTY, REGISTER, SETTINGS, context
from docx.oxml.ns import qn
from lxml import etree
from lxml import html as lxml_html

from ruralpb.core.ooxml.rewriting import reproducible
from ruralpb.core.problems import CannotRun
from ruralpb.model import REPORT_FORMATS, Address
from ruralpb.model.loader import shipped_path
from ruralpb.publish.blocks import Box, Heading, Paragraph, TableBlock, all_runs, text_of
from ruralpb.publish.documents import Rendered, names, render, stamp
from ruralpb.publish.markup.parsing import parse
from ruralpb.publish.text import Context
from ruralpb.publish.xlsx import sheets

WHEN = stamp(date(2026, 4, 8), {})
BUILTIN = shipped_path("templates")
FIGURE = f"one_shoulder_rate@{COUNTY}@2026Q1"
CELL = Address("2026-04-07/草尾镇.xlsx", "两委名册", "C7", raw="书记<主任>")


def cells(ids: Sequence[str]) -> dict[str, Sequence[Address]]:
    """The cells behind the figures asked for: of one figure, one cell."""
    return {id: [CELL] for id in ids if id == FIGURE}


@pytest.fixture(scope="module")
def composed() -> Context:
    return context()


@pytest.fixture(scope="module")
def rendered(composed: Context) -> Rendered:
    return render(composed, "quarterly", [BUILTIN], ["docx", "html", "xlsx", "md"], WHEN, cells)


def own(folder: Path, text: str, name: str = "own") -> list[Path]:
    """A search path with one template of the project before the built-in ones."""
    (folder / f"{name}.md.j2").write_text(text, "utf-8")
    return [folder, BUILTIN]


def said(folder: Path, text: str) -> str:
    return render(context(), "own", own(folder, text), ["md"], WHEN).files["md"].decode().strip()


# -------------------------------------------------------------------------------------------------- the same everywhere


def test_every_number_of_the_builtin_template_is_a_fact(rendered: Rendered, composed: Context) -> None:
    assert rendered.problems == ()
    assert len(rendered.printed) > 500
    assert all(p.text in composed.facts.by_id[p.fact].texts for p in rendered.printed)


def numbers_in(text: str) -> list[str]:
    return re.findall(r"\d+(?:\.\d+)?", text)


def document_text(content: bytes) -> str:
    body = docx.Document(io.BytesIO(content)).element.body
    return "\n".join("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in body.iter(qn("w:p")))


def test_word_html_and_markdown_print_the_same_numbers_in_the_same_order(rendered: Rendered) -> None:
    page = lxml_html.fromstring(rendered.files["html"].decode())
    for drawn in page.xpath("//figure | //div[@class='reference']"):
        drawn.drop_tree()
    in_page = numbers_in("\n".join(page.xpath("//main")[0].itertext()))
    in_word = numbers_in(document_text(rendered.files["docx"]))
    in_text = numbers_in(rendered.files["md"].decode())
    assert in_page == in_word == in_text


def test_the_same_input_gives_the_same_bytes(rendered: Rendered) -> None:
    again = render(context(), "quarterly", [BUILTIN], list(rendered.files), WHEN, cells)
    assert again.files == rendered.files


def test_archives_bear_the_given_date_only(rendered: Rendered) -> None:
    for format in ("docx", "xlsx"):
        with zipfile.ZipFile(io.BytesIO(rendered.files[format])) as archive:
            assert {member.date_time for member in archive.infolist()} == {(2026, 4, 8, 0, 0, 0)}
            core = archive.read("docProps/core.xml").decode()
            assert re.findall(r"20\d\d-\d\d-\d\d", core) == ["2026-04-08"] * len(re.findall(r"20\d\d-", core))


def test_the_date_of_documents_is_the_builds_when_it_names_one() -> None:
    assert stamp(date(2026, 4, 8), {"SOURCE_DATE_EPOCH": "1775692800"}) == datetime(2026, 4, 9, tzinfo=UTC)
    assert stamp(date(2026, 4, 8), {"SOURCE_DATE_EPOCH": ""}) == datetime(2026, 4, 8, tzinfo=UTC)


def test_zipping_again_changes_nothing_but_dates() -> None:
    content = sheets.workbook("表", ["甲"], [[1]], WHEN)
    once = reproducible(content, WHEN)
    assert reproducible(once, WHEN) == once


# -------------------------------------------------------------------------------------------------- templates


def test_the_project_overrides_a_template_by_name(tmp_path: Path) -> None:
    (tmp_path / "quarterly.md.j2").write_text("# {{ unit }}的通报\n", "utf-8")
    made = render(context(), "quarterly", [tmp_path, BUILTIN], ["md"], WHEN)
    assert made.files["md"].decode() == "# 沅江市的通报\n"
    assert names([tmp_path, BUILTIN]) == [
        "annex_definitions",
        "dispatch",
        "profile",
        "public_notice",
        "quarterly",
        "summary",
        "work_report",
        "year_summary",
    ]


@pytest.mark.parametrize(
    ("template", "slug", "line"),
    [
        ("一\n{{ nobody }}\n", "template-undefined", 2),
        ("一\n二\n{{ unit.nothing }}\n", "template-undefined", 3),
        ("{% for x in %}", "template-syntax", 1),
        ("一\n{% include 'gone.md.j2' %}", "template-missing", None),
        ("{{ setting.__globals__ }}", "template-refused", 1),
        ("{{ sections.append(1) }}", "template-refused", 1),
        ("一\n{{ sections }}", "template-refused", 2),
    ],
)
def test_what_is_wrong_in_a_template_is_said_with_its_line(
    tmp_path: Path, template: str, slug: str, line: int | None
) -> None:
    with pytest.raises(CannotRun) as caught:
        said(tmp_path, template)
    (problem,) = caught.value.problems
    assert (problem.slug, problem.where.line) == (slug, line)
    assert problem.text("zh")
    assert problem.text("en")


def test_a_missing_template_names_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(CannotRun) as caught:
        render(context(), "monthly", [tmp_path, BUILTIN], ["md"], WHEN)
    assert (
        caught.value.problems[0].expected
        == "annex_definitions、dispatch、profile、public_notice、quarterly、summary、work_report、year_summary"
    )


def test_an_unknown_format_names_those_there_are() -> None:
    with pytest.raises(CannotRun) as caught:
        render(context(), "quarterly", [BUILTIN], ["doc"], WHEN)
    assert caught.value.problems[0].expected == "、".join(REPORT_FORMATS)


def test_a_number_typed_into_a_template_is_reported(tmp_path: Path) -> None:
    made = render(
        context(), "own", own(tmp_path, "全市共有 145 个村，{{ period }}，占 98.0%。\n"), ["md"], WHEN
    )
    assert [(p.slug, p.found) for p in made.problems] == [
        ("template-number", "145"),
        ("template-number", "98.0%"),
    ]


def test_markup_in_data_stays_text(tmp_path: Path) -> None:
    hostile = "<script>alert(1)</script> **a** | b [c](d)\n:::附件"
    c = context(settings=replace(SETTINGS, report={"issuer": hostile}))
    made = render(c, "own", own(tmp_path, "# 题\n\n{{ setting('issuer') }}\n"), ["html", "md"], WHEN)
    page = lxml_html.fromstring(made.files["html"].decode())
    assert page.xpath("//main/p")[0].text_content() == hostile.replace("\n", " ")
    (paragraph,) = parse(made.files["md"].decode())[1:]
    assert isinstance(paragraph, Paragraph)
    assert text_of(paragraph.runs) == hostile.replace("\n", " ")


def test_settings_are_printed_as_they_are_and_dates_in_chinese(tmp_path: Path) -> None:
    text = "{{ setting('signed_on') }}，{{ setting('issuer') }}，{{ setting('nothing', '无') }}\n"
    assert said(tmp_path, text) == "2026年4月15日，中共沅江市委组织部，无"


# -------------------------------------------------------------------------------------------------- blocks


def test_containers_hold_blocks_and_nest() -> None:
    (outer,) = parse("::::横表\n:::表 甲 乙\n| a | b |\n|:--|--:|\n| 1 | 2 |\n:::\n\n:::注\n话\n:::\n::::\n")
    assert isinstance(outer, Box)
    table, note = outer.blocks
    assert isinstance(table, Box)
    assert isinstance(note, Box)
    assert (table.name, table.words, note.name) == ("表", ("甲", "乙"), "注")
    (grid,) = table.blocks
    assert isinstance(grid, TableBlock)
    assert grid.aligns == ("left", "right")


def test_an_unclosed_container_ends_with_the_text() -> None:
    (box,) = parse(":::主送\n甲：\n")
    assert isinstance(box, Box)
    assert [text_of(r.runs) for r in box.blocks if isinstance(r, Paragraph)] == ["甲："]


def test_a_title_may_be_broken_by_sense() -> None:
    (title,) = parse("关于某事\\\n的通报\n===\n")
    assert isinstance(title, Heading)
    assert [run.text for run in title.runs] == ["关于某事", "\n", "的通报"]
    assert text_of(title.runs) == "关于某事的通报"


def test_lists_bold_and_line_ends() -> None:
    blocks = parse("- 甲\n- **乙**丙\n\n1. 丁\n\n上\n下\n")
    assert [(b.bullet, text_of(b.runs)) for b in blocks if isinstance(b, Paragraph)] == [
        ("·", "甲"),
        ("·", "乙丙"),
        ("1.", "丁"),
        ("", "上下"),
    ]
    assert [run.text for run in all_runs(blocks) if run.bold] == ["乙"]


# -------------------------------------------------------------------------------------------------- .docx


@pytest.fixture(scope="module")
def document(rendered: Rendered) -> object:
    return docx.Document(io.BytesIO(rendered.files["docx"]))


def test_the_page_is_that_of_an_official_circular(document: object) -> None:
    section = document.sections[0]  # type: ignore[attr-defined]
    sides = ("top_margin", "bottom_margin", "left_margin", "right_margin", "page_width", "page_height")
    assert [round(getattr(section, side).mm) for side in sides] == [37, 35, 28, 26, 210, 297]
    grid = section._sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")


def test_styles_carry_fonts_sizes_and_indents(document: object) -> None:
    def style(id: str) -> dict[str, str]:
        element = document.styles.element.xpath(f"//w:style[@w:styleId='{id}']")[0]  # type: ignore[attr-defined]
        look = {
            "font": element.xpath(".//w:rFonts/@w:eastAsia")[0],
            "size": element.xpath(".//w:sz/@w:val")[0],
        }
        return look | {"indent": (element.xpath(".//w:ind/@w:firstLineChars") or [""])[0]}

    assert style("BriefTitle") == {"font": "方正小标宋简体", "size": "44", "indent": ""}
    assert style("BriefBody") == {"font": "仿宋_GB2312", "size": "32", "indent": "200"}
    assert style("BriefHeading1") == {"font": "黑体", "size": "32", "indent": "200"}
    assert style("BriefHeading2") == {"font": "楷体_GB2312", "size": "32", "indent": "200"}
    default = document.styles.element.xpath("//w:pPrDefault//w:spacing")[0]  # type: ignore[attr-defined]
    assert (default.get(qn("w:line")), default.get(qn("w:lineRule"))) == ("579", "exact")


def test_only_one_set_of_styles_is_in_the_package(rendered: Rendered) -> None:
    with zipfile.ZipFile(io.BytesIO(rendered.files["docx"])) as archive:
        members = archive.namelist()
    assert not [
        name for name in members if "stylesWithEffects" in name or "thumbnail" in name or "customXml" in name
    ]


def test_no_theme_font_is_left(rendered: Rendered) -> None:
    with zipfile.ZipFile(io.BytesIO(rendered.files["docx"])) as archive:
        assert b"asciiTheme" not in archive.read("word/styles.xml")
        assert b"eastAsiaTheme" not in archive.read("word/styles.xml")


def test_page_numbers_stand_outside(document: object) -> None:
    section = document.sections[0]  # type: ignore[attr-defined]
    assert document.settings.odd_and_even_pages_header_footer  # type: ignore[attr-defined]
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        xml = etree.tostring(footer._element, encoding="unicode")
        assert "PAGE" in xml
        assert f'w:jc w:val="{side}"' in xml


def test_wide_tables_lie_across_and_everything_else_stands(document: object) -> None:
    turns = [round(s.page_width.mm) > round(s.page_height.mm) for s in document.sections]  # type: ignore[attr-defined]
    assert turns == [False, False, True, False]


def test_table_heads_repeat_rows_hold_together_and_widths_are_said_twice(document: object) -> None:
    for table in document.tables:  # type: ignore[attr-defined]
        rows = table._tbl.tr_lst
        assert rows[0].trPr.find(qn("w:tblHeader")) is not None
        assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in rows)
        columns = [int(c.get(qn("w:w"))) for c in table._tbl.tblGrid.findall(qn("w:gridCol"))]
        cells = [int(c.get(qn("w:w"))) for c in rows[-1].iter(qn("w:tcW"))]
        assert columns == cells
        assert sum(columns) <= 12755
        assert min(columns) > 300


def test_each_annex_begins_a_page_with_its_number(document: object) -> None:
    styles = [p.style.style_id for p in document.paragraphs]  # type: ignore[attr-defined]
    assert styles.count("AnnexNumber") == styles.count("AnnexTitle") == 3
    signed = [p.text for p in document.paragraphs if p.style.style_id == "BriefSigned"]  # type: ignore[attr-defined]
    assert signed == ["中共沅江市委组织部", "2026年4月15日"]


def test_fonts_are_the_projects(tmp_path: Path) -> None:
    c = context(settings=replace(SETTINGS, fonts={"body": "华文仿宋"}))
    made = render(c, "own", own(tmp_path, "# 题\n\n文\n"), ["docx"], WHEN)
    with zipfile.ZipFile(io.BytesIO(made.files["docx"])) as archive:
        styles = archive.read("word/styles.xml").decode()
    assert "华文仿宋" in styles
    assert "仿宋_GB2312" not in styles


def test_a_red_letterhead_is_optional(tmp_path: Path) -> None:
    report = {**SETTINGS.report, "letterhead": "中共沅江市委组织部文件", "number": "沅组通〔2026〕5号"}
    c = context(settings=replace(SETTINGS, report=report))
    made = render(c, "quarterly", [BUILTIN], ["docx"], WHEN)
    document = docx.Document(io.BytesIO(made.files["docx"]))
    heads = [p.text for p in document.paragraphs if p.style.style_id in ("Letterhead", "LetterNumber")]
    assert heads == ["中共沅江市委组织部文件", "沅组通〔2026〕5号"]


# -------------------------------------------------------------------------------------------------- .html


@pytest.fixture(scope="module")
def page(rendered: Rendered) -> object:
    return lxml_html.fromstring(rendered.files["html"].decode())


def test_the_page_needs_nothing_from_outside(page: object, rendered: Rendered) -> None:
    assert not page.xpath("//link | //img | //iframe | //script[@src] | //*[@style]")  # type: ignore[attr-defined]
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")  # type: ignore[attr-defined]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    links = [a.get("href") for a in page.xpath("//a")]  # type: ignore[attr-defined]
    assert all(link.startswith("#f=") for link in links)
    outside = re.findall(r"https?://[^\s\"']+", rendered.files["html"].decode())
    assert set(outside) == {"http://www.w3.org/2000/svg"}


def test_every_link_leads_to_a_fact_and_every_fact_to_its_value(page: object) -> None:
    data = json.loads(page.xpath("//script[@id='facts']/text()")[0])  # type: ignore[attr-defined]
    linked = {unquote(a.get("href")[3:]) for a in page.xpath("//a")}  # type: ignore[attr-defined]
    assert linked <= data["facts"].keys()
    assert {fact["of"] for fact in data["facts"].values() if "of" in fact} == data["values"].keys()
    assert all(value["i"] in data["definitions"] for value in data["values"].values())


def test_a_fact_carries_formula_parts_coverage_and_cells(page: object) -> None:
    data = json.loads(page.xpath("//script[@id='facts']/text()")[0])  # type: ignore[attr-defined]
    figure = data["values"][FIGURE]
    assert (figure["covered"], figure["expected"]) == (14, 14)
    assert Decimal(figure["n"]) / Decimal(figure["d"]) * 100 == pytest.approx(Decimal(figure["value"]))
    assert data["cells"] == {FIGURE: [0, 1]}
    ((file, sheet, column, row, texts),) = data["runs"]
    assert (data["names"][file], data["names"][sheet]) == (CELL.file, CELL.sheet)
    assert (column, row, texts) == ("C", 7, ["书记<主任>"])
    assert "count(distinct village_code)" in data["definitions"]["one_shoulder_rate"]["method"]


def test_charts_are_drawn_with_attributes_and_say_their_numbers(page: object) -> None:
    charts = page.xpath("//figure/svg")  # type: ignore[attr-defined]
    assert charts
    for chart in charts:
        assert not chart.xpath(".//*[@class]")
        assert chart.get("role") == "img"
        assert chart.xpath("./title")[0].text
    bars = page.xpath("//figure[@class='bar'][starts-with(figcaption, '各')]/svg")  # type: ignore[attr-defined]
    assert {len(bar.xpath(".//rect")) for bar in bars} == {14}


def test_a_missing_period_is_a_gap_in_the_line(tmp_path: Path) -> None:
    text = ":::图 line %\n走势\n\n| 名称 | 数值 |\n|:--|--:|\n| 甲 | 1 |\n| 乙 | 2 |\n| 丙 | — |\n| 丁 | 3 |\n| 戊 | 4 |\n:::\n"
    made = render(context(), "own", own(tmp_path, text), ["html"], WHEN)
    lines = lxml_html.fromstring(made.files["html"].decode()).xpath("//polyline/@points")
    assert [len(points.split()) for points in lines] == [2, 2]


# -------------------------------------------------------------------------------------------------- .xlsx


@pytest.fixture(scope="module")
def workbook(rendered: Rendered) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(rendered.files["xlsx"]))


def test_every_table_has_its_sheet_and_the_trace_stands_last(workbook: openpyxl.Workbook) -> None:
    assert workbook.sheetnames == [
        *(
            "要览",
            "主要指标",
            "指标口径",
            "标准依据",
            "排名",
            "问题清单",
            "报送情况",
            "图表",
            "反查",
            "来源单元格",
        )
    ]


def test_numbers_are_numbers_as_printed(workbook: openpyxl.Workbook) -> None:
    cell = workbook["排名"]["B4"]
    assert isinstance(cell.value, int | float)
    assert cell.number_format == "0.0"
    assert isinstance(workbook["排名"]["C4"].value, int)


def test_sheets_print_across_with_repeated_heads(workbook: openpyxl.Workbook) -> None:
    for sheet in workbook:
        assert sheet.page_setup.fitToHeight == 0 or sheet.title == "图表"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        if sheet.title not in ("要览", "图表"):
            assert sheet.print_title_rows == "$1:$2"


def test_the_trace_sheet_leads_from_number_to_fact(workbook: openpyxl.Workbook) -> None:
    rows = {row[-1]: row for row in workbook["反查"].iter_rows(min_row=3, values_only=True)}
    row = rows[FIGURE]
    assert row[1:4] == ("书记主任“一肩挑”比例", REGISTER.units[0].name, "2026Q1")
    assert workbook["来源单元格"]["D3"].value == "C7"


def test_text_never_becomes_a_formula_or_a_link() -> None:
    rows = [["=1+1", "http://example.org", "007"]]
    made = openpyxl.load_workbook(io.BytesIO(sheets.workbook("表", ["甲", "乙", "丙"], rows, WHEN)))
    row = next(made["表"].iter_rows(min_row=2))
    assert [(c.value, c.data_type, c.hyperlink) for c in row] == [(text, "s", None) for text in rows[0]]


@pytest.mark.parametrize(
    ("cell", "shown", "format"),
    [
        (Decimal("98.0"), 98, "0.0"),
        (Decimal("12.50"), 12.5, "0.00"),
        (7, 7, "0"),
        (True, "是", "General"),
        (None, None, "General"),
        (date(2026, 4, 8), datetime(2026, 4, 8), "yyyy\\-mm\\-dd"),
    ],
)
def test_a_cell_keeps_its_kind(cell: object, shown: object, format: str) -> None:
    made = openpyxl.load_workbook(io.BytesIO(sheets.workbook("表", ["甲"], [[cell]], WHEN)))
    found = made["表"]["A2"]
    assert found.value == shown
    assert found.number_format.replace("\\", "") == format.replace("\\", "")


def test_sheet_names_are_legal_and_different() -> None:
    book = sheets.Book(WHEN)
    for name in ("甲/乙:丙*", "甲/乙:丙*", "", "很" * 40):
        book.sheet(name, [sheets.SheetColumn("列")], [])
    found = openpyxl.load_workbook(io.BytesIO(book.close())).sheetnames
    assert found == ["甲 乙 丙", "甲 乙 丙2", "表", "很" * 28]


# -------------------------------------------------------------------------------------------------- .pdf


def test_without_libreoffice_the_rest_is_done_and_a_hint_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    made = render(context(), "quarterly", [BUILTIN], ["pdf", "md"], WHEN)
    assert sorted(made.files) == ["docx", "md"]  # the hint is to save the .docx as PDF
    assert [p.slug for p in made.problems] == ["pdf-no-office"]


def test_an_office_that_writes_nothing_is_not_believed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake = tmp_path / "soffice"
    fake.write_text("#!/bin/sh\nexit 0\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    made = render(context(), "quarterly", [BUILTIN], ["pdf"], WHEN)
    assert list(made.files) == ["docx"]
    assert [p.slug for p in made.problems] == ["pdf-failed"]
