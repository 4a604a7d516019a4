"""`blanks`: workbooks to fill in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from ruralpb.cli.exit_codes import ExitCode
from ruralpb.cli.parameters import Form, Unit, option, period_of, project_of
from ruralpb.cli.terminal import ScreenColumn, Terminal, relative

if TYPE_CHECKING:
    from ruralpb.app.blanks import IssuedFile


@dataclass(frozen=True, slots=True)
class BlanksArguments:
    """What `blanks` takes."""

    quarter: Annotated[str, option("help-blanks-quarter", "--quarter", "--period", value="Q")] = "current"
    unit: Unit = ""
    form: Form = ""
    out: Annotated[Path | None, option("help-blanks-out", "--out", value="PATH")] = None


def blanks(terminal: Terminal, arguments: BlanksArguments) -> ExitCode:
    """Issue the blanks; a row a workbook, the sums, and where the answers go."""
    from ruralpb.app import blanks

    project = project_of(terminal)
    order = blanks.BlankRequest(period_of(arguments.quarter), arguments.unit, arguments.form, arguments.out)
    with terminal.progress("progress-blanks") as advance:
        result = blanks.issue(project, order, advance)
    terminal.json(result)
    columns: tuple[ScreenColumn[IssuedFile], ...] = (
        ScreenColumn("column-unit", "reporter"),
        ScreenColumn("column-forms-owed", lambda file: len(file.forms), right=True),
        ScreenColumn("column-rows-known", "rows", right=True),
        ScreenColumn("column-file", lambda file: relative(file.path)),
    )
    terminal.table(columns, result.files)
    forms, rows = sum(len(file.forms) for file in result.files), sum(file.rows for file in result.files)
    terminal.say("blanks-done", period=result.period, files=len(result.files), forms=forms, rows=rows)
    terminal.say("next-blanks", inbox=project.settings.inbox)
    return ExitCode.DONE
