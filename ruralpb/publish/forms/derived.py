"""Columns that are the sum or difference of others: what a form's own checks say, taken as a formula.

`near(operating_income, inc_operate + inc_contract + coalesce(inc_other_op, 0), 0.02)` gives operating_income its formula; an equation
counts likewise. Only where every part is one the form requires, or may leave out by the check itself: else whoever knows the sum alone could
not report it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from ruralpb.core.problems import NOWHERE
from ruralpb.model import Check, Field
from ruralpb.rules import expressions


@dataclass(frozen=True, slots=True)
class Part:
    """A summand: its sign, its field, and whether a blank counts as nothing."""

    sign: str
    field: str
    optional: bool


Parts = tuple[Part, ...]


def derived(checks: Sequence[Check], fields: Mapping[str, Field]) -> dict[str, Parts]:
    """Return field → its parts, for those of `fields` (the columns of the sheet) that an unconditional error check of a row makes one.
    A column has the formula of the first such check; none goes in a circle."""
    found: dict[str, Parts] = {}
    for check in checks:
        if check.severity != "error" or check.over != ("row",) or check.where or not check.expr:
            continue
        for target, parts in _equations(check):
            known = target in fields and all(part.field in fields for part in parts)
            if known and target not in found and _usable(target, parts, fields, found):
                found[target] = parts
    return found


def _equations(check: Check) -> list[tuple[str, Parts]]:
    tree = expressions.parse(check.expr, NOWHERE)[0]
    if isinstance(tree, exp.Anonymous) and tree.name.lower() == "near":
        one, other = tree.expressions[0], tree.expressions[1]
    elif isinstance(tree, exp.EQ):
        one, other = tree.this, tree.expression
    else:
        return []
    equations = []
    for target, summands in ((one, other), (other, one)):
        parts = _parts(summands)
        if isinstance(target, exp.Column) and not target.table and parts and len(parts) > 1:
            equations.append((target.name, tuple(parts)))
    return equations


def _parts(tree: exp.Expression, sign: str = "+") -> list[Part] | None:
    """The summands of a sum or difference of columns; None for anything else."""
    match tree:
        case exp.Paren():
            return _parts(tree.this, sign)
        case exp.Add() | exp.Sub():
            left = _parts(tree.this, sign)
            turned = isinstance(tree, exp.Sub)
            right = _parts(tree.expression, {"+": "-", "-": "+"}[sign] if turned else sign)
            return None if left is None or right is None else [*left, *right]
        case exp.Coalesce():
            default = tree.expressions[0] if tree.expressions else None
            is_zero = isinstance(default, exp.Literal) and default.name == "0"
            return (
                [Part(sign, tree.this.name, True)] if is_zero and isinstance(tree.this, exp.Column) else None
            )
        case exp.Column() if not tree.table:
            return [Part(sign, tree.name, False)]
    return None


def _usable(target: str, parts: Parts, fields: Mapping[str, Field], found: Mapping[str, Parts]) -> bool:
    numeric = all(fields[name].numeric for name in (target, *(part.field for part in parts)))
    given = all(part.optional or fields[part.field].required for part in parts)
    return numeric and given and target not in _reached((part.field for part in parts), found)


def _reached(names: object, found: Mapping[str, Parts]) -> Collection[str]:
    """The fields a formula over `names` rests on in the end, themselves included."""
    waiting, seen = list(names), set()  # type: ignore[call-overload]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += [part.field for part in found.get(name, ())]
    return seen
