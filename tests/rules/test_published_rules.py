"""Published validation rules, written in our YAML, give the published verdicts: the 18 rules of the European Statistical System's
proof of concept (tests/rules/published/ess.yaml), DHIS2's strategies for missing values and periods, errorlocate's examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from scratch_session import scratch

from ruralpb.app import definition_files
from ruralpb.core import periods
from ruralpb.model import Library
from ruralpb.model.loader.cases import EAST, case_register, case_settings
from ruralpb.rules import checks, localisation
from ruralpb.store import Given
from ruralpb.store.session import Session

Q1 = periods.of("quarter", date(2026, 3, 31))
VERDICTS = {"pass": "v", "fail": "i", "unknown": "u"}
VILLAGE = next(unit for unit in case_register().units if unit.level == "village")


def a_form(id_: str, number: int, fields: Mapping[str, Any], rules: Mapping[str, Mapping[str, Any]]) -> bytes:
    """The YAML of one form and of the checks of it."""
    return yaml.safe_dump(
        {
            "form": id_, "title": id_, "code": str(number), "row": "record", "frequency": "quarter", "time": "point",
            "key": ["record"],
            "fields": [
                {"id": "record", "title": "record", "type": "int", "required": True},
                *({"id": name, "title": name} | (kind if isinstance(kind, dict) else {"type": kind}) for name, kind in fields.items()),
            ],
            "checks": [
                {"id": check, "severity": "error", "message": "{record}" if "over" not in rule else check}
                | {key: value for key, value in rule.items() if key != "form"}
                for check, rule in rules.items() if rule["form"] == id_
            ],
        }
    ).encode()  # fmt: skip


def library(forms: Mapping[str, Mapping[str, Any]], rules: Mapping[str, Mapping[str, Any]]) -> Library:
    sources = {
        f"library/{id_}.yaml": a_form(id_, n, fields, rules) for n, (id_, fields) in enumerate(forms.items())
    }
    found, problems = definition_files.read(sources)
    assert [str(problem) for problem in problems if problem.severity == "error"] == []
    return found.library


def returned_to(
    known: Library, returned: Mapping[str, Sequence[Sequence[Any]]], forms: Mapping[str, Any]
) -> Session:
    """One township's returns, a list of values a record."""
    place = {"township_code": EAST, "village_code": VILLAGE.code, "village": VILLAGE.name}
    given = [
        Given(EAST, form, Q1, tuple(
            {"record": n} | place | dict(zip(forms[form], map(_exact, values), strict=True)) for n, values in enumerate(rows, 1)
        ))
        for form, rows in returned.items()
    ]  # fmt: skip
    return scratch(known, case_register(), case_settings(known), Q1, given)


def judged(
    known: Library, check: str, returned: Mapping[str, Sequence[Sequence[Any]]], forms: Mapping[str, Any]
) -> str:
    """The verdicts of a check on one township's returns, in order of the records."""
    plans, problems = checks.plans(known, case_register(), case_settings(known), Q1, only={check})
    assert problems == []
    with returned_to(known, returned, forms) as session:
        found = [v for plan in plans for v in checks.evaluate(plan, session.query) if v.check == check]
    found.sort(key=lambda v: min(position for _, _, position, _ in v.cells))
    return " ".join(VERDICTS[v.outcome] for v in found)


def _exact(value: Any) -> Any:
    return Decimal(str(value)) if isinstance(value, float) else value


# ------------------------------------------------------------------------------------------------ ESS

ESS = yaml.safe_load((Path(__file__).parent / "published" / "ess.yaml").read_text("utf-8"))
LEVELS = {"h": "high", "m": "medium", "l": "low", "~": None}


@cache
def ess() -> Library:
    return library(ESS["forms"], {f"ESS{n:02}": rule for n, rule in ESS["rules"].items()})


def test_each_of_the_18_rules_is_judged_and_each_that_can_fail_does() -> None:
    assert sorted(ESS["rules"]) == sorted({one["rule"] for one in ESS["sets"]}) == list(range(1, 19))
    assert {one["rule"] for one in ESS["sets"] if "i" in one["verdicts"]} == set(range(1, 19))


@pytest.mark.parametrize("one", ESS["sets"], ids=lambda one: f"rule {one['rule']}: {one['verdicts']}")
def test_a_rule_of_the_ess_gives_the_published_verdict_on_every_record(one: Mapping[str, Any]) -> None:
    returned = {form: rows for form, rows in one.items() if form in ESS["forms"]}
    if isinstance(returned.get("level"), str):
        returned["level"] = [[LEVELS[word]] for word in returned["level"].split()]
    assert judged(ess(), f"ESS{one['rule']:02}", returned, ESS["forms"]) == one["verdicts"]


# ------------------------------------------------------------------------------------------------ DHIS2

# Strategies for missing values: dhis2/dhis2-core, ExpressionServiceTest.testMissingValueStrategy. a is 3, b is 13, the others are
# missing; None: the rule is skipped. Here nothing is skipped unseen: an expression that lacks a value is unknown, a form says in
# `where` which rows a check is about, and `coalesce` counts a blank as zero where the field allows blanks.
MISSING = [
    ("a", (3, 3, 3)),
    ("a b", (16, 16, 16)),
    ("a b c", (None, 16, 16)),
    ("c d e", (None, None, 0)),
    ("e", (None, None, 0)),
]
DATUM = dict.fromkeys("abcde", "int")


def strategies(names: Sequence[str]) -> tuple[dict[str, str], ...]:
    """Skip if any is missing, skip if all are missing, never skip: the sum and the rows it is taken of."""
    filled = " + ".join(f"coalesce({name}, 0)" for name in names)
    return (
        {"sum": " + ".join(names)},
        {"sum": filled, "where": " or ".join(f"{name} is not null" for name in names)},
        {"sum": filled},
    )


@pytest.mark.parametrize(("names", "published"), MISSING)
def test_a_sum_with_missing_values_is_what_dhis2_says(names: str, published: tuple[int | None, ...]) -> None:
    rules: dict[str, dict[str, Any]] = {}
    wanted: dict[str, str] = {}
    for strategy, (said, value) in enumerate(zip(strategies(names.split()), published, strict=True)):
        rest = {"form": "datum"} | {key: text for key, text in said.items() if key != "sum"}
        skipped = "" if "where" in said else "u"
        for id_, compared, verdict in (
            (f"D{strategy}Y", value or 0, "v"),
            (f"D{strategy}N", (value or 0) + 1, "i"),
        ):
            rules[id_] = rest | {"expr": f"{said['sum']} = {compared}"}
            wanted[id_] = skipped if value is None else verdict
    known = library({"datum": DATUM}, rules)
    returned = {"datum": [[3, 13, None, None, None]]}
    assert {id_: judged(known, id_, returned, {"datum": DATUM}) for id_ in rules} == wanted


@pytest.mark.parametrize(("kind", "on", "before"), [
    ("month", date(2001, 7, 15), (date(2001, 6, 1), date(2001, 6, 30))),
    ("quarter", date(2001, 7, 15), (date(2001, 4, 1), date(2001, 6, 30))),
    ("month", date(2026, 1, 31), (date(2025, 12, 1), date(2025, 12, 31))),
    ("quarter", date(2025, 1, 1), (date(2024, 10, 1), date(2024, 12, 31))),
])  # fmt: skip
def test_the_period_before_is_dhis2s_last_period(
    kind: periods.Kind, on: date, before: tuple[date, date]
) -> None:
    """dhis2/dhis2-core, RelativePeriodsTest (LAST_MONTH, LAST_QUARTER of 15 July 2001); dhis2-python-client, test_calendar_utils."""
    previous = periods.of(kind, on).previous()
    assert (previous.start, previous.end) == before


# ------------------------------------------------------------------------------------------------ errorlocate

PROFIT = ("profit + cost = turnover", "cost - 0.6 * turnover >= 0", "cost >= 0", "profit >= 0")
PERSON = ("age > 0", "income <= 0 or age > 16")


@pytest.mark.parametrize(("fields", "rules", "row", "suspect"), [
    ({"profit": 1, "cost": 1, "turnover": 1}, PROFIT, [755, 125, 200], {"profit"}),
    ({"age": 1, "income": 2}, PERSON, [15, 2000], {"age"}),
    ({"age": 2, "income": 1}, PERSON, [15, 2000], {"income"}),
    ({"age": 1, "income": 1}, PERSON, [-10, 0], {"age"}),
    ({"age": 1, "income": 1}, PERSON, [25, 3000], set()),
])  # fmt: skip
def test_the_suspect_cells_of_a_return_are_errorlocates(
    fields: Mapping[str, int], rules: Sequence[str], row: Sequence[int], suspect: set[str]
) -> None:
    """The examples in the documentation of the R package errorlocate (de Jonge and van der Loo, 1.1), from the definition with the
    `weight` of its fields and the row returned. Each example fails one rule: `validate` itself asks where a row fails several."""
    typed = {name: {"type": "int", "weight": weight} for name, weight in fields.items()}
    known = library(
        {"located": typed}, {f"L{n}": {"form": "located", "expr": text} for n, text in enumerate(rules)}
    )
    with returned_to(known, {"located": [row]}, {"located": typed}) as session:
        plans, _ = checks.plans(known, case_register(), case_settings(known), Q1, only=set(known.checks))
        failed = [v for plan in plans for v in checks.evaluate(plan, session.query) if v.outcome == "fail"]
        rows = {v.cells[0][:3]: frozenset(one.check for one in failed) for v in failed}
        own = list(known.checks.values())
        rules = localisation.EditRules(known.forms["located"], known, case_register(), Q1)
        located = localisation.locate_errors(rules, own, rows, session.query).located
    assert {field for location in located for _, field in location.cells} == suspect
