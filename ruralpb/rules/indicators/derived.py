"""Derived indicators: a yes or no over other indicators' values and `base(id)`, their values in the project's base period.

The comparison is made between unrounded values and in Kleene's logic, so that a value that is missing makes the answer unknown
only where it matters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlglot import exp
from sqlglot.errors import SqlglotError

from ruralpb.core.numbers import NO, NONE, YES
from ruralpb.core.periods import find
from ruralpb.core.problems import Problem
from ruralpb.model import Indicator, Library, Settings, Unit, Value
from ruralpb.rules import engine
from ruralpb.rules.expressions import closest
from ruralpb.rules.expressions.build import bare
from ruralpb.rules.expressions.syntax import fold
from ruralpb.rules.indicators.coverage import Tally
from ruralpb.rules.indicators.series import PlannedAmount, Planner
from ruralpb.rules.indicators.values import Valuer


@dataclass(frozen=True)
class Answer:
    """A derived indicator planned: its condition, and the line of each indicator it names, now and in the base period; both
    on the units that are in both."""

    indicator: Indicator
    condition: exp.Expression
    now: Mapping[str, PlannedAmount]
    base: Mapping[str, PlannedAmount]


_PRINTED = {None: NONE, True: YES, False: NO}

Lookup = Callable[[str, bool], Decimal | None]
"""(indicator id, of the base period) → its value."""

_COMPARES: dict[type[exp.Expression], Callable[[Decimal, Decimal], bool]] = {
    exp.GT: lambda a, b: a > b,
    exp.GTE: lambda a, b: a >= b,
    exp.LT: lambda a, b: a < b,
    exp.LTE: lambda a, b: a <= b,
    exp.EQ: lambda a, b: a == b,
    exp.NEQ: lambda a, b: a != b,
}
_COMPUTES: dict[type[exp.Expression], Callable[[Decimal, Decimal], Decimal]] = {
    exp.Add: lambda a, b: a + b,
    exp.Sub: lambda a, b: a - b,
    exp.Mul: lambda a, b: a * b,
}


def plan(indicator: Indicator, library: Library, settings: Settings, planner: Planner) -> Answer | None:
    """Return the indicator with the lines it needs noted, or None (the planner then has the problems)."""
    ids = [i.id for i in library.indicators.values() if not i.derived]
    condition, problems = formula(indicator, ids)
    planner.problems += problems
    if condition is None:
        return None
    needed = [library.indicators[name] for name in rests_on(condition)]
    base_period = find(settings.base_period) if settings.base_period else None
    based = {call.expressions[0].name for call in condition.find_all(exp.Anonymous)}
    if based and base_period is None:
        planner.problems.append(Problem("base-period", severity="note", data={"indicator": indicator.title}))
    pairs = {i.id: planner.against(i, base_period) for i in needed if i.id in based and base_period}
    return Answer(
        indicator,
        condition,
        {i.id: pairs[i.id][0] if i.id in pairs else planner.now(i) for i in needed},
        {name: base for name, (_, base) in pairs.items()},
    )


def values(answer: Answer, valuer: Valuer) -> Iterator[Value]:
    """Yield 是 (1), 否 (0) or no value for every unit. Coverage is that of the worst covered indicator it rests on."""
    for unit in valuer.units:

        def number(name: str, of_base: bool, unit: Unit = unit) -> Decimal | None:
            line = (answer.base if of_base else answer.now).get(name)
            return valuer.number(line, unit.code)[1] if line else None

        holding = holds(answer.condition, number)
        tallies = [valuer.tally(line.coverage, unit.code) for line in answer.now.values()]
        worst = min(tallies, key=lambda tally: tally.covered - tally.expected, default=Tally())
        value = None if holding is None else Decimal(holding)
        unknown = sum(valuer.number(line, unit.code)[0].unknown for line in answer.now.values())
        suspect, sound = (0, None) if holding is None else _without_suspects(answer, valuer, unit.code)
        yield Value(
            indicator=answer.indicator.id,
            unit_code=unit.code,
            unit=unit.name,
            level=unit.level,
            period=valuer.period.label,
            numerator=value,
            denominator=None,
            value=value,
            printed=_PRINTED[holding],
            covered=worst.covered,
            expected=worst.expected,
            unknown_rows=unknown,
            suspect_rows=suspect,
            value_without_suspect=None if sound is None else Decimal(sound),
            printed_without_suspect=_PRINTED[sound] if suspect else "",
            unaccepted=max((tally.unaccepted for tally in tallies), default=0),
            missing=worst.missing,
            reason=_why(answer, worst) if holding is None else "",
        )


def _without_suspects(answer: Answer, valuer: Valuer, unit: str) -> tuple[int, bool | None]:
    """Return on how many suspect rows the answer rests, and what it is without them."""
    doubts = {name: valuer.without_suspects(line, unit) for name, line in answer.now.items()}
    suspect = sum(rows for rows, _ in doubts.values())
    if not suspect:
        return 0, None

    def number(name: str, of_base: bool) -> Decimal | None:
        if not of_base and doubts.get(name, (0, None))[0]:
            return doubts[name][1]
        line = (answer.base if of_base else answer.now).get(name)
        return valuer.number(line, unit)[1] if line else None

    return suspect, holds(answer.condition, number)


def _why(answer: Answer, tally: Tally) -> str:
    if answer.condition.find(exp.Anonymous):
        return "value-base"
    return "value-unknown" if tally.covered else "value-not-covered"


def formula(indicator: Indicator, known: Sequence[str]) -> tuple[exp.Expression | None, list[Problem]]:
    """Return the tree of `derived` and what is wrong with it: `known` are the indicator ids it may name."""
    where = indicator.defined_at
    try:
        tree = engine.parsed(fold(indicator.derived)).copy()
        holds(tree, lambda _name, _of_base: Decimal(0))  # raises for what is no condition over numbers
    except (SqlglotError, ValueError):
        return None, [Problem("indicator-derived", where, found=indicator.derived)]
    problems = [
        Problem("indicator-unknown", where, found=name, expected=closest(name, list(known)))
        for name in rests_on(tree)
        if name not in known
    ]
    return (None if problems else tree), problems


def rests_on(tree: exp.Expression) -> tuple[str, ...]:
    """Return the ids of the indicators it names."""
    return tuple(dict.fromkeys(column.name for column in tree.find_all(exp.Column)))


def based_on(indicator: Indicator, library: Library) -> tuple[str, ...]:
    """Return the ids of the indicators a derived one is made of; none for what is not derived."""
    ids = [i.id for i in library.indicators.values() if not i.derived]
    tree = formula(indicator, ids)[0] if indicator.derived else None
    return rests_on(tree) if tree is not None else ()


def holds(tree: exp.Expression, value: Lookup) -> bool | None:
    """Return whether the condition holds; None when that is unknown. Raises ValueError for what is no condition."""
    node = bare(tree)
    if isinstance(node, exp.Not):
        inner = holds(node.this, value)
        return None if inner is None else not inner
    if isinstance(node, (exp.And, exp.Or)):
        sides = (holds(node.this, value), holds(node.expression, value))
        decides = isinstance(node, exp.Or)
        if decides in sides:
            return decides
        return None if None in sides else not decides
    compare = _COMPARES.get(type(node))
    if compare is None:
        raise ValueError(node.sql())
    left, right = _number(node.this, value), _number(node.expression, value)
    return None if left is None or right is None else compare(left, right)


def _number(node: exp.Expression, value: Lookup) -> Decimal | None:
    node = bare(node)
    if isinstance(node, exp.Column):
        return value(node.name, False)
    if isinstance(node, exp.Anonymous) and node.name.lower() == "base" and len(node.expressions) == 1:
        return value(node.expressions[0].name, True)
    if isinstance(node, exp.Literal) and not node.is_string:
        return Decimal(node.this)
    if isinstance(node, exp.Neg):
        inner = _number(node.this, value)
        return None if inner is None else -inner
    compute = _COMPUTES.get(type(node))
    if compute is None:
        raise ValueError(node.sql())
    left, right = _number(node.this, value), _number(node.expression, value)
    return None if left is None or right is None else compute(left, right)
