"""Small things that every room says alike: digits without trailing zeros, column letters, the nearest word."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ruralpb.core import numbers
from ruralpb.core.cell_names import column_letters
from ruralpb.core.nearest import TITLE, nearest


@pytest.mark.parametrize(
    ("value", "digits"),
    [("12.50", "12.5"), ("100", "100"), ("1E+2", "100"), ("0.000", "0"), ("-0.0", "0"), ("-1.20", "-1.2"), ("1E-7", "0.0000001")],
)  # fmt: skip
def test_plain_digits(value: str, digits: str) -> None:
    assert numbers.plain(Decimal(value)) == digits


@pytest.mark.parametrize(("column", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_column_letters(column: int, letters: str) -> None:
    assert column_letters(column) == letters


def test_the_nearest_words_come_first_and_far_ones_not_at_all() -> None:
    assert nearest("mesure", ["title", "measure", "measured"]) == ["measure", "measured"]
    assert nearest("经营收人", ["经营收入", "投资收入", "村名"], TITLE, most=1) == ["经营收入"]
    assert nearest("qqq", ["title"]) == []
