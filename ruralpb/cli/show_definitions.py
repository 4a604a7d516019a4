"""How definitions, their problems and their cases look on a terminal."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from ruralpb.cli.show import DONE, TO_ACT_ON, relative
from ruralpb.cli.terminal import Terminal

if TYPE_CHECKING:
    from ruralpb.app.define import CaseResult, Checked, ExplainedDefinition, Listed

BROKEN = 2


def definition_problems(terminal: Terminal, result: Checked) -> int:
    """Every problem with file:line, then how many definitions were read. Errors exit 2, as they stop every command."""
    terminal.json(result)
    for problem in result.problems:
        terminal.problem(problem)
    counts = result.counts
    terminal.say(
        "define-checked", forms=counts["forms"], checks=counts["checks"], indicators=counts["indicators"],
        standards=counts["standards"], cases=counts["cases"], errors=result.errors,
        warnings=len(result.problems) - result.errors,
    )  # fmt: skip
    terminal.say("next-define-errors" if result.errors else "next-define")
    return BROKEN if result.errors else DONE


def case_results(terminal: Terminal, results: tuple[CaseResult, ...]) -> int:
    """The cases that did not hold, with what was expected and what came; then the count."""
    terminal.json(results)
    failed = [r for r in results if not r.holds]
    if not (terminal.quiet or terminal.as_json):
        for result in failed:
            terminal.out.print(Text(f"✗ {result.where} {result.name}", style="bold red"), soft_wrap=True)
            for miss in result.misses:
                terminal.say(
                    "case-miss", what=miss.what, unit=miss.unit, expected=miss.expected, got=miss.got
                )
            for problem in result.problems:
                terminal.problem(problem)
    left_out = sum(result.left_out for result in results)
    terminal.say("cases-done", count=len(results) - left_out, failed=len(failed))
    if left_out:
        terminal.say("cases-left-out", count=left_out)
    return TO_ACT_ON if failed else DONE


def schema(text: str) -> int:
    """Print a JSON Schema as it is, so that it can be piped on."""
    sys.stdout.write(text)
    sys.stdout.flush()
    return DONE


def schemas(terminal: Terminal, written: tuple[Path, ...]) -> int:
    """The files written."""
    terminal.json(written)
    for path in written:
        terminal.say("written", style="bold", path=relative(path))
    return DONE


def definition_list(terminal: Terminal, listed: tuple[Listed, ...]) -> int:
    """One row a definition."""
    terminal.json(listed)
    rows = [
        (
            terminal.text(f"kind-{d.kind}"),
            d.id,
            d.title,
            d.about,
            "" if d.enabled else terminal.text("switched-off"),
        )
        for d in listed
    ]
    terminal.table(("column-kind", "column-id", "column-title", "column-about", "column-state"), rows)
    terminal.say("next-define-list")
    return DONE


def definition(terminal: Terminal, found: ExplainedDefinition) -> int:
    """What it is, in a sentence; then what its YAML says, its standards, fields, checks and cases."""
    terminal.json(found)
    if terminal.quiet or terminal.as_json:
        return DONE
    terminal.out.print(Text(f"{found.id}  {found.title}", style="bold"))
    terminal.out.print(Text(str(found.where), style="dim"))
    terminal.out.print(Text(found.sentences[terminal.lang]), soft_wrap=True)
    terminal.table(("column-key", "column-says"), found.keys)
    for standard in found.standards:
        for value in standard.values:
            said = (
                value.value if not isinstance(value.value, tuple) else "、".join(b.title for b in value.value)
            )
            terminal.say("trace-standard", title=standard.title, value=f"{said}{standard.measure}", start=value.start,
                         source=value.source)  # fmt: skip
    if found.fields:
        fields = [
            (f.id, f.title, f.type, f.measure, "、".join(a.text for a in f.aliases)) for f in found.fields
        ]
        terminal.table(
            ("column-id", "column-title", "column-type", "column-measure", "column-aliases"), fields
        )
    if found.checks:
        terminal.table(
            ("column-id", "column-severity", "column-message"),
            [(c.id, c.severity, c.message) for c in found.checks],
        )
    if found.cases:
        terminal.table(("column-case", "column-where"), [(name, str(where)) for name, where in found.cases])
    return DONE
