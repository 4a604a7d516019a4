"""What is wrong with a template before it is filled: digits typed as data, names that are not there, `safe`, full-width signs in
tags, tags that do not close. Of a text the line is named, of a drawn document the paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import jinja2
from jinja2 import nodes

from ruralpb.core.nearest import nearest
from ruralpb.core.problems import CannotRun, Location, Problem
from ruralpb.publish.blocks import BOXES
from ruralpb.publish.docx_template import reading
from ruralpb.publish.markup import template as templates
from ruralpb.publish.markup.literal_digits import typed_numbers

BUILTIN = frozenset({"range", "dict", "namespace", "cycler", "joiner"})
"""Names the engine has by itself."""

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.S)
_COMMENT = re.compile(r"\{#.*?#\}", re.S)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|“[^”]*”|‘[^’]*’")
_WIDE_BRACE = re.compile(r"[｛{][｛{]|[｝}][｝}]|[｛{][%％]|[%％][｝}]")
_WIDE_INSIDE = re.compile("[｛｝％（），：．［］｜＝【】、]")
_DRAWN_WORDS = re.compile(r"(\{[{%#])(?:tr|tc|p|r) ")


def lint(
    name: str, search: Sequence[Path], known: Collection[str], indicators: Collection[str] = ()
) -> list[Problem]:
    """Return what is wrong with template `name`, in the order of its text. `known`: the names it may use; `indicators`: the ids there
    are, when those it names are to be looked up.

    Raises CannotRun (exit 2) when there is no such template.
    """
    file = templates.find(name, search)
    if file.endswith(templates.DRAWN):
        return _drawn(file, search, known, indicators)
    path = next(folder / file for folder in search if (folder / file).is_file())
    text = templates.read(path)
    if not _COMMENT.sub("", text).strip():
        return [Problem("template-empty", Location(file))]
    found = [_at_line(p, file, text, place) for place, p in _wide(_COMMENT.sub(_blank, text))]
    # Signs that the engine cannot read are a syntax error too: told once.
    found += [] if found else _tags(text, file, search, known, indicators)
    found += [
        _at_line(p, file, text, place) for place, p in (*_typed_in_text(text), *_braces(text), *_boxes(text))
    ]
    return sorted(found, key=lambda problem: problem.where.line or 0)


def used(name: str, search: Sequence[Path]) -> set[str]:
    """Return the names of the program that a template uses. Raises CannotRun (exit 2) when there is none, or it cannot be read."""
    file = templates.find(name, search)
    environment = templates.environment(search)
    if file.endswith(templates.DRAWN):
        sources = list(reading.sources(reading.opened(file, search)))
    else:
        sources = [templates.read(next(folder / file for folder in search if (folder / file).is_file()))]
    found: set[str] = set()
    for source in sources:
        try:
            found |= templates.asked_names(environment.parse(source, None, file))
        except jinja2.TemplateSyntaxError as error:
            raise CannotRun(templates.problem(error, Location(file))) from error
    return found - {"words"} - BUILTIN


def reads(name: str, search: Sequence[Path]) -> set[str]:
    """Return the names that template `name`, and what it imports or includes, ask of the program."""
    if templates.find(name, search).endswith(templates.DRAWN):
        return used(name, search)
    return templates.asked(name, search)


def _blank(comment: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", comment[0])


def _at_line(problem: Problem, file: str, text: str, place: int) -> Problem:
    where = Location(file, line=text.count("\n", 0, place) + 1)
    return Problem(problem.slug, where, problem.found, problem.expected)


# -------------------------------------------------------------------------------------------------- signs and digits


def _wide(text: str) -> Iterator[tuple[int, Problem]]:
    """Full-width braces, and full-width signs inside tags, outside quotation marks."""
    for found in _WIDE_BRACE.finditer(text):
        if any(sign in templates.HALF for sign in found[0]):
            yield found.start(), _half(found[0])
    for tag in _TAG.finditer(text):
        inside = _QUOTED.sub(lambda quoted: " " * len(quoted[0]), tag[0])
        for found in _WIDE_INSIDE.finditer(inside[2:-2]):
            yield tag.start(), _half(found[0])


def _half(found: str) -> Problem:
    return Problem(
        "template-full-width", found=found, expected="".join(templates.HALF.get(sign, sign) for sign in found)
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


_BRACE = re.compile(r"[{}｛｝]+[^{}｛｝\n]{0,20}")
_BOX = re.compile(r"^(:{3,}|：{2,}：)[ \t]*([^\s\x00|:：]*)", re.M)


def _braces(text: str) -> Iterator[tuple[int, Problem]]:
    """Braces that are no tag: they would be printed as they are."""
    for found in _BRACE.finditer(_TAG.sub(_blank_tag, text)):
        if not _WIDE_BRACE.match(found[0]):  # that is told already
            yield found.start(), Problem("template-brace", found=found[0].strip())


def _boxes(text: str) -> Iterator[tuple[int, Problem]]:
    """Containers that nobody knows, are typed full-width, or do not end."""
    bare = _TAG.sub(_blank_tag, text)
    opened: list[tuple[int, str, str]] = []
    for found in _BOX.finditer(bare):
        colons, name = found[1], found[2]
        if "：" in colons:
            yield found.start(), _half(colons)
        elif name and name not in BOXES:
            near = nearest(name, sorted(BOXES))
            slug = "template-box-near" if near else "template-box"
            yield found.start(), Problem(slug, found=name, expected="、".join(near or BOXES))
        if name:
            opened.append((found.start(), colons, name))
        else:
            while opened and len(opened[-1][1]) > len(colons):
                opened.pop()
            del opened[-1:]
    for start, _, name in opened:
        yield start, Problem("template-box-open", found=name)


def _blank_tag(tag: re.Match[str]) -> str:
    # A figure is no space: “{{ x }}1、” does not begin with a number of a line.
    return _blank(tag) if tag[0].startswith(("{#", "{%")) else "\x00" + _blank(tag)[1:]


# -------------------------------------------------------------------------------------------------- tags


def _tags(
    source: str, file: str, search: Sequence[Path], known: Collection[str], indicators: Collection[str]
) -> list[Problem]:
    environment = templates.environment(search)
    try:
        tree = environment.parse(source, None, file)
        ids = list(_named_ids(tree, file, indicators)) if indicators else []  # compiling folds lists
        environment.compile(tree, None, file)  # names of filters are looked up only here
    except jinja2.TemplateSyntaxError as error:
        return [templates.problem(error, Location(file))]
    there = {
        path.name for folder in search if folder.is_dir() for path in folder.glob(f"*{templates.SUFFIX}")
    }
    return [*_in_tree(tree, file, known, there), *ids]


def _in_tree(
    tree: nodes.Template, file: str, known: Collection[str], there: Collection[str]
) -> Iterator[Problem]:
    unknown = (
        templates.asked_names(tree)
        - set(known)
        - {"range", "dict", "namespace", "cycler", "joiner", "lipsum"}
    )
    for name in tree.find_all(nodes.Name):
        if name.name in unknown:
            error = templates.UnknownName(name.name, nearest(name.name, sorted(known)))
            yield templates.problem(error, Location(file, line=name.lineno))
    for used in tree.find_all(nodes.Filter):
        if used.name == "safe":
            yield Problem("template-safe", Location(file, line=used.lineno), found="safe")
    for switch in tree.find_all((nodes.ScopedEvalContextModifier, nodes.EvalContextModifier)):
        yield Problem("template-safe", Location(file, line=switch.lineno), found="autoescape")
    for output in (*tree.find_all(nodes.Output),):
        for printed in output.nodes:
            if _counted(printed):
                yield Problem("template-counts", Location(file, line=printed.lineno), rule="template-digits")
    for named in tree.find_all((nodes.Import, nodes.FromImport, nodes.Include)):
        yield from _missing(named, file, there)
    for printed in tree.find_all(nodes.Const):
        if not _compared(tree, printed) and (number := _number(printed.value)):
            yield Problem("template-digits", Location(file, line=printed.lineno), found=number)


_ABOUT = frozenset(
    {"overview", "ranking_table", "unit_table", "breakdown_table", "ranking_chart", "trend_chart", "paragraphs", "figures_table",
     "units_table", "trends", "quarters_table", "income"}
)  # fmt: skip
"""What is called with the ids of indicators."""

_IN_SENTENCE = re.compile(r"\{([A-Za-z0-9]+_[A-Za-z0-9_]*)[^{}]*\}")
"""{team_n}: a figure in a sentence that analysts write. Words such as {units} have no low line."""


def _named_ids(tree: nodes.Template, file: str, indicators: Collection[str]) -> Iterator[Problem]:
    """The ids of indicators that are written out, and are of none."""
    for const in tree.find_all(nodes.Const):
        for id in _IN_SENTENCE.findall(const.value) if isinstance(const.value, str) else ():
            yield from _unknown_id(id, const.lineno, file, indicators)
    for call in tree.find_all(nodes.Call):
        name = getattr(call.node, "name", None) or getattr(call.node, "attr", "")
        for given in call.args if name in _ABOUT else ():
            for const in (given,) if isinstance(given, nodes.Const) else given.find_all(nodes.Const):
                if isinstance(const.value, str):
                    yield from _unknown_id(const.value, const.lineno, file, indicators)


def _unknown_id(id: str, line: int, file: str, indicators: Collection[str]) -> Iterator[Problem]:
    if id.removesuffix(".quarter") not in indicators:
        near = "、".join(nearest(id, sorted(indicators)))
        slug = "template-indicator-near" if near else "template-indicator"
        yield Problem(slug, Location(file, line=line), found=id, expected=near, rule="template-indicator")


def _counted(node: nodes.Node) -> bool:
    """True for a number that a template types or counts itself and prints: it is no fact."""
    if isinstance(node, nodes.Const):
        return isinstance(node.value, int | float) and not isinstance(node.value, bool)
    if isinstance(node, nodes.Filter):
        return node.name in ("length", "count", "sum", "int", "float", "round", "abs")
    arithmetic = (nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Pow, nodes.Neg)
    return isinstance(node, arithmetic)


def _missing(named: nodes.Node, file: str, there: Collection[str]) -> Iterator[Problem]:
    """A template that is imported and is not there."""
    wanted = getattr(named, "template", None)
    if isinstance(wanted, nodes.Const) and wanted.value not in there:
        near = nearest(str(wanted.value), sorted(there))
        slug = "template-import-near" if near else "template-import"
        where = Location(file, line=named.lineno)
        yield Problem(slug, where, found=str(wanted.value), expected="、".join(near), rule="template-missing")


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


def _drawn(
    file: str, search: Sequence[Path], known: Collection[str], indicators: Collection[str]
) -> list[Problem]:
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
            problems = _tags(source, file, search, {*known, "words"}, indicators)
        except CannotRun as stop:
            problems = list(stop.problems)
        for problem in problems:
            line = problem.where.line
            found.append(reading.placed(problem, reading.words_of(source, line) if line else ""))
    return _once(found)


def _once(found: Sequence[Problem]) -> list[Problem]:
    return list({(p.slug, p.where, p.found): p for p in found}.values())
