"""Digits that a person typed: which may stand in a template, which are data and have to be figures of the program.

Two kinds may: the number of a heading or a line (1. （2） 3、) at its beginning, and the number of a document, 〔2026〕3号.
"""

from __future__ import annotations

import re

_DIGITS = re.compile(r"[0-9０-９][0-9０-９.,，％%]*")
_DOCUMENT = re.compile(r"[〔\[［(（]\s*(?:19|20)\d\d\s*[〕\]］)）]\s*第?\d{1,4}号")
_OUTLINE = re.compile(r"^\s*#*\s*(?:[（(]\d{1,2}[）)]|\d{1,2}[.．、）)](?!\d))")


def typed_numbers(text: str, starts: bool) -> list[str]:
    """Return the numbers in words that a person typed and may not. `starts`: the words begin a line."""
    rest = _DOCUMENT.sub("", text)
    return [
        found.rstrip(".,，") for found in _DIGITS.findall(_OUTLINE.sub("", rest, count=1) if starts else rest)
    ]
