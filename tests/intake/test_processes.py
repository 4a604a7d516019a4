"""The guard: what is never parsed, what a reading process may use, what it may answer; a healthy file beside a hostile one is read."""

from __future__ import annotations

import faulthandler
import os
import pickle
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from intake_toy import DEFINITIONS, Q1

from ruralpb.intake import one_file
from ruralpb.intake.processes import limits, pool
from ruralpb.intake.receive import collect
from ruralpb.model import Block, IntakeOptions, Reading, Row

WAS_HERE = Path(tempfile.gettempdir()) / "ruralpb-was-here"
"""What a harmful answer would leave behind."""

posix = pytest.mark.skipif(
    sys.platform != "linux", reason="limits and special files of this kind are Linux's"
)

# ------------------------------------------------------------------------------------------------ the gate


def gate(folder: Path) -> dict[str, str]:
    """Path below the folder → the problem that keeps the file out, "" when it is let through."""
    found = collect([folder], folder.parent, date(2026, 4, 20))
    return {
        each.path.removeprefix(f"{folder.name}/"): each.problem.slug if each.problem else "" for each in found
    }


@posix
def test_what_is_no_regular_file_is_never_opened(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.csv").write_text("x", "utf-8")
    os.mkfifo(folder / "b.xlsx")  # opening it would wait for ever
    os.symlink("/dev/zero", folder / "c.xlsx")
    os.symlink("nowhere", folder / "d.xlsx")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(folder / "e.xlsx"))
        assert gate(folder) == {
            "a.csv": "",
            "b.xlsx": "file-not-regular",
            "c.xlsx": "file-not-regular",
            "d.xlsx": "file-not-regular",
            "e.xlsx": "file-not-regular",
        }


@posix
def test_a_file_nobody_may_read_and_one_beyond_the_size(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    with (folder / "a.xlsx").open("wb") as sparse:
        sparse.truncate(100 * 2**20 + 1)
    (folder / "b.xlsx").write_bytes(b"x")
    (folder / "b.xlsx").chmod(0)
    expected = {"a.xlsx": "file-too-large", "b.xlsx": "file-no-access"}
    if os.geteuid() == 0:
        expected["b.xlsx"] = ""  # root may read everything
    assert gate(folder) == expected


def test_what_kind_a_file_is_keeps_none_out(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, content in {
        "a.pdf": b"%PDF-1.7",
        "b.xlsx": b"Rar!\x1a\x07\x00",
        "c.rar": b"Rar!\x1a\x07\x00",
        "d.jpg": b"\xff\xd8\xff\xe0",
        "e.txt": "村名".encode(),
        "~$f.xlsx": b"x",
        ".~lock.g.xlsx#": b"x",
    }.items():
        (folder / name).write_bytes(content)
    assert gate(folder) == {
        "a.pdf": "",
        "b.xlsx": "",
        "c.rar": "",
        "d.jpg": "",
        "e.txt": "",
    }


# ------------------------------------------------------------------------------------------------ processes that may die


def answers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, hostile: Callable[[], object], seconds: float = 20.0
) -> list[str]:
    """Read three files, the second of which makes the reader do `hostile`: the problem of each, "" for a healthy one."""

    def read(content: bytes, *_: object) -> object:
        faulthandler.disable()  # pytest's, which would tell of each death
        return hostile() if content == b"hostile" else Reading()

    monkeypatch.setattr(one_file, "read", read)
    jobs = []
    for number, content in enumerate((b"1", b"hostile", b"3")):
        file = tmp_path / f"{number}.xlsx"
        file.write_bytes(content)
        jobs.append(pool.ReadingJob(file, file.name, file.name, "d", IntakeOptions()))
    read_ = list(pool.read_all(jobs, {"d": DEFINITIONS}, 1, seconds))
    assert all(
        p.where.file == "1.xlsx" and p.refused == "file" for reading in read_ for p in reading.problems
    )
    return [reading.problems[0].slug if reading.problems else "" for reading in read_]


def too_much_memory() -> object:
    return len(bytearray(3 * 2**30))


def memory_by_and_by() -> object:
    held = []
    while True:
        held.append(bytearray(50 * 2**20))


def endless() -> object:
    while True:
        pass


def asleep() -> object:
    time.sleep(1000)
    return None


def killed() -> object:
    os.kill(os.getpid(), signal.SIGSEGV)
    return None


def an_abort() -> object:
    os.write(2, b"memory allocation of 12345678 bytes failed")
    os.abort()


def a_large_file() -> object:
    with tempfile.TemporaryFile() as file:
        for _ in range(64):
            file.write(b"x" * 2**20)
            file.flush()
    return Reading()


class Sly:
    """Says when it is unpickled: run this."""

    def __reduce__(self) -> tuple[object, ...]:
        return os.system, (f"touch {WAS_HERE}",)


def an_answer_that_acts() -> object:
    return Sly()


def an_answer_of_another_form() -> object:
    return Reading((Block("nothing", "表", "1", Q1, (), {}, ()),))


@posix
@pytest.mark.parametrize(
    ("hostile", "slug"),
    [
        (too_much_memory, "reader-memory"),
        (memory_by_and_by, "reader-memory"),
        (an_abort, "reader-memory"),
        (killed, "reader-died"),
        (a_large_file, "reader-failed"),
        (an_answer_that_acts, "reader-failed"),
        (an_answer_of_another_form, "reader-failed"),
        (lambda: "no reading", "reader-failed"),
        (lambda: sys.exit(0), "reader-failed"),
        (lambda: os._exit(0), "reader-died"),
    ],
)
def test_a_hostile_file_costs_itself_only(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, hostile: Callable[[], object], slug: str
) -> None:
    monkeypatch.setattr(limits, "MOST_MEMORY", 2**28)
    assert answers(monkeypatch, tmp_path, hostile) == ["", slug, ""]
    assert not WAS_HERE.exists()


@posix
def test_wall_clock_and_processor_time_are_both_bounded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert answers(monkeypatch, tmp_path, asleep, seconds=0.5) == ["", "reader-timeout", ""]
    monkeypatch.setattr(limits, "PROCESSOR_SECONDS", 1)
    assert answers(monkeypatch, tmp_path, endless) == ["", "reader-timeout", ""]


@posix
def test_processor_time_is_given_anew_for_each_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def work(*_: object) -> Reading:
        begun = time.process_time()
        while time.process_time() - begun < 0.5:
            pass
        return Reading()

    monkeypatch.setattr(limits, "PROCESSOR_SECONDS", 1)
    monkeypatch.setattr(one_file, "read", work)
    file = tmp_path / "a.xlsx"
    file.write_bytes(b"x")
    job = pool.ReadingJob(file, file.name, file.name, "d", IntakeOptions())
    assert list(pool.read_all([job] * 4, {"d": DEFINITIONS}, 1)) == [Reading()] * 4


def test_an_answer_comes_back_as_it_was_sent() -> None:
    reading = Reading(
        (Block("clinic", "表", "1", Q1, ("village",), {"village": 0}, (Row(1, "1", "1", "1", ("甲",)),)),)
    )
    assert limits.unpacked(limits.packed(reading), {"clinic"}) == reading


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"x",
        pickle.dumps(print),
        pickle.dumps(Path("x")),
        pickle.dumps(Sly()),
        pickle.dumps(1),
    ],
)
def test_an_answer_that_is_no_reading_is_refused(answer: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        limits.unpacked(answer, {"clinic"})
    assert not WAS_HERE.exists()


@pytest.mark.parametrize("name", ["Block.__class__", "Any", "replace"])
def test_no_way_leads_from_our_classes_to_others(name: str) -> None:
    """`type` by way of a class of ours would make new classes; what a module imports is not its own."""
    asked = b"".join(
        (
            b"\x80\x04",
            *(b"\x8c" + bytes([len(t)]) + t.encode() for t in ("ruralpb.model.reading", name)),
            b"\x93.",
        )
    )
    with pytest.raises(pickle.UnpicklingError, match="reading"):
        limits.values(asked)
