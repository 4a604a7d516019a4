"""The cheapest set of cells whose change could satisfy everything: a covering problem whose constraints are found as needed.

After Fellegi and Holt ("A Systematic Approach to Automatic Edit and Imputation", JASA 71, 1976): change the fewest fields such
that all edits can be satisfied. A set that cannot, even enlarged as far as it goes without being able to, must be left by at
least one cell: that is a constraint of the covering problem. HiGHS chooses the cheapest cells under the constraints known so far;
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
    of the keys is chosen. Raises ImportError without highspy.
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
    if not cuts:
        return frozenset()
    import highspy

    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    # The default gap of 1e-4 would accept an answer one cell too dear.
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", 0.5)
    scale = len(keys) * (len(keys) + 1)
    # Whole costs, and below one unit of cost the order of the keys, so that equal answers are always the same one.
    unit = Fraction(1, math.lcm(*(cost.denominator for cost in costs.values())))
    weights = [int(costs[key] / unit) * scale + place for place, key in enumerate(keys)]
    chosen = [solver.addBinary() for _ in keys]
    number = {key: index for index, key in enumerate(keys)}
    for cut in cuts:
        solver.addConstr(sum(chosen[number[key]] for key in cut) >= 1)
    solver.minimize(sum(w * c for w, c in zip(weights, chosen, strict=True)))
    return frozenset(key for key, variable in zip(keys, chosen, strict=True) if solver.val(variable) > 0.5)
