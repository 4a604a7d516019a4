"""A project in one file and back; every file of what the toolkit keeps, lost or damaged in turn, is noticed, named, and healed or restorable."""

from __future__ import annotations

import contextlib
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from clinics import drop, ingest, make_project, text_reader

from ruralpb.app.backup import backup, restore
from ruralpb.app.doctor import examine
from ruralpb.app.opening import open_project
from ruralpb.app.project import Project
from ruralpb.core.problems import CannotRun
from ruralpb.store.backup import check_backup, project_files, unpack_backup

NOW = datetime(2026, 4, 20, 8, 0).astimezone()


@pytest.fixture(scope="module")
def received(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two returns, a decision, a key, a seal's worth of nothing else."""
    folder = tmp_path_factory.mktemp("kept") / "project"
    with pytest.MonkeyPatch.context() as patch, text_reader(patch):
        project = make_project(folder)
        drop(project, "2026-04-07/1.txt", "clinic 东镇 2026Q1\n甲村 1")
        drop(project, "2026-04-07/2.txt", "clinic 西镇 2026Q1\n丁村 4")
        ingest(project)
        project.journal.decide("withdraw", "张三", "报错", {"submission": "990101102-clinic-2026Q1-v1"}, NOW)
        project.key.hmac("made")
    return folder


@pytest.fixture
def project(received: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    shutil.copytree(received, tmp_path / "project")
    with text_reader(monkeypatch):
        yield open_project(tmp_path / "project")


def made(project: Project, name: str = "kept.ruralpb", base: Path | None = None) -> Path:
    file = project.folder.parent / name
    backup(project, file, base, 0.0, NOW)
    return file


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in project_files(folder)}


def states(project: Project) -> list[tuple[str, str]]:
    with project.reading() as store:
        return [(s.id, s.state) for s in store.submissions()]


def problems(project: Project) -> list[str]:
    return [p.slug for each in examine(project, NOW) for p in each.problems if p.severity != "note"]


def test_what_was_backed_up_comes_back_and_its_database_is_made_again(project: Project) -> None:
    file = made(project)
    assert file.stat().st_mode & 0o077 == 0
    kept, rebuilt = restore(file, [], project.folder.parent / "again", 0.0, lambda _: None)
    again = open_project(project.folder.parent / "again")
    assert contents(again.folder) == contents(project.folder)
    assert states(again) == states(project)
    assert (rebuilt.files, rebuilt.problems) == (2, ())
    assert {f.path for f in kept.files} >= {".ruralpb/journal.jsonl", ".ruralpb/key", "ruralpb.yaml"}
    private = again.private / "journal.jsonl"
    assert private.stat().st_mode & 0o077 == 0
    assert problems(again) == []


def test_the_same_content_is_kept_once_and_not_again_when_an_earlier_backup_has_it(project: Project) -> None:
    first = made(project)
    drop(project, "2026-04-08/3.txt", "clinic 东镇 2026Q1\n甲村 2")
    ingest(project)
    second = made(project, "second.ruralpb", first)
    both = check_backup(second, [first])
    assert both.contents < len(both.files) / 2
    with zipfile.ZipFile(first) as whole:
        names = [name for name in whole.namelist() if name.startswith("contents/")]
    assert len(names) == len(set(names)) < len(check_backup(first, []).files)
    with pytest.raises(CannotRun) as alone:
        unpack_backup(second, [], project.folder.parent / "alone")
    assert {p.slug for p in alone.value.problems} == {"backup-damaged"}
    assert not (project.folder.parent / "alone").exists()
    unpack_backup(second, [first], project.folder.parent / "again")
    assert contents(project.folder.parent / "again") == contents(project.folder)


@pytest.mark.parametrize("at", [10, 200, -300, -10])
def test_a_damaged_backup_is_restored_whole_or_not_at_all(project: Project, at: int) -> None:
    file = made(project)
    content = bytearray(file.read_bytes())
    content[at] ^= 0xFF
    file.write_bytes(content)
    again = project.folder.parent / "again"
    with contextlib.suppress(CannotRun):
        unpack_backup(file, [], again)
    # A byte of the zip may say nothing, such as a date.
    assert contents(again) == (contents(project.folder) if again.exists() else {})


@pytest.mark.parametrize("path", ["../x", "/x", "a/../../x", "C:/x", "a\\..\\x", "", "..", "a\0b"])
def test_a_backup_writes_nothing_outside_its_folder(project: Project, path: str) -> None:
    file = made(project)
    with zipfile.ZipFile(file) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    about = json.loads(parts["manifest.json"])
    about["files"][0]["path"] = path
    with zipfile.ZipFile(file, "w") as changed:
        for name, content in (parts | {"manifest.json": json.dumps(about).encode()}).items():
            changed.writestr(name, content)
    with pytest.raises(CannotRun) as stop:
        unpack_backup(file, [], project.folder.parent / "again")
    assert [p.slug for p in stop.value.problems] == ["backup-outside"]


def test_a_folder_with_something_in_it_is_left_alone(project: Project) -> None:
    before = contents(project.folder)
    with pytest.raises(CannotRun) as stop:
        unpack_backup(made(project), [], project.folder)
    assert [p.slug for p in stop.value.problems] == ["restore-not-empty"]
    assert contents(project.folder) == before


def flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :] if content else b"\1"


CHANGES: dict[str, Callable[[bytes], bytes | None]] = {
    "deleted": lambda _: None,
    "emptied": lambda _: b"",
    "cut off": lambda content: content[: len(content) // 2],
    "garbage": lambda _: b"\x00\xffgarbage",
    "flipped": flipped,
}


@pytest.mark.parametrize("change", CHANGES)
def test_each_file_that_is_lost_or_damaged_is_noticed_and_healed_or_restored(
    project: Project, change: str
) -> None:
    file, kept = made(project), contents(project.folder)
    ours = [path for path in project_files(project.folder) if path.is_relative_to(project.private)]
    assert len(ours) > 7
    for path in ours:
        before, name = path.read_bytes(), path.relative_to(project.private).as_posix()
        content = CHANGES[change](before)
        path.unlink() if content is None else path.write_bytes(content)
        damaged = open_project(project.folder)
        if name.startswith("archive/witnesses/") and content is None:
            path.write_bytes(before)  # the next writing would make it again
            path.chmod(0o600)
            continue
        told = [p for each in examine(damaged, NOW) for p in each.problems if p.severity != "note"]
        if name != "archive/witnesses/key":
            assert any(path.name in str(p.where) for p in told), (name, told)
        if not name.startswith("archive/witnesses/"):
            with pytest.raises(CannotRun) as stop:
                backup(damaged, file, None, 0.0, NOW)
            assert stop.value.exit_code == 3
        assert check_backup(file, []).files, "the earlier backup stays"
        path.write_bytes(before)
        path.chmod(0o600)
    assert problems(open_project(project.folder)) == []
    assert contents(project.folder) == kept


def test_the_doctor_says_of_each_thing_that_it_is_well(project: Project) -> None:
    examined = examine(project, NOW)
    assert {each.name for each in examined if any(p.severity != "note" for p in each.problems)} == set()
    assert {"journal", "key", "archive", "seals", "store", "disk", "clock", "calendar", "access"} <= {
        each.name for each in examined
    }


ILL: dict[str, tuple[Callable[[Project], object], str]] = {
    "access": (lambda p: p.journal.path.chmod(0o644), "doctor-exposed"),
    "store": (lambda p: p.store_path.unlink(), "doctor-no-store"),
    "schedule": (
        lambda p: (p.private / "runs.jsonl").write_text(
            '{"at": "2026-04-19", "exit": 3}\nhalf a li', "utf-8"
        ),
        "doctor-run-failed",
    ),
    "archive": (lambda p: p.archive.put(b"nobody knows me"), "archive-unclaimed"),
}


@pytest.mark.parametrize("name", ILL)
def test_the_doctor_names_what_is_not_well(project: Project, name: str) -> None:
    harm, slug = ILL[name]
    harm(project)
    told = {each.name: [p.slug for p in each.problems] for each in examine(project, NOW)}
    assert slug in told[name]


def test_a_clock_that_is_behind_the_journal_is_told(project: Project) -> None:
    early = datetime(2020, 1, 1).astimezone()
    told = {each.name: [p.slug for p in each.problems] for each in examine(project, early)}
    assert told["clock"] == ["doctor-clock"]
