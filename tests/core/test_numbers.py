"""How numbers are printed and compared: domain.md 7.3, semantics S8."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruralpb.core import numbers

D = Decimal

amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=6)


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [("0.5", 0, "1"), ("-0.5", 0, "-1"), ("2.345", 2, "2.35"), ("12", 2, "12.00"), ("-0.004", 2, "0.00")],
)
def test_printing_rounds_half_up_away_from_zero(value, decimals, expected):
    assert numbers.printed(D(value), decimals) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("100", "100.0"),
        ("99.96", "99.9"),
        ("99.94", "99.9"),
        ("100.04", "100.1"),
        ("0", "0.0"),
        ("0.04", "0.1"),
        ("-0.04", "-0.1"),
        ("98.65", "98.7"),
    ],
)
def test_a_rate_reads_100_or_0_only_when_exact(value, expected):
    assert numbers.printed(D(value), 1, "%") == expected


def test_no_value_prints_a_dash_and_bears_no_measure():
    assert numbers.printed(None, 1, "%") == "—"
    assert numbers.with_measure("—", "%") == "—"
    assert numbers.with_measure("98.6", "%") == "98.6%"
    assert numbers.with_measure("否", "是/否") == "否"


@given(amounts, st.integers(0, 4))
def test_printing_is_within_half_a_unit_of_the_value(value, decimals):
    off = Fraction(D(numbers.printed(value, decimals))) - Fraction(value)
    assert abs(off) <= Fraction(1, 2 * 10**decimals)


@given(st.integers(0, 500), st.integers(1, 500))
def test_a_printed_rate_is_full_exactly_when_numerator_is_denominator(n, d):
    rate = numbers.quotient(D(n), D(d), 100)
    assert (numbers.printed(rate, 1, "%") == "100.0") == (n == d)
    assert (numbers.printed(rate, 1, "%") == "0.0") == (n == 0)


def test_a_point_difference_can_be_redone_by_the_reader():
    assert numbers.point_difference(D("98.64"), D("98.05"), 1) == D("0.5")  # 98.6 - 98.1, not 0.59


def test_growth_is_taken_between_unrounded_values():
    assert numbers.growth(D("3.03"), D("3")) == D(1)
    assert numbers.half_up(numbers.growth(D(4), D(3)), 1) == D("33.3")


@pytest.mark.parametrize(
    ("current", "base", "reason"),
    [
        (5, 0, "base-zero"),
        (0, 0, "both-zero"),
        (5, -3, "sign-change"),
        (-5, -3, "base-negative"),
        (-1, 3, "sign-change"),
        (0, 3, ""),
    ],
)
def test_no_growth_over_a_base_that_is_not_positive(current, base, reason):
    assert numbers.no_growth(D(current), D(base)) == reason
    assert (numbers.growth(D(current), D(base)) is None) == bool(reason)


def test_exports_keep_ten_decimals():
    assert numbers.exported(numbers.quotient(D(1), D(3))) == "0.3333333333"
    assert numbers.exported(D("12.500000")) == "12.5"
    assert numbers.exported(D(100)) == "100"
    assert numbers.exported(None) == ""


def test_shares_that_do_not_add_up_are_noticed():
    third = numbers.quotient(D(1), D(3), 100)
    assert not numbers.add_up([third, third, third], 1)
    assert numbers.add_up([D(50), D(50)], 1)


def test_dividing_by_zero_gives_no_value():
    assert numbers.quotient(D(3), D(0)) is None
