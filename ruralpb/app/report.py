"""Report: values, returns and findings of a period → the briefing in each format."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path

from ruralpb.app import templates
from ruralpb.app.page_context import Surroundings
from ruralpb.app.period_context import Whole, opened, seen_from
from ruralpb.app.project import Project
from ruralpb.app.units import find_unit
from ruralpb.app.validate import Validation
from ruralpb.core.periods import Period
from ruralpb.core.problems import Problem
from ruralpb.model import Address, Unit, Value
from ruralpb.publish import documents
from ruralpb.publish import text as briefing
from ruralpb.publish.text import Audience, Closing
from ruralpb.returns import owed
from ruralpb.returns.versions import seals
from ruralpb.rules.expressions import method
from ruralpb.store.disk import write_whole

Advance = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Order:
    """Which template, for which unit (code or name; default the project's own), in which formats, into which folder."""

    template: str = ""
    unit: str = ""
    formats: tuple[str, ...] = ()
    out: Path | None = None
    audience: str = ""
    """internal, townships or public; "": as the template is meant."""


@dataclass(frozen=True, slots=True)
class Traced:
    """One printed number: its text, the fact it is, and the cells it rests on."""

    text: str
    fact: str
    says: str
    cells: tuple[Address, ...]
    of: str = ""
    """The value it is or belongs to: figures of one value rest on the same cells."""


@dataclass(frozen=True, slots=True)
class Written:
    """The files of one briefing, every number in it, what could not be done; `draft` while returns are not accepted.
    `checked` is the validation it rests on; `sealed`: the files are those of the seal, nothing was written."""

    period: str
    files: tuple[Path, ...]
    facts: tuple[Traced, ...]
    problems: tuple[Problem, ...]
    draft: bool
    checked: Validation
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """One briefing before it is written: file name → content, and what it rests on."""

    stem: str
    files: Mapping[str, bytes]
    facts: tuple[Traced, ...]
    values: tuple[Value, ...]
    problems: tuple[Problem, ...]
    draft: bool
    checked: Validation
    template: Mapping[str, bytes]
    """The template and what it imports, file name → content."""
    audience: Audience = "internal"


def report(project: Project, period: Period, today: date, order: Order, advance: Advance) -> Written:
    """Render the briefing of `period` and write it, each file whole or not at all. Sealed documents are never written over.

    Raises CannotRun (exit 2) for an unknown template, format or unit, or when the period has no returns.
    """
    return publish(project, period, order, make(project, period, today, order, advance))


def publish(project: Project, period: Period, order: Order, made: Made) -> Written:
    """Write what was made, unless it was sealed."""
    folder = order.out or project.folder / project.settings.out / period.label
    manifest = folder / f"{made.stem}.manifest.json"
    seal = seals(project.journal.decisions()).get(period.label)
    problems, facts = made.problems, made.facts
    if seal is not None and manifest.is_file():
        kept = tuple(path for name in made.files if (path := folder / name).is_file())
        return Written(period.label, kept, facts, problems, made.draft, made.checked, sealed=True)
    manifest.unlink(
        missing_ok=True
    )  # of a seal that was voided or never finished: it is not about these files
    if seal is not None:
        problems = (*problems, Problem("report-beside-seal", found=period.label, severity="query"))
    return Written(period.label, write(folder, made.files), facts, problems, made.draft, made.checked)


def make(
    project: Project,
    period: Period,
    today: date,
    order: Order,
    advance: Advance,
    closing: Callable[[Validation], Closing] | None = None,
) -> Made:
    """Return the briefing of `period` in the formats asked for. `closing` makes it the final one: it is told how the returns
    stand, and says so or raises CannotRun. Raises CannotRun as `report` does."""
    with opened(project, period, today) as whole:
        return page(whole, order, advance, closing)


def page(
    whole: Whole, order: Order, advance: Advance, closing: Callable[[Validation], Closing] | None = None
) -> Made:
    """As `make`, of a period that is open already."""
    period, register = whole.period, whole.project.definitions.register
    unit = find_unit(register, order.unit, period.end) if order.unit else None
    project = seen_from(whole.project, unit)
    template, search = templates.located(project, order.template or project.settings.template)
    formats = order.formats or documents.formats_of(template, search, project.settings.formats)
    documents.check(template, search, formats)
    templates.fit(project, period, template, search)
    audience = templates.meant_for(template, search, order.audience)
    checked = whole.checked
    closed = closing(checked) if closing else None
    values, problems = whole.values(unit, alone=_alone(template, search))
    advance(period.label)
    beside = Surroundings(whole, project.settings.unit)
    context = briefing.compose(
        values,
        checked.states,
        checked.failed(),
        project.definitions.library,
        register,
        project.settings,
        period,
        beside=beside,
        closing=closed,
        amended=whole.amended,
        audience=audience,
        say_method=partial(method, library=project.definitions.library),
    )
    origins = whole.origins(values, unit)

    def cells(ids: Sequence[str]) -> Mapping[str, Sequence[Address]]:
        return origins.cells(ids) | {id: beside[id] for id in ids if id in beside}

    # The cells of a return are for those who check it: a page that leaves the office does not carry them.
    shown = cells if audience == "internal" else None
    rendered = documents.render(context, template, search, formats, stamp(project, period), shown)
    printed = rendered.printed
    behind = cells(list(dict.fromkeys(p.fact.of for p in printed if p.fact.of))) if shown is None else {}
    facts = tuple(
        Traced(p.text, p.fact.id, p.fact.says, tuple(p.cells or behind.get(p.fact.of, ())), p.fact.of)
        for p in printed
    )
    stem = _stem(period, template, unit)
    return Made(
        stem,
        {f"{stem}.{format}": content for format, content in rendered.files.items()},
        facts,
        tuple(values),
        (*problems, *rendered.problems),
        context.draft,
        checked,
        documents.sources(template, search),
        audience,
    )


def _alone(template: str, search: Sequence[Path]) -> bool:
    """Whether a template says nothing of the units below."""
    return documents.reads(template, search) <= briefing.OF_THE_UNIT


def stamp(project: Project, period: Period) -> datetime:
    """The time the documents bear: the latest due date of the period stands for now."""
    definitions = project.definitions
    dues = [o.due for o in owed(project.settings, definitions.library, definitions.register, period)]
    return documents.stamp(max(dues, default=period.end))


def _stem(period: Period, template: str, unit: Unit | None) -> str:
    name = Path(template).name.split(".")[0]
    return "-".join(filter(None, (period.label, name, unit.name if unit else "")))


def write(folder: Path, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write each of `files` into `folder`, whole or not at all, and return their paths."""
    paths = []
    for name, content in files.items():
        write_whole(folder / name, content, shared=True)
        paths.append(folder / name)
    return tuple(paths)
