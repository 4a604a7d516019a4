"""When two header texts are the same header."""

from __future__ import annotations

import unicodedata


def header_key(text: str) -> str:
    """The text folded (NFKC) without spaces and punctuation: 其中：经营性收入 and 其中:经营性收入 are one header."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if unicodedata.category(c)[0] not in "ZPC").casefold()
