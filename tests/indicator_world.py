"""A small county with two forms, made in Python, for the tests of indicators: wells (one row a village) and visits (many rows)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from scratch_session import scratch

from ruralpb.core.periods import Period, find
from ruralpb.core.problems import Problem
from ruralpb.model import (
    Aggregate,
    DueRule,
    Field,
    Form,
    Indicator,
    Library,
    Register,
    Settings,
    Standard,
    StandardValue,
    TargetRow,
    Unit,
    Value,
)
from ruralpb.rules import indicators
from ruralpb.rules.indicators import FiguresBasis, FiguresWanted, Formulas
from ruralpb.store import Given, Session

D = Decimal
COUNTY = "990101"
TOWNSHIPS = {"东镇": "990101101", "西镇": "990101102", "南镇": "990101103"}
OFFICE = "990101A01"
VILLAGES = {
    f"{name}{n}": f"{code}20{i}" for name, code in TOWNSHIPS.items() for i, n in enumerate("甲乙丙", 1)
}


def unit_rows() -> list[Unit]:
    rows = [
        Unit("9901", "示例市", "city", ""),
        Unit(COUNTY, "示例县", "county", "9901"),
        Unit(OFFICE, "卫生局", "office", COUNTY),
    ]
    rows += [Unit(c, n, "township", COUNTY, "镇", sort_no=i) for i, (n, c) in enumerate(TOWNSHIPS.items(), 1)]
    rows += [
        Unit(c, n, "village", c[:9], "行政村", sort_no=i) for i, (n, c) in enumerate(VILLAGES.items(), 1)
    ]
    return rows


REGISTER = Register(tuple(unit_rows()))
WELLS = Form(
    id="wells",
    title="水井台账",
    code="01表",
    row="village",
    frequency="quarter",
    time="year_to_date",
    key=("village",),
    village_row=True,
    fields=(
        Field("income", "收入", "money", measure="万元"),
        Field("cost", "支出", "money", measure="万元"),
        Field("kind", "类别", "text"),
    ),
)
VISITS = Form(
    id="visits",
    title="走访记录",
    code="02表",
    row="event",
    frequency="quarter",
    time="flow",
    key=("person",),
    fields=(Field("person", "走访人", "text"), Field("hours", "时长", "int"), Field("done", "办结", "bool")),
)


def indicator(
    id: str, form: str, numerator: str, denominator: str | Aggregate = "", **more: Any
) -> Indicator:
    where = more.pop("where", "")
    below = (
        Aggregate(denominator, form, where)
        if isinstance(denominator, str) and denominator
        else denominator or None
    )
    values = {
        "title": id,
        "domain": "x",
        "measure": "个",
        "decimals": 0,
        "better": "higher",
        "time": "point",
        **more,
    }
    return Indicator(
        id=id,
        form=form,
        numerator=Aggregate(numerator, form, where),
        denominator=below,
        where=where,
        **values,
    )


def rate(id: str, form: str, numerator: str, denominator: str | Aggregate, **more: Any) -> Indicator:
    return indicator(id, form, numerator, denominator, **{"measure": "%", "decimals": 1, **more})


def library(*wanted: Indicator, standards: Iterable[Standard] = ()) -> Library:
    return Library(
        forms={f.id: f for f in (WELLS, VISITS)},
        indicators={i.id: i for i in wanted},
        standards={s.id: s for s in standards},
        checks={},
        domains={"x": "其他"},
        hash="",
    )


def standard(id: str, *values: tuple[str, Any]) -> Standard:
    made = (
        StandardValue(
            date.fromisoformat(day), value if isinstance(value, tuple) or value is None else D(value), "文件"
        )
        for day, value in values
    )
    return Standard(id, id, "万元", tuple(made))


def settings(**more: Any) -> Settings:
    due = (DueRule(("wells", "visits"), "township"),)
    return Settings(**{"title": "示例县", "unit": COUNTY, "due": due, **more})


def period(label: str) -> Period:
    found = find(label)
    assert found is not None
    return found


Returns = Mapping[tuple[str, str, str], Iterable[Mapping[str, Any]]]
"""(township, form, period label) → its rows; `village` names whom a row is about."""


def given(returns: Returns) -> list[Given]:
    found = []
    for (reporter, form, label), rows in returns.items():
        code = TOWNSHIPS.get(reporter, OFFICE)
        made = []
        for row in rows:
            values = {k: D(v) if k in ("income", "cost") and v is not None else v for k, v in row.items()}
            village = values.pop("village", "")
            values["village_code"] = VILLAGES.get(village, village)
            values["township_code"] = code if reporter in TOWNSHIPS else ""
            made.append(values)
        found.append(Given(code, form, period(label), made))
    return found


def compute(
    lib: Library,
    returns: Returns,
    at: str = "2026Q1",
    register: Register = REGISTER,
    targets: tuple[TargetRow, ...] = (),
    config: Settings | None = None,
    **more: Any,
) -> list[Value]:
    config = config or settings()
    with scratch(lib, register, config, period(at), given(returns)) as session:
        rests_on = {name: more.pop(name) for name in ("accepted", "sealed", "suspects") if name in more}
        session.register(*indicators.SUSPECT_ROWS, rests_on.get("suspects", indicators.SuspectCells({})).rows)
        basis = FiguresBasis(Formulas(lib, register), config, session.query, targets=targets, **rests_on)
        values, problems = indicators.compute(basis, period(at), FiguresWanted(**more))
    errors = [p.line() for p in problems if p.severity == "error"]
    assert not errors, errors
    return values


def compute_over(session: Session, lib: Library, at: str) -> tuple[list[Value], list[Problem]]:
    """The values over an open session, and what is wrong."""
    return indicators.compute(FiguresBasis(Formulas(lib, REGISTER), settings(), session.query), period(at))


def one(values: list[Value], unit: str = "示例县", id: str = "", cut: str = "") -> Value:
    found = [
        v
        for v in values
        if v.unit == unit and (not id or v.indicator == id) and (v.slice[0][1] if v.slice else "") == cut
    ]
    assert len(found) == 1 or not id, [v.id for v in found]
    return found[0]
