"""Figures of part of a county's villages: demonstration zones, classes of key villages, classes of townships."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from indicator_world import (
    REGISTER,
    VILLAGES,
    D,
    compute,
    indicator,
    library,
    one,
    rate,
    settings,
)

from ruralpb.model import Aggregate, Register, Value

ZONE = {VILLAGES[name] for name in ("东镇甲", "东镇乙", "西镇甲")}
KEY = {VILLAGES["东镇甲"]: "脱贫村", VILLAGES["南镇甲"]: "脱贫村", VILLAGES["西镇丙"]: "红色村"}
CLASSES = {"东镇": "A", "西镇": "A", "南镇": "B"}


def register() -> Register:
    return Register(
        tuple(
            replace(
                unit,
                in_demo_zone=unit.code in ZONE,
                key_class=KEY.get(unit.code, ""),
                unit_class=CLASSES.get(unit.name, ""),
            )
            for unit in REGISTER.units
        )
    )


INCOME = indicator("income", "wells", "sum(income)", measure="万元", decimals=2)
SHARE = rate("share", "wells", "count(*) filter (where income >= 10)", "count(*)")
VISITED = rate(
    "visited", "visits", "count(distinct village_code)", Aggregate("count(*)", "ref_village"), better="higher"
)


def returns(
    *townships: str, period: str = "2026Q1", **more: Any
) -> dict[tuple[str, str, str], list[dict[str, Any]]]:
    """Every village of the townships earns 1, 2, 3 … by its number; one visit to each village, one to the township."""
    found: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for township in townships:
        found[township, "wells", period] = [
            {"village": f"{township}{name}", "income": 10 * n, **more} for n, name in enumerate("甲乙丙", 1)
        ]
        found[township, "visits", period] = [
            {"village": f"{township}甲", "person": "甲", "hours": 1, "done": True},
            {"person": "乙", "hours": 1, "done": True},
        ]
    return found


ALL = ("东镇", "西镇", "南镇")


def cut(values: Iterable[Value], key: str, label: str, unit: str = "示例县") -> Value:
    return next(v for v in values if v.slice == ((key, label),) and v.unit == unit)


def test_each_part_of_the_county_has_its_own_figure_and_together_they_are_the_whole():
    values = compute(library(INCOME), returns(*ALL), register=register(), by="in_demo_zone")
    zone, rest = cut(values, "in_demo_zone", "是"), cut(values, "in_demo_zone", "否")
    assert (zone.value, rest.value) == (D(40), D(140))
    assert one([v for v in values if not v.slice]).value == D(180)


def test_coverage_counts_the_villages_of_the_cut_and_names_who_is_missing_there():
    values = compute(library(INCOME), returns("东镇", "南镇"), register=register(), by="in_demo_zone")
    zone, rest = cut(values, "in_demo_zone", "是"), cut(values, "in_demo_zone", "否")
    assert (zone.value, zone.covered, zone.expected) == (D(30), 2, 3)
    assert (rest.value, rest.covered, rest.expected) == (D(90), 4, 6)
    assert len(zone.missing) == len(rest.missing) == 1


def test_numerator_and_denominator_are_both_of_the_cut():
    values = compute(library(SHARE, VISITED), returns(*ALL), register=register(), by="key_class")
    assert {v.slice[0][1] for v in values if v.slice} == {"脱贫村", "红色村", ""}
    poor = [v for v in values if v.slice == (("key_class", "脱贫村"),) and v.unit == "示例县"]
    assert [(v.indicator, v.numerator, v.denominator) for v in poor] == [
        ("share", D(2), D(2)),
        ("visited", D(2), D(2)),
    ]
    other = cut((v for v in values if v.indicator == "visited"), "key_class", "")
    assert (other.numerator, other.denominator) == (D(1), D(6))


def test_rows_about_no_village_are_of_no_part_of_the_villages_but_of_their_townships_class():
    done = indicator("done", "visits", "sum(hours)")
    of_villages = compute(library(done), returns(*ALL), register=register(), by="in_demo_zone")
    assert [v.value for v in of_villages if v.unit == "示例县"] == [D(6), D(2), D(1)]
    of_classes = compute(library(done), returns(*ALL), register=register(), by="class")
    assert [v.value for v in of_classes if v.unit == "示例县"] == [D(6), D(4), D(2)]


def test_a_cut_is_given_only_for_units_that_have_villages_of_it():
    values = compute(library(INCOME), returns(*ALL), register=register(), by="in_demo_zone")
    assert {v.unit for v in values if v.slice == (("in_demo_zone", "是"),)} == {"示例县", "东镇", "西镇"}


def test_a_cut_is_compared_on_the_villages_that_are_in_both_years_and_is_not_ranked():
    both = returns("东镇", "西镇") | returns("东镇", period="2025Q1")
    values = compute(library(INCOME), both, register=register(), by="in_demo_zone")
    zone = cut(values, "in_demo_zone", "是")
    assert zone.last_year is not None
    assert (zone.last_year.current, zone.last_year.base, zone.last_year.units) == (D(30), D(30), 2)
    assert all(v.rank is None for v in values if v.slice)


def test_targets_and_ranks_of_the_whole_do_not_change_for_a_cut():
    plain = compute(library(INCOME), returns(*ALL), register=register())
    values = compute(library(INCOME), returns(*ALL), register=register(), by="class", config=settings())
    assert [v for v in values if not v.slice] == plain
