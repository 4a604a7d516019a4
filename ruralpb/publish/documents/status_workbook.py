"""How the returns of a period stand, as a workbook: the heat map, and a line a return."""

from __future__ import annotations

from datetime import datetime, time

from ruralpb.core.periods import Period
from ruralpb.core.phrases import phrases
from ruralpb.model import Status, TrackedReturn
from ruralpb.publish.text.return_status import (
    DETAILS,
    FILL,
    DetailColumn,
    heat,
    heat_rows,
    in_order,
    legend,
    mark,
    steps,
    summary,
    title,
)
from ruralpb.publish.xlsx.sheets import Book, SheetCell, SheetColumn, Tinted


def status_workbook(status: Status, period: Period) -> bytes:
    """Return the heat map as a workbook, and on a second sheet a line a return. The same data give the same bytes."""
    words = phrases("status")
    book = Book(datetime.combine(status.today, time()), title(status, period))
    columns = [
        SheetColumn(words["reporter"]),
        *(SheetColumn(name, "center", 11.0) for name in status.forms.values()),
    ]
    rows: list[list[SheetCell]] = [
        [name, *(Tinted(mark(state), FILL[heat(state)]) for state in states)]
        for name, states in heat_rows(status)
    ]
    notes: list[str | tuple[Tinted, str]] = [words["legend"]]
    notes += [(Tinted(text, FILL[kind]), meaning) for kind, text, meaning in legend()]
    notes += [summary(status), *steps(status)]
    book.sheet(words["map"], columns, rows, title(status, period), notes)
    heads = [SheetColumn(column.head, "right" if column.number else "left") for column in DETAILS]
    lines = [[_cell(column, status, state) for column in DETAILS] for state in in_order(status)]
    book.sheet(words["list"], heads, lines, words["list_title"].format(period=period.title))
    return book.close()


def _cell(column: DetailColumn, status: Status, state: TrackedReturn) -> SheetCell:
    value = column.value(status, state)
    return Tinted(str(value), FILL[heat(state)]) if column.key == "state" else value
