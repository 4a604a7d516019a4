"""Checks as constraints of z3 over the cells of a record: the SQL tree of an expression → formulas in three-valued logic.

A cell is three variables: its value, whether it is blank, and whether it is kept as reported. What a check says is read once for all records;
a record then states what was reported, and which cells are kept. Numbers are whole or rational and exact, days are counted from year 1,
texts are numbers of a list.

Unknown is no failure (Kleene): what rests on a blank that is kept holds. A cell that changes gets a value: blanking it is an answer only to
a check that asks for the blank (`blankable`). Columns that the database computes (other returns, the register) are given like reported
values; one that rests on a cell that changes may have any value, so that too few cells are named rather than the wrong ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from typing import Any

import z3
from sqlglot import exp

from ruralpb.rules.expressions.build import bare
from ruralpb.rules.localisation.edit_rules import EditRule, FieldDomain, Kind

Condition = Any
"""A z3.BoolRef, or True or False where that is known while reading."""

SMALLEST_STEP = z3.Q(1, 10**6)
"""The store keeps six decimals (semantics S8): of numbers that are not whole, x > 5 is x ≥ 5.000001."""

_KINDS: dict[type, Kind] = {bool: "bool", str: "text", int: "number", Decimal: "number", date: "number"}
_SIGNS: dict[type[exp.Expression], str] = {
    exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">=",
}  # fmt: skip
_OPPOSITE = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def kind_of_value(value: Any) -> Kind:
    """Return as what a value of the database is compared."""
    return _KINDS.get(type(value), "other")


def all_of(*parts: Condition) -> Condition:
    """Return the conjunction, without what is true anyhow."""
    kept = [part for part in parts if part is not True]
    if any(part is False for part in kept):
        return False
    return z3.And(*kept) if len(kept) > 1 else kept[0] if kept else True


def any_of(*parts: Condition) -> Condition:
    """Return the disjunction, without what is false anyhow."""
    kept = [part for part in parts if part is not False]
    if any(part is True for part in kept):
        return True
    return z3.Or(*kept) if len(kept) > 1 else kept[0] if kept else False


def negated(part: Condition) -> Condition:
    """Return the negation."""
    return not part if isinstance(part, bool) else z3.Not(part)


def as_formula(part: Condition) -> z3.BoolRef:
    """Return a condition as something to assert."""
    return z3.BoolVal(part) if isinstance(part, bool) else part


def _either(condition: Condition, yes: Any, no: Any) -> Any:
    """Return one of two conditions or values."""
    if isinstance(condition, bool):
        return yes if condition else no
    if isinstance(yes, bool) and isinstance(no, bool) and yes == no:
        return yes
    whether = isinstance(yes, bool) or isinstance(no, bool)
    return z3.If(condition, as_formula(yes), as_formula(no)) if whether else z3.If(condition, yes, no)


class TextNumbers:
    """Texts as numbers: equal ones have equal numbers."""

    def __init__(self) -> None:
        self._numbers: dict[str, Any] = {}

    def __getitem__(self, text: str) -> Any:
        if text not in self._numbers:
            self._numbers[text] = z3.IntVal(len(self._numbers))
        return self._numbers[text]


@dataclass(frozen=True, slots=True)
class _Operand:
    """A value in an expression. `unknown`: it rests on a blank that is kept; `filled`: the cells it rests on that may change are not
    blank; `open`: it is of a kind not
    read here, and may be anything."""

    value: Any
    kind: Kind = "number"
    unknown: Condition = False
    filled: Condition = True
    open: Condition = False


_NULL = _Operand(z3.IntVal(0), "other", unknown=True)


@dataclass(frozen=True, slots=True)
class CellVariables:
    """The variables of one column of a record. `kept`: it has the reported value; for a computed column, all fields behind it have."""

    value: Any
    kind: Kind
    blank: z3.BoolRef
    kept: Condition


@dataclass(frozen=True, slots=True)
class RecordColumns:
    """The columns of a record. `changeable`: fields whose cells may be wrong; `kinds`: what each column holds; `computed_from`: the fields
    behind a column that the database computes."""

    changeable: Mapping[str, FieldDomain]
    kinds: Mapping[str, Kind]
    computed_from: Mapping[str, frozenset[str]]


class RecordConstraints:
    """The checks of a form on one record; `prefix` tells the variables of several records apart."""

    def __init__(self, columns: RecordColumns, texts: TextNumbers, prefix: str = "") -> None:
        self.changeable = columns.changeable
        self.kinds = columns.kinds
        self.computed_from = columns.computed_from
        self.texts = texts
        self.prefix = prefix
        self.variables: dict[str, CellVariables] = {}
        self._operands: dict[str, _Operand] = {}

    def holds(self, node: exp.Expression, wanted: bool = True, unknown: bool = True) -> Condition:
        """Return under which condition the node is `wanted`; where it is unknown, the condition is `unknown`."""
        node = bare(node)
        if isinstance(node, exp.Not):
            return self.holds(node.this, not wanted, unknown)
        if isinstance(node, (exp.And, exp.Or)):
            sides = [self.holds(side, wanted, unknown) for side in (node.this, node.expression)]
            return all_of(*sides) if isinstance(node, exp.And) == wanted else any_of(*sides)
        if isinstance(node, exp.Is):
            return self._is(node, wanted)
        if isinstance(node, exp.In):
            operand = self._operand(node.this)
            each = [_compared("=", operand, self._operand(v), wanted, unknown) for v in node.expressions]
            return any_of(*each) if wanted else all_of(*each)
        if type(node) in _SIGNS:
            sides = [self._operand(side) for side in (node.this, node.expression)]
            return _compared(_SIGNS[type(node)], sides[0], sides[1], wanted, unknown)
        return _decided(
            self._operand(node), lambda value: value if wanted else negated(value), unknown, ("bool",)
        )

    def cell(self, name: str) -> CellVariables:
        """Return the variables of a column, which are made where they are needed first."""
        if name not in self.variables:
            kind, full = self.kinds.get(name, "number"), self.prefix + name
            whole = name in self.changeable and self.changeable[name].whole
            makes: dict[Kind, Callable[[str], Any]] = {"bool": z3.Bool, "text": z3.Int, "number": z3.Real}
            value = (z3.Int if whole else makes.get(kind, z3.Real))(full)
            behind = [n for n in sorted(self.computed_from.get(name, ())) if n in self.changeable]
            kept = all_of(*(self.cell(n).kept for n in behind))
            if name in self.changeable:
                kept = z3.Bool(f"{full} kept")
            self.variables[name] = CellVariables(value, kind, z3.Bool(f"{full} blank"), kept)
        return self.variables[name]

    def _is(self, node: exp.Is, wanted: bool) -> Condition:
        """`x is null`; also `x is true`, which is never unknown."""
        asked = bare(node.expression)
        if not isinstance(asked, exp.Null):
            truth = bool(asked.this)
            return self.holds(node.this, truth if wanted else not truth, not wanted)
        blank = self._is_null(node.this)
        return blank if wanted else negated(blank)

    def _is_null(self, node: exp.Expression) -> Condition:
        node = bare(node)
        if isinstance(node, exp.Column) and node.name in self.changeable:
            return self.cell(node.name).blank
        return self._operand(node).unknown

    # ------------------------------------------------------------------------------------------ values

    def _operand(self, node: exp.Expression) -> _Operand:
        node = bare(node)
        if isinstance(node, exp.Column):
            return self._column(node.name)
        if isinstance(node, exp.Literal):
            return _Operand(self.texts[node.this], "text") if node.is_string else _Operand(_number(node.this))
        if isinstance(node, exp.Boolean):
            return _Operand(z3.BoolVal(bool(node.this)), "bool")
        if isinstance(node, exp.Null):
            return _NULL
        if isinstance(node, (exp.Add, exp.Sub, exp.Mul)):
            return _arithmetic(type(node), self._operand(node.this), self._operand(node.expression))
        if isinstance(node, exp.Neg):
            return _arithmetic(exp.Sub, _Operand(z3.IntVal(0)), self._operand(node.this))
        if isinstance(node, exp.Abs):
            inner = self._operand(node.this)
            return _joined([inner], z3.If(inner.value >= 0, inner.value, -inner.value))
        if isinstance(node, (exp.Greatest, exp.Least)):
            operands = [self._operand(part) for part in (node.this, *node.expressions)]
            return reduce(_greater if isinstance(node, exp.Greatest) else _smaller, operands)
        if isinstance(node, exp.Coalesce):
            return self._coalesced([node.this, *node.expressions])
        if isinstance(node, exp.Case):
            return self._case(node)
        return self._condition(node)

    def _column(self, name: str) -> _Operand:
        if name not in self._operands:
            cell = self.cell(name)
            if name in self.changeable:
                operand = _Operand(cell.value, cell.kind, all_of(cell.kept, cell.blank), z3.Not(cell.blank))
            else:
                operand = _Operand(cell.value, cell.kind, cell.blank, open=cell.kind == "other")
            self._operands[name] = operand
        return self._operands[name]

    def _condition(self, node: exp.Expression) -> _Operand:
        """A condition used as a value."""
        true, false = self.holds(node, True, False), self.holds(node, False, False)
        unknown = all_of(self.holds(node, True, True), negated(true))
        return _Operand(as_formula(true), "bool", unknown, any_of(true, false, unknown))

    def _coalesced(self, nodes: Sequence[exp.Expression]) -> _Operand:
        result = self._operand(nodes[-1])
        for node in reversed(nodes[:-1]):
            operand = self._operand(node)
            given = _Operand(operand.value, operand.kind, False, operand.filled, operand.open)
            result = _chosen(self._is_null(node), result, given)
        return result

    def _case(self, node: exp.Case) -> _Operand:
        """A branch is taken when its condition is true; unknown ones are passed over."""
        default = node.args.get("default")
        result = _NULL if default is None else self._operand(default)
        for branch in reversed(node.args["ifs"]):
            if node.this is None:
                taken = self.holds(branch.this, True, False)
            else:
                taken = _compared("=", self._operand(node.this), self._operand(branch.this), True, False)
            result = _chosen(taken, self._operand(branch.args["true"]), result)
        return result


def blankable(rules: Iterable[EditRule], is_number: Callable[[str], bool]) -> frozenset[str]:
    """Return the columns of which a check asks whether they are blank: a cell may be blanked to satisfy it.

    `coalesce(x, 0)` of a number is no such question: a cell that changes may hold the number itself.
    """
    columns: set[str] = set()
    for rule in rules:
        for node in rule.tree.find_all(exp.Is, exp.Coalesce):
            asked = [bare(node.this)]
            if isinstance(node, exp.Coalesce):
                operands = [bare(part) for part in (node.this, *node.expressions)]
                asked = [
                    part
                    for place, part in enumerate(operands[:-1], 1)
                    if not is_number(part.name)
                    or not all(isinstance(o, exp.Literal) for o in operands[place:])
                ]
            columns.update(part.name for part in asked if isinstance(part, exp.Column))
    return frozenset(columns)


def _number(text: str) -> Any:
    number = Fraction(text)
    return (
        z3.IntVal(number.numerator) if number.denominator == 1 else z3.Q(number.numerator, number.denominator)
    )


def _decided(
    operand: _Operand, condition: Callable[[Any], Condition], unknown: bool, kinds: Sequence[Kind]
) -> Condition:
    """Return whether a condition on the value of an operand holds; of another kind than `kinds` it can be brought about."""
    of_value = condition(operand.value) if operand.kind in kinds else True
    known = all_of(negated(operand.unknown), any_of(operand.open, all_of(operand.filled, of_value)))
    return any_of(all_of(operand.unknown, unknown), known)


def _compared(sign: str, a: _Operand, b: _Operand, wanted: bool, unknown: bool) -> Condition:
    sign = sign if wanted else _OPPOSITE[sign]
    both = _joined([a, b], (a.value, b.value))
    ordered = sign not in ("=", "<>")
    if a.kind != b.kind or (ordered and a.kind != "number"):
        # Texts by the alphabet: can be brought about.
        return _decided(both, lambda _: True, unknown, (a.kind,))
    return _decided(both, lambda values: _comparison(sign, *values), unknown, ("number", "text", "bool"))


def _comparison(sign: str, a: Any, b: Any) -> Condition:
    if sign == "=":
        return a == b
    if sign == "<=":
        return a <= b
    if sign == ">=":
        return a >= b
    if not z3.is_real(a) and not z3.is_real(b):
        return a != b if sign == "<>" else a < b if sign == "<" else a > b
    below, above = a + SMALLEST_STEP <= b, a >= b + SMALLEST_STEP
    return z3.Or(below, above) if sign == "<>" else below if sign == "<" else above


def _joined(operands: Sequence[_Operand], value: Any) -> _Operand:
    """Return a value that needs all `operands`."""
    return _Operand(
        value,
        operands[0].kind,
        any_of(*(o.unknown for o in operands)),
        all_of(*(o.filled for o in operands)),
        any_of(*(o.open for o in operands)),
    )


def _arithmetic(kind: type[exp.Expression], a: _Operand, b: _Operand) -> _Operand:
    if a.kind != "number" or b.kind != "number":
        nothing = _joined([a, b], z3.IntVal(0))
        return _Operand(nothing.value, "number", nothing.unknown, True, True)
    if kind is exp.Mul:
        return _joined([a, b], a.value * b.value)
    return _joined([a, b], a.value + b.value if kind is exp.Add else a.value - b.value)


def _greater(a: _Operand, b: _Operand) -> _Operand:
    return _extreme(a, b, a.value >= b.value)


def _smaller(a: _Operand, b: _Operand) -> _Operand:
    return _extreme(a, b, a.value <= b.value)


def _extreme(a: _Operand, b: _Operand, first: Any) -> _Operand:
    """DuckDB passes over NULL; where it must not, the expression has been given a CASE before."""
    value = _either(a.unknown, b.value, _either(b.unknown, a.value, z3.If(first, a.value, b.value)))
    both = _joined([a, b], value)
    return _Operand(value, a.kind, all_of(a.unknown, b.unknown), both.filled, both.open)


def _chosen(condition: Condition, yes: _Operand, no: _Operand) -> _Operand:
    """Return one of two operands; what is unknown anyhow takes the kind of the other."""
    kind = no.kind if yes.kind == "other" else yes.kind
    same = yes.kind == no.kind
    value = (
        _either(condition, yes.value, no.value) if same else no.value if yes.kind == "other" else yes.value
    )
    return _Operand(
        value,
        kind,
        _either(condition, yes.unknown, no.unknown),
        _either(condition, yes.filled, no.filled),
        _either(condition, yes.open, no.open),
    )
