"""A period, opened once for as many pages as are made of it: session and store, findings, and what pages ask beside their own figures.
Each is computed when it is first asked, for all units at once, and a page takes from it what is below its unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from ruralpb.app import registers
from ruralpb.app.amendments import amended_cells
from ruralpb.app.computing import OpenPeriod, ValuesRequest, kept
from ruralpb.app.consistency import contradicting
from ruralpb.app.examination import Selection, Validation, examine
from ruralpb.app.figures import wanted_levels
from ruralpb.app.origins import Origins
from ruralpb.app.project import Project
from ruralpb.core.periods import Period
from ruralpb.core.periods import find as find_period
from ruralpb.core.personal_data import without_numbers
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.model import Finding, Level, ListedRow, Rating, Registers, Unit, Value
from ruralpb.publish.text import AmendedValue
from ruralpb.rules.indicators import with_ranks
from ruralpb.rules.registers import listed, rated_units, values_to_rate
from ruralpb.store import Session, Store


@dataclass(frozen=True)
class PeriodContext:
    """A project at one period. With `shared`, pages of many units are wanted: their figures are computed together."""

    project: Project
    session: Session
    store: Store
    period: Period
    today: date
    shared: bool = False
    _by_level: dict[Level, list[Value]] = field(default_factory=dict)
    _lists: dict[str, list[ListedRow]] = field(default_factory=dict)

    @cached_property
    def checked(self) -> Validation:
        """Findings and states of all returns."""
        return examine(self.project, self.session, self.store, self.period, self.today, Selection())

    @cached_property
    def contradictions(self) -> list[Finding]:
        """The contradictions between its figures, explained ones as such."""
        return contradicting(self.project, self.store, self.period, self.checked, self.session)

    @cached_property
    def amended(self) -> list[AmendedValue]:
        """What rests on an amendment."""
        return _amended_values(self.project, self.store, self.period)

    def past(self, most: int) -> list[Period]:
        """Return the last periods of this one's kind before it that have returns, at most so many, earliest first."""
        stored = (find_period(label) for label in self.store.periods())
        earlier = [p for p in stored if p and p.kind == self.period.kind and p.end < self.period.end]
        return sorted(earlier)[-most:]

    # ------------------------------------------------------------------------------------------ figures

    def values(self, unit: Unit | None, alone: bool = False) -> tuple[list[Value], list[Problem]]:
        """Return the values a page of `unit` (None: the project's own) is made of: its own and, unless it is `alone`, those of the level
        below, and the counts by which it names villages. What cannot be computed as defined is told by the first page only."""
        levels = wanted_levels(self.project, unit.level if unit else None, "", self.period)
        levels = levels[:1] if alone else levels
        if unit is not None and self.shared:
            return self._below(unit, levels), []
        seen = seen_from(self.project, unit)
        values, problems = self._computed(seen, levels, ValuesRequest())
        if "village" not in levels:
            values += self._computed(seen, ("village",), self._counts)[0]
        return values, problems

    def origins(self, values: Sequence[Value], unit: Unit | None) -> Origins:
        """Return the cells behind `values`, which are those of a page of `unit`."""
        if unit is not None and self.shared:
            return self._origins
        return Origins(seen_from(self.project, unit), self.session, self.store, self.period, values)

    def peers(self, level: Level) -> list[Value]:
        """Return the values of all units of a level, ranked."""
        if level not in self._by_level:
            self._by_level[level] = self._computed(self.project, (level,), ValuesRequest())[0]
        return self._by_level[level]

    def _computed(
        self, project: Project, levels: tuple[Level, ...], asked: ValuesRequest
    ) -> tuple[list[Value], list[Problem]]:
        opened = OpenPeriod(self.period, self.session, self.store)
        return kept(project, opened, levels, asked, self.checked, keep=True)

    @cached_property
    def _counts(self) -> ValuesRequest:
        """The counts that should come down, without comparisons."""
        indicators = self.project.definitions.library.indicators.values()
        ids = tuple(
            i.id for i in indicators if i.better == "lower" and i.denominator is None and not i.derived
        )
        return ValuesRequest(ids, compare=())

    @cached_property
    def _village_counts(self) -> list[Value]:
        return self._computed(self.project, ("village",), self._counts)[0]

    def _below(self, unit: Unit, levels: Sequence[Level]) -> list[Value]:
        """The values of `levels` below `unit`, as if they had been computed for it alone: ranked among themselves."""
        definitions, settings = self.project.definitions, seen_from(self.project, unit).settings
        below = {u.code for u in definitions.register.on(self.period.end, below=unit.code)}
        found = [
            replace(v, rank=None, ranked=0)
            for level in levels
            for v in self.peers(level)
            if v.unit_code in below
        ]
        found = with_ranks(found, definitions.library.indicators, definitions.register, settings, self.period)
        if "village" not in levels:
            found += [v for v in self._village_counts if v.unit_code in below]
        return found

    @cached_property
    def _origins(self) -> Origins:
        values = [v for level in self._by_level for v in self._by_level[level]]
        units = {value.unit_code for value in values}
        everything = [*values, *self._village_counts]
        return Origins(self.project, self.session, self.store, self.period, everything, units)

    # ------------------------------------------------------------------------------------------ beside the figures

    def ratings(self, score: str) -> list[Rating]:
        """Return the ratings of a score of register units, by the values of its level."""
        if score not in self._ratings:
            self._ratings[score] = self._rated(score)
        return self._ratings[score]

    @cached_property
    def _ratings(self) -> dict[str, list[Rating]]:
        return {}

    def _rated(self, id: str) -> list[Rating]:
        library, register = self.project.definitions.library, self.project.definitions.register
        score = library.scores[id]
        level = score.level
        assert level, id
        units = register.on(self.period.end, level, self.project.settings.unit)
        values, targets = values_to_rate(self.peers(level), self.project.settings.ranking.min_coverage)
        return rated_units(score, library, units, values, self.period, targets)[0]

    @cached_property
    def registers(self) -> Registers:
        """The registers at the period's end."""
        return registers.registers(self.project, self.session, self.store, self.period)

    def listed(self, id: str) -> list[ListedRow] | None:
        """Return the lines of a list; None when there is no such list."""
        definitions = self.project.definitions
        definition = definitions.library.lists.get(id)
        if definition is None or not definition.enabled:
            return None
        if id not in self._lists:
            self._lists[id], _ = listed(
                definition, definitions.library, definitions.register, self.period, self.session.query
            )
        return self._lists[id]


@contextmanager
def opened(project: Project, period: Period, today: date, *, shared: bool = False) -> Iterator[PeriodContext]:
    """Open `period` of a project. Raises CannotRun (exit 2) when it has no returns."""
    with project.session(period) as session, project.reading() as store:
        if period.label not in store.periods():
            known = "、".join(store.periods()) or "—"
            raise CannotRun(Problem("period-without-returns", found=period.label, expected=known))
        yield PeriodContext(project, session, store, period, today, shared)


def seen_from(project: Project, unit: Unit | None) -> Project:
    """Return the project as seen from one of its units: that unit is 本级."""
    if unit is None:
        return project
    own = project.settings.unit
    return replace(
        project, settings=replace(project.settings, unit=unit.code, seen_from=own if unit.code != own else "")
    )


def _amended_values(project: Project, store: Store, period: Period) -> list[AmendedValue]:
    """Return the values of the period that count in place of reported ones, as a briefing names them."""
    return [
        AmendedValue(one.amendment.id, one.amendment.unit_code, one.amendment.form, one.amendment.field, cell.was, cell.now,
                     without_numbers(one.amendment.basis))
        for cell in amended_cells(project, store, period)
        for one in [cell.amended]
        if one.counts
    ]  # fmt: skip
