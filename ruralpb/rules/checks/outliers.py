"""Plausibility checks over all number fields of a village form: T14 copied from last period, P02 far from the class median."""

from __future__ import annotations

from collections.abc import Iterator

from ruralpb.core.periods import Period
from ruralpb.core.sql import identifier, literal
from ruralpb.model import Check, Field, Form, Library
from ruralpb.rules import engine
from ruralpb.rules.checks.completeness import CELL, Builder, own_plan, said, said_literal
from ruralpb.rules.checks.plan import Plan, Shown
from ruralpb.rules.expressions import key_columns, previous_of
from ruralpb.rules.expressions.build import key_text

LEAST_NON_ZERO = 5
"""T14: a village with fewer numbers that are not zero may well repeat itself."""
LEAST_VILLAGES = 10
"""P02: a median over fewer says little."""
WITHIN = 0.75
"""P02: the spread is the distance from the median within which so large a part of the villages stays."""
MOST_SPREADS = 6
"""P02: how many spreads from the median are not yet conspicuous."""


def _copied(check: Check, form: Form, _: Library, period: Period) -> Iterator[Plan]:
    """T14: every number of the village equals last period's, at least five of them not zero."""
    numbers = _numbers(form, period)
    if not form.village_row or len(numbers) < LEAST_NON_ZERO:
        return
    same = " AND ".join(f"f.{identifier(n.id)} IS NOT DISTINCT FROM p.{identifier(n.id)}" for n in numbers)
    filled = " + ".join(f"(coalesce(f.{identifier(n.id)}, 0) <> 0)::int" for n in numbers)
    keys = key_columns(form)
    on = " AND ".join(f"p.{identifier(k)} IS NOT DISTINCT FROM f.{identifier(k)}" for k in (*keys, "ordinal"))
    sql = engine.statement(
        "check_copied",
        key=key_text([*keys, "ordinal"], "f"),
        field=literal(numbers[0].id),
        cell=CELL.format("f"),
        title=literal(form.title),
        found=said_literal("copied.found", len(numbers)),
        expected=said_literal("copied.expected"),
        rows=identifier(form.id),
        joined=on,
        period=literal(period.label),
        before=literal(previous_of(period).label),
        filled=filled,
        least=LEAST_NON_ZERO,
        same=same,
    )
    names = ("form", "village", "township", "found", "expected")
    yield own_plan(check, form, period, sql, tuple(Shown(n, "text") for n in names), said("copied.requires"))


def _outlying(check: Check, form: Form, _: Library, period: Period) -> Iterator[Plan]:
    """P02: a number over six spreads from the median of the villages in townships of one class; one note a village, naming
    the column that lies furthest out. Villages that say 0 have none of the thing: they neither count nor stand out.

    The spread is the distance from the median within which three quarters of the villages stay. (Half of them, the median
    absolute deviation, would be too few: amounts of money trail off to one side, and every tenth village would lie out.) It is
    taken to be half the median at least, so that where all villages are alike a small difference is none. Median and spread are
    elements of the data and stay exact; where three quarters of the villages say the same, nothing can be said of the rest.
    """
    if not form.village_row:
        return
    branches = [_branch(form, item, place, period) for place, item in enumerate(_numbers(form, period))]
    if not branches:
        return
    more = said("outlying.more", "' || (_n - 1) || '")
    sql = engine.statement("check_outlying", more=f"'{more}'", branches="\nUNION ALL\n".join(branches))
    shown = (
        Shown("form", "text"),
        Shown("village", "text"),
        Shown("township", "text"),
        Shown("header", "text"),
        Shown("value", "number", said("value")),
        Shown("median", "number", said("outlying.median")),
        Shown("more", "text"),
    )
    yield own_plan(check, form, period, sql, shown, said("outlying.requires", MOST_SPREADS))


def _branch(form: Form, item: Field, place: int, period: Period) -> str:
    """The villages whose number in one column is conspicuous. `_twice` is two spreads, which keeps half a median exact; `_times`
    how many thousandths of a spread the number is away."""
    return engine.statement(
        "check_outlying_field",
        key=key_text([*key_columns(form), "ordinal"], "f"),
        field=literal(item.id),
        cell=CELL.format("f"),
        title=literal(form.title),
        header=literal(item.title),
        place=place,
        within=WITHIN,
        value=f"f.{identifier(item.id)}",
        rows=identifier(form.id),
        period=literal(period.label),
        least=LEAST_VILLAGES,
        most=MOST_SPREADS,
    )


def _numbers(form: Form, period: Period) -> list[Field]:
    return [f for f in form.fields_in(period) if f.numeric]


PLANS: dict[str, Builder] = {"T14": _copied, "P02": _outlying}
"""Check id → its builder."""
