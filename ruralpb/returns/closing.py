"""Whether a period can be closed: the returns and contradictions that stand in its way, in words (semantics S2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ruralpb.core.messages import listing
from ruralpb.core.periods import Period
from ruralpb.core.problems import Problem
from ruralpb.model import Finding, Form, Register, ReturnState

NAMED = 12
"""How many returns a refusal names; `status` shows all."""


def waiting_returns(states: Sequence[ReturnState]) -> tuple[ReturnState, ...]:
    """Return the returns that are owed and not accepted."""
    return tuple(state for state in states if state.status != "accepted")


def refusal_of_contradictions(found: Sequence[Finding], period: Period) -> list[Problem]:
    """Return one problem for each of up to `NAMED` contradictions between figures, and one that counts them all."""
    problems = [Problem("seal-contradiction", found=f.message, expected=f.id) for f in found[:NAMED]]
    return [*problems, Problem("seal-contradictions", found=str(len(found)), data={"period": period.label})]


def refusal_to_close(
    waiting: Sequence[ReturnState], period: Period, register: Register, forms: Mapping[str, Form]
) -> list[Problem]:
    """Return one problem for each status that `waiting` returns have, naming up to `NAMED` of them, and one that counts them all."""
    problems = []
    for status in ("missing", "unread", "held", "blocked", "returned"):
        here = [state for state in waiting if state.status == status]
        names = [
            f"{unit.name if (unit := register.get(s.reporter_code, period.end)) else s.reporter_code}"
            f"《{forms[s.form].title}》"
            for s in here
        ]
        if here:
            more = "…" if len(names) > NAMED else ""
            about = {"count": str(len(here)), "period": period.label}
            slug = "seal-not-readable" if status == "unread" else f"seal-{status}"
            problems.append(Problem(slug, found=listing(names[:NAMED]) + more, data=about))
    problems.append(Problem("seal-refused", found=str(len(waiting)), data={"period": period.label}))
    return problems
