"""Withdraw: a version of a return does not count."""

from __future__ import annotations

from datetime import datetime

from ruralpb.app.decisions.conditions import WAIT, require_open, require_stated
from ruralpb.app.project import Project, command_line
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.returns.decision_results import Withdrawn, current_of, find_version


def withdraw(project: Project, submission: str, reason: str, by: str, now: datetime) -> Withdrawn:
    """Record that a version does not count: the latest of the others does, if there is one (semantics S2).

    Raises CannotRun (exit 2) for an unknown version, one withdrawn before, a sealed period, or without a reason and a name.
    """
    require_stated({"--reason": reason, "--by": by})
    with project.lock(command_line(), WAIT, now):
        with project.reading() as store:
            version = find_version(store.submissions(), submission)
            require_open(store, version.period)
            if version.state == "withdrawn":
                earlier = [
                    d for d in store.decisions if d.kind == "withdraw" and d.data["submission"] == submission
                ]
                who = "；".join(f"{d.by} {d.at[:10]}：{d.reason}" for d in earlier)
                raise CannotRun(Problem("withdraw-twice", found=submission, expected=who))
        project.journal.decide("withdraw", by, reason, {"submission": submission}, now)
        with project.reading() as store:
            others = store.submissions(version.period)
    current = current_of(version, others)
    return Withdrawn(submission, version.period.label, current)
