"""The rows behind the figures of a period, by unit: what many figures share is asked of the database once, and together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ruralpb.core.periods import Period
from ruralpb.model import Value
from ruralpb.rules.indicators.compiled import Formulas
from ruralpb.rules.indicators.coverage import Queries, Query
from ruralpb.rules.lineage.cells import Contribution, FigureLineage
from ruralpb.rules.lineage.row_cells import Pair, cells_by_unit, figure_key


class FigureRows:
    """The rows behind figures, each with its cells. `whole` is the unit whose rows are asked for: those of the units below are among them.
    `units` are those whose figures will be asked for one after another."""

    def __init__(
        self,
        formulas: Formulas,
        period: Period,
        query: Query,
        queries: Queries,
        whole: str,
        units: Iterable[str] = (),
    ) -> None:
        self._formulas, self._period, self._queries, self._whole = formulas, period, queries, whole
        self._lineage = FigureLineage(formulas, period, query)
        self._units = set(units)
        self._rows: dict[tuple[str, str], list[Contribution]] = {}
        self._below: dict[tuple[str, str], dict[str, list[Pair]]] = {}
        self._looked_at: dict[str, dict[str, list[Pair]]] = {}

    def ask(self, values: Iterable[Value]) -> None:
        """Find the rows of all these figures that are not known yet, several at a time."""
        figures = list(values)
        self._sort_for({value.unit_code for value in figures})
        self._ask({figure_key(value) for value in figures})

    def pairs(self, value: Value) -> Sequence[Pair]:
        """Return the rows behind a figure with their cells; where no row counts (a zero, a figure over the register) those of the rows it was
        computed over."""
        self._sort_for({value.unit_code})
        key = figure_key(value)
        if key not in self._below:
            self._ask({key})
            self._below[key] = self._by_unit(self._rows[key])
        cells = self._below[key].get(value.unit_code, ())
        if value.slice:
            return [pair for pair in cells if pair[0].cut in ("", value.slice[0][1])]
        if cells:
            return cells
        if value.indicator not in self._looked_at:
            self._looked_at[value.indicator] = self._by_unit(self._lineage.looked_at(value.indicator))
        return self._looked_at[value.indicator].get(value.unit_code, ())

    def _sort_for(self, units: set[str]) -> None:
        """Sort rows by these units too."""
        if not units <= self._units:
            self._units |= units
            self._below, self._looked_at = {}, {}

    def _ask(self, keys: set[tuple[str, str]]) -> None:
        new = sorted(keys - self._rows.keys())
        if not new:
            return
        statements = [
            (key, ask) for key in new for ask in self._lineage.statements(key[0], self._whole, key[1])
        ]
        self._rows |= {key: [] for key in new}
        answers = self._queries([ask.sql for _, ask in statements])
        for (key, ask), rows in zip(statements, answers, strict=True):
            self._rows[key] += ask.contributions(rows)

    def _by_unit(self, rows: Iterable[Contribution]) -> dict[str, list[Pair]]:
        """The cells of rows, for every unit that is asked about and lies above the row."""
        register, end = self._formulas.register, self._period.end

        def units_above(code: str) -> tuple[str, ...]:
            return tuple(c for c in register.path(code, end) if c in self._units)

        return cells_by_unit(rows, units_above, self._formulas.library.forms)
