"""A check written as an expression → one SELECT over all its rows or groups.

The SELECT is built in levels, each of which may name the columns of the one below under the same alias, the form's id:

    rows       the form's rows of the period walked, `where` not false
    groups     (group checks) GROUP BY the key, each aggregate a column
    external   the row or group with the values from elsewhere (subqueries, previous …) as columns, each computed once
    verdict    outcome, key, cells and the values for message, `found` and fingerprint
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from string import Formatter

from sqlglot import exp

from ruralpb.core.periods import Period
from ruralpb.core.phrases import phrases
from ruralpb.core.problems import Problem
from ruralpb.core.sql import identifier, literal
from ruralpb.model import Check, Form, Library, Register
from ruralpb.model.form_relation import CELL_COLUMNS
from ruralpb.rules import engine
from ruralpb.rules.checks.plan import Plan, Shown
from ruralpb.rules.engine import render
from ruralpb.rules.expressions import (
    Resolved,
    Scope,
    check_sentence,
    group_column,
    key_columns,
    previous_of,
    resolve,
)
from ruralpb.rules.expressions.build import column, key_text
from ruralpb.rules.expressions.names import SYSTEM

_ROLLED_UP = (
    "reporter_code",
    "unit_code",
    "township_code",
    "village_code",
    "township",
    "village",
    "period",
    "year",
)
_ADDRESS = ("submission", "block", "position")
_READ = "/* columns read */"
_QUOTED = re.compile(r'"(\w+)"')
_CELL = f"row({', '.join(map(identifier, CELL_COLUMNS))})"


def value_kind(form: Form, name: str) -> str:
    """Return how a column's value is printed."""
    field = form.by_id.get(name)
    if field is None:
        return "person" if name == "person_key" else "text"
    if field.type in ("date", "month", "bool", "id_card", "phone"):
        return field.type
    return "number" if field.numeric else "text"


def compiled(
    check: Check, form: Form, library: Library, register: Register | None, period: Period
) -> tuple[Plan | None, list[Problem]]:
    """Return the plan of a check over `form`, or None and the problems with its expressions."""
    is_group = check.over != ("row",)
    keys = tuple(map(group_column, check.over)) if is_group else ()
    scope = Scope(
        library,
        form.id,
        period,
        "group" if is_group else "row",
        keys=keys,
        register=register,
        where=check.defined_at,
    )
    rows = Scope(library, form.id, period, "row", register=register, where=check.defined_at)
    parts = _Parts(
        expr=resolve(check.expr, scope),
        where=resolve(check.where, rows) if check.where else None,
        show={name: resolve(text, scope) for name, text in check.show.items()},
    )
    problems = [p for resolved in parts.all for p in resolved.problems]
    if problems:
        return None, problems
    walked = previous_of(period) if check.rows == "previous" else period
    layers = _Layers(check, form, parts, keys, walked.label)
    sql, shown = layers.build()
    used = dict.fromkeys(s for r in parts.all for s in r.standards)
    in_force = ((name, each.value) for name in used for each in scope.standards.each(name))
    dated = [f"{name}={value.identity() if value else None}" for name, value in in_force]
    signature = "; ".join([parts.expr.sql, parts.where.sql if parts.where else "", *dated])
    sentence = check_sentence(check, library)
    ended = tuple(dict.fromkeys(s for r in parts.all for s in r.ended))
    return Plan(check, form.id, period.label, sql, shown, sentence, signature, ended, parts.expr.fields), []


@dataclass(frozen=True)
class _Parts:
    expr: Resolved
    where: Resolved | None
    show: dict[str, Resolved]

    @property
    def all(self) -> list[Resolved]:
        return [self.expr, *([self.where] if self.where else []), *self.show.values()]


@dataclass
class _Layers:
    """Builds the SELECT of one check. `_lifted` maps the SQL of a node that a lower level computes to its column."""

    check: Check
    form: Form
    parts: _Parts
    keys: tuple[str, ...]
    period: str
    _lifted: dict[str, str] = field(default_factory=dict)
    _labels: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Lifted column of the relation itself → its words and kind: an operand."""

    def build(self) -> tuple[str, tuple[Shown, ...]]:
        """Return the SQL and what its last columns are."""
        trees = {"": self.parts.expr.tree, **{n: r.tree for n, r in self.parts.show.items()}}
        where = None if self.parts.where is None else self.parts.where.tree
        level = self._groups(trees, where) if self.keys else self._rows(where)
        external = self._lift(trees, "external", "_x")
        if external:
            level = self._select("check_external", external, inner=level)
        return self._verdict(level, trees)

    @property
    def alias(self) -> str:
        return identifier(self.form.id)

    def _select(self, statement: str, columns: Iterable[str], **parts: str) -> str:
        return engine.statement(statement, columns=", ".join(columns), rows=self.alias, **parts)

    def _rows(self, where: exp.Expression | None) -> str:
        applies = [] if where is None else [f"({render(where)}) AS _applies"]
        rows = self._select("check_rows", [_READ, *applies], period=literal(self.period))
        return rows if where is None else engine.statement("check_applying", rows=rows)

    def _groups(self, trees: dict[str, exp.Expression], where: exp.Expression | None) -> str:
        """Rows whose `where` is unknown make their group unknown; rows without a key are one unknown group."""
        rows = self._rows(where)
        keys = [identifier(k) for k in self.keys]
        aggregates = self._lift(trees, "aggregate", "_a")
        rolled = [
            f'CASE WHEN min("{c}") IS NOT DISTINCT FROM max("{c}") THEN min("{c}") END AS "{c}"'
            for c in _ROLLED_UP
            if c not in self.keys
        ]
        lists = [
            f"list(DISTINCT {identifier(c)} ORDER BY {identifier(c)}) AS {identifier('_list_' + c)}"
            for c in self._listed()
        ]
        cells = f'list({_CELL} ORDER BY "submission", "block", "position") AS _cells'
        unsure = "count(*) FILTER (WHERE _applies IS NULL)" if where is not None else "0"
        missing = " OR ".join(f"{k} IS NULL" for k in keys)
        columns = [*keys, *aggregates, *rolled, *lists, cells, f"({unsure} > 0 OR {missing}) AS _unsure"]
        return self._select("check_groups", columns, inner=rows, keys=", ".join(keys))

    def _listed(self) -> list[str]:
        """Fields the message of a group check names that are no part of its key: all their values are shown."""
        named = _placeholders(self.check.message)
        return [
            n for n in named if n in self.form.by_id and n not in (*self.keys, *_ROLLED_UP, *self.check.show)
        ]

    def _lift(self, trees: dict[str, exp.Expression], mark: str, prefix: str) -> list[str]:
        """Replace the marked nodes of the trees by columns; return the columns' definitions for the level below."""
        names: list[str] = []
        for name, tree in list(trees.items()):
            root = exp.Paren(this=tree.copy())
            for node in _marked(root, mark):
                text = render(node)
                if text not in self._lifted:
                    self._lifted[text] = f"{prefix}{len(names) + 1}"
                    names.append(f"{text} AS {self._lifted[text]}")
                lifted = self._lifted[text]
                if not name:
                    self._labels[lifted] = (str(node.meta["said"]), str(node.meta["kind"]))
                node.replace(column(self.form.id, lifted))
            trees[name] = root.this
        return names

    def _verdict(self, level: str, trees: dict[str, exp.Expression]) -> tuple[str, tuple[Shown, ...]]:
        expr = f"({render(trees[''])})"
        if self.keys:
            outcome = f"CASE WHEN _unsure THEN NULL ELSE {expr} END"
            key, cells, unit = key_text(self.keys), "_cells", self._group_unit()
        else:
            outcome = (
                f"CASE WHEN _applies THEN {expr} WHEN {expr} THEN TRUE END" if self.check.where else expr
            )
            key, cells, unit = key_text([*key_columns(self.form), "ordinal"]), f"[{_CELL}]", '"unit_code"'
        values = self._values(trees)
        head = [f"{outcome} AS outcome", f"{key} AS key", f"{unit} AS unit", f"'{self._mark()}' AS field"]
        columns = [*head, f"{cells} AS cells", *(sql for sql, _ in values)]
        order = "key" if self.keys else '"submission", "block", "position"'
        sql = self._select("check_verdict", columns, inner=level, order=order)
        return sql.replace(_READ, self._read(sql)), tuple(shown for _, shown in values)

    def _read(self, sql: str) -> str:
        """The columns of the relation that the rest of the SELECT names. With all eighty of a wide form the engine would plan twice as
        long, and planning is most of what a check costs."""
        columns = (*_ADDRESS, *SYSTEM, *(f.id for f in self.form.fields if f.id not in SYSTEM))
        named = set(_QUOTED.findall(sql))
        return ", ".join(f"{self.alias}.{identifier(name)}" for name in columns if name in named)

    def _values(self, trees: dict[str, exp.Expression]) -> list[tuple[str, Shown]]:
        """Return SQL and meaning of every value beside the verdict: operands first, then what only the message names."""
        form, found = self.form, []
        plain = (*self.keys, *_ROLLED_UP) if self.keys else self.parts.expr.columns
        where = self.parts.where.columns if self.parts.where and not self.keys else ()
        operands = [c for c in dict.fromkeys((*self.parts.expr.columns, *where)) if c in plain or c in where]
        for name in operands:
            label = form.by_id[name].title if name in form.by_id else _system_title(name)
            found.append((identifier(name), Shown(name, value_kind(form, name), label)))
        for lifted, (said, kind) in self._labels.items():
            found.append((f"{self.alias}.{identifier(lifted)}", Shown(lifted, kind, said)))
        for name, resolved in self.parts.show.items():
            found.append((f"({render(trees[name])})", Shown(name, resolved.kind)))
        known = {shown.name for _, shown in found}
        for name in _placeholders(self.check.message):
            if name in known:
                continue
            if self.keys and name in self._listed():
                found.append((identifier("_list_" + name), Shown(name, "list")))
            else:
                found.append((identifier(name), Shown(name, value_kind(form, name))))
        return found

    def _group_unit(self) -> str:
        for code in ("village_code", "township_code"):
            if code in self.keys:
                return identifier(code)
        return '"unit_code"'

    def _mark(self) -> str:
        """The field to mark: as stated, else the first field of the expression, else the first of the form's key."""
        candidates: Sequence[str] = (
            self.check.at,
            *self.parts.expr.fields,
            *(f for r in self.parts.all for f in r.fields),
            *(k for k in self.form.key if k in self.form.by_id),
        )
        return next((c for c in candidates if c), "")


def _marked(tree: exp.Expression, mark: str) -> list[exp.Expression]:
    """Return the outermost nodes whose meta has `mark`."""
    walked = tree.walk(prune=lambda node: bool(node.meta.get(mark)))
    return [node for node in walked if isinstance(node, exp.Expression) and node.meta.get(mark)]


def _placeholders(message: str) -> list[str]:
    return list(dict.fromkeys(name for _, name, _, _ in Formatter().parse(message) if name))


def _system_title(name: str) -> str:
    return phrases("checks").get(f"systems.{name}", name)
