"""Jinja template + context → Markdown, in a sandbox; what is wrong in a template is said with its name and line."""

from __future__ import annotations

import re
import traceback
from collections.abc import Sequence
from pathlib import Path

import jinja2
import jinja2.meta
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ruralpb.briefing import Context
from ruralpb.briefing.figures import marked
from ruralpb.problems import CannotRun, Location, Problem

SUFFIX = ".md.j2"

_TITLE = re.compile(r"^(# |===)", re.M)


def names(search: Sequence[Path]) -> list[str]:
    """The report templates on the search path: those with a title (phrase banks have none), each name once."""
    found = {
        path.name.removesuffix(SUFFIX)
        for folder in search
        if folder.is_dir()
        for path in folder.glob(f"*{SUFFIX}")
        if _TITLE.search(path.read_text("utf-8"))
    }
    return sorted(found)


def find(name: str, search: Sequence[Path]) -> str:
    """Return the file name of template `name` (with or without its suffix). Raises CannotRun (exit 2) when there is none."""
    file = name if name.endswith(SUFFIX) else name + SUFFIX
    if not any((folder / file).is_file() for folder in search):
        raise CannotRun(Problem("template-missing", found=file, expected="、".join(names(search))))
    return file


def sources(name: str, search: Sequence[Path]) -> dict[str, bytes]:
    """Return the file of template `name` and of every one it imports, file name → content. Raises CannotRun as `fill` does."""
    waiting, found = [find(name, search)], dict[str, bytes]()
    while waiting:
        file = waiting.pop()
        path = next((folder / file for folder in search if (folder / file).is_file()), None)
        if path is None or file in found:
            continue
        found[file] = path.read_bytes()
        try:
            tree = _environment(search).parse(found[file].decode("utf-8"), file)
        except jinja2.TemplateSyntaxError as error:
            where = Location(error.name or file, line=error.lineno)
            raise CannotRun(Problem("template-syntax", where, found=str(error.message))) from error
        waiting += [word for word in jinja2.meta.find_referenced_templates(tree) if word]
    return found


def fill(context: Context, name: str, search: Sequence[Path]) -> str:
    """Return the Markdown of template `name` (with or without its suffix); folders earlier on the search path win.

    Raises CannotRun (exit code 2): no such template, a syntax error, an unknown name, an attribute the sandbox refuses.
    """
    file = find(name, search)
    try:
        return _environment(search).get_template(file).render(context.variables())
    except jinja2.TemplateNotFound as error:
        known = "、".join(names(search))
        raise CannotRun(Problem("template-missing", found=str(error.name or file), expected=known)) from error
    except jinja2.TemplateSyntaxError as error:
        where = Location(error.name or file, line=error.lineno)
        raise CannotRun(Problem("template-syntax", where, found=str(error.message))) from error
    except (jinja2.UndefinedError, SecurityError, TypeError) as error:
        where = _place(error, file)
        slug = "template-undefined" if isinstance(error, jinja2.UndefinedError) else "template-refused"
        raise CannotRun(Problem(slug, where, found=str(error))) from error


def _environment(search: Sequence[Path]) -> jinja2.Environment:
    # Autoescape would escape for HTML; `marked` escapes for Markdown, which is what templates make.
    return ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader([str(folder) for folder in search]),
        undefined=jinja2.StrictUndefined,
        finalize=marked,
        autoescape=False,
        keep_trailing_newline=True,
    )


def _place(error: BaseException, file: str) -> Location:
    """The template line an error was raised in: the last frame whose file is a template."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.endswith(SUFFIX)]
    if not frames:
        return Location(file)
    return Location(Path(frames[-1].filename).name, line=frames[-1].lineno)
