"""What a person asks of an ingest, and what is said of files that make no receipt."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ruralpb.app.project import Project
from ruralpb.app.units import find_unit
from ruralpb.core.periods import Period
from ruralpb.core.problems import CannotRun
from ruralpb.intake.receive import KnownFile
from ruralpb.model import Receipt
from ruralpb.returns.outcomes import Answered, FileResult, FileStatus
from ruralpb.store.archive import pack


@dataclass(frozen=True, slots=True)
class IngestRequest:
    """What the person says about the files, and how to go about it. `received` is used where no folder gives a date;
    `mode` says what to do with a return that would be held; `jobs` 0: one process per processor; `wait` in seconds."""

    period: Period | None = None
    unit: str = ""
    form: str = ""
    received: date | None = None
    mode: Literal["", "replace", "part"] = ""
    password: str = ""
    jobs: int = 0
    wait: float = 60.0
    dry_run: bool = False
    look: bool = False
    """Say how each sheet looked to the reader; on a dry run."""


def asked_receipt(project: Project, request: IngestRequest, today: date) -> Receipt:
    """A receipt with everything the person said and the definitions in use; `receive` fills in the file."""
    library, register = project.definitions.library, project.definitions.register
    if request.form and request.form not in library.forms:
        raise CannotRun(project.unknown("form", request.form, library.forms))
    day = request.period.end if request.period else today
    return Receipt(
        id="0",
        sha256="",
        name="",
        path="",
        received=request.received or today,
        batch="",
        definitions=hashlib.sha256(pack(project.sources)).hexdigest(),
        size=0,
        period=request.period.label if request.period else "",
        unit_code=find_unit(register, request.unit, day).code if request.unit else "",
        form=request.form,
        mode=request.mode,
    )


def not_taken(file: KnownFile, today: date) -> FileResult:
    """Return the result of a file whose content is known, or whose problem refuses it."""
    status: FileStatus = "refused" if file.problem.refused else "unchanged"
    return FileResult(file.path, status, file.received or today, problems=(file.problem,))


def answered(one: Answered) -> FileResult:
    """Return the result of a list of answers that came back."""
    return FileResult(
        one.receipt.path,
        "refused" if one.refused else "taken",
        one.receipt.received,
        problems=one.problems,
        explained=one.explained,
    )
