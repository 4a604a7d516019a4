"""Templates: which there are, built-in ones and the project's own in their place, and what is wrong with its own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from ruralpb.app.project import Project
from ruralpb.app.template_choice import FOLDER, search_path
from ruralpb.app.template_contexts import any_period, empty_briefing, empty_contexts
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.model.loader.shipped import shipped_path
from ruralpb.publish import text
from ruralpb.publish.documents import lint as linting
from ruralpb.publish.documents.template_files import template_files, template_name, template_title
from ruralpb.publish.markup.template import SUFFIX
from ruralpb.publish.text import Audience, Context

PHRASES = f"phrases{SUFFIX}"

_ABOUT = ("profile", "dispatch", "year", "public_notice", "narrative")
"""Names a template uses → what it is about; the circular uses none of them."""


@dataclass(frozen=True, slots=True)
class Template:
    """One template. `about`: report, profile, dispatch, year, public_notice, narrative, or the command that uses it; `own`: it is the
    project's; `overrides`: it takes the place of a built-in one; `broken`: how many things are wrong with it."""

    name: str
    title: str
    about: str
    audience: Audience
    file: Path
    own: bool
    overrides: bool
    broken: int


def listed(project: Project) -> tuple[Template, ...]:
    """Return the templates there are, those of reports before those of other commands, each name once."""
    project_folder, builtin = search_path(project)
    files: dict[str, Path] = {}
    for folder in (builtin, project_folder):
        files |= {template_name(path): path for path in template_files(folder) if path.name != PHRASES}
    templates = [_template(project, name, path, builtin) for name, path in files.items()]
    return tuple(sorted(templates, key=lambda one: (one.about in empty_contexts(project), one.name)))


def _template(project: Project, name: str, path: Path, builtin: Path) -> Template:
    others = empty_contexts(project)
    is_own = path.parent != builtin
    overrides = is_own and (builtin / f"{name}{SUFFIX}").is_file()
    problems, used = _wrong(project, path), set[str]()
    if not problems:
        used = linting.used(path.name, [path.parent, builtin])
    about = name if name in others else next((word for word in _ABOUT if word in used), "report")
    return Template(
        name, template_title(path) or name, about, text.usual(used), path, is_own, overrides, len(problems)
    )


def lint(project: Project) -> list[Problem]:
    """Return what is wrong with the project's own templates and phrase bank."""
    return [problem for path in template_files(project.folder / FOLDER) for problem in _wrong(project, path)]


def _wrong(project: Project, path: Path) -> list[Problem]:
    context = empty_contexts(project).get(template_name(path)) or empty_briefing(project, any_period())
    search = [path.parent, shipped_path("templates")]
    try:
        return linting.lint(path.name, search, _known(context), project.definitions.library.indicators)
    except CannotRun as stop:
        return list(stop.problems)


def _known(context: Context) -> Collection[str]:
    return set(context.variables())
