"""previous(x) and last_year(x): the same row of an earlier period.

Rows are matched by the form's key and ordinal (S9). A row that was not there, a return that was not sent, and a year-to-date field's
predecessor in January are NULL. After a merger the successor's value is the sum over its predecessors, all present,
for whole numbers and money; NULL for everything else (S5).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sqlglot import exp

from ruralpb.core.periods import Period
from ruralpb.model import Form
from ruralpb.rules.expressions.build import all_of, any_of, column, null, number, sql, table, text
from ruralpb.rules.expressions.names import key_columns
from ruralpb.rules.expressions.scope import Scope

ROW = "_past"
"""Alias of the earlier row; the argument is resolved against it."""


def earlier(
    scope: Scope, form: Form, alias: str, before: Period, value: exp.Expression, *, adds: bool
) -> exp.Expression:
    """Return `value` (over the row ROW) of the row of `before` that corresponds to the row `alias`. `adds`: after a merger
    the predecessors' values may be added up."""
    villages, townships = scope.merged(before, "village"), scope.merged(before, "township")
    keys = key_columns(form)
    matches = [sql(":p = :label", p=column(ROW, "period"), label=text(before.label))]
    matches += [_match(form, alias, key, townships if key == "reporter_code" else {}) for key in keys]
    same_place = sql(":a = :b", a=column(ROW, "ordinal"), b=column(alias, "ordinal"))
    plain = _read(form, sql("any_value(:v)", v=value), [*matches, same_place])
    unit = next((u for u in ("village_code", "township_code", "reporter_code") if u in keys), "reporter_code")
    parts = _parts(scope, before, villages if unit == "village_code" else townships)
    if not parts:
        return plain
    is_merged = any_of([sql(":u = :c", u=column(alias, unit), c=text(code)) for code in sorted(parts)])
    only_units = set(keys) <= {unit, "reporter_code"}
    after = _sum(form, alias, unit, value, matches, parts) if adds and only_units else null()
    return sql("CASE WHEN :merged THEN :after ELSE :plain END", merged=is_merged, after=after, plain=plain)


def _match(form: Form, alias: str, key: str, moved: Mapping[str, str]) -> exp.Expression:
    """The session's relations carry the codes that count now, but for the reporter, who signed under the old one. Where not
    every row is about a village, a row about none corresponds to one about none; who a person is must be known."""
    past, now = column(ROW, key), column(alias, key)
    if moved:
        case = exp.Case(this=past.copy())
        for old, new in sorted(moved.items()):
            case = case.when(text(old), text(new))
        return sql(":past = :now", past=case.else_(past), now=now)
    certain = key in ("reporter_code", "person_key") or (key == "village_code" and form.village_row)
    return sql(":past = :now" if certain else ":past IS NOT DISTINCT FROM :now", past=past, now=now)


def _parts(scope: Scope, before: Period, moved: Mapping[str, str]) -> dict[str, int]:
    """How many units of `before` each successor stands for, itself included when it existed; renamed ones are left out."""
    parts = Counter(moved.values())
    for code in list(parts):
        if scope.register is not None and scope.register.get(code, before.end):
            parts[code] += 1
    return {code: n for code, n in parts.items() if n > 1}


def _sum(
    form: Form,
    alias: str,
    unit: str,
    value: exp.Expression,
    matches: list[exp.Expression],
    parts: Mapping[str, int],
) -> exp.Expression:
    """The sum over the predecessors when each has its row; NULL while the successor itself is still reported in parts."""
    rows = _read(form, sql("count(*)"), matches)
    total = _read(form, sql("CASE WHEN count(:v) = count(*) THEN sum(:v) END", v=value), matches)
    now = [sql(":a IS NOT DISTINCT FROM :b", a=column(ROW, c), b=column(alias, c)) for c in ("period", unit)]
    owed = exp.Case(this=column(alias, unit))
    for code, n in sorted(parts.items()):
        owed = owed.when(text(code), number(n))
    return sql(
        "CASE WHEN :n = :owed AND :own = 1 THEN :total END",
        n=rows,
        owed=owed,
        own=_read(form, sql("count(*)"), now),
        total=total,
    )


def _read(form: Form, value: exp.Expression, matches: list[exp.Expression]) -> exp.Expression:
    select = exp.select(value.copy()).from_(table(form.id, ROW)).where(all_of(matches), copy=False)
    return exp.Subquery(this=select)
