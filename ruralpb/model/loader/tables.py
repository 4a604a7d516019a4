"""units.csv and targets.csv: rows of text → typed rows, each mistake at its line."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from io import StringIO
from itertools import pairwise
from typing import cast, get_args

from ruralpb.core import periods
from ruralpb.core.numbers import NO, YES
from ruralpb.core.problems import Location, Problem
from ruralpb.model import Level, Register, TargetRow, Unit
from ruralpb.model.loader.suggest import unknown

UNITS = "units.csv"
TARGETS = "targets.csv"

_UNIT_REQUIRED = ("code", "name", "level", "parent_code", "kind")
_UNIT_OPTIONAL = (
    "aliases",
    "valid_from",
    "valid_to",
    "successor",
    "class",
    "key_class",
    "in_demo_zone",
    "sort_no",
)
_UNIT_COLUMNS = (*_UNIT_REQUIRED, *_UNIT_OPTIONAL)
_TARGET_COLUMNS = ("indicator", "unit_code", "period", "value")
_LEVELS = get_args(Level)
_RANK = {level: i for i, level in enumerate(_LEVELS)} | {"office": _LEVELS.index("village")}
_FLAGS = {"": False, NO: False, "0": False, "false": False, YES: True, "1": True, "true": True}
_SEPARATORS = re.compile(r"[;；|、]")


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of a CSV file: its cells by column name, stripped, and where it stands."""

    cells: Mapping[str, str]
    where: Location

    def problem(self, slug: str, column: str, expected: str = "", **data: str) -> Problem:
        content = self.cells.get(column, "")
        return Problem(slug, self.where, content, expected, data={"column": column, **data})


def register(content: bytes) -> tuple[Register, list[Problem]]:
    """The dated register that units.csv says. A row that cannot be read is left out, with its problem."""
    lines, problems = _lines(content, UNITS, _UNIT_COLUMNS, _UNIT_REQUIRED)
    placed: list[tuple[Unit, _Line]] = []
    for number, line in enumerate(lines, start=1):
        unit = _unit(line, number, problems)
        if unit:
            placed.append((unit, line))
    found = Register(tuple(unit for unit, _ in placed))
    for unit, line in placed:
        problems += _misplaced(unit, line, found)
    return found, problems + list(_overlaps(placed))


def targets(
    content: bytes, indicators: Collection[str], register: Register
) -> tuple[tuple[TargetRow, ...], list[Problem]]:
    """The rows of targets.csv, for indicators and units that exist."""
    lines, problems = _lines(content, TARGETS, _TARGET_COLUMNS, _TARGET_COLUMNS)
    target_rows: list[TargetRow] = []
    for line in lines:
        indicator, code = line.cells["indicator"], line.cells["unit_code"]
        period = periods.find(line.cells["period"])
        value = _decimal(line.cells["value"])
        if indicator not in indicators:
            problems.append(unknown("definition-indicator-unknown", line.where, indicator, indicators))
        elif code not in register.by_code:
            problems.append(
                unknown("unit-code-unknown", line.where, code, register.by_code, column="unit_code")
            )
        elif period is None:
            problems.append(line.problem("table-period", "period"))
        elif value is None:
            problems.append(line.problem("table-number", "value"))
        else:
            target_rows.append(TargetRow(indicator, code, period.label, value))
    return tuple(target_rows), problems


def _lines(
    content: bytes, file: str, columns: Collection[str], required: Collection[str]
) -> tuple[list[_Line], list[Problem]]:
    """The rows of a CSV file with a header row. Nothing when an obligatory column is missing."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = content.count(b"\n", 0, wrong.start) + 1
        return [], [Problem("definition-not-utf8", Location(file, line=line))]
    rows = csv.reader(StringIO(text, newline=""))
    header = [cell.strip() for cell in next(rows, [])]
    top = Location(file, line=1)
    problems = [unknown("table-column-unknown", top, c, columns) for c in header if c not in columns]
    problems += [Problem("table-column-missing", top, found=c) for c in required if c not in header]
    if any(column not in header for column in required):
        return [], problems
    lines: list[_Line] = []
    for row in rows:
        where = Location(file, line=rows.line_num)
        if len(row) > len(header):
            problems.append(Problem("table-row-long", where, str(len(row)), str(len(header))))
        elif any(cell.strip() for cell in row):
            cells = {column: cell.strip() for column, cell in zip(header, row, strict=False)}
            lines.append(_Line({column: cells.get(column, "") for column in columns}, where))
    return lines, problems


_UNSAFE = re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]|^\.')
"""What no file's name may hold on any system, what turns the direction of writing, and a dot that begins a name."""


def _unit(line: _Line, number: int, problems: list[Problem]) -> Unit | None:
    """The unit of one row; `number` is its place among the rows, the sort order where none is given."""
    cells = line.cells
    wrong = [line.problem("table-cell-empty", column) for column in ("code", "name") if not cells[column]]
    # Files are named by units.
    wrong += [
        line.problem("table-cell-unsafe", column)
        for column in ("code", "name")
        if _UNSAFE.search(cells[column])
    ]
    if cells["level"] not in _LEVELS:
        wrong.append(unknown("unit-level-unknown", line.where, cells["level"], _LEVELS))
    dates: dict[str, date | None] = {}
    for column in ("valid_from", "valid_to"):
        try:
            dates[column] = date.fromisoformat(cells[column]) if cells[column] else None
        except ValueError:
            wrong.append(line.problem("table-date", column))
    start, end = dates.get("valid_from"), dates.get("valid_to")
    if start and end and end < start:
        wrong.append(line.problem("definition-span-reversed", "valid_to", cells["valid_from"]))
    if cells["in_demo_zone"].lower() not in _FLAGS:
        wrong.append(line.problem("table-flag", "in_demo_zone"))
    if cells["sort_no"] and not cells["sort_no"].isdecimal():
        wrong.append(line.problem("table-number", "sort_no"))
    if wrong:
        problems += wrong
        return None
    return Unit(
        code=cells["code"],
        name=cells["name"],
        level=cast("Level", cells["level"]),
        parent_code=cells["parent_code"],
        kind=cells["kind"],
        aliases=tuple(a.strip() for a in _SEPARATORS.split(cells["aliases"]) if a.strip()),
        valid_from=start,
        valid_to=end,
        successor=cells["successor"],
        unit_class=cells["class"],
        key_class=cells["key_class"],
        in_demo_zone=_FLAGS[cells["in_demo_zone"].lower()],
        sort_no=int(cells["sort_no"] or number),
    )


def _misplaced(unit: Unit, line: _Line, register: Register) -> Iterator[Problem]:
    """What is wrong with a unit's place in the hierarchy and with its successor."""
    codes = register.by_code
    if unit.parent_code and unit.parent_code not in codes:
        yield unknown("unit-code-unknown", line.where, unit.parent_code, codes, column="parent_code")
    elif unit.parent_code and all(_RANK[p.level] >= _RANK[unit.level] for p in codes[unit.parent_code]):
        yield Problem(
            "unit-parent-level",
            line.where,
            codes[unit.parent_code][0].name,
            unit.level,
            data={"unit": unit.name},
        )
    elif not unit.parent_code and unit.level in ("township", "village", "office"):
        yield line.problem("table-cell-empty", "parent_code")
    if unit.successor and unit.successor not in codes:
        yield unknown("unit-code-unknown", line.where, unit.successor, codes, column="successor")
    if unit.successor and unit.valid_to is None:
        yield line.problem("unit-successor-undated", "successor", unit=unit.name)


def _overlaps(placed: list[tuple[Unit, _Line]]) -> Iterator[Problem]:
    """Rows of one code that hold on the same day."""
    rows: dict[str, list[tuple[Unit, _Line]]] = {}
    for unit, line in placed:
        rows.setdefault(unit.code, []).append((unit, line))
    for same in rows.values():
        same.sort(key=lambda row: row[0].valid_from or date.min)
        for (before, at), (after, line) in pairwise(same):
            if before.valid_to is None or (after.valid_from or date.min) <= before.valid_to:
                yield Problem("unit-rows-overlap", line.where, after.code, str(at.where))


def _decimal(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
