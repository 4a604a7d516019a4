"""Run: what cron calls. Inbox → ingest → validate → report, once, with one JSON line in the log."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ruralpb.periods import Period
from ruralpb.pipeline import ingest as ingesting
from ruralpb.pipeline import report as reporting
from ruralpb.pipeline.project import Project
from ruralpb.pipeline.validate import Validation

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
    today = now.date()
    options = ingesting.Options(wait=wait)
    inbox = [project.inbox] if project.inbox.is_dir() else []
    ingested = ingesting.ingest(project, inbox, options, today, advance)
    written = reporting.report(project, period, today, reporting.Order(), advance)
    done = Run(period.label, ingested, written)
    _log(project.private / "runs.jsonl", done, now)
    return done


def _log(path: Path, done: Run, now: datetime) -> None:
    line = {
        "at": now.isoformat(timespec="seconds"),
        "period": done.period,
        "files": len(done.ingested.files),
        "taken": done.ingested.count("taken"),
        "unchanged": done.ingested.count("unchanged"),
        "held": done.ingested.count("held"),
        "refused": done.ingested.count("refused"),
        "rows": done.ingested.rows,
        "blocking": done.checked.blocking,
        "outputs": [str(file) for file in done.written.files],
    }
    with path.open("a", encoding="utf-8") as log:
        log.write(json.dumps(line, ensure_ascii=False) + "\n")
