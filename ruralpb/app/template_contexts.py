"""Contexts of nothing: they have the names that a template may use, by which it is linted."""

from __future__ import annotations

from datetime import date

from ruralpb.app.project import Project
from ruralpb.core import periods
from ruralpb.core.periods import Period
from ruralpb.publish import text
from ruralpb.publish.text import Context, ReportData
from ruralpb.publish.text.ledger import Ledger, LedgerContext
from ruralpb.publish.text.notice import Notice, NoticeContext
from ruralpb.publish.text.reminder import Reminder, ReminderContext


def empty_briefing(project: Project, period: Period) -> Context:
    """Return a briefing of nothing."""
    definitions = project.definitions
    empty = ReportData((), (), (), definitions.library, definitions.register, project.settings, period)
    return text.compose(empty)


def empty_contexts(project: Project) -> dict[str, Context]:
    """Return templates of other commands → a context of nothing."""
    data = empty_briefing(project, any_period()).data
    day = date.min
    return {
        "ledger": LedgerContext(data, Ledger("", "", "", "", (), (), (), (), ())),
        "reminder": ReminderContext(data, Reminder("", "", "", "", day, day, (), False)),
        "return_notice": NoticeContext(data, Notice("", "", "", day, day, 0, (), ())),
    }


def any_period() -> Period:
    """Return a period to lint by; which one makes no difference."""
    return periods.of("quarter", date(2026, 3, 31))
