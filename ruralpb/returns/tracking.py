"""What an office keeps of a return beside its status: working days late, villages left out, versions; and what to do next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date

from ruralpb.core.calendar import Calendar
from ruralpb.model import ReturnState, Step, Submission, TrackedReturn


def answer_by(day: date, workdays: int, calendar: Calendar) -> date:
    """Return the last day for an answer to what was sent on `day`: `workdays` (setting `answer_workdays`) working days later."""
    return calendar.nth_workday_after(day, workdays)


def track(
    states: Iterable[ReturnState],
    submissions: Iterable[Submission],
    omitted: Mapping[tuple[str, str], Sequence[str]],
    returned_on: Mapping[tuple[str, str], date],
    answer_workdays: int,
    calendar: Calendar,
    today: date,
) -> list[TrackedReturn]:
    """Return each state with what belongs to it.

    `submissions` are all versions of the period. `omitted` (villages left out) and `returned_on` (when it was sent back) are by
    (reporter, form). `answer_workdays`: the setting.
    """
    versions: dict[tuple[str, str], list[Submission]] = {}
    for submission in submissions:
        versions.setdefault((submission.reporter_code, submission.form), []).append(submission)
    tracked = []
    for state in states:
        key = (state.reporter_code, state.form)
        found = _tracked(state, versions.get(key, ()), omitted.get(key, ()), calendar, today)
        day = returned_on.get(key)
        if day is not None and found.status == "returned":
            found = replace(found, returned_on=day, answer_by=answer_by(day, answer_workdays, calendar))
        tracked.append(found)
    return tracked


def _tracked(
    state: ReturnState,
    versions: Sequence[Submission],
    omitted: Sequence[str],
    calendar: Calendar,
    today: date,
) -> TrackedReturn:
    after_seal = any(s.state == "after_seal" for s in versions)
    return TrackedReturn(
        **{field.name: getattr(state, field.name) for field in fields(ReturnState)},
        workdays_late=calendar.workdays_between(state.due, state.received or today),
        versions=sum(s.state != "held" for s in versions),
        after_seal=after_seal,
        omitted=tuple(omitted) if state.submission else (),
        step="after-seal" if after_seal else _step(state),
    )


def _step(state: ReturnState) -> Step | None:
    if state.status == "missing":
        return "chase" if state.timeliness == "late" else "wait"
    steps: Mapping[str, Step] = {
        "unread": "ask-again",
        "held": "decide",
        "blocked": "send-back",
        "returned": "await",
    }
    return steps.get(state.status)


_URGENT: tuple[Step, ...] = ("decide", "ask-again", "chase", "send-back", "await", "wait")
"""In which order a person sees to them."""


def next_steps(
    returns: Collection[TrackedReturn], sealed: bool, period_over: bool, none_came: bool
) -> tuple[Step, ...]:
    """Return what to do next about a period, the most urgent first; there is always something.

    `period_over`: its last day has passed; before that day the blank forms go out. `none_came`: no return of the period, owed
    or not, has been taken in by anybody.
    """
    steps = {r.step for r in returns}
    if sealed:
        return ("after-seal",) if "after-seal" in steps else ("sealed",)
    if not returns:
        return ("nothing-owed",)
    if none_came:
        if not period_over:
            return ("issue",)
        return ("take", "chase") if "chase" in steps else ("take",)
    return tuple(step for step in _URGENT if step in steps) or ("compile",)
