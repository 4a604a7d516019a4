"""Figures that share a sentence: A…；B…；C…。 Who is missing from all of them is said once, at its end (semantics S4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ruralpb.publish.text.figures import Phrase, listed, phrase

IN_ONE = 4
"""So many figures share a sentence."""


@dataclass(frozen=True, slots=True)
class Clause:
    """What is said of one figure, and who is not in it (不含未报的新湾镇)."""

    said: Phrase
    without: Phrase = field(default_factory=Phrase)

    def __bool__(self) -> bool:
        return bool(self.said)

    @property
    def whole(self) -> Phrase:
        """Both, as the clause reads alone."""
        return listed((self.said, self.without), "，")


def together(clauses: Sequence[Clause]) -> Phrase:
    """The clauses of one sentence: A…；B…，以上均不含未报的新湾镇, where that holds for each."""
    missing = {str(clause.without) for clause in clauses}
    if len(clauses) > 1 and len(missing) == 1 and clauses[0].without:
        return phrase(listed((c.said for c in clauses), "；"), "，以上均", clauses[0].without)
    return listed((c.whole for c in clauses), "；")


def sentences(clauses: Iterable[Clause]) -> Phrase:
    """The clauses as sentences, a few in each."""
    found = [clause for clause in clauses if clause]
    rows = [found[n : n + IN_ONE] for n in range(0, len(found), IN_ONE)]
    return phrase(*(phrase(together(row), "。") for row in rows))
