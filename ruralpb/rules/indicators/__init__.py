"""Indicators: from the rows of a session to values with coverage, comparisons, targets and ranks.

The database is only a callable, `query(sql) -> rows`. The order of things:

    coverage     who is expected, who is there, for the forms and periods an expression reads
    formula      a definition as terms: what to add up, what to divide
    series       which rows on whose units a figure and its comparisons need
    totals       all of it in few statements (`contribution`), as exact sums
    values       divided once, printed once, compared like with like
    derived      yes or no over other values
    sealed       bases of comparisons that were closed
    suspects     what a figure is without rows that nobody should rely on yet
    targets      targets and ranks
    subgroups    the same for a part of the area
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from ruralpb.core.periods import Period
from ruralpb.core.problems import Problem
from ruralpb.model import (
    LEVELS,
    Indicator,
    Level,
    Library,
    Register,
    SealedPeriod,
    Settings,
    StandardsOn,
    TargetRow,
    Unit,
    Value,
)
from ruralpb.rules.expressions import previous_of
from ruralpb.rules.indicators import derived
from ruralpb.rules.indicators.compiled import Formulas
from ruralpb.rules.indicators.coverage import Presence, Queries, Query, Return, one_by_one
from ruralpb.rules.indicators.sealed import Base, changed_units, definition_mark
from ruralpb.rules.indicators.series import QUARTER, Against, Planner
from ruralpb.rules.indicators.subgroups import CUTS, Cut, cuts
from ruralpb.rules.indicators.suspects import NO_SUSPECTS, SUSPECT_ROWS, SuspectCells
from ruralpb.rules.indicators.targets import card_lines, with_cards, with_ranks, with_targets
from ruralpb.rules.indicators.totals import Totals
from ruralpb.rules.indicators.values import Valuer

__all__ = [
    "CUTS",
    "QUARTER",
    "SUSPECT_ROWS",
    "FiguresBasis",
    "FiguresWanted",
    "Formulas",
    "Query",
    "SuspectCells",
    "compute",
    "definition_mark",
    "with_ranks",
]


@dataclass(frozen=True)
class FiguresBasis:
    """What figures rest on: the `formulas` of a library on a register, and the data behind `query`. `query` runs a statement on a session whose register is that of the period's end; `queries` runs several,
    together where the database can. `accepted` are the period's accepted returns (reporter, form, period label); without it nothing
    counts as unaccepted. `sealed`: period label → its figures as they were sealed, which comparisons with it take for their base
    (S6). `suspects`: cells with an open error or an unexplained outlier, which the session's `SUSPECT_ROWS` holds: beside a value that
    rests on them stands what it is without them."""

    formulas: Formulas
    settings: Settings
    query: Query
    queries: Queries | None = None
    targets: Sequence[TargetRow] = ()
    accepted: Set[Return] | None = None
    sealed: Mapping[str, SealedPeriod] = field(default_factory=dict)
    suspects: SuspectCells = NO_SUSPECTS

    @property
    def library(self) -> Library:
        """The definitions that the formulas are compiled from."""
        return self.formulas.library

    @property
    def register(self) -> Register:
        """The units that figures are of."""
        return self.formulas.register


@dataclass(frozen=True)
class FiguresWanted:
    """Which figures. `ids` narrows the indicators (default: all that are enabled and in force); `by` (one of `CUTS`) adds those of
    each part of the area, as slices without target and rank."""

    ids: Collection[str] | None = None
    levels: Collection[Level] = ("county", "township")
    compare: tuple[Against, ...] = ("previous", "last_year")
    by: str = ""


def compute(
    basis: FiguresBasis, period: Period, wanted: FiguresWanted | None = None
) -> tuple[list[Value], list[Problem]]:
    """Return the values of `period` and what could not be computed as defined.

    One value for each unit of the wanted levels below the project's own unit (itself included), in the order of the definitions,
    then high levels first, then of the register; after an indicator's own values its slices (`by`) and, when it is cumulative, its
    single quarter as `<id>.quarter`.
    """
    wanted = wanted or FiguresWanted()
    library, register, settings, targets = basis.library, basis.register, basis.settings, basis.targets
    levels = tuple(level for level in LEVELS if level in wanted.levels)
    units = units_of(register, settings, period, levels)
    in_force = [i for i in library.indicators.values() if i.is_for(period)]
    chosen = [i for i in in_force if wanted.ids is None or i.id in wanted.ids]
    run = _Run(basis, period, levels, wanted.compare)
    values, problems = run.values(chosen, units)
    standards = StandardsOn(library.standards, register, period.end)
    values = with_targets(values, library.indicators, period, targets, standards)

    def before(yellow: frozenset[str]) -> list[Value]:
        earlier = previous_of(period)
        past = replace(run, period=earlier, compare=(), earlier=True)
        earlier_values, _ = past.values([i for i in chosen if i.id in yellow], units)
        sealed = [run.as_sealed(v, earlier) for v in earlier_values]
        return with_targets(sealed, library.indicators, earlier, targets, replace(standards, day=earlier.end))

    values = with_cards(values, library.indicators, card_lines(library.standards, period), before)
    values = with_ranks(values, library.indicators, register, settings, period)
    for cut in cuts(register, period.end, wanted.by) if wanted.by else ():
        above = {code for unit in cut.units for code in register.path(unit, period.end)}
        cut_values, _ = run.values(chosen, [unit for unit in units if unit.code in above], cut)
        values += [replace(value, slice=((cut.by, cut.label),)) for value in cut_values if not value.slice]
    return values, problems


@dataclass(frozen=True)
class _Run:
    """What does not change between the whole area and its cuts."""

    basis: FiguresBasis
    period: Period
    levels: Sequence[Level]
    compare: tuple[Against, ...]
    earlier: bool = False
    """It is about a period before the one asked for."""

    def values(
        self, chosen: Sequence[Indicator], units: Sequence[Unit], cut: Cut | None = None
    ) -> tuple[list[Value], list[Problem]]:
        """Return the values of `units`, all their rows or those of a cut, and what cannot be computed as defined."""
        basis, library = self.basis, self.basis.library
        presence = Presence(library, basis.register, self.period, basis.query, cut.units if cut else None)
        queries = basis.queries or one_by_one(basis.query)
        within = cut.condition if cut else ""
        totals = Totals(basis.formulas, presence, self.levels, queries, within)
        # What was suspect in an earlier period is not known here.
        suspects = NO_SUSPECTS if self.earlier else basis.suspects
        planner = Planner(library, self.period, presence, totals, suspects)
        bases = {} if cut else self._bases()
        valuer = Valuer(library, self.period, presence, units, basis.accepted, bases)
        figures = {i.id: planner.figures(i, self.compare) for i in chosen if not i.derived}
        answers = {i.id: derived.plan(i, library, basis.settings, planner) for i in chosen if i.derived}
        totals.fetch()
        computed: list[Value] = []
        for indicator in chosen:
            for figure in figures.get(indicator.id, ()):
                computed += valuer.values(figure)
            answer = answers.get(indicator.id)
            if answer:
                computed += derived.values(answer, valuer)
        return computed, planner.problems

    def as_sealed(self, value: Value, at: Period) -> Value:
        """Return a value of the earlier period `at` as it was sealed, while it means now what it meant then (S6)."""
        base, key = self._base(at), (value.indicator, value.unit_code, value.slice)
        indicator = self.basis.library.indicators.get(value.indicator)
        if base is None or indicator is None or not (base.has(*key) and base.means_the_same(indicator)):
            return value
        return replace(value, value=base.sealed.values[key])

    def _bases(self) -> dict[str, Base]:
        """What was sealed of the periods that this one is compared with."""
        periods = (previous_of(self.period), self.period.last_year()) if self.compare else ()
        return {at.label: base for at in periods if (base := self._base(at)) is not None}

    def _base(self, at: Period) -> Base | None:
        sealed = self.basis.sealed.get(at.label)
        if sealed is None:
            return None
        return Base(sealed, self.basis.library, at, changed_units(self.basis.register, at, self.period))


def units_of(register: Register, settings: Settings, period: Period, levels: Sequence[Level]) -> list[Unit]:
    """Return the units of `levels` below the project's own unit, itself included: high levels first, then in register order.

    Where the register does not know the project's unit, all of it is meant.
    """
    below = settings.unit if register.get(settings.unit, period.end) else ""
    return [
        unit
        for level in levels
        for unit in sorted(register.on(period.end, level, below), key=lambda unit: unit.sort_no)
    ]
