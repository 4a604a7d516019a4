"""The commands by which people decide, and the one that tells what they decided: explain, amend, withdraw, history."""

from typing import Annotated

import typer

from ruralpb.cli.options import argument, current_time, option, period_of, project_of
from ruralpb.cli.terminal import Terminal


def register(app: typer.Typer, terminal: Terminal) -> None:
    """Add the commands to the program."""
    _deciding(app, terminal)
    _telling(app, terminal)


def _telling(app: typer.Typer, terminal: Terminal) -> None:
    @app.command(help=terminal.text("help-history"))
    def history(
        unit: Annotated[str, argument(terminal, "help-history-unit", "TOWNSHIP")] = "",
        form: Annotated[str, option(terminal, "help-form", "--form")] = "",
        quarter: Annotated[str, option(terminal, "help-history-quarter", "--quarter", "--period")] = "",
    ) -> int:
        from ruralpb.app import history as stage
        from ruralpb.cli import show_decisions as show

        period = period_of(quarter) if quarter else None
        found = stage.history(project_of(terminal), unit, form, period)
        return show.history(terminal, found, in_detail=bool(unit or form))


def _deciding(app: typer.Typer, terminal: Terminal) -> None:

    @app.command(help=terminal.text("help-explain"))
    def explain(
        findings: Annotated[list[str], argument(terminal, "help-explain-findings", "FINDING")],
        reason: Annotated[str, option(terminal, "help-reason", "--reason")] = "",
        by: Annotated[str, option(terminal, "help-who", "--by")] = "",
        quarter: Annotated[str, option(terminal, "help-quarter", "--quarter", "--period")] = "last",
    ) -> int:
        from ruralpb.app import decisions
        from ruralpb.cli import show_decisions as show

        result = decisions.explain(
            project_of(terminal), period_of(quarter), findings, reason, by, current_time()
        )
        return show.explained(terminal, result)

    @app.command(help=terminal.text("help-amend"))
    def amend(
        submission: Annotated[str, argument(terminal, "help-submission", "SUBMISSION")],
        cell: Annotated[str, option(terminal, "help-amend-cell", "--cell")] = "",
        unit: Annotated[str, option(terminal, "help-amend-unit", "--unit", "--township")] = "",
        field: Annotated[str, option(terminal, "help-amend-field", "--field")] = "",
        row: Annotated[str, option(terminal, "help-amend-row", "--row")] = "",
        value: Annotated[str | None, option(terminal, "help-amend-value", "--value")] = None,
        reason: Annotated[str, option(terminal, "help-reason", "--reason")] = "",
        by: Annotated[str, option(terminal, "help-who", "--by")] = "",
        basis: Annotated[str, option(terminal, "help-basis", "--basis")] = "",
    ) -> int:
        from ruralpb.app import decisions
        from ruralpb.app.cell_selection import Named
        from ruralpb.cli import show_decisions as show

        change = decisions.Change(value, reason, by, basis)
        named = Named(unit, field, row, cell)
        return show.amended(
            terminal, decisions.amend(project_of(terminal), submission, named, change, current_time())
        )

    @app.command(help=terminal.text("help-withdraw"))
    def withdraw(
        submission: Annotated[str, argument(terminal, "help-submission", "SUBMISSION")],
        reason: Annotated[str, option(terminal, "help-reason", "--reason")] = "",
        by: Annotated[str, option(terminal, "help-who", "--by")] = "",
    ) -> int:
        from ruralpb.app import decisions
        from ruralpb.cli import show_decisions as show

        return show.withdrawn(
            terminal, decisions.withdraw(project_of(terminal), submission, reason, by, current_time())
        )
