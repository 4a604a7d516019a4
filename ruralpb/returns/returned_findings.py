"""What goes back to which reporter: its open findings, and when they were sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from ruralpb.core.problems import Problem
from ruralpb.model import Decision, Finding, ReturnState


@dataclass(frozen=True, slots=True)
class SentBack:
    """What went back to one reporter. `submissions` are those journaled now; `nowhere` maps a finding without a mark to the reason."""

    reporter_code: str
    reporter: str
    folder: Path
    files: tuple[Path, ...]
    errors: int
    queries: int
    notes: int
    deadline: date
    submissions: tuple[str, ...]
    nowhere: Mapping[str, str]
    problems: tuple[Problem, ...] = ()
    """What could not be marked in place, and why."""


def by_reporter(states: Sequence[ReturnState]) -> dict[str, list[ReturnState]]:
    """Return reporter → the states of its returns."""
    by_code: dict[str, list[ReturnState]] = defaultdict(list)
    for state in states:
        by_code[state.reporter_code].append(state)
    return by_code


def findings_to_answer(
    failed: Sequence[Finding], states: Mapping[str, Sequence[ReturnState]]
) -> dict[str, list[Finding]]:
    """Return reporter → its open findings, of those with an open error or query. What never came is chased (催报单), not sent back."""
    missing = {(s.reporter_code, s.form) for each in states.values() for s in each if s.status == "missing"}
    by_code: dict[str, list[Finding]] = defaultdict(list)
    for finding in failed:
        came = finding.cells or finding.submission or (finding.reporter_code, finding.form) not in missing
        if finding.status == "open" and finding.reporter_code and came:
            by_code[finding.reporter_code].append(finding)
    return {
        code: findings
        for code, findings in sorted(by_code.items())
        if any(f.severity != "note" for f in findings)
    }


def day_sent(
    states: Sequence[ReturnState], returned: Mapping[tuple[str, str], Decision], today: date
) -> date:
    """Return the day it is sent: today when something is sent back anew, else the day it last was. `returned`: (reporter, form) → the
    decision by which it was sent back."""
    if any(state.status == "blocked" for state in states):
        return today
    days = [
        datetime.fromisoformat(returned[s.reporter_code, s.form].at).date()
        for s in states
        if s.status == "returned"
    ]
    return max(days, default=today)
