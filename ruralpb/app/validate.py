"""Validate: run the checks on the current submissions of a period, test its figures against each other, and tell how every owed return
stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ruralpb.app.consistency import contradicting
from ruralpb.app.examination import Selection, Validation, examine, require_known, selected
from ruralpb.app.findings import check_plans
from ruralpb.app.project import Project
from ruralpb.core.periods import Period
from ruralpb.rules import checks


def validate(project: Project, period: Period, today: date, wanted: Selection | None = None) -> Validation:
    """Return the findings of `period`, contradictions between its figures among them, most severe first, and the states of its returns.

    The states always rest on all checks, whatever is `wanted`. Raises CannotRun for an unknown unit, form or check.
    """
    with project.reading() as store:
        checked = examine(project, None, store, period, today, Selection(), localised=True)
        contradictions = contradicting(project, store, period, checked)
    shown = selected(project, period, (*checked.findings, *contradictions), wanted or Selection())
    return replace(checked, findings=tuple(shown))


def plans(project: Project, period: Period, wanted: Selection) -> tuple[checks.Plan, ...]:
    """Return the checks of `period` with their sentences and SQL, without running them."""
    at_hand, _ = check_plans(project, period)
    require_known(project, wanted, {plan.check.id for plan in at_hand})
    return tuple(
        plan
        for plan in at_hand
        if wanted.form in ("", plan.form)
        and (not wanted.checks or plan.check.id in wanted.checks)
        and wanted.severity in ("", plan.check.severity)
    )
