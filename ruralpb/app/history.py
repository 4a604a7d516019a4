"""History: the versions of each return in time order, what each changed against the one before, and what people decided in between."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ruralpb.app.amendments import amended_cells
from ruralpb.app.project import Project
from ruralpb.app.units import find_unit
from ruralpb.core.periods import Period
from ruralpb.core.problems import CannotRun, Problem
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
from ruralpb.returns.versions import difference
from ruralpb.rules.checks.messages import without_numbers
from ruralpb.store import Store

_UNITS = ("village", "township", "unit")
_OF_A_PERIOD = ("seal", "unlock")
_OF_A_RETURN = ("explain", "amend", "withdraw", "return")

Of = tuple[str, str, str]
"""Reporter, form and period (label) of a return."""


@dataclass(frozen=True, slots=True)
class Changed:
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
class Event:
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
    changes: tuple[Changed, ...] = ()


@dataclass(frozen=True, slots=True)
class ReturnHistory:
    """One return from its first version on."""

    reporter_code: str
    reporter: str
    form: str
    title: str
    period: str
    status: SubmissionState | str
    events: tuple[Event, ...]

    @property
    def versions(self) -> int:
        """How many versions came."""
        return sum(event.kind == "version" for event in self.events)


def history(
    project: Project, unit: str = "", form: str = "", period: Period | None = None
) -> tuple[ReturnHistory, ...]:
    """Return the histories of the returns of `unit` and those below it (empty: all), of one form or all, of one period or all: earliest period
    first, then in the order of the register and of the forms.

    Raises CannotRun (exit 2) for an unknown unit or form.
    """
    library, register = project.definitions.library, project.definitions.register
    if form and form not in library.forms:
        raise CannotRun(project.unknown("form", form, library.forms))
    with project.reading() as store:
        every = store.submissions(period)
        day = period.end if period else max((s.period.end for s in every), default=None)
        if unit and day is None:
            raise CannotRun(Problem("no-such-unit", found=unit, expected="—"))
        code = find_unit(register, unit, day).code if unit and day else ""
        wanted = [
            s
            for s in every
            if form in ("", s.form)
            and s.form in library.forms
            and (not code or code in register.path(s.reporter_code, s.period.end))
        ]
        teller = _Teller(project, store, wanted)
        found = [teller.tell(of, versions) for of, versions in _by_return(wanted).items()]
    order = {id: place for place, id in enumerate(library.forms)}
    places = {code: place for place, code in enumerate(register.by_code)}
    starts = {s.period.label: s.period for s in wanted}
    return tuple(
        sorted(found, key=lambda h: (starts[h.period], places.get(h.reporter_code, -1), order[h.form]))
    )


def _by_return(submissions: Iterable[Submission]) -> dict[Of, list[Submission]]:
    found: dict[Of, list[Submission]] = defaultdict(list)
    for one in submissions:
        found[one.reporter_code, one.form, one.period.label].append(one)
    return found


class _Teller:
    """What the store and the journal know of returns, read once for all of them."""

    def __init__(self, project: Project, store: Store, submissions: Sequence[Submission]) -> None:
        self._forms, self._register = project.definitions.library.forms, project.definitions.register
        self._store = store
        self._taken = store.taken()
        self._written = {str(line.seq): line.at for line in project.journal.lines if line.kind == "receipt"}
        self._files = {one.receipt.id: one.receipt.path for one in store.receipts()}
        self._amended = {cell.amended.amendment.id: cell for cell in amended_cells(project, store)}
        self._decided = _by_subject(store.decisions, submissions)
        self._rows = self._read(_by_return(submissions))

    def _read(self, returns: Mapping[Of, Sequence[Submission]]) -> dict[str, list[PlacedRow]]:
        """The rows of the returns that came more than once: of others nothing is compared."""
        wanted: dict[str, list[str]] = defaultdict(list)
        for (_, form, _), versions in returns.items():
            if len(versions) > 1:
                wanted[form] += [one.id for one in versions]
        rows: dict[str, list[PlacedRow]] = defaultdict(list)
        for form, ids in wanted.items():
            for row in self._store.rows_of(form, ids):
                rows[row.submission].append(row)
        return rows

    def tell(self, of: Of, versions: Sequence[Submission]) -> ReturnHistory:
        """Return one return's history."""
        reporter, form, period = of
        events = [*self._came(self._forms[form], versions), *self._decisions(of)]
        current = next((one.state for one in versions if one.state == "current"), versions[-1].state)
        return ReturnHistory(
            reporter,
            _name(self._register, reporter),
            form,
            self._forms[form].title,
            period,
            current,
            tuple(sorted(events, key=lambda event: event.seq)),
        )

    def _came(self, form: Form, versions: Sequence[Submission]) -> Iterable[Event]:
        base: Submission | None = None
        for one in sorted(versions, key=lambda version: version.version):
            seq = max((int(receipt) for receipt in one.receipts), default=0)
            yield Event(
                seq=seq,
                kind="version",
                at=self._written.get(str(seq), ""),
                submission=one.id,
                version=one.version,
                state=one.state,
                received=one.received.isoformat(),
                files=tuple(self._files.get(receipt, "") for receipt in one.receipts),
                rows=one.rows,
                against=base.version if base else 0,
                changes=self._changes(form, base, one) if base else (),
            )
            if one.id in self._taken:
                base = one

    def _changes(self, form: Form, base: Submission, one: Submission) -> tuple[Changed, ...]:
        before, after = self._rows.get(base.id, []), self._rows.get(one.id, [])
        found = difference((row.content for row in before), (row.content for row in after), form)
        rows = [(before if _went(change) else after)[change.row] for change in found]
        cells = [
            (row.block, row.position, change.field or _first(row))
            for change, row in zip(found, rows, strict=True)
        ]
        addresses = self._store.addresses(cells)
        return tuple(
            self._changed(form, change, row, addresses.get(cell))
            for change, row, cell in zip(found, rows, cells, strict=True)
        )

    def _changed(self, form: Form, change: Difference, row: PlacedRow, address: Address | None) -> Changed:
        field = form.by_id.get(change.field)
        return Changed(
            unit_code=change.unit_code,
            subject=self._subject(form, row),
            field=change.field,
            title=field.title if field else "",
            before=_shown(field, change.before) if field else "",
            after=_shown(field, change.after) if field else "",
            row="" if field else "went" if _went(change) else "came",
            address=address,
        )

    def _subject(self, form: Form, row: PlacedRow) -> str:
        """The unit a row is about, and its key where that is not personal."""
        values = dict(row.content[2])
        fields = [form.by_id[name] for name in form.key if name in form.by_id]
        key = [
            journal_text(values[field.id])
            for field in fields
            if not field.sensitive and field.type not in _UNITS and values.get(field.id) is not None
        ]
        return "·".join([_name(self._register, row.content[0]), *key])

    def _decisions(self, of: Of) -> Iterable[Event]:
        for decision in self._decided.get(of, ()):
            cell = self._amended.get(decision.id)
            yield Event(
                seq=int(decision.id),
                kind=decision.kind,
                at=decision.at,
                by=decision.by,
                reason=without_numbers(decision.reason),
                about=self._about(decision, cell),
                submission=decision.data.get("submission", ""),
                state=cell.amended.state if cell else "",
            )

    def _about(self, decision: Decision, cell: AmendedCell | None) -> str:
        if cell is None:
            return decision.data.get("finding", "")
        one = cell.amended.amendment
        place = f"{one.sheet}!{one.cell}"
        unit = _name(self._register, one.unit_code)
        return f"{place} {unit} {cell.field.title} {cell.was or '—'} → {cell.now or '—'}（{one.basis}）"


def _by_subject(decisions: Iterable[Decision], submissions: Iterable[Submission]) -> dict[Of, list[Decision]]:
    """The decisions about each return: about a version, a finding or a cell of it, and those that close or open its period."""
    known = {one.id: (one.reporter_code, one.form, one.period.label) for one in submissions}
    by_period: dict[str, list[Of]] = defaultdict(list)
    for of in dict.fromkeys(known.values()):
        by_period[of[2]].append(of)
    found: dict[Of, list[Decision]] = defaultdict(list)
    for decision in decisions:
        data = decision.data
        if decision.kind in _OF_A_PERIOD:
            for of in by_period.get(data["period"], ()):
                found[of].append(decision)
        elif decision.kind in _OF_A_RETURN:
            own = known.get(data.get("submission", ""))
            found[own or (data.get("reporter", ""), data.get("form", ""), data.get("period", ""))].append(
                decision
            )
    return found


def _went(change: Difference) -> bool:
    return not change.field and change.before is not None


def _first(row: PlacedRow) -> str:
    """A field that the row says something in."""
    return next(iter(dict(row.content[2])), "")


def _shown(field: Field, value: Any) -> str:
    text = journal_text(value)
    return MASKED if field.sensitive and text else without_numbers(text)


def _name(register: Register, code: str) -> str:
    known = register.by_code.get(code, ())
    return known[-1].name if known else code
