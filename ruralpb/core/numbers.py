"""Numbers as a circular prints and compares them: exact decimals in, rounded once, half up (semantics S8, domain 7.3).

Nothing here knows an indicator; `measure` is the text beside the number (%, 万元, 个 …). A printed number
bears no measure: `with_measure` adds it.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, ROUND_UP, Decimal, localcontext
from typing import Literal

NONE = "—"
"""What stands where there is no value."""

YES_NO = "是/否"
"""The measure of an indicator whose value is 是 (1) or 否 (0)."""

YES, NO = YES_NO.split("/")

EXPORT_PLACES = 10
"""Decimals of `value` in exports; `printed` stands beside it."""

SMALL_BASE = 10
"""Below this base a count is quoted by its two levels, not by a rate (domain 7.3, rule 5)."""

_DIGITS = 50
_HUNDRED = Decimal(100)

NoGrowth = Literal["", "base-zero", "both-zero", "base-negative", "sign-change"]
"""Why there is no growth rate (slugs of messages)."""


def half_up(value: Decimal, decimals: int) -> Decimal:
    """Return `value` rounded half up (away from zero) to `decimals` places; never a negative zero."""
    rounded = _to_places(value, decimals, ROUND_HALF_UP)
    return abs(rounded) if rounded.is_zero() else rounded


def rounded(value: Decimal, decimals: int, measure: str = "") -> Decimal:
    """Return `value` as it is printed: half up, and for a percentage never 100 or 0 unless it is exactly that.

    99.96 % gives 99.9, 100.04 % gives 100.1, 0.04 % gives 0.1: a reader takes 100.0 % for 全覆盖 and 0.0 % for none.
    """
    near = half_up(value, decimals)
    if measure != "%" or near == value:
        return near
    if near == _HUNDRED:
        return _to_places(value, decimals, ROUND_FLOOR if value < _HUNDRED else ROUND_CEILING)
    if near.is_zero():
        return _to_places(value, decimals, ROUND_UP)
    return near


def printed(value: Decimal | None, decimals: int, measure: str = "") -> str:
    """Return the digits a page shows, without measure and thousands separator; — where there is no value."""
    return NONE if value is None else f"{rounded(value, decimals, measure):f}"


def with_measure(text: str, measure: str) -> str:
    """Return a printed value with its measure; — and a yes or no (measure 是/否) stay bare."""
    return text if text == NONE or measure == YES_NO else f"{text}{measure}"


def exported(value: Decimal | None) -> str:
    """Return `value` with ten decimals for machines, trailing zeros dropped; empty where there is none."""
    if value is None:
        return ""
    return plain(half_up(value, EXPORT_PLACES))


def trimmed(digits: str) -> str:
    """Return printed digits without the zeros that end their decimals: 12.50 → 12.5, 100 → 100."""
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def plain(value: Decimal) -> str:
    """Return all digits of `value` without an exponent, a negative zero or zeros that end the decimals."""
    digits = trimmed(f"{value:f}")
    return "0" if digits == "-0" else digits


def yes_no(answer: bool) -> str:
    """Return 是 or 否."""
    return YES if answer else NO


def quotient(numerator: Decimal, denominator: Decimal, scale: int = 1) -> Decimal | None:
    """Return numerator ÷ denominator × scale, divided once and unrounded (50 digits); None for a zero denominator."""
    if denominator.is_zero():
        return None
    with localcontext(prec=_DIGITS):
        return numerator * scale / denominator


def point_difference(current: Decimal, base: Decimal, decimals: int, measure: str = "%") -> Decimal:
    """Return the difference of the two values as printed, so that a reader can redo the subtraction."""
    return rounded(current, decimals, measure) - rounded(base, decimals, measure)


def no_growth(current: Decimal, base: Decimal) -> NoGrowth:
    """Return why `current` has no growth rate over `base`, or "" when it has one (domain 7.3, rule 5)."""
    if base.is_zero():
        return "both-zero" if current.is_zero() else "base-zero"
    if base < 0:
        return "sign-change" if current > 0 else "base-negative"
    return "sign-change" if current < 0 else ""


def growth(current: Decimal, base: Decimal) -> Decimal | None:
    """Return the growth of `current` over `base` in percent, unrounded; None where `no_growth` gives a reason."""
    return None if no_growth(current, base) else quotient(current - base, base, 100)


def add_up(shares: Iterable[Decimal], decimals: int) -> bool:
    """True when percentages of one whole add up to exactly 100 as printed; else a page notes 因四舍五入."""
    return sum((rounded(share, decimals, "%") for share in shares), Decimal(0)) == _HUNDRED


def _to_places(value: Decimal, decimals: int, rounding: str) -> Decimal:
    with localcontext(prec=_DIGITS):
        return value.quantize(Decimal(1).scaleb(-decimals), rounding=rounding)
