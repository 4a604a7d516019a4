"""名单: the rows somebody has to see to, with the columns the definition names."""

from __future__ import annotations

from ruralpb.core.periods import Period
from ruralpb.core.problems import Problem
from ruralpb.model import Library, ListDefinition, ListedRow, Register
from ruralpb.rules.expressions import Scope
from ruralpb.rules.registers.selected import Query, RowsWanted, select


def listed(
    definition: ListDefinition, library: Library, register: Register | None, period: Period, query: Query
) -> tuple[list[ListedRow], list[Problem]]:
    """Return the lines of a list in `period`: rows for which `where` is true (unknown is not), the columns in their order."""
    scope = Scope(library, definition.relation, period, register=register, where=definition.defined_at)
    wanted = RowsWanted(definition.columns, definition.where, definition.order, definition.most)
    rows, problems = select(wanted, scope, query)
    return [
        ListedRow(row.unit_code, row.township_code, tuple(row.values.values()), row.cell) for row in rows
    ], problems
