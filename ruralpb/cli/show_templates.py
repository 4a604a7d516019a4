"""How templates look on a terminal: which there are, what a copy is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ruralpb.cli.show import DONE, relative
from ruralpb.cli.terminal import Terminal

if TYPE_CHECKING:
    from ruralpb.app.templates import Copied, Template


def listed(terminal: Terminal, found: tuple[Template, ...]) -> int:
    """One row a template: its name, title, what it is about, whose it is, its file."""
    terminal.json(found)
    columns = (
        "column-template",
        "column-title",
        "column-template-about",
        "column-audience",
        "column-whose",
        "column-file",
    )
    rows = [
        (
            one.name,
            one.title,
            terminal.text(f"template-about-{one.about}"),
            terminal.text(f"audience-{one.audience}"),
            terminal.text(f"template-whose-{_whose(one)}"),
            relative(one.file) if one.own else one.file.name,
        )
        for one in found
    ]
    terminal.table(columns, rows)
    for one in found:
        if one.broken:
            terminal.say("template-has-faults", style="yellow", template=one.name, count=one.broken)
    terminal.say("next-templates")
    return DONE


def _whose(one: Template) -> str:
    if not one.own:
        return "builtin"
    return "overrides" if one.overrides else "own"


def copied(terminal: Terminal, done: Copied) -> int:
    """The files written, and what to do with them."""
    terminal.json(done)
    for path in done.files:
        terminal.say("written", style="bold", path=relative(path))
    for path in done.kept:
        terminal.say("template-kept", path=relative(path))
    drawn = done.files[0].suffix == ".docx"
    terminal.say("next-template-docx" if drawn else "next-template-new", template=done.name)
    return DONE
