"""Blocks → one self-contained .html: no network, no external font or script, readable without script and in print.

Every figure links to `#f=<fact id>`; the script opens a panel with its formula, parts, coverage, source and cells. The facts
stand in one JSON block (`facts`), charts are inline SVG (`charts`), drawings a page adds to its text are chosen in `overview`;
style and scripts stand in page.css, panel.js, tables.js and search.js beside this. The scripts are ES5, for the browsers of
old office machines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from urllib.parse import quote

from ruralpb.publish.blocks import (
    Box,
    DocumentBlock,
    Heading,
    Paragraph,
    Runs,
    TableBlock,
    TextRun,
    all_runs,
    text_of,
    title_of,
)
from ruralpb.publish.html import charts, facts, shell
from ruralpb.publish.source_cells import NumberedCells
from ruralpb.publish.text import Context

_LINKED = ("value", "part", "count", "finding")


def write(
    blocks: Sequence[DocumentBlock],
    drawings: Sequence[DocumentBlock],
    context: Context,
    cells: NumberedCells,
) -> str:
    """Return the page: `blocks` with `drawings` (`overview`) before the annexes, those of them that are for reference last. `cells` are
    those behind the values."""
    annexes = next(
        (at for at, b in enumerate(blocks) if isinstance(b, Box) and b.name == "附件"), len(blocks)
    )
    last = [b for b in drawings if isinstance(b, Box) and b.name == "参考"]
    shown = (*blocks[:annexes], *(b for b in drawings if b not in last), *blocks[annexes:], *last)
    page = _HtmlWriter(context)
    body = "\n".join(page.blocks(shown))
    title = title_of(blocks)
    style = shell.asset("page.css")
    script = "\n".join(map(shell.asset, _SCRIPTS))
    known = facts.block(context, [run.figure for run in all_runs(shown) if run.figure], cells)
    return shell.page(title, style, _BODY.format(body=body, facts=known), script)


_SCRIPTS = ("panel.js", "tables.js", "search.js")
_BODY = """<form id="tools" role="search" hidden>
<label for="search">查找</label>
<input id="search" type="search" autocomplete="off" placeholder="乡镇、村、指标、数字">
<span id="found" role="status"></span>
</form>
<main>
{body}
</main>
<div id="panel" role="dialog" aria-labelledby="panel-title" tabindex="-1" hidden></div>
<script type="application/json" id="facts">{facts}</script>"""


class _HtmlWriter:
    """Turns blocks into HTML: a figure of which there is something to show is a link to it."""

    _boxes: Mapping[str, str] = {
        "主送": "to",
        "署名": "signed",
        "附件说明": "annex-list",
        "红头": "letterhead",
        "草稿": "draft",
        "标注": "marking",
        "版记": "imprint",
        "注": "note",
        "表题": "caption",
        "横表": "wide",
        "摘要": "summary",
        "参考": "reference",
    }

    def __init__(self, context: Context) -> None:
        facts = context.facts.by_id.values()
        self.linked = {fact.id for fact in facts if fact.kind in _LINKED and (fact.of or fact.says)}
        self._totals = {"合计", "总计", context.data.scope}
        self._ranks = {v.id: (v.rank, v.ranked) for v in context.data.values if v.rank is not None}

    def blocks(self, blocks: Sequence[DocumentBlock]) -> Iterator[str]:
        for block, after in zip(blocks, (*blocks[1:], None), strict=True):
            if isinstance(block, Heading):
                yield f"<h{block.level}>{self.runs(block.runs)}</h{block.level}>"
            elif isinstance(block, Paragraph):
                bullet = f"{escape(block.bullet)} " if block.bullet else ""
                yield f"<p>{bullet}{self.runs(block.runs)}</p>"
            elif isinstance(block, TableBlock):
                yield self.table(block)
            else:
                yield self.box(block, isinstance(after, Box) and after.name == "横表")

    def box(self, box: Box, before_wide: bool = False) -> str:
        if box.name == "图":
            return charts.draw(box, self._ranks.get)
        if box.name == "附件":
            number, *title = (self.runs(b.runs) for b in box.blocks if isinstance(b, Paragraph))
            across = " across" if before_wide else ""  # its title is printed on the page of its table
            return f'<section class="annex{across}"><p class="number">{number}</p><h2>{"".join(title)}</h2></section>'
        if box.name == "表":
            return "\n".join(self.blocks(box.blocks))
        inner = "\n".join(self.blocks(box.blocks))
        return f'<div class="{self._boxes.get(box.name, "box")}">\n{inner}\n</div>'

    def table(self, grid: TableBlock) -> str:
        head = "".join(
            f'<th scope="col" class="{align}">{self.runs(cell)}</th>'
            for cell, align in zip(grid.head, grid.aligns, strict=True)
        )
        rows = "\n".join(f"<tr{self.total(row)}>{''.join(self.cells(row, grid))}</tr>" for row in grid.rows)
        return (
            f'<div class="table"><table><thead><tr>{head}</tr></thead><tbody>\n{rows}\n</tbody></table></div>'
        )

    def total(self, row: Sequence[Runs]) -> str:
        """A row that sums up the others: it keeps its place when they are sorted."""
        return ' class="total"' if row and text_of(row[0]) in self._totals else ""

    def cells(self, row: Sequence[Runs], grid: TableBlock) -> Iterator[str]:
        for place, (cell, align) in enumerate(zip(row, grid.aligns, strict=True)):
            tag = 'th scope="row"' if place == 0 and align == "left" else "td"
            yield f'<{tag} class="{_look(text_of(cell), align)}">{self.runs(cell)}</{tag.split()[0]}>'

    def runs(self, runs: Runs) -> str:
        return "".join(map(self.run, runs))

    def run(self, run: TextRun) -> str:
        if run.text == "\n":
            return "<br>"
        text = escape(run.text)
        if run.figure in self.linked:
            return f'<a class="f" href="#f={quote(run.figure, safe="@:.-_{}")}">{text}</a>'
        if run.figure:
            return f'<span class="n">{text}</span>'
        return f"<strong>{text}</strong>" if run.bold else text


_A_NUMBER = 14
"""As many characters a number has at most, with its measure: a longer text in a column of numbers is words, and may break."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def _look(text: str, align: str) -> str:
    """The classes of a cell."""
    if align == "right" and len(text) > _A_NUMBER:
        return "left"
    return f"{align} date" if _DATE.fullmatch(text) else align
