"""The one table of measures: money in running text, what is money, factors (more of them in tests/intake)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ruralpb.model import measures


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ("9999.94", ("9999.9", "万元")),
        ("9999.96", ("1.00", "亿元")),
        ("-23456", ("-2.35", "亿元")),
        ("0", ("0.0", "万元")),
    ],
)
def test_amounts_from_a_hundred_million_read_in_yi(value: str, printed: tuple[str, str]) -> None:
    assert measures.in_text(Decimal(value), "万元") == printed


def test_a_measure_that_is_not_in_the_table_stays_as_it_is() -> None:
    assert measures.in_text(Decimal(120000), "元") is None
    assert measures.in_text(Decimal(120000), "人次") is None


@pytest.mark.parametrize(
    ("measure", "money"),
    [("元", True), ("千元", True), ("亿元", True), ("万元/村", True), ("人次", False), ("%", False)],
)
def test_what_is_money(measure: str, money: bool) -> None:
    assert measures.is_money(measure) == money
