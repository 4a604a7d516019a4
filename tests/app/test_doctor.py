"""The definition doctor: definitions that are each right by themselves and yet make no sense together."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ruralpb.app import define, definition_files
from ruralpb.rules.definitions.doctor import examine

TODAY = date(2026, 11, 22)
FORM = """\
form: farm
title: 农情表
code: 示01表
row: village
frequency: quarter
time: flow
key: [village]
fields:
  - {{id: village, title: 村名, type: village, required: true}}
  - {{id: income, title: 收入, type: money, measure: 万元, required: true, min: 0, max: 1000}}
  - {{id: cost, title: 支出, type: money, measure: 万元, min: 0}}
  - {{id: tax, title: 税费, type: money, measure: 元, min: 0}}
  - {{id: people, title: 人数, type: int, measure: 人, required: true, min: 0}}
  - {{id: state, title: 状态, type: enum, required: true, values: [好, 差]}}
  - {{id: since, title: 起始日期, type: date}}
checks:
{checks}
"""
INDICATORS = """\
domain: {{id: farming, title: 农情}}
indicators:
{indicators}
"""


def check(id_: str, expr: str, severity: str = "error", where: str = "") -> str:
    condition = f', where: "{where}"' if where else ""
    return f'  - {{id: {id_}, severity: {severity}, expr: "{expr}"{condition}, message: "{{village}}"}}\n'


def indicator(id_: str, numerator: str, denominator: str = "", measure: str = "万元") -> str:
    below = f', denominator: "{denominator}"' if denominator else ""
    return (
        f'  - {{id: {id_}, title: {id_}, form: farm, numerator: "{numerator}"{below}, '
        f'measure: "{measure}", decimals: 1, better: higher}}\n'
    )


def told(*checks: str, indicators: str = "", extra: str = "") -> list[tuple[str, str, str]]:
    """Slug, what it is about, what is beside it."""
    files = {
        "library/forms/farm.yaml": FORM.format(checks="".join(checks) or check("A0", "income >= 1")),
        "library/indicators/farming.yaml": INDICATORS.format(
            indicators=indicators or indicator("income_total", "sum(income)")
        )
        + extra,
    }
    library, problems = definition_files.read({name: text.encode() for name, text in files.items()})
    assert [p for p in problems if p.severity == "error"] == []
    return [(p.slug, p.found, p.expected) for p in examine(library.library, TODAY)]


SOUND = (check("A1", "cost <= income"), check("A2", "people > 0 or income = 0"))


def test_sound_definitions_raise_no_doubt() -> None:
    assert told(*SOUND) == []


@pytest.mark.parametrize("expr", [
    "income >= 0", "income < 1000.01", "people >= 0 and income >= -5", "state in ('好', '差')",
    "abs(income) >= 0", "cost is null or cost >= 0", "coalesce(cost, 0) >= 0", "income <= 1000 or cost > 5",
])  # fmt: skip
def test_a_check_the_bounds_already_hold_can_never_fail(expr: str) -> None:
    assert told(check("A1", expr)) == [("check-never-fails", "A1", "")]


@pytest.mark.parametrize("expr", ["income > 1000", "people < 0", "income > 5 and income < 5"])
def test_a_check_no_row_can_satisfy(expr: str) -> None:
    assert told(check("A1", expr)) == [("check-never-passes", "A1", "")]


@pytest.mark.parametrize(("one", "other"), [
    ("income > people", "income < people"), ("state = '好'", "state = '差'"), ("cost >= income + 1", "cost <= income"),
])  # fmt: skip
def test_two_checks_that_cannot_both_hold(one: str, other: str) -> None:
    assert told(check("A1", one), check("A2", other)) == [("check-contradicts", "A1", "A2")]


def test_checks_for_different_rows_do_not_contradict() -> None:
    good = check("A1", "income > people", where="state = '好'")
    bad = check("A2", "income < people", where="state = '差'")
    assert told(good, bad) == []


def test_a_weaker_check_is_implied_by_a_stronger() -> None:
    assert told(check("A1", "income >= 10"), check("A2", "income >= 5")) == [("check-implied", "A2", "A1")]


def test_a_milder_check_does_not_make_a_severe_one_redundant() -> None:
    assert told(check("A1", "income >= 10", "note"), check("A2", "income >= 5")) == []


def test_what_may_be_blank_implies_nothing() -> None:
    """Where cost is blank A1 is unknown, and A2 still has something to say."""
    assert told(check("A1", "income - cost >= 5"), check("A2", "income >= 5")) == []


def test_values_from_elsewhere_may_be_anything() -> None:
    assert told(check("A1", "income >= previous(income)"), check("A2", "income <= last_year(income)")) == []


def test_one_formula_under_two_ids() -> None:
    found = told(check("A1", "cost <= income"), check("A2", "支出 <= 收入"))
    assert ("formula-twice", "A2", "A1") in found
    two = indicator("a", "sum(income)") + indicator("b", "SUM( income )")
    assert told(*SOUND, indicators=two) == [("formula-twice", "b", "a")]


@pytest.mark.parametrize(("text", "slug"), [
    (indicator("a", "sum(income + tax)"), "measures-mixed"),
    (indicator("a", "sum(cost)", "sum(tax)", "%"), "measures-clash"),
    (indicator("a", "sum(cost)", "sum(people)", "%"), "measures-clash"),
    (indicator("a", "sum(tax)"), "measures-clash"),
])  # fmt: skip
def test_measures_that_do_not_fit(text: str, slug: str) -> None:
    ((found, about, _),) = told(*SOUND, indicators=text)
    assert (found, about) == (slug, "a")


@pytest.mark.parametrize("text", [
    indicator("a", "sum(cost)", "sum(income)", "%"), indicator("a", "sum(income)", "sum(people)"),
    indicator("a", "count(*) filter (where income > 5)", "sum(people)", "%"),
    indicator("a", "sum(income) filter (where tax > 100)"),
])  # fmt: skip
def test_measures_that_fit(text: str) -> None:
    assert told(*SOUND, indicators=text) == []


@pytest.mark.parametrize(("checked_on", "stale"), [("2025-11-01", True), ("2026-01-01", False)])
def test_a_standard_nobody_has_looked_up_for_a_year(checked_on: str, stale: bool) -> None:
    standard = (
        "standards:\n  - {id: line, title: 标准线, measure: 万元, "
        f"values: {{2018-01-01: {{value: 5, source: 某文件, checked_on: {checked_on}}}}}}}\n"
    )
    expected = [("standard-stale", "line", checked_on)] if stale else []
    assert told(*SOUND, extra=standard) == expected


def test_the_built_in_library_raises_no_doubt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert [p.line() for p in define.check(None, TODAY).problems] == []
