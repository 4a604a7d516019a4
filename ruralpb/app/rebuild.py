"""Rebuild: the store again from archive and journal, with equal content; sealed periods as they were sealed (semantics S10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from ruralpb.app.health import unclaimed
from ruralpb.app.project import Project, command_line
from ruralpb.app.replay import Advance, replay
from ruralpb.core import numbers
from ruralpb.core.problems import CannotRun, Location, Problem
from ruralpb.model import MASKED
from ruralpb.returns.seals import seals
from ruralpb.store import restore as restoring
from ruralpb.store.archive.recovery import mend_witnesses, recover
from ruralpb.store.archive.seals import TABLES
from ruralpb.store.database import writing


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild made: how many files were read, how many versions and rows stored, what the journal had to say."""

    files: int
    submissions: int
    rows: int
    problems: tuple[Problem, ...] = ()


def rebuild(project: Project, wait: float, advance: Advance) -> Rebuilt:
    """Make the store again: every receipt is read with the definitions of its journal line.

    Sealed periods keep the rows they were sealed with; every value that would be read otherwise today is a problem of the
    result. The old store is replaced when the new one is whole. `advance` is called once for each file. A journal that is not what was
    witnessed is made again first (`recover`); originals that no line of it knows are problems too. Raises CannotRun (exit 3) when
    another run writes, the journal cannot be made again, or an original is missing or damaged.
    """
    with project.lock(command_line(), wait, datetime.now().astimezone()):
        torn = project.journal.torn()
        recovered = recover(project.journal)
        told = [
            *([torn] if torn else []),
            *([recovered] if recovered else []),
            *mend_witnesses(project.journal),
        ]
        receipts = project.journal.receipts()
        new = project.store_path.with_suffix(".rebuilding")
        _forget(new)
        submissions = rows = 0
        for stored in replay(project, receipts, new, advance, wait=wait):
            submissions += len(stored.verdict.versions)
            rows += sum(len(block.rows) for _, reading in stored.files for block in reading.blocks)
        otherwise = _restored(project, new, wait)
        _replace(project.store_path, new)
    return Rebuilt(len(receipts), submissions, rows, (*told, *unclaimed(project), *otherwise))


def _restored(project: Project, store: Path, wait: float) -> list[Problem]:
    """Put sealed rows back where today's reader reads otherwise, and tell each value it does."""
    decisions = project.journal.decisions()
    kept = project.seals
    problems: list[Problem] = []
    paths = {receipt.id: receipt.path for receipt in project.journal.receipts()}
    for period, seal in sorted(seals(decisions).items()):
        try:
            tables, facts = kept.read(seal, TABLES), kept.facts(seal)
        except CannotRun as lost:
            problems += lost.problems
            continue
        content = restoring.sealed(period, seal.through, tables, facts)
        with writing(store, wait) as connection:
            problems += [_told(project, reading, paths) for reading in restoring.restore(connection, content)]
    return problems


def _told(project: Project, one: restoring.DifferentReading, paths: Mapping[str, str]) -> Problem:
    form = project.definitions.library.forms.get(one.form)
    field = form.by_id.get(one.field) if form else None
    hidden = (field is None and one.field not in ("", "unit_code")) or bool(field and field.sensitive)
    shown = [MASKED if hidden and value is not None else _text(value) for value in (one.sealed, one.read)]
    return Problem(
        "rebuild-otherwise" if one.field else "rebuild-row",
        Location(paths.get(one.receipt, ""), one.sheet, one.cell),
        found=shown[1],
        expected=shown[0],
        severity="query",
        form=one.form,
        unit_code=one.unit_code,
        field=one.field,
        data={"title": field.title if field else one.field},
    )


def _text(value: object) -> str:
    if value is None:
        return "—"
    return numbers.exported(value) if isinstance(value, Decimal) else str(value)


def _replace(store: Path, new: Path) -> None:
    """Put the new store in the place of the old one at one stroke; its own log must not meet the new one."""
    if not new.is_file():
        _forget(store)
        return
    store.with_name(f"{store.name}.wal").unlink(missing_ok=True)
    new.replace(store)


def _forget(store: Path) -> None:
    for path in (store, store.with_name(f"{store.name}.wal")):
        path.unlink(missing_ok=True)
