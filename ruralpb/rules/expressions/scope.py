"""What an expression is resolved against, and what comes out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from sqlglot import exp

from ruralpb.core import periods
from ruralpb.core.periods import Period
from ruralpb.core.problems import NOWHERE, Location, Problem
from ruralpb.model import Level, Library, Register, StandardsOn
from ruralpb.rules import engine

Mode = Literal["row", "group", "aggregate"]


@dataclass(frozen=True)
class Scope:
    """Where an expression stands.

    `relation` is the form id (or `ref_village`, `ref_township`) whose rows it is about; in the SQL they bear `alias` (default:
    the relation's name). `mode`: `row` one value a row, no aggregates; `group` a check over groups by the columns `keys`,
    aggregates strict (NULL among the values makes NULL); `aggregate` an indicator, aggregates as they stand, the caller excludes
    NULLs (S4). `period` gives the parameters; `standards_on` (default its last day) the standards: a base recomputed under a
    later definition passes the later day. `register` is needed to follow mergers; without it nothing has merged.
    """

    library: Library
    relation: str
    period: Period
    mode: Mode = "row"
    alias: str = ""
    keys: tuple[str, ...] = ()
    register: Register | None = None
    standards_on: date | None = None
    where: Location = NOWHERE

    @property
    def name(self) -> str:
        """The alias of the rows in the SQL."""
        return self.alias or self.relation

    @property
    def standards_day(self) -> date:
        """The day whose standards apply."""
        return self.standards_on or self.period.end

    @cached_property
    def standards(self) -> StandardsOn:
        """The standards that apply, by unit."""
        return StandardsOn(self.library.standards, self.register, self.standards_day)

    def merged(self, before: Period, level: Level) -> dict[str, str]:
        """Codes of `level` in force at the end of `before` that another unit counts for at the end of this period."""
        moved = self._moved.get(before.end)
        if moved is None:
            moved = self._moved[before.end] = self._moves(before.end)
        return {old: new for (old, at), new in moved.items() if at == level}

    @cached_property
    def _moved(self) -> dict[date, dict[tuple[str, Level], str]]:
        return {}

    def _moves(self, before: date) -> dict[tuple[str, Level], str]:
        register, end = self.register, self.period.end
        if register is None:
            return {}
        ended = [u for u in register.units if u.valid_to is not None and u.valid_to < end and u.holds(before)]
        successors = {(u.code, u.level): register.successor(u.code, end) for u in ended}
        return {(code, level): now for (code, level), now in successors.items() if now and now != code}


@dataclass(frozen=True, slots=True)
class FormRead:
    """A form an expression reads besides its own row, and in which periods (labels)."""

    form: str
    periods: tuple[str, ...]


@dataclass(frozen=True)
class Resolved:
    """An expression ready for DuckDB.

    `tree` names every column with its alias; nodes whose `meta["external"]` is set are values that come from elsewhere than the row
    (subqueries, previous(), last_year(), full_year(), :due), those with `meta["aggregate"]` are aggregates over the group. `fields` are the
    row's own fields in order of appearance, `columns` all its columns. `standards` are the ids used, `ended` those of them
    that have no value on the day: then the result is NULL and not computable. `kind` is what the value is.
    With problems the tree is NULL.
    """

    tree: exp.Expression
    fields: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    reads: tuple[FormRead, ...] = ()
    standards: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    kind: str = "any"
    problems: tuple[Problem, ...] = ()

    @property
    def sql(self) -> str:
        """The DuckDB text."""
        return engine.render(self.tree)


def previous_of(period: Period) -> Period:
    """The period before, as a form reports it: the month that ends a quarter is the quarter (S5: April → Q1)."""
    return _as_reported(period.previous())


def year_end_before(period: Period) -> Period:
    """The last period of the year before, as a form reports it."""
    return _as_reported(period.last_year_end())


def year_to_date_of(period: Period) -> tuple[Period, ...]:
    """The periods of the year up to this one, as a form reports them."""
    return tuple(p if p == period else _as_reported(p) for p in period.year_to_date())


def _as_reported(period: Period) -> Period:
    is_quarter_end = period.kind == "month" and period.end.month % 3 == 0
    return periods.of("quarter", period.end) if is_quarter_end else period
