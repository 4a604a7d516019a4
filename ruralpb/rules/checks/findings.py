"""Verdicts of checks and problems of intake → findings, all of them open: what people decide about them comes later."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ruralpb.core.periods import Period
from ruralpb.model import Address, Finding, Register, StoredProblem
from ruralpb.rules.checks.plan import Verdict


@dataclass(frozen=True, slots=True)
class FindingContext:
    """What findings of `period` are made with. `digest` is the keyed hash under which keys of rows may leave the store (semantics S9)."""

    period: Period
    register: Register
    digest: Callable[..., str]

    def id(self, check: str, period: Period, reporter: str, key: str) -> str:
        """Return the id of the finding of a check on a row or group of a reporter in a period (semantics S9)."""
        return f"{check}-{self.digest(check, period.label, reporter, key)[:12]}"

    def township(self, unit_code: str) -> str:
        """Return the code of the township that a unit is or lies in at the period's end, "" where there is none."""
        end = self.period.end
        path = self.register.path(unit_code, end)
        return next((c for c in path if (u := self.register.get(c, end)) and u.level == "township"), "")


def verdict_finding(
    context: FindingContext,
    verdict: Verdict,
    current: Mapping[tuple[str, str], str],
    addresses: Mapping[tuple[int, int, str], Address],
) -> Finding:
    """Return the finding of a verdict. `current`: (reporter, form) → the submission that counts; `addresses`: (block, position, field) →
    its cell."""
    asks = verdict.severity == "query" and verdict.outcome == "fail"
    # A check over all forms finds the same key in each of them.
    key = f"{verdict.form}|{verdict.key}"
    period = context.period
    return Finding(
        id=context.id(verdict.check, period, verdict.reporter_code, key),
        earlier=context.id(verdict.check, period.previous(), verdict.reporter_code, key) if asks else "",
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
        rests_on=verdict.rests_on if verdict.outcome == "fail" else (),
    )


def intake_findings(context: FindingContext, problems: Iterable[StoredProblem]) -> list[Finding]:
    """Return what intake found. The finding of a return that was taken is known by what it says of which unit and field, not by the file or
    row it stands in: so it is the same when the return comes again. Equal ones are counted."""
    seen: Counter[tuple[str, ...]] = Counter()
    findings = []
    for stored in problems:
        identity = _identity(stored)
        seen[identity] += 1
        key = "|".join([*identity[2:], str(seen[identity])])
        findings.append(_intake_finding(context, stored, key))
    return findings


def _identity(stored: StoredProblem) -> tuple[str, ...]:
    """By what a problem is the same when it comes again; the first two are check and reporter."""
    problem = stored.problem
    if not stored.submission:
        return (problem.check, stored.reporter_code, str(problem.where), problem.field, problem.found)
    return (
        problem.check,
        stored.reporter_code,
        problem.form,
        problem.unit_code,
        problem.field,
        problem.found,
    )


def _intake_finding(context: FindingContext, stored: StoredProblem, key: str) -> Finding:
    """A refusal, or (a total that does not add up) a relation that failed while reading."""
    problem, period = stored.problem, context.period
    unit_code = problem.unit_code or stored.reporter_code
    content = json.dumps(
        [problem.slug, problem.found, problem.expected, dict(problem.data)],
        ensure_ascii=False,
        sort_keys=True,
    )
    return Finding(
        id=context.id(problem.check, period, stored.reporter_code, key),
        earlier=context.id(problem.check, period.previous(), stored.reporter_code, key),
        fingerprint=hashlib.sha256(content.encode()).hexdigest(),
        check=problem.check,
        severity=problem.severity,
        outcome="refused" if problem.refused else "fail",
        form=problem.form,
        period=period.label,
        reporter_code=stored.reporter_code,
        unit_code=unit_code,
        township_code=context.township(unit_code),
        field=problem.field,
        found=problem.found,
        expected=problem.expected,
        message=problem.text("zh"),
        submission=stored.submission,
        cells=(Address(problem.where.file, problem.where.sheet, problem.where.cell, stored.submission),),
    )
