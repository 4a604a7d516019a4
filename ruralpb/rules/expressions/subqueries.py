"""Subqueries in Kleene's logic, efficient where nothing is missing.

`EXISTS (… WHERE P)` is true when P is true for some row, unknown when it is true for none and unknown for some, else false; an
aggregate is unknown when P is unknown for some row. A plain `EXISTS` on equalities is a hash join; so the rows for which P is
unknown are looked for apart, in pieces that are hash joins too or touch only rows with a NULL in a joined column:
with the joined columns equal and the rest unknown, then for each joined column the ways in which it alone makes P unknown.

Around that stands S3's guard: the whole is NULL where the row's own township (or reporter, when joined on it) has not returned
a form that is read, and, for a form with a row per village, where the village has no row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlglot import exp

from ruralpb.rules.expressions.build import all_of, any_of, bare, column, lookup, sql, table, text
from ruralpb.rules.expressions.kinds import kind
from ruralpb.rules.expressions.names import Frame, NamedRelation
from ruralpb.rules.expressions.scope import FormRead

PERSON = "person_key"
_SAME_PERSON = """
CASE WHEN :ak = :bk THEN TRUE
     WHEN :ak IS NOT NULL AND :bk IS NOT NULL THEN FALSE
     WHEN (:ak IS NULL AND :ad IS NULL) OR (:bk IS NULL AND :bd IS NULL) THEN NULL
     WHEN :ad = :bd THEN NULL
     ELSE FALSE END
"""
"""Two known numbers decide. An ambiguous name (NULL key, name@village in doubt) is unknown against the rows that share the
doubt and different from everybody else; who has neither number nor name is unknown (S9)."""


@dataclass(frozen=True)
class Join:
    """An equality between an inner column and a value from outside: when it is true (hashable), and the ways in which it
    can be unknown."""

    true: exp.Expression
    unknowns: tuple[exp.Expression, ...]
    whole: exp.Expression
    inner: exp.Column
    outer: exp.Expression


@dataclass(frozen=True)
class Query:
    """A subquery taken apart. `certain` conditions can never be NULL, `rest` can."""

    tables: Mapping[str, NamedRelation]
    certain: tuple[exp.Expression, ...]
    joins: tuple[Join, ...]
    rest: tuple[exp.Expression, ...]

    def true(self, value: exp.Expression) -> exp.Select:
        """Select `value` over the rows for which the condition is true."""
        return self._select(value, [*self.certain, *(j.true for j in self.joins), *self.rest])

    def unknown(self) -> Iterator[exp.Expression]:
        """Yield conditions that together say: for some row the condition is unknown."""
        own_conditions = [sql(":c IS NOT FALSE", c=c) for c in self.rest if not self._reaches_out(c)]
        if self.rest:
            unsure = sql(":rest IS NULL", rest=all_of(self.rest))
            yield self._exists([*self.certain, *(j.true for j in self.joins), unsure])
        whole = sql(":whole IS NULL", whole=all_of([*(j.whole for j in self.joins), *self.rest]))
        for join in self.joins:
            for way in join.unknowns:
                yield self._exists([*self.certain, way, *own_conditions, whole])

    def _reaches_out(self, condition: exp.Expression) -> bool:
        return any(c.table not in self.tables for c in condition.find_all(exp.Column))

    def _exists(self, conditions: list[exp.Expression]) -> exp.Expression:
        return exp.Exists(this=self._select(exp.Literal.number(1), conditions))

    def _select(self, value: exp.Expression, conditions: list[exp.Expression]) -> exp.Select:
        names = [table(relation.name, alias) for alias, relation in self.tables.items()]
        select = exp.select(value.copy(), copy=False).from_(names[0], copy=False)
        for name in names[1:]:
            select = select.join(name, join_type="cross", copy=False)
        return select.where(all_of(conditions), copy=False) if conditions else select


def take_apart(tables: Mapping[str, NamedRelation], conditions: list[exp.Expression]) -> Query:
    """Return the subquery over `tables` whose resolved conditions are these (a conjunction)."""
    certain, joins, rest = [], [], []
    for condition in conditions:
        join = _join(tables, condition)
        if join:
            joins.append(join)
        elif can_be_null(condition):
            rest.append(condition)
        else:
            certain.append(condition)
    return Query(tables, tuple(certain), tuple(joins), tuple(rest))


def exists(query: Query) -> exp.Expression:
    """Return EXISTS in Kleene's logic."""
    exists_row = exp.Exists(this=query.true(exp.Literal.number(1)))
    unsure = list(query.unknown())
    if not unsure:
        return exists_row
    return sql(
        "CASE WHEN :found THEN TRUE WHEN :unsure THEN NULL ELSE FALSE END",
        found=exists_row,
        unsure=any_of(unsure),
    )


def value(query: Query, expression: exp.Expression) -> exp.Expression:
    """Return the value of a (strict) aggregate expression, NULL when it is unknown which rows count."""
    subquery = exp.Subquery(this=query.true(expression))
    unsure = list(query.unknown())
    return (
        sql("CASE WHEN :unsure THEN NULL ELSE :found END", unsure=any_of(unsure), found=subquery)
        if unsure
        else subquery
    )


def guarded(
    body: exp.Expression, query: Query, reads: Mapping[str, FormRead], around: Frame
) -> exp.Expression:
    """Return `body`, NULL where a form that is read (by alias) was not returned by the row's own unit (S3)."""
    conditions = []
    for alias, read in reads.items():
        unit = _unit(query, alias, around)
        conditions += (
            [_returned(unit, read.form, period) for period in read.periods] if unit is not None else []
        )
        village = _village(query, alias)
        if village is not None:
            conditions += [_has_row(village, read.form, period) for period in read.periods]
    return sql("CASE WHEN :ok THEN :body END", ok=all_of(conditions), body=body) if conditions else body


def _returned(unit: exp.Expression, form: str, period: str) -> exp.Expression:
    there = {"form": text(form), "period": text(period)}
    return exp.In(
        this=unit.copy(), query=lookup("returns", exp.column("reporter_code", table="r"), "r", there)
    )


def _has_row(village: exp.Expression, form: str, period: str) -> exp.Expression:
    inner = exp.select(column("_v", "village_code")).from_(table(form, "_v"))
    inner = inner.where(sql(":p = :label", p=column("_v", "period"), label=text(period)), copy=False)
    return exp.In(this=village.copy(), query=exp.Subquery(this=inner))


def _unit(query: Query, alias: str, around: Frame) -> exp.Expression | None:
    """Who must have returned the form read as `alias`: the row's township, else its reporter; the reporter when joined on it."""
    for join in query.joins:
        if join.inner.table == alias and join.inner.name == "reporter_code":
            return join.outer
    outer, relation = around.first
    if "township_code" not in relation.columns:
        return None
    township = column(outer, "township_code")
    if not relation.columns["township_code"].nullable:
        return township
    return sql("coalesce(:t, :r)", t=township, r=column(outer, "reporter_code"))


def _village(query: Query, alias: str) -> exp.Expression | None:
    form = query.tables[alias].form
    if form is None or not form.village_row:
        return None
    same = (j for j in query.joins if j.inner.table == alias and j.inner.name == "village_code")
    return next((j.outer for j in same), None)


def _join(tables: Mapping[str, NamedRelation], condition: exp.Expression) -> Join | None:
    if condition.meta.get("persons"):
        return _person_join(tables, condition)
    if not isinstance(condition, exp.EQ):
        return None
    sides = (bare(condition.this), bare(condition.expression))
    for inner, outer in (sides, sides[::-1]):
        names = [c.table for c in outer.find_all(exp.Column)]
        if not isinstance(inner, exp.Column) or inner.table not in tables or not names:
            continue
        if not tables.keys() & set(names) and outer.find(exp.Subquery, exp.Exists) is None:
            unknowns = [sql(":x IS NULL", x=side) for side in (inner, outer) if can_be_null(side)]
            return Join(condition, tuple(unknowns), condition, inner, outer)
    return None


def _person_join(tables: Mapping[str, NamedRelation], condition: exp.Expression) -> Join | None:
    left, right = condition.meta["persons"]
    inner, outer = (left, right) if left in tables else (right, left)
    if inner not in tables or outer in tables:
        return None
    key, doubt = column(inner, PERSON), column(inner, "person_doubt")
    other, other_doubt = column(outer, PERSON), column(outer, "person_doubt")
    nobody = sql(":k IS NULL AND :d IS NULL", k=key, d=doubt)
    other_nobody = sql(":k IS NULL AND :d IS NULL", k=other, d=other_doubt)
    unknowns = (sql(":a = :b", a=doubt, b=other_doubt), nobody, other_nobody)
    return Join(sql(":a = :b", a=key, b=other), unknowns, condition, key, other)


def same_person(left: str, right: str) -> exp.Expression:
    """Return `left.person_key = right.person_key`, unknown where a name is ambiguous."""
    tree = sql(
        _SAME_PERSON,
        ak=column(left, PERSON),
        ad=column(left, "person_doubt"),
        bk=column(right, PERSON),
        bd=column(right, "person_doubt"),
    )
    tree.meta["persons"] = (left, right)
    return tree


def can_be_null(tree: exp.Expression) -> bool:
    """True unless no operand of the tree can be NULL (said of columns when they are resolved)."""
    for node in tree.walk():
        if isinstance(node, (exp.Null, exp.Subquery, exp.TryCast, exp.Mod)):
            return True
        if isinstance(node, exp.Column) and node.meta.get("nullable", True):
            return True
        if isinstance(node, exp.Case) and node.args.get("default") is None:
            return True
    return False


def strict(node: exp.Expression, condition: exp.Expression | None) -> exp.Expression:
    """Return a resolved aggregate made strict: NULL when one of its values is, or when it is unknown whether a row counts.

    A sum over no rows is 0; `count(x)` counts the values that are there.
    """
    argument = node.this
    where = exp.Where(this=condition) if condition is not None else None

    def filtered(aggregate: exp.Expression) -> exp.Expression:
        return exp.Filter(this=aggregate, expression=where.copy()) if where else aggregate

    if isinstance(node, exp.Count):
        rows = filtered(node.copy())
        if isinstance(argument, exp.Distinct):
            values = filtered(exp.Count(this=argument.expressions[0].copy()))
            rows = sql("CASE WHEN :given = :n THEN :found END", given=values, n=filtered(_rows()), found=rows)
    else:
        value = filtered(node.copy())
        value = sql("coalesce(:v, 0)", v=value) if isinstance(node, exp.Sum) else value
        values = filtered(exp.Count(this=argument.copy()))
        rows = sql("CASE WHEN :given = :n THEN :found END", given=values, n=filtered(_rows()), found=value)
    if condition is None or not can_be_null(condition):
        return rows
    unsure = exp.Filter(this=_rows(), expression=exp.Where(this=sql(":c IS NULL", c=condition)))
    return sql("CASE WHEN :unsure > 0 THEN NULL ELSE :found END", unsure=unsure, found=rows)


def the_only(value: exp.Expression) -> exp.Expression:
    """Return the value of the one row there is; NULL for none and for several."""
    tree = sql("CASE WHEN count(*) = 1 THEN any_value(:v) END", v=value)
    tree.meta["kind"] = kind(value)
    return tree


def _rows() -> exp.Expression:
    return exp.Count(this=exp.Star(), big_int=True)
