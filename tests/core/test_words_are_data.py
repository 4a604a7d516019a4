"""Chinese words stand in `library` (vocabulary, phrases, messages, definitions), not in the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "ruralpb"
CHINESE = re.compile("[\u3007\u3400-\u9fff]")
STILL = {"intake": 0, "rules": 3, "app": 0, "model": 23, "core": 18, "cli": 0, "returns": 0, "store": 0}
"""Room → how many Chinese texts are still in its code. The numbers only shrink."""


def chinese(tree: ast.Module) -> Iterator[ast.Constant]:
    """The Chinese texts of a module, docstrings and other bare strings left out."""
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    documentation = {
        statement.value
        for node in ast.walk(tree)
        if isinstance(node, documented)
        for statement in node.body
        if isinstance(statement, ast.Expr)
    }
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and node not in documentation else None
        if isinstance(text, str) and CHINESE.search(text):
            yield node


@pytest.mark.parametrize("room", STILL)
def test_no_room_has_more_chinese_texts_in_its_code_than_it_had(room: str) -> None:
    texts = [
        f"{module.relative_to(PACKAGE)}:{node.lineno} {node.value!r}"
        for module in sorted((PACKAGE / room).rglob("*.py"))
        for node in chinese(ast.parse(module.read_text("utf-8")))
    ]
    assert len(texts) <= STILL[room], "\n".join(texts)


def test_a_chinese_text_is_found_and_a_docstring_is_none() -> None:
    tree = ast.parse('"""说明"""\nX = f"{1}年"\n"""说明"""\ndef f():\n    "说明"\n    return "“村”"')
    assert [node.value for node in chinese(tree)] == ["年", "“村”"]
