"""Indicators as quantities: what is added up over which rows of which relation, so that two of them can be compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sqlglot import exp

from ruralpb.core.problems import NOWHERE
from ruralpb.model import Aggregate, Indicator, Library
from ruralpb.rules.consistency.conditions import Conditions, by_id, conjuncts, implies, of_tree
from ruralpb.rules.engine import render
from ruralpb.rules.expressions import quotient
from ruralpb.rules.expressions.build import bare
from ruralpb.rules.expressions.syntax import AGGREGATES, parse


@dataclass(frozen=True, slots=True)
class Quantity:
    """One side of an indicator: an aggregate (`count(*)`, `sum(income)`) over the rows of `relation` for which `conditions` hold, of the
    period or of the year to date (`scope`). `is_single`: it is one aggregate; else `text` is arithmetic over several."""

    relation: str
    scope: str
    text: str
    conditions: Conditions
    is_single: bool

    def same_rows(self, other: Quantity) -> bool:
        """True when both look at rows of one relation and time, and add up the same."""
        return (self.relation, self.scope, self.text) == (other.relation, other.scope, other.text)

    def lies_in(self, other: Quantity) -> bool:
        """True when this is a part of `other`: the same over some of its rows."""
        return (
            self.is_single
            and other.is_single
            and self.same_rows(other)
            and implies(self.conditions, other.conditions)
        )

    @property
    def is_additive(self) -> bool:
        """True when the quantities of parts that share no row add up to that of the whole."""
        return self.is_single and self.text.startswith(("COUNT(", "SUM(")) and "DISTINCT" not in self.text


@dataclass(frozen=True, slots=True)
class Sides:
    """An indicator taken apart; `below` is None for one that divides nothing."""

    indicator: Indicator
    above: Quantity
    below: Quantity | None

    @property
    def is_count(self) -> bool:
        """True for a plain count or sum over rows of one form."""
        return self.below is None and self.above.is_single and not self.indicator.plus


def sides(library: Library) -> dict[str, Sides]:
    """Return the indicators in use that add something up, taken apart."""
    return {
        indicator.id: found
        for indicator in library.indicators.values()
        if indicator.enabled and (found := sides_of(indicator, library)) is not None
    }


def sides_of(indicator: Indicator, library: Library) -> Sides | None:
    """Return an indicator taken apart; None for one that is derived or cannot be read."""
    if indicator.numerator is None:
        return None
    above, below = _quantities(indicator.numerator, indicator, library)
    if indicator.denominator is not None:
        below, _ = _quantities(indicator.denominator, indicator, library)
    return None if above is None else Sides(indicator, above, below)


def _quantities(
    aggregate: Aggregate, indicator: Indicator, library: Library
) -> tuple[Quantity | None, Quantity | None]:
    tree, problems = parse(aggregate.expr, NOWHERE)
    if tree is None or problems:
        return None, None
    form = library.forms.get(aggregate.of)
    where = conjuncts(aggregate.where, form)
    upper, lower = quotient(tree)

    def over(side: exp.Expression) -> Quantity:
        quantity = _quantity(by_id(side, form), aggregate.of, indicator.scope)
        return replace(quantity, conditions=quantity.conditions | where)

    return over(upper), None if lower is None else over(lower)


def _quantity(tree: exp.Expression, relation: str, scope: str) -> Quantity:
    """The side as one aggregate and the condition of its FILTER, or as a text of several."""
    node = bare(tree)
    call, conditions = node, Conditions()
    if isinstance(node, exp.Filter):
        call, conditions = node.this, of_tree(node.expression.this, None)
    if not isinstance(call, AGGREGATES):
        return Quantity(relation, scope, render(node), Conditions(), False)
    return Quantity(relation, scope, render(call), conditions, True)


def counts(taken: Mapping[str, Sides]) -> Iterator[Sides]:
    """Yield the plain counts and sums among the indicators."""
    return (one for one in taken.values() if one.is_count)
