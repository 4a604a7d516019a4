"""What people decided about findings and values: explanations and amendments, live or lapsed (semantics S9).

Pure: decisions of the journal in, what they come to out. The rules:

* An explanation holds while the finding's fingerprint is the one it was given for; then the finding is `explained`. Of a finding with
  another fingerprint, and of the same finding a period later, it is offered and does not count.
* An amendment gives a cell an effective value and leaves the reported one. It holds while the row it names reports what it reported
  then, in whatever version is current; of several for one cell the last one holds. One back to the reported value takes it away.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ruralpb.core.problems import Location, Problem, Severity
from ruralpb.model import Address, Decision, Finding

EXPLAINED_SEVERITY: Severity = "query"
"""Only what asks a question can be explained: an error is put right, a note asks nothing."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The last explanation of a finding, for the fingerprint it had. `person` answers for it, `by` entered it."""

    id: str
    finding: str
    fingerprint: str
    person: str
    reason: str
    by: str
    at: str


def explanations(decisions: Iterable[Decision]) -> dict[str, Explanation]:
    """Return finding → its last explanation; `decisions` stand in journal order."""
    return {
        d.data["finding"]: Explanation(
            d.id, d.data["finding"], d.data["fingerprint"], d.data.get("person") or d.by, d.reason, d.by, d.at
        )
        for d in decisions
        if d.kind == "explain"
    }


def explained(findings: Iterable[Finding], known: Mapping[str, Explanation]) -> list[Finding]:
    """Return the findings with their status: those with a live explanation `explained`, with who and why; of the others an earlier
    explanation is `offered`."""
    return [_explained(finding, known) for finding in findings]


def _explained(finding: Finding, known: Mapping[str, Explanation]) -> Finding:
    if finding.severity != EXPLAINED_SEVERITY or finding.outcome == "unknown":
        return finding
    explanation = known.get(finding.id)
    if explanation is not None and explanation.fingerprint == finding.fingerprint:
        return replace(finding, status="explained", reason=explanation.reason, person=explanation.person)
    earlier = explanation or known.get(finding.earlier)
    return finding if earlier is None else replace(finding, offered=earlier.reason, offered_by=earlier.person)


def unanswerable(id: str, finding: Finding | None, fingerprint: str, where: Location) -> Problem | None:
    """Return why an answer at `where` to the finding `id`, asked when it had `fingerprint`, explains nothing; None where it does explain.
    `finding` is the one that stands now, if there is one."""
    if finding is None or finding.status == "amended":
        return Problem("answer-gone", where, found=id, severity="note")
    if finding.severity == "error":
        return Problem("answer-to-error", where, found=id, refused="row")
    if finding.severity != EXPLAINED_SEVERITY:
        return Problem("answer-to-note", where, found=id, severity="note")
    if finding.fingerprint != fingerprint:
        return Problem("answer-stale", where, found=id, severity="query", refused="row")
    return None


@dataclass(frozen=True, slots=True)
class Answering:
    """A live amendment as a finding names it: the cell of the current version, what was done and by whom."""

    cell: Address
    sentence: str
    by: str


def resolved(
    reported: Iterable[Finding], effective: Container[str], answering: Sequence[Answering]
) -> list[Finding]:
    """Return the findings that the reported values give and the effective ones (whose finding ids are `effective`) do not: `amended`, each with
    the amendments of its cells (of the period, where none is)."""
    amended = []
    for finding in reported:
        if finding.outcome in ("fail", "refused") and finding.id not in effective:
            cells = {_place(cell) for cell in finding.cells}
            answers = [amendment for amendment in answering if _place(amendment.cell) in cells] or answering
            reason = "；".join(amendment.sentence for amendment in answers)
            person = "、".join(dict.fromkeys(amendment.by for amendment in answers))
            amended.append(replace(finding, status="amended", reason=reason, person=person))
    return amended


def _place(cell: Address) -> tuple[str, str, str]:
    return (cell.file, cell.sheet, cell.cell)
