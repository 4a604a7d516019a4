"""Splits a county's figure among places so that the parts add up to it to the last digit."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal


def portions(total: int, weights: Sequence[float], least: int = 0) -> list[int]:
    """Return whole parts of `total` in proportion to `weights`, each at least `least` (largest remainders)."""
    rest = total - least * len(weights)
    if rest < 0:
        raise ValueError(f"{total} is less than {least} each for {len(weights)}")
    scale = sum(weights) or 1
    exact = [rest * weight / scale for weight in weights]
    parts = [int(x) for x in exact]
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[: rest - sum(parts)]:
        parts[i] += 1
    return [least + part for part in parts]


def amounts(total: Decimal, weights: Sequence[float], quantum: Decimal = Decimal("0.01")) -> list[Decimal]:
    """Return parts of an amount, in multiples of `quantum`."""
    return [part * quantum for part in portions(int(total / quantum), weights)]
