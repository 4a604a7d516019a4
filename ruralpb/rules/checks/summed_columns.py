"""Checks of a form → its columns that are the sum or difference of others, with their summands.

`near(operating_income, inc_operate + inc_contract + coalesce(inc_other_op, 0), 0.02)` gives operating_income its formula; an equation
counts likewise. Only where every part is one the form requires, or may leave out by the check itself: otherwise a reporter that knows the
sum alone could not report it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlglot import exp

from ruralpb.core.problems import NOWHERE
from ruralpb.model import Check, Field, Summand
from ruralpb.rules import expressions

_Parts = tuple[Summand, ...]


def summed_columns(checks: Sequence[Check], fields: Mapping[str, Field]) -> dict[str, _Parts]:
    """Return field → its parts, for those of `fields` (the columns of the sheet, by id) that an unconditional error check of a row makes one.
    A column has the formula of the first such check; none goes in a circle."""
    sums: dict[str, _Parts] = {}
    for check in checks:
        if check.severity != "error" or check.over != ("row",) or check.where or not check.expr:
            continue
        for target, parts in _equations(check):
            both_sides_known = target in fields and all(part.field in fields for part in parts)
            if both_sides_known and target not in sums and _usable(target, parts, fields, sums):
                sums[target] = parts
    return sums


def _equations(check: Check) -> list[tuple[str, _Parts]]:
    tree = expressions.parse(check.expr, NOWHERE)[0]
    if isinstance(tree, exp.Anonymous) and tree.name.lower() == "near":
        left, other = tree.expressions[0], tree.expressions[1]
    elif isinstance(tree, exp.EQ):
        left, other = tree.this, tree.expression
    else:
        return []
    equations = []
    for target, summands in ((left, other), (other, left)):
        parts = _parts(summands)
        if isinstance(target, exp.Column) and not target.table and parts and len(parts) > 1:
            equations.append((target.name, tuple(parts)))
    return equations


def _parts(tree: exp.Expression, sign: str = "+") -> list[Summand] | None:
    """The summands of a sum or difference of columns; None for anything else."""
    match tree:
        case exp.Paren():
            return _parts(tree.this, sign)
        case exp.Add() | exp.Sub():
            left = _parts(tree.this, sign)
            negated = isinstance(tree, exp.Sub)
            right = _parts(tree.expression, {"+": "-", "-": "+"}[sign] if negated else sign)
            return None if left is None or right is None else [*left, *right]
        case exp.Coalesce():
            default = tree.expressions[0] if tree.expressions else None
            is_zero = isinstance(default, exp.Literal) and default.name == "0"
            return (
                [Summand(sign, tree.this.name, True)]
                if is_zero and isinstance(tree.this, exp.Column)
                else None
            )
        case exp.Column() if not tree.table:
            return [Summand(sign, tree.name, False)]
    return None


def _usable(target: str, parts: _Parts, fields: Mapping[str, Field], found: Mapping[str, _Parts]) -> bool:
    numeric = all(fields[name].numeric for name in (target, *(part.field for part in parts)))
    given = all(part.optional or fields[part.field].required for part in parts)
    return numeric and given and target not in _reached((part.field for part in parts), found)


def _reached(names: object, found: Mapping[str, _Parts]) -> Collection[str]:
    """The fields a formula over `names` rests on in the end, themselves included."""
    waiting, seen = list(names), set()  # type: ignore[call-overload]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += [part.field for part in found.get(name, ())]
    return seen
