"""The few pieces of WordprocessingML a briefing needs, as text: runs, paragraphs, tables. Building text is ten times faster than
setting cells through python-docx, and shows what is written."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from docx.oxml.ns import nsdecls

from ruralpb.render.blocks import Grid, Run, Runs, text_of

NAMESPACE = nsdecls("w")

MANY_COLUMNS = 10
"""Tables with more columns are set in the small style."""


def width(text: str) -> float:
    """The width of a text in Chinese characters: others count half."""
    return sum(1.0 if ord(char) > 0x2E80 or char in "“”‘’—…·" else 0.5 for char in text)


def run(piece: Run, style: str = "") -> str:
    """One w:r. Bold words stand in the 楷体 character style, as leading phrases of a circular do."""
    if piece.text == "\n":
        return "<w:r><w:br/></w:r>"
    named = style or ("Lead" if piece.bold else "")
    look = f'<w:rPr><w:rStyle w:val="{named}"/></w:rPr>' if named else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{escape(piece.text, quote=False)}</w:t></w:r>'


def paragraph(style: str, runs: Runs, extra: str = "") -> str:
    """One w:p in a named style; `extra` are further children of w:pPr, in schema order after pStyle."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{extra}</w:pPr>{"".join(map(run, runs))}</w:p>'


def table(grid: Grid, room: int) -> str:
    """A w:tbl of `room` twips: heading row repeated on every page, rows never split, numbers right. Widths stand both in
    w:tblGrid and in each cell: WPS reads the one, Word the other."""
    widths = _widths(grid, room)
    columns = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
    small = "Small" if len(widths) > MANY_COLUMNS else ""
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


def _widths(grid: Grid, room: int) -> list[int]:
    """Share the room by what the cells need: the longest cell up to a limit, the heading wrapped to a few lines. When it is
    not enough the narrow columns keep their width and the broad ones wrap."""
    many = len(grid.head) > MANY_COLUMNS
    lines, most, size = (4, 14.0, 180) if many else (2.5, 30.0, 210)
    needs: list[float] = []
    for place, head in enumerate(grid.head):
        body = max((width(text_of(row[place])) for row in grid.rows), default=2.0)
        heading = width(text_of(head))
        needs.append((max(min(body, most), heading / lines, min(heading, 3.0)) + 0.8) * size)
    spare = room - sum(needs)
    broad = [place for place, need in enumerate(needs) if spare >= 0 or need > 6 * size]
    share = sum(needs[place] for place in broad) or 1.0
    widths = [
        int(need + spare * need / share) if place in broad else int(need) for place, need in enumerate(needs)
    ]
    widths[0] += room - sum(widths)
    return widths
