"""Who has not returned what a register or list reads: of them it says nothing, which is not that they have none."""

from __future__ import annotations

from collections.abc import Iterable

from ruralpb import returns
from ruralpb.app.project import Project
from ruralpb.core.periods import Period
from ruralpb.model.register_results import Silent
from ruralpb.store import Session


def silent(
    project: Project, session: Session, period: Period, forms: Iterable[str], below: set[str] | None
) -> Silent:
    """Return the reporters among the units `below` (None: all) that owe one of `forms` for `period` and have no current return of it."""
    library, register = project.definitions.library, project.definitions.register
    wanted = set(forms)
    came = {(form, reporter) for form, label, reporter in session.returned() if label == period.label}
    owing: dict[str, bool] = {}
    for one in returns.owed(project.settings, library, register, period):
        if one.form in wanted and (below is None or one.reporter_code in below):
            owing[one.reporter_code] = (
                owing.get(one.reporter_code, False) or (one.form, one.reporter_code) not in came
            )
    lacking = [code for code, lacks in owing.items() if lacks]
    return Silent(tuple(register.names(lacking, period.end).values()), len(owing))
