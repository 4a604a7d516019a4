"""Error localisation: which cells to ask about first, for rows that fail several checks.

After Fellegi and Holt: the fewest cells, weighted (`weight` of a field), whose change could satisfy every check of the row at
once, and the totals the sheet declares. Nothing is changed: the answer is a question to the township.

    edit_rules     the checks of the form on single records; what is not of the record is computed by the database
    constraints    a rule in three-valued logic, for z3: read once for all records
    record_solver  the cheapest cells that can satisfy the rules of a record
    covering       the cheapest cells that meet every contradiction known so far
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from ruralpb.model import Check
from ruralpb.rules.localisation import edit_rules
from ruralpb.rules.localisation.constraints import RecordColumns, TextNumbers, kind_of_value
from ruralpb.rules.localisation.edit_rules import EditRecord, EditRule, EditRules, Kind, RowAddress, RowQuery
from ruralpb.rules.localisation.record_solver import (
    FewestCells,
    RecordSolver,
    SolverCell,
    TotalOfRecords,
    UndecidedError,
)

__all__ = [
    "TOTAL",
    "DeclaredTotal",
    "EditRules",
    "ErrorLocation",
    "Localisation",
    "NotLocalised",
    "RowAddress",
    "locate_errors",
]

TOTAL = "total"
MOST_ROWS_TOGETHER = 40
"""Rows that share declared totals are one system up to so many; more are given up."""

NotLocalised = Literal["rows", "effort"]
"""Why a row was not looked at to the end: there were too many, or it was too hard."""
RowCell = tuple[RowAddress, str]
"""A row and a field of it."""


@dataclass(frozen=True, slots=True)
class DeclaredTotal:
    """A total of one field that a sheet declares over `rows` and that does not agree: `stated` there, `actual` the sum of the rows, both
    in the store's measure; `tolerance` as the comparison allowed."""

    field: str
    stated: Decimal
    actual: Decimal
    tolerance: Decimal
    rows: tuple[RowAddress, ...]


@dataclass(frozen=True, slots=True)
class ErrorLocation:
    """What could explain the failures of some rows: `cells` are the fewest; `instead` says for one of them which other
    cells would do as well. The cell of a declared total has the address of no row: its field is `total:<field>`."""

    rows: tuple[RowAddress, ...]
    cells: tuple[RowCell, ...]
    instead: Mapping[RowCell, tuple[RowCell, ...]]
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Localisation:
    """What was located, and the rows that were given up. Rows in neither: no change of cells could put them right. `decisions` is how often the
    solver was asked."""

    located: tuple[ErrorLocation, ...]
    given_up: Mapping[RowAddress, NotLocalised]
    decisions: int


def locate_errors(
    rules: EditRules,
    checks: Sequence[Check],
    failing: Mapping[RowAddress, frozenset[str]],
    query: RowQuery,
    totals: Sequence[DeclaredTotal] = (),
) -> Localisation:
    """Return the fewest cells for the rows of `failing` (row → ids of the checks it fails), rows that share a declared total together.

    `checks` are the checks of the form over single rows, those that hold included: an answer must not break them.
    """
    of_form = rules.rules(checks)
    records = {record.address: record for record in rules.records(failing, query)}
    localiser = _Localiser(rules, of_form, records)
    located, given_up = [], dict[RowAddress, NotLocalised]()
    for group, shared in _groups(list(records), totals):
        if len(group) > MOST_ROWS_TOGETHER:
            given_up.update(dict.fromkeys(group, "rows"))
            continue
        try:
            location = localiser.locate(_Group(tuple(group), tuple(failing[a] for a in group), tuple(shared)))
        except UndecidedError:
            given_up.update(dict.fromkeys(group, "effort"))
            continue
        if location is not None:
            located.append(location)
    return Localisation(tuple(located), given_up, localiser.decisions)


def _groups(
    addresses: Sequence[RowAddress], totals: Sequence[DeclaredTotal]
) -> list[tuple[list[RowAddress], list[DeclaredTotal]]]:
    """Return the rows in groups that share a declared total, with these totals."""
    owner = {address: address for address in addresses}

    def root(address: RowAddress) -> RowAddress:
        while owner[address] != address:
            address = owner[address]
        return address

    of_row: dict[RowAddress, list[DeclaredTotal]] = {}
    for total in totals:
        members = [a for a in total.rows if a in owner]
        for member in members:
            owner[root(member)] = root(members[0])
        if members:
            of_row.setdefault(members[0], []).append(total)
    groups: dict[RowAddress, tuple[list[RowAddress], list[DeclaredTotal]]] = {}
    for address in addresses:
        group, shared = groups.setdefault(root(address), ([], []))
        group.append(address)
        shared += of_row.get(address, ())
    return list(groups.values())


@dataclass(frozen=True, slots=True)
class _Group:
    """Rows that are one system: their addresses, the checks each fails, the totals they share."""

    rows: tuple[RowAddress, ...]
    failed: tuple[frozenset[str], ...]
    totals: tuple[DeclaredTotal, ...]

    def fields_in_totals(self, row: RowAddress) -> frozenset[str]:
        return frozenset(total.field for total in self.totals if row in total.rows)


@dataclass(frozen=True, slots=True)
class _Pattern:
    """What rows that fail the same checks have in common: the rules that hang together with these, the cells with their costs in the order
    in which equal ones are preferred, and for each failed check its cells."""

    rules: tuple[EditRule, ...]
    costs: Mapping[str, Fraction]
    failed: tuple[frozenset[str], ...]


class _Localiser:
    """The rows of one form. Rows that fail the same checks share a solver, and those with the same values the answer, too."""

    def __init__(
        self, rules: EditRules, of_form: Sequence[EditRule], records: Mapping[RowAddress, EditRecord]
    ) -> None:
        self.rules = of_form
        self.records = records
        self.fields = edit_rules.changeable(rules.form, rules.period)
        self.order = {name: place for place, name in enumerate(self.fields)}
        kinds: dict[str, Kind] = {}
        for record in records.values():
            kinds.update({n: kind_of_value(v) for n, v in record.values.items() if v is not None})
        for field in rules.form.fields:
            if not field.multi:
                kinds[field.id] = edit_rules.field_kind(field)
        domains = {name: edit_rules.domain(field) for name, field in self.fields.items()}
        self.columns = RecordColumns(domains, kinds, rules.computed_from)
        self.texts = TextNumbers()
        self._patterns: dict[tuple[frozenset[str], frozenset[str]], _Pattern] = {}
        self._solvers: dict[object, RecordSolver] = {}
        self._answers: dict[object, FewestCells | None] = {}

    @property
    def decisions(self) -> int:
        return sum(solver.checks_made for solver in self._solvers.values())

    def locate(self, group: _Group) -> ErrorLocation | None:
        """Return the cheapest cells; None when nothing helps, or one cell would have to be any."""
        patterns = [
            self._pattern(failed, group.fields_in_totals(row))
            for row, failed in zip(group.rows, group.failed, strict=True)
        ]
        answer = self._answer(group, patterns)
        if answer is None or not answer.cells:
            return None

        def cell(solver_cell: SolverCell) -> RowCell:
            number, field = solver_cell
            return (group.rows[number], field) if number >= 0 else (("", 0, 0), f"{TOTAL}:{field}")

        return ErrorLocation(
            group.rows,
            tuple(map(cell, answer.cells)),
            {cell(of): tuple(map(cell, others)) for of, others in answer.instead.items()},
            tuple(sorted(frozenset[str]().union(*group.failed))),
        )

    def _answer(self, group: _Group, patterns: Sequence[_Pattern]) -> FewestCells | None:
        totals = [self._total(group, total) for total in group.totals if total.field in self.fields]
        shape = tuple(tuple(rule.check for rule in pattern.rules) for pattern in patterns)
        key = (shape, tuple((total.field, total.records) for total in totals))
        if key not in self._solvers:
            of_records = [pattern.rules for pattern in patterns]
            self._solvers[key] = RecordSolver(of_records, self.columns, self.texts, totals)
        solver = self._solvers[key]
        values = [self.records[row].values for row in group.rows]
        same = (
            key,
            group.failed,
            tuple(
                tuple(_hashable(of_record.get(name)) for name in variables)
                for of_record, variables in zip(values, solver.records, strict=True)
            ),
            tuple(totals),
        )
        if same not in self._answers:
            with solver.values_of(values, totals):
                self._answers[same] = self._solve(solver, patterns, values, totals)
        return self._answers[same]

    def _solve(
        self,
        solver: RecordSolver,
        patterns: Sequence[_Pattern],
        values: Sequence[Mapping[str, Any]],
        totals: Sequence[TotalOfRecords],
    ) -> FewestCells | None:
        costs: dict[SolverCell, Fraction] = {}
        contradictions = []
        for number, (pattern, of_record) in enumerate(zip(patterns, values, strict=True)):
            # What must be filled in and is not will change anyhow.
            missing = {n for n in pattern.costs if of_record[n] is None and self.fields[n].required}
            costs.update({(number, n): cost for n, cost in pattern.costs.items() if n not in missing})
            contradictions += [
                frozenset((number, name) for name in cells)
                for cells in pattern.failed
                if cells.isdisjoint(missing)
            ]
        for place, total in enumerate(totals):
            costs[-1 - place, total.field] = Fraction(self.fields[total.field].weight)
        if not all(contradictions):  # a check that no cell of its row could put right
            return None
        return solver.fewest_cells(costs, contradictions)

    def _total(self, group: _Group, total: DeclaredTotal) -> TotalOfRecords:
        members = tuple(number for number, row in enumerate(group.rows) if row in total.rows)
        own = sum(Fraction(self.records[group.rows[n]].values[total.field] or 0) for n in members)
        return TotalOfRecords(
            total.field,
            members,
            Fraction(total.stated),
            Fraction(total.actual) - own,
            Fraction(total.tolerance),
        )

    def _pattern(self, failed: frozenset[str], in_totals: frozenset[str]) -> _Pattern:
        key = (failed, in_totals)
        if key not in self._patterns:
            rules = self._hanging_together(failed, in_totals)
            blamed = [rule.columns for rule in self.rules if rule.check in failed]
            used = (frozenset(in_totals).union(*(rule.columns for rule in rules))) & self.fields.keys()
            # Of equals, the one in more failed checks comes first.
            names = sorted(used, key=lambda n: (-sum(n in columns for columns in blamed), self.order[n]))
            costs = {name: Fraction(self.fields[name].weight) for name in names}
            self._patterns[key] = _Pattern(rules, costs, tuple(columns & used for columns in blamed))
        return self._patterns[key]

    def _hanging_together(self, failed: frozenset[str], in_totals: frozenset[str]) -> tuple[EditRule, ...]:
        """Return the failed rules, and those that hang together with them through common cells."""
        chosen = [rule for rule in self.rules if rule.check in failed]
        reached = set(in_totals).union(*(rule.columns & self.fields.keys() for rule in chosen))
        grown = True
        while grown:
            more = [
                r
                for r in self.rules
                if r not in chosen and not (r.columns & self.fields.keys()).isdisjoint(reached)
            ]
            grown = bool(more)
            chosen += more
            reached.update(*(rule.columns & self.fields.keys() for rule in more))
        return tuple(rule for rule in self.rules if rule in chosen)


def _hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
