"""Blocks → clean Markdown: what a person would type, without containers and marks. For people to read, compare and paste."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ruralpb.publish.blocks import Box, DocumentBlock, Heading, Paragraph, Runs, TableBlock
from ruralpb.publish.documents.formats import Manuscript, ReportFormat, Written
from ruralpb.publish.text.figures import escaped, line_start

_RULE = {"left": ":--", "center": ":-:", "right": "--:"}


def _write(manuscript: Manuscript) -> Written:
    """The Markdown text of the blocks. Charts are left out: their numbers stand in the tables."""
    return {"md": ("\n\n".join(_parts(manuscript.blocks)) + "\n").encode()}, []


def _parts(blocks: Sequence[DocumentBlock]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Heading):
            yield f"{'#' * block.level} {_line(block.runs)}"
        elif isinstance(block, Paragraph):
            text = _line(block.runs)
            yield f"{block.bullet} {text}" if block.bullet else line_start(text)
        elif isinstance(block, TableBlock):
            yield _table(block)
        elif block.name == "附件":
            yield from _annex(block)
        elif block.name == "附件说明":
            lines = [_line(item.runs) for item in block.blocks if isinstance(item, Paragraph)]
            yield "\n".join(["附件：", "", *lines])
        elif block.name != "图":
            yield from _parts(block.blocks)


def _annex(box: Box) -> Iterator[str]:
    number, *title = _parts(box.blocks)
    yield f"## {number} {''.join(title)}"


def _table(grid: TableBlock) -> str:
    lines = [_row(grid.head), "|" + "|".join(_RULE[align] for align in grid.aligns) + "|"]
    return "\n".join([*lines, *map(_row, grid.rows)])


def _row(cells: Sequence[Runs]) -> str:
    return "| " + " | ".join(map(_line, cells)) + " |"


def _line(runs: Runs) -> str:
    words = (run for run in runs if run.text != "\n")
    return "".join(f"**{escaped(run.text)}**" if run.bold else escaped(run.text) for run in words)


FORMAT = ReportFormat(_write)
