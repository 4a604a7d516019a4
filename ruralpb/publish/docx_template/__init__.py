"""A template drawn in WPS or Word (.docx with Jinja tags) + context → the document, with every printed number known.

The plan: `reading` (what text stands in which paragraph, so that an error can name it) → docxtpl in the sandbox of `template`,
figures marked as in Markdown → `finish` (marks off, whole tables in, the same bytes for the same input). Layout, words and
styles are the template's own.
"""

from __future__ import annotations

import io
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from ruralpb.core import numbers
from ruralpb.core.problems import CannotRun, Location, Problem
from ruralpb.publish.blocks import Runs
from ruralpb.publish.docx_template import finish, reading
from ruralpb.publish.markup import template as templates
from ruralpb.publish.text import Context
from ruralpb.publish.text.figures import BAR, CLOSE, OPEN, Chart, Figure, Phrase, Table

PHRASES = "phrases.md.j2"
"""The phrase bank: a drawn template has it as `words` without importing it."""

_CONTROL = dict.fromkeys(range(32), " ") | dict.fromkeys(range(0xFDD0, 0xFDD8), "")


@dataclass(frozen=True, slots=True)
class FilledDocument:
    """The document, and its paragraphs as words and figures in reading order."""

    content: bytes
    paragraphs: tuple[Runs, ...]


class Unprintable(Exception):  # noqa: N818 - it says what is printed
    """A list, a chart or a function stands where words are printed."""


def fill(context: Context, file: str, search: Sequence[Path], when: datetime) -> FilledDocument:
    """Return the document of the drawn template `file` (its name on the search path).

    Raises CannotRun (exit 2), naming the paragraph: a tag that cannot be read, an unknown name, what the sandbox refuses.
    """
    from docxtpl import DocxTemplate

    tables: list[Table] = []
    variables = dict(context.variables())
    environment = templates.environment(search, variables, _printer(tables), escape=True)
    document = DocxTemplate(io.BytesIO(reading.content(file, search)))
    try:
        with templates.limited():
            variables.setdefault("words", environment.get_template(PHRASES).module)
            document.render(variables, environment, autoescape=True)
    except (*templates.FAILURES, Unprintable) as error:
        raise CannotRun(_problem(error, file, document)) from error
    finish.addressed(document.docx, [words for words in (context.mark, context.note) if words])
    out = io.BytesIO()
    document.save(out)
    content, paragraphs = finish.finished(out.getvalue(), tables, when)
    return FilledDocument(content, paragraphs)


def _printer(tables: list[Table]) -> Callable[[Any], str]:
    """What a tag prints (the engine's `finalize`): words with marked figures, — for None, a mark for a whole table."""

    def printed(value: Any) -> str:
        if isinstance(value, Table):
            tables.append(value)
            return finish.table_mark(len(tables) - 1)
        return marked(value)

    return printed


def marked(value: Any) -> str:
    """Return words with marked figures; no character in them that XML has no place for. Raises Unprintable."""
    if value is None:
        return numbers.NONE
    if isinstance(value, Figure):
        return f"{OPEN}{value.text.translate(_CONTROL)}{BAR}{value.id}{CLOSE}"
    if isinstance(value, Phrase):
        return "".join(map(marked, value.parts))
    text = str(value)  # first of all: this is what makes an undefined name say which one it is
    if isinstance(value, Chart) or not isinstance(value, str | int | Decimal):
        kinds = {Chart: "图表", list: "列表", tuple: "列表"}
        raise Unprintable(kinds.get(type(value), type(value).__name__))
    return text.translate(_CONTROL)


def _problem(error: BaseException, file: str, document: Any) -> Problem:
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == "<template>"]
    line = getattr(error, "lineno", None) or (frames[-1].lineno if frames else None)
    paragraph = reading.paragraph(document, line) if line else ""
    if isinstance(error, Unprintable):
        found = Problem("template-unprintable", Location(file), found=str(error))
    else:
        found = templates.problem(error, Location(file))
    return reading.placed(found, paragraph)
