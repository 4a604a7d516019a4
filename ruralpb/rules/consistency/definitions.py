"""Definitions of indicators that contradict each other, whatever the returns say.

    rate-beside-counts   a rate takes rows that the counts of the same matter leave out
    counts-overlap       counts that sort the same rows into classes count some rows twice: their sum exceeds the whole
    part-beyond-whole    what is declared a part of another figure takes rows that the other does not
    formula-twice        two titles for one formula
    title-twice          one title for two formulas or scopes

Each is a question about a definition; the library has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from ruralpb.core.messages import listing
from ruralpb.core.problems import NOWHERE, Problem
from ruralpb.model import Indicator, Library
from ruralpb.rules.consistency.conditions import Conditions, implies, overlap_in_part
from ruralpb.rules.consistency.quantities import Quantity, Sides, counts, sides
from ruralpb.rules.engine import render
from ruralpb.rules.expressions.syntax import fold, parse


def contradictions(library: Library) -> Iterator[Problem]:
    """Yield what is contradictory among the indicators in use."""
    taken = sides(library)
    for pair in rates_beside_counts(taken):
        yield pair.problem
    yield from _overlaps(taken)
    yield from _beyond(library, taken)
    yield from _same_formulas(library, taken)
    yield from _same_titles(library, taken)


@dataclass(frozen=True, slots=True)
class RateBesideCounts:
    """A rate, the count of what it counts above the line and the one of what it counts below, both over fewer rows than the rate."""

    rate: Indicator
    part: Indicator
    whole: Indicator | None
    left_out: Conditions

    @property
    def problem(self) -> Problem:
        """The problem with the rate: the counts, and the conditions that they have and the rate has not."""
        counted = listing(f"{one.title}（{one.id}）" for one in (self.part, self.whole) if one is not None)
        return Problem(
            "rate-beside-counts",
            self.rate.defined_at,
            f"{self.rate.title}（{self.rate.id}）",
            counted,
            "query",
            data={"condition": " and ".join(sorted(self.left_out))},
        )


def rates_beside_counts(taken: Mapping[str, Sides]) -> Iterator[RateBesideCounts]:
    """Yield the rates that take rows which a count of what they count above the line leaves out, with the count of what they count below
    it, where there is one over the same rows."""
    plain = list(counts(taken))
    for rate in taken.values():
        if rate.below is None or not (rate.above.is_single and rate.below.is_single):
            continue
        if not rate.above.lies_in(rate.below):
            continue
        own = rate.above.conditions - rate.below.conditions
        for part in plain:
            if not own or not part.above.same_rows(rate.above) or not own <= part.above.conditions:
                continue
            left_out = part.above.conditions - rate.above.conditions
            if not left_out or not implies(part.above.conditions, rate.above.conditions):
                continue
            yield RateBesideCounts(
                rate.indicator,
                part.indicator,
                _whole(plain, rate.below, part.above.conditions - own),
                left_out,
            )


def _whole(plain: list[Sides], below: Quantity, conditions: Conditions) -> Indicator | None:
    found = (one for one in plain if one.above.same_rows(below) and one.above.conditions == conditions)
    return next((one.indicator for one in found), None)


def _overlaps(taken: Mapping[str, Sides]) -> Iterator[Problem]:
    """Counts, and numerators of rates over one denominator, that share a class of rows and not all of them."""
    additive = [one for one in taken.values() if one.above.is_additive and not one.indicator.plus]
    for one, other in combinations(additive, 2):
        if not one.above.same_rows(other.above) or one.below != other.below:
            continue
        by = overlap_in_part(one.above.conditions, other.above.conditions)
        if by:
            yield _problem("counts-overlap", other.indicator, one.indicator, by)


def _beyond(library: Library, taken: Mapping[str, Sides]) -> Iterator[Problem]:
    for indicator in library.indicators.values():
        whole = library.indicators.get(indicator.part_of)
        if not indicator.part_of or not indicator.enabled:
            continue
        if whole is None:
            yield Problem("part-of-unknown", indicator.defined_at, indicator.part_of, indicator.id, "query")
            continue
        part, of = taken.get(indicator.id), taken.get(whole.id)
        if part is None or of is None or not (part.is_count and of.is_count):
            continue
        if part.above.same_rows(of.above) and not part.above.lies_in(of.above):
            missing = " and ".join(sorted(of.above.conditions - part.above.conditions))
            yield _problem("part-beyond-whole", indicator, whole, missing)


def _same_formulas(library: Library, taken: Mapping[str, Sides]) -> Iterator[Problem]:
    known: dict[object, Indicator] = {}
    for indicator in library.indicators.values():
        if not indicator.enabled:
            continue
        first = known.setdefault(_formula(indicator, taken), indicator)
        if first is not indicator:
            yield Problem("formula-twice", indicator.defined_at, indicator.id, first.id, "query")


def _formula(indicator: Indicator, taken: Mapping[str, Sides]) -> object:
    """What an indicator computes, whatever it is called and however it is written. What it is broken down by is no part of it."""
    found = taken.get(indicator.id)
    further = tuple((a.of, _normal(a.expr), _normal(a.where)) for a in indicator.plus)
    if found is None:
        return (_normal(indicator.derived), further)
    return (found.above, found.below, further, indicator.measure == "%")


def _normal(text: str) -> str:
    tree, problems = parse(text, NOWHERE, extra=("base",)) if text else (None, [])
    return text if tree is None or problems else render(tree)


def _same_titles(library: Library, taken: Mapping[str, Sides]) -> Iterator[Problem]:
    known: dict[str, Indicator] = {}
    for indicator in library.indicators.values():
        if not indicator.enabled:
            continue
        first = known.setdefault("".join(fold(indicator.title).split()), indicator)
        apart = first.dated != indicator.dated and not _meet(first, indicator)
        if first is not indicator and not apart and _formula(first, taken) != _formula(indicator, taken):
            yield _problem("title-twice", indicator, first, indicator.title)


def _meet(one: Indicator, other: Indicator) -> bool:
    """Whether both are in force on some day."""
    starts = [d for d in (one.dated.start, other.dated.start) if d is not None]
    ends = [d for d in (one.dated.end, other.dated.end) if d is not None]
    return not starts or not ends or max(starts) <= min(ends)


def _problem(slug: str, indicator: Indicator, other: Indicator, condition: str) -> Problem:
    return Problem(
        slug,
        indicator.defined_at,
        f"{indicator.title}（{indicator.id}）",
        f"{other.title}（{other.id}）",
        "query",
        data={"condition": condition},
    )
