"""Feedback: for every finding one mark in the reporter's own file, one line in its list; the journal says what was sent back."""

from __future__ import annotations

import io
import json
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from command_line import ruralpb
from semantics_world import (
    HONGQI,
    NOW,
    QINGSHAN,
    check,
    drop,
    farm,
    id_number,
    make_project,
    quarter,
    roster,
    states,
    statuses,
    take,
)
from workbooks import csv, workbook

from ruralpb.app import reminders
from ruralpb.app import status as stage
from ruralpb.app.feedback import Feedback, FeedbackRequest, feedback
from ruralpb.app.opening import open_project
from ruralpb.app.project import Project
from ruralpb.core.problems import SEVERITIES
from ruralpb.intake import readers
from ruralpb.model import Address, Finding
from ruralpb.publish import feedback as making
from ruralpb.publish.feedback import wording
from ruralpb.returns.returned_findings import SentBack

Q1 = "2026年第一季度"
RULES = """checks:
  - id: G06
    severity: query
    over: [person_key]
    expr: count(*) <= 1
    at: name
    show: {person: min(name), n: count(*)}
    message: "{person}登记了{n}次"
  - id: G07
    severity: query
    rows: previous
    expr: exists (select 1 from roster r where r.person_key = roster.person_key)
    at: name
    message: "{village} {name}：上季在册，本季缺失"
"""


def world(folder: Path) -> Project:
    """The two counties with a rule over the persons of several townships, and one about those who are gone."""
    make_project(folder)
    path = folder / "lib/forms/roster.yaml"
    path.write_text(path.read_text("utf-8").replace("checks:\n", RULES), "utf-8")
    return open_project(folder)


def send(project: Project, now: datetime = NOW, **order: Any) -> Feedback:
    return feedback(project, quarter("2026Q1"), FeedbackRequest(**order), now, lambda _: None)


def one(project: Project, code: str = HONGQI) -> SentBack:
    (found,) = (sent for sent in send(project).sent if sent.reporter_code == code)
    return found


def book(folder: Path, name: str) -> Any:
    return openpyxl.load_workbook(io.BytesIO((folder / name).read_bytes()))


def fills(folder: Path, name: str) -> dict[tuple[str, str], str]:
    """The coloured cells of a copy."""
    shades = {f"FF{traits.marked}": f"{kind}" for kind, traits in SEVERITIES.items()}
    shades |= {f"FF{traits.pale}": f"pale {kind}" for kind, traits in SEVERITIES.items()}
    return {
        (sheet.title, cell.coordinate): shades[cell.fill.fgColor.rgb]
        for sheet in book(folder, name)
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.fgColor.rgb in shades
    }


def lines(folder: Path) -> list[dict[str, Any]]:
    """核实清单, a dict a line; a linked cell as (file, place)."""
    sheet = book(folder, "核实清单.xlsx")["核实清单"]
    heads = [cell.value for cell in sheet[4]]
    return [
        {
            head: (cell.hyperlink.target, cell.hyperlink.location) if cell.hyperlink else cell.value
            for head, cell in zip(heads, row, strict=True)
        }
        for row in sheet.iter_rows(min_row=5)
    ]


def returned(project: Project) -> list[dict[str, str]]:
    return [dict(d.data) for d in project.journal.decisions() if d.kind == "return"]


@pytest.fixture(scope="module")
def sent_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """红旗镇 with an error and a query; 青山镇 with a person whom 红旗镇 has too. Its findings are known."""
    made = world(tmp_path_factory.mktemp("world") / "p")
    people = f"团结村 张甲乙 {id_number(1)} 3000\n团结村 李丙丁 {id_number(2)} 1"
    drop(made, "2026-04-03/红旗镇.xlsx", farm("红旗镇", Q1, "新建村 3 5\n团结村 8"))
    drop(made, "2026-04-03/名册.xlsx", roster("红旗镇", Q1, people))
    take(made, unit=HONGQI)
    drop(made, "2026-04-04/青山镇.xlsx", roster("青山镇", Q1, f"柳树村 安戊己 {id_number(1)} 3000"))
    take(made, unit=QINGSHAN)
    check(made)
    return made.folder


@pytest.fixture
def project(sent_in: Path, tmp_path: Path) -> Project:
    """A copy of it for one test."""
    return open_project(shutil.copytree(sent_in, tmp_path / "p"))


class TestMarks:
    def test_every_finding_is_marked_once_in_its_colour_and_linked_from_its_line(
        self, project: Project
    ) -> None:
        sent = one(project)
        open_ = [f for f in check(project).failed() if f.reporter_code == HONGQI and f.check != "C01"]
        listed = lines(sent.folder)
        assert Counter(line["编号"] for line in listed) == Counter(f.id for f in open_)
        links = {line["编号"]: line["单元格"] for line in listed}
        for finding in open_:
            if finding.id in sent.nowhere:
                assert links[finding.id] == sent.nowhere[finding.id]
                continue
            head = finding.cells[0]
            name = Path(head.file).name
            assert links[finding.id] == (name, f"'{head.sheet}'!{head.cell}")
            assert (head.sheet, head.cell) in fills(sent.folder, name)
        assert fills(sent.folder, "红旗镇.xlsx")[("农情", "C4")] == "error"

    def test_a_cell_of_an_error_and_a_query_is_red(self, tmp_path: Path) -> None:
        made = world(tmp_path / "p")
        drop(made, "2026-04-03/红旗镇.xlsx", farm("红旗镇", Q1, "新建村 3 5\n新建村 3 1"))
        take(made, unit=HONGQI)
        colours = fills(one(made).folder, "红旗镇.xlsx")
        assert colours[("农情", "C4")] == "error"
        assert set(colours.values()) <= {"error", "pale error", "query"}

    def test_a_group_has_one_mark_as_head_and_pale_ones_in_its_other_rows(self, tmp_path: Path) -> None:
        made = world(tmp_path / "p")
        people = "\n".join(f"团结村 张甲乙 {id_number(1)} {pay}" for pay in (1, 2, 3))
        drop(made, "2026-04-03/名册.xlsx", roster("红旗镇", Q1, people))
        take(made, unit=HONGQI)
        sent = one(made)
        (line,) = (line for line in lines(sent.folder) if line["编号"].startswith("G06-"))
        head = line["单元格"][1].rpartition("!")[2]
        colours = fills(sent.folder, "名册.xlsx")
        own = {cell: colour for (_, cell), colour in colours.items() if cell[0] == head[0]}
        assert sorted(own.values()) == ["pale query", "pale query", "query"]

    def test_a_group_may_stand_in_two_files(self, tmp_path: Path) -> None:
        made = world(tmp_path / "p")
        for name, village in (("甲", "团结村"), ("乙", "新建村")):
            drop(made, f"2026-04-03/{name}.xlsx", roster("红旗镇", Q1, f"{village} 张甲乙 {id_number(1)} 1"))
        take(made, unit=HONGQI)
        sent = one(made)
        marks = [list(fills(sent.folder, f"{name}.xlsx").values()) for name in ("甲", "乙")]
        assert sorted(map(sorted, marks)) == [["error", "query"], ["pale error", "pale query"]]

    def test_a_finding_in_last_quarter_s_file_says_where_instead(self, tmp_path: Path) -> None:
        made = world(tmp_path / "p")
        drop(made, "2026-01-05/名册.xlsx", roster("红旗镇", "2025年第四季度", f"团结村 张甲乙 {id_number(1)} 1"))  # fmt: skip
        drop(made, "2026-04-03/名册.xlsx", roster("红旗镇", Q1, f"团结村 李丙丁 {id_number(2)} 1"))
        take(made, unit=HONGQI)
        sent = one(made)
        (gone,) = (line for line in lines(sent.folder) if line["编号"].startswith("G07-"))
        assert gone["单元格"].startswith("上期报表：")
        assert [path.name for path in sent.files].count("名册.xlsx") == 1

    def test_the_original_in_the_archive_and_in_the_inbox_is_as_it_was(self, project: Project) -> None:
        before = {path: path.read_bytes() for path in (project.folder / "returns").rglob("*.xlsx")}
        kept = {p: p.read_bytes() for p in project.archive.folder.rglob("*") if p.is_file()}
        send(project)
        assert before == {path: path.read_bytes() for path in before}
        assert kept == {path: path.read_bytes() for path in kept}


class TestRoundTrip:
    def test_a_marked_copy_that_comes_back_makes_no_new_version(self, project: Project) -> None:
        before = states(project)
        for path in one(project).files:
            if path.name in ("红旗镇.xlsx", "名册.xlsx"):
                drop(project, f"2026-05-06/{path.name}", path.read_bytes())
        found = take(project, project.folder / "returns/2026-05-06", unit=HONGQI)
        assert set(statuses(found).values()) == {"unchanged"}
        assert states(project) == before

    def test_nor_does_a_re_laid_one(self, tmp_path: Path) -> None:
        made = world(tmp_path / "p")
        drop(made, "2026-04-03/红旗镇.csv", csv("农情表 ||\n填报单位：红旗镇 | 单位：万元 | 2026年第一季度\n村名 | 经营收入（万元） | 经营支出（万元）\n新建村 | 3 | 5\n团结村 | 8 | 1"))  # fmt: skip
        take(made, unit=HONGQI)
        sent = one(made)
        assert [p.name for p in sent.files] == [
            "红旗镇.xlsx",
            "核实清单.xlsx",
            "退回修改通知.docx",
            "退回修改通知.txt",
        ]
        assert [problem.slug for problem in sent.problems] == ["feedback-not-xlsx"]
        assert "C4" in {cell for _, cell in fills(sent.folder, "红旗镇.xlsx")}
        drop(made, "2026-05-06/红旗镇.xlsx", sent.files[0].read_bytes())
        found = take(made, made.folder / "returns/2026-05-06", unit=HONGQI)
        assert set(statuses(found).values()) == {"unchanged"}

    def test_an_answer_bears_the_fingerprint_of_its_finding(self, project: Project) -> None:
        sent = one(project)
        list_ = book(sent.folder, "核实清单.xlsx")
        sheet = list_["核实清单"]
        wanted = next(line for line in lines(sent.folder) if line["性质"] == "核实")
        row = 4 + wanted["序号"]
        sheet.cell(row, 12).value, sheet.cell(row, 13).value = "确实没有走访", "王五"
        out = io.BytesIO()
        list_.save(out)
        (answer,), problems = making.read_answers(readers.read(out.getvalue(), "核实清单.xlsx")[0])
        finding = next(f for f in check(project).failed() if f.id == wanted["编号"])
        assert (answer.finding, answer.fingerprint) == (finding.id, finding.fingerprint)
        assert (answer.explanation, answer.person, answer.period) == ("确实没有走访", "王五", "2026Q1")
        assert answer.reporter_code == HONGQI
        assert problems == ()


class TestTheJournal:
    def test_each_blocked_return_is_journaled_as_sent_back(self, project: Project) -> None:
        send(project)
        states = check(project).states
        blocked = {(s.reporter_code, s.form): s.submission for s in states if s.status == "returned"}
        assert blocked
        assert {(d["reporter"], d["form"]): d["submission"] for d in returned(project)} == blocked
        assert {d["period"] for d in returned(project)} == {"2026Q1"}
        assert not any(s.status == "blocked" for s in states)

    def test_a_second_run_writes_the_same_bytes_and_journals_nothing(self, project: Project) -> None:
        first = send(project)
        before = {p: p.read_bytes() for sent in first.sent for p in sent.files}
        last = project.journal.last
        again = send(project, NOW + timedelta(days=9))
        assert again.journaled == 0
        assert project.journal.last == last
        assert {p: p.read_bytes() for sent in again.sent for p in sent.files} == before

    def test_a_later_version_is_no_longer_sent_back(self, project: Project) -> None:
        send(project)
        drop(project, "2026-05-06/红旗镇.xlsx", farm("红旗镇", Q1, "新建村 3 2\n团结村 8 1"))
        take(project, project.folder / "returns/2026-05-06", unit=HONGQI)
        status = {(s.reporter_code, s.form): s.status for s in check(project).states}
        assert (status[HONGQI, "farm"], status[HONGQI, "roster"]) == ("accepted", "returned")

    def test_a_return_that_never_came_is_not_sent_back(self, tmp_path: Path) -> None:
        made = world(tmp_path / "p")
        drop(made, "2026-04-03/红旗镇.xlsx", farm("红旗镇", Q1, "新建村 5 3\n团结村 8 1"))
        take(made, unit=HONGQI)
        assert {f.check for f in check(made).failed() if f.reporter_code == QINGSHAN} == {"C01"}
        assert QINGSHAN not in {sent.reporter_code for sent in send(made).sent}

    def test_one_unit_alone(self, project: Project) -> None:
        found = send(project, unit="990101102")
        assert {sent.reporter_code for sent in found.sent} == {QINGSHAN}
        assert {d["reporter"] for d in returned(project)} == {QINGSHAN}


class TestPersonalData:
    def test_another_township_s_person_is_not_named(self, project: Project) -> None:
        for code, own, other in ((HONGQI, "张甲乙", "安戊己"), (QINGSHAN, "安戊己", "张甲乙")):
            said = json.dumps(lines(one(project, code).folder), ensure_ascii=False)
            assert "G06-" in said
            assert other not in said
            assert own in said or "其他单位人员" in said

    def test_no_list_holds_a_whole_id_number(self, project: Project) -> None:
        for sent in send(project).sent:
            said = json.dumps(lines(sent.folder), ensure_ascii=False)
            assert id_number(1)[1:] not in said
            assert id_number(2)[1:] not in said

    def test_of_a_file_that_two_reporters_share_each_gets_its_own_rows(self, tmp_path: Path) -> None:
        made = world(tmp_path / "p")
        tables = {
            name: f"""
              {Q1}农情表 | < | <
              填报单位：{name} | | 单位：万元
              | 村名 | 经营收入（万元） | 经营支出（万元） |
              | 新建村 | 3 | 5 |
            """
            for name in ("红旗镇", "青山镇")
        }
        drop(made, "2026-04-03/东县/汇总.xlsx", workbook(tables))
        take(made)
        sent = {s.reporter_code: s for s in send(made).sent}
        assert {HONGQI, QINGSHAN} <= set(sent)
        assert book(sent[HONGQI].folder, "汇总.xlsx").sheetnames == ["红旗镇"]
        assert fills(sent[QINGSHAN].folder, "汇总.xlsx")[("青山镇", "C4")] == "error"

    def test_the_files_are_their_owner_s_alone(self, project: Project) -> None:
        assert {path.stat().st_mode & 0o077 for path in one(project).files} == {0}


class TestTheNotice:
    def test_it_counts_by_form_and_says_until_when(self, project: Project) -> None:
        sent = one(project)
        # Thursday 30 April; 1 to 5 May are holidays.
        assert sent.deadline == date(2026, 5, 7)
        text = (sent.folder / "退回修改通知.txt").read_text("utf-8")
        assert f"强制{sent.errors}处、核实{sent.queries}处、提示{sent.notes}处" in text
        assert "请于2026年5月7日前（2个工作日）报回" in text
        document = docx.Document(str(sent.folder / "退回修改通知.docx"))
        words = "".join(p.text for p in document.paragraphs)
        assert "红旗镇：" in words
        assert "2026年5月7日" in words
        rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
        counted = Counter((f.form, f.severity) for f in check(project).failed() if f.reporter_code == HONGQI)
        assert ["农情表", *(str(counted["farm", s]) for s in ("error", "query", "note"))] in rows

    def test_the_days_to_answer_are_a_setting(self, project: Project) -> None:
        patient = replace(project, settings=replace(project.settings, answer_workdays=1))
        assert {s.deadline for s in send(patient).sent} == {date(2026, 5, 6)}

    def test_all_that_tell_the_day_tell_the_same(self, project: Project) -> None:
        sent = one(project)
        standing = stage.status(project, quarter("2026Q1"), "", NOW.date())
        assert {s.answer_by for s in standing.states if s.reporter_code == HONGQI and s.answer_by} == {
            sent.deadline
        }
        (told,) = [
            r for r in reminders.reminders(project, quarter("2026Q1"), standing) if r.reporter_code == HONGQI
        ]
        assert {o.by for o in told.owing if o.why == "returned"} == {sent.deadline}
        assert "2026年5月7日前" in (sent.folder / "退回修改通知.txt").read_text("utf-8")
        head = " ".join(str(row[0].value) for row in book(sent.folder, "核实清单.xlsx")["核实清单"]["A1:A3"])
        assert "2026年5月7日前" in head


class TestTheFolder:
    def test_a_copy_that_is_no_longer_sent_goes_unless_somebody_changed_it(self, project: Project) -> None:
        folder = one(project).folder
        (folder / "自己的.txt").write_text("记事", "utf-8")
        drop(project, "2026-05-06/改正.xlsx", farm("红旗镇", Q1, "新建村 3 4\n团结村 8 1"))
        take(project, project.folder / "returns/2026-05-06", unit=HONGQI, mode="replace")
        send(project, NOW + timedelta(days=7))
        assert {path.name for path in folder.iterdir()} == {
            "改正.xlsx", "名册.xlsx", "核实清单.xlsx", "退回修改通知.docx", "退回修改通知.txt", "自己的.txt"
        }  # fmt: skip

    def test_files_of_one_name_lie_side_by_side(self, tmp_path: Path) -> None:
        made = world(tmp_path / "p")
        drop(made, "2026-04-03/a/报表.xlsx", farm("红旗镇", Q1, "新建村 3 5\n团结村 8 1"))
        drop(made, "2026-04-03/b/报表.xlsx", roster("红旗镇", Q1, f"团结村 李丙丁 {id_number(2)} 1"))
        take(made, unit=HONGQI)
        assert [p.name for p in one(made).files][:2] == ["报表.xlsx", "报表（2）.xlsx"]


class TestTheCommand:
    def test_it_says_what_went_back_and_what_to_do_next(self, project: Project) -> None:
        said = ruralpb("feedback", "--quarter", "2026Q1", project=project.folder)
        assert said.code == 0, said.err
        assert "红旗镇" in said.out
        assert "下一步" in said.out
        assert (project.folder / "out/2026Q1/feedback/红旗镇/核实清单.xlsx").is_file()

    def test_as_json(self, project: Project, tmp_path: Path) -> None:
        said = ruralpb(
            "feedback", "--quarter", "2026Q1", "--out", tmp_path / "o", "--json", project=project.folder
        )
        assert {s["reporter"] for s in said.json["sent"]} == {"红旗镇", "青山镇"}

    def test_nothing_to_send_back(self, tmp_path: Path) -> None:
        made = world(tmp_path / "p")
        said = ruralpb("feedback", "--quarter", "2026Q1", project=made.folder)
        assert said.code == 0, said.err
        assert "没有需要退回" in said.out


class TestWording:
    def finding(self, found: str, expected: str) -> Finding:
        return Finding(
            "R1-x", "R1", "error", "fail", "f", "2026Q1", "T", "T", "T", "total", found, expected, ""
        )

    @pytest.mark.parametrize(
        ("found", "expected", "gap"),
        [
            ("12.34", "13.39", "-1.05"),
            ("甲 7，乙 8，合计 14", "甲 + 乙 = 合计", "-1"),
            ("甲 7，乙 8，合计 14", "合计 = 甲 + 乙（允许相差0.02）", "-1"),
            ("定岗 18，无职 13", "定岗 ≤ 无职", "5"),
            ("甲 7，乙 3", "甲 − 乙 ≥ 5", "-1"),
            ("甲 7，合计 未填", "甲 = 合计", None),
            ("甲 7，乙 3", "甲 = 乙，且乙 = 3", None),
            ("甲 7，其中：乙 8", "丙为“是”的，“其中：乙” ≤ 甲", "1"),
            ("甲 7，乙 3", "甲 ≤ 1.2 × 乙", None),
            ("记录数 2", "以同一人的记录计，记录数 ≤ 1", "1"),
            ("约0.5", "数字", None),
            ("2026-03-01", "2026-01-01至2026-03-31", None),
        ],
    )
    def test_a_difference_is_a_number_where_both_sides_are(
        self, found: str, expected: str, gap: str | None
    ) -> None:
        assert wording.difference(self.finding(found, expected), "合计") == (Decimal(gap) if gap else None)

    def test_codes_of_units_are_left_out(self) -> None:
        finding = self.finding("甲 7，township_code 430981105，填报单位 430981A03，乙 8", "x")
        assert wording.found(finding) == "甲 7，乙 8"

    def test_the_cells_to_look_at_first(self) -> None:
        def at(sheet: str, *cells: str) -> Sequence[Address]:
            return tuple(Address("a.xlsx", sheet, cell) for cell in cells)

        finding = replace(
            self.finding("", ""), cells=at("表", "B5"), ask_first=at("表", "C5"), or_else=(*at("表", "D5"), *at("二", "E9"))
        )  # fmt: skip
        assert wording.ask_first(finding) == "C5（或D5、二!E9）"
