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
QUERY_FUNCTIONS = frozenset(
    [
        "abs",
        "any_value",
        "approx_count_distinct",
        "arg_max",
        "arg_min",
        "array_agg",
        "avg",
        "bool_and",
        "bool_or",
        "cast",
        "ceil",
        "coalesce",
        "concat",
        "contains",
        "corr",
        "count",
        "count_if",
        "cume_dist",
        "date_diff",
        "date_trunc",
        "day",
        "dayofmonth",
        "dayofweek",
        "dense_rank",
        "ends_with",
        "exists",
        "extract",
        "first",
        "first_value",
        "floor",
        "greatest",
        "last",
        "last_day",
        "last_value",
        "lag",
        "lead",
        "least",
        "left",
        "length",
        "listagg",
        "lower",
        "ltrim",
        "make_date",
        "max",
        "median",
        "min",
        "mod",
        "mode",
        "month",
        "nth_value",
        "ntile",
        "nullif",
        "percent_rank",
        "power",
        "quantile_cont",
        "quantile_disc",
        "quarter",
        "rank",
        "regexp_extract",
        "regexp_matches",
        "regexp_replace",
        "replace",
        "reverse",
        "right",
        "round",
        "row_number",
        "rtrim",
        "sign",
        "split_part",
        "sqrt",
        "starts_with",
        "stddev",
        "stddev_pop",
        "stddev_samp",
        "str_split",
        "strftime",
        "strpos",
        "substring",
        "sum",
        "trim",
        "trunc",
        "try_cast",
        "unnest",
        "upper",
        "var_pop",
        "variance",
        "year",
    ]
)
"""Functions, as the engine names them, that a person's own query may call: they compute from their arguments, and what they
return is no longer than what they are given."""
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


def render(tree: exp.Expr) -> str:
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
