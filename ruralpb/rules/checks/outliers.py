"""Plausibility checks over all number fields of a village form: T14 copied from last period, P02 far from the class median."""

from __future__ import annotations

from collections.abc import Iterator

from ruralpb.core.periods import Period
from ruralpb.model import Check, Field, Form, Library
from ruralpb.rules.checks.completeness import CELL, Builder, literal
from ruralpb.rules.checks.plan import Plan, Shown
from ruralpb.rules.checks.relation import key_text, quoted
from ruralpb.rules.expressions import key_columns, previous_of

LEAST_NON_ZERO = 5
"""T14: a village with fewer numbers that are not zero may well repeat itself."""
LEAST_VILLAGES = 10
"""P02: a median over fewer says little."""
WITHIN = 0.75
"""P02: the spread is the distance from the median within which so large a part of the villages stays."""
MOST_SPREADS = 6
"""P02: how many spreads from the median are not yet conspicuous."""


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
    """P02: a number over six spreads from the median of the villages in townships of one class; one note a village, naming
    the column that lies furthest out. Villages that say 0 have none of the thing: they neither count nor stand out.

    The spread is the distance from the median within which three quarters of the villages stay. (Half of them, the median
    absolute deviation, would be too few: amounts of money trail off to one side, and every tenth village would lie out.) It is
    taken to be half the median at least, so that where all villages are alike a small difference is none. Median and spread are
    elements of the data and stay exact; where three quarters of the villages say the same, nothing can be said of the rest.
    """
    if not form.village_row:
        return
    branches = [_branch(form, item, place, period) for place, item in enumerate(_numbers(form, period))]
    if not branches:
        return
    sql = f"""
SELECT outcome, key, unit, field, cells, form, village, township, header, value, median,
       CASE WHEN _n > 1 THEN '；另有' || (_n - 1) || '栏同样偏离' ELSE '' END AS more
FROM (SELECT *, count(*) OVER (PARTITION BY key) AS _n,
             row_number() OVER (PARTITION BY key ORDER BY _times DESC, _place) AS _rank
      FROM ({" UNION ALL ".join(branches)}) AS _all) AS _ranked
WHERE _rank = 1 ORDER BY key"""
    shown = (
        Shown("form", "text"),
        Shown("village", "text"),
        Shown("township", "text"),
        Shown("header", "text"),
        Shown("value", "number", "值"),
        Shown("median", "number", "同类村中位数"),
        Shown("more", "text"),
    )
    said = f"与同类村中位数之差，不超过四分之三的村所在范围（至少为中位数之半）的{MOST_SPREADS}倍"
    yield _plan(check, form, period, sql, shown, said)


def _branch(form: Form, item: Field, place: int, period: Period) -> str:
    """The villages whose number in one column is conspicuous. `_twice` is two spreads, which keeps half a median exact; `_times`
    how many thousandths of a spread the number is away."""
    x = f"f.{quoted(item.id)}"
    values = f"""
SELECT f.*, cast({x} AS DECIMAL(38, 6)) AS _x, quantile_disc({x}, 0.5) OVER (PARTITION BY t.class) AS _median,
       count(*) OVER (PARTITION BY t.class) AS _count, t.class AS _class
FROM {quoted(form.id)} AS f JOIN ref_township AS t ON t.township_code = f.township_code
WHERE f.period = {literal(period.label)} AND {x} <> 0"""
    distances = f"""
SELECT *, abs(_x - _median) AS _away, quantile_disc(abs(_x - _median), {WITHIN}) OVER (PARTITION BY _class) AS _spread
FROM ({values})"""
    spreads = f"SELECT *, greatest(2 * _spread, abs(_median)) AS _twice FROM ({distances}) WHERE _spread > 0"
    return f"""
SELECT FALSE AS outcome, {key_text([*key_columns(form), "ordinal"], "f")} AS key, f.unit_code AS unit,
       '{item.id}' AS field, [{CELL.format("f")}] AS cells, {literal(form.title)} AS form, f.village, f.township,
       {literal(item.title)} AS header, f._x AS value, cast(f._median AS DECIMAL(38, 6)) AS median, {place} AS _place,
       cast(2000000000 * f._away AS HUGEINT) // cast(1000000 * f._twice AS HUGEINT) AS _times
FROM ({spreads}) AS f
WHERE f._count >= {LEAST_VILLAGES} AND 2 * f._away > {MOST_SPREADS} * f._twice"""


def _numbers(form: Form, period: Period) -> list[Field]:
    return [f for f in form.fields_in(period) if f.numeric]


def _plan(
    check: Check, form: Form, period: Period, sql: str, shown: tuple[Shown, ...], sentence: str
) -> Plan:
    return Plan(check, form.id, period.label, sql.strip(), shown, sentence, f"{check.id}:{form.id}")


PLANS: dict[str, Builder] = {"T14": _copied, "P02": _outlying}
"""Check id → its builder."""
