"""Plausibility against a unit's own earlier quarters: P11 far from what it used to be, P12 off by a factor that units of measure explain.

The reference is the median of at least three earlier quarters; the quarter that is judged is not among them (leave-one-out). With four
or five values no z-score that includes the tested value can pass 2, however wrong it is: (n−1)/√n bounds it.
"""

from __future__ import annotations

from collections.abc import Iterator

from ruralpb.core.periods import Period
from ruralpb.core.sql import identifier, literal
from ruralpb.model import Check, Field, Form, Library
from ruralpb.rules import engine
from ruralpb.rules.checks.completeness import CELL, Builder, own_plan, said, said_literal
from ruralpb.rules.checks.plan import Plan, Shown
from ruralpb.rules.expressions import key_columns
from ruralpb.rules.expressions.build import key_text

LEAST_QUARTERS = 3
MOST_QUARTERS = 12
"""Three years: what was longer ago says little about today."""
MOST_SPREADS = 6
"""How many spreads from the median are not yet conspicuous. The spread is the median absolute deviation, one tenth of the median at
least, so that a stable series is no trap, and one unit of measure at least, so that small counts are none."""

_UNITS = ("village", "township", "reporter")
SLIPS = ((10, "9.5", "10.5"), (10_000, "3000", "30000"))
"""Factor, from and to which ratio it explains; the same for values that are too small."""


def _deviating(check: Check, form: Form, _: Library, period: Period) -> Iterator[Plan]:
    """P11: the field of a unit that lies furthest from its own past; one note a unit."""
    if not (numbers := _series(form, period)):
        return
    sql = engine.statement(
        "check_deviating",
        title=literal(form.title),
        single=said_literal("history.single"),
        compared=_compared(form, numbers, period),
    )
    names = ("form", "name", "header", "single")
    shown = (
        *(Shown(name, "text") for name in names),
        Shown("value", "number", said("value")),
        Shown("quarters", "number"),
        Shown("median", "number", said("history.median")),
        Shown("low", "number", said("history.low")),
        Shown("high", "number", said("history.high")),
    )
    yield own_plan(check, form, period, sql, shown, said("history.requires", MOST_SPREADS))


def _slipped(check: Check, form: Form, _: Library, period: Period) -> Iterator[Plan]:
    """P12: every field of a unit that is about ten or ten thousand times what its past lets expect, or a part of it."""
    if not (numbers := _series(form, period)):
        return
    compared = _compared(form, numbers, period)
    sql = engine.statement("check_slipped", title=literal(form.title), compared=compared)
    shown = (
        *(Shown(name, "text") for name in ("form", "name", "header")),
        Shown("value", "number", said("value")),
        Shown("quarters", "number"),
        Shown("awaited", "number", said("history.awaited")),
        Shown("slip", "text"),
    )
    yield own_plan(check, form, period, sql, shown, said("slip.requires"))


def _series(form: Form, period: Period) -> list[Field]:
    """The number fields of a form of which every unit has one row a quarter."""
    if period.kind != "quarter" or form.frequency == "year" or not set(form.key) <= set(_UNITS):
        return []
    return [f for f in form.fields_in(period) if f.numeric]


def _compared(form: Form, numbers: list[Field], period: Period) -> str:
    """One row for each number that is conspicuous. `_x` is the single quarter's (of a cumulative field: what was added), `_awaited`
    what the past lets expect to stand in the cell; amounts are compared in whole multiples and stay exact."""
    fields = ", ".join(identifier(f.id) for f in numbers)
    casts = ", ".join(f"cast(f.{identifier(f.id)} AS DECIMAL(38, 6)) AS {identifier(f.id)}" for f in numbers)
    titles = ", ".join(
        f"({literal(f.id)}, {literal(f.title)}, {str(f.time == 'year_to_date').lower()}, {place})"
        for place, f in enumerate(numbers)
    )
    return engine.statement(
        "check_own_history",
        key=key_text([*key_columns(form), "ordinal"], "f"),
        cell=CELL.format("f"),
        casts=casts,
        rows=identifier(form.id),
        fields=fields,
        titles=titles,
        period=literal(period.label),
        start=literal(f"{period.start}"),
        end=literal(f"{period.end}"),
        since=literal(f"{period.year - MOST_QUARTERS // 4}-{period.start:%m-%d}"),
        least=LEAST_QUARTERS,
        most=MOST_SPREADS,
        slip=_slip_case(),
    )


def _slip_case() -> str:
    """What factor explains the number, in words; NULL for none."""
    branches = []
    for factor, least, most in SLIPS:
        large = f"_value BETWEEN {least} * _awaited AND {most} * _awaited"
        small = f"_awaited BETWEEN {least} * _value AND {most} * _value"
        branches += [f"WHEN {large} THEN {said_literal(f'slip.{factor}.large')}"]
        branches += [f"WHEN {small} THEN {said_literal(f'slip.{factor}.small')}"]
    return f"CASE WHEN _awaited <= 0 OR _value <= 0 THEN NULL {' '.join(branches)} END"


PLANS: dict[str, Builder] = {"P11": _deviating, "P12": _slipped}
"""Check id → its builder."""
