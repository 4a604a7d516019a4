"""Schedule: the definition of a job that runs `ruralpb run`, for cron, systemd or the Windows Task Scheduler.

Nothing is installed: the definition is text for a person to look at and to hand to the system. Paths are written as each system
quotes them, whatever characters are in them.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Literal
from xml.sax.saxutils import escape

from ruralpb.app.project import Project
from ruralpb.core.messages import Language, say
from ruralpb.core.problems import CannotRun, Problem

System = Literal["cron", "systemd", "windows"]

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WORDS = {"workdays": "mon-fri", "daily": "mon-sun"}
_ENGLISH = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LONGEST = "PT2H"
"""After so long a run that hangs is ended by the Windows scheduler; systemd is told the same."""


@dataclass(frozen=True, slots=True)
class Job:
    """What runs when: the words of the command, the folder it starts in, the time of day, the days (0 is Monday)."""

    command: tuple[str, ...]
    folder: str
    at: time
    days: tuple[int, ...]
    title: str


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
    if system == "cron":
        return Schedule(system, cron(job, lang), _how("cron", lang))
    if system == "systemd":
        return Schedule(system, systemd(job, lang), _how("systemd", lang))
    return Schedule(system, windows(job, first, lang), _how("windows", lang))


def _how(system: System, lang: Language) -> tuple[str, ...]:
    return tuple(say(f"schedule-how-{system}", lang).split("\n"))


def _program() -> tuple[str, ...]:
    """The program as it is installed beside the interpreter; else the interpreter and the package."""
    beside = Path(sys.executable).parent / ("ruralpb.exe" if sys.platform == "win32" else "ruralpb")
    return (str(beside),) if beside.is_file() else (sys.executable, "-m", "ruralpb")


def read_time(text: str) -> time:
    """Return 07:30 (or 7:30) as a time of day. Raises CannotRun (exit 2) for anything else."""
    found = re.fullmatch(r"([01]?\d|2[0-3])[:：]([0-5]\d)", text.strip())
    if found is None:
        raise CannotRun(Problem("schedule-time", found=text))
    return time(int(found[1]), int(found[2]))


def read_days(text: str) -> tuple[int, ...]:
    """Return `workdays`, `daily`, or a list such as mon,wed-fri as numbers from 0 (Monday), in order, each once. Raises
    CannotRun (exit 2) for anything else."""
    found: set[int] = set()
    for part in _WORDS.get(text.strip().lower(), text.lower()).replace("，", ",").split(","):
        first, dash, last = part.strip().partition("-")
        last = last if dash else first
        if first not in DAYS or last not in DAYS or DAYS.index(last) < DAYS.index(first):
            raise CannotRun(Problem("schedule-days", found=text))
        start, end = DAYS.index(first), DAYS.index(last)
        found.update(range(start, end + 1))
    return tuple(sorted(found))


def cron(job: Job, lang: Language) -> str:
    """Return the lines of a crontab (crontab(5)): a % stands for a line break there unless it is escaped, even in quotes."""
    days = "*" if len(job.days) == len(DAYS) else ",".join(str(day + 1) for day in job.days)
    command = shlex.join(job.command).replace("%", r"\%")
    about = _comments("cron", job, lang)
    # A cron job has no locale; without one an older Python could not name a Chinese file.
    return f"{about}PYTHONUTF8=1\n{job.at.minute} {job.at.hour} * * {days} {command}\n"


def systemd(job: Job, lang: Language) -> str:
    """Return a .service and a .timer, each after a comment with its file name (systemd.service(5), systemd.timer(5))."""
    days = ",".join(_ENGLISH[day][:3] for day in job.days)
    service = "\n".join(
        (
            "# ruralpb.service",
            "[Unit]",
            f"Description={_specified(job.title)}",
            "",
            "[Service]",
            "Type=oneshot",
            f"WorkingDirectory={_specified(job.folder)}",
            f"ExecStart={' '.join(map(_systemd_word, job.command))}",
            # 1 says that there is something to act on: the run itself went well.
            "SuccessExitStatus=1",
            f"TimeoutStartSec={_LONGEST.removeprefix('PT').lower()}",
        )
    )
    timer = "\n".join(
        (
            "# ruralpb.timer",
            "[Unit]",
            f"Description={_specified(job.title)}",
            "",
            "[Timer]",
            f"OnCalendar={days} *-*-* {job.at:%H:%M}:00",
            "Persistent=true",
            "",
            "[Install]",
            "WantedBy=timers.target",
        )
    )
    return f"{_comments('systemd', job, lang)}{service}\n\n{timer}\n"


def _specified(text: str) -> str:
    """A value in which % is a specifier."""
    return text.replace("%", "%%")


def _systemd_word(word: str) -> str:
    """A word of ExecStart: quoted, with C-like escapes; % is a specifier and $ a variable even in quotes."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"' if re.search(r"[^\w@%+=:,./$-]", word) else escaped


def windows(job: Job, first: date, lang: Language) -> str:
    """Return a task of the Task Scheduler (its XML schema 1.2), in ASCII: other characters stand as &#…;, so that neither a console's code
    page nor a redirection can spoil them."""
    program, *arguments = job.command
    days = "".join(f"          <{_ENGLISH[day]} />\n" for day in job.days)
    text = _TASK.format(
        about=_xml(say("schedule-about-windows", lang, title=job.title, at=f"{job.at:%H:%M}")),
        start=f"{first.isoformat()}T{job.at:%H:%M}:00",
        days=days,
        longest=_LONGEST,
        program=_xml(program),
        arguments=_xml(subprocess.list2cmdline(arguments)),
        folder=_xml(job.folder),
    )
    return text.encode("ascii", "xmlcharrefreplace").decode("ascii")


_TASK = """<?xml version="1.0"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>{about}</Description>
  </RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
      <StartBoundary>{start}</StartBoundary>
      <ScheduleByWeek>
        <WeeksInterval>1</WeeksInterval>
        <DaysOfWeek>
{days}        </DaysOfWeek>
      </ScheduleByWeek>
    </CalendarTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <LogonType>InteractiveToken</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>{longest}</ExecutionTimeLimit>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{program}</Command>
      <Arguments>{arguments}</Arguments>
      <WorkingDirectory>{folder}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
"""


def _xml(text: str) -> str:
    return escape(text)


def _comments(system: System, job: Job, lang: Language) -> str:
    """What the definition does, as comment lines."""
    said = say(f"schedule-about-{system}", lang, title=job.title, at=f"{job.at:%H:%M}")
    return "".join(f"# {line}\n" for line in said.split("\n"))
