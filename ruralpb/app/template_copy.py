"""A template copied into the project, to be changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ruralpb.app.project import Project
from ruralpb.app.template_choice import search_path
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.publish import documents
from ruralpb.publish.documents.template_files import is_name, plain_document, template_files, template_name
from ruralpb.publish.markup.template import DRAWN, SUFFIX
from ruralpb.store.disk import write_whole

BASE = "quarterly"
"""What a new template is copied from, unless it is said."""


@dataclass(frozen=True, slots=True)
class Copied:
    """A new template: its name and the files written; `kept`: a phrase bank that was there already and is used."""

    name: str
    files: tuple[Path, ...]
    kept: tuple[Path, ...]


def copied(project: Project, name: str, base: str = "") -> Copied:
    """Copy template `base` into the project's `templates/` under `name` (with .docx: a document to be changed in WPS), with the phrase bank
    when it imports it. Raises CannotRun (exit 2): no such base, a name that cannot be a file's, or one that is there."""
    drawn = name.endswith(DRAWN)
    plain = name.removesuffix(DRAWN).removesuffix(SUFFIX)
    if not is_name(plain):
        raise CannotRun(Problem("template-name", found=name))
    search = search_path(project)
    target = search[0] / f"{plain}{DRAWN if drawn else SUFFIX}"
    taken = [path for path in template_files(search[0]) if template_name(path) == plain]
    if taken:
        raise CannotRun(Problem("template-exists", found=taken[0].name))
    if not base and drawn:
        write_whole(target, plain_document(), shared=True)
        return Copied(plain, (target,), ())
    sources = documents.sources(base or BASE, search)
    first = documents.find(base or BASE, search)
    if first.endswith(DRAWN) != drawn:
        raise CannotRun(Problem("template-base-docx", found=first))
    written, kept = [target], []
    write_whole(target, sources[first], shared=True)
    for file, content in sources.items():
        beside = search[0] / file
        if file == first or drawn:
            continue
        if beside.is_file():
            kept.append(beside)
        else:
            write_whole(beside, content, shared=True)
            written.append(beside)
    return Copied(plain, tuple(written), tuple(kept))
