"""`define check`, `test`, `list`, `show`, `schema`: definitions, their problems and their cases."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from ruralpb.cli.exit_codes import ExitCode, done
from ruralpb.cli.parameters import argument, current_day, option
from ruralpb.cli.terminal import ScreenColumn, Terminal
from ruralpb.core.messages import listing

if TYPE_CHECKING:
    from ruralpb.app.define import Listed
    from ruralpb.app.define.explain import ExplainedDefinition
    from ruralpb.core.problems import Location
    from ruralpb.model import Check, Field


@dataclass(frozen=True, slots=True)
class TestArguments:
    """What `define test` takes."""

    only: Annotated[list[str] | None, argument("help-define-only", "ID")] = None


@dataclass(frozen=True, slots=True)
class ListArguments:
    """What `define list` takes."""

    kind: Annotated[str, argument("help-define-kind", "KIND")] = ""


@dataclass(frozen=True, slots=True)
class SchemaArguments:
    """What `define schema` takes."""

    kind: Annotated[str, argument("help-define-schema-kind", "KIND")] = ""
    out: Annotated[Path | None, option("help-define-schema-out", "--out", value="PATH")] = None


@dataclass(frozen=True, slots=True)
class ShowArguments:
    """What `define show` takes."""

    id: Annotated[str, argument("help-define-id", "ID")]


def check(terminal: Terminal) -> ExitCode:
    """Every problem with file:line, then how many definitions were read. Errors exit 2, as they stop every command."""
    from ruralpb.app import define

    result = define.check(terminal.project, current_day())
    terminal.json(result)
    terminal.problems(result.problems)
    counts: dict[str, Any] = {**result.counts}
    warnings = len(result.problems) - result.errors
    terminal.say("define-checked", **counts, errors=result.errors, warnings=warnings)
    terminal.say("next-define-errors" if result.errors else "next-define")
    return ExitCode.NOT_AS_ASKED if result.errors else ExitCode.DONE


def test(terminal: Terminal, arguments: TestArguments) -> ExitCode:
    """The cases that did not hold, with what was expected and what came; then the count."""
    from ruralpb.app import define

    results = define.test(terminal.project, tuple(arguments.only or ()))
    terminal.json(results)
    failed = [result for result in results if not result.holds]
    for result in () if terminal.silent else failed:
        terminal.line((f"✗ {result.where} {result.name}", "bold red"))
        for miss in result.misses:
            terminal.say("case-miss", what=miss.what, unit=miss.unit, expected=miss.expected, got=miss.got)
        terminal.problems(result.problems)
    left_out = sum(result.left_out for result in results)
    terminal.say("cases-done", count=len(results) - left_out, failed=len(failed))
    if left_out:
        terminal.say("cases-left-out", count=left_out)
    return done(to_act_on=failed)


def list_(terminal: Terminal, arguments: ListArguments) -> ExitCode:
    """A row a definition."""
    from ruralpb.app import define

    definitions = define.list_(terminal.project, arguments.kind, current_day())
    terminal.json(definitions)
    columns: tuple[ScreenColumn[Listed], ...] = (
        ScreenColumn("column-kind", lambda one: terminal.text(f"kind-{one.kind}")),
        ScreenColumn("column-id", "id"),
        ScreenColumn("column-title", "title"),
        ScreenColumn("column-about", "about"),
        ScreenColumn("column-state", lambda one: "" if one.enabled else terminal.text("switched-off")),
    )
    terminal.table(columns, definitions)
    terminal.say("next-define-list")
    return ExitCode.DONE


def show(terminal: Terminal, arguments: ShowArguments) -> ExitCode:
    """What it is, in a sentence; then what its YAML says, its standards, fields, checks and cases."""
    from ruralpb.app import define

    definition = define.show(terminal.project, arguments.id, current_day())
    terminal.json(definition)
    terminal.line((f"{definition.id}  {definition.title}", "bold"))
    terminal.line((str(definition.where), "dim"))
    terminal.line(definition.sentences[terminal.lang])
    terminal.table(_KEYS, definition.keys)
    _show_standards(terminal, definition)
    if definition.fields:
        terminal.table(_field_columns(terminal), definition.fields)
    if definition.checks:
        terminal.table(_CHECKS, definition.checks)
    if definition.cases:
        terminal.table(_CASES, definition.cases)
    return ExitCode.DONE


_KEYS: tuple[ScreenColumn[tuple[str, str]], ...] = (
    ScreenColumn("column-key", lambda entry: entry[0]),
    ScreenColumn("column-says", lambda entry: entry[1]),
)
_CHECKS: tuple[ScreenColumn[Check], ...] = (
    ScreenColumn("column-id", "id"),
    ScreenColumn("column-severity", "severity"),
    ScreenColumn("column-message", "message"),
)
_CASES: tuple[ScreenColumn[tuple[str, Location]], ...] = (
    ScreenColumn("column-case", lambda case: case[0]),
    ScreenColumn("column-where", lambda case: case[1]),
)


def _field_columns(terminal: Terminal) -> tuple[ScreenColumn[Field], ...]:
    return (
        ScreenColumn("column-id", "id"),
        ScreenColumn("column-title", "title"),
        ScreenColumn("column-type", "type"),
        ScreenColumn("column-measure", "measure"),
        ScreenColumn(
            "column-aliases",
            lambda field: listing(alias.text for alias in field.aliases).within(terminal.lang),
        ),
    )


def _show_standards(terminal: Terminal, found: ExplainedDefinition) -> None:
    for standard in found.standards:
        for value in standard.values:
            bands = value.value if isinstance(value.value, tuple) else ()
            text = listing(band.title for band in bands).within(terminal.lang) or value.value
            terminal.say("trace-standard", title=standard.title, value=f"{text}{standard.measure}", start=value.start,
                         source=value.source)  # fmt: skip


def schema(terminal: Terminal, arguments: SchemaArguments) -> ExitCode:
    """A JSON Schema as it is, so that it can be piped on; or the files of all that were asked for."""
    from ruralpb.app import define

    if arguments.out is None:
        terminal.data(define.schema(terminal.project, arguments.kind or "definitions"))
        return ExitCode.DONE
    written = define.write_schemas(terminal.project, arguments.kind, arguments.out)
    terminal.json(written)
    terminal.written(written)
    return ExitCode.DONE
