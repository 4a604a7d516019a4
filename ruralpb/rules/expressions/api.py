"""Resolve one expression."""

from __future__ import annotations

from sqlglot import exp

from ruralpb.core.problems import Problem
from ruralpb.rules.expressions.build import null
from ruralpb.rules.expressions.kinds import kind
from ruralpb.rules.expressions.names import Frame, relation
from ruralpb.rules.expressions.resolver import Resolver
from ruralpb.rules.expressions.scope import Resolved, Scope
from ruralpb.rules.expressions.syntax import parse


def resolve(expression: str | exp.Expression, scope: Scope) -> Resolved:
    """Return the expression ready for DuckDB, or the problems with it (then the tree is NULL).

    `expression` is text, or a tree from `parse` (or a part of one, as `quotient` gives). The tree refers to the row by
    `scope.name`: the caller writes `FROM "<relation>" AS "<scope.name>"` and restricts it to a period. A standard that is
    not in force on the day makes its value NULL and is listed in `ended`.
    """
    around = relation(scope.library, scope.relation)
    if around is None:
        return Resolved(null(), problems=(Problem("rule-relation", scope.where, scope.relation),))
    if isinstance(expression, str):
        tree, problems = parse(expression, scope.where)
    else:
        tree, problems = expression, []
    if tree is None or problems:
        return Resolved(null(), problems=tuple(problems))
    root = Frame({scope.name: around})
    resolver = Resolver(scope, root)
    walked = resolver.walk(tree, root)
    return Resolved(
        tree=null() if resolver.problems else walked,
        fields=tuple(resolver.fields),
        columns=tuple(resolver.columns),
        reads=tuple(resolver.reads),
        standards=tuple(resolver.standards),
        ended=tuple(resolver.ended),
        kind=kind(walked),
        problems=tuple(resolver.problems),
    )


def quotient(tree: exp.Expression) -> tuple[exp.Expression, exp.Expression | None]:
    """Return numerator and denominator of an indicator's expression: `a / b` → (a, b), `avg(x)` → (sum(x), count(x)),
    anything else → (itself, None). The division is done once, in Decimal, by the caller (S8)."""
    inner = tree.unnest()
    if isinstance(inner, exp.Div):
        return inner.this.copy(), inner.expression.copy()
    call, where = (inner.this, inner.expression) if isinstance(inner, exp.Filter) else (inner, None)
    if not isinstance(call, exp.Avg):
        return tree, None
    parts = (exp.Sum(this=call.this.copy()), exp.Count(this=call.this.copy(), big_int=True))
    if where is None:
        return parts
    numerator, denominator = (exp.Filter(this=p, expression=where.copy()) for p in parts)
    return numerator, denominator
