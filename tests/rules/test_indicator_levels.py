"""A city with two counties: every level in one run, counties ranked among themselves, townships within their county."""

from __future__ import annotations

import pytest
from indicator_world import D, indicator, library, settings
from indicator_world import period as period_of
from scratch_session import scratch

from ruralpb.model import DueRule, Register, Unit, Value
from ruralpb.rules import indicators
from ruralpb.store import Given

COUNTIES = {"990101": "东县", "990102": "西县"}
TOWNSHIPS = {f"{county}{n}": f"{name}{n}镇" for county, name in COUNTIES.items() for n in (101, 102, 103)}
INCOME = {"990101": (30, 20, 10), "990102": (5, 40, 40)}
"""What the one village of each township earns."""

REGISTER = Register(
    (
        Unit("99", "示例省", "province", ""),
        Unit("9901", "示例市", "city", "99"),
        *(Unit(code, name, "county", "9901", sort_no=i) for i, (code, name) in enumerate(COUNTIES.items())),
        *(Unit(code, name, "township", code[:6], "镇") for code, name in TOWNSHIPS.items()),
        *(
            Unit(f"{code}201", f"{name[:-1]}村", "village", code, "行政村")
            for code, name in TOWNSHIPS.items()
        ),
    )
)


def values(unit: str, *levels: str, **more: object) -> list[Value]:
    lib = library(indicator("income", "wells", "sum(income)", measure="万元"))
    config = settings(unit=unit, due=(DueRule(("wells",), "township"),), **more)
    now = period_of("2026Q1")
    returned = [
        Given(
            code,
            "wells",
            now,
            [{"village_code": f"{code}201", "township_code": code, "income": D(INCOME[code[:6]][n % 3])}],
        )
        for n, code in enumerate(TOWNSHIPS)
    ]
    with scratch(lib, REGISTER, config, now, returned) as session:
        basis = indicators.FiguresBasis(indicators.Formulas(lib, REGISTER), config, session.query)
        found, problems = indicators.compute(basis, now, indicators.FiguresWanted(levels=levels))
    assert not problems
    return found


def test_every_level_from_village_to_province_in_one_run():
    found = values("99", "province", "city", "county", "township", "village")
    totals = {
        level: sum(v.value or 0 for v in found if v.level == level)
        for level in ("province", "city", "county", "township", "village")
    }
    assert totals == dict.fromkeys(totals, D(145))
    assert [v.value for v in found if v.level == "county"] == [D(60), D(85)]
    assert len([v for v in found if v.level == "village"]) == 6


def test_townships_rank_within_their_county_and_counties_among_themselves():
    ranks = {v.unit: (v.rank, v.ranked) for v in values("9901", "city", "county", "township")}
    assert ranks["示例市"] == (None, 0)
    assert (ranks["西县"], ranks["东县"]) == ((1, 2), (2, 2))
    assert [ranks[f"东县{n}镇"] for n in (101, 102, 103)] == [(1, 3), (2, 3), (3, 3)]
    assert [ranks[f"西县{n}镇"] for n in (101, 102, 103)] == [(3, 3), (1, 3), (1, 3)]


@pytest.mark.parametrize("unit", COUNTIES)
def test_the_only_county_of_a_project_is_not_ranked(unit: str):
    found = values(unit, "county", "township")
    assert [v.rank for v in found if v.level == "county"] == [None]
    assert len(found) == 4
