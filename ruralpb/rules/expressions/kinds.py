"""What kind of value a resolved tree has, as far as it can be told without running it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from ruralpb.core.messages import listing

_BOOL = (
    exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Is, exp.Between, exp.In, exp.Exists,
    exp.NullSafeEQ, exp.NullSafeNEQ, exp.Boolean, exp.Like, exp.RegexpLike,
)  # fmt: skip
_NUMBER = (
    exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Neg, exp.Abs, exp.Count, exp.Sum, exp.Avg, exp.Length, exp.Year,
    exp.Round,
)  # fmt: skip
_TEXT = (exp.DPipe, exp.Substring, exp.Upper, exp.Trim)
_SAME = (exp.Paren, exp.Coalesce, exp.Nullif, exp.Greatest, exp.Least, exp.Min, exp.Max, exp.Filter)


def kind(node: exp.Expression) -> str:
    """Return number, text, date, month, bool, or any when it cannot be told."""
    if "kind" in node.meta:
        return str(node.meta["kind"])
    if isinstance(node, exp.Literal):
        return "text" if node.is_string else "number"
    for types, name in ((_BOOL, "bool"), (_NUMBER, "number"), (_TEXT, "text")):
        if isinstance(node, types):
            return name
    if isinstance(node, _SAME):
        return kind(node.this)
    if isinstance(node, exp.Case):
        branches = [kind(i.args["true"]) for i in node.args["ifs"]] + [
            kind(n) for n in [node.args.get("default")] if n
        ]
        return next((b for b in branches if b != "any"), "any")
    if isinstance(node, exp.Cast):
        return "date" if node.is_type("date") else "any"
    return "any"


def comparable(left: str, right: str) -> bool:
    """True when values of the two kinds may stand on both sides of a comparison."""
    days = {"date", "month"}
    return "any" in (left, right) or left == right or {left, right} <= days


_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)
_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Mod, exp.Neg, exp.Abs, exp.Sum, exp.Round)
_LOGIC = (exp.And, exp.Or, exp.Not)


def faults(tree: exp.Expression) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield (slug, data) for operands that cannot stand together in a resolved node, children not looked into."""
    for left, right in _pairs(tree):
        if not comparable(kind(left), kind(right)):
            yield "rule-kinds", {"left": kind(left), "right": kind(right)}
        for column, literal in ((left, right), (right, left)):
            values = column.meta.get("values")
            if (
                values
                and isinstance(literal, exp.Literal)
                and literal.is_string
                and literal.this not in values
            ):
                yield "rule-enum", {"value": literal.this, "values": listing(values)}
    wanted = "number" if isinstance(tree, _ARITHMETIC) else "bool" if isinstance(tree, _LOGIC) else ""
    for operand in (tree.args.get("this"), tree.args.get("expression")) if wanted else ():
        if isinstance(operand, exp.Expression) and kind(operand) not in (wanted, "any"):
            yield f"rule-{wanted}-operand", {"kind": kind(operand)}


def _pairs(tree: exp.Expression) -> list[tuple[exp.Expression, exp.Expression]]:
    if isinstance(tree, _COMPARISONS):
        return [(tree.this, tree.expression)]
    if isinstance(tree, (exp.Like, exp.RegexpLike)):
        return [(tree.this, tree.expression)]
    return [(tree.this, item) for item in tree.expressions] if isinstance(tree, exp.In) else []
