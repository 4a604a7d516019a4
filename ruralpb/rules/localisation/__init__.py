"""Which cells to ask about first, for rows that fail several checks.

After Fellegi and Holt: the fewest cells, weighted (`weight` of a field), whose change could satisfy every check of the row at
once, and the totals the sheet declares. Nothing is changed: the answer is a question to the township.

    rows.read            the checks of the form on these rows; what is not of the row is computed by the database
    reading.Reader       a check seen from the cells that may change → formula
    formulas.satisfiable can the cells hold values that fulfil it      (exact.solvable: rational arithmetic)
    cover.cheapest       the cheapest set of cells that can
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from ruralpb.core.periods import Period
from ruralpb.model import Check, Form, Library, Register
from ruralpb.rules.localisation import cover, rows
from ruralpb.rules.localisation.exact import Address, Cell
from ruralpb.rules.localisation.formulas import Domain, Formula, at_least, every, satisfiable
from ruralpb.rules.localisation.reading import Reader, Relation, asked_blank
from ruralpb.rules.localisation.rows import Query

__all__ = ["Address", "Declared", "Suspects", "suspects"]

TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Declared:
    """A total of one field that a sheet declares over `rows` and that does not agree: `stated` there, `actual` the sum of the rows, both
    in the store's measure; `tolerance` as the comparison allowed."""

    field: str
    stated: Decimal
    actual: Decimal
    tolerance: Decimal
    rows: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class Suspects:
    """What could explain the failures of some rows: `cells` (row, field) are the fewest; `instead` says for one of them which other
    cells would do as well. The cell of a declared total has the address of no row: its field is `total:<field>`."""

    form: str
    rows: tuple[Address, ...]
    cells: tuple[Cell, ...]
    instead: Mapping[Cell, tuple[Cell, ...]]
    checks: tuple[str, ...]


def suspects(
    form: Form,
    library: Library,
    register: Register | None,
    period: Period,
    checks: Sequence[Check],
    failing: Mapping[Address, frozenset[str]],
    query: Query,
    totals: Sequence[Declared] = (),
) -> list[Suspects]:
    """Return the fewest cells for the rows of `failing` (row → ids of the checks it fails), rows that share a declared total
    together; nothing for rows no change of cells could put right.

    `checks` are the checks of the form over single rows, those that hold included: an answer must not break them.
    """
    found = {row.address: row for row in rows.read(form, library, register, period, checks, failing, query)}
    answers = []
    for group, shared in _groups(list(found), totals):
        problem = _Problem(form, period, [found[a] for a in group], shared, failing)
        answers.append(problem.answer())
    return [answer for answer in answers if answer is not None]


def _groups(
    addresses: Sequence[Address], totals: Sequence[Declared]
) -> list[tuple[list[Address], list[Declared]]]:
    """Return the rows in groups that share a declared total, with these totals."""
    owner = {address: address for address in addresses}

    def root(address: Address) -> Address:
        while owner[address] != address:
            address = owner[address]
        return address

    for total in totals:
        members = [a for a in total.rows if a in owner]
        for member in members[1:]:
            owner[root(member)] = root(members[0])
    groups: dict[Address, list[Address]] = {}
    for address in addresses:
        groups.setdefault(root(address), []).append(address)
    return [(group, [t for t in totals if not set(group).isdisjoint(t.rows)]) for group in groups.values()]


class _Problem:
    """One covering problem: the cells of some rows and of their totals."""

    def __init__(
        self,
        form: Form,
        period: Period,
        members: Sequence[rows.Row],
        totals: Sequence[Declared],
        failing: Mapping[Address, frozenset[str]],
    ) -> None:
        self.form = form
        self.fields = rows.changeable(form, period)
        self.members = members
        self.totals = totals
        self.failed = {(m.address, check) for m in members for check in failing[m.address]}
        self.domains: dict[Cell, Domain] = {}
        self.numeric: frozenset[Cell] = frozenset()
        self.missing: set[Cell] = set()
        self.costs: dict[Cell, Fraction] = {}
        self.relations: list[Relation] = []
        for member in members:
            relevant = self._relevant(member)
            self.relations += relevant
            self._cells(member, relevant)
        for total in totals:
            self._total(total)
        self.blanks = asked_blank(self.relations)
        self.about = [frozenset(r.cells[c] for c in _columns(r) if c in r.cells) for r in self.relations]
        self._known: dict[tuple[int, frozenset[Cell]], Formula] = {}

    def _relevant(self, member: rows.Row) -> list[Relation]:
        """The failed checks of a row, and what hangs together with them through common cells."""
        used = {r.check: _columns(r) & set(self.fields) for r in member.relations}
        reached: set[str] = set()
        chosen = [r.check for r in member.relations if (member.address, r.check) in self.failed]
        reached.update(*(used[check] for check in chosen), (t.field for t in self.totals))
        grown = True
        while grown:
            more = [c for c, cells in used.items() if c not in chosen and not cells.isdisjoint(reached)]
            grown = bool(more)
            chosen += more
            reached.update(*(used[c] for c in more))
        return [r for r in member.relations if r.check in chosen]

    def _cells(self, member: rows.Row, relevant: Sequence[Relation]) -> None:
        used = {c for r in relevant for c in _columns(r)} | {
            t.field for t in self.totals if member.address in t.rows
        }
        order = list(self.fields)
        for name in sorted(used & set(order), key=lambda n: (-self._blamed(member, n), order.index(n))):
            field, cell = self.fields[name], (member.address, name)
            self.domains[cell] = rows.domain(field)
            if rows.is_number(field):
                self.numeric |= {cell}
            if member.values[name] is None and field.required:
                self.missing.add(cell)
            self.costs[cell] = Fraction(field.weight)

    def _blamed(self, member: rows.Row, name: str) -> int:
        """In how many failed checks a field takes part: of equals, the more suspicious comes first."""
        return sum(name in _columns(r) for r in member.relations if (member.address, r.check) in self.failed)

    def _total(self, total: Declared) -> None:
        cell = _total_cell(total)
        self.domains[cell] = Domain()
        self.numeric |= {cell}
        self.costs[cell] = Fraction(self.fields[total.field].weight)

    def answer(self) -> Suspects | None:
        """Return the cheapest cells; None when nothing helps, or one cell would have to be any."""
        chosen = cover.cheapest(self.costs, self._possible)
        if not chosen:
            return None
        cells = tuple(c for c in self.costs if c in chosen)
        instead = {
            cell: tuple(
                other
                for other in self.costs
                if other not in chosen
                and self.costs[other] == self.costs[cell]
                and self._possible(chosen - {cell} | {other})
            )
            for cell in cells
        }
        named = tuple(sorted({check for _, check in self.failed}))
        addresses = tuple(m.address for m in self.members)
        return Suspects(self.form.id, addresses, cells, {c: o for c, o in instead.items() if o}, named)

    def _possible(self, free: frozenset[Cell]) -> bool:
        free |= self.missing
        parts = [self._holds(index, free) for index in range(len(self.relations))]
        parts += [part for total in self.totals for part in self._adds_up(total, free)]
        return satisfiable(every(parts), self.domains)

    def _holds(self, index: int, free: frozenset[Cell]) -> Formula:
        """What a check leaves to be fulfilled. Only those of the free cells that it is about matter: most of the many sets that are tried
        are alike for most checks."""
        own = free & self.about[index]
        if (index, own) not in self._known:
            relation = self.relations[index]
            reader = Reader(relation, own, self.numeric, self.blanks)
            self._known[index, own] = reader.holds(relation.tree)
        return self._known[index, own]

    def _adds_up(self, total: Declared, free: frozenset[Cell]) -> list[Formula]:
        """The declared total against its rows; rows that are not of the group stay as they are."""
        ours = {
            (m.address, total.field): m.values[total.field] for m in self.members if m.address in total.rows
        }
        own = _total_cell(total)
        known: dict[Cell, Fraction] = {own: Fraction(total.stated)}
        known.update({cell: -Fraction(value or 0) for cell, value in ours.items()})
        others = Fraction(total.actual) + sum(known[cell] for cell in ours)
        constant = sum((value for cell, value in known.items() if cell not in free), -others)
        up = {cell: Fraction(1 if cell == own else -1) for cell in known if cell in free}
        down = {cell: -c for cell, c in up.items()}
        tolerance = Fraction(total.tolerance)
        return [at_least(up, constant, -tolerance), at_least(down, -constant, -tolerance)]


def _total_cell(total: Declared) -> Cell:
    return (("", 0, 0), f"{TOTAL}:{total.field}")


def _columns(relation: Relation) -> frozenset[str]:
    from sqlglot import exp

    named = {c.name for c in relation.tree.find_all(exp.Column)}
    behind = (relation.rests_on.get(name, frozenset()) for name in named)
    return frozenset(named).union(*behind)
