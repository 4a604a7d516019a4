"""Decisions of people about findings, values and versions: explain, amend, withdraw. The journal keeps each with who, when and why.

A decision changes nothing that was reported. It is journaled, and whatever is computed afterwards follows from the journal.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ruralpb.app.originals import Originals
from ruralpb.app.project import Project, command_line
from ruralpb.app.validate import Selection, examine
from ruralpb.core.periods import Period
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.intake.values import show
from ruralpb.intake.values.single import single
from ruralpb.model import MASKED, Decision, Finding, Submission, journal_text
from ruralpb.returns import decisions
from ruralpb.returns.cell_selection import CellRequest, SelectedCell, select_cell
from ruralpb.returns.decision_results import (
    AmendmentResult,
    CellChange,
    Explained,
    Withdrawn,
    amendment_result,
    current_of,
    find_version,
    same_explanation,
    unexplainable,
)
from ruralpb.returns.seals import seals
from ruralpb.store import Store
from ruralpb.store.archive import Journal

_WAIT = 60.0


def explain(
    project: Project, period: Period, ids: Sequence[str], reason: str, by: str, now: datetime
) -> Explained:
    """Record that `by` explains the queries `ids` of `period`, each as it stands now.

    Raises CannotRun (exit 2) for an id that no finding has, an error, a note, a sealed period, or without a reason and a name: then nothing
    is recorded.
    """
    _needs({"--reason": reason, "--by": by})
    with project.lock(command_line(), _WAIT, now):
        with project.reading() as store:
            _open(store, period)
            checked = examine(project, None, store, period, now.date(), Selection())
            known = decisions.explanations(store.decisions)
        found = {finding.id: finding for finding in checked.failed()}
        problems = [problem for id in ids if (problem := unexplainable(id, found, period)) is not None]
        if problems:
            raise CannotRun(problems)
        chosen = [found[id] for id in dict.fromkeys(ids)]
        new = [f for f in chosen if not same_explanation(known.get(f.id), f.fingerprint, reason, by)]
        for finding in new:
            record_explanation(project.journal, finding, reason, by, by, now)
    explained = decisions.explained(
        new, decisions.explanations(d for d in project.journal.decisions() if d.kind == "explain")
    )
    return Explained(period.label, tuple(explained), tuple(f.id for f in chosen if f not in new))


def record_explanation(
    journal: Journal, finding: Finding, reason: str, person: str, by: str, now: datetime, answers: str = ""
) -> Decision:
    """Journal one explanation with the fingerprint it is for. `answers` is the hash of the 核实清单 it stood in. The caller holds the lock."""
    data = {
        "finding": finding.id,
        "fingerprint": finding.fingerprint,
        "person": person,
        "period": finding.period,
        "reporter": finding.reporter_code,
        "form": finding.form,
        "submission": finding.submission,
    }
    return journal.decide("explain", by, reason, data | ({"answers": answers} if answers else {}), now)


def amend(
    project: Project, submission: str, request: CellRequest, change: CellChange, now: datetime
) -> AmendmentResult:
    """Record that the cell `request` names of the current version `submission` counts as another value, which is read by the rules of its field.

    The reported value stays as it is. Raises CannotRun (exit 2) when the version is not current, the cell is none, the value cannot be read or
    is what counts already, the period is sealed, or without a reason, a name and a basis: then nothing is recorded.
    """
    _needs({"--reason": change.reason, "--by": change.by, "--basis": change.basis})
    if change.value is None:
        raise CannotRun(Problem("decision-needs", found="--value"))
    with project.lock(command_line(), _WAIT, now):
        with project.reading() as store:
            version = _current(store, submission)
            _open(store, version.period)
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
        raw = show(Originals(project, store).raw(target.row.block, target.address))
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
        "basis": change.basis,
    } | ({"raw": raw} if raw else {})


def withdraw(project: Project, submission: str, reason: str, by: str, now: datetime) -> Withdrawn:
    """Record that a version does not count: the latest of the others does, if there is one (semantics S2).

    Raises CannotRun (exit 2) for an unknown version, one withdrawn before, a sealed period, or without a reason and a name.
    """
    _needs({"--reason": reason, "--by": by})
    with project.lock(command_line(), _WAIT, now):
        with project.reading() as store:
            version = find_version(store.submissions(), submission)
            _open(store, version.period)
            if version.state == "withdrawn":
                earlier = [
                    d for d in store.decisions if d.kind == "withdraw" and d.data["submission"] == submission
                ]
                who = "；".join(f"{d.by} {d.at[:10]}：{d.reason}" for d in earlier)
                raise CannotRun(Problem("withdraw-twice", found=submission, expected=who))
        project.journal.decide("withdraw", by, reason, {"submission": submission}, now)
        with project.reading() as store:
            others = store.submissions(version.period)
    current = current_of(version, others)
    return Withdrawn(submission, version.period.label, current)


def _needs(given: dict[str, str]) -> None:
    missing = [Problem("decision-needs", found=name) for name, text in given.items() if not text.strip()]
    if missing:
        raise CannotRun(missing)


def _open(store: Store, period: Period) -> None:
    """Raise CannotRun (exit 2) when the period is sealed."""
    seal = seals(store.decisions).get(period.label)
    if seal is not None:
        raise CannotRun(Problem("decision-sealed", found=period.label, expected=f"{seal.by} {seal.at[:10]}"))


def _current(store: Store, submission: str) -> Submission:
    version = find_version(store.submissions(), submission)
    if version.state != "current":
        current = current_of(version, store.submissions(version.period)) or "—"
        raise CannotRun(Problem("amend-not-current", found=submission, expected=current))
    return version
