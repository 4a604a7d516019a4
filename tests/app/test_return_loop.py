"""Ten townships go through two rounds of return and correction: each file is handed in once, nothing is typed twice, and the journal alone says
who decided what, when and why."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from semantics_world import NOW, check, drop, farm, make_project, quarter, states, statuses, take, told

from ruralpb.app import feedback
from ruralpb.app.decisions import amend
from ruralpb.app.opening import open_project
from ruralpb.app.project import Project
from ruralpb.model import Decision, ReturnState
from ruralpb.returns.cell_selection import CellRequest
from ruralpb.returns.decision_results import CellChange

Q1 = "2026年第一季度"
NAMES = ("一里", "二河", "三塘", "四湾", "五洲", "六坪", "七桥", "八冲", "九岭", "十渡")
TOWNSHIPS = {name: f"9901012{number:02d}" for number, name in enumerate(NAMES, 1)}
SOON, LATER = datetime(2026, 4, 8, 9), datetime(2026, 4, 15, 9)


def county(folder: Path) -> Project:
    """A county whose ten townships owe one form: costs above income are an error, small incomes are asked about."""
    make_project(folder)
    units = ["code,name,level,parent_code,kind,aliases,valid_from,valid_to,successor,class,key_class,in_demo_zone,sort_no",
             "99,示例省,province,,,,,,,,,,1", "9901,示例市,city,99,,,,,,,,,2", "990101,东县,county,9901,,,,,,,,,3"]  # fmt: skip
    for order, (name, code) in enumerate(TOWNSHIPS.items(), 4):
        units.append(f"{code},{name}镇,township,990101,镇,,,,,,,,{order}")
        units += [f"{code}20{n},{name}{n}村,village,{code},行政村,,,,,,,,{100 * order + n}" for n in (1, 2)]
    (folder / "units.csv").write_text("\n".join(units) + "\n", "utf-8")
    settings = (folder / "ruralpb.yaml").read_text("utf-8")
    settings = settings.replace('unit: "9901"', 'unit: "990101"').replace("[farm, visit, roster]", "[farm]")
    (folder / "ruralpb.yaml").write_text(settings, "utf-8")
    form = folder / "lib/forms/farm.yaml"
    head = form.read_text("utf-8").split("  - id: G02")[0]
    form.write_text(head + """  - id: Q01
    severity: query
    expr: income >= 5
    at: income
    message: "{village}：收入{income}万元偏低，请核实"
""", "utf-8")  # fmt: skip
    return open_project(folder)


def sends(project: Project, day: str, name: str, first: str, second: str, file: str = "") -> None:
    """A township's return: income and cost of its two villages."""
    content = farm(f"{name}镇", Q1, f"{name}1村 {first}\n{name}2村 {second}")
    drop(project, f"{day}/{file or name}.xlsx", content)


def answers(project: Project, day: str, sent: feedback.SentBack, said: Mapping[str, tuple[str, str]]) -> None:
    """A township fills in its 核实清单 (message's beginning → 说明, 说明人) and hands it in."""
    book = openpyxl.load_workbook(io.BytesIO((sent.folder / "核实清单.xlsx").read_bytes()))
    sheet = book["核实清单"]
    head = next(row for row in sheet.iter_rows() if row[0].value == "序号")
    columns = {cell.value: cell.column for cell in head}
    for row in range(head[0].row + 1, sheet.max_row + 1):
        for start, (explanation, person) in said.items():
            if str(sheet.cell(row, columns["问题"]).value).startswith(start):
                sheet.cell(row, columns["说明"]).value = explanation
                sheet.cell(row, columns["说明人"]).value = person
    out = io.BytesIO()
    book.save(out)
    drop(project, f"{day}/{sent.reporter}核实清单.xlsx", out.getvalue())


def send_back(project: Project, now: datetime) -> dict[str, feedback.SentBack]:
    made = feedback.feedback(project, quarter("2026Q1"), feedback.FeedbackRequest(), now, lambda _: None)
    return {one.reporter.removesuffix("镇"): one for one in made.sent}


def standing(project: Project) -> dict[str, ReturnState]:
    by_code = {state.reporter_code: state for state in check(project).states}
    return {name: by_code[code] for name, code in TOWNSHIPS.items()}


def decisions(project: Project, kind: str) -> list[Decision]:
    return [d for d in project.journal.decisions() if d.kind == kind]


class Loop:
    """The quarter of the county, round by round, with what was seen after each."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.after: list[dict[str, str]] = []
        for name in NAMES:
            # Of each township one village has costs above its income, the other an income that is asked about.
            sends(project, "2026-04-03", name, "8 9", "3 1")
        take(project)
        self._seen()
        first = send_back(project, SOON)
        self.first = first
        self._seen()
        for name in NAMES[:8]:
            sends(project, "2026-04-10", name, "8 7", "3 1")
        # 八冲 corrects what it explains; 九岭 explains its error away; 十渡 says nothing.
        sends(project, "2026-04-10", "八冲", "8 7", "4 1", file="八冲再报")
        (project.inbox / "2026-04-10/八冲.xlsx").unlink()
        for name in NAMES[:8]:
            answers(project, "2026-04-10", first[name], {f"{name}2村": (f"{name}受灾减收", f"{name}书记")})
        answers(
            project,
            "2026-04-10",
            first["九岭"],
            {"九岭2村": ("减收", "九岭书记"), "九岭1村": ("确实如此", "九岭书记")},
        )
        self.round_one = take(project)
        self._seen()
        second = send_back(project, LATER)
        self.second = second
        answers(project, "2026-04-17", second["八冲"], {"八冲2村": ("受灾减收", "八冲书记")})
        sends(project, "2026-04-17", "九岭", "8 7", "3 1")
        answers(project, "2026-04-17", second["十渡"], {"十渡2村": ("减收", "十渡书记")})
        self.round_two = take(project)
        change = CellChange("7", "多录一笔", "县委组织部王科长", "十渡1村3月明细账")
        amend(project, f"{TOWNSHIPS['十渡']}-farm-2026Q1-v1", CellRequest(cell="农情!C4"), change, NOW)
        self._seen()

    def _seen(self) -> None:
        self.after.append({name: state.status for name, state in standing(self.project).items()})


@pytest.fixture(scope="module")
def loop(tmp_path_factory: pytest.TempPathFactory) -> Loop:
    return Loop(county(tmp_path_factory.mktemp("loop") / "p"))


class TestTwoRounds:
    def test_with_errors_and_queries_every_return_is_blocked(self, loop: Loop) -> None:
        assert set(loop.after[0].values()) == {"blocked"}

    def test_what_was_sent_back_is_returned(self, loop: Loop) -> None:
        assert set(loop.after[1].values()) == {"returned"}

    def test_corrected_and_explained_they_are_accepted(self, loop: Loop) -> None:
        accepted = [name for name, status in loop.after[2].items() if status == "accepted"]
        assert accepted == list(NAMES[:7])

    def test_a_new_version_waits_to_be_sent_back_and_an_old_one_stays_returned(self, loop: Loop) -> None:
        assert [loop.after[2][name] for name in NAMES[7:]] == ["blocked", "returned", "returned"]

    def test_only_those_with_something_open_are_sent_back_again(self, loop: Loop) -> None:
        assert list(loop.second) == list(NAMES[7:])

    def test_after_the_second_round_all_are_accepted(self, loop: Loop) -> None:
        assert set(loop.after[3].values()) == {"accepted"}


class TestAnswers:
    def test_an_answer_to_other_data_is_told_and_not_taken(self, loop: Loop) -> None:
        (stale,) = [line for line in told(loop.round_one) if "已经变了" in line]
        assert "八冲镇核实清单.xlsx" in stale
        assert "八冲受灾减收" not in [d.reason for d in decisions(loop.project, "explain")]

    def test_an_error_is_told_to_be_corrected(self, loop: Loop) -> None:
        assert [
            line for line in told(loop.round_one) if "强制性错误" in line and "九岭镇核实清单.xlsx" in line
        ]
        assert "确实如此" not in [d.reason for d in decisions(loop.project, "explain")]

    def test_the_list_is_archived_and_is_no_return(self, loop: Loop) -> None:
        project = loop.project
        received = decisions(project, "answers")
        assert len(received) == 11
        assert all(project.archive.has(d.data["sha256"]) for d in received)
        assert not [path for path in (r.path for r in project.journal.receipts()) if "核实清单" in path]
        assert {status for file, status in statuses(loop.round_one).items() if "核实清单" in file} == {
            "taken"
        }

    def test_the_same_list_again_adds_no_line(self, loop: Loop) -> None:
        before = loop.project.journal.last
        result = take(loop.project)
        assert {file.status for file in result.files} == {"unchanged"}
        assert loop.project.journal.last == before

    def test_an_explanation_outlives_a_rebuild(self, loop: Loop, tmp_path: Path) -> None:
        from ruralpb.app.rebuild import rebuild

        rebuild(loop.project, 60, lambda _: None)
        assert {state.status for state in standing(loop.project).values()} == {"accepted"}

    def test_a_dry_run_says_what_would_be_taken_and_records_nothing(self, tmp_path: Path) -> None:
        project = county(tmp_path / "p")
        sends(project, "2026-04-03", "一里", "8 7", "3 1")
        take(project)
        answers(project, "2026-04-10", send_back(project, SOON)["一里"], {"一里2村": ("受灾", "一里书记")})
        before = project.journal.last
        result = take(project, dry_run=True)
        (answered,) = [file for file in result.files if file.explained is not None]
        assert len(answered.explained or ()) == 1
        assert project.journal.last == before


class TestTheJournalAlone:
    """Read from the journal's lines, without the store."""

    def test_who_explained_what_and_why(self, loop: Loop) -> None:
        said = {d.data["reporter"]: (d.by, d.reason) for d in decisions(loop.project, "explain")}
        assert said == {
            **{TOWNSHIPS[name]: (f"{name}书记", f"{name}受灾减收") for name in NAMES[:7]},
            TOWNSHIPS["八冲"]: ("八冲书记", "受灾减收"),
            TOWNSHIPS["九岭"]: ("九岭书记", "减收"),
            TOWNSHIPS["十渡"]: ("十渡书记", "减收"),
        }

    def test_each_explanation_names_the_file_it_stood_in(self, loop: Loop) -> None:
        lists = {d.data["sha256"] for d in decisions(loop.project, "answers")}
        assert {d.data["answers"] for d in decisions(loop.project, "explain")} <= lists

    def test_what_was_sent_back_and_when(self, loop: Loop) -> None:
        sent = [(d.data["submission"], d.at[:10]) for d in decisions(loop.project, "return")]
        first = [(f"{code}-farm-2026Q1-v1", "2026-04-08") for code in TOWNSHIPS.values()]
        assert sent == [*first, (f"{TOWNSHIPS['八冲']}-farm-2026Q1-v2", "2026-04-15")]

    def test_who_amended_what_and_on_what_basis(self, loop: Loop) -> None:
        (said,) = decisions(loop.project, "amend")
        assert (said.by, said.reason, said.data["was"], said.data["now"], said.data["basis"]) == (
            "县委组织部王科长", "多录一笔", "9", "7", "十渡1村3月明细账",
        )  # fmt: skip

    def test_every_version_but_the_last_is_superseded(self, loop: Loop) -> None:
        found = states(loop.project)
        assert sorted(found.values()) == ["current"] * 10 + ["superseded"] * 9
