"""The commands by which people decide, and the one that tells what they decided: explain, amend, withdraw, history."""

from typing import Annotated

import typer

from ruralpb.cli.commands import _argument, _now, _option, _period, _project
from ruralpb.cli.terminal import Terminal


def add(app: typer.Typer, terminal: Terminal) -> None:
    """Give the program these commands."""
    _deciding(app, terminal)
    _telling(app, terminal)


def _telling(app: typer.Typer, terminal: Terminal) -> None:
    @app.command(help=terminal.text("help-history"))
    def history(
        unit: Annotated[str, _argument(terminal, "help-history-unit", "TOWNSHIP")] = "",
        form: Annotated[str, _option(terminal, "help-form", "--form")] = "",
        quarter: Annotated[str, _option(terminal, "help-history-quarter", "--quarter", "--period")] = "",
    ) -> int:
        from ruralpb.cli import show_decisions as show
        from ruralpb.pipeline import history as stage

        period = _period(quarter) if quarter else None
        found = stage.history(_project(terminal), unit, form, period)
        return show.history(terminal, found, in_detail=bool(unit or form))


def _deciding(app: typer.Typer, terminal: Terminal) -> None:

    @app.command(help=terminal.text("help-explain"))
    def explain(
        findings: Annotated[list[str], _argument(terminal, "help-explain-findings", "FINDING")],
        reason: Annotated[str, _option(terminal, "help-reason", "--reason")] = "",
        by: Annotated[str, _option(terminal, "help-who", "--by")] = "",
        quarter: Annotated[str, _option(terminal, "help-quarter", "--quarter", "--period")] = "last",
    ) -> int:
        from ruralpb.cli import show_decisions as show
        from ruralpb.pipeline import decisions

        result = decisions.explain(_project(terminal), _period(quarter), findings, reason, by, _now())
        return show.explained(terminal, result)

    @app.command(help=terminal.text("help-amend"))
    def amend(
        submission: Annotated[str, _argument(terminal, "help-submission", "SUBMISSION")],
        cell: Annotated[str, _option(terminal, "help-amend-cell", "--cell")] = "",
        unit: Annotated[str, _option(terminal, "help-amend-unit", "--unit", "--township")] = "",
        field: Annotated[str, _option(terminal, "help-amend-field", "--field")] = "",
        row: Annotated[str, _option(terminal, "help-amend-row", "--row")] = "",
        value: Annotated[str | None, _option(terminal, "help-amend-value", "--value")] = None,
        reason: Annotated[str, _option(terminal, "help-reason", "--reason")] = "",
        by: Annotated[str, _option(terminal, "help-who", "--by")] = "",
        basis: Annotated[str, _option(terminal, "help-basis", "--basis")] = "",
    ) -> int:
        from ruralpb.cli import show_decisions as show
        from ruralpb.pipeline import decisions
        from ruralpb.pipeline.naming import Named

        change = decisions.Change(value, reason, by, basis)
        named = Named(unit, field, row, cell)
        return show.amended(terminal, decisions.amend(_project(terminal), submission, named, change, _now()))

    @app.command(help=terminal.text("help-withdraw"))
    def withdraw(
        submission: Annotated[str, _argument(terminal, "help-submission", "SUBMISSION")],
        reason: Annotated[str, _option(terminal, "help-reason", "--reason")] = "",
        by: Annotated[str, _option(terminal, "help-who", "--by")] = "",
    ) -> int:
        from ruralpb.cli import show_decisions as show
        from ruralpb.pipeline import decisions

        return show.withdrawn(
            terminal, decisions.withdraw(_project(terminal), submission, reason, by, _now())
        )
