"""Rebuild: archive and journal make the store again, equal to the one that was deleted."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from clinics import drop, ingest, make_project, text_reader

from ruralpb.app.ingest_request import IngestRequest
from ruralpb.app.opening import open_project
from ruralpb.app.project import Project
from ruralpb.app.rebuild import Rebuilt, rebuild
from ruralpb.core.problems import CannotRun


@pytest.fixture(scope="module")
def received(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five batches: parts, a held correction taken as a part, a withdrawal between them, a form that grows."""
    folder = tmp_path_factory.mktemp("received") / "project"
    with pytest.MonkeyPatch.context() as patch, text_reader(patch):
        project = make_project(folder)
        drop(project, "2026-04-07/1.txt", "clinic 东镇 2026Q1\n甲村 1,2 甲级\n乙村 ?")
        drop(project, "2026-04-07/2.txt", "clinic 西镇 2026Q1\n丁村 4\ncourse 西镇 2026Q1 表2\n养殖 8")
        drop(project, "2026-04-08/3.txt", "clinic 东镇 2026Q1\n丙村 3")
        drop(project, "2026-04-08/4.txt", "clinic 西镇 2026Q1\n丁村 5")
        drop(project, "2026-04-09/5.txt", "die")
        ingest(project)
        about = {"submission": "990101102-clinic-2026Q1-v2"}
        project.journal.decide("withdraw", "张三", "报错", about, datetime(2026, 4, 10))
        part = drop(project, "2026-04-11/6.txt", "clinic 东镇 2026Q1\n甲村 9\n丙村 3")
        ingest(project)
        ingest(project, IngestRequest(jobs=1, mode="part"), [part])
        form = folder / "lib/forms/clinic.yaml"
        form.write_text(form.read_text("utf-8") + "  - {id: beds, title: 床位, type: int}\n", "utf-8")
        project = open_project(folder)
        drop(project, "2026-04-12/7.txt", "clinic 西镇 2026Q1\n丁村 7")
        ingest(project)
    return folder


@pytest.fixture
def project(received: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    shutil.copytree(received, tmp_path / "project")
    with text_reader(monkeypatch):
        yield open_project(tmp_path / "project")


def content(project: Project) -> dict[str, Any]:
    with project.reading() as store:
        tables = {name: store.table(name) for name in store.tables()}
        return tables | {"states": [(s.id, s.state) for s in store.submissions()]}


def run(project: Project) -> Rebuilt:
    return rebuild(project, 0.0, lambda _: None)


def test_the_rebuilt_store_equals_the_deleted_one(project: Project) -> None:
    before = content(project)
    assert {"facts_clinic", "facts_course", "notes", "problems", "refusals", "exclusions"} <= {
        name for name, table in before.items() if len(table[1]) > 0
    }
    project.store_path.unlink()
    made = run(project)
    assert content(project) == before
    assert (made.files, made.submissions) == (len(before["receipts"][1]), len(before["submissions"][1]))


def test_a_store_that_still_stands_is_replaced_by_an_equal_one(project: Project) -> None:
    before = content(project)
    run(project)
    run(project)
    assert content(project) == before
    assert [path.name for path in project.private.glob("*rebuilding*")] == []


def test_each_receipt_is_read_with_the_definitions_it_came_with(project: Project) -> None:
    """The form is gone from today's definitions; what was received under it is still there after a rebuild."""
    before = content(project)
    (project.folder / "lib/forms/course.yaml").unlink()
    settings = project.folder / "ruralpb.yaml"
    settings.write_text(settings.read_text("utf-8").replace("clinic, course", "clinic"), "utf-8")
    changed = open_project(project.folder)
    run(changed)
    assert content(changed) == before


def test_a_version_is_compared_with_what_was_current_when_it_came(project: Project) -> None:
    """v2 of 西镇 was withdrawn after it had replaced v1; v3 came after that. A rebuild knows all three moments."""
    run(project)
    states = dict(content(project)["states"])
    assert [states[f"990101102-clinic-2026Q1-v{n}"] for n in (1, 2, 3)] == [
        "superseded",
        "withdrawn",
        "current",
    ]


def test_when_an_original_is_missing_the_old_store_stays(project: Project) -> None:
    before = content(project)
    project.archive.path(project.journal.receipts()[2].sha256).unlink()
    with pytest.raises(CannotRun) as stopped:
        run(project)
    assert (stopped.value.exit_code, stopped.value.problems[0].slug) == (3, "archive-missing")
    assert content(project) == before


def test_every_damaged_original_is_named_with_the_file_it_came_as(project: Project) -> None:
    before = content(project)
    first, second, *_ = project.journal.receipts()
    project.archive.path(first.sha256).write_bytes(b"clinic")
    project.archive.path(second.sha256).unlink()
    with pytest.raises(CannotRun) as stopped:
        run(project)
    told = [(p.slug, p.found) for p in stopped.value.problems]
    assert told == [
        ("archive-damaged", f"{first.sha256} · {first.path}"),
        ("archive-missing", f"{second.sha256} · {second.path}"),
    ]
    assert content(project) == before


def test_damaged_definitions_are_named_and_not_read(project: Project) -> None:
    first = project.journal.receipts()[0]
    project.archive.path(first.definitions).write_bytes(b"PK")
    with pytest.raises(CannotRun) as stopped:
        run(project)
    assert [(p.slug, p.found) for p in stopped.value.problems] == [("archive-damaged", first.definitions)]


@pytest.mark.parametrize("left", [0, 1, 5])
def test_a_journal_that_was_cut_off_is_made_again_and_so_is_the_store(project: Project, left: int) -> None:
    before, journal = content(project), project.journal.path.read_bytes()
    project.journal.path.write_bytes(b"".join(journal.splitlines(keepends=True)[:left]))
    with pytest.raises(CannotRun) as stopped:
        content(project)
    assert (stopped.value.exit_code, stopped.value.problems[0].slug) == (3, "journal-cut")
    made = run(project)
    assert [problem.slug for problem in made.problems] == ["journal-recovered"]
    assert project.journal.path.read_bytes() == journal
    assert content(project) == before


def test_a_store_that_knows_more_than_the_journal_is_not_read(project: Project) -> None:
    """Journal and witnesses are both those of an older backup."""
    shutil.rmtree(project.journal.witnesses.folder)
    lines = project.journal.path.read_bytes().splitlines(keepends=True)
    project.journal.path.write_bytes(b"".join(lines[:4]))
    with pytest.raises(CannotRun) as stopped:
        content(project)
    assert (stopped.value.exit_code, stopped.value.problems[0].slug) == (3, "journal-behind")
    with pytest.raises(CannotRun):
        ingest(project)
    unclaimed = [problem for problem in run(project).problems if problem.slug == "archive-unclaimed"]
    kept = {receipt.sha256 for receipt in project.journal.receipts()}
    assert {Path(problem.where.file).name for problem in unclaimed} == {
        name
        for name in project.archive.all()
        if name not in kept | {project.journal.receipts()[0].definitions}
    }
    assert unclaimed


KEYS = {
    "deleted": None,
    "emptied": b"",
    "garbage": b"\xff\x00",
    "short": b"ab" * 31,
    "another": b"ab" * 32,
}


@pytest.mark.parametrize("change", KEYS)
def test_a_key_that_is_lost_or_damaged_is_told_and_never_made_anew_in_silence(
    project: Project, change: str
) -> None:
    mark, path = project.key.hmac("x"), project.key.path
    new = KEYS[change]
    path.unlink() if new is None else path.write_bytes(new)
    again = open_project(project.folder)
    with pytest.raises(CannotRun) as stopped:
        again.key.hmac("x")
    assert stopped.value.exit_code == 3
    assert stopped.value.problems[0].slug == ("key-lost" if new is None else "key-damaged")
    assert str(path) in stopped.value.problems[0].line()
    for file in (path, project.key.witness):
        file.unlink(missing_ok=True)
    assert open_project(project.folder).key.hmac("x") != mark


def test_a_project_that_has_received_nothing_rebuilds_to_nothing(tmp_path: Path) -> None:
    empty = make_project(tmp_path / "empty")
    assert run(empty) == Rebuilt(0, 0, 0)
    assert content(empty)["receipts"][1] == []


def test_the_sample_quarter_as_it_is_read_is_rebuilt_equal(tmp_path: Path) -> None:
    """Read by the real reader: the samples' .xlsx, .xls and .csv."""
    samples = Path(__file__).parents[2] / "data" / "samples"
    for name in ("ruralpb.yaml", "units.csv", "definitions", "returns/2026Q1"):
        source, target = samples / name, tmp_path / name
        target.parent.mkdir(exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        elif source.is_file():
            shutil.copy2(source, target)
    project = open_project(tmp_path)
    result = ingest(project, IngestRequest(jobs=2))
    assert {file.status for file in result.files} == {"taken"}
    before = content(project)
    assert run(project).rows > 2000
    assert content(project) == before
