"""The page in a real browser: a figure leads to its cells, tables sort, search narrows, print and narrow screens hold, nothing leaves.

Chromium is driven through Playwright, whose own browser is not needed: the installed one serves.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from briefing_values import COUNTY, context

from ruralpb.core import numbers
from ruralpb.model import Address
from ruralpb.model.loader import shipped_path
from ruralpb.publish.documents import Rendered, render
from ruralpb.publish.html.charts import SHADES
from ruralpb.publish.html.shell import asset

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

FIGURE = f"one_shoulder_rate@{COUNTY}@2026Q1"
CELLS = [
    *(Address("2026-04-07/草尾镇.xlsx", "两委名册", f"C{row}", raw=f"书记<{row}>") for row in range(7, 137)),
    Address("2026-04-07/南嘴镇.xlsx", "两委名册", "D9", raw="１２", note="全角数字按半角读取"),
]
SORTED_BY_PINYIN = ["草尾镇", "茶盘洲镇", "共华镇", "黄茅洲镇", "漉湖湿地保护与发展事务中心", "南大膳镇"]


@pytest.fixture(scope="module")
def made() -> Rendered:
    def cells(ids: Sequence[str]) -> dict[str, Sequence[Address]]:
        return {FIGURE: CELLS} if FIGURE in ids else {}

    from ruralpb.publish.documents import stamp

    when = stamp(context().data.period.end, {})
    return render(context(), "quarterly", [shipped_path("templates")], ["html"], when, cells)


@pytest.fixture(scope="module")
def address(made: Rendered, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("page") / "通报.html"
    path.write_bytes(made.files["html"])
    return path.as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """The page, opened; whatever it says on the console or asks of a network fails the test."""
    opened = browser.new_page(viewport={"width": 1200, "height": 900})
    said: list[str] = []
    asked: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(address)
    yield opened
    opened.close()
    assert said == []
    assert {url.partition("#")[0] for url in asked} == {address}


def told(page: Any) -> dict[str, str]:
    """What the panel lists, by name."""
    names, texts = (page.locator(f"#panel {tag}").all_inner_texts() for tag in ("dt", "dd"))
    return dict(zip(names, texts, strict=True))


def column(page: Any, table: str, number: int, rows: str = "tr:not(.total)") -> list[str]:
    found = page.locator(f"{table} tbody {rows}:visible > :nth-child({number})").all_inner_texts()
    return [text.strip() for text in found]


RANKING = ".wide table >> nth=0"


# -------------------------------------------------------------------------------------------------- 数据反查


def test_a_click_on_a_figure_tells_what_its_trace_tells(page: Any, made: Rendered) -> None:
    link = page.locator(f"main td a.f[href='#f={FIGURE}']").first
    text = link.inner_text()
    link.click()
    value = next(v for v in context().data.values if v.id == FIGURE)
    panel = page.locator("#panel")
    assert panel.locator("h2").inner_text() == "书记主任“一肩挑”比例"
    assert panel.locator(".big").inner_text() == text
    said = told(page)
    assert said["分子"] == numbers.exported(value.numerator)
    assert said["分母"] == numbers.exported(value.denominator)
    assert said["覆盖（有数据 / 应有）"] == "14 / 14"
    assert said["编号"] == FIGURE
    assert said["上期（2025Q4）"].startswith(
        numbers.exported(value.previous.base if value.previous else None)
    )
    printed = next(p for p in made.printed if p.fact == FIGURE)
    rows = [row.split("\t") for row in panel.locator("tbody tr").all_inner_texts()]
    assert len(printed.cells) == len(CELLS)
    assert rows[0] == ["2026-04-07/南嘴镇.xlsx", "两委名册 D9", "１２", "全角数字按半角读取"]
    assert rows[1] == ["2026-04-07/草尾镇.xlsx", "两委名册 C7", "书记<7>", ""]


def test_all_cells_can_be_listed(page: Any) -> None:
    page.locator(f"a.f[href='#f={FIGURE}']").first.click()
    rows = page.locator("#panel tbody tr")
    assert rows.count() == 100
    page.get_by_role("button", name=re.compile("列出其余 31 个")).click()
    assert rows.count() == len(CELLS)
    assert rows.last.inner_text().split("\t")[1] == "两委名册 C136"


def test_every_link_opens_its_own_fact(page: Any) -> None:
    """All of them, not a sample: what the panel names is what the link names."""
    wrong = page.evaluate(
        """() => Array.from(document.querySelectorAll("a.f")).filter((link) => {
             link.click();
             const id = decodeURIComponent(link.getAttribute("href").slice(3));
             location.hash = link.getAttribute("href");
             window.dispatchEvent(new HashChangeEvent("hashchange"));
             const panel = document.getElementById("panel");
             const ids = panel.querySelectorAll("dd");
             return panel.hidden || ids[ids.length - 1].textContent !== id
               || panel.querySelector(".big").textContent !== link.textContent;
           }).map((link) => link.href)"""
    )
    assert page.locator("a.f").count() > 400
    assert wrong == []


def test_a_change_says_what_it_was_compared_with(page: Any) -> None:
    part = f"{FIGURE}#previous.change"
    page.goto(page.url + f"#f={quote(part)}")
    assert told(page)["本数"] == "与上期相比的增减"
    assert "上期（2025Q4）" in told(page)


def test_a_deep_link_opens_the_panel_and_shows_the_figure(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}#f={quote(FIGURE)}")
    assert page.locator("#panel").is_visible()
    assert told(page)["编号"] == FIGURE
    marked = page.locator("a.f.on").first
    assert marked.get_attribute("href") == f"#f={FIGURE}"
    box = marked.bounding_box()
    assert 0 <= box["y"] <= page.viewport_size["height"]
    page.close()


@pytest.mark.parametrize("hash", ["#f=nobody@1@2026Q1", "#f=%E0%A4%A", "#top", "#f="])
def test_a_link_to_nothing_opens_nothing(browser: Any, address: str, hash: str) -> None:
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address + hash)
    assert page.locator("#panel").is_hidden()
    assert errors == []
    page.close()


def test_the_keyboard_suffices(page: Any) -> None:
    link = page.locator(f"main td a.f[href='#f={FIGURE}']").first
    link.focus()
    page.keyboard.press("Enter")
    page.locator("#panel").wait_for(state="visible", timeout=5000)
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "关闭"
    page.keyboard.press("Escape")
    assert page.locator("#panel").is_hidden()
    assert page.evaluate("document.activeElement.getAttribute('href')") == f"#f={FIGURE}"
    assert "#" not in page.url


def test_the_panel_is_a_named_dialog_and_drawings_have_words(page: Any) -> None:
    page.locator("a.f").first.click()
    dialog = page.get_by_role("dialog")
    assert dialog.get_attribute("aria-labelledby") == "panel-title"
    for drawing in page.locator("figure svg").all():
        assert drawing.get_attribute("role") == "img"
        assert drawing.locator("> title").text_content()
        assert drawing.locator("> desc").text_content()


# -------------------------------------------------------------------------------------------------- tables


def test_numbers_sort_by_value_both_ways_and_sums_keep_their_place(page: Any) -> None:
    head = page.locator(f"{RANKING} >> thead th >> nth=1")
    total = column(page, RANKING + " >>", 1, "tr.total")
    head.click()
    assert head.get_attribute("aria-sort") == "ascending"
    up = column(page, RANKING + " >>", 2)
    known = [float(text) for text in up if text != "—"]
    assert known == sorted(known)
    assert len(set(known)) > 2
    head.click()
    assert head.get_attribute("aria-sort") == "descending"
    down = [float(text) for text in column(page, RANKING + " >>", 2) if text != "—"]
    assert down == sorted(known, reverse=True)
    assert page.locator(f"{RANKING} >> tbody tr >> nth=0").get_attribute("class") == "total"
    assert column(page, RANKING + " >>", 1, "tr.total") == total == ["全市"]


def test_what_is_not_known_stands_last_either_way(page: Any) -> None:
    page.evaluate(
        """() => document.querySelector(".wide tbody tr:not(.total) td:nth-child(2)").textContent = "—" """
    )
    head = page.locator(f"{RANKING} >> thead th >> nth=1")
    for _ in range(2):
        head.click()
        assert column(page, RANKING + " >>", 2)[-1] == "—"


def test_names_sort_as_chinese_does_by_keyboard_too(page: Any) -> None:
    head = page.locator(f"{RANKING} >> thead th >> nth=0")
    head.focus()
    page.keyboard.press("Enter")
    assert column(page, RANKING + " >>", 1)[: len(SORTED_BY_PINYIN)] == SORTED_BY_PINYIN


def test_numbers_with_their_measures_sort_by_size(page: Any) -> None:
    table = page.locator("main table", has_text="施行日期")
    table.locator("thead th").nth(1).click()
    amounts = [
        re.match(r"[0-9.]+", text) for text in table.locator("tbody td:nth-child(2)").all_inner_texts()
    ]
    found = [float(amount[0]) for amount in amounts if amount]
    assert len(found) > 3
    assert found == sorted(found)


def test_search_keeps_the_rows_that_have_the_words(page: Any) -> None:
    before = page.locator("main tbody tr:visible").count()
    page.get_by_label("查找").fill("草尾镇")
    rows = page.locator("main tbody tr:visible").all_inner_texts()
    assert 0 < len(rows) < before
    assert all("草尾镇" in row for row in rows)
    assert page.locator("#found").inner_text().startswith("找到 ")
    assert all("草尾镇" in text for text in page.locator("main .hit").all_inner_texts())
    page.keyboard.press("Enter")
    assert page.locator("#found").inner_text().startswith("第 1 处")
    page.get_by_label("查找").fill("没有的镇")
    assert page.locator("#found").inner_text() == "没有找到"
    page.keyboard.press("Escape")
    assert page.locator("main tbody tr:visible").count() == before


# -------------------------------------------------------------------------------------------------- drawings


def test_the_heat_map_colours_by_rank_and_leads_to_the_cells(page: Any) -> None:
    ranks = {v.id: (v.rank, v.ranked) for v in context().data.values if v.rank}
    tiles = page.evaluate(
        """() => Array.from(document.querySelectorAll("figure.heat g > rect")).map((rect) => {
             const text = rect.parentNode.querySelector("text");
             return [text.getAttribute("data-f"), rect.getAttribute("fill"), text.textContent];
           })"""
    )
    ranked = [(fill, *ranks[fact]) for fact, fill, _ in tiles if fact in ranks]
    assert len(ranked) > 100
    assert {fill for fill, rank, _ in ranked if rank == 1} == {SHADES[0][1]}
    assert {fill for fill, rank, of in ranked if rank == of} == {SHADES[-1][1]}
    drawn = page.locator("figure.heat text[data-f]").nth(20)
    drawn.click()
    assert told(page)["编号"] == drawn.get_attribute("data-f")
    assert page.locator("#panel .big").inner_text() == drawn.text_content()


# -------------------------------------------------------------------------------------------------- where it is read


@pytest.mark.parametrize("width", [360, 400, 420, 800])
def test_a_narrow_screen_scrolls_down_only(page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    room = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    wide, seen = page.evaluate(room)
    assert wide <= seen == width
    page.locator("a.f").first.click()
    assert page.locator("#panel").bounding_box()["width"] <= width
    wide, seen = page.evaluate(room)
    assert wide <= seen


def test_the_figure_asked_about_stays_in_sight_above_the_panel(page: Any) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    for place in (20, 5):
        link = page.locator("a.f").nth(place)
        link.click()
        page.wait_for_function("document.querySelector('#panel:not([hidden])')")
        box, panel = link.bounding_box(), page.locator("#panel").bounding_box()
        assert page.locator("#tools").bounding_box()["height"] <= box["y"]
        assert box["y"] + box["height"] <= panel["y"]


def test_print_has_every_row_and_neither_panel_nor_tools(page: Any, tmp_path: Path) -> None:
    rows = page.locator("main tbody tr").count()
    page.get_by_label("查找").fill("草尾镇")
    page.locator("a.f:visible").first.click()
    page.emulate_media(media="print")
    assert page.locator("#panel").is_hidden()
    assert page.locator("#tools").is_hidden()
    assert page.locator("main tbody tr:visible").count() == rows
    content = page.pdf(prefer_css_page_size=True)
    assert content.startswith(b"%PDF")
    if shutil.which("pdftotext"):
        (tmp_path / "page.pdf").write_bytes(content)
        said = subprocess.run(
            ["pdftotext", "-layout", str(tmp_path / "page.pdf"), "-"], capture_output=True, check=True
        ).stdout.decode()
        for words in ("综合排名表", "问题清单", "报送情况表", "指标口径", "标准依据"):
            assert words in said
        assert "来源单元格" not in said
        assert not re.search(r"^\s*编号\s", said, re.MULTILINE)  # a heading of the panel


def test_without_script_all_is_there_to_be_read(browser: Any, address: str) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(address)
    assert page.locator("#tools").is_hidden()
    assert page.locator("#panel").is_hidden()
    assert page.locator("main tbody tr:visible").count() > 100
    assert page.locator("figure svg").first.is_visible()
    page.close()


def test_an_injected_script_or_style_is_refused(browser: Any, made: Rendered, tmp_path: Path) -> None:
    hostile = '<script>window.ran = 1</script><p id="p" style="color:red">x</p><img src="https://example.org/a.png">'
    path = tmp_path / "page.html"
    path.write_text(made.files["html"].decode().replace("</main>", hostile + "</main>"), "utf-8")
    page = browser.new_page()
    asked: list[str] = []
    page.on("requestfinished", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    assert page.evaluate("window.ran") is None
    assert page.evaluate("getComputedStyle(document.getElementById('p')).color") != "rgb(255, 0, 0)"
    assert asked == [path.as_uri()]
    page.close()


@pytest.mark.parametrize("name", ["panel.js", "tables.js", "search.js"])
def test_the_scripts_are_es5(name: str) -> None:
    """Old office browsers stop at the first word they do not know, and then nothing works."""
    code = re.sub(r'"[^"\n]*"|/\*.*?\*/', '""', asset(name), flags=re.S)
    assert not re.search(r"=>|`|\b(let|const|class|async|await|import|export)\b|\.\.\.|\?\.|\?\?", code)
    assert not re.search(r"\.(closest|append|replaceWith|includes|padStart|matches|forEach\.call)\(", code)


def test_the_style_needs_no_new_browser() -> None:
    style = asset("page.css")
    assert not re.search(
        r":has\(|:is\(|:where\(|@layer|@container|\b(min|max|clamp)\(|display:grid|\bgap:", style
    )
    assert "details" not in style


def test_a_wide_annex_is_printed_with_its_title(page: Any, tmp_path: Path) -> None:
    if not shutil.which("pdftotext"):
        pytest.skip("no pdftotext on this machine")
    (tmp_path / "page.pdf").write_bytes(page.pdf(prefer_css_page_size=True))
    said = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "page.pdf"), "-"], capture_output=True, check=True
    )
    (ranking,) = [
        text
        for text in said.stdout.decode().split("\f")
        if "附件1" in text and "附件2" not in text and "位次" in text
    ]
    assert "南嘴镇" in ranking


def test_no_picture_is_of_two_bars(page: Any) -> None:
    for drawn in page.locator("figure.bar svg").all():
        assert drawn.locator("rect").count() > 2
