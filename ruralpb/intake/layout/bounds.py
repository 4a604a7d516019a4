"""Bounds in header texts: 61岁及以上, 60岁以上, 超过60岁, ≤35岁. Two texts may agree in everything but where a class begins.

Civil Code art. 1259: 以上, 以下, 以内 include the number itself; 不满, 超过, 以外 do not. Townships do not always count so, so other
words for the same bound are read with a question, and another bound is another column.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from ruralpb.model.vocabulary import builtin

_WORDS = builtin()
_NUMBER = rf"(?P<n>\d+(?:\.\d+)?)(?P<n_unit>{_WORDS.either('bounds.measures')}|)"
_AFTER = re.compile(rf"{_NUMBER}(?P<word>{_WORDS.either('bounds.after')})")
_BEFORE = re.compile(rf"(?P<word>{_WORDS.either('bounds.before')}){_NUMBER}")
_INCLUDED_UP = _WORDS.words("bounds.included_up")
_INCLUDED_DOWN = _WORDS.words("bounds.included_down")
_ABOVE = _WORDS.words("bounds.above")
_CONTINUOUS = _WORDS.words("bounds.continuous")
_FULL_YEARS, _YEARS = _WORDS["bounds.full_years"]
_INCLUDED, _EXCLUDED = _WORDS["bounds.included"][0], _WORDS["bounds.excluded"][0]


@dataclass(frozen=True, slots=True)
class Bound:
    """One bound as it is written: `up` (above it) or down; `inclusive` when the number itself belongs to the class."""

    number: Decimal
    up: bool
    inclusive: bool
    counted: bool
    """True where only whole numbers come up (岁, 人 …): more than 60 is 61 or more."""

    def same(self, other: Bound) -> bool:
        """True when both draw the line at the same place."""
        return self.up == other.up and self._first() == other._first()

    def _first(self) -> tuple[Decimal, bool]:
        if self.counted and not self.inclusive:
            return self.number + (1 if self.up else -1), True
        return self.number, self.inclusive


@lru_cache(maxsize=16384)
def bounds(text: str) -> tuple[str, tuple[Bound, ...]]:
    """Return a folded text with its bounds taken out, and the bounds from left to right; no bounds: the text itself."""
    found: list[Bound] = []

    def take(match: re.Match[str]) -> str:
        found.append(_bound(match["word"], match["n"], match["n_unit"]))
        return (
            ("{↑" if found[-1].up else "{↓")
            + (_YEARS if match["n_unit"] == _FULL_YEARS else match["n_unit"])
            + "}"
        )

    rest = _BEFORE.sub(take, _AFTER.sub(take, text)) if any(letter.isdigit() for letter in text) else text
    return rest, tuple(found)


def _bound(word: str, number: str, unit: str) -> Bound:
    plain = re.sub(r"[(][^()]*[)]", "", word)
    inclusive = _EXCLUDED not in word and (
        plain in _INCLUDED_UP or plain in _INCLUDED_DOWN or _INCLUDED in word
    )
    up = plain in _INCLUDED_UP or plain in _ABOVE
    return Bound(Decimal(number), up, inclusive, unit not in _CONTINUOUS)
