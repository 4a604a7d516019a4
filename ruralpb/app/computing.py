"""Computing: the values of a period, and which of them are kept.

Values are a function of the store, of what counts in it, of which returns are accepted, of what is suspect, of what was sealed, and of
the definitions: a page's are kept among the project's results for the pages and commands that come after.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from ruralpb.app.examination import Validation
from ruralpb.app.project import Project
from ruralpb.app.sealed import closed_figures
from ruralpb.app.stamps import stamp
from ruralpb.core.periods import Period
from ruralpb.core.problems import Problem
from ruralpb.model import Level, Value
from ruralpb.rules import indicators as stage
from ruralpb.rules.expressions import previous_of
from ruralpb.store import Session, Store
from ruralpb.store.results import ResultKey

Computed = tuple[list[Value], list[Problem]]
"""Values, and what could not be computed as defined."""


@dataclass(frozen=True, slots=True)
class ValuesRequest:
    """What is asked: indicator ids (none: all), a unit (code or name), levels (comma-separated), comparisons, which returns
    count, what part of the area to give apart (a column of units.csv)."""

    ids: tuple[str, ...] = ()
    unit: str = ""
    level: str = ""
    compare: tuple[str, ...] = ("previous", "last_year")
    accepted_only: bool = False
    by: str = ""


def computed(
    project: Project,
    session: Session,
    period: Period,
    levels: tuple[Level, ...],
    asked: ValuesRequest,
    checked: Validation | None,
) -> Computed:
    """Return the values of the units of `levels`, in the order of the definitions, then high level first, then of the register.
    `checked` says which returns are accepted and which rows are suspect; without it none."""
    suspects = _suspects(project, checked)
    session.register(*stage.SUSPECT_ROWS, suspects.rows)
    basis = stage.FiguresBasis(
        project.formulas,
        project.settings,
        session.query,
        session.queries,
        project.definitions.targets,
        _accepted(checked),
        closed_figures(project, (previous_of(period).label, period.last_year().label)),
        suspects,
    )
    wanted = stage.FiguresWanted(asked.ids or None, levels, asked.compare, asked.by)  # type: ignore[arg-type]
    return stage.compute(basis, period, wanted)


@dataclass(frozen=True, slots=True)
class OpenPeriod:
    """A period with its session and the store behind it, open."""

    period: Period
    session: Session
    store: Store


def kept(
    project: Project,
    opened: OpenPeriod,
    levels: tuple[Level, ...],
    asked: ValuesRequest,
    checked: Validation,
    *,
    keep: bool = False,
) -> Computed:
    """As `computed` over the session of the period itself, from the results kept where they are there. With `keep`, what had to be computed
    is kept for later commands."""
    period = opened.period
    scope = f"{period.label}-{project.settings.unit}"
    question = json.dumps([asked.ids, asked.compare, asked.by])
    key = ResultKey("values", scope, _stamp(project, opened, checked), question)
    result = project.results.get(key, levels)
    if result is not None:
        return result
    values, problems = computed(project, opened.session, period, levels, asked, checked)
    if keep:
        project.results.put(key, values, problems, levels)
    return values, problems


def _stamp(project: Project, opened: OpenPeriod, checked: Validation) -> str:
    accepted = "\n".join(sorted("|".join(one) for one in _accepted(checked)))
    suspect = "\n".join(map(str, _suspects(project, checked).rows))
    closed = [d.id for d in project.journal.decisions() if d.kind in ("seal", "unlock")]
    depends = hashlib.sha256(f"{accepted}\n\n{suspect}".encode()).hexdigest()
    return stamp([*project.state(opened.store), opened.period.label, depends, *closed])


def _accepted(checked: Validation | None) -> set[tuple[str, str, str]]:
    states = checked.states if checked else ()
    return {(s.reporter_code, s.form, s.period) for s in states if s.status == "accepted"}


def _suspects(project: Project, checked: Validation | None) -> stage.SuspectCells:
    findings = checked.findings if checked else ()
    return stage.SuspectCells.of(findings, project.definitions.library.checks)
