"""The two states of the data that a diff compares: a period as it was sealed, as it stands, or as the journal had it on a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from ruralpb.app.definition_files import load
from ruralpb.app.project import Project
from ruralpb.app.sealed import seal_of
from ruralpb.core.messages import listing
from ruralpb.core.periods import Period
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.model import Decision, Seal
from ruralpb.returns.seals import every_seal
from ruralpb.rules.lineage.decomposition import Decomposer
from ruralpb.store import Session, Store
from ruralpb.store.archive import unpack
from ruralpb.store.archive.seals import DEFINITIONS

SEAL = "seal"


@dataclass(frozen=True)
class DiffState:
    """One side of the comparison, opened: definitions, rows, and where they stand."""

    project: Project
    period: Period
    session: Session
    store: Store
    amended: frozenset[tuple[int, int, str]]
    decomposer: Decomposer
    rows: dict[tuple[str, int], dict[int, dict[str, Any]]] = field(default_factory=dict)
    """(relation, block) → position → the row: a block is read once."""

    def row(self, relation: str, block: int, position: int) -> Mapping[str, Any]:
        """Return the effective values of a row."""
        if (relation, block) not in self.rows:
            self.rows[relation, block] = self.session.block(relation, block)
        return self.rows[relation, block].get(position, {})


def as_sealed(project: Project, period: Period) -> Project:
    """The project with the definitions a period was sealed with; as it is where it was not."""
    seal = seal_of(project, period)
    return project if seal is None else _with_definitions(project, seal)


def _with_definitions(project: Project, seal: Seal) -> Project:
    sources = unpack(project.seals.read(seal, DEFINITIONS))
    if sources == dict(project.sources):
        return project
    definitions, _ = load(sources, verified=True)
    settings = definitions.settings or project.settings
    return replace(project, sources=sources, definitions=definitions, settings=settings)


def since_then(project: Project, period: Period, since: str) -> tuple[int, Project]:
    """Up to which line of the journal, and under which definitions."""
    if since == SEAL:
        made = every_seal(project.journal.decisions(), period.label)
        if not made:
            raise CannotRun(Problem("period-not-sealed", found=period.label))
        return made[-1].through, _with_definitions(project, made[-1])
    try:
        day = date.fromisoformat(since).isoformat()
    except ValueError:
        raise CannotRun(Problem("date-unreadable", found=since)) from None
    return max((line.seq for line in project.journal.lines if line.at[:10] <= day), default=0), project


@contextmanager
def opened(project: Project, period: Period, through: int | None) -> Iterator[DiffState]:
    """Open a period as it stands, or as the journal had it at the line `through`."""
    decisions = project.journal.decisions()
    if through is not None:
        with project.reading() as store:
            periods = store.periods()
        decisions = (*(d for d in decisions if int(d.id) <= through), *_closed(periods, through))
    with project.reading(decisions=decisions) as store:
        amended = store.amended(project.definitions.library.forms)
        with project.session_over(period, store.current(), amended) as session:
            cells = frozenset(one.cell for one in amended if one.counts)
            decomposer = Decomposer(project.formulas, period, session.query)
            yield DiffState(project, period, session, store, cells, decomposer)


def _closed(periods: Iterable[str], through: int) -> Iterator[Decision]:
    """What keeps out everything that came after a line of the journal: as if all periods had been sealed then."""
    for label in periods:
        yield Decision(str(through), "seal", "", "", "", {"period": label})


def check_returns(state: DiffState) -> None:
    """Raise CannotRun (exit 2) for a period without returns."""
    if state.period.label not in state.store.periods():
        known = listing(state.store.periods()) or "—"
        raise CannotRun(Problem("period-without-returns", found=state.period.label, expected=known))
