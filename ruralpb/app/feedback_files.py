"""The files of feedback: which cell of which original a finding is about, copies with marks, and the questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from ruralpb.app.project import Project
from ruralpb.core.messages import say
from ruralpb.core.periods import Period
from ruralpb.core.problems import SEVERITIES, Location, Problem
from ruralpb.intake import readers
from ruralpb.model import Address, Finding, Receipt, Submission, cell_position
from ruralpb.publish import feedback as making
from ruralpb.publish.feedback import FindingQuestion, Link, Mark, QuestionList, wording
from ruralpb.publish.feedback.file_names import free_name
from ruralpb.publish.text import chinese_date
from ruralpb.store import Store
from ruralpb.store.file_rows import rows_of_reporter


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a finding is marked: its cells with the receipts they are in, the head first; `nowhere` says why there is no mark. `receipt` is
    the file it is about."""

    receipt: Receipt | None = None
    cells: tuple[tuple[Receipt, Address], ...] = ()
    nowhere: str = ""


@dataclass(slots=True)
class Made:
    """The copies for one reporter: name → content; finding → its link, or why it has none."""

    files: dict[str, bytes] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    nowhere: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


class Copies:
    """Makes copies of originals out of the archive. The originals are never touched."""

    def __init__(self, project: Project, period: Period, store: Store) -> None:
        self._project, self._period, self._store = project, period, store

    @cached_property
    def _submissions(self) -> dict[str, Submission]:
        return {s.id: s for s in self._store.submissions()}

    @cached_property
    def _receipts(self) -> dict[str, tuple[Receipt, frozenset[str]]]:
        return {s.receipt.id: (s.receipt, s.reporters) for s in self._store.receipts()}

    @cached_property
    def _by_path(self) -> dict[str, list[Receipt]]:
        found: dict[str, list[Receipt]] = defaultdict(list)
        for receipt, _ in self._receipts.values():
            found[receipt.path].append(receipt)
        return found

    def of(self, reporter: str, findings: Sequence[Finding], when: datetime) -> Made:
        """Return the copies of the files that the reporter's findings are about, marked."""
        made = Made()
        placed = {finding.id: self._place(reporter, finding) for finding in findings}
        marks: dict[str, list[Mark]] = defaultdict(list)
        for finding in findings:
            own = placed[finding.id]
            if own.receipt is not None:
                marks[own.receipt.id] += []
            for place, (receipt, cell) in enumerate(own.cells):
                marks[receipt.id].append(Mark(cell.sheet, cell.cell, finding.severity, head=place == 0))
        names = self._make(made, reporter, {**dict.fromkeys(self._sources(findings), ()), **marks}, when)
        for finding in findings:
            own = placed[finding.id]
            name = names.get(own.receipt.id, "") if own.receipt else ""
            if name and own.cells:
                head = own.cells[0][1]
                made.links[finding.id] = Link(name, head.sheet, head.cell)
            else:
                made.nowhere[finding.id] = own.nowhere or say("nowhere-unreadable")
        return made

    def _sources(self, findings: Sequence[Finding]) -> Iterator[str]:
        """The receipts of the returns that are sent back, also where no cell is marked in them."""
        for finding in findings:
            submission = self._submissions.get(finding.submission)
            yield from submission.receipts if submission else ()

    def _place(self, reporter: str, finding: Finding) -> Placed:
        """The finding's cells in the reporter's own returns of this period."""
        if not finding.cells:
            return Placed(nowhere=say("nowhere-form"))
        head = finding.cells[0]
        of = self._submissions.get(head.submission)
        if of is not None and of.period != self._period:
            return Placed(nowhere=say("nowhere-earlier", sheet=head.sheet, cell=head.cell))
        receipt = self._receipt(head)
        if receipt is None or not self._is_own(reporter, head):
            return Placed(nowhere=say("nowhere-form"))
        if not head.cell:
            return Placed(receipt, nowhere=say("nowhere-sheet" if head.sheet else "nowhere-file"))
        cells = [
            (r, c) for c in finding.cells if c.cell and self._is_own(reporter, c) and (r := self._receipt(c))
        ]
        return Placed(receipt, tuple(cells))

    def _is_own(self, reporter: str, cell: Address) -> bool:
        """Whether a cell is in a return of the reporter for this period; what intake refused belongs to no return yet."""
        of = self._submissions.get(cell.submission)
        return of is None or (of.reporter_code, of.period) == (reporter, self._period)

    def _receipt(self, cell: Address) -> Receipt | None:
        """The receipt an address speaks of: the last of its path in its version, else the last of its path."""
        of = self._submissions.get(cell.submission)
        known = self._by_path.get(cell.file, [])
        members = [r for r in known if of is not None and r.id in of.receipts]
        return next(reversed(members or known), None)

    def _make(
        self, made: Made, reporter: str, marks: Mapping[str, Sequence[Mark]], when: datetime
    ) -> dict[str, str]:
        """Make a copy of each receipt; return receipt → its name. One that cannot be read again has none."""
        names: dict[str, str] = {}
        for id in sorted(marks, key=int):
            receipt, reporters = self._receipts[id]
            content = self._project.archive.get(receipt.sha256)
            where = Location(receipt.path)
            if reporters - {reporter}:
                copy, suffix = self._own_rows(content, receipt, reporter, marks[id], when), ".xlsx"
                made.problems.append(Problem("feedback-shared", where, severity="note"))
            else:
                copy, suffix = self._copy(content, receipt, marks[id], when, made.problems)
            if copy is None:
                made.problems.append(Problem("feedback-not-copied", where, severity="query"))
                continue
            names[id] = free_name(receipt.name, suffix, made.files)
            made.files[names[id]] = copy
        return names

    def _copy(
        self, content: bytes, receipt: Receipt, marks: Sequence[Mark], when: datetime, problems: list[Problem]
    ) -> tuple[bytes | None, str]:
        """The copy, and the ending its name gets where it is laid out anew."""
        marked = making.mark(content, marks)
        if marked.content is not None:
            return marked.content, ""
        grids, _ = readers.read(content, receipt.name)
        if not grids:
            return None, ""
        problems.append(Problem(marked.reason, Location(receipt.path), severity="note"))
        return making.relay(grids, marks, when), ".xlsx"

    def _own_rows(
        self, content: bytes, receipt: Receipt, reporter: str, marks: Sequence[Mark], when: datetime
    ) -> bytes | None:
        """Of a file that several reporters share, what is this one's: the rows of its tables with their headings."""
        rows = rows_of_reporter(self._store, receipt.id, reporter)
        for mark in marks:
            if mark.sheet in rows and (place := cell_position(mark.cell)):
                rows[mark.sheet].add(place[0])
        grids, _ = readers.read(content, receipt.name)
        if not grids or not rows:
            return None
        seen = {sheet: frozenset(found) for sheet, found in rows.items()}
        return making.relay(grids, [mark for mark in marks if mark.sheet in seen], when, seen)


# ------------------------------------------------------------------------------------------- questions


def sheet_of_questions(
    project: Project,
    period: Period,
    code: str,
    reporter: str,
    findings: Sequence[Finding],
    made: Made,
    deadline: date,
) -> QuestionList:
    """Return 核实清单 of one reporter: errors, queries, notes, each in the order of the forms and of their cells."""
    forms = project.definitions.library.forms
    rank = {form: place for place, form in enumerate(forms)}
    ordered = sorted(findings, key=lambda f: (SEVERITIES[f.severity].rank, rank.get(f.form, -1)))
    others = _Others(project, period, code)
    questions = [_question(project, period, finding, made, others) for finding in ordered]
    notes = [
        say("list-what", deadline=chinese_date(deadline.isoformat())),
        say("list-how"),
    ]
    title = say("list-title", reporter=reporter, period=period.title)
    return QuestionList(
        period.label, code, reporter, project.settings.unit, title, tuple(notes), tuple(questions)
    )


def _question(
    project: Project, period: Period, finding: Finding, made: Made, others: _Others
) -> FindingQuestion:
    form = project.definitions.library.forms.get(finding.form)
    field = form.by_id.get(finding.field) if form else None
    unit = project.definitions.register.get(finding.unit_code, period.end)
    hidden = others.names(finding)
    return FindingQuestion(
        finding=finding.id,
        fingerprint=finding.fingerprint,
        submission=finding.submission,
        severity=finding.severity,
        form=form.title if form else say("feedback-no-form"),
        subject=unit.name if unit else "",
        message=_without(finding.message, hidden),
        found=_without(wording.found(finding), hidden),
        expected=_without(finding.expected, hidden),
        remedy=_without(wording.remedy(finding), hidden),
        difference=wording.difference(finding, field.title if field else ""),
        ask_first=wording.ask_first(finding),
        place=made.links.get(finding.id),
        nowhere=made.nowhere.get(finding.id, ""),
        offered=_without(finding.offered, hidden),
    )


class _Others:
    """What a reporter must not read of others: a check over the rows of several may put a person of one into the message to another."""

    def __init__(self, project: Project, period: Period, code: str) -> None:
        self._project, self._period, self._code = project, period, code
        self._known: dict[str, frozenset[str]] = {}

    def names(self, finding: Finding) -> frozenset[str]:
        """The personal values of other reporters' rows in the form of a check that rests on them; none for any other check."""
        if {cell.submission.partition("-")[0] for cell in finding.cells if cell.submission} <= {self._code}:
            return frozenset()
        if finding.form not in self._known:
            self._known[finding.form] = self._read(finding.form)
        return self._known[finding.form]

    def _read(self, form_id: str) -> frozenset[str]:
        form = self._project.definitions.library.forms.get(form_id)
        fields = (
            [f.id for f in form.fields if f.sensitive and f.type in ("text", "id_card", "phone")]
            if form
            else []
        )
        if not fields:
            return frozenset()
        with self._project.session(self._period) as session:
            rows = session.rows_by_reporter(form_id, fields, self._period)
        own = {str(value) for code, *values in rows if code == self._code for value in values if value}
        all_ = {str(value) for _, *values in rows for value in values if value}
        return frozenset(value for value in all_ - own if len(value) > 1)


def _without(text: str, hidden: frozenset[str]) -> str:
    """The text with what is hidden replaced; the longest first, for one may be part of another."""
    for value in sorted((v for v in hidden if v in text), key=len, reverse=True):
        text = text.replace(value, say("feedback-somebody"))
    return text
