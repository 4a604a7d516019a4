"""Explain: the reporter's reason why a value stands that a query asks about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ruralpb.app.consistency import contradicting
from ruralpb.app.decisions.conditions import WAIT, require_open, require_stated
from ruralpb.app.examination import Selection, examine
from ruralpb.app.project import Project, command_line
from ruralpb.core.periods import Period
from ruralpb.core.problems import CannotRun
from ruralpb.model import Decision, Finding
from ruralpb.returns import decisions
from ruralpb.returns.decision_results import Explained, same_explanation, unexplainable
from ruralpb.store.archive import Journal


def explain(
    project: Project, period: Period, ids: Sequence[str], reason: str, by: str, now: datetime
) -> Explained:
    """Record that `by` explains the queries `ids` of `period`, each as it stands now.

    Raises CannotRun (exit 2) for an id that no finding has, an error, a note, a sealed period, or without a reason and a name: then nothing
    is recorded.
    """
    require_stated({"--reason": reason, "--by": by})
    with project.lock(command_line(), WAIT, now):
        with project.reading() as store:
            require_open(store, period)
            checked = examine(project, None, store, period, now.date(), Selection())
            contradictions = contradicting(project, store, period, checked)
            explanations = decisions.explanations(store.decisions)
        findings = {finding.id: finding for finding in (*checked.failed(), *contradictions)}
        problems = [problem for id in ids if (problem := unexplainable(id, findings, period)) is not None]
        if problems:
            raise CannotRun(problems)
        chosen = [findings[id] for id in dict.fromkeys(ids)]
        new = [f for f in chosen if not same_explanation(explanations.get(f.id), f.fingerprint, reason, by)]
        for finding in new:
            record_explanation(project.journal, finding, reason, by, by, now)
    explained = decisions.explained(
        new, decisions.explanations(d for d in project.journal.decisions() if d.kind == "explain")
    )
    return Explained(period.label, tuple(explained), tuple(f.id for f in chosen if f not in new))


def record_explanation(
    journal: Journal, finding: Finding, reason: str, person: str, by: str, now: datetime, answers: str = ""
) -> Decision:
    """Journal one explanation with the fingerprint it is for. `answers` is the hash of the 核实清单 it stood in. The caller holds the lock."""
    data = {
        "finding": finding.id,
        "fingerprint": finding.fingerprint,
        "person": person,
        "period": finding.period,
        "reporter": finding.reporter_code,
        "form": finding.form,
        "submission": finding.submission,
    }
    return journal.decide("explain", by, reason, data | ({"answers": answers} if answers else {}), now)
