"""Status: who owes what by when, in working days; what is left out, sent back, sent again; and always the next step.

The first quarter of 2026 is due on 8 April, the fifth working day after 31 March.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
from command_line import SAMPLES, ruralpb
from owing_county import DUE, FILES, Q1, D, county, farm, visit
from rich.cells import cell_len

from ruralpb import returns
from ruralpb.app import status as stage
from ruralpb.app.opening import open_project
from ruralpb.app.project import Project
from ruralpb.cli.status import show_status
from ruralpb.cli.terminal import Terminal
from ruralpb.core import periods
from ruralpb.core.calendar import Calendar
from ruralpb.core.problems import CannotRun
from ruralpb.model import Decision, OwedReturn, ReturnState, Step, Submission, TrackedReturn
from ruralpb.publish.documents.status_page import status_page
from ruralpb.publish.documents.status_workbook import status_workbook
from ruralpb.publish.text import return_status


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """东镇 leaves out a village, then sends it; its visits come on 13 April. 西街道 sends a wrong return; its visits never come."""
    made = county(
        tmp_path_factory.mktemp("status") / "云岭县 报表",
        {
            "2026-04-07/东镇.xlsx": farm("东镇", "甲村 3 1"),
            "2026-04-08/西街道.xlsx": farm("西街道", "丙村 3 4"),
            "2026-04-09/东镇.xlsx": farm("东镇", "甲村 3 1", "乙村 2 1"),
            "2026-04-13/东镇走访.xlsx": visit("东镇"),
        },
    )
    west = "990101102"
    with made.lock("feedback", 1, datetime(2026, 4, 10, 9)):
        made.journal.decide(
            "return", "李明", "支出大于收入",
            {"submission": f"{west}-farm-2026Q1-v1", "reporter": west, "form": "farm", "period": "2026Q1"},
            datetime(2026, 4, 10, 9),
        )  # fmt: skip
    return open_project(made.folder)


def found(project: Project, today: date, unit: str = "") -> stage.Status:
    return stage.status(project, Q1, unit, today)


def one(status: stage.Status, reporter: str, form: str) -> TrackedReturn:
    (code,) = (code for code, name in status.units.items() if name == reporter)
    (state,) = (s for s in status.states if (s.reporter_code, s.form) == (code, form))
    return state


# ------------------------------------------------------------------------------------------ working days


class TestDueDates:
    """State Council: 2026 清明 4–6 April; 劳动节 1–5 May, worked on Saturday 9 May; 国庆 1–7 October, worked on 20 September and
    10 October; 2025 国庆 1–8 October, worked on 28 September and 11 October."""

    @pytest.mark.parametrize(
        ("after", "nth", "due"),
        [
            (D(2026, 3, 31), 5, D(2026, 4, 8)),  # 1 2 3 | 4–6 清明 | 7 8
            (D(2026, 4, 30), 3, D(2026, 5, 8)),  # 1–5 劳动节 | 6 7 8
            (D(2026, 4, 30), 4, D(2026, 5, 9)),  # a Saturday that is worked
            (D(2026, 9, 30), 3, D(2026, 10, 10)),  # 8 9 | Saturday, worked
            (D(2025, 9, 30), 3, D(2025, 10, 11)),  # 9 10 | Saturday, worked
            (D(2025, 12, 31), 1, D(2026, 1, 4)),  # 1–3 元旦 | Sunday, worked
        ],
    )
    def test_the_nth_working_day_knows_holidays_and_adjusted_weekends(
        self, after: date, nth: int, due: date
    ) -> None:
        assert Calendar().nth_workday_after(after, nth) == due

    def test_the_projects_own_calendar_stands_above_the_published_one(self) -> None:
        closed = Calendar.of(holidays=[D(2026, 4, 7)])
        assert closed.nth_workday_after(D(2026, 3, 31), 5) == D(2026, 4, 9)
        worked = Calendar.of(workdays=[D(2026, 4, 4)])
        assert worked.nth_workday_after(D(2026, 3, 31), 5) == D(2026, 4, 7)

    @pytest.mark.parametrize("calendar", [Calendar(), Calendar.of([D(2026, 4, 9)], [D(2026, 4, 11)])])
    def test_counting_to_a_day_and_from_it_agree(self, calendar: Calendar) -> None:
        for n in range(1, 40):
            day = calendar.nth_workday_after(D(2026, 3, 31), n)
            assert calendar.workdays_between(D(2026, 3, 31), day) == n

    def test_a_year_nobody_knows_is_weekdays_and_is_said_once(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        far = county(tmp_path, {})
        period = periods.of("quarter", D(2099, 12, 31))
        result = stage.status(far, period, "", D(2100, 1, 1))
        assert {s.due for s in result.states if s.form == "farm"} == {
            D(2100, 1, 7)
        }  # Friday 1 January counts
        (problem,) = (p for p in result.problems if p.slug == "calendar-unknown")
        assert problem.found == "2099、2100"
        show_status(Terminal(), result, period, None, None)
        assert capsys.readouterr().err.count("法定节假日") == 1

    def test_a_year_the_project_has_filled_in_is_known(self, tmp_path: Path) -> None:
        far = county(tmp_path, {})
        text = FILES["ruralpb.yaml"] + "holidays: [2099-10-01, 2100-01-01]\n"
        (far.folder / "ruralpb.yaml").write_text(text, "utf-8")
        period = periods.of("quarter", D(2099, 12, 31))
        result = stage.status(open_project(far.folder), period, "", D(2100, 1, 1))
        assert [p.slug for p in result.problems] == []
        assert {s.due for s in result.states if s.form == "farm"} == {D(2100, 1, 8)}


# ------------------------------------------------------------------------------------------ what is kept of a return


class TestTimeliness:
    def test_what_comes_late_is_late_in_working_days_and_in_days(self, project: Project) -> None:
        state = one(found(project, D(2026, 4, 20)), "东镇", "visit")
        assert (state.status, state.timeliness) == ("accepted", "late")
        assert (state.due, state.received) == (DUE, D(2026, 4, 13))
        assert (state.workdays_late, state.days_late) == (3, 5)
        assert return_status.situation(state) == "通过，迟报3个工作日（5天）"
        assert return_status.mark(state) == "✓ 迟3"

    @pytest.mark.parametrize(
        ("today", "workdays", "days", "overdue", "mark", "words"),
        [
            (D(2026, 4, 8), 0, 0, False, "待报", "未到期"),
            (D(2026, 4, 9), 1, 1, True, "缺 逾1", "缺报，已逾期1个工作日（1天）"),
            (D(2026, 4, 12), 2, 4, True, "缺 逾2", "缺报，已逾期2个工作日（4天）"),
            (D(2026, 5, 6), 17, 28, True, "缺 逾17", "缺报，已逾期17个工作日（28天）"),
        ],
    )
    def test_what_has_not_come_is_overdue_from_the_day_after(
        self, project: Project, today: date, workdays: int, days: int, overdue: bool, mark: str, words: str
    ) -> None:
        state = one(found(project, today), "西街道", "visit")
        assert (state.overdue, state.workdays_late, state.days_late) == (overdue, workdays, days)
        assert (return_status.mark(state), return_status.situation(state)) == (mark, words)

    def test_a_delay_of_days_off_is_less_than_a_working_day(self) -> None:
        friday, sunday = D(2026, 4, 10), D(2026, 4, 12)
        state = ReturnState("1", "farm", "2026Q1", "accepted", "late", friday, sunday, 2, "s", 1)
        (tracked,) = returns.track([state], [], {}, {}, 2, Calendar(), D(2026, 4, 30))
        assert tracked.workdays_late == 0
        assert return_status.mark(tracked) == "✓ 迟<1"
        assert return_status.situation(tracked) == "通过，迟报2天（均为休息日）"

    def test_each_rule_has_its_own_due_date(self, project: Project) -> None:
        status = found(project, D(2026, 4, 9))
        assert one(status, "县农业局", "visit").due == D(2026, 4, 10)
        assert not one(status, "县农业局", "visit").overdue

    def test_a_version_that_was_withdrawn_never_came(self) -> None:
        sent = Submission("s", "1", "farm", Q1, 1, "b1", D(2026, 4, 7), ("1",), "withdrawn", 2)
        owed = OwedReturn("farm", Q1, "1", "township", DUE)
        (state,) = returns.states([owed], [sent], [], {}, D(2026, 4, 20))
        assert (state.status, state.timeliness, state.received, state.days_late) == (
            "missing",
            "late",
            None,
            12,
        )


class TestVersionsAndVillages:
    def test_villages_left_out_of_a_present_return_are_named(self, project: Project) -> None:
        state = one(found(project, D(2026, 4, 20)), "西街道", "farm")
        assert state.omitted == ("丁村",)

    def test_what_was_sent_again_says_so_and_is_whole(self, project: Project) -> None:
        state = one(found(project, D(2026, 4, 20)), "东镇", "farm")
        assert (state.status, state.versions, state.resubmitted, state.omitted) == ("accepted", 2, True, ())
        assert (state.received, state.timeliness) == (D(2026, 4, 7), "on_time"), "the first version decides"
        assert return_status.mark(state) == "✓ v2"

    def test_what_was_sent_back_is_returned_until_it_comes_again(self, project: Project) -> None:
        state = one(found(project, D(2026, 4, 20)), "西街道", "farm")
        assert (state.status, state.returned_on, state.step) == ("returned", D(2026, 4, 10), "await")
        assert state.answer_by == D(2026, 4, 14), "two working days after that Friday"
        assert return_status.situation(state) == "已退回（应于2026-04-14前报回）"
        assert return_status.mark(state) == "已退 2/0 漏1"

    def test_the_sending_back_of_an_older_version_says_nothing_of_a_newer_one(self) -> None:
        decision = Decision("9", "return", "2026-04-10T09:00:00", "李明", "", {
            "submission": "v1", "reporter": "1", "form": "farm", "period": "2026Q1"})  # fmt: skip
        versions = [
            Submission(f"v{n}", "1", "farm", Q1, n, "b", D(2026, 4, 6 + n), ("1",), state, 2)
            for n, state in ((1, "superseded"), (2, "current"))
        ]  # type: ignore[arg-type]
        back = returns.sent_back([decision], Q1)
        sent_back = {key: d.data["submission"] for key, d in back.items()}
        owed = OwedReturn("farm", Q1, "1", "township", DUE)
        (state,) = returns.states([owed], versions, [], sent_back, D(2026, 4, 20))
        assert state.status == "accepted"
        assert returns.sent_back([decision], periods.of("quarter", D(2025, 12, 31))) == {}


# ------------------------------------------------------------------------------------------ what to do next


def state(status: str, timeliness: str = "on_time", **more: object) -> TrackedReturn:
    """A return in this state, with its own next step."""
    came = None if status == "missing" else D(2026, 4, 7)
    submission = "" if status in ("missing", "held") else "s"
    plain = ReturnState("1", "farm", "2026Q1", status, timeliness, DUE, came, submission=submission)  # type: ignore[arg-type]
    versions = [
        Submission("s", "1", "farm", Q1, 1, "b", D(2026, 4, 7), ("1",), "after_seal", 2)
        for _ in range(bool(more.get("after_seal")))
    ]
    (tracked,) = returns.track([plain], versions, {}, {}, 2, Calendar(), D(2026, 4, 20))
    return tracked


MISSING, NOT_DUE = state("missing", "late"), state("missing", "not_due")
HELD, BLOCKED, RETURNED, ACCEPTED = (state(s) for s in ("held", "blocked", "returned", "accepted"))
UNREAD = state("unread")
AFTER_SEAL = state("missing", "late", after_seal=True)


@pytest.mark.parametrize(
    ("what", "states", "sealed", "over", "none_came", "steps"),
    [
        ("nothing owed", [], False, True, True, ("nothing-owed",)),
        ("before the period ends", [NOT_DUE, NOT_DUE], False, False, True, ("issue",)),
        ("no returns yet", [NOT_DUE], False, True, True, ("take",)),
        ("no returns, and late", [MISSING, NOT_DUE], False, True, True, ("take", "chase")),
        ("some not due", [NOT_DUE, ACCEPTED], False, True, False, ("wait",)),
        ("some missing", [MISSING, ACCEPTED], False, True, False, ("chase",)),
        ("findings open", [BLOCKED, ACCEPTED], False, True, False, ("send-back",)),
        ("sent back", [RETURNED, ACCEPTED], False, True, False, ("await",)),
        ("undecided", [HELD, ACCEPTED], False, True, False, ("decide",)),
        ("everything at once", [NOT_DUE, RETURNED, BLOCKED, MISSING, HELD, ACCEPTED], False, True, False,
         ("decide", "chase", "send-back", "await", "wait")),
        ("all accepted", [ACCEPTED, ACCEPTED], False, True, False, ("compile",)),
        ("sealed", [ACCEPTED], True, True, False, ("sealed",)),
        ("sealed as it was", [MISSING, ACCEPTED], True, True, False, ("sealed",)),
        ("came after the seal", [AFTER_SEAL, ACCEPTED], True, True, False, ("after-seal",)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_there_is_always_a_next_step(
    what: str,
    states: list[TrackedReturn],
    sealed: bool,
    over: bool,
    none_came: bool,
    steps: tuple[Step, ...],
) -> None:
    assert returns.next_steps(states, sealed, over, none_came) == steps


@pytest.mark.parametrize(
    ("step", "command"),
    [
        ("nothing-owed", "define check"),
        ("issue", "ruralpb blanks"),
        ("take", "ruralpb ingest"),
        ("chase", "--reminders"),
        ("send-back", "ruralpb feedback"),
        ("await", "ruralpb ingest"),
        ("decide", "--replace"),
        ("wait", "ruralpb ingest"),
        ("compile", "ruralpb report"),
        ("sealed", "ruralpb unlock"),
        ("after-seal", "ruralpb unlock"),
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_step_names_the_command_that_takes_it(step: Step, command: str, lang: str) -> None:
    status = stage.Status("2026Q1", (), {}, {}, {}, D(2026, 4, 20), D(2026, 4, 18), (step,))
    (sentence,) = return_status.steps(status, lang)  # type: ignore[arg-type]
    assert command in sentence


def test_the_last_words_of_status_are_the_next_steps(project: Project) -> None:
    said = ruralpb("status", "--quarter", "2026Q1", project=project.folder)
    *_, first, second = said.out.strip().splitlines()
    assert "2 份缺报逾期" in first
    assert "--reminders" in first
    assert "1 份已退回" in second


def test_a_seal_ends_the_chase(project: Project, tmp_path: Path) -> None:
    sealed = county(tmp_path / "p", {"2026-04-07/东镇.xlsx": farm("东镇", "甲村 3 1", "乙村 2 1")})
    with sealed.lock("report", 1, datetime(2026, 4, 18, 9)):
        sealed.journal.decide("seal", "李明", "", {"period": "2026Q1", "through": "1", "manifest": "x"}, datetime(2026, 4, 18, 9))  # fmt: skip
    status = found(open_project(sealed.folder), D(2026, 4, 20))
    assert (status.next, status.sealed_on) == (("sealed",), D(2026, 4, 18))


# ------------------------------------------------------------------------------------------ what it looks like


def marks(lines: Iterable[str], name: str) -> list[str]:
    """What stands in a row of the printed map, cell by cell."""
    (line,) = (line for line in lines if line.strip().startswith(f"{name} "))
    return line.removeprefix(" ").removeprefix(name).split()


@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_map_fits_the_terminal_whatever_its_width(
    project: Project, width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    status = found(project, D(2026, 4, 20))
    show_status(Terminal(color=False), status, Q1, None, None)
    table = capsys.readouterr().out.split("✓ 通过")[0].splitlines()[1:]
    assert all(cell_len(line) <= width for line in table)
    assert marks(table, "东镇") == ["✓", "迟3", "✓", "v2"]
    words = ["缺", "逾8", "已退", "2/0", "漏1"]
    assert marks(table, "西街道") == (words if width > 40 else words[:4])
    assert "漏1" in "".join(table), "what does not fit stands on the next line"


def test_a_mark_stands_in_the_middle_of_its_column(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    show_status(Terminal(color=False), found(project, D(2026, 4, 20)), Q1, None, None)
    lines = capsys.readouterr().out.split("✓ 通过")[0].splitlines()
    (heads,) = (line for line in lines if "走访记录" in line)
    (bureau,) = (line for line in lines if "县农业局" in line)
    column = (
        cell_len(heads[: heads.index("农情表")]),
        cell_len(heads[: heads.index("农情表") + len("农情表")]),
    )
    middle = cell_len(bureau[: bureau.index("·")])
    assert column[0] + 2 <= middle <= column[1] - 2


def test_the_map_reads_on_a_console_that_lacks_the_tick(project: Project) -> None:
    said = ruralpb("status", "--quarter", "2026Q1", project=project.folder, encoding="cp936")
    assert "√ 通过" in said.out
    assert "?" not in said.out


def test_what_is_missing_returned_and_left_out_is_named_below_the_map(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    show_status(Terminal(color=False), found(project, D(2026, 4, 20)), Q1, None, None)
    out = capsys.readouterr().out
    assert "西街道：缺 1 张，2026-04-08到期，已逾期8个工作日（12天）：走访记录" in out
    assert "西街道《农情表》：2026-04-10退回修改，应于2026-04-14前报回，尚未重报" in out
    assert "西街道《农情表》：漏报 1 个村：丁村" in out


def test_colour_goes_by_state() -> None:
    states = [ACCEPTED, state("accepted", "late"), NOT_DUE, UNREAD, HELD, RETURNED, BLOCKED, MISSING, None]
    kinds = [return_status.heat(s) for s in states]
    assert kinds == [
        "accepted",
        "late",
        "to-come",
        "unread",
        "held",
        "returned",
        "blocked",
        "overdue",
        "not-owed",
    ]
    assert len({return_status.FILL[kind] for kind in kinds}) == len(kinds)
    assert {kind for kind, _, _ in return_status.legend()} == set(kinds)


def test_json_has_every_state_with_what_belongs_to_it(project: Project) -> None:
    said = ruralpb("status", "--quarter", "2026Q1", "--json", project=project.folder).json
    (west,) = (s for s in said["states"] if (s["reporter_code"], s["form"]) == ("990101102", "farm"))
    assert west["status"] == "returned"
    assert west["due"] == "2026-04-08"
    assert west["omitted"] == ["丁村"]
    assert west["returned_on"] == "2026-04-10"
    assert {"days_late", "workdays_late", "versions", "step", "errors", "queries"} <= west.keys()
    assert said["next"] == ["chase", "await"]
    assert said["units"]["990101101"] == "东镇"
    assert list(said["forms"]) == ["visit", "farm"], "in the order of their numbers"


class TestFiles:
    def test_the_workbook_has_the_map_its_legend_and_a_line_a_return(self, project: Project) -> None:
        status = found(project, D(2026, 4, 20))
        book = openpyxl.load_workbook(io.BytesIO(status_workbook(status, Q1)))
        heat, lines = book.worksheets
        rows = {row[0].value: row for row in heat.iter_rows(min_row=3)}
        assert [c.value for c in heat[2]] == ["填报单位", "走访记录", "农情表"]
        assert [c.value for c in rows["西街道"]] == ["西街道", "缺 逾8", "已退 2/0 漏1"]
        assert rows["西街道"][1].fill.fgColor.rgb == "FF" + return_status.FILL["overdue"][1:]
        assert rows["东镇"][2].fill.fgColor.rgb == "FF" + return_status.FILL["accepted"][1:]
        assert rows["缺 逾3"][1].value == "缺报，已逾期3个工作日"
        assert (heat.page_setup.orientation, heat.page_setup.paperSize) == ("landscape", 9)
        assert heat.print_title_rows == "$1:$2"
        heads, *values = [[cell.value for cell in row] for row in lines.iter_rows(min_row=2)]
        assert len(values) == len(status.states)
        west = next(
            dict(zip(heads, row, strict=True))
            for row in values
            if row[:3] == ["西街道", "示农02表", "农情表"]
        )
        assert west["到期日"] == "2026-04-08"
        assert (west["版次"], west["错误"], west["漏报村"], west["下一步"]) == (1, 2, "丁村", "等待重报")

    def test_the_page_runs_nothing_fetches_nothing_and_says_the_same(self, project: Project) -> None:
        page = status_page(found(project, D(2026, 4, 20)), Q1).decode()
        assert "<script" not in page
        assert "default-src 'none'" in page
        assert 'src="' not in page
        assert "http" not in page.replace("http-equiv", "")
        assert '<td class="overdue" title="缺报，已逾期8个工作日（12天）">缺 逾8</td>' in page
        assert "丁村" in page

    def test_the_pages_policy_allows_its_style(self, project: Project) -> None:
        import base64
        import hashlib
        import re

        page = status_page(found(project, D(2026, 4, 20)), Q1).decode()
        (style,) = re.findall("<style>(.*?)</style>", page, re.S)
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert f"style-src 'sha256-{digest}'" in page

    def test_names_from_the_register_are_no_markup(self, tmp_path: Path) -> None:
        evil = county(tmp_path, {})
        text = FILES["units.csv"].replace("西街道", "西&lt;b&gt;街")
        (evil.folder / "units.csv").write_text(text, "utf-8")
        page = status_page(found(open_project(evil.folder), D(2026, 4, 20)), Q1).decode()
        assert "西&amp;lt;b&amp;gt;街" in page
        (evil.folder / "units.csv").write_text(FILES["units.csv"].replace("西街道", "<b>西街"), "utf-8")
        with pytest.raises(CannotRun, match="table-cell-unsafe"):
            open_project(evil.folder)

    def test_equal_input_gives_equal_bytes(self, project: Project) -> None:
        first, second = (
            (status_workbook(status, Q1), status_page(status, Q1))
            for status in (found(project, D(2026, 4, 20)), found(project, D(2026, 4, 20)))
        )
        assert first == second

    @pytest.mark.parametrize("name", ["status.xlsx", "status.html"])
    def test_a_file_is_written_instead_of_the_map(self, project: Project, tmp_path: Path, name: str) -> None:
        said = ruralpb("status", "--quarter", "2026Q1", "--out", tmp_path / name, project=project.folder)
        assert (said.code, (tmp_path / name).stat().st_size > 0) == (0, True)
        assert name in said.out
        assert "下一步" in said.out
        assert "截止日" not in said.out

    def test_another_kind_of_file_is_refused(self, project: Project, tmp_path: Path) -> None:
        said = ruralpb("status", "--quarter", "2026Q1", "--out", tmp_path / "x.pdf", project=project.folder)
        assert said.code == 2
        assert ".xlsx" in said.err


def test_the_steps_and_counts_of_one_unit_are_its_own(project: Project) -> None:
    status = found(project, D(2026, 4, 20), "东镇")
    assert set(status.units.values()) == {"东镇"}
    assert status.next == ("compile",)


def test_a_county_that_gets_on_is_told_one_thing_after_the_other(tmp_path: Path) -> None:
    """From the blank forms to the briefing: each day another step, none twice in a row."""
    folder = tmp_path / "p"
    bureau = {"2026-04-10/局.xlsx": visit("县农业局")}
    first = {f"2026-04-07/{n}.xlsx": farm(n, *v) for n, v in
             (("东镇", ("甲村 3 1", "乙村 3 1")), ("西街道", ("丙村 3 4", "丁村 1 1")))}  # fmt: skip
    visits = {f"2026-04-09/{n}走访.xlsx": visit(n) for n in ("东镇", "西街道")}
    corrected = {"2026-04-14/西街道.xlsx": farm("西街道", "丙村 5 4", "丁村 1 1")}
    said = [found(county(folder, {}), D(2026, 3, 20)).next, found(county(folder, {}), D(2026, 4, 2)).next]
    said.append(found(county(folder, first), D(2026, 4, 7)).next)
    said.append(found(county(folder, bureau), D(2026, 4, 9)).next)
    said.append(found(county(folder, visits), D(2026, 4, 10)).next)
    said.append(found(county(folder, corrected), D(2026, 4, 14)).next)
    assert said == [
        ("issue",),
        ("take",),
        ("send-back", "wait"),
        ("chase", "send-back"),
        ("send-back",),
        ("compile",),
    ]
    assert all(before != after for before, after in pairwise(said))


def test_in_a_new_project_somebody_owes_every_form_as_often_as_it_is_due(tmp_path: Path) -> None:
    assert ruralpb("init", tmp_path / "p", "--unit", "沅江市", "--units", SAMPLES / "units.csv").code == 0
    fresh = open_project(tmp_path / "p")
    definitions = fresh.definitions
    library, register = definitions.library, definitions.register

    def owed(period: periods.Period) -> dict[str, set[str]]:
        forms: dict[str, set[str]] = {}
        for one in returns.owed(fresh.settings, library, register, period):
            forms.setdefault(one.form, set()).add(one.reporter_code)
        return forms

    townships = {u.code for u in register.on(Q1.end, "township", fresh.settings.unit)}
    quarterly, monthly = owed(Q1), owed(periods.of("month", D(2026, 2, 28)))
    assert quarterly.keys() == library.forms.keys()
    assert set(map(frozenset, quarterly.values())) == {frozenset(townships)}
    assert monthly.keys() == {form.id for form in library.forms.values() if form.frequency == "month"}
    text = (tmp_path / "p" / "ruralpb.yaml").read_text("utf-8")
    for form in library.forms.values():
        assert f"{form.code} {form.title}" in text, "each is named beside its id"
