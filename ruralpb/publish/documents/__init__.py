"""From a report's context to documents: one template, filled once, parsed once, walked into each format.

    lint       what is wrong with a template
    markup     Jinja → Markdown with marked figures → blocks, the same for all formats
    formats    blocks → .docx, .html, .xlsx, .md, and .pdf from the .docx

A template that is a .docx itself (`docx_template`) is filled as it was drawn.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from ruralpb.core.problems import CannotRun, Location, Problem
from ruralpb.model import REPORT_FORMATS, Address
from ruralpb.publish import blocks
from ruralpb.publish.blocks import Box, DocumentBlock, Paragraph, Runs, TextRun
from ruralpb.publish.documents.formats import Manuscript, report_format
from ruralpb.publish.documents.lint import reads
from ruralpb.publish.markup import parsing
from ruralpb.publish.markup import template as templates
from ruralpb.publish.markup.literal_digits import typed_numbers
from ruralpb.publish.markup.template import find, names, sources
from ruralpb.publish.source_cells import NumberedCells
from ruralpb.publish.text import Context
from ruralpb.publish.text.figures import Fact

__all__ = [
    "PrintedNumber",
    "Rendered",
    "check",
    "find",
    "formats_of",
    "names",
    "pdfs",
    "reads",
    "render",
    "sources",
    "stamp",
]

CellsBehind = Callable[[Sequence[str]], Mapping[str, Sequence[Address]]]
"""Ids of values → the cells behind each; ids it knows nothing of are passed over."""

_EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
"""The zip format knows nothing earlier."""


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """One printed number, in reading order: its text, the fact it is (id, and what it says), the cells it rests on."""

    text: str
    fact: str
    says: str
    cells: tuple[Address, ...]
    of: str = ""
    """The value it is or belongs to: figures of one value rest on the same cells."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """The documents by format, and every number in them with its fact."""

    files: Mapping[str, bytes]
    printed: tuple[PrintedNumber, ...]
    problems: tuple[Problem, ...]


def stamp(fallback: date, environment: Mapping[str, str] = os.environ) -> datetime:
    """Return the time documents bear: SOURCE_DATE_EPOCH, else midnight UTC of `fallback` (the period's due date)."""
    epoch = environment.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return max(datetime.fromtimestamp(int(epoch), UTC), _EARLIEST)
    return datetime(fallback.year, fallback.month, fallback.day, tzinfo=UTC)


def check(template: str, search: Sequence[Path], formats: Sequence[str]) -> None:
    """Raise CannotRun (exit 2) for an unknown format or template, before anything is computed for it."""
    for format in formats:
        if format not in REPORT_FORMATS:
            raise CannotRun(Problem("format-unknown", found=format, expected="、".join(REPORT_FORMATS)))
    drawn = templates.find(template, search).endswith(templates.DRAWN)
    if drawn and (beyond := [name for name in formats if not report_format(name).from_drawn]):
        raise CannotRun(Problem("template-docx-formats", Location(template), found="、".join(beyond)))


def formats_of(template: str, search: Sequence[Path], wanted: Sequence[str]) -> tuple[str, ...]:
    """Return those of the `wanted` formats that the template can give; a drawn one gives at least .docx. Raises CannotRun (exit 2) when
    there is no such template."""
    if not templates.find(template, search).endswith(templates.DRAWN):
        return tuple(wanted)
    return tuple(name for name in wanted if report_format(name).from_drawn) or ("docx",)


def render(
    context: Context,
    template: str,
    search: Sequence[Path],
    formats: Sequence[str],
    when: datetime,
    cells: CellsBehind | None = None,
    cells_shown: bool = True,
) -> Rendered:
    """Return the report in `formats` (of REPORT_FORMATS), equal bytes for equal input (.pdf excepted: LibreOffice's own).

    `search`: folders of templates, the project's before the built-in one. `when`: what `stamp` gives. `cells` is asked once
    for the cells behind all values that are printed, for the trace and, unless `cells_shown` is False, the .html and .xlsx; may be left
    out. Problems are numbers that are no facts and a PDF that could not be made. Raises CannotRun for an unknown format or a template
    that cannot be filled.
    """
    check(template, search, formats)
    wanted = [name for name in REPORT_FORMATS if name in formats]
    additions: dict[str, tuple[DocumentBlock, ...]] = {}
    text: tuple[DocumentBlock, ...] = ()
    drawn = b""
    if templates.find(template, search).endswith(templates.DRAWN):
        from ruralpb.publish.docx_template import fill

        filled = fill(context, templates.find(template, search), search, when)
        drawn, lines = filled.content, list(filled.paragraphs)
        runs = [run for paragraph in lines for run in paragraph]
    else:
        text = _addressed(parsing.parse(templates.fill(context, template, search)), context)
        additions = {name: report_format(name).additions(context, text) for name in wanted}
        lines = [line for part in (text, *additions.values()) for line in _lines(part)]
        runs = [run for part in (text, *additions.values()) for run in blocks.all_runs(part)]
    problems = _typed_numbers(template, lines)
    facts = [context.facts.by_id[run.figure] for run in runs if run.figure]
    behind = cells(list(dict.fromkeys(fact.of for fact in facts if fact.of))) if cells else {}
    shown = cells_shown and any(report_format(name).shows_cells for name in wanted)
    manuscript = Manuscript(context, when, text, drawn, additions, NumberedCells(behind if shown else {}))
    files: dict[str, bytes] = {}
    for name in dict.fromkeys(formats):
        written, troubles = report_format(name).write(manuscript)
        files |= written
        problems += [trouble for trouble in troubles if trouble not in problems]
    return Rendered(files, _printed(runs, facts, behind), tuple(problems))


def pdfs(documents: Sequence[bytes], fonts: Mapping[str, str]) -> tuple[list[bytes], list[Problem]]:
    """Return the PDF of each .docx, in their order, from one run of LibreOffice; empty bytes for one that was not made. `fonts` are the
    project's (`Settings.fonts`)."""
    from ruralpb.publish.documents.pdf_printing import convert_all
    from ruralpb.publish.docx.reference import substitutes

    return convert_all(documents, substitutes(fonts))


def _printed(
    runs: Iterable[TextRun], facts: Sequence[Fact], behind: Mapping[str, Sequence[Address]]
) -> tuple[PrintedNumber, ...]:
    figures = (run for run in runs if run.figure)
    return tuple(
        PrintedNumber(run.text, fact.id, fact.says, tuple(behind.get(fact.of, ())), fact.of)
        for run, fact in zip(figures, facts, strict=True)
    )


def _addressed(text: Sequence[DocumentBlock], context: Context) -> tuple[DocumentBlock, ...]:
    """The blocks with the words that say for whom the document is: at its head, or below the date (at the end where it has none)."""
    found = list(text)
    if context.mark:
        found.insert(0, Box("标注", (), (Paragraph((TextRun(context.mark),)),)))
    if context.note:
        dated = [
            place for place, block in enumerate(found) if isinstance(block, Box) and block.name == "署名"
        ]
        found.insert(dated[-1] + 1 if dated else len(found), Paragraph((TextRun(context.note),)))
    return tuple(found)


def _lines(text: Sequence[DocumentBlock]) -> list[Runs]:
    """The words of each heading, paragraph and cell."""
    found: list[Runs] = []
    for block in blocks.walk(text):
        if isinstance(block, blocks.Heading | Paragraph):
            found.append(block.runs)
        elif isinstance(block, blocks.TableBlock):
            found += [cell for row in (block.head, *block.rows) for cell in row]
    return found


def _typed_numbers(template: str, lines: Sequence[Runs]) -> list[Problem]:
    """Digits that are no figure: typed into the template, or joined to text on the way."""
    typed = [
        number
        for runs in lines
        for place, run in enumerate(runs)
        if not run.figure
        for number in typed_numbers(run.text, starts=place == 0)
    ]
    where = Location(template)
    return [Problem("template-number", where, found=text, severity="query") for text in dict.fromkeys(typed)]
