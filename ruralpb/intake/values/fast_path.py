"""Texts that are read as they stand, picked out of a whole column at once.

Most cells of a text column are their own value. One scan over all of them finds these; only the others are read one by one. Whatever is
not certainly plain is left to the reader of its column, which says the same of every text picked here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from ruralpb.intake.values import people
from ruralpb.intake.values.cells import CUT, INVISIBLE, CellWords, ColumnSpec
from ruralpb.model.vocabulary import Vocabulary

Pick = Callable[[Collection[str]], set[str]]
Every = Callable[[Collection[str]], bool]

_A_NAME = r"(?:[\u4e00-\u9fa5]{2,3}|[\u4e00-\u9fa5]{2,4}[0-9]{1,3})"
"""Also of namesakes who are numbered. Neither has room for a post, or for two people."""
_A_CARD = "[0-9]{17}[0-9X]"
_A_MOBILE = "1[3-9][0-9]{9}"


@dataclass(frozen=True, slots=True)
class _Lines:
    """Patterns for texts that are a line each, and for all of them at once (a line each, to the end)."""

    line: re.Pattern[str]
    every: re.Pattern[str]

    @staticmethod
    def of(line: str) -> _Lines:
        return _Lines(re.compile(f"^{line}$", re.MULTILINE), re.compile(rf"(?:{line}\n)*+"))


_NAMES, _CARDS, _MOBILES = map(_Lines.of, (_A_NAME, _A_CARD, _A_MOBILE))


@dataclass(frozen=True, slots=True)
class _Marks:
    """The cells that are no value, and the texts that are certainly none of them. Longer than any mark, without anything that is taken
    out of a text: it is a value. No text gets shorter by NFKC but by accents and the like, of which no mark is made. `short` are
    texts of characters that are the same in NFKC, so that one is a mark only if it is written like one."""

    marks: frozenset[str]
    longest: int
    text: re.Pattern[str]
    short: _Lines
    odd: re.Pattern[str]
    """Lines that the reader of a text refuses: words of programs for nothing, numbers that lost digits."""


def _marks(vocabulary: Vocabulary, _: str = "") -> _Marks:
    words = CellWords.of(vocabulary)
    marks = words.nothing | words.ditto
    longest = max(map(len, marks))
    text = re.compile(rf"^[^\s{INVISIBLE}]{{{longest + 1},}}$", re.MULTILINE)
    odd = [re.escape(word) for word in words.no_value] + [CUT.pattern]
    return _Marks(
        marks,
        longest,
        text,
        _Lines.of(rf"[\u4e00-\u9fa5A-Za-z0-9./()%-]{{1,{longest}}}"),
        re.compile(f"^(?:{'|'.join(odd)})$", re.MULTILINE | re.IGNORECASE),
    )


def pick(column: ColumnSpec) -> Pick | None:
    """Return what finds, among the texts of one column, those that are their own value; None for columns that are no plain texts."""
    marks = column.vocabulary.once(_marks)
    match column.field.type:
        case "enum" | "bool" | "date" | "month" | "int" | "number" | "money" | "percent":
            return None
        case "id_card":
            return lambda texts: {text for text in _found(_CARDS, texts) if people.is_valid(text, column.end)}
        case "phone":
            return lambda texts: _found(_MOBILES, texts)
        case _ if column.field.id == "name":
            return lambda texts: _found(_NAMES, texts) - marks.marks
        case _:
            return lambda texts: _picked(marks, texts)


def every(column: ColumnSpec) -> Every | None:
    """Return what tells at one look that all texts of a column are their own value; None for columns that are no plain texts. It is
    true only of texts that `pick` finds, and may be false of them: then they are picked."""
    marks = column.vocabulary.once(_marks)
    match column.field.type:
        case "enum" | "bool" | "date" | "month" | "int" | "number" | "money" | "percent":
            return None
        case "id_card":
            return lambda texts: _all(_CARDS, texts) and people.are_valid(texts, column.end)
        case "phone":
            return lambda texts: _all(_MOBILES, texts)
        case _ if column.field.id == "name":
            return lambda texts: _all(_NAMES, texts) and marks.marks.isdisjoint(texts)
        case _:
            return lambda texts: _all_texts(marks, texts)


def _all_texts(marks: _Marks, texts: Collection[str]) -> bool:
    # Of what blanks a cell can hold only the common one is printable, and nothing invisible is.
    together = "".join(texts)
    if " " in together or not together.isprintable() or marks.odd.search("\n".join(texts)):
        return False
    short = {text for text in texts if len(text) <= marks.longest}
    return _all(marks.short, short) and marks.marks.isdisjoint(short)


def _all(lines: _Lines, texts: Collection[str]) -> bool:
    """True when each text is a line of the pattern. A text of several lines is none, though each of its lines may be."""
    together = "\n".join([*texts, ""])
    return together.count("\n") == len(texts) and lines.every.fullmatch(together) is not None


def _picked(marks: _Marks, texts: Collection[str]) -> set[str]:
    together = "\n".join(texts)
    long = set(marks.text.findall(together)).intersection(texts)
    plain = long | (_found(marks.short, texts) - marks.marks)
    return plain - set(marks.odd.findall(together))


def _found(lines: _Lines, texts: Collection[str]) -> set[str]:
    """The texts that the pattern, of one line, matches. A text of several lines is no match, though a line of it may be."""
    return set(lines.line.findall("\n".join(texts))).intersection(texts)
