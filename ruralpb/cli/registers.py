"""`watch`, `score` and `lists`: registers, ratings and lists of a period."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from ruralpb.cli.exit_codes import ExitCode, done
from ruralpb.cli.parameters import Quarter, Unit, argument, current_day, option, period_of, project_of
from ruralpb.cli.terminal import Terminal, plain
from ruralpb.core.problems import CannotRun, Problem

if TYPE_CHECKING:
    from ruralpb.core.periods import Period
    from ruralpb.model import Lists, Ratings, Registers

Out = Annotated[Path | None, option("help-mechanism-out", "--out", value="PATH")]


@dataclass(frozen=True, slots=True)
class WatchArguments:
    """What `watch` takes."""

    ids: Annotated[list[str] | None, argument("help-watch-ids", "ID")] = None
    quarter: Quarter = "last"
    unit: Unit = ""
    out: Out = None


@dataclass(frozen=True, slots=True)
class ScoreArguments:
    """What `score` takes."""

    ids: Annotated[list[str] | None, argument("help-score-ids", "ID")] = None
    quarter: Quarter = "last"
    unit: Unit = ""
    out: Out = None


@dataclass(frozen=True, slots=True)
class ListsArguments:
    """What `lists` takes."""

    ids: Annotated[list[str] | None, argument("help-lists-ids", "ID")] = None
    quarter: Quarter = "last"
    unit: Unit = ""
    out: Out = None


def watch(terminal: Terminal, arguments: WatchArguments) -> ExitCode:
    """One table a watch. There is something to act on while a register shows what does not fit."""
    from ruralpb.app import registers

    period = period_of(arguments.quarter)
    result = registers.watch(project_of(terminal), period, tuple(arguments.ids or ()), arguments.unit)
    _show_pages(terminal, result, period, arguments.out)
    states = Counter(entry.state for entry in result.entries)
    faults = sum(bool(entry.faults) for entry in result.entries)
    terminal.say("watch-done", period=result.period, watched=states["watched"], awaiting=states["awaiting"],
                 cleared=states["cleared"], faults=faults)  # fmt: skip
    terminal.say("next-mechanism", command="watch", example=next(iter(result.watches), ""))
    return done(to_act_on=faults)


def score(terminal: Terminal, arguments: ScoreArguments) -> ExitCode:
    """One table a score, best first."""
    from ruralpb.app import registers

    project, period, ids = project_of(terminal), period_of(arguments.quarter), tuple(arguments.ids or ())
    result = registers.score(project, period, current_day(), ids, arguments.unit)
    _show_pages(terminal, result, period, arguments.out)
    subjects = sum(map(len, result.ratings.values()))
    terminal.say("score-done", period=result.period, scores=len(result.scores), subjects=subjects)
    terminal.say("next-mechanism", command="score", example=next(iter(result.scores), ""))
    return ExitCode.DONE


def lists(terminal: Terminal, arguments: ListsArguments) -> ExitCode:
    """One table a list."""
    from ruralpb.app import registers

    project, period, ids = project_of(terminal), period_of(arguments.quarter), tuple(arguments.ids or ())
    result = registers.lists(project, period, current_day(), ids, arguments.unit)
    _show_pages(terminal, result, period, arguments.out)
    lines = sum(map(len, result.lines.values()))
    terminal.say("lists-done", period=result.period, lists=len(result.titles), lines=lines)
    terminal.say("next-mechanism", command="lists", example=next(iter(result.titles), ""))
    return ExitCode.DONE


def _show_pages(
    terminal: Terminal, result: Registers | Ratings | Lists, period: Period, out: Path | None
) -> None:
    """The pages, or the file they were written to; brief unless verbose."""
    from ruralpb.publish.text.register_pages import register_pages
    from ruralpb.store.disk import write_whole

    terminal.json(result)
    if out is not None:
        write_whole(out, _content(result, period, out), shared=False)
        terminal.written([out])
    elif not terminal.silent:
        for page in register_pages(result, terminal.lang):
            shown = page if terminal.verbose else page.brief()
            if shown.rows or shown.complete:
                terminal.page(shown.title, shown.columns, shown.rows, shown.right)
            else:
                terminal.line((shown.title, "bold"))
    terminal.problems(result.problems)


def _content(result: Registers | Ratings | Lists, period: Period, out: Path) -> bytes:
    from ruralpb.publish.documents.register_workbook import register_workbook

    if out.suffix.lower() == ".xlsx":
        return register_workbook(result, period)
    if out.suffix.lower() == ".json":
        return (json.dumps(plain(result), ensure_ascii=False, indent=2) + "\n").encode()
    raise CannotRun(Problem("mechanism-format", found=out.suffix))
