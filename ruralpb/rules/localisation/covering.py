"""The cheapest set of items that meets every one of some sets: weighted set covering, solved exactly by branch and bound.

The sets are the failed edits of a record in the sense of Fellegi and Holt ("A Systematic Approach to Automatic Edit and Imputation",
JASA 71, 1976), given and implied: of each, at least one cell has to change. There are some dozen cells and sets, so that a solver of linear
programmes takes longer to set up than the search takes to end.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Generic, TypeVar

Item = TypeVar("Item", bound=Hashable)


def ranked_weights(costs: Mapping[Item, Fraction]) -> dict[Item, int]:
    """Return whole weights of which no two sets of items have the same sum: by cost, then by the sum of the places in the order of
    `costs` (what comes first is preferred), then by the places themselves. So there is one cheapest set, however it is found."""
    unit = Fraction(1, lcm(*(cost.denominator for cost in costs.values())))
    count = len(costs)
    by_place = 1 << count
    by_cost = by_place * count * (count + 1)
    return {
        item: int(cost / unit) * by_cost + place * by_place + (1 << place)
        for place, (item, cost) in enumerate(costs.items())
    }


def cheapest_cover(weights: Mapping[Item, int], sets: Sequence[frozenset[Item]]) -> frozenset[Item]:
    """Return the items with the least sum of `weights` that meet every one of `sets`, none of which is empty."""
    search = _Search(weights)
    search.extend(frozenset(), 0, sets)
    return search.best


class _Search(Generic[Item]):
    """One set that is not met yet is met by each of its items in turn. A branch ends where what it costs, with one item for each of
    the open sets that share none, is no less than the best answer so far."""

    def __init__(self, weights: Mapping[Item, int]) -> None:
        self.weights = weights
        self.best = frozenset(weights)
        self.least = sum(weights.values()) + 1

    def extend(self, chosen: frozenset[Item], cost: int, open_sets: Sequence[frozenset[Item]]) -> None:
        if cost + self._at_least(open_sets) >= self.least:
            return
        if not open_sets:
            self.best, self.least = chosen, cost
            return
        smallest = min(open_sets, key=len)
        for item in sorted(smallest, key=self.weights.__getitem__):
            self.extend(chosen | {item}, cost + self.weights[item], [s for s in open_sets if item not in s])
            open_sets = [s - {item} for s in open_sets]  # the further branches do without it

    def _at_least(self, open_sets: Sequence[frozenset[Item]]) -> int:
        total, met = 0, frozenset[Item]()
        for items in sorted(open_sets, key=len):
            if not items:
                return self.least
            if met.isdisjoint(items):
                total += min(map(self.weights.__getitem__, items))
                met |= items
        return total
