"""How the returns of a period stand: the state of each, what belongs to it, and what to do next (semantics S2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from ruralpb.core.problems import Problem
from ruralpb.model.records import ReturnState

Step = Literal[
    "nothing-owed", "issue", "wait", "take", "chase", "decide", "ask-again", "send-back", "await", "compile", "sealed", "after-seal"
]  # fmt: skip
"""What to do next. Of one return and of a period: wait for what is not due · chase what is overdue · decide what is held ·
ask again for what could not be read · send back what has open findings · await what was sent back · look into what came after the seal. Of a period only: nothing is
owed for it · issue the blank forms · take in the first returns · compile what is accepted · it is sealed."""


@dataclass(frozen=True, slots=True)
class TrackedReturn(ReturnState):
    """The state of a return and what belongs to it. `days_late` are calendar days, `workdays_late` working days, each after
    the due date up to the first arrival, or up to today while nothing has come."""

    workdays_late: int = 0
    versions: int = 0
    """How many versions were taken in; the held ones are not among them."""
    after_seal: bool = False
    """True when a version waits for the seal to be opened."""
    returned_on: date | None = None
    """The day the current version was sent back."""
    answer_by: date | None = None
    """The last day for the corrected one, as the notice that went with it says."""
    omitted: tuple[str, ...] = ()
    """Names of the villages of the register that the present return leaves out."""
    step: Step | None = None
    """What to do about it; None when nothing is left to do."""

    @property
    def overdue(self) -> bool:
        """True for a return that has not come although its day has passed."""
        return self.status == "missing" and self.timeliness == "late"

    @property
    def resubmitted(self) -> bool:
        """True when it was sent again after the first version."""
        return self.versions > 1


@dataclass(frozen=True, slots=True)
class Status:
    """The state of every owed return, the titles to show them by, and what to do next. `today` is the day it holds for."""

    period: str
    states: tuple[TrackedReturn, ...]
    units: dict[str, str]
    """Reporter code → name, in register order."""
    forms: dict[str, str]
    """Form id → title, in the order of the forms' numbers (表号)."""
    codes: dict[str, str]
    """Form id → 表号."""
    today: date
    sealed_on: date | None
    """The day the period was sealed, None while it is open."""
    next: tuple[Step, ...]
    """What to do next, the most urgent first; never empty."""
    problems: tuple[Problem, ...] = ()
    attachments: tuple[Problem, ...] = ()
    """Documents and pictures that came with the returns of the period: kept, and none of them read."""
    sealed_by: str = ""
    """Who sealed the period."""

    @property
    def missing(self) -> int:
        """Owed returns that have not come, or are held."""
        return sum(state.status in ("missing", "held") for state in self.states)

    @property
    def unread(self) -> int:
        """Owed returns of which something came that could not be read."""
        return sum(state.status == "unread" for state in self.states)

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

    def count(self, step: Step) -> int:
        """How many returns wait for this step."""
        return sum(state.step == step for state in self.states)
