"""Run: what cron calls. Inbox → ingest → validate → report, once, with one JSON line in the log."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from ruralpb.periods import Period
from ruralpb.pipeline import ingest as ingesting
from ruralpb.pipeline import report as reporting
from ruralpb.pipeline.project import Project
from ruralpb.pipeline.validate import Validation
from ruralpb.problems import CannotRun

Advance = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Run:
    """What one run did."""

    period: str
    ingested: ingesting.IngestResult
    written: reporting.Written

    @property
    def checked(self) -> Validation:
        """The findings and states of the returns."""
        return self.written.checked

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
        done = _run(project, period, wait, now.date(), advance)
    except CannotRun as stop:
        _log(project, now, period, {"exit": stop.exit_code, "problems": [p.slug for p in stop.problems]})
        raise
    told = {status: done.ingested.count(status) for status in ("taken", "unchanged", "held", "refused")}
    outputs = [file.name for file in done.written.files]
    _log(project, now, period, {"exit": int(done.to_act_on > 0), **told, "rows": done.ingested.rows,
                                "blocking": done.checked.blocking, "outputs": outputs})  # fmt: skip
    return done


def _run(project: Project, period: Period, wait: float, today: date, advance: Advance) -> Run:
    inbox = [project.inbox] if project.inbox.is_dir() else []
    ingested = ingesting.ingest(project, inbox, ingesting.Options(wait=wait), today, advance)
    written = reporting.report(project, period, today, reporting.Order(), advance)
    return Run(period.label, ingested, written)


def _log(project: Project, now: datetime, period: Period, told: Mapping[str, object]) -> None:
    """Add the run's one line to the log; a run that could not do its work has one too."""
    line = {"at": now.isoformat(timespec="seconds"), "period": period.label, **told}
    project.private.mkdir(exist_ok=True)
    with (project.private / "runs.jsonl").open("a", encoding="utf-8") as log:
        log.write(json.dumps(line, ensure_ascii=False) + "\n")
