"""Phrases of documents: every one that the code asks for is there, and a project says things its own way."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from briefing_values import report_data

import ruralpb
from ruralpb.model.loader.phrases import phrases
from ruralpb.model.phrases import Phrases, builtin_groups, builtin_phrases
from ruralpb.publish.text.saying import Sayings
from ruralpb.publish.text.sections import introduction

PUBLISH = Path(ruralpb.__file__).parent / "publish"
KEY = re.compile(r"[a-z_]+(\.[a-z_]+)+")


def asked() -> Iterator[tuple[str, set[str]]]:
    """Each key that code asks for with the places it gives words for."""
    for module in sorted(PUBLISH.rglob("*.py")):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            given = {word.arg or "" for word in node.keywords}
            keys = [n.value for n in ast.walk(node.args[0]) if isinstance(n, ast.Constant)]
            for key in keys:
                if isinstance(key, str) and KEY.fullmatch(key) and key.split(".")[0] in builtin_groups():
                    called = ast.unparse(node.func)
                    if called.endswith(("say", "text", "list", "Sayings")):
                        yield key, given


def test_every_phrase_that_is_asked_for_is_there_with_its_places() -> None:
    for key, given in asked():
        entry = Phrases()[key]
        text = entry if isinstance(entry, str) else "".join(entry)
        assert set(re.findall(r"\{(\w+)\}", text)) <= given, key


def test_every_phrase_is_asked_for() -> None:
    source = "".join(path.read_text("utf-8") for path in PUBLISH.rglob("*.py"))
    for group in builtin_groups():
        for name in builtin_phrases(group):
            key = f"{group}.{name}"
            stems = [key[:place] for place, sign in enumerate(key) if sign == "."]
            assert f'"{key}"' in source or any(f'"{stem}.{{' in source for stem in stems), key


def test_a_project_says_it_its_own_way() -> None:
    own = "sections:\n  all_on_time: ，都准时\n".encode()
    found, problems = phrases({"definitions/phrases.yaml": own}, "definitions/")
    assert not problems
    assert Sayings(found).text("sections.all_on_time") == "，都准时"
    assert Sayings(found).text("sections.late") == "迟报"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("nonsense: {late: 晚}", "nonsense"),
        ("sections: {lateness: 晚}", "lateness"),
        ("sections: {late: '晚{day}'}", "day"),
    ],
)
def test_what_there_is_not_is_said_and_left_out(text: str, wrong: str) -> None:
    found, problems = phrases({"definitions/phrases.yaml": text.encode()}, "definitions/")
    assert [problem.found for problem in problems] == [wrong]
    assert not found.own


def test_no_number_is_typed_into_a_phrase() -> None:
    own = "requirements: {text: '{action}{lead}牵头，3天内完成。'}"
    found, problems = phrases({"definitions/phrases.yaml": own.encode()}, "definitions/")
    assert [(problem.slug, problem.found) for problem in problems] == [("phrase-digits", "3")]
    assert not found.own


def test_a_project_names_the_matters_of_its_own_indicators() -> None:
    own = "matters: {school_dropout_n: 失学儿童}"
    found, problems = phrases({"definitions/phrases.yaml": own.encode()}, "definitions/")
    assert not problems
    assert found["matters.school_dropout_n"] == "失学儿童"


def test_the_circular_speaks_with_the_projects_words() -> None:
    data = report_data()
    assert "应报单位" in str(introduction(data))
