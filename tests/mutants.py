"""Definitions broken on purpose, one place at a time.

plain(check)      the whole relation turned round, or left out; its condition left out
fine(check)       every place of its expressions: a part of a condition left out, a bound taken in or left out, a word of a list
                  left out, a number changed
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import cast

from sqlglot import exp

from ruralpb.core.problems import NOWHERE
from ruralpb.model import Aggregate, Check, Indicator
from ruralpb.rules import expressions

_DIALECT = "duckdb"
_STRICT = {exp.LTE: exp.LT, exp.LT: exp.LTE, exp.GTE: exp.GT, exp.GT: exp.GTE}

Breaks = Callable[[str], Iterator[str]]
"""An expression → the expressions that are it with one place broken."""


@dataclass(frozen=True)
class Mutant:
    """A definition broken in one place, and what the broken expression says."""

    definition: Check | Indicator
    says: str


def plain(definition: Check | Indicator) -> Iterator[Mutant]:
    """The definition broken as a whole: what any case about it must notice."""
    if isinstance(definition, Check):
        yield Mutant(replace(definition, expr=f"not ({definition.expr})"), f"not ({definition.expr})")
        yield Mutant(replace(definition, expr="true"), "true")
        return
    yield from _indicator(definition, _doubled)


def fine(definition: Check | Indicator) -> Iterator[Mutant]:
    """The definition broken in each place of its expressions."""
    if isinstance(definition, Indicator):
        yield from _indicator(definition, broken)
        return
    for text in broken(definition.expr):
        yield Mutant(replace(definition, expr=text), text)
    if definition.where:
        yield Mutant(replace(definition, where=""), f"{definition.expr} [of every row]")
    for text in broken(definition.where):
        yield Mutant(replace(definition, where=text), f"{definition.expr} [where {text}]")


def _indicator(definition: Indicator, breaks: Breaks) -> Iterator[Mutant]:
    """A condition that numerator and denominator share is broken in both."""
    if definition.derived:
        for text in breaks(definition.derived):
            yield Mutant(replace(definition, derived=text), text)
        return
    for part in _aggregates(definition):
        for text in breaks(part.expr):
            says = f"… / {text}" if part is definition.denominator else text
            yield Mutant(_with(definition, part, replace(part, expr=text)), says)
    if breaks is broken:
        for where in dict.fromkeys(part.where for part in _aggregates(definition) if part.where):
            for text in ("", *broken(where)):
                changed = definition
                for part in _aggregates(definition):
                    if part.where == where:
                        changed = _with(changed, part, replace(part, where=text))
                yield Mutant(changed, f"{_aggregates(definition)[0].expr} [where {text or 'any'}]")


def _aggregates(definition: Indicator) -> list[Aggregate]:
    return [a for a in (definition.numerator, *definition.plus, definition.denominator) if a]


def _with(definition: Indicator, old: Aggregate, new: Aggregate) -> Indicator:
    """The indicator with one aggregate in another's place."""

    def changed(part: Aggregate | None) -> Aggregate | None:
        return new if part is old else part

    return replace(
        definition,
        numerator=changed(definition.numerator),
        denominator=changed(definition.denominator),
        plus=tuple(new if part is old else part for part in definition.plus),
    )


def _doubled(text: str) -> Iterator[str]:
    tree = _read(text)
    if isinstance(tree, exp.Avg):
        yield text.replace("avg", "min", 1)
    elif isinstance(tree, (exp.Connector, exp.Predicate)):
        yield f"not ({text})"
    else:
        yield f"2 * ({text})"


def broken(text: str) -> Iterator[str]:
    """The expression with one place broken, once for each place there is."""
    if not text:
        return
    tree = _read(text)
    for place, node in enumerate(tree.walk()):
        for other in _others(node):
            yield _put(tree, place, other).sql(dialect=_DIALECT)


def _others(node: exp.Expression) -> Iterator[exp.Expression]:
    """What may stand in the node's place and is not the same."""
    if isinstance(node, exp.Connector):
        yield from (node.left, node.right)
    elif type(node) in _STRICT:
        yield _STRICT[type(node)](this=node.this.copy(), expression=node.expression.copy())
    elif isinstance(node, exp.In) and len(node.expressions) > 1:
        for i in range(len(node.expressions)):
            kept = [e.copy() for j, e in enumerate(node.expressions) if j != i]
            yield exp.In(this=node.this.copy(), expressions=kept)
    elif isinstance(node, (exp.Not, exp.Filter)):
        yield node.this
    elif isinstance(node, exp.Literal) and not node.is_string and not isinstance(node.parent, exp.Select):
        yield exp.Literal.number(f"{float(node.this) + 1:g}")
    elif isinstance(node, exp.Anonymous) and node.name.lower() == "standard":
        yield exp.Paren(this=exp.Add(this=node.copy(), expression=exp.Literal.number(1)))
    elif isinstance(node, exp.Distinct):
        yield node.expressions[0]


def _put(tree: exp.Expression, place: int, other: exp.Expression) -> exp.Expression:
    copy = tree.copy()
    node = next(n for i, n in enumerate(copy.walk()) if i == place)
    if node.parent is None:
        return other.copy()
    node.replace(exp.Paren(this=other.copy()) if isinstance(other, exp.Binary) else other.copy())
    return copy


def _read(text: str) -> exp.Expression:
    tree, problems = expressions.parse(text, NOWHERE, extra=("base",))
    assert not problems, text
    return cast(exp.Expression, tree)
