"""`case when` and `if()` in Kleene's logic: where a condition is unknown, so is the result.

SQL takes the next branch there, as if the condition were false: `case when income < 5 then 1 else 0 end` would call a village that did
not report its income no weak one. A branch that asks for the unknown (`when income is null then …`) says what holds then.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from sqlglot import exp

from ruralpb.rules.expressions.build import bare
from ruralpb.rules.expressions.subqueries import can_be_null


def strict_case(tree: exp.Case) -> exp.Case:
    """Return a resolved CASE of which the result is NULL where a condition before the branch that would be taken is, unless a later branch
    asks whether something IS NULL: then that branch may still be taken, and no other."""
    branches = [(_condition(tree, branch), branch.args["true"]) for branch in tree.args["ifs"]]
    asks = [_asks_for_null(condition) for condition, _ in branches]
    strict: list[exp.Expression] = []
    unsure: list[exp.Expression] = []
    for place, (condition, result) in enumerate(branches):
        if unsure and not any(asks[place:]):
            strict.append(_branch(_any_null(unsure), exp.Null()))
            unsure = []
        if asks[place] or not can_be_null(condition):
            strict.append(_branch(condition.copy(), result.copy()))
            continue
        known = exp.Not(this=exp.Paren(this=_any_null(unsure))) if unsure else None
        taken = condition.copy()
        if known is not None:
            taken = exp.And(this=exp.Paren(this=taken), expression=known)
        strict.append(_branch(taken, result.copy()))
        unsure.append(condition)
    default = tree.args.get("default")
    if unsure and default is not None:
        strict.append(_branch(_any_null(unsure), exp.Null()))
    return exp.Case(ifs=strict, default=default.copy() if default is not None else None)


def _condition(tree: exp.Case, branch: exp.Expression) -> exp.Expression:
    """The condition of a branch; of `case x when v` that x equals v."""
    if tree.this is None:
        condition: exp.Expression = branch.this
        return condition
    return exp.EQ(this=exp.Paren(this=tree.this.copy()), expression=exp.Paren(this=branch.this.copy()))


def _asks_for_null(condition: exp.Expression) -> bool:
    inner = bare(condition)
    return isinstance(inner, exp.Is) and isinstance(bare(inner.expression), exp.Null)


def _any_null(conditions: Sequence[exp.Expression]) -> exp.Expression:
    tests: list[exp.Expression] = [
        exp.Is(this=exp.Paren(this=condition.copy()), expression=exp.Null()) for condition in conditions
    ]
    return reduce(lambda one, other: exp.Or(this=one, expression=other), tests)


def _branch(condition: exp.Expression, result: exp.Expression) -> exp.If:
    return exp.If(this=condition, true=result)
