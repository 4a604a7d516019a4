"""Texts that a person sees around the cells of a sheet: header and footer of its printed page, text boxes."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from ruralpb.core.ooxml.package import Package
from ruralpb.core.ooxml.xml import events

_PAGE = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(Header|Footer)(?:\s[^>]*)?>([^<]*)<")
_FIELD = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|[A-Za-z]|\d{1,3})')
"""What a page header writes for fonts, parts of the line, page numbers and dates."""


def texts(package: Package, sheet: str) -> Iterator[tuple[str, str]]:
    """Yield where a text stands (`header`, `footer`, `box`) and what it says, for the sheet part `sheet`."""
    part = package.xml(sheet)
    for found in _PAGE.finditer(part) if b"eader>" in part or b"ooter>" in part else ():
        if text := page_text(html.unescape(found[2].decode("utf-8", "replace"))):
            yield found[1].decode().lower(), text
    for relation in package.relations(sheet).values():
        if relation.kind.endswith("/drawing") and (drawing := package.xml(relation.target)):
            yield from (("box", text) for text in _boxes(drawing))


def page_text(text: str) -> str:
    """Return what the code of a page header or footer shows."""
    return _FIELD.sub(" ", text.replace("&&", "\0")).replace("\0", "&").strip()


def _boxes(drawing: bytes) -> Iterator[str]:
    for _, element, name in events(drawing, ("end",)):
        if name == "txBody":
            lines = ("".join(run.text or "" for run in line.iter("{*}t")) for line in element.iter("{*}p"))
            if text := "\n".join(line for line in lines if line.strip()):
                yield text
