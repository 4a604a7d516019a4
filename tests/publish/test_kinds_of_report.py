"""The kinds of report: narrative, public and yearly ones beside the circular. Every number is a fact, what is missing is left out
without a trace, and what may not be published is not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from briefing_values import LIBRARY, REGISTER, TOWNSHIPS, context, value, values
from hypothesis import given, settings
from hypothesis import strategies as st
from semantics_world import drop, farm, make_project, quarter, take

from ruralpb.app import report as reporting
from ruralpb.app.project import Project
from ruralpb.app.report_plan import ReportRequest
from ruralpb.core.periods import find
from ruralpb.model import Comparison, Value
from ruralpb.model.loader import shipped_path
from ruralpb.publish.documents import Rendered, render, stamp
from ruralpb.publish.text.narrative import Narrative
from ruralpb.publish.text.public import LEAST, PublicNotice, published
from ruralpb.publish.text.targets import Aims
from ruralpb.publish.text.unit_context import MovingUnit, RegisterState, ScorePlace, UnitPlace
from ruralpb.publish.text.year import Year

WHEN = stamp(date(2026, 4, 8), {})
SHIPPED = shipped_path("templates")
KINDS = ("quarterly", "profile", "dispatch", "work_report", "public_notice", "year_summary")
OF_A_COUNTY = ("quarterly", "work_report", "public_notice", "year_summary")
YEAR_END = find("2025Q4")
assert YEAR_END is not None
UNITS = {unit.name: unit for unit in REGISTER.units if unit.level == "township"}


class Around:
    """What lies beside a unit, as a test gives it."""

    def __init__(self, earlier: Sequence[Value] = ()) -> None:
        self._earlier = earlier

    def peers(self) -> Sequence[Value]:
        return [v for v in values() if v.level == "township"]

    def standings(self) -> Sequence[ScorePlace]:
        return ()

    def registers(self) -> Sequence[RegisterState]:
        return ()

    def places(self, score: str) -> Sequence[UnitPlace]:
        units = [u for u in REGISTER.units if u.level == "township"]
        return [
            UnitPlace(u.code, Decimal(99 - n), n, n + 1, ("驻村天数达标",)) for n, u in enumerate(units, 1)
        ]

    def movers(self, id: str, against: str) -> Sequence[MovingUnit]:
        return ()

    def lacking(self, id: str, wanted: Decimal) -> Sequence[MovingUnit]:
        return ()

    def listed(self, id: str) -> None:
        return None

    def past(self, ids: Sequence[str]) -> Sequence[Value]:
        return ()

    def earlier(self, ids: Sequence[str]) -> Sequence[Value]:
        return [v for v in self._earlier if v.indicator in ids]


def rendered(kind: str, *formats: str, **more: object) -> Rendered:
    return render(context(**({"unit_context": Around()} | more)), kind, [SHIPPED], formats or ("md",), WHEN)


def text(kind: str, **more: object) -> str:
    return rendered(kind, **more).files["md"].decode()


# -------------------------------------------------------------------------------------------------- every kind


@pytest.mark.parametrize("kind", KINDS)
def test_each_number_is_a_fact_in_each_format(kind: str) -> None:
    made = rendered(kind, "md", "docx", "html")
    assert [p for p in made.problems if p.slug == "template-number"] == []
    assert made.printed
    assert all(made.files[format] for format in ("md", "docx", "html"))


def leftovers(words: str) -> list[str]:
    """What a reader must never see: code, English, doubled words and stops."""
    return re.findall(
        r"None|nan|undefined|[{}]|%%|，，|。。|；；|，。|；。|：。|、。|的的|为为|（）|其中其中|不含未报的(?![一-龥])",
        words,
    )


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_left_of_the_machine(kind: str) -> None:
    assert leftovers(text(kind)) == []


@pytest.mark.parametrize("kind", OF_A_COUNTY)
def test_it_is_written_in_chinese(kind: str) -> None:
    assert re.findall(r"[A-Za-z]{2,}", text(kind)) == []


@pytest.mark.parametrize("kind", OF_A_COUNTY)
def test_without_any_data_it_still_reads(kind: str) -> None:
    words = text(kind, values=[], returns=[], findings=[])
    assert leftovers(words) == []
    assert not re.search(r"(?<![\d年月-])0(个|项|人|份)", words)


@settings(max_examples=6, deadline=None)
@given(kept=st.sets(st.sampled_from(sorted(LIBRARY.indicators)), max_size=25))
def test_whatever_is_missing_drops_out_without_a_trace(kept: set[str]) -> None:
    some = [v for v in values() if v.indicator in kept]
    for kind in OF_A_COUNTY:
        words = text(kind, values=some)
        assert leftovers(words) == []
        # headings and points count on without a gap
        parts = [re.findall(r"^（(.)）", part, re.M) for part in words.split("\n## ")]
        for numbers in re.findall(r"^## (.)、", words, re.M), *parts:
            assert numbers == list("一二三四五六七八九")[: len(numbers)]


@pytest.mark.parametrize("kind", OF_A_COUNTY)
def test_nothing_is_called_whole_while_a_return_is_missing(kind: str) -> None:
    """Semantics S4: 实现全覆盖, 清零, 全部 need every unit."""
    lacking = [
        replace(v, covered=13, missing=(UNITS["新湾镇"].code,)) if v.level == "county" else v
        for v in values()
    ]
    words = text(kind, values=lacking)
    assert not re.search(
        "实现全覆盖|(?<!尚未)实现清零|(?<!未能)保持清零|全部(?!按时)", words.partition("附件：")[0]
    )
    assert "不含未报的新湾镇" in words


@pytest.mark.parametrize("kind", OF_A_COUNTY)
def test_a_draft_says_so_on_its_face(kind: str) -> None:
    waiting = [replace(v, unaccepted=True) for v in values()]
    assert text(kind, values=waiting).startswith("草稿")
    assert not text(kind).startswith("草稿")


def test_the_templates_name_only_indicators_there_are() -> None:
    """A misspelled name would drop a sentence without a word."""
    for path in SHIPPED.glob("*.md.j2"):
        source = re.sub(r'(?s)\{#.*?#\}|setting\("\w+"', "", path.read_text("utf-8"))
        named = set(re.findall(r"\{(\w+)(?:/[^{}:]+)?(?::\w+)?\}", source)) | set(
            re.findall(r'"([a-z0-9]+(?:_[a-z0-9]+)+)"', source)
        )
        known = LIBRARY.indicators.keys() | LIBRARY.domains.keys() | LIBRARY.lists.keys()
        assert named - known - {"units", "period", "scope", "children", "secretaries"} == set(), path.name


# -------------------------------------------------------------------------------------------------- narrative


def told(sentence: str, *made: Value) -> str:
    """How a sentence of a point reads with the figures given."""
    found = Narrative(context(values=list(made)).data).points([["甲事", sentence]])
    return str(found[0].text) if found else ""


TEAMS, MEMBERS = value("team_n", 144), value("resident_n", 247)


@pytest.mark.parametrize(
    ("sentence", "made", "words"),
    [
        ("选派驻村工作队{team_n}、干部{resident_n}。", (TEAMS, MEMBERS), "甲事。选派驻村工作队144支、干部247人。"),
        # a piece between commas goes with its figure, the rest stays and ends as a sentence does
        ("选派驻村工作队{team_n}，干部{resident_n}。", (TEAMS,), "甲事。选派驻村工作队144支。"),
        ("干部{resident_n}，驻村工作队{team_n}。", (TEAMS,), "甲事。驻村工作队144支。"),
        ("建立制度，选派{team_n}。", (), ""),
        # a result of nothing is no result, but a fault that is 0 is
        ("引进项目{resident_project_n}。", (value("resident_project_n", 0),), ""),
        ("薄弱村{weak_village_n}{weak_village_n:full}。", (value("weak_village_n", 0),), "甲事。薄弱村0个，实现清零。"),
        ("薄弱村{weak_village_n}{weak_village_n:full}。", (value("weak_village_n", 2),), "甲事。薄弱村2个。"),
        ("资金{fund_alloc/阵地建设}。", (value("fund_alloc", "3180", slice=(("category", "阵地建设"),)),), "甲事。资金3180.0万元。"),
        ("资金{fund_alloc/阵地建设}。", (value("fund_alloc", "3180"),), ""),
        ("乙{no_such_thing}，驻村工作队{team_n}。", (TEAMS,), "甲事。驻村工作队144支。"),
        (
            "驻村工作队{team_n}{team_n:moved}，驻村干部{resident_n}{resident_n:moved}。",
            (replace(TEAMS, previous=Comparison("2025Q4", Decimal(144), Decimal(147), units=14)), MEMBERS),
            "甲事。驻村工作队144支，较上季度减少3支，驻村干部247人。",
        ),
        (
            "超期问题{issue_overdue_n}{issue_overdue_n:moved}。",
            (replace(value("issue_overdue_n", 0), previous=Comparison("2025Q4", Decimal(0), Decimal(0), units=14)),),
            "甲事。超期问题0个。",
        ),
        (
            "驻村工作队{team_n}，驻村干部{resident_n}。",
            (TEAMS, replace(MEMBERS, covered=13, missing=(UNITS["新湾镇"].code,))),
            "甲事。驻村工作队144支，驻村干部247人，不含未报的新湾镇。",
        ),
    ],
)  # fmt: skip
def test_a_sentence_keeps_what_it_has_figures_for(sentence: str, made: tuple[Value, ...], words: str) -> None:
    assert told(sentence, *made) == words


def test_a_focus_of_which_nothing_is_left_goes_and_the_others_are_numbered_on() -> None:
    wanted = [
        {"title": "甲", "lead": "一", "points": [["子", "{resident_n}。"]]},
        {
            "title": "乙",
            "lead": "二",
            "points": [["丑", "{resident_n}。"], ["寅", "定制度。", "工作队{team_n}。"]],
        },
    ]
    (focus,) = Narrative(context(values=[TEAMS]).data).foci(wanted)
    assert (focus.ordinal, focus.title) == ("一", "乙")
    assert [(p.ordinal, str(p.text)) for p in focus.points] == [("一", "寅。定制度。工作队144支。")]


def test_the_work_report_has_the_five_foci_of_its_kind() -> None:
    words = text("work_report")
    titles = re.findall(r"^## (.)、聚焦(...)", words, re.M)
    assert titles == [
        ("一", "领导力"),
        ("二", "战斗力"),
        ("三", "凝聚力"),
        ("四", "约束力"),
        ("五", "支撑力"),
    ]
    assert "本通报" not in words


# -------------------------------------------------------------------------------------------------- targets


def aim(id: str, number: int, status: str, goal: int = 100) -> Value:
    return replace(value(id, number, 100), target=Decimal(goal), status=status)


def test_targets_are_counted_and_the_missed_ones_told() -> None:
    made = [aim("committee_review_rate", 98, "failed"), aim("org_life_rate", 100, "met"), value("team_n", 1)]
    aims = Aims(context(values=made).data)
    assert str(aims.sentence) == (
        "已到期的2项目标中，达到1项，未达到1项：“两委”成员县级联审合格率为98.0%，低于100%的目标2.0个百分点"
    )
    assert [[str(cell) for cell in row][1:4] for row in aims.table.rows] == [
        ["100%", "100%", "达到"],
        ["100%", "98.0%", "未达到"],
    ]


def test_a_target_that_is_not_due_is_neither_reached_nor_missed() -> None:
    made = [aim("committee_train_cover", 71, "")]
    assert not Aims(context(values=made).data).sentence


# -------------------------------------------------------------------------------------------------- public


def notice(*made: Value) -> PublicNotice:
    return PublicNotice(context(values=list(made)).data)


def test_what_is_not_public_is_nowhere_in_the_notice() -> None:
    words = text("public_notice")
    secret = [i for i in LIBRARY.indicators.values() if not i.public]
    assert {i.id for i in secret} >= {"reserve_n", "org_weak_n", "committee_review_rate", "resident_absent_n"}
    assert [i.title for i in secret if re.sub("（.*）$", "", i.title) in words] == []
    assert not published(LIBRARY).indicators.keys() & {i.id for i in secret}


def test_the_notice_names_no_village_no_place_and_nobody_behind() -> None:
    words = text("public_notice")
    assert [u.name for u in REGISTER.units if u.level == "village" and u.name in words] == []
    assert not re.search("居前|靠后|位次|排名|第.位|迟报|缺报", words)


def persons(numbers: Sequence[int], total: int) -> list[Value]:
    made = [
        value("talent_n", n, None, UNITS[name], "township")
        for n, name in zip(numbers, TOWNSHIPS, strict=False)
    ]
    return [value("talent_n", total), *made]


def column(found: PublicNotice, id: str) -> list[str]:
    return [str(row[1]) if row[1] is not None else "—" for row in found.units_table([id]).rows]


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [
        ([9, 8, 7], ["9", "8", "7"]),
        # fewer than five persons are told to nobody, and one cell alone could be found by subtraction
        ([9, 3, 7], ["9", "—", "—"]),
        ([9, 3, 2], ["9", "—", "—"]),
        # two that are 1 each would be told by their sum; a cell of nobody hides nobody
        ([9, 1, 1], ["—", "—", "—"]),
        ([9, 3, 0], ["—", "—", "0"]),
        # nobody is no person
        ([9, 0, 7], ["9", "0", "7"]),
    ],
)
def test_small_counts_of_persons_are_not_published(numbers: list[int], shown: list[str]) -> None:
    found = notice(*persons(numbers, sum(numbers)))
    assert column(found, "talent_n")[: len(numbers)] == shown
    notes = "".join(map(str, found.units_table(["talent_n"]).notes))
    assert f"人数不足{LEAST}人" in notes


@settings(max_examples=25, deadline=None)
@given(numbers=st.lists(st.integers(min_value=0, max_value=30), min_size=14, max_size=14))
def test_a_suppressed_count_cannot_be_found_from_the_total(numbers: list[int]) -> None:
    shown = column(notice(*persons(numbers, sum(numbers))), "talent_n")
    body, total = shown[:-1], shown[-1]
    assert all(text == "—" for text, n in zip(body, numbers, strict=True) if 0 < n < LEAST)
    hidden = [n for text, n in zip(body, numbers, strict=True) if text == "—"]
    if hidden and total != "—" and any(n >= LEAST for n in numbers):
        assert len(hidden) > 1
        assert sum(hidden) >= LEAST


def test_a_change_that_would_tell_a_small_base_is_left_out() -> None:
    made = replace(value("talent_n", 8), previous=Comparison("2025Q4", Decimal(8), Decimal(3), units=14))
    (row,) = notice(made).figures_table().rows
    assert [str(cell) for cell in row[2:4]] == ["8", "None"]
    known = replace(value("talent_n", 80), previous=Comparison("2025Q4", Decimal(80), Decimal(77), units=14))
    (row,) = notice(known).figures_table().rows
    assert str(row[3]) == "较上季度增加3人"


def test_a_rate_of_a_handful_is_not_published() -> None:
    (row,) = notice(value("resident_train_cover", 1, 2)).figures_table().rows
    assert row[2] is None


# -------------------------------------------------------------------------------------------------- the year


def at(
    period: str, number: int, of: int | None = None, id: str = "one_shoulder_rate", **more: object
) -> Value:
    return value(id, number, of, period=period, **more)


def year(*made: Value, earlier: Sequence[Value] = ()) -> Year:
    return Year(context(values=list(made), period=YEAR_END, unit_context=Around(earlier)).data)


@pytest.mark.parametrize(
    ("earlier", "now", "words"),
    [
        (
            [at("2025Q1", 143, 150)],
            at("2025Q4", 146, 150),
            "书记主任“一肩挑”比例由一季度的95.3%提高到四季度的97.3%",
        ),
        (
            [at("2025Q2", 147, 150)],
            at("2025Q4", 146, 150),
            "书记主任“一肩挑”比例由二季度的98.0%下降到四季度的97.3%",
        ),
        ([at("2025Q1", 146, 150)], at("2025Q4", 146, 150), "书记主任“一肩挑”比例一季度、四季度均为97.3%"),
        (
            [at("2025Q1", 10, id="weak_village_n")],
            at("2025Q4", 0, id="weak_village_n"),
            "薄弱村数由一季度的10个减少到四季度的0个，实现清零",
        ),
        # not of different units, not of one quarter, not of what only grows
        ([at("2025Q1", 143, 150, covered=13)], at("2025Q4", 146, 150), ""),
        ([], at("2025Q4", 146, 150), ""),
        ([at("2025Q1", 3, id="class_n")], at("2025Q4", 9, id="class_n"), ""),
    ],
)
def test_the_year_s_way_is_told_from_its_first_whole_quarter(
    earlier: list[Value], now: Value, words: str
) -> None:
    assert str(year(now, earlier=earlier).trends([now.indicator])) == words


def test_each_quarter_has_its_column_and_who_is_not_in_it() -> None:
    lacking = at("2025Q2", 140, 145, covered=13, missing=(UNITS["新湾镇"].code,))
    table = year(at("2025Q4", 146, 150), earlier=[at("2025Q1", 143, 150), lacking]).quarters_table(
        ["one_shoulder_rate"]
    )
    assert [str(c.title) for c in table.columns][2:] == ["一季度", "二季度", "三季度", "四季度"]
    assert [str(cell) for cell in table.rows[0][2:]] == ["95.3", "96.6", "None", "97.3"]
    assert "二季度部分指标不含未报的新湾镇" in str(table.notes[0])


def test_what_was_counted_in_the_last_quarter_only_says_so() -> None:
    """A flow of the fourth quarter is no figure of the year; a cumulative one is."""
    said = "".join(
        str(p)
        for s in year(at("2025Q4", 98, 100, id="org_life_rate"), at("2025Q4", 9, id="class_n")).sections()
        for p in s.paragraphs
    )
    assert said == "四季度组织生活达标率为98.0%。培训班次（场次）9期。"


@pytest.mark.parametrize(
    ("label", "title"), [("2025Q4", "2025年度"), ("2025Q2", "2025年上半年"), ("2025Q1", "2025年一季度")]
)
def test_before_the_year_is_over_it_is_a_summary_of_a_part(label: str, title: str) -> None:
    found = Year(context(values=[], period=find(label)).data)
    assert str(found.title) == title


_OWN = """\
{%- set one = year() -%}
{{ one.title }}农情总结
===

{{ one.trends(["cost_rate"]) }}。

{{ one.quarters_table(["income", "cost_rate"]) }}
"""


@pytest.fixture(scope="module")
def two_quarters(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, reporting.WrittenReport, str]:
    """A year's summary of two quarters, with a template of the project's own."""
    folder = tmp_path_factory.mktemp("year")
    project = make_project(folder)
    (folder / "templates").mkdir()
    (folder / "templates/own.md.j2").write_text(_OWN, "utf-8")
    for name, first, second in (
        ("青山镇", "新建村 10 4\n柳树村 10 4", "新建村 30 6\n柳树村 20 4"),
        ("石桥镇", "石桥村 20 8", "石桥村 50 10"),
    ):
        drop(project, f"2026-04-03/{name}.xlsx", farm(name, "2026年第一季度", first))
        drop(project, f"2026-07-03/{name}.xlsx", farm(name, "2026年第二季度", second))
    take(project)
    order = ReportRequest("own", "990101", ("md",), folder / "out")
    written = reporting.report(project, quarter("2026Q2"), date(2026, 7, 20), order, lambda _: None)
    return project, written, written.files[0].read_text("utf-8")


def test_earlier_quarters_are_read_from_the_returns_and_lead_to_their_cells(
    two_quarters: tuple[Project, reporting.WrittenReport, str],
) -> None:
    _, written, words = two_quarters
    assert "| 经营收入（累计） | 万元 | 40.00 | 100.00 |" in words
    (first,) = {f.cells for f in written.facts if f.fact == "income@990101@2026Q1"}
    assert {(c.file.split("/")[-2], c.sheet) for c in first} == {("2026-04-03", "农情")}
    assert {c.cell[0] for c in first} == {"B"}
    assert len(first) == 3
