"""Fonts of symbols: what a letter looks like in Wingdings and its kin."""

from __future__ import annotations

from ruralpb.model.vocabulary import builtin


def is_symbols(font: str) -> bool:
    """True for a font whose letters are symbols."""
    return _key(font) in builtin().words("symbols.fonts")


def shown(text: str, font: str) -> str:
    """Return what a text shows in a font of symbols. A symbol that is not known is named by font and letter, which no column takes."""
    known = builtin().below(f"symbols.shown.{_key(font)}.")
    return "".join(known.get(letter, (f"[{font} {letter}]",))[0] for letter in text if not letter.isspace())


def _key(font: str) -> str:
    return font.strip().lower().replace(" ", "_")
