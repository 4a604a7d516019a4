"""`diff`: why figures changed between two periods, or since a day or a seal."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from ruralpb.cli.exit_codes import ExitCode
from ruralpb.cli.parameters import Unit, argument, option, period_of, project_of
from ruralpb.cli.terminal import ScreenColumn, Terminal
from ruralpb.core.messages import listing
from ruralpb.core.problems import CannotRun, Problem

if TYPE_CHECKING:
    from ruralpb.core.periods import Period
    from ruralpb.model.figure_changes import ChangedCell, Diff, FigureState, MovedFigure, Step

STEPS_SHOWN = 12
"""Steps of one figure that a terminal shows, the largest first."""


@dataclass(frozen=True, slots=True)
class DiffArguments:
    """What `diff` takes."""

    words: Annotated[list[str], argument("help-diff-words", "Q1 [Q2] [ID]")]
    unit: Unit = ""
    since: Annotated[str, option("help-since", "--since", value="DATE")] = ""
    out: Annotated[Path | None, option("help-diff-out", "--out", value="PATH")] = None


def diff(terminal: Terminal, arguments: DiffArguments) -> ExitCode:
    """Figure by figure: before → after, then the steps between, largest first, and their sums."""
    from ruralpb.app import diff

    first, second, ids = _periods(arguments.words)
    request = diff.DiffRequest(ids, arguments.unit, arguments.since)
    result = diff.diff(project_of(terminal), first, second, request)
    written = [diff.save(result, arguments.out)] if arguments.out else []
    terminal.json(result)
    for figure in result.moved:
        _show_figure(terminal, result.unit, figure)
    terminal.written(written)
    steps = sum(len(figure.steps) for figure in result.moved)
    figures = [figure for figure in result.moved if figure.steps or figure.changed]
    terminal.say("diff-done", unit=result.unit, before=_before(terminal, result), after=result.after,
                 figures=len(figures), steps=steps)  # fmt: skip
    if same := sum(not figure.changed for figure in figures):
        terminal.say("diff-same", count=same)
    return ExitCode.DONE


def _periods(words: list[str]) -> tuple[Period, Period | None, tuple[str, ...]]:
    """One or two periods, then indicators. Raises CannotRun where the first word is no period."""
    from ruralpb.core import periods

    named = 0
    while named < min(len(words), 2) and (words[named] in ("current", "last") or periods.find(words[named])):
        named += 1
    if not named:
        raise CannotRun(Problem("diff-period", found=words[0]))
    first, *others = (period_of(word) for word in words[:named])
    return first, next(iter(others), None), tuple(words[named:])


def _before(terminal: Terminal, result: Diff) -> str:
    if not result.since:
        return result.before
    slug = "diff-at-seal" if result.since == "seal" else "diff-at-day"
    return terminal.text(slug, period=result.before, day=result.since)


def _show_figure(terminal: Terminal, unit: str, figure: MovedFigure) -> None:
    terminal.say("diff-head", style="bold", title=figure.title, unit=unit, before=_side(terminal, figure.before),
                 after=_side(terminal, figure.after), measure=f" {figure.measure}" if figure.measure else "")  # fmt: skip
    if figure.reason:
        terminal.say("diff-none", style="yellow", reason=terminal.text(figure.reason))
    for standard in figure.standards:
        before, after = standard.before or "—", standard.after or "—"
        terminal.say("diff-standard", title=standard.title, before=before, after=after)
    if figure.rests_on:
        terminal.say("diff-derived", titles=listing(figure.rests_on))
    if figure.steps:
        _show_steps(terminal, figure)


def _side(terminal: Terminal, side: FigureState) -> str:
    if not side.denominator:
        return side.printed
    return terminal.text("diff-side", printed=side.printed, parts=f"{side.numerator}/{side.denominator}")


@dataclass(frozen=True, slots=True)
class _StepRow:
    """A step, or the sum of a side's steps, in words."""

    side: str
    kind: str
    unit: str
    by: str
    cells: str


_STEPS: tuple[ScreenColumn[_StepRow], ...] = (
    ScreenColumn("column-moved-side", "side"),
    ScreenColumn("column-moved-kind", "kind"),
    ScreenColumn("column-unit", "unit"),
    ScreenColumn("column-moved-by", "by", right=True),
    ScreenColumn("column-moved-cells", "cells"),
)


def _show_steps(terminal: Terminal, figure: MovedFigure) -> None:
    """A row a step, then a row a side with the sum of its steps."""
    from ruralpb.core import numbers

    steps = sorted(figure.steps, key=lambda step: (step.side != "numerator", -abs(step.by)))
    rows = [_step_row(terminal, step) for step in terminal.shown(steps, STEPS_SHOWN)]
    for side in ("numerator", "denominator"):
        if any(step.side == side for step in steps):
            total = numbers.exported(figure.total(side))
            rows.append(_StepRow(terminal.text(f"side-{side}"), terminal.text("diff-sum"), "", total, ""))
    terminal.table(_STEPS, rows)
    terminal.more("diff-more", steps, STEPS_SHOWN)


def _step_row(terminal: Terminal, step: Step) -> _StepRow:
    from ruralpb.core import numbers

    side, kind = terminal.text(f"side-{step.side}"), terminal.text(f"moved-{step.kind}")
    return _StepRow(
        side, kind, step.unit, numbers.trimmed(f"{step.by:+f}"), "\n".join(map(_cell, step.cells))
    )


def _cell(cell: ChangedCell) -> str:
    return f"{cell.field} {cell.before or '—'} → {cell.after or '—'}  {cell.after_at or cell.before_at}"
