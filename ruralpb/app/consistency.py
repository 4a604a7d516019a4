"""Consistency: the figures of a period tested against each other, between their computing and the papers → findings.

They are about figures, not about returns: no return is blocked by one, and a final paper waits for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack

from ruralpb.app.computing import OpenPeriod, ValuesRequest, kept
from ruralpb.app.examination import Validation
from ruralpb.app.figures import wanted_levels
from ruralpb.app.origins import Origins
from ruralpb.app.project import Project
from ruralpb.app.stamps import stamp
from ruralpb.core.periods import Period
from ruralpb.core.problems import Problem
from ruralpb.model import Finding, Value, applies
from ruralpb.returns import decisions
from ruralpb.rules.checks.findings import FindingContext
from ruralpb.rules.consistency.findings import contradiction_finding
from ruralpb.rules.consistency.values import Contradiction, Figures, contradictions
from ruralpb.store import Session, Store
from ruralpb.store.results import ResultKey

MOST_CELLS = 50
"""So many cells of each figure a finding names; `trace` shows all."""


def contradicting(
    project: Project, store: Store, period: Period, checked: Validation, session: Session | None = None
) -> list[Finding]:
    """Return the contradictions between the figures of `period`; `checked` is the whole validation of it. `session` is used where there is
    one and they have to be computed; what was computed is kept for later commands."""
    scope = f"{period.label}-{project.settings.unit}"
    key = ResultKey("findings", scope, stamp([*project.state(store), period.label]), "consistency")
    result = project.results.get(key)
    if result is None:
        with ExitStack() as stack:
            opened = session or stack.enter_context(project.session(period))
            found = _found(project, OpenPeriod(period, opened, store), checked)
        project.results.put(key, found, [])
    else:
        found = list(result[0])
    return decisions.explained(found, decisions.explanations(store.decisions))


def as_problems(contradictions: Iterable[Finding]) -> Iterator[Problem]:
    """Yield what a paper is told of contradictions that nobody has explained."""
    for finding in contradictions:
        if finding.status == "open":
            yield Problem("figures-contradict", found=finding.message, expected=finding.id, severity="query")


def _found(project: Project, opened: OpenPeriod, checked: Validation) -> list[Finding]:
    library, register = project.definitions.library, project.definitions.register
    values = _values(project, opened, checked)
    found = contradictions(Figures(library, register, opened.period, values))
    context = FindingContext(opened.period, register, project.key.hmac)
    origins = Origins(project, opened.session, opened.store, opened.period, values)
    asked = {check.id: check for check in library.checks.values() if check.enabled}
    return [
        contradiction_finding(
            context,
            one,
            asked[one.check],
            library.indicators[one.value.indicator.partition(".")[0]],
            [
                source.address
                for value in (one.value, *one.others)
                for source in origins.sources(value)[:MOST_CELLS]
            ],
        )
        for one in found
        if _applies(one, project, opened.period)
    ]


def _values(project: Project, opened: OpenPeriod, checked: Validation) -> Sequence[Value]:
    """The values of the project's unit and of those below it, and of villages what the register says something of too."""
    levels = wanted_levels(project, None, "", opened.period)
    values, _ = kept(project, opened, levels, ValuesRequest(), checked, keep=True)
    states = tuple(i.id for i in project.definitions.library.indicators.values() if i.register_state)
    if states and "village" not in levels:
        values = values + kept(project, opened, ("village",), ValuesRequest(states, compare=()), checked)[0]
    return values


def _applies(one: Contradiction, project: Project, period: Period) -> bool:
    check = project.definitions.library.checks.get(one.check)
    return (
        check is not None
        and check.enabled
        and check.dated.holds(period.end)
        and applies(check.periods, period)
    )
