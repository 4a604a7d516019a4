"""Which files of a delivery are 核实清单 that come back, and which of those came before."""

from __future__ import annotations

from ruralpb.app.project import Project
from ruralpb.core.problems import Location, Problem
from ruralpb.intake.receive import KnownFile, NewFile, ReceivedFiles
from ruralpb.publish.feedback import is_question_list

KIND = "answers"
"""The kind of a journal line that says a list came back."""


def parted(project: Project, sifted: ReceivedFiles) -> tuple[ReceivedFiles, list[NewFile]]:
    """Return the files without the lists, and the new lists; a list that came before is known."""
    lists = [new for new in sifted.new if is_question_list(new.content)]
    if not lists:
        return sifted, []
    before = {d.data["sha256"]: d.data["path"] for d in project.journal.decisions() if d.kind == KIND}
    known_files = [
        KnownFile(
            new.receipt.path,
            new.receipt.received,
            Problem(
                "answers-known", Location(new.receipt.path), expected=before[new.receipt.sha256], severity="note", rule="D14"
            ),
        )
        for new in lists
        if new.receipt.sha256 in before
    ]  # fmt: skip
    returns = [new for new in sifted.new if new not in lists]
    return ReceivedFiles(returns, [*sifted.known, *known_files]), [
        n for n in lists if n.receipt.sha256 not in before
    ]
