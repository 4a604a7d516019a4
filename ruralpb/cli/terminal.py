"""What a command prints with: language, colour, quiet, JSON. Nothing here knows what is printed.

Text from files is printed with markup off; progress goes to stderr and only to a terminal.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from ruralpb.core.messages import Language, say
from ruralpb.core.problems import Problem

if TYPE_CHECKING:
    from rich.console import Console

Advance = Callable[[str], None]
"""Called after each step of a long work with what was just done."""

_SEVERITY_STYLE = {"error": "bold red", "query": "yellow", "note": "cyan"}


@dataclass(frozen=True)
class Terminal:
    """One command's way of speaking. `as_json`: the result goes to stdout as one document, nothing else does."""

    lang: Language = "zh"
    as_json: bool = False
    quiet: bool = False
    verbose: bool = False
    color: bool = True
    project: Path | None = None

    @cached_property
    def out(self) -> Console:
        """Standard output."""
        return self._console(sys.stdout)

    @cached_property
    def err(self) -> Console:
        """Standard error: messages, progress, next steps when stdout carries data."""
        return self._console(sys.stderr)

    def _console(self, stream: Any) -> Console:
        from rich.console import Console

        plain = not self.color or "NO_COLOR" in os.environ
        width = None if stream.isatty() or "COLUMNS" in os.environ else 120
        return Console(file=stream, no_color=plain, highlight=False, markup=False, emoji=False, width=width)

    def say(self, slug: str, style: str = "", **data: object) -> None:
        """Print a message, unless quiet or JSON."""
        if not (self.quiet or self.as_json):
            self.out.print(say(slug, self.lang, **data), style=style or None, soft_wrap=True)

    def text(self, slug: str, **data: object) -> str:
        """Return a message in this terminal's language."""
        return say(slug, self.lang, **data)

    def problem(self, problem: Problem) -> None:
        """Print one problem to stderr; when quiet, only errors."""
        if self.quiet and problem.severity != "error":
            return
        self.err.print(problem.line(self.lang), style=_SEVERITY_STYLE[problem.severity], soft_wrap=True)

    def table(
        self,
        columns: Sequence[str],
        rows: Iterable[Sequence[object]],
        title: str = "",
        right: Sequence[int] = (),
    ) -> None:
        """Print a table whose column titles are slugs of messages; `right` lists right-aligned columns."""
        if self.quiet or self.as_json:
            return
        from rich import box
        from rich.table import Table
        from rich.text import Text

        table = Table(title=title or None, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
        for i, slug in enumerate(columns):
            table.add_column(self.text(slug), justify="right" if i in right else "left", overflow="fold")
        for row in rows:
            table.add_row(
                *(cell if isinstance(cell, Text) else Text("" if cell is None else str(cell)) for cell in row)
            )
        self.out.print(table)

    def page(
        self, title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], right: Sequence[int] = ()
    ) -> None:
        """Print a table whose title and columns are words, not slugs; one without rows is its title and (none)."""
        from rich import box
        from rich.table import Table
        from rich.text import Text

        if not rows:
            self.out.print(Text(f"{title} {self.text('page-empty')}", style="bold"))
            return
        table = Table(
            title=Text(title, style="bold"), box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False
        )
        for i, word in enumerate(columns):
            table.add_column(Text(word), justify="right" if i in right else "left", overflow="fold")
        for row in rows:
            table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
        self.out.print(table)

    def json(self, result: object) -> None:
        """Print `result` as the command's one JSON document, when JSON was asked for."""
        if self.as_json:
            sys.stdout.write(json.dumps(plain(result, self.lang), ensure_ascii=False, indent=2) + "\n")

    @contextmanager
    def progress(self, slug: str, total: int | None = None) -> Iterator[Advance]:
        """Show a progress bar on stderr while the block runs; silent without a terminal. When verbose, a line a step
        with the seconds since the step before."""
        if self.verbose:
            yield self._timed(self.text(slug))
            return
        if self.quiet or not sys.stderr.isatty():
            yield lambda _step: None
            return
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self.err, transient=True) as bar:
            task = bar.add_task(self.text(slug), total=total)

            def advance(step: str) -> None:
                bar.update(task, advance=1, description=f"{self.text(slug)} {step}")

            yield advance

    def _timed(self, work: str) -> Advance:
        last = monotonic()

        def advance(step: str) -> None:
            nonlocal last
            now = monotonic()
            self.err.print(f"{now - last:6.2f}s  {work} {step}", style="dim", soft_wrap=True)
            last = now

        return advance


def plain(value: object, lang: Language = "zh") -> Any:
    """Return `value` as JSON's types: dataclasses as objects, problems with their sentence in `lang`, Decimals as exact
    text, dates in ISO form."""
    if is_dataclass(value) and not isinstance(value, type):
        said = {"message": value.text(lang)} if isinstance(value, Problem) else {}
        return {f.name: plain(getattr(value, f.name), lang) for f in fields(value)} | said
    if isinstance(value, Mapping):
        return {str(key): plain(item, lang) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item, lang) for item in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(value)
