"""Blocks → .docx in the layout of an official circular: the text upright, each annex on a page of its own, wide tables across."""

from __future__ import annotations

import copy
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import qn

from ruralpb.render.blocks import Block, Box, Grid, Heading, Paragraph, Run, Runs, text_of, walk
from ruralpb.render.docx.reference import TEXT_WIDTH, WIDE_WIDTH, reference
from ruralpb.render.docx.xml import NAMESPACE, paragraph, table, width
from ruralpb.render.zipped import reproducible

_HEADINGS = {1: "BriefTitle", 2: "BriefHeading1", 3: "BriefHeading2"}
_BLANK = paragraph("BriefTo", ())


def write(blocks: Sequence[Block], fonts: Mapping[str, str], when: datetime) -> bytes:
    """Return the document. `fonts` overrides font names by role (title, body, kai, hei, song); `when` dates it."""
    document = reference(fonts)
    properties = document.core_properties
    properties.title = next((text_of(b.runs) for b in blocks if isinstance(b, Heading)), "")
    properties.author = properties.last_modified_by = "ruralpb"
    properties.comments, properties.revision = "", 1
    properties.created = properties.modified = when.replace(tzinfo=None)
    _fill(document, _pages(blocks))
    out = io.BytesIO()
    document.save(out)
    return reproducible(out.getvalue(), when)


Page = tuple[bool, list[Block]]
"""Landscape or not, and what stands there: the text, then an annex each."""


def _pages(blocks: Sequence[Block]) -> list[Page]:
    """Cut at the annexes; an annex with a wide table lies across."""
    cut: list[list[Block]] = [[]]
    for block in blocks:
        if isinstance(block, Box) and block.name == "附件":
            cut.append([])
        cut[-1].append(block)
    wide = [any(isinstance(b, Box) and b.name == "横表" for b in walk(page)) for page in cut]
    return list(zip(wide, cut, strict=True))


def _fill(document: Any, pages: Sequence[Page]) -> None:
    """Write the pages into the body. A change of direction ends a section: its w:sectPr stands in its last paragraph."""
    body = document.element.body
    upright = body.find(qn("w:sectPr"))
    for child in list(body):
        if child is not upright:
            body.remove(child)
    for place, (wide, page) in enumerate(pages):
        follows = pages[place + 1][0] if place + 1 < len(pages) else wide
        for text in _page(
            page, WIDE_WIDTH if wide else TEXT_WIDTH, place > 0 and pages[place - 1][0] == wide
        ):
            upright.addprevious(parse_xml(text.replace("<w:p>", f"<w:p {NAMESPACE}>", 1)))
        if follows != wide:
            end = parse_xml(
                f'<w:p {NAMESPACE}><w:pPr><w:spacing w:line="20" w:lineRule="exact"/></w:pPr></w:p>'
            )
            end.pPr.append(_section(upright, wide))
            upright.addprevious(end)
    if pages[-1][0]:
        body.replace(upright, _section(upright, True))


def _section(upright: Any, wide: bool) -> Any:
    """The section's properties; across, the page and its margins are turned (the head on the binding side)."""
    section = copy.deepcopy(upright)
    if wide:
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
    return section


def _page(blocks: Sequence[Block], room: int, breaks: bool) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Heading):
            yield paragraph(_HEADINGS.get(block.level, "BriefHeading3"), block.runs)
            if block.level == 1:
                yield _BLANK
        elif isinstance(block, Paragraph):
            bullet = (Run(f"{block.bullet} "),) if block.bullet else ()
            yield paragraph("BriefBody", bullet + block.runs)
        elif isinstance(block, Grid):
            yield table(block, room)
        else:
            yield from _box(block, room, breaks)


def _box(box: Box, room: int, breaks: bool) -> Iterator[str]:
    lines = [b.runs for b in box.blocks if isinstance(b, Paragraph)]
    if box.name == "图":
        return  # the numbers of a chart stand in the annexed tables
    if box.name == "附件":
        yield from _annex(lines, breaks, room == WIDE_WIDTH)
    elif box.name == "署名":
        yield from _signed(lines)
    elif box.name == "附件说明":
        yield from _annex_list(lines)
    elif box.name == "红头":
        yield from _letterhead(lines)
    elif box.name in _PLAIN:
        yield from (paragraph(_PLAIN[box.name], line) for line in lines)
    elif box.name == "版记":
        yield from _imprint(lines)
    else:
        yield from _page(box.blocks, room, breaks)


_PLAIN = {"主送": "BriefTo", "草稿": "Draft", "注": "TableNote", "表题": "TableCaption"}


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
    yield _BLANK
    for place, line in enumerate(lines):
        first = place == 0
        yield paragraph(
            "BriefAnnexFirst" if first else "BriefAnnexNext", ((Run("附件："),) if first else ()) + line
        )


def _signed(lines: Sequence[Runs]) -> Iterator[str]:
    """署名 two characters in from the right, the date starting two characters right of it; a longer date turns that round."""
    yield _BLANK
    yield _BLANK
    *names, day = lines
    longest = max((width(text_of(name)) for name in names), default=0.0)
    days = width(text_of(day))
    right_of_day = longest - days
    right_of_name = 2.0
    if right_of_day < 2:
        right_of_day, right_of_name = 2.0, 4 + days - longest
    for line, right in (*((name, right_of_name) for name in names), (day, right_of_day)):
        yield paragraph(
            "BriefSigned", line, f'<w:ind w:rightChars="{right * 100:.0f}" w:right="{right * 320:.0f}"/>'
        )


def _letterhead(lines: Sequence[Runs]) -> Iterator[str]:
    """发文机关标志, two blank lines, 发文字号 over the red line, two blank lines."""
    rule = '<w:pBdr><w:bottom w:val="single" w:sz="18" w:space="11" w:color="C8102E"/></w:pBdr>'
    mark, *number = lines
    yield paragraph("Letterhead", mark)
    yield _BLANK
    yield _BLANK
    yield paragraph("LetterNumber", number[0] if number else (), rule)
    yield _BLANK
    yield _BLANK


def _imprint(lines: Sequence[Runs]) -> Iterator[str]:
    edges = '<w:pBdr><w:top w:val="single" w:sz="8" w:space="1" w:color="auto"/><w:bottom w:val="single" w:sz="8" w:space="1" w:color="auto"/></w:pBdr>'
    for line in lines:
        yield paragraph("Imprint", line, edges)
