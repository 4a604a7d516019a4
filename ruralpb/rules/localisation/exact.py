"""Whether a system of linear inequalities has a solution, decided in exact rational arithmetic.

The general simplex method in the form Dutertre and de Moura gave it for deciders ("A Fast Linear-Arithmetic Solver for DPLL(T)",
CAV 2006): every constraint is a slack variable with bounds, pivots follow Bland's rule and therefore end. Solvers in floating
point were the road not taken: a tolerance of 0.02 on an amount of 10⁹ is below what they can tell apart, and a cell too many
or too few would be named. The systems here have a few dozen variables at most.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

Address = tuple[str, int, int]
"""Submission, block, position: a row of the store."""
Cell = tuple[Address, str]
"""A row and a field of it."""
Bound = Fraction | None
_MOST_BRANCHES = 200
"""Beyond so many branchings over whole numbers the answer for rational numbers is taken."""


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Σ coefficient × variable ≥ bound."""

    coefficients: tuple[tuple[Cell, Fraction], ...]
    bound: Fraction


def solvable(
    constraints: Sequence[AtLeast],
    bounds: Mapping[Cell, tuple[Bound, Bound]],
    whole: Iterable[Cell] = (),
) -> bool:
    """Return whether values exist for all variables that satisfy every constraint, within `bounds` (low, high; None: open), those
    of `whole` being whole numbers."""
    names = list(dict.fromkeys([name for c in constraints for name, _ in c.coefficients]))
    integral = [name for name in names if name in set(whole)]
    limits = {name: bounds.get(name, (None, None)) for name in names}
    left = [_MOST_BRANCHES]

    def search(limits: Mapping[Cell, tuple[Bound, Bound]]) -> bool:
        found = _Tableau(names, constraints, limits).solution()
        if found is None:
            return False
        broken = next((n for n in integral if found[n].denominator != 1), None)
        left[0] -= 1
        if broken is None or left[0] <= 0:
            return True
        low, high = limits[broken]
        below, above = Fraction(math.floor(found[broken])), Fraction(math.ceil(found[broken]))
        return search({**limits, broken: (low, below)}) or search({**limits, broken: (above, high)})

    return all(low is None or high is None or low <= high for low, high in limits.values()) and search(limits)


class _Tableau:
    """Basic variables as linear combinations of the others. Variables are numbered: first the given ones, then one slack a
    constraint."""

    def __init__(
        self,
        names: Sequence[Cell],
        constraints: Sequence[AtLeast],
        limits: Mapping[Cell, tuple[Bound, Bound]],
    ) -> None:
        number = {name: index for index, name in enumerate(names)}
        self.names = names
        self.low: list[Bound] = [limits[name][0] for name in names] + [c.bound for c in constraints]
        self.high: list[Bound] = [limits[name][1] for name in names] + [None] * len(constraints)
        self.value = [_within(low, high) for low, high in zip(self.low, self.high, strict=True)]
        self.rows: dict[int, dict[int, Fraction]] = {}
        for index, constraint in enumerate(constraints, len(names)):
            row: dict[int, Fraction] = {}
            for name, coefficient in constraint.coefficients:
                row[number[name]] = row.get(number[name], Fraction(0)) + coefficient
            self.rows[index] = {k: v for k, v in row.items() if v}
            self.value[index] = sum((v * self.value[k] for k, v in row.items()), Fraction(0))

    def solution(self) -> dict[Cell, Fraction] | None:
        """Return values of the given variables, None when there are none."""
        while True:
            basic = min((b for b in self.rows if self._broken(b)), default=None)
            if basic is None:
                return {name: self.value[index] for index, name in enumerate(self.names)}
            low = self.low[basic]
            rises = low is not None and self.value[basic] < low
            other = min(
                (k for k, a in self.rows[basic].items() if self._can(k, (a > 0) == rises)), default=None
            )
            if other is None:
                return None
            aim = low if rises else self.high[basic]
            assert aim is not None
            self._pivot(basic, other, aim)

    def _broken(self, index: int) -> bool:
        low, high, value = self.low[index], self.high[index], self.value[index]
        return (low is not None and value < low) or (high is not None and value > high)

    def _can(self, index: int, rise: bool) -> bool:
        limit = self.high[index] if rise else self.low[index]
        return limit is None or (self.value[index] < limit if rise else self.value[index] > limit)

    def _pivot(self, basic: int, other: int, aim: Fraction) -> None:
        """Let `basic` take the value `aim` by moving `other`, and exchange the two."""
        row = self.rows.pop(basic)
        step = (aim - self.value[basic]) / row[other]
        self.value[basic] = aim
        self.value[other] += step
        for index, combination in self.rows.items():
            self.value[index] += combination.get(other, 0) * step
        share = row.pop(other)
        solved = {k: -v / share for k, v in row.items()} | {basic: 1 / share}
        for combination in self.rows.values():
            factor = combination.pop(other, None)
            if factor is None:
                continue
            for k, v in solved.items():
                total = combination.get(k, Fraction(0)) + factor * v
                if total:
                    combination[k] = total
                else:
                    combination.pop(k, None)
        self.rows[other] = solved


def _within(low: Bound, high: Bound) -> Fraction:
    if low is not None and low > 0:
        return low
    return high if high is not None and high < 0 else Fraction(0)
