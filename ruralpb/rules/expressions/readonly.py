"""A person's own query: one SELECT over named relations, nothing that reads files, settings or other catalogues.

Settings of the connection alone are not enough (`repeat('a', 1e9)` passes a memory limit, `query()` runs text), hence
lists of what is allowed: a relation, a function or a kind of statement that is on none is refused.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from sqlglot import exp
from sqlglot.errors import SqlglotError

from ruralpb.core.messages import listing
from ruralpb.core.problems import Problem
from ruralpb.rules import engine
from ruralpb.rules.expressions.syntax import closest

LONGEST = 20_000
"""Characters of a query: far more than a person writes, few enough to be parsed at once."""

_STATEMENTS = (exp.Select, exp.SetOperation, exp.Subquery)
_REFUSED = (
    exp.Command,
    exp.Into,
    exp.Lambda,
    exp.Comprehension,
    exp.Parameter,
    exp.Placeholder,
    exp.SessionParameter,
)
_OPERATORS = (exp.Connector, exp.Case, exp.If, exp.CurrentDate, exp.Array, exp.Struct, exp.ToMap)
"""What the parser counts among functions and SQL writes otherwise."""
_CALL = re.compile(r"\s*(\w+)\s*\(")


def readonly(text: str, relations: Collection[str]) -> tuple[str, list[Problem]]:
    """Return `text` as the engine's SQL, or problems: more than one statement, no SELECT, an unknown relation or function."""
    if len(text) > LONGEST:
        return "", [Problem("sql-too-long", found=str(len(text)), expected=str(LONGEST))]
    try:
        statements = engine.parsed_statements(text)
        if len(statements) != 1 or not isinstance(statements[0], _STATEMENTS):
            return "", [Problem("sql-not-select", found=text[:80])]
        tree = statements[0]
        problems = [p for node in tree.walk() if (p := _refused(node, relations)) is not None]
        return (engine.render(tree), []) if not problems else ("", problems)
    except SqlglotError as error:
        return "", [Problem("sql-unreadable", found=str(error).splitlines()[0])]
    except RecursionError:
        return "", [Problem("sql-too-deep")]


def _refused(node: exp.Expr, relations: Collection[str]) -> Problem | None:
    if isinstance(node, exp.Table):
        return _refused_relation(node, relations)
    if isinstance(node, _REFUSED):
        return Problem("sql-function", found=engine.render(node)[:60])
    if isinstance(node, exp.With) and node.recursive:
        return Problem("sql-function", found="with recursive")
    if isinstance(node, exp.Func) and not isinstance(node, _OPERATORS):
        text = engine.render(node)
        call = _CALL.match(text)
        name = call.group(1) if call else text[:60]
        if name.lower() not in engine.QUERY_FUNCTIONS:
            return Problem("sql-function", found=name)
    return None


def _refused_relation(node: exp.Table, relations: Collection[str]) -> Problem | None:
    plain = isinstance(node.this, exp.Identifier) and not node.db and not node.catalog
    if plain and (node.name in relations or node.name in _visible(node)):
        return None
    near = listing(closest(node.name, relations)) or listing(sorted(relations))
    return Problem("sql-unknown-relation", found=engine.render(node), expected=near)


def _visible(table: exp.Table) -> Iterator[str]:
    """The names that `with` gives to queries, as they can be seen from where `table` stands: those of the SELECTs around it, and
    of a list only those before its own."""
    node: exp.Expr | None = table
    while node is not None:
        above = node.parent
        if isinstance(above, exp.With):
            for query in above.expressions:
                if query is node:
                    break
                yield query.alias
        elif isinstance(above, exp.Query) and not isinstance(node, exp.With):
            yield from (query.alias for query in above.ctes)
        node = above
