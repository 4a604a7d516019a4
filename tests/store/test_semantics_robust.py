"""S9 and S10 through the whole program: ids that stay, persons, rebuild, runs that are killed, files that mean harm."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from command_line import ruralpb
from semantics_world import (
    NOW,
    QINGSHAN,
    check,
    drop,
    farm,
    id_number,
    make_project,
    outcomes,
    quarter,
    roster,
    rows,
    states,
    statuses,
    table,
    take,
    visit,
)

from ruralpb.app import export
from ruralpb.app.opening import open_project
from ruralpb.app.project import Project
from ruralpb.app.rebuild import rebuild

Q1 = "2026年第一季度"


def exports(project: Project) -> dict[tuple[str, str, str], bytes]:
    """Every table in both formats."""
    asked = [("facts", form) for form in ("farm", "visit", "roster")]
    asked += [(what, "") for what in export.WHAT if what != "facts"]
    return {
        (what, form, kind): export.export(
            project, export.ExportRequest(what, form, quarter("2026Q1"), format=kind), NOW
        ).content
        for what, form in asked
        for kind in ("csv", "parquet")
    }


def fill(project: Project) -> None:
    """Three batches: errors, a refusal, a merged village, a correction, persons with and without ID, a broken file."""
    drop(project, "2026-04-01/青山.xlsx", farm("青山镇", Q1, "新建村 1O 12\n大湾村 7 9"))
    drop(project, "2026-04-01/白水.xlsx", farm("白水镇", Q1, "白水村 5 1"))
    drop(project, "2026-04-01/坏.xlsx", b"PK\x03\x04 no more")
    drop(project, "2026-04-02/青山.xlsx", farm("青山镇", Q1, "新建村 10 12\n柳树村 7 1", "元"))
    drop(project, "2026-04-02/走访.xlsx", visit("青山镇", Q1, f"新建村 V1 张三 {id_number(1)} 2"))
    drop(project, "2026-04-03/名册.xlsx", roster("青山镇", Q1, "新建村 张三 - 3000\n柳树村 李四 - 2000"))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = make_project(tmp_path_factory.mktemp("filled") / "project")
    fill(project)
    take(project)
    check(project)  # makes the key
    return project.folder


@pytest.fixture
def project(filled: Path, tmp_path: Path) -> Project:
    return open_project(shutil.copytree(filled, tmp_path / "project"))


# ------------------------------------------------------------------------------------------------ S9


def test_a_findings_id_stays_until_the_mistake_is_corrected(project: Project) -> None:
    def ids() -> set[str]:
        return {f.id for f in check(project).failed() if f.check == "G01"}

    before = ids()
    assert len(before) == 1
    assert ids() == before
    # Another village's amount changes: a new version, the same finding.
    drop(project, "2026-04-05/一.xlsx", farm("青山镇", Q1, "新建村 10 12\n柳树村 8 1", "元"))
    take(project)
    assert ids() == before
    drop(project, "2026-04-06/二.xlsx", farm("青山镇", Q1, "新建村 13 12\n柳树村 8 1", "元"))
    take(project)
    assert ids() == set()


@pytest.mark.parametrize(
    ("visits", "expected"),
    [
        (f"新建村 V1 张三 {id_number(1)} 2", {}),
        ("新建村 V1 张三 - 2", {}),
        (f"柳树村 V1 张三 {id_number(1)} 2", {"990101102201": "fail"}),
        (f"新建村 V1 张三 {id_number(1)} 2\n新建村 V2 张三 {id_number(2)} 2", {"990101102201": "unknown"}),
    ],
    ids=["one candidate by name", "neither has an ID", "only in another village", "two of one name"],
)
def test_persons_without_id_are_matched_by_name_in_their_village_or_not_at_all(
    tmp_path: Path, visits: str, expected: dict[str, str]
) -> None:
    project = make_project(tmp_path / "p")
    drop(project, "2026-04-02/走访.xlsx", visit("青山镇", Q1, visits))
    drop(project, "2026-04-03/名册.xlsx", roster("青山镇", Q1, "新建村 张三 - 3000"))
    take(project)
    assert outcomes(project, "G05") == expected


# ------------------------------------------------------------------------------------------------ S10


def test_after_a_rebuild_every_export_is_the_same_to_the_byte(project: Project) -> None:
    before = exports(project)
    assert all(before.values())
    project.store_path.unlink()
    rebuild(project, 0.0, lambda _: None)
    after = exports(project)
    assert {key for key in before if before[key] != after[key]} == set()


@pytest.mark.parametrize("seconds", [0.35, 0.6, 0.9])
def test_a_run_that_is_killed_is_finished_by_the_next(filled: Path, tmp_path: Path, seconds: float) -> None:
    project = make_project(tmp_path / "p")
    fill(project)
    command = [sys.executable, "-m", "ruralpb", "-C", str(project.folder), "ingest", str(project.inbox), "-q"]
    with subprocess.Popen(command, stdout=-3, stderr=-3) as run:
        time.sleep(seconds)
        run.kill()
    take(project)
    undisturbed = open_project(filled)
    # The project's key makes finding ids differ; all else is the same.
    assert states(project) == states(undisturbed)
    for form in ("farm", "visit", "roster"):
        assert table(project, "facts", form=form) == table(undisturbed, "facts", form=form)
    assert table(project, "indicators") == table(undisturbed, "indicators")
    for receipt in project.journal.receipts():
        assert len(project.archive.get(receipt.sha256)) == receipt.size


def test_two_runs_at_once_take_each_file_once(filled: Path, tmp_path: Path) -> None:
    project = make_project(tmp_path / "p")
    fill(project)
    command = [sys.executable, "-m", "ruralpb", "-C", str(project.folder), "ingest", str(project.inbox), "-q"]
    runs = [subprocess.Popen(command, stdout=-3, stderr=-3) for _ in range(2)]
    codes = sorted(run.wait(60) for run in runs)
    assert set(codes) <= {0, 1}
    assert len(project.journal.receipts()) == 6
    assert states(project) == states(open_project(filled))


def test_a_journal_that_was_changed_by_hand_stops_every_command_but_rebuild(project: Project) -> None:
    path = project.journal.path
    path.write_bytes(path.read_bytes().replace("白水.xlsx".encode(), "黑水.xlsx".encode()))
    for words in (
        ["validate", "--quarter", "2026Q1"],
        ["status", "--quarter", "2026Q1"],
        ["ingest", project.inbox],
    ):
        said = ruralpb(*words, project=project.folder)
        assert (said.code, "Traceback" in said.err) == (3, False), words
    made = ruralpb("rebuild", project=project.folder)
    assert (made.code, "黑水" in path.read_text("utf-8")) == (1, False)
    assert ruralpb("status", "--quarter", "2026Q1", project=project.folder).code in (0, 1)


# ------------------------------------------------------------------------------------------------ hostile files


def _bomb() -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(520):
            part.write(bytes(2**20))
    return stream.getvalue()


HOSTILE = {
    "空.xlsx": b"",
    "乱.xls": bytes(range(256)) * 40,
    "网页.xls": b"<html><table><tr><td>1</td></tr></table></html>",
    "假.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000),
    "残.xlsx": farm("石桥镇", Q1, "石桥村 5")[:-200],
}


def test_hostile_files_are_refused_by_name_and_the_healthy_ones_beside_them_taken(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p")
    hostile = HOSTILE | {"炸弹.xlsx": _bomb()}
    drop(project, "2026-04-01/一.xlsx", farm("青山镇", Q1, "新建村 1 1\n柳树村 1 1"))
    for name, content in hostile.items():
        drop(project, f"2026-04-01/{name}", content)
    drop(project, "2026-04-01/终.xlsx", farm("白水镇", Q1, "白水村 1 1"))
    result = statuses(take(project))
    assert result == dict.fromkeys(hostile, "refused") | {"一.xlsx": "taken", "终.xlsx": "taken"}
    names = {f"returns/2026-04-01/{name}" for name in hostile}
    lines = [r for r in table(project, "submissions") if r["status"] == "refused"]
    assert {r["file"] for r in lines} == names
    assert {r["rows"] for r in lines} == {0}
    assert {f["file"] for f in table(project, "findings") if f["outcome"] == "refused"} == names
    assert rows(project, "select count(*) from farm") == [(3,)]
    assert QINGSHAN in {reporter for (reporter,) in rows(project, "select reporter_code from returns")}
