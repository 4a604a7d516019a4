"""Decisions: an explanation holds while what it explains stays the same; an amendment gives a cell another value and leaves the reported one;
a withdrawn version does not count. The journal alone says who decided what, when and why."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import openpyxl
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
    returns,
    roster,
    rows,
    states,
    table,
    take,
    values,
    visit,
)

from ruralpb.app.decisions import amend, explain, withdraw
from ruralpb.app.feedback import FeedbackRequest, feedback
from ruralpb.app.opening import open_project
from ruralpb.app.project import Project
from ruralpb.core.problems import CannotRun
from ruralpb.model import Finding
from ruralpb.returns.cell_selection import CellRequest
from ruralpb.returns.decision_results import AmendmentResult, CellChange

FARM = f"{HONGQI}-farm-2026Q1-v1"
TUANJIE, XINJIAN = "990101101202", "990101101201"
Q1 = "2026年第一季度"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """红旗镇 reports two villages, 团结村 with costs above its income; nobody was visited in 新建村."""
    made = make_project(tmp_path / "p")
    drop(made, "2026-04-03/红旗镇.xlsx", farm("红旗镇", Q1, "团结村 8 9\n新建村 3 1"))
    drop(made, "2026-04-03/走访.xlsx", visit("红旗镇", Q1, "团结村 V1 李四五 - 3"))
    take(made, unit=HONGQI)
    return made


def finding(project: Project, check_id: str, period: str = "2026Q1", unit: str = "") -> Finding:
    """The one finding of a check."""
    (found,) = [
        f for f in check(project, period).failed() if f.check == check_id and unit in ("", f.unit_code)
    ]
    return found


def change(project: Project, value: str, submission: str = FARM, **named: str) -> AmendmentResult:
    """Amend a cell (of 团结村's costs, unless told otherwise)."""
    target = CellRequest(**named) if named else CellRequest(unit="团结村", field="cost")
    return amend(project, submission, target, CellChange(value, "录入笔误", "王科长", "2026年3月明细账"), NOW)


def refusal(stopped: pytest.ExceptionInfo[CannotRun]) -> str:
    """The slug of the one problem."""
    (problem,) = stopped.value.problems
    return problem.slug


def kinds(project: Project) -> list[str]:
    return [d.kind for d in project.journal.decisions()]


class TestExplain:
    def test_a_query_is_explained_with_who_and_why(self, project: Project) -> None:
        asked = finding(project, "G03")
        explain(project, quarter("2026Q1"), [asked.id], "该村一季度撤并办公点", "李书记", NOW)
        answered = finding(project, "G03")
        assert (answered.status, answered.reason, answered.person) == (
            "explained",
            "该村一季度撤并办公点",
            "李书记",
        )

    def test_the_journal_ties_it_to_the_fingerprint(self, project: Project) -> None:
        asked = finding(project, "G03")
        explain(project, quarter("2026Q1"), [asked.id], "已核实", "李书记", NOW)
        (said,) = project.journal.decisions()
        assert (said.kind, said.by, said.reason) == ("explain", "李书记", "已核实")
        assert said.data["finding"] == asked.id
        assert said.data["fingerprint"] == asked.fingerprint
        assert said.data["submission"] == FARM

    def test_saying_it_again_adds_no_line(self, project: Project) -> None:
        asked = finding(project, "G03")
        for _ in range(2):
            said = explain(project, quarter("2026Q1"), [asked.id], "已核实", "李书记", NOW)
        assert said.already == (asked.id,)
        assert kinds(project) == ["explain"]

    def test_a_later_explanation_takes_the_place_of_the_earlier(self, project: Project) -> None:
        asked = finding(project, "G03")
        explain(project, quarter("2026Q1"), [asked.id], "甲", "李书记", NOW)
        explain(project, quarter("2026Q1"), [asked.id], "乙", "李书记", NOW)
        assert finding(project, "G03").reason == "乙"

    def test_an_error_cannot_be_explained_away(self, project: Project) -> None:
        with pytest.raises(CannotRun) as stopped:
            explain(project, quarter("2026Q1"), [finding(project, "G01").id], "确实如此", "李书记", NOW)
        assert refusal(stopped) == "explain-error"
        assert kinds(project) == []

    def test_an_unknown_id_is_told_with_the_nearest(self, project: Project) -> None:
        asked = finding(project, "G03")
        with pytest.raises(CannotRun) as stopped:
            explain(project, quarter("2026Q1"), [asked.id[:-1] + "x"], "已核实", "李书记", NOW)
        assert refusal(stopped) == "finding-unknown"
        assert asked.id in stopped.value.problems[0].expected

    def test_of_several_all_or_none(self, project: Project) -> None:
        wanted = [finding(project, "G03").id, finding(project, "G01").id]
        with pytest.raises(CannotRun):
            explain(project, quarter("2026Q1"), wanted, "已核实", "李书记", NOW)
        assert kinds(project) == []

    @pytest.mark.parametrize(("reason", "by"), [("", "李书记"), ("已核实", " ")])
    def test_it_needs_a_reason_and_a_name(self, project: Project, reason: str, by: str) -> None:
        with pytest.raises(CannotRun) as stopped:
            explain(project, quarter("2026Q1"), [finding(project, "G03").id], reason, by, NOW)
        assert refusal(stopped) == "decision-needs"

    def test_it_lapses_when_the_value_changes(self, tmp_path: Path) -> None:
        made = asking_below(make_project(tmp_path / "p"), 5)
        drop(made, "2026-04-03/红旗镇.xlsx", farm("红旗镇", Q1, "团结村 4 1\n新建村 9 1"))
        take(made, unit=HONGQI)
        explain(made, quarter("2026Q1"), [finding(made, "Q01").id], "受灾", "李书记", NOW)
        drop(made, "2026-04-08/红旗镇.xlsx", farm("红旗镇", Q1, "团结村 3 1\n新建村 9 1"))
        take(made, unit=HONGQI)
        asked = finding(made, "Q01")
        assert (asked.status, asked.offered, asked.offered_by) == ("open", "受灾", "李书记")

    def test_it_stays_when_a_later_version_says_the_same_of_the_row(self, tmp_path: Path) -> None:
        made = asking_below(make_project(tmp_path / "p"), 5)
        drop(made, "2026-04-03/红旗镇.xlsx", farm("红旗镇", Q1, "团结村 4 1\n新建村 9 1"))
        take(made, unit=HONGQI)
        explain(made, quarter("2026Q1"), [finding(made, "Q01").id], "受灾", "李书记", NOW)
        drop(made, "2026-04-08/新表.xlsx", farm("红旗镇", Q1, "新建村 8 1\n团结村 4 1"))
        take(made, unit=HONGQI)
        assert finding(made, "Q01").status == "explained"

    def test_it_lapses_when_the_check_changes(self, tmp_path: Path) -> None:
        made = asking_below(make_project(tmp_path / "p"), 5)
        drop(made, "2026-04-03/红旗镇.xlsx", farm("红旗镇", Q1, "团结村 4 1\n新建村 9 1"))
        take(made, unit=HONGQI)
        explain(made, quarter("2026Q1"), [finding(made, "Q01").id], "受灾", "李书记", NOW)
        made = asking_below(made, 6)
        assert finding(made, "Q01").status == "open"

    def test_next_period_it_is_offered_and_does_not_count(self, tmp_path: Path) -> None:
        made = asking_below(make_project(tmp_path / "p"), 5)
        drop(made, "2026-01-05/红旗镇.xlsx", farm("红旗镇", "2025年第四季度", "团结村 4 1\n新建村 9 1"))
        drop(made, "2026-04-03/红旗镇.xlsx", farm("红旗镇", Q1, "团结村 4 1\n新建村 9 1"))
        take(made, unit=HONGQI)
        explain(made, quarter("2025Q4"), [finding(made, "Q01", "2025Q4").id], "受灾", "李书记", NOW)
        asked = finding(made, "Q01")
        assert (asked.status, asked.offered) == ("open", "受灾")
        (sent,) = (
            s
            for s in feedback(made, quarter("2026Q1"), FeedbackRequest(), NOW, lambda _: None).sent
            if s.reporter_code == HONGQI
        )
        sheet = openpyxl.load_workbook(sent.folder / "核实清单.xlsx")["核实清单"]
        (line,) = (row for row in sheet.iter_rows(values_only=True) if asked.id in row)
        assert "受灾" in line
        assert any("李书记以前的说明，供参考" in str(cell) for cell in line)

    def test_what_intake_asks_can_be_explained_and_is_the_same_when_the_file_comes_again(
        self, tmp_path: Path
    ) -> None:
        made = make_project(tmp_path / "p")
        drop(made, "2026-04-03/红旗镇.xlsx", _with_hidden_row("团结村 4 1\n新建村 9 1"))
        take(made, unit=HONGQI)
        asked = finding(made, "D24")
        assert asked.severity == "query"
        explain(made, quarter("2026Q1"), [asked.id], "隐藏行属实", "李书记", NOW)
        drop(made, "2026-04-09/红旗镇第二次.xlsx", _with_hidden_row("团结村 5 1\n新建村 9 1"))
        take(made, unit=HONGQI)
        assert finding(made, "D24").status == "explained"

    def test_the_same_check_on_two_forms_is_two_findings(self, project: Project) -> None:
        missing = [f.id for f in check(project).failed() if f.check == "C01"]
        assert len(missing) == len(set(missing))


def asking_below(project: Project, least: int) -> Project:
    """The project with a query of its own, whose answer rests on one value."""
    path = project.folder / "lib/forms/farm.yaml"
    text = path.read_text("utf-8").split("  - id: Q01")[0]
    text += f"""  - id: Q01
    severity: query
    expr: income >= {least}
    at: income
    message: "{{village}}：收入{{income}}万元偏低，请核实"
"""
    path.write_text(text, "utf-8")
    return open_project(project.folder)


def _with_hidden_row(text: str) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(farm("红旗镇", Q1, text)))
    book["农情"].row_dimensions[5].hidden = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class TestAmend:
    def test_checks_and_figures_use_the_effective_value(self, project: Project) -> None:
        change(project, "7")
        assert values(project)["cost_rate", HONGQI].numerator == Decimal(8)
        assert {f.id for f in check(project).failed() if f.check == "G01" and f.status == "open"} == set()

    def test_the_finding_it_settles_is_amended_and_says_by_whom(self, project: Project) -> None:
        change(project, "7")
        settled = finding(project, "G01")
        assert settled.status == "amended"
        assert settled.person == "王科长"
        for said in ("原报9", "取7", "录入笔误", "2026年3月明细账"):
            assert said in settled.reason
        assert settled.message == "团结村：支出9万元，大于收入8万元"

    def test_a_return_whose_errors_are_amended_is_accepted(self, project: Project) -> None:
        assert returns(project, "farm")[HONGQI].status == "blocked"
        change(project, "7")
        explain(project, quarter("2026Q1"), [finding(project, "G03").id], "已核实", "李书记", NOW)
        assert returns(project, "farm")[HONGQI].status == "accepted"

    def test_the_reported_value_stays_in_store_and_notes(self, project: Project) -> None:
        change(project, "7")
        with project.reading() as store:
            said = {r.content[0]: dict(r.content[2])["cost"] for r in store.rows_of("farm", [FARM])}
        assert said[TUANJIE] == 9
        (note,) = [n for n in table(project, "notes") if n["rule"] == "amended"]
        assert (note["raw"], note["value"], note["cell"], note["unit_code"]) == ("9", "7", "C4", TUANJIE)

    def test_exported_facts_have_the_value_that_counts(self, project: Project) -> None:
        change(project, "7")
        costs = {row["unit_code"]: row["cost"] for row in table(project, "facts", form="farm")}
        assert costs == {TUANJIE: Decimal(7), XINJIAN: Decimal(1)}

    def test_exported_amendments_have_both_values_and_who_and_why(self, project: Project) -> None:
        change(project, "7")
        (row,) = table(project, "amendments")
        assert {name: row[name] for name in ("submission", "form", "unit_code", "field", "cell", "reported", "effective")} == {
            "submission": FARM, "form": "farm", "unit_code": TUANJIE, "field": "cost", "cell": "C4",
            "reported": "9", "effective": "7",
        }  # fmt: skip
        assert (row["state"], row["by"], row["reason"], row["basis"]) == (
            "live",
            "王科长",
            "录入笔误",
            "2026年3月明细账",
        )

    def test_a_cell_can_be_named_as_people_see_it(self, project: Project) -> None:
        done = change(project, "7", cell="农情!C4")
        assert (done.field, done.unit_code, done.was, done.now) == ("cost", TUANJIE, "9", "7")

    def test_a_field_can_be_named_by_its_title_and_a_unit_by_its_code(self, project: Project) -> None:
        assert change(project, "7", unit=TUANJIE, field="经营支出").address.cell == "C4"

    def test_the_value_is_read_by_the_rules_of_its_field(self, project: Project) -> None:
        assert change(project, "70000元").now == "7"

    @pytest.mark.parametrize("value", ["约7", "七个多", "2026-03-01"])
    def test_a_value_that_cannot_be_read_is_refused(self, project: Project, value: str) -> None:
        with pytest.raises(CannotRun):
            change(project, value)
        assert kinds(project) == []

    def test_a_share_that_may_be_points_is_refused(self, project: Project) -> None:
        with pytest.raises(CannotRun):
            change(project, "0.98", unit="团结村", field="share")

    def test_a_refused_cell_gets_a_value_and_is_settled(self, tmp_path: Path) -> None:
        made = make_project(tmp_path / "p")
        drop(made, "2026-04-03/红旗镇.xlsx", farm("红旗镇", Q1, "团结村 8 约2\n新建村 3 1"))
        take(made, unit=HONGQI)
        assert change(made, "2").was == "约2"
        assert finding(made, "D54").status == "amended"
        assert rows(made, f"select cost from farm where village_code = '{TUANJIE}'") == [(Decimal(2),)]

    def test_a_required_cell_left_blank_gets_a_value(self, tmp_path: Path) -> None:
        made = make_project(tmp_path / "p")
        drop(made, "2026-04-03/红旗镇.xlsx", farm("红旗镇", Q1, "团结村 - 2\n新建村 3 1"))
        take(made, unit=HONGQI)
        assert finding(made, "C04").status == "open"
        change(made, "8", unit="团结村", field="income")
        assert finding(made, "C04").status == "amended"

    def test_what_the_new_value_breaks_is_found(self, project: Project) -> None:
        done = change(project, "5", unit="新建村", field="cost")
        assert [f.check for f in done.raised] == ["G01"]
        assert len([f for f in check(project).failed() if f.check == "G01"]) == 2

    def test_a_number_of_a_person_is_amended_and_never_shown(self, tmp_path: Path) -> None:
        made = make_project(tmp_path / "p")
        drop(made, "2026-04-04/名册.xlsx", roster("红旗镇", Q1, f"团结村 张甲乙 {id_number(1)} 3000"))
        take(made, unit=HONGQI)
        new = id_number(2).removeprefix("'")
        done = change(made, new, f"{HONGQI}-roster-2026Q1-v1", unit="团结村", field="id_card")
        assert (done.was, done.now) == ("***", "***")
        assert rows(made, "select person_key from roster") == [(new,)]
        assert new not in str(table(made, "amendments")) + str(table(made, "notes"))

    @pytest.mark.parametrize(
        ("named", "slug"),
        [
            ({"unit": "团结村"}, "amend-which"),
            ({"unit": "团结村", "field": "支出合计"}, "amend-no-field"),
            ({"unit": "石桥村", "field": "cost"}, "amend-no-unit"),
            ({"unit": "团结村", "field": "cost", "row": "V9"}, "amend-no-row"),
            ({"cell": "农情!C1"}, "amend-no-cell"),
            ({"cell": "农情!A4"}, "amend-unit-field"),
        ],
    )
    def test_what_is_no_cell_is_told(self, project: Project, named: dict[str, str], slug: str) -> None:
        with pytest.raises(CannotRun) as stopped:
            change(project, "7", **named)
        assert refusal(stopped) == slug

    def test_of_several_rows_the_key_tells(self, tmp_path: Path) -> None:
        made = make_project(tmp_path / "p")
        drop(made, "2026-04-03/走访.xlsx", visit("红旗镇", Q1, "团结村 V1 李四五 - 3\n团结村 V2 李四五 - 4"))
        take(made, unit=HONGQI)
        version = f"{HONGQI}-visit-2026Q1-v1"
        with pytest.raises(CannotRun) as stopped:
            change(made, "5", version, unit="团结村", field="days")
        assert refusal(stopped) == "amend-several-rows"
        assert change(made, "5", version, unit="团结村", field="days", row="V2").address.cell == "E5"

    def test_the_value_that_counts_already_is_no_amendment(self, project: Project) -> None:
        with pytest.raises(CannotRun) as stopped:
            change(project, "9.0")
        assert refusal(stopped) == "amend-same"

    def test_it_is_taken_back_by_the_reported_value(self, project: Project) -> None:
        change(project, "7")
        change(project, "9")
        assert finding(project, "G01").status == "open"
        assert [row["state"] for row in table(project, "amendments")] == ["replaced", "live"]
        assert [n for n in table(project, "notes") if n["rule"] == "amended"] == []

    @pytest.mark.parametrize("missing", ["--reason", "--by", "--basis", "--value"])
    def test_it_needs_value_reason_name_and_basis(self, project: Project, missing: str) -> None:
        said = {"--value": "7", "--reason": "笔误", "--by": "王科长", "--basis": "明细账"}
        del said[missing]
        words = [word for pair in said.items() for word in pair]
        done = ruralpb("amend", FARM, "--cell", "农情!C4", *words, project=project.folder)
        assert done.code == 2
        assert missing in done.err


class TestAmendmentAndLaterVersions:
    def test_a_version_that_leaves_the_cell_keeps_it(self, project: Project) -> None:
        change(project, "7")
        drop(project, "2026-04-09/红旗镇.xlsx", farm("红旗镇", Q1, "新建村 4 1\n团结村 8 9"))
        take(project, unit=HONGQI)
        assert values(project)["cost_rate", HONGQI].numerator == Decimal(8)
        (row,) = table(project, "amendments")
        assert (row["state"], row["cell"], row["file"]) == ("live", "C5", "returns/2026-04-09/红旗镇.xlsx")

    def test_a_version_that_changes_the_cell_ends_it(self, project: Project) -> None:
        change(project, "7")
        drop(project, "2026-04-09/红旗镇.xlsx", farm("红旗镇", Q1, "团结村 8 6\n新建村 3 1"))
        take(project, unit=HONGQI)
        assert values(project)["cost_rate", HONGQI].numerator == Decimal(7)
        assert [row["state"] for row in table(project, "amendments")] == ["lapsed"]

    def test_only_the_current_version_can_be_amended(self, project: Project) -> None:
        drop(project, "2026-04-09/红旗镇.xlsx", farm("红旗镇", Q1, "团结村 8 8.5\n新建村 3 1"))
        take(project, unit=HONGQI)
        with pytest.raises(CannotRun) as stopped:
            change(project, "7")
        assert refusal(stopped) == "amend-not-current"
        assert stopped.value.problems[0].expected == FARM.replace("v1", "v2")

    def test_a_rebuilt_store_has_the_same_effective_values(self, project: Project) -> None:
        change(project, "7")
        before = table(project, "facts", form="farm")
        assert ruralpb("rebuild", project=project.folder).code == 0
        assert table(project, "facts", form="farm") == before

    def test_an_unknown_version_is_told_with_the_nearest(self, project: Project) -> None:
        with pytest.raises(CannotRun) as stopped:
            change(project, "7", FARM.replace("farm", "frm"))
        assert refusal(stopped) == "submission-unknown"
        assert FARM in stopped.value.problems[0].expected


class TestWithdraw:
    def test_the_version_before_counts_again(self, project: Project) -> None:
        drop(project, "2026-04-09/红旗镇.xlsx", farm("红旗镇", Q1, "团结村 8 6\n新建村 3 1"))
        take(project, unit=HONGQI)
        second = FARM.replace("v1", "v2")
        done = withdraw(project, second, "误报", "王科长", NOW)
        assert done.current == FARM
        assert states(project)[second] == "withdrawn"
        assert states(project)[FARM] == "current"

    def test_without_another_version_the_return_is_missing(self, project: Project) -> None:
        done = withdraw(project, FARM, "误报", "王科长", NOW)
        assert done.current == ""
        assert returns(project, "farm")[HONGQI].status == "missing"

    def test_twice_is_told_with_who_did_it_first(self, project: Project) -> None:
        withdraw(project, FARM, "误报", "王科长", NOW)
        with pytest.raises(CannotRun) as stopped:
            withdraw(project, FARM, "误报", "李书记", NOW)
        assert refusal(stopped) == "withdraw-twice"
        assert "王科长" in stopped.value.problems[0].expected
        assert kinds(project) == ["withdraw"]


class TestSealed:
    def test_nothing_of_a_sealed_period_is_decided_before_it_is_opened(self, project: Project) -> None:
        asked = finding(project, "G03").id
        project.journal.decide("seal", "王科长", "", {"period": "2026Q1"}, NOW)
        for decide in (
            lambda: explain(project, quarter("2026Q1"), [asked], "已核实", "李书记", NOW),
            lambda: change(project, "7"),
            lambda: withdraw(project, FARM, "误报", "王科长", NOW),
        ):
            with pytest.raises(CannotRun) as stopped:
                decide()
            assert refusal(stopped) == "decision-sealed"
        project.journal.decide("unlock", "王科长", "漏报", {"period": "2026Q1"}, NOW)
        assert explain(project, quarter("2026Q1"), [asked], "已核实", "李书记", NOW).findings


class TestCommands:
    def test_explain_says_what_was_recorded_and_validate_shows_it(self, project: Project) -> None:
        asked = finding(project, "G03").id
        said = ruralpb(
            "explain", asked, "--reason", "已核实", "--by", "李书记", "--quarter", "2026Q1", project=project.folder
        )  # fmt: skip
        assert said.code == 0
        assert asked in said.out
        shown = ruralpb("validate", "--quarter", "2026Q1", project=project.folder)
        assert "李书记" in shown.out
        assert "已核实" in shown.out

    def test_the_exported_findings_say_who_explained_them(self, project: Project) -> None:
        explain(project, quarter("2026Q1"), [finding(project, "G03").id], "已核实", "李书记", NOW)
        (row,) = [r for r in table(project, "findings") if r["check"] == "G03"]
        assert (row["status"], row["reason"], row["person"]) == ("explained", "已核实", "李书记")

    def test_amend_says_both_values_and_what_it_settled(self, project: Project) -> None:
        said = ruralpb(
            "amend", FARM, "--cell", "农情!C4", "--value", "7", "--reason", "笔误", "--by", "王科长", "--basis", "明细账",
            project=project.folder,
        )  # fmt: skip
        assert said.code == 0
        assert "原报9" in said.out
        assert finding(project, "G01").id in said.out

    def test_withdraw_says_what_counts_now(self, project: Project) -> None:
        said = ruralpb(
            "withdraw", FARM, "--reason", "误报", "--by", "王科长", "--json", project=project.folder
        )
        assert said.json == {"submission": FARM, "period": "2026Q1", "current": ""}

    def test_trace_says_that_a_figure_rests_on_an_amendment(self, project: Project) -> None:
        change(project, "7")
        said = ruralpb(
            "trace", "cost_rate", "--quarter", "2026Q1", "--unit", HONGQI, "--json", project=project.folder
        )
        (cell,) = [c for c in said.json["cells"] if c["cell"] == "C4" and c["side"] == "numerator"]
        assert (cell["raw"], Decimal(cell["value"])) == ("9", Decimal(7))
        assert "王科长" in cell["note"]


class TestPages:
    def test_a_briefing_names_the_values_that_count_in_place_of_reported_ones(
        self, project: Project, tmp_path: Path
    ) -> None:
        change(project, "7")
        words = ("--quarter", "2026Q1", "--format", "md,html", "--out", tmp_path / "out")
        said = ruralpb("report", *words, "--trace", "--json", project=project.folder)
        assert said.code in (0, 1), said.err
        text = next((tmp_path / "out").glob("*.md")).read_text("utf-8")
        assert "团结村《农情表》“经营支出”原报9，取7（依据：2026年3月明细账）" in text.replace("\\", "")

    def test_the_cells_behind_a_figure_say_it(self, project: Project) -> None:
        from ruralpb.app.computing import ValuesRequest, computed
        from ruralpb.app.origins import Origins

        change(project, "7")
        period = quarter("2026Q1")
        with project.session(period) as session, project.reading() as store:
            found, _ = computed(project, session, period, ("township",), ValuesRequest(("cost_rate",)), ())
            id = f"cost_rate@{HONGQI}@2026Q1"
            cells = Origins(project, session, store, period, found).cells([id])[id]
        (cell,) = [c for c in cells if c.cell == "C4"]
        assert cell.raw == "9"
        assert cell.note.startswith("按更正取值：原报9，取7")
