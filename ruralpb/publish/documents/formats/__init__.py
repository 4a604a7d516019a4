"""The formats of a report, a module each: its `FORMAT` says what it shows beside the text and how it is written.

A new format is a module here and its name in `ruralpb.model.REPORT_FORMATS`. Modules are imported when their format is asked for: each
needs another library.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from importlib import import_module

from ruralpb.core.problems import Problem
from ruralpb.publish.blocks import DocumentBlock
from ruralpb.publish.source_cells import NumberedCells
from ruralpb.publish.text import Context


@dataclass(frozen=True)
class Manuscript:
    """A filled template before it has a format: its `blocks`, or the document itself where the template was drawn as .docx (`drawn`).
    `additions`: format → what it shows beside the text; `cells` are those behind the figures; `when` dates the files."""

    context: Context
    when: datetime
    blocks: tuple[DocumentBlock, ...] = ()
    drawn: bytes = b""
    additions: Mapping[str, tuple[DocumentBlock, ...]] = field(default_factory=dict)
    cells: NumberedCells = field(default_factory=lambda: NumberedCells({}))

    @cached_property
    def docx(self) -> tuple[bytes, list[Problem]]:
        """The .docx, made once for all formats that rest on it, and a problem for each font that lacks characters of the text."""
        if self.drawn:
            return self.drawn, []
        from ruralpb.publish.docx import write
        from ruralpb.publish.docx.missing_glyphs import lacking

        fonts = self.context.data.settings.fonts
        return write(self.blocks, fonts, self.when), list(lacking(self.blocks, fonts))


def nothing_beside(_context: Context, _blocks: Sequence[DocumentBlock]) -> tuple[DocumentBlock, ...]:
    """What most formats show beside the text."""
    return ()


Written = tuple[Mapping[str, bytes], list[Problem]]
"""Suffix → content, and what could not be done."""


@dataclass(frozen=True, slots=True)
class ReportFormat:
    """One format: `write` gives its files, `additions` the blocks it shows beside those of the template. `from_drawn`: a template drawn as
    .docx can be given in it; `shows_cells`: it shows the cells behind its figures."""

    write: Callable[[Manuscript], Written]
    additions: Callable[[Context, Sequence[DocumentBlock]], tuple[DocumentBlock, ...]] = nothing_beside
    from_drawn: bool = False
    shows_cells: bool = False


def report_format(name: str) -> ReportFormat:
    """Return a format of `REPORT_FORMATS` by its name."""
    found: ReportFormat = import_module(f"{__name__}.{name}").FORMAT
    return found
