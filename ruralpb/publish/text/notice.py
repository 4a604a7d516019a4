"""退回修改通知: what is wrong with a reporter's returns, form by form, what to do about it and by when; for its template, and as plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ruralpb.publish.text import Context, chinese_date
from ruralpb.publish.text.figures import Cell, Column, Table, Words, phrase


@dataclass(frozen=True, slots=True)
class FormCount:
    """How many findings of a form are open."""

    title: str
    errors: int
    queries: int
    notes: int


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
            "days": facts.count("notice.days", notice.days, "报回时限（工作日）"),
            "forms": facts.count("notice.forms", len(notice.forms), "涉及报表张数"),
            "errors": facts.count("notice.errors", notice.errors, "强制性错误处数"),
            "queries": facts.count("notice.queries", notice.queries, "需核实处数"),
            "notes": facts.count("notice.notes", notice.notes, "提示处数"),
            "has_errors": notice.errors > 0,
            "has_queries": notice.queries > 0,
            "has_notes": notice.notes > 0,
            "forms_table": self._table(),
            "enclosed": [
                phrase(facts.order(place), ". ", self._name(f"enclosed:{place}", name))
                for place, name in enumerate(
                    ("核实清单.xlsx", *(f"{c}（已标记的副本）" for c in notice.copies)), 1
                )
            ],
            "setting": self._setting,
        }

    def _name(self, id: str, text: str) -> Words:
        return self.facts.name(f"notice.{id}", text)

    def _table(self) -> Table:
        columns = (Column("报表"), Column("强制", "right"), Column("核实", "right"), Column("提示", "right"))
        rows = tuple(
            (self._name(f"form:{form.title}", form.title), *self._counts(form)) for form in self.notice.forms
        )
        return Table("退回修改", columns, rows)

    def _counts(self, form: FormCount) -> tuple[Cell, ...]:
        counts = (("强制", form.errors), ("核实", form.queries), ("提示", form.notes))
        return tuple(
            self.facts.count(f"notice.{form.title}.{word}", number, f"{form.title}：{word}处数")
            for word, number in counts
        )


def plain_text(notice: Notice) -> str:
    """The notice in a few lines, to be pasted into a chat."""
    lines = [
        f"【退回修改】{notice.reporter}：{notice.period}报表经审核，强制{notice.errors}处、核实{notice.queries}处、提示{notice.notes}处，"
        f"请于{chinese_date(notice.deadline.isoformat())}前（{notice.days}个工作日）报回。",
        *(f"· {f.title}：强制{f.errors}、核实{f.queries}、提示{f.notes}" for f in notice.forms),
        "红色（强制）须在原表改正后重报；黄色（核实）有误的改正，属实的在《核实清单》填“说明”和“说明人”；蓝色（提示）供核对。",
        "报回：改正后的报表、填好的《核实清单》原文件。",
    ]
    return "\n".join(lines) + "\n"
