"""What each reporter owes for a form and period, and the status of each return."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from ruralpb.core.calendar import Calendar
from ruralpb.core.periods import Period
from ruralpb.model import (
    Decision,
    Finding,
    Library,
    OwedReturn,
    Register,
    ReturnState,
    Settings,
    Submission,
    UnreadFile,
)


def owed(settings: Settings, library: Library, register: Register, period: Period) -> list[OwedReturn]:
    """Return what is owed for `period`, in the order of the due rules, then of the register.

    A unit owes a form when it is valid on the period's last day and a due rule of `settings` names its level (and
    kind or code). The due date is the n-th working day after the period's end.
    """
    calendar = Calendar.of(settings.holidays, settings.workdays)
    owed_returns: dict[tuple[str, str], OwedReturn] = {}
    for rule in settings.due:
        if period.kind not in rule.periods:
            continue
        day = calendar.nth_workday_after(period.end, rule.workday)
        for unit in register.on(period.end, rule.level, settings.unit):
            if rule.codes and unit.code not in rule.codes:
                continue
            if (rule.kinds and unit.kind not in rule.kinds) or unit.code in rule.excused:
                continue
            for form in rule.forms:
                if form in library.forms and library.forms[form].dated.holds(period.end):
                    owed_returns.setdefault(
                        (form, unit.code), OwedReturn(form, period, unit.code, rule.level, day)
                    )
    return list(owed_returns.values())


def sent_back(decisions: Iterable[Decision], period: Period) -> dict[tuple[str, str], Decision]:
    """Return (reporter, form) → the last sending back of that return of `period`; `decisions` stand in journal order."""
    return {
        (d.data["reporter"], d.data["form"]): d
        for d in decisions
        if d.kind == "return" and d.data["period"] == period.label
    }


def states(
    owed_returns: Iterable[OwedReturn],
    submissions: Iterable[Submission],
    findings: Iterable[Finding],
    sent_back: Mapping[tuple[str, str], str],
    today: date,
    unread: Sequence[UnreadFile] = (),
) -> list[ReturnState]:
    """Return the state of every owed return of one period, then of those that came without being owed.

    `submissions` are all versions of the period, `findings` the open and explained ones, `sent_back` maps
    (reporter, form) to the submission that was last sent back, `unread` are the files and sheets that came and could not be read. A return is
    late when its first version, or the file that could not be read, came after the due date (a withdrawn one never came); a missing one is late
    once that date has passed. An error blocks, and so does a query without a live explanation; unknown never does (semantics S2).
    """
    versions: dict[tuple[str, str], list[Submission]] = defaultdict(list)
    for submission in submissions:
        versions[submission.reporter_code, submission.form].append(submission)
    errors: dict[tuple[str, str], int] = defaultdict(int)
    queries: dict[tuple[str, str], int] = defaultdict(int)
    for finding in findings:
        if finding.outcome in ("fail", "refused") and finding.status == "open":
            counted = {"error": errors, "query": queries}.get(finding.severity)
            if counted is not None:
                counted[finding.reporter_code, finding.form] += 1
    return_states = []
    dues = {(o.reporter_code, o.form): o for o in owed_returns}
    for key in [*dues, *(k for k in versions if k not in dues)]:
        state = _state(
            key, dues.get(key), versions[key], errors[key], queries[key], sent_back.get(key, ""), today
        )
        file = _unread_file(key, unread, versions) if state.status == "missing" else None
        return_states.append(_as_unread(state, file) if file else state)
    return return_states


def _unread_file(
    key: tuple[str, str], unread: Sequence[UnreadFile], versions: Mapping[tuple[str, str], list[Submission]]
) -> UnreadFile | None:
    """The last file or sheet that may be this return. One of which nobody can say the form may be any return of its sender that is missing,
    until a later file of that sender was read."""
    reporter, form = key
    last = max(
        (s.received for (code, _), own in versions.items() if code == reporter for s in own), default=None
    )
    may_be = [
        file
        for file in unread
        if file.reporter_code == reporter
        and not file.attachment
        and (file.form == form or (not file.form and (last is None or last < file.received)))
    ]
    return may_be[-1] if may_be else None


def _as_unread(state: ReturnState, file: UnreadFile) -> ReturnState:
    days_late = max(0, (file.received - state.due).days)
    return replace(
        state,
        status="unread",
        timeliness="late" if days_late else "on_time",
        received=file.received,
        days_late=days_late,
        unread=file.problem,
    )


def _state(
    key: tuple[str, str],
    due: OwedReturn | None,
    versions: list[Submission],
    errors: int,
    queries: int,
    sent_back: str,
    today: date,
) -> ReturnState:
    reporter, form = key
    current = next((s for s in reversed(versions) if s.state == "current"), None)
    first = min((s.received for s in versions if s.state != "withdrawn"), default=None)
    due_day = due.due if due else (first or today)
    arrived = first if first is not None else today
    late_days = max(0, (arrived - due_day).days)
    period = due.period if due else versions[0].period
    if current is None:
        status = "held" if any(s.state == "held" for s in versions) else "missing"
    elif errors or queries:
        status = "returned" if sent_back == current.id else "blocked"
    else:
        status = "accepted"
    return ReturnState(
        reporter_code=reporter,
        form=form,
        period=period.label,
        status=status,  # type: ignore[arg-type]
        timeliness="late" if late_days else ("not_due" if first is None else "on_time"),
        due=due_day,
        received=first,
        days_late=late_days,
        submission=current.id if current else "",
        version=current.version if current else 0,
        rows=current.rows if current else 0,
        errors=errors,
        queries=queries,
    )
