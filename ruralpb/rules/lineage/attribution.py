"""Why a figure moved: what each row adds to it before and after, so that the differences add up to the difference exactly.

Numerator and denominator are taken apart row by row, each for itself. Between the two stands a third computation: the rows of
before under the definition, the standards and the register of after. From before to there only meaning has changed, from there
to after only data. What does not add up row by row (distinct persons, extremes) is taken apart by value, or stands as a whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from ruralpb.rules.indicators.formula import SIDES, SideName
from ruralpb.rules.lineage.decomposition import DISTINCT, Counted, Decomposition

Kind = Literal[
    "value", "new", "gone", "covered", "uncovered", "known", "unknown", "definition", "register", "whole"
]
"""What happened: a reported value changed · a row came, went · a unit entered, left the coverage · what was unknown is known, the
other way round · the definition or a standard changed · the register did · the figure as a whole, where rows do not add up."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """One reason for which a side moved, and by how much."""

    side: SideName
    kind: Kind
    unit_code: str
    by: Decimal
    before: Counted | None = None
    after: Counted | None = None


def attributions(before: Decomposition, restated: Decomposition, after: Decomposition) -> list[Attribution]:
    """Return why a figure moved, sums of each side equal to the side's difference; `restated` is what was before under the
    definitions of after. In the order of the sides, then of the rows."""
    changes: list[Attribution] = []
    for side in SIDES:
        changes += _meaning(_of(before, side), _of(restated, side))
        changes += _data(_of(restated, side), _of(after, side), restated.covered, after.covered)
        changes += _rest(side, before, after, [move for move in changes if move.side == side])
    return changes


def _of(decomposition: Decomposition, side: SideName) -> list[Counted]:
    return [row for row in decomposition.rows if row.side == side]


def _meaning(before: Sequence[Counted], restated: Sequence[Counted]) -> Iterator[Attribution]:
    """The same rows, looked at otherwise: they are told by where they stand."""
    old, new = _keyed(before, at_place=True), _keyed(restated, at_place=True)
    for key in dict.fromkeys([*old, *new]):
        was, is_ = old.get(key), new.get(key)
        by = _amount(is_) - _amount(was)
        if by:
            row = is_ or was
            assert row is not None
            kind: Kind = "definition" if was and is_ else "register"
            yield Attribution(row.side, kind, row.unit_code, by, was, is_)


def _data(
    before: Sequence[Counted], after: Sequence[Counted], was_covered: frozenset[str], covered: frozenset[str]
) -> Iterator[Attribution]:
    """The rows of two periods or versions: they are told by their keys."""
    old, new = _keyed(before), _keyed(after)
    for key in dict.fromkeys([*new, *old]):
        was, is_ = old.get(key), new.get(key)
        by = _amount(is_) - _amount(was)
        if by:
            row = is_ or was
            assert row is not None
            yield Attribution(row.side, _kind(was, is_, was_covered, covered), row.unit_code, by, was, is_)


def _kind(
    was: Counted | None, is_: Counted | None, was_covered: frozenset[str], covered: frozenset[str]
) -> Kind:
    if was is None or (was.state == "outside" and is_ is not None):
        assert is_ is not None
        return "new" if is_.leaf in was_covered else "covered"
    if is_ is None or is_.state == "outside":
        return "gone" if was.leaf in covered else "uncovered"
    if was.state != is_.state and "unknown" in (was.state, is_.state):
        return "known" if was.state == "unknown" else "unknown"
    return "value"


def _rest(
    side: SideName, before: Decomposition, after: Decomposition, found: Sequence[Attribution]
) -> Iterator[Attribution]:
    """What the rows do not explain, said as such: the differences always add up."""
    was, is_ = getattr(before.amount, side), getattr(after.amount, side)
    if was is not None and is_ is not None:
        left = is_ - was - sum((move.by for move in found), Decimal(0))
        if left:
            yield Attribution(side, "whole", "", left)


def _amount(row: Counted | None) -> Decimal:
    return row.amount if row is not None else Decimal(0)


def _keyed(rows: Iterable[Counted], *, at_place: bool = False) -> dict[tuple[Any, ...], Counted]:
    """Rows by key, an ordinal among equal ones; at a place rows of several parts of one formula are one."""
    by_key: dict[tuple[Any, ...], Counted] = {}
    seen: Counter[tuple[Any, ...]] = Counter()
    for row in rows:
        if at_place and row.block >= 0 and row.key[:1] != (DISTINCT,):
            key: tuple[Any, ...] = row.place
            first = by_key.get(key)
            by_key[key] = row if first is None else replace(row, amount=row.amount + first.amount)
            continue
        seen[row.key] += 1
        by_key[(*row.key, seen[row.key])] = row
    return by_key
