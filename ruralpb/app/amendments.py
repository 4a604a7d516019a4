"""What amendments change beside the rows that expressions see: problems of intake they answer, notes on their cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ruralpb.app.project import Project
from ruralpb.core.messages import say
from ruralpb.core.periods import Period
from ruralpb.model import Address, Field, Note, Unit
from ruralpb.publish.text import AmendedValue
from ruralpb.rules.checks.messages import without_numbers
from ruralpb.store import ResolvedAmendment, Store, StoredNote, StoredProblem

MASKED = "***"


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
        one = self.amended.amendment
        return say(
            "amended-cell", "zh", was=self.was or say("amended-blank", "zh"), now=self.now or say("amended-blank", "zh"),
            by=one.by, at=one.at[:10], reason=one.reason, basis=one.basis,
        )  # fmt: skip


def amended_cells(project: Project, store: Store, period: Period | None = None) -> list[AmendedCell]:
    """Return the amendments of returns of `period` (None: of all), in journal order."""
    forms, register = project.definitions.library.forms, project.definitions.register
    found = [
        one
        for one in store.amended(forms)
        if period is None or one.amendment.period == period.label
        if one.amendment.form in forms and one.amendment.field in forms[one.amendment.form].by_id
    ]
    addresses = store.addresses(one.cell for one in found if one.block >= 0) if found else {}
    return [
        AmendedCell(
            one,
            forms[one.amendment.form].by_id[one.amendment.field],
            next(iter(reversed(register.by_code.get(one.amendment.unit_code, ()))), None),
            addresses.get(one.cell),
        )
        for one in found
    ]


def standing(problems: Sequence[StoredProblem], cells: Iterable[AmendedCell]) -> tuple[StoredProblem, ...]:
    """Return the problems of intake that effective values leave: without refusals of cells that have one, and totals that agree with them."""
    counting = [cell for cell in cells if cell.amended.counts]
    return tuple(
        p for p in problems if not any(_answers(c, p) for c in counting) and not _adds_up(p, counting)
    )


def _answers(cell: AmendedCell, stored: StoredProblem) -> bool:
    problem, one = stored.problem, cell.amended
    return (
        problem.refused == "cell"
        and (stored.block, problem.field) == (one.block, one.amendment.field)
        and cell.address is not None
        and problem.where.cell == cell.address.cell
    )


def _adds_up(stored: StoredProblem, cells: Iterable[AmendedCell]) -> bool:
    """True for a stated total that is the sum of the effective values, and was not of the reported ones."""
    data = stored.problem.data
    if "stated" not in data:
        return False
    rows = range(int(data["first"]), int(data["last"]) + 1)
    changes = [
        Decimal(c.amended.amendment.now or 0) - Decimal(c.amended.amendment.was or 0)
        for c in cells
        if (c.amended.block, c.amended.amendment.field) == (stored.block, stored.problem.field)
        and c.amended.position in rows
    ]
    stated, actual, tolerance = (Decimal(data[name]) for name in ("stated", "actual", "tolerance"))
    return bool(changes) and abs(stated - actual - sum(changes)) <= tolerance


def notes(project: Project, store: Store, period: Period | None = None) -> list[StoredNote]:
    """Return a note for every cell of the period (None: of all) whose effective value is not the reported one: `raw` is what was reported, `value` what counts."""
    found = []
    for cell in amended_cells(project, store, period):
        one, address = cell.amended, cell.address
        if one.counts and address is not None:
            note = Note(one.amendment.form, address.sheet, one.position, one.amendment.field, address.cell, cell.was, cell.now,
                        "amended", cell.sentence())  # fmt: skip
            found.append(StoredNote(note, one.submission, address.file, one.amendment.unit_code))
    return found


def amended_values(project: Project, store: Store, period: Period) -> list[AmendedValue]:
    """Return the values of the period that count in place of reported ones, as a briefing names them."""
    return [
        AmendedValue(one.amendment.id, one.amendment.unit_code, one.amendment.form, one.amendment.field, cell.was, cell.now,
                     without_numbers(one.amendment.basis))
        for cell in amended_cells(project, store, period)
        for one in [cell.amended]
        if one.counts
    ]  # fmt: skip
