"""Which way a figure moved and whether that is good; what a figure may be called (domain 7.2, semantics S4). Pure predicates
behind the words of `wording`."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ruralpb.core import numbers
from ruralpb.model import Better, Comparison, Indicator, Value
from ruralpb.model.measures import is_money

Tone = Literal["", "better", "worse"]


@dataclass(frozen=True, slots=True)
class Trend:
    """How a figure moved: the verb, and whether that is good."""

    verb: str
    tone: Tone

    @property
    def adjective(self) -> str:
        """向好, 转差 or nothing."""
        return {"": "", "better": "向好", "worse": "转差"}[self.tone]


def trend(difference: Decimal, indicator: Indicator) -> Trend:
    """Return verb and tone of a difference that is not zero.

    Rates and averages 提高/上升 and 下降, counts 增加 and 减少. 提高 praises, so a rise that is not wanted is 上升.
    """
    up = difference > 0
    if not indicator.is_rate and (indicator.decimals == 0 or is_amount(indicator)):
        verb = "增加" if up else "减少"
    elif up:
        verb = "提高" if indicator.better == "higher" else "上升"
    else:
        verb = "下降"
    return Trend(verb, tone(difference, indicator.better))


def tone(difference: Decimal, better: Better) -> Tone:
    """Return whether a change is good, by the direction that is better."""
    if difference.is_zero() or better == "neither":
        return ""
    return "better" if (difference > 0) == (better == "higher") else "worse"


def moved(indicator: Indicator, compared: Comparison | None) -> Tone:
    """Return whether a value moved for better or worse as printed; "" when it stands or cannot be compared."""
    if compared is None or compared.current is None or compared.base is None:
        return ""
    difference = numbers.point_difference(
        compared.current, compared.base, indicator.decimals, indicator.measure
    )
    return tone(difference, indicator.better)


def was(value: Value) -> Decimal | None:
    """Return what the value was before: in the previous period, else a year ago where that is all there is to compare with."""
    bases = (c.base for c in (value.previous, value.last_year) if c is not None)
    return next((base for base in bases if base is not None), None)


def complete(value: Value) -> bool:
    """True when a value may be called 全部, 清零 or 全覆盖: every unit is in it and no row of it is unknown."""
    return value.expected > 0 and value.covered == value.expected and value.unknown_rows == 0


def is_amount(indicator: Indicator) -> bool:
    """Money is compared by its growth rate; counts and averages by how much more or less."""
    return is_money(indicator.measure)


def is_ratio(indicator: Indicator, value: Value) -> bool:
    """True for rates and averages, which can be compared between units of any size; totals cannot."""
    return indicator.is_rate or (value.denominator is not None and not indicator.derived)
