"""How decisions, and the history of returns, look on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from ruralpb.app.decisions import AmendedValue, Explained, Withdrawn
from ruralpb.cli.show import DONE
from ruralpb.cli.terminal import Terminal
from ruralpb.returns.history import ChangedCell, ReturnEvent, ReturnRecord

_CHANGES_SHOWN = 20


def explained(terminal: Terminal, result: Explained) -> int:
    """One line a finding."""
    terminal.json(result)
    for finding in result.findings:
        terminal.say("explained", finding=finding.id, person=finding.person, reason=finding.reason)
    for finding_id in result.already:
        terminal.say("explained-already", style="dim", finding=finding_id)
    terminal.say("next-decision", period=result.period)
    return DONE


def amended(terminal: Terminal, result: AmendedValue) -> int:
    """The cell, its values, and what that did to the findings."""
    terminal.json(result)
    blank = terminal.text("amended-blank")
    place = f"{result.address.file} {result.address.sheet}!{result.address.cell}"
    terminal.say("amended", style="bold", cell=place, subject=result.subject, title=result.title,
                 was=result.was or blank, now=result.now or blank)  # fmt: skip
    for slug, findings, style in (
        ("amended-resolves", result.resolved, "green"),
        ("amended-raises", result.raised, "yellow"),
    ):
        if findings:
            listed = "、".join(finding.id for finding in findings)
            terminal.say(slug, style=style, count=len(findings), findings=listed)
    terminal.say("next-decision", period=result.period)
    return DONE


def withdrawn(terminal: Terminal, result: Withdrawn) -> int:
    """What was withdrawn and what counts now."""
    terminal.json(result)
    terminal.say("withdrawn", style="bold", submission=result.submission)
    if result.current:
        terminal.say("withdrawn-then", submission=result.current)
    else:
        terminal.say("withdrawn-missing", style="yellow")
    terminal.say("next-decision", period=result.period)
    return DONE


def history(terminal: Terminal, found: Sequence[ReturnRecord], in_detail: bool) -> int:
    """Every return with its events. Without a unit or form named, those that came once and were never decided on are only counted."""
    terminal.json({"returns": found})
    shown = [one for one in found if in_detail or terminal.verbose or len(one.events) > 1]
    if not (terminal.quiet or terminal.as_json):
        for one in shown:
            terminal.out.print(Text(f"{one.reporter} {one.title} {one.period}", style="bold"), soft_wrap=True)
            for event in one.events:
                _event(terminal, event)
    if len(shown) < len(found):
        terminal.say("history-once", style="dim", count=len(found) - len(shown))
    terminal.say("history-done", returns=len(found), versions=sum(one.versions for one in found),
                 decisions=sum(len(one.events) - one.versions for one in found))  # fmt: skip
    terminal.say("next-history")
    return DONE


def _event(terminal: Terminal, event: ReturnEvent) -> None:
    if event.kind == "version":
        files = "、".join(dict.fromkeys(event.files))
        terminal.say("history-version", version=event.version, received=event.received, files=files, rows=event.rows,
                     state=terminal.text(f"submission-{event.state}"))  # fmt: skip
        if event.against:
            terminal.say("history-changes", count=len(event.changes), against=event.against)
        for change in event.changes if terminal.verbose else event.changes[:_CHANGES_SHOWN]:
            terminal.out.print(Text(_changed(terminal, change), style="cyan"), soft_wrap=True)
        if len(event.changes) > _CHANGES_SHOWN and not terminal.verbose:
            terminal.say("history-more", style="dim", count=len(event.changes) - _CHANGES_SHOWN)
        return
    state = terminal.text(f"amendment-{event.state}") if event.state else ""
    about = " ".join(filter(None, (event.about, state)))
    terminal.say("history-decision", kind=terminal.text(f"decision-{event.kind}"), at=event.at[:16].replace("T", " "),
                 by=event.by, reason=event.reason, about=about)  # fmt: skip


def _changed(terminal: Terminal, change: ChangedCell) -> str:
    place = f"{change.address.sheet}!{change.address.cell}" if change.address else ""
    if change.row:
        return f"        {change.subject}  {terminal.text(f'row-{change.row}')}  {place}"
    blank = terminal.text("amended-blank")
    return f"        {change.subject} {change.title}  {change.before or blank} → {change.after or blank}  {place}"
