"""What `explain`, `amend` and `withdraw` come to, and what they cannot be done to.

Pure: findings, versions and the cell that is meant in, results and problems out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ruralpb.core.messages import listing
from ruralpb.core.nearest import TITLE, nearest
from ruralpb.core.periods import Period
from ruralpb.core.personal_data import without_numbers
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.model import MASKED, Address, Decision, Finding, Submission, journal_text
from ruralpb.returns.cell_selection import SelectedCell
from ruralpb.returns.decisions import Explanation


@dataclass(frozen=True, slots=True)
class Explained:
    """What `explain` recorded: the findings, now explained. `already` are ids that had this explanation before."""

    period: str
    findings: tuple[Finding, ...]
    already: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AmendmentResult:
    """What `amend` recorded. `was` is the reported value, `now` the one that counts, both as they may be shown; `resolved` are findings that
    are gone with it, `raised` those that came."""

    decision: str
    submission: str
    period: str
    address: Address
    unit_code: str
    subject: str
    field: str
    title: str
    was: str
    now: str
    resolved: tuple[Finding, ...]
    raised: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What `withdraw` recorded; `current` is the version that counts now, "" when the return is missing."""

    submission: str
    period: str
    current: str


@dataclass(frozen=True, slots=True)
class CellChange:
    """The amendment of one cell: what it shall count as ("": nothing; None: not said), why, by whom, on what basis."""

    value: str | None
    reason: str
    by: str
    basis: str


def same_explanation(known: Explanation | None, fingerprint: str, reason: str, person: str) -> bool:
    """True where the journal says this already (it keeps reasons without numbers of persons): it is not said twice."""
    return known is not None and (known.fingerprint, known.reason, known.person) == (
        fingerprint,
        without_numbers(reason),
        person,
    )


def unexplainable(id: str, findings: Mapping[str, Finding], period: Period) -> Problem | None:
    """Return why the finding `id` cannot be explained, None where it can; `findings` are those of the period by id."""
    finding = findings.get(id)
    if finding is None:
        near = listing(nearest(id, sorted(findings), TITLE)) or "—"
        return Problem("finding-unknown", found=id, expected=near, data={"period": period.label})
    if finding.status == "amended":
        return Problem("explain-amended", found=id)
    if finding.severity == "error":
        return Problem("explain-error", found=id, data={"message": finding.message})
    return Problem("explain-note", found=id) if finding.severity == "note" else None


def amendment_result(
    decision: Decision,
    version: Submission,
    target: SelectedCell,
    value: str,
    before: Iterable[Finding],
    after: Iterable[Finding],
) -> AmendmentResult:
    """Return what an amendment did, from the findings of the period before and after it."""

    def open_(findings: Iterable[Finding]) -> dict[str, Finding]:
        return {f.id: f for f in findings if f.status == "open"}

    old, new = open_(before), open_(after)
    hidden = target.field.sensitive
    was = journal_text(target.value) or decision.data.get("raw", "")
    return AmendmentResult(
        decision=decision.id,
        submission=version.id,
        period=version.period.label,
        address=target.address,
        unit_code=target.row.content[0],
        subject=target.subject,
        field=target.field.id,
        title=target.title,
        was=MASKED if hidden and was else was,
        now=MASKED if hidden and value else value,
        resolved=tuple(finding for id, finding in old.items() if id not in new),
        raised=tuple(finding for id, finding in new.items() if id not in old),
    )


def find_version(versions: Iterable[Submission], submission: str) -> Submission:
    """Return the version with the id `submission`. Raises CannotRun (exit 2) when there is none, with the nearest."""
    by_id = {version.id: version for version in versions}
    if submission not in by_id:
        near = listing(nearest(submission, sorted(by_id), TITLE)) or "—"
        raise CannotRun(Problem("submission-unknown", found=submission, expected=near))
    return by_id[submission]


def current_of(version: Submission, versions: Iterable[Submission]) -> str:
    """Return the id of the version that counts among `versions` of the same period for the same reporter and form; "" when there is none."""
    of = (version.reporter_code, version.form)
    return next((v.id for v in versions if (v.reporter_code, v.form) == of and v.state == "current"), "")
