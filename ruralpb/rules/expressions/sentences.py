"""An expression as a relation in Chinese titles, for the people who get the finding: 总收入 = 经营性收入合计 + 补助收入 + 其他收入."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlglot import exp

from ruralpb.core.problems import NOWHERE
from ruralpb.model import Library
from ruralpb.rules.expressions.build import DIALECT, bare
from ruralpb.rules.expressions.names import Relation, relation
from ruralpb.rules.expressions.syntax import parse

_SIGNS: Mapping[type[exp.Expression], str] = {
    exp.EQ: "=", exp.NEQ: "≠", exp.LT: "<", exp.LTE: "≤", exp.GT: ">", exp.GTE: "≥", exp.Add: "+", exp.Sub: "−",
    exp.Mul: "×", exp.And: "且", exp.Or: "或", exp.NullSafeEQ: "=", exp.NullSafeNEQ: "≠", exp.DPipe: "‖",
}  # fmt: skip
_CALLS = {
    "near": "{0} = {1}（允许相差{2}）", "age": "年龄（按{0}）", "months": "{0}至{1}的月数", "days": "{0}至{1}的天数",
    "id_ok": "{0}有效", "id_birth": "{0}所示出生年月", "id_sex": "{0}所示性别", "previous": "上期{0}",
    "last_year": "上年同期{0}", "quarter_number": "季度序号", "days_in_month": "当月天数", "band": "{1}所在档次",
    "previous_quarter": "上季", "same_period_last_year": "上年同期", "last_year_q4": "上年四季度",
}  # fmt: skip
_AGGREGATES: Mapping[type[exp.Expression], str] = {
    exp.Sum: "{0}合计", exp.Min: "最小{0}", exp.Max: "最大{0}", exp.Avg: "平均{0}",
}  # fmt: skip
_PARAMETERS = {
    "period": "本期", "year": "本年", "start": "期初", "end": "期末", "last_month": "期末月", "due": "报送时限",
}  # fmt: skip
_SYSTEM = {
    "person_key": "人员", "village_code": "村（社区）", "township_code": "乡镇（街道）", "reporter_code": "填报单位",
    "unit_code": "单位", "period": "报告期", "year": "年度", "village": "村（社区）", "township": "乡镇（街道）",
    "kind": "单位类别", "key_class": "重点类别", "in_demo_zone": "在示范区", "class": "考核类别",
}  # fmt: skip


@dataclass(frozen=True)
class _Teller:
    library: Library
    tables: Mapping[str, Relation]
    own: str

    def tell(self, node: exp.Expression) -> str:
        """Return the words for one node."""
        for types, tell in _TELLING.items():
            if isinstance(node, types):
                return tell(self, node)
        sign = _SIGNS.get(type(node))
        if sign:
            return f"{self.tell(node.this)} {sign} {self.tell(node.expression)}"
        return node.sql(dialect=DIALECT)

    def remainder(self, node: exp.Expression) -> str:
        return f"{self.tell(node.this)}除以{self.tell(node.expression)}的余数"

    def column(self, node: exp.Expression) -> str:
        alias = node.text("table")
        found = self.tables.get(alias) or self.tables[self.own]
        named = found.get(node.name) or self.tables[self.own].get(node.name)
        if named is None:
            return node.name
        title = named.field.title if named.field else _SYSTEM.get(named.name, named.name)
        is_other = alias not in ("", self.own) and found.form is not None and named.field is not None
        return f"《{found.form.title}》{title}" if is_other and found.form else title

    def literal(self, node: exp.Expression) -> str:
        return f"“{node.name}”" if isinstance(node, exp.Literal) and node.is_string else node.name

    def parameter(self, node: exp.Expression) -> str:
        return _PARAMETERS.get(node.name, node.name)

    def call(self, node: exp.Expression) -> str:
        name = node.name.lower()
        if name == "standard":
            known = self.library.standards.get(node.expressions[0].name)
            return known.title if known else node.expressions[0].name
        shape = _CALLS.get(name, name + "({0})")
        return shape.format(*(self.tell(e) for e in node.expressions), "", "")

    def paren(self, node: exp.Expression) -> str:
        return f"（{self.tell(node.this)}）"

    def negation(self, node: exp.Expression) -> str:
        inner = bare(node.this)
        if isinstance(inner, exp.Is):
            return f"{self.tell(inner.this)}已填"
        if isinstance(inner, exp.In):
            return f"{self.tell(inner.this)}不是{self._choices(inner)}"
        if isinstance(inner, exp.Exists):
            return self.tell(inner).replace("中有", "中没有", 1)
        return f"不能{self.tell(node.this)}"

    def nothing(self, node: exp.Expression) -> str:
        return (
            f"{self.tell(node.this)}未填"
            if isinstance(node.expression, exp.Null)
            else f"{self.tell(node.this)}成立"
        )

    def between(self, node: exp.Expression) -> str:
        low, high = self.tell(node.args["low"]), self.tell(node.args["high"])
        return f"{self.tell(node.this)}在{low}至{high}之间"

    def membership(self, node: exp.Expression) -> str:
        return f"{self.tell(node.this)}为{self._choices(node)}"

    def _choices(self, node: exp.Expression) -> str:
        query = node.args.get("query")
        return self.query(query) if query else "、".join(self.tell(e) for e in node.expressions)

    def coalesce(self, node: exp.Expression) -> str:
        return self.tell(node.this)

    def extreme(self, node: exp.Expression) -> str:
        most = "最大的" if isinstance(node, exp.Greatest) else "最小的"
        return f"（{'、'.join(self.tell(e) for e in (node.this, *node.expressions))}中{most}）"

    def absolute(self, node: exp.Expression) -> str:
        return f"|{self.tell(node.this)}|"

    def count(self, node: exp.Expression) -> str:
        inside = node.this
        if isinstance(inside, exp.Distinct):
            return f"不同{self.tell(inside.expressions[0])}数"
        return "行数" if isinstance(inside, exp.Star) else f"已填{self.tell(inside)}数"

    def year(self, node: exp.Expression) -> str:
        return f"{self.tell(node.this)}所在年份"

    def aggregate(self, node: exp.Expression) -> str:
        told = self.tell(node.this)
        # A field may be a total itself: 经营性收入合计, not 经营性收入合计合计.
        return (
            told
            if isinstance(node, exp.Sum) and told.endswith("合计")
            else _AGGREGATES[type(node)].format(told)
        )

    def filtered(self, node: exp.Expression) -> str:
        return f"{self.tell(node.this)}（{self.tell(node.expression.this)}）"

    def query(self, node: exp.Expression) -> str:
        select = node.this
        inner = self._inside(select)
        return f"{_first_title(inner)}{inner.tell(select.expressions[0])}"

    def exists(self, node: exp.Expression) -> str:
        return f"{_first_title(self._inside(node.this))}中有相应的行"

    def _inside(self, select: exp.Expression) -> _Teller:
        sources = [select.args["from_"].this, *(j.this for j in select.args.get("joins") or ())]
        tables = {s.alias_or_name: found for s in sources if (found := relation(self.library, s.name))}
        own = next(iter(tables), self.own)
        return _Teller(self.library, {**self.tables, **tables}, own)


def _first_title(teller: _Teller) -> str:
    form = teller.tables[teller.own].form
    return f"《{form.title}》" if form else "村（社区）名录"


_Types = type[exp.Expression] | tuple[type[exp.Expression], ...]
_TELLING: dict[_Types, Callable[[_Teller, exp.Expression], str]] = {
    exp.Column: _Teller.column,
    exp.Literal: _Teller.literal,
    exp.Placeholder: _Teller.parameter,
    exp.Anonymous: _Teller.call,
    exp.Paren: _Teller.paren,
    exp.Not: _Teller.negation,
    exp.Is: _Teller.nothing,
    exp.Between: _Teller.between,
    exp.In: _Teller.membership,
    exp.Coalesce: _Teller.coalesce,
    (exp.Greatest, exp.Least): _Teller.extreme,
    exp.Abs: _Teller.absolute,
    exp.Year: _Teller.year,
    exp.Mod: _Teller.remainder,
    exp.Count: _Teller.count,
    (exp.Sum, exp.Min, exp.Max, exp.Avg): _Teller.aggregate,
    exp.Filter: _Teller.filtered,
    exp.Subquery: _Teller.query,
    exp.Exists: _Teller.exists,
}


def sentence(expression: str | exp.Expression, library: Library, form: str) -> str:
    """Return the relation an expression over `form` states, in titles; the text itself when it cannot be read."""
    tree = parse(expression, NOWHERE)[0] if isinstance(expression, str) else expression
    own = relation(library, form)
    if tree is None or own is None:
        return str(expression)
    return _Teller(library, {form: own}, form).tell(tree)
