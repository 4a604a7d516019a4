"""The account of a sheet: each non-empty cell has one role, and a number that has none is asked about."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
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


@given(row=st.integers(0, 7), column=st.integers(0, 6), value=st.sampled_from([7, 123.25, 9_999_999]))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_a_number_added_anywhere_changes_nothing_or_is_said(row: int, column: int, value: float) -> None:
    """One number more in an empty cell near the table: the values are the same, or the number is one of them, or a finding names it."""
    lines = [*f"{TITLE}\n{HEAD}".splitlines(), *ROWS, "", "", "", ""]
    cells = [line.strip("| ").split(" | ") if line else [] for line in lines]
    cells[row] += [""] * (column + 1 - len(cells[row]))
    if cells[row][column]:
        return
    cells[row][column] = str(value)
    text = "\n".join("| " + " | ".join(line) + " |" if line else "" for line in cells)
    before = read(*ROWS)
    after = one_file.read(
        workbook(text), "诊所.xlsx", "诊所.xlsx", ReadingBasis(DEFINITIONS), IntakeOptions()
    )
    values = [[r.values for r in block.rows] for block in before.blocks]
    told = [p for p in after.problems if p.severity != "note" or p.refused]
    assert [[r.values for r in block.rows] for block in after.blocks] == values or told
    taken = any(
        value in map(float, filter(_is_number, r.values)) for block in after.blocks for r in block.rows
    )
    assert told or taken or after.accounts[0].roles.get("statement", 0) > 1, text


def _is_number(value: object) -> bool:
    return not isinstance(value, str | bool) and value is not None
