"""History: each return's versions in time order, what each changed cell by cell, and who decided what in between."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import ruralpb
from semantics_world import (
    HONGQI,
    NOW,
    check,
    drop,
    farm,
    id_number,
    make_project,
    quarter,
    roster,
    take,
    visit,
)

from ruralpb.app.decisions import amend, explain, withdraw
from ruralpb.app.history import history
from ruralpb.app.project import Project
from ruralpb.core.problems import CannotRun
from ruralpb.returns.cell_selection import CellRequest
from ruralpb.returns.decision_results import CellChange
from ruralpb.returns.history import ReturnRecord

Q1 = "2026年第一季度"
FARM = f"{HONGQI}-farm-2026Q1"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """红旗镇's return: amended, explained, sent again, withdrawn; a roster sent twice; visits sent once."""
    made = make_project(tmp_path_factory.mktemp("history") / "p")
    drop(made, "2026-04-03/红旗镇.xlsx", farm("红旗镇", Q1, "团结村 8 9\n新建村 3 1"))
    drop(made, "2026-04-03/名册.xlsx", roster("红旗镇", Q1, f"团结村 张甲乙 {id_number(1)} 3000"))
    drop(made, "2026-04-03/走访.xlsx", visit("红旗镇", Q1, "团结村 V1 李四五 - 3"))
    take(made, unit=HONGQI)
    change = CellChange("7", "录入笔误", "王科长", "明细账")
    amend(made, f"{FARM}-v1", CellRequest(cell="农情!C4"), change, NOW)
    (asked,) = [f for f in check(made).failed() if f.check == "G03"]
    explain(made, quarter("2026Q1"), [asked.id], f"已核实，联系人{id_number(3)[1:]}", "李书记", NOW)
    drop(made, "2026-04-09/红旗镇.xlsx", farm("红旗镇", Q1, "团结村 8 6.5\n新建村 3 -"))
    people = f"团结村 张甲乙 {id_number(2)} 3100\n新建村 王丙丁 {id_number(4)} 2800"
    drop(made, "2026-04-09/名册.xlsx", roster("红旗镇", Q1, people))
    take(made, unit=HONGQI)
    withdraw(made, f"{FARM}-v2", "误报", "王科长", NOW)
    return made


def of(project: Project, form: str) -> ReturnRecord:
    (found,) = history(project, HONGQI, form)
    return found


class TestVersions:
    def test_they_stand_in_time_order_with_the_decisions_in_between(self, project: Project) -> None:
        told = [(e.kind, e.version, e.by) for e in of(project, "farm").events]
        assert told == [
            ("version", 1, ""),
            ("amend", 0, "王科长"),
            ("explain", 0, "李书记"),
            ("version", 2, ""),
            ("withdraw", 0, "王科长"),
        ]

    def test_each_says_file_day_rows_and_state(self, project: Project) -> None:
        first, second = (e for e in of(project, "farm").events if e.kind == "version")
        assert (first.files, first.received, first.rows) == (
            ("returns/2026-04-03/红旗镇.xlsx",),
            "2026-04-03",
            2,
        )
        assert (first.state, second.state) == ("current", "withdrawn")

    def test_a_version_says_what_it_changed_cell_by_cell(self, project: Project) -> None:
        (second,) = [e for e in of(project, "farm").events if e.version == 2]
        told = [(c.subject, c.title, c.before, c.after, c.address and c.address.cell) for c in second.changes]
        assert second.against == 1
        assert told == [("团结村", "经营支出", "9", "6.5", "C4"), ("新建村", "经营支出", "1", "", "C5")]

    def test_a_row_that_came_is_one_change(self, project: Project) -> None:
        (second,) = [e for e in of(project, "roster").events if e.version == 2]
        assert [c.subject for c in second.changes if c.row == "came"] == ["团结村", "新建村"]

    def test_a_return_that_came_once_has_nothing_to_compare(self, project: Project) -> None:
        (only,) = of(project, "visit").events
        assert (only.against, only.changes) == (0, ())

    def test_a_held_version_is_compared_with_the_one_in_force_and_is_no_base(self, tmp_path: Path) -> None:
        made = make_project(tmp_path / "p")
        drop(made, "2026-04-03/甲.xlsx", farm("红旗镇", Q1, "团结村 8 1\n新建村 3 1"))
        take(made, unit=HONGQI)
        drop(made, "2026-04-04/乙.xlsx", farm("红旗镇", Q1, "团结村 9 1"))
        take(made, unit=HONGQI)
        drop(made, "2026-04-05/丙.xlsx", farm("红旗镇", Q1, "团结村 8 2\n新建村 3 1"))
        take(made, unit=HONGQI)
        assert [e.against for e in of(made, "farm").events] == [0, 1, 1]


class TestDecisions:
    def test_an_amendment_says_both_values_its_basis_and_whether_it_counts(self, project: Project) -> None:
        (said,) = [e for e in of(project, "farm").events if e.kind == "amend"]
        assert said.reason == "录入笔误"
        for part in ("农情!C4", "团结村", "经营支出", "9 → 7", "明细账"):
            assert part in said.about
        assert said.state == "live"

    def test_a_seal_stands_in_every_return_of_its_period(self, tmp_path: Path) -> None:
        made = make_project(tmp_path / "p")
        drop(made, "2026-04-03/甲.xlsx", farm("红旗镇", Q1, "团结村 8 1\n新建村 3 1"))
        drop(made, "2026-04-03/走访.xlsx", visit("红旗镇", Q1, "团结村 V1 李四五 - 3"))
        take(made, unit=HONGQI)
        made.journal.decide("seal", "王科长", "定稿", {"period": "2026Q1"}, NOW)
        assert [[e.kind for e in one.events] for one in history(made)] == [["version", "seal"]] * 2


class TestPersonalData:
    def test_personal_values_are_masked_and_numbers_in_reasons_too(self, project: Project) -> None:
        text = str(history(project))
        for serial in (1, 2, 3, 4):
            assert id_number(serial).removeprefix("'") not in text
        assert "张甲乙" not in text
        assert "王丙丁" not in text


class TestCommand:
    def test_the_terminal_tells_versions_changes_and_decisions(self, project: Project) -> None:
        said = ruralpb("history", "990101101", "--form", "farm", project=project.folder)
        assert said.code == 0
        for part in ("第1版", "第2版", "9 → 6.5", "王科长", "误报", "李书记"):
            assert part in said.out

    def test_what_came_once_is_only_counted_unless_asked(self, project: Project) -> None:
        assert "走访记录" not in ruralpb("history", project=project.folder).out
        assert "走访记录" in ruralpb("-v", "history", project=project.folder).out

    def test_json_has_everything(self, project: Project) -> None:
        said = ruralpb("history", "--quarter", "2026Q1", "--json", project=project.folder).json
        assert {one["form"] for one in said["returns"]} == {"farm", "visit", "roster"}

    def test_one_period_alone(self, project: Project) -> None:
        assert history(project, period=quarter("2025Q4")) == ()

    def test_an_unknown_unit_or_form_is_told(self, project: Project) -> None:
        for asked in ({"unit": "青石镇"}, {"form": "frm"}):
            with pytest.raises(CannotRun):
                history(project, **asked)
