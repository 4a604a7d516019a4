"""Which checks apply in a period, and their plans."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ruralpb.core.messages import template
from ruralpb.core.periods import Period
from ruralpb.core.problems import Problem
from ruralpb.model import Check, Form, Library, Register, Settings, applies
from ruralpb.rules.checks import completeness, outliers, own_history
from ruralpb.rules.checks.plan import Plan
from ruralpb.rules.checks.relation import compiled
from ruralpb.rules.checks.timing import returned

_OWN = {**completeness.PLANS, **outliers.PLANS, **own_history.PLANS}
RANGE = "range"


def plans(
    library: Library,
    register: Register | None,
    settings: Settings | None,  # noqa: ARG001 - what a project may switch by settings comes with the outlier thresholds
    period: Period,
    only: Collection[str] = (),
) -> tuple[list[Plan], list[Problem]]:
    """Return the plans of every check in force for `period`, and the problems: expressions that cannot be compiled, standards without a
    value on the period's end (the check is then not computable; severity note).

    `only` restricts to check ids and form ids. A check applies when it is enabled, in force on the period's end and meant
    for its kind of period, and its form is returned for such periods. No setting
    changes a check so far.
    """
    selected: list[Plan] = []
    problems: list[Problem] = []
    for check in _in_force(library, period):
        for form in _forms(library, check, period):
            if only and not {check.id, form.id} & set(only):
                continue
            if check.expr:
                plan, wrong = compiled(check, form, library, register, period)
                problems += wrong
                if plan:
                    selected.append(plan)
                    problems += [_ended(plan, library, standard) for standard in plan.ended]
            else:
                selected += _OWN[check.id](check, form, library, period)
    return selected, problems


def _in_force(library: Library, period: Period) -> Iterator[Check]:
    checks = library.checks.values()
    for check in checks:
        implemented = bool(check.expr) or check.id in _OWN
        if implemented and check.enabled and check.dated.holds(period.end) and applies(check.periods, period):
            yield check
    if RANGE not in library.checks:
        yield Check(
            RANGE, "all", severity="error", message=template("check-range", "zh"), stage="completeness"
        )


def _forms(library: Library, check: Check, period: Period) -> list[Form]:
    forms = library.forms.values() if check.form == "all" else [library.forms[check.form]]
    return [f for f in forms if f.dated.holds(period.end) and returned(f, period)]


def _ended(plan: Plan, library: Library, standard: str) -> Problem:
    ended = library.standards[standard]
    return Problem(
        "check-standard-ended", plan.check.defined_at, plan.check.id, ended.title, "note", form=plan.form
    )
