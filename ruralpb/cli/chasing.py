"""The commands around what is still to come: status (with its files and reminders), and the job that looks every morning.

Annotations are evaluated here, as in `commands`.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from ruralpb.cli.commands import _option, _period, _project, _today
from ruralpb.cli.terminal import Terminal
from ruralpb.problems import CannotRun, Problem


def register(app: typer.Typer, terminal: Terminal) -> None:
    """Add the commands to the program."""

    @app.command(help=terminal.text("help-status"))
    def status(
        quarter: Annotated[str, _option(terminal, "help-quarter", "--quarter", "--period")] = "last",
        unit: Annotated[str, _option(terminal, "help-unit", "--unit", "--township")] = "",
        strict: Annotated[bool, _option(terminal, "help-strict", "--strict")] = False,
        out: Annotated[Path | None, _option(terminal, "help-status-out", "--out")] = None,
        reminders: Annotated[Path | None, _option(terminal, "help-reminders", "--reminders")] = None,
    ) -> int:
        from ruralpb.cli import show_status as show
        from ruralpb.pipeline import reminders as reminding
        from ruralpb.pipeline import status as stage

        project, period, today = _project(terminal), _period(quarter), _today()
        result = stage.status(project, period, unit, today)
        written = reminding.write(project, period, result, reminders) if reminders else None
        return show.status(terminal, result, period, strict, out, written)

    @app.command(help=terminal.text("help-schedule"))
    def schedule(
        cron: Annotated[bool, _option(terminal, "help-schedule-cron", "--cron")] = False,
        systemd: Annotated[bool, _option(terminal, "help-schedule-systemd", "--systemd")] = False,
        windows: Annotated[bool, _option(terminal, "help-schedule-windows", "--windows")] = False,
        at: Annotated[str, _option(terminal, "help-schedule-at", "--at")] = "07:30",
        days: Annotated[str, _option(terminal, "help-schedule-days", "--days")] = "workdays",
        quarter: Annotated[str, _option(terminal, "help-quarter", "--quarter", "--period")] = "last",
        out: Annotated[Path | None, _option(terminal, "help-schedule-out", "--out")] = None,
    ) -> int:
        from ruralpb.cli import show_schedule as show
        from ruralpb.pipeline import schedule as stage

        if cron + systemd + windows > 1:
            raise CannotRun(Problem("schedule-one"))
        by_default = not (cron or systemd or windows)
        system: stage.System = "systemd" if systemd else "cron"
        if windows or (by_default and sys.platform == "win32"):
            system = "windows"
        _period(quarter)  # a word it does not know is said now, not every morning
        job = stage.schedule(_project(terminal), system, at, days, quarter, _today(), terminal.lang)
        return show.schedule(terminal, job, out)
