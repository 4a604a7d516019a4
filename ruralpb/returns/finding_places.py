"""Which cells of which files a finding is about, among a reporter's own returns of the period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ruralpb.core.messages import say
from ruralpb.core.periods import Period
from ruralpb.model import Address, Finding, Receipt, Submission


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a finding is marked: its cells with the receipts they are in, the head first; `nowhere` says why there is no mark. `receipt` is
    the file it is about."""

    receipt: Receipt | None = None
    cells: tuple[tuple[Receipt, Address], ...] = ()
    nowhere: str = ""


class FindingPlaces:
    """Finds the cells of findings of `period` among the versions and files of a project."""

    def __init__(
        self, period: Period, submissions: Iterable[Submission], receipts: Iterable[Receipt]
    ) -> None:
        self._period = period
        self._submissions = {submission.id: submission for submission in submissions}
        self._by_path: dict[str, list[Receipt]] = defaultdict(list)
        for receipt in receipts:
            self._by_path[receipt.path].append(receipt)

    def sources(self, findings: Iterable[Finding]) -> Iterator[str]:
        """Yield the ids of the receipts of the returns that findings are about, also where no cell is marked in them."""
        for finding in findings:
            submission = self._submissions.get(finding.submission)
            yield from submission.receipts if submission else ()

    def place(self, reporter: str, finding: Finding) -> Placed:
        """Return the finding's cells in the reporter's own returns of the period."""
        if not finding.cells:
            return Placed(nowhere=say("nowhere-form"))
        head = finding.cells[0]
        version = self._submissions.get(head.submission)
        if version is not None and version.period != self._period:
            return Placed(nowhere=say("nowhere-earlier", sheet=head.sheet, cell=head.cell))
        receipt = self._receipt(head)
        if receipt is None or not self._is_own(reporter, head):
            return Placed(nowhere=say("nowhere-form"))
        if not head.cell:
            return Placed(receipt, nowhere=say("nowhere-sheet" if head.sheet else "nowhere-file"))
        return Placed(receipt, tuple(self._cells(reporter, finding.cells)))

    def _cells(self, reporter: str, cells: Sequence[Address]) -> Iterator[tuple[Receipt, Address]]:
        for cell in cells:
            if cell.cell and self._is_own(reporter, cell) and (receipt := self._receipt(cell)):
                yield receipt, cell

    def _is_own(self, reporter: str, cell: Address) -> bool:
        """Whether a cell is in a return of the reporter for this period; what intake refused belongs to no return yet."""
        version = self._submissions.get(cell.submission)
        return version is None or (version.reporter_code, version.period) == (reporter, self._period)

    def _receipt(self, cell: Address) -> Receipt | None:
        """The receipt an address speaks of: the last of its path in its version, else the last of its path."""
        version = self._submissions.get(cell.submission)
        received = self._by_path.get(cell.file, [])
        members = [r for r in received if version is not None and r.id in version.receipts]
        return next(reversed(members or received), None)
