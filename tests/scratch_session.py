"""A session over returns that a test gives in Python, as a project's session would be over its store."""

from __future__ import annotations

from collections.abc import Sequence

from ruralpb.app.sessions import session_basis
from ruralpb.core.periods import Period
from ruralpb.model import Library, Register, Settings
from ruralpb.store import Given, Session
from ruralpb.store import scratch as over


def scratch(
    library: Library, register: Register, settings: Settings, period: Period, given: Sequence[Given]
) -> Session:
    """Return a session for `period` over the given submissions, all of them current."""
    return over(session_basis(library, register, settings, period), given)
