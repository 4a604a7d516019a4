"""Which periods a subquery reads of a form, from the conditions on its alias (S3, S5).

No condition means the report period. `period = …`, `period IN (…)` and `year = :year` (the year to date) are understood; with
`period_end <= …` alone the rows up to a day are read, resting on the report period's return. Anything else is refused, for then nobody
could tell whose returns must be there.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from ruralpb.core import periods
from ruralpb.core.periods import Period
from ruralpb.rules.expressions.build import bare, text
from ruralpb.rules.expressions.scope import previous_of, year_to_date_of

_PERIOD_COLUMNS = ("period", "year", "period_start", "period_end", "period_kind")


@dataclass(frozen=True)
class PeriodsRead:
    """The labels read; `condition` (unresolved) is to be added to the subquery's own; None: the periods cannot be told."""

    labels: tuple[str, ...] | None
    condition: exp.Expression | None = None


def periods_read(alias: str, conditions: list[exp.Expression], period: Period) -> PeriodsRead:
    """Return the periods the rows of `alias` are read of, given the subquery's unresolved conditions."""
    own_conditions = [c for c in conditions if any(_is_own(x, alias) for x in c.find_all(exp.Column))]
    stated = exp.column("period", table=alias)
    if not own_conditions:
        return PeriodsRead((period.label,), exp.EQ(this=stated, expression=exp.Placeholder(this="period")))
    for condition in own_conditions:
        labels = _labels(condition, alias, period)
        if labels:
            return PeriodsRead(labels, exp.In(this=stated, expressions=[text(label) for label in labels]))
    if all(isinstance(c, (exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Between)) for c in own_conditions):
        until = exp.LTE(this=exp.column("period_end", table=alias), expression=exp.Placeholder(this="end"))
        kind = exp.EQ(this=exp.column("period_kind", table=alias), expression=text(period.kind))
        return PeriodsRead((period.label,), exp.And(this=until, expression=kind))
    return PeriodsRead(None)


def of_function(name: str, period: Period) -> Period | None:
    """Return the period that previous_quarter and its kin name."""
    if name == "previous_quarter":
        return previous_of(period)
    if name == "same_period_last_year":
        return period.last_year()
    return period.last_year_end() if name == "last_year_q4" else None


def _is_own(node: exp.Column, alias: str) -> bool:
    return node.name in _PERIOD_COLUMNS and node.table in (alias, "")


def _labels(condition: exp.Expression, alias: str, period: Period) -> tuple[str, ...]:
    if isinstance(condition, exp.In) and _named(condition.this, alias) == "period" and condition.expressions:
        labels = [_label(item, period) for item in condition.expressions]
        return tuple(f for f in labels if f) if all(labels) else ()
    if not isinstance(condition, exp.EQ):
        return ()
    for column, value in ((condition.this, condition.expression), (condition.expression, condition.this)):
        name = _named(column, alias)
        if name == "period" and _label(value, period):
            return (_label(value, period),)
        if name == "year":
            return _year(value, period)
    return ()


def _named(node: exp.Expression, alias: str) -> str:
    return node.name if isinstance(node, exp.Column) and _is_own(node, alias) else ""


def _label(node: exp.Expression, period: Period) -> str:
    node = bare(node)
    if isinstance(node, exp.Placeholder) and node.name == "period":
        return period.label
    if isinstance(node, exp.Column) and node.name == "period" and node.table:
        return period.label
    if isinstance(node, exp.Anonymous):
        period_of_function = of_function(node.name.lower(), period)
        return period_of_function.label if period_of_function else ""
    return ""


def _year(node: exp.Expression, period: Period) -> tuple[str, ...]:
    node = bare(node)
    if isinstance(node, (exp.Placeholder, exp.Column)) and node.name == "year":
        return tuple(p.label for p in year_to_date_of(period))
    back = node.expression if isinstance(node, exp.Sub) and node.this.name == "year" else None
    if isinstance(back, exp.Literal) and back.this.isdigit() and period.kind != "month":
        last = periods.of(
            period.kind, period.end.replace(year=period.year - int(back.this), month=12, day=31)
        )
        return tuple(p.label for p in last.year_to_date())
    return ()
