"""Reading definitions: what is understood, and how every slip is told with its line and what was perhaps meant."""

from __future__ import annotations

import pickle
from datetime import date
from decimal import Decimal
from textwrap import dedent

import pytest

from ruralpb.app import definition_files
from ruralpb.model import Band, loader
from ruralpb.model.loader import Definitions

CLINIC = """\
form: clinic
title: 卫生室情况表
code: 县卫01表
row: village
frequency: quarter
time: year_to_date
key: [village]
fields:
  - id: visits
    title: 诊疗人次
    aliases: [门诊人次, {text: 就诊人次, from: 2025-01-01, to: 2025-12-31}]
    type: int
    measure: 人次
    required: true
    min: 0
    max: 100000
  - id: grade
    title: 等级
    type: enum
    values: [甲级, {value: 乙级, synonyms: [二级]}]
    time: point
checks:
  - id: K01
    severity: query
    expr: visits <= 5000
    at: visits
    message: "{village}：诊疗{visits}人次，请核实"
"""

COMMON = """\
common_fields:
  - {id: township, title: 乡镇, type: township, aliases: [填报单位]}
  - {id: village, title: 村, type: village}
  - {id: note, title: 备注, type: text, aliases: [说明]}
"""

HEALTH = """\
domain: {id: health, title: 卫生, order: 10}
standards:
  - id: busy_line
    title: 繁忙线
    measure: 人次
    values:
      2020-01-01: {value: 100, source: 县卫〔2020〕1号, checked_on: 2026-01-05}
      2024-01-01: {value: 200.5, source: 县卫〔2024〕3号, checked_on: 2026-01-05, to: 2025-12-31}
indicators:
  - id: visits_n
    title: 诊疗人次
    form: clinic
    numerator: sum(visits)
    measure: 人次
"""


def library(**changed: str) -> dict[str, bytes]:
    """The small library above as sources; a changed file by its keyword."""
    files = {
        "library/forms/clinic.yaml": changed.get("clinic", CLINIC),
        "library/forms/common.yaml": changed.get("common", COMMON),
        "library/indicators/health.yaml": changed.get("health", HEALTH),
    }
    return {name: dedent(text).encode() for name, text in files.items()}


def project(own: str, **changed: str) -> dict[str, bytes]:
    """The small library with one file of the project's own."""
    return library(**changed) | {"definitions/own.yaml": dedent(own).encode()}


def loaded(sources: dict[str, bytes]) -> Definitions:
    found, problems = definition_files.read(sources)
    assert [p.line("en") for p in problems] == []
    return found


def problems_of(sources: dict[str, bytes]) -> list[tuple[str, int | None, str]]:
    """(slug, line, found) of every problem. Each must also be sayable in both languages."""
    found = definition_files.read(sources)[1]
    for problem in found:
        assert problem.line("zh")
        assert problem.line("en")
    return [(p.slug, p.where.line, p.found) for p in found]


# ------------------------------------------------------------------------------------------------ what is read


def test_a_form_with_its_fields_and_checks() -> None:
    form = loaded(library()).library.forms["clinic"]
    visits = form.by_id["visits"]
    assert (visits.title, visits.measure, visits.required, visits.max) == (
        "诊疗人次",
        "人次",
        True,
        Decimal(100000),
    )
    assert visits.aliases[1].text == "就诊人次"
    assert visits.aliases[1].dated.end == date(2025, 12, 31)
    assert form.by_id["grade"].values[1].synonyms == ("二级",)
    assert form.checks[0].id == "K01"
    assert str(visits.defined_at) == "library/forms/clinic.yaml:9"
    assert str(form.checks[0].defined_at) == "library/forms/clinic.yaml:23"


def test_every_form_has_the_common_fields_units_first() -> None:
    form = loaded(library()).library.forms["clinic"]
    assert [f.id for f in form.fields] == ["township", "village", "visits", "grade", "note"]


def test_a_form_says_otherwise_of_a_common_field_by_the_keys_that_differ() -> None:
    clinic = CLINIC.replace("fields:\n", "fields:\n  - {id: village, required: true}\n")
    village = loaded(library(clinic=clinic)).library.forms["clinic"].by_id["village"]
    assert (village.required, village.title) == (True, "村")


def test_a_header_the_form_uses_itself_is_no_alias_of_a_common_field() -> None:
    clinic = CLINIC.replace("aliases: [门诊人次,", "aliases: [说明,")
    note = loaded(library(clinic=clinic)).library.forms["clinic"].by_id["note"]
    assert note.aliases == ()


def test_numbers_accumulate_as_their_form_does_unless_they_say_otherwise() -> None:
    form = loaded(library()).library.forms["clinic"]
    assert {f.id: f.time for f in form.fields} == {
        "township": "point",
        "village": "point",
        "visits": "year_to_date",
        "grade": "point",
        "note": "point",
    }


def test_a_form_whose_rows_are_villages_is_owed_a_row_by_each() -> None:
    assert loaded(library()).library.forms["clinic"].village_row
    persons = CLINIC.replace("row: village", "row: person")
    assert not loaded(library(clinic=persons)).library.forms["clinic"].village_row


def test_a_standard_ends_on_the_day_it_says() -> None:
    line = loaded(library()).library.standards["busy_line"]
    in_force = {day: line.on(day) for day in (date(2019, 12, 31), date(2023, 12, 31), date(2025, 12, 31))}
    assert [v.value if v else None for v in in_force.values()] == [None, Decimal(100), Decimal("200.5")]
    assert line.on(date(2026, 1, 1)) is None
    assert line.ended(date(2025, 12, 31)) is None
    assert line.ended(date(2026, 1, 1)) == line.ended(date(2030, 6, 30)) == date(2025, 12, 31)


def test_a_standard_may_be_an_ordered_list_of_bands() -> None:
    bands = """\
        domain: {id: health, title: 卫生}
        standards:
          - id: bands
            title: 分档
            measure: 人次
            values:
              2020-01-01:
                value: [{title: 少, high: 10}, {title: 中, low: 10, high: 20}, {title: 多, low: 20}]
                source: 县卫〔2020〕1号
                checked_on: 2026-01-05
        """
    value = loaded(library(health=bands)).library.standards["bands"].on(date(2026, 1, 1))
    assert value is not None
    assert value.value == (
        Band("少", None, Decimal(10)),
        Band("中", Decimal(10), Decimal(20)),
        Band("多", Decimal(20), None),
    )


def test_an_indicators_condition_holds_for_a_denominator_of_the_same_form_only() -> None:
    health = """\
        domain: {id: health, title: 卫生}
        indicators:
          - {id: a, title: 甲, form: clinic, where: visits > 0, measure: "%",
             numerator: {expr: count(*), where: grade = '甲级'}, denominator: count(*)}
          - {id: b, title: 乙, form: clinic, where: visits > 0, measure: "%",
             numerator: count(*), denominator: {of: ref_village, expr: count(*)}}
        """
    a, b = loaded(library(health=health)).library.indicators.values()
    assert a.numerator is not None
    assert a.numerator.where == "(visits > 0) and (grade = '甲级')"
    assert a.denominator is not None
    assert (a.denominator.of, a.denominator.where) == ("clinic", "visits > 0")
    assert b.denominator is not None
    assert (b.denominator.of, b.denominator.where) == ("ref_village", "")


def test_an_indicator_takes_the_time_of_its_form_and_the_domain_of_its_file() -> None:
    indicator = loaded(library()).library.indicators["visits_n"]
    assert (indicator.time, indicator.domain, indicator.decimals) == ("year_to_date", "health", 0)


def test_domains_stand_in_the_order_of_the_briefing() -> None:
    more = {"library/indicators/a.yaml": "domain: {id: later, title: 后, order: 20}".encode()}
    assert list(loaded(library() | more).library.domains.items()) == [("health", "卫生"), ("later", "后")]


def test_a_code_needs_no_quotes_and_keeps_its_zeros() -> None:
    clinic = CLINIC.replace("code: 县卫01表", "code: 007")
    assert loaded(library(clinic=clinic)).library.forms["clinic"].code == "007"


def test_yes_and_no_are_words() -> None:
    clinic = CLINIC.replace("[甲级, {value: 乙级, synonyms: [二级]}]", "[yes, no]")
    values = loaded(library(clinic=clinic)).library.forms["clinic"].by_id["grade"].values
    assert [v.value for v in values] == ["yes", "no"]


# ------------------------------------------------------------------------------------------------ project over library


def test_a_project_overrides_by_id_only_the_keys_it_gives() -> None:
    own = """\
        checks:
          - {id: K01, severity: note}
        standards:
          - id: busy_line
            values: {2020-01-01: {value: 50, source: 本县, checked_on: 2026-02-01}}
        indicators:
          - {id: visits_n, enabled: false}
        """
    found = loaded(project(own)).library
    assert found.checks["K01"].severity == "note"
    assert found.checks["K01"].expr == "visits <= 5000"
    assert found.forms["clinic"].checks[0].severity == "note"
    assert str(found.checks["K01"].defined_at) == "definitions/own.yaml:2"
    assert [v.value for v in found.standards["busy_line"].values] == [Decimal(50)]
    assert not found.indicators["visits_n"].enabled


def test_a_project_extends_a_form() -> None:
    own = """\
        form: clinic
        fields:
          - {id: visits, max: 10}
          - {id: beds, title: 床位数, type: int}
        checks:
          - {id: K02, severity: note, expr: beds >= 0, message: "{village}：{beds}"}
        """
    form = loaded(project(own)).library.forms["clinic"]
    assert [f.id for f in form.fields] == ["township", "village", "visits", "grade", "beds", "note"]
    assert (form.by_id["visits"].max, form.by_id["visits"].title) == (Decimal(10), "诊疗人次")
    assert [c.id for c in form.checks] == ["K01", "K02"]


def test_an_overridden_key_is_told_at_the_line_that_overrides_it() -> None:
    [problem] = loader.load(project("checks:\n  - id: K01\n    severity: eror\n"))[1]
    assert str(problem.where) == "definitions/own.yaml:3"
    assert "error" in problem.text("en")


# ------------------------------------------------------------------------------------------------ what is refused

SLIPS = {
    "unknown key, near": (
        CLINIC.replace("measure:", "mesure:"),
        ("definition-key-unknown-near", 13, "mesure"),
    ),
    "unknown key": (CLINIC.replace("measure:", "xyz:"), ("definition-key-unknown", 13, "xyz")),
    "missing key": (CLINIC.replace("    title: 等级\n", ""), ("definition-key-missing", 17, "")),
    "wrong choice": (CLINIC.replace("type: int", "type: itn"), ("definition-wants-choice-near", 12, "itn")),
    "text for a flag": (
        CLINIC.replace("required: true", "required: 是"),
        ("definition-wants-flag", 14, "是"),
    ),
    "yes for a flag": (
        CLINIC.replace("required: true", "required: yes"),
        ("definition-wants-flag", 14, "yes"),
    ),
    "text for a number": (CLINIC.replace("min: 0", "min: 零"), ("definition-wants-number", 15, "零")),
    "word for a list": (
        CLINIC.replace("[甲级, {value: 乙级, synonyms: [二级]}]", "甲级"),
        ("definition-wants-list", 20, "甲级"),
    ),
    "impossible date": (
        CLINIC.replace("2025-12-31", "2025-02-30"),
        ("definition-wants-day", 11, "2025-02-30"),
    ),
    "dates reversed": (
        CLINIC.replace("2025-12-31", "2024-12-31"),
        ("definition-span-reversed", 11, "2024-12-31"),
    ),
    "key twice": (CLINIC.replace("min: 0", "type: int"), ("definition-key-twice", 15, "type")),
    "field twice": (CLINIC.replace("id: grade", "id: visits"), ("definition-id-twice", 17, "visits")),
    "system column": (CLINIC.replace("id: grade", "id: period"), ("field-id-reserved", 17, "period")),
    "key of no field": (
        CLINIC.replace("[village]", "[vilage]"),
        ("definition-field-unknown-near", 1, "vilage"),
    ),
    "mark on no field": (CLINIC.replace("at: visits", "at: visit"), ("rule-name", 23, "visit")),
    "placeholder": (CLINIC.replace("{visits}", "{visists}"), ("rule-name", 23, "visists")),
    "expression in a message": (
        CLINIC.replace("{visits}", "{visits+1}"),
        ("rule-name", 23, "visits+1"),
    ),
    "braces": (
        CLINIC.replace("{visits}", "{visits"),
        ("definition-wants-template", 27, "{village}：诊疗{visits人次，请核实"),
    ),
    "name in an expression": (CLINIC.replace("expr: visits", "expr: vists"), ("rule-name", 23, "vists")),
    "group key": (CLINIC.replace("    at:", "    over: [gradee]\n    at:"), ("rule-name", 23, "gradee")),
    "check without expression": (
        CLINIC.replace("    expr: visits <= 5000\n", ""),
        ("definition-key-missing", 23, ""),
    ),
    "header of two fields": (
        CLINIC.replace("title: 等级", "title: 门诊 人次："),
        ("header-claimed-twice", 17, "门诊 人次："),
    ),
    "enum word twice": (CLINIC.replace("[二级]", "[甲级]"), ("enum-word-twice", 17, "甲级")),
    "anchor and alias": (
        CLINIC.replace("min: 0", "min: &low 0").replace("max: 100000", "max: *low"),
        ("definition-alias", 15, ""),
    ),
    "merge key": (CLINIC.replace("min: 0", "<<: {min: 0}"), ("definition-key-unknown", 15, "<<")),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_told_with_its_line(slip: str) -> None:
    clinic, expected = SLIPS[slip]
    assert expected in problems_of(library(clinic=clinic))


HEALTH_SLIPS = {
    "unknown form": (
        HEALTH.replace("form: clinic", "form: clinc"),
        ("definition-form-unknown-near", 10, "clinc"),
    ),
    "unknown domain": (
        HEALTH.replace("    form: clinic", "    domain: helth\n    form: clinic"),
        ("definition-domain-unknown-near", 10, "helth"),
    ),
    "breakdown": (HEALTH + "    by: grad\n", ("rule-name", 10, "grad")),
    "no numerator": (
        HEALTH.replace("    numerator: sum(visits)\n", ""),
        ("indicator-numerator-or-derived", 10, "visits_n"),
    ),
    "a sum over two forms broken down": (
        HEALTH.replace(
            "numerator: sum(visits)", "parts: [sum(visits), {of: ref_village, expr: count(*)}]\n    by: grade"
        ),
        ("indicator-parts-by", 10, "visits_n"),
    ),
    "standard nobody checked": (
        HEALTH.replace("1号, checked_on: 2026-01-05", "1号"),
        ("standard-no-checked_on", 7, "2020-01-01"),
    ),
    "standard without source": (
        HEALTH.replace("source: 县卫〔2020〕1号, ", ""),
        ("standard-no-source", 7, "2020-01-01"),
    ),
    "standard with a gap": (
        HEALTH.replace("100,", "100, to: 2022-12-31,"),
        ("standard-gap", 7, "2023-01-01"),
    ),
    "standards that overlap": (
        HEALTH.replace("100,", "100, to: 2024-12-31,"),
        ("standard-overlap", 7, "2024-12-31"),
    ),
}


@pytest.mark.parametrize("slip", HEALTH_SLIPS)
def test_a_slip_among_indicators_and_standards_is_told(slip: str) -> None:
    health, expected = HEALTH_SLIPS[slip]
    assert expected in problems_of(library(health=health))


@pytest.mark.parametrize(
    ("content", "slug"),
    [
        (b"form: [", "definition-syntax"),
        (b"- a\n- b\n", "definition-not-a-mapping"),
        ("form: 卫生室".encode("gb18030"), "definition-not-utf8"),
        (b"# " + b"x" * (1 << 20), "definition-file-too-large"),
        (b"[" * 5000, "definition-syntax"),
        (b"form: !!python/object:os.system ls", "definition-syntax"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_problem(content: bytes, slug: str) -> None:
    found = loader.load(library() | {"library/forms/bad.yaml": content})[1]
    assert [(p.slug, p.where.file) for p in found] == [(slug, "library/forms/bad.yaml")]


def test_a_line_reads_like_a_compilers() -> None:
    clinic = CLINIC.replace("measure:", "mesure:")
    [problem] = loader.load(library(clinic=clinic))[1]
    assert problem.line("en") == (
        "library/forms/clinic.yaml:13: there is no key 'mesure'. Did you mean 'measure'? [definition-key-unknown-near]"
    )
    assert problem.line("zh") == (
        "library/forms/clinic.yaml:13：没有名为“mesure”的键，是否想写“measure”？ [definition-key-unknown-near]"
    )


# ------------------------------------------------------------------------------------------------ the whole


def test_the_built_in_library_has_nothing_wrong() -> None:
    found = loaded(loader.sources(None))
    assert {"village_economy", "committee", "training_class", "training_attend", "resident", "issue"} <= set(
        found.library.forms
    )
    assert found.settings is None


def test_definitions_travel_to_a_worker() -> None:
    found = loaded(library())
    assert pickle.loads(pickle.dumps(found)) == found


def test_the_hash_changes_with_any_source() -> None:
    hashes = {loaded(s).hash for s in (library(), library(), library(common=COMMON + "\n"))}
    assert len(hashes) == 2
