"""GB/T 9704-2012 《党政机关公文格式》 as a table: what is measured, what it should be, how far it may be off, which clause says so.

Lengths in millimetres, sizes and line pitch in points, indents in characters. Where the standard leaves something open
(the look of tables, exact sizes of a letterhead) there is no item.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PAPER = (210.0, 297.0)
TOP, LEFT, TYPE_WIDTH, TYPE_HEIGHT = 37.0, 28.0, 156.0, 225.0
LINES, CHARACTERS = 22, 28
BODY_SIZE, TITLE_SIZE, SMALL_SIZE = 16.0, 22.0, 14.0

THICK, THIN, RULE_OFF = 0.35, 0.25, 0.06
"""Millimetres: rules of the 版记, and how far they may be off."""

SIZE_OFF = 0.25
"""Points: Word rounds sizes to halves."""

KINDS: Mapping[str, tuple[str, ...]] = {
    "仿宋": ("仿宋", "fangsong", "fandolfang", "fang song"),
    "楷体": ("楷", "kaiti", "fandolkai"),
    "黑体": ("黑体", "simhei", "heiti", "sanscjk", "sourcehansans"),
    "小标宋": ("小标宋", "xiaobiaosong", "中宋", "zhongsong"),
    "宋体": ("宋", "simsun", "serifcjk"),
}
"""Kinds of type, and what the names of fonts of that kind contain (lower case, no spaces)."""


@dataclass(frozen=True, slots=True)
class StandardItem:
    """One requirement. `expected` and `tolerance` as printed; `clause` of the standard."""

    expected: str
    tolerance: str
    clause: str


def _millimetres(length: float, off: str = "±1 mm") -> tuple[str, str]:
    return f"{length:g} mm", off


ITEMS: Mapping[str, StandardItem] = {
    "paper": StandardItem("A4，210 × 297 mm", "±1 mm", "5.1"),
    "margin-top": StandardItem(*_millimetres(TOP), "5.2.1"),
    "margin-left": StandardItem(*_millimetres(LEFT), "5.2.1"),
    "type-width": StandardItem(*_millimetres(TYPE_WIDTH), "5.2.1"),
    "type-height": StandardItem(*_millimetres(TYPE_HEIGHT), "5.2.1"),
    "lines": StandardItem(f"每面{LINES}行", "0", "5.2.3"),
    "characters": StandardItem(f"每行{CHARACTERS}字", "0", "5.2.3"),
    "body-font": StandardItem("仿宋", "同类字体", "5.2.2"),
    "body-size": StandardItem("3号（16磅）", "±0.25 磅", "5.2.2"),
    "body-indent": StandardItem("首行缩进2字", "±0.1 字", "7.3.3"),
    "body-align": StandardItem("两端对齐", "—", "7.3.3"),
    "title-font": StandardItem("小标宋", "同类字体", "7.3.1"),
    "title-size": StandardItem("2号（22磅）", "±0.25 磅", "7.3.1"),
    "title-align": StandardItem("居中", "—", "7.3.1"),
    "title-bold": StandardItem("不加粗", "—", "7.3.1"),
    "to-indent": StandardItem("顶格", "±0.1 字", "7.3.2"),
    "to-colon": StandardItem("全角冒号“：”", "—", "7.3.2"),
    "to-gap": StandardItem("标题下空1行", "0", "7.3.2"),
    "heading1-font": StandardItem("黑体", "同类字体", "7.3.3"),
    "heading2-font": StandardItem("楷体", "同类字体", "7.3.3"),
    "heading3-font": StandardItem("仿宋", "同类字体", "7.3.3"),
    "heading4-font": StandardItem("仿宋", "同类字体", "7.3.3"),
    "heading-size": StandardItem("3号（16磅）", "±0.25 磅", "5.2.2"),
    "heading-indent": StandardItem("缩进2字", "±0.1 字", "7.3.3"),
    "heading1-stop": StandardItem("独占一行时末尾不用句号", "—", "7.3.3"),
    "mark-font": StandardItem("小标宋", "同类字体", "7.2.4"),
    "mark-colour": StandardItem("红色", "—", "7.2.4"),
    "mark-align": StandardItem("居中", "—", "7.2.4"),
    "number-brackets": StandardItem("年份用六角括号〔〕，序号不编虚位、不加“第”", "—", "7.2.5"),
    "number-align": StandardItem("居中（上行文左空1字）", "—", "7.2.5"),
    "red-line": StandardItem("发文字号之下一条红色分隔线", "—", "7.2.7"),
    "red-line-width": StandardItem("与版心等宽", "±1 mm", "7.2.7"),
    "page-number": StandardItem("每面有页码", "—", "7.5"),
    "page-number-size": StandardItem("4号（14磅）", "±0.25 磅", "7.5"),
    "page-number-font": StandardItem("宋体", "同类字体", "7.5"),
    "page-number-dashes": StandardItem("— 1 —", "—", "7.5"),
    "page-number-side": StandardItem("单页居右、双页居左", "—", "7.5"),
    "page-number-inset": StandardItem("外侧空1字", "±0.2 字", "7.5"),
    "page-number-gap": StandardItem("一字线上距版心下边缘7 mm", "±1.5 mm", "7.5"),
    "annex-list-stop": StandardItem("附件名称后不加标点", "—", "7.3.4"),
    "annex-number": StandardItem("3号黑体，顶格", "±0.25 磅", "7.3.8"),
    "annex-page": StandardItem("另面编排", "—", "7.3.8"),
    "annex-title-align": StandardItem("居中", "—", "7.3.8"),
    "date-form": StandardItem("阿拉伯数字，月、日不编虚位", "—", "7.3.5.4"),
    "date-place": StandardItem("靠右，右空不少于2字", "±0.1 字", "7.3.5"),
    "imprint-size": StandardItem("4号（14磅）", "±0.25 磅", "7.4.2"),
    "imprint-font": StandardItem("仿宋", "同类字体", "7.4.2"),
    "imprint-rules": StandardItem("首末两条0.35 mm，中间0.25 mm", "±0.06 mm", "7.4.1"),
    "table-head": StandardItem("跨页表格的表头行在各页重复", "—", "8"),
    "table-width": StandardItem("不宽于版心", "±1 mm", "8"),
}
"""Item → what the standard asks. The names of the items and what to do about them are messages (`gbt-…`, `gbt-do-…`)."""


def is_kind(font: str, kind: str) -> bool:
    """Whether a font's name says it is of a kind of type. 仿宋 and 小标宋 are no plain 宋体."""
    name = font.lower().replace(" ", "").replace("-", "")
    if kind == "宋体" and (is_kind(font, "仿宋") or is_kind(font, "小标宋")):
        return False
    return any(part.replace(" ", "") in name for part in KINDS[kind])
