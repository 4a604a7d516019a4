"""分项情况 of a circular: what is alike is said together, and who leads or lags only where it matters. Each case reads as sentences."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from briefing_values import REGISTER, context, returns, value

from ruralpb.model import Comparison, Value
from ruralpb.publish.text.annexes import shortfalls_table, situation_table
from ruralpb.publish.text.brief import Brief
from ruralpb.publish.text.sections import overview, sections

TOWNSHIPS = [u for u in REGISTER.units if u.level == "township"]


def moved(made: Value, before: str | None = None, last_year: str | None = None) -> Value:
    """The value with what it was a quarter and a year ago."""

    def base(number: str | None) -> Comparison | None:
        return None if number is None else Comparison("", made.value, Decimal(number), units=14)

    return replace(made, previous=base(before), last_year=base(last_year))


def townships(indicator: str, numbers: list[int], **more: object) -> list[Value]:
    """The townships' values, with ranks; those below 100 miss a target of 100."""
    found = []
    for unit, number in zip(TOWNSHIPS, numbers, strict=False):
        rank = 1 + sum(other > number for other in numbers)
        one = value(indicator, number, 100, unit, "township", rank=rank, ranked=len(numbers))
        goal = {"target": Decimal(100), "status": "met" if number >= 100 else "failed"}
        found.append(replace(one, **(goal | more)))
    return found


def told(*values: Value, leading: tuple[str, ...] = (), parted: tuple[str, ...] = ()) -> list[str]:
    """The paragraphs of the sections, one after the other."""
    made = Brief(context(values=values).data, leading, parted).sections()
    return [str(p) for section in made for p in section.paragraphs]


def test_totals_share_sentences_and_those_that_stand_still_one_breath() -> None:
    assert told(
        moved(value("org_total", 1446), "1441"),
        moved(value("org_alliance_n", 5), "5"),
        moved(value("member_total", 32768), "32314"),
        moved(value("post_set_n", 3568), "3568"),
    ) == [
        "基层党组织总数1446个，较上季度增加5个；党员总数32768名，较上季度增加454名；党建联盟5个、党员先锋岗位3568个，均与上季度持平。"
    ]


def test_what_stands_still_against_quarter_and_year_is_said_together_too() -> None:
    assert told(moved(value("team_n", 144), "144", "144"), moved(value("resident_n", 247), "247", "247")) == [
        "驻村工作队144支、驻村干部247人，与上季度、上年同期均持平。"
    ]


def test_a_total_of_nothing_that_was_nothing_is_left_to_the_annex() -> None:
    assert told(moved(value("trained_member_pt", 0), None, "0"), value("class_n", 2)) == [
        "培训班次（场次）2期。"
    ]
    assert told(moved(value("trained_member_pt", 0), None, "8")) == ["农村党员受训0人次，同比减少8人次。"]


def test_only_the_classes_the_template_asks_for_are_told() -> None:
    cuts = [value("team_n", n, slice=(("team_level", name),)) for name, n in (("县派", 120), ("省派", 24))]
    made = [value("team_n", 144), *cuts, value("resident_n", 247)]
    assert told(*made) == ["驻村工作队144支；驻村干部247人。"]
    assert told(*made, parted=("team_n",)) == [
        "驻村工作队144支。其中县派120支、占83.3%，省派24支、占16.7%。驻村干部247人。"
    ]


def test_what_was_kept_full_and_kept_at_zero_is_said_in_one_breath() -> None:
    goal = {"target": Decimal(100), "status": "met"}
    assert told(
        moved(value("key_village_team_rate", 51, 51, **goal), "100", "100"),
        moved(value("leader_cover_rate", 195, 195), "100"),
        moved(value("resident_report_rate", 535, 535, **goal), "100"),
    ) == ["重点村派驻覆盖率、驻村工作报告提交率、县乡领导联村覆盖率均为100%。"]
    assert told(
        moved(value("blank_village_n", 0), "0", "0"), moved(value("debt_new_village_n", 0), None, "0")
    ) == ["集体经济空白村、本年新增负债村均保持清零。"]


@pytest.mark.parametrize("more", [{"covered": 13}, {"unknown_rows": 1}])
def test_nothing_is_said_to_be_kept_while_somebody_is_missing(more: dict[str, int]) -> None:
    (words,) = told(moved(value("blank_village_n", 0, **more), "0"))
    assert "保持" not in words
    assert words.startswith("集体经济空白村0个，")


def test_who_is_missing_from_all_of_a_sentence_is_said_once() -> None:
    """Semantics S4: the sentence names who is missing; thirty times 不含未报的新湾镇 on a page is noise."""
    gone = {"covered": 13, "missing": (TOWNSHIPS[5].code,)}
    both = [value("team_n", 144, **gone), value("resident_n", 247, **gone)]
    assert told(*both) == ["驻村工作队144支；驻村干部247人，以上均不含未报的新湾镇。"]
    assert told(both[0], value("resident_n", 247)) == ["驻村工作队144支，不含未报的新湾镇；驻村干部247人。"]
    made = overview(context(values=both).data, ["team_n", "resident_n"])
    assert [str(p) for p in made] == [
        "驻村帮扶方面，驻村工作队144支；驻村干部247人，以上均不含未报的新湾镇。"
    ]


def test_full_coverage_that_was_reached_now_says_how() -> None:
    home = moved(value("resident_train_cover", 247, 247, target=Decimal(100), status="met"), None, "61.5")
    assert told(home, *townships("resident_train_cover", [100] * 6)) == [
        "驻村干部培训覆盖率为100%，同比提高38.5个百分点，实现全覆盖。"
    ]


def test_a_target_has_its_own_paragraph_with_who_leads_and_who_lags() -> None:
    home = moved(value("org_life_rate", 575, 600, target=Decimal(100), status="failed"), "97.1")
    assert told(home, *townships("org_life_rate", [100, 99, 98, 97, 91, 90])) == [
        "组织生活达标率为95.8%，较上季度下降1.3个百分点，低于100%的目标4.2个百分点。"
        "居前三位的是琼湖街道（100%）、胭脂湖街道（99.0%）、四季红镇（98.0%）。"
    ]


def test_who_lags_is_told_here_only_while_it_is_no_problem_yet() -> None:
    """A goal of the year's end is not missed in March; whom a missed one concerns stands under 存在问题."""
    home = value("audit_rate", 575, 600, target=Decimal(100))
    (words,) = told(home, *townships("audit_rate", [100, 99, 98, 97, 91, 90], status=""))
    assert words.endswith("；靠后的是泗湖山镇（97.0%）、南嘴镇（91.0%）、新湾镇（90.0%）。")


def test_the_one_that_lacks_what_all_others_have_is_the_exception() -> None:
    home = value("publish_rate", 593, 600, target=Decimal(100), status="failed")
    (words,) = told(home, *townships("publish_rate", [100, 100, 93, 100, 100, 100]))
    assert words.endswith("除四季红镇（93.0%）外，其余5个乡镇（街道）均为100%。")
    (words,) = told(home, *townships("publish_rate", [100, 100, 93, 100, 100, 95]))
    assert words.endswith("除四季红镇（93.0%）、新湾镇（95.0%）外，其余4个乡镇（街道）均为100%。")
    # 其余 are all others: not where one of them is only in part reported
    (words,) = told(home, *townships("publish_rate", [100, 100, 93, 100, 100, 100], covered=13))
    assert "其余" not in words


def test_a_rate_without_target_names_townships_only_where_the_template_asks() -> None:
    made = [value("ecommerce_rate", 520, 600), *townships("ecommerce_rate", [99, 98, 97, 80, 75, 71])]
    assert told(*made) == ["行政村农村电商覆盖率为86.7%。"]
    assert "居前三位的是琼湖街道（99.0%）" in told(*made, leading=("ecommerce_rate",))[0]


def test_faults_say_where_in_the_same_sentence() -> None:
    home = moved(value("issue_overdue_n", 1, target=Decimal(0), status="failed"), "0", "0")
    made = [
        value("issue_overdue_n", int(n == 2), None, u, "township", rank=1 + (n == 2))
        for n, u in enumerate(TOWNSHIPS)
    ]
    assert told(home, *made) == ["超期未销号问题1个，上季度、上年同期均为0，未能保持清零，涉及四季红镇。"]


def test_what_nobody_owed_is_not_said_to_be_missing() -> None:
    """应报单位均未报送 is untrue of a form that was not due: beside 已报齐单位15个 it contradicts itself."""
    made = [value("grid_n", None, covered=0, reason="value-not-covered"), value("team_n", 144)]
    made += [value("leader_cover_rate", None, covered=0, reason="value-not-covered")]
    owed = [state for state in returns() if state.form == "resident"]
    report_data = context(values=made, returns=owed).data
    said = [str(p) for s in (*Brief(report_data).sections(), *sections(report_data)) for p in s.paragraphs]
    assert said == ["驻村工作队144支。"] * 2
    assert [str(p) for p in overview(report_data, ["grid_n", "team_n"])] == [
        "驻村帮扶方面，驻村工作队144支。"
    ]
    # owed and not come is another case
    assert "网格数暂无数据（应报单位均未报送）。" in told(*made)


def test_the_annex_has_every_figure_with_its_movement_in_bare_words() -> None:
    made = [
        moved(value("team_n", 144), "141"),
        moved(value("publish_rate", 98, 100, target=Decimal(100)), "98", "99"),
    ]
    table = situation_table(context(values=made).data)
    rows = [[str(cell or "—") for cell in row] for row in table.rows]
    assert rows == [
        ["驻村工作队数", "支", "144", "增加3支", "—", "—"],
        ["村务财务按季度公开率", "%", "98.0", "持平", "下降1.0个百分点", "100%"],
    ]


def test_the_annex_names_every_unit_below_target() -> None:
    home = value("publish_rate", 560, 700, target=Decimal(100), status="failed")
    made = townships("publish_rate", [100, 99, 98, 97, 96, 95, 94])
    (row,) = shortfalls_table(context(values=[home, *made]).data).rows
    assert str(row[3]) == (
        "茶盘洲镇（94.0%）、新湾镇（95.0%）、南嘴镇（96.0%）、泗湖山镇（97.0%）、四季红镇（98.0%）、胭脂湖街道（99.0%）"
    )
