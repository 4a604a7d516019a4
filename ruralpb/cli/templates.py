"""Templates: what `report --list` and `report --new` show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ruralpb.cli.exit_codes import ExitCode
from ruralpb.cli.parameters import project_of
from ruralpb.cli.terminal import ScreenColumn, Terminal, relative

if TYPE_CHECKING:
    from ruralpb.app.templates import Template


def list_(terminal: Terminal) -> ExitCode:
    """A row a template: its name, title, what it is about, whose it is, its file."""
    from ruralpb.app import templates

    templates_found = templates.listed(project_of(terminal))
    terminal.json(templates_found)
    columns: tuple[ScreenColumn[Template], ...] = (
        ScreenColumn("column-template", "name"),
        ScreenColumn("column-title", "title"),
        ScreenColumn("column-template-about", lambda one: terminal.text(f"template-about-{one.about}")),
        ScreenColumn("column-audience", lambda one: terminal.text(f"audience-{one.audience}")),
        ScreenColumn("column-whose", lambda one: terminal.text(f"template-whose-{_whose(one)}")),
        ScreenColumn("column-file", lambda one: relative(one.file) if one.own else one.file.name),
    )
    terminal.table(columns, templates_found)
    for template in templates_found:
        if template.broken:
            terminal.say("template-has-faults", style="yellow", template=template.name, count=template.broken)
    terminal.say("next-templates")
    return ExitCode.DONE


def _whose(template: Template) -> str:
    if not template.own:
        return "builtin"
    return "overrides" if template.overrides else "own"


def copy(terminal: Terminal, name: str, base: str) -> ExitCode:
    """Copy a template to the project; the files written, and what to do with them."""
    from ruralpb.app import template_copy

    result = template_copy.copied(project_of(terminal), name, base)
    terminal.json(result)
    terminal.written(result.files)
    for path in result.kept:
        terminal.say("template-kept", path=relative(path))
    is_docx = result.files[0].suffix == ".docx"
    terminal.say("next-template-docx" if is_docx else "next-template-new", template=result.name)
    return ExitCode.DONE
