"""The line of weak villages with the built-in library, in a city of two counties that draw it differently: what a village is, what is
counted, how it is classed, listed and named all follow the line of its county."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

import pytest
from scratch_session import scratch

from ruralpb.core import periods
from ruralpb.model import Value
from ruralpb.model.loader import Definitions, load, sources
from ruralpb.rules import indicators
from ruralpb.rules.checks import evaluate, plans
from ruralpb.rules.registers import listed
from ruralpb.store import Given, Session

UNITS = """code,name,level,parent_code,kind
9901,示例市,city,,
990101,东县,county,9901,
990102,西县,county,9901,
990101101,东镇,township,990101,镇
990102101,西镇,township,990102,镇
990101101201,东村,village,990101101,行政村
990101101202,东头村,village,990101101,行政村
990102101201,西村,village,990102101,行政村
990102101202,西头村,village,990102101,行政村
"""
LINES = """standards:
  - id: weak_village_line
    values:
      2018-01-01: {{value: {line}, source: 省级做法, checked_on: 2026-01-10}}
    units:
      - {{unit: "990102", values: {{2026-01-01: {{value: {west}, source: 西县委办〔2026〕1号, checked_on: 2026-01-10}}}}}}
"""
SETTINGS = 'title: 示例市\nunit: "9901"\ndue:\n- {forms: all, level: township}\n'
BEFORE, NOW = periods.parse("2025Q4", None), periods.parse("2026Q4", None)
INCOME = {"990101101201": 4, "990101101202": 9, "990102101201": 4, "990102101202": 9}


@cache
def defined(line: int, west: int) -> Definitions:
    files = {
        "ruralpb.yaml": SETTINGS.encode(),
        "units.csv": UNITS.encode(),
        "definitions/lines.yaml": LINES.format(line=line, west=west).encode(),
    }
    found, problems = load(sources(None) | files)
    assert not [p for p in problems if p.severity == "error"], problems
    return found


def session(found: Definitions) -> Session:
    rows = {
        code: {
            "village_code": code, "township_code": code[:9], "operating_income": Decimal(amount),
            "operating_profit": Decimal(amount), "weak_status": "已销号",
        }
        for code, amount in INCOME.items()
    }  # fmt: skip
    returned = [
        Given(town, "village_economy", at, [row for code, row in rows.items() if code[:9] == town])
        for town in ("990101101", "990102101")
        for at in (BEFORE, NOW)
    ]
    assert found.settings
    return scratch(found.library, found.register, found.settings, NOW, returned)


def values(found: Definitions) -> list[Value]:
    ids = ("weak_measured_n", "weak_cleared_below_n", "weak_return_n", "income_class_n")
    assert found.settings
    with session(found) as opened:
        basis = indicators.FiguresBasis(
            indicators.Formulas(found.library, found.register), found.settings, opened.query
        )
        return indicators.compute(basis, NOW, indicators.FiguresWanted(ids=ids, levels=("city", "county")))[0]


@pytest.mark.parametrize(
    ("line", "west", "east_below", "west_below"),
    [(5, 5, 1, 1), (5, 10, 1, 2), (10, 5, 2, 1), (3, 4, 0, 0), (10, 10, 2, 2)],
)
def test_figures_follow_the_line_of_each_county(
    line: int, west: int, east_below: int, west_below: int
) -> None:
    found = values(defined(line, west))
    below = {"东县": east_below, "西县": west_below, "示例市": east_below + west_below}
    for id in ("weak_measured_n", "weak_cleared_below_n", "weak_return_n"):
        assert {v.unit: v.value for v in found if v.indicator == id and not v.slice} == below, id
    classes = {
        (v.unit, v.slice[0][1]): v.value
        for v in found
        if v.indicator == "income_class_n" and v.slice and v.value
    }
    for unit, at, count in (("东县", line, east_below), ("西县", west, west_below)):
        assert classes.get((unit, f"{at}万元以下"), 0) == count
        assert classes.get((unit, f"{at}—20万元"), 0) == 2 - count


@pytest.mark.parametrize(
    ("line", "west", "failing"),
    [
        (5, 10, {"东村": 5, "西村": 10, "西头村": 10}),
        (10, 5, {"东村": 10, "东头村": 10, "西村": 5}),
        (3, 4, {}),
    ],
)
def test_verdicts_and_their_wording_follow_it(line: int, west: int, failing: dict[str, int]) -> None:
    found = defined(line, west)
    (plan,), problems = plans(found.library, found.register, found.settings, NOW, ["R73"])
    assert not problems
    with session(found) as opened:
        failed = [v.message for v in evaluate(plan, opened.query) if v.outcome == "fail"]
    assert len(failed) == len(failing)
    for village, said in failing.items():
        (message,) = (m for m in failed if m.startswith(f"{village}："))
        assert f"低于{said}万元的薄弱村标准" in message


def test_what_was_compiled_for_the_years_end_is_not_what_other_quarters_are_computed_by() -> None:
    found = defined(5, 10)
    formulas = indicators.Formulas(found.library, found.register)
    of_year = {
        at.label: formulas.formula(found.library.indicators["weak_measured_n"], at, at.end).reads
        for at in (NOW, periods.parse("2026Q2", None))
    }
    assert {label: sorted(p.label for _, p in reads) for label, reads in of_year.items()} == {
        "2026Q4": [],
        "2026Q2": ["2025Q2", "2025Q4"],
    }


def test_lists_and_titles_follow_it() -> None:
    found = defined(5, 10)
    named = {unit: found.worded(NOW.end, unit) for unit in ("990101", "990102", "9901")}
    titles = {unit: library.indicators["weak_measured_n"].title for unit, library in named.items()}
    assert titles == {
        "990101": "近一年经营性收入5万元以下的村数",
        "990102": "近一年经营性收入10万元以下的村数",
        "9901": "近一年经营性收入5/10万元以下的村数",
    }
    assert named["990102"].lists["weak_measured_villages"].title == "近一年经营性收入10万元以下的村"
    with session(found) as opened:
        rows, problems = listed(
            found.library.lists["weak_measured_villages"], found.library, found.register, NOW, opened.query
        )
    assert not problems
    assert sorted((row.unit_code, row.values[-1]) for row in rows) == [
        ("990101101201", 5),
        ("990102101201", 10),
        ("990102101202", 10),
    ]
