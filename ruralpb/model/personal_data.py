"""How personal values are masked, wherever they are shown."""

from __future__ import annotations

import re

MASKED = "***"
"""What stands in place of a personal value."""

_ID_NUMBER = re.compile(r"(?<!\d)\d{14}(?:\d{3}[\dXx]|\d)(?!\d)")
_PHONE = re.compile(r"(?<!\d)1\d{10}(?!\d)")
_SHOWN_DIGITS = 4


def masked(text: str) -> str:
    """Return the last four characters behind asterisks; nothing of a text that is not longer."""
    return f"****{text[-_SHOWN_DIGITS:]}" if len(text) > _SHOWN_DIGITS else "****"


def without_numbers(text: str) -> str:
    """Return a text with any ID number or mobile phone in it masked: people write them into names and remarks."""
    hidden = _ID_NUMBER.sub(lambda m: masked(m.group()), text)
    return _PHONE.sub(lambda m: masked(m.group()), hidden)
