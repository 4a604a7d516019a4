"""The command line: parse, call one function of `app`, print, exit. The contract is docs/cli.md.

The options that hold everywhere (-C, --json, -q, -v, --lang, --no-color) are taken out of the words before typer sees
them, so that they may stand before or behind the command.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from ruralpb.cli.exit_codes import ExitCode
from ruralpb.cli.terminal import Terminal
from ruralpb.core.messages import Language, languages, say
from ruralpb.core.problems import CannotRun, Problem

_FLAGS = {
    "--json": "as_json",
    "-q": "quiet",
    "--quiet": "quiet",
    "-v": "verbose",
    "--verbose": "verbose",
    "--no-color": "no_color",
}
_VALUED = {"-C": "project", "--project": "project", "--lang": "lang"}


@dataclass(frozen=True, slots=True)
class Everywhere:
    """The options every command has, and the words that are left for the command."""

    words: list[str]
    given: dict[str, str]


def everywhere(argv: list[str]) -> Everywhere:
    """Take the options that hold everywhere out of `argv`. What follows a bare `--` is left alone.

    Raises CannotRun when an option that needs a value stands last.
    """
    words: list[str] = []
    given: dict[str, str] = {}
    rest = iter(argv)
    for word in rest:
        name, equals, value = word.partition("=")
        if word == "--":
            words += [word, *rest]
        elif word in _FLAGS:
            given[_FLAGS[word]] = "yes"
        elif name in _VALUED and (equals or word == name):
            taken = value if equals else next(rest, None)
            if taken is None:
                raise CannotRun(Problem("option-needs-value", found=word))
            given[_VALUED[name]] = taken
        else:
            words.append(word)
    return Everywhere(words, given)


def run(argv: list[str], lang: Language) -> int:
    """Run one command and return its exit code (`ExitCode`).

    No traceback reaches the user unless RURALPB_DEBUG=1.
    """
    terminal = Terminal(lang=lang)
    try:
        common = everywhere(argv)
        if common.given.get("lang", lang).partition("-")[0].partition("_")[0].lower() not in languages():
            expected = ", ".join(languages())
            raise CannotRun(Problem("language-unknown", found=common.given["lang"], expected=expected))
        folder = common.given.get("project") or os.environ.get("RURALPB_PROJECT")
        terminal = Terminal(
            lang=lang,
            as_json="as_json" in common.given,
            quiet="quiet" in common.given,
            verbose="verbose" in common.given,
            color="no_color" not in common.given,
            project=Path(folder) if folder else None,
        )
        return _call(common.words, terminal)
    except CannotRun as stop:
        for problem in stop.problems:
            terminal.err.print(problem.line(lang), style="bold red", soft_wrap=True)
        return stop.exit_code
    except KeyboardInterrupt:
        terminal.err.print(say("interrupted", lang))
        return ExitCode.ENVIRONMENT
    except BrokenPipeError:
        # The reader of a pipe (head, less) has gone: nothing is wrong with the work.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        return ExitCode.DONE
    except OSError as error:
        if os.environ.get("RURALPB_DEBUG") == "1":
            raise
        where = str(error.filename or "")
        terminal.err.print(
            say("environment", lang, found=error.strerror or type(error).__name__, where=where)
        )
        return ExitCode.ENVIRONMENT
    except Exception as error:
        return _failed(error, terminal)


def _failed(error: Exception, terminal: Terminal) -> ExitCode:
    """Say what is wrong with the command line or with the database; anything else is a fault of the program."""
    from ruralpb.cli import usage_errors
    from ruralpb.store.database import damage_of

    if page := usage_errors.help_page(error):
        terminal.data(page + "\n")
        return ExitCode.NOT_AS_ASKED
    wrong = usage_errors.problem(error)
    if wrong is not None:
        terminal.err.print(wrong.text(terminal.lang), style="bold red", soft_wrap=True)
        return ExitCode.NOT_AS_ASKED
    if os.environ.get("RURALPB_DEBUG") == "1":
        raise error
    damage = damage_of(error)
    if damage is not None:
        terminal.err.print(damage.line(terminal.lang), style="bold red", soft_wrap=True)
        return ExitCode.ENVIRONMENT
    text = say("bug", terminal.lang, found=type(error).__name__)
    terminal.err.print(text, style="bold red", soft_wrap=True)
    return ExitCode.ENVIRONMENT


def _call(words: list[str], terminal: Terminal) -> ExitCode:
    from ruralpb.cli.program import build

    app = build(terminal, only=next(iter(words), ""))
    result = app(words, prog_name="ruralpb", standalone_mode=False)
    return result if isinstance(result, ExitCode) else ExitCode.DONE
