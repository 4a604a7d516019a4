"""What stands in a drawn template: its parts, its paragraphs, and the tags as the engine will see them."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from lxml import etree

from ruralpb.core.problems import CannotRun, Location, Problem

SUFFIX = ".docx"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PARTS = re.compile(r"/word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_SHOWN = 60


def content(file: str, search: Sequence[Path]) -> bytes:
    """Return the bytes of the template. Raises CannotRun (exit 2) when it is no .docx."""
    path = next(folder / file for folder in search if (folder / file).is_file())
    found = path.read_bytes()
    if not found.startswith(b"PK"):
        raise CannotRun(Problem("template-not-docx", Location(file)))
    return found


def opened(file: str, search: Sequence[Path]) -> Any:
    """Return the template as docxtpl opens it. Raises CannotRun (exit 2) when it is no .docx."""
    from docxtpl import DocxTemplate

    document = DocxTemplate(io.BytesIO(content(file, search)))
    try:
        document.render_init()
    except (BadZipFile, KeyError, ValueError, etree.XMLSyntaxError) as error:
        raise CannotRun(Problem("template-not-docx", Location(file))) from error
    return document


def sources(document: Any) -> Iterator[str]:
    """Yield the Jinja source of each part that is filled: body, headers, footers, footnotes; one paragraph a line."""
    yield _lined(document.patch_xml(document.get_xml()))
    for part in _filled_parts(document):
        yield _lined(document.patch_xml(part.blob.decode("utf-8")))


def paragraph(document: Any, line: int) -> str:
    """Return the words of the paragraph on `line` of the part that was being filled, its tags with them."""
    part = document.current_rendering_part
    body = part is None or part is document.docx.part
    source = document.get_xml() if body else document.get_part_xml(part)
    return words_of(_lined(document.patch_xml(source)), line)


def words_of(source: str, line: int) -> str:
    """Return the words on a line of a Jinja source made of XML."""
    lines = source.split("\n")
    text = html.unescape(re.sub(r"<[^>]+>", "", lines[min(line, len(lines)) - 1])).strip()
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def placed(problem: Problem, paragraph: str) -> Problem:
    """Return the problem with the words of its paragraph for a place: a document has no lines."""
    where = Location(problem.where.file, sheet=f"“{paragraph}”" if paragraph else "")
    return replace(problem, where=where)


def typed_paragraphs(document: Any) -> Iterator[str]:
    """Yield the words of every paragraph as they were typed, tags too, what fields print (page numbers) left out."""
    yield from _typed(document.docx.element.body)
    for part in _filled_parts(document):
        yield from _typed(etree.fromstring(part.blob))


def texts(paragraph: Any) -> list[Any]:
    """The w:t of a paragraph that are printed as they stand: not those of another in it, of a fallback, of a field."""
    found: list[Any] = []
    depth = 0
    for node in paragraph.iter(f"{W}t", f"{W}fldChar"):
        if node.tag == f"{W}fldChar":
            kind = node.get(f"{W}fldCharType")
            depth += {"begin": 1, "end": -1}.get(kind, 0)
        elif depth == 0 and next(node.iterancestors(f"{W}p")) is paragraph and not _elsewhere(node):
            found.append(node)
    return found


def _elsewhere(node: Any) -> bool:
    return any(above.tag in (_FALLBACK, f"{W}fldSimple") for above in node.iterancestors())


def _typed(tree: Any) -> Iterator[str]:
    for one in tree.iter(f"{W}p"):
        if text := "".join(node.text or "" for node in texts(one)).strip():
            yield text


def _filled_parts(document: Any) -> list[Any]:
    """Headers, footers and notes in the order of their names."""
    parts = {str(part.partname): part for part in document.docx.part.package.iter_parts()}
    return [part for name, part in sorted(parts.items()) if _PARTS.fullmatch(name) and "document" not in name]


def _lined(source: str) -> str:
    """One paragraph a line, as docxtpl fills it: a line number in an error then leads to its paragraph."""
    return re.sub(r"<w:p([ >])", r"\n<w:p\1", source)
