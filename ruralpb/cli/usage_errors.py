"""What typer raises about a command line → a problem. Its exceptions live in a private module and are told by their names."""

from __future__ import annotations

import re
from typing import Any

from ruralpb.core.messages import listing
from ruralpb.core.nearest import TITLE, nearest
from ruralpb.core.problems import Problem


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
        return Problem("no-such-option", found=error.option_name, expected=listing(near) or "—")
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
        commands = sorted(getattr(getattr(context, "command", None), "commands", {}))
        near = nearest(unknown[1], commands, TITLE)
        return Problem("no-such-command", found=unknown[1], expected=listing(near or commands))
    surplus = re.match(r"Got unexpected extra argument(?:s|\(s\))? \((.*)\)", error.message)
    if surplus:
        return Problem("words-left-over", found=surplus[1])
    return Problem("usage", found=message())


def help_page(error: Any) -> str:
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
