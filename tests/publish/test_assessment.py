"""A period judged: what is a problem and what an advance, what comes first, and what is said of the whole. Each case reads as figures → matters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from briefing_values import (
    LIBRARY,
    REGISTER,
    TOWNSHIPS,
    context,
    report_data,
    returns,
    township_values,
    value,
)

from ruralpb.model import Comparison, ReturnState, Value
from ruralpb.publish.text.assessment import Assessment, Matter

RULES = LIBRARY.assessments["circular"]
ON_TIME = [replace(s, status="accepted", timeliness="on_time", days_late=0) for s in returns()]


def judged(values: Sequence[Value], states: Sequence[ReturnState] = ()) -> Assessment:
    return Assessment(report_data(values=list(values), returns=list(states), findings=()), RULES)


def was(made: Value, before: int | str, against: str = "previous") -> Value:
    return replace(made, **{against: Comparison("2025Q4", made.value, Decimal(before), units=14)})


def short(made: Value, target: int = 100) -> Value:
    goal = Decimal(target)
    met = made.value is not None and made.value >= goal
    return replace(made, target=goal, status="met" if met else "failed")


def named(matters: Sequence[Matter]) -> list[tuple[str, str]]:
    return [(matter.kind, matter.id) for matter in matters]


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        # a target missed by a point or less is left to the annex, unless a unit is far from it
        ([short(value("publish_rate", 99, 100))], []),
        ([short(value("publish_rate", 97, 100))], [("target", "publish_rate")]),
        (
            [short(value("publish_rate", 995, 1000)), *map(short, township_values("publish_rate", [100, 93]))],
            [("target", "publish_rate")],
        ),
        # a count of what must not be is one, whatever the sign of its change
        ([was(value("resident_absent_n", 5), 9)], [("fault", "resident_absent_n")]),
        ([was(value("resident_absent_n", 0), 9)], []),
        # a target due at the year's end is one when the pace falls short: a quarter of the year has passed
        ([replace(value("audit_rate", 18, 100), target=Decimal(100))], [("pace", "audit_rate")]),
        ([replace(value("audit_rate", 30, 100), target=Decimal(100))], []),
        # and so is a standing count that must be nothing then
        ([replace(value("weak_village_n", 55), target=Decimal(0))], [("fault", "weak_village_n")]),
        # a rate without a target that fell far
        ([was(value("issue_close_rate", 55, 100), 80)], [("fall", "issue_close_rate")]),
        ([was(value("issue_close_rate", 78, 100), 80)], []),
        # of a handful a rate says nothing by how it moved
        ([was(value("issue_close_rate", 1, 2), 100)], []),
    ],
)  # fmt: skip
def test_what_is_a_problem(values: list[Value], problems: list[tuple[str, str]]) -> None:
    assert named(judged(values).problems) == problems


def test_who_has_not_returned_comes_first_and_severe_before_wide() -> None:
    wide = [short(value("street_rate", 60, 100)), *map(short, township_values("street_rate", [60] * 14))]
    one = [value("issue_overdue_n", 1), *township_values("issue_overdue_n", [1] + [0] * 13)]
    missing = [replace(s, status="missing", timeliness="late") if s.reporter_code.endswith("106") else s for s in ON_TIME]  # fmt: skip
    found = judged([*wide, *one], missing).problems
    assert named(found) == [("missing", "missing"), ("fault", "issue_overdue_n"), ("target", "street_rate")]
    assert found[0].codes == ("430981106",)
    assert found[2].weight.total > found[1].weight.total, "severe ones come first though they weigh less"


def test_units_stand_worst_first() -> None:
    made = [short(v) for v in township_values("street_rate", [90, 60, 100, 75])]
    (matter,) = judged([short(value("street_rate", 325, 400)), *made]).problems
    assert [v.unit for v in matter.units] == ["胭脂湖街道", "泗湖山镇", "琼湖街道"]


def test_weight_grows_with_each_of_its_factors() -> None:
    def weight(numbers: list[int], base: int = 100) -> Decimal:
        below = [short(v) for v in township_values("street_rate", list(numbers))]
        home = was(short(value("street_rate", sum(numbers), 100 * len(numbers))), base)
        return judged([home, *below]).problems[0].weight.total

    one, two, deeper = weight([70] + [100] * 13), weight([70, 70] + [100] * 12), weight([30] + [100] * 13)
    assert one < two
    assert one < deeper
    assert weight([70] + [100] * 13, base=90) > one, "it was one before"


def test_nobody_is_named_for_a_suspect_figure() -> None:
    sure, doubtful = township_values("street_rate", [60, 30])
    doubtful = replace(short(doubtful), suspect_rows=1, value_without_suspect=Decimal(90))
    home = short(value("street_rate", 60, 100))
    (matter,) = judged([home, short(sure), doubtful]).problems
    assert [v.unit for v in matter.units] == ["琼湖街道"]


def test_what_only_suspect_rows_bring_down_is_no_problem_and_what_they_lift_no_advance() -> None:
    down = replace(short(value("poor_cover_rate", 100, 100)), status="failed", suspect_rows=2,
                   value_without_suspect=Decimal(96), printed_without_suspect="96.0")  # fmt: skip
    assert named(judged([down]).problems) == []
    income = was(value("econ_operating_income", "1150.6"), "996.2", "last_year")
    assert named(judged([income]).advances) == [("rise", "econ_operating_income")]
    lifted = replace(
        income, suspect_rows=1, value_without_suspect=Decimal("1102.2"), printed_without_suspect="1102.20"
    )
    assert named(judged([lifted]).advances) == []


@pytest.mark.parametrize(
    ("made", "advance"),
    [
        (was(value("one_product_rate", 69, 100), 64), True),
        (was(value("one_product_rate", 69, 100), "68.5"), False),
        # no rate of change from a base near zero: the counting has only begun
        (was(value("committee_train_cover", 98, 100), 0, "last_year"), False),
        (was(value("committee_train_cover", 98, 100), 10, "last_year"), False),
        # another coverage
        (replace(value("one_product_rate", 69, 100), previous=Comparison("2025Q4", Decimal(69), Decimal(64), all_units=False)), False),
        # a figure that misses its target is not praised for rising
        (was(short(value("org_life_rate", 80, 100)), 60), False),
        # cleared
        (was(value("weak_village_n", 0), 10), True),
        (was(value("weak_village_n", 0), 0), False),
    ],
)  # fmt: skip
def test_what_is_an_advance(made: Value, advance: bool) -> None:
    assert bool(judged([made]).advances) == advance


@pytest.mark.parametrize(
    ("met", "of", "severe", "title"),
    [
        (10, 10, 0, "工作总体较好"),
        (10, 10, 1, "工作总体平稳，但仍有突出问题"),
        (7, 10, 0, "工作总体平稳，但仍有突出问题"),
        (4, 10, 0, "工作进展不平衡、短板较多"),
        (1, 10, 3, "工作总体滞后"),
        (0, 0, 0, None),
    ],
)
def test_the_verdict_is_the_first_that_holds(met: int, of: int, severe: int, title: str | None) -> None:
    rates = [i.id for i in LIBRARY.indicators.values() if i.is_rate and i.better == "higher" and i.target][
        :of
    ]
    made = [short(value(id, 100 if n < met else 50, 100)) for n, id in enumerate(rates)]
    faults = ("resident_absent_n", "issue_overdue_n", "debt_new_village_n")
    made += [value(id, 1) for id in faults[:severe]]
    verdict = judged(made).verdict
    assert (verdict.title if verdict else None) == title


def test_a_domain_is_good_when_all_is_reached_and_behind_by_the_weight_of_its_problems() -> None:
    good = [short(value("committee_train_cover", 100, 100)), short(value("resident_train_cover", 100, 100))]
    behind = [
        short(value("resident_days_rate", 60, 100)),
        *map(short, township_values("resident_days_rate", [60] * 14)),
    ]
    found = judged([*good, *behind])
    assert found.standing("training") == "good"
    assert found.standing("resident_support") == "behind"
    assert found.standing("talent") == "fair"


def test_every_concern_of_the_rules_is_an_indicator() -> None:
    assert set(RULES.concerns) <= set(LIBRARY.indicators)
    assert RULES.score in LIBRARY.scores


def test_the_rules_are_a_projects_own_to_change() -> None:
    strict = replace(RULES, near=Decimal(0))
    data = report_data(values=[short(value("publish_rate", 99, 100))], returns=(), findings=())
    assert named(Assessment(data, strict).problems) == [("target", "publish_rate")]
    assert len(TOWNSHIPS) == sum(u.level == "township" for u in REGISTER.units)
    assert context().assessment.rules is RULES
