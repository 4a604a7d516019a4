"""Printed numbers that know what they are: figures, phrases made of them, tables of them, and the list of all facts.

A template receives these objects. Their `str()` is the printed text; `marked()` is the same text as Markdown in which every
figure carries its id between non-characters (U+FDD0–U+FDD2, which no text may contain), so that any output format can link
the number to its trace, and a number that is no fact can be told from one that is.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from ruralpb.core import numbers
from ruralpb.publish.blocks import Align

OPEN, BAR, CLOSE = "{\ufdd0", "\ufdd1", "\ufdd2"
"""Around a marked figure: OPEN text BAR id CLOSE. The brace is there because Markdown parsers stop at it and look for rules."""

_MARKS = str.maketrans({"\ufdd0": "", "\ufdd1": "", "\ufdd2": "", "\ufdd3": "", "\n": " "})
_MARKDOWN = re.compile(r"([\\`*_\[\]<|&])")
_LINE_START = re.compile(r"^(\s*\d*)([-+:#>.)])")
PIPE = "\ufdd3"
"""Stands for | inside a marked figure, which may stand in a table's cell."""
_DIGIT = re.compile(r"\d")

FactKind = Literal["value", "part", "count", "name", "setting", "finding", "order", "period"]
"""What a printed number is: an indicator's value; a part of one (numerator, base, change, target, rank, coverage, share); a
count of returns, findings or units; a name that has digits in it; a word of the project's settings; the message of a
finding; the number of an annex; the report's period or a date."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed number. `id` is stable (a `Value.id`, possibly with `#part`), `of` the id of the value it belongs to,
    `value` the number itself where it is one, `says` what it is in words."""

    id: str
    text: str
    kind: FactKind = "value"
    value: Decimal | None = None
    of: str = ""
    says: str = ""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words and figures in a row. An empty phrase is false."""

    parts: tuple[str | Figure, ...] = ()

    def __str__(self) -> str:
        return "".join(map(str, self.parts))

    def __bool__(self) -> bool:
        return bool(self.parts)

    def __add__(self, other: str | Figure | Phrase) -> Phrase:
        return phrase(self, other)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The figures in it, in order."""
        return tuple(part for part in self.parts if isinstance(part, Figure))


Words = str | Figure | Phrase | None


def phrase(*parts: Words) -> Phrase:
    """Return the parts joined; None and empty ones vanish, neighbouring words grow together."""
    joined: list[str | Figure] = []
    for part in parts:
        for piece in part.parts if isinstance(part, Phrase) else (part,):
            if piece is None or piece == "":
                continue
            if isinstance(piece, str) and joined and isinstance(joined[-1], str):
                joined[-1] += piece
            else:
                joined.append(piece)
    return Phrase(tuple(joined))


def listed(items: Iterable[Words], between: str = "、") -> Phrase:
    """Return the non-empty items with `between` in between."""
    found: list[Words] = []
    for item in items:
        if item:
            found += [between, item] if found else [item]
    return phrase(*found)


TableCell = str | Figure | Phrase | None


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column of a table: heading (its measure in it) and alignment; numbers stand right."""

    title: Words
    align: Align = "left"


def columns(
    titles: Iterable[Words], right: Container[int] = (), center: Container[int] = ()
) -> tuple[TableColumn, ...]:
    """Return columns with these headings; those at the places of `right` and `center` (0-based) stand so, the others left."""
    return tuple(
        TableColumn(title, "right" if place in right else "center" if place in center else "left")
        for place, title in enumerate(titles)
    )


@dataclass(frozen=True, slots=True)
class Table:
    """A table as a template prints it. `name` becomes the sheet's name; `wide` asks for a landscape page; `caption` stands
    above (where an annex has several tables), `notes` below."""

    name: str
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[TableCell, ...], ...]
    wide: bool = False
    notes: tuple[Phrase, ...] = ()
    caption: str = ""

    def __bool__(self) -> bool:
        return bool(self.rows)


@dataclass(frozen=True, slots=True)
class Chart:
    """Numbers to be drawn: a label and a figure each (a missing one is a gap), with an optional line across (a target)."""

    kind: Literal["bar", "line"]
    title: Phrase
    measure: str
    points: tuple[tuple[Words, Figure | None], ...]
    line: Figure | None = None

    def __bool__(self) -> bool:
        return any(figure is not None for _, figure in self.points)


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of a figure id: all the ways it was printed, its exact value, the value it belongs to."""

    id: str
    kind: FactKind
    value: Decimal | None
    of: str
    says: str
    texts: tuple[str, ...]


@dataclass
class Facts:
    """The facts of one briefing, in the order they were first used. Only ever added to."""

    by_id: dict[str, Fact] = field(default_factory=dict)

    def figure(
        self,
        id: str,
        text: str,
        kind: FactKind = "value",
        value: Decimal | None = None,
        of: str = "",
        says: str = "",
    ) -> Figure:
        """Return the figure and remember it as a fact. The same id with another value is a mistake of ours: ValueError."""
        known = self.by_id.get(id)
        if known and known.value != value:
            raise ValueError(f"fact {id} has two values: {known.value} and {value}")
        texts = known.texts if known else ()
        if text not in texts:
            self.by_id[id] = Fact(id, kind, value, of, says or (known.says if known else ""), (*texts, text))
        return Figure(id, text, kind, value, of, says)

    def name(self, id: str, text: str, kind: FactKind = "name") -> Words:
        """Return a name as it is, or as a figure when it has digits in it (35岁及以下成员占比): then it is a fact too."""
        return self.figure(id, text, kind) if _DIGIT.search(text) else text

    def count(self, id: str, number: int, says: str) -> Figure:
        """Return a count of returns, units or findings."""
        return self.figure(id, str(number), "count", Decimal(number), says=says)

    def order(self, number: int) -> Figure:
        """Return the number of a line or an annex: it counts nothing but itself."""
        return self.figure(f"order:{number}", str(number), "order", Decimal(number))


def escaped(text: str) -> str:
    """Return text as Markdown that prints exactly so within a line; line breaks become spaces, our marks vanish."""
    return _MARKDOWN.sub(r"\\\1", text.translate(_MARKS))


def line_start(markdown: str) -> str:
    """Return a line of Markdown that begins no list, heading, quote or container, whatever it begins with."""
    return _LINE_START.sub(r"\1\\\2", markdown)


def marked(value: Any) -> str:
    """Return what a template prints for `value`: Markdown with marked figures, — for None (the template engine's `finalize`)."""
    if value is None:
        return numbers.NONE
    if isinstance(value, Figure):
        text = value.text.translate(_MARKS).replace("|", PIPE)
        return f"{OPEN}{text}{BAR}{value.id}{CLOSE}"
    if isinstance(value, Phrase):
        return "".join(map(marked, value.parts))
    if isinstance(value, Table):
        return _pipe_table(value)
    if isinstance(value, Chart):
        return _chart(value)
    if not isinstance(value, str | int | Decimal):
        # str() first: it is what makes an undefined name of a template say which one it is.
        raise TypeError(
            f"{str(value)[:60]} cannot be printed; write a loop for a list, brackets for a function"
        )
    return line_start(escaped(str(value)))


_RULES: Mapping[Align, str] = {"left": ":--", "center": ":-:", "right": "--:"}


def _pipe_table(table: Table) -> str:
    lines = [
        "| " + " | ".join(marked(column.title) for column in table.columns) + " |",
        "|" + "|".join(_RULES[column.align] for column in table.columns) + "|",
        *("| " + " | ".join(marked(cell) for cell in row) + " |" for row in table.rows),
    ]
    notes = "".join(f"\n\n:::注\n{marked(note)}\n:::" for note in table.notes)
    caption = f":::表题\n{escaped(table.caption)}\n:::\n\n" if table.caption else ""
    body = f"{caption}:::表 {table.name}\n" + "\n".join(lines) + "\n:::" + notes
    return f"::::横表\n{body}\n::::" if table.wide else body


def _chart(chart: Chart) -> str:
    head = f":::图 {chart.kind} {chart.measure}\n{marked(chart.title)}\n\n"
    lines = ["| 名称 | 数值 |", "|:--|--:|"]
    lines += [f"| {marked(label)} | {marked(figure)} |" for label, figure in chart.points]
    if chart.line is not None:
        lines.append(f"| 目标 | {marked(chart.line)} |")
    return head + "\n".join(lines) + "\n:::"
