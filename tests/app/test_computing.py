"""The values of a period are kept among the results for exactly the data, decisions and definitions they were computed from."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from semantics_world import Counted, drop, farm, make_project, quarter, take

from ruralpb.app import computing
from ruralpb.app.computing import ValuesRequest
from ruralpb.app.figures import indicators
from ruralpb.app.opening import open_project
from ruralpb.app.period_context import opened
from ruralpb.app.project import Project
from ruralpb.model import Value

Q1 = quarter("2026Q1")
TODAY = date(2026, 4, 20)


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> Counted:
    """How often values were computed and not recalled."""
    return Counted(monkeypatch, computing, "computed")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = make_project(tmp_path / "p")
    drop(
        made, "2026-04-03/青山乡.xlsx", farm("青山乡", "2026年第一季度", "新建村 5 1\n柳树村 3 1\n大湾村 2 1")
    )
    take(made)
    return made


def values(project: Project) -> list[Value]:
    """The values a page of the project's own unit is made of, without the villages it names."""
    with opened(project, Q1, TODAY) as whole:
        return [v for v in whole.values(None)[0] if v.level != "village"]


def kept_values(project: Project) -> list[tuple[Any, ...]]:
    """What the table of values holds."""
    with closing(sqlite3.connect(project.results.path)) as connection:
        return connection.execute('SELECT * FROM "values" ORDER BY result, ordinal').fetchall()


def test_a_second_page_computes_nothing_and_says_the_same(project: Project, computed: Counted) -> None:
    first = values(project)
    assert any(v.value is not None for v in first)
    times = computed.times
    assert values(open_project(project.folder)) == first
    assert computed.times == times


def test_the_values_of_one_level_are_among_those_of_two(project: Project, computed: Counted) -> None:
    both = values(project)
    times = computed.times
    with opened(project, Q1, TODAY, shared=True) as whole:
        assert whole.peers("county") == [v for v in both if v.level == "county"]
    assert computed.times == times


def test_a_new_version_is_computed_anew(project: Project, computed: Counted) -> None:
    before, times = values(project), computed.times
    drop(
        project,
        "2026-04-05/青山乡.xlsx",
        farm("青山乡", "2026年第一季度", "新建村 9 1\n柳树村 3 1\n大湾村 2 1"),
    )
    take(project)
    assert values(project) != before
    assert computed.times > times


def test_returns_accepted_since_are_computed_anew(project: Project) -> None:
    """How many returns behind a value are not accepted is said with it."""
    with opened(project, Q1, TODAY) as whole:
        states = whole.checked.states
        accepted = replace(whole.checked, states=tuple(replace(state, status="accepted") for state in states))
        rejected = replace(whole.checked, states=tuple(replace(state, status="rejected") for state in states))
        one, other = (
            computing._stamp(project, computing.OpenPeriod(Q1, whole.session, whole.store), some)
            for some in (accepted, rejected)
        )
    assert states
    assert one != other


def test_pages_keep_values_and_commands_use_them(project: Project, computed: Counted) -> None:
    indicators(project, Q1, TODAY, ValuesRequest())
    assert not kept_values(project)
    values(project)
    times = computed.times
    indicators(project, Q1, TODAY, ValuesRequest())
    assert computed.times == times


def test_values_of_a_choice_of_returns_are_neither_kept_nor_used(project: Project) -> None:
    everything = values(project)
    kept = kept_values(project)
    chosen = indicators(project, Q1, TODAY, ValuesRequest(accepted_only=True)).values
    assert {v.covered for v in chosen} != {v.covered for v in everything}
    assert kept_values(project) == kept


@pytest.mark.parametrize("damage", [b"", b"no values of ours", b"\0" * 200])
def test_what_is_damaged_is_computed_again(project: Project, computed: Counted, damage: bytes) -> None:
    first, times = values(project), computed.times
    project.results.path.write_bytes(damage)
    assert values(project) == first
    assert computed.times > times


def test_a_folder_that_cannot_be_written_costs_time_and_nothing_else(
    project: Project, computed: Counted
) -> None:
    project.results.path.unlink()
    project.results.path.mkdir()
    assert values(project) == values(project)
    assert computed.times >= 2
