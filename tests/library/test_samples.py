"""The sample project: its generator gives what is committed, and ruralpb says of it what the generator worked out."""

from __future__ import annotations

import csv
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from filelock import FileLock

from ruralpb.app import export, figures, ingest, validate
from ruralpb.app.ingest_request import IngestRequest
from ruralpb.app.opening import open_project
from ruralpb.app.origins import Origins
from ruralpb.app.project import Project
from ruralpb.core import periods
from ruralpb.model import Value

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
EXPECTED = SAMPLES / "expected"
TODAY = date(2026, 4, 20)
QUARTERS = ("2025Q1", "2025Q2", "2025Q3", "2025Q4", "2026Q1")
MONTHS = ("2026-01", "2026-02")
FORMS = tuple(sorted(path.stem for path in (EXPECTED / "facts").glob("*.csv")))
ROSTERS = ("committee", "resident", "talent", "training_attend")
PARTS = ("ruralpb.yaml", "units.csv", "targets.csv", "definitions", "returns")

Row = dict[str, str]


def expected(name: str, quarter: str = "") -> list[Row]:
    with (EXPECTED / name).open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if quarter in ("", row["period"])]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The sample project with all returns taken in, made once for all test processes."""
    shared = tmp_path_factory.getbasetemp().parent if os.environ.get("PYTEST_XDIST_WORKER") else None
    folder = (shared or tmp_path_factory.mktemp("samples")) / "sample-county"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            making = folder.with_name("sample-county-in-the-making")
            making.mkdir()
            for part in PARTS:
                copy = shutil.copytree if (SAMPLES / part).is_dir() else shutil.copy
                copy(SAMPLES / part, making / part)  # type: ignore[operator]
            made = open_project(making)
            ingest.ingest(made, [made.inbox], IngestRequest(), TODAY, lambda _: None)
            making.rename(folder)
    return open_project(folder)


@cache
def validated(folder: Path, label: str) -> validate.Validation:
    return validate.validate(open_project(folder), quarter_of(label), TODAY)


def quarter_of(label: str) -> periods.Period:
    return periods.parse(label, TODAY)


# ------------------------------------------------------------------------------------------ the generator


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_generated_twice_the_sample_is_the_same_bytes_and_its_answers_are_the_committed_ones(
    tmp_path: Path,
) -> None:
    old_workbooks = importlib.util.find_spec("xlwt") is not None
    command = [sys.executable, str(SAMPLES / "generate.py"), *([] if old_workbooks else ["--without-xls"])]
    runs = [
        subprocess.Popen(
            [*command, "--out", str(tmp_path / seed)],
            env=os.environ | {"PYTHONHASHSEED": seed},
            stdout=subprocess.DEVNULL,
        )
        for seed in ("1", "2")
    ]
    assert [run.wait() for run in runs] == [0, 0]
    first, second = contents(tmp_path / "1"), contents(tmp_path / "2")
    assert first == second
    committed = contents(SAMPLES)
    answers = {name for name in first if not name.startswith("returns")}
    assert {name for name in answers if first[name] != committed[name]} == set()
    assert first.keys() == {n for n in committed if n in first or n.startswith(("returns", "expected"))} - {
        n for n in committed if n.endswith(".xls") and not old_workbooks
    }


def test_the_sample_is_small_enough_to_ship() -> None:
    assert sum(map(len, contents(SAMPLES).values())) <= 8_000_000


def test_nobody_in_the_sample_can_be_a_real_person() -> None:
    for form in ROSTERS:
        numbers = {row["id_card"] for row in expected(f"facts/{form}.csv")} - {""}
        assert all(re.fullmatch(r"999999\d{11}[\dX]", number) for number in numbers)


def test_a_person_keeps_name_and_number_over_forms() -> None:
    names: dict[str, set[str]] = {}
    for form in ROSTERS:
        for row in expected(f"facts/{form}.csv"):
            names.setdefault(row["id_card"], set()).add(row["name"])
    assert {number: found for number, found in names.items() if number and len(found) > 1} == {}


# ------------------------------------------------------------------------------------------ what is read


def facts(project: Project, form: str, label: str) -> list[Row]:
    """The facts of one form and quarter as the program exports them."""
    order = export.ExportRequest("facts", form, quarter_of(label), with_personal_data=True, reason="测试")
    content = export.export(project, order, datetime(2026, 4, 20)).content.decode("utf-8-sig")
    return list(csv.DictReader(content.splitlines()))


@pytest.mark.parametrize("form", FORMS)
def test_every_fact_of_the_last_quarter_is_read_as_it_was_reported_at_its_cell(
    project: Project, form: str
) -> None:
    sent = {r["reporter_code"]: r for r in expected("returns.csv", "2026Q1") if r["form"] == form}
    read = {(r["file"], r["sheet"], r["row"]): r for r in facts(project, form, "2026Q1")}
    wanted = {
        (sent[r["reporter_code"]]["file"], sent[r["reporter_code"]]["sheet"], r["row"]): r
        for r in expected(f"facts/{form}.csv", "2026Q1")
    }
    assert read.keys() == wanted.keys()
    differing = [
        (place, field, value, read[place][field])
        for place, row in wanted.items()
        for field, value in row.items()
        if read[place][field] != value
    ]
    assert differing == []


@pytest.mark.parametrize("label", [*QUARTERS[:-1], *MONTHS])
def test_every_fact_of_an_earlier_quarter_is_read_as_it_was_reported(project: Project, label: str) -> None:
    """By the hash of each return's rows; `generate.py --facts DIR` writes out what was reported."""
    for form in FORMS:
        wanted = {r["reporter_code"]: r["sha256"] for r in expected("facts.csv", label) if r["form"] == form}
        fields = list(expected(f"facts/{form}.csv")[0])
        read: dict[str, list[Row]] = {}
        for row in facts(project, form, label) if wanted else []:
            read.setdefault(row["reporter_code"], []).append(row)
        hashes = {code: digest(fields, read.get(code, [])) for code in wanted}
        assert {code for code in wanted if hashes[code] != wanted[code]} == set(), form
        assert read.keys() <= wanted.keys()


def digest(fields: list[str], rows: list[Row]) -> str:
    lines = ["|".join(row[f] for f in fields) for row in sorted(rows, key=lambda r: int(r["row"]))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


# ------------------------------------------------------------------------------------------ what is found


@pytest.mark.parametrize("label", [*QUARTERS, *MONTHS])
def test_validate_finds_every_planted_mistake_and_blocks_nothing_else(project: Project, label: str) -> None:
    checked = validated(project.folder, label)
    planted = [row for row in expected("findings.csv", label) if row["current"] == "true"]
    failed = checked.failed()
    for row in planted:
        place = (row["file"], row["sheet"], row["cell"])
        about = {row["unit_code"], row["reporter_code"]}
        same = [f for f in failed if (f.check, f.form) == (row["check"], row["form"])]
        hits = [
            f
            for f in same
            if (
                place in {(a.file, a.sheet, a.cell) for a in f.cells} if row["cell"] else f.unit_code in about
            )
        ]
        assert hits, f"{row['check']} {row['unit']} {row['cell']}: {row['note']}"
    known = {(c, row["reporter_code"]) for row in planted for c in (row["check"], *row["also"].split(";"))}
    others = [f for f in failed if f.severity != "note" and (f.check, f.reporter_code) not in known]
    assert [(f.check, f.message) for f in others] == []


def test_the_mistakes_of_a_workbook_that_was_sent_again_are_gone(project: Project) -> None:
    first = [row for row in expected("findings.csv") if row["current"] == "false"]
    assert {row["check"] for row in first} == {"C03", "R42", "R17"}
    checked = validated(project.folder, "2026Q1")
    open_ = {(f.check, f.reporter_code) for f in checked.failed() if f.severity != "note"}
    assert open_.isdisjoint((row["check"], row["reporter_code"]) for row in first)


@pytest.mark.parametrize("label", [*QUARTERS, *MONTHS])
def test_every_owed_return_has_the_expected_state(project: Project, label: str) -> None:
    checked = validated(project.folder, label)
    states = {
        (s.reporter_code, s.form): (
            s.status,
            s.timeliness,
            str(s.due),
            str(s.received or ""),
            str(s.version),
            str(s.rows),
        )
        for s in checked.states
    }
    wanted = {
        (r["reporter_code"], r["form"]): tuple(
            r[key] for key in ("status", "timeliness", "due", "received", "version", "rows")
        )
        for r in expected("returns.csv", label)
    }
    assert states == wanted


def test_the_last_quarter_has_a_late_township_a_correction_and_a_nil_return() -> None:
    rows = expected("returns.csv", "2026Q1")
    assert {r["reporter"] for r in rows if r["timeliness"] == "late"} == {"南大膳镇"}
    assert {r["reporter"] for r in rows if r["version"] == "2"} == {"草尾镇"}
    nil = {(r["reporter"], r["form"]) for r in rows if r["nil"] == "true"}
    assert nil == {("四季红镇", "training_class"), ("四季红镇", "training_attend")}
    assert Counter(r["status"] for r in rows).keys() == {"accepted", "blocked"}


# ------------------------------------------------------------------------------------------ what it comes to


@pytest.mark.parametrize("label", QUARTERS)
def test_every_figure_is_the_one_worked_out_in_plain_python(project: Project, label: str) -> None:
    asked = figures.ValuesRequest(compare=())
    computed = figures.indicators(project, quarter_of(label), TODAY, asked)
    values = {(v.indicator, v.unit_code): v for v in computed.values if not v.slice}
    wrong = []
    for row in expected("indicators.csv", label):
        found = values[row["indicator"], row["unit_code"]]
        if not row["value"]:
            told: tuple[object, ...] = (found.value,)
            wanted: tuple[object, ...] = (None,)
        else:
            told = (found.numerator, found.denominator, exported(found.value), found.unknown_rows)
            wanted = (
                *(number(row[k]) for k in ("numerator", "denominator", "value")),
                int(row["unknown_rows"]),
            )
        if told != wanted:
            wrong.append((row["indicator"], row["unit"], wanted, told))
    assert wrong == []


def exported(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(Decimal("1E-10"), ROUND_HALF_UP)


# ------------------------------------------------------------------------------------------ the source briefings


def briefings() -> list[dict[str, Any]]:
    """Figures of real briefings: `figure` is one or more to add up, as `indicator{field=value}`."""
    content = yaml.safe_load((SAMPLES / "briefings.yaml").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = content["figures"]
    return found


def named(value: Value) -> str:
    return value.indicator + "".join(f"{{{field}={content}}}" for field, content in value.slice)


def parts(entry: dict[str, Any]) -> list[str]:
    return [entry["figure"]] if isinstance(entry["figure"], str) else entry["figure"]


def test_the_county_shows_the_figures_of_the_source_briefings(project: Project) -> None:
    computed = figures.indicators(project, quarter_of("2026Q1"), TODAY, figures.ValuesRequest(compare=()))
    values = {(named(v), v.unit_code): v for v in computed.values}
    wrong = []
    for entry in briefings():
        found = [values[name, entry.get("unit", "430981")].value for name in parts(entry)]
        total = sum(value for value in found if value is not None)
        exact = total == entry["value"] if "value" in entry else total >= entry["above"]
        if None in found or not exact or total >= entry.get("below", total + 1):
            wrong.append((entry["briefing"], entry["sentence"], entry["figure"], found))
    assert wrong == []
    assert len(briefings()) >= 60


def test_every_figure_leads_to_the_cells_it_was_computed_from(project: Project) -> None:
    """Zeros, figures over the register and the breakdowns that briefings print, too; but a yes or no leads to the figures it compares."""
    period = quarter_of("2026Q1")
    computed = figures.indicators(project, period, TODAY, figures.ValuesRequest(compare=()))
    printed = {name for entry in briefings() for name in parts(entry)}
    asked = {
        value.id: value
        for value in computed.values
        if value.value is not None
        and (not value.slice or named(value) in printed)
        and not computed.indicators[value.indicator.partition(".")[0]].derived
    }
    assert {"weak_village_n@430981@2026Q1", "key_village_team_rate@430981@2026Q1"} <= asked.keys()
    with project.session(period) as session, project.reading() as store:
        cells = Origins(project, session, store, period, asked.values()).cells(list(asked))
        without = [value for id, value in asked.items() if not cells[id]]
        first = cells["weak_village_n@430981@2026Q1"][0]
    # A township's zero may rest on a nil return: no class held, nobody stationed.
    assert [value.id for value in without if value.level == "county" or value.numerator] == []
    assert first.raw in ("非薄弱村", "否", "正常", "已销号", "已摘帽", "已消薄")


def number(text: str) -> Decimal | None:
    return Decimal(text) if text else None
