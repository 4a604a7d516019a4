"""Plausibility against a unit's own earlier quarters: P11 far from what it used to be, P12 off by a factor that units of measure explain.

The reference is the median of at least three earlier quarters; the quarter that is judged is not among them (leave-one-out). With four
or five values no z-score that includes the tested value can pass 2, however wrong it is: (n−1)/√n bounds it.
"""

from __future__ import annotations

from collections.abc import Iterator

from ruralpb.core.periods import Period
from ruralpb.model import Check, Field, Form, Library
from ruralpb.rules.checks.completeness import CELL, Builder, literal
from ruralpb.rules.checks.plan import Plan, Shown
from ruralpb.rules.checks.relation import key_text, quoted
from ruralpb.rules.expressions import key_columns

LEAST_QUARTERS = 3
MOST_QUARTERS = 12
"""Three years: what was longer ago says little about today."""
MOST_SPREADS = 6
"""How many spreads from the median are not yet conspicuous. The spread is the median absolute deviation, one tenth of the median at
least, so that a stable series is no trap, and one unit of measure at least, so that small counts are none."""

_UNITS = ("village", "township", "reporter")
SLIPS = ((10, "9.5", "10.5", "疑小数点错位或多填一位"), (10_000, "3000", "30000", "疑误用“元”填报"))
"""Factor, from and to which ratio it explains, what it is called; the same for values that are too small."""


def _deviating(check: Check, form: Form, _: Library, period: Period) -> Iterator[Plan]:
    """P11: the field of a unit that lies furthest from its own past; one note a unit."""
    if not (numbers := _series(form, period)):
        return
    sql = f"""
SELECT FALSE AS outcome, _key AS key, unit_code AS unit, _field AS field, [_cell] AS cells, {literal(form.title)} AS form,
       coalesce(village, township) AS name, _title AS header, CASE WHEN _ytd THEN '单季' ELSE '' END AS single, _x AS value,
       _n AS quarters, _median AS median, _low AS low, _high AS high
FROM ({_compared(form, numbers, period)}) AS _all WHERE _slip IS NULL
QUALIFY row_number() OVER (PARTITION BY _key ORDER BY _times DESC, _place) = 1 ORDER BY key"""
    names = ("form", "name", "header", "single")
    shown = (
        *(Shown(name, "text") for name in names),
        Shown("value", "number", "值"),
        Shown("quarters", "number"),
        Shown("median", "number", "往期中位数"),
        Shown("low", "number", "往期最小值"),
        Shown("high", "number", "往期最大值"),
    )
    said = f"与本单位往期中位数之差，不超过往期离差（至少为中位数的一成）的{MOST_SPREADS}倍"
    yield Plan(check, form.id, period.label, sql.strip(), shown, said, f"{check.id}:{form.id}")


def _slipped(check: Check, form: Form, _: Library, period: Period) -> Iterator[Plan]:
    """P12: every field of a unit that is about ten or ten thousand times what its past lets expect, or a part of it."""
    if not (numbers := _series(form, period)):
        return
    sql = f"""
SELECT FALSE AS outcome, concat_ws('|', _key, _field) AS key, unit_code AS unit, _field AS field, [_cell] AS cells,
       {literal(form.title)} AS form, coalesce(village, township) AS name, _title AS header, _value AS value,
       _n AS quarters, _awaited AS awaited, _slip AS slip
FROM ({_compared(form, numbers, period)}) AS _all WHERE _slip IS NOT NULL ORDER BY key"""
    shown = (
        *(Shown(name, "text") for name in ("form", "name", "header")),
        Shown("value", "number", "值"),
        Shown("quarters", "number"),
        Shown("awaited", "number", "按往期推算"),
        Shown("slip", "text"),
    )
    said = "与按往期推算的数之比，不在10倍、1万倍或其倒数上下"
    yield Plan(check, form.id, period.label, sql.strip(), shown, said, f"{check.id}:{form.id}")


def _series(form: Form, period: Period) -> list[Field]:
    """The number fields of a form of which every unit has one row a quarter."""
    if period.kind != "quarter" or form.frequency == "year" or not set(form.key) <= set(_UNITS):
        return []
    return [f for f in form.fields_in(period) if f.numeric]


def _compared(form: Form, numbers: list[Field], period: Period) -> str:
    """One row for each number that is conspicuous. `_x` is the single quarter's (of a cumulative field: what was added), `_awaited`
    what the past lets expect to stand in the cell; amounts are compared in whole multiples and stay exact."""
    fields = ", ".join(quoted(f.id) for f in numbers)
    casts = ", ".join(f"cast(f.{quoted(f.id)} AS DECIMAL(38, 6)) AS {quoted(f.id)}" for f in numbers)
    titles = ", ".join(
        f"({literal(f.id)}, {literal(f.title)}, {str(f.time == 'year_to_date').lower()}, {place})"
        for place, f in enumerate(numbers)
    )
    key = key_text([*key_columns(form), "ordinal"], "f")
    since = f"{period.year - MOST_QUARTERS // 4}-{period.start:%m-%d}"
    long = f"""
SELECT * FROM (SELECT {key} AS _key, {CELL.format("f")} AS _cell, f.unit_code, f.township, f.village, f.period,
                      f.period_start, f.period_end, f.year, {casts}
               FROM {quoted(form.id)} AS f
               WHERE f.period_kind = 'quarter' AND f.period_end <= DATE '{period.end}' AND f.period_start >= DATE '{since}')
UNPIVOT (_value FOR _field IN ({fields}))"""
    single = f"""
SELECT l.*, n._title, n._ytd, n._place,
       CASE WHEN NOT n._ytd OR month(l.period_start) = 1 THEN 0
            WHEN lag(l.period_end) OVER w = l.period_start - INTERVAL 1 DAY THEN lag(l._value) OVER w END AS _before
FROM ({long}) AS l JOIN (VALUES {titles}) AS n(_field, _title, _ytd, _place) USING (_field)
WINDOW w AS (PARTITION BY l._key, l._field ORDER BY l.period_end)"""
    return f"""
WITH single AS (SELECT *, _value - _before AS _x FROM ({single}) WHERE _before IS NOT NULL),
     past AS (SELECT _key, _field, count(*) AS _n, quantile_disc(_x, 0.5) AS _median, min(_x) AS _low, max(_x) AS _high
              FROM single WHERE period_end < DATE '{period.start}' GROUP BY ALL HAVING count(*) >= {LEAST_QUARTERS}),
     spread AS (SELECT s._key, s._field, quantile_disc(abs(s._x - p._median), 0.5) AS _mad
                FROM single AS s JOIN past AS p USING (_key, _field)
                WHERE s.period_end < DATE '{period.start}' GROUP BY ALL),
     judged AS (SELECT s.*, p._n, p._median, p._low, p._high, s._before + p._median AS _awaited, abs(s._x - p._median) AS _away,
                       greatest(10 * d._mad, abs(p._median), 10) AS _ten
                FROM single AS s JOIN past AS p USING (_key, _field) JOIN spread AS d USING (_key, _field)
                WHERE s.period = {literal(period.label)})
SELECT *, {_slip_case()} AS _slip, cast(1000000000 * _away AS HUGEINT) // cast(1000000 * _ten AS HUGEINT) AS _times
FROM judged WHERE 10 * _away > {MOST_SPREADS} * _ten"""


def _slip_case() -> str:
    branches = []
    for factor, least, most, name in SLIPS:
        times = "1万" if factor == 10_000 else str(factor)
        large = f"_value BETWEEN {least} * _awaited AND {most} * _awaited"
        small = f"_awaited BETWEEN {least} * _value AND {most} * _value"
        down = name if factor == 10 else "疑误用“亿元”填报或漏填"
        branches += [f"WHEN {large} THEN '约为其{times}倍，{name}'"]
        branches += [f"WHEN {small} THEN '约为其{times}分之一，{down.replace('多填', '少填')}'"]
    return f"CASE WHEN _awaited <= 0 OR _value <= 0 THEN NULL {' '.join(branches)} END"


PLANS: dict[str, Builder] = {"P11": _deviating, "P12": _slipped}
"""Check id → its builder."""
