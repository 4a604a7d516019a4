"""Trace: one figure → formula, standards, numerator and denominator, and each cell with how it was read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from ruralpb.app.amendments import notes as notes_on_amended
from ruralpb.app.computing import ValuesRequest
from ruralpb.app.figures import compute
from ruralpb.app.origins import Origins
from ruralpb.app.project import Project
from ruralpb.app.units import find_unit
from ruralpb.core import numbers
from ruralpb.core.periods import Period
from ruralpb.core.problems import CannotRun
from ruralpb.model import MASKED, Value
from ruralpb.rules.lineage.cells import FigureLineage, StandardUsed
from ruralpb.store import Session, Store


@dataclass(frozen=True, slots=True)
class TracedCell:
    """One cell behind a figure. `side`: numerator or denominator; `outcome`: counted, other (its filter left it out) or
    unknown; `raw`: what stands in the cell; `value`: what was read; `note`: why they differ."""

    side: str
    outcome: str
    unit: str
    period: str
    field: str
    title: str
    raw: str
    value: str
    file: str
    sheet: str
    cell: str
    submission: str
    note: str


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
        values, _ = compute(
            project, session, store, period, today, (chosen.level,), ValuesRequest(ids=(base,))
        )
        found = [v for v in values if v.unit_code == chosen.code and v.indicator == indicator and not v.slice]
        if not found:
            raise CannotRun(project.unknown("indicator", indicator, {v.indicator for v in values}))
        told = FigureLineage(project.formulas, period, session.query).explanation(indicator, (chosen.level,))
        cells = _cells(project, session, store, period, found[0])
    definition = library.indicators[base]
    return Trace(
        title=definition.title,
        measure=definition.measure,
        value=found[0],
        formula=told.sentence,
        sql=told.sql,
        numerator=numbers.exported(found[0].numerator),
        denominator=numbers.exported(found[0].denominator),
        standards=told.standards,
        cells=tuple(cells),
    )


def _cells(
    project: Project, session: Session, store: Store, period: Period, value: Value
) -> list[TracedCell]:
    origins = Origins(project, session, store, period, [value])
    register = project.definitions.register
    said = [*store.notes(period), *notes_on_amended(project, store)]
    notes = {(n.file, n.note.sheet, n.note.cell): n.note.message for n in said}
    read: dict[tuple[str, int], dict[int, dict[str, Any]]] = {}
    cells = []
    for source in origins.sources(value):
        row, address, field = source.contribution, source.address, source.field
        if (row.relation, row.block) not in read:
            read[row.relation, row.block] = session.block(row.relation, row.block)
        counted = read[row.relation, row.block].get(row.position, {}).get(field.id)
        unit = register.get(row.unit_code, period.end)
        hidden = bool(field.sensitive)
        cells.append(
            TracedCell(
                row.side,
                row.outcome,
                unit.name if unit else row.unit_code,
                row.period,
                field.id,
                field.title,
                MASKED if hidden else origins.originals.raw(row.block, address),
                MASKED if hidden else "" if counted is None else str(counted),
                address.file,
                address.sheet,
                address.cell,
                row.submission,
                notes.get((address.file, address.sheet, address.cell), ""),
            )
        )
    return cells
