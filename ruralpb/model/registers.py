"""What an office does with the facts besides compiling figures: watches (动态监测·销号), scores (评分评星), lists (名单)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from ruralpb.core.problems import NOWHERE, Location
from ruralpb.model.definitions import ALWAYS, Dated
from ruralpb.model.keys import Name, written

WatchState = Literal["watched", "awaiting", "cleared"]
"""监测中 → 待验收 → 已销号; a cleared subject that is watched again has relapsed (反弹)."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Something that is watched until it is put right. `watched`, `awaiting` and `cleared` are boolean expressions over a row of
    `form` that say its state; the first of cleared, awaiting, watched that holds counts. A subject is the row's key.
    `subject` is an expression for its name, `opened_on`, `due_on`, `cleared_on` for its dates, `evidence` for what the
    clearing rests on (blank: none). `awaiting` empty: there is no acceptance between watching and clearing."""

    id: Name
    title: str
    form: str
    where: str = ""
    watched: str = field(kw_only=True)
    awaiting: str = ""
    cleared: str = field(kw_only=True)
    subject: str = ""
    opened_on: str = ""
    due_on: str = ""
    cleared_on: str = ""
    evidence: str = ""
    show: Mapping[str, str] = field(default_factory=dict)
    """Column title → expression: further columns of the register."""
    source: str = ""
    dated: Dated = ALWAYS
    enabled: bool = True
    defined_at: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that is scored. Of a row: `expr` gives its points. Of a unit: `indicator` gives a value, `full` earns all of `weight`,
    `zero` nothing, what lies between its share; `points` is most that can be had. With `of_target` the value is first put as percent
    of the unit's target for the period: a yearly figure is scored by how far it should have come."""

    title: str
    weight: Decimal
    expr: str = ""
    indicator: str = ""
    zero: Decimal | None = None
    full: Decimal | None = None
    of_target: bool = False


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """A grade and the standard that holds the least total for it."""

    title: str
    standard: str


@dataclass(frozen=True, slots=True)
class Score:
    """A rating. With `form` its rows are rated: the criteria's points less `deduction` are the total, `veto` (an expression) rules a
    row out. With `level` the register's units of that level are, by indicators; `within` "class" ranks townships of one class
    among themselves. `lines` from the highest down."""

    id: Name
    title: str
    criteria: tuple[Criterion, ...]
    form: str = ""
    level: Literal["", "township", "village", "county"] = ""
    where: str = ""
    subject: str = ""
    total: str = ""
    """Of a form: the field or expression with the total as it was reported, where single points may be lacking."""
    deduction: str = ""
    veto: str = ""
    within: Literal["", "class"] = ""
    lines: tuple[ScoreLine, ...] = ()
    decimals: int = 2
    source: str = ""
    dated: Dated = ALWAYS
    enabled: bool = True
    defined_at: Location = NOWHERE


@written("list")
@dataclass(frozen=True, slots=True)
class ListDefinition:
    """A list of rows that somebody has to see to: people not yet trained, villages without a team. `relation` is a form or a view of
    the register (`ref_village`, `ref_township`); `columns` are titles and expressions over its row."""

    id: Name
    title: str
    relation: str
    columns: Mapping[str, str]
    where: str = ""
    order: str = ""
    """An expression; the largest come first."""
    most: int = 0
    """How many at most; 0: all."""
    source: str = ""
    dated: Dated = ALWAYS
    enabled: bool = True
    defined_at: Location = NOWHERE


Fault = Literal["relapsed", "no-evidence", "vanished", "overdue", "not-reported"]
"""`vanished`: its township returned the form without it before it was cleared; `not-reported`: the township did not return."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One subject of a watch's register. `since`: label of the period in which the present state began; `opened`: the day stated, else the
    last day of the first period watched (of the present spell after a relapse); `history`: state by period, only where reported.
    `cell`: the row that tells the present state; None when the period has no row of it."""

    watch: str
    reporter_code: str
    unit_code: str
    township_code: str
    subject: str
    state: WatchState
    since: str
    opened: date
    due: date | None
    cleared: date | None
    evidence: str
    relapses: int
    faults: tuple[Fault, ...]
    shown: Mapping[str, Any]
    history: tuple[tuple[str, WatchState], ...]
    cell: tuple[str, int, int] | None

    @property
    def codes(self) -> set[str]:
        """The codes of its village, its township and who reported it."""
        return {self.unit_code, self.township_code, self.reporter_code}
