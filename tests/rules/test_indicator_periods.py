"""For which periods an indicator is computed, and what of the year a sum covers whose form began later."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from indicator_world import VISITS, compute, indicator, library, one, period

from ruralpb.model import Dated, Library


def visits_from(day: str, *labels: str) -> tuple[Library, list[str]]:
    form = replace(VISITS, dated=Dated(date.fromisoformat(day)))
    lib = library(indicator("total", "visits", "sum(hours)", scope="year_to_date", time="flow"))
    return replace(lib, forms={**lib.forms, "visits": form}), list(labels)


def returns(*labels: str) -> dict[tuple[str, str, str], list[dict[str, object]]]:
    return {
        (town, "visits", label): [{"person": "甲", "hours": 10}]
        for town in ("东镇", "西镇", "南镇")
        for label in labels
    }


@pytest.mark.parametrize(
    ("kinds", "at", "computed"),
    [
        ((), "2026Q1", True), (("quarter",), "2026Q1", True), (("q4",), "2026Q1", False), (("q4",), "2026Q4", True),
        (("month",), "2026Q1", False), (("month",), "2026-02", True), (("year",), "2026", True), (("year", "q4"), "2026Q4", True),
    ],
)  # fmt: skip
def test_an_indicator_is_computed_for_the_kinds_of_period_it_names(
    kinds: tuple[str, ...], at: str, computed: bool
):
    lib = library(indicator("income", "wells", "sum(income)", periods=kinds))
    assert bool(compute(lib, {("东镇", "wells", at): [{"village": "东镇甲", "income": 1}]}, at)) is computed


def test_it_is_not_compared_with_a_period_it_is_not_computed_for():
    lib = library(indicator("visited", "visits", "sum(hours)", periods=("q4",)))
    found = one(compute(lib, returns("2025Q4", "2026Q3", "2026Q4"), "2026Q4"))
    assert found.previous is not None
    assert found.previous.reason == "compare-periods"
    assert found.last_year is not None
    assert found.last_year.base == 30


@pytest.mark.parametrize(
    ("begun", "at", "since"),
    [
        ("2025-10-01", "2025Q4", "2025Q4"),
        ("2025-04-01", "2025Q4", "2025Q2"),
        ("2025-01-01", "2025Q4", None),
        ("2025-10-01", "2026Q4", None),
        ("2025-12-31", "2025-12", "2025-12"),
    ],
)
def test_a_sum_over_the_year_says_since_when(begun: str, at: str, since: str | None):
    lib, _ = visits_from(begun)
    first = lib.since(lib.indicators["total"], period(at))
    assert (first.label if first else None) == since


def test_a_whole_year_is_not_compared_with_the_quarter_in_which_the_form_began():
    lib, _ = visits_from("2025-10-01")
    labels = ("2025Q4", "2026Q1", "2026Q2", "2026Q3", "2026Q4")
    values = [v for v in compute(lib, returns(*labels), "2026Q4") if v.indicator == "total"]
    found = one(values)
    assert (found.value, found.last_year and found.last_year.reason) == (120, "compare-since")


def test_the_same_quarters_of_two_years_are_compared():
    lib, _ = visits_from("2025-01-01")
    labels = [f"{year}Q{n}" for year in (2025, 2026) for n in (1, 2)]
    values = [v for v in compute(lib, returns(*labels), "2026Q2") if v.indicator == "total"]
    found = one(values)
    assert (found.value, found.last_year and found.last_year.base) == (60, 60)
