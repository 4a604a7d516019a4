"""History: the versions of each return in time order, what each changed against the one before, and what people decided in between."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from ruralpb.app.amendments import amended_cells
from ruralpb.app.project import Project
from ruralpb.app.units import find_unit
from ruralpb.core.periods import Period
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.model import PlacedRow, Submission
from ruralpb.returns.history import (
    ReturnRecord,
    ReturnSources,
    came_again,
    changed_cells,
    histories,
    version_changes,
)
from ruralpb.store import Store


def history(
    project: Project, unit: str = "", form: str = "", period: Period | None = None
) -> tuple[ReturnRecord, ...]:
    """Return the histories of the returns of `unit` and those below it (empty: all), of one form or all, of one period or all: earliest period
    first, then in the order of the register and of the forms.

    Raises CannotRun (exit 2) for an unknown unit or form.
    """
    forms = project.definitions.library.forms
    if form and form not in forms:
        raise CannotRun(project.unknown("form", form, forms))
    with project.reading() as store:
        submissions = [
            submission
            for submission in _of_unit(project, store.submissions(period), unit, period)
            if form in ("", submission.form) and submission.form in forms
        ]
        return histories(submissions, _sources(project, store, submissions))


def _of_unit(
    project: Project, submissions: Sequence[Submission], unit: str, period: Period | None
) -> Sequence[Submission]:
    """The submissions of a unit and of those below it; of all without a unit."""
    if not unit:
        return submissions
    day = period.end if period else max((s.period.end for s in submissions), default=None)
    if day is None:
        raise CannotRun(Problem("no-such-unit", found=unit, expected="—"))
    register = project.definitions.register
    code = find_unit(register, unit, day).code
    return [s for s in submissions if code in register.path(s.reporter_code, s.period.end)]


def _sources(project: Project, store: Store, submissions: Sequence[Submission]) -> ReturnSources:
    forms = project.definitions.library.forms
    rows: dict[str, list[PlacedRow]] = defaultdict(list)
    for form, versions in came_again(submissions).items():
        for row in store.rows_of(form, versions):
            rows[row.submission].append(row)
    taken = frozenset(store.taken())
    changes = version_changes(submissions, forms, rows, taken)
    return ReturnSources(
        forms=forms,
        register=project.definitions.register,
        recorded={str(line.seq): line.at for line in project.journal.lines if line.kind == "receipt"},
        files={stored.receipt.id: stored.receipt.path for stored in store.receipts()},
        amended={cell.amended.amendment.id: cell for cell in amended_cells(project, store)},
        decisions=store.decisions,
        changes=changes,
        addresses=store.addresses(changed_cells(changes.values())),
    )
