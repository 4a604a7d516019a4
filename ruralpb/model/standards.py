"""Standards: thresholds that come from documents, by effective date and, where a document says so, by unit (semantics S6).

A standard has values of its own and, below `units:`, those of a unit and all below it (a county, a township, a village) or of a class of
townships. For a unit holds what is in force nearest to it: its own, its township's, its township's class, its county's …, else the standard's.
Bands may end at another standard (`high: standard('weak_village_line')`), titles may say its value: both change with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated

from ruralpb.core.numbers import plain
from ruralpb.core.problems import NOWHERE, Location
from ruralpb.model.keys import Key, KeyedBy, KeyTrait, Name, written
from ruralpb.model.unit_register import Register

_SAID = re.compile(r"\{standard\('(\w+)'\)\}")
"""Where a title says the value of a standard."""
_REFERENCE = re.compile(r"standard\('(\w+)'\)")
BETWEEN = "/"
"""Between the values that a title says where units have different ones."""

Threshold = Annotated[Decimal | str, KeyTrait.THRESHOLD]
"""A number, or `standard('id')`: the number that standard has on the day for the unit."""


def reference(name: str) -> str:
    """Return the threshold that is the value of a standard."""
    return f"standard('{name}')"


def referred(bound: Decimal | str | None) -> str:
    """Return the standard that a threshold refers to, "" for a number."""
    return (_REFERENCE.fullmatch(bound) or ["", ""])[1] if isinstance(bound, str) else ""


@dataclass(frozen=True, slots=True)
class Band:
    """One class of an ordered list: `low` ≤ x < `high` (None is open). Marks of sealed definitions hash its `repr`, so that where it is
    written is no part of it."""

    title: str
    low: Threshold | None = None
    high: Threshold | None = None
    defined_at: Location = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class StandardValue:
    """The value of a standard from `start` on; `value` None ends it. `to`, the last day of the value as written, is None once
    read: where it says something, a value None stands on the day after it."""

    start: Annotated[date, KeyTrait.UNWRITTEN]
    value: Decimal | tuple[Band, ...] | None = None
    source: str = ""
    checked_on: date | None = None
    to: date | None = None
    defined_at: Location = field(default=NOWHERE, compare=False)

    def identity(self) -> str:
        """Return the text that fingerprints of findings hash: start, value, source and day checked, written once and for all.

        Not the `repr`: it grows with the type and names the line of the file, so that a comment above it would let explanations lapse.
        """
        stated = f"start={self.start!r}, value={self.value!r}, source={self.source!r}, checked_on={self.checked_on!r}"
        return f"StandardValue({stated})"


def _on(values: Iterable[StandardValue], day: date) -> StandardValue | None:
    found = None
    for value in values:
        if value.start <= day:
            found = value
    return found if found and found.value is not None else None


@written("units")
@dataclass(frozen=True, slots=True)
class UnitStandard:
    """The values of a standard for `unit` (a code) and all below it, or for the townships of `unit_class` and their villages."""

    values: Annotated[tuple[StandardValue, ...], KeyedBy("start")]
    unit: str = ""
    unit_class: Annotated[str, Key("class")] = ""
    defined_at: Location = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Standard:
    """A threshold that comes from a document, by effective date, and by unit where `units` says so (semantics S6)."""

    id: Name
    title: str
    measure: str
    values: Annotated[tuple[StandardValue, ...], KeyedBy("start")]
    units: tuple[UnitStandard, ...] = ()
    defined_at: Location = NOWHERE

    def on(self, day: date) -> StandardValue | None:
        """The value in force on `day` where no unit has its own, or None before the first and after an end."""
        return _on(self.values, day)

    def ended(self, day: date) -> date | None:
        """The last day it was in force, when it was once and is no longer on `day`."""
        past = [v for v in self.values if v.start <= day]
        if len(past) < 2 or past[-1].value is not None:
            return None
        return past[-1].start - timedelta(days=1)

    @property
    def is_bands(self) -> bool:
        """True for an ordered list of classes."""
        dated = (*self.values, *(value for one in self.units for value in one.values))
        return any(isinstance(value.value, tuple) for value in dated)

    @property
    def bounds(self) -> tuple[str, ...]:
        """The standards that its bands end at or say."""
        dated = (*self.values, *(value for one in self.units for value in one.values))
        bands = [band for value in dated if isinstance(value.value, tuple) for band in value.value]
        named = [
            name for band in bands for name in (referred(band.low), referred(band.high), *said(band.title))
        ]
        return tuple(dict.fromkeys(filter(None, named)))


@dataclass(frozen=True, slots=True)
class StandardInForce:
    """A value of a standard on a day, and for which units: codes of townships, villages and offices. `everywhere`: for all."""

    value: StandardValue | None
    units: frozenset[str]
    everywhere: bool = False


@dataclass(frozen=True)
class StandardsOn:
    """The standards of a library on a day, by the units of a register. Without a register no unit has its own."""

    standards: Mapping[str, Standard]
    register: Register | None
    day: date

    def of(self, name: str, unit: str = "") -> StandardValue | None:
        """Return the value for a unit (a code; "" for where no unit has its own): bands with their bounds and titles filled in. None
        when it is not in force."""
        standard = self.standards[name]
        own = (_on(one.values, self.day) for one in self._nearest(standard, unit))
        value = next((each for each in own if each is not None), standard.on(self.day))
        if value is None or not isinstance(value.value, tuple):
            return value
        filled = [self._filled(band, unit) for band in value.value]
        bands = tuple(band for band in filled if band is not None)
        return replace(value, value=bands) if len(bands) == len(filled) else None

    def number(self, threshold: Decimal | str, unit: str = "") -> Decimal | None:
        """Return what a threshold comes to for a unit: itself, or the value of the standard it refers to; None when that is not in force."""
        if isinstance(threshold, Decimal):
            return threshold
        name = referred(threshold)
        value = self.of(name, unit) if name in self.standards else None
        return value.value if value is not None and isinstance(value.value, Decimal) else None

    def each(self, name: str, below: str = "") -> tuple[StandardInForce, ...]:
        """Return the different values for the units below one (itself included; "" for all), the one that most have first."""
        if self.register is None or not self.differs(name):
            return (StandardInForce(self.of(name), frozenset(), everywhere=True),)
        grouped: dict[str, tuple[StandardValue | None, set[str]]] = {}
        for unit in self.register.on(self.day, below=below):
            value = self.of(name, unit.code)
            grouped.setdefault(repr(value.value if value else None), (value, set()))[1].add(unit.code)
        found = sorted(grouped.values(), key=lambda each: (-len(each[1]), sorted(each[1])))
        if len(found) == 1:
            return (StandardInForce(found[0][0], frozenset(), everywhere=True),)
        return tuple(StandardInForce(value, frozenset(codes)) for value, codes in found)

    def differs(self, name: str) -> bool:
        """True when units may have values of their own: of the standard, or of one that its bands end at."""
        standard = self.standards[name]
        return bool(standard.units) or any(
            self.differs(one) for one in standard.bounds if one in self.standards
        )

    def state(self, name: str) -> tuple[StandardValue | None, ...]:
        """Return every value that is in force, for whatever unit: equal on two days means that the standard has not changed."""
        standard = self.standards[name]
        own = (standard.on(self.day), *(_on(one.values, self.day) for one in standard.units))
        return (
            *own,
            *(value for one in standard.bounds if one in self.standards for value in self.state(one)),
        )

    def worded(self, title: str, unit: str = "") -> str:
        """Return a title with the values of the standards it says, those of all units below `unit` where they differ."""
        return _SAID.sub(lambda match: self._values(match[1], unit), title)

    def _values(self, name: str, unit: str) -> str:
        if name not in self.standards:
            return name
        values = (each.value for each in self.each(name, unit))
        numbers = sorted({v.value for v in values if v is not None and isinstance(v.value, Decimal)})
        # Out of force: what it is known by, for the title of a figure that then has no value.
        last = [v.value for v in self.standards[name].values if isinstance(v.value, Decimal)][-1:]
        return BETWEEN.join(plain(number) for number in numbers or last) or name

    def _nearest(self, standard: Standard, unit: str) -> Iterator[UnitStandard]:
        if self.register is None or not unit or not standard.units:
            return
        for code in self.register.path(unit, self.day):
            yield from (one for one in standard.units if one.unit == code)
            row = self.register.get(code, self.day)
            if row is not None and row.unit_class:
                yield from (one for one in standard.units if one.unit_class == row.unit_class)

    def _filled(self, band: Band, unit: str) -> Band | None:
        """The band with numbers for bounds; None when a standard it ends at is not in force."""
        low, high = (None if b is None else self.number(b, unit) for b in (band.low, band.high))
        if (low is None) != (band.low is None) or (high is None) != (band.high is None):
            return None
        return replace(
            band, title=_SAID.sub(lambda match: self._own(match[1], unit), band.title), low=low, high=high
        )

    def _own(self, name: str, unit: str) -> str:
        value = self.number(reference(name), unit)
        return "—" if value is None else plain(value)


def said(title: str) -> tuple[str, ...]:
    """Return the standards whose values a title says."""
    return tuple(_SAID.findall(title))
