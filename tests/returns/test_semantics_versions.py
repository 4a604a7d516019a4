"""S1 and S2 through the whole program: which files become which versions, which version counts, how a return stands."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from semantics_world import (
    HONGQI,
    QINGSHAN,
    SHIQIAO,
    TODAY,
    check,
    drop,
    farm,
    make_project,
    money,
    outcomes,
    returns,
    roster,
    rows,
    states,
    statuses,
    table,
    take,
    told,
    values,
    visit,
)

from ruralpb.app.opening import open_project
from ruralpb.app.project import Project

Q1 = "2026年第一季度"


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_project(tmp_path_factory.mktemp("blank") / "project").folder


@pytest.fixture
def project(blank: Path, tmp_path: Path) -> Project:
    return open_project(shutil.copytree(blank, tmp_path / "project"))


def in_force(project: Project) -> dict[str, object]:
    """Village → income of what counts in 2026Q1."""
    return dict(
        rows(project, "select village, income from farm where period = '2026Q1' order by village_code")
    )


def test_two_files_of_one_day_with_different_villages_are_one_version(project: Project) -> None:
    drop(project, "2026-04-03/一.xlsx", farm("青山镇", Q1, "新建村 10"))
    drop(project, "2026-04-03/二.xlsx", farm("青山镇", Q1, "柳树村 7"))
    assert set(statuses(take(project)).values()) == {"taken"}
    assert states(project) == {f"{QINGSHAN}-farm-2026Q1-v1": "current"}
    assert in_force(project) == {"新建村": 10, "柳树村": 7}
    assert {r["file"] for r in table(project, "submissions")} == {
        "returns/2026-04-03/一.xlsx",
        "returns/2026-04-03/二.xlsx",
    }


def test_of_two_files_of_one_day_with_a_common_village_none_counts(project: Project) -> None:
    drop(project, "2026-04-03/定稿.xlsx", farm("青山镇", Q1, "新建村 10"))
    drop(project, "2026-04-03/最终版.xlsx", farm("青山镇", Q1, "新建村 11\n柳树村 7"))
    result = take(project)
    assert set(statuses(result).values()) == {"held"}
    assert {p.check for f in result.files for p in f.problems if p.severity != "note"} == {"D13"}
    assert in_force(project) == {}
    assert returns(project, "farm")[QINGSHAN].status == "held"
    assert values(project)["income", QINGSHAN].value is None
    assert {f.check for f in check(project).failed() if f.form == "farm" and f.reporter_code == QINGSHAN} >= {
        "D13"
    }


@pytest.mark.parametrize(
    ("second", "status", "counts"),
    [
        ("新建村 12\n柳树村 8", "taken", {"新建村": 12, "柳树村": 8}),
        ("团结村 3", "taken", {"新建村": 10, "团结村": 3}),
        ("新建村 10", "unchanged", {"新建村": 10}),
    ],
    ids=["more villages replace", "other villages are added", "equal rows change nothing"],
)
def test_a_later_file_replaces_adds_or_changes_nothing(
    project: Project, second: str, status: str, counts: dict[str, object]
) -> None:
    sender, first = ("红旗镇", "新建村 10") if "团结村" in second else ("青山镇", "新建村 10")
    unit = {"unit": HONGQI} if sender == "红旗镇" else {}
    drop(project, "2026-04-03/一.xlsx", farm(sender, Q1, first))
    take(project, **unit)
    drop(project, "2026-04-05/二.xlsx", farm(sender, Q1, second))
    assert statuses(take(project, **unit))["二.xlsx"] == status
    assert in_force(project) == counts


def test_an_overlap_is_held_until_a_person_decides_and_the_decision_survives(project: Project) -> None:
    drop(project, "2026-04-03/一.xlsx", farm("青山镇", Q1, "新建村 10\n柳树村 7"))
    take(project)
    late = drop(project, "2026-04-05/二.xlsx", farm("青山镇", Q1, "新建村 12"))
    assert statuses(take(project)) == {"一.xlsx": "unchanged", "二.xlsx": "held"}
    assert in_force(project) == {"新建村": 10, "柳树村": 7}
    assert statuses(take(project)) == {"一.xlsx": "unchanged", "二.xlsx": "unchanged"}
    assert statuses(take(project, late, mode="part")) == {"二.xlsx": "taken"}
    assert in_force(project) == {"新建村": 12, "柳树村": 7}
    assert [
        r["version"] for r in table(project, "submissions") if r["status"] in ("accepted", "blocked")
    ] == [3, 3]


def test_a_single_village_that_is_to_replace_leaves_the_others_omitted(project: Project) -> None:
    drop(project, "2026-04-03/一.xlsx", farm("青山镇", Q1, "新建村 10\n柳树村 7"))
    take(project)
    late = drop(project, "2026-04-05/二.xlsx", farm("青山镇", Q1, "新建村 12"))
    take(project, late, mode="replace")
    assert in_force(project) == {"新建村": 12}
    figure = values(project)["income", QINGSHAN]
    assert (figure.value, figure.covered, figure.expected) == (12, 1, 2)


def test_a_form_without_villages_in_its_key_still_adds_only_what_states_other_villages(
    project: Project,
) -> None:
    drop(project, "2026-04-03/一.xlsx", visit("青山镇", Q1, "新建村 V1 张三 - 2"))
    drop(project, "2026-04-05/二.xlsx", visit("青山镇", Q1, "柳树村 V2 李四 - 3"))
    take(project)
    assert rows(project, "select visit_no from visit order by 1") == [("V1",), ("V2",)]


def test_an_empty_ledger_is_a_nil_return_and_counts_as_none(project: Project) -> None:
    drop(project, "2026-04-03/一.xlsx", visit("青山镇", Q1, ""))
    drop(project, "2026-04-03/二.xlsx", visit("石桥镇", Q1, "零报告"))
    assert set(statuses(take(project)).values()) == {"taken"}
    stands = returns(project, "visit")
    assert {code: stands[code].status for code in (QINGSHAN, SHIQIAO, HONGQI)} == {
        QINGSHAN: "accepted",
        SHIQIAO: "accepted",
        HONGQI: "missing",
    }
    found = values(project)
    assert (found["visit_n", QINGSHAN].value, found["visit_n", SHIQIAO].value) == (0, 0)
    assert (found["visit_n", HONGQI].value, found["visit_n", HONGQI].printed) == (None, "—")


def test_an_empty_form_of_villages_is_no_nil_return_but_all_villages_omitted(project: Project) -> None:
    drop(project, "2026-04-03/一.xlsx", farm("青山镇", Q1, ""))
    take(project)
    figure = values(project)["income", QINGSHAN]
    assert (figure.value, figure.covered, figure.expected) == (None, 0, 2)
    assert rows(project, "select nil from returns") == [(False,)]


def test_the_second_run_changes_neither_journal_nor_store_nor_export(project: Project) -> None:
    drop(project, "2026-04-03/一.xlsx", farm("青山镇", Q1, "新建村 10 12\n无此村 7"))
    drop(project, "坏.xlsx", b"PK\x03\x04 no more")
    take(project)

    def all_of_it() -> tuple[object, ...]:
        tables = [table(project, what) for what in ("findings", "notes", "submissions", "indicators")]
        return project.journal.path.read_bytes(), project.store_path.read_bytes(), tables

    before = all_of_it()
    assert set(statuses(take(project)).values()) == {"unchanged"}
    assert all_of_it() == before


# ------------------------------------------------------------------------------------------------ dates


def test_lateness_follows_the_folders_date_then_the_option_then_today(project: Project) -> None:
    """Due on the fifth working day after the quarter: 2026-04-08 (the 6th is a holiday)."""
    due = returns(project, "farm")[QINGSHAN].due
    drop(project, f"{due}/青山镇.xlsx", farm("青山镇", Q1, "新建村 1\n柳树村 1"))
    drop(project, "2026-04-20/x/2026-04-30/石桥镇.xlsx", farm("石桥镇", Q1, "石桥村 1"))
    drop(project, "白水镇.xlsx", farm("白水镇", Q1, "白水村 1"))
    take(project, received=date(2026, 4, 1))
    stands = returns(project, "farm", today=date(2026, 4, 2))
    assert (stands[QINGSHAN].received, stands[QINGSHAN].timeliness, stands[QINGSHAN].days_late) == (
        due,
        "on_time",
        0,
    )
    assert (stands[SHIQIAO].received, stands[SHIQIAO].timeliness) == (date(2026, 4, 30), "late")
    assert (stands["990102102"].received, stands["990102102"].timeliness) == (date(2026, 4, 1), "on_time")
    assert (stands[HONGQI].status, stands[HONGQI].timeliness) == ("missing", "not_due")
    assert returns(project, "farm", today=TODAY)[HONGQI].timeliness == "late"


def test_a_corrected_version_does_not_make_a_punctual_return_late(project: Project) -> None:
    drop(project, "2026-04-02/青山镇.xlsx", farm("青山镇", Q1, "新建村 1 2\n柳树村 1"))
    drop(project, "2026-04-29/青山镇.xlsx", farm("青山镇", Q1, "新建村 3 2\n柳树村 1"))
    take(project)
    stands = returns(project, "farm")[QINGSHAN]
    assert (stands.version, stands.status, stands.timeliness) == (2, "accepted", "on_time")


# ------------------------------------------------------------------------------------------------ what counts (S2)


def test_an_error_blocks_an_unknown_does_not_and_another_return_can_unblock(project: Project) -> None:
    drop(project, "2026-04-03/一.xlsx", farm("青山镇", Q1, "新建村 10 12\n柳树村 7 1"))
    drop(project, "2026-04-03/二.xlsx", farm("石桥镇", Q1, "石桥村 5 1"))
    take(project)
    assert outcomes(project, "G01") == {"990101102201": "fail"}
    assert outcomes(project, "G03")["990101103201"] == "unknown"
    assert {c: s.status for c, s in returns(project, "farm").items() if c in (QINGSHAN, SHIQIAO)} == {
        QINGSHAN: "blocked",
        SHIQIAO: "accepted",
    }
    # The other form arrives and names another village: what was unknown is a query now, and an accepted return is blocked.
    drop(project, "2026-04-04/三.xlsx", visit("石桥镇", Q1, ""))
    take(project)
    assert outcomes(project, "G03")["990101103201"] == "fail"
    assert returns(project, "farm")[SHIQIAO].status == "blocked"


def test_a_missing_required_cell_blocks(project: Project) -> None:
    drop(project, "2026-04-03/一.xlsx", farm("石桥镇", Q1, "石桥村 - 1"))
    take(project)
    assert [f.check for f in check(project).failed() if f.unit_code == "990101103201"] == ["C04"]
    assert returns(project, "farm")[SHIQIAO].status == "blocked"


def test_a_withdrawn_version_gives_way_to_the_one_before_and_the_only_one_leaves_the_return_missing(
    project: Project,
) -> None:
    drop(project, "2026-04-03/一.xlsx", farm("石桥镇", Q1, "石桥村 5 1"))
    drop(project, "2026-04-04/二.xlsx", farm("石桥镇", Q1, "石桥村 6 1"))
    take(project)
    from datetime import datetime

    for number, left in ((2, {"石桥村": 5}), (1, {})):
        about = {"submission": f"{SHIQIAO}-farm-2026Q1-v{number}"}
        project.journal.decide("withdraw", "张三", "报错", about, datetime(2026, 4, 10))
        assert in_force(project) == left
    assert returns(project, "farm")[SHIQIAO].status == "missing"


def test_accepted_only_treats_every_other_return_as_missing(project: Project) -> None:
    drop(project, "2025-04-03/一.xlsx", farm("石桥镇", "2025年第一季度", "石桥村 4 5"))  # blocked last year
    drop(
        project, "2025-04-03/二.xlsx", farm("青山乡", "2025年第一季度", "新建村 1 1\n柳树村 1 1\n大湾村 2 1")
    )
    drop(project, "2026-04-03/一.xlsx", farm("石桥镇", Q1, "石桥村 5 1"))
    drop(project, "2026-04-03/二.xlsx", farm("青山镇", Q1, "新建村 10 12\n柳树村 7 1"))  # blocked
    drop(project, "2026-04-03/三.xlsx", farm("白水镇", Q1, "白水村 3 1"))
    take(project)
    everything, accepted = values(project), values(project, accepted_only=True)
    assert everything["income", "990101"].value == 22
    assert everything["income", "990101"].unaccepted == 1
    assert accepted["income", "990101"].value == 5
    assert (accepted["income", "990101"].covered, accepted["income", "990101"].unaccepted) == (1, 0)
    assert QINGSHAN in accepted["income", "990101"].missing
    assert accepted["income", QINGSHAN].printed == "—"
    assert accepted["income", "990102"].value == everything["income", "990102"].value == 3
    before, none = everything["income", SHIQIAO].last_year, accepted["income", SHIQIAO].last_year
    assert before is not None
    assert before.base == 4
    assert none is None or none.base is None


def test_a_file_with_one_refused_cell_is_taken_and_not_called_refused(project: Project) -> None:
    drop(project, "2026-04-03/一.xlsx", farm("青山镇", Q1, "新建村 1O 1\n柳树村 7 1"))
    take(project)
    assert in_force(project) == {"新建村": None, "柳树村": 7}
    assert [r["status"] for r in table(project, "submissions")] == ["blocked"]
    refused = [f for f in table(project, "findings") if f["outcome"] == "refused"]
    assert [(f["file"], f["sheet"], f["cell"], f["found"]) for f in refused] == [
        ("returns/2026-04-03/一.xlsx", "农情", "B4", "1O")
    ]
    figure = values(project)["income", QINGSHAN]
    assert (figure.value, figure.unknown_rows) == (7, 1)


def test_two_returns_in_one_workbook_are_versioned_each_for_itself(
    project: Project,
) -> None:
    from semantics_world import FARM, VISIT, sheet
    from workbooks import workbook

    def both(income: str) -> bytes:
        return workbook(
            {
                "农情": sheet("农情表", FARM, "石桥镇", Q1, f"石桥村 {income} 1", "万元"),
                "走访": sheet("走访记录", VISIT, "石桥镇", Q1, "石桥村 V1 张三 - 2"),
            }
        )

    drop(project, "2026-04-03/一.xlsx", both("5"))
    drop(project, "2026-04-05/二.xlsx", both("6"))
    take(project)
    assert states(project) == {
        f"{SHIQIAO}-farm-2026Q1-v1": "superseded",
        f"{SHIQIAO}-visit-2026Q1-v1": "current",
        f"{SHIQIAO}-farm-2026Q1-v2": "current",
    }


# ------------------------------------------------------------------------------------------------ contradictions


@pytest.mark.parametrize(
    ("content", "options", "where", "words"),
    [
        (
            lambda: farm("石桥镇", Q1, "石桥村 5"),
            {"period_label": "2025Q4"},
            "农情 · B2",
            ("2025Q4", "2026Q1"),
        ),
        (
            lambda: farm("石桥镇", "", "石桥村 5", title="2026年第二季度农情表"),
            {"period_label": "2026Q1"},
            "农情 · A1",
            ("2026Q2", "2026Q1"),
        ),
        (lambda: farm("石桥镇", Q1, "石桥村 5"), {"unit": QINGSHAN}, "农情 · A2", ("青山镇", "石桥镇")),
        (lambda: farm("石桥镇", Q1, "石桥村 5", title="青山镇农情表"), {}, "农情 · A2", ("青山镇", "石桥镇")),
    ],
    ids=[
        "period against --quarter",
        "title against --quarter",
        "unit against --unit",
        "title against 填报单位",
    ],
)
def test_what_a_sheet_says_of_itself_must_agree_with_all_else(
    project: Project,
    content: Callable[[], bytes],
    options: dict[str, str],
    where: str,
    words: tuple[str, str],
) -> None:
    from semantics_world import quarter

    asked: dict[str, object] = {k: v for k, v in options.items() if k != "period_label"}
    if "period_label" in options:
        asked["period"] = quarter(options["period_label"])
    drop(project, "2026-04-03/一.xlsx", content())
    result = take(project, **asked)
    assert statuses(result) == {"一.xlsx": "refused"}
    (problem,) = [p for f in result.files for p in f.problems if p.severity != "note"]
    assert problem.check == "C05"
    assert str(problem.where) == f"returns/2026-04-03/一.xlsx · {where}"
    assert problem.expected in words
    assert all(word in problem.text("zh") for word in words), told(result)
    assert all(word in problem.text("en") for word in words)
    assert states(project) == {}


def test_last_quarters_file_under_this_quarters_name_is_refused(project: Project) -> None:
    drop(project, "2026-04-03/石桥镇2026年第一季度.xlsx", farm("石桥镇", "2025年第四季度", "石桥村 5"))
    result = take(project)
    assert set(statuses(result).values()) == {"refused"}
    assert "2025Q4" in told(result)[0]
    assert "2026Q1" in told(result)[0]


def test_last_quarters_file_in_this_quarters_folder_counts_for_the_quarter_it_states(
    project: Project,
) -> None:
    drop(project, "2026Q1/2026-04-03/石桥镇.xlsx", farm("石桥镇", "2025年第四季度", "石桥村 5"))
    take(project)
    assert list(states(project)) == [f"{SHIQIAO}-farm-2025Q4-v1"]
    assert returns(project, "farm")[SHIQIAO].status == "missing"


def test_amounts_are_stored_exactly(project: Project) -> None:
    drop(project, "2026-04-03/一.xlsx", roster("石桥镇", Q1, "石桥村 张三 - 0.1"))
    take(project)
    assert rows(project, "select pay from roster") == [(money("0.1"),)]
