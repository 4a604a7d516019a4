"""Which cells to ask about first: the fewest, weighted, whose change could satisfy every check of a row at once."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import parse_one

from ruralpb.core import periods
from ruralpb.model import loader
from ruralpb.rules.localisation import cover, rows
from ruralpb.rules.localisation.exact import AtLeast, solvable
from ruralpb.rules.localisation.formulas import Domain, every, satisfiable
from ruralpb.rules.localisation.reading import Reader, Relation

ROW = ("s", 0, 0)


def located(
    checks: Sequence[str],
    values: Mapping[str, Any],
    weights: Mapping[str, int] | None = None,
    domains: Mapping[str, Domain] | None = None,
) -> set[str] | None:
    """The names of the cells to ask about, for checks written as SQL over the names of `values`."""
    cells = {name: (ROW, name) for name in values}
    relations = [Relation(text, parse_one(text, dialect="duckdb"), cells, values, {}) for text in checks]
    kinds = {cells[n]: (domains or {}).get(n) or _domain(v) for n, v in values.items()}
    numeric = frozenset(cells[n] for n, v in values.items() if not isinstance(v, (str, bool)))
    costs = {cells[name]: Fraction((weights or {}).get(name, 1)) for name in values}

    def possible(free: frozenset[Any]) -> bool:
        return satisfiable(every(Reader(r, free, numeric).holds(r.tree) for r in relations), kinds)

    found = cover.cheapest(costs, possible)
    return None if found is None else {name for _, name in found}


def _domain(value: Any) -> Domain:
    return Domain(frozenset({True, False})) if isinstance(value, bool) else Domain()


class TestPublishedExamples:
    """The examples in the documentation of the R package errorlocate (de Jonge and van der Loo, 1.1)."""

    PROFIT = ("profit + cost = turnover", "cost - 0.6 * turnover >= 0", "cost >= 0", "profit >= 0")

    def test_profit_of_755_cannot_be_with_cost_125_and_turnover_200(self) -> None:
        assert located(self.PROFIT, {"profit": 755, "cost": 125, "turnover": 200}) == {"profit"}

    @pytest.mark.parametrize(("age", "income", "expected"), [(-10, 0, {"age"}), (25, 3000, set())])
    def test_age_is_positive(self, age: int, income: int, expected: set[str]) -> None:
        assert located(["age > 0", "income <= 0 or age > 16"], {"age": age, "income": income}) == expected

    @pytest.mark.parametrize(("weights", "expected"), [((1, 2), "age"), ((2, 1), "income")])
    def test_income_under_sixteen_is_decided_by_weight(self, weights: tuple[int, int], expected: str) -> None:
        checks = ["age > 0", "income <= 0 or age > 16"]
        given_ = dict(zip(("age", "income"), weights, strict=True))
        assert located(checks, {"age": 15, "income": 2000}, given_) == {expected}

    CATEGORIES = ("a in ('a1', 'a2')", "b in ('b1', 'b2')", "a <> 'a1' or b = 'b1'")

    @pytest.mark.parametrize(
        ("row", "weights", "expected"),
        [
            (("a1", "b2"), (1, 2), {"a"}),
            (("a1", "b2"), (2, 1), {"b"}),
            (("a2", "b2"), (1, 1), set()),
            (("a3", "b2"), (1, 1), {"a"}),
        ],
    )
    def test_categories(self, row: tuple[str, str], weights: tuple[int, int], expected: set[str]) -> None:
        given_ = dict(zip("ab", weights, strict=True))
        assert located(self.CATEGORIES, dict(zip("ab", row, strict=True)), given_) == expected

    def test_yes_or_no_by_weight(self) -> None:
        assert located(["not a or b"], {"a": True, "b": False}, {"a": 2, "b": 1}) == {"b"}

    def test_married_at_sixteen_by_weight(self) -> None:
        row = {"married": True, "age": 16}
        assert located(["not married or age >= 17"], row, {"married": 1, "age": 2}) == {"married"}
        assert located(["not married or age >= 17"], row, {"married": 3, "age": 2}) == {"age"}


ECONOMY = [
    "abs(operating_income - (inc_operate + inc_contract + inc_invest + coalesce(inc_other_op, 0))) <= 0.02",
    "abs(income_total - (operating_income + inc_subsidy + inc_other)) <= 0.02",
    "abs(operating_profit - (operating_income - operating_cost - manage_cost)) <= 0.02",
]
VILLAGE = {
    "operating_income": Decimal("12.3"),
    "inc_operate": Decimal("10"),
    "inc_contract": Decimal("2"),
    "inc_invest": Decimal("0.3"),
    "inc_other_op": None,
    "income_total": Decimal("15.3"),
    "inc_subsidy": Decimal("3"),
    "inc_other": Decimal("0"),
    "operating_profit": Decimal("8.3"),
    "operating_cost": Decimal("3"),
    "manage_cost": Decimal("1"),
}


class TestVillageEconomy:
    def test_a_sound_row_asks_for_nothing(self) -> None:
        assert located(ECONOMY, VILLAGE) == set()

    def test_the_one_cell_that_all_failed_sums_share(self) -> None:
        assert located(ECONOMY, {**VILLAGE, "operating_income": Decimal("123")}) == {"operating_income"}

    def test_two_mistakes_that_share_nothing_are_two_cells(self) -> None:
        wrong = {**VILLAGE, "income_total": Decimal("153"), "operating_profit": Decimal("83")}
        found = located(ECONOMY, wrong)
        assert found is not None
        assert len(found) == 2

    @pytest.mark.parametrize("scale", [Decimal(1), Decimal(10) ** 9, Decimal(10) ** 13])
    def test_a_difference_of_three_hundredths_is_found_whatever_the_amounts(self, scale: Decimal) -> None:
        large = {k: None if v is None else v * scale for k, v in VILLAGE.items()}
        assert located(ECONOMY, large) == set()
        assert large["operating_income"] is not None
        off = {**large, "operating_income": large["operating_income"] + Decimal("0.03")}
        assert located(ECONOMY, off) == {"operating_income"}

    def test_a_blank_that_stays_blank_breaks_nothing(self) -> None:
        unknown = {**VILLAGE, "inc_operate": None, "operating_income": Decimal("1")}
        assert located(ECONOMY[:1], unknown) == set()

    def test_a_cell_is_not_blanked_to_escape_a_check(self) -> None:
        low = Domain(low=Fraction(10))
        assert located(["x <= 5"], {"x": Decimal(7)}, domains={"x": low}) is None

    def test_a_cell_is_blanked_where_the_check_asks_for_it(self) -> None:
        assert located(["left_on is null or serving = 0"], {"left_on": 5, "serving": 1}, {"serving": 3}) == {
            "left_on"
        }

    def test_whole_numbers_stay_whole(self) -> None:
        halves = ["2 * a = b"]
        whole = {"a": Domain(whole=True), "b": Domain(whole=True)}
        assert located([*halves, "a >= 1"], {"a": 1, "b": 3}, {"a": 1, "b": 2}, whole) == {"b"}

    def test_greatest_and_case(self) -> None:
        check = "abs(now - before) <= greatest(5, case when before > 100 then 20 else 10 end)"
        assert located([check], {"now": 130, "before": 101}, {"before": 2}) == {"now"}
        assert located([check], {"now": 121, "before": 101}) == set()


# ------------------------------------------------------------------------------------------- proof on small cases

NAMES = "abcd"
VALUES = range(-2, 4)
_linear = st.tuples(
    st.lists(st.integers(-2, 2), min_size=4, max_size=4),
    st.sampled_from(["<=", "=", ">=", "<>", "<"]),
    st.integers(-4, 4),
)


def _text(linear: tuple[list[int], str, int]) -> str:
    factors, sign, constant = linear
    terms = " + ".join(f"({f}) * {n}" for f, n in zip(factors, NAMES, strict=True))
    return f"{terms} {sign} ({constant})"


def _true(linear: tuple[list[int], str, int], row: tuple[int, ...]) -> bool:
    factors, sign, constant = linear
    total = sum(f * v for f, v in zip(factors, row, strict=True))
    return {
        "<=": total <= constant,
        "=": total == constant,
        ">=": total >= constant,
        "<>": total != constant,
        "<": total < constant,
    }[sign]


@settings(max_examples=80, deadline=None)
@given(
    alternatives=st.lists(st.lists(_linear, min_size=1, max_size=2), min_size=1, max_size=4),
    row=st.tuples(*[st.integers(-2, 3)] * 4),
    weights=st.lists(st.integers(1, 3), min_size=4, max_size=4),
)
def test_no_cheaper_set_exists(
    alternatives: list[list[tuple[list[int], str, int]]], row: tuple[int, ...], weights: list[int]
) -> None:
    """Against the enumeration of every value of every subset of four cells."""
    checks = [" or ".join(_text(one) for one in check) for check in alternatives]
    bounds = {name: Domain(low=Fraction(-2), high=Fraction(3), whole=True) for name in NAMES}
    found = located(
        checks, dict(zip(NAMES, row, strict=True)), dict(zip(NAMES, weights, strict=True)), bounds
    )
    best: int | None = None
    for changed in itertools.product((False, True), repeat=4):
        ranges = [VALUES if c else (v,) for c, v in zip(changed, row, strict=True)]
        cost = sum(w for w, c in zip(weights, changed, strict=True) if c)
        if (best is None or cost < best) and any(
            all(any(_true(one, values) for one in check) for check in alternatives)
            for values in itertools.product(*ranges)
        ):
            best = cost
    cost_found = None if found is None else sum(w for n, w in zip(NAMES, weights, strict=True) if n in found)
    assert cost_found == best


@settings(max_examples=100, deadline=None)
@given(
    weights=st.lists(st.integers(1, 3), min_size=7, max_size=7),
    wanted=st.lists(st.frozensets(st.integers(0, 6), min_size=1), min_size=1, max_size=8),
)
def test_the_cheapest_set_that_meets_every_wanted_one_is_found(
    weights: list[int], wanted: list[frozenset[int]]
) -> None:
    cells = [(ROW, str(n)) for n in range(7)]
    costs = {cell: Fraction(weight) for cell, weight in zip(cells, weights, strict=True)}

    def possible(free: frozenset[Any]) -> bool:
        return all(any(cells[n] in free for n in one) for one in wanted)

    best = min(
        sum(itertools.compress(weights, taken))
        for taken in itertools.product((False, True), repeat=7)
        if all(any(taken[n] for n in one) for one in wanted)
    )
    found = cover.cheapest(costs, possible)
    assert found is not None
    assert possible(found)
    assert sum(costs[cell] for cell in found) == best


def test_nothing_is_written_to_standard_output(capfd: pytest.CaptureFixture[str]) -> None:
    """Not by a library that is not ours either: the output of a command may be JSON or CSV."""
    assert located(["a + b = c", "a >= 0"], {"a": -1, "b": 2, "c": 5}) == {"a"}
    assert capfd.readouterr() == ("", "")


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.lists(st.integers(-3, 3), min_size=3, max_size=3), st.integers(-5, 5)), max_size=5)
)
def test_a_system_is_solvable_exactly_when_a_point_of_the_grid_or_a_certificate_says_so(
    system: list[tuple[list[int], int]],
) -> None:
    """Whole numbers in a box: the search by branching agrees with trying them all."""
    cells = [(ROW, name) for name in "xyz"]
    constraints = [
        AtLeast(tuple((c, Fraction(f)) for c, f in zip(cells, factors, strict=True)), Fraction(bound))
        for factors, bound in system
    ]
    bounds = {cell: (Fraction(-2), Fraction(2)) for cell in cells}
    expected = any(
        all(sum(f * v for f, v in zip(factors, point, strict=True)) >= bound for factors, bound in system)
        for point in itertools.product(range(-2, 3), repeat=3)
    )
    assert solvable(constraints, bounds, cells) == expected


def test_a_form_with_many_checks_against_others_is_asked_in_parts_the_engine_can_plan() -> None:
    """Some hundred correlated subqueries in one SELECT kept DuckDB's planner busy for minutes (the form summary)."""
    library = loader.load(loader.sources(None))[0].library
    form = library.forms["summary"]
    asked: list[str] = []

    def query(sql: str) -> list[tuple[Any, ...]]:
        asked.append(sql)
        return []

    period = periods.parse("2026Q1", date(2026, 4, 20))
    checks = [c for c in form.checks if c.over == ("row",) and c.stage == "sql"]
    assert rows.read(form, library, None, period, checks, [ROW], query) == []
    assert len(asked) > len(checks) / 2
    assert max(sql.count(" AS _l") for sql in asked) == 1


def test_many_checks_over_one_row_are_decided_quickly() -> None:
    """Two dozen sums within a tolerance and as many conditions: no case split for |x| ≤ y, and a bound on what is tried."""
    names = [f"x{i}" for i in range(24)]
    sums = [f"abs({a} - ({b} + 1)) <= 0.02" for a, b in itertools.pairwise(names)]
    either = [
        f"{a} <= 5 or {b} >= 3 or {c} <> 4" for a, b, c in zip(names, names[1:], names[2:], strict=False)
    ]
    row = {name: Decimal(24 - i) for i, name in enumerate(names)}
    assert located([*sums, *either], row) == set()
    assert located([*sums, *either], {**row, "x7": Decimal(170)}) == {"x7"}
