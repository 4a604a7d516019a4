"""A person's own query: one SELECT over named relations, nothing that reads files, settings or other catalogues.

Settings of the connection alone are not enough (`repeat('a', 1e9)` passes a memory limit, `query()` runs text), hence
this allow-list: what it does not know it refuses.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlglot import exp
from sqlglot.errors import SqlglotError

from ruralpb.core.problems import Problem
from ruralpb.rules import engine
from ruralpb.rules.expressions.syntax import closest

_STATEMENTS = (exp.Select, exp.SetOperation, exp.Subquery)
_REFUSED = (
    exp.Command,
    exp.Into,
    exp.Repeat,
    exp.ReadCSV,
    exp.ReadParquet,
    exp.GenerateSeries,
    exp.Parameter,
    exp.SessionParameter,
)


def readonly(text: str, relations: Collection[str]) -> tuple[str, list[Problem]]:
    """Return `text` as the engine's SQL, or problems: more than one statement, no SELECT, an unknown relation or function."""
    try:
        statements = engine.parsed_statements(text)
    except SqlglotError as error:
        return "", [Problem("sql-unreadable", found=str(error).splitlines()[0])]
    if len(statements) != 1 or not isinstance(statements[0], _STATEMENTS):
        return "", [Problem("sql-not-select", found=text[:80])]
    tree = statements[0]
    own = {cte.alias for cte in tree.find_all(exp.CTE)}
    problems = [p for node in tree.walk() if (p := _refused(node, relations, own)) is not None]
    return (engine.render(tree), []) if not problems else ("", problems)


def _refused(node: exp.Expr, relations: Collection[str], own: set[str]) -> Problem | None:
    if isinstance(node, exp.Table):
        plain = isinstance(node.this, exp.Identifier) and not node.db and not node.catalog
        if plain and (node.name in relations or node.name in own):
            return None
        near = "、".join(closest(node.name, relations)) or "、".join(sorted(relations))
        return Problem("sql-unknown-relation", found=engine.render(node), expected=near)
    if isinstance(node, _REFUSED):
        return Problem("sql-function", found=engine.render(node)[:60])
    if isinstance(node, exp.Anonymous) and node.name.lower() not in engine.COMPUTING_FUNCTIONS:
        return Problem("sql-function", found=node.name)
    return None
