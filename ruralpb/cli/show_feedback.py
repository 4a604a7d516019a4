"""How feedback looks on a terminal: what went back to whom, by when it is answered, what could not be marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ruralpb.cli.show import DONE, relative
from ruralpb.cli.terminal import Terminal

if TYPE_CHECKING:
    from ruralpb.app.feedback import Feedback


def feedback(terminal: Terminal, result: Feedback) -> int:
    """A row a unit, then what could not be marked in place, then what to do next."""
    terminal.json(result)
    if not result.sent:
        terminal.say("feedback-none", period=result.period)
        return DONE
    terminal.table(
        ("column-unit", "column-errors", "column-queries", "column-notes", "column-unmarked", "column-deadline", "column-folder"),
        [
            (s.reporter, s.errors, s.queries, s.notes, len(s.nowhere), s.deadline.isoformat(), relative(s.folder))
            for s in result.sent
        ],
        right=(1, 2, 3, 4),
    )  # fmt: skip
    for one in result.sent:
        for problem in one.problems:
            terminal.problem(problem)
    terminal.say("feedback-done", period=result.period, units=len(result.sent), returns=result.journaled)
    terminal.say("next-feedback")
    return DONE
