"""Which units moved a figure, or keep it from its target: the rows of a decomposition added up by unit, the heaviest first.

A figure that moved: each row's difference, of a rate weighed against the rate before, so that the weights add up to the change. A figure
that falls short: what each row lacks to the target. Both are linear in the rows; what is no sum (an extreme) has no causes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ruralpb.rules.lineage.attribution import Attribution
from ruralpb.rules.lineage.decomposition import Decomposition

MOST = 3
"""At most so many units are a cause: more is everybody."""

ENOUGH, LEAST = Decimal("0.6"), Decimal("0.4")
"""Units are taken until they make up `ENOUGH` of the whole; where the heaviest do not come to `LEAST`, no unit is the cause."""

FEW_VILLAGES, MOSTLY = 2, Decimal("0.8")
"""So few villages are named for a unit, where they make up `MOSTLY` of what it adds."""

AboveOf = Callable[[str], str]
"""The unit of the level below that a code belongs to; itself where it belongs to none."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One unit, the villages in it that account for nearly all of it, and its share of the whole (0 to 1)."""

    unit_code: str
    villages: tuple[str, ...]
    share: Decimal


def of_change(moves: Sequence[Attribution], before: Decomposition, above: AboveOf) -> list[Cause]:
    """Return who moved a figure the way it went, from `moves` (`attributions`) and the figure as it was."""
    top, bottom = before.amount.numerator, before.amount.denominator
    rate = top / bottom if top is not None and bottom else Decimal(0)
    return _heaviest(((m.unit_code, m.by if m.side == "numerator" else -rate * m.by) for m in moves), above)


def of_lack(figure: Decomposition, wanted: Decimal, above: AboveOf) -> list[Cause]:
    """Return who keeps a figure from `wanted`, as a share (1 for 100%): what its rows lack of it; of a count, what they add."""
    whole = figure.amount.denominator is not None
    rows = ((r.unit_code, wanted * r.amount if r.side == "denominator" else -r.amount) for r in figure.rows)
    return _heaviest(rows if whole else ((r.unit_code, r.amount) for r in figure.rows), above)


def _heaviest(weights: Iterable[tuple[str, Decimal]], above: AboveOf) -> list[Cause]:
    by_village: dict[str, Decimal] = defaultdict(Decimal)
    for code, weight in weights:
        by_village[code] += weight
    whole = sum(by_village.values(), Decimal(0))
    by_unit: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for code, weight in by_village.items():
        if whole:
            by_unit[above(code)][code] = weight / whole
    shares = {unit: sum(of.values(), Decimal(0)) for unit, of in by_unit.items()}
    taken: list[Cause] = []
    for unit in sorted(shares, key=lambda unit: (-shares[unit], unit)):
        told = sum((cause.share for cause in taken), Decimal(0))
        if shares[unit] <= 0 or told >= ENOUGH or len(taken) == MOST:
            break
        taken.append(Cause(unit, _villages(unit, by_unit[unit], shares[unit]), shares[unit]))
    return taken if sum((cause.share for cause in taken), Decimal(0)) >= LEAST else []


def _villages(unit: str, of: dict[str, Decimal], whole: Decimal) -> tuple[str, ...]:
    heavy = sorted((code for code in of if code != unit and of[code] > 0), key=lambda code: (-of[code], code))
    few = heavy[:FEW_VILLAGES]
    return tuple(few) if sum((of[code] for code in few), Decimal(0)) >= MOSTLY * whole else ()
