"""The commands: each parses, calls one function of `app`, shows the result and returns its exit code.

Annotations are evaluated here (no `from __future__ import annotations`): typer reads them, and their help texts depend on
the terminal's language.
"""

from pathlib import Path
from typing import Annotated

import typer

from ruralpb.cli import chasing, closing, deciding, defining, managing, sending_back, usage
from ruralpb.cli.options import (
    argument,
    current_day,
    current_time,
    day_of,
    option,
    password_of,
    period_of,
    project_of,
    several,
)
from ruralpb.cli.terminal import Terminal
from ruralpb.core.problems import CannotRun, Problem


def build(terminal: Terminal) -> typer.Typer:
    """Return the program with its help texts in the terminal's language."""
    app = typer.Typer(
        name="ruralpb",
        help=terminal.text("help-ruralpb"),
        epilog=terminal.text("help-everywhere"),
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
        no_args_is_help=True,
        context_settings={"max_content_width": usage.WIDTH},
    )
    _start(app, terminal)
    _issue(app, terminal)
    _take(app, terminal)
    chasing.register(app, terminal)
    sending_back.register(app, terminal)
    _keep_going(app, terminal)
    _compile(app, terminal)
    closing.register(app, terminal)
    managing.register(app, terminal)
    deciding.register(app, terminal)
    _inspect(app, terminal)
    app.add_typer(defining.group(terminal), name="define")
    usage.strictly(app)
    if terminal.lang == "zh":
        usage.in_chinese(app)
    return app


def _start(app: typer.Typer, terminal: Terminal) -> None:
    @app.command(help=terminal.text("help-demo"))
    def demo(
        folder: Annotated[Path, argument(terminal, "help-demo-folder", "DIR")] = Path("ruralpb-demo"),
    ) -> int:
        from ruralpb.app import start
        from ruralpb.cli import show

        with terminal.progress("progress-demo") as advance:
            result = start.demo(folder, current_day(), advance)
        return show.demo(terminal, result)

    @app.command(help=terminal.text("help-init"))
    def init(
        folder: Annotated[Path, argument(terminal, "help-init-folder", "DIR")],
        unit: Annotated[str, option(terminal, "help-init-unit", "--unit")] = "",
        units: Annotated[Path | None, option(terminal, "help-init-units", "--units")] = None,
    ) -> int:
        from ruralpb.app import start
        from ruralpb.cli import show

        return show.init(terminal, start.init(folder, unit, units, current_day()))


def _issue(app: typer.Typer, terminal: Terminal) -> None:
    @app.command(help=terminal.text("help-blanks"))
    def blanks(
        quarter: Annotated[str, option(terminal, "help-blanks-quarter", "--quarter", "--period")] = "current",
        unit: Annotated[str, option(terminal, "help-unit", "--unit", "--township")] = "",
        form: Annotated[str, option(terminal, "help-form", "--form")] = "",
        out: Annotated[Path | None, option(terminal, "help-blanks-out", "--out")] = None,
    ) -> int:
        from ruralpb.app import blanks as stage
        from ruralpb.cli import show_blanks as show

        project = project_of(terminal)
        with terminal.progress("progress-blanks") as advance:
            issued = stage.issue(project, stage.Order(period_of(quarter), unit, form, out), advance)
        return show.issued(terminal, issued, project.settings.inbox)


def _take(app: typer.Typer, terminal: Terminal) -> None:
    @app.command(help=terminal.text("help-ingest"))
    def ingest(
        paths: Annotated[list[Path], argument(terminal, "help-ingest-paths", "PATH")],
        quarter: Annotated[str, option(terminal, "help-quarter", "--quarter", "--period")] = "",
        unit: Annotated[str, option(terminal, "help-ingest-unit", "--unit", "--township")] = "",
        form: Annotated[str, option(terminal, "help-form", "--form")] = "",
        received: Annotated[str, option(terminal, "help-received", "--received")] = "",
        replace: Annotated[bool, option(terminal, "help-replace", "--replace")] = False,
        part: Annotated[bool, option(terminal, "help-part", "--part")] = False,
        password_file: Annotated[
            Path | None, option(terminal, "help-password-file", "--password-file")
        ] = None,
        jobs: Annotated[int, option(terminal, "help-jobs", "--jobs")] = 0,
        wait: Annotated[float, option(terminal, "help-wait", "--wait")] = 60.0,
        dry_run: Annotated[bool, option(terminal, "help-dry-run", "--dry-run")] = False,
        show_reading: Annotated[bool, option(terminal, "help-show", "--show")] = False,
    ) -> int:
        from ruralpb.app import ingest as stage
        from ruralpb.cli import show

        if replace and part:
            raise CannotRun(Problem("replace-or-part"))
        options = stage.IngestRequest(
            period=period_of(quarter) if quarter else None,
            unit=unit,
            form=form,
            received=day_of(received),
            mode="replace" if replace else "part" if part else "",
            password=password_of(password_file),
            jobs=jobs,
            wait=wait,
            dry_run=dry_run,
            look=show_reading,
        )
        with terminal.progress("progress-ingest") as advance:
            result = stage.ingest(project_of(terminal), paths, options, current_day(), advance)
        return show.ingest(terminal, result, show_reading)


def _keep_going(app: typer.Typer, terminal: Terminal) -> None:
    @app.command(help=terminal.text("help-run"))
    def run(
        quarter: Annotated[str, option(terminal, "help-quarter", "--quarter", "--period")] = "last",
        wait: Annotated[float, option(terminal, "help-wait", "--wait")] = 60.0,
    ) -> int:
        from ruralpb.app import run as stage
        from ruralpb.cli import show

        with terminal.progress("progress-run") as advance:
            result = stage.run(project_of(terminal), period_of(quarter), wait, current_time(), advance)
        return show.run(terminal, result)

    @app.command(help=terminal.text("help-rebuild"))
    def rebuild(wait: Annotated[float, option(terminal, "help-wait", "--wait")] = 60.0) -> int:
        from ruralpb.app import rebuild as stage
        from ruralpb.cli import show

        with terminal.progress("progress-rebuild") as advance:
            result = stage.rebuild(project_of(terminal), wait, advance)
        return show.rebuild(terminal, result)


def _compile(app: typer.Typer, terminal: Terminal) -> None:
    @app.command(help=terminal.text("help-validate"))
    def validate(
        quarter: Annotated[str, option(terminal, "help-quarter", "--quarter", "--period")] = "last",
        form: Annotated[str, option(terminal, "help-form", "--form")] = "",
        unit: Annotated[str, option(terminal, "help-unit", "--unit", "--township")] = "",
        severity: Annotated[str, option(terminal, "help-severity", "--severity")] = "",
        check: Annotated[list[str] | None, option(terminal, "help-check", "--check")] = None,
        sql: Annotated[bool, option(terminal, "help-validate-sql", "--sql")] = False,
    ) -> int:
        from ruralpb.app import validate as stage
        from ruralpb.cli import show

        wanted = stage.Selection(form, unit, severity, tuple(check or ()))
        if sql:
            return show.plans(terminal, stage.plans(project_of(terminal), period_of(quarter), wanted))
        return show.validation(
            terminal, stage.validate(project_of(terminal), period_of(quarter), current_day(), wanted)
        )

    @app.command(help=terminal.text("help-indicators"))
    def indicators(
        ids: Annotated[list[str] | None, argument(terminal, "help-indicator-ids", "ID")] = None,
        quarter: Annotated[str, option(terminal, "help-quarter", "--quarter", "--period")] = "last",
        unit: Annotated[str, option(terminal, "help-unit", "--unit", "--township")] = "",
        level: Annotated[str, option(terminal, "help-level", "--level")] = "",
        by: Annotated[str, option(terminal, "help-by", "--by")] = "",
        compare: Annotated[str, option(terminal, "help-compare", "--compare")] = "previous,last_year",
        accepted_only: Annotated[bool, option(terminal, "help-accepted-only", "--accepted-only")] = False,
    ) -> int:
        from ruralpb.app import computing, figures
        from ruralpb.cli import show

        asked = computing.ValuesRequest(tuple(ids or ()), unit, level, several(compare), accepted_only, by)
        return show.figures(
            terminal, figures.indicators(project_of(terminal), period_of(quarter), current_day(), asked)
        )

    @app.command(help=terminal.text("help-trace"))
    def trace(
        indicator: Annotated[str, argument(terminal, "help-trace-indicator", "INDICATOR")],
        quarter: Annotated[str, option(terminal, "help-quarter", "--quarter", "--period")] = "last",
        unit: Annotated[str, option(terminal, "help-unit", "--unit", "--township")] = "",
    ) -> int:
        from ruralpb.app import trace as stage
        from ruralpb.cli import show

        return show.trace(
            terminal, stage.trace(project_of(terminal), indicator, period_of(quarter), unit, current_day())
        )


def _inspect(app: typer.Typer, terminal: Terminal) -> None:
    @app.command(help=terminal.text("help-export"))
    def export(
        what: Annotated[str, argument(terminal, "help-export-what", "WHAT")],
        form: Annotated[str, option(terminal, "help-form", "--form")] = "",
        quarter: Annotated[str, option(terminal, "help-quarter", "--quarter", "--period")] = "last",
        unit: Annotated[str, option(terminal, "help-unit", "--unit", "--township")] = "",
        level: Annotated[str, option(terminal, "help-level", "--level")] = "",
        by: Annotated[str, option(terminal, "help-by", "--by")] = "",
        format_: Annotated[str, option(terminal, "help-export-format", "--format")] = "csv",
        out: Annotated[Path | None, option(terminal, "help-export-out", "--out")] = None,
        with_personal_data: Annotated[
            bool, option(terminal, "help-personal", "--with-personal-data")
        ] = False,
        reason: Annotated[str, option(terminal, "help-reason", "--reason")] = "",
    ) -> int:
        from ruralpb.app import export as stage
        from ruralpb.cli import show

        if terminal.as_json and out is None:
            format_ = "json"
        order = stage.ExportRequest(
            what, form, period_of(quarter), unit, format_, with_personal_data, reason, level, by
        )
        return show.export(terminal, stage.export(project_of(terminal), order, current_time()), out)

    @app.command(help=terminal.text("help-sql"))
    def sql(
        query: Annotated[str, argument(terminal, "help-sql-query", "QUERY")],
        quarter: Annotated[str, option(terminal, "help-quarter", "--quarter", "--period")] = "last",
        with_personal_data: Annotated[
            bool, option(terminal, "help-personal", "--with-personal-data")
        ] = False,
        reason: Annotated[str, option(terminal, "help-reason", "--reason")] = "",
    ) -> int:
        from ruralpb.app import sql as stage
        from ruralpb.cli import show

        asked = stage.SqlRequest(query, period_of(quarter), with_personal_data, reason)
        return show.rows(terminal, stage.sql(project_of(terminal), asked, current_time()))
