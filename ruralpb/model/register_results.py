"""What the registers of a period come to: entries of watches, ratings by score, lines of lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from ruralpb.core.problems import Problem
from ruralpb.model.registers import Entry, Score, Watch


@dataclass(frozen=True, slots=True)
class Points:
    """One criterion: the points earned of `most`; None when unknown. `value` is what they were earned with."""

    title: str
    earned: Decimal | None
    most: Decimal
    value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Rating:
    """One rated subject. `grade` is empty without lines; `gap` what is lacking to `next_grade`. `weakest`: the criteria that lose most.
    `rank` among `ranked` of its `group` (the township class, or ""); equal totals share a rank. `vetoed`: ruled out, no grade."""

    subject: str
    unit_code: str
    township_code: str
    points: tuple[Points, ...]
    deduction: Decimal
    total: Decimal | None
    grade: str = ""
    gap: Decimal | None = None
    next_grade: str = ""
    vetoed: bool = False
    group: str = ""
    rank: int | None = None
    ranked: int = 0
    cell: tuple[str, int, int] | None = None

    @property
    def weakest(self) -> tuple[Points, ...]:
        """The criteria by points lost, most first; those with all points are left out."""
        lost = [p for p in self.points if p.earned is not None and p.earned < p.most]
        return tuple(sorted(lost, key=lambda p: (p.earned or 0) - p.most))


@dataclass(frozen=True, slots=True)
class ListedRow:
    """One line of a list; `cell` is None for a unit of the register."""

    unit_code: str
    township_code: str
    values: Sequence[Any]
    cell: tuple[str, int, int] | None


@dataclass(frozen=True, slots=True)
class Silent:
    """Names of the units that owe what is read and have not returned it, out of how many that owe it."""

    names: tuple[str, ...]
    owing: int

    @property
    def is_all(self) -> bool:
        """True when nobody has returned it: nothing is known at all."""
        return bool(self.names) and len(self.names) == self.owing


@dataclass(frozen=True, slots=True)
class Registers:
    """The registers of the watches of a period: watch id → its entries."""

    period: str
    watches: Mapping[str, Watch]
    entries: tuple[Entry, ...]
    names: Mapping[str, str]
    """Unit code → name, for every code of the entries."""
    problems: tuple[Problem, ...] = ()
    silent: Mapping[str, Silent] = field(default_factory=dict)
    """Watch id → who has not returned its form: of them nothing is known."""

    def of(self, units: Set[str] | None) -> Registers:
        """The registers with the entries of some units alone; None leaves all."""
        if units is None:
            return self
        kept = tuple(e for e in self.entries if not units.isdisjoint(e.codes))
        codes = {code for e in kept for code in e.codes}
        return replace(self, entries=kept, names={c: name for c, name in self.names.items() if c in codes})


@dataclass(frozen=True, slots=True)
class Ratings:
    """The ratings of a period by score id, best first."""

    period: str
    scores: Mapping[str, Score]
    ratings: Mapping[str, tuple[Rating, ...]]
    names: Mapping[str, str]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Lists:
    """The lines of the lists of a period, by list id; `columns` are their titles."""

    period: str
    titles: Mapping[str, str]
    columns: Mapping[str, tuple[str, ...]]
    lines: Mapping[str, tuple[ListedRow, ...]]
    problems: tuple[Problem, ...] = ()
    silent: Mapping[str, Silent] = field(default_factory=dict)
    """List id → who has not returned what it reads: of them nothing is known."""
