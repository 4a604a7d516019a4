"""The catalogue holds every text the program says, in both languages, and nothing it never says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from ruralpb.core.problems.catalogue import texts

PACKAGE = Path(__file__).resolve().parents[2] / "ruralpb"
SLUG_ARGUMENT = {"Problem": 0, "say": 0, "text": 0, "progress": 0, "_option": 1, "_argument": 1}
"""Callable → which positional argument is a slug. `terminal.text(…)` counts by its last name."""
HAN = re.compile("[\u4e00-\u9fff]")


@cache
def trees() -> list[tuple[str, ast.Module]]:
    sources = [m for m in PACKAGE.rglob("*.py") if "catalogue" not in m.parts]
    return [(m.relative_to(PACKAGE).as_posix(), ast.parse(m.read_text("utf-8"))) for m in sources]


def calls() -> Iterator[tuple[str, ast.Call, ast.expr]]:
    """Every call that names a slug: where, the call, the slug's expression."""
    for module, tree in trees():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            at = SLUG_ARGUMENT.get(name)
            if name == "text" and not module.startswith("cli/"):
                continue  # Problem.text(lang)
            if at is not None and len(node.args) > at:
                yield f"{module}:{node.lineno}", node, node.args[at]


def spoken(expression: ast.expr) -> list[str]:
    """The slugs an expression can be, as regular expressions; none when it is a variable."""
    if isinstance(expression, ast.IfExp):
        return spoken(expression.body) + spoken(expression.orelse)
    if isinstance(expression, ast.Constant) and isinstance(expression.value, str):
        return [re.escape(expression.value)]
    if isinstance(expression, ast.JoinedStr):
        parts = (re.escape(str(p.value)) if isinstance(p, ast.Constant) else ".+" for p in expression.values)
        return ["".join(parts)]
    return []


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def is_slug_of(pattern: str) -> bool:
    return any(re.fullmatch(pattern, slug) for slug in texts())


@pytest.mark.parametrize("slug", sorted(texts()))
def test_both_languages_fill_the_same_placeholders(slug: str) -> None:
    chinese, english = texts()[slug]
    assert placeholders(chinese) == placeholders(english)
    assert "" not in placeholders(chinese), "placeholders have names"


def test_every_text_is_in_its_language() -> None:
    # Names of the subject (村, 沅江市) stand in English texts as examples; sentences do not.
    assert [slug for slug, (zh, _) in texts().items() if not zh.strip()] == []
    assert [slug for slug, (_, en) in texts().items() if re.search(r"[，。；：（）]", en)] == []


def test_every_slug_in_the_code_is_in_the_catalogue() -> None:
    missing = [(where, p) for where, _, slug in calls() for p in spoken(slug) if not is_slug_of(p)]
    assert missing == []


def test_a_slug_that_is_not_in_the_catalogue_would_be_found() -> None:
    (call,) = [n for n in ast.walk(ast.parse('Problem("no-such-slug-at-all")')) if isinstance(n, ast.Call)]
    assert [is_slug_of(p) for p in spoken(call.args[0])] == [False]


def test_every_text_in_the_catalogue_is_said_somewhere() -> None:
    constants = {
        node.value
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    patterns = {p for _, _, slug in calls() if isinstance(slug, ast.JoinedStr) for p in spoken(slug)}
    # A slug that is put together elsewhere and handed on starts with its own words: f"rule-{kind}-operand".
    joined = (node for _, tree in trees() for node in ast.walk(tree) if isinstance(node, ast.JoinedStr))
    patterns |= {p for node in joined for p in spoken(node) if re.match(r"[a-z]{3,}\\-.*\.\+", p)}
    unsaid = [
        slug for slug in texts() if slug not in constants and not any(re.fullmatch(p, slug) for p in patterns)
    ]
    assert unsaid == []


def test_what_a_text_needs_is_given_where_it_is_said() -> None:
    """Checked where the slug and all names are literal: `say("x", lang, a=…)`, `Problem("x", found=…, data={…})`."""
    lacking = []
    for where, call, slug in calls():
        if not (isinstance(slug, ast.Constant) and slug.value in texts()):
            continue
        given = {keyword.arg for keyword in call.keywords}
        if None in given:
            continue
        # What reading a sheet says is of a form that intake adds when it knows it.
        known = {"form"} if where.startswith("intake") else set()
        if getattr(call.func, "id", "") == "Problem":
            data = next((k.value for k in call.keywords if k.arg == "data"), ast.Dict([], []))
            if not isinstance(data, ast.Dict) or not all(isinstance(k, ast.Constant) for k in data.keys):
                continue
            given = {"found", "expected", *(k.value for k in data.keys if isinstance(k, ast.Constant))}
        elif getattr(call.func, "id", getattr(call.func, "attr", "")) not in ("say", "text"):
            continue
        lacking += [
            (where, slug.value, name) for name in placeholders(texts()[slug.value][0]) - given - known
        ]
    assert lacking == []
