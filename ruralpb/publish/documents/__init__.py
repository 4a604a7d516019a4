"""From a briefing's context to documents: one template, filled once, parsed once, walked into each format.

The plan: `lint` (what is wrong with a template) → `template` (Jinja → Markdown with marked figures) → `blocks` (Markdown
→ blocks) → `docx`, `html`, `xlsx`, `markdown`, and `pdf` from the .docx. All formats say the same, for they walk the same
blocks. A template that is a .docx itself (`drawn`) is filled as it was drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ruralpb.core.problems import CannotRun, Location, Problem
from ruralpb.model import Address
from ruralpb.publish.documents import blocks as parsing
from ruralpb.publish.documents import template as templates
from ruralpb.publish.documents.blocks import Block, Run, Runs
from ruralpb.publish.documents.cells import Numbered
from ruralpb.publish.documents.literal_digits import typed_numbers
from ruralpb.publish.documents.template import find, names, reads, sources
from ruralpb.publish.documents.zipped import stamp
from ruralpb.publish.text import Context
from ruralpb.publish.text.figures import Fact

__all__ = [
    "FORMATS",
    "Printed",
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

FORMATS = ("docx", "html", "xlsx", "pdf", "md")
DRAWN_FORMATS = ("docx", "pdf")
"""What a template drawn as .docx can give."""


Origins = Callable[[Sequence[str]], Mapping[str, Sequence[Address]]]
"""Ids of values → the cells behind each; ids it knows nothing of are passed over."""


@dataclass(frozen=True, slots=True)
class Printed:
    """One printed number, in reading order, the fact it is and the cells it rests on: a line of `report --trace`."""

    text: str
    fact: Fact
    cells: Sequence[Address] = ()


@dataclass(frozen=True, slots=True)
class Rendered:
    """The documents by format, and every number in them with its fact."""

    files: Mapping[str, bytes]
    printed: tuple[Printed, ...]
    problems: tuple[Problem, ...]


def render(
    context: Context,
    template: str,
    search: Sequence[Path],
    formats: Sequence[str],
    when: datetime,
    cells: Origins | None = None,
) -> Rendered:
    """Return the briefing in `formats` (of FORMATS), equal bytes for equal input (.pdf excepted: LibreOffice's own).

    `search`: folders of templates, the project's before the built-in one. `when`: what `stamp` gives. `cells` is asked once
    for the cells behind all values that are printed, for the .html, the .xlsx and the trace; may be left out. Problems are
    numbers that are no facts and a PDF that could not be made. Raises CannotRun for an unknown format or a template that
    cannot be filled.
    """
    check(template, search, formats)
    if templates.find(template, search).endswith(templates.DRAWN):
        return _drawn(context, template, search, formats, when, cells)
    blocks = _addressed(parsing.parse(templates.fill(context, template, search)), context)
    added = {format: _added(format, context, blocks) for format in ("html", "xlsx") if format in formats}
    runs = [run for part in (blocks, *added.values()) for run in parsing.all_runs(part)]
    problems = _typed_numbers(template, [line for part in (blocks, *added.values()) for line in _lines(part)])
    facts = [context.facts.by_id[run.figure] for run in runs if run.figure]
    behind = cells(list(dict.fromkeys(fact.of for fact in facts if fact.of))) if cells else {}
    numbered = Numbered(behind if {"html", "xlsx"} & set(formats) else {})
    files: dict[str, bytes] = {}
    document = b""
    if {"docx", "pdf"} & set(formats):
        document, lacking = _docx(context, blocks, when)
        problems += lacking
    for format in dict.fromkeys(formats):
        if format == "docx":
            files[format] = document
        elif format == "pdf":
            content, found = _pdf(context, document)
            problems += found
            # Without LibreOffice the document is given, to be saved as PDF by hand.
            files |= {"pdf": content} if content else {"docx": document}
        else:
            files[format] = _other(format, context, blocks, added.get(format, ()), when, numbered)
    return Rendered(files, _printed(runs, facts, behind), tuple(problems))


def check(template: str, search: Sequence[Path], formats: Sequence[str]) -> None:
    """Raise CannotRun (exit 2) for an unknown format or template, before anything is computed for it."""
    for format in formats:
        if format not in FORMATS:
            raise CannotRun(Problem("format-unknown", found=format, expected="、".join(FORMATS)))
    drawn = templates.find(template, search).endswith(templates.DRAWN)
    if drawn and (beyond := [format for format in formats if format not in DRAWN_FORMATS]):
        raise CannotRun(Problem("template-docx-formats", Location(template), found="、".join(beyond)))


def formats_of(template: str, search: Sequence[Path], wanted: Sequence[str]) -> tuple[str, ...]:
    """Return those of the `wanted` formats that the template can give; a drawn one gives at least .docx. Raises CannotRun (exit 2) when
    there is no such template."""
    if not templates.find(template, search).endswith(templates.DRAWN):
        return tuple(wanted)
    return tuple(format for format in wanted if format in DRAWN_FORMATS) or ("docx",)


def _drawn(
    context: Context,
    template: str,
    search: Sequence[Path],
    formats: Sequence[str],
    when: datetime,
    cells: Origins | None,
) -> Rendered:
    from ruralpb.publish import docx_template as drawn

    filled = drawn.fill(context, templates.find(template, search), search, when)
    runs = [run for paragraph in filled.paragraphs for run in paragraph]
    problems = _typed_numbers(template, filled.paragraphs)
    facts = [context.facts.by_id[run.figure] for run in runs if run.figure]
    behind = cells(list(dict.fromkeys(fact.of for fact in facts if fact.of))) if cells else {}
    files = {"docx": filled.content} if "docx" in formats else {}
    if "pdf" in formats:
        content, found = _pdf(context, filled.content)
        problems += found
        files |= {"pdf": content} if content else {"docx": filled.content}
    return Rendered(files, _printed(runs, facts, behind), tuple(problems))


def _docx(context: Context, blocks: Sequence[Block], when: datetime) -> tuple[bytes, list[Problem]]:
    from ruralpb.publish.docx import write as document
    from ruralpb.publish.docx.missing_glyphs import lacking

    fonts = context.matter.settings.fonts
    return document(blocks, fonts, when), list(lacking(blocks, fonts))


def pdfs(documents: Sequence[bytes], fonts: Mapping[str, str]) -> tuple[list[bytes], list[Problem]]:
    """Return the PDF of each .docx, in their order, from one run of LibreOffice; empty bytes for one that was not made. `fonts` are the
    project's (`Settings.fonts`)."""
    from ruralpb.publish.documents.pdf import convert_all
    from ruralpb.publish.docx.reference import substitutes

    return convert_all(documents, substitutes(fonts))


def _pdf(context: Context, document: bytes) -> tuple[bytes, list[Problem]]:
    from ruralpb.publish.documents.pdf import convert
    from ruralpb.publish.docx.reference import substitutes

    return convert(document, substitutes(context.matter.settings.fonts))


def _added(format: str, context: Context, blocks: Sequence[Block]) -> tuple[Block, ...]:
    """What a page or a workbook shows besides the text: drawn or tabled, it is made of figures like the rest."""
    if format == "html":
        from ruralpb.publish.html.overview import overview

        return overview(context, blocks)
    from ruralpb.publish.xlsx.report import summary

    return summary(context)


def _other(
    format: str,
    context: Context,
    blocks: Sequence[Block],
    added: Sequence[Block],
    when: datetime,
    cells: Numbered,
) -> bytes:
    if format == "html":
        from ruralpb.publish.html import write as page

        return page(blocks, added, context, cells).encode()
    if format == "xlsx":
        from ruralpb.publish.xlsx.report import write as workbook

        return workbook(blocks, added, context, cells, when)
    from ruralpb.publish.documents.markdown import write as text

    return text(blocks).encode()


def _printed(
    runs: Sequence[Run], facts: Sequence[Fact], behind: Mapping[str, Sequence[Address]]
) -> tuple[Printed, ...]:
    figures = (run for run in runs if run.figure)
    return tuple(
        Printed(run.text, fact, behind.get(fact.of, ())) for run, fact in zip(figures, facts, strict=True)
    )


def _addressed(blocks: Sequence[Block], context: Context) -> tuple[Block, ...]:
    """The blocks with the words that say for whom the document is: at its head, or below the date (at the end where it has none)."""
    found = list(blocks)
    if context.mark:
        found.insert(0, parsing.Box("标注", (), (parsing.Paragraph((Run(context.mark),)),)))
    if context.note:
        dated = [
            place
            for place, block in enumerate(found)
            if isinstance(block, parsing.Box) and block.name == "署名"
        ]
        found.insert(dated[-1] + 1 if dated else len(found), parsing.Paragraph((Run(context.note),)))
    return tuple(found)


def _lines(blocks: Sequence[Block]) -> list[Runs]:
    """The words of each heading, paragraph and cell."""
    found: list[Runs] = []
    for block in parsing.walk(blocks):
        if isinstance(block, parsing.Heading | parsing.Paragraph):
            found.append(block.runs)
        elif isinstance(block, parsing.Grid):
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
