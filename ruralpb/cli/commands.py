"""The commands: each parses, calls one `pipeline` function, shows the result and returns its exit code.

Annotations are evaluated here (no `from __future__ import annotations`): typer reads them, and their help texts depend on
the terminal's language.
"""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ruralpb.cli import usage
from ruralpb.cli.terminal import Terminal
from ruralpb.problems import CannotRun, Problem

if TYPE_CHECKING:
    from ruralpb.periods import Period
    from ruralpb.pipeline.project import Project


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
    _collect(app, terminal)
    _keep_going(app, terminal)
    _compile(app, terminal)
    _manage(app, terminal)
    from ruralpb.cli import decision_commands

    decision_commands.add(app, terminal)
    _inspect(app, terminal)
    app.add_typer(_define(terminal), name="define")
    usage.strictly(app)
    if terminal.lang == "zh":
        usage.in_chinese(app)
    return app


def _option(terminal: Terminal, slug: str, *names: str) -> Any:
    return typer.Option(*names, help=terminal.text(slug), metavar=_VALUES.get(names[0]))


def _argument(terminal: Terminal, slug: str, metavar: str) -> Any:
    return typer.Argument(metavar=metavar, help=terminal.text(slug))


def _project(terminal: Terminal) -> "Project":
    from ruralpb.pipeline.project import open_project

    return open_project(terminal.project)


def _today() -> date:
    return date.today()


def _now() -> datetime:
    return datetime.now().astimezone()


def _period(text: str) -> "Period":
    from ruralpb import periods

    return periods.parse(text, _today())


def _date(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CannotRun(Problem("date-unreadable", found=text)) from None


def _several(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.replace("，", ",").split(",") if word.strip())


def _password(file: Path | None) -> str:
    if file is None:
        return ""
    if not file.is_file():
        raise CannotRun(Problem("file-missing", found=str(file)))
    return file.read_text("utf-8-sig", errors="replace").rstrip("\r\n")


def _start(app: typer.Typer, terminal: Terminal) -> None:
    @app.command(help=terminal.text("help-demo"))
    def demo(
        folder: Annotated[Path, _argument(terminal, "help-demo-folder", "DIR")] = Path("ruralpb-demo"),
    ) -> int:
        from ruralpb.cli import show
        from ruralpb.pipeline import start

        with terminal.progress("progress-demo") as advance:
            result = start.demo(folder, _today(), advance)
        return show.demo(terminal, result)

    @app.command(help=terminal.text("help-init"))
    def init(
        folder: Annotated[Path, _argument(terminal, "help-init-folder", "DIR")],
        unit: Annotated[str, _option(terminal, "help-init-unit", "--unit")] = "",
        units: Annotated[Path | None, _option(terminal, "help-init-units", "--units")] = None,
    ) -> int:
        from ruralpb.cli import show
        from ruralpb.pipeline import start

        return show.init(terminal, start.init(folder, unit, units, _today()))


def _collect(app: typer.Typer, terminal: Terminal) -> None:
    @app.command(help=terminal.text("help-blanks"))
    def blanks(
        quarter: Annotated[
            str, _option(terminal, "help-blanks-quarter", "--quarter", "--period")
        ] = "current",
        unit: Annotated[str, _option(terminal, "help-unit", "--unit", "--township")] = "",
        form: Annotated[str, _option(terminal, "help-form", "--form")] = "",
        out: Annotated[Path | None, _option(terminal, "help-blanks-out", "--out")] = None,
    ) -> int:
        from ruralpb.cli import show_blanks as show
        from ruralpb.pipeline import blanks as stage

        project = _project(terminal)
        with terminal.progress("progress-blanks") as advance:
            issued = stage.issue(project, stage.Order(_period(quarter), unit, form, out), advance)
        return show.issued(terminal, issued, project.settings.inbox)

    @app.command(help=terminal.text("help-ingest"))
    def ingest(
        paths: Annotated[list[Path], _argument(terminal, "help-ingest-paths", "PATH")],
        quarter: Annotated[str, _option(terminal, "help-quarter", "--quarter", "--period")] = "",
        unit: Annotated[str, _option(terminal, "help-ingest-unit", "--unit", "--township")] = "",
        form: Annotated[str, _option(terminal, "help-form", "--form")] = "",
        received: Annotated[str, _option(terminal, "help-received", "--received")] = "",
        replace: Annotated[bool, _option(terminal, "help-replace", "--replace")] = False,
        part: Annotated[bool, _option(terminal, "help-part", "--part")] = False,
        password_file: Annotated[
            Path | None, _option(terminal, "help-password-file", "--password-file")
        ] = None,
        jobs: Annotated[int, _option(terminal, "help-jobs", "--jobs")] = 0,
        wait: Annotated[float, _option(terminal, "help-wait", "--wait")] = 60.0,
        dry_run: Annotated[bool, _option(terminal, "help-dry-run", "--dry-run")] = False,
        show_reading: Annotated[bool, _option(terminal, "help-show", "--show")] = False,
    ) -> int:
        from ruralpb.cli import show
        from ruralpb.pipeline import ingest as stage

        if replace and part:
            raise CannotRun(Problem("replace-or-part"))
        options = stage.Options(
            period=_period(quarter) if quarter else None,
            unit=unit,
            form=form,
            received=_date(received),
            mode="replace" if replace else "part" if part else "",
            password=_password(password_file),
            jobs=jobs,
            wait=wait,
            dry_run=dry_run,
            look=show_reading,
        )
        with terminal.progress("progress-ingest") as advance:
            result = stage.ingest(_project(terminal), paths, options, _today(), advance)
        return show.ingest(terminal, result, show_reading)

    from ruralpb.cli import chasing, sending_back

    chasing.register(app, terminal)
    sending_back.register(app, terminal)


def _keep_going(app: typer.Typer, terminal: Terminal) -> None:
    @app.command(help=terminal.text("help-run"))
    def run(
        quarter: Annotated[str, _option(terminal, "help-quarter", "--quarter", "--period")] = "last",
        wait: Annotated[float, _option(terminal, "help-wait", "--wait")] = 60.0,
    ) -> int:
        from ruralpb.cli import show
        from ruralpb.pipeline import run as stage

        with terminal.progress("progress-run") as advance:
            result = stage.run(_project(terminal), _period(quarter), wait, _now(), advance)
        return show.run(terminal, result)

    @app.command(help=terminal.text("help-rebuild"))
    def rebuild(wait: Annotated[float, _option(terminal, "help-wait", "--wait")] = 60.0) -> int:
        from ruralpb.cli import show
        from ruralpb.pipeline import rebuild as stage

        with terminal.progress("progress-rebuild") as advance:
            result = stage.rebuild(_project(terminal), wait, advance)
        return show.rebuild(terminal, result)


def _compile(app: typer.Typer, terminal: Terminal) -> None:
    from ruralpb.cli import closing

    @app.command(help=terminal.text("help-validate"))
    def validate(
        quarter: Annotated[str, _option(terminal, "help-quarter", "--quarter", "--period")] = "last",
        form: Annotated[str, _option(terminal, "help-form", "--form")] = "",
        unit: Annotated[str, _option(terminal, "help-unit", "--unit", "--township")] = "",
        severity: Annotated[str, _option(terminal, "help-severity", "--severity")] = "",
        check: Annotated[list[str] | None, _option(terminal, "help-check", "--check")] = None,
        sql: Annotated[bool, _option(terminal, "help-validate-sql", "--sql")] = False,
    ) -> int:
        from ruralpb.cli import show
        from ruralpb.pipeline import validate as stage

        wanted = stage.Selection(form, unit, severity, tuple(check or ()))
        if sql:
            return show.plans(terminal, stage.plans(_project(terminal), _period(quarter), wanted))
        return show.validation(
            terminal, stage.validate(_project(terminal), _period(quarter), _today(), wanted)
        )

    @app.command(help=terminal.text("help-indicators"))
    def indicators(
        ids: Annotated[list[str] | None, _argument(terminal, "help-indicator-ids", "ID")] = None,
        quarter: Annotated[str, _option(terminal, "help-quarter", "--quarter", "--period")] = "last",
        unit: Annotated[str, _option(terminal, "help-unit", "--unit", "--township")] = "",
        level: Annotated[str, _option(terminal, "help-level", "--level")] = "",
        by: Annotated[str, _option(terminal, "help-by", "--by")] = "",
        compare: Annotated[str, _option(terminal, "help-compare", "--compare")] = "previous,last_year",
        accepted_only: Annotated[bool, _option(terminal, "help-accepted-only", "--accepted-only")] = False,
    ) -> int:
        from ruralpb.cli import show
        from ruralpb.pipeline import computing, figures

        asked = computing.Question(tuple(ids or ()), unit, level, _several(compare), accepted_only, by)
        return show.figures(
            terminal, figures.indicators(_project(terminal), _period(quarter), _today(), asked)
        )

    @app.command(help=terminal.text("help-trace"))
    def trace(
        indicator: Annotated[str, _argument(terminal, "help-trace-indicator", "INDICATOR")],
        quarter: Annotated[str, _option(terminal, "help-quarter", "--quarter", "--period")] = "last",
        unit: Annotated[str, _option(terminal, "help-unit", "--unit", "--township")] = "",
    ) -> int:
        from ruralpb.cli import show
        from ruralpb.pipeline import trace as stage

        return show.trace(
            terminal, stage.trace(_project(terminal), indicator, _period(quarter), unit, _today())
        )

    closing.register(app, terminal)


def _manage(app: typer.Typer, terminal: Terminal) -> None:
    @app.command(help=terminal.text("help-watch"))
    def watch(
        ids: Annotated[list[str] | None, _argument(terminal, "help-watch-ids", "ID")] = None,
        quarter: Annotated[str, _option(terminal, "help-quarter", "--quarter", "--period")] = "last",
        unit: Annotated[str, _option(terminal, "help-unit", "--unit", "--township")] = "",
        out: Annotated[Path | None, _option(terminal, "help-mechanism-out", "--out")] = None,
    ) -> int:
        from ruralpb.cli import show_mechanisms as show
        from ruralpb.pipeline import mechanisms

        period = _period(quarter)
        found = mechanisms.watch(_project(terminal), period, tuple(ids or ()), unit)
        return show.registers(terminal, found, period, out)

    @app.command(help=terminal.text("help-score"))
    def score(
        ids: Annotated[list[str] | None, _argument(terminal, "help-score-ids", "ID")] = None,
        quarter: Annotated[str, _option(terminal, "help-quarter", "--quarter", "--period")] = "last",
        unit: Annotated[str, _option(terminal, "help-unit", "--unit", "--township")] = "",
        out: Annotated[Path | None, _option(terminal, "help-mechanism-out", "--out")] = None,
    ) -> int:
        from ruralpb.cli import show_mechanisms as show
        from ruralpb.pipeline import mechanisms

        period = _period(quarter)
        found = mechanisms.score(_project(terminal), period, _today(), tuple(ids or ()), unit)
        return show.ratings(terminal, found, period, out)

    @app.command(help=terminal.text("help-lists"))
    def lists(
        ids: Annotated[list[str] | None, _argument(terminal, "help-lists-ids", "ID")] = None,
        quarter: Annotated[str, _option(terminal, "help-quarter", "--quarter", "--period")] = "last",
        unit: Annotated[str, _option(terminal, "help-unit", "--unit", "--township")] = "",
        out: Annotated[Path | None, _option(terminal, "help-mechanism-out", "--out")] = None,
    ) -> int:
        from ruralpb.cli import show_mechanisms as show
        from ruralpb.pipeline import mechanisms

        period = _period(quarter)
        found = mechanisms.lists(_project(terminal), period, _today(), tuple(ids or ()), unit)
        return show.lists(terminal, found, period, out)

    @app.command(help=terminal.text("help-ledger"))
    def ledger(
        unit: Annotated[str, _argument(terminal, "help-ledger-unit", "UNIT")],
        quarter: Annotated[str, _option(terminal, "help-ledger-quarter", "--quarter", "--period")] = "",
        form: Annotated[str, _option(terminal, "help-form", "--form")] = "",
        formats: Annotated[str, _option(terminal, "help-ledger-formats", "--format")] = "",
        out: Annotated[Path | None, _option(terminal, "help-ledger-out", "--out")] = None,
        with_personal_data: Annotated[
            bool, _option(terminal, "help-personal", "--with-personal-data")
        ] = False,
        reason: Annotated[str, _option(terminal, "help-reason", "--reason")] = "",
    ) -> int:
        from ruralpb.cli import show_ledger as show
        from ruralpb.pipeline import ledger as stage
        from ruralpb.pipeline import ledger_files

        wanted = _several(formats) or (("docx", "xlsx") if out else ())
        ledger_files.check(wanted)
        order = stage.Order(unit, _period(quarter) if quarter else None, form, with_personal_data, reason)
        project = _project(terminal)
        with terminal.progress("progress-ledger") as advance:
            found = stage.ledgers(project, order, _now(), advance)
            folder = out or project.folder / project.settings.out / "ledger"
            files = [path for one in found for path in ledger_files.write(project, one, wanted, folder)]
        return show.ledgers(terminal, found, files)


def _inspect(app: typer.Typer, terminal: Terminal) -> None:
    @app.command(help=terminal.text("help-export"))
    def export(
        what: Annotated[str, _argument(terminal, "help-export-what", "WHAT")],
        form: Annotated[str, _option(terminal, "help-form", "--form")] = "",
        quarter: Annotated[str, _option(terminal, "help-quarter", "--quarter", "--period")] = "last",
        unit: Annotated[str, _option(terminal, "help-unit", "--unit", "--township")] = "",
        level: Annotated[str, _option(terminal, "help-level", "--level")] = "",
        by: Annotated[str, _option(terminal, "help-by", "--by")] = "",
        format_: Annotated[str, _option(terminal, "help-export-format", "--format")] = "csv",
        out: Annotated[Path | None, _option(terminal, "help-export-out", "--out")] = None,
        with_personal_data: Annotated[
            bool, _option(terminal, "help-personal", "--with-personal-data")
        ] = False,
        reason: Annotated[str, _option(terminal, "help-reason", "--reason")] = "",
    ) -> int:
        from ruralpb.cli import show
        from ruralpb.pipeline import export as stage

        if terminal.as_json and out is None:
            format_ = "json"
        order = stage.Order(
            what, form, _period(quarter), unit, format_, with_personal_data, reason, level, by
        )
        return show.export(terminal, stage.export(_project(terminal), order, _now()), out)

    @app.command(help=terminal.text("help-sql"))
    def sql(
        query: Annotated[str, _argument(terminal, "help-sql-query", "QUERY")],
        quarter: Annotated[str, _option(terminal, "help-quarter", "--quarter", "--period")] = "last",
        with_personal_data: Annotated[
            bool, _option(terminal, "help-personal", "--with-personal-data")
        ] = False,
        reason: Annotated[str, _option(terminal, "help-reason", "--reason")] = "",
    ) -> int:
        from ruralpb.cli import show
        from ruralpb.pipeline import sql as stage

        asked = stage.Question(query, _period(quarter), with_personal_data, reason)
        return show.rows(terminal, stage.sql(_project(terminal), asked, _now()))


def _define(terminal: Terminal) -> typer.Typer:
    app = typer.Typer(help=terminal.text("help-define"), rich_markup_mode=None, no_args_is_help=True)

    @app.command(help=terminal.text("help-define-check"))
    def check() -> int:
        from ruralpb.cli import show_definitions as show
        from ruralpb.pipeline import define

        return show.definition_problems(terminal, define.check(terminal.project, _today()))

    @app.command(help=terminal.text("help-define-test"))
    def test(
        only: Annotated[list[str] | None, _argument(terminal, "help-define-only", "ID")] = None,
    ) -> int:
        from ruralpb.cli import show_definitions as show
        from ruralpb.pipeline import define

        return show.case_results(terminal, define.test(terminal.project, tuple(only or ())))

    @app.command("list", help=terminal.text("help-define-list"))
    def list_(
        kind: Annotated[str, _argument(terminal, "help-define-kind", "KIND")] = "",
    ) -> int:
        from ruralpb.cli import show_definitions as show
        from ruralpb.pipeline import define

        return show.definition_list(terminal, define.list_(terminal.project, kind))

    @app.command("show", help=terminal.text("help-define-show"))
    def show_(id_: Annotated[str, _argument(terminal, "help-define-id", "ID")]) -> int:
        from ruralpb.cli import show_definitions as show
        from ruralpb.pipeline import define

        return show.definition(terminal, define.show(terminal.project, id_))

    return app
