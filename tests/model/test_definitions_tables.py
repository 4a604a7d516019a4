"""The register, targets and settings of a project: what is read, and how every slip is told with its line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from test_definitions import library, problems_of

from ruralpb.core.problems import CannotRun
from ruralpb.model import DueRule, loader
from ruralpb.model.loader import Definitions

UNITS = """\
code,name,level,parent_code,kind,aliases,valid_from,valid_to,successor,in_demo_zone
990101,示例县,county,,county,,,,,
990101101,东镇,township,990101,镇,东城镇;东关镇,,,,
990101101201,甲村,village,990101101,行政村,,,2024-12-31,990101101202,
990101101202,乙村,village,990101101,行政村,,,,,是
"""

SETTINGS = """\
title: 示例县乡村振兴统计
unit: 990101
due:
  - {forms: all, workday: 8, excused: [990101101201]}
  - {forms: [clinic], level: village, kinds: 行政村, periods: [quarter, year]}
holidays: [2026-04-06]
base_period: 2021年第一季度
ranking: {min_coverage: 85}
report: {issuer: 中共示例县委组织部, signed_on: 2026-04-20}
"""

TARGETS = "indicator,unit_code,period,value\nvisits_n,990101101,2026Q1,1200.5\n"


def project(units: str = UNITS, settings: str = SETTINGS, targets: str = TARGETS) -> dict[str, bytes]:
    own = {"units.csv": units, "ruralpb.yaml": settings, "targets.csv": targets}
    return library() | {name: text.encode() for name, text in own.items()}


def loaded(sources: dict[str, bytes]) -> Definitions:
    found, problems = loader.load(sources)
    assert [p.line("en") for p in problems] == []
    return found


def test_the_register_keeps_dates_aliases_and_successors() -> None:
    register = loaded(project()).register
    assert register.by_code["990101101"][0].aliases == ("东城镇", "东关镇")
    assert register.successor("990101101201", date(2026, 3, 31)) == "990101101202"
    assert [u.in_demo_zone for u in register.units] == [False, False, False, True]


def test_units_without_a_sort_number_keep_the_order_of_the_file() -> None:
    assert [u.sort_no for u in loaded(project()).register.units] == [1, 2, 3, 4]


def test_five_columns_are_enough_and_a_byte_order_mark_does_no_harm() -> None:
    units = "\ufeffcode,name,level,parent_code,kind\n990101,示例县,county,,county\n990101101,东镇,township,990101,镇\n"
    settings = SETTINGS.replace(", excused: [990101101201]", "")
    assert [u.name for u in loaded(project(units, settings)).register.units] == ["示例县", "东镇"]


def test_settings_are_read_and_all_forms_spelled_out() -> None:
    settings = loaded(project()).settings
    assert settings is not None
    assert settings.due == (
        DueRule(("clinic",), "township", 8, excused=("990101101201",)),
        DueRule(("clinic",), "village", kinds=("行政村",), periods=("quarter", "year")),
    )
    assert settings.holidays == (date(2026, 4, 6),)
    assert (settings.base_period, settings.ranking.min_coverage, settings.out) == (
        "2021Q1",
        Decimal(85),
        "out",
    )
    assert settings.report == {"issuer": "中共示例县委组织部", "signed_on": "2026-04-20"}


def test_targets_are_exact_and_their_periods_labels() -> None:
    [row] = loaded(project(targets=TARGETS.replace("2026Q1", "2026年第一季度"))).targets
    assert (row.indicator, row.unit_code, row.period, row.value) == (
        "visits_n",
        "990101101",
        "2026Q1",
        Decimal("1200.5"),
    )


UNIT_SLIPS = {
    "unknown level": (
        UNITS.replace("东镇,township", "东镇,townshp"),
        ("unit-level-unknown-near", 3, "townshp"),
    ),
    "parent missing": (
        UNITS.replace("甲村,village,990101101,", "甲村,village,770101101,"),
        ("unit-code-unknown-near", 4, "770101101"),
    ),
    **{
        f"name {name!r}": (UNITS.replace("甲村,village", f"{name},village"), ("table-cell-unsafe", 4, name))
        for name in (
            "../../甲村",
            "甲/村",
            "甲\\村",
            "C:甲村",
            ".甲村",
            "甲\x1b[2J村",
            "甲\u202e村",
            "甲*村",
            "..",
        )
    },
    "code that leads out": (
        UNITS.replace("990101101201,", "../990101101201,"),
        ("table-cell-unsafe", 4, "../990101101201"),
    ),
    "no parent": (UNITS.replace("甲村,village,990101101,", "甲村,village,,"), ("table-cell-empty", 4, "")),
    "parent not above": (
        UNITS.replace("甲村,village,990101101,", "甲村,village,990101101202,"),
        ("unit-parent-level", 4, "乙村"),
    ),
    "successor unknown": (
        UNITS.replace("2024-12-31,990101101202", "2024-12-31,880000000000"),
        ("unit-code-unknown", 4, "880000000000"),
    ),
    "successor of a unit that stands": (
        UNITS.replace("2024-12-31,990101101202", ",990101101202"),
        ("unit-successor-undated", 4, "990101101202"),
    ),
    "no day": (UNITS.replace("2024-12-31", "2024-12-32"), ("table-date", 4, "2024-12-32")),
    "rows of one code overlap": (
        UNITS + "990101101202,乙村,village,990101101,社区,,2025-01-01,,,\n",
        ("unit-rows-overlap", 6, "990101101202"),
    ),
    "flag": (UNITS.replace(",,,,是", ",,,,对"), ("table-flag", 5, "对")),
    "unknown column": (UNITS.replace(",aliases,", ",alias,"), ("table-column-unknown-near", 1, "alias")),
    "missing column": (UNITS.replace(",kind,", ",class,"), ("table-column-missing", 1, "kind")),
    "unquoted comma": (UNITS.replace("东镇,township", "东,镇,township"), ("table-row-long", 3, "11")),
}


@pytest.mark.parametrize("slip", UNIT_SLIPS)
def test_a_slip_in_the_register_is_told_with_its_line(slip: str) -> None:
    units, expected = UNIT_SLIPS[slip]
    assert expected in problems_of(project(units))


def test_a_unit_may_change_on_a_day() -> None:
    units = UNITS.replace(
        "乙村,village,990101101,行政村,,,,,是", "乙村,village,990101101,行政村,,,2024-12-31,,"
    )
    units += "990101101202,乙社区,village,990101101,社区,,2025-01-01,,,\n"
    register = loaded(project(units)).register
    unit = register.get("990101101202", date(2025, 1, 1))
    assert unit is not None
    assert unit.name == "乙社区"


def test_a_register_saved_by_an_old_excel_is_told_so() -> None:
    sources = project() | {"units.csv": UNITS.encode("gb18030")}
    assert ("definition-not-utf8", 2, "") in problems_of(sources)


SETTINGS_SLIPS = {
    "unknown key": (SETTINGS.replace("title:", "titel:"), ("definition-key-unknown-near", 1, "titel")),
    "unit not in the register": (
        SETTINGS.replace("unit: 990101", "unit: 990102"),
        ("unit-code-unknown-near", 2, "990102"),
    ),
    "form unknown": (
        SETTINGS.replace("[clinic]", "[clinics]"),
        ("definition-form-unknown-near", 5, "clinics"),
    ),
    "excused unknown": (
        SETTINGS.replace("[990101101201]", "[990101101209]"),
        ("unit-code-unknown-near", 4, "990101101209"),
    ),
    "nobody owes anything": (SETTINGS[: SETTINGS.index("due:")], ("settings-no-due", 1, "")),
    "days to answer in as they were called": (
        SETTINGS + "reminder_workdays: 2\n",
        ("definition-key-renamed", 10, "reminder_workdays"),
    ),
    "days to answer in among the words": (
        SETTINGS.replace("report: {", "report: {return_days: 3, "),
        ("definition-key-renamed", 9, "report: return_days"),
    ),
    "no days to answer in": (SETTINGS + "answer_workdays: 0\n", ("definition-wants-between", 10, "0")),
    "half a day": (SETTINGS + "answer_workdays: 1.5\n", ("definition-wants-between", 10, "1.5")),
    "half a lifetime": (SETTINGS + "answer_workdays: 1000\n", ("definition-wants-between", 10, "1000")),
    "no period": (SETTINGS.replace("2021年第一季度", "换届"), ("table-period", 7, "换届")),
}


@pytest.mark.parametrize("slip", SETTINGS_SLIPS)
def test_a_slip_in_the_settings_is_told_with_its_line(slip: str) -> None:
    settings, expected = SETTINGS_SLIPS[slip]
    assert expected in problems_of(project(settings=settings))


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("visit_n,990101101,2026Q1,1", ("definition-indicator-unknown-near", 2, "visit_n")),
        ("visits_n,88,2026Q1,1", ("unit-code-unknown", 2, "88")),
        ("visits_n,990101101,春天,1", ("table-period", 2, "春天")),
        ("visits_n,990101101,2026Q1,NaN", ("table-number", 2, "NaN")),
    ],
)
def test_a_slip_in_the_targets_is_told_with_its_line(row: str, expected: tuple[str, int, str]) -> None:
    assert expected in problems_of(project(targets=TARGETS.splitlines()[0] + f"\n{row}\n"))


def test_a_project_without_a_register_is_told_so() -> None:
    sources = project(targets=TARGETS.splitlines()[0])
    del sources["units.csv"]
    assert "register-missing" in [slug for slug, _, _ in problems_of(sources)]


def test_a_projects_own_library_replaces_the_built_in_one(tmp_path: Path) -> None:
    (tmp_path / "ruralpb.yaml").write_text(SETTINGS + "library: clinics\n", encoding="utf-8")
    (tmp_path / "units.csv").write_text(UNITS, encoding="utf-8")
    for name, content in library().items():
        path = tmp_path / name.replace("library/", "clinics/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (tmp_path / "definitions").mkdir()
    (tmp_path / "definitions" / "own.yaml").write_text(
        "checks: [{id: K01, severity: note}]\n", encoding="utf-8"
    )
    sources = loader.sources(tmp_path)
    assert sorted(sources) == [
        "clinics/forms/clinic.yaml",
        "clinics/forms/common.yaml",
        "clinics/indicators/health.yaml",
        "definitions/own.yaml",
        "ruralpb.yaml",
        "units.csv",
    ]
    found = loaded(sources)
    assert list(found.library.forms) == ["clinic"]
    assert found.library.checks["K01"].severity == "note"
    assert str(found.library.forms["clinic"].defined_at) == "clinics/forms/clinic.yaml:1"


def test_a_library_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "ruralpb.yaml").write_text(SETTINGS + "library: clincs\n", encoding="utf-8")
    (tmp_path / "units.csv").write_text(UNITS, encoding="utf-8")
    assert "library-empty" in [p.slug for p in loader.load(loader.sources(tmp_path))[1]]


def test_what_is_shipped_is_found_in_a_checkout_and_in_a_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (loader.shipped_path("samples") / "ruralpb.yaml").is_file()
    installed = tmp_path / "ruralpb"
    monkeypatch.setattr("ruralpb.model.loader.shipped._package", lambda: installed)
    with pytest.raises(CannotRun) as stopped:
        loader.shipped_path("samples")
    assert stopped.value.exit_code == 3
    (installed / "_shipped" / "samples").mkdir(parents=True)
    assert loader.shipped_path("samples") == installed / "_shipped" / "samples"


@pytest.mark.parametrize(
    ("documents", "slugs"),
    [
        ("2026Q1: {number: 沅组通〔2026〕5号, signed_on: 2026-04-15}", []),
        ("2026Q1: {number: 沅组通〔2026〕5号, signed_on: 2026-03-15}", ["document-date"]),
        ("2025Q4: {number: 沅组通〔2025〕5号, signed_on: 2026-01-15}", ["document-year"]),
        ("2026年一季度: {number: 沅组通〔2026〕5号}", ["table-period"]),
        (
            "2025Q4: {number: 沅组通〔2026〕5号, signed_on: 2026-01-15}\n  2026Q1: {number: 沅组通〔2026〕5号, signed_on: 2026-04-15}",
            ["document-number-twice"],
        ),
    ],
)
def test_number_and_date_belong_to_one_document(documents: str, slugs: list[str]) -> None:
    _, problems = loader.load(project(settings=f"{SETTINGS}documents:\n  {documents}\n"))
    assert [problem.slug for problem in problems] == slugs
    assert all(problem.text("zh") and problem.text("en") for problem in problems)
