"""Answers: a 核实清单 that came back among the returns → explanations in the journal. It is archived like every original and is no return."""

from __future__ import annotations

import getpass
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from ruralpb.app.answer_lists import KIND
from ruralpb.app.project import Project
from ruralpb.core.periods import Period
from ruralpb.core.periods import find as find_period
from ruralpb.core.problems import Location, Problem
from ruralpb.intake import readers
from ruralpb.intake.receive import NewFile
from ruralpb.model import Finding, Receipt
from ruralpb.publish.feedback import ReturnedAnswer, read_answers
from ruralpb.returns import decisions
from ruralpb.returns.outcomes import Answered
from ruralpb.returns.seals import seals
from ruralpb.store.archive import Journal


def take(project: Project, lists: Sequence[NewFile], now: datetime, *, record: bool = True) -> list[Answered]:
    """Journal the answers in the lists as explanations by the persons they name, each tied to the fingerprint it was asked with; `record` False
    says only what would be taken.

    Not taken, each with a problem: an answer to what is found no longer, or was asked of other data, and whatever cannot be explained. The
    caller holds the lock, and what came together with the lists is stored already.
    """
    if not lists:
        return []
    if record:
        project.archive.put_all(new.content for new in lists)
    journal, standing = project.journal, _Standing(project, now)
    return [_take(new, journal, standing, now, record) for new in sorted(lists, key=lambda n: n.receipt.path)]


def _take(new: NewFile, journal: Journal, standing: _Standing, now: datetime, record: bool) -> Answered:
    # Few deliveries bring a list back; the others need not wait for what judges it.
    from ruralpb.app.decisions import record_explanation
    from ruralpb.returns.decision_results import same_explanation

    receipt = new.receipt
    grids, unread = readers.read(new.content, receipt.name)
    answers, problems = read_answers(grids, receipt.name) if grids else ((), tuple(unread))
    reported = [replace(problem, where=replace(problem.where, file=receipt.path)) for problem in problems]
    explained = []
    for answer in answers:
        finding, problem = standing.judge(answer, Location(receipt.path, cell=answer.cell))
        if problem is not None:
            reported.append(problem)
        if finding is None:
            continue
        explained.append(finding.id)
        earlier = decisions.explanations(journal.decisions()).get(finding.id)
        if record and not same_explanation(earlier, finding.fingerprint, answer.explanation, answer.person):
            record_explanation(
                journal, finding, answer.explanation, answer.person, answer.person, now, receipt.sha256
            )
    if record:
        # Last: where a run is cut off before, the same file is taken again, and nothing is said twice.
        _received(journal, receipt, answers, len(explained), now)
    return Answered(receipt, tuple(explained), tuple(reported))


def _received(
    journal: Journal, receipt: Receipt, answers: Iterable[ReturnedAnswer], explained: int, now: datetime
) -> None:
    first = next(iter(answers), None)
    data = {
        "sha256": receipt.sha256,
        "name": receipt.name,
        "path": receipt.path,
        "received": receipt.received.isoformat(),
        "reporter": first.reporter_code if first else "",
        "period": first.period if first else "",
        "explained": str(explained),
    }
    journal.decide(KIND, getpass.getuser(), "", data, now)


class _Standing:
    """The findings as they stand, of each period that an answer is about."""

    def __init__(self, project: Project, now: datetime) -> None:
        self._project, self._now = project, now
        self._found: dict[str, Mapping[str, Finding]] = {}
        self._sealed = seals(project.journal.decisions())

    def judge(self, answer: ReturnedAnswer, where: Location) -> tuple[Finding | None, Problem | None]:
        """Return the finding that an answer explains, or why it explains none."""
        period = find_period(answer.period)
        if period is None:
            return None, Problem("answers-period", where, found=answer.period, refused="row")
        seal = self._sealed.get(period.label)
        if seal is not None:
            who = f"{seal.by} {seal.at[:10]}"
            return None, Problem("decision-sealed", where, found=period.label, expected=who, refused="row")
        finding = self._of(period).get(answer.finding)
        problem = decisions.unanswerable(answer.finding, finding, answer.fingerprint, where)
        return (finding, None) if problem is None else (None, problem)

    def _of(self, period: Period) -> Mapping[str, Finding]:
        from ruralpb.app.examination import Selection, examine

        if period.label not in self._found:
            with self._project.reading() as store:
                checked = examine(self._project, None, store, period, self._now.date(), Selection())
            self._found[period.label] = {finding.id: finding for finding in checked.failed()}
        return self._found[period.label]
