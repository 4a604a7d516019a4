"""Page numbers measured: there on every page, — 1 — in 14 pt 宋体, outside."""

from __future__ import annotations

from collections.abc import Iterator

from ruralpb.publish.docx import gbt9704 as standard
from ruralpb.publish.docx.gbt9704 import is_kind
from ruralpb.publish.docx.read import Document, Foot, PageSection, TextLine
from ruralpb.publish.docx.styles import number

_SIDES = {"default": "right", "even": "left"}
_PAGES = {"default": "单页", "even": "双页"}


def feet(document: Document) -> Iterator[tuple[str, str, str]]:
    """Yield item, what was found, where. The feet of a section are those it names or inherits; each is measured once."""
    seen: set[Foot] = set()
    for place, section in enumerate(document.sections):
        by_kind = {foot.kind: foot for foot in section.feet}
        for kind in ("default", "even") if document.outside else ("default",):
            where = f"第{place + 1}节{_PAGES[kind]}页脚"
            foot = by_kind.get(kind)
            if foot is None or not foot.numbered:
                yield "page-number", "没有页码", where
            elif foot not in seen:
                seen.add(foot)
                yield from _foot(foot, where, document.outside)
                if section.width <= section.height:
                    yield from _gap(foot, section, where)
        if place == 0 and not document.outside and any(foot.numbered for foot in section.feet):
            yield "page-number-side", "单双页相同", f"第{place + 1}节页脚"


def _foot(foot: Foot, where: str, outside: bool) -> Iterator[tuple[str, str, str]]:
    line = next((line for line in foot.lines if line.text.strip()), foot.lines[0] if foot.lines else None)
    if line is None:
        return
    look = line.main
    if abs(look.size - standard.SMALL_SIZE) > standard.SIZE_OFF:
        yield "page-number-size", f"{look.size:g}磅", where
    if not (is_kind(look.latin, "宋体") or (is_kind(look.font, "宋体") and not look.latin)):
        yield "page-number-font", look.latin or look.font or "未设置", where
    words = line.text.replace(" ", "")
    if not (words[:1] in "—－-–" and words[-1:] in "—－-–" and len(words) >= 2):
        yield "page-number-dashes", line.text.strip() or "只有数字", where
    elif words[:1] != "—" or words[-1:] != "—":
        yield "page-number-dashes", line.text.strip(), where
    if not outside:
        return
    side = _SIDES[foot.kind]
    if _side(line) != side:
        yield "page-number-side", {"right": "居右", "left": "居左"}.get(_side(line), "居中"), where
    elif abs((inset := line.setting.characters(side, look.size)) - 1) > 0.2:
        yield "page-number-inset", f"空{inset:.1f}字", where


def _gap(foot: Foot, section: PageSection, where: str) -> Iterator[tuple[str, str, str]]:
    """How far the dashes, in the middle of the foot's only line, stand below the type area."""
    if len(foot.lines) != 1:
        return
    (line,) = foot.lines
    spacing = dict(line.setting.spacing)
    exact = spacing.get("lineRule") == "exact"
    high = number(spacing.get("line"), 240) / 20 if exact else line.main.size * 1.3
    gap = section.bottom - section.footer - high / 2 / 72 * 25.4
    if abs(gap - _BELOW) > 1.5:
        yield "page-number-gap", f"{gap:.1f} mm", where


_BELOW = 7.0
"""Millimetres."""


def _side(line: TextLine) -> str:
    """right, left or center. Justified text stands left."""
    align = line.setting.align
    return "left" if align in ("both", "distribute") else align
