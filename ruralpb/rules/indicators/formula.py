"""An indicator's definition taken apart: what to add up over which rows, what to divide by what. All of it is SQL text in the end.

Aggregates are taken apart into terms (a function, an argument, a condition), because a row for which any term's argument or
condition is unknown leaves all of them (semantics S4); `/` and `avg` at the top become a numerator and a denominator that are
divided once, in Decimal (S8).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from sqlglot import exp

from ruralpb.core import periods
from ruralpb.core.periods import Period
from ruralpb.core.problems import Problem
from ruralpb.model import Aggregate, Indicator, Library, Register
from ruralpb.rules.engine import render
from ruralpb.rules.expressions import Resolved, Scope, parse, quotient, resolve
from ruralpb.rules.indicators.coverage import Read

_AGGREGATES = (exp.Count, exp.Sum, exp.Min, exp.Max, exp.Avg)
_CLOSED = (exp.Subquery, exp.Exists, exp.Select)
"""Aggregates inside these belong to the subquery."""
_DATED = (":", "：", "full_year")
"""What in an expression makes its SQL another one in another period: parameters, and the function that is the field itself at a year's end."""
_HOLE = re.compile(r'"?__term(\d+)__"?')

SideName = Literal["numerator", "denominator"]
SIDES: tuple[SideName, ...] = ("numerator", "denominator")


@dataclass(frozen=True, slots=True)
class Term:
    """One aggregate over the rows. `argument` "" is `count(*)`, `condition` "" takes all rows."""

    function: Literal["count", "sum", "min", "max"]
    argument: str
    condition: str = ""
    distinct: bool = False


@dataclass(frozen=True, slots=True)
class FormulaSide:
    """A numerator or denominator: arithmetic over terms, in which the n-th stands as a hole."""

    text: str
    terms: tuple[Term, ...]

    def filled(self, terms: Mapping[int, str]) -> str:
        """Return the arithmetic with the n-th term's SQL in its place."""
        return _HOLE.sub(lambda hole: terms[int(hole[1])], self.text)


@dataclass(frozen=True, eq=False)
class FormulaPart:
    """What is added up over the rows of one relation. Parts are equal only when they are the same object."""

    relation: str
    where: str
    sides: Mapping[SideName, FormulaSide]
    of_period: bool
    """False for register views, which have no periods."""
    classes: Mapping[str, str] = field(default_factory=dict)
    """What the indicator is broken down by, as defined → SQL. A row without a class is unknown to the whole too (S4), so
    that a breakdown adds up to it."""
    by: str = ""
    """The one of `classes` that this part is broken down by."""
    fields: tuple[str, ...] = ()
    """The relation's own fields that it uses."""
    suspect: str = ""
    """The condition of rows that are suspect."""
    left_out: str = ""
    """The condition of rows that are not to count: the suspect ones, or all of their units. "": every row counts."""

    @property
    def weight(self) -> int:
        """How many SELECTs it holds: what a statement costs to plan."""
        texts = [
            self.where,
            self.left_out,
            *(t for side in self.sides.values() for x in side.terms for t in (x.argument, x.condition)),
        ]
        return sum(text.count("SELECT") for text in dict.fromkeys(texts))


@dataclass(frozen=True, eq=False)
class Formula:
    """An indicator ready to be computed for one period's parameters and one day's standards.

    `reads` are the forms and periods it reads besides its own rows. `out_of_force` are standards it needs that have no value
    on the day: then there is no value. `timeless`: it is the same for every period.
    """

    indicator: Indicator
    parts: tuple[FormulaPart, ...]
    reads: frozenset[Read] = frozenset()
    standards: tuple[str, ...] = ()
    out_of_force: tuple[str, ...] = ()
    timeless: bool = False
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

    def broken_down(self, by: str) -> Formula:
        """Return the formula with its own form's part broken down by one of the indicator's `by`."""
        parts = tuple(replace(part, by=by if by in part.classes else "") for part in self.parts)
        return replace(self, parts=parts)


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
        self, expression: str | exp.Expression, relation: str, mode: Literal["row", "aggregate"] = "row"
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
        resolved = resolve(expression, scope)
        self.resolved.append((relation, resolved))
        self.problems += resolved.problems
        return resolved.tree

    def refuse(self, text: str) -> None:
        self.problems.append(Problem("indicator-formula", self.indicator.defined_at, found=text))


def compile_formula(
    library: Library, register: Register, indicator: Indicator, period: Period, standards_on: date
) -> Formula:
    """Return the formula of an indicator that has a numerator, with the parameters of `period` and the standards of
    `standards_on`. What cannot be computed is in `problems` (the definition's place, what was found)."""
    if indicator.numerator is None:
        raise ValueError(f"{indicator.id} has no numerator")
    draft = _Draft(library, register, period, standards_on, indicator)
    parts = (*_parts(draft, _sides(draft, indicator.numerator, indicator.denominator)), *_summands(draft))
    resolved = [expression for _, expression in draft.resolved]
    reads = frozenset(
        (r.form, _period(label)) for expression in resolved for r in expression.reads for label in r.periods
    )
    return Formula(
        indicator,
        parts,
        reads,
        tuple(dict.fromkeys(s for expression in resolved for s in expression.standards)),
        tuple(dict.fromkeys(s for expression in resolved for s in expression.ended)),
        not reads and not any(sign in text for text in _texts(indicator) for sign in _DATED),
        tuple(draft.problems),
    )


def _texts(indicator: Indicator) -> Iterator[str]:
    yield from indicator.by
    for aggregate in indicator.aggregates:
        yield from (aggregate.expr, aggregate.where)


def _period(label: str) -> Period:
    named = periods.find(label)
    if named is None:
        raise ValueError(f"no period: {label}")
    return named


def _sides(
    draft: _Draft, numerator: Aggregate, denominator: Aggregate | None
) -> list[tuple[SideName, Aggregate, FormulaSide]]:
    """Return the sides with the aggregates they were written as. Only one thing can be divided by, and only once."""
    above, below = _split(draft, numerator)
    sides: list[tuple[SideName, Aggregate, FormulaSide]] = [("numerator", numerator, above)]
    if below is not None:
        sides.append(("denominator", numerator, below))
    if denominator is not None:
        divisor, again = _split(draft, denominator)
        if below is not None or again is not None:
            draft.refuse(denominator.expr)
        sides.append(("denominator", denominator, divisor))
    return sides


def _split(draft: _Draft, aggregate: Aggregate) -> tuple[FormulaSide, FormulaSide | None]:
    """Return numerator and denominator of an expression: of a division or an average at its top, else (whole, None)."""
    tree, problems = parse(aggregate.expr, draft.indicator.defined_at)
    draft.problems += problems
    if tree is None or problems:
        return FormulaSide("NULL", ()), None
    above, below = quotient(tree)
    return (
        _side(draft, draft.resolve(above, aggregate.of, "aggregate")),
        None if below is None else _side(draft, draft.resolve(below, aggregate.of, "aggregate")),
    )


def _side(draft: _Draft, tree: exp.Expression) -> FormulaSide:
    """Return the arithmetic `tree` with its aggregates taken out."""
    holder = exp.Paren(this=tree.copy())
    terms: list[Term] = []
    for node in list(_aggregates(holder)):
        condition, inner = (node.expression.this, node.this) if isinstance(node, exp.Filter) else (None, node)
        if isinstance(inner, exp.Avg):
            draft.refuse(render(tree))  # an average of parts is no average: only one at the top can be split
        terms.append(_term(inner, "" if condition is None else render(condition)))
        node.replace(exp.column(f"__term{len(terms) - 1}__"))
    if not terms and not draft.problems:
        draft.refuse(render(tree))
    return FormulaSide(render(holder.this), tuple(terms))


def _aggregates(tree: exp.Expression) -> Iterator[exp.Expression]:
    """Yield the outermost aggregates, each with its FILTER around it, left to right; subqueries keep theirs."""
    for child in tree.iter_expressions():
        if isinstance(child, (exp.Filter, *_AGGREGATES)):
            yield child
        elif not isinstance(child, _CLOSED):
            yield from _aggregates(child)


def _term(node: exp.Expression, condition: str) -> Term:
    argument = node.this
    distinct = isinstance(argument, exp.Distinct)
    if distinct:
        argument = argument.expressions[0]
    if isinstance(node, exp.Count):
        whole = argument is None or isinstance(argument, (exp.Star, exp.Literal))
        return Term("count", "" if whole else render(argument), condition, distinct)
    function: Literal["sum", "min", "max"] = (
        "min" if isinstance(node, exp.Min) else "max" if isinstance(node, exp.Max) else "sum"
    )
    return Term(function, render(argument), condition, distinct)


def _parts(
    draft: _Draft, sides: list[tuple[SideName, Aggregate, FormulaSide]], *, own: bool = True
) -> Iterator[FormulaPart]:
    """One part for each relation. Sides over the same rows share a part; where only their `where` differs, it becomes a
    condition of each side's terms. `own`: the indicator's breakdowns are of the first of the relations."""
    for relation in dict.fromkeys(aggregate.of for _, aggregate, _ in sides):
        here = [(name, aggregate.where, side) for name, aggregate, side in sides if aggregate.of == relation]
        wheres = {text: render(draft.resolve(text, relation)) if text else "" for _, text, _ in here}
        classes = draft.indicator.by if own and relation == sides[0][1].of else ()
        cut = {text: render(draft.resolve(text, relation)) for text in classes}
        of_period = relation in draft.library.forms
        used = (f for of, one in draft.resolved if of == relation for f in one.fields)
        yield FormulaPart(
            relation=relation,
            where="" if "" in wheres.values() else " OR ".join(map(_whole, wheres.values())),
            sides={
                name: side if len(wheres) == 1 else _narrowed(side, wheres[text]) for name, text, side in here
            },
            of_period=of_period,
            classes=cut,
            fields=tuple(dict.fromkeys(used)) if of_period else (),
        )


def _summands(draft: _Draft) -> Iterator[FormulaPart]:
    """The further summands of the numerator, each a part of its own."""
    for aggregate in draft.indicator.plus:
        side, below = _split(draft, aggregate)
        if below is not None:
            draft.refuse(aggregate.expr)
        yield from _parts(draft, [("numerator", aggregate, side)], own=False)


def _narrowed(side: FormulaSide, where: str) -> FormulaSide:
    """Return the side with `where` among the conditions of each of its terms."""

    def both(term: Term) -> str:
        return " AND ".join(_whole(text) for text in (where, term.condition) if text)

    return FormulaSide(side.text, tuple(replace(term, condition=both(term)) for term in side.terms))


def _whole(text: str) -> str:
    return f"({text})"
