"""Values that contradict each other: each kind is planted into figures that agree, and is found; the ones that agree give nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from indicator_world import COUNTY, REGISTER, TOWNSHIPS, VILLAGES, D, compute, library, period, standard

from ruralpb.model import Aggregate, Band, Check, Field, Form, Indicator, Library, Register, Value
from ruralpb.model.standards import StandardValue, UnitStandard
from ruralpb.rules.consistency.values import Contradiction, Figures, contradictions

EAST, WEST = TOWNSHIPS["东镇"], TOWNSHIPS["西镇"]


def made(id: str, expr: str, below: str = "", where: str = "", **more: Any) -> Indicator:
    form = more.pop("form", "wells")
    stated = {
        "title": id,
        "domain": "x",
        "measure": "%" if below else "个",
        "decimals": 1 if below else 0,
        **more,
    }
    denominator = Aggregate(below, form, where) if below else None
    return Indicator(
        id=id,
        form=form,
        numerator=Aggregate(expr, form, where),
        denominator=denominator,
        where=where,
        **stated,
    )


WELLS = Form(
    id="wells", title="水井台账", code="01表", row="village", frequency="quarter", time="year_to_date", key=("village",),
    village_row=True,
    fields=(
        Field("income", "收入", "money", measure="万元", min=D(0), time="year_to_date"),
        Field("cost", "支出", "money", measure="万元", min=D(0), time="year_to_date"),
        Field("profit", "盈亏", "money", measure="万元", time="year_to_date"),
        Field("kind", "类别", "text"),
        Field("state", "状态", "text"),
    ),
    checks=(
        Check("R1", "wells", severity="error", expr="cost <= income", message=""),
        Check("R2", "wells", severity="query", expr="profit <= income", message=""),
    ),
)  # fmt: skip
BANDS = standard(
    "bands",
    ("2018-01-01", (Band("5万元以下", None, D(5)), Band("5—10万元", D(5), D(10)), Band("10万元以上", D(10)))),
)
LINE = standard("line", ("2018-01-01", 5))
INDICATORS = (
    made("all", "count(*)", by=("kind",)),
    made("wells", "count(*)", where="kind = '井'"),
    made("springs", "count(*)", where="kind = '泉'"),
    made("rich_wells", "count(*)", where="kind = '井' and income >= 6"),
    made("wells_rate", "count(*) filter (where kind = '井')", "count(*)"),
    made("income", "sum(income)", measure="万元", decimals=2, time="year_to_date"),
    made("cost", "sum(cost)", measure="万元", decimals=2, time="year_to_date"),
    made("profit", "sum(profit)", measure="万元", decimals=2, time="year_to_date"),
    made("rich", "count(*)", where="income >= 6", time="year_to_date"),
    made("least_cost", "min(cost)", measure="万元"),
    made("most_income", "max(income)", measure="万元"),
    made("done_rate", "sum(cost)", "sum(income)"),
    made("target_rate", "sum(income)", "sum(cost)", over_100=True),
    made("weak", "count(*)", where="income < standard('line')"),
    made("banded", "count(income)", by=("band('bands', income)",), where=""),
    made("banded_all", "count(*)", by=("band('bands', income)",), title="按收入分档的村"),
    made("visits", "count(*)", form="visits"),
    made("visitors", "count(distinct person)", form="visits", part_of="visits"),
    made("weak_state", "count(*)", where="state = '软弱'", register_state={"key_class": "软弱村"}),
)  # fmt: skip


def world(*wanted: Indicator) -> Library:
    lib = library(*(wanted or INDICATORS), standards=(BANDS, LINE))
    return replace(lib, forms={**lib.forms, "wells": WELLS})


def register(**states: str) -> Register:
    """The register with the key class of some villages."""
    classes = {VILLAGES[name]: state for name, state in states.items()}
    return Register(tuple(replace(u, key_class=classes.get(u.code, "")) for u in REGISTER.units))


ROWS = [
    {"village": f"{t}{v}", "income": 3 * n, "cost": n, "profit": 1, "kind": "井" if n < 3 else "泉", "state": "软弱" if t + v == "东镇甲" else ""}
    for t in ("东镇", "西镇")
    for n, v in enumerate("甲乙丙", 1)
]  # fmt: skip


def returns() -> dict[tuple[str, str, str], list[dict[str, Any]]]:
    found: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for quarter, part in (("2026Q1", 2), ("2026Q2", 1)):
        for town in ("东镇", "西镇"):
            rows = [
                {**r, "income": D(r["income"]) / part, "profit": D(1)}
                for r in ROWS
                if r["village"].startswith(town)
            ]
            found[town, "wells", quarter] = rows
            found[town, "visits", quarter] = [
                {"village": f"{town}甲", "person": p, "hours": 2, "done": True} for p in "张李王"
            ]
    return found


def agreeing(lib: Library | None = None) -> list[Value]:
    config = {"levels": ("county", "township", "village")}
    return compute(lib or world(), returns(), "2026Q2", **config)


@pytest.fixture(scope="module")
def values() -> list[Value]:
    return agreeing()


def found(values: list[Value], of: Register | None = None, lib: Library | None = None) -> list[Contradiction]:
    return contradictions(Figures(lib or world(), of or register(东镇甲="软弱村"), period("2026Q2"), values))


def test_figures_that_agree_give_nothing(values: list[Value]):
    assert found(values) == []


PLANTS: list[tuple[str, str, str, str, Any]] = [
    # check, indicator, class, unit, what is planted
    ("K01", "wells", "", EAST, 4),  # a part above its whole: 4 of 3
    ("K01", "springs", "", WEST, 9),
    ("K01", "rich_wells", "", EAST, 3),  # 3 of 2 wells, 3 of 2 rich
    ("K01", "all", "", EAST, 1),  # the whole falls below its parts
    ("K01", "visitors", "", EAST, 4),  # declared: part_of
    ("K01", "cost", "", EAST, 19),  # a check says that it is at most the income
    ("K01", "income", "", WEST, D("5.99")),
    ("K01", "least_cost", "", EAST, 10),  # a lower bound above the upper one
    ("K01", "springs", "", EAST, 2),  # 2 and 2 of 3, each of them possible
    ("K01", "all", "", COUNTY, 2),  # a township above its county
    ("K02", "wells_rate", "", EAST, D("100.0363")),
    ("K02", "wells_rate", "", WEST, -1),
    ("K02", "done_rate", "", EAST, D("101.2")),
    ("K02", "done_rate", "", COUNTY, 105),
    ("K03", "wells", "", EAST, 1),  # the rate says 2
    ("K03", "wells", "", WEST, 0),
    ("K03", "all", "", WEST, 4),
    ("K04", "income.quarter", "", EAST, -1),  # a cumulative figure that is lower than a quarter ago
    ("K04", "rich.quarter", "", WEST, -2),
    ("K04", "cost.quarter", "", COUNTY, D("-0.01")),
    ("K05", "all", "井", EAST, 1),  # classes that do not make up their whole
    ("K05", "all", "泉", WEST, 3),
    ("K05", "banded_all", "5万元以下", EAST, 3),  # 3 below the line, and 1 weak
    ("K05", "weak", "", EAST, 0),  # no weak village beside bands below the line
    ("K05", "weak", "", WEST, 3),
    ("K05", "banded_all", "10万元以上", WEST, 1),
    ("K05", "wells", "", COUNTY, 3),  # the townships have four
    ("K06", "weak_state", "", VILLAGES["东镇甲"], 0),  # cleared, and the register says that it is not
    ("K06", "weak_state", "", VILLAGES["西镇乙"], 1),  # measured, and the register does not say so
]


@pytest.mark.parametrize(("check", "indicator", "label", "unit", "planted"), PLANTS)
def test_what_is_planted_is_found(
    values: list[Value], check: str, indicator: str, label: str, unit: str, planted: Any
):
    def is_meant(value: Value) -> bool:
        return (value.indicator, value.unit_code) == (indicator, unit) and [c for _, c in value.slice] == (
            [label] if label else []
        )

    assert sum(map(is_meant, values)) == 1
    changed = [
        replace(
            v, value=D(planted), printed=str(planted), numerator=v.numerator if v.denominator else D(planted)
        )
        if is_meant(v)
        else v
        for v in values
    ]
    told = found(changed)
    assert check in {c.check for c in told}
    for one in told:
        assert unit in REGISTER.path(
            one.value.unit_code, period("2026Q2").end
        ) or one.value.unit_code in REGISTER.path(unit, period("2026Q2").end)
        assert set(one.words) == {
            "unit",
            "title",
            "value",
            "other",
            "limit",
        }


@pytest.mark.parametrize(
    ("indicator", "unit", "planted"),
    [
        ("target_rate", EAST, 300),  # may exceed 100
        ("profit.quarter", EAST, -5),  # a loss: it may fall
        ("wells_rate", EAST, None),  # no value says nothing
        ("done_rate", WEST, 100),
        ("done_rate", WEST, 0),
    ],
)  # fmt: skip
def test_what_definitions_allow_is_no_contradiction(
    values: list[Value], indicator: str, unit: str, planted: Any
):
    number = None if planted is None else D(planted)
    changed = [
        replace(v, value=number) if (v.indicator, v.unit_code) == (indicator, unit) and not v.slice else v
        for v in values
    ]
    assert found(changed) == []


def test_a_contradiction_is_told_of_the_lowest_units_that_have_it(values: list[Value]):
    changed = [
        replace(v, value=D(120)) if v.indicator == "done_rate" and v.unit_code in (EAST, COUNTY) else v
        for v in values
    ]
    assert [(c.check, c.value.unit) for c in found(changed)] == [("K02", "东镇")]


def test_figures_of_other_coverage_are_not_compared(values: list[Value]):
    changed = [
        replace(v, value=D(0), missing=("990101102",)) if (v.indicator, v.unit_code) == ("all", COUNTY) else v
        for v in values
    ]
    assert not any(c.check in ("K01", "K03") and c.value.unit_code == COUNTY for c in found(changed))


def test_bands_are_judged_by_the_line_of_the_unit_and_not_where_lines_differ_below(values: list[Value]):
    own = UnitStandard((StandardValue(period("2018Q1").start, D(10), "文件"),), unit=EAST)
    lib = world()
    lib = replace(lib, standards={**lib.standards, "line": replace(LINE, units=(own,))})
    # By a line of 10 all three villages of 东镇 are weak; the figures above say one.
    told = found([v for v in values if v.level != "village"], lib=lib)
    assert {(c.check, c.value.indicator, c.value.unit_code) for c in told} == {("K05", "weak", EAST)}


def test_a_definition_out_of_use_contradicts_nothing(values: list[Value]):
    lib = world(*(replace(i, enabled=False) if i.id == "wells" else i for i in INDICATORS))
    changed = [replace(v, value=D(99)) if v.indicator == "wells" else v for v in values]
    assert not any(c.value.indicator == "wells" for c in found(changed, lib=lib) if c.check in ("K01", "K03"))
