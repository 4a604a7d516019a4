"""How issued blanks look on a terminal."""

from __future__ import annotations

from ruralpb.app.blanks import Issued
from ruralpb.cli.show import DONE, relative
from ruralpb.cli.terminal import Terminal


def issued(terminal: Terminal, result: Issued, inbox: str) -> int:
    """One line a workbook, the sums, and where the answers go."""
    terminal.json(result)
    columns = ("column-unit", "column-forms-owed", "column-rows-known", "column-file")
    rows = [(file.reporter, len(file.forms), file.rows, relative(file.path)) for file in result.files]
    terminal.table(columns, rows, right=(1, 2))
    forms, known = sum(len(file.forms) for file in result.files), sum(file.rows for file in result.files)
    terminal.say("blanks-done", period=result.period, files=len(result.files), forms=forms, rows=known)
    terminal.say("next-blanks", inbox=inbox)
    return DONE
