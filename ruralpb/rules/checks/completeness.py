"""Checks that ask whether everything is there: C01 returns, C02 villages, C04 required fields, C07 in time, F01 once only,
`range` within the field's bounds.

Each gives rows of `plan.COLUMNS`; what is right is not listed, except the returns (C01) and villages (C02) that are there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

from ruralpb.core.periods import Period
from ruralpb.model import Check, Field, Form, Library
from ruralpb.rules.checks.plan import Plan, Shown
from ruralpb.rules.checks.relation import key_text, quoted
from ruralpb.rules.expressions import Scope, key_columns, resolve

Builder = Callable[[Check, Form, Library, Period], Iterator[Plan]]

CELL = "row({0}.submission, {0}.block, {0}.position, {0}.reporter_code, {0}.unit_code, {0}.township_code)"
_NOWHERE = "[row(cast(NULL AS VARCHAR), cast(NULL AS INTEGER), cast(NULL AS INTEGER), {reporter}, {unit}, {township})]"


def literal(text: str) -> str:
    """Return a string literal."""
    return "'" + text.replace("'", "''") + "'"


def _missing_returns(check: Check, form: Form, _: Library, period: Period) -> Iterator[Plan]:
    """C01: who owes the form and has no current submission."""
    cells = _NOWHERE.format(reporter="d.reporter_code", unit="d.reporter_code", township="u.township_code")
    sql = f"""
SELECT r.submission IS NOT NULL AS outcome, d.reporter_code AS key, d.reporter_code AS unit, '' AS field,
       {cells} AS cells, u.name AS unit_name, {literal(form.title)} AS form, d.due_date, '未报送' AS found, '按期报送' AS expected
FROM due AS d
LEFT JOIN returns AS r ON r.form = d.form AND r.period = d.period AND r.reporter_code = d.reporter_code
LEFT JOIN ref_unit AS u ON u.code = d.reporter_code
WHERE d.form = {literal(form.id)} AND d.period = {literal(period.label)}
ORDER BY d.reporter_code"""
    shown = (Shown("unit", "text"), Shown("form", "text"), Shown("due", "date"), *_FOUND_EXPECTED)
    yield _plan(check, form, period, sql, shown, "应报的报表都已报送")


_FOUND_EXPECTED = (Shown("found", "text"), Shown("expected", "text"))


def _missing_villages(check: Check, form: Form, _: Library, period: Period) -> Iterator[Plan]:
    """C02: villages of the register without a row in their township's return, where each owes one or at least one."""
    if not (form.village_row or form.every_village):
        return
    owes = "每村一行" if form.village_row else "每村至少一行"
    kinds = ", ".join(map(literal, form.village_kinds))
    owed = f"AND v.kind IN ({kinds})" if kinds else ""
    cells = _NOWHERE.format(reporter="r.reporter_code", unit="v.village_code", township="v.township_code")
    sql = f"""
SELECT f.village_code IS NOT NULL AS outcome, v.village_code AS key, v.village_code AS unit, 'village' AS field,
       {cells} AS cells, v.village, v.township, {literal(form.title)} AS form, '没有该村的行' AS found, '{owes}' AS expected
FROM ref_village AS v
JOIN returns AS r ON r.reporter_code = v.township_code
LEFT JOIN (SELECT DISTINCT village_code FROM {quoted(form.id)} WHERE period = {literal(period.label)}) AS f
  ON f.village_code = v.village_code
WHERE r.form = {literal(form.id)} AND r.period = {literal(period.label)} {owed}
ORDER BY v.village_code"""
    shown = (Shown("village", "text"), Shown("township", "text"), Shown("form", "text"), *_FOUND_EXPECTED)
    yield _plan(check, form, period, sql, shown, f"应填报的村（社区）{owes}")


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
        name = quoted(item.id)
        branches.append(f"""
SELECT CASE WHEN {condition} THEN FALSE END AS outcome, {_row_key(form)} || '|{item.id}' AS key, f.unit_code AS unit,
       '{item.id}' AS field, [{CELL.format("f")}] AS cells, {literal(form.title)} AS form, f.position + 1 AS row,
       {literal(item.title)} AS header, f.village, f.township, '未填' AS found, '必填' AS expected
FROM {quoted(form.id)} AS f
WHERE f.period = {literal(period.label)} AND f.{name} IS NULL AND {condition} IS NOT FALSE
  AND NOT EXISTS (SELECT 1 FROM refusals AS x WHERE x.submission = f.submission AND x.block = f.block
                  AND x.position = f.position AND x.field = '{item.id}')""")
    if branches:
        names = ("form", "row", "header", "village", "township")
        shown = (*(Shown(n, "text") for n in names), *_FOUND_EXPECTED)
        yield _plan(check, form, period, _union(branches, form), shown, "必填栏都已填写")


def _late(check: Check, form: Form, _: Library, period: Period) -> Iterator[Plan]:
    """C07: received after the due date; {days} are calendar days."""
    cells = _NOWHERE.format(reporter="d.reporter_code", unit="d.reporter_code", township="u.township_code")
    sql = f"""
SELECT FALSE AS outcome, d.reporter_code AS key, d.reporter_code AS unit, '' AS field, {cells} AS cells, u.name,
       {literal(form.title)} AS form, r.received - d.due_date AS days,
       cast(r.received AS VARCHAR) AS found, cast(d.due_date AS VARCHAR) AS expected
FROM due AS d
JOIN returns AS r ON r.form = d.form AND r.period = d.period AND r.reporter_code = d.reporter_code
LEFT JOIN ref_unit AS u ON u.code = d.reporter_code
WHERE d.form = {literal(form.id)} AND d.period = {literal(period.label)} AND r.received > d.due_date
ORDER BY d.reporter_code"""
    shown = (Shown("unit", "text"), Shown("form", "text"), Shown("days", "number"), *_FOUND_EXPECTED)
    yield _plan(check, form, period, sql, shown, "收到日期不晚于报送时限")


def _twice(check: Check, form: Form, _: Library, period: Period) -> Iterator[Plan]:
    """F01: rows with equal keys (S9). A person who is not known by number or by an unambiguous name is compared with nobody."""
    keys = key_columns(form)
    columns = ", ".join(f"f.{quoted(k)}" for k in keys)
    shown_key = [_shown_key(form, k) for k in form.key if k != "reporter"] or ["any_value(f.reporter_code)"]
    known = " AND f.person_key IS NOT NULL" if "person_key" in keys else ""
    sql = f"""
SELECT FALSE AS outcome, {key_text(keys, "f")} AS key, any_value(f.unit_code) AS unit,
       '{next((k for k in form.key if k in form.by_id), form.fields[0].id)}' AS field,
       list({CELL.format("f")} ORDER BY f.submission, f.block, f.position) AS cells,
       {literal(form.title)} AS form, concat_ws(' ', {", ".join(shown_key)}) AS key_shown, count(*) AS n,
       array_to_string(list(f.position + 1 ORDER BY f.submission, f.block, f.position), '、') AS rows,
       count(*) || '行' AS found, '1行' AS expected
FROM {quoted(form.id)} AS f
WHERE f.period = {literal(period.label)}{known}
GROUP BY {columns} HAVING count(*) > 1
ORDER BY key"""
    shown = (
        Shown("form", "text"),
        Shown("key", "text"),
        Shown("n", "number"),
        Shown("rows", "text"),
        *_FOUND_EXPECTED,
    )
    yield _plan(check, form, period, sql, shown, "同一事项只填一行")


def _shown_key(form: Form, key: str) -> str:
    """Return the SQL of what a person calls the key: names, never numbers of persons."""
    if key == "person_key":
        return "any_value(f.name)" if "name" in form.by_id else "'****'"
    return f"cast(any_value(f.{quoted(key)}) AS VARCHAR)"


def _range(check: Check, form: Form, _: Library, period: Period) -> Iterator[Plan]:
    """range: values outside the field's own bounds, both inclusive."""
    branches = []
    for item in form.fields_in(period):
        low, high = _bounds(item, period)
        if low is None and high is None:
            continue
        name = f"f.{quoted(item.id)}"
        tests = [f"{name} < {_sql(low)}"] if low is not None else []
        tests += [f"{name} > {_sql(high)}"] if high is not None else []
        bounds = _between(low, high)
        value = (
            f"strftime({name}, '%Y-%m-%d')" if item.type in ("date", "month") else f"cast({name} AS VARCHAR)"
        )
        branches.append(f"""
SELECT FALSE AS outcome, {_row_key(form)} || '|{item.id}' AS key, f.unit_code AS unit, '{item.id}' AS field,
       [{CELL.format("f")}] AS cells, {literal(form.title)} AS form, f.position + 1 AS row, {literal(item.title)} AS header,
       f.village, f.township, {_trimmed(value, item)} AS found, {literal(bounds)} AS expected
FROM {quoted(form.id)} AS f
WHERE f.period = {literal(period.label)} AND ({" OR ".join(tests)})""")
    if branches:
        names = ("form", "row", "header", "village", "township")
        shown = (*(Shown(n, "text") for n in names), Shown("found", "text", "值"), Shown("expected", "text"))
        yield _plan(check, form, period, _union(branches, form), shown, "数值在该栏规定的范围内")


def _bounds(item: Field, period: Period) -> tuple[Decimal | date | None, Decimal | date | None]:
    if item.type in ("date", "month"):
        return item.min_date, period.end if item.max_date == "end" else item.max_date
    return item.min, item.max


def _sql(bound: Decimal | date) -> str:
    return format(bound, "f") if isinstance(bound, Decimal) else f"DATE '{bound.isoformat()}'"


def _between(low: Decimal | date | None, high: Decimal | date | None) -> str:
    if low is not None and high is not None:
        return f"{low}至{high}"
    return f"不小于{low}" if low is not None else f"不大于{high}"


def _trimmed(value: str, item: Field) -> str:
    """Return the SQL of a number's text without trailing zeros."""
    if item.type not in ("money", "number", "percent"):
        return value
    return f"rtrim(rtrim({value}, '0'), '.')"


def _row_key(form: Form) -> str:
    return key_text([*key_columns(form), "ordinal"], "f")


def _union(branches: list[str], form: Form) -> str:
    return f"SELECT * FROM ({' UNION ALL '.join(branches)}) AS {quoted('_' + form.id)} ORDER BY cells, field"


def _plan(
    check: Check, form: Form, period: Period, sql: str, shown: tuple[Shown, ...], sentence: str
) -> Plan:
    return Plan(check, form.id, period.label, sql.strip(), shown, sentence, f"{check.id}:{form.id}")


PLANS: dict[str, Builder] = {
    "C01": _missing_returns,
    "C02": _missing_villages,
    "C04": _required,
    "C07": _late,
    "F01": _twice,
    "range": _range,
}
"""Check id → its builder."""
