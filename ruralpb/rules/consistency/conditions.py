"""Conditions of rows as sets of conjuncts, and what one says of the other: that its rows are among the other's, or none of them is.

Both answers are sound and not complete: True is proved, False means that the texts do not show it. They are about texts of one form;
a conjunct that is not understood is compared as it is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache

from sqlglot import exp

from ruralpb.core.problems import NOWHERE
from ruralpb.model import Form
from ruralpb.rules.engine import render
from ruralpb.rules.expressions.build import bare
from ruralpb.rules.expressions.syntax import parse

Conditions = frozenset[str]
"""The conjuncts of a condition, each as its normal text; none: every row."""


def conjuncts(text: str, form: Form | None) -> Conditions:
    """Return the conjuncts of a condition, with fields by their ids; one that cannot be read is one conjunct."""
    if not text:
        return frozenset()
    tree, problems = parse(text, NOWHERE)
    return frozenset([text]) if tree is None or problems else of_tree(tree, form)


def of_tree(tree: exp.Expression, form: Form | None) -> Conditions:
    """As `conjuncts`, of a tree."""
    return frozenset(render(by_id(part, form)) for part in _and(tree))


def by_id(tree: exp.Expression, form: Form | None) -> exp.Expression:
    """Return a copy of the tree in which fields that are named by their titles are named by their ids."""
    copy = exp.Paren(this=bare(tree).copy())
    for column in copy.find_all(exp.Column):
        field = form.by_title.get(column.name) if form else None
        column.replace(exp.column(field.id if field else column.name, table=column.table or None))
    inner: exp.Expression = copy.this
    return inner


def _and(tree: exp.Expression) -> Iterator[exp.Expression]:
    inner = bare(tree)
    if isinstance(inner, exp.And):
        yield from _and(inner.this)
        yield from _and(inner.expression)
    else:
        yield inner


@dataclass(frozen=True, slots=True)
class Range:
    """What a conjunct says of one expression `of`: that its value is one of `among`, is none of `but`, or lies between bounds (a bound and
    whether it is included)."""

    of: str
    among: frozenset[str] | None = None
    but: frozenset[str] = frozenset()
    low: tuple[Decimal, bool] | None = None
    high: tuple[Decimal, bool] | None = None

    def within(self, other: Range) -> bool:
        """True when every value of this range is one of `other`."""
        if self.among is not None:
            return all(other.has(value) for value in self.among)
        if other.among is not None:
            return False
        return other.but <= self.but and _at_least(self.low, other.low) and _at_most(self.high, other.high)

    def apart(self, other: Range) -> bool:
        """True when no value is in both."""
        for one, two in ((self, other), (other, self)):
            if one.among is not None:
                return not any(two.has(value) for value in one.among)
        return _ends_before(self.high, other.low) or _ends_before(other.high, self.low)

    def has(self, value: str) -> bool:
        """True when a value (as it is written in SQL) lies in the range."""
        if self.among is not None:
            return value in self.among
        number = _number(value)
        if number is None:
            return value not in self.but and self.low is None and self.high is None
        return (
            value not in self.but
            and (self.low is None or number > self.low[0] or (self.low[1] and number == self.low[0]))
            and (self.high is None or number < self.high[0] or (self.high[1] and number == self.high[0]))
        )


def _at_least(low: tuple[Decimal, bool] | None, other: tuple[Decimal, bool] | None) -> bool:
    if other is None:
        return True
    return low is not None and (low[0] > other[0] or (low[0] == other[0] and (other[1] or not low[1])))


def _at_most(high: tuple[Decimal, bool] | None, other: tuple[Decimal, bool] | None) -> bool:
    if other is None:
        return True
    return high is not None and (high[0] < other[0] or (high[0] == other[0] and (other[1] or not high[1])))


def _ends_before(high: tuple[Decimal, bool] | None, low: tuple[Decimal, bool] | None) -> bool:
    return (
        high is not None
        and low is not None
        and (high[0] < low[0] or (high[0] == low[0] and not (high[1] and low[1])))
    )


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


@cache
def range_of(conjunct: str) -> Range | None:
    """Return what a conjunct says of the values of one expression; None where it says something else."""
    tree, problems = parse(conjunct, NOWHERE)
    return None if tree is None or problems else _range(bare(tree))


def _range(node: exp.Expression) -> Range | None:
    if isinstance(node, exp.Not):
        inner = _range(bare(node.this))
        if inner is None:
            return None
        if inner.among is not None:
            return Range(inner.of, but=inner.among)
        if inner.but and inner.low is None and inner.high is None:
            return Range(inner.of, among=inner.but)
        return None
    if isinstance(node, exp.Column):
        return Range(render(node), among=frozenset(["TRUE"]))
    if isinstance(node, exp.Coalesce) and [render(e) for e in node.expressions] == ["FALSE"]:
        # A condition is taken where it is TRUE: what is not known is not.
        return _range(bare(node.this))
    if isinstance(node, exp.In) and node.expressions and all(map(_is_constant, node.expressions)):
        return Range(render(bare(node.this)), among=frozenset(map(render, node.expressions)))
    if isinstance(node, exp.Between):
        low, high = _number(render(node.args["low"])), _number(render(node.args["high"]))
        of = render(bare(node.this))
        return None if low is None or high is None else Range(of, low=(low, True), high=(high, True))
    return _compared(node)


def _compared(node: exp.Expression) -> Range | None:
    if not isinstance(node, (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)):
        return None
    left, right = bare(node.this), bare(node.expression)
    turned = _is_constant(left)
    if turned:
        left, right = right, left
    if not _is_constant(right) or _is_constant(left):
        return None
    of, value = render(left), render(right)
    if isinstance(node, exp.EQ):
        return Range(of, among=frozenset([value]))
    if isinstance(node, exp.NEQ):
        return Range(of, but=frozenset([value]))
    number, closed = _number(value), isinstance(node, (exp.LTE, exp.GTE))
    if number is None:
        return None
    bound = (number, closed)
    return Range(of, low=bound) if isinstance(node, (exp.GT, exp.GTE)) != turned else Range(of, high=bound)


def _is_constant(node: exp.Expression) -> bool:
    return isinstance(node, (exp.Literal, exp.Boolean)) or (
        isinstance(node, exp.Neg) and isinstance(node.this, exp.Literal)
    )


def implies(one: Conditions, other: Conditions) -> bool:
    """True when every row for which `one` holds is one for which `other` does."""
    return all(_follows(conjunct, one) for conjunct in other)


def _follows(conjunct: str, given: Conditions) -> bool:
    if conjunct in given:
        return True
    wanted = range_of(conjunct)
    known = [known for text in given if (known := range_of(text)) is not None]
    if wanted is not None:
        return any(range_.of == wanted.of and range_.within(wanted) for range_ in known)
    tree, _ = parse(conjunct, NOWHERE)
    inner = bare(tree) if tree is not None else None
    if isinstance(inner, exp.Or):
        return any(_follows(render(bare(side)), given) for side in (inner.this, inner.expression))
    if isinstance(inner, exp.Not) and isinstance(bare(inner.this), exp.Is):
        # What has a value is not NULL.
        return any(range_.of == render(bare(bare(inner.this).this)) for range_ in known)
    return False


def exclude(one: Conditions, other: Conditions) -> bool:
    """True when no row is one of both."""
    ranges = [[r for text in side if (r := range_of(text)) is not None] for side in (one, other)]
    return any(mine.of == theirs.of and mine.apart(theirs) for mine in ranges[0] for theirs in ranges[1])


def overlap_in_part(one: Conditions, other: Conditions) -> str:
    """Return the expression by which two conditions that are otherwise the same sort rows into classes that share some of their
    values and not all; "" where they do not."""
    mine, theirs = one - other, other - one
    if len(mine) != 1 or len(theirs) != 1:
        return ""
    first, second = range_of(next(iter(mine))), range_of(next(iter(theirs)))
    if first is None or second is None or first.of != second.of:
        return ""
    nested = first.within(second) or second.within(first)
    return "" if nested or first.apart(second) or first.but or second.but else first.of
