"""Report: values, returns and findings of a period → its documents, in each format asked for, with every number in them.

planned   what is asked → how it is made; refused before anything is computed
page      a period that is open, a plan → the documents in memory
publish   the documents → files, never over those of a seal
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ruralpb.app.examination import Validation
from ruralpb.app.page_context import PageContext
from ruralpb.app.period_context import PeriodContext, opened
from ruralpb.app.project import Project
from ruralpb.app.report_plan import ReportRequest, planned
from ruralpb.core.periods import Period
from ruralpb.core.problems import Problem
from ruralpb.model import Value
from ruralpb.publish import documents
from ruralpb.publish.text import Audience, Closing, compose
from ruralpb.returns.seals import seals
from ruralpb.store.disk import write_whole

Advance = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class WrittenReport:
    """The files of one report, every number in it, what could not be done; `draft` while returns are not accepted.
    `checked` is the validation it rests on; `sealed`: the files are those of the seal, nothing was written."""

    period: str
    files: tuple[Path, ...]
    facts: tuple[documents.PrintedNumber, ...]
    problems: tuple[Problem, ...]
    draft: bool
    checked: Validation
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """One report before it is written, file name → content; `template`: it and what it imports, file name → content."""

    stem: str
    files: Mapping[str, bytes]
    facts: tuple[documents.PrintedNumber, ...]
    values: tuple[Value, ...]
    problems: tuple[Problem, ...]
    draft: bool
    checked: Validation
    template: Mapping[str, bytes]
    audience: Audience = "internal"


def report(
    project: Project, period: Period, today: date, request: ReportRequest, advance: Advance
) -> WrittenReport:
    """Render the report of `period` and write it, each file whole or not at all. Sealed documents are never written over.

    Raises CannotRun (exit 2) for an unknown template, format or unit, or when the period has no returns.
    """
    with opened(project, period, today) as context:
        return publish(project, period, request, page(context, request, advance))


def page(
    context: PeriodContext,
    request: ReportRequest,
    advance: Advance,
    closing: Callable[[Validation], Closing] | None = None,
) -> Report:
    """Return the report of an open period in the formats asked for. `closing` makes it the final one: it is told how the returns stand,
    and says so or raises CannotRun. Raises CannotRun as `report` does."""
    plan = planned(context.project, context.period, request)
    data = PageContext(context, plan, closing(context.checked) if closing else None)
    advance(context.period.label)
    text = compose(data.report_data)
    # The cells of a return are for those who check it: a page that leaves the office does not carry them.
    rendered = documents.render(
        text, plan.template, plan.search, plan.formats, plan.when, data.cells, plan.audience == "internal"
    )
    return Report(
        plan.stem,
        {f"{plan.stem}.{suffix}": content for suffix, content in rendered.files.items()},
        rendered.printed,
        data.values,
        (*data.problems, *rendered.problems),
        text.draft,
        context.checked,
        documents.sources(plan.template, plan.search),
        plan.audience,
    )


def publish(project: Project, period: Period, request: ReportRequest, made: Report) -> WrittenReport:
    """Write what was made, unless it was sealed."""
    folder = request.out or project.folder / project.settings.out / period.label
    manifest = folder / f"{made.stem}.manifest.json"
    seal = seals(project.journal.decisions()).get(period.label)
    facts, problems, state = made.facts, made.problems, (made.draft, made.checked)
    if seal is not None and manifest.is_file():
        kept = tuple(path for name in made.files if (path := folder / name).is_file())
        return WrittenReport(period.label, kept, facts, problems, *state, sealed=True)
    # A manifest of a seal that was voided or never finished is not about these files.
    manifest.unlink(missing_ok=True)
    if seal is not None:
        problems = (*problems, Problem("report-beside-seal", found=period.label, severity="query"))
    return WrittenReport(period.label, write(folder, made.files), facts, problems, *state)


def write(folder: Path, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write each of `files` into `folder`, whole or not at all, and return their paths."""
    for name, content in files.items():
        write_whole(folder / name, content, shared=True)
    return tuple(folder / name for name in files)
