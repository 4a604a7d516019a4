"""The commands around what is still to come: status (with its files and reminders), and the job that looks every morning.

Annotations are evaluated here, as in `commands`.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from ruralpb.cli.options import current_day, option, period_of, project_of
from ruralpb.cli.terminal import Terminal
from ruralpb.core.problems import CannotRun, Problem


def register(app: typer.Typer, terminal: Terminal) -> None:
    """Add the commands to the program."""

    @app.command(help=terminal.text("help-status"))
    def status(
        quarter: Annotated[str, option(terminal, "help-quarter", "--quarter", "--period")] = "last",
        unit: Annotated[str, option(terminal, "help-unit", "--unit", "--township")] = "",
        strict: Annotated[bool, option(terminal, "help-strict", "--strict")] = False,
        out: Annotated[Path | None, option(terminal, "help-status-out", "--out")] = None,
        reminders: Annotated[Path | None, option(terminal, "help-reminders", "--reminders")] = None,
    ) -> int:
        from ruralpb.app import reminders as reminding
        from ruralpb.app import status as stage
        from ruralpb.cli import show_status as show

        project, period, today = project_of(terminal), period_of(quarter), current_day()
        result = stage.status(project, period, unit, today)
        written = reminding.write(project, period, result, reminders) if reminders else None
        return show.status(terminal, result, period, strict, out, written)

    @app.command(help=terminal.text("help-schedule"))
    def schedule(
        cron: Annotated[bool, option(terminal, "help-schedule-cron", "--cron")] = False,
        systemd: Annotated[bool, option(terminal, "help-schedule-systemd", "--systemd")] = False,
        windows: Annotated[bool, option(terminal, "help-schedule-windows", "--windows")] = False,
        at: Annotated[str, option(terminal, "help-schedule-at", "--at")] = "07:30",
        days: Annotated[str, option(terminal, "help-schedule-days", "--days")] = "workdays",
        quarter: Annotated[str, option(terminal, "help-quarter", "--quarter", "--period")] = "last",
        out: Annotated[Path | None, option(terminal, "help-schedule-out", "--out")] = None,
    ) -> int:
        from ruralpb.app import schedule as stage
        from ruralpb.cli import show_schedule as show

        if cron + systemd + windows > 1:
            raise CannotRun(Problem("schedule-one"))
        by_default = not (cron or systemd or windows)
        system: stage.System = "systemd" if systemd else "cron"
        if windows or (by_default and sys.platform == "win32"):
            system = "windows"
        period_of(quarter)  # a word it does not know is said now, not every morning
        job = stage.schedule(project_of(terminal), system, at, days, quarter, current_day(), terminal.lang)
        return show.schedule(terminal, job, out)
