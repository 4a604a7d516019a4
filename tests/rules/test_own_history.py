"""P11 and P12: a unit's number against its own earlier quarters, at least three, the judged one not among them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from scratch_session import scratch

from ruralpb.core import periods
from ruralpb.model import Check, Field, Form, Library, Register, Settings, Unit
from ruralpb.rules.checks import Verdict, evaluate, plans
from ruralpb.store import Given

EAST = "990101101"
VILLAGE = Unit(f"{EAST}201", "甲村", "village", EAST, kind="行政村")
REGISTER = Register(
    (
        Unit("99", "示例省", "province", ""),
        Unit("9901", "示例市", "city", "99"),
        Unit("990101", "示例县", "county", "9901"),
        Unit(EAST, "东镇", "township", "990101", kind="镇"),
        VILLAGE,
    )
)
FORM = Form(
    "farm", "农情表", "01", "village", "quarter", "point", ("village",),
    (
        Field("township", "乡镇", "township"),
        Field("village", "村名", "village"),
        Field("area", "耕地面积", "money", measure="亩"),
        Field("income", "收入", "money", measure="万元", time="year_to_date"),
    ),
    village_row=True, village_kinds=("行政村",),
)  # fmt: skip
CHECKS = {
    "P11": Check("P11", "all", severity="note", message="{name}：“{header}”{single}{value}，往期{quarters}个季度{low}—{high}，中位数{median}", stage="own_history"),
    "P12": Check("P12", "all", severity="query", message="{name}：“{header}”{value}，推算{awaited}，{slip}", stage="own_history"),
}  # fmt: skip
LIBRARY = Library({FORM.id: FORM}, {}, {}, CHECKS, {}, "")
SETTINGS = Settings("示例", "990101")
LAST = periods.parse("2026Q1", date(2026, 4, 1))


def verdicts(field: str, numbers: Sequence[Any], last: periods.Period = LAST) -> list[Verdict]:
    """What is said of the last of some consecutive quarters' numbers; None: not returned."""
    series, period = [], last
    for _ in numbers:
        series.append(period)
        period = period.previous()
    given = [
        Given(EAST, FORM.id, quarter, ({"village": "甲村", "village_code": VILLAGE.code, "township_code": EAST, field: number},))
        for quarter, number in zip(reversed(series), numbers, strict=True)
        if number is not None
    ]  # fmt: skip
    found, problems = plans(LIBRARY, REGISTER, SETTINGS, last, ())
    assert not problems
    with scratch(LIBRARY, REGISTER, SETTINGS, last, given) as session:
        return [v for plan in found if plan.check.id in CHECKS for v in evaluate(plan, session.query)]


def said(field: str, *numbers: Any, last: periods.Period = LAST) -> list[str]:
    return [f"{v.check} {v.message}" for v in verdicts(field, numbers, last)]


def test_far_from_its_own_past() -> None:
    assert said("area", 100, 104, 98, 250) == ["P11 甲村：“耕地面积”250，往期3个季度98—104，中位数100"]


@pytest.mark.parametrize(("numbers", "why"), [
    ((100, 104, 250), "two quarters are no history"),
    ((100, None, 104, 250), "a quarter that was not returned does not count"),
    ((100, 100, 100, 159), "a stable series is no trap: a tenth of the median is a spread at least"),
    ((2, 2, 2, 8), "small counts may move"),
    ((100, 180, 60, 200), "it always went up and down"),
])  # fmt: skip
def test_not_conspicuous(numbers: tuple[Any, ...], why: str) -> None:
    assert said("area", *numbers) == [], why


def test_the_judged_quarter_is_not_part_of_its_own_reference() -> None:
    """With four values a z-score that includes the tested one never passes 1.5, however wrong it is."""
    assert said("area", 100, 101, 99, 10**9)


@pytest.mark.parametrize(
    ("numbers", "slip"),
    [
        ((100, 102, 101, 1015), "约为其10倍，疑小数点错位或多填一位"),
        ((100, 102, 101, Decimal("10.1")), "约为其10分之一，疑小数点错位或少填一位"),
        ((100, 102, 101, 1_200_000), "约为其1万倍，疑误用“元”填报"),
        ((120_000, 118_000, 121_000, 12), "约为其1万分之一，疑误用“亿元”填报或漏填"),
    ],
)
def test_a_slip_of_units_is_named_and_asked_about(numbers: tuple[Any, ...], slip: str) -> None:
    (found,) = verdicts("area", numbers)
    assert (found.check, found.severity, found.field) == ("P12", "query", "area")
    assert found.message.endswith(slip)


def test_a_cumulative_number_is_judged_by_what_the_quarter_added() -> None:
    """10, 20, 30, 40 of last year: ten a quarter; 12 in the first quarter is as ever, 80 is not."""
    assert said("income", 10, 20, 30, 40, 12) == []
    assert said("income", 10, 20, 30, 40, 80) == ["P11 甲村：“收入”单季80，往期4个季度10—10，中位数10"]


def test_a_slip_in_a_cumulative_number_is_seen_in_the_number_itself() -> None:
    """31 was to be expected in the third quarter of the year; 310 stands there."""
    third = periods.parse("2026Q3", date(2026, 10, 1))
    (found,) = said("income", 10, 20, 30, 40, 11, 21, 310, last=third)
    assert found == "P12 甲村：“收入”310，推算31，约为其10倍，疑小数点错位或多填一位"


def test_what_a_cumulative_number_added_is_unknown_when_the_quarter_before_is_missing() -> None:
    third = periods.parse("2026Q3", date(2026, 10, 1))
    assert said("income", 10, 20, 30, 40, 11, None, 310, last=third) == []
