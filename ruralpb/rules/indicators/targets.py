"""Where a value stands: against its target, under which card, and among its peers (domain 7.3 rule 10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from ruralpb.core.numbers import quotient
from ruralpb.core.periods import Period
from ruralpb.model import (
    LEVELS,
    Better,
    Indicator,
    Level,
    Register,
    Settings,
    Standard,
    StandardsOn,
    Target,
    TargetRow,
    Value,
)

Status = Literal["", "met", "behind", "failed"]
Card = Literal["", "green", "yellow", "red"]

CARD_STANDARDS = ("card_green_min", "card_yellow_min")
"""The standards that say from how much of what is due on a card is green, and yellow (in %)."""

_AMONG: Mapping[Level, Level | None] = {"township": "county", "county": None}
"""Ranked level → within what: townships with those of their county, counties with all of the project."""


@dataclass(frozen=True, slots=True)
class CardLines:
    """Completion, in % of what is due, from which on a card is green, and yellow; below it is red."""

    green: Decimal
    yellow: Decimal


def target_of(
    indicator: Indicator, unit_code: str, period: Period, rows: Iterable[TargetRow]
) -> Target | None:
    """Return the target in force: the row of targets.csv for this unit and period, else for its year, else the
    definition's. A year's row is due as the definition's target is, at the year's end when there is none."""
    mine = {
        row.period: row.value for row in rows if (row.indicator, row.unit_code) == (indicator.id, unit_code)
    }
    if period.label in mine:
        return Target(mine[period.label], "period")
    year = str(period.year)
    if year in mine:
        return Target(mine[year], indicator.target.per if indicator.target else "year_end")
    return indicator.target


def judged(
    value: Decimal | None, target: Target, period: Period, better: Better
) -> tuple[Decimal | None, Status]:
    """Return what is due of the target in `period`, and how the value stands to it.

    `year_end` is judged in the year's last period only; `schedule` is due pro rata by the months that have passed (a quarter's 25, 50, 75, 100 %), and short
    of it is `behind` until the year is over, `failed` then. `lower` means at most, else at least.
    """
    is_last = period.end.month == 12
    due = Decimal(target.value)
    if target.per == "year_end" and not is_last:
        return due, ""
    if target.per == "schedule":
        due = quotient(due * period.end.month, Decimal(12)) or Decimal(0)
    if value is None:
        return due, ""
    if value <= due if better == "lower" else value >= due:
        return due, "met"
    return due, "behind" if target.per == "schedule" and not is_last else "failed"


def with_targets(
    values: Iterable[Value],
    indicators: Mapping[str, Indicator],
    period: Period,
    rows: Sequence[TargetRow],
    standards: StandardsOn,
) -> list[Value]:
    """Return the values with target and status; slices and single quarters have none, nor have units for which the standard
    that is the target is not in force.

    No verdict rests on suspect rows: a township or village whose value is suspect has no status, what lies above them is judged on the
    value without those rows.
    """
    targeted = []
    for value in values:
        indicator = indicators.get(value.indicator)
        target = (
            target_of(indicator, value.unit_code, period, rows) if indicator and not value.slice else None
        )
        goal = standards.number(target.value, value.unit_code) if target else None
        if indicator and target and goal is not None:
            due, status = judged(value.sound, replace(target, value=goal), period, indicator.better)
            value = replace(value, target=due, status="" if is_set_aside(value) else status)
        targeted.append(value)
    return targeted


def is_set_aside(value: Value) -> bool:
    """True when a value is suspect and its unit is one among others, so that verdicts on them are given without it."""
    return value.is_suspect and LEVELS.index(value.level) >= LEVELS.index("township")


def with_cards(
    values: Sequence[Value],
    indicators: Mapping[str, Indicator],
    lines: CardLines | None,
    before: Callable[[frozenset[str]], Iterable[Value]],
) -> list[Value]:
    """Return the values with their cards. A second yellow card in a row is a red one: `before` gives the values, with targets,
    of the period before for the indicators that are yellow now. Without `lines` there are no cards."""
    if lines is None:
        return list(values)
    carded = [
        replace(v, card=card_of(v, indicators[v.indicator].better, lines)) if v.status else v for v in values
    ]
    yellow = frozenset(v.indicator for v in carded if v.card == "yellow")
    if not yellow:
        return carded
    again = {
        (v.indicator, v.unit_code)
        for v in before(yellow)
        if v.status and card_of(v, indicators[v.indicator].better, lines) == "yellow"
    }
    return [
        replace(v, card="red") if v.card == "yellow" and (v.indicator, v.unit_code) in again else v
        for v in carded
    ]


def card_lines(standards: Mapping[str, Standard], period: Period) -> CardLines | None:
    """Return the lines in force on the period's last day; None when one is not."""
    lines = [standards[id_].on(period.end) for id_ in CARD_STANDARDS if id_ in standards]
    numbers = [v.value for v in lines if v is not None and isinstance(v.value, Decimal)]
    return CardLines(*numbers) if len(numbers) == len(CARD_STANDARDS) else None


def card_of(value: Value, better: Better, lines: CardLines) -> Card:
    """Return the card of a value that is judged: completion is value ÷ due, of what should be low due ÷ value."""
    reached = value.sound
    if reached is None or value.target is None:
        return ""
    done, due = (value.target, reached) if better == "lower" else (reached, value.target)
    if due <= 0 or done < 0:  # nothing to divide by: met or not
        return "green" if value.status == "met" else "red"
    if done * 100 >= lines.green * due:
        return "green"
    return "yellow" if done * 100 >= lines.yellow * due else "red"


def with_ranks(
    values: Sequence[Value],
    indicators: Mapping[str, Indicator],
    register: Register,
    settings: Settings,
    period: Period,
) -> list[Value]:
    """Return the values with competition ranks (1, 2, 2, 4) among the townships of a county, and among counties where there
    are several; classes apart when the project says so. Not ranked: no value, a suspect one, coverage below the project's minimum,
    an indicator without a better side."""
    groups: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for place, value in enumerate(values):
        indicator = indicators.get(value.indicator)
        if indicator and indicator.better != "neither" and takes_part(value, settings.ranking.min_coverage):
            unit = register.get(value.unit_code, period.end)
            group = unit.unit_class if unit and settings.ranking.classes else ""
            groups[value.indicator, _peers(register, value, period), group].append(place)
    ranked = list(values)
    for (name, peers, _), places in groups.items():
        if not peers and len(places) < 2:
            continue  # the only county
        numbers = [number for place in places if (number := values[place].value) is not None]
        for place, rank in zip(places, competition(numbers, indicators[name].better), strict=True):
            ranked[place] = replace(values[place], rank=rank, ranked=len(places))
    return ranked


def _peers(register: Register, value: Value, period: Period) -> str:
    """Return the code of the unit whose units of this level are ranked together; "" for all of the project."""
    above = _AMONG[value.level]
    path = [register.get(code, period.end) for code in register.path(value.unit_code, period.end)]
    return next((unit.code for unit in path if unit and unit.level == above), value.level if above else "")


def takes_part(value: Value, min_coverage: Decimal) -> bool:
    """True when a value can be ranked: a township's or county's whole value that rests on enough of its units and on no suspect row."""
    return (
        value.level in _AMONG
        and not value.slice
        and value.value is not None
        and not value.is_suspect
        and value.expected > 0
        and Decimal(value.covered * 100) >= min_coverage * value.expected
    )


def competition(values: Sequence[Decimal], better: Better) -> list[int]:
    """Return each value's rank: one more than how many are strictly better."""
    ordered = sorted(values, reverse=better != "lower")
    first: dict[Decimal, int] = {}
    for place, value in enumerate(ordered, 1):
        first.setdefault(value, place)
    return [first[value] for value in values]
