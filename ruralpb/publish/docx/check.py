"""A .docx measured against GB/T 9704 (`ruralpb.publish.documents.gbt9704`): what deviates, by how much, where."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ruralpb.publish.docx import gbt9704 as standard
from ruralpb.publish.docx.footers import feet
from ruralpb.publish.docx.gbt9704 import ITEMS, is_kind
from ruralpb.publish.docx.parts import NamedPart, is_imprint, is_red, parts
from ruralpb.publish.docx.read import Document, PageSection, Ruled, TextLine, read
from ruralpb.publish.docx.styles import Look, number

_ALIGN = {"left": "左对齐", "right": "右对齐", "center": "居中", "both": "两端对齐", "distribute": "分散对齐"}
_LONG = 25
"""Rows from which a table may run over a page."""
_FAR = 10
"""Characters from the left at which a date stands in the right half, however it is aligned."""
_GLYPH = 1.3
"""Height of a line of single spacing over the size of its font."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """One thing that is not as the standard asks. `item` of `gbt9704.ITEMS`; `where`: the section, or how the paragraph begins."""

    item: str
    found: str
    expected: str
    tolerance: str
    clause: str
    where: str


def check(content: bytes, name: str) -> tuple[Deviation, ...]:
    """Return the deviations of a .docx, in the order a reader meets them, the same one of several paragraphs once for each.

    Raises CannotRun (exit 2) for anything that is no readable .docx; `name` is said of it.
    """
    document = read(content, name)
    named = parts(document.lines, {table.after for table in document.tables})
    found = [
        *_pages(document, named),
        *_head(named),
        *(d for one in named for d in _text(one)),
        *_annexes(document, named),
        *feet(document),
        *_tables(document),
    ]
    return tuple(_deviation(*one) for one in dict.fromkeys(found))


Found = tuple[str, str, str]
"""Item, what was found, where."""


def _deviation(item: str, found: str, where: str) -> Deviation:
    asked = ITEMS[item]
    return Deviation(item, found, asked.expected, asked.tolerance, asked.clause, where)


# -------------------------------------------------------------------------------------------------- page and grid


def _pages(document: Document, named: Sequence[NamedPart]) -> Iterator[Found]:
    for place, section in enumerate(document.sections):
        where = f"第{place + 1}节"
        wide = section.width > section.height
        page = sorted((section.width, section.height))
        if any(abs(a - b) > 1 for a, b in zip(page, standard.PAPER, strict=True)):
            yield "paper", f"{section.width:.1f} × {section.height:.1f} mm", where
        across = section.width - section.left - section.right
        down = section.height - section.top - section.bottom
        text_wide, text_high = (down, across) if wide else (across, down)
        # Across, the page is turned: what was its left side is its top or its bottom now.
        top = min((section.right, section.left), key=lambda m: abs(m - standard.TOP)) if wide else section.top
        left = (
            min((section.top, section.bottom), key=lambda m: abs(m - standard.LEFT)) if wide else section.left
        )
        for item, value, wanted in (
            ("margin-top", top, standard.TOP),
            ("margin-left", left, standard.LEFT),
            ("type-width", text_wide, standard.TYPE_WIDTH),
            ("type-height", text_high, standard.TYPE_HEIGHT),
        ):
            if abs(value - wanted) > 1.05:
                yield item, f"{value:.1f} mm", where
        if not wide:
            yield from _grid(document, section, [n for n in named if n.line.section == place])


def _grid(document: Document, section: PageSection, named: Sequence[NamedPart]) -> Iterator[Found]:
    """Lines to a page and characters to a line, of the body text as it is set."""
    body = [n.line for n in named if n.part == "body"]
    if not body:
        return
    points = 72 / 25.4
    height = (section.height - section.top - section.bottom) * points
    width = (section.width - section.left - section.right) * points
    lines = {int(height / pitch(line, section) + 0.02): line for line in body}
    for count, line in lines.items():
        if count != standard.LINES:
            yield "lines", f"{count}行（行距{pitch(line, section):.2f}磅）", _start(line)
    characters = {int(width / advance(line.main, document.base, section) + 0.05): line for line in body}
    for count, line in characters.items():
        if count != standard.CHARACTERS:
            yield "characters", f"{count}字", _start(line)


def pitch(line: TextLine, section: PageSection) -> float:
    """Return the line pitch of a paragraph in points: exact, or a multiple of the grid's, or of the font's own height."""
    spacing = dict(line.setting.spacing)
    set_to = number(spacing.get("line"), 240)
    rule = spacing.get("lineRule", "auto")
    if rule == "exact":
        return max(set_to / 20, 1.0)
    gridded = (
        section.grid in ("lines", "linesAndChars", "snapToChars") and line.setting.on_grid and section.pitch
    )
    natural = line.main.size * _GLYPH
    single = section.pitch * max(1, -(-natural // section.pitch)) if gridded and section.pitch else natural
    if rule == "atLeast":
        return max(single, set_to / 20)
    return max(single * set_to / 240, 1.0)


def advance(look: Look, base: Look, section: PageSection) -> float:
    """Return how far a Chinese character moves on, in points: its size, what is added to it, what the grid adds."""
    gridded = section.grid in ("linesAndChars", "snapToChars")
    return max(look.size + look.spacing + (section.wider if gridded else 0.0) * look.size / base.size, 1.0)


# -------------------------------------------------------------------------------------------------- head


def _head(named: Sequence[NamedPart]) -> Iterator[Found]:
    """Letterhead, number, red line, title, addressee."""
    for one in named:
        line, look, where = one.line, one.line.main, _start(one.line)
        if one.part == "mark":
            yield from _font(line, "mark-font", "小标宋")
            if not is_red(look.colour):
                yield "mark-colour", look.colour or "黑色", where
            yield from _aligned(line, "mark-align", "center")
        elif one.part == "number":
            if not re.search(r"〔\d{4}〕[1-9]\d*号$", line.text.strip()):
                yield "number-brackets", line.text.strip(), where
            if line.setting.align not in ("center", "left", "both"):
                yield "number-align", _ALIGN.get(line.setting.align, line.setting.align), where
        elif one.part == "title":
            yield from _font(line, "title-font", "小标宋")
            yield from _size(line, "title-size", standard.TITLE_SIZE)
            yield from _aligned(line, "title-align", "center")
            if look.bold and is_kind(look.font, "小标宋"):
                yield "title-bold", "加粗", where
        elif one.part == "to":
            if indent(line) > 0.1:
                yield "to-indent", f"缩进{indent(line):.1f}字", where
            if not line.text.strip().endswith("："):
                yield "to-colon", line.text.strip()[-1], where
            before = _blanks_before(named, one)
            if before != 1:
                yield "to-gap", f"空{before}行", where
    if any(n.part == "mark" for n in named) and any(n.part == "number" for n in named):
        yield from _red_line(named)


def _red_line(named: Sequence[NamedPart]) -> Iterator[Found]:
    """A red border or a drawn line between the number and the title."""
    start = next(n.at for n in named if n.part == "number")
    end = next((n.at for n in named if n.part == "title"), start + 3)
    near = [n.line for n in named if start <= n.at < end]
    if not any(is_red(line.setting.rule) or line.drawn for line in near):
        yield "red-line", "没有", _start(near[0])
    for line in near:
        size = line.main.size
        narrower = sum(line.setting.characters(side, size) for side in ("left", "right")) * size / 72 * 25.4
        if is_red(line.setting.rule) and abs(narrower) > 1:
            yield "red-line-width", f"{'窄' if narrower > 0 else '宽'}{abs(narrower):.0f} mm", _start(line)


def _blanks_before(named: Sequence[NamedPart], one: NamedPart) -> int:
    count = 0
    for other in reversed(named[: one.at]):
        if other.part != "blank":
            break
        count += 1
    return count


# -------------------------------------------------------------------------------------------------- text


_HEADING_KIND = {"heading1": "黑体", "heading2": "楷体", "heading3": "仿宋", "heading4": "仿宋"}


def _text(one: NamedPart) -> Iterator[Found]:
    line, where = one.line, _start(one.line)
    if one.part == "body":
        yield from _font(line, "body-font", "仿宋")
        yield from _size(line, "body-size", standard.BODY_SIZE)
        if abs(indent(line) - 2) > 0.1:
            yield "body-indent", f"{indent(line):.1f}字", where
        yield from _aligned(line, "body-align", "both", "distribute")
    elif one.part in _HEADING_KIND:
        # A heading may run on into its paragraph: its own words are the first ones.
        first = next((p.look for p in line.pieces if p.text.strip()), line.look)
        if not is_kind(first.font, _HEADING_KIND[one.part]):
            yield f"{one.part}-font", first.font or "未设置中文字体", where
        if abs(first.size - standard.BODY_SIZE) > standard.SIZE_OFF:
            yield "heading-size", f"{first.size:g}磅", where
        if abs(indent(line) - 2) > 0.1:
            yield "heading-indent", f"{indent(line):.1f}字", where
        text = line.text.strip()
        if one.part == "heading1" and text.endswith("。") and text.count("。") == 1 and len(text) < _LONG:
            yield "heading1-stop", text[-6:], where
    elif one.part == "annex-list" and line.text.strip()[-1] in "。；;，,、.":
        yield "annex-list-stop", line.text.strip()[-1], where
    elif one.part == "date":
        if not re.fullmatch(r"\d{4}年[1-9]\d?月[1-9]\d?日", line.text.strip()):
            yield "date-form", line.text.strip(), where
        right = line.setting.characters("right", line.main.size)
        left = line.setting.characters("left", line.main.size)
        if left < _FAR and (line.setting.align != "right" or right < 1.9):
            yield (
                "date-place",
                f"{_ALIGN.get(line.setting.align, line.setting.align)}，右空{right:.1f}字",
                where,
            )
    elif one.part == "imprint":
        yield from _imprint_line(line)


def _imprint_line(line: TextLine) -> Iterator[Found]:
    yield from _size(line, "imprint-size", standard.SMALL_SIZE)
    yield from _font(line, "imprint-font", "仿宋")


def indent(line: TextLine) -> float:
    """Return how far the first line is set in, in characters: by the paragraph's setting, or by spaces typed before it."""
    size = line.main.size or standard.BODY_SIZE
    typed = (
        len(line.text) - len(line.text.lstrip("\u3000")) + (len(line.text) - len(line.text.lstrip(" "))) / 2
    )
    own = line.setting.characters("firstLine", size) - line.setting.characters("hanging", size)
    return own + line.setting.characters("left", size) + typed


def _font(line: TextLine, item: str, kind: str) -> Iterator[Found]:
    font = line.main.font
    if not is_kind(font, kind):
        yield item, font or "未设置中文字体", _start(line)


def _size(line: TextLine, item: str, points: float) -> Iterator[Found]:
    if abs(line.main.size - points) > standard.SIZE_OFF:
        yield item, f"{line.main.size:g}磅", _start(line)


def _aligned(line: TextLine, item: str, *allowed: str) -> Iterator[Found]:
    if line.setting.align not in allowed:
        yield item, _ALIGN.get(line.setting.align, line.setting.align), _start(line)


def _start(line: TextLine) -> str:
    text = line.text.strip()
    return f"“{text[:12]}{'…' if len(text) > 12 else ''}”"


# -------------------------------------------------------------------------------------------------- annexes, tables


def _annexes(document: Document, named: Sequence[NamedPart]) -> Iterator[Found]:
    for one in named:
        line, where = one.line, _start(one.line)
        if one.part == "annex-number":
            look = line.main
            if (
                not is_kind(look.font, "黑体")
                or abs(look.size - standard.BODY_SIZE) > standard.SIZE_OFF
                or indent(line) > 0.1
            ):
                yield (
                    "annex-number",
                    f"{look.font or '未设置中文字体'} {look.size:g}磅，缩进{indent(line):.1f}字",
                    where,
                )
            before = document.lines[max(one.at - 1, 0)]
            if not (line.setting.new_page or before.section != line.section or before.breaks or line.breaks):
                yield "annex-page", "接排", where
        elif one.part == "annex-title":
            yield from _aligned(line, "annex-title-align", "center")


def _tables(document: Document) -> Iterator[Found]:
    for table in document.tables:
        section = document.sections[min(table.section, len(document.sections) - 1)]
        where = f"表“{table.text[:12]}…”"
        if any(is_imprint(line.text) for line in table.lines):
            yield from _imprint(table, where)
        if table.rows > _LONG and not table.repeats:
            yield "table-head", f"{table.rows}行，表头不重复", where
        if table.width > section.width - section.left - section.right + 1:
            yield "table-width", f"{table.width:.0f} mm", where


def _imprint(table: Ruled, where: str) -> Iterator[Found]:
    """A 版记 is mostly a table, for the sake of its rules."""
    for line in table.lines:
        if line.text.strip():
            yield from _imprint_line(line)
    above, between, below = table.rules
    asked = [(above, standard.THICK), (below, standard.THICK)]
    asked += [(between, standard.THIN)] if table.rows > 1 else []
    if any(rule is not None and abs(rule - wanted) > standard.RULE_OFF for rule, wanted in asked):
        found = "、".join(f"{rule:.2f}" for rule in (above, between, below) if rule is not None)
        yield "imprint-rules", f"{found} mm", where
