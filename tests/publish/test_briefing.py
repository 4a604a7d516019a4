"""What a briefing says of a quarter: coverage, key figures, leaders and laggards, problems, requirements, annexes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from briefing_values import (
    COUNTY,
    LIBRARY,
    PERIOD,
    REGISTER,
    SETTINGS,
    TOWNSHIPS,
    context,
    report_data,
    returns,
    township_values,
    value,
)

from ruralpb.model import Comparison, RankingRule, Register, ReturnState
from ruralpb.publish.text import annexes, sections
from ruralpb.publish.text.figures import Facts, Figure, Phrase, Table, marked, phrase
from ruralpb.publish.text.ranking import leaders_and_laggards, ranking
from ruralpb.publish.text.sections import numeral
from ruralpb.publish.text.wording import Wording

RATE = LIBRARY.indicators["one_shoulder_rate"]
FAULTS = LIBRARY.indicators["weak_village_n"]


def told(indicator_id: str, printed: list[int | None]) -> str:
    made = township_values(indicator_id, printed)
    order = {v.unit_code: place for place, v in enumerate(made)}
    found = ranking(LIBRARY.indicators[indicator_id], made, order)
    return str(leaders_and_laggards(found, Wording(Facts()), "乡镇（街道）"))


# -------------------------------------------------------------------------------------------------- ranking


@pytest.mark.parametrize(
    ("indicator", "printed", "words"),
    [
        (
            "one_shoulder_rate",
            [99, 98, 97, 96, 95, 94, 93],
            "居前三位的是琼湖街道（99.0%）、胭脂湖街道（98.0%）、四季红镇（97.0%）；"
            "靠后的是南嘴镇（95.0%）、新湾镇（94.0%）、茶盘洲镇（93.0%）",
        ),
        # fewer than five ranked: nobody is called last
        (
            "one_shoulder_rate",
            [99, 98, 97, 96],
            "居前三位的是琼湖街道（99.0%）、胭脂湖街道（98.0%）、四季红镇（97.0%）",
        ),
        ("one_shoulder_rate", [98, 98, 98, 98, 98], "各乡镇（街道）均为98.0%"),
        (
            "one_shoulder_rate",
            [100, 100, 100, 100, 95, 94, 93],
            "琼湖街道、胭脂湖街道、四季红镇等4个乡镇（街道）达到100%；靠后的是南嘴镇（95.0%）、新湾镇（94.0%）、茶盘洲镇（93.0%）",
        ),
        # one or two that lack what all others have are the exception
        (
            "one_shoulder_rate",
            [100, 100, 100, 100, 95, 94],
            "除新湾镇（94.0%）、南嘴镇（95.0%）外，其余4个乡镇（街道）均为100%",
        ),
        (
            "one_shoulder_rate",
            [98, 98, 98, 98, 95, 94],
            "琼湖街道、胭脂湖街道、四季红镇等4个乡镇（街道）并列第一，均为98.0%；靠后的是南嘴镇（95.0%）、新湾镇（94.0%）",
        ),
        # a tie across the cut is not split: 南嘴镇 equals 泗湖山镇, so neither is named
        (
            "one_shoulder_rate",
            [99, 98, 97, 95, 95, 94, 93],
            "居前三位的是琼湖街道（99.0%）、胭脂湖街道（98.0%）、四季红镇（97.0%）；靠后的是新湾镇（94.0%）、茶盘洲镇（93.0%）",
        ),
        # who has reached all there is does not lag, whoever is ahead of him
        (
            "one_shoulder_rate",
            [101, 100, 100, 100, 100, 100],
            "居前的是琼湖街道（101.0%）；胭脂湖街道、四季红镇、泗湖山镇等5个乡镇（街道）达到100%",
        ),
        (
            "one_shoulder_rate",
            [101, 100, 100, 96, 95],
            "居前三位的是琼湖街道（101.0%）、胭脂湖街道（100%）、四季红镇（100%）；靠后的是泗湖山镇（96.0%）、南嘴镇（95.0%）",
        ),
        # three or fewer are simply told in order
        ("one_shoulder_rate", [90, 99], "其中胭脂湖街道为99.0%，琼湖街道为90.0%"),
        ("one_shoulder_rate", [0, 99, 50], "其中胭脂湖街道为99.0%，四季红镇为50.0%，琼湖街道为0%"),
        # 各 and 均 are for all: not where one has no figure
        ("one_shoulder_rate", [98, 98, None, 98, 98], "参加排名的4个乡镇（街道）均为98.0%"),
        # the most first; of equals the one the register names first
        ("weak_village_n", [1, 2, 0, 1, 0], "涉及胭脂湖街道（2个）、琼湖街道（1个）、泗湖山镇（1个）"),
        ("weak_village_n", [0, 2, 0, 1, 0], "涉及胭脂湖街道（2个）、泗湖山镇（1个）"),
        # one number for all is said once; who has all of it needs none
        ("weak_village_n", [1, 0, 0, 1, 1], "涉及琼湖街道、泗湖山镇、南嘴镇，各1个"),
        ("weak_village_n", [0, 3, 0, 0, 0], "均在胭脂湖街道"),
        ("weak_village_n", [0, 1, 0, 0, 0], "涉及胭脂湖街道"),
        (
            "weak_village_n",
            [3, 2, 1, 1, 1, 1, 0],
            "主要涉及琼湖街道（3个）、胭脂湖街道（2个）、四季红镇（1个）、泗湖山镇（1个）、南嘴镇（1个）等6个乡镇（街道）",
        ),
        ("weak_village_n", [0, 0, 0, 0, 0], ""),
        ("committee_n", [10, 20, 30, 40, 50], ""),
    ],
)
def test_leaders_and_laggards(indicator: str, printed: list[int | None], words: str) -> None:
    assert told(indicator, printed) == words


def classed(printed: list[int], classes: str) -> str:
    """How the leaders read when townships are ranked within their class: 甲 or 乙, one letter each, in register order."""
    units = [u for u in REGISTER.units if u.level == "township"]
    of = {u.code: f"{letter}类" for u, letter in zip(units, classes, strict=False)}
    register = Register(tuple(replace(u, unit_class=of.get(u.code, "")) for u in REGISTER.units))
    made = township_values("one_shoulder_rate", printed)  # type: ignore[arg-type]
    for place, one in enumerate(made):
        ahead = [
            v for v in made if of[v.unit_code] == of[one.unit_code] and (v.value or 0) > (one.value or 0)
        ]
        made[place] = replace(one, rank=1 + len(ahead))
    home = value("one_shoulder_rate", sum(printed), 100 * len(printed))
    m = report_data(
        values=[home, *made], register=register, settings=replace(SETTINGS, ranking=RankingRule(classes=True))
    )
    return str(sections.standing(m, LIBRARY.indicators["one_shoulder_rate"]))


def test_classes_are_ranked_and_told_separately() -> None:
    """Domain 7.3, rule 10. Two firsts of two classes are not two leaders of one."""
    assert classed([99, 98, 97, 96, 95, 94, 93, 92], "甲乙乙乙乙乙甲乙") == (
        "甲类中，琼湖街道为99.0%，茶盘洲镇为93.0%；"
        "乙类中，居前三位的是胭脂湖街道（98.0%）、四季红镇（97.0%）、泗湖山镇（96.0%）；"
        "靠后的是南嘴镇（95.0%）、新湾镇（94.0%）、南大膳镇（92.0%）"
    )


def test_a_crowd_is_counted_in_its_own_class() -> None:
    assert classed([100, 100, 100, 100, 90, 100, 100, 100, 100, 100, 80], "甲甲甲甲甲乙乙乙乙乙乙") == (
        "甲类中，除南嘴镇（90.0%）外，其余4个单位均为100%；乙类中，除阳罗洲镇（80.0%）外，其余5个单位均为100%"
    )


def test_a_township_that_lacks_a_village_is_not_among_all() -> None:
    made = township_values("one_shoulder_rate", [98, 98, 98, 98, 98])
    made[2] = replace(made[2], covered=13)
    home = value("one_shoulder_rate", 490, 500)
    said = str(sections.standing(report_data(values=[home, *made]), LIBRARY.indicators["one_shoulder_rate"]))
    assert said == "参加排名的5个乡镇（街道）均为98.0%"


@pytest.mark.parametrize("number", [0, 100])
def test_of_all_or_nothing_no_township_is_told(number: int) -> None:
    """覆盖率为100%（195/195），实现全覆盖。各乡镇（街道）均为100%: what is true of the whole is true of each."""
    made = township_values("one_shoulder_rate", [number] * 5)
    home = value("one_shoulder_rate", number * 5, 500)
    assert not sections.standing(report_data(values=[home, *made]), LIBRARY.indicators["one_shoulder_rate"])


def test_a_unit_without_rank_is_listed_apart() -> None:
    made = township_values("one_shoulder_rate", [99, 98, None, 96, 95])
    home = value("one_shoulder_rate", 97, 100)
    table = annexes.ranking_table(report_data(values=[home, *made]), ["one_shoulder_rate"])
    assert "不参加排名的：四季红镇" in str(table.notes[0])
    assert [str(row[0]) for row in table.rows][:4] == ["全市", "琼湖街道", "胭脂湖街道", "四季红镇"]
    assert [marked(cell) for cell in table.rows[3][1:]] == ["—", "—"]


def test_a_whole_that_is_full_only_on_average_still_names_who_lags() -> None:
    made = township_values("one_shoulder_rate", [102, 101, 100, 99, 98])
    home = value("one_shoulder_rate", 500, 500)
    said = str(sections.standing(report_data(values=[home, *made]), LIBRARY.indicators["one_shoulder_rate"]))
    assert said.endswith("靠后的是泗湖山镇（99.0%）、南嘴镇（98.0%）")


# -------------------------------------------------------------------------------------------------- introduction, key figures


def test_the_introduction_counts_units_and_returns_and_names_who_is_missing_or_late() -> None:
    words = str(sections.introduction(report_data()))
    assert words == (
        "本季度应报单位14个、报表196份；已报齐单位13个、实报报表195份，其中全部按时报送的单位12个；"
        "缺报的有新湾镇；迟报的有共华镇"
    )


def test_a_paper_about_one_reporter_counts_its_returns() -> None:
    """本季度应报单位1个、报表14份；已报齐单位1个 is a county's sentence."""
    township = next(u for u in REGISTER.units if u.name == "草尾镇")
    own = [state for state in returns() if state.reporter_code == township.code]
    assert str(sections.introduction(report_data(returns=own))) == "本季度应报报表14份，实报14份，均按时报送"
    late = [replace(state, timeliness="late" if state.form == "issue" else "on_time") for state in own]
    assert str(sections.introduction(report_data(returns=late))) == "本季度应报报表14份，实报14份，迟报1份"


def test_a_held_return_has_not_come() -> None:
    held = ReturnState(f"{COUNTY}101", "committee", "2026Q1", "held", "on_time", date(2026, 4, 8))
    assert "实报0份" in str(sections.introduction(report_data(returns=[held])))


def test_key_figures_are_the_templates_list_and_skip_what_has_no_definition() -> None:
    words = "".join(
        map(str, sections.overview(report_data(), ["team_n", "no_such_indicator", "weak_village_n"]))
    )
    assert "驻村工作队" in words
    assert "薄弱村" in words
    assert "一肩挑" not in words


def test_without_a_list_a_strange_library_still_gets_twelve_key_figures() -> None:
    paragraphs = sections.overview(report_data())
    figures = {f.of for p in paragraphs for f in p.figures if f.kind == "value"}
    assert len(figures) == sections.KEY_FIGURES


def test_a_figure_says_who_is_missing_from_it() -> None:
    home = value("one_shoulder_rate", 140, 143, covered=13, missing=(f"{COUNTY}106",))
    words = "".join(str(p) for s in sections.sections(report_data(values=[home])) for p in s.paragraphs)
    assert words == "书记主任“一肩挑”比例为97.9%（140/143），不含未报的新湾镇。"


def test_a_figure_nobody_returned_is_not_zero() -> None:
    home = value("team_n", None, covered=0, reason="value-not-covered")
    words = "".join(str(p) for s in sections.sections(report_data(values=[home])) for p in s.paragraphs)
    assert words == "驻村工作队数暂无数据（应报单位均未报送）。"


def test_a_standard_out_of_force_says_nothing() -> None:
    home = value("strong_village_n", None, reason="value-standard")
    assert sections.sections(report_data(values=[home])) == []


def test_a_single_quarter_is_said_beside_the_cumulative_figure() -> None:
    second = replace(PERIOD, start=date(2026, 4, 1), end=date(2026, 6, 30))
    total = value("econ_operating_income", "2500", period="2026Q2")
    single = replace(
        total, indicator="econ_operating_income.quarter", numerator=Decimal(1200), value=Decimal(1200)
    )
    words = "".join(
        str(p)
        for s in sections.sections(report_data(values=[total, single], period=second))
        for p in s.paragraphs
    )
    assert words == "村级集体经济经营性收入2500.0万元，其中本季度1200.0万元。"


def told_in_sections(**more: object) -> str:
    return "".join(str(p) for s in sections.sections(report_data(**more)) for p in s.paragraphs)


def test_many_figures_nobody_returned_share_one_sentence() -> None:
    """Nine sentences of 暂无数据 are noise; three titles and how many there are, with the reason, say as much."""
    nothing = [value(id, None, covered=0, reason="value-not-covered")
               for id in ("team_n", "resident_n", "first_secretary_n", "resident_fund")]  # fmt: skip
    few = told_in_sections(values=nothing[:2])
    assert few == "驻村工作队数、驻村干部数暂无数据（应报单位均未报送）。"
    many = told_in_sections(values=nothing)
    assert many == "驻村工作队数、驻村干部数、驻村第一书记数等4项指标暂无数据（应报单位均未报送）。"


def test_the_key_figures_without_data_come_last_in_their_domain() -> None:
    made = [value("team_n", None, covered=0, reason="value-not-covered"), value("resident_n", 247)]
    (words,) = map(str, sections.overview(report_data(values=made), ["team_n", "resident_n"]))
    assert words == "驻村帮扶方面，驻村干部247人；驻村工作队数暂无数据（应报单位均未报送）。"


def quarter_of(whole: str, single: str, base: str) -> str:
    """How a cumulative figure reads in the fourth quarter, with that quarter's share, compared with `base`."""
    last = replace(PERIOD, start=date(2026, 10, 1), end=date(2026, 12, 31))
    total = value("resident_project_n", whole, period="2026Q4")
    part = value("resident_project_n", single, period="2026Q4",
                 previous=Comparison("2026Q3", Decimal(single), Decimal(base), units=14))  # fmt: skip
    made = [total, replace(part, indicator="resident_project_n.quarter")]
    return told_in_sections(values=made, period=last)


@pytest.mark.parametrize(
    ("whole", "single", "base", "words"),
    [
        ("66", "12", "10", "第一书记和工作队引进项目66个，其中本季度12个、较上季度增加2个。"),
        ("66", "0", "30", "第一书记和工作队引进项目66个，其中本季度0个、较上季度减少30个。"),
        # nothing in either quarter, or all of it in this one: it would say the same twice
        ("66", "0", "0", "第一书记和工作队引进项目66个。"),
        ("66", "66", "0", "第一书记和工作队引进项目66个。"),
        # the quarter before took some back: 本季度30个、较上季度增加32个 is more than there was
        ("66", "30", "-2", "第一书记和工作队引进项目66个，其中本季度30个。"),
        ("66", "-2", "38", "第一书记和工作队引进项目66个。"),
    ],
)
def test_the_quarter_s_share_is_said_when_it_tells_something(
    whole: str, single: str, base: str, words: str
) -> None:
    assert quarter_of(whole, single, base) == words


def test_a_sentence_has_one_whole_for_its_parts() -> None:
    """其中本季度… and 其中A… in a row would read as parts of the quarter."""
    last = replace(PERIOD, start=date(2026, 10, 1), end=date(2026, 12, 31))
    total = value("class_n", 60, period="2026Q4")
    part = replace(value("class_n", 16, period="2026Q4"), indicator="class_n.quarter")
    cuts = [
        value("class_n", n, period="2026Q4", slice=(("mode", name),)) for name, n in (("甲", 45), ("乙", 15))
    ]
    words = told_in_sections(values=[total, part, *cuts], period=last)
    assert words == "培训班次（场次）60期，其中本季度16期。全年累计中，甲45期、占75.0%，乙15期、占25.0%。"


def broken(whole: int, parts: dict[str, int]) -> str:
    """How the breakdown of a figure reads."""
    cuts = [value("team_n", n, slice=(("team_level", name),)) for name, n in parts.items()]
    values = [value("team_n", whole), *cuts]
    return str(sections.breakdown(report_data(values=values), LIBRARY.indicators["team_n"]))


def test_a_breakdown_gives_shares_but_not_of_a_handful() -> None:
    assert broken(144, {"省派": 24, "县派": 120}) == "其中县派120支、占83.3%，省派24支、占16.7%"
    assert broken(3, {"省派": 1, "县派": 2}) == "其中县派2支，省派1支"


def test_classes_that_are_no_parts_of_the_whole_have_no_shares() -> None:
    """The least of all is no sum of each class's least; a village with two kinds of activity counts once."""
    assert broken(15, {"省派": 15, "县派": 20}) == "分类看，县派20支，省派15支"


def test_shares_that_do_not_add_up_as_printed_say_why() -> None:
    """Domain 7.3, rule 3."""
    assert broken(30, {"省派": 10, "市派": 10, "县派": 10}) == (
        "其中省派10支、占33.3%，市派10支、占33.3%，县派10支、占33.3%（因四舍五入，合计可能不等于100%）"
    )
    # classes that are not all told cannot be added up, so nobody tries
    assert "四舍五入" not in broken(33, {"省派": 11, "市派": 11, "县派": 9, "乡派": 1, "村派": 1})


@pytest.mark.parametrize(
    ("number", "word"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (23, "二十三")]
)
def test_headings_count_in_chinese(number: int, word: str) -> None:
    assert numeral(number) == word


# -------------------------------------------------------------------------------------------------- facts and tables


def test_every_figure_said_is_a_fact_with_that_text() -> None:
    c = context()
    variables = c.variables()
    said = [p for s in variables["sections"] for p in s.paragraphs] + [
        i.text for i in variables["circular"]({}).problems
    ]
    for figure in (f for p in said for f in p.figures):
        assert figure.text in c.facts.by_id[figure.id].texts


def test_no_digit_is_said_outside_a_figure() -> None:
    variables = context().variables()
    said = [p for s in variables["sections"] for p in s.paragraphs] + [
        i.text for i in variables["circular"]({}).problems
    ]
    loose = [part for p in said for part in p.parts if isinstance(part, str) and re.search(r"\d", part)]
    assert loose == []


def test_a_fact_with_two_values_is_our_mistake() -> None:
    facts = Facts()
    facts.figure("a", "1", value=Decimal(1))
    facts.figure("a", "1.0", value=Decimal(1))
    assert facts.by_id["a"].texts == ("1", "1.0")
    with pytest.raises(ValueError, match="two values"):
        facts.figure("a", "2", value=Decimal(2))


def test_the_ranking_table_has_every_township_and_at_most_eight_figures() -> None:
    table = annexes.ranking_table(report_data())
    assert [str(row[0]) for row in table.rows] == ["全市", *TOWNSHIPS]
    assert len(table.columns) == 1 + 2 * annexes.RANKED_COLUMNS
    assert table.wide


def test_the_returns_table_adds_up() -> None:
    table = annexes.returns_table(report_data())
    body, total = table.rows[:-1], table.rows[-1]
    for place in range(1, len(table.columns)):
        assert sum(int(str(row[place])) for row in body) == int(str(total[place]))


def test_words_and_names_print_exactly_as_they_are() -> None:
    assert marked("a|b *c* _d_ [e]") == r"a\|b \*c\* \_d\_ \[e\]"
    assert marked("- 甲") == r"\- 甲"
    assert marked("1. 甲") == r"1\. 甲"
    assert marked("::: 甲") == r"\::: 甲"
    assert marked(None) == "—"
    assert str(phrase("由", Figure("x", "5"), None, "个", phrase("", "整"))) == "由5个整"
    assert not Phrase()
    assert not Table("空", (), ())


@pytest.mark.parametrize("thing", [[1], {"a": 1}, {1}, (1,)])
def test_a_template_cannot_print_a_list(thing: object) -> None:
    with pytest.raises(TypeError):
        marked(thing)


def test_only_the_standards_the_figures_use_are_listed() -> None:
    made = [value("resident_days_rate", 9, 10), value("strong_village_n", None, reason="value-standard")]
    rows = annexes.standards_table(report_data(values=made)).rows
    # the line of strong villages ended in 2023: it is used, but not in force
    assert [str(row[0]) for row in rows] == ["每月驻村天数下限"]


def test_a_township_has_a_briefing_of_its_own_and_sees_no_other() -> None:
    township = next(u for u in REGISTER.units if u.name == "草尾镇")
    m = context(settings=replace(SETTINGS, unit=township.code)).data
    assert (m.scope, m.children_word, len(m.children)) == ("全镇", "村（社区）", 5)
    assert {state.reporter_code for state in m.returns} == {township.code}
    words = "".join(
        str(problem.text)
        for problem in context(settings=replace(SETTINGS, unit=township.code))
        .variables()["circular"]({})
        .problems
    )
    assert words
    assert "共华" not in words


def test_composing_twice_says_the_same() -> None:
    first, second = context(), context()
    assert [str(p) for p in sections.overview(first.data)] == [str(p) for p in sections.overview(second.data)]
