"""A sealed period: the seal as the journal records it, and the figures it holds (semantics S2, S6, S10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

Slice = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Seal:
    """The `number`-th seal of a period, when and by whom. `line`: its number in the journal; `through`: the last line that counts in it;
    `reason`: why it was sealed as it stood ("" when every return was accepted); `manifest`: the sha256 of its manifest."""

    period: str
    number: int
    line: int
    through: int
    at: str
    by: str
    reason: str
    manifest: str


@dataclass(frozen=True, slots=True)
class SealedPeriod:
    """The figures of one sealed period: (indicator or `<id>.quarter`, unit, slice) → unrounded value; indicator → the mark of
    its definition then."""

    values: Mapping[tuple[str, str, Slice], Decimal | None]
    marks: Mapping[str, str]
