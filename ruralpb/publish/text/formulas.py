"""Indicators as their definitions write them: the exact expression, for the pages that show it beside its words."""

from __future__ import annotations

from ruralpb.model import Indicator, Standard


def expression(indicator: Indicator) -> str:
    """Return the exact expression: numerator ÷ denominator, each with its rows."""
    if indicator.derived:
        return indicator.derived
    parts = [
        f"{part.of}: {part.expr}" + (f" [{part.where}]" if part.where else "")
        for part in indicator.aggregates
    ]
    above = len(parts) - (indicator.denominator is not None)
    return " ÷ ".join([" + ".join(parts[:above]), *parts[above:]])


def cites(indicator: Indicator, standard: Standard) -> bool:
    """True when a figure's expression, condition or source names the standard."""
    texts = [indicator.where, indicator.derived, indicator.source]
    texts += [part.expr + part.where for part in indicator.aggregates]
    return any(standard.id in text for text in texts)
