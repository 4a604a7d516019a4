"""Closed periods as other commands see them: the seal in force, the figures it holds, what may no longer be changed."""

from __future__ import annotations

from collections.abc import Iterable

from ruralpb.app.project import Project
from ruralpb.core.periods import Period
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.model import Library, Seal, SealedPeriod, Value
from ruralpb.returns.seals import seals
from ruralpb.rules.indicators import definition_mark
from ruralpb.store.archive.seals import VALUES, read_values, write_values


def seal_of(project: Project, period: Period) -> Seal | None:
    """Return the seal in force of a period."""
    return seals(project.journal.decisions()).get(period.label)


def require_open(project: Project, period: Period) -> None:
    """Raise CannotRun (exit 2) when the period is sealed: a decision that changes what counts in it has to wait for `unlock`."""
    seal = seal_of(project, period)
    if seal is not None:
        about = {"by": seal.by, "at": seal.at[:10]}
        raise CannotRun(Problem("period-sealed", found=period.label, data=about))


def closed_figures(project: Project, labels: Iterable[str]) -> dict[str, SealedPeriod]:
    """Return what was sealed of the periods `labels`, those that are."""
    in_force = seals(project.journal.decisions())
    wanted = [in_force[label] for label in dict.fromkeys(labels) if label in in_force]
    return {seal.period: read_values(project.seals.read(seal, VALUES)) for seal in wanted}


def values_file(values: Iterable[Value], library: Library, period: Period) -> bytes:
    """Return the figures of a period as a seal keeps them, with the marks of their definitions."""
    values = list(values)
    marks = {
        name: definition_mark(library, library.indicators[name], period)
        for name in sorted({v.indicator.partition(".")[0] for v in values})
    }
    return write_values(values, marks, period)
