"""How the reasons for which figures moved look on a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ruralpb.cli.show import DONE, relative
from ruralpb.cli.terminal import Terminal
from ruralpb.core import numbers

if TYPE_CHECKING:
    from ruralpb.model.figure_changes import ChangedCell, Diff, MovedFigure, Step

SHOWN = 12
"""Steps of one figure that a terminal shows, the largest first."""


def diff(terminal: Terminal, found: Diff, out: Path | None) -> int:
    """Figure by figure: before → after, then the steps between, largest first, and their sums."""
    terminal.json(found)
    for moved in found.moved:
        _moved(terminal, found.unit, moved)
    if out is not None:
        terminal.say("written", style="bold", path=relative(out))
    steps = sum(len(moved.steps) for moved in found.moved)
    figures = [moved for moved in found.moved if moved.steps or moved.changed]
    terminal.say(
        "diff-done",
        unit=found.unit,
        before=_before(terminal, found),
        after=found.after,
        figures=len(figures),
        steps=steps,
    )
    if same := sum(not moved.changed for moved in figures):
        terminal.say("diff-same", count=same)
    return DONE


def _before(terminal: Terminal, found: Diff) -> str:
    if not found.since:
        return found.before
    slug = "diff-at-seal" if found.since == "seal" else "diff-at-day"
    return terminal.text(slug, period=found.before, day=found.since)


def _moved(terminal: Terminal, unit: str, moved: MovedFigure) -> None:
    before, after = (_side(s.printed, s.numerator, s.denominator) for s in (moved.before, moved.after))
    terminal.say("diff-head", style="bold", title=moved.title, unit=unit, before=before, after=after,
                 measure=f" {moved.measure}" if moved.measure else "")  # fmt: skip
    if moved.reason:
        terminal.say("diff-none", style="yellow", reason=terminal.text(moved.reason))
    for standard in moved.standards:
        terminal.say(
            "diff-standard", title=standard.title, before=standard.before or "—", after=standard.after or "—"
        )
    if moved.rests_on:
        terminal.say("diff-derived", titles="、".join(moved.rests_on))
    if not moved.steps:
        return
    steps = sorted(moved.steps, key=lambda step: (step.side != "numerator", -abs(step.by)))
    shown = steps if terminal.verbose else steps[:SHOWN]
    rows = [_step(terminal, step) for step in shown]
    for side in ("numerator", "denominator"):
        if any(step.side == side for step in steps):
            total = numbers.exported(moved.total(side))
            rows.append((terminal.text(f"side-{side}"), terminal.text("diff-sum"), "", total, ""))
    columns = (
        "column-moved-side",
        "column-moved-kind",
        "column-unit",
        "column-moved-by",
        "column-moved-cells",
    )
    terminal.table(columns, rows, right=(3,))
    if len(steps) > len(shown):
        terminal.say("diff-more", style="dim", count=len(steps) - len(shown))


def _side(printed: str, numerator: str, denominator: str) -> str:
    return f"{printed}（{numerator}/{denominator}）" if denominator else printed


def _step(terminal: Terminal, step: Step) -> tuple[str, ...]:
    side, kind = terminal.text(f"side-{step.side}"), terminal.text(f"moved-{step.kind}")
    return (side, kind, step.unit, numbers.trimmed(f"{step.by:+f}"),
            "\n".join(map(_cell, step.cells)))  # fmt: skip


def _cell(cell: ChangedCell) -> str:
    return f"{cell.field} {cell.before or '—'} → {cell.after or '—'}  {cell.after_at or cell.before_at}"
