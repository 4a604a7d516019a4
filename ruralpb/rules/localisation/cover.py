"""The cheapest set of cells whose change could satisfy everything: a covering problem whose constraints are found as needed.

After Fellegi and Holt ("A Systematic Approach to Automatic Edit and Imputation", JASA 71, 1976): change the fewest fields such
that all edits can be satisfied. A set that cannot, even enlarged as far as it goes without being able to, must be left by at
least one cell: that is a constraint of the covering problem. The cheapest cells under the constraints known so far are tried next;
the first choice that can satisfy everything is the answer, and no cheaper one exists. The covering problem has only zeros
and ones: whether the reported amounts are 3 or 10⁹ never reaches the solver.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction

from ruralpb.rules.localisation.exact import Cell

_MOST_ROUNDS = 400


def cheapest(
    costs: Mapping[Cell, Fraction], possible: Callable[[frozenset[Cell]], bool]
) -> frozenset[Cell] | None:
    """Return the set of keys with the least sum of costs for which `possible` holds; None when it does not for all of them.

    `possible` is monotone: what a set can do, every larger one can. Of sets of equal cost the one that comes first in the order
    of the keys is chosen.
    """
    keys = list(costs)
    if possible(frozenset()):
        return frozenset()
    if not possible(frozenset(keys)):
        return None
    cuts: list[frozenset[Cell]] = []
    for _ in range(_MOST_ROUNDS):
        chosen = _covering(keys, costs, cuts)
        if possible(chosen):
            return chosen
        stuck = set(chosen)
        # The dearest first: what stays outside is what the next choice may take, and should be cheap.
        for key in sorted(keys, key=lambda k: -costs[k]):
            if key not in stuck and not possible(frozenset({*stuck, key})):
                stuck.add(key)
        cuts.append(frozenset(keys) - stuck)
    return None


def _covering(
    keys: list[Cell], costs: Mapping[Cell, Fraction], cuts: list[frozenset[Cell]]
) -> frozenset[Cell]:
    """Return the cheapest set of keys that meets every one of `cuts`."""
    scale = len(keys) * (len(keys) + 1)
    # Whole costs, and below one unit of cost the order of the keys, so that equal answers are always the same one.
    unit = Fraction(1, math.lcm(*(cost.denominator for cost in costs.values())))
    weights = {key: int(costs[key] / unit) * scale + place for place, key in enumerate(keys)}
    return _Covering(weights).solve(cuts)


class _Covering:
    """Branch and bound: one cut that is not met yet is met by each of its keys in turn. A branch ends where what it costs, with one key
    for each of the open cuts that share none, is no less than the best answer so far."""

    def __init__(self, weights: Mapping[Cell, int]) -> None:
        self.weights = weights
        self.best = frozenset(weights)
        self.least = sum(weights.values()) + 1

    def solve(self, cuts: list[frozenset[Cell]]) -> frozenset[Cell]:
        self._search(frozenset(), 0, cuts)
        return self.best

    def _search(self, chosen: frozenset[Cell], cost: int, open_cuts: list[frozenset[Cell]]) -> None:
        if cost + self._at_least(open_cuts) >= self.least:
            return
        if not open_cuts:
            self.best, self.least = chosen, cost
            return
        shortest = min(open_cuts, key=len)
        for key in sorted(shortest, key=self.weights.__getitem__):
            self._search(chosen | {key}, cost + self.weights[key], [c for c in open_cuts if key not in c])
            open_cuts = [cut - {key} for cut in open_cuts]  # the further branches do without it

    def _at_least(self, open_cuts: list[frozenset[Cell]]) -> int:
        total, met = 0, frozenset[Cell]()
        for cut in sorted(open_cuts, key=len):
            if not cut:
                return self.least
            if met.isdisjoint(cut):
                total += min(map(self.weights.__getitem__, cut))
                met |= cut
        return total
