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
