"""`status`: a heat map of reporters and forms, what is missing, what to do next; the files and reminders written instead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from ruralpb.cli.exit_codes import ExitCode, done
from ruralpb.cli.parameters import Quarter, Unit, current_day, option, period_of, project_of
from ruralpb.cli.terminal import Terminal
from ruralpb.core.messages import listing
from ruralpb.core.problems import CannotRun, Problem

if TYPE_CHECKING:
    from rich.text import Text

    from ruralpb.core.periods import Period
    from ruralpb.model import Status, TrackedReturn

_STYLE = {
    "accepted": "green",
    "late": "yellow",
    "to-come": "",
    "unread": "black on bright_red",
    "held": "black on magenta",
    "returned": "black on cyan",
    "blocked": "black on yellow",
    "overdue": "bold white on red",
    "not-owed": "dim",
}
"""How a cell looks, by `return_status.Heat`."""
_LEAST_NAME, _MOST_NAME = 12, 22
_COLUMN, _WIDEST = 10, 16
_LINES_SHOWN = 20
_FORMS_NAMED = 4
"""The heat map shows the rest."""
_OLD_CONSOLES = {"✓": "√"}
"""What stands in for a sign that the console's encoding (cp936) lacks."""


@dataclass(frozen=True, slots=True)
class StatusArguments:
    """What `status` takes."""

    quarter: Quarter = "last"
    unit: Unit = ""
    strict: Annotated[bool, option("help-strict", "--strict")] = False
    out: Annotated[Path | None, option("help-status-out", "--out", value="PATH")] = None
    reminders: Annotated[Path | None, option("help-reminders", "--reminders", value="DIR")] = None


def status(terminal: Terminal, arguments: StatusArguments) -> ExitCode:
    """How the returns of a period stand; with --strict there is something to act on while any is missing."""
    from ruralpb.app import status

    project, period = project_of(terminal), period_of(arguments.quarter)
    result = status.status(project, period, arguments.unit, current_day())
    written = None
    if arguments.reminders:
        # Here, because a status alone need not pay for importing what makes documents.
        from ruralpb.app import reminders

        written = reminders.write(project, period, result, arguments.reminders)
    terminal.json(result)
    show_status(terminal, result, period, arguments.out, written)
    return done(to_act_on=arguments.strict and result.missing + result.unread)


def show_status(
    terminal: Terminal, result: Status, period: Period, out: Path | None, reminders: Sequence[Path] | None
) -> None:
    """The heat map, or the files written instead; then what is missing and left out, the counts, what to do next."""
    from ruralpb.publish.text import return_status
    from ruralpb.store.disk import write_whole

    if out is not None:
        write_whole(out, _content(result, period, out), shared=True)
        terminal.written([out])
    elif reminders is None and not terminal.silent:
        _HeatMap(terminal, result).show(period)
    if reminders is not None:
        terminal.written(reminders)
        terminal.say("reminders-done" if reminders else "reminders-none", count=len(reminders) // 2)
    terminal.problems(result.problems)
    terminal.line(_encodable(terminal, return_status.summary(result, terminal.lang)))
    for step in return_status.steps(result, terminal.lang):
        terminal.line(_encodable(terminal, step))


def _content(result: Status, period: Period, out: Path) -> bytes:
    from ruralpb.publish.documents.status_page import status_page
    from ruralpb.publish.documents.status_workbook import status_workbook

    if out.suffix.lower() == ".xlsx":
        return status_workbook(result, period)
    if out.suffix.lower() in (".html", ".htm"):
        return status_page(result, period)
    raise CannotRun(Problem("status-format", found=out.suffix or out.name))


def _encodable(terminal: Terminal, text: str) -> str:
    """The text with the signs its console has."""
    for sign, other in _OLD_CONSOLES.items():
        try:
            sign.encode(terminal.out.encoding)
        except (UnicodeEncodeError, LookupError):
            text = text.replace(sign, other)
    return text


@dataclass(frozen=True)
class _HeatMap:
    """The returns of a period as a matrix of reporters and forms, and what is missing below it."""

    terminal: Terminal
    status: Status

    def show(self, period: Period) -> None:
        """Print as few matrices as are wide enough, the legend, and a line for what is overdue, sent back, left out."""
        from rich.cells import cell_len

        terminal, result = self.terminal, self.status
        due = listing(str(day) for day in sorted({s.due for s in result.states}))
        title = period.title if terminal.lang == "zh" else period.label
        terminal.say("status-title", style="bold", period=title, today=result.today, due=due or "—")
        widest = max((cell_len(name) for name in result.units.values()), default=0)
        name_width = min(max(widest, _LEAST_NAME), _MOST_NAME)
        for forms in self._bands(name_width):
            self._print_matrix(forms, name_width)
        unread = ("status-legend-unread",) if result.unread else ()
        for slug in ("status-legend", "status-legend-more", *unread):
            terminal.line((_encodable(terminal, terminal.text(slug)), "dim"))
        for lines in (list(self._missing()), list(self._unread()), list(self._omitted())):
            for line in terminal.shown(lines, _LINES_SHOWN):
                terminal.line(line)
            terminal.more("status-more", lines, _LINES_SHOWN)

    def _bands(self, name_width: int) -> list[list[str]]:
        """The forms of each matrix: as few matrices as are wide enough, for one that is too wide loses columns
        without a word."""
        forms = list(self.status.forms)
        most = max(1, (self.terminal.out.width - name_width - 2) // _COLUMN)
        size = -(-len(forms) // max(1, -(-len(forms) // most)))
        return [forms[first : first + size] for first in range(0, len(forms), size)] if forms else []

    def _print_matrix(self, forms: Sequence[str], name_width: int) -> None:
        from rich import box
        from rich.table import Table
        from rich.text import Text

        states = {(s.reporter_code, s.form): s for s in self.status.states}
        width = min((self.terminal.out.width - name_width - 2) // len(forms), _WIDEST) - 2
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        table.add_column(self.terminal.text("column-unit"), overflow="fold", width=name_width)
        for form in forms:
            table.add_column(Text(self.status.forms[form]), overflow="fold", justify="center", width=width)
        for code, name in self.status.units.items():
            table.add_row(Text(name), *(self._cell(states.get((code, form)), width) for form in forms))
        self.terminal.out.print(table)

    def _cell(self, state: TrackedReturn | None, width: int) -> Text:
        """The mark, on its colour over the whole width of the cell."""
        from rich.cells import cell_len
        from rich.text import Text

        from ruralpb.publish.text import return_status

        words = _encodable(self.terminal, return_status.mark(state, self.terminal.lang))
        room = max(width - cell_len(words), 0)
        # Set out here and not by the column: rich centres what is left of a text when the spaces after it are gone.
        shown = " " * (room // 2) + words + " " * (room - room // 2)
        return Text(shown, _STYLE[return_status.heat(state)], justify="left")

    def _missing(self) -> Iterator[str]:
        """A line a reporter and due date for what is overdue, a line a return for what was sent back."""
        from ruralpb.publish.text import return_status

        terminal, result = self.terminal, self.status
        overdue: dict[tuple[str, date], list[TrackedReturn]] = {}
        for state in result.states:
            if state.overdue:
                overdue.setdefault((state.reporter_code, state.due), []).append(state)
        for (code, due), states in overdue.items():
            titles = [result.forms[state.form] for state in states]
            forms = listing(titles[:_FORMS_NAMED]).within(terminal.lang) + (
                "……" if len(titles) > _FORMS_NAMED else ""
            )
            yield terminal.text("status-overdue", unit=result.units[code], count=len(states), due=due,
                                delay=return_status.delay(states[0], terminal.lang), forms=forms)  # fmt: skip
        for state in result.states:
            if state.returned_on is not None:
                yield terminal.text("status-returned", unit=result.units[state.reporter_code],
                                    form=result.forms[state.form], day=state.returned_on, by=state.answer_by)  # fmt: skip

    def _unread(self) -> Iterator[str]:
        """A line a file or sheet that came and could not be read, a line an attachment."""
        terminal, result = self.terminal, self.status
        files = Counter(
            (s.reporter_code, str(s.unread.where), s.unread.text(terminal.lang))
            for s in result.states
            if s.unread
        )
        for (code, where, reason), count in files.items():
            yield terminal.text(
                "status-unread", unit=result.units[code], count=count, where=where, reason=reason
            )
        for problem in result.attachments:
            yield terminal.text("status-attachment", where=problem.where, reason=problem.text(terminal.lang))

    def _omitted(self) -> Iterator[str]:
        for state in self.status.states:
            if state.omitted:
                yield self.terminal.text("status-omitted", unit=self.status.units[state.reporter_code],
                                         form=self.status.forms[state.form], count=len(state.omitted),
                                         villages=listing(state.omitted))  # fmt: skip
