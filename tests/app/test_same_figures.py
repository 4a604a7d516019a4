"""The same figures everywhere: every number of every format is a printed fact, and every fact leads to cells that can be read again."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from briefing_values import context
from command_line import ruralpb
from lxml import etree
from lxml import html as lxml_html

from ruralpb.intake import readers
from ruralpb.model import cell_position
from ruralpb.model.loader import shipped_path
from ruralpb.publish.documents import Rendered, names, render, stamp

WHEN = stamp(context().data.period.end, {})
BUILTIN = shipped_path("templates")
Q = ("--quarter", "2026Q1")
FORMATS = ("docx", "html", "xlsx", "md")

STRUCTURAL: dict[str, Counter[str]] = {
    "docx": Counter(),
    "html": Counter(),
    "xlsx": Counter(),
    "md": Counter(),
}
"""Numbers of a format that count nothing: none. Page numbers are fields, headings are counted in Chinese, and the period, dates,
the document's number, the numbers of annexes and the digits in names are facts like all others."""


def numbers_in(text: str) -> list[str]:
    return re.findall(r"\d+(?:\.\d+)?", text)


def of_word(content: bytes) -> Iterator[str]:
    """Body, heads and feet; a field's result is the program's that shows it."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if re.fullmatch(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml", name):
                yield from of_paragraphs(etree.fromstring(archive.read(name)))


def of_paragraphs(part: Any) -> Iterator[str]:
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    for paragraph in part.iter(f"{w}p"):
        field, said = 0, []
        for node in paragraph.iter(f"{w}fldChar", f"{w}t"):
            if node.tag == f"{w}fldChar":
                field += {"begin": 1, "end": -1}.get(node.get(f"{w}fldCharType"), 0)
            elif not field and not any(up.tag == f"{w}fldSimple" for up in node.iterancestors()):
                said.append(node.text or "")
        yield "".join(said)


def of_page(content: bytes) -> Iterator[str]:
    """What is shown: text and drawings. Titles and descriptions of drawings repeat their numbers for those who hear the page."""
    page = lxml_html.fromstring(content.decode())
    for spoken in page.xpath("//svg//title | //svg//desc"):
        spoken.getparent().remove(spoken)
    for block in page.xpath(
        "//main//p | //main//h1 | //main//h2 | //main//h3 | //main//td | //main//th | //main//text | //figcaption"
    ):
        yield "".join(block.itertext())


def of_sheets(content: bytes) -> Iterator[str]:
    """Cells as they are shown, of the cards and the tables; 反查 and 来源单元格 are about the numbers."""
    for sheet in openpyxl.load_workbook(io.BytesIO(content), data_only=True):
        if sheet.title in ("反查", "来源单元格"):
            continue
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, int | float):
                    places = len(re.match(r"0\.?(0*)", cell.number_format).group(1))  # type: ignore[union-attr]
                    yield f"{Decimal(str(cell.value)):.{places}f}"
                elif cell.value is not None:
                    yield str(cell.value)


def found_in(format: str, content: bytes) -> Counter[str]:
    """The numbers a document shows, how often each."""
    texts = {"docx": of_word, "html": of_page, "xlsx": of_sheets}.get(format, lambda c: [c.decode()])(content)
    return Counter(number for text in texts for number in numbers_in(text))


def printed_in(made: Rendered) -> Counter[str]:
    """The numbers of the facts that were printed, how often each."""
    return Counter(number for p in made.printed for number in numbers_in(p.text))


def one(format: str, search: list[Path], template: str = "quarterly") -> Rendered:
    return render(context(), template, search, [format], WHEN)


# -------------------------------------------------------------------------------------------------- every number is a fact


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("template", [name for name in names([BUILTIN]) if name != "profile"])
def test_no_number_of_a_document_is_not_a_printed_fact(format: str, template: str) -> None:
    made = one(format, [BUILTIN], template)
    found, printed = found_in(format, made.files[format]), printed_in(made)
    assert sum(found.values()) > 20
    if format == "xlsx":  # a card says again what a table says: here each number once
        found, printed = Counter(set(found)), Counter(set(printed))
    assert found - printed - STRUCTURAL[format] == Counter()


def test_a_page_shows_every_printed_number_exactly_once() -> None:
    made = one("html", [BUILTIN])
    assert found_in("html", made.files["html"]) == printed_in(made)


def test_what_is_spoken_of_a_drawing_is_what_is_drawn() -> None:
    page = lxml_html.fromstring(one("html", [BUILTIN]).files["html"].decode())
    for drawing in page.xpath("//figure/svg"):
        spoken = {n for node in drawing.xpath(".//title | .//desc") for n in numbers_in(node.text or "")}
        caption = set(numbers_in("".join(drawing.getparent().xpath("./figcaption//text()"))))
        for node in drawing.xpath(".//title | .//desc"):
            node.getparent().remove(node)
        drawn = {n for text in drawing.itertext() for n in numbers_in(text)}
        assert spoken - caption - {n for label in LABELS for n in numbers_in(label)} <= drawn


def test_a_label_and_its_number_are_spoken_apart() -> None:
    """2025Q4 and 98.7 are not 2025Q498.7 to those who hear the page."""
    page = lxml_html.fromstring(one("html", [BUILTIN]).files["html"].decode())
    drawn = page.xpath("//figure[not(@class='heat')]")
    assert drawn
    for figure in drawn:
        (spoken,) = figure.xpath(".//desc/text()")
        assert all(re.fullmatch(r"[^：]+：[0-9.%—-]+", point) for point in spoken.split("；")), spoken


def test_words_in_a_column_of_numbers_may_break_and_dates_do_not() -> None:
    page = lxml_html.fromstring(one("html", [BUILTIN]).files["html"].decode())
    right = [cell.text_content() for cell in page.xpath("//main//td[contains(@class, 'right')]")]
    assert max(map(len, right)) <= 14
    dates = page.xpath("//main//td[contains(@class, 'date')]")
    assert dates
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", cell.text_content()) for cell in dates)


LABELS = [i.title for i in context().data.library.indicators.values()]
"""Headings of the heat map are cut when they are long; what is spoken is not."""


@pytest.mark.parametrize("format", FORMATS)
def test_a_number_that_is_no_fact_is_found_by_these_tests(format: str, tmp_path: Path) -> None:
    """Guards the guard: one number typed into a template, in the text and in a table."""
    text = "# 题\n\n共有 77777 个村，{{ introduction }}。\n\n:::表 甲\n| 名称 | 数 |\n|:--|--:|\n| 乙 | 88888 |\n:::\n"
    (tmp_path / "own.md.j2").write_text(text, "utf-8")
    made = one(format, [tmp_path, BUILTIN], "own")
    strange = set(found_in(format, made.files[format])) - set(printed_in(made))
    assert strange == ({"88888"} if format == "xlsx" else {"77777", "88888"})
    assert [problem.slug for problem in made.problems] == ["template-number", "template-number"]


def test_the_formats_print_the_same_facts() -> None:
    """The text of all formats is one: page and workbook add to it, and take nothing away."""
    said = {format: [(p.text, p.fact) for p in one(format, [BUILTIN]).printed] for format in FORMATS}
    text = said["md"]
    assert said["docx"] == text
    assert said["html"][: len(text)] == said["xlsx"][: len(text)] == text


# -------------------------------------------------------------------------------------------------- every fact leads to its cells


@pytest.fixture(scope="module")
def traced(county: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    out = tmp_path_factory.mktemp("out")
    said = ruralpb(
        "report", *Q, "--format", "html,xlsx,md", "--trace", "--out", out, "--json", project=county
    )
    assert said.code == 0, said.err
    return said.json | {"folder": out}


def test_every_number_of_a_report_is_listed_with_its_fact(traced: dict[str, Any]) -> None:
    listed = Counter(n for fact in traced["facts"] for n in numbers_in(fact["text"]))
    (page,) = traced["folder"].glob("*.html")
    (text,) = traced["folder"].glob("*.md")
    for format, path in (("html", page), ("md", text)):
        assert found_in(format, path.read_bytes()) - listed == Counter()


def test_every_figure_of_an_indicator_has_cells(traced: dict[str, Any]) -> None:
    of = {fact["of"] for fact in traced["facts"] if fact["of"]}
    assert len(of) > 100
    without = {
        id for id in of - traced["cells"].keys() if id.partition("@")[0].partition("{")[0] not in UNROOTED
    }
    assert without == set()


UNROOTED = {i.id for i in context().data.library.indicators.values() if i.derived}
"""Indicators computed of others: their cells are those of the indicators they name."""


def test_every_cell_says_what_stands_in_the_file_that_was_sent(county: Path, traced: dict[str, Any]) -> None:
    files: dict[str, dict[str, Any]] = {}
    wrong, checked = [], 0
    for cells in traced["cells"].values():
        for cell in cells[:5]:
            if cell["file"] not in files:
                path = next((county / "returns").rglob(Path(cell["file"]).name), None)
                path = (
                    county / "returns" / cell["file"]
                    if (county / "returns" / cell["file"]).is_file()
                    else path
                )
                assert path is not None, cell["file"]
                grids, _ = readers.read(path.read_bytes(), path.name)
                files[cell["file"]] = {grid.sheet: grid for grid in grids}
            place = cell_position(cell["cell"])
            if cell["raw"] == "***" or place is None:
                continue
            stands = files[cell["file"]][cell["sheet"]].cell(*place)
            same = cell["raw"] in ("", str(stands)) or Decimal(cell["raw"]) == Decimal(str(stands))
            checked += 1
            if not same and not hasattr(stands, "isoformat"):
                wrong.append((cell, stands))
    assert checked > 300
    assert wrong == []
