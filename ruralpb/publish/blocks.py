"""What a document is made of, before it has a format: headings, paragraphs, tables, named boxes, and in them words and figures.

Every writer (docx, html, xlsx, markdown) walks these; they know nothing of templates, facts or formats.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class TextRun:
    """Words, or a figure when `figure` names its fact; a line break where a title is broken by sense."""

    text: str
    figure: str = ""
    bold: bool = False


Align = Literal["left", "center", "right"]

Runs = tuple[TextRun, ...]

BOXES = (
    "主送",
    "署名",
    "附件",
    "附件说明",
    "图",
    "表",
    "横表",
    "注",
    "表题",
    "红头",
    "草稿",
    "标注",
    "版记",
    "摘要",
    "参考",
)
"""The names of containers that mean something; what a 摘要 holds stands on a page of its own, what a 参考 holds is for looking up."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 (the title) to 4."""

    level: int
    runs: Runs


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `bullet` is the mark before it when it came from a list."""

    runs: Runs
    bullet: str = ""


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table. Cells align with `aligns`; the first row is the heading."""

    head: tuple[Runs, ...]
    rows: tuple[tuple[Runs, ...], ...]
    aligns: tuple[Align, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A named container: 主送, 署名, 附件, 附件说明, 图, 表, 横表, 注, 红头, 草稿, 标注, 版记, 摘要. `words` follow the name on its line."""

    name: str
    words: tuple[str, ...]
    blocks: tuple[DocumentBlock, ...]


DocumentBlock = Heading | Paragraph | TableBlock | Box


def text_of(runs: Sequence[TextRun]) -> str:
    """The words of some runs, on one line."""
    return "".join(run.text for run in runs if run.text != "\n")


def title_of(blocks: Sequence[DocumentBlock]) -> str:
    """The words of the title: the first heading of level 1, in a container or not; "" without one."""
    titles = (b for b in walk(blocks) if isinstance(b, Heading) and b.level == 1)
    return next((text_of(title.runs) for title in titles), "")


def walk(blocks: Sequence[DocumentBlock]) -> Iterator[DocumentBlock]:
    """Every block, containers before what they hold."""
    for block in blocks:
        yield block
        if isinstance(block, Box):
            yield from walk(block.blocks)


def all_runs(blocks: Sequence[DocumentBlock]) -> Iterator[TextRun]:
    """Every run, in reading order."""
    for block in walk(blocks):
        if isinstance(block, Heading | Paragraph):
            yield from block.runs
        elif isinstance(block, TableBlock):
            for row in (block.head, *block.rows):
                for cell in row:
                    yield from cell
