"""`report`: the documents of a quarter, sealed with --final; seals and documents checked; templates listed and copied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from ruralpb.cli import seal, templates
from ruralpb.cli.exit_codes import ExitCode, done
from ruralpb.cli.parameters import (
    Quarter,
    current_day,
    current_time,
    option,
    period_of,
    project_of,
    several,
)
from ruralpb.cli.terminal import ScreenColumn, Terminal, relative
from ruralpb.core.problems import CannotRun, Problem

if TYPE_CHECKING:
    from ruralpb.app.pages import UnitPage
    from ruralpb.app.report import WrittenReport
    from ruralpb.app.report_plan import ReportRequest
    from ruralpb.publish.documents import PrintedNumber

_UNMADE = ("pdf-no-office", "pdf-failed")
"""A format that was asked for and could not be made is left to do by hand."""


@dataclass(frozen=True, slots=True)
class ReportArguments:
    """What `report` takes."""

    quarter: Quarter = "last"
    template: Annotated[str, option("help-template", "--template", value="NAME")] = ""
    unit: Annotated[str, option("help-report-unit", "--unit", "--township", value="UNIT")] = ""
    formats: Annotated[str, option("help-formats", "--format", value="FORMAT")] = ""
    out: Annotated[Path | None, option("help-out", "--out", value="PATH")] = None
    audience: Annotated[str, option("help-audience", "--audience", value="AUDIENCE")] = ""
    templates: Annotated[bool, option("help-templates-list", "--list")] = False
    new: Annotated[str, option("help-template-new", "--new", value="NAME")] = ""
    trace_numbers: Annotated[bool, option("help-report-trace", "--trace")] = False
    final: Annotated[bool, option("help-final", "--final")] = False
    as_is: Annotated[bool, option("help-as-is", "--as-is")] = False
    reason: Annotated[str, option("help-seal-reason", "--reason", value="TEXT")] = ""
    by: Annotated[str, option("help-seal-by", "--by", value="NAME")] = ""
    verify: Annotated[Path | None, option("help-verify", "--verify", value="DIR")] = None
    annex: Annotated[str, option("help-report-annex", "--annex", value="NAME")] = ""
    why: Annotated[bool, option("help-report-why", "--why")] = False
    check: Annotated[Path | None, option("help-report-check", "--check", value="FILE")] = None


def report(terminal: Terminal, arguments: ReportArguments) -> ExitCode:
    """Do the one of its works that the options ask for."""
    if arguments.new:
        return templates.copy(terminal, arguments.new, arguments.template)
    if arguments.templates:
        return templates.list_(terminal)
    if arguments.check is not None:
        return _check_layout(terminal, arguments.check)
    if arguments.verify is not None:
        return seal.verify(terminal, arguments.verify)
    if arguments.why:
        return _explain(terminal, arguments)
    if arguments.final:
        return _seal(terminal, arguments)
    if arguments.as_is or arguments.reason or arguments.by:
        raise CannotRun(Problem("seal-only-final"))
    return _write(terminal, arguments)


def _request(arguments: ReportArguments) -> ReportRequest:
    from ruralpb.app.report_plan import ReportRequest

    template = f"annex_{arguments.annex}" if arguments.annex else arguments.template
    return ReportRequest(
        template, arguments.unit, several(arguments.formats), arguments.out, arguments.audience
    )


def _explain(terminal: Terminal, arguments: ReportArguments) -> ExitCode:
    """The verdict, and every matter with the factors of its weight: what is told is chosen by it."""
    from ruralpb.app.assessed import assessed

    project, period = project_of(terminal), period_of(arguments.quarter)
    result = assessed(project, period, current_day(), _request(arguments))
    terminal.json(result)
    words = {"side": "why-side", "kind": "why-kind"}
    rows = [
        {
            **asdict(matter),
            **{key: terminal.text(f"{slug}-{getattr(matter, key)}") for key, slug in words.items()},
        }
        for matter in result.matters
    ]
    terminal.table(_MATTERS, rows)
    terminal.say(
        "why-verdict", period=result.period, verdict=result.verdict, due=result.due, reached=result.reached
    )
    return ExitCode.DONE


_MATTERS: tuple[ScreenColumn[dict[str, Any]], ...] = (
    ScreenColumn("column-why-side", lambda m: m["side"]),
    ScreenColumn("column-why-matter", lambda m: m["title"] or m["kind"]),
    ScreenColumn("column-why-kind", lambda m: m["kind"]),
    ScreenColumn("column-why-told", lambda m: "✓" if m["told"] else ""),
    ScreenColumn("column-why-units", lambda m: m["units"]),
    ScreenColumn("column-why-severity", lambda m: m["severity"]),
    ScreenColumn("column-why-reach", lambda m: m["reach"]),
    ScreenColumn("column-why-distance", lambda m: m["distance"]),
    ScreenColumn("column-why-age", lambda m: m["age"]),
    ScreenColumn("column-why-weight", lambda m: m["weight"]),
)


def _write(terminal: Terminal, arguments: ReportArguments) -> ExitCode:
    from ruralpb.app import pages, report

    request = _request(arguments)
    project, period = project_of(terminal), period_of(arguments.quarter)
    with terminal.progress("progress-report") as advance:
        if arguments.unit == pages.ALL:
            made = pages.pages(project, period, current_day(), request, advance)
            return show_pages(terminal, period.label, made)
        result = report.report(project, period, current_day(), request, advance)
    return show_report(terminal, result, arguments.trace_numbers)


def _seal(terminal: Terminal, arguments: ReportArguments) -> ExitCode:
    from ruralpb.app import sealing

    request = _request(arguments)
    project, period = project_of(terminal), period_of(arguments.quarter)
    terms = sealing.SealRequest(arguments.by, arguments.reason, arguments.as_is)
    with terminal.progress("progress-report") as advance:
        sealed = sealing.seal(project, period, request, terms, current_time(), advance)
    return seal.show_sealed(terminal, sealed, arguments.trace_numbers)


def show_report(terminal: Terminal, result: WrittenReport, in_detail: bool) -> ExitCode:
    """The files written, and in detail each printed number with its cells."""
    facts = [{"text": f.text, "fact": f.fact, "says": f.says, "of": f.of} for f in result.facts]
    content = {"period": result.period, "files": result.files, "facts": facts, "problems": result.problems,
               "draft": result.draft}  # fmt: skip
    if in_detail:
        # Each once: many figures rest on the same cells.
        content["cells"] = {fact.of: fact.cells for fact in result.facts if fact.cells}
        terminal.table(_FACTS, result.facts)
    terminal.json(content)
    terminal.problems(result.problems)
    if result.sealed:
        terminal.say("report-sealed", period=result.period)
        return ExitCode.DONE
    terminal.written(result.files)
    terminal.say("report-done", period=result.period, facts=len(result.facts))
    terminal.say("next-report-draft" if result.draft else "next-report", period=result.period)
    return _made(result.problems)


def _places(fact: PrintedNumber) -> str:
    first = "; ".join(f"{cell.file} {cell.sheet}!{cell.cell}" for cell in fact.cells[:2])
    return f"{first} … ({len(fact.cells)})" if len(fact.cells) > 2 else first


_FACTS: tuple[ScreenColumn[PrintedNumber], ...] = (
    ScreenColumn("column-printed", "text"),
    ScreenColumn("column-fact", "fact"),
    ScreenColumn("column-says", "says"),
    ScreenColumn("column-cells", _places),
)


def _made(problems: Sequence[Problem]) -> ExitCode:
    return done(to_act_on=any(problem.slug in _UNMADE for problem in problems))


def show_pages(terminal: Terminal, period: str, made: Sequence[UnitPage]) -> ExitCode:
    """The files of every unit's page; what could not be done is said once."""
    terminal.json({"period": period, "pages": made})
    problems = [problem for page in made for problem in page.problems]
    terminal.problems(problem for place, problem in enumerate(problems) if problem not in problems[:place])
    for page in made:
        files = "  ".join(relative(file) for file in page.files)
        terminal.say("pages-written", unit=page.unit, files=files)
    draft = any(page.draft for page in made)
    terminal.say("pages-done", period=period, units=len(made), facts=sum(page.figures for page in made))
    terminal.say("next-report-draft" if draft else "next-report", period=period)
    return _made(problems)


def _check_layout(terminal: Terminal, file: Path) -> ExitCode:
    """What deviates from the standard in a document, and what to do about each."""
    from ruralpb.app import layout

    result = layout.check(file)
    deviations = [
        {**asdict(d), "title": terminal.text(f"gbt-{d.item}"), "remedy": terminal.text(f"gbt-do-{d.item}")}
        for d in result.deviations
    ]
    terminal.json({"file": result.file, "measured": result.measured, "deviations": deviations})
    if deviations:
        terminal.table(_DEVIATION, deviations)
    slug = "gbt-deviates" if deviations else "gbt-clean"
    terminal.say(slug, file=result.file, count=len(deviations) or result.measured)
    return done(to_act_on=deviations)


_DEVIATION: tuple[ScreenColumn[dict[str, Any]], ...] = (
    ScreenColumn("column-gbt-item", lambda d: d["title"]),
    ScreenColumn("column-gbt-found", lambda d: d["found"]),
    ScreenColumn("column-gbt-expected", lambda d: d["expected"]),
    ScreenColumn("column-gbt-tolerance", lambda d: d["tolerance"]),
    ScreenColumn("column-gbt-where", lambda d: d["where"]),
    ScreenColumn("column-gbt-do", lambda d: d["remedy"]),
)
