"""The database's dialect: the only module of `rules` that knows which engine runs what is compiled.

Expressions are trees (sqlglot) until they are rendered here; whole statements are templates in `rules/sql/`, filled here. Another
engine needs another module of this kind: its dialect's name, its functions, and `statement` rendering the same templates in it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import cast

import sqlglot
from sqlglot import exp

DIALECT = "duckdb"
COMPUTING_FUNCTIONS = frozenset(
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
"""Functions of the engine that sqlglot leaves unnamed and that only compute: a person's own query may use them."""
_STATEMENTS = Path(__file__).parent / "sql"


@cache
def parsed(text: str) -> exp.Expression:
    """Return the tree of an expression, read once in a process: for copies only. Raises SqlglotError."""
    return cast(exp.Expression, sqlglot.parse_one(text, dialect=DIALECT))


def parsed_statements(text: str) -> list[exp.Expression]:
    """Return the trees of a text's statements. Raises SqlglotError."""
    return [cast(exp.Expression, tree) for tree in sqlglot.parse(text, dialect=DIALECT) if tree is not None]


@cache
def data_type(name: str) -> exp.DataType:
    """Return the tree of a type's name: for copies only."""
    return exp.DataType.build(name, dialect=DIALECT)


def render(tree: exp.Expression) -> str:
    """Return the text of a tree, without comments. The tree is not copied first, for the generator changes nothing in trees of its
    own dialect (a test renders every expression of the library twice): a third of the time of compiling was spent on such copies."""
    return tree.sql(dialect=DIALECT, copy=False, comments=False)


@cache
def _template(name: str) -> str:
    return (_STATEMENTS / f"{name}.sql").read_text("utf-8").rstrip("\n")


def statement(name: str, /, **parts: object) -> str:
    """Return the statement `rules/sql/<name>.sql` with its holes (`{name}`) filled: rendered expressions, quoted names and texts,
    numbers. Raises KeyError where one is missing."""
    return _template(name).format(**parts)
