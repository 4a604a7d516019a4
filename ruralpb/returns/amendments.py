"""Which problems of intake the effective values of amendments answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from ruralpb.model import AmendedCell, StoredProblem


def standing(problems: Sequence[StoredProblem], cells: Iterable[AmendedCell]) -> tuple[StoredProblem, ...]:
    """Return the problems of intake that effective values leave: without refusals of cells that have one, and totals that agree with them."""
    counting = [cell for cell in cells if cell.amended.counts]
    return tuple(
        p for p in problems if not any(_answers(c, p) for c in counting) and not _adds_up(p, counting)
    )


def _answers(cell: AmendedCell, stored: StoredProblem) -> bool:
    problem, amended = stored.problem, cell.amended
    return (
        problem.refused == "cell"
        and (stored.block, problem.field) == (amended.block, amended.amendment.field)
        and cell.address is not None
        and problem.where.cell == cell.address.cell
    )


def _adds_up(stored: StoredProblem, cells: Iterable[AmendedCell]) -> bool:
    """True for a stated total that is the sum of the effective values, and was not of the reported ones."""
    data = stored.problem.data
    if "stated" not in data:
        return False
    rows = range(int(data["first"]), int(data["last"]) + 1)
    changes = [
        Decimal(c.amended.amendment.now or 0) - Decimal(c.amended.amendment.was or 0)
        for c in cells
        if (c.amended.block, c.amended.amendment.field) == (stored.block, stored.problem.field)
        and c.amended.position in rows
    ]
    stated, actual, tolerance = (Decimal(data[name]) for name in ("stated", "actual", "tolerance"))
    return bool(changes) and abs(stated - actual - sum(changes)) <= tolerance
