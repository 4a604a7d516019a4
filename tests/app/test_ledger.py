"""一村一本账: one village through all forms and periods, with every version, what it changed, and where each value stands."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import pytest
from command_line import ruralpb
from semantics_world import NOW, drop, farm, id_number, make_project, quarter, roster, take, visit

from ruralpb.app.decisions import amend
from ruralpb.app.ledger import LedgerRequest, ledgers, write
from ruralpb.app.project import Project
from ruralpb.core.problems import CannotRun
from ruralpb.publish.text.ledger import Ledger
from ruralpb.returns.cell_selection import CellRequest
from ruralpb.returns.decision_results import CellChange

LIUSHU = "990101102202"
"""柳树村 of 青山镇, into which 大湾村 was merged at the end of 2025."""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Two months and a quarter of 红旗镇, one month sent twice; a roster with a person."""
    made = make_project(tmp_path / "p")
    drop(made, "2026-02-04/红旗镇.xlsx", farm("红旗镇", "2026年1月", "团结村 3 1\n新建村 1 1"))
    drop(made, "2026-03-04/红旗镇.xlsx", farm("红旗镇", "2026年2月", "团结村 5 2\n新建村 2 1"))
    drop(made, "2026-03-06/红旗镇.xlsx", farm("红旗镇", "2026年2月", "团结村 5.5 2\n新建村 2 1"))
    drop(made, "2026-04-03/红旗镇.xlsx", farm("红旗镇", "2026年第一季度", "团结村 8 9\n新建村 3 1"))
    drop(
        made, "2026-04-04/名册.xlsx", roster("红旗镇", "2026年第一季度", f"团结村 张甲乙 {id_number(1)} 3000")
    )
    take(made, unit="990101101")
    return made


def ledger(project: Project, unit: str = "团结村", **order: object) -> Ledger:
    (found,) = ledgers(project, LedgerRequest(unit, **order), NOW, lambda _: None)  # type: ignore[arg-type]
    return found


class TestWhatStandsInIt:
    def test_periods_stand_in_time_order_months_before_the_quarter_they_end_in(
        self, project: Project
    ) -> None:
        assert ledger(project).periods == ("2026-01", "2026-02", "2026Q1")

    def test_each_value_is_that_of_the_version_in_force_with_its_cell(self, project: Project) -> None:
        (form,) = (f for f in ledger(project).forms if f.id == "farm")
        said = [(row.period, row.values["income"].text) for row in form.rows]
        assert said == [("2026-01", "3"), ("2026-02", "5.5"), ("2026Q1", "8")]
        address = form.rows[1].values["income"].address
        assert (address.file, address.sheet, address.cell) == ("returns/2026-03-06/红旗镇.xlsx", "农情", "B4")

    def test_an_amended_value_stands_beside_the_reported_one(self, project: Project) -> None:
        submission = next(
            v.submission for v in ledger(project).versions if v.period == "2026Q1" and v.form == "农情表"
        )
        basis = CellChange("7", "录入笔误", "王科长", "2026年3月明细账")
        amend(project, submission, CellRequest(unit="团结村", field="cost"), basis, NOW)
        (form,) = (f for f in ledger(project).forms if f.id == "farm")
        assert [row.values["cost"].text for row in form.rows] == ["1", "2", "9（更正为7）"]
        (file,) = write(project, ledger(project), ("md",), project.folder / "out")
        assert "9（更正为7）" in file.read_text("utf-8")

    def test_other_villages_do_not_stand_in_it(self, project: Project) -> None:
        (form,) = (f for f in ledger(project).forms if f.id == "farm")
        assert {row.key for row in form.rows} == {"团结村"}

    def test_a_period_may_be_the_last(self, project: Project) -> None:
        assert ledger(project, until=quarter("2026-02")).periods == ("2026-01", "2026-02")

    def test_one_form_alone(self, project: Project) -> None:
        found = ledger(project, form="roster")
        assert [form.id for form in found.forms] == ["roster"]
        assert {v.form for v in found.versions} == {"干部名册"}

    def test_a_merged_village_stands_in_its_successor_s(self, tmp_path: Path) -> None:
        made = make_project(tmp_path / "p")
        drop(
            made,
            "2026-01-05/青山乡.xlsx",
            farm("青山乡", "2025年第四季度", "新建村 1 1\n柳树村 2 1\n大湾村 4 1"),
        )
        take(made)
        (form,) = ledger(made, "柳树村").forms
        assert sorted(row.values["income"].text for row in form.rows) == ["2", "4"]


class TestVersions:
    def test_each_version_says_who_when_and_which_file(self, project: Project) -> None:
        found = [v for v in ledger(project).versions if v.period == "2026-02"]
        assert [(v.version, v.state, v.reporter, v.received, v.files) for v in found] == [
            (1, "已被替换", "红旗镇", "2026-03-04", ("returns/2026-03-04/红旗镇.xlsx",)),
            (2, "现行", "红旗镇", "2026-03-06", ("returns/2026-03-06/红旗镇.xlsx",)),
        ]

    def test_a_later_version_says_what_it_changed_cell_by_cell(self, project: Project) -> None:
        (change,) = ledger(project).changes
        assert (change.period, change.version, change.field) == ("2026-02", 2, "经营收入（万元）")
        assert (change.before, change.after) == ("5", "5.5")
        assert change.address is not None
        assert (change.address.file, change.address.cell) == ("returns/2026-03-06/红旗镇.xlsx", "B4")

    def test_who_changed_another_village_changed_nothing_here(self, project: Project) -> None:
        assert ledger(project, "990101101201").changes == ()

    def test_a_withdrawn_version_says_who_withdrew_it_and_why(self, project: Project) -> None:
        version = "990101101-farm-2026-02-v2"
        project.journal.decide("withdraw", "王科长", "误报", {"submission": version}, NOW)
        found = {v.submission: v for v in ledger(project).versions}
        assert found[version].state == "已撤回"
        assert "王科长" in found[version].decided
        assert "误报" in found[version].decided
        assert found[version.replace("v2", "v1")].state == "现行"


class TestFindings:
    def test_what_the_checks_say_of_the_village_in_each_period(self, project: Project) -> None:
        found = [(f.period, f.check, f.message) for f in ledger(project).findings if f.check == "G01"]
        assert found == [("2026Q1", "G01", "团结村：支出9万元，大于收入8万元")]

    def test_a_refused_cell_is_shown_as_refused_and_told(self, tmp_path: Path) -> None:
        made = make_project(tmp_path / "p")
        drop(made, "2026-04-03/石桥镇.xlsx", farm("石桥镇", "2026年第一季度", "石桥村 约3 1"))
        take(made)
        found = ledger(made, "石桥村")
        (row,) = found.forms[0].rows
        assert row.values["income"].refused
        refused = [f for f in found.findings if f.outcome == "refused"]
        assert refused
        assert refused[0].address is not None
        assert refused[0].address.cell == "B4"


class TestPersonalData:
    def test_names_and_numbers_are_masked_wherever_they_stand(self, project: Project) -> None:
        found = ledger(project)
        text = json.dumps([str(found)], ensure_ascii=False)
        assert "***" in text
        assert "张甲乙" not in text
        assert id_number(1).removeprefix("'") not in text

    def test_they_are_shown_for_a_reason_that_is_journaled(self, project: Project) -> None:
        found = ledger(project, with_personal_data=True, reason="核对名册")
        assert "张甲乙" in str(found.forms)
        assert [d.reason for d in project.journal.decisions() if d.kind == "disclose"] == ["核对名册"]

    def test_without_a_reason_they_are_not(self, project: Project) -> None:
        with pytest.raises(CannotRun) as stopped:
            ledger(project, with_personal_data=True)
        assert stopped.value.problems[0].slug == "disclosure-reason"


class TestFiles:
    def test_the_workbook_has_every_value_beside_its_cell(self, project: Project, tmp_path: Path) -> None:
        (file,) = write(project, ledger(project), ("xlsx",), tmp_path)
        book = openpyxl.load_workbook(io.BytesIO(file.read_bytes()))
        values = [row[:8] for row in book["逐项来源"].iter_rows(min_row=3, values_only=True)]
        assert (
            "2026-02",
            "农情表",
            "团结村",
            "经营收入（万元）",
            5.5,
            "returns/2026-03-06/红旗镇.xlsx",
            "农情",
            "B4",
        ) in values

    def test_the_text_has_periods_side_by_side_and_no_number_of_its_own(
        self, project: Project, tmp_path: Path
    ) -> None:
        (file,) = write(project, ledger(project), ("md",), tmp_path)
        text = file.read_text("utf-8")
        assert "| 栏目 | 2026-01 | 2026-02 | 2026Q1 |" in text
        assert "| 经营收入（万元） | 3 | 5.5 | 8 |" in text

    def test_the_same_store_gives_the_same_bytes(self, project: Project, tmp_path: Path) -> None:
        formats = ("docx", "html", "xlsx", "md")
        first, second = (
            [path.read_bytes() for path in write(project, ledger(project), formats, tmp_path / name)]
            for name in "ab"
        )
        assert first == second


class TestCommand:
    def test_a_township_gives_each_village_its_own_file(self, project: Project, tmp_path: Path) -> None:
        said = ruralpb(
            "ledger", "990101101", "--format", "md", "--out", tmp_path / "out", project=project.folder
        )
        assert said.code == 0
        names = {path.name for path in (tmp_path / "out").iterdir()}
        assert names == {"红旗镇-新建村-990101101201.md", "红旗镇-团结村-990101101202.md"}

    def test_the_terminal_shows_what_changed(self, project: Project) -> None:
        said = ruralpb("ledger", "团结村", project=project.folder)
        assert said.code == 0
        assert "5.5" in said.out

    def test_a_village_name_in_two_townships_asks_which(self, project: Project) -> None:
        said = ruralpb("ledger", "新建村", project=project.folder)
        assert said.code == 2
        assert "990101101201" in said.err

    def test_an_unknown_format_is_told_before_anything_is_done(self, project: Project) -> None:
        said = ruralpb("ledger", "团结村", "--format", "pdf", project=project.folder)
        assert said.code == 2
        assert "docx" in said.err

    def test_a_unit_without_villages_has_no_ledger(self, tmp_path: Path) -> None:
        folder = make_project(tmp_path / "p").folder
        lines = (folder / "units.csv").read_text("utf-8") + "990101A01,县委组织部,office,990101,,,,,,,,,19\n"
        (folder / "units.csv").write_text(lines, "utf-8")
        said = ruralpb("ledger", "县委组织部", project=folder)
        assert said.code == 2
        assert "县委组织部" in said.err

    def test_a_visit_without_a_village_is_in_nobody_s_ledger(self, project: Project) -> None:
        drop(project, "2026-04-05/走访.xlsx", visit("红旗镇", "2026年第一季度", "- V1 李四五 - 3"))
        take(project, unit="990101101")
        assert "visit" not in {form.id for form in ledger(project).forms}
