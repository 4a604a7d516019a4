"""A person's own query: one SELECT over named relations, nothing that reads files, settings or other catalogues.

Settings of the connection alone are not enough (`repeat('a', 1e9)` passes a memory limit, `query()` runs text), hence
this allow-list: what it does not know it refuses.
"""

from __future__ import annotations

from collections.abc import Collection

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from ruralpb.core.problems import Problem
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
_NAMED = frozenset(
    [
        "year",
        "month",
        "quarter",
        "day",
        "substr",
        "substring",
        "regexp_matches",
        "regexp_extract",
        "bool_or",
        "bool_and",
        "any_value",
        "list",
        "string_agg",
        "median",
        "mode",
        "quantile_cont",
        "date_diff",
        "date_trunc",
        "dense_rank",
        "ntile",
        "lag",
        "lead",
        "printf",
        "starts_with",
        "contains",
    ]
)
"""Functions that sqlglot leaves unnamed and that only compute."""


def readonly(text: str, relations: Collection[str]) -> tuple[str, list[Problem]]:
    """Return `text` as DuckDB SQL, or problems: more than one statement, no SELECT, an unknown relation or function."""
    try:
        statements = [s for s in sqlglot.parse(text, dialect="duckdb") if s is not None]
    except SqlglotError as error:
        return "", [Problem("sql-unreadable", found=str(error).splitlines()[0])]
    if len(statements) != 1 or not isinstance(statements[0], _STATEMENTS):
        return "", [Problem("sql-not-select", found=text[:80])]
    tree = statements[0]
    own = {cte.alias for cte in tree.find_all(exp.CTE)}
    problems = [p for node in tree.walk() if (p := _refused(node, relations, own)) is not None]
    return (tree.sql(dialect="duckdb"), []) if not problems else ("", problems)


def _refused(node: exp.Expr, relations: Collection[str], own: set[str]) -> Problem | None:
    if isinstance(node, exp.Table):
        plain = isinstance(node.this, exp.Identifier) and not node.db and not node.catalog
        if plain and (node.name in relations or node.name in own):
            return None
        near = "、".join(closest(node.name, relations)) or "、".join(sorted(relations))
        return Problem("sql-unknown-relation", found=node.sql(dialect="duckdb"), expected=near)
    if isinstance(node, _REFUSED):
        return Problem("sql-function", found=node.sql(dialect="duckdb")[:60])
    if isinstance(node, exp.Anonymous) and node.name.lower() not in _NAMED:
        return Problem("sql-function", found=node.name)
    return None
