"""Files that came and could not be read stay in the loop: they are asked for again, and nobody is said to have sent nothing. Documents and
pictures are attachments: kept, named, and no reason to act."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import containers
import pytest
from owing_county import Q1, D, county, farm, visit

from ruralpb.app import feedback, ingest, reminders
from ruralpb.app import status as stage
from ruralpb.app.feedback import FeedbackRequest
from ruralpb.app.ingest_request import IngestRequest
from ruralpb.app.opening import open_project
from ruralpb.app.project import Project
from ruralpb.model import TrackedReturn
from ruralpb.returns.outcomes import IngestResult

TODAY = D(2026, 4, 20)
RAR = b"Rar!\x1a\x07\x00 and so on"
PDF = b"%PDF-1.7 and so on"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """东镇 has sent its visits; nothing of 西街道 has come."""
    return county(tmp_path / "云岭县", {"2026-04-07/东镇走访.xlsx": visit("东镇")})


def drop(project: Project, **files: bytes) -> IngestResult:
    """What becomes of files in the inbox, by name; all came on 8 April."""
    for name, content in files.items():
        (project.inbox / "2026Q1/4月8日").mkdir(parents=True, exist_ok=True)
        (project.inbox / "2026Q1/4月8日" / name.replace("__", ".")).write_bytes(content)
    return ingest.ingest(project, [project.inbox], IngestRequest(jobs=1), TODAY, lambda _: None)


def returns_of(project: Project) -> dict[tuple[str, str], TrackedReturn]:
    status = stage.status(project, Q1, "", TODAY)
    return {(status.units[s.reporter_code], s.form): s for s in status.states}


def statuses(project: Project) -> dict[tuple[str, str], str]:
    return {key: state.status for key, state in returns_of(project).items()}


class TestAReturnThatCannotBeRead:
    def test_is_received_and_not_missing(self, project: Project) -> None:
        result = drop(project, 西街道农情表__xlsx=RAR)
        assert [(f.status, [p.slug for p in f.problems]) for f in result.files if "西街道" in f.path] == [
            ("refused", ["file-compressed"])
        ]
        states = returns_of(project)
        unread = states["西街道", "farm"]
        assert (unread.status, unread.received, unread.timeliness, unread.step) == (
            "unread",
            D(2026, 4, 8),
            "on_time",
            "ask-again",
        )
        assert unread.unread is not None
        assert unread.unread.where.file == "returns/2026Q1/4月8日/西街道农情表.xlsx"
        assert states["西街道", "visit"].status == "missing"
        assert states["东镇", "farm"].status == "missing"

    def test_may_be_any_missing_one_where_its_name_says_no_form(self, project: Project) -> None:
        drop(project, 西街道__xlsx=RAR, 东镇__rar=b"MZ no workbook")
        assert statuses(project) == {
            ("东镇", "farm"): "unread", ("东镇", "visit"): "accepted", ("西街道", "farm"): "unread", ("西街道", "visit"): "unread",
            ("县农业局", "visit"): "missing",
        }  # fmt: skip

    def test_is_asked_about_until_a_later_file_of_its_sender_is_read(self, project: Project) -> None:
        drop(project, 西街道__xlsx=RAR)
        (project.inbox / "2026Q1/4月9日").mkdir()
        (project.inbox / "2026Q1/4月9日/a.xlsx").write_bytes(farm("西街道", "丙村 3 1", "丁村 3 1"))
        drop(project)
        assert statuses(project)["西街道", "farm"] == "accepted"
        assert statuses(project)["西街道", "visit"] == "missing"

    def test_of_a_sheet_in_a_file_that_was_read(self, project: Project) -> None:
        from workbooks import workbook

        both = workbook({
            "走访": "走访记录\n填报单位：西街道 | 报告期：2026年第一季度\n走访编号 | 走访天数\n'01 | 3",
            "农情": "农情表\n填报单位：东镇 | 报告期：2026年第一季度\n村名 | 经营收入 | 经营支出\n丙村 | 3 | 1",
        })  # fmt: skip
        drop(project, 西街道__xlsx=both)
        states = statuses(project)
        assert (states["西街道", "visit"], states["西街道", "farm"]) == ("accepted", "unread")

    def test_is_in_the_reminder_and_goes_back_with_the_reason(self, project: Project, tmp_path: Path) -> None:
        drop(project, 西街道农情表__xlsx=RAR)
        status = stage.status(project, Q1, "", TODAY)
        owing = {
            r.reporter: [(o.why, o.form) for o in r.owing] for r in reminders.reminders(project, Q1, status)
        }
        assert owing["西街道"] == [("overdue", "走访记录"), ("unread", "农情表")]
        (text,) = (
            f
            for f in reminders.write(project, Q1, status, tmp_path / "r")
            if "西街道" in f.name and f.suffix == ".txt"
        )
        assert "西街道农情表.xlsx，压缩包（RAR）不能直接收" in text.read_text("utf-8-sig")
        sent = feedback.feedback(
            project, Q1, FeedbackRequest(out=tmp_path / "f"), datetime(2026, 4, 20, 9), lambda _: None
        )
        assert [(one.reporter, one.errors) for one in sent.sent] == [("西街道", 1)]

    def test_is_said_of_instead_of_missing(self, project: Project) -> None:
        drop(project, 西街道农情表__xlsx=RAR)
        from ruralpb.app.validate import validate

        found = [
            (f.check, f.form) for f in validate(project, Q1, TODAY).findings if f.reporter_code == "990101102"
        ]
        assert sorted(found) == [("C01", "visit"), ("D11", "farm")]

    def test_is_known_the_second_time(self, project: Project) -> None:
        drop(project, 西街道农情表__xlsx=RAR, 东镇通知__pdf=PDF)
        assert {f.status for f in drop(project).files} == {"unchanged"}


class TestAnAttachment:
    FILES = {  # noqa: RUF012
        "东镇情况说明__pdf": PDF, "照片__jpg": b"\xff\xd8\xff\xe0", "东镇说明__txt": "本季度无变化。\n请知悉".encode(),
        "视频__mp4": b"\0\0\0\x18ftypmp42", "截图__heic": b"\0\0\0\x18ftypheic", "图__webp": b"RIFF\0\0\0\0WEBP",
        "公文__ofd": containers.zipped({"OFD.xml": "<OFD/>"}),
        "东镇总结__doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "WordDocument\0".encode("utf-16-le") + "Bookman".encode("utf-16-le"),
    }  # fmt: skip

    def test_is_kept_and_named_and_no_reason_to_act(self, project: Project) -> None:
        result = drop(project, **self.FILES)
        new = [f for f in result.files if f.status != "unchanged"]
        assert {f.path.rpartition("/")[2]: f.status for f in new} == {
            name.replace("__", "."): "attachment" for name in self.FILES
        }
        assert result.count("refused") == result.count("held") == 0
        assert all(p.severity == "note" for f in new for p in f.problems)
        for receipt in project.journal.receipts():
            assert project.archive.has(receipt.sha256)
        status = stage.status(project, Q1, "", TODAY)
        assert len(status.attachments) == len(self.FILES)
        assert len(stage.status(project, Q1, "东镇", TODAY).attachments) == 3

    def test_is_no_return_that_could_not_be_read(self, project: Project) -> None:
        drop(project, **self.FILES)
        assert statuses(project)["东镇", "farm"] == "missing"

    def test_a_text_that_holds_a_form_is_a_return(self, project: Project) -> None:
        drop(
            project,
            西街道__txt="走访记录\n填报单位：西街道,报告期：2026年第一季度\n走访编号,走访天数\nA01,3".encode(),
        )
        assert statuses(project)["西街道", "visit"] == "accepted"


def test_what_the_settings_ignore_is_passed_over_unless_it_is_named(tmp_path: Path) -> None:
    project = county(tmp_path / "云岭县", {})
    (project.folder / "ruralpb.yaml").write_text(
        (project.folder / "ruralpb.yaml").read_text("utf-8") + "ignore: ['会议通知*', 照片, '2026Q1/旧/*']\n",
        "utf-8",
    )
    project = open_project(project.folder)
    for path in (
        "会议通知1.xlsx",
        "照片/a.xlsx",
        "2026Q1/旧/b.xlsx",
        "2026Q1/c.xlsx",
        "2026Q1/新会议通知.xlsx",
    ):
        (project.inbox / path).parent.mkdir(parents=True, exist_ok=True)
        (project.inbox / path).write_bytes(RAR + path.encode())
    dry = IngestRequest(jobs=1, dry_run=True)
    result = ingest.ingest(project, [project.inbox], dry, TODAY, lambda _: None)
    assert [f.path for f in result.files] == ["returns/2026Q1/c.xlsx", "returns/2026Q1/新会议通知.xlsx"]
    named = ingest.ingest(project, [project.inbox / "会议通知1.xlsx"], dry, TODAY, lambda _: None)
    assert [f.path for f in named.files] == ["returns/会议通知1.xlsx"]
