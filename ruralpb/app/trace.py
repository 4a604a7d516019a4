"""Trace: one figure → formula, standards, numerator and denominator, and each cell with how it was read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ruralpb.app.computing import OpenPeriod, ValuesRequest, kept
from ruralpb.app.examination import Selection, examine
from ruralpb.app.project import Project
from ruralpb.app.traced_cells import TracedCell, traced_cells
from ruralpb.app.units import find_unit
from ruralpb.core import numbers
from ruralpb.core.periods import Period
from ruralpb.core.problems import CannotRun
from ruralpb.model import Value
from ruralpb.rules.indicators import SuspectCells
from ruralpb.rules.lineage.cells import FigureLineage, StandardUsed


@dataclass(frozen=True, slots=True)
class Trace:
    """A figure and everything it rests on."""

    title: str
    measure: str
    value: Value
    formula: str
    sql: tuple[str, ...]
    numerator: str
    denominator: str
    standards: tuple[StandardUsed, ...]
    cells: tuple[TracedCell, ...]


def trace(project: Project, indicator: str, period: Period, unit: str, today: date) -> Trace:
    """Return where the figure of `unit` (default: the project's own) comes from.

    Raises CannotRun (exit 2) for an unknown indicator or unit.
    """
    library, register = project.definitions.library, project.definitions.register
    base = indicator.partition(".")[0]
    if base not in library.indicators:
        raise CannotRun(project.unknown("indicator", indicator, library.indicators))
    chosen = find_unit(register, unit or project.settings.unit, period.end)
    with project.session(period) as session, project.reading() as store:
        checked = examine(project, session, store, period, today, Selection())
        asked = ValuesRequest(ids=(base,))
        values, _ = kept(project, OpenPeriod(period, session, store), (chosen.level,), asked, checked)
        figures = [
            v for v in values if v.unit_code == chosen.code and v.indicator == indicator and not v.slice
        ]
        if not figures:
            raise CannotRun(project.unknown("indicator", indicator, {v.indicator for v in values}))
        explanation = FigureLineage(project.formulas, period, session.query).explanation(
            indicator, (chosen.level,)
        )
        suspects = SuspectCells.of(checked.findings, library.checks)
        cells = traced_cells(project, OpenPeriod(period, session, store), figures[0], suspects)
    definition = project.definitions.worded(period.end, chosen.code).indicators[base]
    return Trace(
        title=definition.title,
        measure=definition.measure,
        value=figures[0],
        formula=explanation.sentence,
        sql=explanation.sql,
        numerator=numbers.exported(figures[0].numerator),
        denominator=numbers.exported(figures[0].denominator),
        standards=explanation.standards,
        cells=tuple(cells),
    )
