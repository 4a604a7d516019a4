"""The toolkit's scalar functions as plain SQL.

Every construct follows Kleene's logic: an operand that is NULL makes the result NULL unless the others already decide it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cache

from sqlglot import exp

from ruralpb.core.periods import Period
from ruralpb.model import Band, StandardValue
from ruralpb.model.standards import StandardInForce
from ruralpb.rules import engine
from ruralpb.rules.expressions.build import any_of, day, null, number, sql, text

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
"""GB 11643—1999: weights of the first 17 digits; the weighted sum with the check digit is 1 modulo 11."""
_ID_FORM = "regexp_full_match(upper(:x), '[0-9]{17}[0-9X]')"
_ID_MONTH = "substr(:x, 7, 4) || '-' || substr(:x, 11, 2) || '-01'"
_ID_DAY = "substr(:x, 7, 4) || '-' || substr(:x, 11, 2) || '-' || substr(:x, 13, 2)"
_MONTHS = "(extract(year from :b) * 12 + extract(month from :b)) - (extract(year from :a) * 12 + extract(month from :a))"


def scalar(name: str, arguments: Sequence[exp.Expression]) -> exp.Expression | None:
    """Return the SQL of a scalar function over resolved arguments; None when the name is not one of these."""
    make = SCALARS.get(name)
    return make[0](*arguments) if make else None


@cache
def valid_id_sql(column: str) -> str:
    """Return the condition that a column holds a valid ID number (form, birth date, check digit), for a statement made elsewhere."""
    return engine.render(_id_ok(exp.column(column, quoted=True)))


def _months(a: exp.Expression, b: exp.Expression) -> exp.Expression:
    return sql(_MONTHS, a=a, b=b)


def _age(birth: exp.Expression, at: exp.Expression) -> exp.Expression:
    """Full years at month precision."""
    return sql(":months // 12", months=_months(birth, at))


def _days(a: exp.Expression, b: exp.Expression) -> exp.Expression:
    """Days from a to b: 0 for the same day."""
    return sql("date_diff('day', :a, :b)", a=a, b=b)


def _near(a: exp.Expression, b: exp.Expression, tolerance: exp.Expression) -> exp.Expression:
    return sql("abs(:a - :b) <= :tolerance", a=a, b=b, tolerance=tolerance)


def _id_ok(x: exp.Expression) -> exp.Expression:
    terms = [f"{w} * try_cast(substr(:x, {i}, 1) AS INTEGER)" for i, w in enumerate(_WEIGHTS, 1)]
    last = "CASE upper(substr(:x, 18, 1)) WHEN 'X' THEN 10 ELSE try_cast(substr(:x, 18, 1) AS INTEGER) END"
    checksum = " + ".join([*terms, last])
    return sql(
        f"CASE WHEN :x IS NULL THEN NULL WHEN NOT {_ID_FORM} THEN FALSE"
        f" ELSE ({checksum}) % 11 = 1 AND try_cast({_ID_DAY} AS DATE) IS NOT NULL END",
        x=x,
    )


def _id_birth(x: exp.Expression) -> exp.Expression:
    """The month of birth (first day), NULL for a malformed number."""
    return sql(f"CASE WHEN {_ID_FORM} THEN try_cast({_ID_MONTH} AS DATE) END", x=x)


def _id_sex(x: exp.Expression) -> exp.Expression:
    odd = "try_cast(substr(:x, 17, 1) AS INTEGER) % 2 = 1"
    return sql(f"CASE WHEN {_ID_FORM} THEN CASE WHEN {odd} THEN '男' ELSE '女' END END", x=x)


SCALARS: dict[str, tuple[Callable[..., exp.Expression], str]] = {
    "months": (_months, "number"),
    "age": (_age, "number"),
    "days": (_days, "number"),
    "near": (_near, "bool"),
    "id_ok": (_id_ok, "bool"),
    "id_birth": (_id_birth, "month"),
    "id_sex": (_id_sex, "text"),
}
"""Name → how to make it, and the kind of its value."""


def extreme(name: str, operands: Sequence[exp.Expression]) -> exp.Expression:
    """Return greatest/least as SQL has it elsewhere: NULL when any operand is NULL (DuckDB skips NULLs)."""
    call = exp.Greatest if name == "greatest" else exp.Least
    value = call(this=operands[0].copy(), expressions=[o.copy() for o in operands[1:]], ignore_nulls=True)
    missing = any_of([sql(":x IS NULL", x=o) for o in operands if not isinstance(o, exp.Literal)])
    return sql("CASE WHEN :missing THEN NULL ELSE :value END", missing=missing, value=value)


def between(x: exp.Expression, low: exp.Expression, high: exp.Expression) -> exp.Expression:
    """Return low ≤ x ≤ high, FALSE as soon as one side decides it (DuckDB says NULL when a bound is)."""
    return sql(":x >= :low AND :x <= :high", x=x, low=low, high=high)


def of_period(name: str, period: Period, argument: int = 0) -> exp.Expression | None:
    """Return the value of a function of the report period, known when the SQL is made."""
    if name == "quarter_number":
        return number(period.quarter_number)
    if name == "days_in_month":
        return number(period.days_in_month(argument))
    return None


def parameter(name: str, period: Period) -> exp.Expression:
    """Return a period parameter as a literal (all but :due, which is the reporter's)."""
    if name == "period":
        return text(period.label)
    if name == "year":
        return number(period.year)
    return day({"start": period.start, "end": period.end, "last_month": period.last_month}[name])


def banded(x: exp.Expression, bands: Sequence[Band]) -> exp.Expression:
    """Return the title of the first class that holds x, lower bound included. Bounds are numbers: `StandardsOn` has filled them in."""
    case = exp.Case()
    for band in bands:
        low = [sql(":x >= :n", x=x, n=number(band.low))] if isinstance(band.low, Decimal) else []
        high = [sql(":x < :n", x=x, n=number(band.high))] if isinstance(band.high, Decimal) else []
        within = [*low, *high] or [sql(":x IS NOT NULL", x=x)]
        case = case.when(exp.and_(*within), text(band.title))
    return case


def of_standard(value: StandardValue | None, operand: exp.Expression | None) -> exp.Expression:
    """Return a standard's value as an exact literal, or the class of its bands that holds `operand`; a typed NULL when it is not in
    force."""
    in_force = value.value if value else None
    if operand is not None:
        return banded(operand, in_force) if isinstance(in_force, tuple) else null("varchar")
    return number(in_force) if isinstance(in_force, Decimal) else null("decimal(38, 6)")


def by_unit(
    values: Sequence[tuple[StandardInForce, exp.Expression]], codes: Sequence[exp.Expression]
) -> exp.Expression:
    """Return the value for the unit that the first of `codes` not NULL names: of the first group of units, which is the largest, unless
    another has it. NULL for no unit at all."""
    unit = codes[0] if len(codes) == 1 else exp.Coalesce(this=codes[0], expressions=list(codes[1:]))
    (_, most), *others = values
    case = exp.Case()
    for each, value in others:
        case = case.when(exp.In(this=unit.copy(), expressions=[text(c) for c in sorted(each.units)]), value)
    return exp.Paren(this=case.when(sql(":unit IS NOT NULL", unit=unit), most))
