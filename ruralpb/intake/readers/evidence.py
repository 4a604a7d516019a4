"""What people and programs attach to cells: comments, formulas and their links, struck-out text → `Evidence`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from ruralpb.core.ooxml.package import Package
from ruralpb.core.ooxml.xml import events, local
from ruralpb.intake.readers.cells import PERCENT, Cell
from ruralpb.model import Evidence, cell_position
from ruralpb.model.vocabulary import builtin

_WORDS = builtin()
_LINK = re.compile(r"(?<![\w\]])\[(\d{1,4})\]")
_TEXT = re.compile(r'"(?:[^"]|"")*"')
_THREADED = re.compile(
    rf"^\[(?:{_WORDS.either('comments.threaded')})\].*?\n(?:{_WORDS.either('comments.label')})[:：]\s*",
    re.DOTALL,
)


def evidence(
    percent: Iterable[Cell],
    formulas: Mapping[Cell, str],
    struck: Collection[Cell],
    comments: Mapping[Cell, str],
    links: Sequence[str],
    disguised: Mapping[Cell, Evidence],
) -> dict[Cell, Evidence]:
    """Return what is to be said of each cell of which something is. `links` are the workbooks that formulas name [1], [2] …"""
    found = dict.fromkeys(percent, PERCENT) | dict(disguised)
    if not (formulas or struck or comments):
        return found
    for cell in {*formulas, *struck, *comments}:
        formula = formulas.get(cell, "")
        found[cell] = replace(
            found.get(cell, Evidence()),
            formula=formula,
            struck=cell in struck,
            comment=comments.get(cell, ""),
            link=_linked(formula, links) if links and "[" in formula else "",
        )
    return found


def _linked(formula: str, links: Sequence[str]) -> str:
    numbers = (int(number) for number in _LINK.findall(_TEXT.sub("", formula)))
    return next((links[number - 1] for number in numbers if 0 < number <= len(links)), "")


def comments(package: Package, sheet: str) -> dict[Cell, str]:
    """Return the comments of a sheet part, those in threads joined line by line."""
    comments_of: dict[Cell, str] = {}
    relations = package.relations(sheet).values()
    for relation in relations:
        if relation.kind.endswith("/comments") and (part := package.xml(relation.target)):
            comments_of |= {cell: _THREADED.sub("", text) for cell, text in _read(part, "comment")}
    for relation in relations:
        if relation.kind.endswith("/threadedComment") and (part := package.xml(relation.target)):
            threads: dict[Cell, list[str]] = {}
            for cell, text in _read(part, "threadedComment"):
                threads.setdefault(cell, []).append(text)
            comments_of |= {cell: "\n".join(texts) for cell, texts in threads.items()}
    return {cell: text for cell, text in comments_of.items() if text}


def _read(part: bytes, name: str) -> Iterable[tuple[Cell, str]]:
    for _, element, tag in events(part, ("end",)):
        if tag == name:
            cell = cell_position(element.get("ref", ""))
            if cell:
                texts = (node.text or "" for node in element.iter() if local(node) in ("t", "text"))
                yield cell, "".join(texts).strip()
            element.clear()
