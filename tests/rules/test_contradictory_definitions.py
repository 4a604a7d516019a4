"""Contradictions between definitions: what `define check` asks about indicators that are each right by themselves."""

from __future__ import annotations

import pytest
from indicator_world import library, period

from ruralpb.core.problems import Problem
from ruralpb.model import Aggregate, Dated, Indicator
from ruralpb.rules.consistency.conditions import conjuncts, exclude, implies, overlap_in_part
from ruralpb.rules.consistency.definitions import contradictions


def made(id: str, expr: str, below: str = "", where: str = "", **more: object) -> Indicator:
    over = str(more.pop("form", "wells"))
    stated = {"title": id, "domain": "x", "measure": "%" if below else "个", **more}
    denominator = Aggregate(below, over, where) if below else None
    return Indicator(
        id=id,
        form=over,
        numerator=Aggregate(expr, over, where),
        denominator=denominator,
        where=where,
        **stated,
    )  # type: ignore[arg-type]


def told(*wanted: Indicator) -> list[tuple[str, str]]:
    problems: list[Problem] = list(contradictions(library(*wanted)))
    assert all(p.severity == "query" and p.text("zh") and p.text("en") for p in problems)
    return [(p.slug, p.found.rpartition("（")[2].rstrip("）") or p.found) for p in problems]


LEFT_OUT = "not coalesce(done, false) and person <> '临时'"
RATE = made("rate", "count(*) filter (where hours >= 3)", "count(*)", form="visits")
PART = made("part", "count(*) filter (where hours >= 3)", where=LEFT_OUT, form="visits")
WHOLE = made("whole", "count(*)", where=LEFT_OUT, form="visits")


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        # 1446 of 1446 meet the standard, and yet 99.0%: the rate takes rows that both counts leave out.
        ([RATE, PART, WHOLE], [("rate-beside-counts", "rate")]),
        ([RATE, PART], [("rate-beside-counts", "rate")]),
        ([made("rate", "count(*) filter (where hours >= 3)", "count(*)", LEFT_OUT, form="visits"), PART, WHOLE], []),
        ([made("rate", "count(*) filter (where hours >= 5)", "count(*)", form="visits"), PART, WHOLE], []),  # another matter
        ([RATE, made("part", "count(*) filter (where hours >= 3)", where=LEFT_OUT, form="visits", scope="year_to_date")], []),
        # Sums contradict each other as counts do.
        (
            [
                made("share", "sum(cost)", "sum(income)"),
                made("rate", "sum(income) filter (where kind = '井')", "sum(income)"),
                made("part", "sum(income)", where="kind = '井' and cost > 0"),
            ],
            [("rate-beside-counts", "rate")],
        ),
        # Classes of one field that share a value and not all of them: a row counts twice.
        (
            [made("a", "count(*)", where="kind in ('井', '泉')"), made("b", "count(*)", where="kind in ('泉', '塘')")],
            [("counts-overlap", "b")],
        ),
        (
            [made("young", "count(*)", where="income <= 35"), made("middle", "count(*)", where="income between 35 and 50")],
            [("counts-overlap", "middle")],
        ),
        (
            [
                made("young", "count(*) filter (where income <= 35)", "count(*)"),
                made("middle", "count(*) filter (where income >= 35)", "count(*)"),
            ],
            [("counts-overlap", "middle")],
        ),
        ([made("young", "count(*)", where="income < 35"), made("middle", "count(*)", where="income between 35 and 50")], []),
        ([made("wells", "count(*)", where="kind in ('井', '泉')"), made("springs", "count(*)", where="kind = '泉'")], []),
        ([made("a", "count(*)", where="kind = '井'"), made("b", "count(*)", where="income >= 3")], []),  # no classes of one thing
        # What is said to be a part counts what the whole does not.
        (
            [made("whole", "count(*)", where="kind = '井'"), made("part", "count(*)", where="income > 3", part_of="whole")],
            [("part-beyond-whole", "part")],
        ),
        (
            [made("whole", "count(*)", where="kind in ('井', '泉')"), made("part", "count(*)", where="kind = '泉'", part_of="whole")],
            [],
        ),
        ([made("part", "count(*)", part_of="nowhere")], [("part-of-unknown", "nowhere")]),
        # One formula, however it is written.
        (
            [made("a", "count(*)", where="kind = '井' and income > 1"), made("b", "count(*) filter (where 收入 > 1)", where="类别 = '井'")],
            [("formula-twice", "b")],
        ),
        ([made("a", "avg(income)"), made("b", "sum(income)", "count(income)", measure="万元")], [("formula-twice", "b")]),
        ([made("a", "count(*)", form="visits"), made("b", "count(*)", form="visits", by=("person",))], [("formula-twice", "b")]),
        ([made("a", "sum(hours)", form="visits"), made("b", "sum(hours)", form="visits", scope="year_to_date")], []),
        # One title, two scopes.
        (
            [made("a", "sum(hours)", form="visits", title="走访时长"), made("b", "sum(hours)", form="visits", scope="year_to_date", title="走访 时长")],
            [("title-twice", "b")],
        ),
        ([made("a", "count(*)", where="kind = '井'", title="口数"), made("b", "count(*)", title="口数")], [("title-twice", "b")]),
        (
            [
                made("a", "count(*)", where="kind = '井'", title="口数", dated=Dated(None, period("2025Q4").end)),
                made("b", "count(*)", title="口数", dated=Dated(period("2026Q1").start)),
            ],
            [],
        ),
        ([made("a", "count(*)"), made("b", "count(*)", enabled=False)], []),
    ],
)  # fmt: skip
def test_definitions_that_contradict_each_other(wanted: list[Indicator], expected: list[tuple[str, str]]):
    assert told(*wanted) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("a = 1", "", True),
        ("", "a = 1", False),
        ("a = 1 and b", "b", True),
        ("a = 'x'", "a in ('x', 'y')", True),
        ("a in ('x', 'y')", "a = 'x'", False),
        ("a in ('x', 'y')", "a <> 'z'", True),
        ("a >= 5", "a > 3", True),
        ("a > 3", "a >= 5", False),
        ("a between 3 and 5", "a <= 5", True),
        ("a = 4", "a between 3 and 5", True),
        ("a = 'x'", "a is not null", True),
        ("a = 'x'", "a = 'x' or b", True),
        ("coalesce(a, false)", "a", True),
        ("f(a) = 1", "f(a) = 2", False),
    ],
)
def test_one_condition_implies_another(one: str, other: str, expected: bool):
    assert implies(conjuncts(one, None), conjuncts(other, None)) == expected


@pytest.mark.parametrize(
    ("one", "other", "apart", "overlap"),
    [
        ("a = 'x'", "a = 'y'", True, ""),
        ("a < 5", "a >= 5", True, ""),
        ("a <= 5", "a >= 5", False, "a"),
        ("a", "not a", True, ""),
        ("a = 'x'", "a <> 'x'", True, ""),
        ("a = 'x'", "b = 'y'", False, ""),
        ("a in ('x', 'y') and c", "a in ('y', 'z') and c", False, "a"),
        ("a in ('x', 'y') and c", "a in ('y', 'z') and d", False, ""),
    ],
)
def test_two_conditions_exclude_each_other_or_overlap(one: str, other: str, apart: bool, overlap: str):
    given = conjuncts(one, None), conjuncts(other, None)
    assert exclude(*given) == apart
    assert overlap_in_part(*given) == overlap
