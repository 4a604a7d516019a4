"""Values of a period that contradict each other: tested by what definitions say of them (`relations`), for every unit.

    K01  a part exceeds its whole, parts that share no row exceed it together, units exceed the unit they lie in
    K02  a rate outside 0 to 100 whose definition does not allow it
    K03  a count that is a side of a rate, and the rate's own side
    K04  a cumulative figure is lower than in the period before of the same year
    K05  the classes of a breakdown, and the figure that they make up or that draws a line through them
    K06  the state of a unit in the register, and the measured one

Values with less coverage than what they are compared with say nothing. A contradiction is told of the lowest units that have it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from ruralpb.core import numbers
from ruralpb.core.periods import Period
from ruralpb.core.phrases import phrases
from ruralpb.model import LEVELS, Indicator, Library, Register, Value
from ruralpb.model.standards import StandardsOn
from ruralpb.rules.consistency import relations
from ruralpb.rules.consistency.quantities import Sides, sides
from ruralpb.rules.indicators import QUARTER

_COLUMNS = phrases("expressions")
"""What the columns of the register are called."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A value of a unit that cannot be right beside the `others`. `words` are what the message of the check names."""

    check: str
    value: Value
    others: tuple[Value, ...]
    words: Mapping[str, str]

    @property
    def key(self) -> str:
        """What it is about within its check, period and unit."""
        return "|".join([self.value.id, *(other.id for other in self.others)])


@dataclass(frozen=True)
class Figures:
    """The values of a period at hand, by indicator and unit; slices apart."""

    library: Library
    register: Register
    period: Period
    values: Sequence[Value]
    taken: Mapping[str, Sides] = field(init=False)
    whole: Mapping[tuple[str, str], Value] = field(init=False)

    def __post_init__(self) -> None:
        """Take the indicators apart and index the values."""
        object.__setattr__(self, "taken", sides(self.library))
        object.__setattr__(self, "whole", {(v.indicator, v.unit_code): v for v in self.values if not v.slice})

    def pairs(self, one: str, other: str) -> Iterator[tuple[Value, Value]]:
        """Yield the values of two indicators for each unit that has both, where the second covers what the first does."""
        for (indicator, unit), value in self.whole.items():
            beside = self.whole.get((other, unit)) if indicator == one else None
            if beside is None or value.value is None or beside.value is None:
                continue
            if set(beside.missing) <= set(value.missing):
                yield value, beside

    def title(self, value: Value) -> str:
        """Return the title of a value's indicator, with its class."""
        classes = "".join(f"（{label}）" for _, label in value.slice)
        return f"{self.definition(value).title}{classes}"

    def definition(self, value: Value) -> Indicator:
        """Return the indicator of a value."""
        return self.library.indicators[value.indicator.partition(".")[0]]

    def printed(self, value: Value, number: Decimal | None = None) -> str:
        """Return a number as the value's indicator prints it, its own by default."""
        definition = self.definition(value)
        text = value.printed
        if number is not None:
            text = numbers.printed(number, definition.decimals, definition.measure)
        return numbers.with_measure(text, definition.measure)

    def contradiction(
        self, check: str, value: Value, others: Sequence[Value], limit: str = "", about: str = ""
    ) -> Contradiction:
        """Return a contradiction of a value with others; `limit` is what it should be, `about` what the others are called."""
        words = {
            "unit": value.unit,
            "title": self.title(value),
            "value": self.printed(value),
            "other": about or "、".join(map(self.title, others)),
            "limit": limit or "、".join(self.printed(other) for other in others),
        }
        return Contradiction(check, value, tuple(others), words)


def contradictions(figures: Figures) -> list[Contradiction]:
    """Return what contradicts each other in the values of a period, each told of the lowest units that have it."""
    found = [c for test in _TESTS for c in test(figures)]
    return _lowest(found, figures)


def _lowest(found: Iterable[Contradiction], figures: Figures) -> list[Contradiction]:
    by_matter: dict[tuple[object, ...], list[Contradiction]] = {}
    for one in found:
        matter = (
            one.check,
            one.value.indicator,
            one.value.slice,
            *((v.indicator, v.slice) for v in one.others),
        )
        by_matter.setdefault(matter, []).append(one)
    end = figures.period.end
    return [
        one
        for group in by_matter.values()
        for one in group
        if not any(
            other is not one and one.value.unit_code in figures.register.path(other.value.unit_code, end)[1:]
            for other in group
        )
    ]


def _parts(figures: Figures) -> Iterator[Contradiction]:
    pairs = relations.parts(figures.library, figures.taken, figures.period)
    for pair in pairs:
        for part, whole in figures.pairs(pair.part, pair.whole):
            if part.value > whole.value:  # type: ignore[operator]
                yield figures.contradiction("K01", part, [whole])
    for whole_id, names in relations.exclusive_parts(pairs, figures.taken):
        for first, whole in figures.pairs(names[0], whole_id):
            others = [figures.whole.get((name, first.unit_code)) for name in names]
            known = [v for v in others if v is not None and v.value is not None]
            total = sum((v.value for v in known if v.value is not None), Decimal(0))
            single = any(v.value > whole.value for v in known)  # type: ignore[operator]
            if whole.value is not None and total > whole.value and not single:
                found = figures.contradiction(
                    "K01", known[0], [whole, *known[1:]], figures.printed(whole), ""
                )
                titles = {
                    "title": "”“".join(map(figures.title, known)),
                    "value": figures.printed(whole, total),
                }
                yield replace(found, words={**found.words, "other": figures.title(whole), **titles})


def _units(figures: Figures) -> Iterator[Contradiction]:
    """Counts of units that exceed, one by one or together, the count of the unit they lie in."""
    below: dict[tuple[str, str], list[Value]] = {}
    for (indicator, unit), value in figures.whole.items():
        path = figures.register.path(unit, figures.period.end)
        above = next((code for code in path[1:] if (indicator, code) in figures.whole), None)
        if above is not None and value.value is not None:
            below.setdefault((indicator, above), []).append(value)
    for (indicator, unit), children in below.items():
        found, whole = figures.taken.get(indicator), figures.whole[indicator, unit]
        if (
            found is None
            or not found.is_count
            or not found.above.text.startswith("COUNT(")
            or whole.value is None
        ):
            continue
        most = max(children, key=lambda child: child.value or 0)
        together = sum((child.value for child in children if child.value is not None), Decimal(0))
        if (most.value or 0) > whole.value:
            yield figures.contradiction("K01", most, [whole], about=f"{whole.unit}{figures.title(whole)}")
        elif found.above.is_additive and together > whole.value:
            total = figures.printed(whole, together)
            yield figures.contradiction("K05", whole, [], total, "、".join(child.unit for child in children))


def _rates(figures: Figures) -> Iterator[Contradiction]:
    for value in figures.values:
        definition = figures.library.indicators.get(value.indicator)
        if definition is None or not definition.is_rate or definition.over_100:
            continue
        if value.value is not None and not 0 <= value.value <= 100:
            yield figures.contradiction("K02", value, [])


def _sides_of_rates(figures: Figures) -> Iterator[Contradiction]:
    for side in relations.sides_of_rates(figures.taken):
        for count, rate in figures.pairs(side.count, side.rate):
            stated = rate.numerator if side.is_numerator else rate.denominator
            if stated is not None and count.value != stated and set(count.missing) == set(rate.missing):
                yield figures.contradiction("K03", count, [rate], figures.printed(count, stated))


def _falls(figures: Figures) -> Iterator[Contradiction]:
    """A single quarter below zero is a cumulative figure that fell, on the units of both quarters."""
    for (name, unit), single in figures.whole.items():
        if not name.endswith(QUARTER) or single.value is None or single.value >= 0:
            continue
        value = figures.whole.get((name.removesuffix(QUARTER), unit))
        if value is None or value.value is None:
            continue
        if relations.is_growing(figures.definition(value), figures.taken, figures.library):
            before = figures.printed(value, value.value - single.value)
            yield figures.contradiction("K04", value, [single], before)


def _classes(figures: Figures) -> Iterator[Contradiction]:
    """Classes of an additive figure against the figure itself, and against one that draws a line through them."""
    slices: dict[tuple[str, str, str], dict[str, Value]] = {}
    for value in figures.values:
        if len(value.slice) == 1 and value.value is not None:
            (by, label), *_ = value.slice
            slices.setdefault((value.indicator, by, value.unit_code), {})[label] = value
    for (indicator, by, unit), classes in slices.items():
        definition, found = figures.library.indicators.get(indicator), figures.taken.get(indicator)
        whole = figures.whole.get((indicator, unit))
        if definition is None or by not in definition.by or found is None or not found.is_count:
            continue
        total = sum((v.value for v in classes.values() if v.value is not None), Decimal(0))
        if whole is not None and whole.value is not None and found.above.is_additive and total != whole.value:
            yield figures.contradiction(
                "K05", whole, list(classes.values()), figures.printed(whole, total), "、".join(classes)
            )
    standards = StandardsOn(figures.library.standards, figures.register, figures.period.end)
    for line in relations.banded_figures(figures.library, figures.taken):
        for (indicator, by, unit), classes in slices.items():
            headline = figures.whole.get((line.headline, unit))
            if (indicator, by) == (line.banded, line.by) and headline is not None:
                sorted_bands = line.sorted(standards, unit)
                if sorted_bands is not None:
                    yield from _lined(figures, headline, classes, *sorted_bands)


def _lined(
    figures: Figures,
    headline: Value,
    classes: Mapping[str, Value],
    within: frozenset[str],
    outside: frozenset[str],
) -> Iterator[Contradiction]:
    """A headline that is not at least its bands and at most those and the bands that its line goes through."""
    inside = [value for title, value in classes.items() if title in within]
    between = [value for title, value in classes.items() if title not in within | outside]
    if headline.value is None or not classes:
        return
    least = sum((v.value for v in inside if v.value is not None), Decimal(0))
    most = least + sum((v.value for v in between if v.value is not None), Decimal(0))
    if not least <= headline.value <= most:
        limit = least if headline.value < least else most
        about = "、".join(label for v in (*inside, *between) for _, label in v.slice)
        yield figures.contradiction(
            "K05", headline, [*inside, *between], figures.printed(headline, limit), about
        )


def _states(figures: Figures) -> Iterator[Contradiction]:
    """The state of villages in the register against the count that measures it."""
    for value in figures.values:
        definition = figures.library.indicators.get(value.indicator)
        if definition is None or not definition.register_state or value.slice or value.value is None:
            continue
        unit = figures.register.get(value.unit_code, figures.period.end)
        if unit is None or unit.level != LEVELS[-1]:
            continue
        (column, state), *_ = definition.register_state.items()
        stated = getattr(unit, column)
        if (stated == state) != (value.value > 0):
            yield figures.contradiction(
                "K06", value, [], stated or "—", _COLUMNS.get(f"columns.{column}", column)
            )


_TESTS: tuple[Callable[[Figures], Iterator[Contradiction]], ...] = (
    _parts, _units, _rates, _sides_of_rates, _falls, _classes, _states,
)  # fmt: skip
