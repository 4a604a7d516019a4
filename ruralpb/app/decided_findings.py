"""The findings of a period with what people decided: explained ones, and those that an amendment answered."""

from __future__ import annotations

from collections.abc import Sequence

from ruralpb.app.amendments import amended_cells
from ruralpb.app.findings import FindingsRequest, judge
from ruralpb.app.project import Project
from ruralpb.core.periods import Period
from ruralpb.model import Finding
from ruralpb.returns import decisions
from ruralpb.store import Store


def decided(
    project: Project, store: Store, period: Period, findings: Sequence[Finding], localised: bool
) -> list[Finding]:
    """Return the findings with what people decided: explained ones, and those that only the values before an amendment give."""
    answered = decisions.explained(findings, decisions.explanations(store.decisions))
    counting = [cell for cell in amended_cells(project, store, period) if cell.amended.counts]
    if not counting:
        return answered
    reported = judge(project, store, period, None, FindingsRequest(True, localised)).findings
    answering = [
        decisions.Answering(c.address, c.sentence(), c.amended.amendment.by)
        for c in counting
        if c.address is not None
    ]
    return answered + decisions.resolved(reported, {f.id for f in findings}, answering)
