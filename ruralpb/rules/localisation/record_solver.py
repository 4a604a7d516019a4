"""Which cells have to change so that all rules of a record, or of several records with common totals, can hold at once.

After Fellegi and Holt: the cheapest set of cells whose change could satisfy everything. z3 decides exactly, with whole and rational numbers,
whether a set can, and where it cannot gives the kept cells that contradict each other: at least one of them has to change. The cheapest
cells that meet all contradictions known so far are tried next (`covering`), so that the first set that can is the answer.

CP-SAT was not taken because it knows 64-bit integers only (10¹³ with six decimals is more), solvers in floating point because a tolerance of 0.02 on
10⁹ is below what they tell apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import z3

from ruralpb.rules.localisation.constraints import (
    CellVariables,
    RecordColumns,
    RecordConstraints,
    TextNumbers,
    as_formula,
    blankable,
)
from ruralpb.rules.localisation.covering import cheapest_cover, ranked_weights
from ruralpb.rules.localisation.edit_rules import EditRule, FieldDomain

MOST_STEPS = 2_000_000
"""Steps of z3 for one decision (its `rlimit`, the same on every machine); a row of two dozen checks takes some thousand."""
MOST_CONTRADICTIONS = 200
"""A record that needs more is given up."""

SolverCell = tuple[int, str]
"""Number of the record and field; for a declared total its number counted down from −1, and its field."""


class UndecidedError(Exception):
    """No answer within the bounds."""


@dataclass(frozen=True, slots=True)
class TotalOfRecords:
    """A declared total over the `field` of some of the records: `stated` there, `others` the sum of its rows that are none of the records."""

    field: str
    records: tuple[int, ...]
    stated: Fraction
    others: Fraction
    tolerance: Fraction


@dataclass(frozen=True, slots=True)
class FewestCells:
    """The cheapest cells, in the order of the costs, and for each the cells of equal cost that would do as well in its place."""

    cells: tuple[SolverCell, ...]
    instead: Mapping[SolverCell, tuple[SolverCell, ...]]


def limits(
    cell: CellVariables, domain: FieldDomain, may_be_blank: bool, texts: TextNumbers
) -> Iterator[z3.BoolRef]:
    """Yield what holds of a cell that changes."""
    if domain.required or not may_be_blank:
        yield z3.Not(cell.blank)
    if domain.low is not None:
        yield cell.value >= _rational(domain.low)
    if domain.high is not None:
        yield cell.value <= _rational(domain.high)
    if domain.choices is not None and cell.kind == "text":
        yield z3.Or([cell.value == texts[choice] for choice in sorted(domain.choices)])


class RecordSolver:
    """The rules of some records as one system, for any values: `rules` for each record, and the totals' fields with the records they add."""

    def __init__(
        self,
        rules: Sequence[Sequence[EditRule]],
        columns: RecordColumns,
        texts: TextNumbers,
        totals: Sequence[TotalOfRecords] = (),
    ) -> None:
        self._texts = texts
        self._solver = z3.SimpleSolver()
        self._solver.set("rlimit", MOST_STEPS)
        self._solver.set("core.minimize", True)
        self._stated: dict[tuple[int, str, Any], Any] = {}
        self.checks_made = 0
        self.records: list[dict[str, CellVariables]] = []
        self.kept: dict[SolverCell, z3.BoolRef] = {}
        for number, of_record in enumerate(rules):
            constraints = RecordConstraints(columns, texts, f"{number}." if len(rules) > 1 else "")
            self._solver.add([as_formula(constraints.holds(rule.tree)) for rule in of_record])
            for name in {t.field for t in totals if number in t.records}:
                constraints.cell(name)
            may_be_blank = blankable(of_record, lambda name: columns.kinds.get(name) == "number")
            self._add_record(number, constraints.variables, columns, may_be_blank)
        self._totals = [z3.Real(f"total {place}") for place in range(len(totals))]
        for place, total in enumerate(totals):
            self.kept[-1 - place, total.field] = z3.Bool(f"total {place} kept")
        self._cell_of = {kept.get_id(): cell for cell, kept in self.kept.items()}

    def _add_record(
        self,
        number: int,
        variables: Mapping[str, CellVariables],
        columns: RecordColumns,
        may_be_blank: frozenset[str],
    ) -> None:
        self.records.append(dict(variables))
        for name, cell in variables.items():
            if name in columns.changeable:
                self.kept[number, name] = cell.kept
                of_cell = limits(cell, columns.changeable[name], name in may_be_blank, self._texts)
                self._solver.add([z3.Or(cell.kept, limit) for limit in of_cell])

    def fewest_cells(
        self, costs: Mapping[SolverCell, Fraction], contradictions: Sequence[frozenset[SolverCell]]
    ) -> FewestCells | None:
        """Return the cheapest cells of `costs` whose change can satisfy everything, for the values of `values_of`; None when no change can.

        `contradictions` are known ones: sets of cells of which one must change. Raises UndecidedError.
        """
        if self._contradiction(frozenset(), costs) is None:
            return FewestCells((), {})
        conflicts = list(contradictions)
        weights = ranked_weights(costs)
        chosen = cheapest_cover(weights, conflicts)
        while (kept := self._contradiction(chosen, costs)) is not None:
            if not kept:
                return None
            if len(conflicts) >= MOST_CONTRADICTIONS:
                raise UndecidedError
            conflicts.append(kept)
            chosen = cheapest_cover(weights, conflicts)

        def can(cells: frozenset[SolverCell]) -> bool:
            if any(cells.isdisjoint(each) for each in conflicts):
                return False
            kept = self._contradiction(cells, costs)
            if kept is not None:
                conflicts.append(kept)
            return kept is None

        cells = tuple(cell for cell in costs if cell in chosen)
        instead = {
            cell: tuple(
                other
                for other in costs
                if other not in chosen and costs[other] == costs[cell] and can(chosen - {cell} | {other})
            )
            for cell in cells
        }
        return FewestCells(cells, {cell: others for cell, others in instead.items() if others})

    def _contradiction(
        self, changed: frozenset[SolverCell], costs: Mapping[SolverCell, Fraction]
    ) -> frozenset[SolverCell] | None:
        """Return kept cells that cannot all stay, when only `changed` may change; None when they can."""
        self.checks_made += 1
        answer = self._solver.check([self.kept[cell] for cell in costs if cell not in changed])
        if answer == z3.unknown:
            raise UndecidedError
        if answer == z3.sat:
            return None
        return frozenset(self._cell_of[kept.get_id()] for kept in self._solver.unsat_core())

    @contextmanager
    def values_of(
        self, records: Sequence[Mapping[str, Any]], totals: Sequence[TotalOfRecords] = ()
    ) -> Iterator[None]:
        """Let the records hold these values, and the totals, as long as the context lasts."""
        stated = [
            self._as_reported(record, name, cell, values.get(name))
            for record, (variables, values) in enumerate(zip(self.records, records, strict=True))
            for name, cell in variables.items()
        ]
        for place, total in enumerate(totals):
            stated += self._adds_up(place, total)
        self._solver.push()
        try:
            self._solver.add(stated)
            yield
        finally:
            self._solver.pop()

    def _as_reported(self, record: int, name: str, cell: CellVariables, value: Any) -> z3.BoolRef:
        if isinstance(value, Decimal):  # seldom the same twice
            return self._says(cell, value)
        key = (record, name, value is None if cell.kind == "other" else value)
        if key not in self._stated:
            self._stated[key] = self._says(cell, value)
        return self._stated[key]

    def _says(self, cell: CellVariables, value: Any) -> z3.BoolRef:
        if value is None or cell.kind == "other":
            says = cell.blank if value is None else z3.Not(cell.blank)
        else:
            says = z3.And(z3.Not(cell.blank), cell.value == self._constant(value))
        return says if cell.kept is True else z3.Implies(cell.kept, says)

    def _constant(self, value: Any) -> Any:
        if isinstance(value, bool):
            return z3.BoolVal(value)
        if isinstance(value, str):
            return self._texts[value]
        if isinstance(value, date):
            return z3.IntVal(value.toordinal())
        return z3.IntVal(value) if isinstance(value, int) else _rational(Fraction(value))

    def _adds_up(self, place: int, total: TotalOfRecords) -> list[z3.BoolRef]:
        """The declared total against its rows; those that are none of the records stay as they are."""
        declared = self._totals[place]
        cells = [self.records[number][total.field] for number in total.records]
        added = z3.Sum([_rational(total.others), *(z3.If(c.blank, 0, c.value) for c in cells)])
        return [
            z3.Implies(self.kept[-1 - place, total.field], declared == _rational(total.stated)),
            declared - added <= _rational(total.tolerance),
            added - declared <= _rational(total.tolerance),
        ]


def _rational(number: Fraction) -> Any:
    whole = number.denominator == 1
    return z3.RealVal(number.numerator) if whole else z3.Q(number.numerator, number.denominator)
