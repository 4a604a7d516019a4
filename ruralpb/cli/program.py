"""The program: every command in the order of the help page, each a function of a terminal and of its arguments.

`build` makes of each a command of typer: one parameter a field of the arguments' dataclass, help texts in the terminal's language.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from copy import copy
from dataclasses import MISSING, fields
from importlib import import_module
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import typer

from ruralpb.cli.exit_codes import ExitCode
from ruralpb.cli.help_pages import WIDTH, HelpfulCommand, HelpfulGroup
from ruralpb.cli.terminal import Terminal

Command = Callable[..., ExitCode]
"""Called with the terminal and, when the command takes any, its arguments."""

COMMANDS: dict[str, str] = {
    "demo": "start.demo",
    "init": "start.init",
    "blanks": "blanks.blanks",
    "ingest": "ingest.ingest",
    "status": "status.status",
    "schedule": "jobs.schedule",
    "feedback": "feedback.feedback",
    "run": "jobs.run",
    "rebuild": "jobs.rebuild",
    "doctor": "safekeeping.doctor",
    "backup": "safekeeping.backup",
    "restore": "safekeeping.restore",
    "validate": "validate.validate",
    "indicators": "indicators.indicators",
    "trace": "indicators.trace",
    "report": "report.report",
    "unlock": "seal.unlock",
    "diff": "diff.diff",
    "watch": "registers.watch",
    "score": "registers.score",
    "lists": "registers.lists",
    "ledger": "ledger.ledger",
    "explain": "decisions.explain",
    "amend": "decisions.amend",
    "withdraw": "decisions.withdraw",
    "history": "history.history",
    "export": "export.export",
    "sql": "export.sql",
}
"""Command → module and function, in the order of the help page. A module is imported when its command is built."""
DEFINE: dict[str, str] = {
    "check": "define.check",
    "test": "define.test",
    "list": "define.list_",
    "show": "define.show",
    "schema": "define.schema",
}
"""The group `ruralpb define`."""


def function_of(path: str) -> Command:
    """Return the function of a command."""
    module, _, name = path.partition(".")
    command: Command = getattr(import_module(f"ruralpb.cli.{module}"), name)
    return command


def build(terminal: Terminal, only: str = "") -> typer.Typer:
    """Return the program with its help texts in the terminal's language; of its commands `only` that one, where there is such
    a command: the others are not needed to run it."""
    app = typer.Typer(
        name="ruralpb",
        help=terminal.text("help-ruralpb"),
        epilog=terminal.text("help-everywhere"),
        cls=HelpfulGroup,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
        no_args_is_help=True,
        context_settings={"max_content_width": WIDTH, "obj": terminal},
    )
    # Without a callback typer takes a program of one command for that command.
    app.callback()(lambda: None)
    for name in [only] if only in COMMANDS else COMMANDS:
        _add(app, terminal, name, f"help-{name}", function_of(COMMANDS[name]))
    if only not in COMMANDS:
        group = typer.Typer(
            help=terminal.text("help-define"), cls=HelpfulGroup, rich_markup_mode=None, no_args_is_help=True
        )
        for name, path in DEFINE.items():
            _add(group, terminal, name, f"help-define-{name}", function_of(path))
        app.add_typer(group, name="define")
    return app


def _add(app: typer.Typer, terminal: Terminal, name: str, slug: str, command: Command) -> None:
    hints = get_type_hints(command, include_extras=True)
    arguments: type[Any] | None = hints.get("arguments")
    parameters = _parameters(arguments, terminal) if arguments else []

    def called(**given: Any) -> ExitCode:
        # What a library prints is no output of the command.
        with redirect_stdout(sys.stderr):
            return command(terminal, arguments(**given)) if arguments else command(terminal)

    called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    called.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    app.command(name, help=terminal.text(slug), cls=HelpfulCommand)(called)


def _parameters(arguments: type[Any], terminal: Terminal) -> list[inspect.Parameter]:
    """Return one parameter a field, its help text in the terminal's language."""
    hints = get_type_hints(arguments, include_extras=True)
    parameters = []
    for field in fields(arguments):
        hint = hints[field.name]
        if get_origin(hint) is not Annotated:
            raise TypeError(f"{arguments.__name__}.{field.name} is neither an option nor an argument")
        type_, declared = get_args(hint)
        shown = copy(declared)
        shown.help = terminal.text(declared.help)
        default = inspect.Parameter.empty if field.default is MISSING else field.default
        parameters.append(
            inspect.Parameter(
                field.name,
                inspect.Parameter.KEYWORD_ONLY,
                default=default,
                annotation=Annotated[type_, shown],
            )
        )
    return parameters
