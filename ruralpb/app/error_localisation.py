"""Which cells to ask a township about first, where rows fail several checks (see `ruralpb.rules.localisation`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import islice

from ruralpb.app.project import Project
from ruralpb.core.periods import Period
from ruralpb.model import StoredProblem
from ruralpb.rules import checks
from ruralpb.rules.localisation import (
    DeclaredTotal,
    EditRules,
    ErrorLocation,
    NotLocalised,
    RowAddress,
    locate_errors,
)
from ruralpb.rules.localisation.suspect_cells import ErrorLocations, RowLocation
from ruralpb.store import Session

LEAST_FAILED = 2
"""One failed relation alone points at each of its cells alike."""
MOST_ROWS = 20_000
"""Rows of a period that are looked at, by form, submission and position: some twenty seconds."""


def locate(
    project: Project,
    session: Session,
    period: Period,
    plans: Sequence[checks.Plan],
    verdicts: Sequence[checks.Verdict],
    problems: Sequence[StoredProblem],
) -> ErrorLocations:
    """Return the cells to ask about first, for every row that fails two checks or more, declared totals included; for `MOST_ROWS` rows."""
    library, register = project.definitions.library, project.definitions.register
    by_row = [plan for plan in plans if _over_a_row(plan)]
    relations = {(plan.form, plan.check.id): plan.check for plan in by_row}
    failing = _failing(relations, verdicts)
    locations: list[RowLocation] = []
    given_up: dict[tuple[str, RowAddress], NotLocalised] = {}
    left = MOST_ROWS
    for form_id in sorted(failing):
        totals = _totals(form_id, failing[form_id], problems)
        several = _several(failing[form_id], totals)
        wanted = dict(islice(sorted(several.items()), left))
        left -= len(wanted)
        given_up.update(((form_id, row), "rows") for row in several.keys() - wanted.keys())
        if not wanted:
            continue
        form_checks = [plan.check for plan in by_row if plan.form == form_id]
        rules = EditRules(library.forms[form_id], library, register, period)
        result = locate_errors(rules, form_checks, wanted, session.query, totals)
        locations += [_location(form_id, location) for location in result.located]
        given_up.update(((form_id, row), reason) for row, reason in result.given_up.items())
    return ErrorLocations(tuple(locations), given_up)


def _over_a_row(plan: checks.Plan) -> bool:
    check = plan.check
    return (
        check.stage == "sql"
        and check.over == ("row",)
        and check.rows == "current"
        and check.severity != "note"
        and not plan.ended
    )


def _failing(
    relations: Mapping[tuple[str, str], object], verdicts: Sequence[checks.Verdict]
) -> dict[str, dict[RowAddress, frozenset[str]]]:
    """Form → row → the checks over single rows it fails."""
    failing: dict[str, dict[RowAddress, frozenset[str]]] = defaultdict(dict)
    for verdict in verdicts:
        if verdict.outcome == "fail" and (verdict.form, verdict.check) in relations and verdict.cells:
            address = verdict.cells[0][:3]
            rows = failing[verdict.form]
            rows[address] = rows.get(address, frozenset()) | {verdict.check}
    return failing


def _totals(
    form: str, rows: Mapping[RowAddress, frozenset[str]], problems: Sequence[StoredProblem]
) -> list[DeclaredTotal]:
    """The totals of the form's sheets that do not agree and that state the sum of one of `rows`."""
    totals = []
    for stored in problems:
        data = stored.problem.data
        if stored.problem.form != form or "stated" not in data:
            continue
        span = range(int(data["first"]), int(data["last"]) + 1)
        inside = tuple(a for a in rows if a[0] == stored.submission and a[1] == stored.block and a[2] in span)
        if inside:
            stated, actual, tolerance = (Decimal(data[name]) for name in ("stated", "actual", "tolerance"))
            totals.append(DeclaredTotal(stored.problem.field, stated, actual, tolerance, inside))
    return totals


def _several(
    rows: Mapping[RowAddress, frozenset[str]], totals: Sequence[DeclaredTotal]
) -> dict[RowAddress, frozenset[str]]:
    in_totals = {address for total in totals for address in total.rows}
    return {a: failed for a, failed in rows.items() if len(failed) + (a in in_totals) >= LEAST_FAILED}


def _location(form: str, location: ErrorLocation) -> RowLocation:
    instead = [other for cell in location.cells for other in location.instead.get(cell, ())]
    return RowLocation(
        form,
        frozenset(location.rows),
        frozenset(location.checks),
        location.cells,
        tuple(instead) if len(location.cells) == 1 else (),
    )
