"""How personal values are masked, wherever they are shown."""

from __future__ import annotations

import re

MASKED = "***"
"""What stands in place of a personal value."""

_GAP = r"[ \-\u00a0\u2010-\u2015\u3000－]?"
_BEFORE, _AFTER = r"(?<![\da-f])", r"(?![\da-f]|\.\d)"
"""Digits within longer digits, within a hash or before a decimal point are no number of a person."""
_ID_NUMBER = re.compile(
    rf"{_BEFORE}(?:\d{{6}}{_GAP}\d{{8}}{_GAP}\d{{3}}[\dXxＸｘ]|\d{{6}}{_GAP}\d{{6}}{_GAP}\d{{3}}){_AFTER}"
)
"""18 digits (GB 11643) or the 15 of before 1999, also with gaps between place, birthday and number."""
_PHONE = re.compile(rf"{_BEFORE}1\d{{2}}{_GAP}\d{{4}}{_GAP}\d{{4}}{_AFTER}")
"""A mobile number, also as 3-4-4."""
_SHOWN_DIGITS = 4


def masked(text: str) -> str:
    """Return the last four characters behind asterisks; nothing of a text that is not longer."""
    return f"****{text[-_SHOWN_DIGITS:]}" if len(text) > _SHOWN_DIGITS else "****"


def without_numbers(text: str) -> str:
    """Return a text with any ID number or mobile phone in it masked: people write them into names and remarks."""
    hidden = _ID_NUMBER.sub(lambda m: masked(m.group()), text)
    return _PHONE.sub(lambda m: masked(m.group()), hidden)
