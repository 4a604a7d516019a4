"""Sealing: the final briefing of a quarter, and everything it rests on put away; `unlock` voids it (semantics S2, S10).

The order of things, so that a crash at any moment leaves no half seal: everything is made in memory; the seal's folder is
written and renamed into place; the documents and their manifest are written; the journal says so. Until that last line the
quarter is not sealed, and the next try takes the place of what was left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ruralpb.app.computing import ValuesRequest, computed
from ruralpb.app.examination import Validation
from ruralpb.app.figures import wanted_levels
from ruralpb.app.manifest import manifest
from ruralpb.app.period_context import PeriodContext, opened
from ruralpb.app.project import Project, command_line
from ruralpb.app.replay import missing
from ruralpb.app.report import Report, page, write
from ruralpb.app.report_plan import ReportRequest, stamp
from ruralpb.app.sealed import require_open, seal_of, values_file
from ruralpb.core.periods import Period
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.model import LEVELS, ReturnState, Seal, Value
from ruralpb.publish.documents import PrintedNumber
from ruralpb.publish.text import Closing
from ruralpb.returns.closing import refusal_of_contradictions, refusal_to_close, waiting_returns
from ruralpb.returns.seals import every_seal
from ruralpb.store import Store
from ruralpb.store.archive import pack
from ruralpb.store.archive.manifests import MANIFEST_SUFFIX, sha256_of
from ruralpb.store.archive.seals import DEFINITIONS, MANIFEST, TABLES, VALUES
from ruralpb.store.disk import write_whole
from ruralpb.store.sealed_rows import sealed_facts, sealed_tables

Advance = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class SealRequest:
    """By whom a quarter is sealed. `as_is`: although returns are not accepted, for a `reason`."""

    by: str
    reason: str = ""
    as_is: bool = False
    wait: float = 60.0


@dataclass(frozen=True, slots=True)
class SealingResult:
    """A quarter that was sealed: its documents, every number in them, the returns that count as they stood."""

    seal: Seal
    files: tuple[Path, ...]
    manifest: Path
    facts: tuple[PrintedNumber, ...]
    as_is: tuple[ReturnState, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Unlocked:
    """A seal that was voided, and the submissions that had come after it and count again."""

    seal: Seal
    after_seal: tuple[str, ...]


def seal(
    project: Project,
    period: Period,
    request: ReportRequest,
    terms: SealRequest,
    now: datetime,
    advance: Advance,
) -> SealingResult:
    """Write the final briefing of `period`, archive what it rests on and journal the seal.

    Raises CannotRun (exit 2): returns that are not accepted (unless `as_is` with a reason), a quarter that is sealed already, a
    name that is missing, documents with numbers that are no facts; (exit 3): another run writes.
    """
    _check(request, terms)
    with project.lock(command_line(), terms.wait, now):
        require_open(project, period)
        _read_all(project)
        day = stamp(project, period).date()  # no wall clock: the same inputs give the same bytes
        with opened(project, period, day) as context:
            made = page(context, request, advance, lambda checked: _closing(context, checked, terms))
        _whole(made)
        waiting = waiting_returns(made.checked.states)
        number = len(every_seal(project.journal.decisions(), period.label)) + 1
        with project.reading() as store:
            parts = _parts(project, store, period, _figures(project, period, made))
            closing = Closing(terms.reason if waiting else "", terms.by)
            listed = manifest(project, store, period, made, closing, waiting, parts)
        outputs = {f"outputs/{name}": content for name, content in made.files.items()}
        project.seals.write(period.label, number, {**parts, MANIFEST: listed, **outputs})
        advance("seal")
        folder = request.out or project.folder / project.settings.out / period.label
        files = write(folder, made.files)
        path = folder / f"{made.stem}{MANIFEST_SUFFIX}"
        write_whole(path, listed, shared=True)
        data = {
            "period": period.label,
            "through": str(project.journal.last),
            "manifest": sha256_of(listed),
        }
        project.journal.decide("seal", terms.by, terms.reason if waiting else "", data, now)
        done = seal_of(project, period)
    assert done is not None
    return SealingResult(done, files, path, made.facts, waiting, made.problems)


def unlock(
    project: Project, period: Period, by: str, reason: str, now: datetime, wait: float = 60.0
) -> Unlocked:
    """Void the seal of `period`: what came after it counts again as S2 says. Seal and documents are kept.

    Raises CannotRun (exit 2) when it is not sealed, or name or reason is missing; (exit 3) when another run writes.
    """
    _named(by, reason)
    with project.lock(command_line(), wait, now):
        found = seal_of(project, period)
        if found is None:
            raise CannotRun(Problem("period-not-sealed", found=period.label))
        late = after_seal(project, period)
        project.journal.decide("unlock", by, reason, {"period": period.label}, now)
    return Unlocked(found, late)


def after_seal(project: Project, period: Period) -> tuple[str, ...]:
    """Return the submissions of a period that came after its seal, in journal order."""
    with project.reading() as store:
        return tuple(s.id for s in store.submissions(period) if s.state == "after_seal")


def _check(request: ReportRequest, terms: SealRequest) -> None:
    if request.unit:
        raise CannotRun(Problem("seal-unit", found=request.unit))
    if terms.as_is or terms.reason:
        if not terms.as_is:
            raise CannotRun(Problem("seal-reason-alone"))
        _named(terms.by, terms.reason)
    elif not terms.by.strip():
        raise CannotRun(Problem("seal-name"))


def _read_all(project: Project) -> None:
    """Raise CannotRun (exit 2) when the journal has receipts that have not been read: an ingest was cut off."""
    with project.reading() as store:
        unread = missing(project, store.receipts())
    if unread:
        raise CannotRun(Problem("seal-unread", found=str(len(unread)), expected=unread[0].path))


def _named(by: str, reason: str) -> None:
    if not by.strip() or not reason.strip():
        raise CannotRun(Problem("seal-incomplete"))


def _closing(context: PeriodContext, checked: Validation, terms: SealRequest) -> Closing:
    """What the documents say of the closing. Raises CannotRun naming the returns that stand in its way, and the figures that contradict each
    other without an explanation: those, no reason of the one who closes does away with."""
    waiting = waiting_returns(checked.states)
    if waiting and not terms.as_is:
        definitions = context.project.definitions
        forms = definitions.library.forms
        raise CannotRun(refusal_to_close(waiting, context.period, definitions.register, forms))
    unsettled = [finding for finding in context.contradictions if finding.status == "open"]
    if unsettled:
        raise CannotRun(refusal_of_contradictions(unsettled, context.period))
    return Closing(terms.reason if waiting else "", terms.by)


def _whole(made: Report) -> None:
    """Raise CannotRun when something of the briefing could not be made as asked: such a document is not sealed."""
    failed = [p for p in made.problems if p.severity != "note"]
    if failed:
        raise CannotRun([*failed, Problem("seal-failed", found=str(len(failed)))])


def _figures(project: Project, period: Period, made: Report) -> list[Value]:
    """The values of the briefing, and those of the levels down to the township that it does not say."""
    done = wanted_levels(project, None, "", period)
    levels = LEVELS[LEVELS.index(done[0]) : LEVELS.index("township") + 1]
    further = tuple(level for level in levels if level not in done)
    if not further:
        return list(made.values)
    with project.session(period) as session:
        found, _ = computed(project, session, period, further, ValuesRequest(), made.checked)
    return [*made.values, *found]


def _parts(project: Project, store: Store, period: Period, values: Sequence[Value]) -> dict[str, bytes]:
    """What the seal rests on, file name → content: all that its manifest states the hashes of beside the documents."""
    return {
        DEFINITIONS: pack(project.sources),
        VALUES: values_file(values, project.definitions.library, period),
        TABLES: sealed_tables(store, period),
        **sealed_facts(store, project.definitions.library.forms, period),
    }
