"""The words a number gets (domain 7.2, 7.3): each case reads as a sentence."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from briefing_values import LIBRARY, context, value
from hypothesis import given
from hypothesis import strategies as st

from ruralpb.model import Better, Comparison, Indicator, Target, Value
from ruralpb.publish.text import sections
from ruralpb.publish.text.figures import Facts
from ruralpb.publish.text.trends import tone, trend
from ruralpb.publish.text.wording import Wording

RATE = replace(LIBRARY.indicators["one_shoulder_rate"], title="甲比例")
COVER = replace(RATE, title="甲覆盖率")
WORSE = replace(RATE, title="甲超期率", better="lower")
COUNT = replace(LIBRARY.indicators["team_n"], title="甲队数", better="higher")
FAULTS = replace(LIBRARY.indicators["weak_village_n"], title="甲村数")
MONEY = replace(LIBRARY.indicators["econ_operating_income"], title="甲收入")
AVERAGE = replace(LIBRARY.indicators["econ_operating_avg"], title="村均甲")
AGE = replace(LIBRARY.indicators["committee_avg_age"], title="平均年龄")


def say() -> Wording:
    return Wording(Facts(), "季度", "全市")


def with_base(
    indicator: Indicator,
    now: str,
    base: str,
    against: str = "previous",
    denominator: str | None = None,
    **more: object,
) -> Value:
    """A value whose comparison stands at `base`; for a rate both are percentages."""
    made = value(indicator, now, denominator)
    known = Decimal(now)
    made = replace(made, numerator=known, value=known)
    return replace(made, **{against: Comparison("2025Q4", known, Decimal(base), units=14, **more)})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("indicator", "now", "base", "against", "words"),
    [
        (COUNT, "147", "144", "previous", "较上季度增加3支"),
        (COUNT, "140", "144", "previous", "较上季度减少4支"),
        (COUNT, "144", "144", "previous", "与上季度持平"),
        (COUNT, "144", "144", "last_year", "与上年同期持平"),
        # 10218人次，同比增加10218人次 says one number twice
        (COUNT, "3", "0", "previous", "上季度为0"),
        (COUNT, "0", "0", "previous", "本期与上季度均为0"),
        (COUNT, "0", "3", "previous", "较上季度减少3支"),
        # a cumulative figure that fell leaves a quarter below nothing: more or less than that is no comparison
        (COUNT, "30", "-2", "previous", ""),
        (COUNT, "-2", "30", "previous", ""),
        (MONEY, "1150.6", "996.2", "last_year", "同比增长15.5%"),
        (MONEY, "900", "1000", "last_year", "同比下降10.0%"),
        (MONEY, "250", "100", "last_year", "同比增长1.5倍"),
        (MONEY, "200", "100", "last_year", "同比增长1.0倍"),
        (MONEY, "1000.01", "1000", "last_year", "与上年同期持平"),
        (MONEY, "50", "0", "last_year", "上年同期为0"),
        (MONEY, "0", "0", "last_year", "本期与上年同期均为0"),
        (MONEY, "0", "-8", "last_year", "上年同期亏损8.0万元，本期为0"),
        # a loss so small that it prints as nothing is none to a reader
        (MONEY, "-0.01", "-8", "last_year", "上年同期亏损8.0万元，本期为0"),
        # a fall is only 100.0% when nothing is left
        (MONEY, "0", "1000", "last_year", "同比下降100.0%"),
        (MONEY, "0.3", "1000", "last_year", "同比下降99.9%"),
        # nothing is left, however many digits the base has: not 100.1%, not 99.9%
        (MONEY, "0", "29.510256410256410256410256410256410256410256410256", "last_year", "同比下降100.0%"),
        (MONEY, "0", "32.016410256410256410256410256410256410256410256410", "last_year", "同比下降100.0%"),
        (MONEY, "199.97", "100", "last_year", "同比增长1.0倍"),
        (MONEY, "12", "-8", "last_year", "由亏损8.0万元转为收益12.0万元"),
        (MONEY, "-12", "8", "last_year", "由收益8.0万元转为亏损12.0万元"),
        (MONEY, "-12", "-8", "last_year", "上年同期亏损8.0万元，本期亏损12.0万元"),
        (MONEY, "8.1", "3.2", "last_year", "由上年同期的3.2万元增加到8.1万元"),
        (RATE, "98.6", "98.0", "previous", "较上季度提高0.6个百分点"),
        (RATE, "97.4", "98.0", "previous", "较上季度下降0.6个百分点"),
        (WORSE, "98.6", "98.0", "previous", "较上季度上升0.6个百分点"),
        (RATE, "98.04", "98.0", "previous", "与上季度持平"),
        # the difference of the printed 98.0 and 97.3, so that a reader can redo it, not 0.6 of the exact values
        (RATE, "97.951", "97.349", "previous", "较上季度提高0.7个百分点"),
        (AGE, "45.2", "45.0", "last_year", "同比上升0.2岁"),
        (AGE, "44.8", "45.0", "last_year", "同比下降0.2岁"),
    ],
)
def test_a_change_is_said_by_its_kind_sign_and_base(
    indicator: Indicator, now: str, base: str, against: str, words: str
) -> None:
    made = with_base(indicator, now, base, against)
    assert str(say().change(indicator, made, against)) == words  # type: ignore[arg-type]


def test_an_average_of_a_small_base_still_grows() -> None:
    made = with_base(AVERAGE, "5.90", "5.11", "last_year", denominator="195")
    assert str(say().change(AVERAGE, made, "last_year")) == "同比增长15.5%"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"all_units": False}, "较上季度增加3支（按两期均有数据的14个单位计算）"),
        ({"comparable_base": True}, "较上季度增加3支（按可比口径）"),
        (
            {"all_units": False, "comparable_base": True},
            "较上季度增加3支（按可比口径，按两期均有数据的14个单位计算）",
        ),
        ({"reason": "compare-definition"}, "因口径调整，不作比较"),
    ],
)
def test_a_comparison_says_what_it_rests_on(more: dict[str, object], words: str) -> None:
    assert str(say().change(COUNT, with_base(COUNT, "147", "144", **more), "previous")) == words


def test_no_base_no_words() -> None:
    bare = value(COUNT, 147)
    assert not say().change(COUNT, bare, "previous")
    nothing = replace(bare, previous=Comparison("2025Q4", Decimal(147), None, reason="compare-no-value"))
    assert not say().change(COUNT, nothing, "previous")


@pytest.mark.parametrize(
    ("now", "before", "last_year", "words"),
    [
        ("144", "144", "144", "与上季度、上年同期均持平"),
        ("144", "141", "144", "较上季度增加3支，与上年同期持平"),
        ("3", "0", "0", "上季度、上年同期均为0"),
        ("3", "0", "2", "上季度为0，同比增加1支"),
        ("0", "0", "0", "本期与上季度、上年同期均为0"),
        ("0", "3", "0", "较上季度减少3支，本期与上年同期均为0"),
    ],
)
def test_two_comparisons_that_say_the_same_are_one(now: str, before: str, last_year: str, words: str) -> None:
    made = replace(
        with_base(COUNT, now, before), last_year=Comparison("2025Q1", Decimal(now), Decimal(last_year))
    )
    assert str(say().changes(COUNT, made)) == words


@pytest.mark.parametrize(
    ("now", "before", "last_year", "words"),
    [
        ("0", "3", "0", "较上季度减少3个"),
        ("0", "3", "2", "较上季度减少3个，同比减少2个"),
        ("0", "0", "0", ""),
        ("0", "0", "2", "同比减少2个"),
        ("0", None, "0", ""),
        ("0", None, "2", "同比减少2个"),
    ],
)
def test_what_is_at_zero_is_not_said_to_have_been_there_besides(
    now: str, before: str | None, last_year: str, words: str
) -> None:
    """脱岗0人次，较上季度减少1人次，实现清零: 本期与上年同期均为0 in between only confuses."""
    made = replace(
        with_base(FAULTS, now, before or "0"),
        last_year=Comparison("2025Q1", Decimal(now), Decimal(last_year)),
    )
    made = made if before else replace(made, previous=Comparison("2025Q4", reason="compare-cumulative"))
    assert str(say().changes(FAULTS, made)) == words
    assert say().full(FAULTS, made) == (
        "实现清零" if before == "3" or (before is None and last_year == "2") else "保持清零"
    )


@pytest.mark.parametrize(
    ("indicator", "now", "base", "words"),
    [
        (RATE, "98.6", "98.0", "提高0.6个百分点"),
        (COUNT, "144", "144", "持平"),
        (COUNT, "3", "0", "由0增加到3支"),
        (COUNT, "0", "0", "持平"),
        (MONEY, "1150.6", "996.2", "增长15.5%"),
        (MONEY, "8.1", "3.2", "由3.2万元增加到8.1万元"),
        (MONEY, "12", "0", "由0增加到12.0万元"),
        (MONEY, "12", "-8", "由亏损8.0万元转为收益12.0万元"),
    ],
)
def test_below_a_heading_that_names_the_base_only_the_movement_stands(
    indicator: Indicator, now: str, base: str, words: str
) -> None:
    """与上季度比 ｜ 提高0.6个百分点, not 较上季度提高0.6个百分点 once more."""
    assert str(say().bare.change(indicator, with_base(indicator, now, base), "previous")) == words


@pytest.mark.parametrize(
    ("indicator", "number", "words"),
    [
        (MONEY, "9999.94", "甲收入9999.9万元"),
        (MONEY, "9999.95", "甲收入1.00亿元"),
        (MONEY, "12345.6", "甲收入1.23亿元"),
        (MONEY, "-0.01", "甲收入0.0万元"),
        (AVERAGE, "5.9", "村均甲为5.90万元"),
        (COUNT, "144", "甲队144支"),
        (replace(COUNT, title="结对力量项数", measure="项"), "625", "结对力量625项"),
        (RATE, "99.96", "甲比例为99.9%"),
        (RATE, "100", "甲比例为100%"),
        (RATE, "0.04", "甲比例为0.1%"),
        (RATE, "0", "甲比例为0%"),
        (replace(COUNT, title="培训人次", measure="人次"), "285", "培训285人次"),
        (replace(COUNT, title="约谈人数", measure="人"), "6", "约谈6人"),
        (replace(COUNT, title="活动（服务）次数", measure="次"), "6", "活动（服务）6次"),
        (replace(COUNT, title="党员总数", measure="名"), "6", "党员总数6名"),
        (replace(COUNT, title="驻村天数", measure="天"), "6", "驻村天数6天"),
        (replace(RATE, title="甲覆盖率（名册比对）"), "98", "甲覆盖率为98.0%"),
    ],
)
def test_a_figure_is_named_and_printed(indicator: Indicator, number: str, words: str) -> None:
    made = replace(value(indicator, 1), numerator=Decimal(number), denominator=None, value=Decimal(number))
    assert str(say().named(indicator, made)) == words


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (value(COVER, 247, 247), "实现全覆盖"),
        (value(COVER, 246, 247), ""),
        (value(COVER, 247, 247, covered=13), ""),
        (value(COVER, 247, 247, unknown_rows=1), ""),
        (value(RATE, 150, 150), ""),
    ],
)
def test_full_coverage_needs_every_unit_and_no_unknown_row(made: Value, words: str) -> None:
    indicator = COVER if made.denominator == 247 else RATE
    assert say().full(indicator, made) == words


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (with_base(FAULTS, "0", "5"), "实现清零"),
        (with_base(FAULTS, "0", "0"), "保持清零"),
        (replace(with_base(FAULTS, "0", "5"), covered=13), ""),
        (replace(with_base(FAULTS, "0", "5"), unknown_rows=2), ""),
        (with_base(FAULTS, "1", "5"), ""),
    ],
)
def test_zero_is_called_so_only_when_nothing_is_missing(made: Value, words: str) -> None:
    assert say().full(FAULTS, made) == words


@pytest.mark.parametrize(
    ("now", "base", "words"),
    [
        ("5", "12", "由上季度的12个减少到5个"),
        ("0", "5", "由上季度的5个减少到0个（实现清零）"),
        ("12", "5", "由上季度的5个增加到12个"),
        ("5", "5", ""),
    ],
)
def test_a_headline_tells_the_level_path(now: str, base: str, words: str) -> None:
    assert str(say().path(FAULTS, with_base(FAULTS, now, base))) == words


def aimed(
    indicator: Indicator, number: str, target: str, per: str = "period", status: str = "failed"
) -> Wording:
    return str(  # type: ignore[return-value]
        say().target(
            replace(indicator, target=Target(Decimal(target), per)),  # type: ignore[arg-type]
            replace(value(indicator, 1), value=Decimal(number), target=Decimal(target), status=status),
        )
    )


@pytest.mark.parametrize(
    ("indicator", "number", "target", "per", "status", "words"),
    [
        (RATE, "98", "100", "period", "failed", "低于100%的目标2.0个百分点"),
        (RATE, "100", "100", "period", "met", "达到100%的目标"),
        (RATE, "98", "95", "period", "met", "高于95.0%的目标3.0个百分点"),
        (RATE, "27.3", "25", "schedule", "met", "快于时序进度2.3个百分点"),
        (RATE, "22.7", "25", "schedule", "behind", "慢于时序进度2.3个百分点"),
        (RATE, "25", "25", "schedule", "met", "与时序进度一致"),
        (RATE, "97.8", "100", "year_end", "", "距年末100%的目标还差2.2个百分点"),
        (RATE, "100", "100", "year_end", "", "已达到年末100%的目标"),
        (FAULTS, "3", "0", "period", "failed", "尚未实现清零目标"),
        (FAULTS, "3", "0", "year_end", "", ""),
        (FAULTS, "0", "0", "period", "met", ""),
        (COUNT, "48", "50", "period", "failed", "低于50支的目标2支"),
    ],
)
def test_a_target_is_said_by_kind(
    indicator: Indicator, number: str, target: str, per: str, status: str, words: str
) -> None:
    assert aimed(indicator, number, target, per, status) == words


@pytest.mark.parametrize(
    ("target", "status", "words"),
    [
        ("140", "met", "高于140支的目标4支"),
        ("150", "failed", "低于150支的目标6支"),
        ("150", "", "距年末150支的目标还差6支"),
    ],
)
def test_a_target_set_only_in_targets_csv_is_said_too(target: str, status: str, words: str) -> None:
    made = replace(value(COUNT, 144), target=Decimal(target), status=status)
    assert str(say().target(replace(COUNT, target=None), made)) == words


def test_who_was_at_zero_has_not_kept_it() -> None:
    made = replace(with_base(FAULTS, "1", "0"), target=Decimal(0), status="failed")
    assert str(say().target(FAULTS, made)) == "未能保持清零"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("98.0", "高于全市平均水平2.0个百分点"),
        ("94.9", "低于全市平均水平1.1个百分点"),
        ("96.0", "与全市平均水平持平"),
    ],
)
def test_a_unit_is_set_against_the_average(number: str, words: str) -> None:
    whole = replace(value(RATE, 96, 100), value=Decimal(96))
    assert str(say().against_average(RATE, replace(whole, value=Decimal(number)), whole)) == words


def test_missing_units_are_named_up_to_five_then_counted() -> None:
    made = value(RATE, 147, 150, covered=8, missing=("1",))
    assert str(say().missing(made, ["新湾镇"])) == "不含未报的新湾镇"
    assert str(say().missing(made, list("甲乙丙丁戊己"))) == "不含未报的甲、乙、丙、丁、戊等6个单位"
    assert str(say().missing(made, [])) == "按14个应报单位中8个有数据的单位计算"
    assert not say().missing(replace(made, covered=14, missing=()), [])


percentages = st.decimals(min_value=1, max_value=99, places=1)


@given(
    now=percentages,
    base=percentages,
    better=st.sampled_from(["higher", "lower", "neither"]),
    rate=st.booleans(),
)
def test_flipping_the_sign_flips_the_verb_and_the_adjective_follows_the_direction(
    now: Decimal, base: Decimal, better: Better, rate: bool
) -> None:
    indicator = replace(RATE if rate else COUNT, better=better)
    difference = now - base
    there, back = trend(difference, indicator), trend(-difference, indicator)
    if difference:
        assert there.verb != back.verb
        assert {there.verb, back.verb} <= {"提高", "上升", "下降", "增加", "减少"}
    wanted = {"higher": difference > 0, "lower": difference < 0}.get(better)
    if difference and wanted is not None:
        assert there.adjective == ("向好" if wanted else "转差")
        assert back.adjective == ("转差" if wanted else "向好")
    else:
        assert there.adjective == back.adjective == ""
    assert "提高" not in there.verb or tone(difference, better) == "better"


UPWARD, DOWNWARD = ("提高", "上升", "增加", "增长"), ("下降", "减少")


@given(
    now=percentages,
    base=percentages,
    better=st.sampled_from(["higher", "lower", "neither"]),
    known=st.sampled_from([RATE, COUNT, MONEY, AGE]),
)
def test_no_sentence_says_up_for_a_fall(
    now: Decimal, base: Decimal, better: Better, known: Indicator
) -> None:
    """The sentence itself, not only its verb: there and back are told by opposite verbs, standing still by none."""
    indicator = replace(known, better=better)
    if known is COUNT:
        now, base = Decimal(int(now)), Decimal(int(base))

    def verbs(current: Decimal, was: Decimal) -> tuple[bool, bool]:
        words = str(say().change(indicator, with_base(indicator, str(current), str(was)), "previous"))
        return any(verb in words for verb in UPWARD), any(verb in words for verb in DOWNWARD)

    expected = (now > base, now < base)
    assert verbs(now, base) == expected
    assert verbs(base, now) == expected[::-1]


@given(
    numerator=st.integers(min_value=0, max_value=100_000),
    denominator=st.integers(min_value=1, max_value=100_000),
    covered=st.integers(min_value=1, max_value=14),
    unknown=st.integers(min_value=0, max_value=2),
)
def test_100_and_full_coverage_are_said_only_when_nothing_is_left_out(
    numerator: int, denominator: int, covered: int, unknown: int
) -> None:
    """Semantics S4; domain 7.3, rule 4: 99.96% prints 99.9%, and 0.04% prints 0.1%."""
    numerator = min(numerator, denominator)
    made = value(COVER, numerator, denominator, covered=covered, unknown_rows=unknown)
    words = str(say().value(COVER, made))
    assert (words in ("100%", "100.0%")) == (numerator == denominator)
    assert (words in ("0%", "0.0%")) == (numerator == 0)
    whole = numerator == denominator and covered == 14 and not unknown
    assert say().full(COVER, made) == ("实现全覆盖" if whole else "")


@given(now=percentages, base=percentages)
def test_a_rate_is_never_compared_by_a_percentage(now: Decimal, base: Decimal) -> None:
    words = str(say().change(RATE, with_base(RATE, str(now), str(base)), "previous"))
    assert "%" not in words
    assert ("百分点" in words) == (now != base)


@given(
    now=st.decimals(min_value=10, max_value=10**6, places=2),
    base=st.decimals(min_value=10, max_value=10**6, places=2),
)
def test_money_never_falls_by_a_multiple(now: Decimal, base: Decimal) -> None:
    words = str(say().change(MONEY, with_base(MONEY, str(now), str(base), "last_year"), "last_year"))
    assert "下降" not in words or "倍" not in words
    assert words.startswith(("同比", "与上年同期持平"))


@pytest.mark.parametrize(
    ("last_year", "words"),
    [
        (None, "村党组织书记缺配村0个，保持清零。"),
        ("0", "村党组织书记缺配村0个，保持清零。"),
        ("2", "村党组织书记缺配村0个，保持清零，同比减少2个。"),
    ],
)
def test_what_was_zero_and_still_is_was_kept_so(last_year: str | None, words: str) -> None:
    def base(number: str) -> Comparison:
        return Comparison("", Decimal(0), Decimal(number), units=14)

    home = value(
        "secretary_vacant_n", 0, previous=base("0"), last_year=base(last_year) if last_year else None
    )
    (section,) = sections.sections(context(values=[home]).data)
    assert [str(p) for p in section.paragraphs] == [words]


@pytest.mark.parametrize(("reached", "words"), [(1, "“两升一降”已达成"), (0, "“两升一降”尚未达成")])
def test_a_yes_or_no_is_said_as_a_sentence(reached: int, words: str) -> None:
    home = value("two_up_one_down", reached)
    (section,) = sections.sections(context(values=[home]).data)
    assert [str(p) for p in section.paragraphs] == [f"{words}。"]
