"""A figure is followed through the quarters before: as each was, every point with its cells, a gap where nothing was reported."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from semantics_world import drop, farm, make_project, quarter, take

from ruralpb.app.period_context import opened
from ruralpb.app.project import Project
from ruralpb.app.report import Report, page
from ruralpb.app.report_plan import ReportRequest

TODAY = date(2026, 7, 20)
HONGQI = "990101101"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """红旗镇 in five quarters; in 2025Q4 it sent nothing."""
    made = make_project(tmp_path / "p")
    for day, words, rows in (
        ("2025-04-03", "2025年第一季度", "团结村 4 3\n新建村 1 1"),
        ("2025-07-03", "2025年第二季度", "团结村 8 6\n新建村 2 2"),
        ("2025-10-08", "2025年第三季度", "团结村 9 3\n新建村 3 3"),
        ("2026-04-03", "2026年第一季度", "团结村 8 2\n新建村 2 1"),
    ):
        drop(made, f"{day}/红旗镇.xlsx", farm("红旗镇", words, rows))
    take(made, unit=HONGQI)
    (made.folder / "templates").mkdir(exist_ok=True)
    (made.folder / "templates/trend.md.j2").write_text(
        "走势\n===\n\n{{ trend_chart('cost_rate') }}\n", "utf-8"
    )
    return made


def trend(project: Project, label: str) -> Report:
    order = ReportRequest("trend", HONGQI, ("md",))
    with opened(project, quarter(label), TODAY) as context:
        return page(context, order, lambda _: None)


def points(made: Report) -> dict[str, str]:
    """Period → the printed value of its point."""
    return {fact.of.rpartition("@")[2]: fact.text for fact in made.facts if fact.of.startswith("cost_rate")}


def test_a_figure_is_followed_through_the_quarters_that_have_returns(project: Project) -> None:
    assert points(trend(project, "2026Q1")) == {
        "2025Q1": "80.0",
        "2025Q2": "80.0",
        "2025Q3": "50.0",
        "2026Q1": "30.0",
    }


def test_every_point_leads_to_the_cells_of_its_own_quarter(project: Project) -> None:
    files = {
        fact.of.rpartition("@")[2]: {cell.file for cell in fact.cells} for fact in trend(project, "2026Q1").facts
        if fact.of.startswith("cost_rate")
    }  # fmt: skip
    assert files == {
        "2025Q1": {"returns/2025-04-03/红旗镇.xlsx"},
        "2025Q2": {"returns/2025-07-03/红旗镇.xlsx"},
        "2025Q3": {"returns/2025-10-08/红旗镇.xlsx"},
        "2026Q1": {"returns/2026-04-03/红旗镇.xlsx"},
    }


def test_two_values_are_no_trend(project: Project) -> None:
    assert points(trend(project, "2025Q2")) == {}


def test_what_comes_later_is_not_looked_at(project: Project) -> None:
    assert set(points(trend(project, "2025Q3"))) == {"2025Q1", "2025Q2", "2025Q3"}
