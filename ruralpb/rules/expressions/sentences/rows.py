"""What names stand for in a sentence: rows of a form or a register view, the row they are looked at for, the kinds of values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from sqlglot import exp

from ruralpb.model import Library
from ruralpb.rules.expressions.build import bare
from ruralpb.rules.expressions.names import Frame, NamedRelation, relation
from ruralpb.rules.expressions.sentences.phrasing import PHRASES, listed, phrase, quoted

_CLAUSES = (
    exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.NullSafeEQ, exp.NullSafeNEQ,
    exp.Not, exp.And, exp.Or, exp.Is, exp.Between, exp.In, exp.Exists, exp.Like, exp.RegexpLike,
)  # fmt: skip
_KIND_OF_ARGUMENT = (
    exp.Min, exp.Max, exp.Coalesce, exp.Greatest, exp.Least, exp.Filter, exp.Paren, exp.Nullif, exp.Sum,
)  # fmt: skip
_TEXTS = (exp.DPipe, exp.Substring, exp.Upper, exp.Trim)
_FUNCTION_KINDS = {"id_birth": "month", "id_sex": "text", "band": "text"}
_UNIT_CODES = ("village_code", "township_code")
_COLONS = frozenset(":：")
_DATE_PARAMETERS = ("start", "end", "last_month", "due")


def is_condition(node: exp.Expression) -> bool:
    """True for a node that is said as a clause."""
    node = bare(node)
    is_function = isinstance(node, exp.Anonymous) and node.name.lower() in ("near", "id_ok")
    return is_function or isinstance(node, _CLAUSES)


def flattened(node: exp.Expression, kind: type[exp.Expression]) -> list[exp.Expression]:
    """Return the operands of a chain of one connective, without their parentheses."""
    node = bare(node)
    if isinstance(node, kind):
        return [*flattened(node.this, kind), *flattened(node.expression, kind)]
    return [node]


@dataclass(frozen=True)
class RowNames:
    """Says the names of an unresolved tree over the rows of `frame`. `titles`: the words for names that are no columns."""

    library: Library
    frame: Frame
    titles: Mapping[str, str] = field(default_factory=dict)
    lookups: Mapping[str, bool] = field(default_factory=dict)
    """Register views that are joined for what they say of a row's own unit: alias → whether it is the row asked for."""

    def label(self, alias: str) -> str:
        """Return what a relation of the frame is called; one that is there twice, by number."""
        named = self.frame.tables[alias]
        alike = [name for name, other in self.frame.tables.items() if other.name == named.name]
        title = relation_title(named)
        if len(alike) == 1:
            return title
        return phrase("relations.numbered", title, PHRASES["relations.numbers"][alike.index(alias)])

    @property
    def row(self) -> str:
        """What one row of the frame's first relation is called."""
        first = next(iter(self.frame.tables.values()), None)
        if first is None:
            return phrase("rows.any")
        kind = "ref_village" if first.form is not None and first.form.village_row else first.name
        return phrase(f"rows.{kind}" if f"rows.{kind}" in PHRASES else "rows.any")

    def column(self, node: exp.Expression) -> str:
        """Return the words for a column: its title, of the row asked for or of another relation where it is theirs."""
        place = self.frame.find(node.name, node.text("table"))
        if place is None:
            return self.titles.get(node.name) or self._elsewhere(node)
        title, is_outer = self.title(node), self.is_outer(node)
        if is_outer is None:
            return phrase("columns.other", self.label(place[1]), title)
        return phrase("columns.outer", title) if is_outer else title

    def title(self, node: exp.Expression) -> str:
        """Return a column's title alone; one with a colon in it (其中：脱贫户) in quotation marks."""
        place = self.frame.find(node.name, node.text("table"))
        if place is None:
            return node.name
        named = place[2]
        if named.field is None:
            return PHRASES.get(f"columns.{named.name}", named.name)
        title = named.field.title
        return quoted(title) if _COLONS & set(title) else title

    def _elsewhere(self, node: exp.Expression) -> str:
        """`other_form.field`: the field of the corresponding row of another form."""
        other = relation(self.library, node.text("table"))
        named = other.get(node.name) if other is not None else None
        if other is None or named is None or named.field is None:
            return node.name
        return phrase("aggregates.of_relation", relation_title(other), named.field.title)

    def is_outer(self, node: exp.Expression) -> bool | None:
        """True for a column of the row asked for, False for one of the rows looked at, None for anything else."""
        place = self.frame.find(node.name, node.text("table")) if isinstance(node, exp.Column) else None
        if place is None:
            return None
        level, alias, _ = place
        if level is not self.frame or alias in self.lookups:
            return self.lookups.get(alias, True)
        return False if alias == next(iter(level.tables)) else None

    def shared(self, column: str) -> str:
        """Return what rows with the same value of a column have in common."""
        special = PHRASES.get(f"same.{column}")
        return special or phrase("same.any.eq", self.title(exp.column(column)))

    def inside(self, select: exp.Expression) -> tuple[Self, str, list[exp.Expression]]:
        """Return the names of a subquery's inside, what it reads in words, and the conditions on its rows."""
        joins = select.args.get("joins") or ()
        sources = [select.args["from_"].this, *(join.this for join in joins)]
        tables = {s.alias_or_name: r for s in sources if (r := relation(self.library, s.name)) is not None}
        where = select.args.get("where")
        stated = [where.this] if where is not None else []
        stated += [join.args["on"] for join in joins if join.args.get("on") is not None]
        conditions = [part for condition in stated for part in flattened(condition, exp.And)]
        lookups = dict(filter(None, (_lookup(condition, tables) for condition in conditions)))
        inner = type(self)(self.library, Frame(tables, self.frame), self.titles, lookups)
        names = [inner.label(alias) for alias in tables if alias not in lookups]
        source = listed(names or [source.name for source in sources], "word")
        return inner, source, [c for c in conditions if _lookup(c, tables) is None]

    def measure(self, *nodes: exp.Expression) -> str:
        """How values are compared: as dates, texts or numbers; the first of the nodes that tells decides."""
        kinds = {"date": "date", "month": "date", "text": "text", "number": "number"}
        return next((kinds[kind] for kind in map(self.kind, nodes) if kind in kinds), "number")

    def kind(self, node: exp.Expression) -> str:
        """Return what a value is: number, text, date, month, bool, or any where that is not known."""
        node = bare(node)
        if isinstance(node, exp.Column):
            place = self.frame.find(node.name, node.text("table"))
            return place[2].kind if place else "any"
        if isinstance(node, (exp.Literal, *_TEXTS)):
            return "text" if isinstance(node, _TEXTS) or node.is_string else "number"
        if is_condition(node) or isinstance(node, exp.Boolean):
            return "bool"
        if isinstance(node, exp.Placeholder):
            return "date" if node.name in _DATE_PARAMETERS else "any"
        if isinstance(node, exp.Anonymous):
            name = node.name.lower()
            is_earlier = name in ("previous", "last_year", "full_year") and node.expressions
            return self.kind(node.expressions[0]) if is_earlier else _FUNCTION_KINDS.get(name, "number")
        if isinstance(node, exp.Select):
            inner, _, _ = self.inside(node)
            return inner.kind(node.expressions[0])
        if isinstance(node, exp.Case):
            return self.kind(node.args["ifs"][0].args["true"])
        return self.kind(node.this) if isinstance(node, _KIND_OF_ARGUMENT) else "number"


def _lookup(condition: exp.Expression, tables: Mapping[str, NamedRelation]) -> tuple[str, bool] | None:
    """`register.code = row.code`: which register view is looked up there, and whether for a row from outside. The first of the
    tables holds the rows themselves."""
    first = next(iter(tables), "")
    sides = [bare(condition.this), bare(condition.expression)] if isinstance(condition, exp.EQ) else []
    for view, row in (sides, sides[::-1]) if sides else ():
        joined_view = tables.get(view.text("table")) if view.text("table") != first else None
        of_row = row.text("table") == first or row.text("table") not in tables
        if joined_view and joined_view.form is None and of_row and view.name == row.name in _UNIT_CODES:
            return view.text("table"), row.text("table") != first
    return None


def relation_title(named: NamedRelation) -> str:
    """Return what a form or a register view is called."""
    return phrase("relations.form", named.form.title) if named.form else phrase(f"relations.{named.name}")
