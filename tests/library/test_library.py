"""What the built-in library promises about itself, read from the library alone."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from itertools import groupby
from pathlib import Path
from string import Formatter

from ruralpb.app import definition_files
from ruralpb.model import Check, Field, loader
from ruralpb.model.loader import Case, Definitions

FORMS = {
    *("village_economy", "issue", "committee", "training_class", "training_attend", "resident"),
    *("village_gov", "service", "evaluation", "summary"),
    *("party_org", "talent", "support", "project"),
}

NEVER_UNKNOWN = {
    "R20": "a blank pay is allowed and nothing else is read",
    "R35": "a blank end of term is allowed and nothing else is read",
    "R50": "a gain without its basis fails; a blank gain and a blank upper end are allowed",
}
"""Checks whose only operand passes when it is blank."""

OUTCOMES = ("pass", "fail", "unknown")


@cache
def built_in() -> Definitions:
    found, problems = definition_files.read(loader.sources(None))
    assert [problem.line("en") for problem in problems] == []
    return found


@cache
def built_in_cases() -> tuple[Case, ...]:
    found, problems = loader.cases(loader.sources(None), built_in().library)
    assert [problem.line("en") for problem in problems] == []
    return found


def sql_checks() -> list[Check]:
    return [check for check in built_in().library.checks.values() if check.stage == "sql"]


def expected_of(check: str) -> set[str]:
    found: set[str] = set()
    for case in built_in_cases():
        outcome = case.expect.get(check, {})
        found |= {outcome} if isinstance(outcome, str) else set(outcome.values())
    return found


def test_the_library_loads_without_a_problem_and_has_its_forms() -> None:
    assert set(built_in().library.forms) == FORMS


def test_every_check_has_a_case_for_each_outcome() -> None:
    lacking = {
        check.id: missing
        for check in sql_checks()
        if (missing := [o for o in OUTCOMES if o not in expected_of(check.id)])
    }
    assert lacking == {check: ["unknown"] for check in NEVER_UNKNOWN}


def test_every_indicator_has_a_case_with_a_value() -> None:
    given = {id_ for case in built_in_cases() for id_, value in case.values.items() if has_value(value)}
    assert set(built_in().library.indicators) - given == set()


def has_value(value: object) -> bool:
    return any(v is not None for v in value.values()) if isinstance(value, Mapping) else value is not None


def test_case_names_are_sentences_and_told_apart_within_a_file() -> None:
    names: dict[str, list[str]] = defaultdict(list)
    for case in built_in_cases():
        names[case.where.file].append(case.name)
    for file, found in names.items():
        assert len(found) == len(set(found)), file
        assert all(re.search(r"[\u4e00-\u9fff]", name) and len(name) >= 6 for name in found), file


def fields_of(check: Check) -> Mapping[str, Field]:
    return built_in().library.forms[check.form].by_id


def test_a_check_is_called_what_a_circular_would_call_the_fault() -> None:
    titles = {check.id: check.title for check in built_in().library.checks.values()}
    assert titles
    assert {id_: title for id_, title in titles.items() if not re.search(r"[\u4e00-\u9fff]{2}", title)} == {}
    assert {id_: title for id_, title in titles.items() if len(title) > 16} == {}
    assert {id_: title for id_, title in titles.items() if re.search(r"[{}。；：，！]", title)} == {}


def test_no_two_checks_of_a_form_are_called_alike() -> None:
    titles: dict[tuple[str, str], list[str]] = defaultdict(list)
    for check in built_in().library.checks.values():
        titles[check.form, check.title].append(check.id)
    assert {key: ids for key, ids in titles.items() if len(ids) > 1} == {}


READING = ("intake", "returns/versions.py")
"""Where files become rows."""


def test_every_rule_by_which_reading_notes_or_refuses_has_a_name() -> None:
    package = Path(loader.__file__).parents[2]
    paths = [package / part for part in READING]
    files = [file for path in paths for file in (path.rglob("*.py") if path.is_dir() else [path])]
    rules = {rule for file in files for rule in re.findall(r'"([CDF]\d{2,3})"', file.read_text("utf-8"))}
    assert len(rules) > 50
    assert rules - set(built_in().library.checks) == set()


def printed_by(check: Check) -> set[str]:
    """The names whose values a check's message prints."""
    return {name for _, name, _, _ in Formatter().parse(check.message) if name}


def test_no_message_prints_an_id_number_or_a_phone_number() -> None:
    printing = {}
    for check in sql_checks():
        secret = {f.id for f in fields_of(check).values() if f.type in ("id_card", "phone")}
        shown = {text.strip() for text in check.show.values()}
        printing[check.id] = (printed_by(check) | shown) & secret
    assert printing
    assert {id_: names for id_, names in printing.items() if names} == {}


def test_a_message_says_whom_or_what_it_is_about_and_uses_all_it_shows() -> None:
    assert [check.id for check in sql_checks() if not printed_by(check)] == []
    unused = {check.id: set(check.show) - printed_by(check) for check in sql_checks()}
    assert {id_: names for id_, names in unused.items() if names} == {}


def test_every_number_from_a_document_states_its_source_and_when_it_was_checked() -> None:
    for standard in built_in().library.standards.values():
        for value in standard.values:
            assert value.source, standard.id
            assert value.value is None or value.checked_on, standard.id


def test_every_standard_an_expression_names_is_defined() -> None:
    library = built_in().library
    texts = [t for c in sql_checks() for t in (c.expr, c.where, *c.show.values())]
    texts += [
        a.expr + a.where for i in library.indicators.values() for a in (i.numerator, i.denominator) if a
    ]
    named = {name for text in texts for name in re.findall(r"standard\('(\w+)'\)", text)}
    assert named - set(library.standards) == set()
    assert len(named) >= 10


def test_a_header_never_moves_an_age_or_amount_across_its_bound() -> None:
    """60岁以上 is not 61岁及以上, 35岁以下 is not 35岁及以下 (semantics, corrections)."""
    words = {a.text for form in built_in().library.forms.values() for f in form.fields for a in f.aliases}
    assert [word for word in words if re.search(r"\d+岁以[上下]", word)] == []


def test_money_and_counts_say_in_what_they_are_measured_and_between_which_bounds() -> None:
    for form in built_in().library.forms.values():
        for field in form.fields:
            if field.numeric:
                assert field.measure, (form.id, field.id)
                assert None not in (field.min, field.max), (form.id, field.id)


def test_columns_under_one_heading_stand_together_and_are_two_at_least() -> None:
    for form in built_in().library.forms.values():
        columns = [f for f in form.fields if f.type not in ("village", "township")]
        groups = [(name, len(list(members))) for name, members in groupby(columns, lambda f: f.group) if name]
        assert len(groups) == len(dict(groups)), form.id
        assert all(number > 1 for _, number in groups), (form.id, groups)


def test_personal_fields_are_marked() -> None:
    for form in built_in().library.forms.values():
        for field in form.fields:
            if field.type in ("id_card", "phone"):
                assert field.sensitive == "sensitive", (form.id, field.id)
            if field.id in ("name", "birth", "sex"):
                assert field.sensitive == "personal", (form.id, field.id)


WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
"""GB 11643."""


def test_nobody_in_the_cases_can_be_a_real_person() -> None:
    """Area code 999999 is assigned to nobody; a wrong check digit stands only where a case is about one."""
    for case in built_in_cases():
        for row in (row for returned in case.given for row in returned.rows):
            number = row.get("id_card")
            if number is None:
                continue
            assert number.startswith("999999"), case.name
            total = sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False))
            is_right = number[17] == "10X98765432"[total % 11]
            assert is_right or "校验位错误" in case.name, case.name


def test_a_breakdown_never_takes_rows_out_of_the_whole() -> None:
    """A row whose class is unknown leaves the figure too (semantics S4): so the class is asked for wherever the row counts."""
    library = built_in().library
    for indicator in library.indicators.values():
        fields = library.forms[indicator.form].by_id if indicator.by else {}
        for cut in indicator.by:
            used = [f for f in fields.values() if re.search(rf"\b{f.id}\b", cut)]
            assert used, indicator.id
            assert all(f.required or f.required_when for f in used), (indicator.id, cut)
