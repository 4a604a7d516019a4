"""The few pieces of WordprocessingML a briefing needs, as text: runs, paragraphs, tables. Building text is ten times faster than
setting cells through python-docx, and shows what is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, sqrt

from docx.oxml.ns import nsdecls

from ruralpb.publish.blocks import Runs, TableBlock, TextRun, text_of

NAMESPACE = nsdecls("w")

MANY_COLUMNS = 10
"""Tables with more columns are set in the small style, and those in which words would break in the normal one."""


def width(text: str) -> float:
    """The width of a text in Chinese characters: others count half."""
    return sum(1.0 if ord(char) > 0x2E80 or char in "“”‘’—…·" else 0.5 for char in text)


def fonts(name: str) -> str:
    """A w:rFonts. python-docx sets only ascii and hAnsi; Chinese text is set in the eastAsia font, which must be written too."""
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}"/>'


def run(piece: TextRun, style: str = "") -> str:
    """One w:r. Bold words stand in the 楷体 character style, as leading phrases of a circular do."""
    if piece.text == "\n":
        return "<w:r><w:br/></w:r>"
    named = style or ("Lead" if piece.bold else "")
    look = f'<w:rPr><w:rStyle w:val="{named}"/></w:rPr>' if named else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{escape(piece.text, quote=False)}</w:t></w:r>'


def paragraph(style: str, runs: Runs, extra: str = "") -> str:
    """One w:p in a named style; `extra` are further children of w:pPr, in schema order after pStyle."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{extra}</w:pPr>{"".join(map(run, runs))}</w:p>'


def table(grid: TableBlock, room: int) -> str:
    """A w:tbl of `room` twips: heading row repeated on every page, rows never split, numbers right. Widths stand both in
    w:tblGrid and in each cell: WPS reads the one, Word the other."""
    needs = [_need(grid, place) for place in range(len(grid.head))]
    tight = sum(need.least + _PADDING for need in needs) * _NORMAL > room
    small = "Small" if len(grid.head) > MANY_COLUMNS or tight else ""
    widths = _widths(needs, room, _SMALL if small else _NORMAL)
    columns = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
    rows = [
        _row(grid.head, ["center"] * len(widths), widths, f"TableHead{small}", "<w:cantSplit/><w:tblHeader/>")
    ]
    rows += [_row(row, grid.aligns, widths, f"TableText{small}") for row in grid.rows]
    return (
        f'<w:tbl {NAMESPACE}><w:tblPr><w:tblStyle w:val="BriefingTable"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:jc w:val="center"/><w:tblLayout w:type="fixed"/><w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" '
        f'w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _row(
    cells: Sequence[Runs],
    aligns: Sequence[str],
    widths: Sequence[int],
    style: str,
    look: str = "<w:cantSplit/>",
) -> str:
    inner = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{room}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        + paragraph(style, cell, f'<w:jc w:val="{align}"/>')
        + "</w:tc>"
        for cell, align, room in zip(cells, aligns, widths, strict=True)
    )
    return f"<w:tr><w:trPr>{look}</w:trPr>{inner}</w:tr>"


_NORMAL, _SMALL = 210, 180
"""Twips of a character of a table's text."""


def _widths(needs: Sequence[_Need], room: int, size: int) -> list[int]:
    """Share the room so that nothing wraps; when it is not enough, so that the rows are lowest: a column's share then goes with
    the square root of its text. Numbers and short words stay whole as long as they can."""
    wholes = [(need.whole + _PADDING) * size for need in needs]
    floors = [(need.least + _PADDING) * size for need in needs]
    if (whole := sum(wholes)) <= room:
        widths = [int(one * room / whole) for one in wholes]
    elif (floor := sum(floors)) >= room:
        widths = [int(one * room / floor) for one in floors]
    else:
        widths = _lowest(wholes, floors, [sqrt(need.text) for need in needs], room)
    widths[0] += room - sum(widths)
    return widths


def _lowest(
    wholes: Sequence[float], floors: Sequence[float], weights: Sequence[float], room: int
) -> list[int]:
    """Widths in proportion to the weights, none below its floor or above what it needs to be whole, together the room."""
    low, high = 0.0, max(whole / weight for whole, weight in zip(wholes, weights, strict=True))
    for _ in range(30):
        share = (low + high) / 2
        widths = [
            min(whole, max(floor, share * weight))
            for whole, floor, weight in zip(wholes, floors, weights, strict=True)
        ]
        low, high = (low, share) if sum(widths) > room else (share, high)
    return [int(one) for one in widths]


_PADDING = 0.8
"""Characters: the margins of a cell."""

_WORD = 6.0
"""Characters of a word that is not broken if it can be helped."""

_SPARE = 0.5
"""Characters: by how much a number may be wider in a font that stands in."""


@dataclass(frozen=True, slots=True)
class _Need:
    """Of a column, in characters: what keeps it from wrapping, the fewest it can do with, the length of all its text."""

    whole: float
    least: float
    text: float


def _need(grid: TableBlock, place: int) -> _Need:
    """Its heading takes up to four lines, each about as long, the unit of measure in brackets on one of its own."""
    lines = 4 if len(grid.head) > MANY_COLUMNS else 3
    numbers = _SPARE if grid.aligns[place] == "right" else 0.0
    cells = [width(text_of(row[place])) + numbers for row in grid.rows] or [2.0]
    longest = max(cells)
    heading = text_of(grid.head[place])
    word = min(4.0, max(map(width, heading.replace("（", "\n（").split("\n"))))
    whole = max(longest, word, ceil(width(heading) / lines))
    return _Need(whole, min(whole, max(min(longest, _WORD), word)), sum(cells) or 1.0)
