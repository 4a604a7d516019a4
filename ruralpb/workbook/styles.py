"""The style part of an OOXML workbook → which cell styles show a percentage, a date, or struck-out text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ruralpb.workbook.xml import parsed

_BUILTIN_PERCENT = {9, 10}
_BUILTIN_DATES = {*range(14, 18), 22, *range(27, 32), 36, *range(50, 55), 57, 58}
"""14-17, 22 everywhere; 27-31, 36, 50-54, 57, 58 are dates in the Chinese Excel, often without a format code in the file."""
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


@dataclass(frozen=True, slots=True)
class Styles:
    """Numbers of cell styles."""

    percent: frozenset[int] = frozenset()
    dates: frozenset[int] = frozenset()
    struck: frozenset[int] = frozenset()


def is_percent(number: int, code: str) -> bool:
    """Whether a number format, by its number and code, shows a percentage."""
    return number in _BUILTIN_PERCENT or "%" in _LITERAL.sub("", code)


def is_date(number: int, code: str) -> bool:
    """Whether a number format, by its number and code, shows a day (hours alone are none)."""
    plain = _LITERAL.sub("", code).lower()
    return (number in _BUILTIN_DATES and not code) or ("y" in plain and ("m" in plain or "d" in plain))


@lru_cache(maxsize=32)
def styles(part: bytes) -> Styles:
    """Return the styles of a style part. Kept for a while: the files of one program have the same. Raises Unreadable when damaged."""
    if not part:
        return Styles()
    root = parsed(part)
    codes = {
        _number(element.get("numFmtId")): element.get("formatCode", "") for element in root.iter("{*}numFmt")
    }
    struck_fonts = {
        index
        for index, font in enumerate(root.iterfind("{*}fonts/{*}font"))
        if any(strike.get("val", "1") not in ("0", "false") for strike in font.iterfind("{*}strike"))
    }
    percent, dates, struck = set(), set(), set()
    for index, style in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        number = _number(style.get("numFmtId"))
        code = codes.get(number, "")
        if is_percent(number, code):
            percent.add(index)
        elif is_date(number, code):
            dates.add(index)
        if _number(style.get("fontId")) in struck_fonts:
            struck.add(index)
    return Styles(frozenset(percent), frozenset(dates), frozenset(struck))


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
