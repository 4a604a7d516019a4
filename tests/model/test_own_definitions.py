"""An office's own definitions: anything built in can be changed or switched off, and one file is a form with all that belongs
to it. The pages that show it run in test_readme."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from textwrap import dedent

from ruralpb.app import define, definition_files
from ruralpb.app.define.explain import explained
from ruralpb.core.messages import languages
from ruralpb.core.problems import Problem
from ruralpb.model import loader
from ruralpb.model.loader import Definitions

TODAY = date(2026, 4, 30)
PROJECT = {
    "ruralpb.yaml": 'title: 示例\nunit: "990101"\ndue: [{forms: all}]\n',
    "units.csv": "code,name,level,parent_code,kind\n990101,示例县,county,,\n990101101,东镇,township,990101,镇\n",
}


def own(tmp_path: Path, **files: str) -> Path:
    """A project with the built-in library and these files in its `definitions/`."""
    for name, text in (PROJECT | {f"definitions/{n}.yaml": t for n, t in files.items()}).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(dedent(text), "utf-8")
    return tmp_path


def loaded(folder: Path, verified: bool = False) -> tuple[Definitions, list[Problem]]:
    found, problems = definition_files.read(loader.sources(folder), verified)
    return found, [p for p in problems if p.severity == "error"]


# ------------------------------------------------------------------------------------------------ one file

CLINICS = """\
form: clinic
title: 村卫生室报表
code: 示卫01表
row: village
frequency: quarter
time: flow
key: [village]
fields:
  - {id: village, title: 村名, type: village, required: true}
  - {id: visits, title: 门诊人次, type: int, measure: 人次, required: true, min: 0}
  - {id: doctors, title: 乡村医生数, type: int, measure: 人, time: point}
domain: {id: health, title: 卫生服务, order: 200}
standards:
  - {id: visits_line, title: 接诊过少, measure: 人次, values: {2026-01-01: {value: 10, source: 示例, checked_on: 2026-01-01}}}
checks:
  - {id: W01, severity: query, expr: visits >= standard('visits_line'), message: "{village}：门诊{visits}人次"}
indicators:
  - {id: clinic_visits, title: 门诊人次, numerator: sum(visits), measure: 人次, decimals: 0, better: higher}
watches:
  - {id: no_doctor, title: 无村医的村, watched: doctors = 0, cleared: doctors > 0}
lists:
  - {id: idle_clinics, title: 接诊过少的卫生室, relation: clinic, where: visits < 10, columns: {村: village, 人次: visits}}
period: 2026Q1
base: {clinic: {doctors: 1}}
cases:
  - {name: 接诊少要说明, given: {visits: 9}, expect: {W01: fail}, message: {W01: 甲村：门诊9人次}}
  - {name: 接诊正常, given: {visits: 10}, expect: {W01: pass}, values: {clinic_visits: 10}}
  - {name: 未填不判, given: {doctors: 0}, expect: {W01: unknown}}
"""


def test_one_file_is_a_form_with_all_that_belongs_to_it(tmp_path: Path) -> None:
    project = own(tmp_path, clinic=CLINICS)
    found, errors = loaded(project)
    assert errors == []
    library = found.library
    assert [c.id for c in library.forms["clinic"].checks] == ["W01"]
    assert (library.indicators["clinic_visits"].form, library.indicators["clinic_visits"].domain) == (
        "clinic",
        "health",
    )
    assert library.watches["no_doctor"].form == "clinic"
    assert {"visits_line"} <= set(library.standards)
    assert "idle_clinics" in library.lists
    results = define.test(project, ["clinic"])
    assert len(results) == 3
    assert all(result.holds for result in results)
    assert not any(result.left_out for result in results)


def test_cases_within_a_file_fail_as_others_do(tmp_path: Path) -> None:
    project = own(tmp_path, clinic=CLINICS.replace("visits >= standard", "visits > standard"))
    assert [r.name for r in define.test(project, ["W01"]) if not r.holds] == ["接诊正常"]


def test_a_slip_in_a_case_within_a_file_is_told_with_its_line(tmp_path: Path) -> None:
    project = own(tmp_path, clinic=CLINICS.replace("{visits: 9}", "{visit: 9}"))
    [problem] = [p for p in define.check(project, TODAY).problems if p.severity == "error"]
    line = CLINICS[: CLINICS.index("接诊少要说明")].count("\n") + 1
    assert (problem.where.file, problem.where.line) == ("definitions/clinic.yaml", line)


def test_a_key_that_no_file_has_is_told(tmp_path: Path) -> None:
    project = own(tmp_path, clinic=CLINICS.replace("indicators:", "indicator:"))
    assert [p.found for p in loaded(project)[1]] == ["indicator"]


# ------------------------------------------------------------------------------------------------ changed


def test_a_field_gets_an_alias_and_a_value_and_keeps_the_rest(tmp_path: Path) -> None:
    before = loader.load(loader.sources(None))[0].library.forms["issue"].by_id["kind"]
    values = ", ".join(v.value for v in before.values)
    project = own(
        tmp_path,
        issue=f"form: issue\nfields:\n  - {{id: kind, aliases: [存在的问题类型], values: [{values}, 驻村纪律]}}\n",
    )
    found, errors = loaded(project)
    after = found.library.forms["issue"].by_id["kind"]
    assert errors == []
    assert [a.text for a in after.aliases] == ["存在的问题类型"]
    assert [v.value for v in after.values] == [*(v.value for v in before.values), "驻村纪律"]
    assert (after.title, after.type, after.required) == (before.title, before.type, before.required)


def test_a_form_gets_a_field(tmp_path: Path) -> None:
    project = own(
        tmp_path,
        more="form: village_economy\nfields:\n  - {id: solar, title: 光伏收入, type: money, measure: 万元}\n",
    )
    found, errors = loaded(project)
    assert errors == []
    assert (
        found.library.forms["village_economy"].by_id["solar"].time
        == found.library.forms["village_economy"].time
    )


THRESHOLD = """\
standards:
  - id: weak_village_line
    values: {2018-01-01: {value: 8, source: 示例县委办〔2026〕1号, checked_on: 2026-04-01}}
"""


def test_a_built_in_case_about_a_changed_threshold_is_left_out(tmp_path: Path) -> None:
    project = own(tmp_path, threshold=THRESHOLD)
    results = define.test(project, ["R45", "R44"])
    assert all(result.holds for result in results)
    assert {result.left_out for result in results} == {True, False}


def test_an_own_case_says_what_the_changed_threshold_means(tmp_path: Path) -> None:
    cases = dedent("""\
        form: village_economy
        period: 2026Q4
        base: {village_economy: {weak_status: 薄弱村}}
        cases:
          - {name: 低于新标准, given: {operating_income: 7.99}, expect: {R45: pass}}
          - {name: 到了新标准, given: {operating_income: 8}, expect: {R45: fail}}
        """)
    project = own(tmp_path, threshold=THRESHOLD, **{"threshold.cases": cases})
    results = define.test(project, ["threshold"])
    assert len(results) == 2
    assert all(result.holds and not result.left_out for result in results)


def test_a_check_gets_another_message(tmp_path: Path) -> None:
    project = own(
        tmp_path, wording='checks:\n  - {id: R38, form: village_economy, message: "{village}：合计不对"}\n'
    )
    check = loaded(project)[0].library.checks["R38"]
    assert (check.message, check.severity, bool(check.expr)) == ("{village}：合计不对", "error", True)


# ------------------------------------------------------------------------------------------------ switched off


def test_what_is_switched_off_is_listed_as_off_and_nothing_else_is(tmp_path: Path) -> None:
    off = {
        "checks": "R38", "indicators": "weak_closed_n", "watches": "weak_villages", "scores": "ten_good", "lists": "unpaired_villages",
    }  # fmt: skip
    project = own(
        tmp_path, off="".join(f"{kind}:\n  - {{id: {id_}, enabled: false}}\n" for kind, id_ in off.items())
    )
    assert {d.kind: d.id for d in define.list_(project) if not d.enabled} == off


def test_a_form_goes_with_its_fields_and_checks(tmp_path: Path) -> None:
    project = own(tmp_path, clinic=CLINICS + "enabled: false\n")
    found, errors = loaded(project)
    assert "clinic" not in found.library.forms
    assert "W01" not in found.library.checks
    assert {(p.where.file, p.found) for p in errors} == {
        ("definitions/clinic.yaml", "clinic")
    }  # what counts it is told


def test_a_form_goes_without_complaint_when_what_counts_it_goes_too(tmp_path: Path) -> None:
    text = CLINICS.replace("better: higher}", "better: higher, enabled: false}").replace(
        "cleared: doctors > 0}", "cleared: doctors > 0, enabled: false}"
    )
    project = own(tmp_path, clinic=text.replace("visits}}", "visits}, enabled: false}") + "enabled: false\n")
    assert loaded(project)[1] == []


def test_a_field_that_is_switched_off_is_missed_by_the_check_that_reads_it(tmp_path: Path) -> None:
    field = "form: clinic\nfields: [{id: visits, enabled: false}]\n"
    two_tiers = {f"library/{n}": t for n, t in (("c.yaml", CLINICS),)} | {"definitions/off.yaml": field}
    found, problems = definition_files.read({n: t.encode() for n, t in two_tiers.items()})
    assert "visits" not in found.library.forms["clinic"].by_id
    line = CLINICS[: CLINICS.index("W01")].count("\n") + 1
    assert ("rule-name", line) in {(p.slug, p.where.line) for p in problems}
    gone = (
        field
        + "checks: [{id: W01, enabled: false}]\nindicators: [{id: clinic_visits, enabled: false}]\nlists: [{id: idle_clinics, enabled: false}]\n"
    )
    two_tiers["definitions/off.yaml"] = gone
    assert [
        p.slug
        for p in definition_files.read({n: t.encode() for n, t in two_tiers.items()})[1]
        if p.severity == "error"
    ] == []


def test_a_common_field_is_switched_off_for_one_form(tmp_path: Path) -> None:
    project = own(tmp_path, off="form: talent\nfields: [{id: note, enabled: false}]\n")
    forms = loaded(project)[0].library.forms
    assert "note" not in forms["talent"].by_id
    assert "note" in forms["project"].by_id


def test_a_standard_that_is_switched_off_is_missed_by_what_reads_it(tmp_path: Path) -> None:
    project = own(tmp_path, off="standards: [{id: weak_village_line, enabled: false}]\n")
    assert "'weak_village_line'" in {p.found for p in loaded(project)[1]}


def test_enabled_is_true_or_false(tmp_path: Path) -> None:
    project = own(tmp_path, off="form: issue\nenabled: 否\n")
    assert [p.slug for p in loaded(project)[1]] == ["definition-wants-flag"]


# ------------------------------------------------------------------------------------------------ shown


def test_a_watch_a_score_and_a_list_are_explained_in_both_languages() -> None:
    library = loader.load(loader.sources(None))[0].library
    for id_ in (*library.watches, *library.scores, *library.lists):
        said = explained(id_, library, ())
        assert said.id == id_
        assert said.keys
        assert all(said.sentences[lang] for lang in languages())


def test_a_score_shows_the_standards_of_its_grades() -> None:
    library = loader.load(loader.sources(None))[0].library
    shown = explained("party_stars", library, ())
    assert (shown.kind, [s.id for s in shown.standards][:1]) != ("", [])
    assert {line.split(" ")[-1] for line in dict(shown.keys)["lines"].split(", ")} == {
        s.id for s in shown.standards
    }
