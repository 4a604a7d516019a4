"""Options and arguments: how each is written and what stands for its value; and what a person typed → a project, a period, a date.

A command declares what it takes as a frozen dataclass whose fields have these types. `help` is the slug of a message; the text
is put in when the program is built in a language.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ruralpb.core.problems import CannotRun, Problem

if TYPE_CHECKING:
    from ruralpb.app.project import Project
    from ruralpb.cli.terminal import Terminal
    from ruralpb.core.periods import Period


def option(slug: str, *names: str, value: str | None = None) -> Any:
    """Return an option by its message, its names and what stands for its value on a help page."""
    return typer.Option(*names, help=slug, metavar=value)


def argument(slug: str, metavar: str) -> Any:
    """Return an argument by its message and what stands for it on a help page."""
    return typer.Argument(help=slug, metavar=metavar)


Quarter = Annotated[str, option("help-quarter", "--quarter", "--period", value="Q")]
Unit = Annotated[str, option("help-unit", "--unit", "--township", value="UNIT")]
Form = Annotated[str, option("help-form", "--form", value="FORM")]
Wait = Annotated[float, option("help-wait", "--wait", value="SECONDS")]
Reason = Annotated[str, option("help-reason", "--reason", value="TEXT")]
Level = Annotated[str, option("help-level", "--level", value="LEVEL")]
By = Annotated[str, option("help-by", "--by", value="NAME")]
Personal = Annotated[bool, option("help-personal", "--with-personal-data")]


def project_of(terminal: Terminal) -> Project:
    """Return the project of the folder the terminal works in. Raises CannotRun where there is none, or its definitions are wrong."""
    from ruralpb.app.opening import open_project

    return open_project(terminal.project)


def current_day() -> date:
    """Return today, by the clock of this machine."""
    return date.today()


def current_time() -> datetime:
    """Return now, with the offset of this machine."""
    return datetime.now().astimezone()


def period_of(text: str) -> Period:
    """Return the period a person means: 2026Q1, last, 2026年一季度. Raises CannotRun for what is none."""
    from ruralpb.core import periods

    return periods.parse(text, current_day())


def day_of(text: str) -> date | None:
    """Return a date as ISO writes it, None for "". Raises CannotRun for what is none."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CannotRun(Problem("date-unreadable", found=text)) from None


def several(text: str) -> tuple[str, ...]:
    """Return the words between commas, Chinese ones too."""
    return tuple(word.strip() for word in text.replace("，", ",").split(",") if word.strip())


def password_of(file: Path | None) -> str:
    """Return the password in a file, "" without a file. Raises CannotRun where the file is missing."""
    if file is None:
        return ""
    if not file.is_file():
        raise CannotRun(Problem("file-missing", found=str(file)))
    return file.read_text("utf-8-sig", errors="replace").rstrip("\r\n")
