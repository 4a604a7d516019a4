"""Judging: run the checks of a period over its current submissions → findings, before any person's decision about one.

Findings are a function of the store, the decisions that change what counts, and the definitions: computed once, they are kept among the
project's results for the commands that come after.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace

from ruralpb.app.amendments import amended_cells
from ruralpb.app.project import Project
from ruralpb.app.stamps import stamp
from ruralpb.core.periods import Period
from ruralpb.core.problems import Problem
from ruralpb.model import AmendedCell, Finding
from ruralpb.returns.amendments import standing
from ruralpb.rules import checks
from ruralpb.rules.checks.findings import FindingContext, intake_findings, verdict_finding
from ruralpb.store import Session, Store
from ruralpb.store.results import ResultKey


@dataclass(frozen=True, slots=True)
class Judged:
    """All findings of a period as the data gives them, every one `open` (unknown outcomes among them), and what could not run."""

    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class FindingsRequest:
    """Which findings of a period. `reported`: those that the values would give as they were reported, without amendments; `localised`: with the
    cells to ask about first, which cost about as much again and are for who looks at single rows."""

    reported: bool = False
    localised: bool = False

    @property
    def question(self) -> str:
        """Return what the findings are kept under."""
        return " ".join(name for name in ("reported", "localised") if getattr(self, name))


def judge(
    project: Project,
    store: Store,
    period: Period,
    session: Session | None = None,
    request: FindingsRequest = FindingsRequest(),
) -> Judged:
    """Return the findings of `period`; `session` is used when there is one and the findings have to be computed. Localised ones that are known
    serve who asks for less."""
    scope = f"{period.label}-{project.settings.unit}"
    depends = stamp([*project.state(store), period.label])
    for serving in dict.fromkeys((request, replace(request, localised=True))):
        kept = project.results.get(ResultKey("findings", scope, depends, serving.question))
        if kept is not None:
            return Judged(tuple(kept[0]), tuple(kept[1]))
    reported = request.reported
    amended = [] if reported else amended_cells(project, store, period)
    usable = None if reported else session
    with nullcontext(usable) if usable is not None else project.session(period, reported=reported) as opened:
        judged = _judge(project, opened, store, period, amended, request.localised)
    key = ResultKey("findings", scope, depends, request.question)
    project.results.put(key, judged.findings, judged.problems)
    return judged


def _judge(
    project: Project,
    session: Session,
    store: Store,
    period: Period,
    amended: Sequence[AmendedCell],
    localised: bool,
) -> Judged:
    plans, problems = check_plans(project, period)
    returned = {form for form, label, _ in session.returned() if label == period.label}
    applying = [plan for plan in plans if plan.form in returned or not _needs_rows(plan)]
    verdicts = checks.evaluate_all(applying, session.queries, passes=False)
    current = {(s.reporter_code, s.form): s.id for s in store.submissions(period) if s.state == "current"}
    refusals = standing(store.problems(period), amended)
    addresses = store.addresses(cell[1:] for verdict in verdicts for cell in verdict.cells)
    context = FindingContext(period, project.definitions.register, project.key.hmac)
    findings = [verdict_finding(context, verdict, current, addresses) for verdict in verdicts]
    if localised:
        # Here, because findings that are kept need not pay for importing z3.
        from ruralpb.app.error_localisation import locate
        from ruralpb.rules.localisation.suspect_cells import with_suspect_cells

        located = locate(project, session, period, plans, verdicts, refusals)
        findings = with_suspect_cells(findings, verdicts, located, store.addresses(located.cells()))
    findings += intake_findings(context, refusals)
    return Judged(tuple(findings), tuple(problems))


def check_plans(project: Project, period: Period) -> tuple[list[checks.Plan], list[Problem]]:
    """Return the checks of a period, compiled, and what is wrong with their definitions."""
    definitions = project.definitions
    return checks.plans(definitions.library, definitions.register, project.settings, period)


def _needs_rows(plan: checks.Plan) -> bool:
    """Whether a check says nothing of a form that nobody has returned: an expression over the rows of the period. Planning one costs the
    engine more than running it."""
    return bool(plan.check.expr) and plan.check.rows == "current"
