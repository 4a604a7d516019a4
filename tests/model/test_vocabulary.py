"""The words the reader goes by: what comes with the program, what a project adds, and where both are read."""

from __future__ import annotations

import ast
import pickle
import re
from dataclasses import replace
from pathlib import Path

import pytest
from intake_toy import DEFINITIONS
from workbooks import workbook

from ruralpb.intake import one_file
from ruralpb.intake.reading_basis import ReadingBasis
from ruralpb.model import IntakeOptions, loader
from ruralpb.model.vocabulary import OPEN, builtin

PACKAGE = Path(loader.__file__).parents[2]
LITERAL = re.compile(r"[\u4e00-\u9fff]")

TABLE = (
    "东镇2026年第一季度诊所情况表\n填报单位：东镇\n| 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 |\n"
    "| 甲村 | 3 | 1 | 2 | 5.5 |\n| 汇总栏 | 3 | 1 | 2 | 5.5 |"
)


def toy(own: str = "") -> dict[str, bytes]:
    """The toy project's definition files, with a vocabulary of its own."""
    sources = loader.sources(Path(__file__).parents[1] / "toy")
    return sources | ({"definitions/vocabulary.yaml": own.encode()} if own else {})


def rows(own: str) -> list[object]:
    words, problems = loader.load(toy(own))
    assert problems == []
    library = replace(DEFINITIONS.library, vocabulary=words.library.vocabulary)
    sent = pickle.loads(pickle.dumps(replace(DEFINITIONS, library=library)))  # as a worker gets them
    reading = one_file.read(workbook(TABLE), "诊所.xlsx", "诊所.xlsx", ReadingBasis(sent), IntakeOptions())
    return [row.values[0] for block in reading.blocks for row in block.rows] + [
        problem.slug for problem in reading.problems if problem.refused
    ]


def test_a_word_that_a_project_adds_is_read_by_every_worker() -> None:
    assert rows("") == ["甲村", "place-unknown"]
    assert rows("rows:\n  total: [汇总栏]\n") == ["甲村"]


def test_a_word_more_makes_other_definitions() -> None:
    assert loader.digest(toy()) != loader.digest(toy("rows: {total: [汇总栏]}"))


@pytest.mark.parametrize(
    ("own", "slug"),
    [
        ("rows: {totl: [汇总栏]}", "definition-key-unknown-near"),
        ("bounds: {above: [多过]}", "definition-key-unknown"),
        ("rows: {total: 汇总栏}", "definition-wants-list"),
        ("rows: {total: ['(']}", "definition-pattern-wrong"),
        ("rows: {total: ['汇*']}", "definition-pattern-wrong"),
    ],
)
def test_what_is_wrong_with_a_projects_words_is_said_at_its_line(own: str, slug: str) -> None:
    definitions, problems = loader.load(toy(own))
    assert [(problem.slug, problem.where.file) for problem in problems] == [
        (slug, "definitions/vocabulary.yaml")
    ]
    assert definitions.library.vocabulary == builtin()


def test_every_entry_is_a_pattern_that_needs_at_least_a_letter() -> None:
    words = builtin()
    for key in words.lists:
        if key.startswith(OPEN) and not (key.startswith("cells.") and key != "cells.cancelled"):
            assert not words.pattern(key).fullmatch(""), key


@pytest.mark.parametrize("room", ["intake"])
def test_no_word_stands_in_the_code_of_a_room(room: str) -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in sorted((PACKAGE / room).rglob("*.py"))
        for node in _literals(ast.parse(path.read_text("utf-8")))
        if LITERAL.search(node.value)
    ]
    assert found == []


def _literals(tree: ast.Module) -> list[ast.Constant]:
    described = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in described
    ]
