"""One matter in words: the sentences officials corrected, as kinds, each with what is said now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from briefing_values import LIBRARY, REGISTER, report_data, township_values, value

from ruralpb.model import Comparison, Value
from ruralpb.publish.text.assessment import Assessment
from ruralpb.publish.text.matters import Telling

RULES = LIBRARY.assessments["circular"]
VILLAGE = next(u for u in REGISTER.units if u.level == "village")


def was(made: Value, before: int | str, against: str = "previous") -> Value:
    return replace(made, **{against: Comparison("2025Q4", made.value, Decimal(before), units=14)})


def short(made: Value, target: int = 100) -> Value:
    goal = Decimal(target)
    return replace(made, target=goal, status="met" if (made.value or 0) >= goal else "failed")


def told(values: Sequence[Value]) -> list[str]:
    data = report_data(values=list(values), returns=(), findings=())
    found, telling = Assessment(data, RULES), Telling(data)
    return [*map(str, map(telling.told, found.problems)), *map(str, map(telling.advanced, found.advances))]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        # a fault has no target to miss: 脱岗5人次，…，尚未实现清零目标
        (
            [was(value("resident_absent_n", 5), 4), *township_values("resident_absent_n", [3, 1, 1])],
            "查实脱岗5人次，较上季度增加1人次，涉及琼湖街道（3人次）、胭脂湖街道、四季红镇",
        ),
        # what was not there before is new: 1个，上季度、上年同期均为0，未能保持清零
        ([was(value("issue_overdue_n", 1), 0)], "新增超期未销号问题1个"),
        # what stands still is not said to stand still: N个，与上季度持平
        ([was(value("issue_overdue_n", 2), 2)], "超期未销号问题2个"),
        # two states at once: 薄弱村0个，同比减少10个，保持清零
        ([was(value("weak_village_n", 0), 10, "last_year")], "薄弱村动态清零（上年同期10个）"),
        # order of words: 低于100%的目标7.0个百分点
        (
            [short(value("street_rate", 93, 100)), *map(short, township_values("street_rate", [60, 90, 90, 90, 100]))],
            "街道硬化亮化绿化达标率为93.0%，未达到100%目标，较低的是琼湖街道（60.0%）",
        ),
        # a whole that reaches its target, and one unit that does not
        (
            [short(value("publish_rate", 1000, 1000)), *map(short, township_values("publish_rate", [90, 100, 100, 100, 100, 100]))],
            None,
        ),
        # due at the year's end, and too slow
        (
            [replace(value("audit_rate", 18, 100), target=Decimal(100))],
            "村干部任期（离任）审计完成率为18.0%，落后于时序进度（25.0%）",
        ),
        # both levels of what fell
        ([was(value("issue_close_rate", 55, 100), 80)], "问题整改销号率由上季度80.0%降至55.0%"),
        # both values where suspect rows move a figure
        (
            [replace(short(value("street_rate", 80, 100)), suspect_rows=2, value_without_suspect=Decimal(78), printed_without_suspect="78.0")],
            "街道硬化亮化绿化达标率为80.0%（剔除待核实数据后为78.0%），未达到100%目标",
        ),
        # one word for one comparison: 环比 stands in no sentence with 较上季度
        ([was(value("one_product_rate", 69, 100), 60)], "“一村一品”覆盖率为69.0%，较上季度提高9.0个百分点"),
    ],
)  # fmt: skip
def test_as_officials_would_have_it(values: list[Value], words: str | None) -> None:
    assert told(values) == ([] if words is None else [words])


def test_of_equals_nobody_is_singled_out() -> None:
    made = [value("issue_overdue_n", 14), *township_values("issue_overdue_n", [1] * 14)]
    assert told(made) == ["超期未销号问题14个，涉及14个乡镇（街道）"]
    worse = [value("issue_overdue_n", 16), *township_values("issue_overdue_n", [3] + [1] * 13)]
    assert told(worse) == ["超期未销号问题16个，涉及琼湖街道（3个）等14个乡镇（街道）"]


def test_villages_are_named_in_brackets_where_they_are_few() -> None:
    home = [value("weak_village_n", 1), *township_values("weak_village_n", [1])]
    village = value("weak_village_n", 1, None, VILLAGE, "village")
    assert told([*(replace(v, target=Decimal(0)) for v in home), village]) == [
        f"薄弱村1个，涉及琼湖街道（{VILLAGE.name}）"
    ]
