"""Under what a decision can be recorded: its reason and person are stated, its period is not sealed, its version counts."""

from __future__ import annotations

from ruralpb.core.periods import Period
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.model import Submission
from ruralpb.returns.decision_results import current_of, find_version
from ruralpb.returns.seals import seals
from ruralpb.store import Store

WAIT = 60.0
"""Seconds that a decision waits for another writer."""


def require_stated(given: dict[str, str]) -> None:
    """Raise CannotRun (exit 2) naming each option that says nothing."""
    missing = [Problem("decision-needs", found=name) for name, text in given.items() if not text.strip()]
    if missing:
        raise CannotRun(missing)


def require_open(store: Store, period: Period) -> None:
    """Raise CannotRun (exit 2) when the period is sealed."""
    seal = seals(store.decisions).get(period.label)
    if seal is not None:
        raise CannotRun(Problem("decision-sealed", found=period.label, expected=f"{seal.by} {seal.at[:10]}"))


def current_version(store: Store, submission: str) -> Submission:
    """Return a version that counts. Raises CannotRun (exit 2) for one that does not, naming the one that does."""
    version = find_version(store.submissions(), submission)
    if version.state != "current":
        current = current_of(version, store.submissions(version.period)) or "—"
        raise CannotRun(Problem("amend-not-current", found=submission, expected=current))
    return version
