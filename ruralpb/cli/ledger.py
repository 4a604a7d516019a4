"""`ledger`: what there is of a village, what later versions changed, what is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from ruralpb.cli.exit_codes import ExitCode
from ruralpb.cli.parameters import (
    Form,
    Personal,
    Reason,
    argument,
    current_time,
    option,
    period_of,
    project_of,
    several,
)
from ruralpb.cli.terminal import Terminal

if TYPE_CHECKING:
    from ruralpb.publish.text.ledger import Ledger, LedgerForm


@dataclass(frozen=True, slots=True)
class LedgerArguments:
    """What `ledger` takes."""

    unit: Annotated[str, argument("help-ledger-unit", "UNIT")]
    quarter: Annotated[str, option("help-ledger-quarter", "--quarter", "--period", value="Q")] = ""
    form: Form = ""
    formats: Annotated[str, option("help-ledger-formats", "--format", value="FORMAT")] = ""
    out: Annotated[Path | None, option("help-ledger-out", "--out", value="PATH")] = None
    with_personal_data: Personal = False
    reason: Reason = ""


def ledger(terminal: Terminal, arguments: LedgerArguments) -> ExitCode:
    """One ledger as its tables; several only when verbose, else the files and the sums."""
    from ruralpb.app import ledger

    formats = several(arguments.formats) or (("docx", "xlsx") if arguments.out else ())
    ledger.check(formats)
    period = period_of(arguments.quarter) if arguments.quarter else None
    request = ledger.LedgerRequest(
        arguments.unit, period, arguments.form, arguments.with_personal_data, arguments.reason
    )
    project = project_of(terminal)
    with terminal.progress("progress-ledger") as advance:
        ledgers = ledger.ledgers(project, request, current_time(), advance)
        folder = arguments.out or project.folder / project.settings.out / "ledger"
        files = [path for shown in ledgers for path in ledger.write(project, shown, formats, folder)]
    terminal.json({"ledgers": ledgers, "files": files})
    for shown in ledgers if len(ledgers) == 1 or terminal.verbose else ():
        _show(terminal, shown)
    terminal.written(files)
    terminal.say("ledger-done", villages=len(ledgers), versions=sum(len(shown.versions) for shown in ledgers),
                 changes=sum(len(shown.changes) for shown in ledgers), findings=sum(len(shown.findings) for shown in ledgers))  # fmt: skip
    terminal.say("next-ledger")
    return ExitCode.DONE


def _show(terminal: Terminal, ledger: Ledger) -> None:
    from ruralpb.publish.text.ledger import place

    if not ledger.forms:
        terminal.say("ledger-empty", village=ledger.village)
        return
    title = terminal.text(
        "ledger-title", township=ledger.township, village=ledger.village, until=ledger.until
    )
    rows = [(form.title, *(_count(form, period) for period in ledger.periods)) for form in ledger.forms]
    columns = (terminal.text("column-form"), *ledger.periods)
    terminal.page(title, columns, rows, range(1, len(columns)))
    for form in ledger.forms if terminal.verbose else ():
        values = [
            (row.period, row.key, title, row.values[id].text, place(row.values[id].address))
            for row in form.rows
            for id, title in form.fields
            if id in row.values
        ]
        _page(terminal, form.title, ("period", "subject", "field", "value", "cell"), values)

    def heading(slug: str) -> str:
        return terminal.text(slug, village=ledger.village)

    _page(terminal, heading("ledger-changes"), ("period", "form", "version", "subject", "field", "before", "after", "cell"),
          [(c.period, c.form, f"v{c.version}", c.key, c.field, c.before, c.after, place(c.address)) for c in ledger.changes])  # fmt: skip
    _page(terminal, heading("ledger-findings"), ("period", "check", "severity", "message", "cell"),
          [(f.period, f.check, f.severity, f.message, place(f.address)) for f in ledger.findings])  # fmt: skip
    _page(terminal, heading("ledger-watched"), ("watch", "subject", "state", "opened", "history", "faults"),
          [(w.watch, w.subject, w.state, w.opened, w.history, w.faults) for w in ledger.watched])  # fmt: skip


def _count(form: LedgerForm, period: str) -> int | None:
    return sum(row.period == period for row in form.rows) or None


def _page(terminal: Terminal, title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    terminal.page(title, [terminal.text(f"column-{column}") for column in columns], rows)
