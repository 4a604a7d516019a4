"""Small SQL trees from templates: `sql("abs(:a - :b) <= :tolerance", a=…, b=…, tolerance=…)`.

Every tree of this package is made here or by the engine's parser, so that operands are always
parenthesised and identifiers always quoted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import cast

from sqlglot import exp

from ruralpb.core.sql import identifier
from ruralpb.rules import engine

_ATOMS = (exp.Column, exp.Literal, exp.Paren, exp.Subquery, exp.Null, exp.Boolean, exp.Func, exp.Cast)


def own(node: exp.Expression) -> exp.Expression:
    """Return the node itself where it stands in no tree yet, else a copy of it. Most nodes are made for the one tree they go
    into, and copying whole subqueries at every step up took most of the time that compiling took."""
    return node if node.parent is None else node.copy()


def sql(template: str, **nodes: exp.Expression) -> exp.Expression:
    """Return the tree of `template` with each `:name` replaced by the node of that name (see `own`)."""
    tree: exp.Expression = exp.Paren(this=engine.parsed(template).copy())
    for hole in list(tree.find_all(exp.Placeholder)):
        hole.replace(operand(own(nodes[hole.name])))
    inner: exp.Expression = tree.this
    inner.pop()
    return inner


def operand(node: exp.Expression) -> exp.Expression:
    """Return the node, in parentheses unless it binds by itself."""
    return node if isinstance(node, _ATOMS) and not isinstance(node, exp.Binary) else exp.Paren(this=node)


def bare(node: exp.Expression) -> exp.Expression:
    """Return what stands inside the parentheses, if any."""
    return cast(exp.Expression, node.unnest())


def column(alias: str, name: str) -> exp.Column:
    """Return `"alias"."name"`."""
    return exp.column(name, table=alias, quoted=True)


def table(name: str, alias: str) -> exp.Expression:
    """Return `"name" AS "alias"`, to read from."""
    called = exp.TableAlias(this=exp.to_identifier(alias, quoted=True))
    return exp.Table(this=exp.to_identifier(name, quoted=True), alias=called)


def key_text(columns: Iterable[str], alias: str = "") -> str:
    """Return the SQL text of a row's key: its columns joined by |."""
    dot = f"{identifier(alias)}." if alias else ""
    parts = [f"coalesce(cast({dot}{identifier(c)} as varchar), '')" for c in columns]
    return f"concat_ws('|', {', '.join(parts)})"


def text(value: str) -> exp.Expression:
    """Return a string literal."""
    return exp.Literal.string(value)


def number(value: int | Decimal) -> exp.Expression:
    """Return an exact number literal: DuckDB reads digits with a point as DECIMAL."""
    return exp.Literal.number(format(value, "f") if isinstance(value, Decimal) else str(value))


def day(value: date) -> exp.Expression:
    """Return a date literal."""
    return exp.Cast(this=exp.Literal.string(value.isoformat()), to=engine.data_type("date").copy())


def null(kind: str = "") -> exp.Expression:
    """Return NULL, cast when a type must be known (`decimal(38, 6)`, `varchar` …)."""
    return exp.Cast(this=exp.Null(), to=engine.data_type(kind).copy()) if kind else exp.Null()


def lookup(
    relation: str, value: exp.Expression, alias: str, where: Mapping[str, exp.Expression]
) -> exp.Subquery:
    """Return the subquery for `value` over the rows of a relation of the store whose columns have the values of `where`."""
    rows = exp.Table(this=exp.to_identifier(relation), alias=exp.TableAlias(this=exp.to_identifier(alias)))
    conditions = [exp.EQ(this=exp.column(name, table=alias), expression=one) for name, one in where.items()]
    return exp.Subquery(this=exp.select(value).from_(rows).where(*conditions, copy=False))


def all_of(nodes: Iterable[exp.Expression]) -> exp.Expression:
    """Return the conjunction; TRUE for none."""
    operands = [operand(own(n)) for n in nodes]
    if not operands:
        return exp.true()
    tree = operands[0]
    for node in operands[1:]:
        tree = exp.And(this=tree, expression=node)
    return tree


def any_of(nodes: Iterable[exp.Expression]) -> exp.Expression:
    """Return the disjunction; FALSE for none."""
    operands = [operand(own(n)) for n in nodes]
    if not operands:
        return exp.false()
    tree = operands[0]
    for node in operands[1:]:
        tree = exp.Or(this=tree, expression=node)
    return tree
