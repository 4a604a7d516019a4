"""`feedback`: send returns back for correction; what went to whom and by when it is answered."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from ruralpb.cli.exit_codes import ExitCode
from ruralpb.cli.parameters import Quarter, Unit, Wait, current_time, option, period_of, project_of
from ruralpb.cli.terminal import ScreenColumn, Terminal, relative

if TYPE_CHECKING:
    from ruralpb.returns.returned_findings import SentBack


@dataclass(frozen=True, slots=True)
class FeedbackArguments:
    """What `feedback` takes."""

    quarter: Quarter = "last"
    unit: Unit = ""
    out: Annotated[Path | None, option("help-feedback-out", "--out", value="PATH")] = None
    wait: Wait = 60.0


def feedback(terminal: Terminal, arguments: FeedbackArguments) -> ExitCode:
    """Write the files for each unit; a row a unit, then what could not be marked in place."""
    from ruralpb.app import feedback

    order = feedback.FeedbackRequest(arguments.unit, arguments.out, arguments.wait)
    project, period = project_of(terminal), period_of(arguments.quarter)
    with terminal.progress("progress-feedback") as advance:
        result = feedback.feedback(project, period, order, current_time(), advance)
    terminal.json(result)
    if not result.sent:
        terminal.say("feedback-none", period=result.period)
        return ExitCode.DONE
    columns: tuple[ScreenColumn[SentBack], ...] = (
        ScreenColumn("column-unit", "reporter"),
        ScreenColumn("column-errors", "errors", right=True),
        ScreenColumn("column-queries", "queries", right=True),
        ScreenColumn("column-notes", "notes", right=True),
        ScreenColumn("column-unmarked", lambda sent: len(sent.nowhere), right=True),
        ScreenColumn("column-deadline", lambda sent: sent.deadline.isoformat()),
        ScreenColumn("column-folder", lambda sent: relative(sent.folder)),
    )
    terminal.table(columns, result.sent)
    for sent in result.sent:
        terminal.problems(sent.problems)
    terminal.say("feedback-done", period=result.period, units=len(result.sent), returns=result.journaled)
    terminal.say("next-feedback")
    return ExitCode.DONE
