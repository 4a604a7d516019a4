"""Indicators: from the rows of a session to values with coverage, comparisons, targets and ranks (layer 5).

The database is only a callable, `query(sql) -> rows`. The order of things:

    coverage     who is expected, who is there, for the forms and periods an expression reads
    formula      a definition as terms: what to add up, what to divide
    lines        which rows on whose units a figure and its comparisons need
    totals       all of it in few statements (`statement`), as exact sums
    values       divided once, printed once, compared like with like
    derived      yes or no over other values
    standing     targets and ranks
    origin       the way back: the rows behind a figure, its SQL, its formula in words
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set

from ruralpb.indicators import derived
from ruralpb.indicators.coverage import Presence, Query, Return
from ruralpb.indicators.lines import QUARTER, Against, Planner
from ruralpb.indicators.origin import Contribution, Explanation, Trail, contributions, explain
from ruralpb.indicators.standing import with_ranks, with_targets
from ruralpb.indicators.totals import Totals
from ruralpb.indicators.values import Valuer
from ruralpb.model import LEVELS, Level, Library, Register, Settings, TargetRow, Unit, Value
from ruralpb.periods import Period
from ruralpb.problems import Problem

__all__ = ["QUARTER", "Contribution", "Explanation", "Query", "Trail", "compute", "contributions", "explain"]


def compute(
    library: Library,
    register: Register,
    settings: Settings,
    targets: Sequence[TargetRow],
    period: Period,
    query: Query,
    ids: Iterable[str] | None = None,
    levels: Sequence[Level] = ("county", "township"),
    compare: Sequence[Against] = ("previous", "last_year"),
    accepted: Set[Return] | None = None,
) -> tuple[list[Value], list[Problem]]:
    """Return the values of `period` and what could not be computed as defined.

    `query` runs SQL on a session whose register is that of the period's end. `ids` narrows the indicators (default all
    that are enabled and in force). One value for each unit of `levels` below the project's own unit (itself included),
    in the order of the definitions, then high levels first, then of the register; after an indicator's own values its
    slices (`by`) and, when it is cumulative, its single quarter as `<id>.quarter`. `accepted` are the period's accepted
    returns (reporter, form, period label); without it nothing counts as unaccepted.
    """
    high_first = [level for level in LEVELS if level in levels]
    presence = Presence(library, register, period, query)
    totals = Totals(library, register, presence, high_first, query)
    planner = Planner(library, period, presence, totals)
    valuer = Valuer(library, period, presence, units_of(register, settings, period, high_first), accepted)

    wanted = None if ids is None else set(ids)
    in_force = [i for i in library.indicators.values() if i.enabled and i.dated.holds(period.end)]
    chosen = [i for i in in_force if wanted is None or i.id in wanted]
    figures = {i.id: planner.figures(i, compare) for i in chosen if not i.derived}
    answers = {i.id: derived.plan(i, library, settings, planner) for i in chosen if i.derived}
    totals.fetch()

    values: list[Value] = []
    for indicator in chosen:
        for figure in figures.get(indicator.id, ()):
            values += valuer.values(figure)
        answer = answers.get(indicator.id)
        if answer:
            values += derived.values(answer, valuer)
    values = with_targets(values, library.indicators, period, targets)
    return with_ranks(values, library.indicators, register, settings, period), planner.problems


def units_of(register: Register, settings: Settings, period: Period, levels: Sequence[Level]) -> list[Unit]:
    """Return the units of `levels` below the project's own unit, itself included: high levels first, then in register order.

    Where the register does not know the project's unit, all of it is meant.
    """
    below = settings.unit if register.get(settings.unit, period.end) else ""
    return [
        unit
        for level in levels
        for unit in sorted(register.on(period.end, level, below), key=lambda unit: unit.sort_no)
    ]
