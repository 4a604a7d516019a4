"""One unit's figures of an earlier period, and the cells behind them, for pages that look back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import cached_property

from ruralpb.app.computing import ValuesRequest, computed
from ruralpb.app.origins import Origins
from ruralpb.app.project import Project
from ruralpb.app.sealed import closed_figures
from ruralpb.core import numbers
from ruralpb.core.periods import Period
from ruralpb.model import Address, SealedPeriod, Value
from ruralpb.store import Session, Store


class Earlier:
    """The values of `unit` in `period`, over `session` where one is open (of a later period: units roll up as they do then), else over
    one of the period's own, opened when asked and closed again: a page asks twice at most."""

    def __init__(
        self, project: Project, unit: str, store: Store, period: Period, session: Session | None = None
    ) -> None:
        self._project, self._unit, self._store, self._period = project, unit, store, period
        self._session = session
        self._values: dict[str, list[Value]] = {}

    def values(self, ids: Sequence[str]) -> Sequence[Value]:
        """The values of some indicators, without comparisons; what was sealed is as sealed."""
        wanted = tuple(id for id in ids if id not in self._values)
        unit = self._project.definitions.register.get(self._unit, self._period.end)
        if unit is None or unit.level == "office":
            return ()
        if wanted:
            with self._open() as session:
                asked = ValuesRequest(wanted, compare=())
                found, _ = computed(self._project, session, self._period, (unit.level,), asked, None)
            for id in wanted:
                mine = [v for v in found if v.indicator == id and v.unit_code == self._unit and not v.slice]
                self._values[id] = [self._as_sealed(value) for value in mine]
        return [value for id in ids for value in self._values[id]]

    def _open(self) -> AbstractContextManager[Session]:
        return nullcontext(self._session) if self._session else self._project.session(self._period)

    @cached_property
    def _sealed(self) -> SealedPeriod | None:
        return closed_figures(self._project, (self._period.label,)).get(self._period.label)

    def _as_sealed(self, value: Value) -> Value:
        key = (value.indicator, value.unit_code, value.slice)
        if self._sealed is None or key not in self._sealed.values:
            return value
        number = self._sealed.values[key]
        if number == value.value:
            return value
        indicator = self._project.definitions.library.indicators[value.indicator]
        printed = numbers.printed(number, indicator.decimals, indicator.measure)
        return replace(value, value=number, printed=printed, numerator=None, denominator=None)

    def has(self, value_id: str) -> bool:
        """True for a value that was asked for."""
        return any(value.id == value_id for found in self._values.values() for value in found)

    def cells(self, value_id: str) -> tuple[Address, ...]:
        """The cells behind a value that was asked for. Raises KeyError for any other."""
        return self._cells[value_id]

    @cached_property
    def _cells(self) -> Mapping[str, tuple[Address, ...]]:
        values = [value for found in self._values.values() for value in found]
        with self._open() as session:
            origins = Origins(self._project, session, self._store, self._period, values)
            return origins.cells([value.id for value in values])
