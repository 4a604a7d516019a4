"""Amendments with the cells they are about, and the notes they leave there."""

from __future__ import annotations

from ruralpb.app.project import Project
from ruralpb.core.periods import Period
from ruralpb.model import AmendedCell, Note, StoredNote
from ruralpb.store import Store


def amended_cells(project: Project, store: Store, period: Period | None = None) -> list[AmendedCell]:
    """Return the amendments of returns of `period` (None: of all), in journal order."""
    forms, register = project.definitions.library.forms, project.definitions.register
    amended = [
        amendment
        for amendment in store.amended(forms)
        if period is None or amendment.amendment.period == period.label
        if amendment.amendment.form in forms
        and amendment.amendment.field in forms[amendment.amendment.form].by_id
    ]
    addresses = (
        store.addresses(amendment.cell for amendment in amended if amendment.block >= 0) if amended else {}
    )
    return [
        AmendedCell(
            amendment,
            forms[amendment.amendment.form].by_id[amendment.amendment.field],
            next(iter(reversed(register.by_code.get(amendment.amendment.unit_code, ()))), None),
            addresses.get(amendment.cell),
        )
        for amendment in amended
    ]


def notes(project: Project, store: Store, period: Period | None = None) -> list[StoredNote]:
    """Return a note for every cell of the period (None: of all) whose effective value is not the reported one: `raw` is what was reported, `value` what counts."""
    noted = []
    for cell in amended_cells(project, store, period):
        one, address = cell.amended, cell.address
        if one.counts and address is not None:
            note = Note(one.amendment.form, address.sheet, one.position, one.amendment.field, address.cell, cell.was, cell.now,
                        "amended", cell.sentence())  # fmt: skip
            noted.append(StoredNote(note, one.submission, address.file, one.amendment.unit_code))
    return noted
