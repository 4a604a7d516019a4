"""How decisions, and the history of returns, look on a terminal."""

from __future__ import annotations

from ruralpb.cli.show import DONE
from ruralpb.cli.terminal import Terminal
from ruralpb.pipeline.decisions import AmendedValue, Explained, Withdrawn


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
