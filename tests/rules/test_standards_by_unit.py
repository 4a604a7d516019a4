"""A standard that differs by unit: verdicts, figures, bands, targets and titles of two counties of one city, each by its own line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from indicator_world import D, indicator, library, period, settings, standard
from scratch_session import scratch

from ruralpb.core.problems import Problem
from ruralpb.model import (
    Band,
    Check,
    DueRule,
    Library,
    Register,
    Standard,
    StandardsOn,
    StandardValue,
    Target,
    Unit,
    Value,
)
from ruralpb.model.loader.standards import spelled_out, unknown_standards, unknown_units
from ruralpb.model.standards import UnitStandard
from ruralpb.rules import indicators
from ruralpb.rules.checks import evaluate, plans
from ruralpb.rules.expressions.verify import verify
from ruralpb.store import Given, Session

NOW = period("2026Q4")
COUNTIES = {"990101": "东县", "990102": "西县"}
TOWNSHIPS = {"990101101": "东河镇", "990101102": "东山镇", "990102101": "西河镇"}
VILLAGES = {f"{code}20{n}": f"{name[:2]}{'甲乙'[n]}村" for code, name in TOWNSHIPS.items() for n in (0, 1)}
REGISTER = Register(
    (
        Unit("9901", "示例市", "city", ""),
        *(Unit(code, name, "county", "9901") for code, name in COUNTIES.items()),
        *(
            Unit(c, n, "township", c[:6], "镇", unit_class="山区" if n == "东山镇" else "平原")
            for c, n in TOWNSHIPS.items()
        ),
        *(Unit(c, n, "village", c[:9], "行政村") for c, n in VILLAGES.items()),
    )
)
INCOME = dict(zip(VILLAGES, (4, 9, 4, 9, 4, 9), strict=True))


def own(value: object, *, start: str = "2026-01-01", **whose: str) -> UnitStandard:
    value = value if isinstance(value, tuple) else D(value)
    return UnitStandard((StandardValue(date.fromisoformat(start), value, "文件"),), **whose)


def line(*units: UnitStandard) -> Standard:
    return replace(standard("line", ("2018-01-01", 5)), units=units)


WEST_TEN = own(10, unit="990102")
BANDS = standard(
    "bands",
    (
        "2018-01-01",
        (
            Band("{standard('line')}万元以下", high="standard('line')"),
            Band("{standard('line')}万元以上", low="standard('line')"),
        ),
    ),
)
WEAK = indicator("weak", "wells", "count(*)", where="income < standard('line')")


def defined(*standards: Standard, **changed: object) -> Library:
    figures = (
        replace(WEAK, **changed),
        indicator("banded", "wells", "count(income)", by=("band('bands', income)",)),
    )
    check = Check("R1", "wells", severity="error", expr="income >= standard('line')", message="{village}低于{line}",
                  show={"line": "standard('line')"})  # fmt: skip
    own_line = standards or (line(),)
    return replace(library(*figures, standards=(*own_line, BANDS)), checks={"R1": check})


def returned() -> list[Given]:
    return [
        Given(town, "wells", NOW, [
            {"village_code": c, "township_code": town, "income": D(INCOME[c])} for c in VILLAGES if c[:9] == town
        ])
        for town in TOWNSHIPS
    ]  # fmt: skip


def session(lib: Library) -> Session:
    config = settings(unit="9901", due=(DueRule(("wells",), "township"),))
    return scratch(lib, REGISTER, config, NOW, returned())


def figures(lib: Library) -> tuple[list[Value], list[Problem]]:
    config = settings(unit="9901", due=(DueRule(("wells",), "township"),))
    with session(lib) as open_session:
        basis = indicators.FiguresBasis(indicators.Formulas(lib, REGISTER), config, open_session.query)
        wanted = indicators.FiguresWanted(levels=("city", "county", "township", "village"))
        return indicators.compute(basis, NOW, wanted)


def counted(lib: Library, id: str = "weak") -> Mapping[str, Decimal | None]:
    values, problems = figures(lib)
    assert not [p for p in problems if p.severity == "error"], problems
    return {v.unit: v.value for v in values if v.indicator == id and not v.slice}


@pytest.mark.parametrize(
    ("units", "weak"),
    [
        ((), {"示例市": 3, "东县": 2, "西县": 1}),
        ((WEST_TEN,), {"示例市": 4, "东县": 2, "西县": 2}),
        ((own(10, unit_class="山区"),), {"示例市": 4, "东县": 3, "东山镇": 2, "西县": 1}),
        ((own(10, unit="990101102201"),), {"东山镇": 2, "东山乙村": 1, "东山甲村": 1, "东河镇": 1}),
        # what stands nearest holds: the village's before its township's, the township's before the county's
        ((own(10, unit="990101"), own(3, unit="990101101")), {"东河镇": 0, "东山镇": 2, "西县": 1}),
        ((own(10, unit="990101102"), own(3, unit="990101102201")), {"东山镇": 1, "东山甲村": 1, "东山乙村": 0}),
        ((own(10, unit="990101"), own(3, unit_class="山区")), {"东河镇": 2, "东山镇": 0}),
        # from its day on only
        ((own(10, start="2027-01-01", unit="990102"),), {"西县": 1}),
    ],
    ids=["one line", "a county", "a class", "a village", "township in county", "village in township", "class", "later"],
)  # fmt: skip
def test_a_figure_counts_each_unit_by_the_line_nearest_to_it(
    units: tuple[UnitStandard, ...], weak: Mapping[str, int]
):
    found = counted(defined(line(*units)))
    assert {unit: found[unit] for unit in weak} == weak


def test_a_check_judges_each_row_by_its_own_line_and_says_that():
    lib = defined(line(WEST_TEN))
    found, problems = plans(lib, REGISTER, None, NOW, ["R1"])
    assert not problems
    with session(lib) as open_session:
        failed = [v for v in evaluate(found[0], open_session.query) if v.outcome == "fail"]
    assert sorted(v.message for v in failed) == [
        "东山甲村低于5", "东河甲村低于5", "西河乙村低于10", "西河甲村低于10"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("over", "expr", "failing"),
    [
        ("township", "sum(income) >= 3 * standard('line')", ["西河镇"]),
        ("township", "count(*) filter (where income < standard('line')) <= 1", ["西河镇"]),
    ],
)
def test_a_group_has_the_line_that_its_rows_share(over: str, expr: str, failing: list[str]):
    check = Check("R1", "wells", severity="error", over=(over,), expr=expr, message="{township}")
    lib = replace(defined(line(WEST_TEN, own(4, unit="990101"))), checks={"R1": check})
    found, problems = plans(lib, REGISTER, None, NOW, ["R1"])
    assert not problems
    with session(lib) as open_session:
        failed = [v.message for v in evaluate(found[0], open_session.query) if v.outcome == "fail"]
    assert failed == failing


def test_bands_end_at_the_line_and_are_named_by_it():
    values, _ = figures(defined(line(WEST_TEN)))
    found = {
        (v.unit, v.slice[0][1]): v.value for v in values if v.indicator == "banded" and v.slice and v.value
    }
    assert found["东县", "5万元以下"] == 2
    assert found["东县", "5万元以上"] == 2
    assert found["西县", "10万元以下"] == 2
    assert ("西县", "5万元以下") not in found
    assert {cut: value for (unit, cut), value in found.items() if unit == "示例市"} == {
        "5万元以下": 2, "5万元以上": 2, "10万元以下": 2
    }  # fmt: skip


def test_a_target_may_be_a_standard_and_differ_by_unit():
    goal = replace(standard("goal", ("2026-01-01", 1)), units=(own(2, unit="990102"),))
    lib = defined(line(WEST_TEN), goal, target=Target("standard('goal')"), better="lower")
    values, _ = figures(lib)
    found = {v.unit: (v.target, v.status) for v in values if v.indicator == "weak" and v.level == "county"}
    assert found == {"东县": (1, "failed"), "西县": (2, "met")}


@pytest.mark.parametrize(
    ("unit", "day", "said"),
    [
        ("990101", "2026-12-31", "收入5万元以下的村"),
        ("990102", "2026-12-31", "收入10万元以下的村"),
        ("9901", "2026-12-31", "收入5/10万元以下的村"),
        ("9901", "2025-12-31", "收入5万元以下的村"),
        ("990101102", "2017-12-31", "收入5万元以下的村"),
    ],
)
def test_a_title_says_the_line_of_the_units_it_is_about(unit: str, day: str, said: str):
    lib = defined(line(WEST_TEN), title="收入{standard('line')}万元以下的村")
    assert lib.worded(date.fromisoformat(day), REGISTER, unit).indicators["weak"].title == said


def test_where_no_unit_differs_the_standard_is_a_constant():
    same = StandardsOn({"line": line(own(5, unit="990102"))}, REGISTER, NOW.end)
    assert [(each.value.value, each.everywhere) for each in same.each("line") if each.value] == [(D(5), True)]


def test_outside_an_aggregate_there_is_no_one_line():
    lib = replace(
        library(indicator("x", "wells", "sum(income) - standard('line')"), standards=(line(WEST_TEN),))
    )
    _, problems = figures(lib)
    assert [p.slug for p in problems] == ["rule-standard-differs"]


def test_what_a_definition_of_units_lacks_is_told():
    _, problems = spelled_out(line(UnitStandard((), unit="990101", unit_class="山区"), UnitStandard(())))
    assert [p.slug for p in problems if p.severity == "error"] == ["standard-units-of-whom"] * 2
    assert [p.found for p in unknown_standards({"bands": BANDS})] == ["line"]
    strange = line(own(1, unit="990109"), own(1, unit_class="丘陵"), own(1, unit_class="山区"))
    assert [p.found for p in unknown_units({"line": strange}, REGISTER)] == ["990109", "丘陵"]


@pytest.mark.parametrize(
    "changed", [{"title": "{standard('lime')}万元"}, {"target": Target("standard('bands')")}]
)
def test_titles_and_targets_name_standards_that_are_numbers(changed: Mapping[str, object]):
    assert "rule-standard" in [p.slug for p in verify(defined(line(), **changed))]
