"""Plausibility checks over all number fields of a village form: T14 copied from last period, P02 far from the class median."""

from __future__ import annotations

from collections.abc import Iterator

from ruralpb.checks.completeness import CELL, Builder, literal
from ruralpb.checks.plan import Plan, Shown
from ruralpb.checks.relation import key_text, quoted
from ruralpb.checks.timing import applies
from ruralpb.model import Check, Field, Form, Library
from ruralpb.periods import Period
from ruralpb.rules import key_columns, previous_of

LEAST_NON_ZERO = 5
"""T14: a village with fewer numbers that are not zero may well repeat itself."""
LEAST_VILLAGES = 10
"""P02: a median over fewer says little."""
MOST_MADS = 6
"""P02: how many median absolute deviations from the median are not yet conspicuous."""


def _copied(check: Check, form: Form, _: Library, period: Period) -> Iterator[Plan]:
    """T14: every number of the village equals last period's, at least five of them not zero."""
    numbers = _numbers(form, period)
    if not form.village_row or len(numbers) < LEAST_NON_ZERO:
        return
    same = " AND ".join(f"f.{quoted(n.id)} IS NOT DISTINCT FROM p.{quoted(n.id)}" for n in numbers)
    filled = " + ".join(f"(coalesce(f.{quoted(n.id)}, 0) <> 0)::int" for n in numbers)
    keys = key_columns(form)
    on = " AND ".join(f"p.{quoted(k)} IS NOT DISTINCT FROM f.{quoted(k)}" for k in (*keys, "ordinal"))
    sql = f"""
SELECT FALSE AS outcome, {key_text([*keys, "ordinal"], "f")} AS key, f.unit_code AS unit, '{numbers[0].id}' AS field,
       [{CELL.format("f")}] AS cells, {literal(form.title)} AS form, f.village, f.township,
       '{len(numbers)}个数与上期相同' AS found, '按本期实际填报' AS expected
FROM {quoted(form.id)} AS f JOIN {quoted(form.id)} AS p ON {on}
WHERE f.period = {literal(period.label)} AND p.period = {literal(previous_of(period).label)}
  AND {filled} >= {LEAST_NON_ZERO} AND {same}
ORDER BY key"""
    names = ("form", "village", "township", "found", "expected")
    yield _plan(check, form, period, sql, tuple(Shown(n, "text") for n in names), "各数不全与上期相同")


def _outlying(check: Check, form: Form, _: Library, period: Period) -> Iterator[Plan]:
    """P02: |x − median| over six median absolute deviations, among the villages of townships of one class.

    Medians are elements of the data (the lower one of two), so that they stay exact; where the deviation is zero nothing can be
    said.
    """
    if not form.village_row:
        return
    branches = [_branch(form, item, period) for item in _numbers(form, period)]
    if not branches:
        return
    sql = f"SELECT * FROM ({' UNION ALL '.join(branches)}) AS _all ORDER BY key, field"
    shown = (
        Shown("form", "text"),
        Shown("village", "text"),
        Shown("township", "text"),
        Shown("header", "text"),
        Shown("value", "number", "值"),
        Shown("median", "number", "同类村中位数"),
    )
    said = f"与同类村中位数之差不超过中位差的{MOST_MADS}倍"
    yield _plan(check, form, period, sql, shown, said)


def _branch(form: Form, item: Field, period: Period) -> str:
    x = f"f.{quoted(item.id)}"
    values = f"""
SELECT f.*, cast({x} AS DECIMAL(38, 6)) AS _x, quantile_disc({x}, 0.5) OVER (PARTITION BY t.class) AS _median,
       count(*) OVER (PARTITION BY t.class) AS _n, t.class AS _class
FROM {quoted(form.id)} AS f JOIN ref_township AS t ON t.township_code = f.township_code
WHERE f.period = {literal(period.label)} AND {x} IS NOT NULL"""
    deviations = (
        f"SELECT *, quantile_disc(abs(_x - _median), 0.5) OVER (PARTITION BY _class) AS _mad FROM ({values})"
    )
    return f"""
SELECT FALSE AS outcome, {key_text([*key_columns(form), "ordinal"], "f")} || '|{item.id}' AS key, f.unit_code AS unit,
       '{item.id}' AS field, [{CELL.format("f")}] AS cells, {literal(form.title)} AS form, f.village, f.township,
       {literal(item.title)} AS header, f._x AS value, cast(f._median AS DECIMAL(38, 6)) AS median
FROM ({deviations}) AS f
WHERE f._n >= {LEAST_VILLAGES} AND f._mad > 0 AND abs(f._x - f._median) > {MOST_MADS} * f._mad"""


def _numbers(form: Form, period: Period) -> list[Field]:
    return [f for f in form.fields_on(period.end) if f.numeric and applies(f.periods, period)]


def _plan(
    check: Check, form: Form, period: Period, sql: str, shown: tuple[Shown, ...], sentence: str
) -> Plan:
    return Plan(check, form.id, period.label, sql.strip(), shown, sentence, f"{check.id}:{form.id}")


PLANS: dict[str, Builder] = {"T14": _copied, "P02": _outlying}
"""Check id → its builder."""
