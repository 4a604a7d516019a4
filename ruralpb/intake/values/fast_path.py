"""Texts that are read as they stand, picked out of a whole column at once.

Most cells of a text column are their own value. One scan over all of them finds these; only the others are read one by one. Whatever is
not certainly plain is left to the reader of its column, which says the same of every text picked here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import date

from ruralpb.intake.values import people
from ruralpb.intake.values.cells import DITTO, INVISIBLE, MARKS
from ruralpb.model import Field

Pick = Callable[[Collection[str]], set[str]]
Every = Callable[[Collection[str]], bool]

_LONGEST_MARK = max(map(len, MARKS | DITTO))
_TEXT = re.compile(rf"^[^\s{INVISIBLE}]{{{_LONGEST_MARK + 1},}}$", re.MULTILINE)
"""Longer than any mark, without anything that is taken out of a text: it is a value. No text gets shorter by NFKC but by accents and
the like, of which no mark is made."""
_A_SHORT = f"[一-龥A-Za-z0-9./()%-]{{1,{_LONGEST_MARK}}}"
"""Of characters that are the same in NFKC, so that it is a mark only if it is written like one."""
_A_NAME = "(?:[一-龥]{2,3}|[一-龥]{2,4}[0-9]{1,3})"
"""Also of namesakes who are numbered. Neither has room for a post, or for two people."""
_A_CARD = "[0-9]{17}[0-9X]"
_A_MOBILE = "1[3-9][0-9]{9}"
_LINES = (_A_SHORT, _A_NAME, _A_CARD, _A_MOBILE)
_SHORT, _NAME, _CARD, _MOBILE = (re.compile(f"^{line}$", re.MULTILINE) for line in _LINES)
_SHORTS, _NAMES, _CARDS, _MOBILES = (re.compile(rf"(?:{line}\n)*+") for line in _LINES)


def pick(item: Field, end: date) -> Pick | None:
    """Return what finds, among the texts of one column, those that are their own value; None for columns that are no plain texts."""
    match item.type:
        case "enum" | "bool" | "date" | "month" | "int" | "number" | "money" | "percent":
            return None
        case "id_card":
            return lambda texts: {text for text in _found(_CARD, texts) if people.is_valid(text, end)}
        case "phone":
            return lambda texts: _found(_MOBILE, texts)
        case _:
            return _names if item.id == "name" else _texts


def every(item: Field, end: date) -> Every | None:
    """Return what tells at one look that all texts of a column are their own value; None for columns that are no plain texts. It is
    true only of texts that `pick` finds, and may be false of them: then they are picked."""
    match item.type:
        case "enum" | "bool" | "date" | "month" | "int" | "number" | "money" | "percent":
            return None
        case "id_card":
            return lambda texts: _all(_CARDS, texts) and people.are_valid(texts, end)
        case "phone":
            return lambda texts: _all(_MOBILES, texts)
        case _:
            return _all_names if item.id == "name" else _all_texts


def _all_names(texts: Collection[str]) -> bool:
    return _all(_NAMES, texts) and MARKS.isdisjoint(texts) and DITTO.isdisjoint(texts)


def _all_texts(texts: Collection[str]) -> bool:
    # Of what blanks a cell can hold only the common one is printable, and nothing invisible is.
    together = "".join(texts)
    if " " in together or not together.isprintable():
        return False
    short = {text for text in texts if len(text) <= _LONGEST_MARK}
    return _all(_SHORTS, short) and MARKS.isdisjoint(short) and DITTO.isdisjoint(short)


def _all(lines: re.Pattern[str], texts: Collection[str]) -> bool:
    """True when each text is a line of the pattern. A text of several lines is none, though each of its lines may be."""
    together = "\n".join([*texts, ""])
    return together.count("\n") == len(texts) and lines.fullmatch(together) is not None


def _names(texts: Collection[str]) -> set[str]:
    return _found(_NAME, texts) - MARKS - DITTO


def _texts(texts: Collection[str]) -> set[str]:
    return _found(_TEXT, texts) | (_found(_SHORT, texts) - MARKS - DITTO)


def _found(pattern: re.Pattern[str], texts: Collection[str]) -> set[str]:
    """The texts that the pattern, of one line, matches. A text of several lines is no match, though a line of it may be."""
    return set(pattern.findall("\n".join(texts))).intersection(texts)
