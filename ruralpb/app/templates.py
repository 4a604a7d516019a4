"""Templates: which there are, a copy to change, and what is wrong with those of a project.

listed   built-in templates and the project's own, which take the place of built-in ones of the same name
copied   a template into the project's `templates/`, with what it imports
lint     what is wrong with the project's own, each by the names it may use
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ruralpb.app.project import Project
from ruralpb.core import periods
from ruralpb.core.periods import Period
from ruralpb.core.problems import CannotRun, Location, Problem
from ruralpb.model.loader.shipped import shipped_path
from ruralpb.publish import documents, text
from ruralpb.publish.documents import lint as linting
from ruralpb.publish.markup.template import DRAWN, SUFFIX
from ruralpb.publish.text import Audience, Context, ReportData
from ruralpb.publish.text.ledger import Ledger, LedgerContext
from ruralpb.publish.text.notice import Notice, NoticeContext
from ruralpb.publish.text.reminder import Reminder, ReminderContext
from ruralpb.store.disk import write_whole

FOLDER = "templates"
BASE = "quarterly"
"""What a new template is copied from, unless it is said."""
PHRASES = f"phrases{SUFFIX}"

_TITLE = re.compile(r"\{#-?\s*(.+?)[。：，]")
_ABOUT = ("profile", "dispatch", "year", "public_notice", "narrative")
"""Names a template uses → what it is about; the circular uses none of them."""
_NAME = re.compile(r"[^\\/:*?\"<>|.\s][^\\/:*?\"<>|\s]*")


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


@dataclass(frozen=True, slots=True)
class Copied:
    """A new template: its name and the files written; `kept`: a phrase bank that was there already and is used."""

    name: str
    files: tuple[Path, ...]
    kept: tuple[Path, ...]


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
    known = set(_briefing(project, period).variables())
    problems = linting.lint(template, search, known, _ids(project, template, search))
    if problems:
        raise CannotRun([*problems, Problem("template-broken", Location(template), found=str(len(problems)))])


def _ids(project: Project, template: str, search: Sequence[Path]) -> Collection[str]:
    """The ids a template may name; none for a built-in one, which passes over indicators that a project does not have."""
    file = documents.find(template, search)
    own = any((folder / file).is_file() for folder in search[:-1])
    return project.definitions.library.indicators if own else ()


def meant_for(template: str, search: Sequence[Path], audience: str) -> Audience:
    """Return for whom a document is: as asked, else as its template is meant. Raises CannotRun (exit 2): no such audience, or a template
    that shows more than may be published."""
    used = linting.used(template, search)
    usual = text.usual(used)
    chosen = next((one for one in text.AUDIENCES if one == (audience or usual)), None)
    if chosen is None:
        raise CannotRun(Problem("audience-unknown", found=audience, expected="、".join(text.AUDIENCES)))
    if chosen == "public" and (closed := text.not_public(used)):
        raise CannotRun(Problem("audience-not-public", found="、".join(closed), data={"template": template}))
    return chosen


def listed(project: Project) -> tuple[Template, ...]:
    """Return the templates there are, those of reports before those of other commands, each name once."""
    own, builtin = search_path(project)
    files: dict[str, Path] = {}
    for folder in (builtin, own):
        files |= {_name(path): path for path in _files(folder) if path.name != PHRASES}
    found = [_template(project, name, path, builtin) for name, path in files.items()]
    return tuple(sorted(found, key=lambda one: (one.about in _contexts(project), one.name)))


def _template(project: Project, name: str, path: Path, builtin: Path) -> Template:
    others = _contexts(project)
    own = path.parent != builtin
    overrides = own and (builtin / f"{name}{SUFFIX}").is_file()
    problems, used = _wrong(project, path), set[str]()
    if not problems:
        used = linting.used(path.name, [path.parent, builtin])
    about = name if name in others else next((word for word in _ABOUT if word in used), "report")
    return Template(name, _title(path) or name, about, text.usual(used), path, own, overrides, len(problems))


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name.endswith((SUFFIX, DRAWN)) and not path.name.startswith(("~$", ".")):
            yield path


def _name(path: Path) -> str:
    return path.name.removesuffix(SUFFIX).removesuffix(DRAWN)


def _title(path: Path) -> str:
    """What its first comment begins with; of a document its title in the properties."""
    if path.name.endswith(DRAWN):
        import docx

        try:
            return str(docx.Document(str(path)).core_properties.title or "")
        except (KeyError, ValueError, OSError):
            return ""
    found = _TITLE.match(path.read_text("utf-8-sig", errors="replace"))
    return found[1] if found else ""


# ------------------------------------------------------------------------------------------ what is wrong


def lint(project: Project) -> list[Problem]:
    """Return what is wrong with the project's own templates and phrase bank."""
    return [problem for path in _files(project.folder / FOLDER) for problem in _wrong(project, path)]


def _wrong(project: Project, path: Path) -> list[Problem]:
    context = _contexts(project).get(_name(path)) or _briefing(project, _any_period())
    search = [path.parent, shipped_path("templates")]
    try:
        return linting.lint(path.name, search, _known(context), project.definitions.library.indicators)
    except CannotRun as stop:
        return list(stop.problems)


def _known(context: Context) -> Collection[str]:
    return set(context.variables())


def _briefing(project: Project, period: Period) -> Context:
    """A briefing of nothing: it has the names a template may use."""
    definitions = project.definitions
    empty = ReportData((), (), (), definitions.library, definitions.register, project.settings, period)
    return text.compose(empty)


def _contexts(project: Project) -> dict[str, Context]:
    """Templates of other commands → a context of nothing."""
    data = _briefing(project, _any_period()).data
    day = date.min
    return {
        "ledger": LedgerContext(data, Ledger("", "", "", "", (), (), (), (), ())),
        "reminder": ReminderContext(data, Reminder("", "", "", "", day, day, (), False)),
        "return_notice": NoticeContext(data, Notice("", "", "", day, day, 0, (), ())),
    }


def _any_period() -> Period:
    return periods.of("quarter", date(2026, 3, 31))


# ------------------------------------------------------------------------------------------ a copy to change


def copied(project: Project, name: str, base: str = "") -> Copied:
    """Copy template `base` into the project's `templates/` under `name` (with .docx: a document to be changed in WPS), with the phrase bank
    when it imports it. Raises CannotRun (exit 2): no such base, a name that cannot be a file's, or one that is there."""
    drawn = name.endswith(DRAWN)
    plain = name.removesuffix(DRAWN).removesuffix(SUFFIX)
    if not _NAME.fullmatch(plain):
        raise CannotRun(Problem("template-name", found=name))
    search = search_path(project)
    target = search[0] / f"{plain}{DRAWN if drawn else SUFFIX}"
    taken = [path for path in _files(search[0]) if _name(path) == plain]
    if taken:
        raise CannotRun(Problem("template-exists", found=taken[0].name))
    if not base and drawn:
        write_whole(target, _document(), shared=True)
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


def _document() -> bytes:
    """A plain document with the tags of a circular, to be restyled."""
    from ruralpb.publish.docx_template.sample import sample

    out = io.BytesIO()
    sample().save(out)
    return out.getvalue()
