"""The account of a sheet: each non-empty cell has one role, and a number that has none is asked about."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from intake_toy import DEFINITIONS
from workbooks import workbook

from ruralpb.intake import one_file, readers
from ruralpb.intake.reading_basis import ReadingBasis
from ruralpb.model import IntakeOptions, Reading

TITLE = "东镇2026年第一季度诊所情况表\n填报单位：东镇"
HEAD = "| 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 |"
ROWS = ["| 甲村 | 3 | 1 | 2 | 5.5 |"]
BELOW = "单位负责人：张三 | 填表人：李四 | 联系电话：13800000000 | 报出日期：2026年4月2日"
FIELD_CASES = sorted((Path(__file__).parent / "field_cases").glob("*/*"))


def read(*lines: str) -> Reading:
    content = workbook("\n".join([TITLE, HEAD, *lines]))
    return one_file.read(content, "诊所.xlsx", "诊所.xlsx", ReadingBasis(DEFINITIONS), IntakeOptions())


def asked(reading: Reading) -> list[str]:
    return [problem.where.cell for problem in reading.problems if problem.slug == "cells-unaccounted"]


def test_every_cell_of_a_clean_return_has_its_role() -> None:
    (account,) = read(*ROWS, BELOW).accounts
    assert account.roles == {"title": 1, "statement": 1, "header": 5, "value": 5, "signature": 4}
    assert account.unaccounted == ()


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("注：以上为快报数", []),
        ("注：以上为快报数 | 12", ["B5"]),
        ("说明：漏报甲村 | | | | 8.25", ["E5"]),
        ("合计 | 3 | 1 | 2 | 5.5", []),
        (f"{BELOW} | 12", ["E5"]),
        ("填表人：李四 | 报出日期： | 2026 | 年 | 4 | 月 | 2 | 日", []),
        ("填表人：李四 | 联系电话 | 13800000000 | | 5.5", ["E5"]),
    ],
)
def test_a_number_in_a_note_is_asked_about(line: str, cells: list[str]) -> None:
    assert asked(read(*ROWS, line)) == cells


@pytest.mark.parametrize("file", FIELD_CASES, ids=lambda path: path.parent.name)
def test_the_roles_partition_the_cells_that_are_not_empty(file: Path) -> None:
    reading = one_file.read(
        file.read_bytes(), file.name, file.name, ReadingBasis(DEFINITIONS), IntakeOptions()
    )
    grids, _ = readers.read(file.read_bytes(), file.name)
    counted = {account.sheet: sum(account.roles.values()) for account in reading.accounts}
    for grid in grids:
        if grid.sheet in counted:
            assert counted[grid.sheet] == sum(v is not None for row in grid.values for v in row)


Cells = list[list[str]]


def drawn() -> Cells:
    """A return of three villages with two empty rows above its signatures and room around it."""
    rows = [*ROWS, "| 先锋村 | 4 | 2 | 1 | 6.5 |", "| 新建村 | 6 | 1 | 1 | 7.25 |"]
    lines = [*f"{TITLE}\n{HEAD}".splitlines(), *rows, "", "", f"| {BELOW} |", ""]
    cells = [line.strip("| ").split(" | ") if line else [] for line in lines]
    return [[*line, *[""] * (8 - len(line))] for line in cells]


def read_cells(cells: Cells) -> Reading:
    text = "\n".join("| " + " | ".join(line) + " |" for line in cells)
    return one_file.read(workbook(text), "诊所.xlsx", "诊所.xlsx", ReadingBasis(DEFINITIONS), IntakeOptions())


def rows_of(reading: Reading) -> list[tuple[object, ...]]:
    """What is read of the five columns that are drawn."""
    names = ("village", "beds", "doctors_male", "doctors_female", "income")
    rows = [
        dict(zip(block.fields, row.values, strict=True)) for block in reading.blocks for row in block.rows
    ]
    values = [tuple(row.get(name) for name in names) for row in rows]
    return [row for row in values if any(value is not None for value in row[1:])]  # C04 asks about the others


def told(reading: Reading) -> list[str]:
    return [problem.slug for problem in reading.problems if problem.severity != "note" or problem.refused]


AS_DRAWN = rows_of(read_cells(drawn()))
PLACES = st.tuples(st.integers(0, 9), st.integers(0, 7))
PROPERTY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


@given(place=PLACES, value=st.sampled_from([7, 123.25, 9_999_999]))
@PROPERTY
def test_a_number_added_anywhere_is_taken_or_said(place: tuple[int, int], value: float) -> None:
    """One number more in an empty cell near the table is one of the values, or part of a statement, or a finding names it."""
    cells, (row, column) = drawn(), place
    assume(not cells[row][column])
    cells[row][column] = str(value)
    reading = read_cells(cells)
    taken = any(float(value) in map(float, filter(_is_number, values)) for values in rows_of(reading))
    a_telephone = row == 8 and value > 10**6
    assert told(reading) or taken or a_telephone or reading.accounts[0].roles.get("statement", 0) > 1, cells


@given(
    place=PLACES,
    word=st.sampled_from(["备注", "√", "社区", "张三", "合计", "其中", "无", "同上", "人", "见附件"]),
)
@PROPERTY
def test_a_word_added_anywhere_changes_nothing_or_is_said(place: tuple[int, int], word: str) -> None:
    cells, (row, column) = drawn(), place
    assume(not cells[row][column])
    cells[row][column] = word
    reading = read_cells(cells)
    assert told(reading) or rows_of(reading) == AS_DRAWN, cells


@given(
    place=PLACES,
    word=st.sampled_from(["作废", "计划数", "2025年第四季度", "元", "单位：元", "千元", "样表", "上年"]),
)
@PROPERTY
def test_a_word_that_changes_the_table_never_passes_unsaid(place: tuple[int, int], word: str) -> None:
    """A measure may bind, which changes the amounts; all else is a finding."""
    cells, (row, column) = drawn(), place
    assume(
        not cells[row][column] and row not in (2, 8)
    )  # beside headings and signatures a word may be another one's
    cells[row][column] = word
    reading = read_cells(cells)
    assert told(reading) or rows_of(reading) != AS_DRAWN, cells


@given(start=st.tuples(st.integers(2, 5), st.integers(0, 4)), end=PLACES)
@PROPERTY
def test_a_cell_moved_anywhere_changes_nothing_or_is_said(
    start: tuple[int, int], end: tuple[int, int]
) -> None:
    """One cell of the table in another place: a finding says so, or the cell it came from is blank and the check for required cells says so."""
    cells = drawn()
    assume(not cells[end[0]][end[1]])
    cells[end[0]][end[1]], cells[start[0]][start[1]] = cells[start[0]][start[1]], ""
    reading = read_cells(cells)
    blank = any(value is None for values in rows_of(reading) for value in values)
    assert told(reading) or blank or rows_of(reading) == AS_DRAWN, cells


def _is_number(value: object) -> bool:
    return not isinstance(value, str | bool) and value is not None
