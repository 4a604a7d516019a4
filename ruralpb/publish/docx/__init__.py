"""Blocks → .docx in the layout of an official circular: the text upright, each annex on a page of its own, wide tables across."""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import zip_longest
from math import ceil
from typing import Any, Literal

from docx.oxml import parse_xml
from docx.oxml.ns import qn

from ruralpb.core.ooxml.rewriting import reproducible
from ruralpb.publish.blocks import (
    Box,
    DocumentBlock,
    Heading,
    Paragraph,
    Runs,
    TableBlock,
    TextRun,
    text_of,
    title_of,
    walk,
)
from ruralpb.publish.docx import page_numbers
from ruralpb.publish.docx.figures import DocumentCharts
from ruralpb.publish.docx.missing_glyphs import Rare
from ruralpb.publish.docx.reference import (
    LINE,
    MARK_BEFORE,
    TEXT_HEIGHT,
    TEXT_WIDTH,
    WIDE_WIDTH,
    named,
    reference,
)
from ruralpb.publish.docx.xml import NAMESPACE, paragraph, table, width

_HEADINGS = {1: "BriefTitle", 2: "BriefHeading1", 3: "BriefHeading2"}
_BLANK = paragraph("BriefTo", ())


def write(blocks: Sequence[DocumentBlock], fonts: Mapping[str, str], when: datetime) -> bytes:
    """Return the document. `fonts` overrides font names by role (title, body, kai, hei, song); `when` dates it."""
    document = reference(fonts)
    properties = document.core_properties
    properties.title = title_of(blocks)
    properties.author = properties.last_modified_by = "ruralpb"
    properties.comments, properties.revision = "", 1
    properties.created = properties.modified = when.replace(tzinfo=None)
    names = named(fonts)
    _Body(document, DocumentCharts(document.part, names["song"], when), Rare(names), names["song"]).fill(
        _pages(blocks)
    )
    out = io.BytesIO()
    document.save(out)
    return reproducible(out.getvalue(), when)


PageKind = Literal["summary", "upright", "across", "imprint"]


@dataclass(frozen=True, slots=True)
class _PageBlocks:
    """What stands on pages of its own: the 摘要, the text, then an annex each, the 版记 last."""

    kind: PageKind
    blocks: list[DocumentBlock]


def _pages(blocks: Sequence[DocumentBlock]) -> list[_PageBlocks]:
    """Cut at the annexes and the 版记, and after the 摘要; an annex with a wide table lies across."""
    cut: list[list[DocumentBlock]] = [[]]
    for block in blocks:
        if isinstance(block, Box) and block.name in ("附件", "版记"):
            cut.append([])
        cut[-1].append(block)
        if isinstance(block, Box) and block.name == "摘要":
            cut.append([])
    cut = [page for page in cut if page]
    return [_PageBlocks(_kind(page), page) for page in cut]


def _kind(page: Sequence[DocumentBlock]) -> PageKind:
    if page and isinstance(page[0], Box) and page[0].name == "版记":
        return "imprint"
    if isinstance(page[-1], Box) and page[-1].name == "摘要":
        return "summary"
    return "across" if any(isinstance(b, Box) and b.name == "横表" for b in walk(page)) else "upright"


@dataclass
class _Body:
    """The body of one document in the making."""

    document: Any
    figures: DocumentCharts
    rare: Rare
    font: str
    """Of page numbers."""

    def fill(self, pages: Sequence[_PageBlocks]) -> None:
        """Write the pages. A change of their kind ends a section: its w:sectPr stands in its last paragraph."""
        body = self.document.element.body
        upright = body.find(qn("w:sectPr"))
        for child in list(body):
            if child is not upright:
                body.remove(child)
        across = any(page.kind == "across" for page in pages)
        feet = page_numbers.across(self.document, self.font) if across else {}
        for place, page in enumerate(pages):
            follows = pages[place + 1].kind if place + 1 < len(pages) else page.kind
            breaks = place > 0 and pages[place - 1].kind == page.kind
            room = WIDE_WIDTH if page.kind == "across" else TEXT_WIDTH
            for text in self._page(page.blocks, room, breaks):
                whole = self.rare.mark(text).replace("<w:p>", f"<w:p {NAMESPACE}>", 1)
                upright.addprevious(parse_xml(whole))
            if follows != page.kind:
                end = parse_xml(f"<w:p {NAMESPACE}><w:pPr>{_THIN}</w:pPr></w:p>")
                end.pPr.append(_section(upright, page.kind, feet))
                upright.addprevious(end)
        body.replace(upright, _section(upright, pages[-1].kind, feet))

    def _page(self, blocks: Sequence[DocumentBlock], room: int, breaks: bool) -> Iterator[str]:
        above = 0
        for block, after in zip_longest(blocks, blocks[1:]):
            if isinstance(block, Heading):
                yield paragraph(_HEADINGS.get(block.level, "BriefHeading3"), block.runs)
                if block.level == 1:
                    yield _BLANK
            elif isinstance(block, Paragraph):
                bullet = (TextRun(f"{block.bullet} "),) if block.bullet else ()
                # The end of the text goes to the next page with what closes it: a signature never stands there alone.
                kept = isinstance(after, Box) and after.name in ("附件说明", "署名")
                yield paragraph("BriefBody", bullet + _led(block.runs), _KEEP if kept else "")
            elif isinstance(block, TableBlock):
                yield table(block, room)
            elif block.name == "红头":
                yield from _letterhead(_lines(block), above)
            else:
                above += len(_lines(block)) if block.name in ("草稿", "标注") else 0
                yield from self._box(block, room, breaks)

    def _box(self, box: Box, room: int, breaks: bool) -> Iterator[str]:
        lines = _lines(box)
        if box.name == "图":
            yield from self.figures.place(box)
        elif box.name == "附件":
            yield from _annex(lines, breaks, room == WIDE_WIDTH)
        elif box.name == "署名":
            yield from _signed(lines, "盖章" in box.words)
        elif box.name == "附件说明":
            yield from _annex_list(lines)
        elif box.name in _PLAIN:
            yield from (paragraph(_PLAIN[box.name], line) for line in lines)
        elif box.name == "版记":
            yield from _imprint(lines)
        elif box.name == "摘要":
            yield from _summary(box.blocks)
        else:
            yield from self._page(box.blocks, room, breaks)


def _lines(box: Box) -> list[Runs]:
    return [block.runs for block in box.blocks if isinstance(block, Paragraph)]


def _led(runs: Runs) -> Runs:
    """A paragraph that begins as a heading of the second level （一）: its first sentence is set as one, in 楷体."""
    if not _SECOND.match(text_of(runs)):
        return runs
    led: list[TextRun] = []
    for place, run in enumerate(runs):
        head, stop, rest = run.text.partition("。")
        led.append(replace(run, text=head + stop, bold=True))
        if stop:
            rests = (replace(run, text=rest),) if rest else ()
            return (*led, *rests, *runs[place + 1 :])
    return runs


_SECOND = re.compile("（[一二三四五六七八九十]+）")

_KEEP = "<w:keepNext/>"
_KEPT_BLANK = paragraph("BriefTo", (), _KEEP)

_THIN = '<w:spacing w:line="20" w:lineRule="exact"/>'


def _section(upright: Any, kind: PageKind, feet: dict[str, str]) -> Any:
    """The section's properties. Across, the page and its margins are turned (the head on the binding side). The 版记 stands on
    an even page without a number: the first page of its section has a foot of its own, which is empty."""
    section = copy.deepcopy(upright)
    if kind == "across":
        size, margins = section.find(qn("w:pgSz")), section.find(qn("w:pgMar"))
        tall, broad = size.get(qn("w:h")), size.get(qn("w:w"))
        size.set(qn("w:w"), tall)
        size.set(qn("w:h"), broad)
        size.set(qn("w:orient"), "landscape")
        turned = {"top": "left", "right": "top", "bottom": "right", "left": "bottom"}
        old = {side: margins.get(qn(f"w:{side}")) for side in turned}
        for side, was in turned.items():
            margins.set(qn(f"w:{side}"), old[was])
        margins.set(qn("w:footer"), "794")
        page_numbers.refer(section, feet)
    elif kind == "imprint":
        for known in section.findall(qn("w:type")):
            section.remove(known)
        section.find(qn("w:pgSz")).addprevious(parse_xml(f'<w:type {NAMESPACE} w:val="evenPage"/>'))
        section.find(qn("w:docGrid")).addprevious(parse_xml(f"<w:titlePg {NAMESPACE}/>"))
    return section


_PLAIN = {"主送": "BriefTo", "草稿": "Draft", "标注": "Marking", "注": "TableNote", "表题": "TableCaption"}


def _annex(lines: Sequence[Runs], breaks: bool, wide: bool) -> Iterator[str]:
    """附件1 flush left on the first line, the title centred on the third (on the second of a page across, which has fewer). A
    new section breaks the page by itself."""
    number, *title = lines
    yield paragraph("AnnexNumber", number, "<w:pageBreakBefore/>" if breaks else "")
    if not wide:
        yield _BLANK
    for line in title:
        yield paragraph("AnnexTitle", line)


def _annex_list(lines: Sequence[Runs]) -> Iterator[str]:
    yield _KEPT_BLANK
    for place, line in enumerate(lines):
        first = place == 0
        yield paragraph(
            "BriefAnnexFirst" if first else "BriefAnnexNext", ((TextRun("附件："),) if first else ()) + line
        )


def _signed(lines: Sequence[Runs], sealed: bool) -> Iterator[str]:
    """One line below the text. Without a seal 署名 stands two characters in from the right, the date starting two characters
    right of it; a longer date turns that round. With one (`sealed`) the date stands four in, 署名 centred over it; two lines
    more give the seal its room."""
    yield from [_KEPT_BLANK] * (3 if sealed else 1)
    *names, day = lines
    longest = max((width(text_of(name)) for name in names), default=0.0)
    days = width(text_of(day))
    shorter = (longest - days) / 2
    if sealed:
        right_of_day = 4.0 + max(0.0, shorter - 2)
        right_of_name = right_of_day - shorter
    else:
        right_of_day, right_of_name = 2.0, max(2.0, 4 + days - longest)
    for name in names:
        yield paragraph("BriefSigned", name, _KEEP + _right(right_of_name))
    if not sealed and longest - days >= 2:
        # Measured from the left: digits are not as wide in every font.
        left = TEXT_WIDTH - (right_of_name + longest - 2) * _ADVANCE
        yield paragraph("BriefSigned", day, f'<w:ind w:left="{left:.0f}"/><w:jc w:val="left"/>')
    else:
        yield paragraph("BriefSigned", day, _right(right_of_day))


_ADVANCE = 315
"""Twips from one character of the text to the next: 16 pt less a quarter."""


def _right(characters: float) -> str:
    return f'<w:ind w:rightChars="{characters * 100:.0f}" w:right="{characters * 320:.0f}"/>'


def _letterhead(lines: Sequence[Runs], above: int) -> Iterator[str]:
    """发文机关标志, two blank lines, 发文字号 over the red line, two blank lines. `above`: lines that stand over the mark, which
    keeps its place; a long name is set smaller, on one line."""
    mark, *number = lines
    set_to = paragraph("Letterhead", mark, f'<w:spacing w:before="{max(0, MARK_BEFORE - above * LINE)}"/>')
    half_points = max(_MARK_LEAST, int(TEXT_WIDTH / 10 / max(width(text_of(mark)), 1.0)))
    if half_points < _MARK:
        smaller = f'<w:rPr><w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/></w:rPr>'
        set_to = set_to.replace("<w:r><w:t", f"<w:r>{smaller}<w:t")
    yield set_to
    yield _BLANK
    yield _BLANK
    yield paragraph("LetterNumber", number[0] if number else ())
    yield _BLANK
    yield _BLANK


_MARK, _MARK_LEAST = 72, 44
"""Half points: the size of the style, and that of a title, below which the mark takes two lines."""


def _imprint(lines: Sequence[Runs]) -> Iterator[str]:
    """抄送, 印发: a line each across the type area at the foot of the page, thick rules outside, a thin one between. A line break
    in a line moves what follows to the right end. An empty paragraph as high as the rest of the page stands above: LibreOffice
    takes neither a frame nor a floating table to the foot when it is as wide as the text."""
    high = LINE * sum(map(_imprint_lines, lines))
    rows = "".join(
        f'<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr><w:tcW w:w="{TEXT_WIDTH}" w:type="dxa"/></w:tcPr>'
        f"{paragraph('Imprint', line, _aligned(line)).replace('<w:br/>', '<w:tab/>')}</w:tc></w:tr>"
        for line in lines
    )
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="auto"/>'
        for side, size in (("top", THICK), ("bottom", THICK), ("insideH", THIN))
    )
    margins = "".join(f'<w:{side} w:w="0" w:type="dxa"/>' for side in ("left", "right"))
    above = f'<w:snapToGrid w:val="0"/><w:spacing w:line="{TEXT_HEIGHT - high - _SLACK - _RULED * len(lines)}" w:lineRule="exact"/>'
    yield paragraph("BriefTo", (), above)
    yield (
        f'<w:tbl {NAMESPACE}><w:tblPr><w:tblW w:w="{TEXT_WIDTH}" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>'
        f'<w:tblGrid><w:gridCol w:w="{TEXT_WIDTH}"/></w:tblGrid>{rows}</w:tbl>'
    )
    yield paragraph("BriefTo", (), '<w:snapToGrid w:val="0"/>' + _THIN)


def _summary(blocks: Sequence[DocumentBlock]) -> Iterator[str]:
    """The leader's page: a title, headings and paragraphs set smaller than the text, for one page must take them."""
    for block in blocks:
        if isinstance(block, Heading):
            yield paragraph("SummaryTitle" if block.level <= 2 else "SummaryHeading", block.runs)
        elif isinstance(block, Paragraph):
            yield paragraph("SummaryText", block.runs)


_COPIES = "抄送："


def _aligned(line: Runs) -> str:
    """Copies that take more than a line go on under the first name, not under 抄送."""
    if not text_of(line).startswith(_COPIES):
        return ""
    return '<w:ind w:leftChars="400" w:left="1120" w:hangingChars="300" w:hanging="840"/>'


def _imprint_lines(line: Runs) -> int:
    """How many lines it takes: characters of 14 pt, less a quarter, between indents of one at both sides."""
    further = 26.5 if text_of(line).startswith(_COPIES) else 29.5
    return 1 + max(0, ceil((width(text_of(line)) - 29.5) / further))


_SLACK, _RULED = 60, 20
"""Twips for the paragraph that must follow a table, and for each row's rule: without them that paragraph stands on a page of its own."""

THICK, THIN = 8, 6
"""Rules of the 版记 in eighths of a point: 0.35 mm and 0.25 mm."""
