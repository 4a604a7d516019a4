"""The words that a mistyped one was perhaps meant to be. A suggestion for people; nothing applies one by itself.

How alike two words are is a share of equal letters in order (difflib's ratio, 0 to 1). From which share on a word is suggested depends on what a
wrong suggestion costs and how long the words are.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

IDENTIFIER = 0.6
"""Keys, ids, options, names in expressions: long Latin words that differ by a slip of the hand. One message, mostly one suggestion."""
TITLE = 0.5
"""Names that a person types from memory on the command line, Chinese titles of few characters among them: one wrong character of three is 0.67,
two of four are 0.5."""
FIELD = 0.4
"""A field of a known form: few candidates, and a person chooses."""
CELL = 0.3
"""An address such as 表8!D14 in a workbook: every address is short and much like the others; the list is an aid to look it up."""


def nearest(word: str, words: Iterable[str], likeness: float = IDENTIFIER, most: int = 3) -> list[str]:
    """Return up to `most` of `words` that are at least so much alike `word`, the nearest first."""
    return get_close_matches(word, list(words), n=most, cutoff=likeness)
