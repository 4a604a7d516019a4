"""Phrases of `library/phrases/expressions.yaml`, filled and joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ruralpb.core.phrases import phrases

PHRASES = phrases("expressions")


def phrase(path: str, *words: str) -> str:
    """Return the phrase at a path of the file (`compare.date.lt`) with its operands."""
    return PHRASES[path].format(*words)


def listed(items: Sequence[str], between: str, last: str = "") -> str:
    """Return items joined by the phrase `lists.<between>`, the last one by `lists.<last>`."""
    *first, final = items
    if not first:
        return final
    return PHRASES[f"lists.{between}"].join(first) + PHRASES[f"lists.{last or between}"] + final


def joined(items: Sequence[str], connective: Literal["and", "or"]) -> str:
    """Return clauses joined by 且 or 或."""
    if len(items) <= 2:
        return listed(items, connective)
    return listed(items, "clause", "also" if connective == "and" else "either")


def quoted(text: str) -> str:
    """Return a text in quotation marks; marks within become single ones (GB/T 15834)."""
    return phrase("literals.text", text.translate({ord("“"): "‘", ord("”"): "’"}))


@dataclass(frozen=True)
class TakenOfRows:
    """An aggregate in words: the conditions on its rows, and what is taken of them."""

    conditions: tuple[str, ...]
    head: str
    argument: str = ""
    """The value that is taken, where it is one."""

    def __str__(self) -> str:
        return self.of("")

    def among(self, conditions: Sequence[str]) -> TakenOfRows:
        """Return it taken of the rows that satisfy further `conditions`, each said once. That a value is there goes without saying
        where it is taken."""
        filled = phrase("compare.blank.neq", self.argument)
        merged = dict.fromkeys(item for item in (*conditions, *self.conditions) if item != filled)
        return TakenOfRows(tuple(merged), self.head, self.argument)

    def of(self, source: str) -> str:
        """Return it as one noun, of the rows of `source` (a relation in words; "" where that goes without saying)."""
        if not self.conditions:
            return phrase("aggregates.of_relation", source, self.head) if source else self.head
        conditions = listed(self.conditions, "condition")
        if not source:
            return phrase("aggregates.of_rows", conditions, self.head)
        return phrase("aggregates.of_relation_rows", source, conditions, self.head)
