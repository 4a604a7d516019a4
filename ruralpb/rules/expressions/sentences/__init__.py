"""Definitions in words: the one translation that circular, page, trace, feedback and `define show` print.

    relation     what a check requires         总收入 = 经营性收入合计 + 补助收入 + 其他收入
    condition    what a filter says            在任状态为“在任”且性别为“女”
    check        a check with its rows         同一村（社区）、在任状态为“在任”的记录中，记录数 ≤ 9
    formula      how an indicator is computed  《名册》中在任状态为“在任”、性别为“女”的记录数 ÷ 在任状态为“在任”的记录数 × 100%

Words are in titles: they name each form and field that is read, and no SQL. The phrases stand in `library/phrases/expressions.yaml`.
"""

from __future__ import annotations

from sqlglot import exp

from ruralpb.core.problems import NOWHERE
from ruralpb.model import Aggregate, Check, Indicator, Library, Method
from ruralpb.rules.expressions.names import Frame, group_column, relation
from ruralpb.rules.expressions.sentences.clauses import Verbalizer
from ruralpb.rules.expressions.sentences.phrasing import TakenOfRows, listed, phrase
from ruralpb.rules.expressions.sentences.rows import is_condition, relation_title
from ruralpb.rules.expressions.syntax import parse


def sentence(expression: str | exp.Expression, library: Library, form: str) -> str:
    """Return an expression over the rows of `form` in words: the relation a condition states, the noun for a value. The text itself
    when it cannot be read."""
    tree, verbalizer = _read(expression, library, form)
    if tree is None or verbalizer is None:
        return str(expression)
    return verbalizer.relation(tree) if is_condition(tree) else verbalizer.value(tree)


def condition(expression: str, library: Library, form: str) -> str:
    """Return a condition on the rows of `form` as one clause. The text itself when it cannot be read."""
    tree, verbalizer = _read(expression, library, form)
    return expression if tree is None or verbalizer is None else verbalizer.condition(tree)


def check_sentence(check: Check, library: Library) -> str:
    """Return what a check requires, of which rows or groups."""
    tree, verbalizer = _read(check.expr, library, check.form)
    if tree is None or verbalizer is None:
        return check.expr
    where, _ = _read(check.where, library, check.form) if check.where else (None, None)
    if check.over != ("row",):
        rows = [*(verbalizer.shared(group_column(key)) for key in check.over), *verbalizer.items(where)]
        return phrase("checks.group", listed(rows, "condition"), verbalizer.row, verbalizer.relation(tree))
    if check.rows == "current":
        return verbalizer.relation(tree, verbalizer.items(where))
    if where is None:
        return phrase("checks.previous_all", verbalizer.row, verbalizer.relation(tree))
    return phrase("checks.previous", verbalizer.condition(where), verbalizer.relation(tree))


def formula(indicator: Indicator, library: Library) -> str:
    """Return how an indicator is computed. A form is named where it first appears."""
    if indicator.derived:
        return _derived(indicator, library)
    if indicator.numerator is None:
        return ""
    summands = (indicator.numerator, *indicator.plus)
    named: set[str] = set()
    parts = [_summand(summand, library, named) for summand in summands]
    text = phrase("lists.plus").join(parts)
    if indicator.denominator is not None:
        above = phrase("bracket", text) if len(parts) > 1 else text
        text = phrase("values.div", above, _summand(indicator.denominator, library, named))
    if indicator.is_rate:
        text = phrase("formulas.share", text)
    return phrase("formulas.year_to_date", text) if indicator.scope == "year_to_date" else text


def _summand(aggregate: Aggregate, library: Library, named: set[str]) -> str:
    tree, verbalizer = _read(aggregate.expr, library, aggregate.of)
    if tree is None or verbalizer is None:
        return aggregate.expr
    where, _ = _read(aggregate.where, library, aggregate.of) if aggregate.where else (None, None)
    taken = verbalizer.taken(tree).among(verbalizer.items(where))
    is_named = aggregate.of in named
    named.add(aggregate.of)
    if is_named and taken == TakenOfRows((), phrase("aggregates.count", verbalizer.row)):
        return phrase("aggregates.count_all", verbalizer.row)
    return taken.of("" if is_named else verbalizer.label(aggregate.of))


def _derived(indicator: Indicator, library: Library) -> str:
    tree, problems = parse(indicator.derived, NOWHERE, extra=("base",))
    titles = {id: other.title for id, other in library.indicators.items()}
    return (
        indicator.derived
        if tree is None or problems
        else Verbalizer(library, Frame({}), titles).relation(tree)
    )


def method(indicator: Indicator, library: Library) -> Method:
    """Return how an indicator is computed, in words, and what is read for it."""
    relations = (relation(library, part.of) for part in indicator.aggregates)
    sources = dict.fromkeys(relation_title(rows) for rows in relations if rows is not None)
    return Method(formula(indicator, library), tuple(sources), _forms_read(indicator, library))


def _forms_read(indicator: Indicator, library: Library) -> frozenset[str]:
    """Return the ids of the forms a figure reads: those it adds up and those its expressions look into."""
    read = {part.of for part in indicator.aggregates}
    for part in indicator.aggregates:
        for text in filter(None, (part.expr, part.where)):
            tree, _ = parse(text, NOWHERE)
            read |= {table.name for table in tree.find_all(exp.Table)} if tree is not None else set()
    return frozenset(read & set(library.forms))


def _read(
    expression: str | exp.Expression, library: Library, form: str
) -> tuple[exp.Expression | None, Verbalizer | None]:
    tree, problems = parse(expression, NOWHERE) if isinstance(expression, str) else (expression, [])
    if problems:
        return None, None
    rows = relation(library, form)
    return tree, Verbalizer(library, Frame({form: rows})) if rows is not None else None
