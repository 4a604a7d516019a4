"""Zip archives of returns (D10): folders that travel as one file. Their members are files like any other, under their own names."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import containers
import pytest
from clinics import TODAY, ingest, make_project, statuses, text_reader
from containers import zipped

from ruralpb.app.ingest_request import IngestRequest
from ruralpb.app.project import Project
from ruralpb.app.rebuild import rebuild
from ruralpb.core.ooxml.limits import Unreadable
from ruralpb.core.periods import parse
from ruralpb.intake.readers import archives
from ruralpb.intake.receive import collect


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    with text_reader(monkeypatch):
        yield make_project(tmp_path / "project")


def stored(project: Project) -> list[object]:
    with project.session(parse("2026Q1", TODAY)) as session:
        return list(session.query("select village, visits from clinic"))


def put(project: Project, name: str, content: bytes) -> Path:
    file = project.inbox / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def renamed(content: bytes, **names: bytes) -> bytes:
    """The zip with these names, of the same length, in place of those it was made with."""
    for old, new in names.items():
        assert len(old) == len(new)
        content = content.replace(old.encode(), new)
    return content


def gate(tmp_path: Path, content: bytes, name: str = "a.zip") -> dict[str, str]:
    """Path of each member → the problem that keeps it out, "" when it is let through."""
    (tmp_path / name).write_bytes(content)
    found = collect([tmp_path / name], tmp_path.parent, TODAY)
    return {
        each.path.partition(name)[2].removeprefix("/"): each.problem.slug if each.problem else ""
        for each in found
    }


def test_the_returns_in_an_archive_are_taken_one_by_one_and_the_archive_is_noted(project: Project) -> None:
    put(
        project,
        "四月.zip",
        zipped({"东镇/1.txt": "clinic 东镇 2026Q1\n甲村 1", "2.txt": "clinic 西镇 2026Q1\n丁村 1"}),
    )
    result = ingest(project)
    assert statuses(result) == {"四月.zip": "unchanged", "1.txt": "taken", "2.txt": "taken"}
    assert [(f.path, [p.check for p in f.problems]) for f in result.files] == [
        ("returns/四月.zip", ["D10"]),
        ("returns/四月.zip/2.txt", []),
        ("returns/四月.zip/东镇/1.txt", []),
    ]
    assert [(r.name, r.path) for r in project.journal.receipts()] == [
        ("2.txt", "returns/四月.zip/2.txt"),
        ("1.txt", "returns/四月.zip/东镇/1.txt"),
    ]


def test_what_came_in_an_archive_is_known_wherever_it_comes_again_and_outlives_the_archive(
    project: Project,
) -> None:
    text = "clinic 东镇 2026Q1\n甲村 1"
    archive = put(project, "a.zip", zipped({"1.txt": text}))
    first = ingest(project)
    put(project, "b/1.txt", text.encode())
    again = ingest(project)
    assert {file.status for file in again.files} == {"unchanged"}
    archive.unlink()
    before = stored(project)
    rebuild(project, 1.0, lambda _: None)
    assert stored(project) == before == [("甲村", 1)]
    assert [file.rows for file in first.files] == [0, 1]


def test_dates_of_folders_count_inside_the_archive_too(project: Project) -> None:
    content = zipped(
        {"2026-04-07/1.txt": "clinic 东镇 2026Q1\n甲村 1", "2.txt": "clinic 西镇 2026Q1\n丁村 1"}
    )
    put(project, "2026-04-03/a.zip", content)
    received = {
        f.path.rpartition("/")[2]: f.received
        for f in ingest(project, IngestRequest(jobs=1, dry_run=True)).files
    }
    assert received == {"a.zip": date(2026, 4, 3), "1.txt": date(2026, 4, 7), "2.txt": date(2026, 4, 3)}


def test_names_are_utf_8_where_they_can_be_and_else_gbk(tmp_path: Path) -> None:
    content = renamed(
        zipped({"AAAA.txt": "x", "BBBBBB.txt": "y", "表.txt": "z"}),
        AAAA="东镇".encode("gbk"),
        BBBBBB="东镇".encode(),
    )
    # UTF-8 without the mark, as other programs write it, and GBK: the same name twice, two files.
    archive = tmp_path / "a.zip"
    archive.write_bytes(content)
    assert [found.path for found in archives.members(archive)] == ["东镇.txt", "东镇.txt", "表.txt"]
    with zipfile.ZipFile(archive) as stock:
        assert stock.namelist()[0] != "东镇.txt"


def test_one_archive_in_another_is_opened_and_no_third(tmp_path: Path) -> None:
    innermost = zipped({"c.csv": "1"})
    inner = zipped({"b.csv": "1", "2.zip": innermost})
    assert gate(tmp_path, zipped({"a.csv": "1", "1.zip": inner})) == {
        "": "archive-opened",
        "a.csv": "",
        "1.zip/b.csv": "",
        "1.zip/2.zip": "archive-nested",
    }
    found = {each.path: each.file for each in collect([tmp_path / "a.zip"], tmp_path.parent, TODAY)}
    (path,) = (path for path in found if path.endswith("1.zip/b.csv"))
    assert found[path].read_bytes() == b"1"


def test_what_systems_leave_in_archives_is_skipped(tmp_path: Path) -> None:
    names = ("__MACOSX/._a.xlsx", "~$a.xlsx", ".DS_Store", "x/Thumbs.db", ".~lock.a.ods#", "x/", "a.csv")
    assert gate(tmp_path, zipped(dict.fromkeys(names, "1"))) == {"": "archive-opened", "a.csv": ""}


def test_a_workbook_is_a_zip_but_no_archive_whatever_it_is_called(tmp_path: Path) -> None:
    for number, make in enumerate((containers.xlsx, containers.xlsb, containers.ods)):
        assert gate(tmp_path, make(), f"{number}.zip") == {"": ""}
    assert gate(tmp_path, zipped({"1.csv": "x"}), "a.xls") == {"": "archive-opened", "1.csv": ""}


def test_workbooks_and_pictures_in_an_archive(tmp_path: Path) -> None:
    parts = {
        "1.xls": containers.xlsx(),
        "2.xlsx": containers.xlsx(),
        "3.jpg": b"\xff\xd8\xff\xe0",
        "4.rar": b"Rar!\x1a\x07\0",
    }
    assert gate(tmp_path, zipped(parts)) == {  # type: ignore[arg-type]
        "": "archive-opened",
        "1.xls": "",
        "2.xlsx": "",
        "3.jpg": "",
        "4.rar": "",
    }


@pytest.mark.parametrize(
    ("content", "slugs"),
    [
        (zipped({"../../evil.csv": "1"}), {"": "file-hostile"}),
        (zipped({"a.csv": "1"})[:-30], {"": "file-damaged"}),
        (zipped({".DS_Store": "1"}), {"": "archive-empty"}),
        (zipped({f"{n}.csv": "" for n in range(10_001)}), {"": "workbook-too-large"}),
    ],
    ids=["climbs", "cut off", "nothing", "many"],
)
def test_an_archive_that_cannot_be_opened_has_one_problem(
    tmp_path: Path, content: bytes, slugs: dict[str, str]
) -> None:
    assert gate(tmp_path, content) == slugs


def test_links_and_encrypted_members(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("a.csv")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert gate(tmp_path, (tmp_path / "b.zip").read_bytes()) == {"": "file-hostile"}
    locked = bytearray(zipped({"a.csv": "1"}))
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    assert gate(tmp_path, bytes(locked)) == {"": "archive-empty", "a.csv": "archive-password"}


def test_a_bomb_is_refused_by_what_it_claims_and_by_what_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_BYTES", 2**20)
    monkeypatch.setattr(archives, "MAX_INFLATED", 5 * 2**20)
    size = 2**20 + 9
    huge = zipped({"a.csv": b"0" * size})
    assert gate(tmp_path, huge) == {"": "archive-empty", "a.csv": "workbook-too-large"}
    lying = huge.replace(size.to_bytes(4, "little"), (9).to_bytes(4, "little"))
    assert gate(tmp_path, lying) == {"": "archive-opened", "a.csv": ""}
    (liar,) = (each for each in collect([tmp_path / "a.zip"], tmp_path, TODAY) if each.path.endswith("a.csv"))
    with pytest.raises(Unreadable):
        liar.file.read_bytes()


def test_many_small_bombs_are_one_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_INFLATED", 2500)
    content = zipped({f"{n}.csv": b"0" * 1000 for n in range(4)})
    assert gate(tmp_path, content) == {
        "": "archive-opened",
        "0.csv": "",
        "1.csv": "",
        "2.csv": "workbook-too-large",
        "3.csv": "workbook-too-large",
    }


def test_a_damaged_member_costs_itself(project: Project) -> None:
    content = bytearray(
        zipped({"1.txt": "clinic 东镇 2026Q1\n甲村 1", "2.txt": "clinic 西镇 2026Q1\n丁村 1"})
    )
    content[40] ^= 0xFF
    put(project, "a.zip", bytes(content))
    assert statuses(ingest(project)) == {"a.zip": "unchanged", "1.txt": "refused", "2.txt": "taken"}
