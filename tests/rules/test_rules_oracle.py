"""The compiled SQL of checks gives the verdicts that a plain three-valued evaluator gives, on random small returns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import World, group_outcome, outcome

from ruralpb.core import periods
from ruralpb.model import Check, Field, Form, Library
from ruralpb.rules.checks import plans
from ruralpb.rules.expressions.names import SYSTEM

PERIOD = periods.of("quarter", date(2026, 6, 30))
PERIODS = (PERIOD, PERIOD.previous(), PERIOD.last_year())
VILLAGES = {"v1": "t1", "v2": "t1", "v3": "t2"}


def form(name: str, key: tuple[str, ...], village_row: bool) -> Form:
    fields = (Field("x", "甲", "int"), Field("y", "乙", "int"), Field("k", "类", "text"))
    return Form(name, name, name, "village", "quarter", "point", key, fields, village_row=village_row)


FORMS = {"a": form("a", ("village",), True), "b": form("b", ("person_key",), False)}

# ---------------------------------------------------------------------------------------------- returns

maybe_number = st.integers(-1, 2) | st.integers(-1, 2) | st.none()
maybe_key = st.sampled_from(["p", "q", "p", None])
person = st.sampled_from(
    [("1", None), ("1", "n@v"), (None, "n@v"), (None, "m@v"), (None, None), ("2", "m@v"), ("n@w", None)]
)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    rows: dict[str, list[dict[str, Any]]] = {"a": [], "b": []}
    returned = set()
    for name in FORMS:
        for at in PERIODS:
            for reporter in ("t1", "t2", "o1"):
                if (name == "a" and reporter == "o1") or not draw(st.integers(0, 7)):
                    continue
                returned.add((name, at.label, reporter))
                rows[name] += draw(returns(name, at, reporter))
    for found in rows.values():
        for position, row in enumerate(found):
            row["position"] = position
    return World(FORMS, rows, returned, PERIOD)


@st.composite
def returns(draw: st.DrawFn, name: str, at: periods.Period, reporter: str) -> list[dict[str, Any]]:
    own = [v for v, t in VILLAGES.items() if reporter in (t, "o1")]
    if name == "a":
        places: list[str | None] = [v for v in own if draw(st.booleans())]
    else:
        places = draw(st.lists(st.none() | st.sampled_from(own), max_size=3))
    found: list[dict[str, Any]] = []
    for place in places:
        key, doubt = draw(person) if name == "b" else (None, None)
        if key is not None and key in [r["person_key"] for r in found]:
            continue
        township = (
            VILLAGES[place]
            if place
            else None
            if reporter == "o1"
            else draw(st.sampled_from([reporter, None]))
        )
        system = {
            "period": at.label, "period_kind": "quarter", "period_start": at.start, "period_end": at.end, "year": at.year,
            "unit_code": place or reporter, "reporter_code": reporter, "township_code": township, "village_code": place,
            "county_code": "c", "township": township, "village": place, "person_key": key, "person_doubt": doubt,
        }  # fmt: skip
        values = {"x": draw(maybe_number), "y": draw(maybe_number), "k": draw(maybe_key)}
        found.append({**system, "ordinal": 1, "submission": f"{reporter}-{name}", "block": 1, **values})
    return found


# ---------------------------------------------------------------------------------------------- expressions

small = st.integers(-1, 3).map(str)


def column(alias: str) -> st.SearchStrategy[str]:
    return st.sampled_from(["x", "y"]).map(lambda c: f"{alias}.{c}")


def numbers(alias: str, depth: int = 2) -> st.SearchStrategy[str]:
    if depth == 0:
        return column(alias) | small
    inner = numbers(alias, depth - 1)
    pairs = st.tuples(inner, inner)
    return st.one_of(
        column(alias),
        st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        pairs.map(lambda t: f"greatest({t[0]}, {t[1]})"),
        pairs.map(lambda t: f"least({t[0]}, {t[1]})"),
        st.tuples(column(alias), inner).map(lambda t: f"coalesce({t[0]}, {t[1]})"),
        pairs.map(lambda t: f"nullif({t[0]}, {t[1]})"),
        inner.map(lambda t: f"abs({t})"),
        st.tuples(conditions(alias, 0), inner, inner).map(
            lambda t: f"case when {t[0]} then {t[1]} else {t[2]} end"
        ),
    )


def conditions(alias: str, depth: int = 1) -> st.SearchStrategy[str]:
    number = numbers(alias, depth)
    sign = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
    plain = st.one_of(
        st.tuples(number, sign, number).map(lambda t: f"{t[0]} {t[1]} {t[2]}"),
        st.sampled_from(["=", "<>"]).map(lambda s: f"{alias}.k {s} 'p'"),
        st.tuples(number, number, number).map(lambda t: f"{t[0]} between {t[1]} and {t[2]}"),
        st.tuples(number, number, small).map(lambda t: f"{t[0]} in ({t[1]}, {t[2]})"),
        st.tuples(column(alias), small).map(lambda t: f"{t[0]} not in ({t[1]}, null)"),
        column(alias).map(lambda c: f"{c} is not null"),
        st.tuples(number, number).map(lambda t: f"near({t[0]}, {t[1]}, 1)"),
    )
    return plain if depth == 0 else combined(plain)


def combined(plain: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(plain, st.sampled_from(["and", "or"]), plain)
    return st.one_of(plain, pair.map(lambda t: f"({t[0]} {t[1]} {t[2]})"), plain.map(lambda t: f"not ({t})"))


@st.composite
def selections(draw: st.DrawFn, outer: str) -> str:
    """FROM and WHERE of a subquery."""
    links = ["village_code", "township_code", "reporter_code", "k", "person_key"]
    chosen = draw(st.lists(st.sampled_from([*links, "township_code", "person_key"]), max_size=2, unique=True))
    parts = [f"s.{c} = {outer}.{c}" for c in chosen]
    parts += draw(st.lists(conditions("s", 0) | st.just(f"s.x >= {outer}.y"), max_size=1))
    either = draw(st.none() | st.none() | st.tuples(conditions("s", 0), conditions(outer, 0)))
    parts += [f"({either[0]} or {either[1]})"] if either else []
    parts += [f"(s.person_key = {outer}.person_key or s.x > 1)"] if draw(st.integers(0, 3)) == 0 else []
    period = draw(
        st.sampled_from(
            ["", "", "s.period = :period", "s.period = previous_quarter(:period)", "s.year = :year"]
        )
    )
    parts += [period] if period else []
    where = f" where {' and '.join(parts)}" if parts else ""
    return f"from {draw(st.sampled_from(list(FORMS)))} s{where}"


@st.composite
def aggregates(draw: st.DrawFn, alias: str) -> str:
    """One aggregate over the rows of `alias`, perhaps filtered."""
    call = draw(
        st.sampled_from(
            ["count(*)", "count({0})", f"count(distinct {alias}.k)", "sum({0})", "min({0})", "max({0})"]
        )
    )
    where = draw(st.sampled_from(["", " filter (where {0})"]))
    return call.format(draw(numbers(alias, 1))) + where.format(draw(conditions(alias, 0)))


@st.composite
def row_checks(draw: st.DrawFn, outer: str) -> str:
    """One condition, or two combined; mostly with a subquery."""
    shape = draw(st.sampled_from(["{0}", "{0}", "{0} and {1}", "{0} or {1}", "not ({0})"]))
    return shape.format(draw(atoms(outer)), draw(atoms(outer)))


@st.composite
def atoms(draw: st.DrawFn, outer: str) -> str:
    kind = draw(st.sampled_from(["exists", "not exists", "value", "value", "in", "person", "past", "plain"]))
    if kind == "plain":
        return draw(conditions(outer))
    if kind == "past":
        return f"{outer}.x <= {draw(st.sampled_from(['previous', 'last_year']))}({draw(column(outer))})"
    selection = draw(selections(outer))
    if kind == "value":
        return f"(select {draw(aggregates('s'))} {selection}) >= {draw(small)}"
    if kind == "in":
        return f"({draw(column(outer))} in (select s.x {selection}) or 1 = 2)"
    if kind == "person":
        return f"({outer}.person_key in (select s.person_key {selection}) or 1 = 2)"
    return f"{kind} (select 1 {selection})"


# ---------------------------------------------------------------------------------------------- running both

_KINDS = {"number": "BIGINT", "text": "VARCHAR", "date": "DATE"}
COLUMNS = {
    "submission": "VARCHAR", "block": "INTEGER", "position": "INTEGER", **{c: _KINDS[k] for c, k in SYSTEM.items()},
    "x": "BIGINT", "y": "BIGINT", "k": "VARCHAR",
}  # fmt: skip


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    connection.execute("set threads = 1")
    for name in FORMS:
        connection.execute(f"create table {name} ({', '.join(f'{c} {kind}' for c, kind in COLUMNS.items())})")
    connection.execute("create table returns (form VARCHAR, period VARCHAR, reporter_code VARCHAR)")
    yield connection
    connection.close()


def literal(value: Any) -> str:
    return "NULL" if value is None else str(value) if isinstance(value, int) else f"'{value}'"


def fill(connection: duckdb.DuckDBPyConnection, world: World) -> None:
    tables = {name: [[row[c] for c in COLUMNS] for row in rows] for name, rows in world.rows.items()}
    for name, rows in {**tables, "returns": sorted(world.returned)}.items():
        connection.execute(f"delete from {name}")
        if rows:
            values = ", ".join(f"({', '.join(map(literal, row))})" for row in rows)
            connection.execute(f"insert into {name} values {values}")


def compiled(check: Check) -> str:
    library = Library(FORMS, {}, {}, {check.id: check}, {}, "")
    found, problems = plans(library, None, None, PERIOD, {check.id})
    assert not problems, [p.text("en") for p in problems]
    return found[0].sql


EXPRESSIONS = 4
"""How many expressions are tried on each world."""
SETTINGS = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@SETTINGS
@given(world=worlds(), data=st.data())
def test_row_checks_agree_with_the_oracle(
    database: duckdb.DuckDBPyConnection, world: World, data: st.DataObject
) -> None:
    fill(database, world)
    for outer in [*FORMS] * EXPRESSIONS:
        expr = data.draw(row_checks(outer), label="expr")
        where = data.draw(st.just("") | conditions(outer, 0), label="where")
        walked = [r for r in world.rows[outer] if r["period"] == PERIOD.label]
        expected = {r["position"]: outcome(world, expr, where, outer, r) for r in walked}
        sql = compiled(Check("Z1", outer, severity="error", message="", expr=expr, where=where))
        found = {row[4][0][2]: row[0] for row in database.execute(sql).fetchall()}
        assert found == {p: o for p, o in expected.items() if o != "skipped"}, sql


@SETTINGS
@given(world=worlds(), data=st.data())
def test_group_checks_agree_with_the_oracle(
    database: duckdb.DuckDBPyConnection, world: World, data: st.DataObject
) -> None:
    fill(database, world)
    comparison = st.tuples(aggregates("b"), st.sampled_from(["<=", "=", ">"]), aggregates("b") | small)
    single = comparison.map(lambda t: f"{t[0]} {t[1]} {t[2]}")
    groups: dict[str, list[Any]] = {}
    for row in world.rows["b"]:
        if row["period"] == PERIOD.label:
            groups.setdefault(row["township_code"] or "", []).append(row)
    for _ in range(EXPRESSIONS):
        expr = data.draw(combined(single), label="expr")
        where = data.draw(st.just("") | conditions("b", 0), label="where")
        expected = {key: group_outcome(world, expr, where, "b", rows) for key, rows in groups.items()}
        sql = compiled(
            Check("Z1", "b", severity="error", message="", expr=expr, over=("township",), where=where)
        )
        found = {row[1]: row[0] for row in database.execute(sql).fetchall()}
        no_key = {"": None} if expected.pop("", "skipped") != "skipped" else {}
        assert found == {k: o for k, o in expected.items() if o != "skipped"} | no_key, sql
