"""`history`: the versions of returns and what was decided about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from ruralpb.cli.exit_codes import ExitCode
from ruralpb.cli.parameters import Form, argument, option, period_of, project_of
from ruralpb.cli.terminal import Terminal
from ruralpb.core.messages import listing

if TYPE_CHECKING:
    from ruralpb.returns.history import ReportedChange, ReturnEvent

_CHANGES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class HistoryArguments:
    """What `history` takes."""

    unit: Annotated[str, argument("help-history-unit", "TOWNSHIP")] = ""
    form: Form = ""
    quarter: Annotated[str, option("help-history-quarter", "--quarter", "--period", value="Q")] = ""


def history(terminal: Terminal, arguments: HistoryArguments) -> ExitCode:
    """Every return with its events. Without a unit or form named, those that came once and were never decided on are only counted."""
    from ruralpb.app import history

    period = period_of(arguments.quarter) if arguments.quarter else None
    returns = history.history(project_of(terminal), arguments.unit, arguments.form, period)
    terminal.json({"returns": returns})
    in_detail = terminal.verbose or bool(arguments.unit or arguments.form)
    shown = [record for record in returns if in_detail or len(record.events) > 1]
    for record in shown:
        terminal.line((f"{record.reporter} {record.title} {record.period}", "bold"))
        for event in record.events:
            _show_event(terminal, event)
    if len(shown) < len(returns):
        terminal.say("history-once", style="dim", count=len(returns) - len(shown))
    versions = sum(record.versions for record in returns)
    decisions = sum(len(record.events) for record in returns) - versions
    terminal.say("history-done", returns=len(returns), versions=versions, decisions=decisions)
    terminal.say("next-history")
    return ExitCode.DONE


def _show_event(terminal: Terminal, event: ReturnEvent) -> None:
    if event.kind == "version":
        _show_version(terminal, event)
        return
    state = terminal.text(f"amendment-{event.state}") if event.state else ""
    about = " ".join(filter(None, (event.about, state)))
    terminal.say("history-decision", kind=terminal.text(f"decision-{event.kind}"), at=event.at[:16].replace("T", " "),
                 by=event.by, reason=event.reason, about=about)  # fmt: skip


def _show_version(terminal: Terminal, event: ReturnEvent) -> None:
    files = listing(dict.fromkeys(event.files))
    terminal.say("history-version", version=event.version, received=event.received, files=files, rows=event.rows,
                 state=terminal.text(f"submission-{event.state}"))  # fmt: skip
    if event.against:
        terminal.say("history-changes", count=len(event.changes), against=event.against)
    for change in terminal.shown(event.changes, _CHANGES_SHOWN):
        terminal.line((_changed(terminal, change), "cyan"))
    terminal.more("history-more", event.changes, _CHANGES_SHOWN)


def _changed(terminal: Terminal, change: ReportedChange) -> str:
    place = f"{change.address.sheet}!{change.address.cell}" if change.address else ""
    if change.row:
        return f"        {change.subject}  {terminal.text(f'row-{change.row}')}  {place}"
    blank = terminal.text("amended-blank")
    return f"        {change.subject} {change.title}  {change.before or blank} → {change.after or blank}  {place}"
