"""Validate says which cell to ask about first, where a row fails several checks or does not fit its declared total."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest
from semantics_world import TODAY, check, drop, make_project, sheet, take
from workbooks import workbook

from ruralpb.app import error_localisation, export, status, validate
from ruralpb.app.opening import open_project
from ruralpb.app.project import Project
from ruralpb.core import periods
from ruralpb.publish.feedback import wording

LEDGER = """\
form: ledger
title: 收支台账
code: 示农09表
row: village
frequency: quarter
time: flow
key: [village]
fields:
  - {id: village, title: 村名, type: village, required: true}
  - {id: income, title: 总收入, type: money, measure: 万元, required: true}
  - {id: sales, title: 销售收入, type: money, measure: 万元, required: true}
  - {id: rents, title: 出租收入, type: money, measure: 万元, required: true}
  - {id: cost, title: 总支出, type: money, measure: 万元, required: true}
  - {id: profit, title: 收益, type: money, measure: 万元, required: true}
checks:
  - {id: L01, severity: error, expr: "near(income, sales + rents, 0.02)", message: "{village}：总收入与分项不符"}
  - {id: L02, severity: error, expr: "near(profit, income - cost, 0.02)", message: "{village}：收益与收支不符"}
"""
COLUMNS = ("村名", "总收入", "销售收入", "出租收入", "总支出", "收益")
SOUND = "石桥村 12 10 2 5 7"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    make_project(tmp_path)
    (tmp_path / "definitions").mkdir()
    (tmp_path / "definitions" / "ledger.yaml").write_text(LEDGER, "utf-8")
    return open_project(tmp_path)


def asked(project: Project, sender: str, rows: str) -> dict[str, tuple[list[str], list[str]]]:
    """Check → the cells to ask about first, and those that would do as well."""
    content = workbook({"台账": sheet("收支台账", COLUMNS, sender, "2026年第一季度", rows, "万元")})
    drop(project, f"2026-04-03/{sender}.xlsx", content)
    take(project)
    found = check(project).failed()
    return {
        f.check: ([a.cell for a in f.ask_first], [a.cell for a in f.or_else])
        for f in found
        if f.check in ("L01", "L02")
    }


def test_two_failed_sums_share_one_cell(project: Project) -> None:
    found = asked(project, "石桥镇", "石桥村 120 10 2 5 7")
    assert found == {"L01": (["B4"], []), "L02": (["B4"], [])}


def test_one_failed_sum_alone_points_at_no_cell(project: Project) -> None:
    assert asked(project, "石桥镇", "石桥村 12 10 2 5 70") == {"L02": ([], [])}


def test_a_declared_total_that_is_off_by_the_same_settles_it(project: Project) -> None:
    """The total row says 14 of the two villages: the profit of the first was mistyped, not its cost or income."""
    rows = """
        新建村 12 10 2 5 70
        柳树村 12 10 2 5 7
        合计 24 20 4 10 14
    """
    found = asked(project, "青山镇", rows)
    assert found["L02"] == (["F4"], [])


def test_a_sound_return_asks_for_nothing(project: Project) -> None:
    assert asked(project, "石桥镇", SOUND) == {}


def test_only_who_looks_at_rows_pays_for_it(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Status and exports need the findings, not the cells behind them; what is known serves all of them."""
    content = workbook(
        {"台账": sheet("收支台账", COLUMNS, "石桥镇", "2026年第一季度", "石桥村 120 10 2 5 7", "万元")}
    )
    drop(project, "2026-04-03/石桥镇.xlsx", content)
    take(project)
    calls: list[str] = []
    locate = error_localisation.locate

    def counted(*arguments: Any) -> Any:
        calls.append("")
        return locate(*arguments)

    monkeypatch.setattr(error_localisation, "locate", counted)
    period = periods.parse("2026Q1", TODAY)
    status.status(project, period, "", TODAY)
    now = datetime.combine(TODAY, time())
    export.table(project, export.ExportRequest("submissions", "", period), now)
    assert calls == []
    for _ in range(2):
        validate.validate(project, period, TODAY)
    status.status(project, period, "", TODAY)
    assert len(calls) == 1


def test_what_was_not_looked_at_says_so(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(error_localisation, "MOST_ROWS", 1)
    rows = """
        新建村 120 10 2 5 7
        柳树村 130 10 2 5 7
    """
    content = workbook({"台账": sheet("收支台账", COLUMNS, "青山镇", "2026年第一季度", rows, "万元")})
    drop(project, "2026-04-03/青山镇.xlsx", content)
    take(project)
    failed = [f for f in check(project).failed() if f.check in ("L01", "L02")]
    assert [(f.cells[0].cell[1:], bool(f.ask_first), f.not_localised) for f in failed] == [
        ("4", True, ""), ("5", False, "rows"), ("4", True, ""), ("5", False, "rows"),
    ]  # fmt: skip
    assert {wording.ask_first(f) for f in failed if f.not_localised} == {
        "不合审核关系的行太多，没有逐行查找应先核对的单元格"
    }
