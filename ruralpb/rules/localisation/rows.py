"""The checks of a form on certain rows: everything that does not depend on a cell of the row is computed by the database at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlglot import exp

from ruralpb.core.periods import Period
from ruralpb.model import Check, Field, Form, Library, Register
from ruralpb.rules.engine import render
from ruralpb.rules.expressions import Scope, resolve
from ruralpb.rules.expressions.build import column
from ruralpb.rules.localisation.exact import Address
from ruralpb.rules.localisation.formulas import Domain
from ruralpb.rules.localisation.reading import UNDERSTOOD, Relation

Query = Callable[[str], list[tuple[Any, ...]]]
_PLACES = ("village", "township")
_FIXED = ("id_card", "phone", *_PLACES)
"""A number or a name that identifies is asked about by the checks that are about it, never changed to make sums add up."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row with the checks that apply to it. `values`: its fields' values."""

    address: Address
    relations: tuple[Relation, ...]
    values: Mapping[str, Any]


def changeable(form: Form, period: Period) -> dict[str, Field]:
    """Return the fields whose cells may be wrong: not those that say which row it is."""
    return {
        f.id: f
        for f in form.fields_on(period.end)
        if f.type not in _FIXED and f.id not in form.key and not f.multi
    }


def domain(field: Field) -> Domain:
    """Return what a cell of the field may hold."""
    if field.type == "bool":
        return Domain(frozenset({True, False}), required=field.required)
    if field.values:
        return Domain(frozenset(v.value for v in field.values), required=field.required)
    low, high = field.min, field.max
    if field.type in ("date", "month"):
        low = Decimal(field.min_date.toordinal()) if field.min_date else None
    return Domain(
        low=None if low is None else Fraction(low),
        high=None if high is None else Fraction(high),
        whole=field.type == "int",
        required=field.required,
    )


def is_number(field: Field) -> bool:
    """Return whether its values are compared and added as numbers: days count, too."""
    return field.numeric or field.type in ("date", "month")


def read(
    form: Form,
    library: Library,
    register: Register | None,
    period: Period,
    checks: Sequence[Check],
    addresses: Iterable[Address],
    query: Query,
) -> list[Row]:
    """Return the rows of `form` at `addresses` with what each of `checks` (expressions over one row) says of them."""
    wanted = sorted(set(addresses))
    if not wanted:
        return []
    lifted = Lifted(form)
    trees = [(check, tree) for check in checks if (tree := lifted.tree(check, library, register, period))]
    names = [f.id for f in form.fields_on(period.end)]
    keys = ", ".join(f"('{s}', {b}, {p})" for s, b, p in wanted)

    def select(columns: str) -> Iterable[tuple[Any, ...]]:
        return query(
            f'SELECT "submission", "block", "position", {columns} FROM "{form.id}" AS "{form.id}" '
            f'WHERE "period" = \'{period.label}\' AND ("submission", "block", "position") IN ({keys})'
        )

    found: dict[Address, dict[str, Any]] = {}
    for submission, block, position, *own in select(", ".join(f'"{name}"' for name in names)):
        found[submission, block, position] = dict(zip(names, own, strict=True))
    # One query a part: each holds correlated subqueries, and many of them in one SELECT multiply in the engine's plan
    # (a form with twenty checks against other forms took minutes).
    for name, text in zip(lifted.names, lifted.columns, strict=True):
        for submission, block, position, value in select(text):
            found[submission, block, position][name] = value
    free = changeable(form, period)
    rows = []
    for address, values in found.items():
        cells = {name: (address, name) for name in free}
        relations = tuple(Relation(check.id, tree, cells, values, lifted.rests_on) for check, tree in trees)
        rows.append(Row(address, relations, {name: values[name] for name in names}))
    return rows


class Lifted:
    """The parts of a form's expressions that the database computes, each once: `columns` in SQL, `names` in the trees."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.columns: list[str] = []
        self.names: list[str] = []
        self.rests_on: dict[str, frozenset[str]] = {}
        self._known: dict[str, str] = {}

    def tree(
        self, check: Check, library: Library, register: Register | None, period: Period
    ) -> exp.Expression | None:
        """Return the check as one condition: what is outside its `where` holds. None when it cannot be resolved."""
        tree = self.condition(check.expr, check, library, register, period)
        if tree is None or not check.where:
            return tree
        where = self.condition(check.where, check, library, register, period)
        if where is None:
            return None
        return exp.Or(this=exp.Not(this=exp.Paren(this=where)), expression=exp.Paren(this=tree))

    def condition(
        self, text: str, check: Check, library: Library, register: Register | None, period: Period
    ) -> exp.Expression | None:
        """Return one expression of a check with its foreign parts as columns; None when it cannot be resolved."""
        scope = Scope(library, self.form.id, period, "row", register=register, where=check.defined_at)
        found = resolve(text, scope)
        return None if found.problems or found.ended else self._lift(exp.Paren(this=found.tree.copy()))

    def _lift(self, root: exp.Paren) -> exp.Expression:
        for node in list(_foreign(root, self.form)):
            node.replace(column(self.form.id, self._name(node)))
        inner: exp.Expression = root.this
        return inner

    def _name(self, node: exp.Expression) -> str:
        text = render(node)
        if text not in self._known:
            name = f"_l{len(self.names) + 1}"
            self._known[text] = name
            self.names.append(name)
            self.columns.append(f"({text}) AS {name}")
            own = (c.name for c in node.find_all(exp.Column) if c.table == self.form.id)
            self.rests_on[name] = frozenset(c for c in own if c in self.form.by_id)
        return self._known[text]


def _foreign(root: exp.Expression, form: Form) -> Iterator[exp.Expression]:
    """Yield the outermost nodes that the formulas do not understand, or that come from elsewhere than the row."""

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
