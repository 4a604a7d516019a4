"""Findings as a list that a person works through: which of them, and in what order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from ruralpb.core.problems import SEVERITIES
from ruralpb.model import Address, Finding, ReturnState


def matching(
    findings: Iterable[Finding],
    form: str,
    severity: str,
    checks: Collection[str],
    lies_in: Callable[[str], bool] | None = None,
) -> list[Finding]:
    """Return the findings of a form, a severity and some checks (each empty: any) that are about a unit, or come from a reporter, whose
    code satisfies `lies_in`."""
    return [
        finding
        for finding in findings
        if (not checks or finding.check in checks)
        and form in ("", finding.form)
        and severity in ("", finding.severity)
        and (lies_in is None or lies_in(finding.unit_code) or lies_in(finding.reporter_code))
    ]


MISSING = "C01"
"""The check that says of a return that it is missing."""


def without_unread(findings: Iterable[Finding], states: Iterable[ReturnState]) -> list[Finding]:
    """Return the findings without those that call a return missing of which a file came that could not be read: what is wrong with that
    file is a finding of its own."""
    unread = {(state.reporter_code, state.form) for state in states if state.status == "unread"}
    return [f for f in findings if f.check != MISSING or (f.reporter_code, f.form) not in unread]


def working_order(finding: Finding) -> tuple[object, ...]:
    """Return the key to sort findings by: unknown outcomes last, the most severe first, then by reporter, form, check and cell."""
    place = finding.cells[0] if finding.cells else Address("", "", "")
    return (
        finding.outcome == "unknown",
        SEVERITIES[finding.severity].rank,
        finding.reporter_code,
        finding.form,
        finding.check,
        place.file,
        place.sheet,
        _cell_order(place.cell),
        finding.id,
    )


def _cell_order(cell: str) -> tuple[int, str]:
    """A2 before A10: the row number first, then the column."""
    digits = "".join(c for c in cell if c.isdigit())
    return (int(digits or 0), cell)
