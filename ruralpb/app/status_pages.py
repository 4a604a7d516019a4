"""How a return's state reads: in a cell of the heat map, in a sentence; and the heat map as a workbook and a web page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING, Literal

from ruralpb.app.status import Status
from ruralpb.core.messages import Language, say
from ruralpb.core.periods import Period
from ruralpb.returns import TrackedReturn

if TYPE_CHECKING:
    from ruralpb.publish.xlsx.sheets import Cell

Heat = Literal["accepted", "late", "to-come", "held", "returned", "blocked", "overdue", "not-owed"]

FILL: Mapping[str, str] = {
    "accepted": "#E2F0DA",
    "late": "#FFF2CC",
    "to-come": "#FFFFFF",
    "held": "#E4DFEC",
    "returned": "#DCE6F1",
    "blocked": "#F8CBAD",
    "overdue": "#E06666",
    "not-owed": "#F2F2F2",
}
"""The colour of a cell; each state has its own words too, for a black-and-white print."""

_DETAILS = (
    "单位", "表号", "报表", "到期日", "收到日", "状态", "迟报（工作日）", "迟报（天）", "版次", "错误", "核实", "漏报村", "下一步",
)  # fmt: skip


def heat(state: TrackedReturn | None) -> Heat:
    """Return how a return is coloured: an accepted one that came late is late."""
    if state is None:
        return "not-owed"
    if state.status == "missing":
        return "overdue" if state.timeliness == "late" else "to-come"
    if state.status == "accepted":
        return "late" if state.timeliness == "late" else "accepted"
    return state.status


def mark(state: TrackedReturn | None, lang: Language = "zh") -> str:
    """Return what stands in a cell: the state, errors/queries, working days late, villages left out, the version if not the first."""
    if state is None:
        return "·"
    kind = heat(state)
    words = [say(f"state-{'accepted' if kind == 'late' else kind}", lang)]
    if state.submission and (state.errors or state.queries):
        words.append(f"{state.errors}/{state.queries}")
    if kind == "overdue":
        words.append(say("mark-overdue", lang, days=_days(state)))
    elif state.timeliness == "late" and state.received:
        words.append(say("mark-late", lang, days=_days(state)))
    if state.omitted:
        words.append(say("mark-omitted", lang, count=len(state.omitted)))
    if state.resubmitted:
        words.append(f"v{state.versions}")
    return " ".join(words)


def _days(state: TrackedReturn) -> str:
    """The working days; a return that came on the days off after its due date is late by less than one."""
    return str(state.workdays_late or "<1")


def delay(state: TrackedReturn, lang: Language = "zh") -> str:
    """Return by how much a return is late, in working days and days; "" when it is not."""
    if state.timeliness != "late":
        return ""
    if not state.workdays_late:
        return say("delay-days-off", lang, days=state.days_late)
    return say("delay", lang, workdays=state.workdays_late, days=state.days_late)


def situation(state: TrackedReturn, lang: Language = "zh") -> str:
    """Return a return's state in words, with its delay, and by when a corrected one is asked for."""
    kind = heat(state)
    word = say(f"situation-{'accepted' if kind == 'late' else kind}", lang)
    if state.answer_by is not None:
        word = say("situation-answer-by", lang, state=word, day=state.answer_by)
    late = delay(state, lang)
    if not late:
        return word
    return say(
        "situation-overdue-by" if kind == "overdue" else "situation-late-by", lang, state=word, delay=late
    )


def legend(lang: Language = "zh") -> list[tuple[Heat, str, str]]:
    """Return (heat, mark, what it means) for each kind of cell."""
    marks: list[tuple[Heat, str]] = [
        ("accepted", say("state-accepted", lang)),
        ("late", f"{say('state-accepted', lang)} {say('mark-late', lang, days=3)}"),
        ("blocked", f"{say('state-blocked', lang)} 3/1"),
        ("returned", f"{say('state-returned', lang)} 3/1"),
        ("overdue", f"{say('state-overdue', lang)} {say('mark-overdue', lang, days=3)}"),
        ("to-come", say("state-to-come", lang)),
        ("held", say("state-held", lang)),
        ("not-owed", "·"),
    ]
    return [(kind, text, say(f"legend-{kind}", lang)) for kind, text in marks]


def summary(found: Status, lang: Language = "zh") -> str:
    """Return the counts in one sentence."""
    return say(
        "status-done", lang, period=found.period, owed=len(found.states), accepted=found.accepted,
        blocked=found.blocked, missing=found.missing, late=found.late,
    )  # fmt: skip


def steps(found: Status, lang: Language = "zh") -> list[str]:
    """Return what to do next, a sentence each."""
    sealed = f"{found.sealed_on.isoformat()} {found.sealed_by}" if found.sealed_on else ""
    return [
        say(f"next-{step}", lang, period=found.period, count=found.count(step), sealed=sealed)
        for step in found.next
    ]


def step(state: TrackedReturn, lang: Language = "zh") -> str:
    """Return what to do about one return; "" when nothing is left to do."""
    return say(f"step-{state.step}", lang) if state.step else ""


# ------------------------------------------------------------------------------------------------ files


@dataclass(frozen=True, slots=True)
class _Line:
    """One return as the list below the map has it."""

    state: TrackedReturn
    cells: tuple[str | int | None, ...]


def _title(found: Status, period: Period) -> str:
    day = found.today
    return f"{period.title}报送情况（截至{day.year}年{day.month}月{day.day}日）"


def _lines(found: Status) -> list[_Line]:
    order = {code: place for place, code in enumerate(found.units)}
    forms = {form: place for place, form in enumerate(found.forms)}
    states = sorted(found.states, key=lambda s: (order[s.reporter_code], forms.get(s.form, len(forms))))
    return [_Line(s, _cells(found, s)) for s in states]


def _cells(found: Status, s: TrackedReturn) -> tuple[str | int | None, ...]:
    late = s.timeliness == "late"
    return (
        found.units[s.reporter_code], found.codes.get(s.form, ""), found.forms.get(s.form, s.form), s.due.isoformat(),
        s.received.isoformat() if s.received else "", situation(s), s.workdays_late if late else None,
        s.days_late if late else None, s.version or None, s.errors or None, s.queries or None, "、".join(s.omitted), step(s),
    )  # fmt: skip


def _map(found: Status) -> list[tuple[str, list[TrackedReturn | None]]]:
    states = {(s.reporter_code, s.form): s for s in found.states}
    return [(name, [states.get((code, form)) for form in found.forms]) for code, name in found.units.items()]


def workbook(found: Status, period: Period) -> bytes:
    """Return the heat map as a workbook, and on a second sheet a line a return. The same data give the same bytes."""
    from ruralpb.publish.xlsx.sheets import Book, Column, Tinted

    book = Book(datetime.combine(found.today, time()), _title(found, period))
    columns = [Column("填报单位"), *(Column(title, "center", 11.0) for title in found.forms.values())]
    rows: list[list[Cell]] = [
        [name, *(Tinted(mark(state), FILL[heat(state)]) for state in line)] for name, line in _map(found)
    ]
    notes: list[str | tuple[Tinted, str]] = ["图例："]
    notes += [(Tinted(text, FILL[kind]), meaning) for kind, text, meaning in legend()]
    notes += [summary(found), *steps(found)]
    book.sheet("报送情况", columns, rows, _title(found, period), notes)
    heads = [Column(t, "right" if t in _DETAILS[6:11] else "left") for t in _DETAILS]
    lines = [_tinted(line) for line in _lines(found)]
    book.sheet("逐份", heads, lines, f"{period.title}报送情况：逐份")
    return book.close()


def _tinted(line: _Line) -> list[Cell]:
    from ruralpb.publish.xlsx.sheets import Tinted

    place = _DETAILS.index("状态")
    fill = FILL[heat(line.state)]
    cells: list[Cell] = list(line.cells)
    cells[place] = Tinted(str(cells[place]), fill)
    return cells


def page(found: Status, period: Period) -> bytes:
    """Return the heat map as one web page without scripts, and below it a line a return."""
    from ruralpb.publish.html.heat import HeatPage, Shade, write

    return write(
        HeatPage(
            title=_title(found, period),
            said=(summary(found), *steps(found)),
            heads=("填报单位", *found.forms.values()),
            rows=tuple(
                (name, tuple(Shade(mark(s), heat(s), situation(s) if s else "") for s in line))
                for name, line in _map(found)
            ),
            legend=tuple((Shade(text, kind), meaning) for kind, text, meaning in legend()),
            details=_DETAILS,
            lines=tuple(
                tuple("" if cell is None else str(cell) for cell in line.cells) for line in _lines(found)
            ),
            fills=FILL,
        )
    ).encode()
