"""Who moved a figure, or keeps it from its target: the heaviest units first, and the villages in them that account for it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ruralpb.rules.indicators.totals import Amount
from ruralpb.rules.lineage.attribution import attributions
from ruralpb.rules.lineage.causes import Cause, of_change, of_lack
from ruralpb.rules.lineage.decomposition import Counted, Decomposition


def taken(rate: bool, rows: dict[str, tuple[int, int]]) -> Decomposition:
    """A figure of rows: village → what it adds to numerator and denominator. A village's name begins with its township's letter."""
    counted = [
        Counted(side, (side, code), "form", "2026Q1", "", -1, -1, code, code, "counted", Decimal(amount))  # type: ignore[arg-type]
        for code, amounts in rows.items()
        for side, amount in zip(
            ("numerator", "denominator") if rate else ("numerator",), amounts, strict=False
        )
    ]
    top = Decimal(sum(a for a, _ in rows.values()))
    bottom = Decimal(sum(b for _, b in rows.values())) if rate else None
    return Decomposition(Amount(top, bottom), None, "", tuple(counted), frozenset(rows))


def told(causes: list[Cause]) -> list[tuple[str, tuple[str, ...]]]:
    return [(cause.unit_code, cause.villages) for cause in causes]


@pytest.mark.parametrize(
    ("rows", "causes"),
    [
        # one village lacks all of it
        ({"A1": (5, 10), "A2": (10, 10), "B1": (10, 10)}, [("A", ("A1",))]),
        # a township whose villages all lack something is named alone
        ({"A1": (8, 10), "A2": (8, 10), "A3": (8, 10), "B1": (9, 10)}, [("A", ())]),
        # everybody lacks as much: nobody is the cause
        ({f"{letter}1": (9, 10) for letter in "ABCDEFGH"}, []),
        # all there is
        ({"A1": (10, 10), "B1": (10, 10)}, []),
    ],
)
def test_who_keeps_a_rate_from_its_target(
    rows: dict[str, tuple[int, int]], causes: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert told(of_lack(taken(True, rows), Decimal(1), lambda code: code[0])) == causes


def test_who_has_a_count() -> None:
    made = taken(False, {"A1": (3, 0), "A2": (0, 0), "B1": (1, 0)})
    assert told(of_lack(made, Decimal(1), lambda code: code[0])) == [("A", ("A1",))]


def test_who_moved_an_amount_and_who_went_against_it() -> None:
    before = taken(False, {"A1": (10, 0), "B1": (10, 0), "C1": (10, 0)})
    after = taken(False, {"A1": (40, 0), "B1": (12, 0), "C1": (5, 0)})
    moves = attributions(before, before, after)
    assert told(of_change(moves, before, lambda code: code[0])) == [("A", ("A1",))]


def test_a_unit_that_grew_is_no_cause_of_a_rate_that_stood_in_it() -> None:
    """B doubles with its rate unchanged and equal to the whole's; A's fall is the cause."""
    before = taken(True, {"A1": (8, 10), "B1": (8, 10)})
    after = taken(True, {"A1": (4, 10), "B1": (16, 20)})
    moves = attributions(before, before, after)
    assert told(of_change(moves, before, lambda code: code[0])) == [("A", ("A1",))]
