"""Jinja template + context → Markdown, in a sandbox; what is wrong in a template is said with its name and line."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any

import jinja2
import jinja2.meta
import jinja2.nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ruralpb.core.nearest import nearest
from ruralpb.core.problems import CannotRun, Location, Problem
from ruralpb.core.processes import memory_ceiling, time_ceiling
from ruralpb.publish.text import Context
from ruralpb.publish.text.figures import marked

SUFFIX = ".md.j2"
DRAWN = ".docx"
"""A template drawn in WPS or Word."""

HALF = {"｛": "{", "｝": "}", "％": "%", "（": "(", "）": ")", "，": ",", "：": ":", "．": ".", "［": "[", "］": "]", "｜": "|",
        "＝": "=", "【": "[", "】": "]", "、": ",", "“": '"', "”": '"', "‘": "'", "’": "'", "＋": "+", "—": "-", "！": "!",
        "＞": ">", "＜": "<"}  # fmt: skip
"""Full-width signs → what a tag needs."""

_PHRASES = "phrases" + SUFFIX
_STRANGE_TAG = re.compile(r"Encountered unknown tag '(\w+)'")
_STRANGE_SIGN = re.compile(r"unexpected char '(.)'")
_UNEXPECTED = re.compile(r"expected token '[^']*', got '(.*)'", re.S)
_TAGS = (
    "if",
    "elif",
    "else",
    "endif",
    "for",
    "endfor",
    "set",
    "endset",
    "import",
    "include",
    "macro",
    "endmacro",
)
_ARGUMENTS = re.compile(r"positional argument|keyword argument|required argument")
_UNCLOSED = re.compile(r"innermost block that needs to be closed is '(\w+)'")
_NO_FILTER = re.compile(r"No (?:filter|test) named '(\w+)'")
_TITLE = re.compile(r"^(# |===)", re.M)


def read(path: Path) -> str:
    """Return the text of a template file, with or without the mark Notepad puts before UTF-8. Raises CannotRun (exit 2) when it is
    something else."""
    return _decoded(path.read_bytes(), path.name)


def _decoded(content: bytes, file: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CannotRun(Problem("template-encoding", Location(file))) from error


def _loaded(search: Sequence[Path], file: str) -> tuple[str, str, Callable[[], bool]] | None:
    """A template as the engine asks for it: its text, its path, whether it is still as it was read."""
    inside = not Path(file).is_absolute() and ".." not in Path(file).parts
    path = next((folder / file for folder in search if inside and (folder / file).is_file()), None)
    if path is None:
        return None
    was = path.stat().st_mtime_ns
    return read(path), str(path), lambda: path.is_file() and path.stat().st_mtime_ns == was


def names(search: Sequence[Path]) -> list[str]:
    """The report templates on the search path: those with a title (phrase banks have none), each name once."""
    found = {
        path.name.removesuffix(SUFFIX)
        for folder in search
        if folder.is_dir()
        for path in folder.glob(f"*{SUFFIX}")
        if _TITLE.search(path.read_text("utf-8", errors="replace"))
    }
    return sorted(found)


def find(name: str, search: Sequence[Path]) -> str:
    """Return the file name of template `name` (with or without its suffix): in the first folder that has it, as text before as a
    document. Raises CannotRun (exit 2) when there is none."""
    files = [name] if name.endswith((SUFFIX, DRAWN)) else [name + SUFFIX, name + DRAWN]
    for folder in search:
        for file in files:
            if (folder / file).is_file():
                return file
    raise CannotRun(Problem("template-missing", found=files[0], expected="、".join(names(search))))


def sources(name: str, search: Sequence[Path]) -> dict[str, bytes]:
    """Return the file of template `name` and of every one it imports, file name → content. Raises CannotRun as `fill` does."""
    waiting, found = [find(name, search)], dict[str, bytes]()
    if waiting[0].endswith(DRAWN):
        drawn = next(folder / waiting[0] for folder in search if (folder / waiting[0]).is_file())
        found, waiting = {waiting[0]: drawn.read_bytes()}, [_PHRASES]
    while waiting:
        file = waiting.pop()
        path = next((folder / file for folder in search if (folder / file).is_file()), None)
        if path is None or file in found:
            continue
        found[file] = path.read_bytes()
        try:
            waiting += _named(_decoded(found[file], file), file)[0]
        except jinja2.TemplateSyntaxError as error:
            raise CannotRun(problem(error, Location(file))) from error
    return found


def asked(name: str, search: Sequence[Path]) -> set[str]:
    """Return the names that a text template, and what it imports or includes, ask of the program."""
    contents = sources(name, search)
    return {word for file, content in contents.items() for word in _named(_decoded(content, file), file)[1]}


@cache
def _named(source: str, file: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """What a template names: the templates it imports or includes, and what it asks of the program. Found once in a process: a page
    for every township asks again. Raises TemplateSyntaxError."""
    tree = environment(()).parse(source, file)
    referenced = tuple(word for word in jinja2.meta.find_referenced_templates(tree) if word)
    return referenced, asked_names(tree)


def asked_names(tree: jinja2.nodes.Template) -> frozenset[str]:
    """Return the names that a template asks of the program. Finding them works out what is constant in it, hence the limits."""
    with limited():
        return frozenset(jinja2.meta.find_undeclared_variables(tree))


def fill(context: Context, name: str, search: Sequence[Path]) -> str:
    """Return the Markdown of template `name` (with or without its suffix); folders earlier on the search path win.

    Raises CannotRun (exit code 2): no such template, a syntax error, an unknown name, an attribute the sandbox refuses.
    """
    file = find(name, search)
    variables = context.variables()
    used = asked(file, search)
    try:
        with limited():  # compiling works out what is constant
            template = environment(search, variables).get_template(file)
            return template.render({key: variables[key] for key in variables if key in used})
    except jinja2.TemplateNotFound as error:
        known = "、".join(names(search))
        raise CannotRun(Problem("template-missing", found=str(error.name or file), expected=known)) from error
    except FAILURES as error:
        where = Location(file) if isinstance(error, jinja2.TemplateSyntaxError) else _place(error, file)
        raise CannotRun(problem(error, where)) from error


FAILURES = (
    jinja2.TemplateError, SecurityError, TypeError, ValueError, ArithmeticError, RecursionError, MemoryError, TimeoutError,
)  # fmt: skip
"""What a template's own doing can raise while it is filled."""

MOST_MEMORY, MOST_SECONDS, MOST_POWER = 2**30, 120.0, 64
"""What filling one template may take: bytes beyond what the program has, seconds; the highest exponent it may write."""


@contextmanager
def limited() -> Iterator[None]:
    """Hold what is done in the block to what a template may take; raises MemoryError or TimeoutError."""
    with memory_ceiling(MOST_MEMORY), time_ceiling(MOST_SECONDS):
        yield


class _Sandbox(ImmutableSandboxedEnvironment):
    """The sandbox, in which a power cannot take for ever: nothing interrupts the making of one big number."""

    intercepted_binops = frozenset(["**"])

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Raise OverflowError for an exponent beyond `MOST_POWER`."""
        if isinstance(right, int) and abs(right) > MOST_POWER:
            raise OverflowError(f"** {right}")
        return super().call_binop(context, operator, left, right)


class UnknownName(jinja2.UndefinedError):
    """A name that is not there, with those that look like it."""

    def __init__(self, name: str, near: Sequence[str]) -> None:
        super().__init__(name)
        self.name, self.near = name, tuple(near)


def environment(
    search: Sequence[Path],
    known: Collection[str] = (),
    finalize: Callable[[Any], Any] = marked,
    escape: bool = False,
) -> jinja2.Environment:
    """Return the sandbox templates run in, which keeps what it has compiled while the files stay as they are. `known`: the names
    there are, for advice; `finalize`: what a tag prints; `escape`: for XML. Markdown is escaped by `marked`."""
    return _environment(tuple(search), frozenset(known), finalize, escape)


@lru_cache(maxsize=8)
def _environment(
    search: tuple[Path, ...], known: frozenset[str], finalize: Callable[[Any], Any], escape: bool
) -> jinja2.Environment:

    class Unknown(jinja2.StrictUndefined):
        """Raises as soon as it is used, and says what looks like the name."""

        def __init__(self, hint: str | None = None, obj: Any = jinja2.utils.missing, name: str | None = None,
                     exc: type[jinja2.TemplateRuntimeError] = jinja2.UndefinedError) -> None:  # fmt: skip
            there = known if obj is jinja2.utils.missing else [n for n in dir(obj) if not n.startswith("_")]
            wanted = name or hint or ""

            def unknown(_: str | None) -> UnknownName:
                return UnknownName(wanted, nearest(wanted, sorted(there)))

            refused = exc is not jinja2.UndefinedError  # what the sandbox keeps from templates
            super().__init__(hint, obj, name, exc if refused else unknown)  # type: ignore[arg-type]

    return _Sandbox(
        loader=jinja2.FunctionLoader(partial(_loaded, search)),
        undefined=Unknown,
        finalize=finalize,
        autoescape=escape,
        keep_trailing_newline=True,
    )


def problem(error: BaseException, where: Location) -> Problem:
    """Return what went wrong in a template as a message."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        at = Location(error.name or where.file, line=error.lineno)
        return _syntax(str(error.message), at)
    if isinstance(error, UnknownName):
        found = Problem("template-undefined", where, found=error.name)
        near = "、".join(error.near)
        return (
            replace(found, slug="template-undefined-near", rule=found.slug, expected=near) if near else found
        )
    if isinstance(error, jinja2.UndefinedError):
        return Problem("template-undefined", where, found=str(error))
    for kind, slug in _KINDS:
        if isinstance(error, kind):
            return Problem(slug, where, found=str(error), rule="template-refused")
    arguments = isinstance(error, TypeError) and _ARGUMENTS.search(str(error))
    slug = "template-arguments" if arguments else "template-refused"
    return Problem(slug, where, found=str(error), rule="template-refused")


_KINDS: tuple[tuple[type[BaseException], str], ...] = (
    (ZeroDivisionError, "template-divides"),
    (OverflowError, "template-endless"),
    (RecursionError, "template-of-itself"),
    (MemoryError, "template-memory"),
    (TimeoutError, "template-time"),
)


def _syntax(message: str, at: Location) -> Problem:
    """What the engine cannot read, as a message."""
    if strange := _STRANGE_TAG.search(message):
        near = "、".join(f"{{% {word} %}}" for word in nearest(strange[1], sorted(_TAGS)))
        slug = "template-tag-near" if near else "template-tag"
        return Problem(slug, at, found=strange[1], expected=near, rule="template-syntax")
    if unclosed := _UNCLOSED.search(message):
        return Problem("template-unclosed", at, found=unclosed[1], rule="template-syntax")
    if missing := _NO_FILTER.search(message):
        return Problem("template-filter", at, found=missing[1], rule="template-syntax")
    if strange := _STRANGE_SIGN.search(message):
        half = HALF.get(strange[1])
        if half:
            return Problem("template-full-width", at, found=strange[1], expected=half)
        return Problem("template-sign", at, found=strange[1], rule="template-syntax")
    if unexpected := _UNEXPECTED.search(message):
        slug = "template-equals" if unexpected[1] == "=" else "template-unexpected"
        return Problem(slug, at, found=unexpected[1], rule="template-syntax")
    return Problem("template-syntax", at, found=message)


def _place(error: BaseException, file: str) -> Location:
    """The template line an error was raised in: the last frame whose file is a template."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.endswith(SUFFIX)]
    if not frames:
        return Location(file)
    return Location(Path(frames[-1].filename).name, line=frames[-1].lineno)
