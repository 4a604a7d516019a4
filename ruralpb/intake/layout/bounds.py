"""Bounds in header texts: 61岁及以上, 60岁以上, 超过60岁, ≤35岁. Two texts may agree in everything but where a class begins.

Civil Code art. 1259: 以上, 以下, 以内 include the number itself; 不满, 超过, 以外 do not. Townships do not always count so, so other
words for the same bound are read with a question, and another bound is another column.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

_NUMBER = r"(?P<{0}>\d+(?:\.\d+)?)(?P<{0}_unit>周岁|岁|万元|元|个|人|名|年|天|次|户|亩|%|万|)"
_AFTER = re.compile(
    _NUMBER.format("n")
    + r"(?P<word>[(]含[)]及?以[上下]|(?:及其?)?以上[(]不含[^()]*[)]|(?:及其?)?以下[(]不含[^()]*[)]|(?:及其?)?以上(?:[(]含[^()]*[)])?"
    r"|(?:及其?)?以下(?:[(]含[^()]*[)])?|及?以内|以外|[(]含[)])"
)
_BEFORE = re.compile(
    r"(?P<word>大于等于|小于等于|大于或等于|小于或等于|不少于|不低于|不超过|不高于|超过|大于|高于|多于|不满|未满|不足|不到|小于|低于|少于|至少|至多"
    r"|>=|<=|≥|≤|>|<|≧|≦)" + _NUMBER.format("n")
)
_INCLUDED_UP = (
    "以上",
    "及以上",
    "及其以上",
    "大于等于",
    "大于或等于",
    "不少于",
    "不低于",
    "至少",
    ">=",
    "≥",
    "≧",
)
_INCLUDED_DOWN = (
    "以下",
    "及以下",
    "及其以下",
    "以内",
    "及以内",
    "小于等于",
    "小于或等于",
    "不超过",
    "不高于",
    "至多",
    "<=",
    "≤",
    "≦",
)
_ABOVE = ("超过", "大于", "高于", "多于", "以外", ">")


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
            ("{↑" if found[-1].up else "{↓") + ("岁" if match["n_unit"] == "周岁" else match["n_unit"]) + "}"
        )

    rest = _BEFORE.sub(take, _AFTER.sub(take, text)) if any(letter.isdigit() for letter in text) else text
    return rest, tuple(found)


def _bound(word: str, number: str, unit: str) -> Bound:
    plain = re.sub(r"[(][^()]*[)]", "", word)
    inclusive = "不含" not in word and (plain in _INCLUDED_UP or plain in _INCLUDED_DOWN or "含" in word)
    up = plain in _INCLUDED_UP or plain in _ABOVE
    return Bound(Decimal(number), up, inclusive, unit not in ("万元", "元", "亩", "%", "万"))
