"""Findings are kept among the results for exactly the data and definitions they were computed from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from semantics_world import Counted, drop, farm, make_project, quarter, take

from ruralpb.app import findings as judging
from ruralpb.app.opening import open_project
from ruralpb.app.project import Project
from ruralpb.app.validate import Selection, validate
from ruralpb.model import Finding

Q1 = quarter("2026Q1")
TODAY = date(2026, 4, 20)


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> Counted:
    """How often findings were computed."""
    return Counted(monkeypatch, judging, "_judge")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = make_project(tmp_path / "p")
    drop(made, "2026-04-03/红旗镇.xlsx", farm("红旗镇", "2026年第一季度", "团结村 8 9\n新建村 3 1"))
    take(made)
    return made


def findings(project: Project) -> tuple[Finding, ...]:
    return validate(project, Q1, TODAY, Selection()).findings


def test_a_second_command_computes_nothing_and_finds_the_same(project: Project, computed: Counted) -> None:
    first = findings(project)
    assert first
    assert findings(open_project(project.folder)) == first
    assert computed.times == 1


def test_a_new_version_is_judged_anew(project: Project, computed: Counted) -> None:
    before = findings(project)
    drop(project, "2026-04-05/红旗镇.xlsx", farm("红旗镇", "2026年第一季度", "团结村 8 9\n新建村 3 7"))
    take(project)
    assert findings(project) != before
    assert computed.times == 2


def test_other_definitions_judge_anew(project: Project, computed: Counted) -> None:
    findings(project)
    own = project.folder / "definitions" / "own.yaml"
    own.parent.mkdir(exist_ok=True)
    own.write_text("# 一行说明也算改动：凡改动都重新审核\n", "utf-8")
    findings(open_project(project.folder))
    assert computed.times == 2


def test_seen_from_one_of_its_units_a_project_has_findings_of_its_own(
    project: Project, computed: Counted
) -> None:
    findings(project)
    findings(replace(project, settings=replace(project.settings, unit="990101101")))
    assert computed.times == 2
    findings(project)
    assert computed.times == 2


@pytest.mark.parametrize("damage", [b"", b"no findings of ours", b"\0" * 200])
def test_what_is_damaged_is_computed_again(project: Project, computed: Counted, damage: bytes) -> None:
    first = findings(project)
    project.results.path.write_bytes(damage)
    assert findings(project) == first
    assert computed.times == 2


def test_a_folder_that_cannot_be_written_costs_time_and_nothing_else(
    project: Project, computed: Counted
) -> None:
    project.results.path.unlink()
    project.results.path.mkdir()
    assert findings(project) == findings(project)
    assert computed.times == 2
