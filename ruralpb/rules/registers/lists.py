"""名单: the rows somebody has to see to, with the columns the definition names."""

from __future__ import annotations

from ruralpb.core.periods import Period
from ruralpb.core.problems import Problem
from ruralpb.model import Library, ListDefinition, ListedRow, Register
from ruralpb.rules.expressions import Scope, resolve
from ruralpb.rules.registers.selected import Query, RowsWanted, select


def forms_read(
    definition: ListDefinition, library: Library, register: Register | None, period: Period
) -> frozenset[str]:
    """Return the forms that have to be returned for `period` before anybody knows who is on the list: its own, and those its condition
    reads."""
    scope = Scope(library, definition.relation, period, register=register, where=definition.defined_at)
    reads = resolve(definition.where, scope).reads if definition.where else ()
    own = {definition.relation} & set(library.forms)
    return frozenset(own | {read.form for read in reads if period.label in read.periods})


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
