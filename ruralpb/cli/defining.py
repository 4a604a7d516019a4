"""The commands about definitions: define check, test, list, show, schema.

Annotations are evaluated here, as in `commands`.
"""

from pathlib import Path
from typing import Annotated

import typer

from ruralpb.cli.options import argument, current_day, option
from ruralpb.cli.terminal import Terminal


def group(terminal: Terminal) -> typer.Typer:
    """Return the group `ruralpb define`."""
    app = typer.Typer(help=terminal.text("help-define"), rich_markup_mode=None, no_args_is_help=True)

    @app.command(help=terminal.text("help-define-check"))
    def check() -> int:
        from ruralpb.app import define
        from ruralpb.cli import show_definitions as show

        return show.definition_problems(terminal, define.check(terminal.project, current_day()))

    @app.command(help=terminal.text("help-define-test"))
    def test(
        only: Annotated[list[str] | None, argument(terminal, "help-define-only", "ID")] = None,
    ) -> int:
        from ruralpb.app import define
        from ruralpb.cli import show_definitions as show

        return show.case_results(terminal, define.test(terminal.project, tuple(only or ())))

    @app.command("list", help=terminal.text("help-define-list"))
    def list_(
        kind: Annotated[str, argument(terminal, "help-define-kind", "KIND")] = "",
    ) -> int:
        from ruralpb.app import define
        from ruralpb.cli import show_definitions as show

        return show.definition_list(terminal, define.list_(terminal.project, kind))

    @app.command("show", help=terminal.text("help-define-show"))
    def show_(id_: Annotated[str, argument(terminal, "help-define-id", "ID")]) -> int:
        from ruralpb.app import define
        from ruralpb.cli import show_definitions as show

        return show.definition(terminal, define.show(terminal.project, id_))

    @app.command(help=terminal.text("help-define-schema"))
    def schema(
        kind: Annotated[str, argument(terminal, "help-define-schema-kind", "KIND")] = "",
        out: Annotated[Path | None, option(terminal, "help-define-schema-out", "--out")] = None,
    ) -> int:
        from ruralpb.app import define
        from ruralpb.cli import show_definitions as show

        if out is not None:
            return show.schemas(terminal, define.write_schemas(terminal.project, kind, out))
        return show.schema(define.schema(terminal.project, kind or "definitions"))

    return app
