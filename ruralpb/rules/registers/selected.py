"""Rows of a form or register view with the values of some expressions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ruralpb.core.problems import Problem
from ruralpb.core.sql import identifier, literal
from ruralpb.model.form_relation import CELL_COLUMNS
from ruralpb.rules import engine
from ruralpb.rules.expressions import Scope, key_columns, resolve
from ruralpb.rules.expressions.build import key_text

Query = Callable[[str], list[tuple[Any, ...]]]
Queries = Callable[[Sequence[str]], list[list[tuple[Any, ...]]]]
"""Runs several statements and returns the rows of each, in their order."""
Cell = tuple[str, int, int]
"""Submission, block, position of a row."""

_SHEET_ORDER = ("submission", "block", "position")
_VIEW_COLUMNS = ("unit_code", "township_code")


@dataclass(frozen=True, slots=True)
class Selected:
    """One row. `cell` is None for a row of the register. `key` identifies the row within its reporter from period to period. `values` by
    the names of the expressions."""

    cell: Cell | None
    reporter_code: str
    unit_code: str
    township_code: str
    key: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RowsWanted:
    """Which rows: the values asked for (name → expression; empty ones are left out), those for which `where` is true, in the order of
    the sheets (or of the register) or of `order`, the largest first, `most` of them (0: all)."""

    values: Mapping[str, str]
    where: str = ""
    order: str = ""
    most: int = 0


@dataclass(frozen=True, slots=True)
class RowsQuery:
    """One statement, and what its rows are."""

    sql: str
    places: int
    names: tuple[str, ...]
    is_fact: bool

    def rows(self, answer: Iterable[Sequence[Any]]) -> list[Selected]:
        """Return what `sql` gave as rows."""
        return [_row(row, self.places, self.names, self.is_fact) for row in answer]


def select(wanted: RowsWanted, scope: Scope, query: Query) -> tuple[list[Selected], list[Problem]]:
    """Return the rows of the form or register view of `scope`, in its period; none when there are problems."""
    asked, problems = rows_query(wanted, scope)
    return (asked.rows(query(asked.sql)) if asked else []), problems


def rows_query(wanted: RowsWanted, scope: Scope) -> tuple[RowsQuery | None, list[Problem]]:
    """As `select`, not yet run: for a caller that runs several together. None when there are problems."""
    form = scope.library.forms.get(scope.relation)
    resolved = {name: resolve(text, scope) for name, text in wanted.values.items() if text}
    condition = resolve(wanted.where, scope) if wanted.where else None
    sorting = resolve(wanted.order, scope) if wanted.order else None
    problems = [p for r in (*resolved.values(), condition, sorting) if r is not None for p in r.problems]
    if problems:
        return None, problems
    place = CELL_COLUMNS if form else _VIEW_COLUMNS
    keys = (*key_columns(form), "ordinal") if form else ("unit_code",)
    columns = [*map(identifier, place), f"{key_text(keys)} AS _key"]
    columns += [f"({r.sql}) AS {identifier(name)}" for name, r in resolved.items()]
    conditions = [f'"period" = {literal(scope.period.label)}'] if form else []
    conditions += [f"({condition.sql})"] if condition else []
    order = [f"({sorting.sql}) DESC NULLS LAST"] if sorting else []
    order += map(identifier, _SHEET_ORDER if form else ("unit_code",))
    sql = engine.statement(
        "rows_selected",
        columns=", ".join(columns),
        rows=identifier(scope.relation),
        condition=" AND ".join(conditions) or "TRUE",
        order=", ".join(order),
        limit=f"\nLIMIT {wanted.most}" if wanted.most else "",
    )
    return RowsQuery(sql, len(place), tuple(resolved), bool(form)), []


def _row(row: Sequence[Any], places: int, names: Sequence[str], is_fact: bool) -> Selected:
    values = dict(zip(names, row[places + 1 :], strict=True))
    if is_fact:
        submission, block, position, reporter, unit, township = row[:places]
        return Selected(
            (submission, block, position), reporter, unit or "", township or "", row[places], values
        )
    unit, township = row[:places]
    return Selected(None, township or "", unit or "", township or "", row[places], values)
