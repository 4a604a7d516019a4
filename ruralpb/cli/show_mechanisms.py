"""How registers, ratings and lists look on a terminal."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from ruralpb.app import register_pages
from ruralpb.app.registers import Lists, Ratings, Registers
from ruralpb.cli.show import DONE, TO_ACT_ON, relative
from ruralpb.cli.terminal import Terminal, plain
from ruralpb.core.periods import Period
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.store.disk import write_whole


def registers(terminal: Terminal, found: Registers, period: Period, out: Path | None) -> int:
    """One table a watch. There is something to act on while a register shows what does not fit."""
    _pages(terminal, found, period, out)
    states = Counter(entry.state for entry in found.entries)
    faults = sum(bool(entry.faults) for entry in found.entries)
    terminal.say("watch-done", period=found.period, watched=states["watched"], awaiting=states["awaiting"],
                 cleared=states["cleared"], faults=faults)  # fmt: skip
    _next(terminal, "watch", found.watches)
    return TO_ACT_ON if faults else DONE


def ratings(terminal: Terminal, found: Ratings, period: Period, out: Path | None) -> int:
    """One table a score, best first."""
    _pages(terminal, found, period, out)
    terminal.say("score-done", period=found.period, scores=len(found.scores),
                 subjects=sum(map(len, found.ratings.values())))  # fmt: skip
    _next(terminal, "score", found.scores)
    return DONE


def lists(terminal: Terminal, found: Lists, period: Period, out: Path | None) -> int:
    """One table a list."""
    _pages(terminal, found, period, out)
    terminal.say(
        "lists-done", period=found.period, lists=len(found.titles), lines=sum(map(len, found.lines.values()))
    )
    _next(terminal, "lists", found.titles)
    return DONE


def _pages(terminal: Terminal, found: Registers | Ratings | Lists, period: Period, out: Path | None) -> None:
    terminal.json(found)
    if out is not None:
        write_whole(out, _content(found, period, out), shared=False)
        terminal.say("written", style="bold", path=relative(out))
    elif not (terminal.quiet or terminal.as_json):
        whole = register_pages.pages(found, terminal.lang)
        for page in whole if terminal.verbose else [page.brief() for page in whole]:
            terminal.page(page.title, page.columns, page.rows, page.right)
    for problem in found.problems:
        terminal.problem(problem)


def _content(found: Registers | Ratings | Lists, period: Period, out: Path) -> bytes:
    if out.suffix.lower() == ".xlsx":
        return register_pages.workbook(found, period)
    if out.suffix.lower() == ".json":
        return (json.dumps(plain(found), ensure_ascii=False, indent=2) + "\n").encode()
    raise CannotRun(Problem("mechanism-format", found=out.suffix))


def _next(terminal: Terminal, command: str, known: object) -> None:
    example = next(iter(known), "") if isinstance(known, dict) else ""
    terminal.say("next-mechanism", command=command, example=example)
