"""Feedback: what every reporter has to correct or to explain goes back to it, and the journal says what was sent back.

A folder a reporter: marked copies of its own files, 核实清单.xlsx, 退回修改通知 (.docx and .txt). Run again without news it writes the same bytes and
journals nothing.
"""

from __future__ import annotations

import getpass
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from ruralpb import returns
from ruralpb.app.examination import Selection, examine
from ruralpb.app.feedback_folder import FeedbackFolder
from ruralpb.app.project import Project, command_line
from ruralpb.app.units import find_unit, unit_name
from ruralpb.core.messages import say
from ruralpb.core.periods import Period
from ruralpb.model import ReturnState
from ruralpb.returns.returned_findings import SentBack, by_reporter, findings_to_answer

Advance = Callable[[str], None]

FOLDER = "feedback"


@dataclass(frozen=True, slots=True)
class FeedbackRequest:
    """For which unit and those below it (code or name; empty: all), and into which folder. `wait`: seconds for the project's lock."""

    unit: str = ""
    out: Path | None = None
    wait: float = 60.0


@dataclass(frozen=True, slots=True)
class Feedback:
    """What went back for a period."""

    period: str
    sent: tuple[SentBack, ...]

    @property
    def journaled(self) -> int:
        """How many returns were sent back that had not been."""
        return sum(len(sent.submissions) for sent in self.sent)


def feedback(
    project: Project, period: Period, order: FeedbackRequest, now: datetime, advance: Advance
) -> Feedback:
    """Write what goes back for `period` to every reporter with an open error or query, then journal each blocked return as sent back.

    A return that never came is chased, not sent back. Raises CannotRun: an unknown unit (exit 2), another writer (exit 3).
    """
    register = project.definitions.register
    unit = find_unit(register, order.unit, period.end).code if order.unit else ""
    folder = order.out or project.folder / project.settings.out / period.label / FOLDER
    with project.reading() as store:
        checked = examine(project, None, store, period, now.date(), Selection(), localised=True)
        states = by_reporter(checked.states)
        asked = findings_to_answer(checked.failed(), states)
        wanted = {c: f for c, f in asked.items() if not unit or unit in register.path(c, period.end)}
        folders = _folders(project, period, wanted)
        desk = FeedbackFolder(project, period, store, folder, now)
        sent = []
        for code, findings in wanted.items():
            sent.append(desk.send(code, folders[code], findings, states[code]))
            advance(sent[-1].reporter)
    return Feedback(period.label, tuple(_journal(project, period, sent, states, now, order.wait)))


def _folders(project: Project, period: Period, wanted: Mapping[str, object]) -> dict[str, str]:
    """Reporter → the name of its folder: its own, with its code where two have the same."""
    names = {code: unit_name(project.definitions.register, code, period.end) for code in wanted}
    often = Counter(names.values())
    return {code: name if often[name] == 1 else f"{name}-{code}" for code, name in names.items()}


def _journal(
    project: Project,
    period: Period,
    sent: Sequence[SentBack],
    states: Mapping[str, Sequence[ReturnState]],
    now: datetime,
    wait: float,
) -> list[SentBack]:
    """Journal each blocked return of those that were sent to, unless the journal has it; return what was sent with what is new."""
    blocked = {o.reporter_code: [s for s in states[o.reporter_code] if s.status == "blocked"] for o in sent}
    if not any(blocked.values()):
        return list(sent)
    with project.lock(command_line(), wait, now):
        earlier = returns.sent_back(project.journal.decisions(), period)
        journal, done = project.journal, []
        for reporter in sent:
            new = []
            for state in blocked[reporter.reporter_code]:
                last = earlier.get((state.reporter_code, state.form))
                if last is not None and last.data["submission"] == state.submission:
                    continue
                data = {"submission": state.submission, "reporter": state.reporter_code, "form": state.form,
                        "period": period.label}  # fmt: skip
                reason = say("feedback-reason", errors=state.errors, queries=state.queries)
                journal.decide("return", getpass.getuser(), reason, data, now)
                new.append(state.submission)
            done.append(replace(reporter, submissions=tuple(new)))
    return done
