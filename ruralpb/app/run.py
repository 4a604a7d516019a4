"""Run: what cron calls. Inbox → ingest → validate → feedback → reports, once, with one JSON line in the log.

What it does after the check stands in ruralpb.yaml (`run: {feedback: true, report: true, templates: [quarterly]}`). Run again without
news it changes nothing: files are written with the bytes they have, and what was sent back is not journaled twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ruralpb.app import feedback as returning
from ruralpb.app import ingest as ingesting
from ruralpb.app import report as reporting
from ruralpb.app.examination import Selection, Validation
from ruralpb.app.ingest_request import IngestRequest
from ruralpb.app.project import Project
from ruralpb.app.report_plan import ReportRequest
from ruralpb.app.sealed import seal_of
from ruralpb.app.validate import validate
from ruralpb.core.periods import Period
from ruralpb.core.problems import CannotRun
from ruralpb.returns.outcomes import IngestResult
from ruralpb.store.run_log import add_run

Advance = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Run:
    """What one run did."""

    period: str
    ingested: IngestResult
    checked: Validation
    sent: returning.Feedback | None
    reports: tuple[reporting.WrittenReport, ...]

    @property
    def files(self) -> tuple[Path, ...]:
        """The reports that were written; sealed ones were not."""
        return tuple(file for report in self.reports if not report.sealed for file in report.files)

    @property
    def to_act_on(self) -> int:
        """How many things a person has to see to: files not taken and blocking findings."""
        files = self.ingested.count("refused") + self.ingested.count("held")
        return files + self.checked.blocking


def run(project: Project, period: Period, wait: float, now: datetime, advance: Advance) -> Run:
    """Take what lies in the inbox, check `period` and write its briefing. Run again without news, it changes nothing.

    Raises CannotRun (exit 3) when another run holds the project for longer than `wait` seconds.
    """
    try:
        done = _run(project, period, wait, now, advance)
    except CannotRun as stop:
        _log(project, now, period, {"exit": stop.exit_code, "problems": [p.slug for p in stop.problems]})
        raise
    counts = {status: done.ingested.count(status) for status in ("taken", "unchanged", "held", "refused")}
    outputs = [file.name for report in done.reports for file in report.files]
    sent = done.sent.journaled if done.sent else 0
    _log(project, now, period, {"exit": int(done.to_act_on > 0), **counts, "rows": done.ingested.rows,
                                "blocking": done.checked.blocking, "returned": sent, "outputs": outputs})  # fmt: skip
    return done


def _run(project: Project, period: Period, wait: float, now: datetime, advance: Advance) -> Run:
    today, rule = now.date(), project.settings.run
    inbox = [project.inbox] if project.inbox.is_dir() else []
    ingested = ingesting.ingest(project, inbox, IngestRequest(wait=wait), today, advance)
    sent = None
    if rule.feedback and seal_of(project, period) is None:
        sent = returning.feedback(project, period, returning.FeedbackRequest(wait=wait), now, advance)
    # After feedback: what was sent back stands in the report as 退回.
    reports = [
        reporting.report(project, period, today, ReportRequest(template), advance)
        for template in ((rule.templates or ("",)) if rule.report else ())
    ]
    checked = validate(project, period, today, Selection())
    return Run(period.label, ingested, checked, sent, tuple(reports))


def _log(project: Project, now: datetime, period: Period, told: Mapping[str, object]) -> None:
    """Add the run's one line to the log; a run that could not do its work has one too."""
    line = {"at": now.isoformat(timespec="seconds"), "period": period.label, **told}
    add_run(project.private, line)
