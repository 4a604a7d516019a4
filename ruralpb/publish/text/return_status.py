"""How a return's state reads: in a cell of the heat map, in a sentence, in the list below the map."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from ruralpb.core.messages import Language, say
from ruralpb.core.periods import Period
from ruralpb.core.phrases import phrases
from ruralpb.model import Status, TrackedReturn

Heat = Literal["accepted", "late", "to-come", "unread", "held", "returned", "blocked", "overdue", "not-owed"]

FILL: Mapping[str, str] = {
    "accepted": "#E2F0DA",
    "late": "#FFF2CC",
    "to-come": "#FFFFFF",
    "unread": "#FCE4D6",
    "held": "#E4DFEC",
    "returned": "#DCE6F1",
    "blocked": "#F8CBAD",
    "overdue": "#E06666",
    "not-owed": "#F2F2F2",
}
"""The colour of a cell; each state has its own words too, for a black-and-white print."""


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
        ("unread", say("state-unread", lang)),
        ("held", say("state-held", lang)),
        ("not-owed", "·"),
    ]
    return [(kind, text, say(f"legend-{kind}", lang)) for kind, text in marks]


def summary(status: Status, lang: Language = "zh") -> str:
    """Return the counts in one sentence."""
    return say(
        "status-done-unread" if status.unread else "status-done", lang, unread=status.unread, period=status.period, owed=len(status.states), accepted=status.accepted,
        blocked=status.blocked, missing=status.missing, late=status.late,
    )  # fmt: skip


def steps(status: Status, lang: Language = "zh") -> list[str]:
    """Return what to do next, a sentence each."""
    sealed = f"{status.sealed_on.isoformat()} {status.sealed_by}" if status.sealed_on else ""
    return [
        say(f"next-{step}", lang, period=status.period, count=status.count(step), sealed=sealed)
        for step in status.next
    ]


def step(state: TrackedReturn, lang: Language = "zh") -> str:
    """Return what to do about one return; "" when nothing is left to do."""
    return say(f"step-{state.step}", lang) if state.step else ""


@dataclass(frozen=True, slots=True)
class DetailColumn:
    """A column of the list of returns: its key in `library/phrases/status.yaml`, what stands in it, whether that is a number."""

    key: str
    value: Callable[[Status, TrackedReturn], str | int | None]
    number: bool = False

    @property
    def head(self) -> str:
        """The column's heading."""
        return phrases("status")[f"column.{self.key}"]


DETAILS = (
    DetailColumn("reporter", lambda status, state: status.units[state.reporter_code]),
    DetailColumn("code", lambda status, state: status.codes.get(state.form, "")),
    DetailColumn("form", lambda status, state: status.forms.get(state.form, state.form)),
    DetailColumn("due", lambda _, state: state.due.isoformat()),
    DetailColumn("received", lambda _, state: state.received.isoformat() if state.received else ""),
    DetailColumn("state", lambda _, state: situation(state)),
    DetailColumn(
        "workdays_late", lambda _, state: state.workdays_late if _late(state) else None, number=True
    ),
    DetailColumn("days_late", lambda _, state: state.days_late if _late(state) else None, number=True),
    DetailColumn("version", lambda _, state: state.version or None, number=True),
    DetailColumn("errors", lambda _, state: state.errors or None, number=True),
    DetailColumn("queries", lambda _, state: state.queries or None, number=True),
    DetailColumn("unread", lambda _, state: str(state.unread) if state.unread else ""),
    DetailColumn("omitted", lambda _, state: "、".join(state.omitted)),
    DetailColumn("step", lambda _, state: step(state)),
)
"""The list of returns below the heat map, in the workbook and on the page."""


def _late(state: TrackedReturn) -> bool:
    return state.timeliness == "late"


def title(status: Status, period: Period) -> str:
    """Return the title of the heat map, with the day it holds for."""
    day = status.today
    return phrases("status")["title"].format(period=period.title, year=day.year, month=day.month, day=day.day)


def in_order(status: Status) -> list[TrackedReturn]:
    """Return the states by reporter, then by form."""
    units = {code: place for place, code in enumerate(status.units)}
    forms = {form: place for place, form in enumerate(status.forms)}
    return sorted(status.states, key=lambda s: (units[s.reporter_code], forms.get(s.form, len(forms))))


def heat_rows(status: Status) -> list[tuple[str, list[TrackedReturn | None]]]:
    """Return (reporter, its return of each form, None where it owes none) for each row of the map."""
    states = {(s.reporter_code, s.form): s for s in status.states}
    return [
        (name, [states.get((code, form)) for form in status.forms]) for code, name in status.units.items()
    ]
