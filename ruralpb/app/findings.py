"""Judging: run the checks of a period over its current submissions → findings, before any person's decision about one.

Findings are a function of the store, the decisions that change what counts, and the definitions: computed once, they are kept among the
project's results for the commands that come after.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace

from ruralpb.app.amendments import amended_cells
from ruralpb.app.error_localisation import Located, locate
from ruralpb.app.project import Project
from ruralpb.app.stamps import stamp
from ruralpb.core.periods import Period
from ruralpb.core.problems import Problem
from ruralpb.model import Address, AmendedCell, Finding, StoredProblem
from ruralpb.returns.amendments import standing
from ruralpb.rules import checks
from ruralpb.store import Cell, Session, Store
from ruralpb.store.results import ResultKey


@dataclass(frozen=True, slots=True)
class Judged:
    """All findings of a period as the data gives them, every one `open` (unknown outcomes among them), and what could not run."""

    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class FindingsRequest:
    """Which findings of a period. `reported`: those that the values would give as they were reported, without amendments; `localised`: with the
    cells to ask about first, which cost about as much again and are for who looks at single rows."""

    reported: bool = False
    localised: bool = False

    @property
    def question(self) -> str:
        """Return what the findings are kept under."""
        return " ".join(name for name in ("reported", "localised") if getattr(self, name))


def judge(
    project: Project,
    store: Store,
    period: Period,
    session: Session | None = None,
    request: FindingsRequest = FindingsRequest(),
) -> Judged:
    """Return the findings of `period`; `session` is used when there is one and the findings have to be computed. Localised ones that are known
    serve who asks for less."""
    scope = f"{period.label}-{project.settings.unit}"
    depends = stamp([*project.state(store), period.label])
    for serving in dict.fromkeys((request, replace(request, localised=True))):
        kept = project.results.get(ResultKey("findings", scope, depends, serving.question))
        if kept is not None:
            return Judged(tuple(kept[0]), tuple(kept[1]))
    reported = request.reported
    amended = [] if reported else amended_cells(project, store, period)
    usable = None if reported else session
    with nullcontext(usable) if usable is not None else project.session(period, reported=reported) as opened:
        judged = _judge(project, opened, store, period, amended, request.localised)
    key = ResultKey("findings", scope, depends, request.question)
    project.results.put(key, judged.findings, judged.problems)
    return judged


def _judge(
    project: Project,
    session: Session,
    store: Store,
    period: Period,
    amended: Sequence[AmendedCell],
    localised: bool,
) -> Judged:
    plans, problems = check_plans(project, period)
    returned = {form for form, label, _ in session.returned() if label == period.label}
    applying = [plan for plan in plans if plan.form in returned or not _needs_rows(plan)]
    verdicts = checks.evaluate_all(applying, session.queries, passes=False)
    current = {(s.reporter_code, s.form): s.id for s in store.submissions(period) if s.state == "current"}
    refusals = standing(store.problems(period), amended)
    addresses = store.addresses(cell[1:] for verdict in verdicts for cell in verdict.cells)
    findings = [_finding(project, period, verdict, current, addresses) for verdict in verdicts]
    if localised:
        located = locate(project, session, period, plans, verdicts, refusals)
        findings = _with_locations(findings, verdicts, located, store)
    findings += _refusals(project, period, refusals)
    return Judged(tuple(findings), tuple(problems))


def check_plans(project: Project, period: Period) -> tuple[list[checks.Plan], list[Problem]]:
    """Return the checks of a period, compiled, and what is wrong with their definitions."""
    definitions = project.definitions
    return checks.plans(definitions.library, definitions.register, project.settings, period)


def _needs_rows(plan: checks.Plan) -> bool:
    """Whether a check says nothing of a form that nobody has returned: an expression over the rows of the period. Planning one costs the
    engine more than running it."""
    return bool(plan.check.expr) and plan.check.rows == "current"


def _finding(
    project: Project,
    period: Period,
    verdict: checks.Verdict,
    current: Mapping[tuple[str, str], str],
    addresses: Mapping[Cell, Address],
) -> Finding:
    asks = verdict.severity == "query" and verdict.outcome == "fail"
    # A check over all forms finds the same key in each of them.
    key = f"{verdict.form}|{verdict.key}"
    return Finding(
        id=_id(project, verdict.check, period, verdict.reporter_code, key),
        earlier=_id(project, verdict.check, period.previous(), verdict.reporter_code, key) if asks else "",
        check=verdict.check,
        severity=verdict.severity,
        outcome=verdict.outcome,
        form=verdict.form,
        period=period.label,
        reporter_code=verdict.reporter_code,
        unit_code=verdict.unit_code,
        township_code=verdict.township_code,
        field=verdict.field,
        found=verdict.found,
        expected=verdict.expected,
        message=verdict.message,
        fingerprint=verdict.fingerprint,
        submission=current.get((verdict.reporter_code, verdict.form), ""),
        cells=tuple(addresses[cell[1:]] for cell in verdict.cells if cell[1:] in addresses),
    )


def _with_locations(
    findings: Sequence[Finding], verdicts: Sequence[checks.Verdict], located: Located, store: Store
) -> list[Finding]:
    """Give the findings of a row that fails several checks the cells to ask about first, or the reason why it was given up."""
    cells = [(*row[1:], name) for one in located.locations for row, name in (*one.cells, *one.instead)]
    addresses = store.addresses(cells)
    by_row = {(location.form, row): location for location in located.locations for row in location.rows}

    def places(cells: Iterable[tuple[tuple[str, int, int], str]]) -> tuple[Address, ...]:
        return tuple(addresses[(*row[1:], name)] for row, name in cells if (*row[1:], name) in addresses)

    result = []
    for finding, verdict in zip(findings, verdicts, strict=True):
        row = verdict.cells[0][:3] if verdict.cells else ("", 0, 0)
        location = by_row.get((verdict.form, row))
        if location is not None and verdict.outcome == "fail" and verdict.check in location.checks:
            finding = replace(finding, ask_first=places(location.cells), or_else=places(location.instead))
        given_up = located.given_up.get((verdict.form, row))
        if given_up is not None and verdict.outcome == "fail":
            finding = replace(finding, not_localised=given_up)
        result.append(finding)
    return result


def _id(project: Project, check: str, period: Period, reporter: str, key: str) -> str:
    """The id of the finding of a check on a row or group of a reporter in a period (semantics S9)."""
    return f"{check}-{project.hmac(check, period.label, reporter, key)[:12]}"


def _refusals(project: Project, period: Period, refusals: Iterable[StoredProblem]) -> list[Finding]:
    """What intake found. One of a return that was taken is known by what it says of which unit and field, not by the file or row it stands in:
    so it is the same when the return comes again. Equal ones are counted."""
    seen: Counter[tuple[str, ...]] = Counter()
    found = []
    for stored in refusals:
        problem = stored.problem
        said: tuple[str, ...] = (
            problem.check,
            stored.reporter_code,
            problem.form,
            problem.unit_code,
            problem.field,
            problem.found,
        )
        if not stored.submission:
            said = (problem.check, stored.reporter_code, str(problem.where), problem.field, problem.found)
        seen[said] += 1
        found.append(_refusal(project, period, stored, "|".join([*said[2:], str(seen[said])])))
    return found


def _refusal(project: Project, period: Period, stored: StoredProblem, key: str) -> Finding:
    """What intake found: a refusal, or (a total that does not add up) a relation that failed while reading."""
    problem = stored.problem
    register = project.definitions.register
    path = register.path(problem.unit_code or stored.reporter_code, period.end)
    townships = [c for c in path if (unit := register.get(c, period.end)) and unit.level == "township"]
    said = json.dumps(
        [problem.slug, problem.found, problem.expected, dict(problem.data)],
        ensure_ascii=False,
        sort_keys=True,
    )
    return Finding(
        id=_id(project, problem.check, period, stored.reporter_code, key),
        earlier=_id(project, problem.check, period.previous(), stored.reporter_code, key),
        fingerprint=hashlib.sha256(said.encode()).hexdigest(),
        check=problem.check,
        severity=problem.severity,
        outcome="refused" if problem.refused else "fail",
        form=problem.form,
        period=period.label,
        reporter_code=stored.reporter_code,
        unit_code=problem.unit_code or stored.reporter_code,
        township_code=next(iter(townships), ""),
        field=problem.field,
        found=problem.found,
        expected=problem.expected,
        message=problem.text("zh"),
        submission=stored.submission,
        cells=(Address(problem.where.file, problem.where.sheet, problem.where.cell, stored.submission),),
    )
