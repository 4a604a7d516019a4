"""`export` and `sql`: tables for other programs, and a person's own query."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from ruralpb.cli.exit_codes import ExitCode
from ruralpb.cli.parameters import (
    By,
    Form,
    Level,
    Personal,
    Quarter,
    Reason,
    Unit,
    argument,
    current_time,
    option,
    period_of,
    project_of,
)
from ruralpb.cli.terminal import Terminal, relative
from ruralpb.core.problems import CannotRun, Problem


@dataclass(frozen=True, slots=True)
class ExportArguments:
    """What `export` takes."""

    what: Annotated[str, argument("help-export-what", "WHAT")]
    form: Form = ""
    quarter: Quarter = "last"
    unit: Unit = ""
    level: Level = ""
    by: By = ""
    format_: Annotated[str, option("help-export-format", "--format", value="FORMAT")] = "csv"
    out: Annotated[Path | None, option("help-export-out", "--out", value="PATH")] = None
    with_personal_data: Personal = False
    reason: Reason = ""


@dataclass(frozen=True, slots=True)
class SqlArguments:
    """What `sql` takes."""

    query: Annotated[str, argument("help-sql-query", "QUERY")]
    quarter: Quarter = "last"
    with_personal_data: Personal = False
    reason: Reason = ""


def export(terminal: Terminal, arguments: ExportArguments) -> ExitCode:
    """Write the table to a file, or to standard output; a binary one never goes to a screen."""
    from ruralpb.app import export
    from ruralpb.store.disk import write_whole

    out = arguments.out
    request = export.ExportRequest(
        what=arguments.what,
        form=arguments.form,
        period=period_of(arguments.quarter),
        unit=arguments.unit,
        format="json" if terminal.as_json and out is None else arguments.format_,
        with_personal_data=arguments.with_personal_data,
        reason=arguments.reason,
        level=arguments.level,
        by=arguments.by,
    )
    result = export.export(project_of(terminal), request, current_time())
    if out is None:
        if terminal.stdout.isatty() and b"\0" in result.content[:4096]:
            raise CannotRun(Problem("export-binary"))
        terminal.data(result.content)
        return ExitCode.DONE
    write_whole(out, result.content, shared=not result.personal)
    terminal.json({"file": str(out), "rows": len(result.table.rows)})
    terminal.say("export-done", path=relative(out), rows=len(result.table.rows))
    return ExitCode.DONE


def sql(terminal: Terminal, arguments: SqlArguments) -> ExitCode:
    """Run one query; its rows."""
    from ruralpb.app import sql

    request = sql.SqlRequest(
        arguments.query, period_of(arguments.quarter), arguments.with_personal_data, arguments.reason
    )
    result = sql.sql(project_of(terminal), request, current_time())
    terminal.json([dict(zip(result.columns, row, strict=True)) for row in result.rows])
    if not terminal.as_json:
        terminal.grid(result.columns, result.rows)
    terminal.say("sql-done", style="dim", rows=len(result.rows))
    return ExitCode.DONE
