"""The rows that reporters reported last and go on with, from the store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from ruralpb.app.project import Project
from ruralpb.core.periods import Period
from ruralpb.model import OwedReturn, Unit
from ruralpb.publish.forms import KnownRow
from ruralpb.rules.expressions import Scope, previous_of, resolve


def carried_rows(
    project: Project, period: Period, owed: Mapping[Unit, Sequence[OwedReturn]]
) -> dict[tuple[str, str], list[KnownRow]]:
    """(reporter, form) → the rows that it reported last and the form says to bring along. Only what holds at a period's end comes
    along: what happened in the last one is not told again."""
    asked = {one.form for returns_owed in owed.values() for one in returns_owed}
    library = project.definitions.library
    forms = [library.forms[name] for name in sorted(asked) if library.forms[name].carried]
    carried: dict[tuple[str, str], list[KnownRow]] = defaultdict(list)
    if not forms or not project.journal.receipts():
        return carried
    with project.session(period) as session:
        for form in forms:
            fields = [f.id for f in form.fields_in(period) if f.time == "point"]
            scope = Scope(library, form.id, period, register=project.definitions.register)
            condition_sql = resolve(form.carried, scope).sql
            since = previous_of(period).end
            for reporter, *values in session.last_rows(form, fields, condition_sql, since, period.end):
                filled = {n: v for n, v in zip(fields, values, strict=True) if v is not None}
                carried[reporter, form.id].append(filled)
    return carried
