"""Figures over several forms: sums of parts, and rates whose denominator is another form's."""

from __future__ import annotations

from indicator_world import D, compute, indicator, library, one, rate

from ruralpb.model import Aggregate

WELLS_AND_VISITS = indicator(
    "all", "wells", "count(income)", plus=(Aggregate("sum(hours)", "visits", "done"),)
)
"""A village's wells, and the hours of a township's visits that were done."""


def returns(*missing: tuple[str, str]) -> dict[tuple[str, str, str], list[dict[str, object]]]:
    found: dict[tuple[str, str, str], list[dict[str, object]]] = {}
    for township in ("东镇", "西镇", "南镇"):
        if (township, "wells") not in missing:
            found[township, "wells", "2026Q1"] = [
                {"village": f"{township}{n}", "income": 10} for n in "甲乙丙"
            ]
        if (township, "visits") not in missing:
            found[township, "visits", "2026Q1"] = [
                {"person": "甲", "hours": 5, "done": True},
                {"person": "乙", "hours": 7, "done": False},
            ]
    return found


def test_the_parts_are_added_up_for_every_unit_each_with_its_own_condition():
    values = compute(library(WELLS_AND_VISITS), returns(), levels=("county", "township", "village"))
    assert one(values, "示例县").value == D(24)
    assert one(values, "东镇").value == D(8)
    assert one(values, "东镇甲").value == D(1)


def test_a_unit_that_lacks_one_of_the_forms_is_not_covered_and_none_of_its_parts_counts():
    for lacking in ("wells", "visits"):
        values = compute(library(WELLS_AND_VISITS), returns(("南镇", lacking)))
        assert one(values, "示例县").value == D(16)
        assert (one(values, "示例县").covered, one(values, "示例县").expected) == (6, 9)
        assert one(values, "南镇").value is None


def test_a_row_that_is_unknown_to_a_part_is_counted_as_unknown():
    some = returns()
    some["东镇", "visits", "2026Q1"][0]["hours"] = None
    value = one(compute(library(WELLS_AND_VISITS), some))
    assert (value.value, value.unknown_rows) == (D(19), 1)


def test_a_denominator_of_rows_about_no_village_leaves_out_townships_that_are_not_covered():
    share = rate("share", "wells", "sum(income)", Aggregate("sum(hours)", "visits"))
    values = compute(library(share), returns(("南镇", "wells")))
    assert one(values, "示例县").denominator == D(24)
    assert one(values, "东镇").value == D(250)


def test_a_denominator_over_the_townships_leaves_out_those_that_are_not_covered():
    per = indicator("per", "wells", "count(*)", Aggregate("count(*)", "ref_township"))
    values = compute(library(per), returns(("南镇", "wells")))
    assert one(values, "示例县").denominator == D(2)
