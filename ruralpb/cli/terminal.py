"""What a command prints with: language, colour, quiet, JSON. Nothing here knows what is printed.

Only a terminal writes to standard output; text from files is printed with markup off; progress goes to stderr and only to a terminal.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Generic, TextIO, TypeVar

from ruralpb.core.messages import Language, say
from ruralpb.core.problems import SEVERITIES, Problem

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

T = TypeVar("T")

Advance = Callable[[str], None]
"""Called after each step of a long work with what was just done."""

Styled = str | tuple[str, str]
"""A text, or a text and its style."""


@dataclass(frozen=True, slots=True)
class ScreenColumn(Generic[T]):
    """A column of a table: the slug of its title, and what stands in it (an attribute's name, or a function of the item)."""

    title: str
    content: str | Callable[[T], object]
    right: bool = False

    def of(self, item: T) -> object:
        """Return what stands in the column for `item`."""
        return attrgetter(self.content)(item) if isinstance(self.content, str) else self.content(item)


_INVISIBLE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What JSON would leave as it is, and a terminal obey."""


@dataclass(frozen=True)
class Terminal:
    """One command's way of speaking. `as_json`: the result goes to stdout as one document, nothing else does."""

    lang: Language = "zh"
    as_json: bool = False
    quiet: bool = False
    verbose: bool = False
    color: bool = True
    project: Path | None = None
    stdout: TextIO = field(default_factory=lambda: sys.stdout)

    @property
    def silent(self) -> bool:
        """True where nothing is printed for a reader."""
        return self.quiet or self.as_json

    @cached_property
    def out(self) -> Console:
        """Standard output."""
        return self._console(self.stdout)

    @cached_property
    def err(self) -> Console:
        """Standard error: messages, progress, next steps when stdout carries data."""
        return self._console(sys.stderr)

    def _console(self, stream: Any) -> Console:
        from ruralpb.cli.console import PrintableConsole

        plain = not self.color or "NO_COLOR" in os.environ
        width = None if stream.isatty() or "COLUMNS" in os.environ else 120
        return PrintableConsole(
            file=stream, no_color=plain, highlight=False, markup=False, emoji=False, width=width
        )

    # ------------------------------------------------------------------------------------------- lines

    def text(self, slug: str, **data: object) -> str:
        """Return a message in this terminal's language."""
        return say(slug, self.lang, **data)

    def say(self, slug: str, style: str = "", **data: object) -> None:
        """Print a message, unless silent."""
        if not self.silent:
            self.out.print(self.text(slug, **data), style=style or None, soft_wrap=True)

    def line(self, *parts: Styled, crop: bool = False) -> None:
        """Print the parts on one line, unless silent; `crop` cuts what is wider than the terminal."""
        if self.silent:
            return
        from rich.text import Text

        line = Text()
        for part in parts:
            line.append(*((part,) if isinstance(part, str) else part))
        if crop:
            self.out.print(line, no_wrap=True, overflow="ellipsis", crop=True)
        else:
            self.out.print(line, soft_wrap=True)

    def problem(self, problem: Problem) -> None:
        """Print one problem to stderr; when quiet, only errors."""
        if self.quiet and problem.severity != "error":
            return
        self.err.print(problem.line(self.lang), style=SEVERITIES[problem.severity].style, soft_wrap=True)

    def problems(self, problems: Iterable[Problem]) -> None:
        """Print each problem to stderr."""
        for problem in problems:
            self.problem(problem)

    def written(self, files: Iterable[Path]) -> None:
        """Say of each file that it was written."""
        for file in files:
            self.say("written", style="bold", path=relative(file))

    def shown(self, items: Sequence[T], most: int) -> Sequence[T]:
        """Return the first `most` items, all when verbose."""
        return items if self.verbose else items[:most]

    def more(self, slug: str, items: Sequence[object], most: int) -> None:
        """Say how many of the items `shown` left out."""
        if len(items) > most and not self.verbose:
            self.say(slug, style="dim", count=len(items) - most)

    # ------------------------------------------------------------------------------------------- tables

    def table(self, columns: Sequence[ScreenColumn[T]], items: Iterable[T], title: str = "") -> None:
        """Print a row an item, unless silent."""
        if not self.silent:
            rows = [[column.of(item) for column in columns] for item in items]
            right = [place for place, column in enumerate(columns) if column.right]
            self._print_table([self.text(column.title) for column in columns], rows, right, title)

    def page(
        self, title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], right: Sequence[int] = ()
    ) -> None:
        """Print a table whose columns are words, not slugs, unless silent; one without rows is its title and (none)."""
        if self.silent:
            return
        if not rows:
            self.line((f"{title} {self.text('page-empty')}", "bold"))
            return
        self._print_table(columns, rows, right, title)

    def grid(self, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Print a table that is data itself, also when quiet."""
        self._print_table(columns, rows, ())

    def _print_table(
        self, columns: Sequence[str], rows: Iterable[Sequence[object]], right: Sequence[int], title: str = ""
    ) -> None:
        from rich import box
        from rich.table import Table
        from rich.text import Text

        def cell(value: object) -> Text:
            return value if isinstance(value, Text) else Text("" if value is None else str(value))

        heading = Text(title, style="bold") if title else None
        table = Table(title=heading, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
        for place, word in enumerate(columns):
            table.add_column(Text(word), justify="right" if place in right else "left", overflow="fold")
        for row in rows:
            table.add_row(*map(cell, row))
        self.out.print(table)

    # ------------------------------------------------------------------------------------------- data

    def json(self, result: object) -> None:
        """Print `result` as the command's one JSON document, when JSON was asked for."""
        if self.as_json:
            text = json.dumps(plain(result, self.lang), ensure_ascii=False, indent=2)
            self.data(_INVISIBLE.sub(lambda m: f"\\u{ord(m.group()):04x}", text) + "\n")

    def data(self, content: str | bytes) -> None:
        """Write `content` to standard output as it is."""
        if isinstance(content, str):
            self.stdout.write(content)
        else:
            self.stdout.flush()
            self.stdout.buffer.write(content)
        self.stdout.flush()

    # ------------------------------------------------------------------------------------------- progress

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


def relative(path: Path) -> str:
    """Return the path as the person would type it here: from the working folder when it lies below it."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def plain(value: object, lang: Language = "zh") -> Any:
    """Return `value` as JSON's types: dataclasses as objects, problems with their sentence in `lang`, Decimals as exact
    text, dates in ISO form."""
    if is_dataclass(value) and not isinstance(value, type):
        message = {"message": value.text(lang)} if isinstance(value, Problem) else {}
        return {f.name: plain(getattr(value, f.name), lang) for f in fields(value)} | message
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
