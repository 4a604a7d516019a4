"""What goes back to one reporter: marked copies of its own files, 核实清单.xlsx, 退回修改通知, in a folder of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from ruralpb import returns
from ruralpb.app.feedback_copies import Copies, Made
from ruralpb.app.other_reporters import OtherReporters
from ruralpb.app.project import Project
from ruralpb.app.units import unit_name
from ruralpb.core.calendar import Calendar
from ruralpb.core.periods import Period
from ruralpb.model import Finding, ReturnState
from ruralpb.model.loader.shipped import shipped_path
from ruralpb.publish import documents
from ruralpb.publish import feedback as making
from ruralpb.publish.feedback import QuestionList
from ruralpb.publish.feedback.file_names import LIST, NOTICE
from ruralpb.publish.feedback.finding_questions import AskedReporter, FindingPlacesInCopies, FindingQuestions
from ruralpb.publish.text.notice import Notice, NoticeContext, form_counts, plain_text
from ruralpb.publish.text.report_data import ReportData
from ruralpb.returns.returned_findings import SentBack, day_sent
from ruralpb.store import Store
from ruralpb.store.sent_files import write_sent_files

TEMPLATE = "return_notice"


@dataclass
class FeedbackFolder:
    """Makes and writes what goes back to one reporter after another, each to its folder below `folder`."""

    project: Project
    period: Period
    store: Store
    folder: Path
    now: datetime

    def __post_init__(self) -> None:
        definitions = self.project.definitions
        self._copies = Copies(self.project, self.period, self.store)
        self._forms = definitions.library.forms
        self._returned = returns.sent_back(self.project.journal.decisions(), self.period)

    def send(
        self, code: str, name: str, findings: Sequence[Finding], states: Sequence[ReturnState]
    ) -> SentBack:
        """Write the folder of one reporter."""
        day = day_sent(states, self._returned, self.now.date())
        when = documents.stamp(day)
        reporter = unit_name(self.project.definitions.register, code, self.period.end)
        made = self._copies.of(code, findings, when)
        deadline = self._deadline(day)
        asked = self._questions(code, reporter, deadline, findings, made)
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

    def _deadline(self, day: date) -> date:
        settings = self.project.settings
        return returns.answer_by(
            day, settings.answer_workdays, Calendar.of(settings.holidays, settings.workdays)
        )

    def _notice(
        self, reporter: str, findings: Sequence[Finding], day: date, deadline: date, copies: tuple[str, ...]
    ) -> Notice:
        counts = form_counts(self._forms, findings)
        office = unit_name(self.project.definitions.register, self.project.settings.unit, self.period.end)
        days = self.project.settings.answer_workdays
        return Notice(reporter, self.period.title, office, day, deadline, days, counts, copies)

    def _context(self, notice: Notice) -> NoticeContext:
        definitions = self.project.definitions
        library, register = definitions.library, definitions.register
        data = ReportData((), (), (), library, register, self.project.settings, self.period)
        return NoticeContext(data, notice)

    def _questions(
        self, code: str, reporter: str, deadline: date, findings: Sequence[Finding], made: Made
    ) -> QuestionList:
        others = OtherReporters(self.project, self.period, code)
        asked = AskedReporter(code, reporter, self.project.settings.unit, self.period, deadline)
        questions = FindingQuestions(self._forms, self.project.definitions.register, others.names)
        return questions.question_list(asked, findings, FindingPlacesInCopies(made.links, made.nowhere))
