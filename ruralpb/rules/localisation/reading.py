"""A check's expression, seen from the cells that may change: SQL tree + values at hand → formula.

Understood are sums, differences, products with one factor at hand, comparisons, and, or, not, `in`, blank, coalesce, case, greatest,
least, abs. Anything else has been computed by the database before (`Relation.values`); where such a value rests on a cell that
may change, it may become anything: localisation then asks for too few cells rather than for the wrong ones.

An unknown outcome is no failure (Kleene): what rests on a blank that stays blank holds. A cell that changes gets a value: blanking
a cell is an answer only to a check that asks for the blank.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any as AnyValue

from sqlglot import exp

from ruralpb.rules.expressions.build import bare
from ruralpb.rules.localisation.exact import Cell
from ruralpb.rules.localisation.formulas import Blank, Formula, OneOf, at_least, every, some

LEAST = Fraction(1, 10**6)
"""The store keeps six decimals (semantics S8): x > 5 is x ≥ 5.000001."""

UNDERSTOOD = (
    exp.Paren, exp.Column, exp.Literal, exp.Boolean, exp.Null, exp.Add, exp.Sub, exp.Mul, exp.Neg, exp.Abs, exp.EQ, exp.NEQ,
    exp.LT, exp.LTE, exp.GT, exp.GTE, exp.And, exp.Or, exp.Not, exp.Is, exp.In, exp.Coalesce, exp.Case, exp.If, exp.Greatest,
    exp.Least,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Relation:
    """One check on one row. `cells`: column of the tree → the cell it stands for; `values`: every column's value at hand; `rests_on`:
    for a column computed by the database, the columns of the row behind it."""

    check: str
    tree: exp.Expression
    cells: Mapping[str, Cell]
    values: Mapping[str, AnyValue]
    rests_on: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class _Linear:
    coefficients: Mapping[Cell, Fraction]
    constant: Fraction

    @property
    def fixed(self) -> bool:
        return not any(self.coefficients.values())


@dataclass(frozen=True, slots=True)
class _Choice:
    """A cell that may change and holds a text or yes or no."""

    cell: Cell


class _Missing:
    """A blank that stays."""


class _Anything:
    """A value that nothing is known of once the free cells have changed."""


_MISSING, _ANYTHING = _Missing(), _Anything()
_Term = _Linear | _Choice | _Missing | _Anything | str | bool
_Piece = tuple[Formula, _Term]
"""A value and the condition under which the expression has it."""


class Reader:
    """Reads the trees of one relation for one set of free cells."""

    def __init__(
        self,
        relation: Relation,
        free: frozenset[Cell],
        numeric: frozenset[Cell],
        blanks: frozenset[Cell] = frozenset(),
    ) -> None:
        self.relation = relation
        self.free = free
        self.numeric = numeric
        self.blanks = blanks
        """Cells that some check asks to be blank or not (`asked_blank`)."""

    def holds(self, node: exp.Expression, wanted: bool = True, unknown: bool = True) -> Formula:
        """Return under which condition the node is `wanted`; where it is unknown, the condition is `unknown`."""
        node = bare(node)
        if isinstance(node, exp.Not):
            return self.holds(node.this, not wanted, unknown)
        if isinstance(node, (exp.And, exp.Or)):
            parts = [self.holds(side, wanted, unknown) for side in (node.this, node.expression)]
            return every(parts) if isinstance(node, exp.And) == wanted else some(parts)
        if isinstance(node, exp.Is):
            return self._blank(node, wanted)
        if isinstance(node, exp.In):
            each = [exp.EQ(this=node.this, expression=value) for value in node.expressions]
            parts = [self.holds(one, wanted, unknown) for one in each]
            return some(parts) if wanted else every(parts)
        if isinstance(node, tuple(_COMPARED)):
            return self._compared(type(node), node.this, node.expression, wanted, unknown)
        return some(every([guard, self._truth(term, wanted, unknown)]) for guard, term in self._pieces(node))

    @staticmethod
    def _truth(term: _Term, wanted: bool, unknown: bool) -> Formula:
        if isinstance(term, bool):
            return term == wanted
        if isinstance(term, _Choice):
            return OneOf(term.cell, frozenset({True}), wanted)
        return unknown if isinstance(term, _Missing) else True

    def _blank(self, node: exp.Is, wanted: bool) -> Formula:
        """`x is null`; also `x is true`, which is never unknown."""
        if not isinstance(node.expression.unnest(), exp.Null):
            truth = bool(node.expression.unnest().this)
            return self.holds(node.this, truth, False) if wanted else self.holds(node.this, not truth, True)
        inner = bare(node.this)
        cell = self._free_cell(inner)
        if cell is not None:
            return Blank(cell, wanted)
        return some(
            every([guard, isinstance(term, _Missing) == wanted or isinstance(term, _Anything)])
            for guard, term in self._pieces(inner)
        )

    def _free_cell(self, node: exp.Expression) -> Cell | None:
        cell = self.relation.cells.get(node.name) if isinstance(node, exp.Column) else None
        return cell if cell is not None and cell in self.free else None

    # ------------------------------------------------------------------------------------------ comparisons

    def _compared(
        self,
        kind: type[exp.Expression],
        left: exp.Expression,
        right: exp.Expression,
        wanted: bool,
        unknown: bool,
    ) -> Formula:
        """Orders are taken apart as far as they need no choice between alternatives; else each pair of pieces is compared."""
        sign = _COMPARED[kind] if wanted else _OPPOSITE[_COMPARED[kind]]
        if sign in ("<=", "<"):
            return self._at_most(left, right, sign, unknown)
        if sign in (">=", ">"):
            return self._at_most(right, left, "<=" if sign == ">=" else "<", unknown)
        return self._pairs(sign, left, right, unknown)

    def _at_most(self, small: exp.Expression, large: exp.Expression, sign: str, unknown: bool) -> Formula:
        """Return small ≤ large: |x| ≤ y is x ≤ y and −x ≤ y, which is one case, not two."""
        small, large = bare(small), bare(large)
        if isinstance(small, exp.Abs):
            both = (small.this, exp.Neg(this=exp.Paren(this=small.this.copy())))
            return every(self._at_most(one, large, sign, unknown) for one in both)
        if isinstance(large, exp.Abs):
            either = (large.this, exp.Neg(this=exp.Paren(this=large.this.copy())))
            return some(self._at_most(small, one, sign, unknown) for one in either)
        if isinstance(small, (exp.Greatest, exp.Least)):
            parts = [self._at_most(one, large, sign, unknown) for one in (small.this, *small.expressions)]
            return every(parts) if isinstance(small, exp.Greatest) else some(parts)
        if isinstance(large, (exp.Greatest, exp.Least)):
            parts = [self._at_most(small, one, sign, unknown) for one in (large.this, *large.expressions)]
            return some(parts) if isinstance(large, exp.Greatest) else every(parts)
        return self._pairs(sign, small, large, unknown)

    def _pairs(self, sign: str, left: exp.Expression, right: exp.Expression, unknown: bool) -> Formula:
        return some(
            every([one, other, self._atom(sign, a, b, unknown)])
            for one, a in self._pieces(left)
            for other, b in self._pieces(right)
        )

    @staticmethod
    def _atom(sign: str, a: _Term, b: _Term, unknown: bool) -> Formula:
        if isinstance(a, _Missing) or isinstance(b, _Missing):
            return unknown
        if isinstance(a, _Anything) or isinstance(b, _Anything):
            return True
        if isinstance(a, _Linear) and isinstance(b, _Linear):
            return _inequality(sign, a, b)
        if isinstance(b, _Choice) and not isinstance(a, _Choice):
            a, b = b, a
        if isinstance(a, _Choice):
            if sign not in ("=", "<>") or isinstance(b, (_Choice, _Linear)):
                return True  # two texts that both may change, or texts by the alphabet: can be brought about
            return OneOf(a.cell, frozenset({b}), sign == "=")
        if isinstance(a, _Linear) or isinstance(b, _Linear):
            return unknown
        order = (a > b) - (a < b) if type(a) is type(b) else 1  # type: ignore[operator]
        return {
            "=": order == 0,
            "<>": order != 0,
            "<": order < 0,
            "<=": order <= 0,
            ">": order > 0,
            ">=": order >= 0,
        }[sign]

    # ------------------------------------------------------------------------------------------ values

    def _pieces(self, node: exp.Expression) -> list[_Piece]:
        return [piece for piece in self._all_pieces(bare(node)) if piece[0] is not False]

    def _all_pieces(self, node: exp.Expression) -> Iterator[_Piece]:
        if isinstance(node, exp.Column):
            yield True, self._column(node.name)
        elif isinstance(node, exp.Literal):
            yield True, str(node.this) if node.is_string else _Linear({}, Fraction(node.this))
        elif isinstance(node, exp.Boolean):
            yield True, bool(node.this)
        elif isinstance(node, exp.Null):
            yield True, _MISSING
        elif isinstance(node, (exp.Add, exp.Sub, exp.Mul)):
            for one, a in self._pieces(node.this):
                for other, b in self._pieces(node.expression):
                    yield every([one, other]), _arithmetic(type(node), a, b)
        elif isinstance(node, exp.Neg):
            for guard, term in self._pieces(node.this):
                yield guard, _arithmetic(exp.Mul, _Linear({}, Fraction(-1)), term)
        elif isinstance(node, exp.Abs):
            yield from self._absolute(node)
        elif isinstance(node, (exp.Greatest, exp.Least)):
            yield from self._extreme(node)
        elif isinstance(node, exp.Coalesce):
            yield from self._coalesced([node.this, *node.expressions])
        elif isinstance(node, exp.Case):
            yield from self._case(node)
        else:  # a condition used as a value
            yield self.holds(node, True, False), True
            yield self.holds(node, False, False), False

    def _column(self, name: str) -> _Term:
        cell = self.relation.cells.get(name)
        if cell is not None and cell in self.free:
            return _Linear({cell: Fraction(1)}, Fraction(0)) if cell in self.numeric else _Choice(cell)
        behind = (self.relation.cells.get(c) for c in self.relation.rests_on.get(name, ()))
        if any(c in self.free for c in behind):
            return _ANYTHING
        return term(self.relation.values.get(name))

    def _absolute(self, node: exp.Abs) -> Iterator[_Piece]:
        for guard, value in self._pieces(node.this):
            if not isinstance(value, _Linear):
                yield guard, value
                continue
            zero = _Linear({}, Fraction(0))
            yield every([guard, _inequality(">=", value, zero)]), value
            yield every([guard, _inequality("<", value, zero)]), _arithmetic(exp.Sub, zero, value)

    def _extreme(self, node: exp.Greatest | exp.Least) -> Iterator[_Piece]:
        sign = ">=" if isinstance(node, exp.Greatest) else "<="
        operands = [self._pieces(n) for n in (node.this, *node.expressions)]
        for index, pieces in enumerate(operands):
            for guard, value in pieces:
                if not isinstance(value, _Linear):
                    yield guard, value
                    continue
                beats = [
                    some(every([g, _inequality(sign, value, v)]) for g, v in others if isinstance(v, _Linear))
                    for place, others in enumerate(operands)
                    if place != index
                ]
                yield every([guard, *beats]), value

    def _coalesced(self, nodes: list[exp.Expression]) -> Iterator[_Piece]:
        first, rest = bare(nodes[0]), nodes[1:]
        cell = self._free_cell(first)
        if cell is not None:
            yield Blank(cell, False), self._column(first.name)
            # A cell that may change may hold the number it would be taken for; as a second piece each, ten of them in a
            # sum would be a thousand. Only where a check asks for the blank itself does it make a difference.
            same = (
                cell in self.numeric
                and cell not in self.blanks
                and all(isinstance(bare(n), exp.Literal) for n in rest)
            )
            if rest and not same:
                for guard, value in self._coalesced(rest):
                    yield every([Blank(cell), guard]), value
            return
        for guard, value in self._pieces(first):
            if not isinstance(value, _Missing) or not rest:
                yield guard, value
            else:
                for other, following in self._coalesced(rest):
                    yield every([guard, other]), following

    def _case(self, node: exp.Case) -> Iterator[_Piece]:
        """A branch is taken when its condition is true; unknown ones are passed over."""
        before: Formula = True
        for branch in node.args["ifs"]:
            condition = branch.this if node.this is None else exp.EQ(this=node.this, expression=branch.this)
            taken = every([before, self.holds(condition, True, False)])
            for guard, value in self._pieces(branch.args["true"]) if taken is not False else ():
                yield every([taken, guard]), value
            before = every([before, self.holds(condition, False, True)])
        default = node.args.get("default")
        if before is False:
            return
        for guard, value in self._pieces(default) if default is not None else [(True, _MISSING)]:
            yield every([before, guard]), value


def asked_blank(relations: Iterable[Relation]) -> frozenset[Cell]:
    """Return the cells of which a check asks whether they are blank."""
    found = set()
    for relation in relations:
        for node in relation.tree.find_all(exp.Is):
            asked = bare(node.this)
            if isinstance(asked, exp.Column) and asked.name in relation.cells:
                found.add(relation.cells[asked.name])
    return frozenset(found)


_COMPARED: dict[type[exp.Expression], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_OPPOSITE = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def term(value: AnyValue) -> _Term:
    """Return a value from the database as a term; days count from year 1."""
    if value is None:
        return _MISSING
    if isinstance(value, (bool, str)):
        return value
    if isinstance(value, date):
        return _Linear({}, Fraction(value.toordinal()))
    if isinstance(value, (int, Decimal)):
        return _Linear({}, Fraction(value))
    return _ANYTHING


def _inequality(sign: str, a: _Linear, b: _Linear) -> Formula:
    """Return a `sign` b as sums that are at least a number."""
    difference = _arithmetic(exp.Sub, a, b)
    assert isinstance(difference, _Linear)
    up, constant = difference.coefficients, difference.constant
    down = {cell: -c for cell, c in up.items()}
    above = at_least(up, constant, Fraction(0))
    below = at_least(down, -constant, Fraction(0))
    if sign in (">=", "<="):
        return above if sign == ">=" else below
    if sign == "=":
        return every([above, below])
    strictly_above = at_least(up, constant, LEAST)
    strictly_below = at_least(down, -constant, LEAST)
    if sign == "<>":
        return some([strictly_above, strictly_below])
    return strictly_above if sign == ">" else strictly_below


def _arithmetic(kind: type[exp.Expression], a: _Term, b: _Term) -> _Term:
    if isinstance(a, _Missing) or isinstance(b, _Missing):
        return _MISSING
    if not (isinstance(a, _Linear) and isinstance(b, _Linear)):
        return _ANYTHING
    if kind is exp.Mul:
        if not (a.fixed or b.fixed):
            return _ANYTHING
        factor, scaled = (a.constant, b) if a.fixed else (b.constant, a)
        return _Linear({c: v * factor for c, v in scaled.coefficients.items()}, scaled.constant * factor)
    sign = -1 if kind is exp.Sub else 1
    total = dict(a.coefficients)
    for cell, coefficient in b.coefficients.items():
        total[cell] = total.get(cell, Fraction(0)) + sign * coefficient
    return _Linear(total, a.constant + sign * b.constant)
