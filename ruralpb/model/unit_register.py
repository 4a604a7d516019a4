"""The dated register of units: who exists when, below whom, and who counts for whom after a merger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from ruralpb.model.keys import Key

Level = Literal["province", "city", "county", "township", "village", "office"]

LEVELS: tuple[Level, ...] = ("province", "city", "county", "township", "village")
"""The roll-up, high to low. Offices hang beside townships and own no roll-up level."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One dated row of units.csv. A changed attribute is a new row; dates are inclusive."""

    code: str
    name: str
    level: Level
    parent_code: str
    kind: str = ""
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str = ""
    unit_class: Annotated[str, Key("class")] = ""
    key_class: str = ""
    in_demo_zone: bool = False
    sort_no: int = 0

    def holds(self, day: date) -> bool:
        """True when the row is valid on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True)
class Register:
    """The dated register of units."""

    units: tuple[Unit, ...]

    @cached_property
    def by_code(self) -> Mapping[str, tuple[Unit, ...]]:
        """Code → its dated rows."""
        rows: dict[str, list[Unit]] = {}
        for unit in self.units:
            rows.setdefault(unit.code, []).append(unit)
        return {code: tuple(dated) for code, dated in rows.items()}

    def get(self, code: str, day: date) -> Unit | None:
        """The unit's row valid on `day`."""
        return next((u for u in self.by_code.get(code, ()) if u.holds(day)), None)

    def names(self, codes: Iterable[str], day: date) -> dict[str, str]:
        """Return code → name on `day`, of those codes that are valid then, by code: the same input gives the same output."""
        units = {code: self.get(code, day) for code in sorted(set(codes)) if code}
        return {code: unit.name for code, unit in units.items() if unit is not None}

    def on(self, day: date, level: Level | None = None, below: str = "") -> tuple[Unit, ...]:
        """The units valid on `day`, of one level, and below one unit (itself included), in register order."""
        slot = (day, level, below)
        if slot not in self._lists:
            self._lists[slot] = self._on(day, level, below)
        return self._lists[slot]

    @cached_property
    def _lists(self) -> dict[tuple[date, Level | None, str], tuple[Unit, ...]]:
        return {}

    def _on(self, day: date, level: Level | None, below: str) -> tuple[Unit, ...]:
        return tuple(
            u
            for u in self.units
            if u.holds(day)
            and (level is None or u.level == level)
            and (not below or below in self.path(u.code, day))
        )

    @cached_property
    def _paths(self) -> dict[tuple[str, date], tuple[str, ...]]:
        return {}

    def path(self, code: str, day: date) -> tuple[str, ...]:
        """Codes from the unit up to the root, the unit first."""
        cached = self._paths.get((code, day))
        if cached is None:
            cached = self._paths[code, day] = self._path(code, day)
        return cached

    def _path(self, code: str, day: date) -> tuple[str, ...]:
        codes: list[str] = []
        while code and code not in codes:
            codes.append(code)
            unit = self.get(code, day) or next(iter(self.by_code.get(code, ())), None)
            code = unit.parent_code if unit else ""
        return tuple(codes)

    def successor(self, code: str, day: date) -> str:
        """Who counts for `code` on `day`: itself while valid, else its successor's successor … ("" when it ended
        without one)."""
        seen: set[str] = set()
        while code and code not in seen:
            seen.add(code)
            if self.get(code, day):
                return code
            ended = [u for u in self.by_code.get(code, ()) if u.valid_to is not None and u.valid_to < day]
            code = ended[-1].successor if ended else ""
        return ""
