"""Figures that contradict each other, from the returns to the final paper: shown wherever findings are, waited for, explained or settled."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from command_line import ruralpb
from semantics_world import NOW, TODAY, drop, farm, make_project, quarter, table, take, visit

from ruralpb.app import sealing
from ruralpb.app.decisions.explain import explain
from ruralpb.app.opening import open_project
from ruralpb.app.project import Project
from ruralpb.app.report import report
from ruralpb.app.report_plan import ReportRequest
from ruralpb.app.validate import Selection, validate
from ruralpb.core.problems import CannotRun
from ruralpb.model import Finding

Q1 = quarter("2026Q1")
ONLY_THE_FARMS = """\
title: 农情季报
unit: "990101"
library: lib
due:
  - {forms: [farm], level: township, workday: 5, periods: [quarter]}
"""
CHECKS = """
  - {id: K02, stage: consistency, severity: query, title: 比率超出范围, message: "{unit}：{title}为{value}，应在0%至100%之间"}
  - {id: K04, stage: consistency, severity: query, title: 累计数减少, message: "{unit}：{title}累计{value}，上期{limit}"}
  - {id: K06, stage: consistency, severity: query, title: 名录与实测不一致, message: "{unit}：{other}为{limit}，{title}为{value}"}
"""
# A farm spends three quarters of what it earns at most: so the definition says, and so it is in two townships of three.
RATE = """
  - {id: spent, title: 支出比例, form: farm, numerator: sum(cost) * 4, denominator: sum(income) * 3, measure: "%", decimals: 1, better: lower}
  - {id: rich, title: 富裕村数, form: farm, numerator: count(*), where: "income >= 10", measure: 个, decimals: 0, better: higher,
     register_state: {key_class: 富裕村}}
"""
FARMS = {"红旗镇": "新建村 10 9\n团结村 8 7", "青山镇": "新建村 5 1\n柳树村 6 1", "石桥镇": "石桥村 7 3"}


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All returns have come, nothing blocks them, and the figures of one township cannot be."""
    folder = tmp_path_factory.mktemp("contradicting") / "东县"
    make_project(folder)
    (folder / "ruralpb.yaml").write_text(ONLY_THE_FARMS, "utf-8")
    for name, more in (("lib/checks.yaml", CHECKS), ("lib/indicators/farm.yaml", RATE)):
        path = folder / name
        path.write_text(path.read_text("utf-8").rstrip("\n") + more, "utf-8")
    made = open_project(folder)
    for town, rows in FARMS.items():
        drop(made, f"2026-04-03/{town}.xlsx", farm(town, "2026年第一季度", rows))
        visits = "\n".join(f"{row.split()[0]} {n} - - 1" for n, row in enumerate(rows.split("\n"), 1))
        drop(made, f"2026-04-03/走访-{town}.xlsx", visit(town, "2026年第一季度", visits))
    take(made, made.inbox)
    return made.folder


@pytest.fixture
def project(compiled: Path, tmp_path: Path) -> Project:
    return open_project(shutil.copytree(compiled, tmp_path / "东县"))


def contradictions(project: Project) -> list[Finding]:
    return list(validate(project, Q1, TODAY, Selection(checks=("K02", "K04", "K06"))).failed())


def test_validate_says_what_cannot_be_and_where_it_comes_from(project: Project):
    rate, state = contradictions(project)
    assert (rate.check, rate.message) == ("K02", "红旗镇：支出比例为118.5%，应在0%至100%之间")
    assert (rate.form, rate.field, rate.severity, rate.status, rate.township_code) == (
        "farm",
        "spent",
        "query",
        "open",
        "990101101",
    )
    assert {(cell.file, cell.cell) for cell in rate.cells} >= {
        ("returns/2026-04-03/红旗镇.xlsx", "B4"),
        ("returns/2026-04-03/红旗镇.xlsx", "C5"),
    }
    assert (state.check, state.message) == ("K06", "新建村：重点类别为—，富裕村数为1个")


def test_no_return_is_blocked_by_a_contradiction(project: Project):
    assert {s.status for s in validate(project, Q1, TODAY).states if s.form == "farm"} == {"accepted"}


def test_exports_and_reports_tell_it(project: Project):
    rows = [row for row in table(project, "findings") if row["check"].startswith("K")]
    assert [(row["unit"], row["field"], row["status"]) for row in rows] == [
        ("红旗镇", "spent", "open"),
        ("新建村", "rich", "open"),
    ]
    written = report(project, Q1, TODAY, ReportRequest(formats=("md",)), lambda _: None)
    assert [p.found for p in written.problems if p.slug == "figures-contradict"] == [
        f.message for f in contradictions(project)
    ]
    alone = report(project, Q1, TODAY, ReportRequest(formats=("md",), unit="青山镇"), lambda _: None)
    assert not any(p.slug == "figures-contradict" for p in alone.problems)


def seal(project: Project, **terms: Any) -> sealing.SealingResult:
    asked = sealing.SealRequest(**{"by": "王科长", **terms})
    return sealing.seal(project, Q1, ReportRequest(formats=("md",)), asked, NOW, lambda _: None)


def test_a_final_paper_waits_until_all_are_explained(project: Project):
    for terms in ({}, {"as_is": True, "reason": "领导要求"}):
        with pytest.raises(CannotRun) as raised:
            seal(project, **terms)
        assert [p.slug for p in raised.value.problems] == [
            "seal-contradiction",
            "seal-contradiction",
            "seal-contradictions",
        ]
        assert raised.value.exit_code == 2
    first, second = contradictions(project)
    explain(project, Q1, [first.id], "支出含往年欠款", "李会计", NOW)
    assert [f.status for f in contradictions(project)] == ["explained", "open"]
    with pytest.raises(CannotRun):
        seal(project)
    explain(project, Q1, [second.id], "名录下月更新", "李会计", NOW)
    assert seal(project).files


def test_an_explanation_lapses_when_the_figure_changes(project: Project):
    explain(project, Q1, [f.id for f in contradictions(project)], "已核对", "李会计", NOW)
    drop(project, "2026-04-08/红旗镇.xlsx", farm("红旗镇", "2026年第一季度", "新建村 11 10\n团结村 8 7"))
    take(project, project.inbox / "2026-04-08")
    assert [(f.check, f.status, f.offered) for f in contradictions(project)] == [
        ("K02", "open", "已核对"),
        ("K06", "explained", ""),
    ]


def test_what_is_corrected_is_gone(project: Project):
    drop(project, "2026-04-08/红旗镇.xlsx", farm("红旗镇", "2026年第一季度", "新建村 9 4\n团结村 8 4"))
    take(project, project.inbox / "2026-04-08")
    assert contradictions(project) == []


def test_a_cumulative_figure_that_falls_is_told(project: Project):
    """大湾村 has gone, and its income with it: what was added up in the first quarter is lacking in the second."""
    later = quarter("2026Q2")
    for town, rows in {**FARMS, "青山镇": "新建村 2 1\n柳树村 6 1"}.items():
        drop(project, f"2026-07-03/{town}.xlsx", farm(town, "2026年第二季度", rows))
    take(project, project.inbox / "2026-07-03")
    # The field may be negative as it is defined: nothing says that it cannot fall.
    assert not any(f.check == "K04" for f in validate(project, later, TODAY).failed())
    form = project.folder / "lib/forms/farm.yaml"
    form.write_text(
        form.read_text("utf-8").replace(
            "measure: 万元, required: true}", "measure: 万元, required: true, min: 0}"
        ),
        "utf-8",
    )
    told = [
        f.message for f in validate(open_project(project.folder), later, TODAY).failed() if f.check == "K04"
    ]
    assert told == ["青山镇：经营收入累计8.00万元，上期11.00万元"]


def test_a_check_that_is_switched_off_is_not_asked(project: Project):
    path = project.folder / "lib/checks.yaml"
    path.write_text(path.read_text("utf-8").replace("{id: K06,", "{id: K06, enabled: false,"), "utf-8")
    assert [f.check for f in contradictions(open_project(project.folder))] == ["K02"]


def test_the_command_line_shows_how_to_explain(project: Project):
    said = ruralpb("-C", project.folder, "validate", "--quarter", "2026Q1", "--check", "K02")
    assert "支出比例为118.5%" in said.out
    assert contradictions(project)[0].id in said.out
