"""Typer's own words (headings of a help page, errors of usage) in the user's language.

Typer has them in English only, as literals; its exceptions live in a private module and are told by their names.
"""

from __future__ import annotations

import re
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from ruralpb.core.nearest import TITLE, nearest
from ruralpb.core.problems import CannotRun, Problem

WIDTH = 100
"""Columns of a help page on a wide terminal."""

_WORDS = (
    (re.compile(r"^Usage: ", re.M), "用法："),
    (re.compile(r"^Arguments:$", re.M), "参数："),
    (re.compile(r"^Options:$", re.M), "选项："),
    (re.compile(r"^Commands:$", re.M), "命令："),
    (re.compile(r"\[required\]"), "[必填]"),
    (re.compile(r"\[default: "), "[默认："),
    (re.compile(r"Show this message and exit\."), "显示本说明"),
)


def _chinese(page: str) -> str:
    for words, chinese in _WORDS:
        page = words.sub(chinese, page)
    return page


def in_chinese(app: typer.Typer) -> None:
    """Give every command of `app` and of its groups Chinese headings."""
    app.info.cls = ChineseGroup
    for command in app.registered_commands:
        command.cls = ChineseCommand
    for group in app.registered_groups:
        if group.typer_instance is not None:
            in_chinese(group.typer_instance)


class Command(TyperCommand):
    """A command that refuses an option given twice, unless it takes several values: silently the last one would win."""

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


def strictly(app: typer.Typer) -> None:
    """Make every command of `app` and of its groups a `Command`."""
    for command in app.registered_commands:
        command.cls = Command
    for group in app.registered_groups:
        if group.typer_instance is not None:
            strictly(group.typer_instance)


class ChineseCommand(Command):
    """A `Command` whose help page has Chinese headings."""

    def get_help(self, ctx: Any) -> str:
        """Return the help page."""
        return _chinese(super().get_help(ctx))


class ChineseGroup(TyperGroup):
    """A group of commands whose help page has Chinese headings."""

    def get_help(self, ctx: Any) -> str:
        """Return the help page."""
        return _chinese(super().get_help(ctx))


def problem(error: Any) -> Problem | None:
    """Return what is wrong with the command line, None when `error` is no error of usage.

    An unknown option or command comes with the nearest ones.
    """
    message = getattr(error, "format_message", None)
    if message is None:
        return None
    kind = type(error).__name__
    context = getattr(error, "ctx", None)
    if kind == "NoSuchOption":
        near = nearest(error.option_name, _options(context))
        return Problem("no-such-option", found=error.option_name, expected="、".join(near) or "—")
    if kind == "MissingParameter":
        return Problem("parameter-missing", found=_name(error))
    if kind == "BadParameter":
        # Words and paths are taken as they are: only numbers can be wrong.
        return Problem("parameter-wrong", found=_name(error))
    if kind == "BadOptionUsage":
        wants_none = "does not take" in error.message
        return Problem(
            "option-takes-no-value" if wants_none else "option-needs-value", found=error.option_name
        )
    unknown = re.match(r"No such command '(.*?)'", error.message)
    if unknown:
        known = sorted(getattr(getattr(context, "command", None), "commands", {}))
        near = nearest(unknown[1], known, TITLE)
        return Problem("no-such-command", found=unknown[1], expected="、".join(near or known))
    surplus = re.match(r"Got unexpected extra argument(?:s|\(s\))? \((.*)\)", error.message)
    if surplus:
        return Problem("words-left-over", found=surplus[1])
    return Problem("usage", found=message())


def page(error: Any) -> str:
    """Return the help page that typer raises where a group is called without a command, else ""."""
    return str(error.message) if type(error).__name__ == "NoArgsIsHelpError" else ""


def _options(context: Any) -> list[str]:
    params = getattr(getattr(context, "command", None), "params", [])
    return [name for param in params for name in param.opts if name.startswith("-")]


def _name(error: Any) -> str:
    """The longest of an option's names, an argument's metavar."""
    param = error.param
    if param is None:
        return ""
    options = [name for name in param.opts if name.startswith("-")]
    return max(options, key=len) if options else str(param.name).upper()
