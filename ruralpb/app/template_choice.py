"""Which template a report is written by: where it lies, whether it is sound, for whom it is meant."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from ruralpb.app.project import Project
from ruralpb.app.template_contexts import empty_briefing
from ruralpb.core.messages import listing
from ruralpb.core.periods import Period
from ruralpb.core.problems import CannotRun, Location, Problem
from ruralpb.model.loader.shipped import shipped_path
from ruralpb.publish import documents, text
from ruralpb.publish.documents import lint as linting
from ruralpb.publish.markup.template import DRAWN, SUFFIX
from ruralpb.publish.text import Audience

FOLDER = "templates"


def search_path(project: Project) -> list[Path]:
    """The folders of templates: the project's before the built-in one."""
    return [project.folder / FOLDER, shipped_path("templates")]


def located(project: Project, template: str) -> tuple[str, list[Path]]:
    """Return a template's name and where to look for it: a name of the search path, or a file (with its suffix) anywhere."""
    search = search_path(project)
    file = Path(template)
    if (
        template.endswith((SUFFIX, DRAWN))
        and file.is_file()
        and not any((f / template).is_file() for f in search)
    ):
        return file.name, [file.resolve().parent, *search]
    return template, search


def fit(project: Project, period: Period, template: str, search: Sequence[Path]) -> None:
    """Raise CannotRun (exit 2) with everything that is wrong with a template, before anything is computed for it."""
    names = set(empty_briefing(project, period).variables())
    problems = linting.lint(template, search, names, _ids(project, template, search))
    if problems:
        raise CannotRun([*problems, Problem("template-broken", Location(template), found=str(len(problems)))])


def _ids(project: Project, template: str, search: Sequence[Path]) -> Collection[str]:
    """The ids a template may name; none for a built-in one, which passes over indicators that a project does not have."""
    file = documents.find(template, search)
    is_own = any((folder / file).is_file() for folder in search[:-1])
    return project.definitions.library.indicators if is_own else ()


def meant_for(template: str, search: Sequence[Path], audience: str) -> Audience:
    """Return for whom a document is: as asked, else as its template is meant. Raises CannotRun (exit 2): no such audience, or a template
    that shows more than may be published."""
    used = linting.used(template, search)
    usual = text.usual(used)
    chosen = next(
        (audience_name for audience_name in text.AUDIENCES if audience_name == (audience or usual)), None
    )
    if chosen is None:
        raise CannotRun(Problem("audience-unknown", found=audience, expected=listing(text.AUDIENCES)))
    if chosen == "public" and (closed := text.not_public(used)):
        raise CannotRun(Problem("audience-not-public", found=listing(closed), data={"template": template}))
    return chosen
