"""How the returns of a period stand, as one web page without scripts: the heat map, and below it a line a return."""

from __future__ import annotations

from ruralpb.core.periods import Period
from ruralpb.core.phrases import phrases
from ruralpb.model import Status
from ruralpb.publish.html.heat import HeatPage, Shade, write
from ruralpb.publish.text.return_status import (
    DETAILS,
    FILL,
    heat,
    heat_rows,
    in_order,
    legend,
    mark,
    situation,
    steps,
    summary,
    title,
)


def status_page(status: Status, period: Period) -> bytes:
    """Return the page. The same data give the same bytes."""
    rows = tuple(
        (name, tuple(Shade(mark(s), heat(s), situation(s) if s else "") for s in states))
        for name, states in heat_rows(status)
    )
    lines = [[column.value(status, state) for column in DETAILS] for state in in_order(status)]
    page = HeatPage(
        title=title(status, period),
        said=(summary(status), *steps(status)),
        heads=(phrases("status")["reporter"], *status.forms.values()),
        rows=rows,
        legend=tuple((Shade(text, kind), meaning) for kind, text, meaning in legend()),
        details=tuple(column.head for column in DETAILS),
        lines=tuple(tuple("" if cell is None else str(cell) for cell in line) for line in lines),
        fills=FILL,
    )
    return write(page).encode()
