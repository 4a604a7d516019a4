"""The command that sends returns back: feedback.

Annotations are evaluated here, as in `commands`.
"""

from pathlib import Path
from typing import Annotated

import typer

from ruralpb.cli.options import current_time, option, period_of, project_of
from ruralpb.cli.terminal import Terminal


def register(app: typer.Typer, terminal: Terminal) -> None:
    """Add the command to the program."""

    @app.command(help=terminal.text("help-feedback"))
    def feedback(
        quarter: Annotated[str, option(terminal, "help-quarter", "--quarter", "--period")] = "last",
        unit: Annotated[str, option(terminal, "help-unit", "--unit", "--township")] = "",
        out: Annotated[Path | None, option(terminal, "help-feedback-out", "--out")] = None,
        wait: Annotated[float, option(terminal, "help-wait", "--wait")] = 60.0,
    ) -> int:
        from ruralpb.app import feedback as stage
        from ruralpb.cli import show_feedback as show

        order = stage.Order(unit, out, wait)
        with terminal.progress("progress-feedback") as advance:
            result = stage.feedback(project_of(terminal), period_of(quarter), order, current_time(), advance)
        return show.feedback(terminal, result)
