"""Cases of definitions: what they say, how they run, how a slip in one is told; and `define list` and `define show`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from textwrap import dedent

import pytest
from test_definitions import library

from ruralpb.app import define
from ruralpb.app.define.trial import run
from ruralpb.core.problems import CannotRun
from ruralpb.model import loader
from ruralpb.model.loader import Case
from ruralpb.rules.definitions.case_misses import Miss
from ruralpb.store import ScratchEngine

EAST, WEST, OFFICE = "990101101", "990101102", "990101A01"

BASE = "period: 2026Q1\nbase: {clinic: {visits: 100, grade: 甲级}}\ncases:\n"


def read(
    text: str, top: str = BASE, name: str = "library/forms/clinic.cases.yaml"
) -> tuple[list[Case], list[str]]:
    """The cases of one file beside the small library, and the problems as slug:line."""
    sources = library() | {name: (top + dedent(text)).encode()}
    found, _ = loader.load(sources)
    cases, problems = loader.cases(sources, found.library)
    return list(cases), [f"{p.slug}:{p.where.line}" for p in problems]


def case(given: str, expected: str = "") -> Case:
    cases, problems = read(f"- name: x\n  given: {given}\n  {expected}\n")
    assert problems == []
    return cases[0]


# ------------------------------------------------------------------------------------------------ what a case says


def test_the_short_form_is_one_row_of_the_files_form_for_the_first_village() -> None:
    [returned] = case("{visits: 13}").given
    assert (returned.form, returned.reporter_code, returned.period.label) == ("clinic", EAST, "2026Q1")
    [row] = returned.rows
    assert (row["visits"], row["grade"], row["village_code"]) == (13, "甲级", "990101101201")


def test_rows_are_returned_by_the_townships_of_their_villages() -> None:
    given = case("{clinic: [{village: 甲村}, {village: 丁村}, {village: 乙村}]}").given
    assert [(r.reporter_code, len(r.rows)) for r in given] == [(EAST, 2), (WEST, 1)]
    assert {row["township_code"] for row in given[0].rows} == {EAST}


def test_an_office_reports_under_its_own_name() -> None:
    [returned] = case("{clinic: [{reporter: 县委组织部, visits: 1}]}").given
    assert returned.reporter_code == OFFICE
    assert returned.rows[0]["unit_code"] == OFFICE


def test_a_form_without_rows_is_a_nil_return_of_the_first_township() -> None:
    [returned] = case("{clinic: []}").given
    assert (returned.reporter_code, returned.rows) == (EAST, ())


def test_other_periods_are_named_after_the_form() -> None:
    given = case("{clinic: [{village: 甲村}], clinic@2025Q1: [{village: 甲村, visits: null}]}").given
    assert [r.period.label for r in given] == ["2026Q1", "2025Q1"]
    assert given[1].rows[0]["visits"] is None


def test_values_take_the_types_of_their_fields() -> None:
    common = (
        "common_fields:\n- {id: fee, title: 费用, type: money}\n- {id: since, title: 起始, type: month}\n"
    )
    common += "- {id: village, title: 村, type: village}\n- {id: open, title: 开放, type: bool}\n"
    name = "library/forms/clinic.cases.yaml"
    text = BASE + "- {name: x, given: {fee: 1.50, since: 2026-02, open: true}}\n"
    sources = library(common=common) | {name: text.encode()}
    cases, problems = loader.cases(sources, loader.load(sources)[0].library)
    assert problems == []
    row = cases[0].given[0].rows[0]
    assert (row["fee"], row["since"], row["open"]) == (Decimal("1.50"), date(2026, 2, 1), True)


def test_a_file_may_add_units_to_the_county() -> None:
    top = BASE.replace(
        "cases:", "units:\n- {code: 990101101203, name: 新村, level: village, parent_code: 990101101}\ncases:"
    )
    cases, problems = read("- {name: x, given: {clinic: [{village: 新村}]}}\n", top)
    assert problems == []
    assert cases[0].given[0].rows[0]["village_code"] == "990101101203"
    assert len(cases[0].register.units) == 13


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("- {name: x, given: {visit: 13}}", "definition-field-unknown-near:4"),
        ("- {name: x, given: {visits: 多}}", "definition-wants-integer:4"),
        ("- {name: x, given: {grade: 丙级}}", "definition-wants-choice:4"),
        ("- {name: x, given: {clinic: [{village: 甲}]}}", "case-unit-unknown-near:4"),
        ("- {name: x, given: {clinic: {village: 甲村}}}", "definition-wants-list:4"),
        ("- {name: x, given: {clinic@2026: [], clinic@春: []}}", "definition-wants-period:4"),
        ("- name: x\n  given: {visits: 1}\n  expect: {K01: passed}", "definition-wants-choice-near:6"),
        ("- name: x\n  given: {visits: 1}\n  expect: {K1: pass}", "definition-id-unknown-near:6"),
        ("- name: x\n  given: {visits: 1}\n  values: {visit_n: 1}", "definition-indicator-unknown-near:6"),
        ("- name: x\n  given: {visits: 1}\n  expects: {K01: pass}", "definition-key-unknown-near:6"),
    ],
)
def test_a_slip_in_a_case_is_told_with_its_line(text: str, slug: str) -> None:
    assert read(text)[1] == [slug]


# ------------------------------------------------------------------------------------------------ how a case runs


def missed(text: str) -> tuple[Miss, ...]:
    cases, problems = read(text)
    assert problems == []
    with ScratchEngine() as engine:
        result = run(cases[0], loader.load(library())[0].library, engine)
    assert result.problems == ()
    return result.misses


def test_a_case_that_comes_out_as_expected_misses_nothing() -> None:
    text = """\
        - name: x
          given: {clinic: [{village: 甲村, visits: 13}, {village: 乙村, visits: 5001}, {village: 丁村, visits: null}]}
          expect: {K01: {甲村: pass, 乙村: fail, 东镇: fail, 西镇: unknown}}
          message: {K01: 乙村：诊疗5001人次，请核实}
          values: {visits_n: {东镇: 5014}}
        """
    assert missed(text) == ()


def test_a_case_tells_what_came_out_instead() -> None:
    text = """\
        - name: x
          given: {clinic: [{village: 甲村, visits: 13}, {village: 丁村, visits: null}]}
          expect: {K01: pass}
          message: {K01: 甲村太忙}
          values: {visits_n: {东镇: 14}}
        """
    assert missed(text) == (
        Miss("K01", "", "pass", "unknown"),
        Miss("K01", "", "甲村太忙", "—"),
        Miss("visits_n", "东镇", "14", "13"),
    )


def test_a_form_that_is_not_given_is_missing_and_has_no_value() -> None:
    assert missed("- {name: x, given: {clinic@2025Q4: []}, values: {visits_n: null}}") == ()


# ------------------------------------------------------------------------------------------------ the built-in library


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working folder that lies in no project."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RURALPB_PROJECT", raising=False)


@pytest.mark.usefixtures("nowhere")
def test_without_a_project_the_built_in_library_is_meant() -> None:
    checked = define.check(None, date(2026, 11, 22))
    assert [p.line("en") for p in checked.problems] == []
    assert checked.counts["cases"] > 200


@pytest.mark.usefixtures("nowhere")
@pytest.mark.parametrize(
    "file", ["committee", "issue", "resident", "training_attend", "training_class", "village_economy"]
)
def test_the_cases_of_the_built_in_forms_hold(file: str) -> None:
    wrong = [(str(r.where), r.name, r.misses, r.problems) for r in define.test(None, [file]) if not r.holds]
    assert wrong == []


@pytest.mark.usefixtures("nowhere")
@pytest.mark.parametrize(
    "file", ["cadres", "collective_economy", "governance", "resident_support", "training"]
)
def test_the_cases_of_the_built_in_indicators_hold(file: str) -> None:
    wrong = [(str(r.where), r.name, r.misses, r.problems) for r in define.test(None, [file]) if not r.holds]
    assert wrong == []


@pytest.mark.usefixtures("nowhere")
def test_only_the_cases_that_mention_an_id_are_run() -> None:
    results = define.test(None, ["R38"])
    assert 0 < len(results) < 20


@pytest.mark.usefixtures("nowhere")
def test_an_id_no_case_mentions_is_told_with_the_nearest() -> None:
    with pytest.raises(CannotRun, match="Did you mean 'R38'"):
        define.test(None, ["R388"])


# ------------------------------------------------------------------------------------------------ list, show


@pytest.mark.usefixtures("nowhere")
def test_a_list_says_what_each_definition_belongs_to() -> None:
    forms = {one.id: one.about for one in define.list_(None, "forms")}
    assert forms["village_economy"] == "县农季08表"
    everything = define.list_(None)
    assert {one.kind for one in everything} == set(define.KINDS)
    with pytest.raises(CannotRun, match="forms"):
        define.list_(None, "form")


@pytest.mark.usefixtures("nowhere")
def test_an_indicator_is_explained_by_its_formula_standard_and_cases() -> None:
    shown = define.show(None, "strong_village_n")
    assert shown.kind == "indicator"
    assert "经营性收益50万元以上的村数" in shown.sentences["zh"]
    assert "standard('strong_village_line')" in shown.sentences["en"]
    [line] = shown.standards
    assert "力争2023年底" in line.values[0].source
    assert shown.where.file == "library/indicators/collective_economy.yaml"
    assert any("强村" in name for name, _ in shown.cases)
    assert dict(shown.keys)["measure"] == "个"


@pytest.mark.usefixtures("nowhere")
def test_a_check_a_form_a_field_and_a_standard_are_explained() -> None:
    kinds = {
        id_: define.show(None, id_).kind
        for id_ in ("R38", "C01", "committee", "committee.status", "weak_village_line")
    }
    assert list(kinds.values()) == ["check", "check", "form", "field", "standard"]
    assert "经营性收入合计" in define.show(None, "R38").sentences["zh"]


@pytest.mark.usefixtures("nowhere")
def test_what_is_not_there_is_told_with_the_nearest() -> None:
    with pytest.raises(CannotRun, match="Did you mean 'weak_village_n'"):
        define.show(None, "weak_vilage_n")


def test_a_projects_own_definitions_are_meant_inside_it(tmp_path: Path) -> None:
    (tmp_path / "ruralpb.yaml").write_text(
        "title: x\nunit: 990101\nlibrary: own\ndue: [{forms: all}]\n", encoding="utf-8"
    )
    (tmp_path / "units.csv").write_text(
        "code,name,level,parent_code,kind\n990101,示例县,county,,\n", encoding="utf-8"
    )
    for name, content in library().items():
        path = tmp_path / name.replace("library/", "own/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (tmp_path / "own" / "clinic.cases.yaml").write_text(
        BASE + "- {name: x, given: {visits: 13}, expect: {K01: fail}}\n", encoding="utf-8"
    )
    assert define.check(tmp_path, date(2026, 11, 22)).counts == {
        "forms": 1,
        "checks": 1,
        "indicators": 1,
        "standards": 1,
        "watches": 0,
        "scores": 0,
        "lists": 0,
        "cases": 1,
    }
    [result] = define.test(tmp_path, [])
    assert result.misses == (Miss("K01", "", "fail", "pass"),)
