"""What of a project cannot be made again, and whether it is whole: journal, witnesses, originals, definitions, key, seals."""

from __future__ import annotations

from collections.abc import Iterator

from ruralpb.app.project import Project
from ruralpb.core.problems import CannotRun, Location, Problem
from ruralpb.returns.seals import every_seal
from ruralpb.store.archive.recovery import damaged_witnesses


def journal_damage(project: Project) -> list[Problem]:
    """Return what is wrong with the journal, and its witnesses that are damaged."""
    try:
        _ = project.journal.lines
    except CannotRun as stop:
        return list(stop.problems)
    damaged = damaged_witnesses(project.journal)
    return [Problem("witness-damaged", Location(str(witness.path)), severity="query") for witness in damaged]


def archive_damage(project: Project) -> list[Problem]:
    """Return a problem for each original and set of definitions of a whole journal that is not as it came, and for what no line knows."""
    journal = project.journal
    came_as = {receipt.definitions: "" for receipt in journal.receipts()}
    came_as |= {receipt.sha256: receipt.path for receipt in journal.receipts()}
    problems = [problem for sha256 in came_as if (problem := project.archive.damage(sha256, came_as[sha256]))]
    return problems + unclaimed(project)


def unclaimed(project: Project) -> list[Problem]:
    """Return the contents of the archive that no line of the journal knows: what was received, but counts nowhere."""
    claimed = {
        sha256
        for receipt in project.journal.receipts()
        for sha256 in (receipt.sha256, receipt.opened, receipt.definitions)
    }
    # A list of answers is named by the explanations it gave, and by its own line where it gave none.
    claimed |= {d.data.get(key, "") for d in project.journal.decisions() for key in ("answers", "sha256")}
    return [
        Problem("archive-unclaimed", Location(str(project.archive.path(sha256))), severity="query")
        for sha256 in project.archive.all()
        if sha256 not in claimed
    ]


def seal_damage(project: Project) -> list[Problem]:
    """Return a problem for each file of a seal, voided ones too, that is not there or is no longer what was sealed."""
    decisions = project.journal.decisions()
    periods = sorted({decision.data["period"] for decision in decisions if decision.kind == "seal"})
    made = [seal for period in periods for seal in every_seal(decisions, period)]
    return [problem for seal in made for problem in project.seals.damage(seal)[1]]


def damage(project: Project) -> list[Problem]:
    """Return everything that is damaged or lost. Where the journal is, nothing else can be judged."""
    journal = journal_damage(project)
    if any(problem.severity == "error" for problem in journal):
        return journal
    return [*journal, *_key(project), *archive_damage(project), *seal_damage(project)]


def _key(project: Project) -> Iterator[Problem]:
    problem = project.key.damage()
    if problem is not None:
        yield problem
