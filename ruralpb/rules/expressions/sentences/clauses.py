"""Trees → words, by the phrases of `library/phrases/expressions.yaml`.

A value is a noun (经营性收入合计), a condition a clause (性别为“女”). Negation is carried down to the comparisons, which Kleene's logic
allows (NOT a < b is a >= b), so that no sentence negates a whole. Names are resolved as the resolver does it: columns of the row a
query is asked for (本行…) are told from those of the rows it looks at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlglot import exp

from ruralpb.rules.expressions.build import bare
from ruralpb.rules.expressions.sentences.phrasing import PHRASES, TakenOfRows, joined, listed, phrase, quoted
from ruralpb.rules.expressions.sentences.rows import RowNames, flattened, is_condition

Truth = Literal["eq", "neq"]
"""Whether a condition is said as it stands or negated."""

_COMPARISONS: Mapping[type[exp.Expression], str] = {
    exp.EQ: "eq", exp.NEQ: "neq", exp.LT: "lt", exp.LTE: "lte", exp.GT: "gt", exp.GTE: "gte",
    exp.NullSafeEQ: "eq", exp.NullSafeNEQ: "neq",
}  # fmt: skip
_NEGATED = {"eq": "neq", "neq": "eq", "lt": "gte", "gte": "lt", "gt": "lte", "lte": "gt"}
_NULL_SAFE = (exp.NullSafeEQ, exp.NullSafeNEQ)
_OPERATORS: Mapping[type[exp.Expression], str] = {
    exp.Add: "add", exp.Sub: "sub", exp.Mul: "mul", exp.Div: "div", exp.Mod: "mod",
}  # fmt: skip
_SIMPLE: Mapping[type[exp.Expression], str] = {
    exp.Neg: "neg", exp.Abs: "abs", exp.Length: "length", exp.Upper: "upper", exp.Trim: "trim", exp.Year: "year",
}  # fmt: skip
_EXTREMES: Mapping[type[exp.Expression], tuple[str, str]] = {
    exp.Greatest: ("greater", "greatest"), exp.Least: ("lesser", "least"),
}  # fmt: skip
_AGGREGATES: Mapping[type[exp.Expression], str] = {
    exp.Sum: "sum", exp.Min: "min", exp.Max: "max", exp.Avg: "avg", exp.Count: "count",
}  # fmt: skip


@dataclass(frozen=True)
class Verbalizer(RowNames):
    """Says the nodes of an unresolved tree."""

    # ------------------------------------------------------------------------------------------ conditions

    def condition(self, node: exp.Expression, truth: Truth = "eq") -> str:
        """Return the clause that a condition is true (`eq`) or false (`neq`)."""
        node = bare(node)
        idiom = self._idiom(node, truth)
        if idiom:
            return idiom
        say_it = _CONDITIONS.get(type(node))
        if say_it:
            return say_it(self, node, truth)
        if type(node) in _COMPARISONS:
            return self._comparison(node, truth)
        flag = "flag" if self.kind(node) == "bool" else "holds"
        return phrase(f"compare.{flag}.{truth}", self.value(node))

    def relation(self, node: exp.Expression, premises: Sequence[str] = (), truth: Truth = "eq") -> str:
        """Return what must hold, as a sentence: of alternatives (a OR b) all but the last are its premise (不是 a 的，b)."""
        node = bare(node)
        if isinstance(node, exp.Not):
            return self.relation(node.this, premises, _not(truth))
        if self._connective(node, truth) is exp.Or:
            *others, last = flattened(node, type(node))
            more = [self._item(other, _not(truth)) for other in others]
            return self.relation(last, [*premises, *more], truth)
        conclusion = self._conclusion(node, truth, is_free=not premises)
        return phrase("premise", joined(premises, "and"), conclusion) if premises else conclusion

    def _conclusion(self, node: exp.Expression, truth: Truth, *, is_free: bool) -> str:
        """What must hold; `is_free`: of no premise, so that its parts may have premises of their own."""
        if self._connective(node, truth) is not exp.And:
            return self.condition(node, truth)
        operands = flattened(node, type(node))
        has_premises = is_free and any(self._connective(o, truth) is exp.Or for o in operands)
        if has_premises or any(map(self._is_equivalence, operands)):
            return listed([self.relation(operand, (), truth) for operand in operands], "sentence")
        items = [self._item(operand, truth) for operand in operands]
        return listed(items, "clause", "also")

    def items(self, node: exp.Expression | None) -> tuple[str, ...]:
        """Return the conditions of a WHERE, each as an item of a list."""
        return tuple(self._item(part) for part in flattened(node, exp.And)) if node is not None else ()

    def _item(self, node: exp.Expression, truth: Truth = "eq") -> str:
        """One condition of several: in brackets where it has parts of its own."""
        node = bare(node)
        phrase_of_item = self._of_period(node) or self._same(node) if truth == "eq" else ""
        if phrase_of_item:
            return phrase_of_item
        phrase_of_item = self.condition(node, truth)
        has_parts = self._connective(node, truth) is not None or (truth == "eq" and node.find(exp.Select))
        return phrase("bracket", phrase_of_item) if has_parts else phrase_of_item

    @staticmethod
    def _connective(node: exp.Expression, truth: Truth) -> type[exp.Connector] | None:
        """AND or OR as it is said: negated, one becomes the other (De Morgan)."""
        node = bare(node)
        if isinstance(node, exp.Not):
            return Verbalizer._connective(node.this, _not(truth))
        if not isinstance(node, (exp.And, exp.Or)):
            return None
        return exp.And if isinstance(node, exp.And) == (truth == "eq") else exp.Or

    def _is_equivalence(self, node: exp.Expression) -> bool:
        return isinstance(node, (exp.EQ, exp.NEQ)) and is_condition(node.expression)

    def _negation(self, node: exp.Expression, truth: Truth) -> str:
        return self.condition(node.this, _not(truth))

    def _junction(self, node: exp.Expression, truth: Truth) -> str:
        parts = [self._item(operand, truth) for operand in flattened(node, type(node))]
        return joined(parts, "and" if self._connective(node, truth) is exp.And else "or")

    def _comparison(self, node: exp.Expression, truth: Truth) -> str:
        sign = _COMPARISONS[type(node)]
        sign = sign if truth == "eq" else _NEGATED[sign]
        left, right = bare(node.this), bare(node.expression)
        if isinstance(node, _NULL_SAFE):
            return phrase(f"compare.null_safe.{sign}", self.value(left), self.value(right))
        if isinstance(right, exp.Boolean):
            return self.condition(left, "eq" if right.this == (sign == "eq") else "neq")
        if "bool" in (self.kind(left), self.kind(right)):
            return phrase(f"compare.both.{sign}", self.condition(left), self.condition(right))
        if sign in ("eq", "neq"):
            if _is_number(right, 0) and isinstance(left, exp.Mod) and _is_number(left.expression, 1):
                return phrase(f"compare.whole.{sign}", self.value(left.this))
            if _is_number(right, 0) and isinstance(left, exp.Coalesce):
                return phrase(f"compare.zero_or_blank.{sign}", self.value(left))
            if _is_name(right):
                return phrase(f"compare.literal.{sign}", self.value(left), self.value(right))
        return phrase(f"compare.{self.measure(left, right)}.{sign}", self.value(left), self.value(right))

    def _blank(self, node: exp.Expression, truth: Truth) -> str:
        if not isinstance(node.expression, exp.Null):
            return self.condition(node.this, truth)
        tested = bare(node.this)
        if isinstance(tested, exp.Coalesce):
            fields = [self.value(n) for n in (tested.this, *tested.expressions)]
            return phrase(f"compare.all_blank.{truth}", listed(fields, "word"))
        return phrase(f"compare.blank.{truth}", self.value(tested))

    def _between(self, node: exp.Expression, truth: Truth) -> str:
        measure = "date" if self.measure(node.this) == "date" else "number"
        operands = (node.this, node.args["low"], node.args["high"])
        return phrase(f"compare.between.{measure}.{truth}", *map(self.value, operands))

    def _among(self, node: exp.Expression, truth: Truth) -> str:
        query = node.args.get("query")
        if query is not None:
            return phrase(f"compare.among_query.{truth}", self.value(node.this), self.value(query))
        are_texts = all(isinstance(item, exp.Literal) and item.is_string for item in node.expressions)
        choices = listed(
            [self.value(item) for item in node.expressions], "text" if are_texts else "word", "or"
        )
        return phrase(f"compare.among.{truth}", self.value(node.this), choices)

    def _exists(self, node: exp.Expression, truth: Truth) -> str:
        inner, source, stated = self.inside(node.this)
        conditions = [inner._item(condition) for condition in stated]
        if not conditions:
            return phrase(f"compare.exists_any.{truth}", source, inner.row)
        return phrase(f"compare.exists.{truth}", source, listed(conditions, "condition"), inner.row)

    def _set_flag(self, node: exp.Expression, truth: Truth) -> str:
        """coalesce(flag, false): what is blank counts as no."""
        return phrase(f"compare.set_flag.{truth}", self.value(node.this))

    def _boolean_call(self, node: exp.Expression, truth: Truth) -> str:
        name = node.name.lower()
        flag = name if name in ("near", "id_ok") else "flag"
        words = map(self.value, node.expressions) if flag != "flag" else [self.value(node)]
        return phrase(f"compare.{flag}.{truth}", *words)

    def _idiom(self, node: exp.Expression, truth: Truth) -> str:
        """What says more as a whole than in its parts; only what rests on the report period has such words."""
        if not any(p.name == "period" for p in node.find_all(exp.Placeholder)):
            return ""
        return PHRASES.get(f"idioms.{node.sql()}.{truth}", "")

    # ------------------------------------------------------------------------------------------ rows looked at

    def _of_period(self, node: exp.Expression) -> str:
        """Which periods a subquery reads: 本年, 截至本期, 上年四季度."""
        is_compared = type(node) in _COMPARISONS and isinstance(node.this, exp.Column)
        if self.frame.parent is None or not is_compared:
            return ""
        name, value = node.this.name, bare(node.expression)
        if name == "period" and isinstance(node, exp.EQ):
            return self.value(value)
        limit = value.name if isinstance(value, exp.Placeholder) else ""
        return PHRASES.get(f"periods.{name}.{_COMPARISONS[type(node)]}.{limit}", "")

    def _same(self, node: exp.Expression) -> str:
        """What the rows looked at have in common with the row they are looked at for: 同一村（社区）."""
        if not isinstance(node, (exp.EQ, exp.NEQ, *_NULL_SAFE)):
            return ""
        sides = [bare(side) for side in (node.this, node.expression)]
        are_outer = [self.is_outer(side) for side in sides]
        if sorted(are_outer, key=str) != [False, True]:
            return ""
        outer, inner = sides if are_outer[0] else sides[::-1]
        sign = _COMPARISONS[type(node)]
        title, other = self.value(inner), self.title(outer)
        if title != other:
            return phrase(f"same.unlike.{sign}", title, self.value(outer))
        if isinstance(node, _NULL_SAFE):
            return phrase(f"same.null_safe.{sign}", title)
        return self.shared(inner.name) if sign == "eq" else phrase("same.any.neq", title)

    def _query(self, select: exp.Expression) -> str:
        inner, source, conditions = self.inside(select)
        taken = inner.taken(select.expressions[0])
        return taken.among([inner._item(condition) for condition in conditions]).of(source)

    # ------------------------------------------------------------------------------------------ values

    def value(self, node: exp.Expression) -> str:
        """Return the noun for a value; for a condition, its clause."""
        if isinstance(node, exp.Subquery):
            node = bare(node)
        if is_condition(node):
            return self.condition(node)
        if type(node) in _OPERATORS:
            return phrase(
                f"values.{_OPERATORS[type(node)]}", self.operand(node.this), self.operand(node.expression)
            )
        if type(node) in _SIMPLE:
            return phrase(f"values.{_SIMPLE[type(node)]}", self.operand(node.this))
        say_it = _VALUES.get(type(node))
        if say_it is None and type(node) not in (exp.Filter, *_AGGREGATES):
            raise NotImplementedError(type(node).__name__)
        return say_it(self, node) if say_it else str(self.taken(node))

    def operand(self, node: exp.Expression) -> str:
        """Return the noun for a part of a value, in brackets where it would be torn apart."""
        has_parts = isinstance(node, (exp.Filter, exp.Subquery, *_EXTREMES))
        return phrase("bracket", self.value(node)) if has_parts else self.value(node)

    def taken(self, node: exp.Expression) -> TakenOfRows:
        """Return an aggregate (with its filter) as conditions and what is taken; of any other value, the value."""
        call, where = (node.this, node.expression.this) if isinstance(node, exp.Filter) else (node, None)
        if type(call) not in _AGGREGATES:
            words = self.value(call)
            return TakenOfRows((), phrase("bracket", words) if isinstance(call, exp.Binary) else words)
        conditions, argument = self.items(where), call.this
        if isinstance(argument, exp.Distinct):
            (counted,) = argument.expressions
            joined = "joined" if isinstance(counted, exp.DPipe) else "distinct"
            return TakenOfRows(
                conditions, phrase(f"aggregates.count_{joined}", self.value(counted)), self.value(counted)
            )
        if isinstance(call, exp.Count):
            if not isinstance(argument, exp.Star):
                conditions += (phrase("compare.blank.neq", self.value(argument)),)
            return TakenOfRows(conditions, phrase("aggregates.count", self.row))
        path = f"aggregates.{_AGGREGATES[type(call)]}"
        if isinstance(call, (exp.Min, exp.Max)):
            path += f".{self.measure(argument)}"
        words = self.value(argument)
        has_parts = isinstance(argument, (exp.Binary, exp.Subquery, exp.Case, exp.If))
        # A field may be a total itself: 经营性收入合计, not 经营性收入合计合计.
        noun = (
            phrase("bracket", words) if has_parts else words.removesuffix(PHRASES[path].partition("{0}")[2])
        )
        return TakenOfRows(conditions, phrase(path, noun), words)

    def _literal(self, node: exp.Expression) -> str:
        if not node.is_string:
            return node.name
        return quoted(node.name)

    def _constant(self, node: exp.Expression) -> str:
        return phrase(f"literals.{'null' if isinstance(node, exp.Null) else str(node.this).lower()}")

    def _parameter(self, node: exp.Expression) -> str:
        return PHRASES.get(f"parameters.{node.name}", node.name)

    def _paren(self, node: exp.Expression) -> str:
        return phrase("bracket", self.value(node.this))

    def _case(self, node: exp.Expression) -> str:
        """CASE, and IF, which is a CASE of one branch."""
        branches = []
        for branch in [node] if isinstance(node, exp.If) else node.args["ifs"]:
            compared = node.this if isinstance(node, exp.Case) else None
            test = exp.EQ(this=compared.copy(), expression=branch.this.copy()) if compared else branch.this
            branches.append(phrase("values.when", self.condition(test), self.value(branch.args["true"])))
        default = node.args.get("false" if isinstance(node, exp.If) else "default")
        if default is not None:
            branches.append(phrase("values.otherwise", self.value(default)))
        return phrase("bracket", listed(branches, "sentence"))

    def _coalesce(self, node: exp.Expression) -> str:
        """What is blank counts as nothing: that goes without saying. Of several fields the first that is filled counts."""
        values = [bare(n) for n in (node.this, *node.expressions)]
        if isinstance(values[-1], (exp.Literal, exp.Boolean)):
            values.pop()
        words = [self.value(value) for value in values]
        return words[0] if len(words) == 1 else phrase("values.coalesce", listed(words, "word"))

    def _extreme(self, node: exp.Expression) -> str:
        two, many = _EXTREMES[type(node)]
        operands = [self.value(n) for n in (node.this, *node.expressions)]
        if len(operands) == 2:
            return phrase(f"values.{two}", *operands)
        return phrase(f"values.{many}", listed(operands, "word"))

    def _joined(self, node: exp.Expression) -> str:
        """Parts of one name; the '/' between them is no word."""
        parts = [part for part in flattened(node, exp.DPipe) if not isinstance(part, exp.Literal)]
        return listed([self.value(part) for part in parts], "joined")

    def _nullif(self, node: exp.Expression) -> str:
        return phrase("values.nullif", self.value(node.this), self.value(node.expression))

    def _like(self, node: exp.Expression, truth: Truth) -> str:
        """`x LIKE '张%'`: begins with, ends with, holds, or fits a pattern that is said as it is written."""
        truth = _not(truth) if node.args.get("negate") else truth
        pattern = node.expression.this
        inner = pattern.strip("%")
        plain = not any(sign in inner for sign in "%_")
        place = {(False, True): "begins", (True, False): "ends", (True, True): "holds"}.get(
            (pattern.startswith("%"), pattern.endswith("%")), "fits"
        )
        kind = place if plain and inner else "fits"
        return phrase(
            f"compare.like.{kind}.{truth}", self.value(node.this), inner if kind != "fits" else pattern
        )

    def _matches(self, node: exp.Expression, truth: Truth) -> str:
        return phrase(f"compare.matches.{truth}", self.value(node.this), node.expression.this)

    def _rounded(self, node: exp.Expression) -> str:
        places = node.args.get("decimals")
        if places is None or _is_number(places, 0):
            return phrase("values.round_whole", self.operand(node.this))
        return phrase("values.round", self.operand(node.this), places.name)

    def _substring(self, node: exp.Expression) -> str:
        length = node.args.get("length")
        words = [self.value(node.this), self.value(node.args["start"])]
        return (
            phrase("values.substr", *words, self.value(length)) if length else phrase("values.rest", *words)
        )

    def _call(self, node: exp.Expression) -> str:
        name, arguments = node.name.lower(), node.expressions
        if name == "standard":
            standard = self.library.standards.get(arguments[0].name)
            return standard.title if standard else arguments[0].name
        if name == "age" and arguments[1].name == "end":
            name = "age_at_end"
        if name == "days_in_month" and _is_number(arguments[1], 0):
            name = "days_in_period"
        return phrase(f"functions.{name}", *(self.operand(argument) for argument in arguments))


def _not(truth: Truth) -> Truth:
    return "neq" if truth == "eq" else "eq"


def _is_number(node: exp.Expression, number: int) -> bool:
    return isinstance(node, exp.Literal) and not node.is_string and node.name == str(number)


def _is_name(node: exp.Expression) -> bool:
    """True for what a value is said to be (为) rather than measured against: texts, this year, this period."""
    return (isinstance(node, exp.Literal) and node.is_string) or (
        isinstance(node, exp.Placeholder) and node.name in ("year", "period")
    )


_CONDITIONS: Mapping[type[exp.Expression], Callable[[Verbalizer, exp.Expression, Truth], str]] = {
    exp.Not: Verbalizer._negation,
    exp.And: Verbalizer._junction,
    exp.Or: Verbalizer._junction,
    exp.Is: Verbalizer._blank,
    exp.Between: Verbalizer._between,
    exp.In: Verbalizer._among,
    exp.Exists: Verbalizer._exists,
    exp.Coalesce: Verbalizer._set_flag,
    exp.Anonymous: Verbalizer._boolean_call,
    exp.Like: Verbalizer._like,
    exp.RegexpLike: Verbalizer._matches,
}
_VALUES: Mapping[type[exp.Expression], Callable[[Verbalizer, exp.Expression], str]] = {
    exp.Column: Verbalizer.column,
    exp.Literal: Verbalizer._literal,
    exp.Null: Verbalizer._constant,
    exp.Boolean: Verbalizer._constant,
    exp.Placeholder: Verbalizer._parameter,
    exp.Paren: Verbalizer._paren,
    exp.Case: Verbalizer._case,
    exp.If: Verbalizer._case,
    exp.Coalesce: Verbalizer._coalesce,
    exp.Greatest: Verbalizer._extreme,
    exp.Least: Verbalizer._extreme,
    exp.DPipe: Verbalizer._joined,
    exp.Nullif: Verbalizer._nullif,
    exp.Substring: Verbalizer._substring,
    exp.Round: Verbalizer._rounded,
    exp.Anonymous: Verbalizer._call,
    exp.Select: Verbalizer._query,
}
