"""The walk over a parsed expression: names become columns, the toolkit's functions become SQL.

One `Resolver` resolves one expression and collects what it met. What may stand where is decided here; the trees are built by
`functions`, `history` and `subqueries`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlglot import exp

from ruralpb.core.messages import listing
from ruralpb.core.problems import Problem
from ruralpb.model import Field, Form
from ruralpb.model.standards import StandardInForce
from ruralpb.rules.engine import render
from ruralpb.rules.expressions import functions, history, subqueries
from ruralpb.rules.expressions.branches import strict_case
from ruralpb.rules.expressions.build import bare, column, lookup, null, sql, text
from ruralpb.rules.expressions.kinds import faults, kind
from ruralpb.rules.expressions.names import Frame, NamedColumn, NamedRelation, relation
from ruralpb.rules.expressions.periods_read import of_function, periods_read
from ruralpb.rules.expressions.scope import FormRead, Scope, previous_of, year_end_before
from ruralpb.rules.expressions.sentences import sentence
from ruralpb.rules.expressions.syntax import AGGREGATES, closest

_ROLLED_UP = {
    "village_code",
    "township_code",
    "village",
    "township",
    "reporter_code",
    "unit_code",
    "period",
    "year",
}
"""Columns a group has whatever its key: the value its rows share, NULL when they differ."""
_HISTORY = ("previous", "last_year", "full_year")
_SQL_TYPES = {"number": "decimal(38, 6)", "date": "date", "month": "date", "bool": "boolean"}


@dataclass(frozen=True, slots=True)
class _Earlier:
    """What a function of history is asked of: the alias and form of the row, the value over its earlier row, and the fields in it."""

    form: Form
    alias: str
    value: exp.Expression
    fields: tuple[Field, ...]


class Resolver:
    """Resolves one expression; its lists say what was met on the way."""

    def __init__(self, scope: Scope, root: Frame) -> None:
        self.scope = scope
        self.root = root
        self.problems: list[Problem] = []
        self.fields: dict[str, None] = {}
        self.columns: dict[str, None] = {}
        self.reads: dict[FormRead, None] = {}
        self.standards: dict[str, None] = {}
        self.ended: dict[str, None] = {}
        self._aggregates: list[Frame] = []
        """The levels whose aggregates are being walked."""

    def walk(self, node: exp.Expression, frame: Frame) -> exp.Expression:
        """Return the resolved tree of a node seen from `frame`."""
        for types, resolve in _SPECIAL:
            if isinstance(node, types):
                return resolve(self, node, frame)
        tree = self._rebuilt(node, frame)
        self._judge(node, tree)
        if isinstance(tree, (exp.EQ, exp.NEQ)):
            return self._equality(node, tree)
        return tree

    def _judge(self, node: exp.Expression, tree: exp.Expression) -> None:
        for slug, data in faults(tree):
            self.complain(slug, _said(node), **data)

    def _equality(self, node: exp.Expression, tree: exp.Expression) -> exp.Expression:
        is_bare = any(
            isinstance(side, exp.Column) and not side.table for side in (node.this, node.expression)
        )
        if is_bare and isinstance(tree.this, exp.Column) and tree.this == tree.expression:
            return self.complain("rule-itself", _said(node))
        persons = _persons(tree)
        if persons is None:
            return tree
        same = subqueries.same_person(*persons)
        return same if isinstance(tree, exp.EQ) else exp.Not(this=exp.Paren(this=same))

    def complain(self, slug: str, found: str, expected: str = "", **data: str) -> exp.Expression:
        """Record a problem and return NULL to stand for the node."""
        problem = Problem(slug, self.scope.where, found, expected, form=self.scope.relation, data=data)
        if problem not in self.problems:
            self.problems.append(problem)
        return null()

    def _external(self, node: exp.Expression, tree: exp.Expression, of_kind: str) -> exp.Expression:
        """Mark a value that comes from elsewhere than the row, with the words for it."""
        sentence_of_node = sentence(node, self.scope.library, self.scope.relation)
        tree.meta.update(external=True, kind=of_kind, said=sentence_of_node)
        return tree

    def _rebuilt(self, node: exp.Expression, frame: Frame) -> exp.Expression:
        def rebuilt(value: object) -> object:
            if isinstance(value, list):
                return [rebuilt(v) for v in value]
            return self.walk(value, frame) if isinstance(value, exp.Expression) else value

        return type(node)(**{key: rebuilt(value) for key, value in node.args.items()})

    # ------------------------------------------------------------------------------------------ names

    def _column(self, node: exp.Expression, frame: Frame) -> exp.Expression:
        alias, word = node.text("table"), node.name
        found = frame.find(word, alias)
        if found is None:
            return self._other_form(alias, word, frame)
        level, name, named = found
        if level is self.root:
            self._own_column(named)
        tree = column(name, named.name)
        tree.meta.update(kind=named.kind, nullable=named.nullable)
        if named.field is not None and named.field.values and not named.field.multi:
            tree.meta["values"] = tuple(v.value for v in named.field.values)
        return tree

    def _own_column(self, named: NamedColumn) -> None:
        self.columns[named.name] = None
        if named.field is not None:
            self.fields[named.name] = None
        single = {*self.scope.keys, *_ROLLED_UP}
        if self.scope.mode == "group" and not self._within(self.root) and named.name not in single:
            self.complain("rule-not-grouped", named.name, listing(self.scope.keys))

    def _other_form(self, alias: str, word: str, frame: Frame) -> exp.Expression:
        """`other_form.field`: of the same unit and period, added up where the other form is finer."""
        other = relation(self.scope.library, alias) if alias and alias not in frame.aliases() else None
        named = other.get(word) if other else None
        if other is None or named is None:
            columns = other.columns if other else frame.known()
            shown = f"{alias}.{word}" if alias else word
            return self.complain(
                "rule-name", shown, closest(word, list(columns)) or closest(alias, frame.aliases())
            )
        own_form = frame.first[1]
        both = (
            all(r.form is None or r.form.village_row for r in (own_form, other))
            and "village_code" in own_form.columns
        )
        unit = "village_code" if both else "township_code"
        call = exp.Sum if named.kind == "number" else exp.Max
        select = exp.select(call(this=exp.column(named.name, table=alias))).from_(exp.to_table(alias))
        same = exp.EQ(this=exp.column(unit, table=alias), expression=exp.column(unit, table=frame.first[0]))
        return self._value_of(exp.Subquery(this=select.where(same)), frame)

    def _parameter(self, node: exp.Expression, frame: Frame) -> exp.Expression:
        if node.name != "due":
            tree = functions.parameter(node.name, self.scope.period)
            tree.meta["kind"] = kind(tree)
            return tree
        alias, own_form = frame.first
        owed = {"form": text(own_form.name), "period": text(self.scope.period.label)}
        owed["reporter_code"] = column(alias, "reporter_code")
        tree = lookup("due", exp.Max(this=exp.column("due_date", table="d")), "d", owed)
        return self._external(node, tree, "date")

    # ------------------------------------------------------------------------------------------ functions

    def _call(self, node: exp.Expression, frame: Frame) -> exp.Expression:
        name, arguments = node.name.lower(), node.expressions
        if name in _HISTORY:
            return self._history(name, node, frame)
        if name in ("standard", "band"):
            return self._standard(name, arguments, frame)
        period = of_function(name, self.scope.period)
        if period is not None:
            return text(period.label)
        nth = int(arguments[1].name) if name == "days_in_month" and arguments[1].name.isdigit() else 0
        fixed = functions.of_period(name, self.scope.period, nth)
        if fixed is not None:
            return fixed
        tree = functions.scalar(name, [self.walk(a, frame) for a in arguments])
        if tree is None:
            return self.complain("rule-function", name, closest(name, list(functions.SCALARS)))
        tree.meta["kind"] = functions.SCALARS[name][1]
        return tree

    def _standard(self, name: str, arguments: Sequence[exp.Expression], frame: Frame) -> exp.Expression:
        standards = self.scope.library.standards
        wanted = standards.get(arguments[0].name)
        if wanted is None or not isinstance(arguments[0], exp.Literal):
            return self.complain(
                "rule-standard", _said(arguments[0]), closest(arguments[0].name, list(standards))
            )
        self.standards[wanted.id] = None
        if wanted.is_bands != (name == "band"):
            return self.complain(
                "rule-standard-kind", _said(arguments[0]), "band" if wanted.is_bands else "standard"
            )
        in_force = self.scope.standards.each(wanted.id)
        if all(each.value is None for each in in_force):
            self.ended[wanted.id] = None
        operand = self.walk(arguments[1], frame) if name == "band" else None
        trees = [(each, functions.of_standard(each.value, operand)) for each in in_force]
        tree = trees[0][1] if len(trees) == 1 else self._by_unit(wanted.id, trees)
        tree.meta["kind"] = "number" if name == "standard" else "text"
        return tree

    def _by_unit(
        self, standard: str, trees: Sequence[tuple[StandardInForce, exp.Expression]]
    ) -> exp.Expression:
        """Return the value that holds for the unit the expression's row is about, NULL for a group of units that differ."""
        if self.scope.mode == "aggregate" and not self._within(self.root):
            return self.complain("rule-standard-differs", standard)
        alias = self.root.first[0]
        is_group = self.scope.mode == "group" and not self._within(self.root)
        codes = ("village_code", "township_code", "unit_code") if is_group else ("unit_code",)
        return functions.by_unit(trees, [column(alias, code) for code in codes])

    def _history(self, name: str, call: exp.Expression, frame: Frame) -> exp.Expression:
        argument = call.expressions[0]
        alias, form = self._whose(argument, frame)
        if form is None:
            problems_before = len(self.problems)
            self.walk(argument, frame)
            return (
                null()
                if len(self.problems) > problems_before
                else self.complain("rule-history", _said(argument))
            )
        if self.scope.mode == "group" and frame is self.root and not self._within(frame):
            return self.complain("rule-history", _said(argument))
        past = Frame({history.ROW: _relation(self.scope, form)})
        value = self.walk(_renamed(argument, alias), past)
        named = [form.by_id[c.name] for c in value.find_all(exp.Column) if c.name in form.by_id]
        if frame is self.root:
            self.fields.update(dict.fromkeys(f.id for f in named))
        period = self.scope.period
        if name == "full_year":
            tree = self._full_year(call, _Earlier(form, alias, value, tuple(named)), frame)
            return self._external(call, tree, kind(value))
        before = previous_of(period) if name == "previous" else period.last_year()
        self.reads[FormRead(form.id, (before.label,))] = None
        if name == "previous" and period.is_first_of_year() and any(f.time == "year_to_date" for f in named):
            tree = null(_SQL_TYPES.get(kind(value), "varchar"))
        else:
            adds = bool(named) and all(f.type in ("int", "money") for f in named)
            tree = history.earlier(self.scope, form, alias, before, value, adds=adds)
        return self._external(call, tree, kind(value))

    def _full_year(self, call: exp.Expression, past: _Earlier, frame: Frame) -> exp.Expression:
        """Return a cumulative amount over the twelve months that end with the period: what the year brings until now, and of the year
        before what came after the same day."""
        if not past.fields or any(f.time != "year_to_date" or not f.numeric for f in past.fields):
            return self.complain("rule-full-year", _said(call))
        argument = call.expressions[0]
        period = self.scope.period
        if period.end.month == 12:
            return exp.Paren(this=self.walk(argument, frame))
        bases = (year_end_before(period), period.last_year())
        self.reads[FormRead(past.form.id, tuple(base.label for base in bases))] = None
        whole, part = (
            history.earlier(self.scope, past.form, past.alias, b, past.value, adds=True) for b in bases
        )
        return sql("(:now + :whole - :part)", now=self.walk(argument, frame), whole=whole, part=part)

    def _whose(self, argument: exp.Expression, frame: Frame) -> tuple[str, Form | None]:
        """Return the alias and form all columns of `argument` belong to."""
        columns = [frame.find(c.name, c.table) for c in argument.find_all(exp.Column)]
        owners = {(f[1], f[0].tables[f[1]].name) for f in columns if f}
        if len(owners) != 1 or argument.find(*AGGREGATES, exp.Select):
            return "", None
        alias, name = owners.pop()
        return alias, self.scope.library.forms.get(name)

    def _extreme(self, node: exp.Expression, frame: Frame) -> exp.Expression:
        operands = [self.walk(o, frame) for o in (node.this, *node.expressions)]
        return functions.extreme("greatest" if isinstance(node, exp.Greatest) else "least", operands)

    def _between(self, node: exp.Expression, frame: Frame) -> exp.Expression:
        x, low, high = (node.args[part] for part in ("this", "low", "high"))
        both = exp.And(
            this=exp.GTE(this=x.copy(), expression=low), expression=exp.LTE(this=x.copy(), expression=high)
        )
        return exp.Paren(this=self.walk(both, frame))

    def _coalesce(self, node: exp.Expression, frame: Frame) -> exp.Expression:
        """Refuse to turn what was not reported into a number: a required field, a sum, another return's value."""
        for part in (node.this, *node.expressions[:-1]):
            column = frame.find(part.name, part.table) if isinstance(part, exp.Column) else None
            if column and column[2].field is not None and column[2].field.required:
                self.complain("rule-coalesce-required", _said(node), column[2].field.title)
            calls = [c.name.lower() for c in part.find_all(exp.Anonymous)]
            if part.find(exp.Subquery, *AGGREGATES) or set(_HISTORY) & set(calls):
                self.complain("rule-coalesce-unknown", _said(node))
        return self._rebuilt(node, frame)

    def _branches(self, node: exp.Expression, frame: Frame) -> exp.Expression:
        """`case` and `if()`: unknown where a condition is (`branches`)."""
        is_if = isinstance(node, exp.If)
        default = node.args.get("false" if is_if else "default")
        tree = exp.Case(
            this=self.walk(node.this, frame) if node.this is not None and not is_if else None,
            ifs=[
                exp.If(this=self.walk(branch.this, frame), true=self.walk(branch.args["true"], frame))
                for branch in ([node] if is_if else node.args["ifs"])
            ],
            default=None if default is None else self.walk(default, frame),
        )
        self._judge(node, tree)
        return strict_case(tree)

    def _division(self, node: exp.Expression, _frame: Frame) -> exp.Expression:
        return self.complain("rule-division", _said(node))

    # ------------------------------------------------------------------------------------------ aggregates

    def _aggregate(self, node: exp.Expression, frame: Frame) -> exp.Expression:
        call, where = (node.this, node.expression.this) if isinstance(node, exp.Filter) else (node, None)
        is_own = frame is self.root
        if not isinstance(call, AGGREGATES):
            return self.complain("rule-not-allowed", _said(node))
        if self._within(frame) or (is_own and self.scope.mode == "row"):
            return self.complain("rule-aggregate", _said(node))
        if isinstance(call, exp.Avg) and not (is_own and self.scope.mode == "aggregate"):
            return self.complain("rule-average", _said(node))
        with self._inside(frame):
            inner = self._rebuilt(call, frame)
            condition = self.walk(where, frame) if where is not None else None
        self._judge(node, inner)
        if is_own and self.scope.mode == "aggregate":
            return (
                inner if condition is None else exp.Filter(this=inner, expression=exp.Where(this=condition))
            )
        tree = (
            inner
            if isinstance(call.this, exp.Star) and condition is None
            else subqueries.strict(inner, condition)
        )
        tree.meta["kind"] = kind(inner)
        if is_own:
            tree.meta.update(aggregate=True, said=sentence(node, self.scope.library, self.scope.relation))
        return tree

    @contextmanager
    def _inside(self, frame: Frame) -> Iterator[None]:
        self._aggregates.append(frame)
        yield
        self._aggregates.pop()

    def _within(self, frame: Frame) -> bool:
        return any(f is frame for f in self._aggregates)

    # ------------------------------------------------------------------------------------------ subqueries

    def _exists(self, node: exp.Expression, frame: Frame) -> exp.Expression:
        found = self._query(node.this, [], frame)
        if found is None:
            return null()
        query, reads, _ = found
        return self._external(node, subqueries.guarded(subqueries.exists(query), query, reads, frame), "bool")

    def _in(self, node: exp.Expression, frame: Frame) -> exp.Expression:
        if not node.args.get("query"):
            tree = self._rebuilt(node, frame)
            self._judge(node, tree)
            return tree
        select = node.args["query"].this
        wanted = exp.EQ(this=select.expressions[0].copy(), expression=_outside(node.this, frame))
        found = self._query(select, [wanted], frame)
        if found is None:
            return null()
        query, reads, _ = found
        return self._external(node, subqueries.guarded(subqueries.exists(query), query, reads, frame), "bool")

    def _not(self, node: exp.Expression, frame: Frame) -> exp.Expression:
        inner = bare(node.this)
        if isinstance(inner, exp.In) and inner.args.get("query"):
            return self.complain("rule-not-in", _said(node))
        tree = self._rebuilt(node, frame)
        self._judge(node, tree)
        return tree

    def _value_of(self, node: exp.Expression, frame: Frame) -> exp.Expression:
        select = node.this
        wanted = select.expressions[0]
        loose = [c for c in wanted.find_all(exp.Column) if not c.find_ancestor(exp.Filter, *AGGREGATES)]
        if loose and wanted.find(*AGGREGATES):
            return self.complain("rule-subquery-value", _said(node))
        found = self._query(select, [], frame)
        if found is None:
            return null()
        query, reads, inner = found
        value = self.walk(wanted, inner)
        if not wanted.find(*AGGREGATES):
            value = subqueries.the_only(value)
        tree = subqueries.guarded(subqueries.value(query, value), query, reads, frame)
        return self._external(node, tree, kind(value))

    def _query(
        self, select: exp.Expression, extra: list[exp.Expression], frame: Frame
    ) -> tuple[subqueries.Query, dict[str, FormRead], Frame] | None:
        """Take a SELECT apart: its tables, its conditions with the period's, and what it reads by alias."""
        sources = [select.args["from_"].this, *(j.this for j in select.args.get("joins") or ())]
        tables: dict[str, NamedRelation] = {}
        for source in sources:
            found = relation(self.scope.library, source.name)
            if found is None:
                relations = [*self.scope.library.forms, "ref_village", "ref_township"]
                self.complain("rule-relation", source.name, closest(source.name, relations))
                return None
            tables[source.alias_or_name] = found
        inner = Frame(tables, frame)
        joined = [j.args["on"] for j in select.args.get("joins") or () if j.args.get("on")]
        where = [select.args["where"].this] if select.args.get("where") else []
        stated = [c for part in (*where, *joined) for c in _conjuncts(part)]
        reads: dict[str, FormRead] = {}
        added: list[exp.Expression] = []
        for alias, found in tables.items():
            if found.form is not None:
                added += self._periods(alias, found.form, stated, reads)
        conditions = [self.walk(c, inner) for c in (*added, *stated, *extra)]
        return subqueries.take_apart(tables, conditions), reads, inner

    def _periods(
        self, alias: str, form: Form, stated: list[exp.Expression], reads: dict[str, FormRead]
    ) -> list[exp.Expression]:
        read = periods_read(alias, stated, self.scope.period)
        if read.labels is None:
            self.complain("rule-periods", alias)
            return []
        reads[alias] = FormRead(form.id, read.labels)
        self.reads[reads[alias]] = None
        return [read.condition] if read.condition is not None else []


def _said(node: exp.Expression) -> str:
    return render(node)


def _relation(scope: Scope, form: Form) -> NamedRelation:
    named = relation(scope.library, form.id)
    if named is None:
        raise KeyError(form.id)
    return named


def _renamed(argument: exp.Expression, alias: str) -> exp.Expression:
    """Return the argument of previous() said of the earlier row."""
    copy = argument.copy()
    for node in copy.find_all(exp.Column):
        if node.table in (alias, ""):
            node.set("table", exp.to_identifier(history.ROW))
    return copy


def _outside(node: exp.Expression, frame: Frame) -> exp.Expression:
    """Return the node with its bare names bound to `frame`, so that a subquery's own columns cannot capture them."""
    root = exp.Paren(this=node.copy())
    for name in root.find_all(exp.Column):
        column = frame.find(name.name, name.table)
        if column and not name.table:
            name.set("table", exp.to_identifier(column[1], quoted=True))
    return root


def _conjuncts(node: exp.Expression) -> list[exp.Expression]:
    inner = bare(node)
    if isinstance(inner, exp.And):
        return [*_conjuncts(inner.this), *_conjuncts(inner.expression)]
    return [inner]


def _persons(tree: exp.Expression) -> tuple[str, str] | None:
    """Return the aliases when the tree compares the persons of two rows."""
    left, right = bare(tree.this), bare(tree.expression)
    if not (isinstance(left, exp.Column) and isinstance(right, exp.Column)):
        return None
    is_person = left.name == right.name == subqueries.PERSON
    return (left.table, right.table) if is_person else None


_SPECIAL: tuple[
    tuple[type | tuple[type, ...], Callable[[Resolver, exp.Expression, Frame], exp.Expression]], ...
] = (
    (exp.Column, Resolver._column),
    (exp.Placeholder, Resolver._parameter),
    (exp.Anonymous, Resolver._call),
    ((exp.Filter, *AGGREGATES), Resolver._aggregate),
    (exp.Exists, Resolver._exists),
    (exp.Subquery, Resolver._value_of),
    (exp.In, Resolver._in),
    (exp.Not, Resolver._not),
    (exp.Between, Resolver._between),
    ((exp.Greatest, exp.Least), Resolver._extreme),
    (exp.Coalesce, Resolver._coalesce),
    ((exp.Case, exp.If), Resolver._branches),
    (exp.Div, Resolver._division),
)
