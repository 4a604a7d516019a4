"""The n-th write, fsync or rename fails, for every n: a return and a decision are wholly in or wholly out, and the work done again ends as if
nothing had happened. `scripts/crash_safety.py` kills whole commands at any moment."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from clinics import drop, ingest, make_project, text_reader

from ruralpb.app.backup import backup
from ruralpb.app.opening import open_project
from ruralpb.app.project import Project
from ruralpb.app.rebuild import rebuild
from ruralpb.core.problems import CannotRun
from ruralpb.store.backup import check_backup

NOW = datetime(2026, 4, 20, 8, 0).astimezone()
CALLS = ("write", "fsync", "replace", "rename")


@contextmanager
def failing(monkeypatch: pytest.MonkeyPatch, nth: int, error: int) -> Iterator[list[str]]:
    """Let the `nth` (from 0) of the calls that change a disk fail, and all after it: a full disk stays full. Gives the calls made."""
    made: list[str] = []

    def counted(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*words: Any, **options: Any) -> Any:
            made.append(name)
            if len(made) > nth:
                raise OSError(error, os.strerror(error))
            return real(*words, **options)

        return call

    with monkeypatch.context() as patch:
        for name in CALLS:
            patch.setattr(os, name, counted(name, getattr(os, name)))
        yield made


@pytest.fixture(scope="module")
def received(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("failing") / "project"
    with pytest.MonkeyPatch.context() as patch, text_reader(patch):
        project = make_project(folder)
        drop(project, "2026-04-07/1.txt", "clinic 东镇 2026Q1\n甲村 1")
        ingest(project)
        drop(project, "2026-04-08/2.txt", "clinic 西镇 2026Q1\n丁村 4")
        drop(project, "2026-04-09/3.txt", "clinic 东镇 2026Q1\n甲村 2")
    return folder


def decide(project: Project) -> None:
    with project.lock("withdraw", 0.0, NOW):
        if not project.journal.decisions():
            project.journal.decide(
                "withdraw", "张三", "报错", {"submission": "990101101-clinic-2026Q1-v1"}, NOW
            )


WORK: dict[str, Callable[[Project], object]] = {
    "ingest": ingest,
    "decide": decide,
    "rebuild": lambda project: rebuild(project, 0.0, lambda _: None),
    "backup": lambda project: backup(project, project.folder.parent / "kept.rpb", None, 0.0, NOW),
}


def outcome(project: Project) -> tuple[list[tuple[str, str]], list[str], list[str]]:
    with project.reading() as store:
        states = [(s.id, s.state) for s in store.submissions()]
    return states, [r.path for r in project.journal.receipts()], [d.kind for d in project.journal.decisions()]


def exit_code(work: Callable[[Project], object], folder: Path) -> int:
    """What the command line would end with."""
    try:
        work(open_project(folder))
    except CannotRun as stop:
        return stop.exit_code
    except OSError:
        return 3
    return 0


def left_over(folder: Path) -> list[str]:
    return [p.name for p in folder.rglob("*") if p.name.startswith((".writing-", ".sealing-", ".restoring-"))]


@pytest.mark.parametrize(
    ("name", "error"),
    [*((name, errno.ENOSPC) for name in WORK), ("decide", errno.EIO), ("backup", errno.EIO)],
)
def test_a_disk_that_fails_at_any_moment_loses_doubles_and_halves_nothing(
    received: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, error: int
) -> None:
    undisturbed = shutil.copytree(received, tmp_path / "undisturbed" / "project")
    with text_reader(monkeypatch):
        WORK[name](open_project(undisturbed))
        expected = outcome(open_project(undisturbed))
        for nth in (*range(12), *range(12, 200, 3)):
            folder = shutil.copytree(received, tmp_path / str(nth) / "project")
            with failing(monkeypatch, nth, error) as made:
                code = exit_code(WORK[name], folder)
            assert code in (0, 3)
            known = {path.name for path in (folder / ".ruralpb").glob("journal.jsonl*")}
            assert known == {"journal.jsonl"}
            again = open_project(folder)
            before = outcome(again)
            assert set(before[1]) <= set(expected[1])
            assert len(before[1]) == len(set(before[1]))
            assert left_over(folder.parent) == [], (nth, made)
            WORK[name](again)
            assert outcome(open_project(folder)) == expected, (nth, made)
            if name == "backup":
                assert check_backup(folder.parent / "kept.rpb", []).files
            shutil.rmtree(folder.parent)
            if len(made) <= nth:
                return
    raise AssertionError("more calls than are tried")
