"""`explain`, `amend`, `withdraw`: what people decide about findings and returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from ruralpb.cli.exit_codes import ExitCode
from ruralpb.cli.parameters import Quarter, Reason, argument, current_time, option, period_of, project_of
from ruralpb.cli.terminal import Terminal
from ruralpb.core.messages import listing

Person = Annotated[str, option("help-who", "--by", value="NAME")]
SubmissionId = Annotated[str, argument("help-submission", "SUBMISSION")]


@dataclass(frozen=True, slots=True)
class ExplainArguments:
    """What `explain` takes."""

    findings: Annotated[list[str], argument("help-explain-findings", "FINDING")]
    reason: Reason = ""
    by: Person = ""
    quarter: Quarter = "last"


@dataclass(frozen=True, slots=True)
class AmendArguments:
    """What `amend` takes."""

    submission: SubmissionId
    cell: Annotated[str, option("help-amend-cell", "--cell", value="SHEET!CELL")] = ""
    unit: Annotated[str, option("help-amend-unit", "--unit", "--township", value="UNIT")] = ""
    field: Annotated[str, option("help-amend-field", "--field", value="FIELD")] = ""
    row: Annotated[str, option("help-amend-row", "--row", value="KEY")] = ""
    value: Annotated[str | None, option("help-amend-value", "--value", value="VALUE")] = None
    reason: Reason = ""
    by: Person = ""
    basis: Annotated[str, option("help-basis", "--basis", value="TEXT")] = ""


@dataclass(frozen=True, slots=True)
class WithdrawArguments:
    """What `withdraw` takes."""

    submission: SubmissionId
    reason: Reason = ""
    by: Person = ""


def explain(terminal: Terminal, arguments: ExplainArguments) -> ExitCode:
    """Answer queries with a reason; a line a finding."""
    from ruralpb.app import decisions

    project, period = project_of(terminal), period_of(arguments.quarter)
    result = decisions.explain(
        project, period, arguments.findings, arguments.reason, arguments.by, current_time()
    )
    terminal.json(result)
    for finding in result.findings:
        terminal.say("explained", finding=finding.id, person=finding.person, reason=finding.reason)
    for finding_id in result.already:
        terminal.say("explained-already", style="dim", finding=finding_id)
    terminal.say("next-decision", period=result.period)
    return ExitCode.DONE


def amend(terminal: Terminal, arguments: AmendArguments) -> ExitCode:
    """Amend a value; the cell, its values, and what that did to the findings."""
    from ruralpb.app import decisions
    from ruralpb.returns.cell_selection import CellRequest
    from ruralpb.returns.decision_results import CellChange

    change = CellChange(arguments.value, arguments.reason, arguments.by, arguments.basis)
    cell = CellRequest(arguments.unit, arguments.field, arguments.row, arguments.cell)
    result = decisions.amend(project_of(terminal), arguments.submission, cell, change, current_time())
    terminal.json(result)
    blank = terminal.text("amended-blank")
    place = f"{result.address.file} {result.address.sheet}!{result.address.cell}"
    terminal.say("amended", style="bold", cell=place, subject=result.subject, title=result.title,
                 was=result.was or blank, now=result.now or blank)  # fmt: skip
    for slug, findings, style in (
        ("amended-resolves", result.resolved, "green"),
        ("amended-raises", result.raised, "yellow"),
    ):
        if findings:
            ids = listing(finding.id for finding in findings)
            terminal.say(slug, style=style, count=len(findings), findings=ids)
    terminal.say("next-decision", period=result.period)
    return ExitCode.DONE


def withdraw(terminal: Terminal, arguments: WithdrawArguments) -> ExitCode:
    """Withdraw a version of a return; what counts now."""
    from ruralpb.app import decisions

    result = decisions.withdraw(
        project_of(terminal), arguments.submission, arguments.reason, arguments.by, current_time()
    )
    terminal.json(result)
    terminal.say("withdrawn", style="bold", submission=result.submission)
    if result.current:
        terminal.say("withdrawn-then", submission=result.current)
    else:
        terminal.say("withdrawn-missing", style="yellow")
    terminal.say("next-decision", period=result.period)
    return ExitCode.DONE
