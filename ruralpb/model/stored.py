"""What the store answers with: receipts, notes and problems as they stand, amendments and the cells they are about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ruralpb.core.messages import say
from ruralpb.core.personal_data import MASKED
from ruralpb.core.problems import Problem
from ruralpb.model.definitions import Field
from ruralpb.model.reading import Note
from ruralpb.model.records import Address, Receipt
from ruralpb.model.returns import Amendment, AmendmentState
from ruralpb.model.unit_register import Unit


@dataclass(frozen=True, slots=True)
class StoredReceipt:
    """A receipt that has been read. `refused`: some of it, or all, was refused; `held`: it is in a version that is held;
    `reporters`: whose returns its tables are; `locked`: it was refused for want of its password."""

    receipt: Receipt
    refused: bool
    held: bool
    reporters: frozenset[str]
    locked: bool = False


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """A file, or a sheet of one, that came for a period and could not be read. `form` "": nobody can say which; `problem` is the reason.
    With `attachment` it is a document or a picture, and none was expected to be read."""

    reporter_code: str
    form: str
    received: date
    problem: Problem
    attachment: bool = False


@dataclass(frozen=True, slots=True)
class StoredNote:
    """A note on a cell of a current submission."""

    note: Note
    submission: str
    file: str
    unit_code: str


@dataclass(frozen=True, slots=True)
class StoredAccount:
    """How many cells of a sheet have one role; `unaccounted` names those that have none."""

    file: str
    sheet: str
    role: str
    cells: int
    unaccounted: str


@dataclass(frozen=True, slots=True)
class StoredProblem:
    """A problem of intake that still stands. `submission` is "" when it cost a whole file or sheet."""

    problem: Problem
    submission: str
    receipt: str
    reporter_code: str
    period: str
    block: int | None = None
    """The table it is about."""


@dataclass(frozen=True, slots=True)
class ResolvedAmendment:
    """An amendment as it stands. `block` and `position` name the row of the current version it is about (-1: none); `submission` is that
    version ("": none). A `live` one that goes back to the reported value changes nothing."""

    amendment: Amendment
    state: AmendmentState
    submission: str = ""
    block: int = -1
    position: int = -1

    @property
    def counts(self) -> bool:
        """True when checks and figures use its value in place of the reported one."""
        return self.state == "live" and not self.amendment.undoes

    @property
    def cell(self) -> tuple[int, int, str]:
        """The value as the store names it."""
        return (self.block, self.position, self.amendment.field)


@dataclass(frozen=True, slots=True)
class AmendedCell:
    """An amendment with the cell of the current version that it is about (none where it has lapsed), the field and the unit of its row."""

    amended: ResolvedAmendment
    field: Field
    unit: Unit | None
    address: Address | None

    @property
    def was(self) -> str:
        """The reported value as it may be shown."""
        reported = self.amended.amendment.was or self.amended.amendment.raw
        return MASKED if self.field.sensitive and reported else reported

    @property
    def now(self) -> str:
        """The effective value as it may be shown."""
        return MASKED if self.field.sensitive and self.amended.amendment.now else self.amended.amendment.now

    def sentence(self) -> str:
        """Who amended the cell, from what to what, why and on what basis."""
        amendment = self.amended.amendment
        return say(
            "amended-cell", "zh", was=self.was or say("amended-blank", "zh"), now=self.now or say("amended-blank", "zh"),
            by=amendment.by, at=amendment.at[:10], reason=amendment.reason, basis=amendment.basis,
        )  # fmt: skip
