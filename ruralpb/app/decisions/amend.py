"""Amend: another effective value beside the reported one."""

from __future__ import annotations

from datetime import datetime

from ruralpb.app.decisions.conditions import WAIT, current_version, require_open, require_stated
from ruralpb.app.examination import Selection, examine
from ruralpb.app.originals import Originals
from ruralpb.app.project import Project, command_line
from ruralpb.core.personal_data import without_numbers
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.intake.values import show
from ruralpb.intake.values.single import single
from ruralpb.model import MASKED, Submission, journal_text
from ruralpb.returns.cell_selection import CellRequest, SelectedCell, select_cell
from ruralpb.returns.decision_results import AmendmentResult, CellChange, amendment_result
from ruralpb.store import Store


def amend(
    project: Project, submission: str, request: CellRequest, change: CellChange, now: datetime
) -> AmendmentResult:
    """Record that the cell `request` names of the current version `submission` counts as another value, which is read by the rules of its field.

    The reported value stays as it is. Raises CannotRun (exit 2) when the version is not current, the cell is none, the value cannot be read or
    is what counts already, the period is sealed, or without a reason, a name and a basis: then nothing is recorded.
    """
    require_stated({"--reason": change.reason, "--by": change.by, "--basis": change.basis})
    if change.value is None:
        raise CannotRun(Problem("decision-needs", found="--value"))
    with project.lock(command_line(), WAIT, now):
        with project.reading() as store:
            version = current_version(store, submission)
            require_open(store, version.period)
            form = project.definitions.library.forms[version.form]
            rows = store.rows_of(form.id, [version.id])
            target = select_cell(form, rows, project.definitions.register, store, request)
            effective = _effective(project, store, target)
            read, problem = single(
                target.form,
                target.field,
                version.period.end,
                change.value,
                project.definitions.library.vocabulary,
            )
            if problem is not None:
                raise CannotRun(problem)
            value = journal_text(read)
            if value == effective:
                shown = MASKED if target.field.sensitive else value
                raise CannotRun(Problem("amend-same", found=shown, expected=target.title))
            before = examine(project, None, store, version.period, now.date(), Selection())
            decision = project.journal.decide(
                "amend", change.by, change.reason, _data(project, store, version, target, value, change), now
            )
        with project.reading() as store:
            after = examine(project, None, store, version.period, now.date(), Selection())
    return amendment_result(decision, version, target, value, before.failed(), after.failed())


def _effective(project: Project, store: Store, target: SelectedCell) -> str:
    """What counts in a cell now: the value of its live amendment, else the reported one."""
    cell = (target.row.block, target.row.position, target.field.id)
    live = [
        a for a in store.amended(project.definitions.library.forms) if a.state == "live" and a.cell == cell
    ]
    return live[0].amendment.now if live else journal_text(target.value)


def _data(
    project: Project, store: Store, version: Submission, target: SelectedCell, value: str, change: CellChange
) -> dict[str, str]:
    receipt, table = store.table_of(target.row.block)
    was, raw = journal_text(target.value), ""
    if not (was or target.field.sensitive):
        raw = without_numbers(show(Originals(project, store).raw(target.row.block, target.address)))
    return {
        "submission": version.id,
        "reporter": version.reporter_code,
        "form": version.form,
        "period": version.period.label,
        "unit": target.row.content[0],
        "receipt": receipt,
        "table": str(table),
        "position": str(target.row.position),
        "field": target.field.id,
        "sheet": target.address.sheet,
        "cell": target.address.cell,
        "was": was,
        "now": value,
        "basis": without_numbers(change.basis),
    } | ({"raw": raw} if raw else {})
