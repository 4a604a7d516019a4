"""A plain-Python reference evaluator of checks: three-valued, row by row, without SQL.

It reads the same expressions (sqlglot's parse tree is its only link to the program) over small grids and says what semantics S3, S5 and S9
say: None is unknown. Slow and literal on purpose: it is the oracle for the compiled SQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlglot import exp, parse_one

from ruralpb.core.periods import Period
from ruralpb.model import Form

Row = Mapping[str, Any]
AGGREGATES = (exp.Count, exp.Sum, exp.Min, exp.Max)


@dataclass
class World:
    """Everything that was returned: rows by form, and (form, period label, reporter) of every return."""

    forms: Mapping[str, Form]
    rows: Mapping[str, Sequence[Row]]
    returned: set[tuple[str, str, str]]
    period: Period


@dataclass
class Seen:
    """The rows an expression sees, innermost last: alias → row at each level; `group` are the rows an aggregate adds up."""

    levels: list[dict[str, Row]] = field(default_factory=list)
    group: Sequence[Row] | None = None
    alias: str = ""

    def row(self, alias: str, name: str) -> Row:
        for level in reversed(self.levels):
            for known, row in level.items():
                if (alias == known) if alias else (name in row):
                    return row
        raise KeyError(f"{alias}.{name}")

    def below(self, alias: str, row: Row) -> Seen:
        return Seen([*self.levels, {alias: row}])


def both(values: Iterable[bool | None]) -> bool | None:
    found = list(values)
    return False if False in found else None if None in found else True


def either(values: Iterable[bool | None]) -> bool | None:
    found = list(values)
    return True if True in found else None if None in found else False


def opposite(value: bool | None) -> bool | None:
    return None if value is None else not value


def outcome(world: World, text: str, where: str, form: str, row: Row) -> bool | str | None:
    """What a row check says: True, False, None; "skipped" where it does not apply."""
    seen = Seen([{form: row}])
    applies = value(world, parsed(where), seen) if where else True
    if applies is False:
        return "skipped"
    holds = value(world, parsed(text), seen)
    return holds if applies or holds else None


def group_outcome(world: World, text: str, where: str, form: str, rows: Sequence[Row]) -> bool | str | None:
    """What a group check says of the rows of one group; a row of which it is unknown whether it belongs makes it unknown."""
    applies = [value(world, parsed(where), Seen([{form: r}])) if where else True for r in rows]
    if all(a is False for a in applies):
        return "skipped"
    if None in applies:
        return None
    members = [r for r, a in zip(rows, applies, strict=True) if a]
    return value(world, parsed(text), Seen([{form: members[0]}], members, form))


def parsed(text: str) -> exp.Expression:
    return parse_one(text, dialect="duckdb")


def value(world: World, node: exp.Expression, seen: Seen) -> Any:
    """The value of an expression; None: unknown."""
    for types, evaluate in EVALUATORS.items():
        if isinstance(node, types):
            return evaluate(world, node, seen)
    raise NotImplementedError(repr(node))


def _compare(world: World, node: exp.Expression, seen: Seen) -> bool | None:
    persons = [
        n for n in (node.this, node.expression) if isinstance(n, exp.Column) and n.name == "person_key"
    ]
    if len(persons) == 2:
        same = _same_person(*(seen.row(n.table, n.name) for n in persons))
        return same if isinstance(node, exp.EQ) else opposite(same)
    return _compared(type(node), value(world, node.this, seen), value(world, node.expression, seen))


def _compared(kind: type, a: Any, b: Any) -> bool | None:
    if a is None or b is None:
        return None
    results = {exp.EQ: a == b, exp.NEQ: a != b}
    if kind in results:
        return results[kind]
    return {exp.LT: a < b, exp.LTE: a <= b, exp.GT: a > b, exp.GTE: a >= b}[kind]


def _same_person(a: Row, b: Row) -> bool | None:
    if a["person_key"] is not None and b["person_key"] is not None:
        return a["person_key"] == b["person_key"]
    for one in (a, b):
        if one["person_key"] is None and one["person_doubt"] is None:
            return None
    return None if a["person_doubt"] == b["person_doubt"] else False


def _arithmetic(world: World, node: exp.Expression, seen: Seen) -> Any:
    a, b = value(world, node.this, seen), value(world, node.expression, seen)
    if a is None or b is None:
        return None
    return {exp.Add: a + b, exp.Sub: a - b, exp.Mul: a * b}[type(node)]


def _negated(x: Any) -> Any:
    return None if x is None else -x


def _in(world: World, node: exp.Expression, seen: Seen) -> bool | None:
    x = value(world, node.this, seen)
    query = node.args.get("query")
    if query is None:
        return either(_compared(exp.EQ, x, value(world, item, seen)) for item in node.expressions)
    select = query.this
    is_person = isinstance(node.this, exp.Column) and node.this.name == "person_key"

    def equal(inner: Seen) -> bool | None:
        if is_person:
            return _same_person(
                seen.row(node.this.table, "person_key"), next(iter(inner.levels[-1].values()))
            )
        return _compared(exp.EQ, value(world, select.expressions[0], inner), x)

    return _guarded(world, select, seen, lambda: either(_matches(world, select, seen, equal)), is_in=True)


def _exists(world: World, node: exp.Expression, seen: Seen) -> bool | None:
    return _guarded(world, node.this, seen, lambda: either(_matches(world, node.this, seen)))


def _matches(world: World, select: exp.Expression, seen: Seen, also: Any = None) -> list[bool | None]:
    """Whether each row of the subquery's form belongs to it."""
    alias, form = _source(select)
    found = []
    for row in world.rows[form]:
        if row["period"] not in _periods(world, select):
            continue
        inner = seen.below(alias, row)
        conditions = [c for c in _conditions(select) if not _is_period(c)]
        results = [value(world, c, inner) for c in conditions]
        found.append(both([*results, also(inner)] if also else results))
    return found


def _scalar(world: World, node: exp.Expression, seen: Seen) -> Any:
    select = node.this
    alias, form = _source(select)

    def computed() -> Any:
        matches = _matches(world, select, seen)
        if None in matches:
            return None
        rows = [r for r in world.rows[form] if r["period"] in _periods(world, select)]
        members = [r for r, m in zip(rows, matches, strict=True) if m]
        inner = Seen([*seen.levels, {alias: members[0] if members else {}}], members, alias)
        return value(world, select.expressions[0], inner)

    return _guarded(world, select, seen, computed)


def _guarded(world: World, select: exp.Expression, seen: Seen, compute: Any, is_in: bool = False) -> Any:
    """None where the row's own unit has not returned what is read, or the village has no row of its own."""
    alias, form = _source(select)
    outer = next(iter(seen.levels[-1].values()))
    unit = outer["township_code"] if outer["township_code"] is not None else outer["reporter_code"]
    joined = [_outer_side(c, alias) for c in _conditions(select)]
    if "reporter_code" in joined:
        unit = outer["reporter_code"]
    for period in _periods(world, select):
        if (form, period, unit) not in world.returned:
            return None
        if world.forms[form].village_row and "village_code" in joined:
            own = [r for r in world.rows[form] if r["period"] == period]
            if outer["village_code"] not in [r["village_code"] for r in own]:
                return None
    return compute()


def _outer_side(condition: exp.Expression, alias: str) -> str:
    """The inner column when the condition equates it with a value from outside."""
    if not isinstance(condition, exp.EQ):
        return ""
    sides = [condition.this, condition.expression]
    inner = [s for s in sides if isinstance(s, exp.Column) and s.table == alias]
    outer = [s for s in sides if isinstance(s, exp.Column) and s.table != alias]
    return inner[0].name if len(inner) == len(outer) == 1 else ""


def _source(select: exp.Expression) -> tuple[str, str]:
    source = select.args["from_"].this
    return source.alias_or_name, source.name


def _conditions(select: exp.Expression) -> list[exp.Expression]:
    where = select.args.get("where")

    def split(node: exp.Expression) -> list[exp.Expression]:
        return [*split(node.this), *split(node.expression)] if isinstance(node, exp.And) else [node]

    return split(where.this) if where else []


def _is_period(condition: exp.Expression) -> bool:
    return isinstance(condition, exp.EQ) and condition.this.name in ("period", "year")


def _periods(world: World, select: exp.Expression) -> list[str]:
    stated = [c for c in _conditions(select) if _is_period(c)]
    if not stated or (isinstance(stated[0].expression, exp.Placeholder) and stated[0].this.name == "period"):
        return [world.period.label]
    if stated[0].this.name == "year":
        return [p.label for p in world.period.year_to_date()]
    return [world.period.previous().label]


def _aggregate(world: World, node: exp.Expression, seen: Seen) -> Any:
    call, where = (node.this, node.expression.this) if isinstance(node, exp.Filter) else (node, None)
    assert seen.group is not None
    rows = [Seen([*seen.levels[:-1], {seen.alias: row}]) for row in seen.group]
    if where is not None:
        taken = [value(world, where, row) for row in rows]
        if None in taken:
            return None
        rows = [row for row, t in zip(rows, taken, strict=True) if t]
    if isinstance(call.this, exp.Star):
        return len(rows)
    if isinstance(call.this, exp.Distinct):
        values = [value(world, call.this.expressions[0], row) for row in rows]
        return None if None in values else len(set(values))
    values = [value(world, call.this, row) for row in rows]
    if isinstance(call, exp.Count):
        return sum(v is not None for v in values)
    if None in values:
        return None
    if isinstance(call, exp.Sum):
        return sum(values)
    if not values:
        return None
    return min(values) if isinstance(call, exp.Min) else max(values)


def _call(world: World, node: exp.Expression, seen: Seen) -> Any:
    name, arguments = node.name, node.expressions
    if name == "near":
        a, b, tolerance = (value(world, x, seen) for x in arguments)
        return None if a is None or b is None else abs(a - b) <= tolerance
    if name in ("previous", "last_year"):
        return _earlier(world, name, arguments[0], seen)
    if name == "full_year":
        own = value(world, arguments[0], seen)
        if world.period.end.month == 12:
            return own
        whole, part = (_earlier(world, n, arguments[0], seen) for n in ("last_year_end", "last_year"))
        return None if None in (own, whole, part) else own + whole - part
    raise NotImplementedError(name)


def _earlier(world: World, name: str, argument: exp.Expression, seen: Seen) -> Any:
    before = getattr(world.period, name)()
    column = next(argument.find_all(exp.Column))
    own = seen.row(column.table, column.name)
    form = next(f for f in world.forms.values() if any(r is own for r in world.rows[f.id]))
    keys = ["reporter_code", *({"village": "village_code"}.get(k, k) for k in form.key), "ordinal"]
    if "person_key" in keys and own["person_key"] is None:
        return None
    then = [
        r for r in world.rows[form.id] if r["period"] == before.label and all(r[k] == own[k] for k in keys)
    ]
    return value(world, argument, Seen([{column.table or form.id: then[0]}])) if then else None


def _case(world: World, node: exp.Expression, seen: Seen) -> Any:
    """An unknown condition makes the result unknown, unless a later branch asks whether something is NULL and is taken."""
    subject, unknown = node.this, False
    for branch in node.args["ifs"]:
        asks = isinstance(branch.this.unnest(), exp.Is) and isinstance(
            branch.this.unnest().expression, exp.Null
        )
        condition = (
            branch.this if subject is None else exp.EQ(this=subject.copy(), expression=branch.this.copy())
        )
        holds = value(world, condition, seen)
        if holds and (asks or not unknown):
            return value(world, branch.args["true"], seen)
        unknown = unknown or holds is None
    default = node.args.get("default")
    return None if unknown or default is None else value(world, default, seen)


def _coalesce(world: World, node: exp.Expression, seen: Seen) -> Any:
    values = [value(world, n, seen) for n in (node.this, *node.expressions)]
    return next((v for v in values if v is not None), None)


def _extreme(world: World, node: exp.Expression, seen: Seen) -> Any:
    values = [value(world, n, seen) for n in (node.this, *node.expressions)]
    if None in values:
        return None
    return max(values) if isinstance(node, exp.Greatest) else min(values)


def _nullif(world: World, node: exp.Expression, seen: Seen) -> Any:
    a, b = value(world, node.this, seen), value(world, node.expression, seen)
    return None if a is not None and a == b else a


def _between(world: World, node: exp.Expression, seen: Seen) -> bool | None:
    x, low, high = (value(world, node.args[k], seen) for k in ("this", "low", "high"))
    return both([_compared(exp.GTE, x, low), _compared(exp.LTE, x, high)])


def _absolute(world: World, node: exp.Expression, seen: Seen) -> Any:
    x = value(world, node.this, seen)
    return None if x is None else abs(x)


EVALUATORS: dict[Any, Any] = {
    exp.Paren: lambda w, n, s: value(w, n.this, s),
    exp.Literal: lambda w, n, s: n.name if n.is_string else int(n.name),
    exp.Column: lambda w, n, s: s.row(n.table, n.name)[n.name],
    exp.Null: lambda w, n, s: None,
    exp.Boolean: lambda w, n, s: n.this,
    exp.And: lambda w, n, s: both([value(w, n.this, s), value(w, n.expression, s)]),
    exp.Or: lambda w, n, s: either([value(w, n.this, s), value(w, n.expression, s)]),
    exp.Not: lambda w, n, s: opposite(value(w, n.this, s)),
    exp.Is: lambda w, n, s: value(w, n.this, s) is None,
    exp.In: _in,
    exp.Between: _between,
    (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE): _compare,
    (exp.Add, exp.Sub, exp.Mul): _arithmetic,
    exp.Neg: lambda w, n, s: _negated(value(w, n.this, s)),
    exp.Case: _case,
    exp.Coalesce: _coalesce,
    exp.Nullif: _nullif,
    (exp.Greatest, exp.Least): _extreme,
    exp.Abs: _absolute,
    exp.Anonymous: _call,
    exp.Exists: _exists,
    exp.Subquery: _scalar,
    (exp.Filter, *AGGREGATES): _aggregate,
}
