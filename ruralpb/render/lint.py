"""What is wrong with a template before it is filled: digits typed as data, names that are not there, `safe`, full-width signs in
tags, tags that do not close. Of a text the line is named, of a drawn document the paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import jinja2
import jinja2.meta
from jinja2 import nodes

from ruralpb.problems import CannotRun, Location, Problem
from ruralpb.render import template as templates
from ruralpb.render.drawn import reading
from ruralpb.render.typed import typed_numbers

BUILTIN = frozenset({"range", "dict", "namespace", "cycler", "joiner"})
"""Names the engine has by itself."""

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.S)
_COMMENT = re.compile(r"\{#.*?#\}", re.S)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|“[^”]*”|‘[^’]*’")
_HALF = {"｛": "{", "｝": "}", "％": "%", "（": "(", "）": ")", "，": ",", "：": ":", "．": ".", "［": "[", "］": "]", "｜": "|",
         "＝": "=", "【": "[", "】": "]", "、": ",", "“": '"', "”": '"'}  # fmt: skip
_WIDE_BRACE = re.compile(r"[｛{][｛{]|[｝}][｝}]|[｛{][%％]|[%％][｝}]")
_WIDE_INSIDE = re.compile("[｛｝％（），：．［］｜＝【】、]")
_DRAWN_WORDS = re.compile(r"(\{[{%#])(?:tr|tc|p|r) ")


def lint(name: str, search: Sequence[Path], known: Collection[str]) -> list[Problem]:
    """Return what is wrong with template `name`, in the order of its text. `known`: the names it may use.

    Raises CannotRun (exit 2) when there is no such template.
    """
    file = templates.find(name, search)
    if file.endswith(templates.DRAWN):
        return _drawn(file, search, known)
    path = next(folder / file for folder in search if (folder / file).is_file())
    text = path.read_text("utf-8")
    found = [_at_line(p, file, text, place) for place, p in _wide(_COMMENT.sub(_blank, text))]
    # Signs that the engine cannot read are a syntax error too: told once.
    found += [] if found else _tags(text, file, search, known)
    found += [_at_line(p, file, text, place) for place, p in _typed_in_text(text)]
    return sorted(found, key=lambda problem: problem.where.line or 0)


def used(name: str, search: Sequence[Path]) -> set[str]:
    """Return the names of the program that a template uses. Raises CannotRun (exit 2) when there is none, or it cannot be read."""
    file = templates.find(name, search)
    environment = templates.environment(search)
    if file.endswith(templates.DRAWN):
        sources = list(reading.sources(reading.opened(file, search)))
    else:
        sources = [next(folder / file for folder in search if (folder / file).is_file()).read_text("utf-8")]
    found: set[str] = set()
    for source in sources:
        try:
            found |= jinja2.meta.find_undeclared_variables(environment.parse(source, None, file))
        except jinja2.TemplateSyntaxError as error:
            raise CannotRun(templates.problem(error, Location(file))) from error
    return found - {"words"} - BUILTIN


def _blank(comment: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", comment[0])


def _at_line(problem: Problem, file: str, text: str, place: int) -> Problem:
    where = Location(file, line=text.count("\n", 0, place) + 1)
    return Problem(problem.slug, where, problem.found, problem.expected)


# -------------------------------------------------------------------------------------------------- signs and digits


def _wide(text: str) -> Iterator[tuple[int, Problem]]:
    """Full-width braces, and full-width signs inside tags, outside quotation marks."""
    for found in _WIDE_BRACE.finditer(text):
        if any(sign in _HALF for sign in found[0]):
            yield found.start(), _half(found[0])
    for tag in _TAG.finditer(text):
        inside = _QUOTED.sub(lambda quoted: " " * len(quoted[0]), tag[0])
        for found in _WIDE_INSIDE.finditer(inside[2:-2]):
            yield tag.start(), _half(found[0])


def _half(found: str) -> Problem:
    return Problem(
        "template-full-width", found=found, expected="".join(_HALF.get(sign, sign) for sign in found)
    )


def _typed_in_text(text: str) -> Iterator[tuple[int, Problem]]:
    """Digits outside tags. A tag in their line counts as a word: what follows it begins no line."""
    bare = _TAG.sub(_blank_tag, text)
    place = 0
    for line in bare.split("\n"):
        if not line.startswith(":::") and not re.fullmatch(r"[\s|:=-]*", line):
            for number in typed_numbers(line, starts=True):
                yield place + line.find(number), Problem("template-digits", found=number)
        place += len(line) + 1


def _blank_tag(tag: re.Match[str]) -> str:
    # A figure is no space: “{{ x }}1、” does not begin with a number of a line.
    return _blank(tag) if tag[0].startswith(("{#", "{%")) else "\x00" + _blank(tag)[1:]


# -------------------------------------------------------------------------------------------------- tags


def _tags(source: str, file: str, search: Sequence[Path], known: Collection[str]) -> list[Problem]:
    environment = templates.environment(search)
    try:
        tree = environment.parse(source, None, file)
        environment.compile(tree, None, file)  # names of filters are looked up only here
    except jinja2.TemplateSyntaxError as error:
        return [templates.problem(error, Location(file))]
    return list(_in_tree(tree, file, known))


def _in_tree(tree: nodes.Template, file: str, known: Collection[str]) -> Iterator[Problem]:
    unknown = (
        jinja2.meta.find_undeclared_variables(tree)
        - set(known)
        - {"range", "dict", "namespace", "cycler", "joiner", "lipsum"}
    )
    for name in tree.find_all(nodes.Name):
        if name.name in unknown:
            error = templates.UnknownName(name.name, templates.nearest(name.name, known))
            yield templates.problem(error, Location(file, line=name.lineno))
    for used in tree.find_all(nodes.Filter):
        if used.name == "safe":
            yield Problem("template-safe", Location(file, line=used.lineno), found="safe")
    for switch in tree.find_all((nodes.ScopedEvalContextModifier, nodes.EvalContextModifier)):
        yield Problem("template-safe", Location(file, line=switch.lineno), found="autoescape")
    for printed in tree.find_all(nodes.Const):
        if not _compared(tree, printed) and (number := _number(printed.value)):
            yield Problem("template-digits", Location(file, line=printed.lineno), found=number)


def _number(value: object) -> str:
    """The digits in words of a tag; names of indicators and files are ASCII and no words."""
    if isinstance(value, str) and not value.isascii():
        return next(iter(typed_numbers(value, starts=False)), "")
    return ""


def _compared(tree: nodes.Template, const: nodes.Const) -> bool:
    """True for words a value is compared with: they are not printed."""
    return any(
        const is inside
        for compare in tree.find_all(nodes.Compare)
        for inside in compare.find_all(nodes.Const)
    )


# -------------------------------------------------------------------------------------------------- drawn documents


def _drawn(file: str, search: Sequence[Path], known: Collection[str]) -> list[Problem]:
    document = reading.opened(file, search)
    found: list[Problem] = []
    for text in reading.typed_paragraphs(document):
        signs = [*_wide(_COMMENT.sub(_blank, text)), *_typed_in_text(text)]
        found += [
            reading.placed(Problem(p.slug, Location(file), p.found, p.expected), text[:60]) for _, p in signs
        ]
    if any(problem.slug == "template-full-width" for problem in found):
        return _once(found)  # signs that the engine cannot read are a syntax error too: told once
    for source in reading.sources(document):
        try:
            problems = _tags(source, file, search, {*known, "words"})
        except CannotRun as stop:
            problems = list(stop.problems)
        for problem in problems:
            line = problem.where.line
            found.append(reading.placed(problem, reading.words_of(source, line) if line else ""))
    return _once(found)


def _once(found: Sequence[Problem]) -> list[Problem]:
    return list({(p.slug, p.where, p.found): p for p in found}.values())
