"""Problems about a word that is not among those there are, with the one that was perhaps meant."""

from __future__ import annotations

import difflib
from collections.abc import Collection

from ruralpb.core.problems import Location, Problem


def nearest(word: str, words: Collection[str]) -> str:
    """Return the one of `words` that `word` was perhaps meant to be; "" when none is near."""
    return next(iter(difflib.get_close_matches(word, list(words), n=1, cutoff=0.6)), "")


def unknown(slug: str, where: Location, found: object, known: Collection[str], **data: str) -> Problem:
    """Return a problem about a word that is not among `known`: `<slug>-near` with the word that was perhaps meant, else
    `<slug>` with what there is."""
    near = nearest(str(found), known)
    if near:
        return Problem(f"{slug}-near", where, str(found), near, data=data)
    return Problem(slug, where, str(found), ", ".join(list(known)[:40]), data=data)


def renamed(where: Location, old: str, new: str) -> Problem:
    """Return a problem about a key of earlier versions: what to write instead. It is never read as if it were the new one."""
    return Problem("definition-key-renamed", where, old, new)
