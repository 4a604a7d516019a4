"""Why a figure moved: the explained differences add up to the difference, exactly, whatever changed."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from command_line import ruralpb
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from indicator_world import (
    COUNTY,
    REGISTER,
    TOWNSHIPS,
    VILLAGES,
    Returns,
    indicator,
    library,
    one,
    period,
    rate,
    standard,
)
from indicator_world import compute as values_of
from indicator_world import given as stored
from indicator_world import settings as world_settings
from semantics_world import HONGQI, NOW, drop, farm, make_project, take

from ruralpb.indicators.makeup import Anatomy, Makeup
from ruralpb.indicators.moved import Move, moves
from ruralpb.model import Aggregate, Library
from ruralpb.store.scratch import scratch

D = Decimal
LIBRARY = library(
    indicator("income", "wells", "sum(income)", time="year_to_date"),
    indicator("balance", "wells", "sum(income) - 2 * sum(cost)"),
    indicator("big_n", "wells", "count(*)", where="income >= standard('big')"),
    rate("cost_rate", "wells", "sum(cost)", "sum(income)"),
    rate("big_rate", "wells", "count(*) filter (where income >= standard('big'))", "count(*)"),
    indicator("person_n", "visits", "count(distinct person)"),
    indicator("done_n", "visits", "count(*)", where="done"),
    rate("per_village", "visits", "count(*)", Aggregate("ref_village", "count(*)", "")),
    indicator("most", "wells", "max(income)"),
    standards=[standard("big", ("2020-01-01", "5"), ("2026-04-01", "8"))],
)
ADDITIVE = [name for name in LIBRARY.indicators if name != "most"]


@contextmanager
def two_quarters(returns: Returns) -> Iterator[Callable[[str, str], tuple[Makeup, Makeup, Makeup]]]:
    """Give (indicator, unit) → before (2026Q1), before as 2026Q2 would have it, after (2026Q2)."""
    with ExitStack() as stack:
        sessions = {
            label: stack.enter_context(
                scratch(LIBRARY, REGISTER, world_settings(), period(label), stored(returns))
            )
            for label in ("2026Q1", "2026Q2")
        }
        first, second = (
            Anatomy(LIBRARY, REGISTER, period(label), sessions[label].query) for label in sessions
        )
        yield lambda name, unit: (
            first.makeup(name, unit),
            second.makeup(name, unit, period("2026Q1")),
            second.makeup(name, unit),
        )


def parts(returns: Returns, indicator: str, unit: str) -> tuple[Makeup, Makeup, Makeup]:
    with two_quarters(returns) as taken_apart:
        return taken_apart(indicator, unit)


def total(found: Iterable[Move], side: str) -> Decimal:
    return sum((move.by for move in found if move.side == side), D(0))


def kinds(found: Iterable[Move]) -> list[tuple[str, str, Decimal]]:
    names = {code: name for name, code in VILLAGES.items()}
    return [(move.kind, names.get(move.unit_code, move.unit_code), move.by) for move in found]


def told(
    before: Mapping[str, Any], after: Mapping[str, Any], indicator: str = "income"
) -> list[tuple[str, str, Decimal]]:
    """Why the county's figure moved between two quarters of wells: township → village → income (None: left blank)."""
    returns = {
        (town, "wells", label): [{"village": v, "income": n, "cost": 1} for v, n in rows.items()]
        for label, said in (("2026Q1", before), ("2026Q2", after))
        for town, rows in said.items()
    }
    return kinds(moves(*parts(returns, indicator, COUNTY)))


class TestReasons:
    def test_a_reported_value_changed(self) -> None:
        assert told({"东镇": {"东镇甲": 3}}, {"东镇": {"东镇甲": 5}}) == [("value", "东镇甲", 2)]

    def test_a_village_left_out_of_a_return_is_no_longer_covered(self) -> None:
        found = told({"东镇": {"东镇甲": 3, "东镇乙": 4}}, {"东镇": {"东镇甲": 3}})
        assert found == [("uncovered", "东镇乙", -4)]

    def test_a_township_entered_the_coverage(self) -> None:
        found = told({"东镇": {"东镇甲": 3}}, {"东镇": {"东镇甲": 3}, "西镇": {"西镇甲": 7}})
        assert found == [("covered", "西镇甲", 7)]

    def test_what_was_left_blank_is_known(self) -> None:
        assert told({"东镇": {"东镇甲": None, "东镇乙": 1}}, {"东镇": {"东镇甲": 6, "东镇乙": 1}}) == [
            ("known", "东镇甲", 6)
        ]

    def test_a_standard_changed_without_a_cell(self) -> None:
        said = {"东镇": {"东镇甲": 6, "东镇乙": 9}}
        assert told(said, said, "big_n") == [("definition", "东镇甲", -1)]

    def test_meaning_and_data_are_told_apart(self) -> None:
        """6万元 counted at 5, does not at 8; 9万元 counts at both and fell to 7."""
        found = told({"东镇": {"东镇甲": 6, "东镇乙": 9}}, {"东镇": {"东镇甲": 6, "东镇乙": 7}}, "big_n")
        assert found == [("definition", "东镇甲", -1), ("value", "东镇乙", -1)]

    def test_rows_come_and_go_by_their_keys_not_their_places(self) -> None:
        def visits(*people: str) -> list[dict[str, Any]]:
            return [{"village": "东镇甲", "person": p, "hours": 1, "done": True} for p in people]

        returns = {
            ("东镇", "visits", "2026Q1"): visits("张", "王", "李"),
            ("东镇", "visits", "2026Q2"): visits("李", "赵", "张"),
        }
        found = moves(*parts(returns, "done_n", COUNTY))
        assert sorted((m.kind, m.by, (m.after or m.before).key[-1]) for m in found if m.after or m.before) == [
            ("gone", -1, "王"), ("new", 1, "赵"),
        ]  # fmt: skip
        assert kinds(moves(*parts(returns, "person_n", COUNTY))) == [
            ("new", "东镇甲", 1),
            ("gone", "东镇甲", -1),
        ]

    def test_an_extreme_stands_as_a_whole(self) -> None:
        assert told({"东镇": {"东镇甲": 3}}, {"东镇": {"东镇甲": 5}}, "most") == [("whole", "", 2)]


amounts = st.one_of(st.none(), st.decimals(0, 12, places=2))
wells = st.fixed_dictionaries({"income": amounts, "cost": amounts})
people = st.lists(
    st.fixed_dictionaries(
        {
            "person": st.sampled_from("张王李赵"),
            "hours": st.integers(0, 9),
            "done": st.sampled_from((True, False, None)),
        }
    ),
    max_size=4,
)


@st.composite
def returns(draw: st.DrawFn) -> Returns:
    """Two quarters of both forms: townships, villages, cells and people come, go and change."""
    found: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for label in ("2026Q1", "2026Q2"):
        for town in TOWNSHIPS:
            villages = [v for v in VILLAGES if v.startswith(town)]
            if draw(st.integers(0, 5)):
                chosen = draw(st.lists(st.sampled_from(villages), unique=True, min_size=1))
                found[town, "wells", label] = [{"village": v, "kind": "井", **draw(wells)} for v in chosen]
            if draw(st.integers(0, 5)):
                rows = draw(people)
                found[town, "visits", label] = [
                    {"village": draw(st.sampled_from(villages)), **r} for r in rows
                ]
    return found


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(returns())
def test_the_explained_differences_add_up_to_the_difference(returned: Returns) -> None:
    printed = {label: values_of(LIBRARY, returned, label, compare=()) for label in ("2026Q1", "2026Q2")}
    wanted = [
        (name, *unit)
        for name in LIBRARY.indicators
        for unit in (("示例县", COUNTY), ("东镇", TOWNSHIPS["东镇"]))
    ]
    with two_quarters(returned) as taken_apart:
        for name, unit, code in wanted:
            before, restated, after = taken_apart(name, code)
            found = moves(before, restated, after)
            for makeup, label in ((before, "2026Q1"), (after, "2026Q2")):
                value = one(printed[label], unit, name)
                assert makeup.value == value.value
                if value.value is not None:
                    assert (makeup.amount.numerator, makeup.amount.denominator) == (
                        value.numerator,
                        value.denominator,
                    )
            if None in (before.value, after.value):
                continue
            for side in ("numerator", "denominator"):
                was, is_ = getattr(before.amount, side), getattr(after.amount, side)
                if was is not None and is_ is not None:
                    assert total(found, side) == is_ - was
            if name in ADDITIVE:
                assert not [move for move in found if move.kind == "whole"]
