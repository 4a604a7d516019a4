"""An indicator's definition as trees: what to add up over which rows, what to divide by what.

Aggregates are taken apart into terms (a function, an argument, a condition), because a row for which any term's argument or
condition is unknown leaves all of them (semantics S4); `/` and `avg` at the top become a numerator and a denominator that are
divided once, in Decimal (S8).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from sqlglot import exp

from ruralpb import periods
from ruralpb.indicators.coverage import Read
from ruralpb.model import Aggregate, Indicator, Library, Register
from ruralpb.periods import Period
from ruralpb.problems import Problem
from ruralpb.rules import Resolved, Scope, parse, quotient, resolve
from ruralpb.rules.build import all_of, any_of

_AGGREGATES = (exp.Count, exp.Sum, exp.Min, exp.Max, exp.Avg)
_CLOSED = (exp.Subquery, exp.Exists, exp.Select)
"""Aggregates inside these belong to the subquery."""

SideName = Literal["numerator", "denominator"]


@dataclass(frozen=True)
class Term:
    """One aggregate over the rows. `argument` None is `count(*)`."""

    function: Literal["count", "sum", "min", "max"]
    argument: exp.Expression | None
    condition: exp.Expression | None = None
    distinct: bool = False

    @property
    def additive(self) -> bool:
        """True when the term of two disjoint sets of rows is the sum of both."""
        return self.function in ("count", "sum") and not self.distinct


@dataclass(frozen=True)
class Side:
    """A numerator or denominator: arithmetic over terms. In `tree` the n-th term stands as the placeholder `:tn`."""

    tree: exp.Expression
    terms: tuple[Term, ...]


@dataclass(frozen=True, eq=False)
class Part:
    """What is added up over the rows of one relation. `of_period` is false for register views, which have no periods.
    Two parts are equal only when they are the same object: trees are costly to compare."""

    relation: str
    where: exp.Expression | None
    sides: dict[SideName, Side]
    of_period: bool
    by: exp.Expression | None = None
    """What the part is broken down by."""
    classes: tuple[exp.Expression, ...] = ()
    """All that the indicator is broken down by, here or elsewhere: a row without a class is unknown to the whole too
    (S4), so that a breakdown adds up to it."""
    fields: tuple[str, ...] = ()
    """The relation's own fields that it uses."""


@dataclass(frozen=True, eq=False)
class Formula:
    """An indicator ready to be computed for one period's parameters and one day's standards.

    `reads` are the forms and periods it reads besides its own rows. `out_of_force` are standards it needs that have no value
    on the day: then there is no value.
    """

    indicator: Indicator
    parts: tuple[Part, ...]
    reads: frozenset[Read] = frozenset()
    standards: tuple[str, ...] = ()
    out_of_force: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def is_ratio(self) -> bool:
        """True when a numerator is divided by a denominator."""
        return any("denominator" in part.sides for part in self.parts)

    @property
    def subtracts(self) -> bool:
        """True when a single quarter is the difference of two cumulative values: sums and counts, no extremes."""
        sides = [part.sides["numerator"] for part in self.parts if "numerator" in part.sides]
        return all(term.function in ("count", "sum") for side in sides for term in side.terms)


@dataclass
class _Draft:
    """What the expressions of one formula were resolved to, collected on the way."""

    library: Library
    register: Register
    period: Period
    standards_on: date
    indicator: Indicator
    resolved: list[tuple[str, Resolved]] = field(default_factory=list)
    """Relation and what was resolved against it."""
    problems: list[Problem] = field(default_factory=list)

    def resolve(
        self, expression: str | exp.Expression, relation: str, mode: Literal["row", "aggregate"]
    ) -> exp.Expression:
        scope = Scope(
            self.library,
            relation,
            self.period,
            mode=mode,
            register=self.register,
            standards_on=self.standards_on,
            where=self.indicator.defined_at,
        )
        found = resolve(expression, scope)
        self.resolved.append((relation, found))
        self.problems += found.problems
        return found.tree

    def refuse(self, tree: exp.Expression) -> None:
        self.problems.append(
            Problem("indicator-formula", self.indicator.defined_at, found=tree.sql(dialect="duckdb"))
        )


def compile_formula(
    library: Library,
    register: Register,
    indicator: Indicator,
    period: Period,
    standards_on: date,
    by: str = "",
) -> Formula:
    """Return the formula of an indicator that has a numerator, with the parameters of `period` and the standards of
    `standards_on`; `by` is the one of its breakdowns to make, if any.

    What cannot be computed is in `problems` (the definition's place, what was found).
    """
    if indicator.numerator is None:
        raise ValueError(f"{indicator.id} has no numerator")
    draft = _Draft(library, register, period, standards_on, indicator)
    above, below = _split(draft, indicator.numerator)
    sides: list[tuple[SideName, Aggregate, Side]] = [("numerator", indicator.numerator, above)]
    if below is not None:
        sides.append(("denominator", indicator.numerator, below))
    elif indicator.denominator is not None:
        divisor, again = _split(draft, indicator.denominator)
        if again is not None:
            draft.refuse(again.tree)
        sides.append(("denominator", indicator.denominator, divisor))
    parts = tuple(_parts(draft, sides, by))
    found = [one for _, one in draft.resolved]
    return Formula(
        indicator,
        parts,
        frozenset((r.form, _period(label)) for one in found for r in one.reads for label in r.periods),
        tuple(dict.fromkeys(s for one in found for s in one.standards)),
        tuple(dict.fromkeys(s for one in found for s in one.ended)),
        tuple(draft.problems),
    )


def _period(label: str) -> Period:
    found = periods.find(label)
    if found is None:
        raise ValueError(f"no period: {label}")
    return found


def _split(draft: _Draft, aggregate: Aggregate) -> tuple[Side, Side | None]:
    """Return numerator and denominator of an expression: of a division or an average at its top, else (whole, None)."""
    tree, problems = parse(aggregate.expr, draft.indicator.defined_at)
    draft.problems += problems
    if tree is None:
        return Side(exp.Null(), ()), None
    above, below = (
        None if half is None else draft.resolve(half, aggregate.of, "aggregate") for half in quotient(tree)
    )
    if draft.problems or above is None:
        return Side(exp.Null(), ()), None
    return _side(draft, above), None if below is None else _side(draft, below)


def _side(draft: _Draft, tree: exp.Expression) -> Side:
    """Return the arithmetic `tree` with its aggregates replaced by placeholders."""
    holder = exp.Paren(this=tree.copy())
    terms: list[Term] = []
    for node in list(_aggregates(holder)):
        condition, inner = _filtered(node)
        if isinstance(inner, exp.Avg):
            draft.refuse(tree)  # an average of parts is no average: only one at the top can be split
        terms.append(_term(inner, condition))
        node.replace(exp.Placeholder(this=f"t{len(terms) - 1}"))
    if not terms:
        draft.refuse(tree)
    return Side(holder.this, tuple(terms))


def _aggregates(tree: exp.Expression) -> Iterator[exp.Expression]:
    """Yield the outermost aggregates, each with its FILTER around it, left to right; subqueries keep theirs."""
    for child in tree.iter_expressions():
        if isinstance(child, (exp.Filter, *_AGGREGATES)):
            yield child
        elif not isinstance(child, _CLOSED):
            yield from _aggregates(child)


def _filtered(node: exp.Expression) -> tuple[exp.Expression | None, exp.Expression]:
    if isinstance(node, exp.Filter):
        return node.expression.this, node.this
    return None, node


def _term(node: exp.Expression, condition: exp.Expression | None) -> Term:
    argument = node.this
    distinct = isinstance(argument, exp.Distinct)
    if distinct:
        argument = argument.expressions[0]
    if isinstance(node, exp.Count):
        whole = argument is None or isinstance(argument, (exp.Star, exp.Literal))
        return Term("count", None if whole else argument, condition, distinct)
    function: Literal["sum", "min", "max"] = (
        "min" if isinstance(node, exp.Min) else "max" if isinstance(node, exp.Max) else "sum"
    )
    return Term(function, argument, condition, distinct)


def _parts(draft: _Draft, sides: list[tuple[SideName, Aggregate, Side]], by: str) -> Iterator[Part]:
    """One part for each relation. Sides over the same rows share a part; where only their `where` differs, it becomes a
    condition of each side's terms."""
    main = sides[0][1].of
    for relation in dict.fromkeys(aggregate.of for _, aggregate, _ in sides):
        own = [(name, aggregate.where, side) for name, aggregate, side in sides if aggregate.of == relation]
        wheres = {
            text: draft.resolve(text, relation, "row") for text in dict.fromkeys(w for _, w, _ in own) if text
        }
        classes = {}
        if relation == main:
            classes = {text: draft.resolve(text, relation, "row") for text in draft.indicator.by}
        of_period = relation in draft.library.forms
        used = (f for of, one in draft.resolved if of == relation for f in one.fields)
        fields = tuple(dict.fromkeys(used)) if of_period else ()
        same = len({text for _, text, _ in own}) == 1
        yield Part(
            relation=relation,
            where=any_of(wheres.values()) if len(wheres) == len({text for _, text, _ in own}) else None,
            sides={name: side if same else _narrowed(side, wheres.get(text)) for name, text, side in own},
            of_period=of_period,
            by=classes.get(by),
            classes=tuple(classes.values()),
            fields=fields,
        )


def _narrowed(side: Side, where: exp.Expression | None) -> Side:
    if where is None:
        return side
    return Side(
        side.tree,
        tuple(
            Term(
                t.function,
                t.argument,
                where if t.condition is None else all_of((where, t.condition)),
                t.distinct,
            )
            for t in side.terms
        ),
    )
