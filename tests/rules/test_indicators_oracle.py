"""Sums, coverage and comparisons against a plain-Python recomputation on small random grids (semantics S3–S5)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from indicator_world import TOWNSHIPS, VILLAGES, compute, indicator, library, rate

from ruralpb.core import numbers

UNITS = ("示例县", *TOWNSHIPS)
PERIODS = ("2025Q1", "2025Q4", "2026Q1")
CURRENT = "2026Q1"

amounts = st.none() | st.decimals(min_value=-20, max_value=20, places=2)
row = st.fixed_dictionaries({"income": amounts, "cost": amounts, "kind": st.sampled_from(["深", "浅", None])})


@st.composite
def grids(draw):
    """Some townships return, and leave out some villages."""
    grid = {}
    for at in PERIODS:
        for township in TOWNSHIPS:
            if draw(st.integers(0, 3)):
                villages = [v for v in VILLAGES if v.startswith(township) and draw(st.integers(0, 4))]
                grid[township, "wells", at] = [{"village": v, **draw(row)} for v in villages]
    return grid


def villages_of(unit):
    return [v for v in VILLAGES if unit == "示例县" or v.startswith(unit)]


def rows_in(grid, at):
    return {r["village"]: r for (_, _, label), rows in grid.items() if label == at for r in rows}


def is_deep(r):
    return None if r["kind"] is None else r["kind"] == "深"


def deep_income(rows):
    """sum(income) where kind = '深': (sum, unknown rows, whether nothing is known)."""
    total, unknown, known = Fraction(0), 0, 0
    for r in rows:
        if is_deep(r) is None or (is_deep(r) and r["income"] is None):
            unknown += 1
            continue
        known += 1
        if is_deep(r):
            total += Fraction(r["income"])
    return total, unknown, unknown > 0 and known == 0


def cost_share(rows):
    """sum(cost) / sum(income) filter (where kind = '深'), in percent: (value, unknown rows)."""
    above, below, unknown, known = Fraction(0), Fraction(0), 0, 0
    for r in rows:
        deep = is_deep(r)
        if r["cost"] is None or deep is None or (deep and r["income"] is None):
            unknown += 1
            continue
        known += 1
        above += Fraction(r["cost"])
        below += Fraction(r["income"]) if deep else 0
    return (None if not known or not below else above / below * 100), unknown


DEEP = indicator("deep", "wells", "sum(income)", where="kind = '深'", measure="万元", decimals=2)
SHARE = rate("share", "wells", "sum(cost)", "sum(income) filter (where kind = '深')")
GRIDS = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def found(grid, **more):
    lib = library(DEEP, SHARE, replace(DEEP, id="grown", time="year_to_date"))
    return {(v.indicator, v.unit): v for v in compute(lib, grid, CURRENT, **more)}


def close(decimal, fraction):
    return abs(Fraction(decimal) - fraction) < Fraction(1, 10**20)


@GRIDS
@given(grids())
def test_sums_unknown_rows_and_coverage_are_those_of_the_rows(grid):
    values, there = found(grid, compare=()), rows_in(grid, CURRENT)
    for unit in UNITS:
        present = [v for v in villages_of(unit) if v in there]
        value = values["deep", unit]
        total, unknown, blind = deep_income(there[v] for v in present)
        assert (value.covered, value.expected) == (len(present), len(villages_of(unit)))
        assert value.unknown_rows == unknown
        assert value.value == (None if blind or not present else total)
        missing = set(villages_of(unit)) - set(present)
        returned = {t for t, _, at in grid if at == CURRENT}
        assert set(value.missing) == {VILLAGES[v] if v[:2] in returned else TOWNSHIPS[v[:2]] for v in missing}


@GRIDS
@given(grids())
def test_rates_divide_the_sums_of_the_rows_that_both_sides_know(grid):
    values, there = found(grid, compare=()), rows_in(grid, CURRENT)
    for unit in UNITS:
        expected, unknown = cost_share([there[v] for v in villages_of(unit) if v in there])
        value = values["share", unit]
        assert value.unknown_rows == unknown
        assert (value.value is None) == (expected is None)
        assert expected is None or close(value.value, expected)


@GRIDS
@given(grids())
def test_comparisons_are_recomputed_on_villages_present_in_both(grid):
    values, now = found(grid), rows_in(grid, CURRENT)
    for name, label in (("previous", "2025Q4"), ("last_year", "2025Q1")):
        then = rows_in(grid, label)
        for unit in UNITS:
            compared = getattr(values["deep", unit], name)
            if values["deep", unit].value is None:
                assert compared.change is None
                continue
            both = [v for v in villages_of(unit) if v in now and v in then]
            assert compared.units == len(both)
            assert compared.all_units == (len(both) == len(villages_of(unit)))
            sides = [deep_income(rows[v] for v in both) for rows in (now, then)]
            expected = [None if blind or not both else total for total, _, blind in sides]
            assert [compared.current, compared.base] == expected
            current, base = expected
            if current is None or base is None or base <= 0 or current < 0:
                assert compared.change is None
                assert compared.reason
            else:
                assert close(compared.change, (current - base) / base * 100)


@GRIDS
@given(grids())
def test_rates_compare_by_points_of_what_is_printed(grid):
    values, now, then = found(grid), rows_in(grid, CURRENT), rows_in(grid, "2025Q1")
    for unit in UNITS:
        compared = values["share", unit].last_year
        both = [v for v in villages_of(unit) if v in now and v in then]
        (current, _), (base, _) = (cost_share([rows[v] for v in both]) for rows in (now, then))
        if compared.change is not None:
            printed = [numbers.rounded(side, 1, "%") for side in (compared.current, compared.base)]
            assert compared.change == printed[0] - printed[1]
            assert close(compared.current, current)
            assert close(compared.base, base)
        else:
            assert values["share", unit].value is None or current is None or base is None


@GRIDS
@given(grids())
def test_the_first_quarter_alone_is_the_cumulative_figure(grid):
    values = found(grid)
    for unit in UNITS:
        assert values["grown.quarter", unit].value == values["grown", unit].value


def test_the_oracle_sees_a_difference():
    """The recomputation is no echo: on a grid with a blank it and a naive sum disagree."""
    rows = [{"income": 5, "kind": "深"}, {"income": 7, "kind": None}]
    assert deep_income(rows) == (5, 1, False)
    assert sum(r["income"] for r in rows) == 12
