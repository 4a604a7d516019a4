"""What expressions allow and refuse: comparison chains, patterns, rounding; `case when` and `if()` over what is unknown are unknown."""

from __future__ import annotations

import pytest
from indicator_world import compute, indicator, library, one

from ruralpb.core.problems import NOWHERE
from ruralpb.rules.expressions import parse


@pytest.mark.parametrize(
    ("text", "rather"),
    [
        ("a > 1 = true", "a > 1"),
        ("true = a > 1", "a > 1"),
        ("a is null = true", "a IS NULL"),
        ("a > 1 = false", "NOT (a > 1)"),
        ("a > 1 <> true", "NOT (a > 1)"),
        ("a < b < c", "a < b AND b < c"),
        ("a = b = c", "a = b AND b = c"),
        ("a between 1 and 2 = true", "a BETWEEN 1 AND 2"),
        ("a in (1, 2) = false", "NOT (a IN (1, 2))"),
        ("b or a > 1 = true", "a > 1"),
    ],
)
def test_a_comparison_of_a_comparison_is_refused_with_what_to_write(text: str, rather: str):
    problems = [p for p in parse(text, NOWHERE)[1] if p.slug == "rule-chain"]
    assert [p.expected.upper() for p in problems] == [rather.upper()]
    assert rather.lower() in problems[0].text("zh").lower()
    assert parse(rather, NOWHERE)[1] == []


@pytest.mark.parametrize(
    "text",
    [
        "a > 1",
        "standardised = true",
        "(a > 1) = (b > 1)",
        "(a > 1) = true",
        "a > 1 and b",
        "a is null",
        "not a = b",
    ],
)
def test_what_is_no_chain_is_read(text: str):
    assert parse(text, NOWHERE)[1] == []


# 甲 earns 1, 乙 9, 丙 did not say; the kind of 乙 is not known.
ROWS = {
    ("东镇", "wells", "2026Q1"): [
        {"village": "东镇甲", "income": 1, "cost": 1, "kind": "井"},
        {"village": "东镇乙", "income": 9, "cost": 1, "kind": None},
        {"village": "东镇丙", "income": None, "cost": 1, "kind": "泉"},
    ]
}


@pytest.mark.parametrize(
    ("condition", "taken", "unknown"),
    [
        ("case when income < 5 then true else false end", 1, 1),
        ("case when income >= 5 then true else true end", 2, 1),
        ("if(income < 5, true, false)", 1, 1),
        ("case when income is null then true when income < 5 then true else false end", 2, 0),
        ("case when income < 5 then true when income is null then true else false end", 2, 0),
        ("case when income < 5 then true when income is null then false else true end", 2, 0),
        ("case when income < 5 then true when kind = '泉' then true else false end", 1, 2),
        (
            "case when cost = 1 then true when income < 5 then false end",
            3,
            0,
        ),  # decided before anything unknown
        ("case kind when '井' then true else false end", 1, 1),
        ("case when income < 5 then true end", 1, 2),
        ("case when income is not null then income < 5 else false end", 1, 0),
    ],
)
def test_an_unknown_condition_makes_the_result_unknown(condition: str, taken: int, unknown: int):
    found = one(
        compute(library(indicator("n", "wells", "count(*)", where=condition)), ROWS, "2026Q1"), "东镇"
    )
    assert (found.value, found.unknown_rows) == (taken, unknown)


@pytest.mark.parametrize(
    ("condition", "taken", "unknown"),
    [
        ("kind like '井%'", 1, 1),
        ("kind not like '井%'", 1, 1),
        ("not kind like '井%'", 1, 1),
        ("regexp_matches(kind, '^[井泉]$')", 2, 1),
        ("round(income * 0.25, 1) = 2.3", 1, 1),  # 2.25 half up
        ("round(income * 0.25) = 2", 1, 1),
    ],
)
def test_patterns_and_rounding_are_computed_with_three_values(condition: str, taken: int, unknown: int):
    found = one(
        compute(library(indicator("n", "wells", "count(*)", where=condition)), ROWS, "2026Q1"), "东镇"
    )
    assert (found.value, found.unknown_rows) == (taken, unknown)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("kind like other", "rule-pattern"),
        ("regexp_matches(kind, other)", "rule-pattern"),
        ("regexp_matches(kind, '[井')", "rule-regexp"),
        ("round(income, 7) = 1", "rule-round"),
        ("round(income, places) = 1", "rule-round"),
        ("kind ilike '井'", "rule-not-allowed"),
    ],
)
def test_a_pattern_or_a_number_of_decimals_that_is_none_is_refused(text: str, slug: str):
    assert [p.slug for p in parse(text, NOWHERE)[1]] == [slug]
