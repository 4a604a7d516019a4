"""Help pages in the terminal's language, and a command line that is taken strictly.

Typer writes its own words (Usage, Options, [default: …]) in English only, as literals. They are replaced before lines are
broken: afterwards a word may stand on two lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from typer.core import TyperCommand, TyperGroup

from ruralpb.cli.terminal import Terminal
from ruralpb.core.problems import CannotRun, Problem

WIDTH = 100
"""Columns of a help page on a wide terminal."""

_HEADINGS = {"Arguments": "typer-arguments", "Options": "typer-options", "Commands": "typer-commands"}
_TYPE = re.compile(r"\s*<[^>]*>")
_DEFAULT = re.compile(r"\[default: (.*)\]$")


# Typer keeps both in a private module; its commands name them.
_TyperContext: Any = TyperCommand.context_class
_TyperFormatter: Any = _TyperContext.formatter_class


class _Formatter(_TyperFormatter):  # type: ignore[misc]
    """Writes a page with typer's words in the terminal's language, and without the types of arguments (`<list[Path]>`)."""

    terminal: Terminal

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or self.terminal.text("typer-usage"))

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{self.terminal.text(_HEADINGS[heading])}\n")

    def write_dl(self, rows: Sequence[tuple[str, str]], *widths: int, **more: int) -> None:
        super().write_dl([(_TYPE.sub("", name), self._said(text)) for name, text in rows], *widths, **more)

    def _said(self, text: str) -> str:
        text = _DEFAULT.sub(lambda m: self.terminal.text("typer-default", value=m[1]), text)
        if text.endswith("[required]"):
            text = text.removesuffix("[required]") + self.terminal.text("typer-required")
        return self.terminal.text("typer-help") if text == "Show this message and exit." else text


class _Context(_TyperContext):  # type: ignore[misc]
    """A context whose help page speaks the language of its terminal (`obj`)."""

    def make_formatter(self) -> Any:
        formatter = _Formatter(width=self.terminal_width, max_width=self.max_content_width)
        formatter.terminal = self.obj
        return formatter


class HelpfulCommand(TyperCommand):
    """A command that refuses an option given twice, unless it takes several values: silently the last one would win."""

    context_class = _Context

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the words of the command line."""
        _, _, order = self.make_parser(ctx).parse_args(args=list(args))
        for param in order:
            single = param.param_type_name == "option" and not (
                param.multiple or getattr(param, "is_flag", False)
            )
            if single and order.count(param) > 1:
                raise CannotRun(Problem("option-twice", found=param.opts[0]))
        return super().parse_args(ctx, args)


class HelpfulGroup(TyperGroup):
    """A group of commands with such a help page."""

    context_class = _Context
