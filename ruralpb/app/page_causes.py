"""Why the figures of a page are as they are: who moved them, who keeps them from their targets, and the places of units in a score."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property

from ruralpb.app.computing import ValuesRequest, computed
from ruralpb.app.period_context import PeriodContext
from ruralpb.model import Level, Rating
from ruralpb.publish.text.unit_context import MovingUnit, UnitPlace
from ruralpb.rules.expressions import previous_of
from ruralpb.rules.indicators import QUARTER
from ruralpb.rules.lineage.attribution import attributions
from ruralpb.rules.lineage.causes import Cause, of_change, of_lack
from ruralpb.rules.lineage.decomposition import Decomposer
from ruralpb.rules.registers import rated_units, values_to_rate


class PageCauses:
    """The causes for one unit of an open period; `below` is the level whose units are named."""

    def __init__(self, period: PeriodContext, unit: str, below: Level) -> None:
        self._period, self._unit, self._below = period, unit, below

    def movers(self, id: str, against: str) -> Sequence[MovingUnit]:
        """Who moved a figure; a cumulative one is compared within its single quarter."""
        period = self._period.period
        base = period.last_year() if against == "last_year" else previous_of(period)
        indicator = self._period.project.definitions.library.indicators[id]
        name = f"{id}{QUARTER}" if against == "previous" and indicator.time == "year_to_date" else id
        before = self._decomposer.decomposition(name, self._unit, base)
        after = self._decomposer.decomposition(name, self._unit)
        if before.reason or after.reason:
            return ()
        return _told(of_change(attributions(before, before, after), before, self._above))

    def lacking(self, id: str, wanted: Decimal) -> Sequence[MovingUnit]:
        """Who keeps a figure from what is wanted."""
        figure = self._decomposer.decomposition(id, self._unit)
        return () if figure.reason else _told(of_lack(figure, wanted, self._above))

    def places(self, score: str) -> Sequence[UnitPlace]:
        """The places in a score, those of the period before beside them."""
        definition = self._period.project.definitions.library.scores.get(score)
        if definition is None or not definition.enabled or definition.level != self._below:
            return ()
        now = _ranks(self._period.ratings(score), self._inside)
        before = {r.unit_code: rank for r, rank in _ranks(self._rated_before(score), self._inside)}
        return [
            UnitPlace(
                rating.unit_code,
                rating.total or Decimal(0),
                rank,
                before.get(rating.unit_code),
                tuple(points.title for points in rating.weakest),
            )
            for rating, rank in now
        ]

    def _rated_before(self, id: str) -> Sequence[Rating]:
        context, project = self._period, self._period.project
        period = previous_of(context.period)
        if period.label not in context.store.periods():
            return ()
        library, register = project.definitions.library, project.definitions.register
        score = library.scores[id]
        ids = tuple(c.indicator for c in score.criteria)
        values, _ = computed(
            project, context.session, period, (self._below,), ValuesRequest(ids, compare=()), None
        )
        rates, targets = values_to_rate(values, project.settings.ranking.min_coverage)
        units = register.on(period.end, self._below, project.settings.unit)
        return rated_units(score, library, units, rates, period, targets)[0]

    @cached_property
    def _decomposer(self) -> Decomposer:
        period = self._period
        return Decomposer(period.project.formulas, period.period, period.session.query)

    @cached_property
    def _inside(self) -> frozenset[str]:
        register, end = self._period.project.definitions.register, self._period.period.end
        return frozenset(u.code for u in register.on(end, self._below, self._unit))

    def _above(self, code: str) -> str:
        path = self._period.project.definitions.register.path(code, self._period.period.end)
        return next((above for above in path if above in self._inside), code)


def _told(causes: Sequence[Cause]) -> Sequence[MovingUnit]:
    return [MovingUnit(cause.unit_code, cause.villages) for cause in causes if cause.unit_code]


def _ranks(ratings: Sequence[Rating], inside: frozenset[str]) -> list[tuple[Rating, int]]:
    """Ratings with their place among all that have a total, equal ones sharing it."""
    rated = [r for r in ratings if r.total is not None and r.unit_code in inside]
    rated.sort(key=lambda r: -(r.total or 0))
    return [(r, 1 + sum((o.total or 0) > (r.total or 0) for o in rated)) for r in rated]
