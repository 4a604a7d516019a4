"""The messages are every text the program says, in every language, and nothing it never says."""

from __future__ import annotations

import ast
import json
import pickle
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import polib
import pytest

from ruralpb.core import messages
from ruralpb.core.messages import Language, domain, languages, listing
from ruralpb.core.problems import Problem
from ruralpb.model import exact_json

PACKAGE = Path(__file__).resolve().parents[2] / "ruralpb"
SLUG_ARGUMENT = {
    "Problem": 0,
    "say": 0,
    "text": 0,
    "progress": 0,
    "option": 0,
    "argument": 0,
    "ScreenColumn": 0,
}
"""Callable → which positional argument is a slug. `terminal.text(…)` counts by its last name."""


@cache
def texts(lang: Language = "zh") -> dict[str, str]:
    """Every message of a language: slug → template."""
    return {slug: text for file in files(lang) for slug, text in domain(file).items()}


def files(lang: Language) -> list[Path]:
    return sorted((messages.MESSAGES / lang).glob("*.po"))


@cache
def trees() -> list[tuple[str, ast.Module]]:
    return [
        (m.relative_to(PACKAGE).as_posix(), ast.parse(m.read_text("utf-8"))) for m in PACKAGE.rglob("*.py")
    ]


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


def test_the_languages_are_the_folders() -> None:
    assert {"en", "zh"} <= set(languages())


@pytest.mark.parametrize("lang", languages())
def test_every_language_has_the_same_messages_in_files_of_the_same_names(lang: Language) -> None:
    def slugs(of: Language) -> list[tuple[str, list[str]]]:
        return [(file.name, list(domain(file))) for file in files(of)]

    assert slugs(lang) == slugs("zh")


@pytest.mark.parametrize("lang", languages())
def test_a_message_stands_once_and_says_something(lang: Language) -> None:
    entries = [entry for file in files(lang) for entry in polib.pofile(str(file))]
    assert [slug for slug, count in Counter(entry.msgid for entry in entries).items() if count > 1] == []
    assert [
        entry.msgid for entry in entries if not entry.msgstr.strip() or entry.fuzzy or entry.obsolete
    ] == []


@pytest.mark.parametrize("lang", languages())
def test_every_language_fills_the_same_placeholders(lang: Language) -> None:
    differ = [s for s, text in texts().items() if placeholders(text) != placeholders(texts(lang)[s])]
    assert differ == []
    assert [s for s, text in texts(lang).items() if "" in placeholders(text)] == [], "placeholders have names"


def test_every_text_is_in_its_language() -> None:
    # Names of the subject (村, 沅江市) stand in English texts as examples; sentences do not.
    assert [slug for slug, text in texts("en").items() if re.search(r"[，。；：（）]", text)] == []


def test_a_message_is_found_in_its_domain_and_an_unknown_one_is_not() -> None:
    assert messages.say("date-unreadable", "en", found="x") == texts("en")["date-unreadable"].format(
        found="x"
    )
    with pytest.raises(KeyError):
        messages.say("no-such-slug-at-all", "zh")


def test_only_the_domains_that_are_used_are_parsed() -> None:
    script = (
        "from ruralpb.core import messages\n"
        "messages.say('date-unreadable', 'zh', found='x')\n"
        "print(messages.domain.cache_info().currsize)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1"]


def test_every_slug_in_the_code_is_a_message() -> None:
    # A key with a dot is a phrase of documents: tests/model/test_phrases.py looks for those.
    slugs = ((where, p) for where, _, slug in calls() for p in spoken(slug) if r"\." not in p)
    assert [(where, slug) for where, slug in slugs if not is_slug_of(slug)] == []


def test_a_slug_that_is_no_message_would_be_found() -> None:
    (call,) = [n for n in ast.walk(ast.parse('Problem("no-such-slug-at-all")')) if isinstance(n, ast.Call)]
    assert [is_slug_of(p) for p in spoken(call.args[0])] == [False]


def test_every_message_is_said_somewhere() -> None:
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
        lacking += [(where, slug.value, name) for name in placeholders(texts()[slug.value]) - given - known]
    assert lacking == []


class TestThingsInAList:
    """One function joins them, and the language of the message decides how."""

    PROBLEM = Problem("audience-unknown", found="x", expected=listing(("office", "public")))

    def test_each_language_lists_in_its_own_way(self) -> None:
        assert "office、public" in self.PROBLEM.text("zh")
        assert "office, public" in self.PROBLEM.text("en")

    def test_what_leaves_the_process_or_is_kept_is_plain_text(self) -> None:
        sent = pickle.loads(pickle.dumps(self.PROBLEM))
        assert (sent, type(sent.expected)) == (self.PROBLEM, str)
        assert exact_json.loads(exact_json.dumps(self.PROBLEM)) == self.PROBLEM
        assert json.dumps(self.PROBLEM.expected, ensure_ascii=False) == '"office、public"'

    def test_a_list_of_nothing_is_no_text(self) -> None:
        assert (listing(()) or "—") == "—"
