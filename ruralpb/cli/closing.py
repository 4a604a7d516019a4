"""The commands around a quarter's briefing: report (with sealing and checking a seal), unlock, diff.

Annotations are evaluated here, as in `commands`.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ruralpb.cli.options import argument, current_day, current_time, option, period_of, project_of, several
from ruralpb.cli.terminal import Terminal
from ruralpb.core.problems import CannotRun, Problem

if TYPE_CHECKING:
    from ruralpb.app.project import Project
    from ruralpb.core.periods import Period


def register(app: typer.Typer, terminal: Terminal) -> None:
    """Add the commands to the program."""
    _report(app, terminal)
    _unlock(app, terminal)
    _diff(app, terminal)


def _report(app: typer.Typer, terminal: Terminal) -> None:
    @app.command(help=terminal.text("help-report"))
    def report(
        quarter: Annotated[str, option(terminal, "help-quarter", "--quarter", "--period")] = "last",
        template: Annotated[str, option(terminal, "help-template", "--template")] = "",
        unit: Annotated[str, option(terminal, "help-report-unit", "--unit", "--township")] = "",
        formats: Annotated[str, option(terminal, "help-formats", "--format")] = "",
        out: Annotated[Path | None, option(terminal, "help-out", "--out")] = None,
        audience: Annotated[str, option(terminal, "help-audience", "--audience")] = "",
        templates: Annotated[bool, option(terminal, "help-templates-list", "--list")] = False,
        new: Annotated[str, option(terminal, "help-template-new", "--new")] = "",
        trace_numbers: Annotated[bool, option(terminal, "help-report-trace", "--trace")] = False,
        final: Annotated[bool, option(terminal, "help-final", "--final")] = False,
        as_is: Annotated[bool, option(terminal, "help-as-is", "--as-is")] = False,
        reason: Annotated[str, option(terminal, "help-seal-reason", "--reason")] = "",
        by: Annotated[str, option(terminal, "help-seal-by", "--by")] = "",
        verify: Annotated[Path | None, option(terminal, "help-verify", "--verify")] = None,
        check: Annotated[Path | None, option(terminal, "help-report-check", "--check")] = None,
    ) -> int:
        from ruralpb.app import layout, sealing
        from ruralpb.app import pages as stage_pages
        from ruralpb.app import report as stage
        from ruralpb.app import verify as verifying
        from ruralpb.app.report_plan import ReportRequest
        from ruralpb.cli import show, show_sealing

        if templates or new:
            return _templates(terminal, new, template)
        if check is not None:
            return show.layout(terminal, layout.check(check))
        if verify is not None:
            return show_sealing.verified(terminal, verifying.verify(verify, _project_at_hand(terminal)))
        if not final and (as_is or reason or by):
            raise CannotRun(Problem("seal-only-final"))
        order = ReportRequest(template, unit, several(formats), out, audience)
        project, period = project_of(terminal), period_of(quarter)
        with terminal.progress("progress-report") as advance:
            if unit == stage_pages.ALL and not final:
                made = stage_pages.pages(project, period, current_day(), order, advance)
                return show.pages(terminal, period.label, made)
            if not final:
                result = stage.report(project, period, current_day(), order, advance)
            else:
                sealed = sealing.seal(
                    project, period, order, sealing.SealRequest(by, reason, as_is), current_time(), advance
                )
                return show_sealing.sealed(terminal, sealed, trace_numbers)
        return show.report(terminal, result, trace_numbers)


def _templates(terminal: Terminal, new: str, base: str) -> int:
    from ruralpb.app import templates as stage
    from ruralpb.cli import show_templates as show

    project = project_of(terminal)
    if new:
        return show.copied(terminal, stage.copied(project, new, base))
    return show.listed(terminal, stage.listed(project))


def _unlock(app: typer.Typer, terminal: Terminal) -> None:
    @app.command(help=terminal.text("help-unlock"))
    def unlock(
        quarter: Annotated[str, option(terminal, "help-quarter", "--quarter", "--period")],
        reason: Annotated[str, option(terminal, "help-seal-reason", "--reason")],
        by: Annotated[str, option(terminal, "help-seal-by", "--by")],
    ) -> int:
        from ruralpb.app import sealing
        from ruralpb.cli import show_sealing as show

        return show.unlocked(
            terminal, sealing.unlock(project_of(terminal), period_of(quarter), by, reason, current_time())
        )


def _diff(app: typer.Typer, terminal: Terminal) -> None:
    @app.command(help=terminal.text("help-diff"))
    def diff(
        words: Annotated[list[str], argument(terminal, "help-diff-words", "Q1 [Q2] [ID]")],
        unit: Annotated[str, option(terminal, "help-unit", "--unit", "--township")] = "",
        since: Annotated[str, option(terminal, "help-since", "--since")] = "",
        out: Annotated[Path | None, option(terminal, "help-diff-out", "--out")] = None,
    ) -> int:
        from ruralpb.app import diff as stage
        from ruralpb.cli import show_diff as show

        first, second, ids = _asked(words)
        found = stage.diff(project_of(terminal), first, second, stage.DiffRequest(ids, unit, since))
        return show.diff(terminal, found, stage.save(found, out) if out else None)


def _asked(words: list[str]) -> "tuple[Period, Period | None, tuple[str, ...]]":
    """One or two periods, then indicators."""
    from ruralpb.core import periods

    named = 0
    while named < min(len(words), 2) and (words[named] in ("current", "last") or periods.find(words[named])):
        named += 1
    if not named:
        raise CannotRun(Problem("diff-period", found=words[0]))
    first, *others = (period_of(word) for word in words[:named])
    return first, next(iter(others), None), tuple(words[named:])


def _project_at_hand(terminal: Terminal) -> "Project | None":
    """The project, where there is one: a seal can be checked without."""
    try:
        return project_of(terminal)
    except CannotRun:
        if terminal.project is not None:
            raise
        return None
