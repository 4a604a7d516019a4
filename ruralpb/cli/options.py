"""What commands share: how an option or argument reads on a help page, and what a person typed → a project, a period, a date."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from ruralpb.cli.terminal import Terminal
from ruralpb.core.problems import CannotRun, Problem

if TYPE_CHECKING:
    from ruralpb.app.project import Project
    from ruralpb.core.periods import Period

_VALUES = {
    "--unit": "UNIT",
    "--units": "FILE",
    "--quarter": "Q",
    "--form": "FORM",
    "--received": "DATE",
    "--password-file": "FILE",
    "--jobs": "N",
    "--wait": "SECONDS",
    "--severity": "S",
    "--check": "ID",
    "--level": "LEVEL",
    "--compare": "HOW",
    "--template": "NAME",
    "--format": "FORMAT",
    "--out": "PATH",
    "--reason": "TEXT",
    "--by": "NAME",
    "--verify": "DIR",
    "--since": "DATE",
    "--cell": "SHEET!CELL",
    "--field": "FIELD",
    "--row": "KEY",
    "--value": "VALUE",
    "--basis": "TEXT",
    "--reminders": "DIR",
    "--at": "HH:MM",
    "--days": "DAYS",
}
"""What stands for an option's value on a help page."""


def option(terminal: Terminal, slug: str, *names: str) -> Any:
    """An option by its names, its help text and what stands for its value in the terminal's language."""
    return typer.Option(*names, help=terminal.text(slug), metavar=_VALUES.get(names[0]))


def argument(terminal: Terminal, slug: str, metavar: str) -> Any:
    """An argument with its help text in the terminal's language."""
    return typer.Argument(metavar=metavar, help=terminal.text(slug))


def project_of(terminal: Terminal) -> Project:
    """The project of the folder the terminal works in. Raises CannotRun where there is none, or its definitions are wrong."""
    from ruralpb.app.project import open_project

    return open_project(terminal.project)


def current_day() -> date:
    """Today, by the clock of this machine."""
    return date.today()


def current_time() -> datetime:
    """Now, with the offset of this machine."""
    return datetime.now().astimezone()


def period_of(text: str) -> Period:
    """The period a person means: 2026Q1, last, 2026年一季度. Raises CannotRun for what is none."""
    from ruralpb.core import periods

    return periods.parse(text, current_day())


def day_of(text: str) -> date | None:
    """A date as ISO writes it, None for "". Raises CannotRun for what is none."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CannotRun(Problem("date-unreadable", found=text)) from None


def several(text: str) -> tuple[str, ...]:
    """The words between commas, Chinese ones too."""
    return tuple(word.strip() for word in text.replace("，", ",").split(",") if word.strip())


def password_of(file: Path | None) -> str:
    """The password in a file, "" without a file. Raises CannotRun where the file is missing."""
    if file is None:
        return ""
    if not file.is_file():
        raise CannotRun(Problem("file-missing", found=str(file)))
    return file.read_text("utf-8-sig", errors="replace").rstrip("\r\n")
