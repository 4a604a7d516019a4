"""存在问题 and 下步要求: problems name the township and the number, and pick what is asked for."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from briefing_values import COUNTY, LIBRARY, REGISTER, findings, report_data, returns, township_values, value

from ruralpb.model import Comparison, Value
from ruralpb.publish.text import annexes, issues


def test_a_failed_target_names_township_and_number_worst_first() -> None:
    goal = Decimal(100)
    made = [
        replace(v, target=goal, status="met" if v.value == 100 else "failed")
        for v in township_values("committee_review_rate", [100, 95, 100, 90])
    ]
    home = value("committee_review_rate", 385, 400, target=goal, status="failed")
    found = issues.issues(report_data(values=[home, *made], returns=(), findings=()))
    assert [str(i.text) for i in found] == [
        "班子队伍方面，“两委”成员县级联审合格率未达到100%目标的有2个乡镇（街道）：泗湖山镇（90.0%）、胭脂湖街道（95.0%）。"
    ]
    assert found[0].asks == {"committee_review_rate": (f"{COUNTY}104", f"{COUNTY}102")}


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        # of many the worst three are named; the annex has all
        (
            [90, 91, 92, 93, 94, 95],
            "6个乡镇（街道），较低的是琼湖街道（90.0%）、胭脂湖街道（91.0%）、四季红镇（92.0%）。",
        ),
        # of equals none is singled out: the third equals the fourth
        (
            [90, 91, 92, 92, 94, 95],
            "6个乡镇（街道），较低的是琼湖街道（90.0%）、胭脂湖街道（91.0%）、四季红镇（92.0%）、泗湖山镇（92.0%）。",
        ),
        ([90, 92, 92, 92, 92, 92], "6个乡镇（街道），较低的是琼湖街道（90.0%）。"),
        ([0] * 7, "7个乡镇（街道），均为0%。"),
        ([0] * 6 + [9], "7个乡镇（街道），其中6个为0%。"),
    ],
)
def test_of_many_that_failed_the_worst_are_named(numbers: list[int], words: str) -> None:
    goal = {"target": Decimal(100), "status": "failed"}
    made = [replace(v, **goal) for v in township_values("committee_review_rate", numbers)]
    home = value("committee_review_rate", sum(numbers), 100 * len(numbers), **goal)
    (found,) = issues.issues(report_data(values=[home, *made], returns=(), findings=()))
    assert str(found.said) == f"“两委”成员县级联审合格率未达到100%目标的有{words}"


def test_who_prints_as_the_target_is_not_blamed() -> None:
    """慢于时序进度的有阳罗洲镇（75.0%）, of a schedule of 75.0%, is disputed at once; 99.96% prints 99.9% and is short."""
    goal = {"target": Decimal(75), "status": "behind"}
    near, far = township_values("income_target_rate", [75, 74])
    made = [replace(near, value=Decimal("74.98"), **goal), replace(far, **goal)]
    home = value("income_target_rate", 149, 200, **goal)
    (found,) = issues.issues(report_data(values=[home, *made], returns=(), findings=()))
    assert str(found.said) == "经营性收入年度目标完成率慢于时序进度的有胭脂湖街道（74.0%）。"
    (short,) = township_values("publish_rate", [100])
    made = [replace(short, value=Decimal("99.96"), target=Decimal(100), status="failed")]
    home = value("publish_rate", 99, 100, target=Decimal(100), status="failed")
    (found,) = issues.issues(report_data(values=[home, *made], returns=(), findings=()))
    assert str(found.said) == "村务财务按季度公开率未达到100%目标的有琼湖街道（99.9%）。"


def test_a_whole_that_is_covered_in_full_blames_nobody() -> None:
    """A village whose poor households are in a neighbour's project shows 0%, while all households are covered."""
    made = [
        replace(v, target=Decimal(100), status="met" if v.value == 100 else "failed")
        for v in township_values("service_station_rate", [100, 0])
    ]
    home = value("service_station_rate", 195, 195, target=Decimal(100), status="met")
    assert issues.issues(report_data(values=[home, *made], returns=(), findings=())) == []


def test_what_got_worse_is_told_faults_first_then_by_how_far() -> None:
    def fell(id: str, now: int, base: int) -> Value:
        made = value(id, now, 100 if LIBRARY.indicators[id].is_rate else None)
        return replace(made, previous=Comparison("2025Q4", Decimal(now), Decimal(base), units=14))

    made = [
        fell("org_life_rate", 95, 96),
        fell("issue_close_rate", 55, 80),
        fell("issue_overdue_n", 1, 0),
        fell("talent_n", 90, 95),
    ]
    (found,) = issues.issues(report_data(values=made, returns=(), findings=()))
    assert str(found.text) == (
        "部分指标不及上季度：超期未销号问题由0增加到1个，问题整改销号率下降25.0个百分点，"
        "组织生活达标率下降1.0个百分点，乡土人才入库减少5人。"
    )


def test_more_than_six_that_got_worse_are_counted() -> None:
    rates = [i.id for i in LIBRARY.indicators.values() if i.is_rate and i.better == "higher"][:7]
    made = [
        value(id, 90, 100, previous=Comparison("2025Q4", Decimal(90), Decimal(91 + n), units=14))
        for n, id in enumerate(rates)
    ]
    (found,) = issues.issues(report_data(values=made, returns=(), findings=()))
    assert str(found.text).startswith("部分指标不及上季度，共7项，主要是：")
    assert str(found.text).count("下降") == 6


def test_without_problems_nobody_is_told_to_own_up_to_them() -> None:
    bank = {"always": "逐项认领问题。", "none": "巩固成效。"}
    assert [str(p) for p in issues.requirements(report_data(), [], bank)] == ["巩固成效。"]
    assert [str(p) for p in issues.requirements(report_data(), [], {"always": "逐项认领问题。"})] == [
        "逐项认领问题。"
    ]


def test_all_townships_are_not_listed_one_by_one() -> None:
    goal = {"target": Decimal(100), "status": "failed"}
    every = [u.name for u in REGISTER.units if u.level == "township"]
    made = [replace(v, **goal) for v in township_values("committee_review_rate", [90] * len(every))]
    m = report_data(values=[value("committee_review_rate", 90, 100, **goal), *made], returns=(), findings=())
    assert [str(p) for p in issues.requirements(m, issues.issues(m), {"cadres": "{units}要补短板。"})] == [
        "各乡镇（街道）要补短板。"
    ]


def test_bars_of_one_length_are_not_drawn() -> None:
    home = value("one_shoulder_rate", 500, 500)
    same, other = (
        [home, *township_values("one_shoulder_rate", n)] for n in ([100] * 5, [100, 99, 98, 97, 96])
    )
    assert annexes.ranking_chart(report_data(values=same), "one_shoulder_rate") is None
    assert annexes.ranking_chart(report_data(values=other), "one_shoulder_rate") is not None


def test_a_fault_names_its_villages() -> None:
    township = next(u for u in REGISTER.units if u.name == "草尾镇")
    below = [u for u in REGISTER.units if u.parent_code == township.code][:2]
    goal = {"target": Decimal(0), "status": "failed"}
    made = [
        value("blank_village_n", 2, **goal),
        value("blank_village_n", 2, None, township, "township", **goal),
        *(value("blank_village_n", 1, None, u, "village", **goal) for u in below),
    ]
    (found,) = issues.issues(report_data(values=made, returns=(), findings=()))
    assert (
        str(found.text) == "集体经济方面，集体经济空白村尚未清零的有草尾镇2个（草尾上码头村、草尾乐园村）。"
    )


def test_standing_findings_are_told_by_form_fault_and_township() -> None:
    (found,) = issues.issues(report_data(values=(), returns=()))
    assert str(found.text) == (
        "数据审核尚有5条问题未改正或说明：《村级集体经济“一村一本账”》5条，为经营性收入同比变动过大、"
        "经营性收入与四项之和不一致（草尾镇3条，涉及草尾上码头村、草尾乐园村、草尾新民村；南嘴镇1条，涉及南嘴和平村；共华镇1条，涉及共华上码头村）。"
    )


def test_data_quality_is_told_in_sentences_an_official_would_write() -> None:
    """The three forms with most findings one by one, each in a sentence; the others together, still with township and number."""
    made = findings()
    forms = ("village_economy", "committee", "talent", "issue", "support")
    many = [
        replace(f, form=form, id=f"{f.id}-{form}-{n}")
        for place, form in enumerate(forms)
        for n in range(5 - place)
        for f in made
    ]
    (found,) = issues.issues(report_data(values=(), returns=(), findings=many))
    words = str(found.text)
    assert words.startswith("数据审核尚有75条问题未改正或说明。")
    assert "其余2张报表共15条，涉及草尾镇（9条）、南嘴镇（3条）、共华镇（3条）。" in words
    assert max(map(len, words.split("。"))) <= 200


def test_explained_findings_and_notes_are_no_problem() -> None:
    explained = [replace(f, status="explained") for f in findings()]
    noted = [replace(f, severity="note") for f in findings()]
    assert issues.issues(report_data(values=(), returns=(), findings=explained + noted)) == []


def test_late_and_missing_returns_are_counted_with_their_days() -> None:
    (found,) = issues.issues(report_data(values=(), findings=()))
    assert str(found.text) == "报送纪律执行不严：新湾镇缺报1份；共华镇迟报14份、最多迟2天。"


def test_a_return_that_is_not_due_yet_is_not_missing() -> None:
    early = [replace(r, status="missing", timeliness="not_due") for r in returns()]
    assert issues.issues(report_data(values=(), findings=(), returns=early)) == []


def test_requirements_follow_the_problems_in_the_banks_order_and_name_the_units() -> None:
    bank = {
        "always": "各{children}抓好落实。",
        "blank_village_n": "不该出现。",
        "returns": "{units}要按时报送{period}报表。",
        "cadres": "{units}要建强班子。",
    }
    goal = {"target": Decimal(100), "status": "failed"}
    made = [value("committee_review_rate", 9, 10, **goal)]
    made += [replace(v, **goal) for v in township_values("committee_review_rate", [90])]
    m = report_data(values=made, findings=())
    assert [str(p) for p in issues.requirements(m, issues.issues(m), bank)] == [
        "各乡镇（街道）抓好落实。",
        "新湾镇、共华镇要按时报送2026年第一季度报表。",
        "琼湖街道要建强班子。",
    ]


def test_a_report_to_those_above_urges_those_below() -> None:
    """A report says what we shall do: 督促甲镇对照…, not 甲镇要对照…."""
    bank = {"cadres": "建强班子。{units}要补短板。", "always": "各{children}{secretaries}要抓好落实。"}
    goal = {"target": Decimal(100), "status": "failed"}
    made = [value("committee_review_rate", 9, 10, **goal)]
    made += [replace(v, **goal) for v in township_values("committee_review_rate", [90])]
    m = report_data(values=made, findings=(), returns=())
    assert [str(p) for p in issues.requirements(m, issues.issues(m), bank, "督促")] == [
        "建强班子。督促琼湖街道补短板。",
        "督促各乡镇（街道）党（工）委书记抓好落实。",
    ]
