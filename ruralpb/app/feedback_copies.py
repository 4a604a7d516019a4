"""Copies of the files that findings are about, marked; made out of the archive, whose originals are never touched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ruralpb.app.originals import Workbooks
from ruralpb.app.project import Project
from ruralpb.core.messages import say
from ruralpb.core.periods import Period
from ruralpb.core.problems import Location, Problem
from ruralpb.intake import readers
from ruralpb.model import Finding, Receipt, cell_position
from ruralpb.publish import feedback as making
from ruralpb.publish.feedback import Link, Mark
from ruralpb.publish.feedback.file_names import free_name
from ruralpb.returns.finding_places import FindingPlaces
from ruralpb.store import Store
from ruralpb.store.file_rows import rows_of_reporter


@dataclass(slots=True)
class Made:
    """The copies for one reporter: name → content; finding → its link, or why it has none."""

    files: dict[str, bytes] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    nowhere: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


class Copies:
    """Makes the copies for one reporter after another."""

    def __init__(self, project: Project, period: Period, store: Store) -> None:
        self._workbooks, self._store = Workbooks(project), store
        self._receipts = {s.receipt.id: (s.receipt, s.reporters) for s in store.receipts()}
        receipts = [receipt for receipt, _ in self._receipts.values()]
        self._places = FindingPlaces(period, store.submissions(), receipts)

    def of(self, reporter: str, findings: Sequence[Finding], when: datetime) -> Made:
        """Return the copies of the files that the reporter's findings are about, marked."""
        made = Made()
        placed = {finding.id: self._places.place(reporter, finding) for finding in findings}
        marks: dict[str, list[Mark]] = {id: [] for id in self._places.sources(findings)}
        for finding in findings:
            place = placed[finding.id]
            if place.receipt is not None:
                marks.setdefault(place.receipt.id, [])
            for number, (receipt, cell) in enumerate(place.cells):
                mark = Mark(cell.sheet, cell.cell, finding.severity, head=number == 0)
                marks.setdefault(receipt.id, []).append(mark)
        names = self._make(made, reporter, marks, when)
        for finding in findings:
            place = placed[finding.id]
            name = names.get(place.receipt.id, "") if place.receipt else ""
            if name and place.cells:
                head = place.cells[0][1]
                made.links[finding.id] = Link(name, head.sheet, head.cell)
            else:
                made.nowhere[finding.id] = place.nowhere or say("nowhere-unreadable")
        return made

    def _make(
        self, made: Made, reporter: str, marks: Mapping[str, Sequence[Mark]], when: datetime
    ) -> dict[str, str]:
        """Make a copy of each receipt; return receipt → its name. One that cannot be read again has none."""
        names: dict[str, str] = {}
        for id in sorted(marks, key=int):
            receipt, reporters = self._receipts[id]
            content = self._workbooks.get(receipt.sha256)
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
        seen = {sheet: frozenset(numbers) for sheet, numbers in rows.items()}
        return making.relay(grids, [mark for mark in marks if mark.sheet in seen], when, seen)
