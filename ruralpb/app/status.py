"""Status: who has returned what, on time or late, what is left out, and what to do next."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from ruralpb import returns
from ruralpb.app.examination import Selection, examine
from ruralpb.app.project import Project
from ruralpb.app.units import find_unit
from ruralpb.core.calendar import Calendar
from ruralpb.core.messages import listing
from ruralpb.core.periods import Period
from ruralpb.core.problems import Problem
from ruralpb.model import Decision, Finding, Form, Register, Status, TrackedReturn
from ruralpb.returns.seals import seals

OMITTED = "C02"
"""The check that names the villages of the register which a present return leaves out."""


def status(project: Project, period: Period, unit: str, today: date) -> Status:
    """Return how the returns of `period` stand, of one unit and those below it, or of all. Raises CannotRun for an unknown unit."""
    register, library, settings = project.definitions.register, project.definitions.library, project.settings
    decisions = project.journal.decisions()
    with project.reading() as store:
        checked = examine(project, None, store, period, today, Selection())
        versions = store.submissions(period)
        attachments = [file for file in store.unread(period) if file.attachment]
    calendar = Calendar.of(settings.holidays, settings.workdays)
    states = returns.track(
        checked.states,
        versions,
        _omitted(checked.findings, register, period),
        _returned_on(decisions, period),
        settings.answer_workdays,
        calendar,
        today,
    )
    if unit:
        chosen = find_unit(register, unit, period.end).code
        states = [s for s in states if chosen in register.path(s.reporter_code, period.end)]
        attachments = [a for a in attachments if chosen in register.path(a.reporter_code, period.end)]
    seal = seals(decisions).get(period.label)
    forms = _by_number(f for f in library.forms.values() if any(s.form == f.id for s in states))
    return Status(
        period=period.label,
        states=tuple(states),
        units=_names(states, register, period),
        forms={form.id: form.title for form in forms},
        codes={form.id: form.code for form in forms},
        today=today,
        sealed_on=date.fromisoformat(seal.at[:10]) if seal else None,
        next=returns.next_steps(states, seal is not None, period.end < today, not versions),
        attachments=tuple(file.problem for file in attachments),
        problems=(*_unknown_years(calendar, states, period, today), *checked.problems),
        sealed_by=seal.by if seal else "",
    )


def _names(states: Iterable[TrackedReturn], register: Register, period: Period) -> dict[str, str]:
    """The reporters in register order; one that is no longer valid comes last, by its code."""
    reporters = {s.reporter_code for s in states}
    named = {u.code: u.name for u in register.on(period.end) if u.code in reporters}
    return named | {code: code for code in sorted(reporters - named.keys())}


def _by_number(forms: Iterable[Form]) -> list[Form]:
    """The forms as an office counts them: 县组季01表 before 县农季08表; those without a number stay behind, in their order."""

    def number(form: Form) -> int:
        digits = re.search(r"\d+", form.code)
        return int(digits[0]) if digits else 1000

    return sorted(forms, key=number)


def _omitted(
    findings: Iterable[Finding], register: Register, period: Period
) -> Mapping[tuple[str, str], Sequence[str]]:
    """The names of the villages that present returns leave out, explained or not, by reporter and form."""
    omitted: dict[tuple[str, str], list[str]] = {}
    for finding in findings:
        if finding.check == OMITTED and finding.outcome == "fail":
            village = register.get(finding.unit_code, period.end)
            names = omitted.setdefault((finding.reporter_code, finding.form), [])
            names.append(village.name if village else finding.unit_code)
    return omitted


def _returned_on(decisions: Iterable[Decision], period: Period) -> dict[tuple[str, str], date]:
    sent_back = returns.sent_back(decisions, period)
    return {key: date.fromisoformat(decision.at[:10]) for key, decision in sent_back.items()}


def _unknown_years(
    calendar: Calendar, states: Iterable[TrackedReturn], period: Period, today: date
) -> list[Problem]:
    """The years whose holidays neither the project nor the published calendar knows, where a due date or a delay counts them."""
    years: set[int] = set()
    for state in states:
        counted_to = max(state.due, state.received or (today if state.overdue else state.due))
        years.update(range(period.end.year, counted_to.year + 1))
    # The last day of a year is followed by the first working day counted.
    unknown = [str(year) for year in sorted(years) if not calendar.known(year)]
    return [Problem("calendar-unknown", found=listing(unknown), severity="query")] if unknown else []
