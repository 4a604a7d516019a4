"""Returns and what becomes of them: what is owed, which tables a batch brings, versions, amendments.

These types pass between `store`, which keeps versions, and `returns`, which decides about them; neither imports the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from ruralpb.core import numbers
from ruralpb.core.periods import Period
from ruralpb.core.problems import Problem
from ruralpb.model.definitions import Form
from ruralpb.model.reading import Block
from ruralpb.model.records import Decision, Receipt, Submission, SubmissionState
from ruralpb.model.unit_register import Level

Decided = Literal["taken", "held", "settled"]
"""What intake decided about a version; `settled` is a held one that a later version has covered."""

RowContent = tuple[Any, ...]
"""What one row states, wherever it stands: unit, township, ((field, value), …) without blanks, refused fields. Rows with equal
contents are equal."""


class Return(NamedTuple):
    """What one reporter owes for one form and period."""

    reporter_code: str
    form: str
    period: Period


@dataclass(frozen=True, slots=True)
class OwedReturn:
    """One return that one reporter owes, and the day it is due."""

    form: str
    period: Period
    reporter_code: str
    level: Level
    due: date


@dataclass(frozen=True, slots=True)
class IncomingTable:
    """One table that a batch brings, with the number the store gives it."""

    receipt: Receipt
    number: int
    block: Block


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a return. Its rows are those of the blocks in `members` without the villages in `exclusions`
    (block, village code). `seq` is the journal number of its last receipt."""

    id: str
    of: Return
    number: int
    batch: str
    seq: int
    received: date
    decided: Decided
    rows: int
    nil: bool
    members: tuple[int, ...]
    exclusions: tuple[tuple[int, str], ...] = ()

    def submission(self, state: SubmissionState, receipts: tuple[str, ...]) -> Submission:
        """Return the version as stages other than intake see it."""
        return Submission(
            id=self.id,
            reporter_code=self.of.reporter_code,
            form=self.of.form,
            period=self.of.period,
            version=self.number,
            batch=self.batch,
            received=self.received,
            receipts=receipts,
            state=state,
            rows=self.rows,
            nil=self.nil,
        )


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """A stored version with its rows: (block, village code, content) of each."""

    version: Version
    rows: tuple[tuple[int, str, RowContent], ...]


@dataclass(frozen=True, slots=True)
class ReturnHistory:
    """What the store holds of a return: how many versions, the current one, those that are held; `past` are the hashes of
    files whose versions are no longer either."""

    versions: int = 0
    current: StoredVersion | None = None
    held: tuple[StoredVersion, ...] = ()
    past: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class BatchVerdict:
    """What a batch makes of the returns it touches. `settled` are ids of held versions that are held no longer;
    `unchanged` the blocks whose rows were stored already; each problem stands beside the block it is about."""

    versions: tuple[Version, ...] = ()
    settled: tuple[str, ...] = ()
    unchanged: tuple[int, ...] = ()
    problems: tuple[tuple[int, Problem], ...] = ()


AmendmentState = Literal["live", "lapsed", "replaced"]


@dataclass(frozen=True, slots=True)
class Amendment:
    """The amendment of one cell as it was journaled. The row is named by where it stood: the receipt, its `table` (from 0, in reading order)
    and the row's `position` in it. `was` is what was reported, `now` what counts instead, as `journal_text` writes them."""

    id: str
    submission: str
    reporter_code: str
    form: str
    period: str
    unit_code: str
    receipt: str
    table: int
    position: int
    field: str
    sheet: str
    cell: str
    was: str
    now: str
    basis: str
    reason: str
    by: str
    at: str
    raw: str = ""
    """What stands in the cell where that was refused or blank, and may be shown."""

    @property
    def undoes(self) -> bool:
        """True for one that goes back to the reported value."""
        return self.now == self.was

    @staticmethod
    def of(decision: Decision) -> Amendment:
        """Return the amendment that a decision of kind `amend` records."""
        data = decision.data
        return Amendment(
            id=decision.id,
            submission=data["submission"],
            reporter_code=data["reporter"],
            form=data["form"],
            period=data["period"],
            unit_code=data["unit"],
            receipt=data["receipt"],
            table=int(data["table"]),
            position=int(data["position"]),
            field=data["field"],
            sheet=data["sheet"],
            cell=data["cell"],
            was=data["was"],
            now=data["now"],
            basis=data["basis"],
            reason=decision.reason,
            by=decision.by,
            at=decision.at,
            raw=data.get("raw", ""),
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell in which two versions of a return differ. `field` is "" for a row that only one of them has: `before` then says "row" where it
    went, `after` where it came. `of` are the row's key values that may be shown: never a number of a person. `row` is the row's number (from 0)
    in the later version, in the earlier one when it went."""

    unit_code: str
    of: tuple[Any, ...]
    field: str
    before: Any
    after: Any
    row: int = dataclass_field(default=-1, compare=False)


@dataclass(frozen=True, slots=True)
class ComparedVersion:
    """One version of a return beside the version before it. `base` None: it is the first, and `differences` is empty."""

    form: Form
    submission: Submission
    base: Submission | None
    differences: tuple[Difference, ...]


class PlacedRow(NamedTuple):
    """A row of one version: where it stands and what it says."""

    submission: str
    block: int
    position: int
    content: RowContent


def row_content(
    unit_code: str, township_code: str, values: Mapping[str, Any], refused: Iterable[str]
) -> RowContent:
    """Return what a row states. A blank value (None) states nothing, whether or not its column is there."""
    stated = tuple(sorted((name, value) for name, value in values.items() if value is not None))
    return (unit_code, township_code, stated, tuple(sorted(refused)))


def row_keys(rows: Iterable[RowContent], form: Form) -> list[RowContent]:
    """Return the key of each row of one version (semantics S9): unit, the form's key, an ordinal among equal keys. It may hold a number
    of a person."""
    keys: list[RowContent] = []
    seen: Counter[RowContent] = Counter()
    for row in rows:
        values = dict(row[2])
        person = next((values.get(item.id) for item in form.fields if item.type == "id_card"), None)
        parts = (
            (person or values.get("name")) if name == "person_key" else values.get(name)
            for name in form.key
            if name not in ("reporter", "township", "village")
        )
        key = (row[0], *parts)
        seen[key] += 1
        keys.append((*key, seen[key]))
    return keys


def journal_text(value: Any) -> str:
    """Return a stored value as the journal holds it, "" for none: plain digits without trailing zeros, ISO dates, true and false."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return numbers.plain(value)
    return value.isoformat() if isinstance(value, date) else str(value)
