"""Ingest, end to end: files in folders become versions in the store, once, whatever happens on the way."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import date, datetime
from errno import ENOSPC
from itertools import count
from pathlib import Path
from textwrap import dedent

import pytest
from clinics import TODAY, drop, ingest, make_project, statuses, text_reader
from semantics_world import Counted

from ruralpb.app import definition_files, opening, replay, stamps
from ruralpb.app.ingest_request import IngestRequest
from ruralpb.app.opening import open_project
from ruralpb.app.project import Project
from ruralpb.core.problems import CannotRun
from ruralpb.intake.processes import pool

PART = IngestRequest(jobs=1, mode="part")
REPLACE = IngestRequest(jobs=1, mode="replace")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    with text_reader(monkeypatch):
        yield make_project(tmp_path / "project")


def in_force(project: Project) -> dict[str, object]:
    """Village → visits, of what counts now."""
    from ruralpb.core.periods import parse

    with project.session(parse("2026Q1", TODAY)) as session:
        return dict(session.query("select coalesce(village, reporter_code), visits from clinic order by 1"))


def states(project: Project) -> dict[str, str]:
    with project.reading() as store:
        return {s.id: s.state for s in store.submissions()}


def test_files_at_any_depth_are_taken_and_say_what_they_are(project: Project) -> None:
    drop(
        project,
        "2026Q1/2026-04-07/东镇/东镇.txt",
        "clinic 东镇 2026Q1\n甲村 1,2 甲级\n乙村 ?\ncourse 东镇 2026Q1 表2\n养殖 8",
    )
    result = ingest(project)
    (file,) = result.files
    assert (file.path, file.status, file.rows, file.notes) == (
        "returns/2026Q1/2026-04-07/东镇/东镇.txt",
        "taken",
        3,
        1,
    )
    assert file.submissions == ("990101101-clinic-2026Q1-v1", "990101101-course-2026Q1-v1")
    assert [(t.sheet, t.form, t.rows, t.header) for t in file.tables] == [
        ("Sheet1", "clinic", 2, (1, 1)),
        ("表2", "course", 1, (4, 4)),
    ]
    assert [p.check for p in file.problems] == ["D54"]
    assert in_force(project) == {"甲村": 12, "乙村": None}


def test_a_folder_that_says_no_day_is_named_once_with_how_many_returns_count_as_of_today(
    project: Project,
) -> None:
    for path in ("2026Q1/微信/a.txt", "2026Q1/微信/b.txt", "2026Q1/4月9日 邮箱/c.txt"):
        drop(
            project,
            path,
            f"clinic 东镇 2026Q1\n甲村 {len(path)}{path[-5]}".replace("a", "1")
            .replace("b", "2")
            .replace("c", "3"),
        )
    for request in (IngestRequest(jobs=1, dry_run=True), IngestRequest(jobs=1)):
        result = ingest(project, request)
        assert {str(f.received) for f in result.files if "邮箱" in f.path} == {"2026-04-09"}
        (note,) = result.problems
        assert (note.slug, note.where.file, note.found, note.severity) == (
            "received-today",
            "returns/2026Q1/微信",
            "2",
            "note",
        )
        assert note.data == {"day": str(TODAY)}
    assert ingest(project).problems == ()
    drop(project, "b.txt", "clinic 西镇 2026Q1\n丁村 5")
    assert ingest(project, IngestRequest(jobs=1, received=date(2026, 4, 8))).problems == ()


def test_the_second_run_changes_nothing_and_says_so(project: Project) -> None:
    drop(project, "a.txt", "clinic 东镇 2026Q1\n甲村 1\n乙村 ?")
    drop(project, "b.txt", "nothing")
    ingest(project)
    journal, store = project.journal.path.read_bytes(), project.store_path.read_bytes()
    again = ingest(project)
    assert statuses(again) == {"a.txt": "unchanged", "b.txt": "unchanged"}
    assert again.batches == ()
    assert (project.journal.path.read_bytes(), project.store_path.read_bytes()) == (journal, store)


def test_the_nearest_folder_named_by_a_date_says_when_a_file_came_else_the_option_else_today(
    project: Project,
) -> None:
    drop(project, "2026-04-03/2026-04-07/x/a.txt", "clinic 东镇 2026Q1\n甲村 1")
    drop(project, "2026-13-40/b.txt", "clinic 西镇 2026Q1\n丁村 1")
    assert [
        f.received for f in ingest(project, IngestRequest(dry_run=True, received=date(2026, 4, 9))).files
    ] == [
        date(2026, 4, 7),
        date(2026, 4, 9),
    ]
    assert [f.received for f in ingest(project).files] == [date(2026, 4, 7), TODAY]
    assert project.journal.receipts()[0].received == date(2026, 4, 7)


def test_files_of_one_day_are_parts_and_files_of_the_next_day_replace(project: Project) -> None:
    drop(project, "2026-04-07/1.txt", "clinic 东镇 2026Q1\n甲村 1")
    drop(project, "2026-04-07/2.txt", "clinic 东镇 2026Q1\n乙村 2")
    drop(project, "2026-04-08/3.txt", "clinic 东镇 2026Q1\n甲村 5\n乙村 6")
    assert len(ingest(project).batches) == 2
    assert states(project) == {
        "990101101-clinic-2026Q1-v1": "superseded",
        "990101101-clinic-2026Q1-v2": "current",
    }
    assert in_force(project) == {"甲村": 5, "乙村": 6}


def test_two_files_that_contradict_each_other_are_both_held_until_one_is_chosen(project: Project) -> None:
    drop(project, "最终版2.txt", "clinic 东镇 2026Q1\n甲村 1")
    chosen = drop(project, "定稿.txt", "clinic 东镇 2026Q1\n甲村 2")
    result = ingest(project)
    assert statuses(result) == {"最终版2.txt": "held", "定稿.txt": "held"}
    assert {p.check for f in result.files for p in f.problems} == {"D13"}
    assert in_force(project) == {}
    assert statuses(ingest(project, REPLACE, [chosen])) == {"定稿.txt": "taken"}
    assert in_force(project) == {"甲村": 2}
    assert sorted(states(project).values()) == ["current", "superseded", "superseded"]


def test_a_correction_of_one_village_is_held_and_taken_as_a_part(project: Project) -> None:
    drop(project, "a.txt", "clinic 东镇 2026Q1\n甲村 1\n乙村 2")
    ingest(project)
    later = drop(project, "b.txt", "clinic 东镇 2026Q1\n甲村 9")
    assert statuses(ingest(project)) == {"a.txt": "unchanged", "b.txt": "held"}
    assert statuses(ingest(project, PART, [later])) == {"b.txt": "taken"}
    assert statuses(ingest(project, PART, [later])) == {"b.txt": "unchanged"}
    assert in_force(project) == {"甲村": 9, "乙村": 2}


def test_replace_said_of_the_whole_inbox_does_not_bring_overtaken_files_back(project: Project) -> None:
    drop(project, "2026-04-07/a.txt", "clinic 东镇 2026Q1\n甲村 1\n乙村 ?")
    drop(project, "2026-04-08/b.txt", "clinic 东镇 2026Q1\n甲村 2\n乙村 3")
    ingest(project)
    assert set(statuses(ingest(project, REPLACE)).values()) == {"unchanged"}
    assert in_force(project) == {"甲村": 2, "乙村": 3}


def test_a_copy_is_known_by_content_wherever_it_lies_unless_another_unit_sent_it(project: Project) -> None:
    drop(project, "a.txt", "clinic 东镇 2026Q1\n甲村 1")
    copy = drop(project, "副本/b.txt", "clinic 东镇 2026Q1\n甲村 1")
    result = ingest(project)
    assert statuses(result) == {"a.txt": "taken", "b.txt": "unchanged"}
    assert [(p.check, p.expected) for p in result.files[1].problems] == [("D14", "returns/a.txt")]
    ingest(project, IngestRequest(jobs=1, unit="西镇"), [copy])
    assert [r.unit_code for r in project.journal.receipts()] == ["", "990101102"]


def test_what_was_refused_is_read_again_when_the_definitions_have_changed(project: Project) -> None:
    drop(project, "2026-04-07/a.txt", "nothing")
    drop(project, "2026-04-07/b.txt", "clinic 西镇 2026Q1\n丁村 1")
    late = drop(project, "c.txt", "nothing more")
    late.write_text("nothing", "utf-8")
    ingest(project)
    form = project.folder / "lib/forms/course.yaml"
    form.write_text(form.read_text("utf-8") + "  - {id: place, title: 地点, type: text}\n", "utf-8")
    changed = open_project(project.folder)
    assert statuses(ingest(changed)) == {"a.txt": "refused", "b.txt": "unchanged", "c.txt": "unchanged"}
    first, second = (r for r in changed.journal.receipts() if r.name == "a.txt")
    assert first.definitions != second.definitions
    assert second.received == date(2026, 4, 7)


def test_equal_rows_in_another_file_make_no_version(project: Project) -> None:
    drop(project, "a.txt", "clinic 东镇 2026Q1\n甲村 1\n乙村 2")
    ingest(project)
    drop(project, "b.txt", "clinic 东镇 2026Q1\n乙村 2\n甲村 1")
    assert statuses(ingest(project)) == {"a.txt": "unchanged", "b.txt": "unchanged"}
    assert states(project) == {"990101101-clinic-2026Q1-v1": "current"}


@pytest.mark.parametrize(
    ("content", "slug", "found"),
    [
        ("die", "reader-died", "exit 9"),
        ("fail", "reader-failed", "ValueError"),
        ("hang", "reader-timeout", ""),
    ],
)
def test_a_hostile_file_costs_itself_and_nothing_beside_it(
    project: Project, monkeypatch: pytest.MonkeyPatch, content: str, slug: str, found: str
) -> None:
    monkeypatch.setattr(replay, "read_all", lambda *a: pool.read_all(*a, seconds=1.0))
    drop(project, "1.txt", "clinic 东镇 2026Q1\n甲村 1")
    drop(project, "2.txt", content)
    drop(project, "3.txt", "clinic 西镇 2026Q1\n丁村 1")
    result = ingest(project)
    assert statuses(result) == {"1.txt": "taken", "2.txt": "refused", "3.txt": "taken"}
    assert [(p.slug, p.found, str(p.where)) for p in result.files[1].problems] == [
        (slug, found, "returns/2.txt")
    ]


def test_many_processes_give_what_one_gives(project: Project) -> None:
    texts = [f"clinic 东镇 2026Q1\n甲村 {n}" for n in range(12)]
    texts[2], texts[5], texts[7] = "die", "nothing", "fail"
    for n, text in enumerate(texts):
        drop(project, f"2026-04-{n + 1:02d}/{n}.txt", text)
    result = ingest(project, IngestRequest(jobs=3))
    assert [f.status for f in result.files] == ["refused" if n in (2, 5, 7) else "taken" for n in range(12)]
    assert in_force(project) == {"甲村": 11}


def test_what_is_no_return_is_skipped_or_refused_with_a_reason(project: Project) -> None:
    kept = drop(project, "a.txt", "clinic 东镇 2026Q1\n甲村 1")
    for name in ("~$a.xlsx", ".~lock.a.xlsx#", ".hidden/b.txt", "Thumbs.db"):
        drop(project, name, "x")
    drop(project, "四月.txt", "nothing")
    os.symlink(kept, project.inbox / "link.txt")
    result = ingest(project)
    assert {f.path: [p.slug for p in f.problems] for f in result.files} == {
        "returns/a.txt": [],
        "returns/link.txt": ["file-not-regular"],
        "returns/四月.txt": ["file-no-form"],
    }
    assert statuses(result) == {"a.txt": "taken", "link.txt": "refused", "四月.txt": "refused"}


def test_a_file_from_elsewhere_keeps_the_folder_it_lay_in(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "U盘" / "2026-04-07" / "东镇"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text("clinic 东镇 2026Q1\n甲村 1", "utf-8")
    by_folder = ingest(project, IngestRequest(jobs=1, dry_run=True), [folder])
    by_file = ingest(project, paths=[folder / "a.txt"])
    assert [f.path for f in (*by_folder.files, *by_file.files)] == ["东镇/a.txt", "东镇/a.txt"]
    assert by_file.files[0].received == date(2026, 4, 7)


def test_a_dry_run_says_the_same_and_leaves_no_trace(project: Project) -> None:
    drop(project, "a.txt", "clinic 东镇 2026Q1\n甲村 1")
    dry = ingest(project, IngestRequest(jobs=1, dry_run=True))
    assert not project.private.exists()
    assert dry.files == ingest(project).files


def test_unknown_paths_units_and_forms_are_usage_errors(project: Project) -> None:
    asked = [
        (IngestRequest(form="clinik"), [project.folder]),
        (IngestRequest(unit="北镇"), [project.folder]),
        (IngestRequest(), [project.folder / "nowhere"]),
    ]
    for options, paths in asked:
        with pytest.raises(CannotRun) as stopped:
            ingest(project, options, paths)
        assert stopped.value.exit_code == 2
    assert not project.private.exists()


# ------------------------------------------------------------------------------------------------ interruptions


class Killed(BaseException):
    """The machine goes off."""


@pytest.mark.parametrize("moment", ["archive", "journal", "store", "commit"])
def test_a_run_cut_off_at_any_moment_is_finished_by_the_next_with_the_same_result(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    undisturbed = make_project(tmp_path / "other")
    for place in (project, undisturbed):
        drop(place, "2026-04-07/1.txt", "clinic 东镇 2026Q1\n甲村 1")
        drop(place, "2026-04-07/2.txt", "clinic 东镇 2026Q1\n乙村 2")
        drop(place, "2026-04-08/3.txt", "clinic 东镇 2026Q1\n丙村 3")
    ingest(undisturbed)

    def killed(*_: object, **__: object) -> None:
        raise Killed

    target = {
        "archive": "ruralpb.store.archive.Journal.append_receipts",
        "journal": "ruralpb.app.replay.read_all",
        "store": "ruralpb.store.writer.Writer.add",
        "commit": "ruralpb.store.writer.Writer.flush",
    }[moment]
    with monkeypatch.context() as patch:
        patch.setattr(target, killed)
        with pytest.raises(Killed):
            ingest(project)
    result = ingest(project)
    assert {f.status for f in result.files if f.recovered or not f.problems} == {"taken"}
    assert in_force(project) == in_force(undisturbed)
    assert states(project) == states(undisturbed)


def test_whichever_write_to_disk_fails_the_next_run_gives_what_an_undisturbed_one_does(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Disk full, at the first write that has to be durable, the second, and so on until none fails."""
    undisturbed = make_project(tmp_path / "other")
    for place in (undisturbed, project):
        for n, village in enumerate("甲乙丙"):
            drop(place, f"2026-04-0{7 + n // 2}/{n}.txt", f"clinic 东镇 2026Q1\n{village}村 {n}")
    ingest(undisturbed)
    for failing in count():
        with pytest.MonkeyPatch.context() as patch, text_reader(patch):
            broken = make_project(tmp_path / f"broken{failing}")
            shutil.copytree(project.inbox, broken.inbox)
            failed = _fail_at(patch, failing)
            with suppress(OSError):
                ingest(broken)
            patch.undo()
        with text_reader(monkeypatch):
            ingest(broken)
        assert [p.name for p in broken.private.rglob(".writing-*")] == []
        assert (in_force(broken), states(broken)) == (in_force(undisturbed), states(undisturbed))
        if not failed:
            assert failing > 8
            return


def _fail_at(patch: pytest.MonkeyPatch, number: int) -> list[int]:
    """Let the `number`-th fsync of this process fail; the list returned tells whether there was one."""
    calls, failed, real = count(), list[int](), os.fsync

    def fsync(handle: int) -> None:
        call = next(calls)
        if call == number:
            failed.append(call)
            raise OSError(ENOSPC, "disk full")
        real(handle)

    patch.setattr(os, "fsync", fsync)
    return failed


def test_a_return_that_comes_on_two_days_of_one_call_is_compared_with_the_day_before(
    project: Project,
) -> None:
    """Batches share a transaction; the later one still knows the earlier."""
    drop(project, "2026-04-07/1.txt", "clinic 东镇 2026Q1\n甲村 1\n乙村 2")
    drop(project, "2026-04-08/2.txt", "clinic 西镇 2026Q1\n丁村 4")
    drop(project, "2026-04-09/3.txt", "clinic 东镇 2026Q1\n甲村 3\n乙村 2")
    drop(project, "2026-04-10/4.txt", "clinic 东镇 2026Q1\n甲村 3\n乙村 2\n")
    drop(project, "2026-04-11/5.txt", "clinic 东镇 2026Q1\n丙村 5")
    result = ingest(project)
    assert len(result.batches) == 5
    assert [f.status for f in result.files] == ["taken", "taken", "taken", "unchanged", "taken"]
    assert in_force(project) == {"甲村": 3, "乙村": 2, "丙村": 5, "丁村": 4}


@pytest.mark.parametrize("rows_at_once", [1, 20_000])
def test_how_many_batches_share_a_transaction_changes_nothing_in_the_store(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows_at_once: int
) -> None:
    one_by_one = make_project(tmp_path / "other")
    for place in (project, one_by_one):
        for n in range(4):
            drop(place, f"2026-04-0{n + 1}/{n}.txt", f"clinic 东镇 2026Q1\n甲村 {n}\n乙村 ?")
            drop(place, f"2026-04-0{n + 1}/x{n}.txt", f"course 西镇 2026Q1 表2\n养殖{n} 8")
    for day in range(4):
        ingest(one_by_one, IngestRequest(jobs=1), [one_by_one.inbox / f"2026-04-0{day + 1}"])
    monkeypatch.setattr(replay, "ROWS_AT_ONCE", rows_at_once)
    ingest(project)
    with project.reading() as store, one_by_one.reading() as other:
        assert {n: store.table(n) for n in store.tables()} == {n: other.table(n) for n in other.tables()}


def test_a_second_writer_waits_and_then_names_the_holder(project: Project) -> None:
    code = f"""
        from datetime import datetime
        from pathlib import Path
        from ruralpb.app.opening import open_project
        with open_project(Path({str(project.folder)!r})).lock("ruralpb run", 0, datetime(2026, 4, 7, 3)):
            print("held", flush=True)
            input()
    """
    project.inbox.mkdir()
    with subprocess.Popen([sys.executable, "-c", dedent(code)], stdin=-1, stdout=-1, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(CannotRun) as stopped:
            ingest(project, IngestRequest(wait=0.1))
        other.communicate("\n")
    problem = stopped.value.problems[0]
    assert (stopped.value.exit_code, problem.slug) == (3, "project-locked")
    assert problem.found == f"ruralpb run (pid {other.pid}, 2026-04-07T03:00:00)"
    with project.lock("ruralpb ingest", 0, datetime(2026, 4, 7)):
        pass
    assert not (project.private / "lock.holder").exists()


# ------------------------------------------------------------------------------------------------ the project


def test_the_nearest_project_upwards_is_the_one_meant_unless_one_is_named(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = project.folder / "returns" / "2026-04-07"
    deep.mkdir(parents=True)
    monkeypatch.delenv("RURALPB_PROJECT", raising=False)
    monkeypatch.chdir(deep)
    assert opening.find() == project.folder
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RURALPB_PROJECT", str(project.folder))
    assert opening.find() == project.folder
    with pytest.raises(CannotRun) as stopped:
        opening.find(deep)
    assert stopped.value.exit_code == 2


def test_definitions_with_errors_stop_every_command(project: Project) -> None:
    (project.folder / "lib/forms/clinic.yaml").write_text("form: clinic\ntitel: x\n", "utf-8")
    with pytest.raises(CannotRun) as stopped:
        open_project(project.folder)
    assert stopped.value.exit_code == 2


@pytest.mark.skipif(os.name == "nt", reason="permissions of this kind are POSIX")
def test_personal_keys_leave_under_a_project_key_that_only_its_owner_can_read(
    project: Project, tmp_path: Path
) -> None:
    other = make_project(tmp_path / "other")
    assert project.key.hmac("R38", "甲") == replace(project).key.hmac("R38", "甲")
    assert project.key.hmac("R38", "甲") != other.key.hmac("R38", "甲")
    assert project.key.hmac("ab", "c") != project.key.hmac("a", "bc")
    assert (project.private / "key").stat().st_mode & 0o777 == 0o600


def kept_definitions(project: Project) -> int:
    """How many times definitions stand among the results."""
    if not project.results.path.exists():
        return 0
    with closing(sqlite3.connect(project.results.path)) as connection:
        return int(connection.execute("SELECT count(*) FROM definitions").fetchone()[0])


def test_definitions_are_kept_for_these_files_and_this_program_only(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Counted(monkeypatch, definition_files, "load")
    assert kept_definitions(project) == 0
    drop(project, "2026-04-07/1.txt", "clinic 东镇 2026Q1\n甲村 1")
    ingest(project)
    assert kept_definitions(project) == 1
    assert open_project(project.folder).definitions == project.definitions
    assert read.times == 0
    form = project.folder / "lib/forms/clinic.yaml"
    form.write_text(form.read_text("utf-8").replace("诊疗人次", "门诊人次"), "utf-8")
    changed = [open_project(project.folder) for _ in range(2)]
    assert [p.definitions.library.forms["clinic"].by_id["visits"].title for p in changed] == ["门诊人次"] * 2
    assert read.times == 1
    monkeypatch.setattr("ruralpb.__version__", "0.0.0")
    stamps._program.cache_clear()
    open_project(project.folder)
    stamps._program.cache_clear()
    assert read.times == 2


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "foreign"])
def test_definitions_kept_in_a_damaged_file_are_read_anew(
    project: Project, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.private.mkdir()
    definitions = open_project(project.folder).definitions
    read = Counted(monkeypatch, definition_files, "load")
    file = project.results.path
    content = file.read_bytes()
    at = content.index("诊疗人次".encode())
    damaged = {
        "cut": content[:-4096],
        "flipped": content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :],
        "empty": b"",
        "foreign": b"no database of ours" * 1000,
    }
    file.write_bytes(damaged[damage])
    assert open_project(project.folder).definitions == definitions
    assert open_project(project.folder).definitions == definitions
    assert read.times == 1


def test_definitions_with_warnings_or_errors_are_not_kept(project: Project) -> None:
    project.private.mkdir()
    (project.folder / "lib/forms/clinic.yaml").write_text("form: clinic\ntitel: x\n", "utf-8")
    with pytest.raises(CannotRun):
        open_project(project.folder)
    assert kept_definitions(project) == 0
