"""Watches, scores and lists: the states of what is watched, points and gaps, who is listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from command_line import ruralpb
from scratch_session import scratch
from semantics_world import make_project

from ruralpb.core import periods
from ruralpb.model import (
    Criterion,
    Entry,
    Field,
    Form,
    Library,
    ListDefinition,
    Rating,
    Register,
    Score,
    ScoreLine,
    Standard,
    StandardValue,
    Unit,
    Watch,
)
from ruralpb.model import Settings as ProjectSettings
from ruralpb.rules.registers import listed, rated_rows, rated_units, register_of
from ruralpb.store import Given

EAST, WEST = "990101101", "990101102"
UNITS = (
    Unit("99", "示例省", "province", ""),
    Unit("9901", "示例市", "city", "99"),
    Unit("990101", "示例县", "county", "9901"),
    Unit(EAST, "东镇", "township", "990101", kind="镇"),
    Unit(WEST, "西镇", "township", "990101", kind="镇"),
    Unit(f"{EAST}201", "甲村", "village", EAST, kind="行政村"),
    Unit(f"{EAST}202", "乙村", "village", EAST, kind="行政村"),
    Unit(f"{WEST}201", "丁村", "village", WEST, kind="行政村"),
)
CODES = {unit.name: unit.code for unit in UNITS}
FARM = Form(
    "farm", "农情表", "01", "village", "quarter", "point", ("village",),
    (
        Field("township", "乡镇", "township"), Field("village", "村名", "village"), Field("state", "状态", "text"),
        Field("c1", "单项1", "number"), Field("c2", "单项2", "number"), Field("less", "扣分", "number"),
        Field("veto", "否决", "bool"), Field("basis", "依据", "text"), Field("due", "时限", "date"),
    ),
    village_row=True, village_kinds=("行政村",),
)  # fmt: skip
VISIT = Form("visit", "走访记录", "02", "visit", "quarter", "flow", ("no",),
             (Field("village", "村名", "village"), Field("no", "编号", "text")))  # fmt: skip
WATCH = Watch("weak", "薄弱村", "farm", watched="state = '监测'", awaiting="state = '待验收'", cleared="state = '销号'",
              evidence="basis", due_on="due", show={"得分": "c1"})  # fmt: skip
LINES = {
    "line_5": Standard(
        "line_5", "五星线", "分", (StandardValue(date(2020, 1, 1), Decimal(18), "示例", None),)
    ),
    "line_4": Standard(
        "line_4", "四星线", "分", (StandardValue(date(2020, 1, 1), Decimal(15), "示例", None),)
    ),
}
SCORE = Score(
    "good", "示范村", (Criterion("班子", Decimal(10), "c1"), Criterion("产业", Decimal(10), "c2")), form="farm",
    subject="village", deduction="less", veto="veto",
    lines=(ScoreLine("五星", "line_5"), ScoreLine("四星", "line_4")),
)  # fmt: skip
LIBRARY = Library({"farm": FARM, "visit": VISIT}, {}, LINES, {}, {}, "")
SETTINGS = ProjectSettings("示例", "990101")
QUARTERS = tuple(periods.parse(label, date(2026, 4, 1)) for label in ("2025Q2", "2025Q3", "2025Q4", "2026Q1"))
LAST = QUARTERS[-1]


def row(village: str, **fields: Any) -> dict[str, Any]:
    code = CODES[village]
    return {"village": village, "village_code": code, "township_code": code[:9], **fields}


def entry(*quarters: dict[str, Any] | None, register: Register | None = None) -> Entry | None:
    """甲村 over the last quarters: what its row says; {} for a return without it, None for no return."""
    series = QUARTERS[-len(quarters) :]
    given = [
        Given(EAST, "farm", period, (row("甲村", **said),) if said else (row("乙村"),))
        for period, said in zip(series, quarters, strict=True)
        if said is not None
    ]
    units = register or Register(UNITS)
    returned = {g.period.label: frozenset({EAST}) for g in given}
    with scratch(LIBRARY, units, SETTINGS, LAST, given) as session:
        found, problems = register_of(WATCH, LIBRARY, units, series, returned, session.queries)
    assert not problems
    return next(iter(found), None)


def known(*quarters: dict[str, Any] | None) -> Entry:
    found = entry(*quarters)
    assert found is not None
    return found


WATCHED, AWAITING = {"state": "监测"}, {"state": "待验收"}
CLEARED = {"state": "销号", "basis": "验收单3号"}


class TestWatch:
    def test_never_watched_is_in_no_register(self) -> None:
        assert entry({"state": "正常"}, {"state": "正常"}) is None

    def test_from_watched_to_cleared(self) -> None:
        found = known(WATCHED, WATCHED, AWAITING, CLEARED)
        assert (found.state, found.since, found.relapses, found.faults) == ("cleared", "2026Q1", 0, ())
        assert (found.opened, found.cleared) == (QUARTERS[0].end, LAST.end)
        assert found.evidence == "验收单3号"
        assert [s for _, s in found.history] == ["watched", "watched", "awaiting", "cleared"]

    def test_a_state_begins_where_it_began(self) -> None:
        assert known(WATCHED, AWAITING, AWAITING, AWAITING).since == "2025Q3"

    def test_relapse_starts_anew(self) -> None:
        found = known(WATCHED, CLEARED, WATCHED, WATCHED)
        assert (found.state, found.since, found.relapses) == ("watched", "2025Q4", 1)
        assert found.opened == QUARTERS[2].end
        assert found.faults == ("relapsed",)

    def test_cleared_after_a_relapse_remembers_it(self) -> None:
        found = known(CLEARED, WATCHED, CLEARED)
        assert (found.state, found.relapses, found.faults) == ("cleared", 1, ())

    def test_cleared_without_evidence(self) -> None:
        assert known(WATCHED, {"state": "销号"}).faults == ("no-evidence",)

    def test_gone_without_being_cleared(self) -> None:
        found = known(WATCHED, {})
        assert (found.state, found.cell, found.faults) == ("watched", None, ("vanished",))

    def test_a_township_that_did_not_return_says_nothing(self) -> None:
        assert known(WATCHED, None).faults == ("not-reported",)

    @pytest.mark.parametrize("after", [{}, None])
    def test_of_one_that_is_no_longer_reported_the_last_row_is_told(
        self, after: dict[str, Any] | None
    ) -> None:
        told = {"state": "监测", "due": date(2025, 10, 31), "basis": "台账", "c1": 7}
        found = known(WATCHED, told, after, after)
        assert (found.subject, found.due, found.evidence) == ("甲村", date(2025, 10, 31), "台账")
        assert found.shown == {"得分": 7}
        assert "overdue" in found.faults

    def test_overdue(self) -> None:
        late = {"state": "监测", "due": date(2026, 1, 31)}
        assert known(late).faults == ("overdue",)
        assert known({"state": "监测", "due": LAST.end}).faults == ()

    def test_a_merged_village_is_followed_under_its_successor(self) -> None:
        merged = Register(
            (*(u for u in UNITS if u.name != "甲村"),
             Unit(CODES["甲村"], "甲村", "village", EAST, kind="行政村", valid_to=date(2025, 12, 31), successor=CODES["乙村"]))
        )  # fmt: skip
        given = [
            Given(EAST, "farm", QUARTERS[2], (row("甲村", **WATCHED),)),
            Given(EAST, "farm", LAST, (row("乙村", **CLEARED),)),
        ]
        returned = {g.period.label: frozenset({EAST}) for g in given}
        with scratch(LIBRARY, merged, SETTINGS, LAST, given) as session:
            (found,), _ = register_of(WATCH, LIBRARY, merged, QUARTERS, returned, session.queries)
        assert (found.unit_code, found.state) == (CODES["乙村"], "cleared")
        assert [s for _, s in found.history] == ["watched", "cleared"]


def ratings(*rows: dict[str, Any]) -> list[Rating]:
    given = [Given(EAST, "farm", LAST, tuple(rows))]
    with scratch(LIBRARY, Register(UNITS), SETTINGS, LAST, given) as session:
        found, problems = rated_rows(SCORE, LIBRARY, Register(UNITS), LAST, session.query)
    assert not problems
    return found


class TestScore:
    def test_points_grade_and_what_is_lacking_to_the_next(self) -> None:
        (found,) = ratings(row("甲村", c1=9, c2=Decimal("8.5"), less=1))
        assert (found.total, found.grade) == (Decimal("16.50"), "四星")
        assert (found.gap, found.next_grade) == (Decimal("1.50"), "五星")
        assert [p.title for p in found.weakest] == ["产业", "班子"]

    def test_the_highest_grade_lacks_nothing_and_below_the_lowest_there_is_none(self) -> None:
        best, worst = ratings(row("甲村", c1=10, c2=9), row("乙村", c1=5, c2=5))
        assert (best.grade, best.gap, best.rank) == ("五星", None, 1)
        assert (worst.grade, worst.gap, worst.next_grade, worst.rank) == ("", Decimal("5.00"), "四星", 2)

    def test_the_line_itself_is_reached(self) -> None:
        assert ratings(row("甲村", c1=10, c2=8))[0].grade == "五星"

    def test_equal_totals_share_a_rank(self) -> None:
        found = ratings(row("甲村", c1=9, c2=9), row("乙村", c1=8, c2=10))
        assert [r.rank for r in found] == [1, 1]

    def test_ruled_out_has_neither_grade_nor_rank(self) -> None:
        found = ratings(row("甲村", c1=10, c2=10, veto=True), row("乙村", c1=6, c2=6))
        assert [(r.subject, r.rank, r.ranked, r.grade) for r in found] == [
            ("乙村", 1, 1, ""),
            ("甲村", None, 0, ""),
        ]

    def test_an_unknown_point_leaves_no_total(self) -> None:
        (found,) = ratings(row("甲村", c1=10))
        assert (found.total, found.rank) == (None, None)


UNIT_SCORE = Score(
    "ranking", "考核", level="township", within="class",
    criteria=(
        Criterion("完成率", Decimal(60), indicator="rate", zero=Decimal(50), full=Decimal(100)),
        Criterion("新增负债", Decimal(40), indicator="debts", zero=Decimal(4), full=Decimal(0)),
    ),
)  # fmt: skip


def ranked(values: dict[str, Sequence[Any]], classes: dict[str, str] | None = None) -> list[Rating]:
    units = [
        Unit(name, name, "township", "990101", unit_class=(classes or {}).get(name, "")) for name in values
    ]
    said = {
        (ind, name): v
        for name, pair in values.items()
        for ind, v in zip(("rate", "debts"), pair, strict=True)
    }
    found, _ = rated_units(UNIT_SCORE, LIBRARY, units, said, LAST)
    return found


class TestUnits:
    @pytest.mark.parametrize(("rate", "debts", "total"), [
        (Decimal(100), Decimal(0), "100.00"), (Decimal(120), Decimal(0), "100.00"), (Decimal(75), Decimal(1), "60.00"),
        (Decimal(40), Decimal(9), "0.00"), (Decimal("66.67"), Decimal(4), "20.00"),
    ])  # fmt: skip
    def test_the_share_of_the_way_from_nothing_to_everything(
        self, rate: Decimal, debts: Decimal, total: str
    ) -> None:
        assert ranked({"东镇": (rate, debts)})[0].total == Decimal(total)

    @pytest.mark.parametrize(("value", "target", "total"), [
        ("25", "25", "100.00"), ("20", "25", "50.00"), ("15", "25", "0.00"), ("30", "25", "100.00"), ("25", None, None), ("25", "0", None),
    ])  # fmt: skip
    def test_a_yearly_figure_is_scored_by_how_far_it_should_have_come(
        self, value: str, target: str | None, total: str | None
    ) -> None:
        progress = Criterion(
            "进度", Decimal(100), indicator="rate", zero=Decimal(60), full=Decimal(100), of_target=True
        )
        key = ("rate", "东镇")
        targets = {key: Decimal(target) if target else None}
        ((found,), _) = rated_units(
            replace(UNIT_SCORE, criteria=(progress,)), LIBRARY, [Unit("东镇", "东镇", "township", "990101")],
            {key: Decimal(value)}, LAST, targets,
        )  # fmt: skip
        assert found.total == (Decimal(total) if total else None)

    def test_an_unknown_figure_is_no_zero(self) -> None:
        found = ranked({"东镇": (None, Decimal(0)), "西镇": (Decimal(60), Decimal(4))})
        assert [(r.subject, r.rank) for r in found] == [("西镇", 1), ("东镇", None)]

    def test_each_class_has_its_own_ranks(self) -> None:
        values = {n: (Decimal(v), Decimal(0)) for n, v in (("甲", 60), ("乙", 90), ("丙", 70))}
        found = ranked(values, {"甲": "A", "乙": "A", "丙": "B"})
        assert [(r.subject, r.group, r.rank, r.ranked) for r in found] == [
            ("乙", "A", 1, 2), ("甲", "A", 2, 2), ("丙", "B", 1, 1),
        ]  # fmt: skip


def test_a_list_names_who_it_is_about_and_nobody_where_it_is_unknown() -> None:
    definition = ListDefinition(
        "without", "没有走访的村", "ref_village", {"乡镇": "township", "村": "village"},
        where="not exists (select 1 from visit v where v.village_code = ref_village.village_code)",
    )  # fmt: skip
    given = [Given(EAST, "visit", LAST, (row("甲村", no="1"),))]
    with scratch(LIBRARY, Register(UNITS), SETTINGS, LAST, given) as session:
        found, problems = listed(definition, LIBRARY, Register(UNITS), LAST, session.query)
    assert not problems
    assert [tuple(line.values) for line in found] == [("东镇", "乙村")], (
        "西镇 has not returned: unknown is no line"
    )


BROKEN = """\
watches:
  - {id: w, title: 监测, form: farm, watched: incom > 1, cleared: income = 0}
scores:
  - {id: s, title: 评分, level: township, criteria: [{title: 完成率, weight: 10, indicator: nobody}]}
lists:
  - {id: l, title: 名单, relation: frm, columns: {村: village}}
"""


def test_definitions_are_checked_with_their_line(tmp_path: Path) -> None:
    make_project(tmp_path)
    (tmp_path / "definitions").mkdir()
    (tmp_path / "definitions" / "own.yaml").write_text(BROKEN, "utf-8")
    said = ruralpb("define", "check", project=tmp_path)
    assert said.code in (1, 2)
    text = said.out + said.err
    assert "own.yaml:2" in text
    assert "own.yaml:4" in text
    assert "own.yaml:6" in text
    assert "income" in text, "did you mean"
