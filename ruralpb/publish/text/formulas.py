"""How a figure is computed, in Chinese: count(*) filter (where sex = '女') ÷ count(*) → 记录数（性别为女）÷ 记录数.

An expression that has no short reading (subqueries, matching of rosters) is said as 逐行比对汇总; the exact expression is what
`method` gives, for the pages that show it beside the figure.
"""

from __future__ import annotations

from functools import cache
from typing import cast

import sqlglot
from sqlglot import exp

from ruralpb.model import Aggregate, Indicator, Library, Standard

_COMPARED: dict[type[exp.Expression], str] = {
    exp.EQ: "为",
    exp.NEQ: "不为",
    exp.GT: "大于",
    exp.GTE: "不低于",
    exp.LT: "低于",
    exp.LTE: "不高于",
    exp.And: "且",
    exp.Or: "或",
    exp.Add: "＋",
    exp.Sub: "－",
    exp.Mul: "×",
}
_TOTALS: dict[type[exp.Expression], str] = {
    exp.Sum: "合计",
    exp.Avg: "平均",
    exp.Min: "最小值",
    exp.Max: "最大值",
}
_PLACES = {"ref_village": "村（社区）名录", "ref_township": "乡镇（街道）名录"}
_PARAMETERS = {
    "year": "本年",
    "period": "本期",
    "start": "期初",
    "end": "期末",
    "last_month": "期末月",
    "due": "报送期限",
}


class _NoShortReadingError(Exception):
    """The expression is not said in a few words."""


def method(indicator: Indicator) -> str:
    """The exact expression: numerator ÷ denominator, each with its rows."""
    if indicator.derived:
        return indicator.derived
    said = [
        f"{part.of}: {part.expr}" + (f" [{part.where}]" if part.where else "")
        for part in indicator.aggregates
    ]
    above = len(said) - (indicator.denominator is not None)
    return " ÷ ".join([" + ".join(said[:above]), *said[above:]])


def cites(indicator: Indicator, standard: Standard) -> bool:
    """True when a figure's expression, condition or source names the standard."""
    texts = [indicator.where, indicator.derived, indicator.source]
    texts += [part.expr + part.where for part in indicator.aggregates]
    return any(standard.id in text for text in texts)


def sources(indicator: Indicator, library: Library) -> str:
    """The forms and registers a figure is taken from, by title."""
    return "、".join(dict.fromkeys(_place(part.of, library) for part in indicator.aggregates)) or "其他指标"


def forms(indicator: Indicator, library: Library) -> frozenset[str]:
    """The ids of the forms a figure reads: those it adds up and those its expressions look into."""
    named = {part.of for part in indicator.aggregates}
    for text in (t for part in indicator.aggregates for t in (part.expr, part.where) if t):
        try:
            named |= {table.name for table in _parsed(text).find_all(exp.Table)}
        except sqlglot.errors.SqlglotError:
            continue  # a page is written though a formula cannot be read: the form it stands under is known
    return frozenset(named & set(library.forms))


def words(indicator: Indicator, library: Library) -> str:
    """The formula in words. Numerator and denominator share their condition when it is the same."""
    if indicator.derived or indicator.numerator is None:
        return "由其他指标与基期值比较得出"
    top, bottom = indicator.numerator, indicator.denominator
    try:
        above = " + ".join(_aggregate(part, library) for part in (top, *indicator.plus))
        if bottom is None:
            return above
        summed = bool(indicator.plus) or isinstance(_parsed(top.expr), exp.Add | exp.Sub)
        return f"{f'（{above}）' if summed else above} ÷ {_aggregate(bottom, library)}"
    except (_NoShortReadingError, sqlglot.errors.SqlglotError):
        return "按名册、台账逐行比对汇总"


def _place(of: str, library: Library) -> str:
    form = library.forms.get(of)
    return f"《{form.title}》" if form else _PLACES.get(of, of)


def _aggregate(part: Aggregate, library: Library) -> str:
    said = _Words(part.of, library)
    text = said(_parsed(part.expr))
    return f"{text}（{said(_parsed(part.where))}）" if part.where else text


@cache
def _parsed(text: str) -> exp.Expression:
    return cast(exp.Expression, sqlglot.parse_one(text, read="duckdb"))


class _Words:
    """Says expressions over one form; names of fields become their titles."""

    def __init__(self, of: str, library: Library) -> None:
        form = library.forms.get(of)
        self.titles = {field.id: field.title for field in form.fields} if form else {}
        self.library = library

    def __call__(self, node: exp.Expression) -> str:
        if isinstance(node, exp.Count | exp.Sum | exp.Avg | exp.Min | exp.Max | exp.Filter):
            return self._total(node)
        if isinstance(node, exp.Column):
            return self._column(node)
        if isinstance(node, exp.Literal):
            return str(node.this)
        if isinstance(node, exp.Paren):
            return f"（{self(node.this)}）"
        if isinstance(node, exp.In) and node.expressions:
            return f"{self(node.this)}为{'、'.join(map(self, node.expressions))}"
        if type(node) in _COMPARED:
            return f"{self(node.left)}{_COMPARED[type(node)]}{self(node.right)}"  # type: ignore[attr-defined]
        return self._function(node)

    def _total(self, node: exp.Expression) -> str:
        if isinstance(node, exp.Filter):
            return f"{self(node.this)}（{self(node.expression.this)}）"
        inner = node.this
        if isinstance(node, exp.Count):
            if isinstance(inner, exp.Distinct):
                return f"{'、'.join(map(self, inner.expressions))}数（去重）"
            return "记录数"
        word = _TOTALS[type(node)]
        return self(inner).removesuffix(word) + word

    def _column(self, node: exp.Column) -> str:
        known = {
            "village_code": "村",
            "township_code": "乡镇",
            "person_key": "人员",
            "kind": "村级类别",
        } | self.titles
        if node.name not in known:
            raise _NoShortReadingError(node.name)
        return known[node.name]

    def _function(self, node: exp.Expression) -> str:
        if isinstance(node, exp.Placeholder) and node.name in _PARAMETERS:
            return _PARAMETERS[node.name]
        if isinstance(node, exp.Year):
            return f"{self(node.this)}所在年"
        if isinstance(node, exp.Anonymous):
            name, inner = node.name.lower(), node.expressions
            if name == "standard" and inner:
                standard = self.library.standards.get(str(inner[0].this))
                return f"“{standard.title}”" if standard else "标准值"
            if name == "age" and inner:
                return "年龄"
        raise _NoShortReadingError(type(node).__name__)
