"""Published validation rules, written in our YAML, give the published verdicts: the 18 rules of the European Statistical System's
proof of concept (tests/published/ess.yaml), DHIS2's strategies for missing values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from ruralpb import checks, definitions, periods
from ruralpb.definitions.cases import EAST, REGISTER, case_settings
from ruralpb.model import Library
from ruralpb.store.scratch import Given, scratch

Q1 = periods.of("quarter", date(2026, 3, 31))
VERDICTS = {"pass": "v", "fail": "i", "unknown": "u"}
VILLAGE = next(unit for unit in REGISTER.units if unit.level == "village")


def a_form(id_: str, number: int, fields: Mapping[str, str], rules: Mapping[str, Mapping[str, Any]]) -> bytes:
    """The YAML of one form and of the checks of it."""
    return yaml.safe_dump(
        {
            "form": id_, "title": id_, "code": str(number), "row": "record", "frequency": "quarter", "time": "point",
            "key": ["record"],
            "fields": [
                {"id": "record", "title": "record", "type": "int", "required": True},
                *({"id": name, "title": name, "type": kind} for name, kind in fields.items()),
            ],
            "checks": [
                {"id": check, "severity": "error", "message": "{record}" if "over" not in rule else check}
                | {key: value for key, value in rule.items() if key != "form"}
                for check, rule in rules.items() if rule["form"] == id_
            ],
        }
    ).encode()  # fmt: skip


def library(forms: Mapping[str, Mapping[str, str]], rules: Mapping[str, Mapping[str, Any]]) -> Library:
    sources = {
        f"library/{id_}.yaml": a_form(id_, n, fields, rules) for n, (id_, fields) in enumerate(forms.items())
    }
    found, problems = definitions.load(sources)
    assert [str(problem) for problem in problems if problem.severity == "error"] == []
    return found.library


def judged(
    known: Library, check: str, returned: Mapping[str, Sequence[Sequence[Any]]], forms: Mapping[str, Any]
) -> str:
    """The verdicts of a check on one township's returns, in order of the records."""
    settings = case_settings(known)
    place = {"township_code": EAST, "village_code": VILLAGE.code, "village": VILLAGE.name}
    given = [
        Given(EAST, form, Q1, tuple(
            {"record": n} | place | dict(zip(forms[form], map(_exact, values), strict=True)) for n, values in enumerate(rows, 1)
        ))
        for form, rows in returned.items()
    ]  # fmt: skip
    plans, problems = checks.plans(known, REGISTER, settings, Q1, only={check})
    assert problems == []
    with scratch(known, REGISTER, settings, Q1, given) as session:
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
