"""`ingest`: read returns; how a file and what was understood of it are shown."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from ruralpb.cli.exit_codes import ExitCode, done
from ruralpb.cli.parameters import (
    Form,
    Wait,
    argument,
    current_day,
    day_of,
    option,
    password_of,
    period_of,
    project_of,
)
from ruralpb.cli.terminal import Terminal
from ruralpb.core.cell_names import column_letters
from ruralpb.core.messages import listing
from ruralpb.core.problems import CannotRun, Problem

if TYPE_CHECKING:
    from ruralpb.model import SheetPreview, SheetReading
    from ruralpb.returns.outcomes import FileResult, IngestResult

_FILE = {"taken": "green", "unchanged": "dim", "held": "yellow", "refused": "bold red", "attachment": "cyan"}
_ROW = {"header": "bold cyan", "data": "green", "total": "magenta", "subtotal": "magenta", "other": "yellow"}
_ROW_WORD = 14
_CELL_SHOWN = 12


@dataclass(frozen=True, slots=True)
class IngestArguments:
    """What `ingest` takes."""

    paths: Annotated[list[Path], argument("help-ingest-paths", "PATH")]
    quarter: Annotated[str, option("help-quarter", "--quarter", "--period", value="Q")] = ""
    unit: Annotated[str, option("help-ingest-unit", "--unit", "--township", value="UNIT")] = ""
    form: Form = ""
    received: Annotated[str, option("help-received", "--received", value="DATE")] = ""
    replace: Annotated[bool, option("help-replace", "--replace")] = False
    part: Annotated[bool, option("help-part", "--part")] = False
    password_file: Annotated[Path | None, option("help-password-file", "--password-file", value="FILE")] = (
        None
    )
    jobs: Annotated[int, option("help-jobs", "--jobs", value="N")] = 0
    wait: Wait = 60.0
    dry_run: Annotated[bool, option("help-dry-run", "--dry-run")] = False
    show: Annotated[bool, option("help-show", "--show")] = False


def ingest(terminal: Terminal, arguments: IngestArguments) -> ExitCode:
    """Read files and folders; a line a file, then its problems, then the count."""
    from ruralpb.app import ingest
    from ruralpb.app.ingest_request import IngestRequest

    if arguments.replace and arguments.part:
        raise CannotRun(Problem("replace-or-part"))
    options = IngestRequest(
        period=period_of(arguments.quarter) if arguments.quarter else None,
        unit=arguments.unit,
        form=arguments.form,
        received=day_of(arguments.received),
        mode="replace" if arguments.replace else "part" if arguments.part else "",
        password=password_of(arguments.password_file),
        jobs=arguments.jobs,
        wait=arguments.wait,
        dry_run=arguments.dry_run,
        look=arguments.show,
    )
    with terminal.progress("progress-ingest") as advance:
        result = ingest.ingest(project_of(terminal), arguments.paths, options, current_day(), advance)
    terminal.json(result)
    for file in result.files:
        if file.status != "unchanged" or terminal.verbose or file.previews:
            show_file(terminal, file, arguments.show)
    terminal.problems(result.problems)
    show_counts(terminal, result)
    left = result.count("held") + result.count("refused")
    if result.dry_run:
        terminal.say("next-dry-run-problems" if left else "next-dry-run", left=left)
    else:
        terminal.say("next-ingest-problems" if left else "next-ingest", left=left)
    return done(to_act_on=left)


def show_counts(terminal: Terminal, result: IngestResult) -> None:
    """Say how many files and rows were taken."""
    terminal.say(
        "ingest-dry-run" if result.dry_run else "ingest-done", rows=result.rows, taken=result.count("taken"),
        unchanged=result.count("unchanged"), held=result.count("held"), refused=result.count("refused"),
    )  # fmt: skip
    if attachments := result.count("attachment"):
        terminal.say("ingest-attachments", count=attachments)


def show_file(terminal: Terminal, file: FileResult, in_detail: bool) -> None:
    """Print a line for the file, in detail its tables, then its problems."""
    understood = listing(_sheet(terminal, sheet) for sheet in file.sheets).within(terminal.lang)
    if file.explained is not None:
        understood = terminal.text("answers-counts", taken=len(file.explained))
    word = terminal.text(f"file-{file.status}")
    count = terminal.text("file-counts", rows=file.rows, notes=file.notes, problems=len(file.problems))
    terminal.line((f"{word:　<4} ", _FILE[file.status]), f"{file.path}  {count}  ", (understood, "dim"))
    for preview in file.previews:
        _preview(terminal, preview)
    for table in file.tables if in_detail and not file.previews else ():
        placed = sorted(table.columns.items(), key=lambda item: item[1])
        columns = "  ".join(f"{column_letters(column)}={name}" for name, column in placed)
        first, last = table.header
        terminal.say("table-detail", sheet=table.sheet, first=first, last=last, columns=columns)
    for problem in file.problems:
        if problem.severity != "note" or file.status == "attachment" or terminal.verbose or in_detail:
            terminal.problem(problem)


def _preview(terminal: Terminal, preview: SheetPreview) -> None:
    """The sheet as the reader saw it: the columns of each table, then row by row its class and its cells."""
    from rich.cells import cell_len

    terminal.say("sight-sheet", style="bold", sheet=preview.sheet)
    for table in preview.tables:
        columns = "  ".join(f"{cell}={name}" for name, cell in table.columns.items())
        slug = "sight-turned" if table.transposed else "sight-table"
        terminal.say(slug, form=table.form, first=table.first, columns=columns)
        if table.unread:
            unread = "  ".join(f"{cell} {text}" for cell, text in table.unread.items())
            terminal.say("sight-unread", columns=unread)
    roles = "  ".join(f"{terminal.text(f'role-{role}')} {count}" for role, count in preview.roles.items())
    terminal.say("sight-account", roles=roles)
    for number, kind, cells in preview.rows:
        word = terminal.text(f"row-{kind}")
        padded = word + " " * max(1, _ROW_WORD - cell_len(word))
        content = "│".join(cell[:_CELL_SHOWN] for cell in cells).rstrip("│")
        terminal.line(
            (f"{number:>4} ", "dim"),
            (padded, _ROW.get(kind, "dim")),
            (content, "" if kind != "blank" else "dim"),
            crop=True,
        )


def _sheet(terminal: Terminal, sheet: SheetReading) -> str:
    if sheet.form:
        return terminal.text("sheet-read", sheet=sheet.sheet, form=sheet.form, rows=sheet.rows)
    # The reason is kept in Chinese; the file's problems give it in the terminal's language.
    reason = sheet.reason if terminal.lang == "zh" else terminal.text("sheet-not-read")
    return terminal.text("sheet-left", sheet=sheet.sheet, reason=reason)
