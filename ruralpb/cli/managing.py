"""The commands an office follows things up with: watch, score, lists, ledger.

Annotations are evaluated here, as in `commands`.
"""

from pathlib import Path
from typing import Annotated

import typer

from ruralpb.cli.options import argument, current_day, current_time, option, period_of, project_of, several
from ruralpb.cli.terminal import Terminal


def register(app: typer.Typer, terminal: Terminal) -> None:
    """Add the commands to the program."""
    _mechanisms(app, terminal)
    _ledger(app, terminal)


def _mechanisms(app: typer.Typer, terminal: Terminal) -> None:
    @app.command(help=terminal.text("help-watch"))
    def watch(
        ids: Annotated[list[str] | None, argument(terminal, "help-watch-ids", "ID")] = None,
        quarter: Annotated[str, option(terminal, "help-quarter", "--quarter", "--period")] = "last",
        unit: Annotated[str, option(terminal, "help-unit", "--unit", "--township")] = "",
        out: Annotated[Path | None, option(terminal, "help-mechanism-out", "--out")] = None,
    ) -> int:
        from ruralpb.app import registers
        from ruralpb.cli import show_mechanisms as show

        period = period_of(quarter)
        found = registers.watch(project_of(terminal), period, tuple(ids or ()), unit)
        return show.registers(terminal, found, period, out)

    @app.command(help=terminal.text("help-score"))
    def score(
        ids: Annotated[list[str] | None, argument(terminal, "help-score-ids", "ID")] = None,
        quarter: Annotated[str, option(terminal, "help-quarter", "--quarter", "--period")] = "last",
        unit: Annotated[str, option(terminal, "help-unit", "--unit", "--township")] = "",
        out: Annotated[Path | None, option(terminal, "help-mechanism-out", "--out")] = None,
    ) -> int:
        from ruralpb.app import registers
        from ruralpb.cli import show_mechanisms as show

        period = period_of(quarter)
        found = registers.score(project_of(terminal), period, current_day(), tuple(ids or ()), unit)
        return show.ratings(terminal, found, period, out)

    @app.command(help=terminal.text("help-lists"))
    def lists(
        ids: Annotated[list[str] | None, argument(terminal, "help-lists-ids", "ID")] = None,
        quarter: Annotated[str, option(terminal, "help-quarter", "--quarter", "--period")] = "last",
        unit: Annotated[str, option(terminal, "help-unit", "--unit", "--township")] = "",
        out: Annotated[Path | None, option(terminal, "help-mechanism-out", "--out")] = None,
    ) -> int:
        from ruralpb.app import registers
        from ruralpb.cli import show_mechanisms as show

        period = period_of(quarter)
        found = registers.lists(project_of(terminal), period, current_day(), tuple(ids or ()), unit)
        return show.lists(terminal, found, period, out)


def _ledger(app: typer.Typer, terminal: Terminal) -> None:
    @app.command(help=terminal.text("help-ledger"))
    def ledger(
        unit: Annotated[str, argument(terminal, "help-ledger-unit", "UNIT")],
        quarter: Annotated[str, option(terminal, "help-ledger-quarter", "--quarter", "--period")] = "",
        form: Annotated[str, option(terminal, "help-form", "--form")] = "",
        formats: Annotated[str, option(terminal, "help-ledger-formats", "--format")] = "",
        out: Annotated[Path | None, option(terminal, "help-ledger-out", "--out")] = None,
        with_personal_data: Annotated[
            bool, option(terminal, "help-personal", "--with-personal-data")
        ] = False,
        reason: Annotated[str, option(terminal, "help-reason", "--reason")] = "",
    ) -> int:
        from ruralpb.app import ledger as stage
        from ruralpb.cli import show_ledger as show

        wanted = several(formats) or (("docx", "xlsx") if out else ())
        stage.check(wanted)
        order = stage.LedgerRequest(
            unit, period_of(quarter) if quarter else None, form, with_personal_data, reason
        )
        project = project_of(terminal)
        with terminal.progress("progress-ledger") as advance:
            found = stage.ledgers(project, order, current_time(), advance)
            folder = out or project.folder / project.settings.out / "ledger"
            files = [path for one in found for path in stage.write(project, one, wanted, folder)]
        return show.ledgers(terminal, found, files)
