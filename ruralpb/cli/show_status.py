"""How the returns of a period look on a terminal: a heat map of reporters and forms, what is missing, what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from ruralpb.app import status_pages as pages
from ruralpb.cli.show import DONE, TO_ACT_ON, relative
from ruralpb.cli.terminal import Terminal
from ruralpb.core.periods import Period
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.store.disk import write_whole

if TYPE_CHECKING:
    from ruralpb.app.status import Status
    from ruralpb.returns import TrackedReturn

_STYLE: dict[pages.Heat, str] = {
    "accepted": "green",
    "late": "yellow",
    "to-come": "",
    "held": "black on magenta",
    "returned": "black on cyan",
    "blocked": "black on yellow",
    "overdue": "bold white on red",
    "not-owed": "dim",
}
_LEAST_NAME, _MOST_NAME = 12, 22
_COLUMN, _WIDEST = 10, 16
_LINES_SHOWN = 20
_FORMS_NAMED = 4
"""The heat map shows the rest."""
_OLD_CONSOLES = {"✓": "√"}
"""What stands in for a sign that the console's encoding (cp936) lacks."""


def status(
    terminal: Terminal,
    result: Status,
    period: Period,
    strict: bool,
    out: Path | None,
    reminders: Sequence[Path] | None,
) -> int:
    """The heat map, or the files it was written to; then what is missing and left out, the counts, what to do next."""
    terminal.json(result)
    if out is not None:
        write_whole(out, _content(result, period, out), shared=True)
        terminal.say("written", style="bold", path=relative(out))
    elif reminders is None and not (terminal.quiet or terminal.as_json):
        _map(terminal, result, period)
    for path in reminders or ():
        terminal.say("written", style="bold", path=relative(path))
    if reminders is not None:
        terminal.say("reminders-done" if reminders else "reminders-none", count=len(reminders) // 2)
    for problem in result.problems:
        terminal.problem(problem)
    if not (terminal.quiet or terminal.as_json):
        for sentence in (pages.summary(result, terminal.lang), *pages.steps(result, terminal.lang)):
            terminal.out.print(Text(_shown(terminal, sentence)), soft_wrap=True)
    return TO_ACT_ON if strict and result.missing else DONE


def _content(result: Status, period: Period, out: Path) -> bytes:
    if out.suffix.lower() == ".xlsx":
        return pages.workbook(result, period)
    if out.suffix.lower() in (".html", ".htm"):
        return pages.page(result, period)
    raise CannotRun(Problem("status-format", found=out.suffix or out.name))


def _map(terminal: Terminal, result: Status, period: Period) -> None:
    dues = sorted({s.due for s in result.states})
    terminal.say("status-title", style="bold", period=period.title if terminal.lang == "zh" else period.label,
                 today=result.today, due="、".join(map(str, dues)) or "—")  # fmt: skip
    states = {(s.reporter_code, s.form): s for s in result.states}
    widest = max((cell_len(name) for name in result.units.values()), default=0)
    name_width = min(max(widest, _LEAST_NAME), _MOST_NAME)
    forms = list(result.forms)
    for first, last in _bands(len(forms), terminal.out.width, name_width):
        rows = [
            (name, [states.get((code, form)) for form in forms[first:last]])
            for code, name in result.units.items()
        ]
        _matrix(terminal, [result.forms[form] for form in forms[first:last]], rows, name_width)
    for slug in ("status-legend", "status-legend-more"):
        terminal.out.print(Text(_shown(terminal, terminal.text(slug)), style="dim"), soft_wrap=True)
    _lines(terminal, list(_missing(terminal, result)))
    _lines(terminal, list(_left_out(terminal, result)))


def _bands(forms: int, width: int, name_width: int) -> list[tuple[int, int]]:
    """From which to which form each table shows: as few tables as are wide enough, for a table that is too wide loses
    columns without a word."""
    most = max(1, (width - name_width - 2) // _COLUMN)
    size = -(-forms // max(1, -(-forms // most)))
    return [(first, min(first + size, forms)) for first in range(0, forms, size)] if forms else []


def _matrix(
    terminal: Terminal, titles: list[str], rows: list[tuple[str, list[TrackedReturn | None]]], name_width: int
) -> None:
    from rich import box
    from rich.table import Table

    width = min((terminal.out.width - name_width - 2) // len(titles), _WIDEST) - 2
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(terminal.text("column-unit"), overflow="fold", width=name_width)
    for title in titles:
        table.add_column(Text(title), overflow="fold", justify="center", width=width)
    for name, states in rows:
        table.add_row(Text(name), *(_cell(terminal, state, width) for state in states))
    terminal.out.print(table)


def _cell(terminal: Terminal, state: TrackedReturn | None, width: int) -> Text:
    """The mark, on its colour over the whole width of the cell."""
    words = _shown(terminal, pages.mark(state, terminal.lang))
    room = max(width - cell_len(words), 0)
    # Set out here and not by the column: rich centres what is left of a text when the spaces after it are gone.
    shown = " " * (room // 2) + words + " " * (room - room // 2)
    return Text(shown, _STYLE[pages.heat(state)], justify="left")


def _shown(terminal: Terminal, text: str) -> str:
    """The text with the signs its console has."""
    for sign, other in _OLD_CONSOLES.items():
        try:
            sign.encode(terminal.out.encoding)
        except (UnicodeEncodeError, LookupError):
            text = text.replace(sign, other)
    return text


def _missing(terminal: Terminal, result: Status) -> Iterator[str]:
    """A line a reporter and due date for what is overdue, a line a return for what was sent back."""
    overdue: dict[tuple[str, object], list[TrackedReturn]] = {}
    for state in result.states:
        if state.overdue:
            overdue.setdefault((state.reporter_code, state.due), []).append(state)
    for (code, due), states in overdue.items():
        named = [result.forms[s.form] for s in states]
        forms = "、".join(named[:_FORMS_NAMED]) + ("……" if len(named) > _FORMS_NAMED else "")
        yield terminal.text("status-overdue", unit=result.units[code], count=len(states), due=due,
                            delay=pages.delay(states[0], terminal.lang), forms=forms)  # fmt: skip
    for state in result.states:
        if state.returned_on is not None:
            yield terminal.text("status-returned", unit=result.units[state.reporter_code],
                                form=result.forms[state.form], day=state.returned_on, by=state.answer_by)  # fmt: skip


def _left_out(terminal: Terminal, result: Status) -> Iterator[str]:
    for state in result.states:
        if state.omitted:
            yield terminal.text("status-omitted", unit=result.units[state.reporter_code], form=result.forms[state.form],
                                count=len(state.omitted), villages="、".join(state.omitted))  # fmt: skip


def _lines(terminal: Terminal, lines: list[str]) -> None:
    shown = lines if terminal.verbose else lines[:_LINES_SHOWN]
    for line in shown:
        terminal.out.print(Text(line), soft_wrap=True)
    if len(lines) > len(shown):
        terminal.say("status-more", style="dim", count=len(lines) - len(shown))
