"""What is kept and computed: receipts, decisions, versions of returns, findings, values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from ruralpb.core.periods import Period
from ruralpb.core.problems import Problem, Severity
from ruralpb.model.unit_register import Level


@dataclass(frozen=True, slots=True)
class Receipt:
    """One file that arrived. `id` is its journal sequence number as text; `path` is relative to the folder that was
    ingested, `received` the date that decides lateness (semantics S1)."""

    id: str
    sha256: str
    name: str
    path: str
    received: date
    batch: str
    definitions: str
    size: int
    period: str = ""
    unit_code: str = ""
    form: str = ""
    mode: Literal["", "replace", "part"] = ""
    opened: str = ""
    """The sha256 of the workbook inside a file that a password opened; it is archived, and read in place of the file."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of a person: explain, amend, withdraw, return, seal, unlock … with who, when, why."""

    id: str
    kind: str
    at: str
    by: str
    reason: str
    data: Mapping[str, str] = field(default_factory=dict)


SubmissionState = Literal["current", "superseded", "held", "withdrawn", "after_seal"]


@dataclass(frozen=True, slots=True)
class Submission:
    """One version of a return: `<reporter>-<form>-<period>-v<n>`."""

    id: str
    reporter_code: str
    form: str
    period: Period
    version: int
    batch: str
    received: date
    receipts: tuple[str, ...]
    state: SubmissionState
    rows: int
    nil: bool = False


Outcome = Literal["pass", "fail", "unknown", "refused"]
ReturnStatus = Literal["missing", "unread", "held", "blocked", "returned", "accepted"]
"""`unread`: something of it came, and none of that could be read."""
Timeliness = Literal["on_time", "late", "not_due"]


CellKey = tuple[int, int, str]
"""(block, position, field): how the store names a value."""
EVERY_FIELD = "*"
"""Stands for the field of a `CellKey` where the whole row is meant."""


@dataclass(frozen=True, slots=True)
class Address:
    """The cell a stored value came from. `raw` is the text re-read from the archive, `note` why what was read is not simply that;
    both only when asked for."""

    file: str
    sheet: str
    cell: str
    submission: str = ""
    raw: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A check that failed (or is unknown) on a row or group, or a refusal of intake."""

    id: str
    check: str
    severity: Severity
    outcome: Outcome
    form: str
    period: str
    reporter_code: str
    unit_code: str
    township_code: str
    field: str
    found: str
    expected: str
    message: str
    fingerprint: str = ""
    status: Literal["open", "explained", "amended"] = "open"
    submission: str = ""
    cells: tuple[Address, ...] = ()
    """The first is the one to mark."""
    rests_on: tuple[CellKey, ...] = ()
    """The stored values its relation was tested on, of its own form; the field `EVERY_FIELD` stands for the whole row."""
    ask_first: tuple[Address, ...] = ()
    """Where its row fails several checks: the fewest cells that explain them all; each finding of the row names the same."""
    or_else: tuple[Address, ...] = ()
    """The cells that would explain as much as the one of `ask_first`."""
    not_localised: Literal["", "rows", "effort"] = ""
    """Why no such cells were looked for to the end: too many rows fail, or this one was too hard."""
    earlier: str = ""
    """The id it had, if it was there, in the period before."""
    reason: str = ""
    """Why it is explained or amended, and who answers for that."""
    person: str = ""
    offered: str = ""
    """An explanation that does not count: given for another value, or a period ago; and who gave it."""
    offered_by: str = ""


@dataclass(frozen=True, slots=True)
class ReturnState:
    """One owed return: status and timeliness."""

    reporter_code: str
    form: str
    period: str
    status: ReturnStatus
    timeliness: Timeliness
    due: date
    received: date | None = None
    days_late: int = 0
    submission: str = ""
    version: int = 0
    rows: int = 0
    errors: int = 0
    queries: int = 0
    unread: Problem | None = None
    """Why what came of it could not be read, and which file or sheet that was."""

    @property
    def has_come(self) -> bool:
        """True when something of it counts: it is no longer missing, unread or held."""
        return self.status not in ("missing", "unread", "held")


@dataclass(frozen=True, slots=True)
class Comparison:
    """A value beside its base. `base` and `current` are recomputed on the units covered in both periods, `units` how many.
    `reason` (a message's slug) says why there is no comparison."""

    base_period: str
    current: Decimal | None = None
    base: Decimal | None = None
    change: Decimal | None = None
    """Point difference of printed values for rates, relative change in % of unrounded values for amounts and counts
    (None when the base is zero, negative or missing)."""
    units: int = 0
    all_units: bool = True
    comparable_base: bool = False
    """True: the base was recomputed under the later definition (可比口径)."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """One indicator of one unit and period, with everything that must travel with it (semantics S4)."""

    indicator: str
    unit_code: str
    unit: str
    level: Level
    period: str
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    printed: str
    covered: int
    expected: int
    unknown_rows: int
    suspect_rows: int = 0
    """On how many rows with an open error or an unexplained outlier it rests; more than 0: the value is suspect."""
    value_without_suspect: Decimal | None = None
    """The value that its other rows give; None where it is not suspect, or nothing is left."""
    printed_without_suspect: str = ""
    unaccepted: int = 0
    slice: tuple[tuple[str, str], ...] = ()
    """Breakdown: ((field, value), …); empty for the whole."""
    target: Decimal | None = None
    status: Literal["", "met", "behind", "failed"] = ""
    card: Literal["", "green", "yellow", "red"] = ""
    """The light on the way to the target; "" without a target, a value, or lines in force."""
    rank: int | None = None
    ranked: int = 0
    """How many units take part in the ranking; 0: not ranked."""
    previous: Comparison | None = None
    last_year: Comparison | None = None
    missing: tuple[str, ...] = ()
    """Reporters (codes) expected but not covered."""
    reason: str = ""
    """Why there is no value (a message's slug): not covered, standard ended, denominator zero."""

    @property
    def is_suspect(self) -> bool:
        """True when it rests on rows with an open error or an unexplained outlier."""
        return self.suspect_rows > 0

    @property
    def sound(self) -> Decimal | None:
        """The value that verdicts may rest on: without the suspect rows, where there are any."""
        return self.value_without_suspect if self.is_suspect else self.value

    @property
    def id(self) -> str:
        """Figure id: indicator, unit, period and slice, stable for deep links and the trace."""
        cut = "".join(f"{{{k}={v}}}" for k, v in self.slice)
        return f"{self.indicator}{cut}@{self.unit_code}@{self.period}"
