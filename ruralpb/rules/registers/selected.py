"""Rows of a form or register view with the values of some expressions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ruralpb.core.periods import Period
from ruralpb.core.problems import Location, Problem
from ruralpb.model import Library, Register
from ruralpb.rules.expressions import Scope, key_columns, resolve

Query = Callable[[str], list[tuple[Any, ...]]]
Queries = Callable[[Sequence[str]], list[list[tuple[Any, ...]]]]
"""Runs several statements and returns the rows of each, in their order."""
Cell = tuple[str, int, int]
"""Submission, block, position of a row."""

_FORM_COLUMNS = ("submission", "block", "position", "reporter_code", "unit_code", "township_code")
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
class Selection:
    """One SELECT, and what its rows are."""

    sql: str
    places: int
    names: tuple[str, ...]
    is_fact: bool

    def rows(self, answer: Iterable[Sequence[Any]]) -> list[Selected]:
        """Return what `sql` gave as rows."""
        return [_row(row, self.places, self.names, self.is_fact) for row in answer]


def select(
    name: str,
    expressions: Mapping[str, str],
    library: Library,
    register: Register | None,
    period: Period,
    query: Query,
    where: str = "",
    order: str = "",
    most: int = 0,
    at: Location | None = None,
) -> tuple[list[Selected], list[Problem]]:
    """Return the rows of the form or view `name` in `period` for which `where` is true, in the order of the sheets (or of the
    register), or of `order`, the largest first."""
    asked, problems = selection(name, expressions, library, register, period, where, order, most, at)
    return (asked.rows(query(asked.sql)) if asked else []), problems


def selection(
    name: str,
    expressions: Mapping[str, str],
    library: Library,
    register: Register | None,
    period: Period,
    where: str = "",
    order: str = "",
    most: int = 0,
    at: Location | None = None,
) -> tuple[Selection | None, list[Problem]]:
    """As `select`, not yet run: for a caller that runs several together. None when there are problems."""
    form = library.forms.get(name)
    scope = Scope(library, name, period, register=register, where=at or Location())
    resolved = {key: resolve(text, scope) for key, text in expressions.items() if text}
    condition = resolve(where, scope) if where else None
    sorting = resolve(order, scope) if order else None
    everything = [*resolved.values(), *filter(None, (condition, sorting))]
    problems = [p for r in everything for p in r.problems]
    if problems:
        return None, problems
    place = _FORM_COLUMNS if form else _VIEW_COLUMNS
    keys = [f'"{c}"' for c in (*key_columns(form), "ordinal")] if form else ['"unit_code"']
    columns = [*(f'"{c}"' for c in place), f"concat_ws('|', {', '.join(_text(k) for k in keys)}) AS _key"]
    columns += [f"({r.sql}) AS {_quoted(key)}" for key, r in resolved.items()]
    parts = [f"\"period\" = '{period.label}'"] if form else []
    parts += [f"({condition.sql})"] if condition else []
    sql = f'SELECT {", ".join(columns)} FROM "{name}" AS "{name}"'
    sql += f" WHERE {' AND '.join(parts)}" if parts else ""
    sheet = '"submission", "block", "position"' if form else '"unit_code"'
    sql += f" ORDER BY {f'({sorting.sql}) DESC NULLS LAST, ' if sorting else ''}{sheet}"
    sql += f" LIMIT {most}" if most else ""
    return Selection(sql, len(place), tuple(resolved), bool(form)), []


def _row(row: Sequence[Any], places: int, names: Sequence[str], is_fact: bool) -> Selected:
    values = dict(zip(names, row[places + 1 :], strict=True))
    if is_fact:
        submission, block, position, reporter, unit, township = row[:places]
        return Selected(
            (submission, block, position), reporter, unit or "", township or "", row[places], values
        )
    unit, township = row[:places]
    return Selected(None, township or "", unit or "", township or "", row[places], values)


def _text(column: str) -> str:
    return f"coalesce(cast({column} AS VARCHAR), '')"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
