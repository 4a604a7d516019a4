"""The engine's seam: one module of the rules knows the dialect, statements stand in SQL files, another engine could run them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlglot
from sqlglot import ErrorLevel

from ruralpb.core import periods
from ruralpb.model import Register
from ruralpb.model.loader import load, sources
from ruralpb.rules import engine
from ruralpb.rules.checks.select import plans
from ruralpb.rules.indicators import Formulas
from ruralpb.rules.lineage.cells import FigureLineage

PACKAGE = Path(engine.__file__).parents[1]
STATEMENT = re.compile(
    r"\bselect\b.+\bfrom\b|\b(from|join) (\{|\"?\w+\"? (as|where)\b)|\bduckdb\b", re.IGNORECASE | re.DOTALL
)


def texts(module: Path) -> Iterator[str]:
    """String constants of a module that are no docstrings; of f-strings, with holes left open."""
    tree = ast.parse(module.read_text("utf-8"))
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values)
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and not {id(node)} & (told | inside)
        ):
            yield node.value
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from (alias.name for alias in node.names)


def test_statements_stand_in_sql_files_and_the_dialect_in_one_module() -> None:
    modules = [m for room in ("rules", "app", "publish") for m in sorted((PACKAGE / room).rglob("*.py"))]
    found = {
        str(module.relative_to(PACKAGE))
        for module in modules
        if module.name != "engine.py" and any(STATEMENT.search(text) for text in texts(module))
    }
    assert found == set()


def test_a_statement_lacks_no_part() -> None:
    with pytest.raises(KeyError):
        engine.statement("check_rows", columns="1")


def test_every_sql_file_is_a_statement_that_is_used() -> None:
    named = {text for module in PACKAGE.glob("rules/**/*.py") for text in texts(module)}
    assert sorted(f.stem for f in (PACKAGE / "rules" / "sql").glob("*.sql") if f.stem not in named) == []


def test_another_engine_would_understand_every_statement() -> None:
    """What is compiled for checks and indicators says nothing that Spark's dialect lacks."""
    library = load(sources(None))[0].library
    quarter = periods.of("quarter", date(2026, 6, 30))
    made = [plan.sql for plan in plans(library, Register(()), None, quarter)[0]]
    formulas = Formulas(library, Register(()))
    for indicator in library.indicators:
        made += FigureLineage(formulas, quarter, lambda _: []).explanation(indicator).sql
    by_length = sorted(made, key=len)
    for sql in by_length[::5]:
        sqlglot.transpile(sql, read=engine.DIALECT, write="spark", unsupported_level=ErrorLevel.RAISE)
