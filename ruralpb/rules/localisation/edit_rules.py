"""The checks of a form as edit rules on single records, and the records they are applied to.

What an expression takes from elsewhere than the record (other returns, the register, functions of the database) is a computed column: the
database computes it for all records at once, and the rule's tree names it like a field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from sqlglot import exp

from ruralpb.core.periods import Period
from ruralpb.core.sql import identifier, literal
from ruralpb.model import Check, Field, Form, Library, Register
from ruralpb.rules import engine
from ruralpb.rules.engine import render
from ruralpb.rules.expressions import Scope, resolve
from ruralpb.rules.expressions.build import column

RowAddress = tuple[str, int, int]
"""Submission, block, position: a row of the store."""
RowQuery = Callable[[str], list[tuple[Any, ...]]]

Kind = Literal["number", "text", "bool", "other"]

UNDERSTOOD = (
    exp.Paren, exp.Column, exp.Literal, exp.Boolean, exp.Null, exp.Add, exp.Sub, exp.Mul, exp.Neg, exp.Abs, exp.EQ, exp.NEQ,
    exp.LT, exp.LTE, exp.GT, exp.GTE, exp.And, exp.Or, exp.Not, exp.Is, exp.In, exp.Coalesce, exp.Case, exp.If, exp.Greatest,
    exp.Least,
)  # fmt: skip
"""What `constraints` reads; the rest is computed by the database."""

_PLACES = ("village", "township")
_FIXED = ("id_card", "phone", *_PLACES)
"""A number or a name that identifies is asked about by the checks that are about it, never changed to make sums add up."""


@dataclass(frozen=True, slots=True)
class EditRule:
    """One check on a record. `columns`: the fields and computed columns of its tree, and the fields behind the computed ones."""

    check: str
    tree: exp.Expression
    columns: frozenset[str]


@dataclass(frozen=True, slots=True)
class EditRecord:
    """One row with the values of its fields and computed columns."""

    address: RowAddress
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FieldDomain:
    """What a cell may hold: `choices` (None: anything) for texts and yes or no, `low` and `high` for numbers, whole numbers
    only, never blank."""

    choices: frozenset[Any] | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    whole: bool = False
    required: bool = False


def changeable(form: Form, period: Period) -> dict[str, Field]:
    """Return the fields whose cells may be wrong: not those that say which row it is."""
    return {
        f.id: f
        for f in form.fields_on(period.end)
        if f.type not in _FIXED and f.id not in form.key and not f.multi
    }


def domain(field: Field) -> FieldDomain:
    """Return what a cell of the field may hold; days count from year 1."""
    if field.type == "bool":
        return FieldDomain(frozenset({True, False}), required=field.required)
    if field.values:
        return FieldDomain(frozenset(v.value for v in field.values), required=field.required)
    low, high = field.min, field.max
    is_day = field.type in ("date", "month")
    if is_day:
        low = Decimal(field.min_date.toordinal()) if field.min_date else None
    return FieldDomain(
        low=None if low is None else Fraction(low),
        high=None if high is None else Fraction(high),
        whole=is_day or field.type == "int",
        required=field.required,
    )


def is_number(field: Field) -> bool:
    """Return whether its values are compared and added as numbers: days count, too."""
    return field.numeric or field.type in ("date", "month")


def field_kind(field: Field) -> Kind:
    """Return as what its values are compared."""
    return "number" if is_number(field) else "bool" if field.type == "bool" else "text"


@dataclass(slots=True)
class EditRules:
    """The edit rules of a form in a period. `computed`: name → SQL of the columns that the database computes; `computed_from`: the fields
    behind each."""

    form: Form
    library: Library
    register: Register | None
    period: Period
    computed: dict[str, str] = field(default_factory=dict)
    computed_from: dict[str, frozenset[str]] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)

    def rules(self, checks: Iterable[Check]) -> list[EditRule]:
        """Return the checks as rules: what is outside a check's `where` holds. Those that cannot be resolved are left out."""
        rules = []
        for check in checks:
            tree = self.condition(check.expr, check)
            where = self.condition(check.where, check) if check.where else exp.false()
            if tree is None or where is None:
                continue
            if check.where:
                tree = exp.Or(this=exp.Not(this=exp.Paren(this=where)), expression=exp.Paren(this=tree))
            rules.append(EditRule(check.id, tree, self._columns(tree)))
        return rules

    def condition(self, text: str, check: Check) -> exp.Expression | None:
        """Return one expression of a check with its foreign parts as computed columns; None when it cannot be resolved."""
        scope = Scope(
            self.library, self.form.id, self.period, "row", register=self.register, where=check.defined_at
        )
        resolved = resolve(text, scope)
        if resolved.problems or resolved.ended:
            return None
        root = exp.Paren(this=resolved.tree.copy())
        for node in list(_foreign(root, self.form)):
            node.replace(column(self.form.id, self._computed_column(node)))
        inner: exp.Expression = root.this
        return inner

    def records(self, addresses: Iterable[RowAddress], query: RowQuery) -> list[EditRecord]:
        """Return the rows at `addresses` with all that the rules made so far take from them."""
        wanted = sorted(set(addresses))
        if not wanted:
            return []
        keys = ", ".join(f"('{s}', {b}, {p})" for s, b, p in wanted)
        names = [f.id for f in self.form.fields_on(self.period.end)]

        rows, period = identifier(self.form.id), literal(self.period.label)

        def select(columns: str) -> Iterable[tuple[Any, ...]]:
            return query(engine.statement("rows_at", columns=columns, rows=rows, period=period, places=keys))

        values: dict[RowAddress, dict[str, Any]] = {}
        for submission, block, position, *given in select(", ".join(f'"{name}"' for name in names)):
            values[submission, block, position] = dict(zip(names, given, strict=True))
        # One query a column: each holds correlated subqueries, and many of them in one SELECT multiply in the engine's plan
        # (a form with twenty checks against other forms took minutes).
        for name, sql in self.computed.items():
            for submission, block, position, value in select(f"({sql}) AS {name}"):
                values[submission, block, position][name] = value
        return [EditRecord(address, known) for address, known in values.items()]

    def _columns(self, tree: exp.Expression) -> frozenset[str]:
        names = {node.name for node in tree.find_all(exp.Column)}
        return frozenset(names).union(*(self.computed_from.get(name, ()) for name in names))

    def _computed_column(self, node: exp.Expression) -> str:
        sql = render(node)
        if sql not in self._names:
            name = self._names[sql] = f"_l{len(self._names) + 1}"
            self.computed[name] = sql
            fields = (c.name for c in node.find_all(exp.Column) if c.table == self.form.id)
            self.computed_from[name] = frozenset(c for c in fields if c in self.form.by_id)
        return self._names[sql]


def _foreign(root: exp.Expression, form: Form) -> Iterator[exp.Expression]:
    """Yield the outermost nodes that `constraints` does not read, or that come from elsewhere than the record."""

    def is_foreign(node: exp.Expression) -> bool:
        if node.meta.get("external") or not isinstance(node, UNDERSTOOD):
            return not isinstance(node, exp.Identifier)
        if isinstance(node, exp.In):
            return bool(node.args.get("query")) or not node.expressions
        return isinstance(node, exp.Column) and node.name not in form.by_id

    if isinstance(root, exp.Column) or is_foreign(root):
        if is_foreign(root):
            yield root
        return
    for child in root.iter_expressions():
        if isinstance(child, exp.Expression):
            yield from _foreign(child, form)
