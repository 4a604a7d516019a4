"""Findings → what a reporter is asked about them: errors, queries, notes, each in the order of the forms and of their cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ruralpb.core.messages import say
from ruralpb.core.periods import Period
from ruralpb.core.problems import SEVERITIES
from ruralpb.model import Finding, Form, Register
from ruralpb.publish.feedback import wording
from ruralpb.publish.feedback.questions import FindingQuestion, Link, QuestionList
from ruralpb.publish.text import chinese_date


@dataclass(frozen=True, slots=True)
class AskedReporter:
    """Who is asked by which office (`unit`) about which period, and until when."""

    code: str
    name: str
    unit: str
    period: Period
    deadline: date


@dataclass(frozen=True, slots=True)
class FindingPlacesInCopies:
    """Finding → the cell of the copy where it is marked, or why it is marked nowhere."""

    links: Mapping[str, Link] = field(default_factory=dict)
    nowhere: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FindingQuestions:
    """Turns findings into questions. `hidden` gives the personal values in a finding that are others', which its reporter must not read."""

    forms: Mapping[str, Form]
    register: Register
    hidden: Callable[[Finding], frozenset[str]]

    def question_list(
        self, reporter: AskedReporter, findings: Sequence[Finding], places: FindingPlacesInCopies
    ) -> QuestionList:
        """Return 核实清单 of one reporter."""
        rank = {form: place for place, form in enumerate(self.forms)}
        ordered = sorted(findings, key=lambda f: (SEVERITIES[f.severity].rank, rank.get(f.form, -1)))
        questions = [self._question(reporter.period, finding, places) for finding in ordered]
        notes = (say("list-what", deadline=chinese_date(reporter.deadline.isoformat())), say("list-how"))
        title = say("list-title", reporter=reporter.name, period=reporter.period.title)
        return QuestionList(
            reporter.period.label, reporter.code, reporter.name, reporter.unit, title, notes, tuple(questions)
        )

    def _question(self, period: Period, finding: Finding, places: FindingPlacesInCopies) -> FindingQuestion:
        form = self.forms.get(finding.form)
        item = form.by_id.get(finding.field) if form else None
        unit = self.register.get(finding.unit_code, period.end)
        hidden = self.hidden(finding)
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
            difference=wording.difference(finding, item.title if item else ""),
            ask_first=wording.ask_first(finding),
            place=places.links.get(finding.id),
            nowhere=places.nowhere.get(finding.id, ""),
            offered=_without(finding.offered, hidden),
        )


def _without(text: str, hidden: frozenset[str]) -> str:
    """The text with what is hidden replaced; the longest first, for one may be part of another."""
    for value in sorted((v for v in hidden if v in text), key=len, reverse=True):
        text = text.replace(value, say("feedback-somebody"))
    return text
