"""Schedule: the definition of a job that runs `ruralpb run`, for cron, systemd or the Windows Task Scheduler.

Nothing is installed: the definition is text for a person to look at and to hand to the system.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

from ruralpb.app.project import Project
from ruralpb.core.messages import Language, say
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.publish.text.job_definitions import Job, System, job_definition

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WORDS = {"workdays": "mon-fri", "daily": "mon-sun"}


@dataclass(frozen=True, slots=True)
class Schedule:
    """The definition for one system. `text` goes to a file or to the system as it is; `how` says what to do with it."""

    system: System
    text: str
    how: tuple[str, ...]


def schedule(
    project: Project, system: System, at: str, days: str, quarter: str, first: date, lang: Language
) -> Schedule:
    """Return the definition of the job that takes the inbox in and reports `quarter` (last, current …) at `at` on `days`.

    `first` is the first day it may run. Raises CannotRun (exit 2) for a time or days that cannot be read.
    """
    folder = project.folder.resolve()
    words = (*_program(), "-q", "-C", str(folder), "run", "--quarter", quarter)
    job = Job(words, str(folder), read_time(at), read_days(days), project.settings.title)
    how = say(f"schedule-how-{system}", lang).split("\n")
    return Schedule(system, job_definition(job, system, first, lang), tuple(how))


def _program() -> tuple[str, ...]:
    """The program as it is installed beside the interpreter; else the interpreter and the package."""
    beside = Path(sys.executable).parent / ("ruralpb.exe" if sys.platform == "win32" else "ruralpb")
    return (str(beside),) if beside.is_file() else (sys.executable, "-m", "ruralpb")


def read_time(text: str) -> time:
    """Return 07:30 (or 7:30) as a time of day. Raises CannotRun (exit 2) for anything else."""
    clock = re.fullmatch(r"([01]?\d|2[0-3])[:：]([0-5]\d)", text.strip())
    if clock is None:
        raise CannotRun(Problem("schedule-time", found=text))
    return time(int(clock[1]), int(clock[2]))


def read_days(text: str) -> tuple[int, ...]:
    """Return `workdays`, `daily`, or a list such as mon,wed-fri as numbers from 0 (Monday), in order, each once. Raises
    CannotRun (exit 2) for anything else."""
    days: set[int] = set()
    for part in _WORDS.get(text.strip().lower(), text.lower()).replace("，", ",").split(","):
        first, dash, last = part.strip().partition("-")
        last = last if dash else first
        if first not in DAYS or last not in DAYS or DAYS.index(last) < DAYS.index(first):
            raise CannotRun(Problem("schedule-days", found=text))
        start, end = DAYS.index(first), DAYS.index(last)
        days.update(range(start, end + 1))
    return tuple(sorted(days))
