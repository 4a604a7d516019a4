"""Write what is generated: from the command line, the two help pages shipped with the package and the commands in
docs/cli.md (between its two markers); from the built-in library, the digest of what was found sound. `python docs/generate.py`
after a change of options or of the library; a test compares.
"""

from __future__ import annotations

import contextlib
import io
import os
from pathlib import Path
from typing import Any

import typer

from ruralpb.cli import run
from ruralpb.cli.program import build
from ruralpb.cli.terminal import Terminal
from ruralpb.core.messages import MESSAGES, languages
from ruralpb.model import loader
from ruralpb.rules import expressions

ROOT = Path(__file__).resolve().parents[1]
BEGIN, END = "<!-- commands: generated -->\n", "<!-- commands end -->\n"
COLUMNS = "80"


def help_page(lang: str) -> str:
    """What `ruralpb --help` prints on a terminal of 80 columns."""
    before = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = COLUMNS
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            # Not the plain words, which the shipped page itself answers.
            run(["--help"], lang)
    finally:
        os.environ.pop("COLUMNS")
        if before is not None:
            os.environ["COLUMNS"] = before
    return printed.getvalue()


def commands() -> str:
    """Every command with its arguments and options, as Markdown."""
    return "\n".join(_sections(typer.main.get_command(build(Terminal(lang="en"))), "ruralpb"))


def verified() -> str:
    """The digest of the built-in library, for `definitions.load` not to verify its expressions again. Fails where one is not sound."""
    files = loader.expressed(loader.sources(None))
    found = expressions.verify(loader.load(files)[0].library)
    assert not found, [problem.text() for problem in found]
    return loader.digest(files) + "\n"


def _sections(command: Any, name: str) -> list[str]:
    subcommands = getattr(command, "commands", None)
    if subcommands:
        return [text for word, sub in subcommands.items() for text in _sections(sub, f"{name} {word}")]
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option" and p.name != "help"]
    usage = " ".join([name, *map(_argument, arguments), *(["[OPTIONS]"] if options else [])])
    lines = [f"### `{name}`", "", f"{_sentence(command.help)}", "", "```text", usage, "```", ""]
    if arguments or options:
        lines += ["| | | default |", "|---|---|---|"]
        lines += [f"| `{a.metavar}` | {_cell(a.help)} | {_default(a)} |" for a in arguments]
        lines += [f"| {_names(o)} | {_cell(o.help)} | {_default(o)} |" for o in options]
        lines += [""]
    return lines


def _argument(argument: Any) -> str:
    text = argument.metavar + ("…" if argument.nargs == -1 else "")
    return text if argument.required else f"[{text}]"


def _names(option: Any) -> str:
    value = "" if option.is_flag else " " + str(option.metavar)
    return (
        ", ".join(f"`{name}`" for name in option.opts[:-1])
        + (", " if option.opts[1:] else "")
        + (f"`{option.opts[-1]}{value}`")
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _default(param: Any) -> str:
    default = param.default
    return "" if default in (None, "", False, 0) or param.required else f"`{default}`"


def main() -> None:
    """Write the four files."""
    (ROOT / "ruralpb" / "library" / "verified").write_text(verified(), "ascii")
    for lang in languages():
        (MESSAGES / lang / "help.txt").write_text(help_page(lang), "utf-8")
    page = ROOT / "docs" / "cli.md"
    text = page.read_text("utf-8")
    head, rest = text.split(BEGIN)
    page.write_text(head + BEGIN + commands() + END + rest.split(END)[1], "utf-8")


if __name__ == "__main__":
    main()
