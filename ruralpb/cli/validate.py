"""`validate`: the findings by severity, each with its place; the checks as SQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from ruralpb.cli.exit_codes import ExitCode, done
from ruralpb.cli.parameters import Form, Quarter, Unit, current_day, option, period_of, project_of
from ruralpb.cli.terminal import Styled, Terminal
from ruralpb.core.messages import listing
from ruralpb.core.problems import SEVERITIES

if TYPE_CHECKING:
    from ruralpb.app.examination import Selection, Validation
    from ruralpb.core.periods import Period
    from ruralpb.model import Finding

_FINDINGS_SHOWN = 60
_INDENT = "\n     "


@dataclass(frozen=True, slots=True)
class ValidateArguments:
    """What `validate` takes."""

    quarter: Quarter = "last"
    form: Form = ""
    unit: Unit = ""
    severity: Annotated[str, option("help-severity", "--severity", value="S")] = ""
    check: Annotated[list[str] | None, option("help-check", "--check", value="ID")] = None
    sql: Annotated[bool, option("help-validate-sql", "--sql")] = False


def validate(terminal: Terminal, arguments: ValidateArguments) -> ExitCode:
    """Run the checks; the findings, what could not be checked, and the counts (unknown ones are only counted)."""
    from ruralpb.app import validate
    from ruralpb.app.examination import Selection

    selection = Selection(arguments.form, arguments.unit, arguments.severity, tuple(arguments.check or ()))
    period = period_of(arguments.quarter)
    if arguments.sql:
        return _show_plans(terminal, period, selection)
    result = validate.validate(project_of(terminal), period, current_day(), selection)
    terminal.json(result)
    failed = result.failed()
    for finding in terminal.shown(failed, _FINDINGS_SHOWN):
        terminal.line(*_finding(terminal, finding))
    terminal.more("findings-more", failed, _FINDINGS_SHOWN)
    terminal.problems(result.problems)
    show_totals(terminal, result)
    terminal.say("next-validate" if result.blocking else "next-validate-clean", period=result.period)
    return done(result.blocking)


def show_totals(terminal: Terminal, result: Validation) -> None:
    """Say how many findings there are of each severity, and how many are answered."""
    failed = result.failed()
    by = Counter(finding.severity for finding in failed)
    terminal.say("validate-done", period=result.period, errors=by["error"], queries=by["query"], notes=by["note"],
                 unknown=len(result.findings) - len(failed))  # fmt: skip
    answered = Counter(finding.status for finding in failed)
    if answered["explained"] or answered["amended"]:
        terminal.say("validate-decided", explained=answered["explained"], amended=answered["amended"])


def _finding(terminal: Terminal, finding: Finding) -> Iterator[Styled]:
    yield terminal.text(f"severity-{finding.severity}"), SEVERITIES[finding.severity].style
    yield f" {finding.check} ", "bold"
    if finding.cells:
        place = finding.cells[0]
        yield " · ".join(filter(None, (place.file, place.sheet, place.cell))) + _INDENT, "dim"
    yield finding.message
    if finding.ask_first:
        first = listing(address.cell for address in finding.ask_first)
        others = listing(address.cell for address in finding.or_else)
        yield _INDENT + terminal.text("ask-first", cells=first), "cyan"
        if others:
            yield terminal.text("ask-or-else", cells=others), "cyan"
    if finding.not_localised:
        yield _INDENT + terminal.text(f"not-localised-{finding.not_localised}"), "dim"
    yield from _decision(terminal, finding)


def _decision(terminal: Terminal, finding: Finding) -> Iterator[Styled]:
    """What a person decided about it, or what they can say about it."""
    if finding.status == "explained":
        text = terminal.text("explained-by", person=finding.person, reason=finding.reason)
        yield f"{_INDENT}{text}", "green"
    elif finding.status == "amended":
        yield f"{_INDENT}{finding.reason}", "green"
    elif finding.severity == "query":
        yield f"  {finding.id}", "dim"
        if finding.offered:
            text = terminal.text("explained-before", person=finding.offered_by, reason=finding.offered)
            yield f"{_INDENT}{text}", "dim"


def _show_plans(terminal: Terminal, period: Period, selection: Selection) -> ExitCode:
    """Each check's id, sentence and SQL, as text that can be run."""
    from ruralpb.app.validate import plans

    check_plans = plans(project_of(terminal), period, selection)
    terminal.json(
        [{"check": p.check.id, "form": p.form, "sentence": p.sentence, "sql": p.sql} for p in check_plans]
    )
    for plan in () if terminal.as_json else check_plans:
        terminal.data(
            f"-- {plan.check.id} {plan.form}: {plan.sentence}\n-- {plan.check.message}\n{plan.sql};\n\n"
        )
    return ExitCode.DONE
