"""Expression text → tree of allowed nodes, names not yet resolved.

Full-width punctuation and letters outside literals are folded (an office types with a Chinese input method), inside string literals
nothing is touched. What is not on the allow-list is refused: an expression computes, it never reads or writes otherwise
than through the forms it names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from typing import cast

from sqlglot import exp
from sqlglot.errors import SqlglotError

from ruralpb.core.messages import listing
from ruralpb.core.nearest import nearest
from ruralpb.core.problems import Location, Problem
from ruralpb.rules import engine

_OPERATORS: tuple[type[exp.Expression], ...] = (
    exp.And, exp.Or, exp.Not, exp.Paren, exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Is, exp.Between, exp.In,
    exp.NullSafeEQ, exp.NullSafeNEQ, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Neg, exp.DPipe, exp.Case, exp.If,
    exp.Like,
)  # fmt: skip
_LEAVES: tuple[type[exp.Expression], ...] = (
    exp.Column, exp.Identifier, exp.Literal, exp.Null, exp.Boolean, exp.Placeholder, exp.Star, exp.Distinct,
)  # fmt: skip
_FUNCTIONS: tuple[type[exp.Expression], ...] = (
    exp.Abs, exp.Greatest, exp.Least, exp.Coalesce, exp.Nullif, exp.Length, exp.Substring, exp.Upper, exp.Trim, exp.Year, exp.Round,
    exp.RegexpLike,
)  # fmt: skip
AGGREGATES: tuple[type[exp.Expression], ...] = (exp.Count, exp.Sum, exp.Min, exp.Max, exp.Avg)
_QUERIES: tuple[type[exp.Expression], ...] = (
    exp.Exists, exp.Select, exp.Subquery, exp.From, exp.Table, exp.TableAlias, exp.Where, exp.Filter, exp.Join,
)  # fmt: skip
_ALLOWED = _OPERATORS + _LEAVES + _FUNCTIONS + AGGREGATES + _QUERIES

FUNCTIONS: dict[str, tuple[int, int]] = {
    "age": (2, 2), "months": (2, 2), "days": (2, 2), "days_in_month": (2, 2), "quarter_number": (1, 1),
    "previous_quarter": (1, 1), "same_period_last_year": (1, 1), "last_year_q4": (1, 1), "near": (3, 3), "id_ok": (1, 1),
    "id_birth": (1, 1), "id_sex": (1, 1), "band": (2, 2), "standard": (1, 1), "previous": (1, 1), "last_year": (1, 1),
    "full_year": (1, 1),
}  # fmt: skip
"""The toolkit's own functions → least and most number of arguments."""
PARAMETERS = ("period", "year", "start", "end", "last_month", "due")
_SQL_FUNCTIONS = (
    "abs", "greatest", "least", "coalesce", "nullif", "length", "substr", "upper", "trim", "year", "count", "sum", "min", "max",
    "round", "regexp_matches",
)  # fmt: skip
KNOWN_FUNCTIONS = (*FUNCTIONS, *_SQL_FUNCTIONS)

_FOREIGN_QUOTES = re.compile("[‘’“”＇＂｀`]")
_SPANS = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"")
_SELECT_PARTS = {"expressions", "from_", "where", "joins"}


def fold(text: str) -> str:
    """Return the text with NFKC applied outside string literals (S: identifiers and punctuation only)."""
    pieces, at = [], 0
    for span in _SPANS.finditer(text):
        pieces.append(unicodedata.normalize("NFKC", text[at : span.start()]))
        inside = span.group()
        pieces.append(inside if inside[0] == "'" else unicodedata.normalize("NFKC", inside))
        at = span.end()
    pieces.append(unicodedata.normalize("NFKC", text[at:]))
    return "".join(pieces)


def parse(
    text: str, where: Location, extra: tuple[str, ...] = ()
) -> tuple[exp.Expression | None, list[Problem]]:
    """Return the tree of one expression and what is wrong with it; None when it cannot be read at all.

    `extra` names further functions of one argument (`base` in derived indicators).
    """
    outside = _SPANS.sub(lambda span: " " * len(span.group()), text)
    quotes = _FOREIGN_QUOTES.search(outside)
    if quotes:
        return None, [Problem("rule-quotes", where, found=quotes.group())]
    try:
        tree = engine.parsed(fold(text)).copy()
    except SqlglotError as error:
        near = getattr(error, "errors", None) or [{}]
        place = (near[0].get("highlight") or near[0].get("description") or str(error)).strip()
        return None, [Problem("rule-unreadable", where, found=text, data={"near": place})]
    return tree, list(_refusals(tree, where, {**FUNCTIONS, **dict.fromkeys(extra, (1, 1))}))


def _refusals(
    tree: exp.Expression, where: Location, functions: Mapping[str, tuple[int, int]]
) -> Iterator[Problem]:
    for node in tree.walk():
        if isinstance(node, exp.Anonymous):
            yield from _own_function(node, where, functions)
        elif isinstance(node, exp.Placeholder):
            if node.name not in PARAMETERS:
                parameters = " ".join(f":{p}" for p in PARAMETERS)
                yield Problem("rule-parameter", where, found=f":{node.name}", expected=parameters)
        elif not isinstance(node, _ALLOWED):
            yield Problem("rule-not-allowed", where, found=engine.render(cast(exp.Expression, node)))
        elif isinstance(node, exp.Literal) and not node.is_string and not re.fullmatch(r"[\d.]+", node.this):
            yield Problem("rule-number", where, found=node.this)
        elif isinstance(node, exp.Select):
            yield from _select(node, where)
        elif isinstance(node, (exp.Like, exp.RegexpLike)):
            yield from _pattern(node, where)
        elif isinstance(node, exp.Round) and not _is_places(node.args.get("decimals")):
            yield Problem("rule-round", where, found=engine.render(node))
        elif isinstance(node, _COMPARISONS) and isinstance(node, exp.Binary) and _is_chain(node):
            yield Problem("rule-chain", where, found=engine.render(node), expected=_unchained(node))
    if isinstance(tree, exp.Select):
        yield Problem("rule-not-allowed", where, found=engine.render(tree))


MOST_PLACES = 6
"""Amounts have so many decimals; rounding to more would be none."""


def _is_places(node: exp.Expression | None) -> bool:
    return node is None or (
        isinstance(node, exp.Literal) and node.name.isdigit() and int(node.name) <= MOST_PLACES
    )


def _pattern(node: exp.Expression, where: Location) -> Iterator[Problem]:
    """A pattern stands in the definition, so that it can be said in words and is known to be one."""
    pattern = node.expression
    if not isinstance(pattern, exp.Literal) or not pattern.is_string:
        yield Problem("rule-pattern", where, found=engine.render(node))
    elif isinstance(node, exp.RegexpLike):
        try:
            re.compile(pattern.this)
        except re.error as error:
            yield Problem("rule-regexp", where, found=pattern.this, data={"near": str(error)})


_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)
_TRUTHS = (*_COMPARISONS, exp.Between, exp.In, exp.Is, exp.NullSafeEQ, exp.NullSafeNEQ)


def _is_chain(node: exp.Expression) -> bool:
    """Whether a comparison compares the outcome of another one with something: `a < b < c`, `a > 1 = true`. What stands in brackets was
    meant so."""
    sides = (node.this, node.expression)
    # The parser puts `a is null` in brackets of its own, so that only a truth beside it tells.
    is_truth = any(isinstance(side, exp.Boolean) for side in sides)
    return any(
        isinstance(side, _TRUTHS) or (is_truth and isinstance(side.unnest(), exp.Is)) for side in sides
    )


def _unchained(node: exp.Expression) -> str:
    """What to write in place of a chain of comparisons."""
    left, right = node.this.unnest(), node.expression.unnest()
    for truth, other in ((left, right), (right, left)):
        if isinstance(truth, exp.Boolean) and isinstance(node, (exp.EQ, exp.NEQ)):
            holds = truth.this == isinstance(node, exp.EQ)
            return engine.render(other) if holds else f"not ({engine.render(other)})"
    middle = left.expression if isinstance(left, _COMPARISONS) else None
    if middle is None:
        return f"({engine.render(left)}) and ({engine.render(right)})"
    return (
        f"{engine.render(left)} and {engine.render(type(node)(this=middle.copy(), expression=right.copy()))}"
    )


def _own_function(
    node: exp.Anonymous, where: Location, functions: Mapping[str, tuple[int, int]]
) -> Iterator[Problem]:
    name = node.name.lower()
    if name not in functions:
        yield Problem("rule-function", where, found=name, expected=closest(name, KNOWN_FUNCTIONS))
        return
    least, most = functions[name]
    if not least <= len(node.expressions) <= most:
        yield Problem(
            "rule-arguments", where, found=engine.render(node), expected=str(least), data={"name": name}
        )


def _select(node: exp.Select, where: Location) -> Iterator[Problem]:
    extra = [key for key, value in node.args.items() if value and key not in _SELECT_PARTS]
    outer = [j for j in node.args.get("joins") or () if j.side or j.kind not in ("", "INNER", "CROSS")]
    nested = not isinstance(node.args.get("from_"), exp.From) or not isinstance(
        node.args["from_"].this, exp.Table
    )
    if extra or outer or nested or len(node.expressions) != 1:
        yield Problem("rule-select", where, found=engine.render(node))


def closest(word: str, known: Collection[str]) -> str:
    """Return the known words that look most like `word`, joined by 、, or an empty text."""
    return listing(nearest(word, known))
