"""report --check: documents broken on purpose, an item each; documents of other writers; documents that are none."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pytest
from briefing_values import SETTINGS, context
from command_line import ruralpb
from docx.shared import Pt

from ruralpb.core.messages import template
from ruralpb.core.problems import CannotRun
from ruralpb.model.loader import shipped_path
from ruralpb.publish.documents import render, stamp
from ruralpb.publish.docx.check import Deviation, check
from ruralpb.publish.docx.gbt9704 import ITEMS, is_kind
from ruralpb.publish.docx.parts import is_red

WHEN = stamp(date(2026, 4, 8), {})
TEXT = """\
:::红头
中共沅江市委组织部文件

{{ setting("number") }}
:::

关于抓党建促乡村振兴\\
工作情况的通报
===

:::主送
各乡镇（街道）党（工）委：
:::

按照报表制度，对各乡镇（街道）报送的数据作了审核汇总。

## 一、总体情况

### （一）组织建设

基层党组织总数与上季度持平。

#### 重点工作

:::附件说明
乡镇主要指标排名表
:::

:::署名
中共沅江市委组织部

{{ setting("signed_on") }}
:::

:::附件
附件

乡镇主要指标排名表
:::

::::横表
| 甲 | 乙 |
|:--|--:|
| 丙 | 丁 |
::::

:::版记
抄送：市委办公室
:::
"""


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("templates")
    (folder / "small.md.j2").write_text(TEXT.replace("#### 重点工作\n\n", ""), "utf-8")
    settings = replace(SETTINGS, report={**SETTINGS.report, "number": "沅组通〔2026〕5号"})
    made = render(context(settings=settings), "small", [folder, shipped_path("templates")], ["docx"], WHEN)
    return made.files["docx"]


def changed(content: bytes, part: str, old: str, new: str, times: int = 0) -> bytes:
    """The document with `old` (a regular expression) in a part replaced; it must be there."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            text = before.read(name)
            if re.fullmatch(part, name):
                text = re.sub(old, new, text.decode(), count=times, flags=re.S).encode()
            after.writestr(name, text)
    members = [zipfile.ZipFile(io.BytesIO(b)) for b in (content, out.getvalue())]
    assert any(members[0].read(name) != members[1].read(name) for name in members[0].namelist())
    return out.getvalue()


def items(content: bytes) -> list[str]:
    return list(dict.fromkeys(d.item for d in check(content, "x.docx")))


STYLES, TEXT_PART, FEET = "word/styles.xml", "word/document.xml", r"word/footer\d\.xml"


def style(id: str, old: str, new: str) -> Callable[[bytes], bytes]:
    """Change one named style."""
    return lambda content: changed(
        content, STYLES, rf'(w:styleId="{id}">(?:(?!</w:style>).)*?){old}', rf"\1{new}"
    )


def text(old: str, new: str, times: int = 0) -> Callable[[bytes], bytes]:
    return lambda content: changed(content, TEXT_PART, old, new, times)


def feet(old: str, new: str) -> Callable[[bytes], bytes]:
    return lambda content: changed(content, FEET, old, new)


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "margin-top": text('w:top="2098"', 'w:top="2268"', 1),
    "margin-left": text('w:left="1587"', 'w:left="1757"', 1),
    "type-width": text('w:right="1474"', 'w:right="1644"', 1),
    "type-height": text('w:bottom="1984"', 'w:bottom="2154"', 1),
    "lines": lambda c: changed(c, STYLES, 'w:line="579"', 'w:line="640"'),
    "characters": lambda c: changed(c, STYLES, '<w:spacing w:val="-5"/>', '<w:spacing w:val="5"/>'),
    "body-font": style("BriefBody", 'w:eastAsia="仿宋_GB2312"', 'w:eastAsia="宋体"'),
    "body-size": style("BriefBody", '<w:sz w:val="32"/>', '<w:sz w:val="28"/>'),
    "body-indent": style("BriefBody", 'w:firstLineChars="200" w:firstLine="640"', 'w:firstLine="0"'),
    "body-align": style("BriefBody", '<w:jc w:val="both"/>', '<w:jc w:val="left"/>'),
    "title-font": style("BriefTitle", 'w:eastAsia="方正小标宋简体"', 'w:eastAsia="黑体"'),
    "title-size": style("BriefTitle", '<w:sz w:val="44"/>', '<w:sz w:val="36"/>'),
    "title-align": style("BriefTitle", '<w:jc w:val="center"/>', '<w:jc w:val="left"/>'),
    "title-bold": style("BriefTitle", '<w:sz w:val="44"/>', '<w:b/><w:sz w:val="44"/>'),
    "to-indent": style("BriefTo", '<w:jc w:val="both"/>', '<w:ind w:firstLineChars="200"/><w:jc w:val="both"/>'),
    "to-colon": text("党（工）委：", "党（工）委:"),
    "to-gap": text('(?<=</w:t></w:r></w:p>)<w:p><w:pPr><w:pStyle w:val="BriefTo"/></w:pPr></w:p>(?=<w:p><w:pPr>'
                   '<w:pStyle w:val="BriefTo"/></w:pPr><w:r><w:t xml:space="preserve">各乡镇)', ""),
    "heading1-font": style("BriefHeading1", 'w:eastAsia="黑体"', 'w:eastAsia="宋体"'),
    "heading2-font": style("BriefHeading2", 'w:eastAsia="楷体_GB2312"', 'w:eastAsia="黑体"'),
    "heading3-font": text("基层党组织总数", "1.基层党组织总数"),
    "heading4-font": text("基层党组织总数", "（1）基层党组织总数"),
    "heading-size": style("BriefHeading2", '<w:sz w:val="32"/>', '<w:sz w:val="30"/>'),
    "heading-indent": style("BriefHeading1", 'w:firstLineChars="200" w:firstLine="640"', 'w:firstLine="0"'),
    "heading1-stop": text("一、总体情况", "一、总体情况。"),
    "mark-font": style("Letterhead", 'w:eastAsia="方正小标宋简体"', 'w:eastAsia="楷体"'),
    "mark-colour": style("Letterhead", '<w:color w:val="C8102E"/>', ""),
    "mark-align": style("Letterhead", '<w:jc w:val="center"/>', '<w:jc w:val="right"/>'),
    "number-brackets": text("〔2026〕5号", "[2026]05号"),
    "number-align": style("LetterNumber", '<w:jc w:val="center"/>', '<w:jc w:val="right"/>'),
    "red-line": style("LetterNumber", "<w:pBdr>.*?</w:pBdr>", ""),
    "red-line-width": style("LetterNumber", '<w:jc', '<w:ind w:left="1000" w:right="1000"/><w:jc'),
    "page-number-inset": feet("<w:ind [^>]*/>", ""),
    "page-number-gap": text('w:footer="1446"', 'w:footer="720"', 1),
    "imprint-size": style("Imprint", '<w:sz w:val="28"/>', '<w:sz w:val="32"/>'),
    "imprint-font": style("Imprint", 'w:eastAsia="仿宋_GB2312"', 'w:eastAsia="宋体"'),
    "imprint-rules": text('w:sz="8"', 'w:sz="24"'),
    "page-number": feet(" PAGE ", " DATE "),
    "page-number-size": feet('<w:sz w:val="28"/>', '<w:sz w:val="21"/>'),
    "page-number-font": feet('w:ascii="宋体"', 'w:ascii="Arial"'),
    "page-number-dashes": feet("—", "-"),
    "page-number-side": feet('<w:jc w:val="(left|right)"/>', '<w:jc w:val="center"/>'),
    "annex-list-stop": text("(附件：</w:t></w:r>.*?乡镇主要指标排名表)(</w:t>)", r"\1。\2", 1),
    "annex-number": style("AnnexNumber", 'w:eastAsia="黑体"', 'w:eastAsia="仿宋"'),
    "annex-title-align": style("AnnexTitle", '<w:jc w:val="center"/>', '<w:jc w:val="left"/>'),
    "date-form": text("2026年4月15日", "2026年04月15日"),
    "date-place": text(r'<w:ind w:left="\d{4}"/>', '<w:ind w:left="0"/>'),
}  # fmt: skip


def test_what_the_program_writes_is_as_the_standard_asks(good: bytes) -> None:
    assert check(good, "x.docx") == ()


@pytest.mark.parametrize("item", BROKEN)
def test_each_item_is_found_when_it_is_broken(good: bytes, item: str) -> None:
    broken = BROKEN[item](good)
    if item in ("heading3-font", "heading4-font"):
        broken = style("BriefBody", 'w:eastAsia="仿宋_GB2312"', 'w:eastAsia="黑体"')(broken)
    found = check(broken, "x.docx")
    assert item in {d.item for d in found}
    (first, *_) = [d for d in found if d.item == item]
    assert first.found
    assert first.where
    assert (first.expected, first.tolerance) == (ITEMS[item].expected, ITEMS[item].tolerance)


def test_an_addressee_without_its_colon_is_one(good: bytes) -> None:
    assert items(text("党（工）委：", "党（工）委")(good)) == ["to-colon"]


def test_an_imprint_without_rules_is_told(good: bytes) -> None:
    assert items(text("<w:tblBorders>.*?</w:tblBorders>", "")(good)) == ["imprint-rules"]


def test_captions_and_notes_of_tables_are_no_text() -> None:
    """They are set smaller, as the table is; what follows in another look is text again."""
    made = docx.Document()
    for words in ("关于某事的通报", "各单位：", "正文。"):
        made.add_paragraph(words)
    made.add_paragraph("各乡镇情况").alignment = 1
    made.add_table(2, 2)
    for words in ("注：累计为年初至今。", "负债：新增的村。", "台账：未更新的村。"):
        made.add_paragraph().add_run(words).font.size = Pt(9)
    made.add_paragraph("又一段正文。")
    said = {d.where for d in check(saved(made), "x.docx") if d.item == "body-size"}
    assert said == {"“正文。”", "“又一段正文。”"}


def test_paper_tables_annexes_and_imprints_are_measured_too() -> None:
    made = docx.Document()
    made.add_paragraph("关于某事的通报")
    made.add_paragraph("附件1")
    table = made.add_table(30, 2)
    for grid in table._tbl.tblGrid:
        grid.set("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}w", "9000")
    made.add_paragraph("抄送：市委办公室。")
    assert {"paper", "table-head", "table-width", "annex-page", "imprint-size"} <= set(items(saved(made)))


def test_every_item_has_its_name_and_its_remedy_and_a_broken_document() -> None:
    assert all(template(f"gbt-{item}", "zh") and template(f"gbt-do-{item}", "zh") for item in ITEMS)
    elsewhere = {"paper", "table-head", "table-width", "annex-page"}
    assert BROKEN.keys() | elsewhere == ITEMS.keys()


def test_what_is_within_the_tolerance_is_left_alone(good: bytes) -> None:
    lower = text('w:bottom="1984"', 'w:bottom="1932"', 1)(text('w:top="2098"', 'w:top="2150"', 1)(good))
    assert items(lower) == []


# -------------------------------------------------------------------------------------------------- other writers


def saved(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def by_item(content: bytes) -> dict[str, Deviation]:
    return {d.item: d for d in reversed(check(content, "x.docx"))}


def test_a_plain_document_of_python_docx_is_measured_through_its_theme_and_styles() -> None:
    made = docx.Document()
    made.add_heading("关于某事的通报", 0)
    made.add_paragraph("各单位:")
    made.add_paragraph("按照要求，现将情况通报如下。")
    found = by_item(saved(made))
    assert found["paper"].found == "215.9 × 279.4 mm"
    assert found["title-font"].found == "宋体"  # the theme's font for Chinese, by script Hans
    assert found["title-size"].found == "26磅"
    assert found["body-size"].found == "11磅"
    assert found["page-number"].where == "第1节单页页脚"


def test_a_grid_of_lines_and_characters_is_word_for_twenty_two_and_twenty_eight(good: bytes) -> None:
    # As Word writes 每行28字、每页22行: single spacing, the grid does the rest.
    auto = changed(good, STYLES, 'w:line="579" w:lineRule="exact"', 'w:line="240" w:lineRule="auto"')
    wide = changed(auto, STYLES, '<w:spacing w:val="-5"/>', "")
    grid = changed(wide, TEXT_PART, 'w:type="lines" w:linePitch="579"',
                   'w:type="linesAndChars" w:linePitch="579" w:charSpace="-849"')  # fmt: skip
    assert items(grid) == []
    assert items(changed(grid, TEXT_PART, 'w:charSpace="-849"', 'w:charSpace="4096"')) == ["characters"]


def test_direct_formatting_overrides_the_style_and_indents_may_be_typed(good: bytes) -> None:
    by_hand = text('(<w:r>)(<w:t xml:space="preserve">)(基层党组织总数)',
                   r'\1<w:rPr><w:rFonts w:eastAsia="宋体"/></w:rPr>\2\3')(good)  # fmt: skip
    assert [(d.item, d.where[:8]) for d in check(by_hand, "x")] == [("body-font", "“基层党组织总数")]
    typed = style("BriefBody", 'w:firstLineChars="200" w:firstLine="640"', 'w:firstLine="0"')(good)
    typed = text("(>)(按照报表|基层党组织总)", r"\1　　\2")(typed)
    assert items(typed) == []


def test_a_circle_of_styles_ends(good: bytes) -> None:
    circle = changed(
        good, STYLES, r'(w:styleId="BriefBody">.*?<w:basedOn w:val=)"Normal"', r'\1"BriefBody"', 1
    )
    assert items(circle) == []


@pytest.mark.parametrize(
    ("font", "kind", "is_it"),
    [
        ("FangSong_GB2312", "仿宋", True),
        ("华文中宋", "小标宋", True),
        ("仿宋", "宋体", False),
        ("方正小标宋_GBK", "宋体", False),
        ("Noto Serif CJK SC", "宋体", True),
        ("Noto Sans CJK SC", "黑体", True),
        ("KaiTi", "楷体", True),
        ("Calibri", "仿宋", False),
    ],
)
def test_fonts_are_known_by_kind(font: str, kind: str, is_it: bool) -> None:
    assert is_kind(font, kind) is is_it


def test_reds_are_told_from_other_colours() -> None:
    assert [is_red(c) for c in ("FF0000", "C8102E", "FF8800", "000000", "AUTO")] == [
        True,
        True,
        False,
        False,
        False,
    ]


# -------------------------------------------------------------------------------------------------- no documents


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 nonsense", b"%PDF-1.7", b"\xd0\xcf\x11\xe0" + b"\0" * 600]
)
def test_what_is_no_docx_is_said_in_a_sentence(content: bytes) -> None:
    with pytest.raises(CannotRun) as caught:
        check(content, "某.docx")
    (problem,) = caught.value.problems
    assert (problem.slug, problem.where.file) == ("docx-unreadable", "某.docx")


@pytest.mark.parametrize(
    "part", ["[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/styles.xml"]
)
def test_a_damaged_part_is_said_in_a_sentence_or_does_without(good: bytes, part: str) -> None:
    for damage in (b"", b"<a>", b"\0\xff", b"<w:document xmlns:w='urn:other'/>"):
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(good)) as before, zipfile.ZipFile(out, "w") as after:
            for name in before.namelist():
                after.writestr(name, damage if name == part else before.read(name))
        assert outcome(out.getvalue()) in ("measured", "docx-unreadable")


def test_bytes_that_are_lost_or_turned_are_said_in_a_sentence(good: bytes) -> None:
    """A member that is said to be longer than the file, a size that is no number: whatever the archive raises."""
    stored = BROKEN["body-size"](good)  # not compressed
    entry = stored.rindex(b"word/styles.xml") - 46  # in the list of members; sizes at bytes 20 to 28
    longer = stored[: entry + 20] + b"\xff\xff\xff\x00" * 2 + stored[entry + 28 :]
    assert outcome(longer) == "docx-unreadable"
    huge = changed(good, STYLES, 'w:outlineLvl w:val="0"', 'w:outlineLvl w:val="1e999"')
    assert outcome(huge) in ("measured", "docx-unreadable")


def outcome(content: bytes) -> str:
    try:
        check(content, "x.docx")
    except CannotRun as error:
        return "、".join(p.slug for p in error.problems)
    return "measured"


# -------------------------------------------------------------------------------------------------- the command


def test_the_command_lists_deviations_and_says_so_by_its_exit_code(good: bytes, tmp_path: Path) -> None:
    right, wrong = tmp_path / "good.docx", tmp_path / "wrong.docx"
    right.write_bytes(good)
    wrong.write_bytes(BROKEN["body-font"](good))
    said = ruralpb("--json", "report", "--check", str(right))
    assert (said.code, said.json["deviations"]) == (0, [])
    said = ruralpb("--json", "report", "--check", str(wrong))
    told = said.json
    assert said.code == 1
    assert told["deviations"][0] == {
        "item": "body-font", "found": "宋体", "expected": "仿宋", "tolerance": "同类字体", "clause": "5.2.2",
        "where": told["deviations"][0]["where"], "title": "正文字体", "remedy": "中文字体改为仿宋_GB2312 或仿宋",
    }  # fmt: skip
