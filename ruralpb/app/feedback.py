"""Feedback: what every reporter has to correct or to explain goes back to it, and the journal says what was sent back.

A folder a reporter: marked copies of its own files, 核实清单.xlsx, 退回修改通知 (.docx and .txt). Run again without news it writes the same bytes and
journals nothing.
"""

from __future__ import annotations

import getpass
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from ruralpb import returns
from ruralpb.app.feedback_files import Copies, sheet_of_questions
from ruralpb.app.project import Project, command_line
from ruralpb.app.units import find_unit
from ruralpb.app.validate import Selection, examine
from ruralpb.core.calendar import Calendar
from ruralpb.core.messages import say
from ruralpb.core.periods import Period
from ruralpb.core.problems import Problem
from ruralpb.model import Finding, ReturnState
from ruralpb.model.loader.shipped import shipped_path
from ruralpb.publish import documents
from ruralpb.publish import feedback as making
from ruralpb.publish.feedback.file_names import LIST, NOTICE
from ruralpb.publish.text.notice import FormCount, Notice, NoticeContext, plain_text
from ruralpb.publish.text.report_data import ReportData
from ruralpb.store import Store
from ruralpb.store.sent_files import write_sent_files

Advance = Callable[[str], None]

FOLDER = "feedback"
TEMPLATE = "return_notice"


@dataclass(frozen=True, slots=True)
class FeedbackRequest:
    """For which unit and those below it (code or name; empty: all), and into which folder. `wait`: seconds for the project's lock."""

    unit: str = ""
    out: Path | None = None
    wait: float = 60.0


@dataclass(frozen=True, slots=True)
class SentBack:
    """What went back to one reporter. `submissions` are those journaled now; `nowhere` maps a finding without a mark to the reason."""

    reporter_code: str
    reporter: str
    folder: Path
    files: tuple[Path, ...]
    errors: int
    queries: int
    notes: int
    deadline: date
    submissions: tuple[str, ...]
    nowhere: Mapping[str, str]
    problems: tuple[Problem, ...] = ()
    """What could not be marked in place, and why."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What went back for a period."""

    period: str
    sent: tuple[SentBack, ...]

    @property
    def journaled(self) -> int:
        """How many returns were sent back that had not been."""
        return sum(len(one.submissions) for one in self.sent)


def feedback(
    project: Project, period: Period, order: FeedbackRequest, now: datetime, advance: Advance
) -> Feedback:
    """Write what goes back for `period` to every reporter with an open error or query, then journal each blocked return as sent back.

    A return that never came is chased, not sent back. Raises CannotRun: an unknown unit (exit 2), another writer (exit 3).
    """
    register = project.definitions.register
    unit = find_unit(register, order.unit, period.end).code if order.unit else ""
    folder = order.out or project.folder / project.settings.out / period.label / FOLDER
    with project.reading() as store:
        checked = examine(project, None, store, period, now.date(), Selection(), localised=True)
        states = _by_reporter(checked.states)
        asked = _asked(checked.failed(), states)
        wanted = {c: f for c, f in asked.items() if not unit or unit in register.path(c, period.end)}
        folders = _folders(project, period, wanted)
        desk = _Desk(project, period, store, folder, now)
        sent = []
        for code, findings in wanted.items():
            sent.append(desk.send(code, folders[code], findings, states[code]))
            advance(sent[-1].reporter)
    return Feedback(period.label, tuple(_journal(project, period, sent, states, now, order.wait)))


def _by_reporter(states: Sequence[ReturnState]) -> dict[str, list[ReturnState]]:
    found: dict[str, list[ReturnState]] = defaultdict(list)
    for state in states:
        found[state.reporter_code].append(state)
    return found


def _asked(
    failed: Sequence[Finding], states: Mapping[str, Sequence[ReturnState]]
) -> dict[str, list[Finding]]:
    """Reporter → its open findings, of those with an open error or query. What never came is chased (催报单), not sent back."""
    missing = {(s.reporter_code, s.form) for each in states.values() for s in each if s.status == "missing"}
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in failed:
        came = finding.cells or finding.submission or (finding.reporter_code, finding.form) not in missing
        if finding.status == "open" and finding.reporter_code and came:
            found[finding.reporter_code].append(finding)
    return {
        code: findings
        for code, findings in sorted(found.items())
        if any(f.severity != "note" for f in findings)
    }


def _folders(project: Project, period: Period, wanted: Mapping[str, object]) -> dict[str, str]:
    """Reporter → the name of its folder: its own, with its code where two have the same."""
    names = {code: _unit_name(project, period, code) for code in wanted}
    often = Counter(names.values())
    return {code: name if often[name] == 1 else f"{name}-{code}" for code, name in names.items()}


def _unit_name(project: Project, period: Period, code: str) -> str:
    unit = project.definitions.register.get(code, period.end)
    return unit.name if unit else code


@dataclass
class _Desk:
    """Makes and writes what goes back."""

    project: Project
    period: Period
    store: Store
    folder: Path
    now: datetime

    def __post_init__(self) -> None:
        self._copies = Copies(self.project, self.period, self.store)
        self._returned = returns.sent_back(self.project.journal.decisions(), self.period)

    def send(
        self, code: str, name: str, findings: Sequence[Finding], states: Sequence[ReturnState]
    ) -> SentBack:
        """Write the folder of one reporter."""
        day = self._day(states)
        when = documents.stamp(day)
        reporter = _unit_name(self.project, self.period, code)
        made = self._copies.of(code, findings, when)
        deadline = self._deadline(day)
        asked = sheet_of_questions(self.project, self.period, code, reporter, findings, made, deadline)
        notice = self._notice(reporter, findings, day, deadline, tuple(made.files))
        search = [self.project.folder / "templates", shipped_path("templates")]
        document = documents.render(self._context(notice), TEMPLATE, search, ("docx",), when)
        files = {
            **made.files,
            LIST: making.write(asked, when),
            f"{NOTICE}.docx": document.files["docx"],
            f"{NOTICE}.txt": plain_text(notice).encode(),
        }
        record = self.project.private / "feedback" / f"{self.period.label}-{code}.json"
        paths = write_sent_files(record, self.folder / name, files)
        return SentBack(
            reporter_code=code,
            reporter=reporter,
            folder=self.folder / name,
            files=paths,
            errors=notice.errors,
            queries=notice.queries,
            notes=notice.notes,
            deadline=deadline,
            submissions=(),
            nowhere={q.finding: q.nowhere for q in asked.questions if q.place is None},
            problems=(*made.problems, *document.problems),
        )

    def _day(self, states: Sequence[ReturnState]) -> date:
        """The day it is sent: today when something is sent back anew, else the day it last was."""
        if any(state.status == "blocked" for state in states):
            return self.now.date()
        days = [
            datetime.fromisoformat(self._returned[s.reporter_code, s.form].at).date()
            for s in states
            if s.status == "returned"
        ]
        return max(days, default=self.now.date())

    def _deadline(self, day: date) -> date:
        settings = self.project.settings
        return returns.answer_by(
            day, settings.answer_workdays, Calendar.of(settings.holidays, settings.workdays)
        )

    def _notice(
        self, reporter: str, findings: Sequence[Finding], day: date, deadline: date, copies: tuple[str, ...]
    ) -> Notice:
        forms = self.project.definitions.library.forms
        counted = Counter((f.form, f.severity) for f in findings)
        order = [form for form in (*forms, "") if any(f.form == form for f in findings)]
        counts = [
            FormCount(
                forms[form].title if form else say("feedback-no-form"),
                counted[form, "error"],
                counted[form, "query"],
                counted[form, "note"],
            )
            for form in order
        ]
        office = _unit_name(self.project, self.period, self.project.settings.unit)
        days = self.project.settings.answer_workdays
        return Notice(reporter, self.period.title, office, day, deadline, days, counts, copies)

    def _context(self, notice: Notice) -> NoticeContext:
        definitions = self.project.definitions
        library, register = definitions.library, definitions.register
        data = ReportData((), (), (), library, register, self.project.settings, self.period)
        return NoticeContext(data, notice)


def _journal(
    project: Project,
    period: Period,
    sent: Sequence[SentBack],
    states: Mapping[str, Sequence[ReturnState]],
    now: datetime,
    wait: float,
) -> list[SentBack]:
    """Journal each blocked return of those that were sent to, unless the journal has it; return what was sent with what is new."""
    blocked = {o.reporter_code: [s for s in states[o.reporter_code] if s.status == "blocked"] for o in sent}
    if not any(blocked.values()):
        return list(sent)
    with project.lock(command_line(), wait, now):
        known = returns.sent_back(project.journal.decisions(), period)
        journal, done = project.journal, []
        for one in sent:
            new = []
            for state in blocked[one.reporter_code]:
                last = known.get((state.reporter_code, state.form))
                if last is not None and last.data["submission"] == state.submission:
                    continue
                data = {"submission": state.submission, "reporter": state.reporter_code, "form": state.form,
                        "period": period.label}  # fmt: skip
                reason = say("feedback-reason", errors=state.errors, queries=state.queries)
                journal.decide("return", getpass.getuser(), reason, data, now)
                new.append(state.submission)
            done.append(replace(one, submissions=tuple(new)))
    return done
