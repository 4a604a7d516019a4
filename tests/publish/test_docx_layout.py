"""The layout of a circular, measured: from the .docx, and from the pages LibreOffice makes of it. Charts that can be edited."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import docx
import openpyxl
import pytest
from briefing_values import SETTINGS, context
from docx.oxml.ns import qn
from lxml import etree

from ruralpb.model.loader import shipped_path
from ruralpb.publish.documents import Rendered, render, stamp
from ruralpb.publish.documents.pdf_printing import convert_all
from ruralpb.publish.docx.check import check
from ruralpb.publish.docx.reference import substitutes

WHEN = stamp(date(2026, 4, 8), {})
REPORT = {
    **SETTINGS.report,
    "letterhead": "中共沅江市委组织部文件",
    "number": "沅组通〔2026〕5号",
    "cc": "市委办公室、市委农村工作领导小组办公室、市农业农村局",
}
SENTENCE = "各乡镇街道要压实责任抓好落实确保取得实效"
TEMPLATE = f"""\
:::红头
中共沅江市委组织部文件

{{{{ setting("number") }}}}
:::

关于抓党建促乡村振兴\\
工作情况的通报
===

:::主送
各乡镇（街道）党（工）委：
:::

{SENTENCE * 60}。

## 一、总体情况

（一）抓好落实。{SENTENCE * 3}。

:::署名
中共沅江市委组织部

{{{{ setting("signed_on") }}}}
:::

:::附件
附件

乡镇主要指标排名表
:::

::::横表
| 单位 | 指标 |
|:--|--:|
{"".join("| 甲 | 乙 |" + chr(10) for _ in range(60))}
::::

:::版记
抄送：市委办公室，市农业农村局，市财政局，市民政局，市人力资源和社会保障局，团市委，市妇联。

市委组织部办公室\\
本日印发
:::
"""
CHARTS = """\
:::图 line %
书记主任“一肩挑”比例走势

| 名称 | 数值 |
|:--|--:|
| 一季度 | 90.5 |
| 二季度 | — |
| 三季度 | 97.0 |
:::

:::图 bar %
各乡镇达标率

| 名称 | 数值 |
|:--|--:|
| 草尾镇 | 100.0 |
| 南嘴镇 | 98.6 |
| 共华镇 | 83.3 |
| 目标 | 98.6% |
:::

:::图 column 个
各收入段的村数

| 名称 | 数值 |
|:--|--:|
| 低收入 | 12 |
| 高收入 | 3 |
:::

:::图 bar 个
没有数

| 名称 | 数值 |
|:--|--:|
| 甲 | — |
:::
"""


def rendered(folder: Path, text: str, **settings: object) -> Rendered:
    (folder / "own.md.j2").write_text(text, "utf-8")
    chosen = replace(SETTINGS, report=REPORT, **settings)  # type: ignore[arg-type]
    return render(context(settings=chosen), "own", [folder, shipped_path("templates")], ["docx"], WHEN)


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


# -------------------------------------------------------------------------------------------------- pages of LibreOffice


@dataclass(frozen=True)
class Word:
    """A word of a PDF: its box in millimetres from the page's upper left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Page:
    width: float
    height: float
    words: tuple[Word, ...]

    def lines(self) -> list[list[Word]]:
        """Words of the same height, from the top."""
        found: dict[int, list[Word]] = {}
        for word in self.words:
            found.setdefault(round(word.bottom * 2), []).append(word)
        return [found[key] for key in sorted(found)]

    def word(self, start: str) -> Word:
        return next(word for word in self.words if word.text.startswith(start))


def pages_of(pdf: Path) -> Iterator[Page]:
    done = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], capture_output=True, check=True)
    space = "{http://www.w3.org/1999/xhtml}"

    def length(element: etree._Element, name: str) -> float:
        return float(element.get(name, "0")) / 72 * 25.4

    for page in etree.fromstring(done.stdout, etree.XMLParser(recover=True)).iter(f"{space}page"):
        words = tuple(
            Word(w.text or "", *(length(w, side) for side in ("xMin", "yMin", "xMax", "yMax")))
            for w in page.iter(f"{space}word")
        )
        yield Page(length(page, "width"), length(page, "height"), words)


@pytest.fixture(scope="module")
def circular(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return rendered(tmp_path_factory.mktemp("circular"), TEMPLATE).files["docx"]


@pytest.fixture(scope="module")
def charted(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return rendered(tmp_path_factory.mktemp("charted"), CHARTS).files["docx"]


@pytest.fixture(scope="module")
def pdfs(circular: bytes, charted: bytes, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The PDFs of both documents, from one run."""
    if not shutil.which("soffice") or not shutil.which("pdftotext"):
        pytest.skip(
            "LibreOffice (soffice) and poppler (pdftotext, pdftoppm) measure the pages; not installed here"
        )
    made, problems = convert_all([circular, circular[:3000], charted], substitutes({}))
    assert [bool(content) for content in made] == [True, False, True]
    assert [(p.slug, p.found) for p in problems] == [("pdf-failed", "没有输出文件，共1份")]
    folder = tmp_path_factory.mktemp("pdf")
    paths = [folder / "circular.pdf", folder / "charted.pdf"]
    for path, content in zip(paths, (made[0], made[2]), strict=True):
        path.write_bytes(content)
    return paths


@pytest.fixture(scope="module")
def pages(pdfs: list[Path]) -> list[Page]:
    return list(pages_of(pdfs[0]))


def test_a_full_page_has_twenty_two_lines_of_twenty_eight_characters(pages: list[Page]) -> None:
    full = pages[1].lines()[:-1]  # the last one is the page number
    assert len(full) == 22
    assert {sum(len(w.text) for w in line) for line in full} == {28}
    pitches = [(b[0].top - a[0].top) / 25.4 * 72 for a, b in pairwise(full)]
    assert all(pitch == pytest.approx(28.95, abs=0.1) for pitch in pitches)


def test_the_text_stands_within_the_type_area(pages: list[Page]) -> None:
    page = pages[1]
    assert (page.width, page.height) == (pytest.approx(210, abs=1), pytest.approx(297, abs=1))
    text = [word for line in page.lines()[:-1] for word in line]
    assert min(w.left for w in text) == pytest.approx(28, abs=1)
    assert max(w.right for w in text) == pytest.approx(184, abs=1)
    assert min(w.top for w in text) > 37 - 1
    assert max(w.bottom for w in text) < 262 + 1


def test_page_numbers_stand_one_character_in_on_the_outside(pages: list[Page]) -> None:
    for place in (0, 1):
        number = pages[place].lines()[-1]
        assert [w.text for w in number] == ["—", str(place + 1), "—"]
        # One character of 14 pt in from the edge.
        inner = 184 - number[-1].right if place == 0 else number[0].left - 28
        assert inner == pytest.approx(14 / 72 * 25.4, abs=0.5)


def test_on_a_page_across_the_number_stands_where_it_stands_on_the_others(pages: list[Page]) -> None:
    turned = [(at + 1, page) for at, page in enumerate(pages) if page.width > page.height]
    assert {number % 2 for number, _ in turned} == {0, 1}
    for number, page in turned:
        found = [w for w in page.words if w.right < 35 - 4]
        assert [w.text for w in found] == ["—", str(number), "—"]
        # Turned upright, the left side is the foot: 28 mm above is the left edge of the type area there.
        inner = 184 - found[-1].bottom if number % 2 else found[0].top - 28
        assert inner == pytest.approx(14 / 72 * 25.4, abs=0.5)


def test_the_dashes_of_a_page_number_stand_seven_millimetres_below_the_type_area(pdfs: list[Path]) -> None:
    pillow = pytest.importorskip("PIL.Image", reason="Pillow reads the picture of the page")
    subprocess.run(["pdftoppm", "-r", "200", "-png", pdfs[0], pdfs[0].with_name("foot")], check=True)
    per = 200 / 25.4
    for path in sorted(pdfs[0].parent.glob("foot-*.png")):
        number = int(path.stem.rpartition("-")[2])
        picture = pillow.open(path).convert("L")
        if picture.width > picture.height:
            picture = picture.rotate(90, expand=True)
        edge = 181 - 5 if number % 2 else 28 + 6  # inside the outer dash
        column = [
            y for y in range(int(263 * per), int(285 * per)) if picture.getpixel((int(edge * per), y)) < 128
        ]
        if column:
            assert sum(column) / len(column) / per == pytest.approx(262 + 7, abs=1), path.name
        else:
            assert number > 6  # the empty page before the 版记, and its own


def test_the_mark_stands_35_mm_down_and_the_red_line_4_mm_below_the_number(
    pages: list[Page], pdfs: list[Path]
) -> None:
    pillow = pytest.importorskip("PIL.Image", reason="Pillow reads the picture of the page")
    subprocess.run(["pdftoppm", "-r", "100", "-l", "1", "-png", pdfs[0], pdfs[0].with_suffix("")], check=True)
    picture = pillow.open(next(pdfs[0].parent.glob("circular-*1.png"))).convert("RGB")
    wide, high = picture.size
    per = wide / 210
    red = [
        [x for x in range(wide) if (p := picture.getpixel((x, y)))[0] > 150 and p[1] < 120 and p[2] < 120]
        for y in range(high)
    ]
    rule = next(y for y in range(high) if len(red[y]) > 150 * per)
    first = next(y for y in range(high) if red[y])
    assert first / per - 37 == pytest.approx(35, abs=2)
    assert (red[rule][-1] - red[rule][0]) / per == pytest.approx(156, abs=1)
    black = [y for y in range(rule) if any(sum(picture.getpixel((x, y))) < 300 for x in range(wide))]
    assert (rule - black[-1]) / per == pytest.approx(4, abs=1)


def test_a_wide_table_lies_across_and_repeats_its_head_on_each_page(pages: list[Page]) -> None:
    across = [page for page in pages if page.width > page.height]
    assert len(across) >= 2
    for page in across:
        assert [w.text for w in page.words].count("单位") == 1
        assert page.word("单位").top < min(w.top for w in page.words if w.text == "甲")


def test_the_imprint_stands_at_the_foot_of_an_even_page_without_a_number(pages: list[Page]) -> None:
    last = pages[-1]
    assert len(pages) % 2 == 0
    first, second, third = last.lines()
    assert first[0].text.startswith("抄送：")
    assert second[0].left == pytest.approx(first[0].left + 3 * 13.75 / 72 * 25.4, abs=1)
    assert [w.text for w in third] == ["市委组织部办公室", "本日印发"]
    assert 184 - third[1].right == pytest.approx(14 / 72 * 25.4, abs=1)
    assert 250 < third[0].top < third[0].bottom < 262 + 1
    assert last.words[0].left == pytest.approx(28 + 14 / 72 * 25.4, abs=1)


def test_the_date_stands_two_characters_right_of_the_signature(pages: list[Page]) -> None:
    page = next(p for p in pages if any(w.text.startswith("2026") for w in p.words) and p is not pages[0])
    name, day = page.word("中共"), page.word("2026")
    assert 184 - name.right == pytest.approx(2 * 16 / 72 * 25.4, abs=1.5)
    assert day.left - name.left == pytest.approx(2 * 16 / 72 * 25.4, abs=2)


def test_charts_are_drawn_on_the_page(pdfs: list[Path]) -> None:
    words = "".join(word.text for page in pages_of(pdfs[1]) for word in page.words)
    for said in ("草尾镇", "98.6", "一季度", "90.5", "低收入", "12"):
        assert said in words


# -------------------------------------------------------------------------------------------------- the .docx itself


def test_the_built_in_circular_deviates_in_nothing(circular: bytes) -> None:
    made = render(
        context(settings=replace(SETTINGS, report=REPORT)),
        "quarterly",
        [shipped_path("templates")],
        ["docx"],
        WHEN,
    )
    assert check(made.files["docx"], "x.docx") == ()
    assert check(circular, "x.docx") == ()


def test_a_seal_and_a_second_line_of_the_imprint_are_settings() -> None:
    more = {**REPORT, "seal": "盖章", "printed_by": "沅江市委组织部办公室", "printed_on": "2026-04-16"}
    made = render(
        context(settings=replace(SETTINGS, report=more)),
        "quarterly",
        [shipped_path("templates")],
        ["docx"],
        WHEN,
    )
    assert made.problems == ()
    document = docx.Document(io.BytesIO(made.files["docx"]))
    imprint = document.tables[-1]
    assert [row.cells[0].text for row in imprint.rows] == [
        "抄送：市委办公室、市委农村工作领导小组办公室、市农业农村局。",
        "沅江市委组织部办公室\t2026年4月16日印发",
    ]
    assert [s.start_type.name for s in document.sections][-1] == "EVEN_PAGE"
    assert check(made.files["docx"], "x.docx") == ()


ABOVE = (":::标注\n内部资料\n:::\n\n", ":::草稿\n草稿：部分报表尚未通过审核\n:::\n\n")
HEAD = ":::红头\n{}\n\n沅组通\n:::\n"


def test_lines_above_the_mark_do_not_move_it(tmp_path: Path) -> None:
    """They stand in the room above it: the mark begins 35 mm below the top of the type area all the same."""
    for lines in (0, 1, 2):
        text = "".join(ABOVE[:lines]) + HEAD.format("中共沅江市委组织部文件")
        made = docx.Document(io.BytesIO(rendered(tmp_path, text).files["docx"]))
        mark = next(p for p in made.paragraphs if p.style.style_id == "Letterhead")
        before = int(mark._p.find(f".//{qn('w:spacing')}").get(qn("w:before")))
        assert before + lines * 579 == 1900


def test_a_long_name_of_an_office_is_set_on_one_line(tmp_path: Path) -> None:
    for name, points in (("中共沅江市委组织部文件", None), ("中共沅江市委农村工作领导小组办公室文件", 23)):
        made = docx.Document(io.BytesIO(rendered(tmp_path, HEAD.format(name)).files["docx"]))
        mark = next(p for p in made.paragraphs if p.style.style_id == "Letterhead")
        size = mark.runs[0].font.size
        assert (size and size.pt) == points
        assert len(name) * (points or 36) * 20 <= 8845


def test_a_signature_never_stands_alone_on_a_page(tmp_path: Path) -> None:
    text = "正文。\n\n:::附件说明\n甲表\n\n乙表\n:::\n\n:::署名\n组织部\n\n{{ setting('signed_on') }}\n:::\n"
    made = docx.Document(io.BytesIO(rendered(tmp_path, text).files["docx"]))
    *kept, day = made.paragraphs

    def next_to(paragraph: docx.text.paragraph.Paragraph) -> bool:
        return bool(
            paragraph.paragraph_format.keep_with_next or paragraph.style.paragraph_format.keep_with_next
        )

    assert [next_to(p) for p in kept] == [True] * len(kept)
    assert not next_to(day)


def test_copies_go_on_under_the_first_name(tmp_path: Path) -> None:
    text = f":::版记\n抄送：{'市委办公室、' * 12}市委。\n\n组织部办公室\n:::\n"
    made = docx.Document(io.BytesIO(rendered(tmp_path, text).files["docx"]))
    copies, printed = (row.cells[0].paragraphs[0] for row in made.tables[-1].rows)
    indent = copies._p.find(f".//{qn('w:ind')}")
    assert (indent.get(qn("w:leftChars")), indent.get(qn("w:hangingChars"))) == ("400", "300")
    assert printed._p.find(f".//{qn('w:ind')}") is None


def test_columns_fit_the_page_and_short_heads_stay_whole(tmp_path: Path) -> None:
    def widths(head: list[str], *rows: list[str]) -> list[int]:
        text = "\n".join(f"| {' | '.join(row)} |" for row in (head, ["--"] * len(head), *rows)) + "\n"
        body = part(rendered(tmp_path, text).files["docx"], "word/document.xml")
        return [int(w) for w in re.findall(r'<w:gridCol w:w="(-?\d+)"', body)]

    for count in (2, 12, 40):
        made = widths(["指标口径"] * count, ["各乡镇街道党组织标准化规范化建设"] * count)
        assert sum(made) == 8845
        assert min(made) > 8845 / count / 2
    dispatch = ["乡镇（街道）", *["累计（万元）"] * 6, "与时序差", "新增负债村", "到期问题"]
    text = f"| {' | '.join(dispatch)} |\n{'|--' * 10}|\n| 草尾镇 {'| 一 ' * 9}|\n"
    body = part(rendered(tmp_path, text).files["docx"], "word/document.xml")
    assert "TableHeadSmall" in body  # （万元） would break in the normal size
    name, unit, _, words = widths(["指标", "计量单位", "数值", "依据"],
                                  ["党组织标准化规范化达标率", "%", "甲" * 40, "字" * 60],
                                  *[["党员总数", "名", "乙", "字" * 60]] * 9)  # fmt: skip
    assert unit >= 4 * 210
    assert name < words
    assert words > 8845 / 3  # one long value does not take the room of a column of them


def test_fonts_and_sizes_are_written_for_chinese_text(circular: bytes) -> None:
    styles = part(circular, "word/styles.xml")
    for style, font, size in (("BriefBody", "仿宋_GB2312", 32), ("BriefTitle", "方正小标宋简体", 44),
                              ("BriefHeading1", "黑体", 32), ("BriefHeading2", "楷体_GB2312", 32)):  # fmt: skip
        (found,) = re.findall(rf'w:styleId="{style}">(.*?)</w:style>', styles)
        assert f'w:eastAsia="{font}"' in found
        assert f'<w:sz w:val="{size}"/>' in found


def test_a_paragraph_that_begins_as_a_heading_has_its_first_sentence_in_kai(circular: bytes) -> None:
    (led,) = [p for p in docx.Document(io.BytesIO(circular)).paragraphs if p.text.startswith("（一）")]
    assert [(r.text[:6], r.style.style_id) for r in led.runs] == [
        ("（一）抓好落", "Lead"),
        (SENTENCE[:6], "DefaultParagraphFont"),
    ]


def test_with_a_seal_the_date_stands_four_characters_in_and_the_name_over_its_middle(tmp_path: Path) -> None:
    text = ":::署名 盖章\n中共沅江市委组织部\n\n{{ setting('signed_on') }}\n:::\n"
    made = docx.Document(io.BytesIO(rendered(tmp_path, text).files["docx"]))
    name, day = [p for p in made.paragraphs if p.style.style_id == "BriefSigned"]
    right = [int(p._p.find(f".//{qn('w:ind')}").get(qn("w:rightChars"))) for p in (name, day)]
    # 9 characters over 6.5: the longer one reaches 1.25 further on each side.
    assert right == [275, 400]


def test_a_character_the_font_lacks_is_set_in_one_that_has_it_and_named(tmp_path: Path) -> None:
    made = rendered(tmp_path, "负责人为张垚，**李喆**。\n")
    (problem,) = made.problems
    assert (problem.slug, problem.found, problem.severity) == ("font-lacks", "垚、喆", "query")
    runs = docx.Document(io.BytesIO(made.files["docx"])).paragraphs[0].runs
    assert [(r.text, r.style.style_id) for r in runs] == [
        ("负责人为张", "DefaultParagraphFont"),
        ("垚", "Rarebody"),
        ("，", "DefaultParagraphFont"),
        ("李", "Lead"),
        ("喆", "Rarebody"),
        ("。", "DefaultParagraphFont"),
    ]
    assert (
        rendered(
            tmp_path, "负责人为张垚。\n", fonts={"title": "宋体", "body": "仿宋", "kai": "楷体"}
        ).problems
        == ()
    )


# -------------------------------------------------------------------------------------------------- charts


def chart(content: bytes, number: int) -> etree._Element:
    return etree.fromstring(part(content, f"word/charts/chart{number}.xml").encode())


SPACE = {
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
}


def test_a_chart_holds_the_numbers_as_printed_and_a_workbook_of_the_same(charted: bytes) -> None:
    for number, labels, values in ((1, ["一季度", "二季度", "三季度"], ["90.5", None, "97.0"]),
                                   (2, ["草尾镇", "南嘴镇", "共华镇"], ["100.0", "98.6", "83.3"]),
                                   (3, ["低收入", "高收入"], ["12", "3"])):  # fmt: skip
        drawn = chart(charted, number)
        assert drawn.xpath("//c:cat//c:pt/c:v/text()", namespaces=SPACE) == labels
        points = {
            p.get("idx"): p.findtext("c:v", namespaces=SPACE)
            for p in drawn.xpath("//c:val//c:pt", namespaces=SPACE)
        }
        assert [points.get(str(i)) for i in range(len(values))] == values
        assert drawn.xpath("string(//c:formatCode)", namespaces=SPACE).startswith(
            "0.0" if "." in str(values[0]) else "0"
        )
        with zipfile.ZipFile(io.BytesIO(charted)) as archive:
            book = openpyxl.load_workbook(
                io.BytesIO(archive.read(f"word/embeddings/Microsoft_Excel_Sheet{number}.xlsx"))
            )
        sheet = book["数据"]
        reach = drawn.xpath("string(//c:val//c:f)", namespaces=SPACE)
        cells = [row[0].value for row in sheet[reach.partition("!")[2].replace("$", "")]]
        assert [c and f"{c:.6g}" for c in cells] == [v and f"{float(v):.6g}" for v in values]


def test_a_missing_number_is_a_gap_and_no_line_is_smoothed(charted: bytes) -> None:
    line = chart(charted, 1)
    assert line.xpath("string(//c:dispBlanksAs/@val)", namespaces=SPACE) == "gap"
    assert line.xpath("string(//c:ser/c:smooth/@val)", namespaces=SPACE) == "0"
    assert line.xpath("string(//c:roundedCorners/@val)", namespaces=SPACE) == "0"


def test_bars_that_miss_the_target_are_red_and_the_target_is_said(charted: bytes) -> None:
    bars = chart(charted, 2)
    assert bars.xpath("//c:dPt/c:idx/@val", namespaces=SPACE) == ["2"]
    assert "".join(bars.xpath("//c:title//a:t/text()", namespaces=SPACE)) == "各乡镇达标率（目标98.6%）"
    assert bars.xpath("string(//c:barDir/@val)", namespaces=SPACE) == "bar"
    assert chart(charted, 3).xpath("string(//c:barDir/@val)", namespaces=SPACE) == "col"


def test_charts_are_said_in_words_and_set_in_a_chinese_font(charted: bytes) -> None:
    body = part(charted, "word/document.xml")
    assert 'descr="各乡镇达标率（目标98.6%）：草尾镇 100.0；南嘴镇 98.6；共华镇 83.3"' in body
    assert body.count("<wp:inline") == 3  # the chart without a number is left out
    fonts = chart(charted, 2).xpath("/c:chartSpace/c:txPr//a:ea/@typeface", namespaces=SPACE)
    assert fonts == ["宋体"]


def test_charts_and_their_workbooks_have_the_same_bytes_each_time(charted: bytes, tmp_path: Path) -> None:
    assert rendered(tmp_path, CHARTS).files["docx"] == charted


def test_an_ooxml_validator_finds_nothing(circular: bytes, charted: bytes, tmp_path: Path) -> None:
    pytest.importorskip(
        "openxml_audit", reason="openxml-audit (extra dev) validates OOXML; not installed here"
    )
    from openxml_audit import OpenXmlValidator

    for name, content in (("circular", circular), ("charted", charted)):
        path = tmp_path / f"{name}.docx"
        path.write_bytes(content)
        result = OpenXmlValidator().validate(path)
        assert [str(error) for error in result.errors] == []
