"""`schedule`, `run` and `rebuild`: a job's definition, its work, and the database made again."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from ruralpb.cli.exit_codes import ExitCode, done
from ruralpb.cli.ingest import show_counts, show_file
from ruralpb.cli.parameters import Quarter, Wait, current_day, current_time, option, period_of, project_of
from ruralpb.cli.terminal import Terminal
from ruralpb.cli.validate import show_totals
from ruralpb.core.problems import CannotRun, Problem

if TYPE_CHECKING:
    from ruralpb.publish.text.job_definitions import System


@dataclass(frozen=True, slots=True)
class ScheduleArguments:
    """What `schedule` takes."""

    cron: Annotated[bool, option("help-schedule-cron", "--cron")] = False
    systemd: Annotated[bool, option("help-schedule-systemd", "--systemd")] = False
    windows: Annotated[bool, option("help-schedule-windows", "--windows")] = False
    at: Annotated[str, option("help-schedule-at", "--at", value="HH:MM")] = "07:30"
    days: Annotated[str, option("help-schedule-days", "--days", value="DAYS")] = "workdays"
    quarter: Quarter = "last"
    out: Annotated[Path | None, option("help-schedule-out", "--out", value="PATH")] = None


def schedule(terminal: Terminal, arguments: ScheduleArguments) -> ExitCode:
    """Print the definition as it is, so that it can be piped on; the explanation goes beside it."""
    from ruralpb.app import schedule
    from ruralpb.store.disk import write_whole

    period_of(arguments.quarter)  # a word it does not know is said now, not every morning
    job = schedule.schedule(
        project_of(terminal), _system(arguments), arguments.at, arguments.days, arguments.quarter, current_day(),
        terminal.lang,
    )  # fmt: skip
    terminal.json(job)
    if arguments.out is not None:
        write_whole(arguments.out, job.text.encode(), shared=True)
        terminal.written([arguments.out])
    elif not terminal.as_json:
        terminal.data(job.text)
    for line in () if terminal.silent else job.how:
        terminal.err.print(line, soft_wrap=True)
    return ExitCode.DONE


def _system(arguments: ScheduleArguments) -> System:
    """The one asked for, else this machine's. Raises CannotRun where two are asked for."""
    if arguments.cron + arguments.systemd + arguments.windows > 1:
        raise CannotRun(Problem("schedule-one"))
    if arguments.systemd:
        return "systemd"
    by_default = not arguments.cron and sys.platform == "win32"
    return "windows" if arguments.windows or by_default else "cron"


@dataclass(frozen=True, slots=True)
class RunArguments:
    """What `run` takes."""

    quarter: Quarter = "last"
    wait: Wait = 60.0


@dataclass(frozen=True, slots=True)
class RebuildArguments:
    """What `rebuild` takes."""

    wait: Wait = 60.0


def run(terminal: Terminal, arguments: RunArguments) -> ExitCode:
    """Ingest the inbox, validate, report; what came of it in four lines."""
    from ruralpb.app import run

    project, period = project_of(terminal), period_of(arguments.quarter)
    with terminal.progress("progress-run") as advance:
        result = run.run(project, period, arguments.wait, current_time(), advance)
    terminal.json(
        {
            "period": result.period,
            "ingested": result.ingested,
            "findings": result.checked.failed(),
            "files": [file for report in result.reports for file in report.files],
            "to_act_on": result.to_act_on,
            "returned": result.sent.journaled if result.sent else 0,
        }
    )
    for file in result.ingested.files:
        if file.status in ("held", "refused"):
            show_file(terminal, file, False)
    show_counts(terminal, result.ingested)
    show_totals(terminal, result.checked)
    if result.sent is not None and result.sent.sent:
        terminal.say("run-sent-back", count=len(result.sent.sent), new=result.sent.journaled)
    terminal.written(result.files)
    slug = "next-run" if result.to_act_on else "next-run-clean"
    terminal.say(slug, count=result.to_act_on, period=result.period)
    return done(result.to_act_on)


def rebuild(terminal: Terminal, arguments: RebuildArguments) -> ExitCode:
    """Make the database again from archive and journal; say what it holds."""
    from ruralpb.app import rebuild

    with terminal.progress("progress-rebuild") as advance:
        result = rebuild.rebuild(project_of(terminal), arguments.wait, advance)
    terminal.json(result)
    terminal.problems(result.problems)
    terminal.say("rebuild-done", files=result.files, submissions=result.submissions, rows=result.rows)
    return done(sum(problem.severity != "note" for problem in result.problems))
