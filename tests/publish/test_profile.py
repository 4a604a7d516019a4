"""一季一点评 and 一月一调度: the one-page profile of a township, the monthly short cycle, and months as periods on the way to them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from briefing_values import LIBRARY, PERIOD, REGISTER, SETTINGS, TOWNSHIPS, value
from semantics_world import HONGQI, SHIQIAO, check, drop, farm, make_project, quarter, returns, take, values
from workbooks import workbook

from ruralpb.app import registers
from ruralpb.app import report as reporting
from ruralpb.app.opening import open_project
from ruralpb.app.project import Project
from ruralpb.app.report_plan import ReportRequest
from ruralpb.model import Finding, Target, Value
from ruralpb.publish.text.figures import Facts
from ruralpb.publish.text.profile import Profile
from ruralpb.publish.text.report_data import ReportData
from ruralpb.publish.text.unit_context import RegisterState, ScorePlace
from ruralpb.rules.indicators.targets import judged

TODAY = date(2026, 4, 30)
UNITS = {unit.name: unit for unit in REGISTER.units if unit.level == "township"}
HOME = TOWNSHIPS[0]


class Around:
    """What lies beside a township, as a test gives it."""

    def __init__(self, peers: Sequence[Value], registers: Sequence[RegisterState] = ()) -> None:
        self._peers, self._registers = peers, registers

    def peers(self) -> Sequence[Value]:
        return self._peers

    def standings(self) -> Sequence[ScorePlace]:
        return (ScorePlace("ranking", "季度考核排名", Decimal("82.35"), 2, 6, "B"),)

    def registers(self) -> Sequence[RegisterState]:
        return self._registers

    def listed(self, id: str) -> None:
        return None


def ranked(indicator: str, ranks: Sequence[int | None]) -> list[Value]:
    """The indicator's values of the first townships, `ranks` their places."""
    size = sum(rank is not None for rank in ranks)
    return [
        replace(value(indicator, 90, 100, UNITS[name], "township"), rank=rank, ranked=size if rank else 0)
        for name, rank in zip(TOWNSHIPS, ranks, strict=False)
    ]


def profile(
    *peers: list[Value], findings: tuple[Finding, ...] = (), registers: Sequence[RegisterState] = ()
) -> Profile:
    assert PERIOD is not None
    settings = replace(SETTINGS, unit=UNITS[HOME].code)
    around = Around([v for values in peers for v in values], registers)
    return Profile(
        ReportData((), (), findings, LIBRARY, REGISTER, settings, PERIOD, Facts(), unit_context=around)
    )


def best(found: Profile) -> list[str]:
    return [indicator.id for indicator, _, _ in found.best]


def worst(found: Profile) -> list[str]:
    return [indicator.id for indicator, _, _ in found.worst]


RATES = (
    "one_shoulder_rate",
    "committee_u35_rate",
    "committee_college_rate",
    "committee_train_cover",
    "resident_days_rate",
)


class TestBestAndWorst:
    def test_the_three_with_the_best_and_the_worst_places(self) -> None:
        places = {"one_shoulder_rate": 3, "committee_u35_rate": 1, "committee_college_rate": 2, "committee_train_cover": 9,
                  "resident_days_rate": 10}  # fmt: skip
        found = profile(
            *(ranked(id, [place, *[n for n in range(1, 11) if n != place]]) for id, place in places.items())
        )
        assert best(found) == ["committee_u35_rate", "committee_college_rate", "one_shoulder_rate"]
        assert worst(found) == ["resident_days_rate", "committee_train_cover"]

    def test_a_place_of_one_s_own_comes_before_a_shared_one_and_a_tie_is_named(self) -> None:
        found = profile(
            ranked("one_shoulder_rate", [1, 1, 1, 4, 5, 6]), ranked("committee_u35_rate", [1, 2, 3, 4, 5, 6])
        )
        assert best(found) == ["committee_u35_rate", "one_shoulder_rate"]
        assert [str(row[3]) for row in found.indicators_table.rows] == ["第1/6位", "并列第1/6位"]

    def test_a_place_that_most_share_is_no_merit(self) -> None:
        assert best(profile(ranked("one_shoulder_rate", [1, 1, 1, 1, 5, 6]))) == []

    def test_where_all_are_equal_nobody_is_better_or_worse(self) -> None:
        found = profile(ranked("one_shoulder_rate", [1] * 6))
        assert (best(found), worst(found)) == ([], [])

    def test_of_a_small_field_nobody_is_called_last(self) -> None:
        assert worst(profile(ranked("one_shoulder_rate", [4, 1, 2, 3]))) == []
        assert worst(profile(ranked("one_shoulder_rate", [5, 1, 2, 3, 4]))) == ["one_shoulder_rate"]

    def test_without_a_rank_for_lack_of_coverage_an_indicator_is_in_neither(self) -> None:
        found = profile(ranked("one_shoulder_rate", [None, 1, 2, 3, 4, 5]))
        assert (best(found), worst(found)) == ([], [])

    def test_totals_only_tell_who_is_large(self) -> None:
        found = [
            replace(value("econ_operating_income", 10, None, UNITS[name], "township"), rank=place, ranked=6)
            for place, name in enumerate(TOWNSHIPS[:6], 1)
        ]
        assert best(profile(found)) == []


class TestWhatIsOpen:
    def test_the_place_in_the_ranking_names_class_and_field(self) -> None:
        assert str(profile().standing) == "季度考核得82.35分，在B类6个单位中居第2位"

    def test_registers_say_how_many_are_watched_overdue_and_have_relapsed(self) -> None:
        state = RegisterState("weak", "薄弱村", 2, 1, 4, 1, 1, ("甲村", "乙村"))
        (text,) = profile(registers=[state]).problems
        assert str(text) == "薄弱村监测中2个、待验收1个、超过时限1个、反弹1个，涉及甲村、乙村。"

    def test_a_register_in_which_all_is_cleared_is_not_mentioned(self) -> None:
        assert profile(registers=[RegisterState("weak", "薄弱村", 0, 0, 4, 0, 0, ())]).problems == ()

    def test_open_findings_are_counted_by_severity(self) -> None:
        home = UNITS[HOME].code
        found = tuple(
            Finding(f"{c}-{n}", c, severity, "fail", "committee", "2026Q1", home, home, home, "", "", "", "")  # type: ignore[arg-type]
            for n, (c, severity) in enumerate((("R38", "error"), ("R38", "error"), ("R65", "query")))
        )
        (text,) = profile(findings=found).problems
        assert str(text).startswith("数据审核尚有强制性错误2条、需要核实的问题1条，为")

    def test_a_note_is_no_problem(self) -> None:
        """A note is for information and needs no answer (提示，供核对，不必回复)."""
        home = UNITS[HOME].code
        note = Finding(
            "R38-0", "R38", "note", "fail", "committee", "2026Q1", home, home, home, "", "", "", ""
        )
        assert profile(findings=(note,)).problems == ()

    def test_what_is_asked_for_answers_a_problem(self) -> None:
        (text,) = profile(ranked("one_shoulder_rate", [6, 1, 2, 3, 4, 5])).problems
        assert str(text) == "书记主任“一肩挑”比例位次靠后。"
        short = [
            replace(v, target=Decimal(100), status="failed")
            for v in ranked("one_shoulder_rate", [6, 1, 2, 3, 4, 5])
        ]
        (text,) = profile(short).problems
        assert "位次靠后" not in str(text)
        assert "低于100%的目标" in str(text)

    def test_what_to_do_is_asked_for_the_worst_without_naming_the_township_again(self) -> None:
        found = profile(ranked("one_shoulder_rate", [6, 1, 2, 3, 4, 5]))
        bank = {"one_shoulder_rate": "{units}要分析原因。", "always": "压实责任。"}
        assert [str(text) for text in found.requirements(bank)] == ["要分析原因。"]


def pages(document: Path, folder: Path) -> int:
    """How many pages LibreOffice makes of a .docx."""
    office = shutil.which("soffice")
    info = shutil.which("pdfinfo")
    if office is None or info is None:
        pytest.skip("LibreOffice or pdfinfo is not installed")
    home = (folder / "office").as_uri()
    subprocess.run(
        [office, f"-env:UserInstallation={home}", "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(document)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    said = subprocess.run(
        [info, str(folder / f"{document.stem}.pdf")], check=True, capture_output=True, text=True
    )
    return int(next(line.split()[1] for line in said.stdout.splitlines() if line.startswith("Pages:")))


def write(
    project: Project, label: str, template: str, out: Path, *formats: str, unit: str = ""
) -> reporting.WrittenReport:
    order = ReportRequest(template, unit, formats, out)
    return reporting.report(project, quarter(label), TODAY, order, lambda _: None)


class TestTheProfileOfTheSampleTownship:
    def test_it_is_one_page_of_facts(self, county: Path, tmp_path: Path) -> None:
        done = write(open_project(county), "2026Q1", "profile", tmp_path, "docx", "md", unit="泗湖山镇")
        assert [p.slug for p in done.problems if p.slug == "template-number"] == []
        text = (tmp_path / "2026Q1-profile-泗湖山镇.md").read_text("utf-8")
        assert "\n# 泗湖山镇2026年第一季度点评\n" in text  # below the mark of its audience
        assert "数据审核尚有强制性错误" in text
        assert pages(tmp_path / "2026Q1-profile-泗湖山镇.docx", tmp_path) == 1


# ------------------------------------------------------------------------------------------- months


class TestMonthsAsPeriods:
    def test_a_schedule_is_due_by_the_months_that_have_passed(self) -> None:
        goal = Target(Decimal(120), "schedule")
        assert judged(Decimal(20), goal, quarter("2026-02"), "higher") == (Decimal(20), "met")
        assert judged(Decimal(19), goal, quarter("2026-02"), "higher") == (Decimal(20), "behind")
        assert judged(Decimal(30), goal, quarter("2026Q1"), "higher") == (Decimal(30), "met")

    @pytest.fixture
    def months(self, tmp_path: Path) -> Project:
        """A project in which townships owe the farm form in months, too: January and February of one, January of another."""
        made = make_project(tmp_path / "p")
        settings = made.folder / "ruralpb.yaml"
        rule = "  - {forms: [farm], level: township, workday: 5, periods: [month]}\n"
        settings.write_text(settings.read_text("utf-8") + rule, "utf-8")
        made = open_project(made.folder)
        drop(made, "2026-02-04/红旗镇.xlsx", farm("红旗镇", "2026年1月", "新建村 3 1\n团结村 2 1"))
        drop(made, "2026-03-04/红旗镇.xlsx", farm("红旗镇", "2026年2月", "新建村 5 1\n团结村 1 1"))
        take(made, unit=HONGQI)
        drop(made, "2026-02-04/石桥镇.xlsx", farm("石桥镇", "2026年1月", "石桥村 1 1"))
        take(made)
        return made

    def test_who_owes_and_who_has_returned(self, months: Project) -> None:
        found = returns(months, "farm", "2026-02")
        assert found[HONGQI].status != "missing"
        assert found[SHIQIAO].status == "missing"

    def test_a_month_is_compared_with_the_month_before(self, months: Project) -> None:
        fell = [f for f in check(months, "2026-02").failed() if f.check == "G02"]
        assert [f.message for f in fell] == ["团结村：累计收入1万元，小于上期2万元"]

    def test_the_figures_of_a_month_read_its_own_returns(self, months: Project) -> None:
        found = values(months, "2026-02")
        assert found["income", HONGQI].value == 6
        assert found["income", SHIQIAO].value is None

    def test_april_is_compared_with_the_first_quarter(self, months: Project) -> None:
        drop(months, "2026-04-05/红旗镇.xlsx", farm("红旗镇", "2026年第一季度", "新建村 7 1\n团结村 3 1"))
        drop(months, "2026-05-05/红旗镇.xlsx", farm("红旗镇", "2026年4月", "新建村 6 1\n团结村 4 1"))
        take(months, unit=HONGQI)
        fell = [f for f in check(months, "2026-04").failed() if f.check == "G02"]
        assert [f.message for f in fell] == ["新建村：累计收入6万元，小于上期7万元"]


LEDGER = (
    "村（社区）", "1.经营收入", "2.发包及上交收入", "3.投资收益", "其中:经营性收入", "4.补助收入", "5.其他收入", "一、总收入", "1.经营支出",
    "2.管理费用", "3.其他支出", "经营收益", "三、本年收益", "年初负债余额", "本年新增负债", "本年化解负债", "期末负债余额", "台账更新日期",
)  # fmt: skip
ISSUES = (
    "村（社区）", "问题编号", "来源", "类别", "亮牌", "问题内容", "整改措施", "责任单位", "责任人", "发现日期", "整改时限", "整改状态", "销号日期",
    "约谈人数",
)  # fmt: skip


def village(name: str, income: int, new_debt: int = 0, updated: str = "2026-02-25") -> tuple[object, ...]:
    return (
        name,
        income,
        0,
        0,
        income,
        0,
        0,
        income,
        0,
        0,
        0,
        income,
        income,
        10,
        new_debt,
        0,
        10 + new_debt,
        f"@{updated}",
    )


def issue(
    name: str, number: str, deadline: str, status: str = "整改中", closed: str = " "
) -> tuple[object, ...]:
    return (
        name,
        number,
        "自查",
        "债务风险",
        "无",
        "账目不清",
        "逐笔核对",
        "镇政府",
        "李某",
        "@2025-12-01",
        f"@{deadline}",
        status,
        closed,
        0,
    )


def month(sender: str, villages: Sequence[tuple[object, ...]], issues: Sequence[tuple[object, ...]]) -> bytes:
    """A township's monthly return: its ledger of villages and its issues."""

    def drawn(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
        lines = [title, f"填报单位：{sender} | 报告期：2026年2月 | 单位：万元", "|".join(columns)]
        return "\n".join([*lines, *("|".join(map(str, row)) for row in rows)])

    return workbook(
        {
            "一村一本账": drawn("村级集体经济“一村一本账”", LEDGER, villages),
            "整改台账": drawn("问题整改和销号台账", ISSUES, issues),
        }
    )


_DISPATCHED = {
    "ruralpb.yaml": """\
title: 示例县月调度
unit: "990101"
due:
  - {forms: [village_economy, issue], level: township, workday: 5, periods: [month]}
""",
    "units.csv": """\
code,name,level,parent_code,kind,aliases,valid_from,valid_to,successor,class,key_class,in_demo_zone,sort_no
99,示例省,province,,,,,,,,,,1
9901,示例市,city,99,,,,,,,,,2
990101,示例县,county,9901,,,,,,,,,3
990101101,东镇,township,990101,镇,,,,,,,,4
990101102,西镇,township,990101,镇,,,,,,,,5
990101103,北镇,township,990101,镇,,,,,,,,6
990101101201,甲村,village,990101101,行政村,,,,,,,,7
990101101202,乙村,village,990101101,行政村,,,,,,,,8
990101102201,丙村,village,990101102,行政村,,,,,,,,9
990101103201,丁村,village,990101103,行政村,,,,,,,,10
""",
    "targets.csv": """\
indicator,unit_code,period,value
econ_operating_income,990101101,2026,120
econ_operating_income,990101102,2026,120
""",
}


@pytest.fixture(scope="module")
def dispatched(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Path, reporting.WrittenReport]:
    """The dispatch of February: 东镇 is ahead with new debt, 西镇 behind with an old ledger, 北镇 has not returned."""
    folder = tmp_path_factory.mktemp("months")
    for name, text in _DISPATCHED.items():
        (folder / name).write_text(text, "utf-8")
    project = open_project(folder)
    east = month(
        "东镇",
        [village("甲村", 20), village("乙村", 10, 3)],
        [issue("甲村", "D-1", "2026-01-31"), issue("乙村", "D-2", "2026-02-28")],
    )
    west = month(
        "西镇",
        [village("丙村", 6, updated="2026-01-20")],
        [issue("丙村", "X-1", "2026-03-31", "已销号", "@2026-02-20")],
    )
    drop(project, "2026-03-04/东镇.xlsx", east)
    drop(project, "2026-03-04/西镇.xlsx", west)
    take(project)
    out = folder / "out"
    return project, out, write(project, "2026-02", "dispatch", out, "docx", "md")


Dispatched = tuple[Project, Path, reporting.WrittenReport]


class TestTheMonthlyDispatch:
    def lines(self, dispatched: Dispatched) -> dict[str, list[str]]:
        text = (dispatched[1] / "2026-02-dispatch.md").read_text("utf-8")
        rows = [
            [cell.strip() for cell in line.strip("|").split("|")]
            for line in text.splitlines()
            if line.startswith("|")
        ]
        return {row[0]: row[1:] for row in rows}

    def text(self, dispatched: Dispatched) -> str:
        return (dispatched[1] / "2026-02-dispatch.md").read_text("utf-8")

    def test_income_stands_against_goal_and_schedule(self, dispatched: Dispatched) -> None:
        lines = self.lines(dispatched)
        assert lines["东镇"][:4] == ["30.00", "120.00", "25.0%", "8.3"]
        assert lines["西镇"][:4] == ["6.00", "120.00", "5.0%", "-11.7"]
        assert "慢于时序进度的有西镇（5.0%）" in self.text(dispatched)

    def test_issues_due_overdue_and_closed_ledgers_and_debt_are_counted(self, dispatched: Dispatched) -> None:
        lines = self.lines(dispatched)
        assert lines["东镇"][4:] == ["1", "1", "1", "0", "0"]
        assert lines["西镇"][4:] == ["0", "0", "0", "1", "1"]
        assert lines["全县"][4:] == ["1", "1", "1", "1", "1"]

    def test_who_has_not_returned_has_no_figures_and_is_named(self, dispatched: Dispatched) -> None:
        assert set(self.lines(dispatched)["北镇"]) == {"—"}
        assert "未报的有北镇" in self.text(dispatched)

    def test_who_has_not_updated_the_ledger_is_named(self, dispatched: Dispatched) -> None:
        assert "台账未按月更新的有丙村" in self.text(dispatched)

    def test_each_number_is_a_fact_and_counts_lead_to_their_cells(self, dispatched: Dispatched) -> None:
        written = dispatched[2]
        assert [p for p in written.problems if p.slug == "template-number"] == []
        cells = {f.fact: f.cells for f in written.facts}
        (place,) = cells["list:new_debt_villages@990101101@2026-02"]
        assert (place.file, place.sheet, place.cell) == ("returns/2026-03-04/东镇.xlsx", "一村一本账", "A5")

    def of_township(self, dispatched: Dispatched, unit: str, folder: Path) -> str:
        order = ReportRequest("dispatch", unit, ("md",), folder)
        project, period = dispatched[0], quarter("2026-02")
        (path,) = reporting.report(project, period, date(2026, 3, 9), order, lambda _: None).files
        return path.read_text("utf-8")

    def test_a_township_s_own_names_it_and_has_its_villages(
        self, dispatched: Dispatched, tmp_path: Path
    ) -> None:
        text = self.of_township(dispatched, "东镇", tmp_path)
        assert "东镇2026年2月" in text
        rows = [
            [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if "|" in line
        ]
        assert {row[0]: row[1] for row in rows[2:]} == {"全镇": "30.00", "甲村": "20.00", "乙村": "10.00"}

    def test_of_one_that_has_not_returned_nothing_is_said(
        self, dispatched: Dispatched, tmp_path: Path
    ) -> None:
        text = self.of_township(dispatched, "北镇", tmp_path)
        assert "实报0份" in text
        assert "已报" not in text
        assert "丁村" not in text

    def test_it_is_one_page(self, dispatched: Dispatched, tmp_path: Path) -> None:
        assert pages(dispatched[1] / "2026-02-dispatch.docx", tmp_path) == 1

    def test_a_register_is_kept_through_months(self, dispatched: Dispatched) -> None:
        found = registers.watch(dispatched[0], quarter("2026-02"), ("problems",))
        assert sorted((e.unit_code, e.state, e.faults) for e in found.entries) == [
            ("990101101201", "watched", ("overdue",)),
            ("990101101202", "watched", ()),
            ("990101102201", "cleared", ()),
        ]
