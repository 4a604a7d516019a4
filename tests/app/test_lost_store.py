"""A database that is lost, older than the journal, or of another version: every command notices, and none says that returns are missing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from clinics import TODAY, drop, ingest, make_project, text_reader

from ruralpb.app import feedback, status, validate
from ruralpb.app.ingest_request import IngestRequest
from ruralpb.app.project import Project
from ruralpb.app.rebuild import rebuild
from ruralpb.core.periods import parse
from ruralpb.core.problems import CannotRun
from ruralpb.store.locking import locked

PERIOD = parse("2026Q1", TODAY)
NOW = datetime(2026, 4, 20, 9, 0).astimezone()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    with text_reader(monkeypatch):
        project = make_project(tmp_path / "project")
        drop(project, "2026-04-07/东镇.txt", "clinic 东镇 2026Q1\n甲村 1\n乙村 2\n丙村 3")
        ingest(project)
        shutil.copy(project.store_path, project.folder / "older.duckdb")
        drop(project, "2026-04-08/西镇.txt", "clinic 西镇 2026Q1\n丁村 4")
        ingest(project)
        yield project


def deleted(project: Project) -> None:
    project.store_path.unlink()


def emptied(project: Project) -> None:
    project.store_path.unlink()
    import duckdb

    duckdb.connect(str(project.store_path)).close()


def older(project: Project) -> None:
    shutil.copy(project.folder / "older.duckdb", project.store_path)


LOSSES = [deleted, emptied, older]
COMMANDS: dict[str, Callable[[Project], object]] = {
    "status": lambda p: status.status(p, PERIOD, "", TODAY),
    "validate": lambda p: validate.validate(p, PERIOD, TODAY),
    "feedback": lambda p: feedback.feedback(p, PERIOD, feedback.FeedbackRequest(), NOW, lambda _: None),
    "dry run": lambda p: ingest(p, IngestRequest(jobs=1, dry_run=True)),
}


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_notices(project: Project, loss: Callable[[Project], None], command: str) -> None:
    loss(project)
    with pytest.raises(CannotRun) as stopped:
        COMMANDS[command](project)
    (problem,) = stopped.value.problems
    assert (stopped.value.exit_code, problem.slug) == (3, "store-behind")
    assert problem.found == ("1" if loss is older else "2")


@pytest.mark.parametrize("loss", LOSSES)
def test_a_rebuild_mends_it(project: Project, loss: Callable[[Project], None]) -> None:
    before = status.status(project, PERIOD, "", TODAY)
    loss(project)
    rebuild(project, 5.0, lambda _: None)
    assert status.status(project, PERIOD, "", TODAY) == before


@pytest.mark.parametrize("loss", LOSSES)
def test_an_ingest_reads_what_is_lacking_first(project: Project, loss: Callable[[Project], None]) -> None:
    before = status.status(project, PERIOD, "", TODAY)
    loss(project)
    assert any(file.recovered for file in ingest(project).files)
    assert status.status(project, PERIOD, "", TODAY) == before


def test_while_another_process_writes_a_store_may_be_behind(project: Project) -> None:
    older(project)
    with locked(project.private, "ruralpb ingest", 1.0, NOW):
        (project.private / "lock.holder").write_text('{"pid": 1}', "utf-8")
        assert status.status(project, PERIOD, "", TODAY).states
    (project.private / "lock.holder").write_text('{"pid": 1}', "utf-8")
    with pytest.raises(CannotRun):  # that process ended without finishing
        status.status(project, PERIOD, "", TODAY)


def test_a_project_that_has_received_nothing_lacks_nothing(tmp_path: Path) -> None:
    assert status.status(make_project(tmp_path / "new"), PERIOD, "", TODAY).missing == 4
