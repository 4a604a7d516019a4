"""Workbooks that went wrong in the field, and what must come out of each: the value, or a finding where it stands; never a wrong value
in silence, never a record lost in silence.

`field_cases/cases.csv` says what is peculiar in each case, `expected.csv` what must come out, written before the case was tried:
`exact` this value · `either` this value, or none and a finding at its cell, row, column or sheet · `refuse` not this value, and a
finding · `flag` this value and a question at it, or none and a finding · `norow` no record · `blank-or-refuse` no value · `flag-unit` a
question about the unit.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ruralpb.core.problems import Problem
from ruralpb.intake import one_file
from ruralpb.intake.reading_basis import ReadingBasis
from ruralpb.model import Block, IntakeOptions, Reading, Row, cell_position, loader

CASES = Path(__file__).parent / "field_cases"
SAMPLES = Path(__file__).parents[2] / "data" / "samples"


def table(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def basis() -> ReadingBasis:
    sources = loader.sources(None)
    settings = "title: 沅江市\nunit: '430981'\ndue: []\n"
    own = {"units.csv": (SAMPLES / "units.csv").read_bytes(), "ruralpb.yaml": settings.encode()}
    found, problems = loader.load({**sources, **own})
    assert [problem for problem in problems if problem.severity == "error"] == []
    return ReadingBasis(found)


@cache
def read(case: str) -> Reading:
    (file,) = (path for path in (CASES / case).iterdir() if path.is_file())
    return one_file.read(file.read_bytes(), file.name, file.name, basis(), IntakeOptions())


@dataclass(frozen=True)
class Record:
    """One row that was taken, with the block it belongs to."""

    block: Block
    row: Row

    def value(self, field: str) -> Any:
        if field == "unit":
            unit = basis().definitions.register.get(self.row.village_code, self.block.period.end)
            return unit.name if unit else None
        return dict(zip(self.block.fields, self.row.values, strict=True)).get(field)


def records(reading: Reading, form: str) -> Iterator[Record]:
    for block in reading.blocks:
        if block.form == form:
            for row in block.rows:
                yield Record(block, row)


def wanted(case: dict[str, str], reading: Reading) -> list[Record]:
    """The records that a line of expected.csv speaks of."""
    found = records(reading, case["form"])
    match case["at"]:
        case "unit":
            return [r for r in found if shown(r.value("village")) == case["key"]]
        case "row":
            return [
                r
                for r in found
                if r.row.position == int(case["key"]) - 1 and case["sheet"] in ("", r.block.sheet)
            ]
    return [r for r in found if shown(r.value(case["sheet"])) == case["key"]]


def shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    return f"{value.normalize():f}" if hasattr(value, "normalize") else "" if value is None else str(value)


def same(value: Any, text: str) -> bool:
    said = shown(value)
    if text.startswith("'"):
        return said == text[1:]
    try:
        return float(said) == float(text) and (said == text or not said.startswith("0"))
    except ValueError:
        return said == text


def located(case: dict[str, str], reading: Reading, found: list[Record]) -> Iterator[Problem]:
    """The questions and refusals at the cell, the row, the column or the sheet that a line of expected.csv speaks of."""
    positions = {r.row.position for r in found}
    if case["at"] == "row":
        positions.add(int(case["key"]) - 1)
    field = "village" if case["field"] == "unit" else case["field"]
    columns = {block.columns.get(field) for block in reading.blocks if block.form == case["form"]}
    for problem in reading.problems:
        if problem.severity == "note" and not problem.refused:
            continue
        place = cell_position(problem.where.cell) if problem.where.cell else None
        if case["sheet"] and case["at"] == "row" and problem.where.sheet not in ("", case["sheet"]):
            continue
        if (
            place is None
            or problem.refused in ("sheet", "file")
            or place[0] in positions
            or place[1] in columns
            or problem.field == case["field"]
            or (case["at"] != "row" and not found and named(case, problem))
        ):
            yield problem


def named(case: dict[str, str], problem: Problem) -> bool:
    """True for a finding about the row of which no record was made, as far as the row can be told."""
    return problem.refused == "row"


def verdict(case: dict[str, str], reading: Reading) -> str:
    """`right`, `refused` (no value, and a finding) or `wrong` (another value, or a lost one, and nobody is told)."""
    found = wanted(case, reading)
    values = [r.value(case["field"]) for r in found] if case["field"] else []
    asked = bool(list(located(case, reading, found)))
    is_blank = all(value is None for value in values)
    is_same = bool(values) and all(same(value, case["value"]) for value in values)
    match case["expect"]:
        case "exact":
            return "right" if is_same else "refused" if is_blank and asked else "wrong"
        case "either":
            return "right" if is_same else "refused" if is_blank and asked else "wrong"
        case "refuse":
            return "refused" if asked and not is_same else "wrong"
        case "flag":
            return "right" if is_same and asked else "refused" if is_blank and asked else "wrong"
        case "norow":
            return "right" if not found else "wrong"
        case "blank-or-refuse":
            return "right" if is_blank else "wrong"
        case "flag-unit":
            return "right" if is_same else "refused" if asked else "wrong"
    raise AssertionError(case["expect"])


def judged(name: str) -> list[tuple[str, dict[str, str]]]:
    reading = read(name)
    return [(verdict(case, reading), case) for case in table("expected.csv") if case["case"] == name]


@pytest.mark.parametrize("name", [case["case"] for case in table("cases.csv")])
def test_nothing_is_wrong_in_silence(name: str) -> None:
    wrong = [
        f"{case['key']} {case['field']} {case['expect']} {case['value']}: got "
        f"{[shown(r.value(case['field'])) for r in wanted(case, read(name))]}"
        for said, case in judged(name)
        if said == "wrong"
    ]
    slugs = sorted({problem.slug for problem in read(name).problems})
    assert wrong == [], slugs


def test_a_column_below_another_parent_is_refused_by_its_rule() -> None:
    refused = [problem for problem in read("e2a").problems if problem.check == "D118"]
    assert refused
