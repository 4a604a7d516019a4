"""Parts of an area by what the register says of its units: demonstration zones, key villages, kinds, classes of townships.

A cut is no breakdown of rows: its figures are computed anew on its units alone, numerator, denominator, coverage and comparisons,
by the attributes of the period's end in both periods.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from ruralpb.core import numbers
from ruralpb.core.sql import literal
from ruralpb.model import Register, Unit
from ruralpb.rules import engine
from ruralpb.rules.indicators.contribution import UNIT


@dataclass(frozen=True, slots=True)
class Cut:
    """The part of the area where `by` is `label`. `units` are its villages with their townships; `condition` is the SQL that
    a row's unit is of it."""

    by: str
    label: str
    units: frozenset[str]
    condition: str


def _of_village(column: str, unit: Unit) -> str:
    value = getattr(unit, column)
    return numbers.yes_no(value) if isinstance(value, bool) else str(value)


_VILLAGE: Mapping[str, Callable[[str], str]] = {
    "in_demo_zone": lambda label: f"{UNIT}.in_demo_zone = {'TRUE' if label == numbers.YES else 'FALSE'}",
    "key_class": lambda label: f"coalesce({UNIT}.key_class, '') = {literal(label)}",
    "kind": lambda label: f"coalesce({UNIT}.kind, '') = {literal(label)}",
}
"""Attributes of villages: a row about a township as a whole is of no part."""

CUTS = (*_VILLAGE, "class")
"""What can be cut by: columns of units.csv."""


def cuts(register: Register, end: date, by: str) -> tuple[Cut, ...]:
    """Return the parts of the area by one of `CUTS` on a day, in the order of the register, units without the attribute last."""
    if by == "class":
        return _of_townships(register, end)
    members: dict[str, set[str]] = {numbers.YES: set()} if by == "in_demo_zone" else {}
    for village in register.on(end, "village"):
        members.setdefault(_of_village(by, village), set()).update((village.code, village.parent_code))
    return tuple(
        Cut(by, label, frozenset(codes), f"{UNIT}.level = 'village' AND {_VILLAGE[by](label)}")
        for label, codes in _blank_last(members).items()
        if codes
    )


def _of_townships(register: Register, end: date) -> tuple[Cut, ...]:
    members: dict[str, set[str]] = {}
    for township in register.on(end, "township"):
        below = {unit.code for unit in register.on(end, "village", township.code)}
        members.setdefault(township.unit_class, set()).update((township.code, *below))
    return tuple(
        Cut(
            "class",
            label,
            frozenset(codes),
            engine.statement("units_of_class", unit=UNIT, label=literal(label)),
        )
        for label, codes in _blank_last(members).items()
    )


def _blank_last(found: Mapping[str, set[str]]) -> dict[str, set[str]]:
    return dict(sorted(found.items(), key=lambda item: item[0] == ""))
