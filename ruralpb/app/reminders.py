"""Reminders: a 催报单 for each reporter that owes something, as .docx to send and .txt to paste in a chat."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

from ruralpb import returns
from ruralpb.app.project import Project
from ruralpb.core.calendar import Calendar
from ruralpb.core.periods import Period
from ruralpb.core.phrases import phrases
from ruralpb.model import Status, TrackedReturn
from ruralpb.model.loader.shipped import shipped_path
from ruralpb.publish import documents
from ruralpb.publish.text.reminder import Owing, Reminder, ReminderContext, Why, addressed, chat
from ruralpb.publish.text.report_data import ReportData
from ruralpb.store.disk import write_whole

TEMPLATE = "reminder"

_SEVERITY: tuple[Why, ...] = ("overdue", "unread", "returned", "omitted", "coming")


def write(project: Project, period: Period, found: Status, folder: Path) -> tuple[Path, ...]:
    """Write the reminders of `found` into `folder`, each file whole or not at all: PERIOD-催报单-NAME-DAY.docx and .txt.

    Nothing is written for a reporter that owes nothing; what lies in the folder is left alone. The same status of the same day
    gives the same bytes.
    """
    search = [project.folder / "templates", shipped_path("templates")]
    wanted = reminders(project, period, found)
    same = Counter(reminder.reporter for reminder in wanted)
    paths = []
    for reminder in wanted:
        rendered = documents.render(
            _context(project, period, reminder), TEMPLATE, search, ("docx",), documents.stamp(reminder.today)
        )
        name = reminder.reporter + (reminder.reporter_code if same[reminder.reporter] > 1 else "")
        stem = folder / phrases("files")["reminder"].format(
            period=period.label, unit=name, day=reminder.today
        )
        text = chat(reminder, project.settings.report.get("contact", ""))
        # With a byte order mark: Notepad on an older Windows takes a text without one for GBK.
        for suffix, content in ((".docx", rendered.files["docx"]), (".txt", text.encode("utf-8-sig"))):
            path = stem.with_name(stem.name + suffix)
            write_whole(path, content, shared=True)
            paths.append(path)
    return tuple(paths)


def reminders(project: Project, period: Period, found: Status) -> list[Reminder]:
    """Return what each reporter is to be reminded of, in register order; what is held waits for the county, not for the reporter."""
    settings, register, library = project.settings, project.definitions.register, project.definitions.library
    calendar = Calendar.of(settings.holidays, settings.workdays)
    soon = returns.answer_by(found.today, settings.answer_workdays, calendar)
    made = []
    for code, name in found.units.items():
        owing = [(s, _owing(found, s, calendar)) for s in found.states if s.reporter_code == code]
        owed = sorted(
            ((s, o) for s, o in owing if o is not None),
            key=lambda pair: (
                _SEVERITY.index(pair[1].why),
                pair[1].by,
                list(found.forms).index(pair[0].form),
            ),
        )
        if not owed:
            continue
        unit = register.get(code, period.end)
        forms = [library.forms[s.form] for s, o in owed if o.why in ("overdue", "unread", "coming")]
        made.append(
            Reminder(
                reporter=name,
                reporter_code=code,
                addressed=addressed(unit),
                period=period.title,
                today=found.today,
                until=_until([o for _, o in owed], found.today, soon),
                owing=tuple(o for _, o in owed),
                may_be_nil=any(not (form.village_row or form.every_village) for form in forms),
            )
        )
    return made


def _until(owing: list[Owing], today: date, soon: date) -> date:
    """By when it is asked for: within the days of an answer where anything is past its day, else by the last of their days."""
    return soon if any(o.by < today for o in owing) else max(o.by for o in owing)


def _owing(found: Status, state: TrackedReturn, calendar: Calendar) -> Owing | None:
    code, form = found.codes.get(state.form, ""), found.forms[state.form]
    if state.status == "missing" and not state.after_seal:
        why: Why = "overdue" if state.overdue else "coming"
        return Owing(why, code, form, state.due, state.workdays_late, state.days_late)
    if state.unread is not None:
        reason = f"{state.unread.where}，{state.unread.text()}"
        return Owing("unread", code, form, state.due, 0, 0, reason=reason)
    if state.returned_on is not None and state.answer_by is not None:
        by = state.answer_by
        workdays, days = calendar.workdays_between(by, found.today), max((found.today - by).days, 0)
        return Owing(
            "returned", code, form, by, workdays, days, state.returned_on, state.errors, state.queries
        )
    if state.omitted and state.status == "blocked":
        return Owing("omitted", code, form, state.due, 0, 0, villages=state.omitted)
    return None


def _context(project: Project, period: Period, reminder: Reminder) -> ReminderContext:
    definitions = project.definitions
    data = ReportData((), (), (), definitions.library, definitions.register, project.settings, period)
    return ReminderContext(data, reminder)
