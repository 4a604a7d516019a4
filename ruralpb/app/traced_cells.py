"""The cells behind one figure, each with how it was read and how it counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from ruralpb.app.amendments import notes as notes_on_amended
from ruralpb.app.computing import OpenPeriod
from ruralpb.app.origins import Origins, SourceCell
from ruralpb.app.project import Project
from ruralpb.model import MASKED, Value
from ruralpb.rules.indicators import SuspectCells


@dataclass(frozen=True, slots=True)
class TracedCell:
    """One cell behind a figure. `side`: numerator or denominator; `outcome`: counted, other (its filter left it out) or
    unknown; `raw`: what stands in the cell; `value`: what was read; `note`: why they differ; `doubts`: ids of the findings
    for which the figure is suspect."""

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
    doubts: tuple[str, ...] = ()


def traced_cells(
    project: Project, opened: OpenPeriod, value: Value, suspects: SuspectCells
) -> list[TracedCell]:
    """Return the cells behind a figure, in the order of the files' receipt and of the sheets."""
    session, store, period = opened.session, opened.store, opened.period
    origins = Origins(project, session, store, period, [value])
    sources = origins.sources(value)
    rows = {(s.contribution.relation, s.contribution.block) for s in sources}
    blocks = {place: session.block(*place) for place in sorted(rows)}
    noted = [*store.notes(period), *notes_on_amended(project, store)]
    notes = {(n.file, n.note.sheet, n.note.cell): n.note.message for n in noted}
    units = project.definitions.register.names({s.contribution.unit_code for s in sources}, period.end)

    def effective(source: SourceCell) -> object:
        row = blocks[source.contribution.relation, source.contribution.block].get(
            source.contribution.position, {}
        )
        return row.get(source.field.id)

    def raw(source: SourceCell) -> str:
        return origins.originals.raw(source.contribution.block, source.address)

    def doubts(source: SourceCell) -> tuple[str, ...]:
        row = source.contribution
        return suspects.doubts(row.relation, (row.block, row.position, source.field.id))

    return [
        replace(_traced(source, effective, raw, units, notes), doubts=doubts(source)) for source in sources
    ]


def _traced(
    source: SourceCell,
    effective: Callable[[SourceCell], object],
    raw: Callable[[SourceCell], str],
    units: Mapping[str, str],
    notes: Mapping[tuple[str, str, str], str],
) -> TracedCell:
    """One cell as it is shown: what is personal is masked, and is not read."""
    row, address, hidden = source.contribution, source.address, bool(source.field.sensitive)
    value = effective(source)
    return TracedCell(
        row.side,
        row.outcome,
        units.get(row.unit_code, row.unit_code),
        row.period,
        source.field.id,
        source.field.title,
        MASKED if hidden else raw(source),
        MASKED if hidden else "" if value is None else str(value),
        address.file,
        address.sheet,
        address.cell,
        row.submission,
        notes.get((address.file, address.sheet, address.cell), ""),
    )
