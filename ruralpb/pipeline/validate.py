"""Validate: run the checks on the current submissions of a period, and tell how every owed return stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ruralpb import checks, returns
from ruralpb.model import Address, Finding, ReturnState
from ruralpb.periods import Period
from ruralpb.pipeline.asking import Asked, ask_first
from ruralpb.pipeline.project import Project
from ruralpb.pipeline.units import find_unit
from ruralpb.problems import CannotRun, Problem, Severity
from ruralpb.store import Cell, Session, Store, StoredProblem

_ORDER: dict[Severity, int] = {"error": 0, "query": 1, "note": 2}


@dataclass(frozen=True, slots=True)
class Validation:
    """All findings of a period (unknown outcomes among them), the state of every return, what could not run."""

    period: str
    findings: tuple[Finding, ...]
    states: tuple[ReturnState, ...]
    problems: tuple[Problem, ...] = ()

    def failed(self) -> tuple[Finding, ...]:
        """The findings a township has to answer: failed or refused."""
        return tuple(f for f in self.findings if f.outcome in ("fail", "refused"))

    @property
    def blocking(self) -> int:
        """How many open errors and queries there are."""
        return sum(f.severity != "note" and f.status == "open" for f in self.failed())


@dataclass(frozen=True, slots=True)
class Selection:
    """Which findings are wanted; empty means all."""

    form: str = ""
    unit: str = ""
    severity: str = ""
    check: str = ""


def validate(project: Project, period: Period, today: date, wanted: Selection | None = None) -> Validation:
    """Return the findings of `period`, most severe first, and the states of its returns.

    The states always rest on all checks, whatever is `wanted`. Raises CannotRun for an unknown unit, form or check.
    """
    with project.session(period) as session, project.reading() as store:
        return examine(project, session, store, period, today, wanted or Selection())


def examine(
    project: Project, session: Session, store: Store, period: Period, today: date, wanted: Selection
) -> Validation:
    """As `validate`, on a session and store that are open already."""
    library, register = project.definitions.library, project.definitions.register
    plans, problems = _plans(project, period)
    returned = {form for (form,) in session.query(
        f"SELECT DISTINCT form FROM returns WHERE period = '{period.label}' AND submission IS NOT NULL")}  # fmt: skip
    verdicts = [
        v
        for plan in plans
        if plan.form in returned or not _needs_rows(plan)
        for v in checks.evaluate(plan, session.query, passes=False)
    ]
    submissions = store.submissions(period)
    current = {(s.reporter_code, s.form): s.id for s in submissions if s.state == "current"}
    refusals = store.problems(period)
    asked, unasked = ask_first(project, session, period, plans, verdicts, refusals)
    cells = [cell[1:] for verdict in verdicts for cell in verdict.cells]
    cells += [(*address[1:], name) for a in asked for address, name in (*a.cells, *a.instead)]
    addresses = store.addresses(cells)
    findings = [_finding(project, period, verdict, current, addresses) for verdict in verdicts]
    findings = _with_questions(findings, verdicts, asked, addresses)
    findings += [_refusal(project, period, stored) for stored in refusals]
    owed = returns.owed(project.settings, library, register, period)
    states = returns.states(owed, submissions, findings, {}, today)
    shown = sorted(_select(project, period, findings, wanted), key=_rank)
    return Validation(period.label, tuple(shown), tuple(states), (*problems, *unasked))


_compiled: dict[tuple[str, str], tuple[list[checks.Plan], list[Problem]]] = {}
_MOST_COMPILED = 8


def _plans(project: Project, period: Period) -> tuple[list[checks.Plan], list[Problem]]:
    """The checks of a period, compiled once in a process for the same definitions: a run validates a quarter several times."""
    definitions = project.definitions
    key = (definitions.hash, period.label)
    if key not in _compiled:
        while len(_compiled) >= _MOST_COMPILED:
            _compiled.pop(next(iter(_compiled)))
        _compiled[key] = checks.plans(definitions.library, definitions.register, project.settings, period)
    return _compiled[key]


def _needs_rows(plan: checks.Plan) -> bool:
    """Whether a check says nothing of a form that nobody has returned: an expression over the rows of the period. Planning one costs the
    engine more than running it."""
    return bool(plan.check.expr) and plan.check.rows == "current"


def plans(project: Project, period: Period, wanted: Selection) -> tuple[checks.Plan, ...]:
    """Return the checks of `period` with their sentences and SQL, without running them."""
    found, _ = _plans(project, period)
    _known(project, wanted)
    return tuple(
        plan
        for plan in found
        if wanted.form in ("", plan.form)
        and wanted.check in ("", plan.check.id)
        and wanted.severity in ("", plan.check.severity)
    )


def _finding(
    project: Project,
    period: Period,
    verdict: checks.Verdict,
    current: Mapping[tuple[str, str], str],
    addresses: Mapping[Cell, Address],
) -> Finding:
    mark = project.hmac(verdict.check, period.label, verdict.reporter_code, verdict.key)[:12]
    return Finding(
        id=f"{verdict.check}-{mark}",
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


def _with_questions(
    findings: Sequence[Finding],
    verdicts: Sequence[checks.Verdict],
    asked: Sequence[Asked],
    addresses: Mapping[Cell, Address],
) -> list[Finding]:
    """Give the findings of a row that fails several checks the cells to ask about first."""
    by_row = {(a.form, row): a for a in asked for row in a.rows}

    def places(cells: Iterable[tuple[tuple[str, int, int], str]]) -> tuple[Address, ...]:
        return tuple(addresses[(*row[1:], name)] for row, name in cells if (*row[1:], name) in addresses)

    found = []
    for finding, verdict in zip(findings, verdicts, strict=True):
        row = verdict.cells[0][:3] if verdict.cells else ("", 0, 0)
        explained = by_row.get((verdict.form, row))
        if explained is not None and verdict.outcome == "fail" and verdict.check in explained.checks:
            finding = replace(finding, ask_first=places(explained.cells), or_else=places(explained.instead))
        found.append(finding)
    return found


def _refusal(project: Project, period: Period, stored: StoredProblem) -> Finding:
    """What intake found: a refusal, or (a total that does not add up) a relation that failed while reading."""
    problem = stored.problem
    key = f"{problem.where}|{problem.field}|{problem.found}"
    mark = project.hmac(problem.check, period.label, stored.reporter_code, key)[:12]
    register = project.definitions.register
    path = register.path(problem.unit_code or stored.reporter_code, period.end)
    townships = [c for c in path if (unit := register.get(c, period.end)) and unit.level == "township"]
    return Finding(
        id=f"{problem.check}-{mark}",
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


def _known(project: Project, wanted: Selection) -> None:
    library = project.definitions.library
    if wanted.form and wanted.form not in library.forms:
        raise CannotRun(project.unknown("form", wanted.form, library.forms))
    if wanted.severity and wanted.severity not in _ORDER:
        raise CannotRun(project.unknown("severity", wanted.severity, _ORDER))


def _select(project: Project, period: Period, findings: list[Finding], wanted: Selection) -> list[Finding]:
    _known(project, wanted)
    chosen = findings
    if wanted.check:
        library = project.definitions.library
        chosen = [f for f in chosen if f.check == wanted.check]
        if (
            not chosen
            and wanted.check not in library.checks
            and wanted.check not in {f.check for f in findings}
        ):
            raise CannotRun(project.unknown("check", wanted.check, library.checks))
    if wanted.form:
        chosen = [f for f in chosen if f.form == wanted.form]
    if wanted.severity:
        chosen = [f for f in chosen if f.severity == wanted.severity]
    if wanted.unit:
        register = project.definitions.register
        unit = find_unit(register, wanted.unit, period.end).code
        chosen = [
            f
            for f in chosen
            if unit in register.path(f.unit_code, period.end)
            or unit in register.path(f.reporter_code, period.end)
        ]
    return chosen


def _rank(finding: Finding) -> tuple[object, ...]:
    place = finding.cells[0] if finding.cells else Address("", "", "")
    unknown = finding.outcome == "unknown"
    return (unknown, _ORDER[finding.severity], finding.reporter_code, finding.form, finding.check, place.file, place.sheet,
            _cell_order(place.cell), finding.id)  # fmt: skip


def _cell_order(cell: str) -> tuple[int, str]:
    """A2 before A10: the row number first, then the column."""
    digits = "".join(c for c in cell if c.isdigit())
    return (int(digits or 0), cell)
