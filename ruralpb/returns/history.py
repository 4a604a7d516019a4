"""The history of a return: its versions in time order, what each changed against the one before, what people decided in between.

Pure: submissions, rows, addresses and decisions in, histories out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ruralpb.core.personal_data import without_numbers
from ruralpb.model import (
    MASKED,
    Address,
    AmendedCell,
    Decision,
    Difference,
    Field,
    Form,
    PlacedRow,
    Register,
    Submission,
    SubmissionState,
    journal_text,
)
from ruralpb.model.records import CellKey
from ruralpb.returns.versions import difference

_UNIT_TYPES = ("village", "township", "unit")
_OF_A_PERIOD = ("seal", "unlock")
_OF_A_RETURN = ("explain", "amend", "withdraw", "return")

ReturnKey = tuple[str, str, str]
"""Reporter, form and period (label) of a return."""


@dataclass(frozen=True, slots=True)
class ReportedChange:
    """One cell a version says otherwise than the one before. `field` is "" for a row that `came` or `went`. Personal values are masked;
    `address` is the cell of the later version (of the earlier one, where the row went)."""

    unit_code: str
    subject: str
    field: str
    title: str
    before: str
    after: str
    row: str
    address: Address | None


@dataclass(frozen=True, slots=True)
class ReturnEvent:
    """One thing that happened to a return: a version came (`kind` version), or a person decided. `seq` is its line in the journal (of a version's
    last file), `at` when that was written. Of a decision: `by`, `reason`, and `about`: the finding, or the cell with both its values and
    whether the amendment still counts (`state`)."""

    seq: int
    kind: str
    at: str
    by: str = ""
    reason: str = ""
    about: str = ""
    submission: str = ""
    version: int = 0
    state: str = ""
    received: str = ""
    files: tuple[str, ...] = ()
    rows: int = 0
    against: int = 0
    """The version that `changes` compares with; 0: none."""
    changes: tuple[ReportedChange, ...] = ()


@dataclass(frozen=True, slots=True)
class ReturnRecord:
    """One return from its first version on."""

    reporter_code: str
    reporter: str
    form: str
    title: str
    period: str
    status: SubmissionState | str
    events: tuple[ReturnEvent, ...]

    @property
    def versions(self) -> int:
        """How many versions came."""
        return sum(event.kind == "version" for event in self.events)


@dataclass(frozen=True, slots=True)
class ReturnSources:
    """What store and journal hold about the returns of a request.

    `recorded` and `files` map receipt ids to the times of their journal lines and to paths;
    `amended` maps decision ids to the cells they amend; `decisions` stand in journal order. `rows` are those of the returns that came more
    than once: of others nothing is compared. `changes` and `addresses` follow from the rows (`version_changes`, `changed_cells`).
    """

    forms: Mapping[str, Form]
    register: Register
    recorded: Mapping[str, str]
    files: Mapping[str, str]
    amended: Mapping[str, AmendedCell]
    decisions: Sequence[Decision]
    changes: Mapping[str, VersionChanges]
    addresses: Mapping[CellKey, Address]


@dataclass(frozen=True, slots=True)
class VersionChanges:
    """What a version says otherwise than its `base`, each difference with the row it is about."""

    base: Submission
    differences: tuple[tuple[Difference, PlacedRow], ...]


def by_return(submissions: Iterable[Submission]) -> dict[ReturnKey, list[Submission]]:
    """Return the versions of each return, in the order given."""
    by_key: dict[ReturnKey, list[Submission]] = defaultdict(list)
    for submission in submissions:
        by_key[submission.reporter_code, submission.form, submission.period.label].append(submission)
    return by_key


def came_again(submissions: Iterable[Submission]) -> dict[str, list[str]]:
    """Return form → the versions (ids) of the returns that came more than once."""
    again: dict[str, list[str]] = defaultdict(list)
    for (_, form, _), versions in by_return(submissions).items():
        if len(versions) > 1:
            again[form] += [version.id for version in versions]
    return again


def version_changes(
    submissions: Iterable[Submission],
    forms: Mapping[str, Form],
    rows: Mapping[str, Sequence[PlacedRow]],
    taken: frozenset[str],
) -> dict[str, VersionChanges]:
    """Return version → what it changes against the last version before it that counted. `rows`: submission id → its rows."""
    changes: dict[str, VersionChanges] = {}
    for (_, form, _), versions in by_return(submissions).items():
        base: Submission | None = None
        for version in sorted(versions, key=lambda version: version.version):
            if base is not None:
                before, after = rows.get(base.id, []), rows.get(version.id, [])
                differences = difference(
                    [row.content for row in before], [row.content for row in after], forms[form]
                )
                placed = tuple((d, (before if _went(d) else after)[d.row]) for d in differences)
                changes[version.id] = VersionChanges(base, placed)
            if version.id in taken:
                base = version
    return changes


def changed_cells(changes: Iterable[VersionChanges]) -> list[CellKey]:
    """Return the cells that changes are about; of a whole row its first."""
    return [_cell(difference, row) for change in changes for difference, row in change.differences]


def histories(submissions: Iterable[Submission], sources: ReturnSources) -> tuple[ReturnRecord, ...]:
    """Return the history of each return: earliest period first, then in the order of the register and of the forms."""
    submissions = list(submissions)
    decided = _by_subject(sources.decisions, submissions)
    order = {id: place for place, id in enumerate(sources.forms)}
    places = {code: place for place, code in enumerate(sources.register.by_code)}
    starts = {submission.period.label: submission.period for submission in submissions}
    records = [
        _record(of, versions, decided.get(of, ()), sources) for of, versions in by_return(submissions).items()
    ]
    return tuple(
        sorted(records, key=lambda h: (starts[h.period], places.get(h.reporter_code, -1), order[h.form]))
    )


def _record(
    of: ReturnKey, versions: Sequence[Submission], decisions: Iterable[Decision], sources: ReturnSources
) -> ReturnRecord:
    reporter, form, period = of
    numbered = sorted(versions, key=lambda version: version.version)
    events = [_version_event(sources.forms[form], version, sources) for version in numbered]
    events += [_decision_event(decision, sources) for decision in decisions]
    status = next((version.state for version in versions if version.state == "current"), versions[-1].state)
    return ReturnRecord(
        reporter,
        _name(sources.register, reporter),
        form,
        sources.forms[form].title,
        period,
        status,
        tuple(sorted(events, key=lambda event: event.seq)),
    )


def _version_event(form: Form, version: Submission, sources: ReturnSources) -> ReturnEvent:
    seq = max((int(receipt) for receipt in version.receipts), default=0)
    change = sources.changes.get(version.id)
    return ReturnEvent(
        seq=seq,
        kind="version",
        at=sources.recorded.get(str(seq), ""),
        submission=version.id,
        version=version.version,
        state=version.state,
        received=version.received.isoformat(),
        files=tuple(sources.files.get(receipt, "") for receipt in version.receipts),
        rows=version.rows,
        against=change.base.version if change else 0,
        changes=tuple(_changed(form, *pair, sources) for pair in change.differences) if change else (),
    )


def _changed(form: Form, difference: Difference, row: PlacedRow, sources: ReturnSources) -> ReportedChange:
    field = form.by_id.get(difference.field)
    return ReportedChange(
        unit_code=difference.unit_code,
        subject=_subject(form, row, sources.register),
        field=difference.field,
        title=field.title if field else "",
        before=_shown(field, difference.before) if field else "",
        after=_shown(field, difference.after) if field else "",
        row="" if field else "went" if _went(difference) else "came",
        address=sources.addresses.get(_cell(difference, row)),
    )


def _subject(form: Form, row: PlacedRow, register: Register) -> str:
    """The unit a row is about, and its key where that is not personal."""
    values = dict(row.content[2])
    fields = [form.by_id[name] for name in form.key if name in form.by_id]
    key = [
        journal_text(values[field.id])
        for field in fields
        if not field.sensitive and field.type not in _UNIT_TYPES and values.get(field.id) is not None
    ]
    return "·".join([_name(register, row.content[0]), *key])


def _decision_event(decision: Decision, sources: ReturnSources) -> ReturnEvent:
    cell = sources.amended.get(decision.id)
    return ReturnEvent(
        seq=int(decision.id),
        kind=decision.kind,
        at=decision.at,
        by=decision.by,
        reason=without_numbers(decision.reason),
        about=_about(decision, cell, sources.register),
        submission=decision.data.get("submission", ""),
        state=cell.amended.state if cell else "",
    )


def _about(decision: Decision, cell: AmendedCell | None, register: Register) -> str:
    if cell is None:
        return str(decision.data.get("finding", ""))
    amendment = cell.amended.amendment
    unit = _name(register, amendment.unit_code)
    values = f"{cell.was or '—'} → {cell.now or '—'}（{amendment.basis}）"
    return f"{amendment.sheet}!{amendment.cell} {unit} {cell.field.title} {values}"


def _by_subject(
    decisions: Iterable[Decision], submissions: Iterable[Submission]
) -> dict[ReturnKey, list[Decision]]:
    """The decisions about each return: about a version, a finding or a cell of it, and those that close or open its period."""
    known = {
        submission.id: (submission.reporter_code, submission.form, submission.period.label)
        for submission in submissions
    }
    by_period: dict[str, list[ReturnKey]] = defaultdict(list)
    for of in dict.fromkeys(known.values()):
        by_period[of[2]].append(of)
    by_key: dict[ReturnKey, list[Decision]] = defaultdict(list)
    for decision in decisions:
        for of in _subjects(decision, known, by_period):
            by_key[of].append(decision)
    return by_key


def _subjects(
    decision: Decision, known: Mapping[str, ReturnKey], by_period: Mapping[str, list[ReturnKey]]
) -> Iterator[ReturnKey]:
    data = decision.data
    if decision.kind in _OF_A_PERIOD:
        yield from by_period.get(data["period"], ())
    elif decision.kind in _OF_A_RETURN:
        subject = known.get(data.get("submission", ""))
        yield subject or (data.get("reporter", ""), data.get("form", ""), data.get("period", ""))


def _went(difference: Difference) -> bool:
    return not difference.field and difference.before is not None


def _cell(difference: Difference, row: PlacedRow) -> CellKey:
    return (row.block, row.position, difference.field or next(iter(dict(row.content[2])), ""))


def _shown(field: Field, value: Any) -> str:
    text = journal_text(value)
    return MASKED if field.sensitive and text else without_numbers(text)


def _name(register: Register, code: str) -> str:
    dated = register.by_code.get(code, ())
    return dated[-1].name if dated else code
