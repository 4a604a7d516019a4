"""A scheduled job as text for cron, systemd or the Windows Task Scheduler.

Paths are written as each system quotes them, whatever characters are in them.
"""

from __future__ import annotations

import re
import shlex
import subprocess
from dataclasses import dataclass
from datetime import date, time
from typing import Literal
from xml.sax.saxutils import escape

from ruralpb.core.messages import Language, say

System = Literal["cron", "systemd", "windows"]

_ENGLISH = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TIME_LIMIT = "PT2H"
"""After so long a run that hangs is ended by the Windows scheduler; systemd is told the same."""


@dataclass(frozen=True, slots=True)
class Job:
    """What runs when: the words of the command, the folder it starts in, the time of day, the days (0 is Monday)."""

    command: tuple[str, ...]
    folder: str
    at: time
    days: tuple[int, ...]
    title: str


def job_definition(job: Job, system: System, first: date, lang: Language) -> str:
    """Return the definition of `job` for one system. `first` is the first day it may run; cron and systemd start at once."""
    if system == "cron":
        return cron(job, lang)
    return systemd(job, lang) if system == "systemd" else windows(job, first, lang)


def cron(job: Job, lang: Language) -> str:
    """Return the lines of a crontab (crontab(5)): a % stands for a line break there unless it is escaped, even in quotes."""
    days = "*" if len(job.days) == len(_ENGLISH) else ",".join(str(day + 1) for day in job.days)
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
            f"TimeoutStartSec={_TIME_LIMIT.removeprefix('PT').lower()}",
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
        about=escape(say("schedule-about-windows", lang, title=job.title, at=f"{job.at:%H:%M}")),
        start=f"{first.isoformat()}T{job.at:%H:%M}:00",
        days=days,
        time_limit=_TIME_LIMIT,
        program=escape(program),
        arguments=escape(subprocess.list2cmdline(arguments)),
        folder=escape(job.folder),
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
    <ExecutionTimeLimit>{time_limit}</ExecutionTimeLimit>
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


def _comments(system: System, job: Job, lang: Language) -> str:
    """What the definition does, as comment lines."""
    description = say(f"schedule-about-{system}", lang, title=job.title, at=f"{job.at:%H:%M}")
    return "".join(f"# {line}\n" for line in description.split("\n"))
