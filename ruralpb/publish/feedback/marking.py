"""A township's own .xlsx or .xlsm with cells coloured: of the whole file only the styles of these cells differ.

Two kinds of parts change: the sheets with marks (the `s` of a cell; a cell or row that was not there is put in) and the style part (fills and
cell styles at the end of their lists). Every other part, and every other byte of these, is the original's: formulas, cached
values, pictures, validations, what other programs wrote.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ruralpb.core.ooxml.limits import ZIP, Unreadable
from ruralpb.core.ooxml.package import Package
from ruralpb.core.ooxml.xml import parsed
from ruralpb.core.ooxml.zipped import Zip, replaced
from ruralpb.publish.feedback.marks import Mark, colours
from ruralpb.publish.feedback.sheet_part import marked
from ruralpb.publish.feedback.style_part import MarkStyles
from ruralpb.publish.feedback.tags import Unmarkable


@dataclass(frozen=True, slots=True)
class Marked:
    """The marked copy; None with the reason (a slug) when the file cannot be marked in place."""

    content: bytes | None
    reason: str = ""


def mark(content: bytes, marks: Iterable[Mark]) -> Marked:
    """Return a copy of the workbook with the marks. Not in place: what is no OOXML workbook, is encrypted or signed, has no list of
    styles. Never raises for what the file contains."""
    wanted = colours(marks)
    if not wanted:
        return Marked(content)
    if not content.startswith(ZIP):
        return Marked(None, "feedback-not-xlsx")
    try:
        container = Zip(content)
        if not container.part("_rels/.rels"):
            return Marked(None, "feedback-not-xlsx")
        if _signed(container):
            return Marked(None, "feedback-signed")
        return Marked(replaced(content, _parts(container, wanted)))
    except Unreadable:
        return Marked(None, "feedback-part-unreadable")
    except Unmarkable as refusal:
        return Marked(None, refusal.slug)


def _signed(container: Zip) -> bool:
    return any(name.lower().lstrip("/").startswith("_xmlsignatures/") for name in container.entries)


def _parts(container: Zip, wanted: dict[str, dict[str, str]]) -> dict[str, bytes]:
    """The changed parts under their names in the container."""
    package = Package(container)
    if package.kind != "xml":
        raise Unmarkable("feedback-not-xlsx")
    looks = package.related("/styles")
    if not looks:
        raise Unmarkable("feedback-without-styles")
    styles = MarkStyles(_bytes(container, looks))
    changed = {}
    sheets = package.sheets(parsed(package.xml(package.workbook)))
    if wanted.keys() - {sheet.name for sheet in sheets}:
        raise Unmarkable("feedback-part-unreadable")
    for sheet in sheets:
        if sheet.name in wanted:
            part = _bytes(container, sheet.part)
            changed[container.part(sheet.part)] = marked(part, wanted[sheet.name], styles.of)
    changed[container.part(looks)] = styles.part()
    return changed


def _bytes(container: Zip, part: str) -> bytes:
    """A part as it stands in the container, once it is known to be harmless."""
    container.xml(part)
    return container.read(container.part(part))
