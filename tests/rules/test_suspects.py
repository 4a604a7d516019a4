"""Suspect values: what rests on an open error or an unexplained outlier says so, and what it is without those rows stands beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from indicator_world import D, compute, indicator, library, one, rate, standard

from ruralpb.model import Aggregate, Check, Finding, Indicator, Score, Target, Value
from ruralpb.model.records import EVERY_FIELD
from ruralpb.rules.indicators import SuspectCells
from ruralpb.rules.registers import set_aside, values_to_rate

PERIOD = "2026Q1"
EAST = [
    {"village": f"东镇{n}", "income": i, "cost": 1, "kind": k}
    for n, i, k in (("甲", 10, "井"), ("乙", 20, "井"), ("丙", 90, "泉"))
]
WEST = [
    {"village": f"西镇{n}", "income": i, "cost": 1, "kind": "井"}
    for n, i in (("甲", 30), ("乙", 30), ("丙", 30))
]
RETURNS: dict[tuple[str, str, str], list[dict[str, Any]]] = {
    ("东镇", "wells", PERIOD): EAST,
    ("西镇", "wells", PERIOD): WEST,
}
SLIP = (1, 2, "income")
"""The income of 东镇丙: block 1 is the first return."""


def suspects(*cells: tuple[int, int, str]) -> SuspectCells:
    return SuspectCells({"wells": dict.fromkeys(cells, ("P12-0",))})


def values(*wanted: Indicator, cells: tuple[tuple[int, int, str], ...] = (SLIP,), **more: Any) -> list[Value]:
    return compute(library(*wanted), RETURNS, PERIOD, suspects=suspects(*cells), **more)


INCOME = indicator("income", "wells", "sum(income)", target=Target(D(300)))


def test_the_value_without_the_row_stands_beside_the_value():
    east = one(values(INCOME), "东镇")
    assert (east.value, east.suspect_rows, east.value_without_suspect, east.printed_without_suspect) == (
        120,
        1,
        30,
        "30",
    )
    county = one(values(INCOME))
    assert (county.value, county.suspect_rows, county.value_without_suspect) == (210, 1, 120)
    west = one(values(INCOME), "西镇")
    assert (west.suspect_rows, west.value_without_suspect, west.is_suspect) == (0, None, False)


@pytest.mark.parametrize(
    ("made", "cell", "expected"),
    [
        (indicator("cost", "wells", "sum(cost)"), SLIP, None),  # another field of the row
        (indicator("rows", "wells", "count(*)"), SLIP, None),
        (indicator("rows", "wells", "count(*)"), (1, 2, EVERY_FIELD), D(2)),  # a row that should not be there
        (indicator("rich", "wells", "count(*) filter (where income >= 50)"), SLIP, D(0)),
        (
            indicator("springs", "wells", "sum(income)", where="kind = '井'"),
            SLIP,
            None,
        ),  # its condition leaves the row out
        (indicator("most", "wells", "max(income)"), SLIP, D(20)),
        (indicator("mean", "wells", "avg(income)"), SLIP, D(15)),
        (rate("share", "wells", "sum(cost)", "sum(income)"), SLIP, D(200) / 30),
        (indicator("mean", "wells", "avg(income)"), (1, 0, "income"), D(55)),
    ],
)
def test_a_figure_is_suspect_when_it_counts_the_row_and_reads_the_field(
    made: Indicator, cell: tuple[int, int, str], expected: Any
):
    east = one(values(made, cells=(cell,)), "东镇")
    assert (east.value_without_suspect is None) == (expected is None)
    assert east.is_suspect == (expected is not None)
    if expected is not None:
        assert round(east.value_without_suspect or D(0), 6) == round(expected, 6)


def test_numerator_and_denominator_of_other_rows_leave_out_the_same_villages():
    rich = rate("rich", "wells", "count(*) filter (where income >= 10)", Aggregate("count(*)", "ref_village"))
    east = one(values(rich), "东镇")
    assert (east.printed, east.printed_without_suspect) == ("100.0", "100.0")


def test_a_breakdown_says_which_of_its_classes_is_suspect():
    found = values(replace(INCOME, by=("kind",)))
    assert [(one(found, "东镇", "income", cut).suspect_rows) for cut in ("井", "泉")] == [0, 1]


def test_an_answer_over_suspect_values_is_suspect():
    rich = Indicator(id="rich", title="rich", domain="x", derived="income >= 100", measure="")
    east = one(values(INCOME, rich), "东镇", "rich")
    assert (east.printed, east.is_suspect, east.printed_without_suspect) == ("是", True, "否")


def test_nothing_left_without_the_suspect_rows_is_no_value():
    east = one(values(INCOME, cells=tuple((1, n, "income") for n in range(3))), "东镇")
    assert (east.suspect_rows, east.value_without_suspect) == (3, 0)
    mean = one(
        values(indicator("mean", "wells", "avg(income)"), cells=tuple((1, n, "income") for n in range(3))),
        "东镇",
    )
    assert (mean.is_suspect, mean.value_without_suspect, mean.printed_without_suspect) == (True, None, "—")


LINES = (standard("card_green_min", ("2018-01-01", 100)), standard("card_yellow_min", ("2018-01-01", 80)))


def judged(target: int, cells: tuple[tuple[int, int, str], ...] = (SLIP,)) -> list[Value]:
    lib = library(replace(INCOME, target=Target(D(target))), standards=LINES)
    return compute(lib, RETURNS, PERIOD, suspects=suspects(*cells))


def test_ranks_cards_and_statuses_leave_suspect_townships_out():
    east, west = (one(judged(80), name) for name in ("东镇", "西镇"))
    assert (east.rank, east.card, east.status) == (None, "", "")
    assert (west.rank, west.ranked, west.card, west.status) == (1, 1, "green", "met")
    assert one(judged(80, ()), "东镇").rank == 1


def test_the_county_is_judged_without_the_suspect_rows():
    county = one(judged(200))
    assert (county.value, county.status, county.card) == (210, "failed", "red")
    assert one(judged(200, ())).status == "met"


def test_suspect_units_are_not_rated():
    rates, _ = values_to_rate(judged(80), 80)
    score = Score("s", "评分", level="township", criteria=())
    assert [(p.slug, p.found, p.severity) for p in set_aside(score, judged(80))] == [
        ("score-suspect", "东镇", "note")
    ]
    assert set_aside(score, judged(80, ())) == []
    assert [code[-3:] for _, code in rates if len(code) == 9] == ["102"]


# ------------------------------------------------------------------------------------ which findings make a row suspect


def finding(**more: Any) -> Finding:
    stated = {
        "id": "R1-0", "check": "R1", "severity": "error", "outcome": "fail", "form": "wells", "period": PERIOD, "reporter_code": "",
        "unit_code": "", "township_code": "", "field": "income", "found": "", "expected": "", "message": "", "rests_on": (SLIP,),
    }  # fmt: skip
    return Finding(**{**stated, **more})


CHECKS = {
    "R1": Check("R1", "wells", severity="error", message=""),
    "P1": Check("P1", "wells", severity="query", message="", outlier=True),
    "P2": Check("P2", "wells", severity="query", message=""),
    "P3": Check("P3", "wells", severity="note", message="", outlier=True),
}


@pytest.mark.parametrize(
    ("more", "is_suspect"),
    [
        ({}, True),
        ({"status": "amended"}, False),
        ({"outcome": "unknown"}, False),
        ({"outcome": "refused"}, False),  # nothing was taken that a figure could rest on
        ({"check": "P1", "severity": "query"}, True),
        ({"check": "P1", "severity": "query", "status": "explained"}, False),
        ({"check": "P2", "severity": "query"}, False),  # a question, but not about an outlier
        ({"check": "P3", "severity": "note"}, False),  # nobody is asked, so nobody could settle it
    ],
)
def test_open_errors_and_unexplained_outliers_make_rows_suspect(more: dict[str, Any], is_suspect: bool):
    assert bool(SuspectCells.of([finding(**more)], CHECKS).by_form) == is_suspect
