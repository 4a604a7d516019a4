"""退回修改通知: what is wrong with a reporter's returns, form by form, what to do about it and by when; for its template, and as plain text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ruralpb.core.messages import say
from ruralpb.model import Finding, Form
from ruralpb.publish.text import Context, chinese_date
from ruralpb.publish.text.figures import Table, TableCell, Words, columns, phrase
from ruralpb.publish.text.saying import BUILTIN


@dataclass(frozen=True, slots=True)
class FormCount:
    """How many findings of a form are open."""

    title: str
    errors: int
    queries: int
    notes: int


def form_counts(forms: Mapping[str, Form], findings: Sequence[Finding]) -> list[FormCount]:
    """Return how many findings of each form are open, in the order of `forms`; last of what is of no form."""
    counted = Counter((f.form, f.severity) for f in findings)
    about = {f.form for f in findings}
    return [
        FormCount(
            forms[form].title if form else say("feedback-no-form"),
            counted[form, "error"],
            counted[form, "query"],
            counted[form, "note"],
        )
        for form in (*forms, "")
        if form in about
    ]


@dataclass(frozen=True, slots=True)
class Notice:
    """What is sent back to one reporter. `day` is the day it is sent, `deadline` the last working day for the answer, `days` how many
    working days that gives; `copies` are the names of the marked copies that go with it."""

    reporter: str
    period: str
    office: str
    day: date
    deadline: date
    days: int
    forms: Sequence[FormCount]
    copies: Sequence[str]

    @property
    def errors(self) -> int:
        """Findings that have to be corrected."""
        return sum(form.errors for form in self.forms)

    @property
    def queries(self) -> int:
        """Findings that have to be corrected or explained."""
        return sum(form.queries for form in self.forms)

    @property
    def notes(self) -> int:
        """Findings for information."""
        return sum(form.notes for form in self.forms)


@dataclass(frozen=True)
class NoticeContext(Context):
    """What the notice's template sees."""

    notice: Notice

    @property
    def draft(self) -> bool:
        """A notice is never a draft."""
        return False

    def variables(self) -> Mapping[str, Any]:
        """The names a template sees."""
        notice, facts = self.notice, self.facts
        return {
            "reporter": self._name("reporter", notice.reporter),
            "period": self._name("period", notice.period),
            "office": self._name("office", notice.office),
            "day": self._name("day", chinese_date(notice.day.isoformat())),
            "deadline": self._name("deadline", chinese_date(notice.deadline.isoformat())),
            "days": facts.count("notice.days", notice.days, self.data.say.text("notice.days_says")),
            "forms": facts.count("notice.forms", len(notice.forms), self.data.say.text("notice.forms_says")),
            "errors": facts.count("notice.errors", notice.errors, self.data.say.text("notice.errors_says")),
            "queries": facts.count(
                "notice.queries", notice.queries, self.data.say.text("notice.queries_says")
            ),
            "notes": facts.count("notice.notes", notice.notes, self.data.say.text("notice.notes_says")),
            "has_errors": notice.errors > 0,
            "has_queries": notice.queries > 0,
            "has_notes": notice.notes > 0,
            "forms_table": self._table(),
            "enclosed": [
                phrase(facts.order(place), ". ", self._name(f"enclosed:{place}", name))
                for place, name in enumerate(
                    (
                        self.data.say.text("notice.question_list"),
                        *(self.data.say.text("notice.marked_copy", copy=c) for c in notice.copies),
                    ),
                    1,
                )
            ],
            "setting": self._setting,
        }

    def _name(self, id: str, text: str) -> Words:
        return self.facts.name(f"notice.{id}", text)

    def _table(self) -> Table:
        heads = columns(self.data.say.list("notice.heads"), right=(1, 2, 3))
        rows = tuple(
            (self._name(f"form:{form.title}", form.title), *self._counts(form)) for form in self.notice.forms
        )
        return Table(self.data.say.text("notice.table"), heads, rows)

    def _counts(self, form: FormCount) -> tuple[TableCell, ...]:
        counts = zip(
            self.data.say.list("notice.heads")[1:], (form.errors, form.queries, form.notes), strict=True
        )
        return tuple(
            self.facts.count(
                f"notice.{form.title}.{word}",
                number,
                self.data.say.text("notice.count_says", form=form.title, severity=word),
            )
            for word, number in counts
        )


def plain_text(notice: Notice) -> str:
    """The notice in a few lines, to be pasted into a chat."""
    lines = [
        BUILTIN.text(
            "notice.chat.opening",
            reporter=notice.reporter,
            period=notice.period,
            errors=notice.errors,
            queries=notice.queries,
            notes=notice.notes,
            deadline=chinese_date(notice.deadline.isoformat()),
            days=notice.days,
        ),
        *(
            BUILTIN.text("notice.chat.form", form=f.title, errors=f.errors, queries=f.queries, notes=f.notes)
            for f in notice.forms
        ),
        BUILTIN.text("notice.chat.colours"),
        BUILTIN.text("notice.chat.answer"),
    ]
    return "\n".join(lines) + "\n"
