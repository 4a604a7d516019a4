"""Checks that ask whether everything is there: C01 returns, C02 villages, C04 required fields, C07 in time, F01 once only,
`range` within the field's bounds.

Each gives rows of `plan.COLUMNS`; what is right is not listed, except the returns (C01) and villages (C02) that are there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from ruralpb.core.periods import Period
from ruralpb.core.phrases import phrases
from ruralpb.core.sql import identifier, literal
from ruralpb.model import Check, Field, Form, Library
from ruralpb.model.form_relation import CELL_COLUMNS
from ruralpb.model.records import EVERY_FIELD
from ruralpb.rules import engine
from ruralpb.rules.checks.plan import Plan, Shown
from ruralpb.rules.expressions import Scope, key_columns, resolve
from ruralpb.rules.expressions.build import key_text

Builder = Callable[[Check, Form, Library, Period], Iterator[Plan]]

CELL = f"row({', '.join(f'{{0}}.{column}' for column in CELL_COLUMNS)})"
_NOWHERE = "[row(cast(NULL AS VARCHAR), cast(NULL AS INTEGER), cast(NULL AS INTEGER), {reporter}, {unit}, {township})]"


_PHRASES = phrases("checks")


def said(phrase: str, *words: object) -> str:
    """Return a phrase of `library/phrases/checks.yaml`."""
    return _PHRASES[phrase].format(*words)


def said_literal(phrase: str, *words: object) -> str:
    """Return a phrase as SQL."""
    return literal(said(phrase, *words))


def _missing_returns(check: Check, form: Form, _: Library, period: Period) -> Iterator[Plan]:
    """C01: who owes the form and has no current submission."""
    cells = _NOWHERE.format(reporter="d.reporter_code", unit="d.reporter_code", township="u.township_code")
    sql = engine.statement(
        "check_missing_returns",
        cells=cells,
        found=said_literal("returns.found"),
        expected=said_literal("returns.expected"),
        **_names(form, period),
    )
    shown = (Shown("unit", "text"), Shown("form", "text"), Shown("due", "date"), *_FOUND_EXPECTED)
    yield own_plan(check, form, period, sql, shown, said("returns.requires"))


_FOUND_EXPECTED = (Shown("found", "text"), Shown("expected", "text"))


def _missing_villages(check: Check, form: Form, _: Library, period: Period) -> Iterator[Plan]:
    """C02: villages of the register without a row in their township's return, where each owes one or at least one."""
    if not (form.village_row or form.every_village):
        return
    owes = said("villages.one" if form.village_row else "villages.some")
    kinds = ", ".join(map(literal, form.village_kinds))
    owed = f"AND v.kind IN ({kinds})" if kinds else ""
    cells = _NOWHERE.format(reporter="r.reporter_code", unit="v.village_code", township="v.township_code")
    sql = engine.statement(
        "check_missing_villages",
        cells=cells,
        owed=owed,
        found=said_literal("villages.found"),
        expected=literal(owes),
        **_names(form, period),
    )
    shown = (Shown("village", "text"), Shown("township", "text"), Shown("form", "text"), *_FOUND_EXPECTED)
    yield own_plan(check, form, period, sql, shown, said("villages.requires", owes))


def _required(check: Check, form: Form, library: Library, period: Period) -> Iterator[Plan]:
    """C04: required fields left blank, `required_when` true (unknown when it is). A refused cell is reported as refused."""
    branches = []
    for item in form.fields_in(period):
        if not (item.required or item.required_when):
            continue
        condition = "TRUE"
        if item.required_when:
            resolved = resolve(
                item.required_when, Scope(library, form.id, period, alias="f", where=item.defined_at)
            )
            condition = f"({resolved.sql})"
        branches.append(
            engine.statement(
                "check_required",
                condition=condition,
                name=identifier(item.id),
                found=said_literal("required.found"),
                expected=said_literal("required.expected"),
                **_field_names(form, item, period),
            )
        )
    if branches:
        names = ("form", "row", "header", "village", "township")
        shown = (*(Shown(n, "text") for n in names), *_FOUND_EXPECTED)
        yield own_plan(check, form, period, _union(branches, form), shown, said("required.requires"))


def _late(check: Check, form: Form, _: Library, period: Period) -> Iterator[Plan]:
    """C07: received after the due date; {days} are calendar days."""
    cells = _NOWHERE.format(reporter="d.reporter_code", unit="d.reporter_code", township="u.township_code")
    sql = engine.statement("check_late", cells=cells, **_names(form, period))
    shown = (Shown("unit", "text"), Shown("form", "text"), Shown("days", "number"), *_FOUND_EXPECTED)
    yield own_plan(check, form, period, sql, shown, said("late.requires"))


def _twice(check: Check, form: Form, _: Library, period: Period) -> Iterator[Plan]:
    """F01: rows with equal keys (S9). A person who is not known by number or by an unambiguous name is compared with nobody."""
    keys = key_columns(form)
    shown_key = [_shown_key(form, k) for k in form.key if k != "reporter"] or ["any_value(f.reporter_code)"]
    known = " AND f.person_key IS NOT NULL" if "person_key" in keys else ""
    sql = engine.statement(
        "check_twice",
        key=key_text(keys, "f"),
        field=literal(next((k for k in form.key if k in form.by_id), form.fields[0].id)),
        cell=CELL.format("f"),
        shown_key=", ".join(shown_key),
        lines=said_literal("twice.lines"),
        expected=said_literal("twice.expected"),
        known=known,
        columns=", ".join(f"f.{identifier(k)}" for k in keys),
        **_names(form, period),
    )
    shown = (
        Shown("form", "text"),
        Shown("key", "text"),
        Shown("n", "number"),
        Shown("rows", "text"),
        *_FOUND_EXPECTED,
    )
    # Whatever adds up the rows counts one of them too often.
    yield replace(own_plan(check, form, period, sql, shown, said("twice.requires")), fields=(EVERY_FIELD,))


def _shown_key(form: Form, key: str) -> str:
    """Return the SQL of what a person calls the key: names, never numbers of persons."""
    if key == "person_key":
        return "any_value(f.name)" if "name" in form.by_id else "'****'"
    return f"cast(any_value(f.{identifier(key)}) AS VARCHAR)"


def _range(check: Check, form: Form, _: Library, period: Period) -> Iterator[Plan]:
    """range: values outside the field's own bounds, both inclusive."""
    branches = []
    for item in form.fields_in(period):
        low, high = _bounds(item, period)
        if low is None and high is None:
            continue
        name = f"f.{identifier(item.id)}"
        tests = [f"{name} < {_sql(low)}"] if low is not None else []
        tests += [f"{name} > {_sql(high)}"] if high is not None else []
        bounds = _between(low, high)
        value = (
            f"strftime({name}, '%Y-%m-%d')" if item.type in ("date", "month") else f"cast({name} AS VARCHAR)"
        )
        branches.append(
            engine.statement(
                "check_range",
                tests=" OR ".join(tests),
                found=_trimmed(value, item),
                expected=literal(bounds),
                **_field_names(form, item, period),
            )
        )
    if branches:
        names = ("form", "row", "header", "village", "township")
        shown = (
            *(Shown(n, "text") for n in names),
            Shown("found", "text", said("value")),
            Shown("expected", "text"),
        )
        yield own_plan(check, form, period, _union(branches, form), shown, said("range.requires"))


def _bounds(item: Field, period: Period) -> tuple[Decimal | date | None, Decimal | date | None]:
    if item.type in ("date", "month"):
        return item.min_date, period.end if item.max_date == "end" else item.max_date
    return item.min, item.max


def _sql(bound: Decimal | date) -> str:
    return format(bound, "f") if isinstance(bound, Decimal) else f"DATE '{bound.isoformat()}'"


def _between(low: Decimal | date | None, high: Decimal | date | None) -> str:
    if low is not None and high is not None:
        return said("range.between", low, high)
    return said("range.least", low) if low is not None else said("range.most", high)


def _trimmed(value: str, item: Field) -> str:
    """Return the SQL of a number's text without trailing zeros."""
    if item.type not in ("money", "number", "percent"):
        return value
    return f"rtrim(rtrim({value}, '0'), '.')"


def _row_key(form: Form) -> str:
    return key_text([*key_columns(form), "ordinal"], "f")


def _union(branches: list[str], form: Form) -> str:
    return engine.statement(
        "check_branches", branches="\nUNION ALL\n".join(branches), name=identifier(f"_{form.id}")
    )


def _names(form: Form, period: Period) -> dict[str, str]:
    """What every statement about a form is told: its rows, id and title, and the period."""
    return {
        "rows": identifier(form.id),
        "form": literal(form.id),
        "title": literal(form.title),
        "period": literal(period.label),
    }


def _field_names(form: Form, item: Field, period: Period) -> dict[str, str]:
    """What a statement about one field is told besides."""
    return _names(form, period) | {
        "key": _row_key(form),
        "mark": literal(f"|{item.id}"),
        "field": literal(item.id),
        "header": literal(item.title),
        "cell": CELL.format("f"),
    }


def own_plan(
    check: Check, form: Form, period: Period, sql: str, shown: tuple[Shown, ...], requires: str
) -> Plan:
    """Return the plan of a check that is no expression."""
    return Plan(check, form.id, period.label, sql, shown, requires, f"{check.id}:{form.id}")


PLANS: dict[str, Builder] = {
    "C01": _missing_returns,
    "C02": _missing_villages,
    "C04": _required,
    "C07": _late,
    "F01": _twice,
    "range": _range,
}
"""Check id → its builder."""
