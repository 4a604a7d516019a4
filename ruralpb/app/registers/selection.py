"""What is asked of the registers: which definitions, and below which unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from ruralpb.app.project import Project
from ruralpb.app.units import find_unit
from ruralpb.core.periods import Period
from ruralpb.core.problems import CannotRun
from ruralpb.model import ListDefinition, ListedRow, Rating, Score, Watch

_T = TypeVar("_T", Watch, Score, ListDefinition)
_R = TypeVar("_R", Rating, ListedRow)


def definitions_asked(
    project: Project, kind: str, ids: Sequence[str], known: Mapping[str, _T]
) -> dict[str, _T]:
    """Return the enabled definitions of `ids`, all where none is named. Raises CannotRun (exit 2) for one that there is not."""
    for id_ in ids:
        if id_ not in known:
            raise CannotRun(project.unknown(kind, id_, known))
    return {
        id_: definition for id_, definition in known.items() if (not ids or id_ in ids) and definition.enabled
    }


def codes_below(project: Project, unit: str, period: Period) -> set[str] | None:
    """The codes of a unit and everything below it; None for everything."""
    if not unit:
        return None
    register = project.definitions.register
    code = find_unit(register, unit, period.end).code
    return {code, *(u.code for u in register.on(period.end, below=code))}


def rows_inside(rows: Sequence[_R], below: set[str] | None) -> tuple[_R, ...]:
    """Return the rows about units among the codes `below`."""
    return tuple(row for row in rows if below is None or {row.unit_code, row.township_code} & below)
