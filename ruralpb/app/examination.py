"""Examination: the checks run on the current submissions of a period, with what people decided, and how every owed return stands."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date

from ruralpb import returns
from ruralpb.app.decided_findings import decided
from ruralpb.app.findings import FindingsRequest, judge
from ruralpb.app.project import Project
from ruralpb.app.units import find_unit
from ruralpb.core.periods import Period
from ruralpb.core.problems import SEVERITIES, CannotRun, Problem
from ruralpb.model import Finding, ReturnState
from ruralpb.returns.finding_list import matching, without_unread, working_order
from ruralpb.store import Session, Store


@dataclass(frozen=True, slots=True)
class Validation:
    """All findings of a period (unknown outcomes among them), the state of every return, what could not run."""

    period: str
    findings: tuple[Finding, ...]
    states: tuple[ReturnState, ...]
    problems: tuple[Problem, ...] = ()

    def failed(self) -> tuple[Finding, ...]:
        """The findings a township has to answer: failed or refused."""
        return tuple(f for f in self.findings if f.outcome in ("fail", "refused"))

    @property
    def blocking(self) -> int:
        """How many open errors and queries there are."""
        return sum(SEVERITIES[f.severity].blocks and f.status == "open" for f in self.failed())


@dataclass(frozen=True, slots=True)
class Selection:
    """Which findings are wanted; empty means all."""

    form: str = ""
    unit: str = ""
    severity: str = ""
    checks: tuple[str, ...] = ()


def examine(
    project: Project,
    session: Session | None,
    store: Store,
    period: Period,
    today: date,
    wanted: Selection,
    localised: bool = False,
) -> Validation:
    """Return the findings of `period`, most severe first, and the states of its returns; `session` is used where there is one.

    The states always rest on all checks, whatever is `wanted`. The cells to ask about first are only named where they are asked for
    (`localised`). Raises CannotRun for an unknown unit, form or check.
    """
    judged = judge(project, store, period, session, FindingsRequest(localised=localised))
    findings = decided(project, store, period, judged.findings, localised)
    definitions = project.definitions
    owed = returns.owed(project.settings, definitions.library, definitions.register, period)
    sent_back = {
        key: d.data["submission"] for key, d in returns.sent_back(project.journal.decisions(), period).items()
    }
    states = returns.states(owed, store.submissions(period), findings, sent_back, today, store.unread(period))
    shown = selected(project, period, without_unread(findings, states), wanted)
    return Validation(period.label, tuple(shown), tuple(states), judged.problems)


def require_known(project: Project, wanted: Selection, checks_at_hand: Set[str]) -> None:
    """Raise CannotRun where a wanted check, form or severity is none."""
    library = project.definitions.library
    known = library.checks.keys() | checks_at_hand
    for check in wanted.checks:
        if check not in known:
            raise CannotRun(project.unknown("check", check, known))
    if wanted.form and wanted.form not in library.forms:
        raise CannotRun(project.unknown("form", wanted.form, library.forms))
    if wanted.severity and wanted.severity not in SEVERITIES:
        raise CannotRun(project.unknown("severity", wanted.severity, SEVERITIES))


def selected(
    project: Project, period: Period, findings: Sequence[Finding], wanted: Selection
) -> list[Finding]:
    """Return the wanted ones of `findings` in the order to work through them. Raises CannotRun for an unknown unit, form or check."""
    require_known(project, wanted, {f.check for f in findings})
    return sorted(_matching(project, period, findings, wanted), key=working_order)


def _matching(
    project: Project, period: Period, findings: Sequence[Finding], wanted: Selection
) -> list[Finding]:
    if not wanted.unit:
        return matching(findings, wanted.form, wanted.severity, wanted.checks)
    register = project.definitions.register
    unit = find_unit(register, wanted.unit, period.end).code

    def lies_in(code: str) -> bool:
        return unit in register.path(code, period.end)

    return matching(findings, wanted.form, wanted.severity, wanted.checks, lies_in)
