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
from sqlglot import exp, parse_one

from ruralpb.core import periods
from ruralpb.model import loader
from ruralpb.rules.localisation import DeclaredTotal, Localisation, locate_errors, record_solver
from ruralpb.rules.localisation.constraints import (
    RecordColumns,
    RecordConstraints,
    TextNumbers,
    kind_of_value,
)
from ruralpb.rules.localisation.covering import cheapest_cover, ranked_weights
from ruralpb.rules.localisation.edit_rules import EditRule, EditRules, FieldDomain
from ruralpb.rules.localisation.record_solver import RecordSolver

ROW = ("s", 0, 0)


def located(
    checks: Sequence[str],
    values: Mapping[str, Any],
    weights: Mapping[str, int] | None = None,
    domains: Mapping[str, FieldDomain] | None = None,
) -> set[str] | None:
    """The names of the cells to ask about, for checks written as SQL over the names of `values`."""
    trees = [parse_one(text, dialect="duckdb") for text in checks]
    rules = [
        EditRule(text, tree, frozenset(c.name for c in tree.find_all(exp.Column)))
        for text, tree in zip(checks, trees, strict=True)
    ]
    kinds = {name: kind_of_value(0 if value is None else value) for name, value in values.items()}
    columns = RecordColumns(
        {n: (domains or {}).get(n) or FieldDomain() for n in frozenset().union(*(r.columns for r in rules))},
        kinds,
        {},
    )
    solver = RecordSolver([rules], columns, TextNumbers())
    costs = {
        (0, name): Fraction((weights or {}).get(name, 1)) for name in values if name in columns.changeable
    }
    with solver.values_of([values]):
        answer = solver.fewest_cells(costs, [])
    return None if answer is None else {name for _, name in answer.cells}


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
        low = FieldDomain(low=Fraction(10))
        assert located(["x <= 5"], {"x": Decimal(7)}, domains={"x": low}) is None

    def test_a_cell_is_blanked_where_the_check_asks_for_it(self) -> None:
        assert located(["left_on is null or serving = 0"], {"left_on": 5, "serving": 1}, {"serving": 3}) == {
            "left_on"
        }

    def test_whole_numbers_stay_whole(self) -> None:
        halves = ["2 * a = b"]
        whole = {"a": FieldDomain(whole=True), "b": FieldDomain(whole=True)}
        assert located([*halves, "a >= 1"], {"a": 1, "b": 3}, {"a": 1, "b": 2}, whole) == {"b"}

    def test_whole_numbers_are_whole_where_no_bound_ends_the_search(self) -> None:
        """2 (a + b + c) = d has no solution for an odd d, which halving intervals would look for without end."""
        whole = {name: FieldDomain(whole=True) for name in NAMES}
        row = {"a": 1, "b": 1, "c": 1, "d": 7}
        assert located(["2 * a + 2 * b + 2 * c = d"], row, {"d": 9}, whole) == {"d"}

    def test_a_product_of_two_cells(self) -> None:
        assert located(["a * b = c", "c = 12"], {"a": 3, "b": 4, "c": 13}) == {"c"}
        assert located(["a * b = c", "c = 12"], {"a": 3, "b": 5, "c": 12}, {"a": 2}) == {"b"}

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


def _truth(linear: tuple[list[int], str, int], row: tuple[int | None, ...]) -> bool | None:
    factors, sign, constant = linear
    if None in row:
        return None
    total = sum(f * v for f, v in zip(factors, row, strict=True) if v is not None)
    return {
        "<=": total <= constant,
        "=": total == constant,
        ">=": total >= constant,
        "<>": total != constant,
        "<": total < constant,
    }[sign]


def _not_false(check: list[tuple[list[int], str, int]], row: tuple[int | None, ...]) -> bool:
    """Kleene's OR is false where every part is."""
    return any(_truth(part, row) is not False for part in check)


@settings(max_examples=150, deadline=None)
@given(
    alternatives=st.lists(st.lists(_linear, min_size=1, max_size=2), min_size=1, max_size=4),
    row=st.tuples(*[st.one_of(st.integers(-2, 3), st.integers(-2, 3), st.none())] * 4),
    weights=st.lists(st.integers(1, 3), min_size=4, max_size=4),
)
def test_no_cheaper_set_exists(
    alternatives: list[list[tuple[list[int], str, int]]], row: tuple[int | None, ...], weights: list[int]
) -> None:
    """Against the enumeration of every value of every subset of four cells, some of them blank."""
    checks = [" or ".join(_text(one) for one in check) for check in alternatives]
    bounds = {name: FieldDomain(low=Fraction(-2), high=Fraction(3), whole=True) for name in NAMES}
    found = located(
        checks, dict(zip(NAMES, row, strict=True)), dict(zip(NAMES, weights, strict=True)), bounds
    )
    best: int | None = None
    for changed in itertools.product((False, True), repeat=4):
        ranges: list[Sequence[int | None]] = [
            VALUES if c else (v,) for c, v in zip(changed, row, strict=True)
        ]
        cost = sum(w for w, c in zip(weights, changed, strict=True) if c)
        if (best is None or cost < best) and any(
            all(_not_false(check, values) for check in alternatives) for values in itertools.product(*ranges)
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
    best = min(
        sum(itertools.compress(weights, taken))
        for taken in itertools.product((False, True), repeat=7)
        if all(any(taken[n] for n in one) for one in wanted)
    )
    ranked = ranked_weights({n: Fraction(weight) for n, weight in enumerate(weights)})
    found = cheapest_cover(ranked, wanted)
    assert not any(found.isdisjoint(one) for one in wanted)
    assert sum(weights[n] for n in found) == best


def test_no_two_sets_weigh_the_same() -> None:
    ranked = ranked_weights(dict.fromkeys("abcde", Fraction(1, 2)))
    sums = [sum(itertools.compress(ranked.values(), t)) for t in itertools.product((0, 1), repeat=5)]
    assert len(set(sums)) == 2**5


def test_nothing_is_written_to_standard_output(capfd: pytest.CaptureFixture[str]) -> None:
    """Not by a library that is not ours either: the output of a command may be JSON or CSV."""
    assert located(["a + b = c", "a >= 0"], {"a": -1, "b": 2, "c": 5}) == {"a"}
    assert capfd.readouterr() == ("", "")


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
    rules = EditRules(form, library, None, period)
    rules.rules(checks)
    assert rules.records([ROW], query) == []
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


# ------------------------------------------------------------------------------------------- what it costs

LEDGER = b"""\
form: ledger
title: ledger
code: "1"
row: record
frequency: quarter
time: point
key: [record]
fields:
  - {id: record, title: record, type: int, required: true}
  - {id: income, title: income, type: int, required: true}
  - {id: sales, title: sales, type: int, required: true}
  - {id: rents, title: rents, type: int, required: true}
  - {id: profit, title: profit, type: int, required: true}
checks:
  - {id: L01, severity: error, expr: "income = sales + rents", message: L01}
  - {id: L02, severity: error, expr: "profit = income - 5", message: L02}
"""
BOTH = frozenset({"L01", "L02"})


def localised(
    rows: Sequence[Sequence[int]], monkeypatch: pytest.MonkeyPatch, totals: Sequence[DeclaredTotal] = ()
) -> tuple[Localisation, int]:
    """What is said of rows (income, sales, rents, profit) that fail both checks, and how many expressions were read for it."""
    library = loader.load({"library/ledger.yaml": LEDGER})[0].library
    form = library.forms["ledger"]
    read: list[exp.Expression] = []
    holds = RecordConstraints.holds

    def counted(self: RecordConstraints, node: exp.Expression, *wanted: bool) -> Any:
        read.append(node)
        return holds(self, node, *wanted)

    monkeypatch.setattr(RecordConstraints, "holds", counted)
    given = [("s", 0, n, n, *row) for n, row in enumerate(rows)]
    rules = EditRules(form, library, None, periods.parse("2026Q1", date(2026, 4, 20)))
    failing = {("s", 0, n): BOTH for n in range(len(rows))}
    return locate_errors(rules, form.checks, failing, lambda _: given, totals), len(read)


def test_expressions_are_read_once_for_all_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = [(100 + n, 10, n, 5 + n) for n in range(200)]
    result, read = localised(wrong, monkeypatch)
    assert [location.cells for location in result.located] == [((("s", 0, n), "income"),) for n in range(200)]
    assert read == len(BOTH)
    assert result.decisions <= 8 * len(wrong)


def test_rows_with_equal_values_are_solved_once(monkeypatch: pytest.MonkeyPatch) -> None:
    result, _ = localised([(100, 10, 2, 7)] * 200, monkeypatch)
    assert len(result.located) == 200
    assert result.decisions <= 8


def test_too_many_rows_under_one_total_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    addresses = tuple(("s", 0, n) for n in range(200))
    total = DeclaredTotal("income", Decimal(2400), Decimal(20000), Decimal(0), addresses)
    result, _ = localised([(100, 10, 2, 7)] * 200, monkeypatch, [total])
    assert result.located == ()
    assert result.given_up == dict.fromkeys(addresses, "rows")


def test_a_row_that_is_too_hard_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_solver, "MOST_STEPS", 1)
    result, _ = localised([(100, 10, 2, 7)], monkeypatch)
    assert result.located == ()
    assert result.given_up == {("s", 0, 0): "effort"}
