"""Results are given back for exactly the stamp they were kept under, whole or not at all."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ruralpb.core.problems import Location, Problem
from ruralpb.model import Address, Comparison, Entry, Finding, Value
from ruralpb.store.results import MOST_QUESTIONS, ResultKey, Results

KEY = ResultKey("findings", "2026Q1-990101", "one")
VALUES = ResultKey("values", "2026Q1-990101", "one", "all")
FINDING = Finding(
    id="R1-0a", check="R1", severity="query", outcome="fail", form="farm", period="2026Q1", reporter_code="990101101",
    unit_code="990101101201", township_code="990101101", field="area", found="1", expected="2", message="“面积”\n不对",
    cells=(Address("a.xlsx", "表1", "B7", "v1"), Address("a.xlsx", "表1", "B8")), or_else=(Address("b", "c", "D9"),),
)  # fmt: skip
PROBLEM = Problem("standard-ended", Location("lib/a.yaml", line=7), found="x", data={"title": "标准"})
ENTRY = Entry(
    watch="w", reporter_code="r", unit_code="u", township_code="t", subject="甲", state="watched", since="2025Q4",
    opened=date(2025, 10, 1), due=None, cleared=None, evidence="", relapses=0, faults=(),
    shown={"amount": Decimal("1.50"), "day": date(2026, 1, 2), "n": 3, "note": None, "yes": True},
    history=(("2025Q4", "watched"),), cell=("s", 1, 2),
)  # fmt: skip


def value(level: str, number: str | None = "1.50") -> Value:
    exact = None if number is None else Decimal(number)
    change = Comparison("2025Q4", exact, Decimal("0.1"), None, 3, False, reason="units")
    return Value(
        indicator="rate", unit_code="u", unit="甲", level=level, period="2026Q1", numerator=exact, denominator=Decimal(3),
        value=exact, printed="—" if exact is None else "1.5", covered=1, expected=2, unknown_rows=0, slice=(("kind", "a"),),
        previous=change, last_year=None if exact is None else change, missing=("x", "y"),
    )  # type: ignore[arg-type]  # fmt: skip


@pytest.fixture
def results(tmp_path: Path) -> Results:
    return Results(tmp_path / "p" / "results.sqlite")


def test_findings_values_and_entries_come_back_as_they_were(results: Results) -> None:
    assert results.get(KEY) is None
    results.put(KEY, [FINDING, replace(FINDING, id="R1-0b", cells=())], [PROBLEM])
    results.put(VALUES, [value("county"), value("township", None)], [], ("county", "township"))
    results.put(replace(KEY, kind="entries"), [ENTRY], [])
    assert results.get(KEY) == ([FINDING, replace(FINDING, id="R1-0b", cells=())], [PROBLEM])
    assert results.get(VALUES, ("county", "township")) == ([value("county"), value("township", None)], [])
    assert results.get(replace(KEY, kind="entries")) == ([ENTRY], [])


def test_nothing_at_all_is_a_result_too(results: Results) -> None:
    results.put(KEY, [], [])
    assert results.get(KEY) == ([], [])


def test_values_of_some_levels_are_among_those_of_more(results: Results) -> None:
    results.put(VALUES, [value("county"), value("township")], [PROBLEM], ("county", "township"))
    assert results.get(VALUES, ("township",)) == ([value("township")], [PROBLEM])
    assert results.get(VALUES, ("township", "village")) is None


def test_another_stamp_question_or_scope_is_another_result(results: Results) -> None:
    results.put(KEY, [FINDING], [])
    for other in (
        replace(KEY, stamp="two"),
        replace(KEY, question="reported"),
        replace(KEY, scope="2026Q2-990101"),
    ):
        assert results.get(other) is None


def test_a_new_stamp_takes_the_place_of_the_old_one(results: Results) -> None:
    results.put(KEY, [FINDING], [])
    results.put(replace(KEY, scope="2025Q4-990101"), [FINDING], [])
    results.put(replace(KEY, stamp="two"), [], [PROBLEM])
    assert results.get(KEY) is None
    assert results.get(replace(KEY, stamp="two")) == ([], [PROBLEM])
    assert results.get(replace(KEY, scope="2025Q4-990101")) == ([FINDING], [])
    assert rows(results, "findings") == 1


def test_the_latest_questions_of_a_scope_are_kept(results: Results) -> None:
    asked = [replace(VALUES, question=str(n)) for n in range(MOST_QUESTIONS + 2)]
    for key in asked:
        results.put(key, [value("county")], [], ("county",))
    assert [results.get(key) is not None for key in asked] == [False] * 2 + [True] * MOST_QUESTIONS
    assert rows(results, "values") == MOST_QUESTIONS


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "foreign", "schema"])
def test_a_damaged_file_gives_nothing_and_is_replaced(results: Results, damage: str) -> None:
    results.put(KEY, [FINDING] * 500, [])
    content = results.path.read_bytes()
    at = content.index("“面积”".encode())
    if damage == "schema":
        with closing(sqlite3.connect(results.path)) as connection:
            connection.execute("PRAGMA user_version = 99")
    else:
        damaged = {
            "cut": content[: len(content) // 2],
            "flipped": content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :],
            "empty": b"",
            "foreign": b"no database" * 999,
        }
        results.path.write_bytes(damaged[damage])
    assert results.get(KEY) is None
    results.put(KEY, [FINDING], [])
    assert results.get(KEY) == ([FINDING], [])


def test_a_file_of_other_columns_is_replaced(results: Results) -> None:
    """Records gain fields as the program grows; the file of an earlier version has no column for them."""
    results.put(KEY, [FINDING], [])
    with closing(sqlite3.connect(results.path)) as connection, connection:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        connection.execute("ALTER TABLE findings DROP COLUMN message")
        connection.execute(f"PRAGMA user_version = {version ^ 1}")
    assert results.get(KEY) is None
    results.put(KEY, [FINDING], [])
    assert results.get(KEY) == ([FINDING], [])


def test_a_folder_that_cannot_be_written_costs_nothing_else(results: Results) -> None:
    results.path.parent.write_text("a file where the folder should be")
    results.put(KEY, [FINDING], [])
    assert results.get(KEY) is None


def test_a_record_that_cannot_be_written_is_told(results: Results) -> None:
    """What the program does wrong is no damage of the file: passed over, nothing would ever be kept."""
    with pytest.raises(TypeError, match="object has no exact JSON"):
        results.put(KEY, [replace(FINDING, cells=(object(),))], [])  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="object has no exact JSON"):
        results.put_definitions("stamp", object())
    with pytest.raises(ValueError, match="unmarshallable"):
        results.put(KEY, [replace(FINDING, message=object())], [])  # type: ignore[arg-type]


def test_a_record_that_cannot_be_read_again_is_told(
    results: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    results.put(KEY, [FINDING], [])
    monkeypatch.setattr("ruralpb.model.exact_json._class", lambda name: None)
    with pytest.raises(ValueError, match="Address"):
        results.get(KEY)


@pytest.mark.skipif(os.name == "nt", reason="permissions of this kind are POSIX")
def test_only_its_owner_can_read_it(results: Results) -> None:
    results.put(KEY, [FINDING], [])
    assert results.path.stat().st_mode & 0o777 == 0o600


def rows(results: Results, table: str) -> int:
    with closing(sqlite3.connect(results.path)) as connection:
        return int(connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])
