"""Originals and journal: what is put in comes out unchanged, and whatever breaks is noticed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruralpb.core.problems import CannotRun
from ruralpb.model import Receipt
from ruralpb.store.archive import Archive, Journal, pack, unpack
from ruralpb.store.archive import journal as journaling
from ruralpb.store.archive.recovery import mend_witnesses, recover
from ruralpb.store.archive.witnesses import Witnesses

NOW = datetime(2026, 4, 7, 9, 30)


def receipt(name: str = "东镇.xlsx") -> Receipt:
    return Receipt("0", "ab" * 32, name, f"returns/{name}", date(2026, 4, 7), "", "cd" * 32, 5, mode="part")


def opened(path: Path) -> Journal:
    """The journal as another command finds it."""
    return Journal(path, Witnesses(path.parent / "archive" / "witnesses"))


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return opened(tmp_path / "project" / "journal.jsonl")


def test_an_original_comes_back_byte_for_byte_from_a_path_named_by_its_hash(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    sha256 = archive.put(b"PK\x03\x04")
    assert archive.get(sha256) == b"PK\x03\x04"
    assert archive.path(sha256) == tmp_path / sha256[:2] / sha256


def test_the_same_content_twice_is_one_file_and_nothing_temporary_stays(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    assert archive.put(b"x") == archive.put(b"x")
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_many_originals_are_archived_at_once_each_whole_and_once(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    contents = [bytes([n]) * 1000 * n for n in range(60)]
    kept = archive.put(contents[3])
    archive.put_all(iter([*contents, *contents]))
    assert sorted(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()) == sorted(contents)
    assert archive.get(kept) == contents[3]


def test_one_original_that_cannot_be_written_is_told_and_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: str, target: Path) -> None:
        if target == archive.path(lost):
            raise OSError(28, "disk full")
        os.rename(source, target)

    archive = Archive(tmp_path)
    lost = hashlib.sha256(b"7").hexdigest()
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="disk full"):
        archive.put_all(str(n).encode() for n in range(20))
    assert not archive.has(lost)
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or hashlib.sha256(path.read_bytes()).hexdigest() == path.name


def test_a_missing_or_changed_original_is_an_environment_error(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    with pytest.raises(CannotRun) as missing:
        archive.get("00" * 32)
    sha256 = archive.put(b"12")
    archive.path(sha256).write_bytes(b"13")
    with pytest.raises(CannotRun) as changed:
        archive.get(sha256)
    assert [(e.value.exit_code, e.value.problems[0].slug) for e in (missing, changed)] == [
        (3, "archive-missing"),
        (3, "archive-damaged"),
    ]


@given(st.dictionaries(st.text(st.characters(categories=["L", "N"]), min_size=1), st.binary()))
def test_a_bundle_gives_its_files_back_and_is_the_same_for_the_same_files(files: dict[str, bytes]) -> None:
    assert unpack(pack(files)) == files
    assert pack(files) == pack(dict(reversed(files.items())))


def test_receipts_get_their_line_numbers_and_their_batch_the_first_of_them(journal: Journal) -> None:
    journal.append_receipts([[receipt("a"), receipt("b")], [receipt("c")]], NOW)
    again = opened(journal.path).receipts()
    assert [(r.id, r.batch, r.name) for r in again] == [("1", "b1", "a"), ("2", "b1", "b"), ("3", "b3", "c")]
    assert again[0].received == date(2026, 4, 7)
    assert again[0].mode == "part"


def test_decisions_stand_between_receipts_in_the_order_they_were_made(journal: Journal) -> None:
    journal.append_receipts([[receipt()]], NOW)
    made = journal.decide("withdraw", "张三", "重复", {"submission": "x-v1"}, NOW)
    journal.append_receipts([[receipt()]], NOW)
    assert made.id == "2"
    assert opened(journal.path).decisions() == (made,)
    assert [r.id for r in journal.receipts()] == ["1", "3"]


def test_a_line_that_a_crash_left_unfinished_is_set_aside_and_told(journal: Journal) -> None:
    journal.append_receipts([[receipt("a")]], NOW)
    with journal.path.open("ab") as file:
        file.write(b'{"v":1,"seq":2,"ki')
    torn = opened(journal.path)
    problem = torn.torn()
    assert problem is not None
    assert problem.found == "18"
    assert [r.name for r in torn.receipts()] == ["a"]
    torn.append_receipts([[receipt("b")]], NOW)
    assert [r.name for r in opened(journal.path).receipts()] == ["a", "b"]
    assert opened(journal.path).torn() is None
    aside = list(journal.path.parent.glob("journal.jsonl.torn-*"))
    assert [path.read_bytes() for path in aside] == [b'{"v":1,"seq":2,"ki']


def test_a_batch_of_which_lines_are_missing_counts_as_not_received(journal: Journal) -> None:
    journal.append_receipts([[receipt("a")], [receipt("b"), receipt("c")]], NOW)
    whole = journal.path.read_bytes()
    shutil.rmtree(journal.witnesses.folder)  # they are written after the journal
    journal.path.write_bytes(b"".join(whole.splitlines(keepends=True)[:2]))
    assert [r.name for r in opened(journal.path).receipts()] == ["a"]


@pytest.mark.parametrize("change", ["edit", "drop", "swap", "garbage"])
def test_a_journal_that_was_tampered_with_is_not_read(journal: Journal, change: str) -> None:
    journal.append_receipts([[receipt(name)] for name in "abc"], NOW)
    lines = journal.path.read_text("utf-8").splitlines(keepends=True)
    changed = {
        "edit": [lines[0], lines[1].replace('"name":"b"', '"name":"x"'), lines[2]],
        "drop": [lines[0], lines[2]],
        "swap": [lines[1], lines[0], lines[2]],
        "garbage": [lines[0], "not json\n", lines[2]],
    }[change]
    journal.path.write_text("".join(changed), "utf-8")
    with pytest.raises(CannotRun) as stopped:
        opened(journal.path).receipts()
    assert stopped.value.exit_code == 3
    assert stopped.value.problems[0].where.line == (1 if change == "swap" else 2)


def test_even_the_last_line_cannot_be_changed_unnoticed(journal: Journal) -> None:
    journal.append_receipts([[receipt("a")]], NOW)
    journal.path.write_text(journal.path.read_text("utf-8").replace('"size":5', '"size":6'), "utf-8")
    with pytest.raises(CannotRun):
        opened(journal.path).receipts()


def test_a_journal_of_another_version_says_so(journal: Journal) -> None:
    journal.append_receipts([[receipt()]], NOW)
    body = json.loads(journal.path.read_text("utf-8"))
    journal.path.write_text(json.dumps(body | {"v": 2}) + "\n", "utf-8")
    with pytest.raises(CannotRun) as stopped:
        opened(journal.path).receipts()
    assert stopped.value.problems[0].slug == "journal-version"


def test_a_write_that_fails_half_way_leaves_the_journal_as_it_was(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal.append_receipts([[receipt("a")]], NOW)
    before = journal.path.read_bytes()
    write = journaling.os.write

    def half(handle: int, content: bytes) -> int:
        write(handle, content[:20])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journaling.os, "write", half)
    with pytest.raises(OSError, match="No space"):
        journal.append_receipts([[receipt("b")]], NOW)
    assert journal.path.read_bytes() == before
    assert [r.name for r in journal.receipts()] == ["a"]


# ------------------------------------------------------------------------------------ witnesses and recovery


@pytest.fixture
def witnessed(journal: Journal) -> Journal:
    """Six lines in four appends: a batch of three, two decisions, a batch of one."""
    journal.append_receipts([[receipt(name) for name in "abc"]], NOW)
    journal.decide("withdraw", "张三", "重复", {"submission": "x-v1"}, NOW)
    journal.decide("explain", "李四", "属实", {"finding": "R1-1"}, NOW)
    journal.append_receipts([[receipt("d")]], NOW)
    return opened(journal.path)


def flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def appended_behind_a_gap(content: bytes) -> bytes:
    """Two lines left, and a third that an older version appended to them."""
    lines = content.splitlines(keepends=True)[:2]
    bodies = [json.loads(line) for line in lines]
    body = {
        "v": 1,
        "seq": 3,
        "kind": "unlock",
        "at": "",
        "data": {"by": "", "reason": "", "data": {}},
        "prev": bodies[-1]["hash"],
    }
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    whole = body | {"hash": hashlib.sha256(text.encode()).hexdigest()}
    dumped = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return b"".join(lines) + dumped.encode() + b"\n"


LOSSES = {
    "deleted": lambda _: None,
    "emptied": lambda _: b"",
    "last line lost": lambda content: b"".join(content.splitlines(keepends=True)[:-1]),
    "all but one lost": lambda content: content.splitlines(keepends=True)[0],
    "cut off in a line": lambda content: content[:-100],
    "flipped bit": flipped,
    "first line lost": lambda content: b"".join(content.splitlines(keepends=True)[1:]),
    "zeros": lambda content: bytes(len(content)),
    "garbage": lambda _: b"\x00\xff not json\n",
    "no journal": lambda _: b"{}\n",
    "appended behind a gap": appended_behind_a_gap,
}


@pytest.mark.parametrize("loss", LOSSES)
def test_whatever_happens_to_the_journal_is_noticed_and_undone(witnessed: Journal, loss: str) -> None:
    before = witnessed.path.read_bytes()
    content = LOSSES[loss](before)
    if content is None:
        witnessed.path.unlink()
    else:
        witnessed.path.write_bytes(content)
    for use in (
        lambda j: j.receipts(),
        lambda j: j.decisions(),
        lambda j: j.decide("unlock", "", "", {}, NOW),
    ):
        with pytest.raises(CannotRun) as stopped:
            use(opened(witnessed.path))
        assert stopped.value.exit_code == 3
    problem = recover(opened(witnessed.path))
    assert problem is not None
    assert problem.slug == "journal-recovered"
    assert witnessed.path.read_bytes() == before
    assert recover(opened(witnessed.path)) is None
    kept = list(witnessed.path.parent.glob("*.replaced-*"))
    assert [path.read_bytes() for path in kept] == ([content] if content else [])


def test_what_stands_in_neither_journal_nor_witness_cannot_be_made_again(witnessed: Journal) -> None:
    first = witnessed.witnesses.all()[0]
    first.path.unlink()
    witnessed.path.unlink()
    with pytest.raises(CannotRun) as stopped:
        recover(opened(witnessed.path))
    assert [p.slug for p in stopped.value.problems] == ["journal-cut", "journal-gone"]
    assert not witnessed.path.exists()


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("change", ["deleted", "emptied", "flipped"])
def test_a_witness_that_is_lost_or_damaged_is_made_again_from_the_journal(
    witnessed: Journal, number: int, change: str
) -> None:
    contents = {w.path: w.path.read_bytes() for w in witnessed.witnesses.all()}
    path = list(contents)[number]
    if change == "deleted":
        path.unlink()
    else:
        path.write_bytes(b"" if change == "emptied" else flipped(contents[path]))
    problems = mend_witnesses(opened(witnessed.path))
    assert [p.where.file for p in problems] == ([] if change == "deleted" else [str(path)])
    assert {w.path: w.path.read_bytes() for w in opened(witnessed.path).witnesses.all()} == contents


def test_a_journal_from_before_there_were_witnesses_gets_one_with_the_next_line(witnessed: Journal) -> None:
    shutil.rmtree(witnessed.witnesses.folder)
    old = opened(witnessed.path)
    said = old.unwitnessed()
    assert said is not None
    assert (said.severity, said.found) == ("note", "6")
    old.decide("unlock", "王五", "更正", {"period": "2026Q1"}, NOW)
    assert [(w.first, w.last) for w in old.witnesses.all()] == [(1, 7)]
    assert opened(witnessed.path).unwitnessed() is None


def test_a_witness_that_cannot_be_written_is_made_up_for_later(
    witnessed: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("ruralpb.store.archive.witnesses.write_whole", full)
        opened(witnessed.path).decide("unlock", "王五", "更正", {}, NOW)
    opened(witnessed.path).decide("unlock", "王五", "再更正", {}, NOW)
    assert [(w.first, w.last) for w in witnessed.witnesses.all()][-1] == (7, 8)
