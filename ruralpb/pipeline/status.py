"""Status: who has returned what, on time or late, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ruralpb.model import ReturnState
from ruralpb.periods import Period
from ruralpb.pipeline.project import Project
from ruralpb.pipeline.units import find_unit
from ruralpb.pipeline.validate import validate


@dataclass(frozen=True, slots=True)
class Status:
    """The state of every owed return, the titles to show them by, and how many there are of each."""

    period: str
    states: tuple[ReturnState, ...]
    units: dict[str, str]
    """Reporter code → name, in register order."""
    forms: dict[str, str]
    """Form id → title, in library order."""

    @property
    def missing(self) -> int:
        """Owed returns that have not come, or are held."""
        return sum(state.status in ("missing", "held") for state in self.states)

    @property
    def blocked(self) -> int:
        """Returns with an open error or query."""
        return sum(state.status in ("blocked", "returned") for state in self.states)

    @property
    def accepted(self) -> int:
        """Returns that nothing blocks."""
        return sum(state.status == "accepted" for state in self.states)

    @property
    def late(self) -> int:
        """Returns that came, or still have not come, after their due date."""
        return sum(state.timeliness == "late" for state in self.states)


def status(project: Project, period: Period, unit: str, today: date) -> Status:
    """Return how the returns of `period` stand, of one unit and those below it, or of all."""
    checked = validate(project, period, today)
    register, library = project.definitions.register, project.definitions.library
    states = checked.states
    if unit:
        chosen = find_unit(register, unit, period.end).code
        states = tuple(s for s in states if chosen in register.path(s.reporter_code, period.end))
    reporters = {s.reporter_code for s in states}
    named = {u.code: u.name for u in register.on(period.end) if u.code in reporters}
    forms = {f.id: f.title for f in library.forms.values() if any(s.form == f.id for s in states)}
    return Status(period.label, states, named, forms)
