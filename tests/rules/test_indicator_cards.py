"""Red, yellow and green: how far a figure is on its way to its target, by dated lines; two yellow cards in a row are a red one."""

from __future__ import annotations

from typing import Any

import pytest
from indicator_world import D, compute, indicator, library, one, period, rate, standard

from ruralpb.model import SealedPeriod, Target
from ruralpb.rules.indicators import definition_mark

LINES = (standard("card_green_min", ("2018-01-01", 100)), standard("card_yellow_min", ("2018-01-01", 80)))


def wells(*incomes: float, period: str = "2026Q2") -> dict[tuple[str, str, str], list[dict[str, Any]]]:
    return {
        ("东镇", "wells", period): [
            {"village": f"东镇{name}", "income": income}
            for name, income in zip("甲乙丙", incomes, strict=True)
        ]
    }


def card(target: Target, *incomes: float, better: str = "higher", lines: Any = LINES, **more: Any) -> str:
    income = indicator("income", "wells", "sum(income)", target=target, better=better)
    values = compute(library(income, standards=lines), wells(*incomes), "2026Q2", **more)
    return one(values, "东镇").card


@pytest.mark.parametrize(
    ("earned", "shown"), [(50, "green"), (49.99, "yellow"), (40, "yellow"), (39.99, "red"), (0, "red")]
)
def test_completion_is_measured_against_what_is_due_by_now(earned: float, shown: str):
    assert card(Target(D(100), "schedule"), earned, 0, 0) == shown


@pytest.mark.parametrize(("faults", "shown"), [(9, "green"), (10, "green"), (12, "yellow"), (13, "red")])
def test_what_should_be_low_is_measured_the_other_way_round(faults: float, shown: str):
    assert card(Target(D(10)), faults, 0, 0, better="lower") == shown


def test_any_fault_is_red_where_none_is_allowed():
    assert card(Target(D(0)), 1, 0, 0, better="lower") == "red"
    assert card(Target(D(0)), 0, 0, 0, better="lower") == "green"


def test_there_is_no_card_without_target_value_or_lines_or_before_the_target_is_due():
    assert card(Target(D(100), "year_end"), 1, 1, 1) == ""
    assert card(Target(D(100)), 1, 1, 1, lines=()) == ""
    assert (
        card(Target(D(100)), 1, 1, 1, lines=(standard("card_green_min", ("2018-01-01", 100)), LINES[1]))
        == "red"
    )
    ended = tuple(standard(s.id, ("2018-01-01", 80), ("2020-01-01", None)) for s in LINES)
    assert card(Target(D(100)), 1, 1, 1, lines=ended) == ""
    plain = compute(
        library(indicator("income", "wells", "sum(income)"), standards=LINES), wells(1, 1, 1), "2026Q2"
    )
    assert one(plain, "东镇").card == ""
    missing = rate("share", "wells", "sum(income)", "sum(cost)", target=Target(D(100)))
    assert one(compute(library(missing, standards=LINES), wells(1, 1, 1), "2026Q2"), "东镇").card == ""


def test_a_second_yellow_card_in_a_row_is_a_red_one():
    income = indicator("income", "wells", "sum(income)", target=Target(D(100)))
    lib = library(income, standards=LINES)
    yellow_twice = wells(90, 0, 0) | wells(85, 0, 0, period="2026Q1")
    assert one(compute(lib, yellow_twice, "2026Q2"), "东镇").card == "red"
    assert (
        one(compute(lib, wells(90, 0, 0) | wells(100, 0, 0, period="2026Q1"), "2026Q2"), "东镇").card
        == "yellow"
    )
    assert (
        one(compute(lib, wells(90, 0, 0) | wells(10, 0, 0, period="2026Q1"), "2026Q2"), "东镇").card
        == "yellow"
    )
    assert one(compute(lib, wells(90, 0, 0, period="2026Q1"), "2026Q1"), "东镇").card == "yellow"


def test_a_closed_quarter_gave_the_card_that_was_sealed():
    income = indicator("income", "wells", "sum(income)", target=Target(D(100)))
    lib = library(income, standards=LINES)
    earlier = period("2026Q1")
    told = {("income", one(compute(lib, wells(1, 1, 1), "2026Q2"), "东镇").unit_code, ()): D(85)}
    read_otherwise = wells(90, 0, 0) | wells(100, 0, 0, period="2026Q1")

    def card_after(mark: str) -> str:
        sealed = {"2026Q1": SealedPeriod(told, {"income": mark})}
        return one(compute(lib, read_otherwise, "2026Q2", sealed=sealed), "东镇").card

    assert card_after(definition_mark(lib, income, earlier)) == "red", "85 was yellow"
    assert card_after("another definition") == "yellow", "computed anew: 100 is green"


def test_the_quarter_before_is_measured_against_what_was_due_then():
    income = indicator(
        "income", "wells", "sum(income)", target=Target(D(100), "schedule"), time="year_to_date"
    )
    lib = library(income, standards=LINES)
    twice = wells(45, 0, 0) | wells(22, 0, 0, period="2026Q1")
    assert one(compute(lib, twice, "2026Q2", ids=["income"]), "东镇").card == "red"
    on_time = wells(45, 0, 0) | wells(25, 0, 0, period="2026Q1")
    assert one(compute(lib, on_time, "2026Q2", ids=["income"]), "东镇").card == "yellow"


def test_single_quarters_and_breakdowns_have_no_card():
    income = indicator(
        "income", "wells", "sum(income)", target=Target(D(100)), time="year_to_date", by=("kind",)
    )
    some = {key: [{**row, "kind": "深井"} for row in rows] for key, rows in wells(1, 1, 1).items()}
    some |= {
        key: [{**row, "kind": "深井"} for row in rows]
        for key, rows in wells(1, 1, 1, period="2026Q1").items()
    }
    values = compute(library(income, standards=LINES), some, "2026Q2")
    assert {v.card for v in values if v.slice or "." in v.indicator} == {""}
    assert one([v for v in values if not v.slice and "." not in v.indicator], "东镇").card == "red"
