"""A person's own read-only query over the relations of a period, personal fields masked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ruralpb.app.audit_access import disclose
from ruralpb.app.project import Project
from ruralpb.app.tables import MASKED
from ruralpb.core.periods import Period
from ruralpb.core.problems import CannotRun
from ruralpb.model import Form
from ruralpb.rules.expressions.readonly import readonly
from ruralpb.store import Session
from ruralpb.store.schema import quoted

REGISTER = ("ref_unit", "ref_village", "ref_township", "returns", "due")
_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Question:
    """A query, the period whose register counts, and whether personal fields may be seen (then with a reason)."""

    query: str
    period: Period
    with_personal_data: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Column names and rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def sql(project: Project, asked: Question, now: datetime) -> Answer:
    """Return the rows of one SELECT over the forms (current submissions of all periods) and the register.

    Raises CannotRun (exit 2) when it is no single SELECT, names anything else, or DuckDB refuses it.
    """
    forms = project.definitions.library.forms
    text, problems = readonly(asked.query, {*forms, *REGISTER})
    if problems:
        raise CannotRun(problems)
    if asked.with_personal_data:
        disclose(project, "sql", asked.reason, now)
    with project.session(asked.period) as session:
        if not asked.with_personal_data:
            _mask(project, session, list(forms.values()))
        columns, rows = session.guarded(text, _SECONDS)
    return Answer(tuple(columns), tuple(rows))


def _mask(project: Project, session: Session, forms: list[Form]) -> None:
    """Put views in front of the forms in which personal fields are *** and persons have keys under the project's key."""
    rosters = [f.id for f in forms if "name" in f.by_id]
    keys: set[str] = set()
    for name in rosters:
        found = session.query(f"select distinct person_key from {quoted(name)} where person_key is not null")
        keys |= {row[0] for row in found}
    session.register("masked_persons", ("person_key VARCHAR", "mark VARCHAR"),
                     [(key, project.hmac("person", key)[:16]) for key in sorted(keys)])  # fmt: skip
    for form in forms:
        hidden = [
            f"case when {quoted(f.id)} is not null then '{MASKED}' end as {quoted(f.id)}"
            for f in form.fields
            if f.sensitive
        ]
        marks = ["(select mark from masked_persons m where m.person_key = r.person_key) as person_key",
                 "cast(null as varchar) as person_doubt"]  # fmt: skip
        session.shadow(form.id, [*hidden, *marks])
