"""A person's own read-only query over the relations of a period, personal fields masked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ruralpb.app.audit_access import disclose
from ruralpb.app.project import Project
from ruralpb.core.periods import Period
from ruralpb.core.problems import CannotRun
from ruralpb.rules.expressions.readonly import readonly
from ruralpb.store import facts
from ruralpb.store.guarded_query import QueryLimits

REGISTER = ("ref_unit", "ref_village", "ref_township", "returns", "due")
LIMITS = QueryLimits(seconds=60.0, memory=2048, rows=1_000_000)


@dataclass(frozen=True, slots=True)
class SqlRequest:
    """A query, the period whose register counts, and whether personal fields may be seen (then with a reason)."""

    query: str
    period: Period
    with_personal_data: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SqlAnswer:
    """Column names and rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def sql(project: Project, request: SqlRequest, now: datetime) -> SqlAnswer:
    """Return the rows of one SELECT over the forms (current submissions of all periods) and the register.

    Raises CannotRun (exit 2) when it is no single SELECT, names anything else, the engine refuses it, or it
    takes more than `LIMITS`.
    """
    forms = project.definitions.library.forms
    relations = {*forms, *REGISTER}
    text, problems = readonly(request.query, relations)
    if problems:
        raise CannotRun(problems)
    if request.with_personal_data:
        disclose(project, "sql", request.reason, now)
    with project.session(request.period) as session:
        if not request.with_personal_data:
            facts.mask(session, forms.values(), lambda key: project.key.hmac("person", key)[:16])
        columns, rows = session.guarded(text, relations, LIMITS)
    return SqlAnswer(tuple(columns), tuple(rows))
