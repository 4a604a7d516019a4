"""What a compute session rests on: the store knows neither what is owed nor what makes an ID number valid."""

from __future__ import annotations

from functools import partial

from ruralpb.core.periods import Period
from ruralpb.model import Library, Register, Settings
from ruralpb.returns import owed
from ruralpb.store import SessionBasis


def session_basis(library: Library, register: Register, settings: Settings, period: Period) -> SessionBasis:
    """Return what a compute session for `period` rests on, nothing being current yet."""
    from ruralpb.rules.expressions.functions import valid_id_sql

    return SessionBasis(
        library.forms, register, period, partial(owed, settings, library, register), valid_id_sql
    )
