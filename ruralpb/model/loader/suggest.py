"""Problems about a word that is not among those there are, with the one that was perhaps meant."""

from __future__ import annotations

from collections.abc import Collection

from ruralpb.core.nearest import nearest
from ruralpb.core.problems import Location, Problem


def unknown(slug: str, where: Location, found: object, known: Collection[str], **data: str) -> Problem:
    """Return a problem about a word that is not among `known`: `<slug>-near` with the word that was perhaps meant, else
    `<slug>` with what there is."""
    near = nearest(str(found), known, most=1)
    if near:
        return Problem(f"{slug}-near", where, str(found), near[0], data=data)
    return Problem(slug, where, str(found), ", ".join(list(known)[:40]), data=data)


def renamed(where: Location, old: str, new: str) -> Problem:
    """Return a problem about a key of earlier versions: what to write instead. It is never read as if it were the new one."""
    return Problem("definition-key-renamed", where, old, new)
