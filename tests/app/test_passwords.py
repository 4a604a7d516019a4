"""Files with a password: refused, tried again with it, and read ever after without it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from clinics import drop, ingest, make_project
from msoffcrypto.format.ooxml import OOXMLFile
from openpyxl import Workbook

from ruralpb.app.ingest_request import IngestRequest
from ruralpb.app.opening import open_project
from ruralpb.app.originals import Originals
from ruralpb.app.project import Project
from ruralpb.app.rebuild import rebuild

PATH = "2026Q1/2026-04-07/东镇/东镇.xlsx"


def locked_return(project: Project, password: str) -> Path:
    book = Workbook()
    assert book.active is not None
    for row in (["2026年第一季度卫生室情况表"], ["村", "诊疗人次", "等级"], ["甲村", 12, "甲级"], ["乙村", 7, "乙级"], ["丙村", 3, "乙级"]):  # fmt: skip
        book.active.append(row)
    plain, shut = io.BytesIO(), io.BytesIO()
    book.save(plain)
    OOXMLFile(io.BytesIO(plain.getvalue())).encrypt(password, shut)
    file = drop(project, PATH, "")
    file.write_bytes(shut.getvalue())
    return file


def with_password(password: str) -> IngestRequest:
    return IngestRequest(jobs=1, password=password)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = make_project(tmp_path / "project")
    locked_return(project, "东镇2026")
    return project


def visits(project: Project) -> list[tuple[object, ...]]:
    with project.reading() as store:
        (version,) = [s for s in store.submissions() if s.state == "current"]
        return [(version.id, version.received.isoformat(), version.rows)]


READ = [("990101101-clinic-2026Q1-v1", "2026-04-07", 3)]


@pytest.mark.parametrize("tries", [[], [""], ["", "错"], ["错", "错", ""]])
def test_a_file_opens_when_its_password_is_given_whatever_was_tried_before(
    project: Project, tries: list[str]
) -> None:
    for password in tries:
        (file,) = ingest(project, with_password(password)).files
        assert (file.status, file.rows) in {("refused", 0), ("unchanged", 0)}
    (file,) = ingest(project, with_password("东镇2026")).files
    assert (file.status, file.rows) == ("taken", 3)
    assert visits(project) == READ


def test_a_wrong_password_is_said_each_time_and_received_once(project: Project) -> None:
    for _ in range(3):
        (file,) = ingest(project, with_password("错")).files
        assert [p.slug for p in file.problems] == ["file-password-wrong"]
    assert len(project.journal.receipts()) == 1


def test_nothing_later_asks_for_the_password(project: Project) -> None:
    ingest(project)
    ingest(project, with_password("东镇2026"))
    before = visits(project)
    rebuilt = rebuild(open_project(project.folder), 5.0, lambda _: None)
    assert (rebuilt.files, rebuilt.submissions, visits(project)) == (2, 1, before)
    assert rebuilt.problems == ()
    project = open_project(project.folder)
    with project.reading() as store:
        (block,) = store.originals()
        (address,) = store.addresses([(block, 2, "visits")]).values()
        assert Originals(project, store).raw(block, address) == "12"
    (file,) = ingest(project).files
    assert file.status == "unchanged"


def test_the_password_itself_is_nowhere(project: Project) -> None:
    ingest(project, with_password("东镇2026"))
    for path in project.private.rglob("*"):
        assert not path.is_file() or "东镇2026".encode() not in path.read_bytes()


def test_a_password_changes_nothing_of_files_that_have_none(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")
    drop(
        project,
        "2026Q1/2026-04-07/东镇/东镇.csv",
        "2026年第一季度卫生室情况表\n村,诊疗人次,等级\n甲村,12,甲级\n",
    )
    (file,) = ingest(project, with_password("东镇2026")).files
    assert file.status == "taken"
    (receipt,) = project.journal.receipts()
    assert receipt.opened == ""
    assert b'"opened"' not in project.journal.path.read_bytes()
