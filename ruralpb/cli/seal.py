"""Seals: `unlock`, and what `report --final` and `report --verify` show."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from ruralpb.cli.exit_codes import ExitCode, done
from ruralpb.cli.parameters import current_time, option, period_of, project_of
from ruralpb.cli.terminal import ScreenColumn, Terminal, relative
from ruralpb.core.problems import CannotRun

if TYPE_CHECKING:
    from ruralpb.app.project import Project
    from ruralpb.app.sealing import SealingResult
    from ruralpb.publish.documents import PrintedNumber
    from ruralpb.store.archive.manifests import Part


@dataclass(frozen=True, slots=True)
class UnlockArguments:
    """What `unlock` takes."""

    quarter: Annotated[str, option("help-quarter", "--quarter", "--period", value="Q")]
    reason: Annotated[str, option("help-seal-reason", "--reason", value="TEXT")]
    by: Annotated[str, option("help-seal-by", "--by", value="NAME")]


def unlock(terminal: Terminal, arguments: UnlockArguments) -> ExitCode:
    """Void a seal; say which, and what counts again."""
    from ruralpb.app import sealing

    project, period = project_of(terminal), period_of(arguments.quarter)
    result = sealing.unlock(project, period, arguments.by, arguments.reason, current_time())
    terminal.json(result)
    seal = result.seal
    terminal.say("unlock-done", period=seal.period, number=seal.number, late=len(result.after_seal))
    terminal.say("next-unlock", period=seal.period)
    return ExitCode.DONE


_FACTS: tuple[ScreenColumn[PrintedNumber], ...] = (
    ScreenColumn("column-printed", "text"),
    ScreenColumn("column-fact", "fact"),
    ScreenColumn("column-says", "says"),
    ScreenColumn("column-cells", lambda fact: len(fact.cells)),
)


def show_sealed(terminal: Terminal, result: SealingResult, in_detail: bool) -> ExitCode:
    """The documents, the seal, and what counts as it stands."""
    terminal.json(result)
    if in_detail:
        terminal.table(_FACTS, result.facts)
    terminal.problems(result.problems)
    terminal.written(result.files)
    seal, manifest = result.seal, result.manifest
    terminal.say("seal-done", period=seal.period, number=seal.number, by=seal.by, path=relative(manifest))
    if result.as_is:
        terminal.say("seal-as-is", style="yellow", count=len(result.as_is))
    terminal.say("next-seal", folder=relative(manifest.parent), period=seal.period)
    return ExitCode.DONE


def verify(terminal: Terminal, folder: Path) -> ExitCode:
    """Compare sealed documents; part by part: the same, not at hand, or what differs."""
    from ruralpb.app import verify

    results = verify.verify(folder, _project_at_hand(terminal))
    terminal.json([{"manifest": r.manifest, "period": r.period, "parts": r.parts} for r in results])
    for result in results:
        for part in result.parts:
            _show_part(terminal, part)
        terminal.say("verify-done", period=result.period, files=result.compared, differ=len(result.problems))
    return done(to_act_on=any(result.problems for result in results))


def _show_part(terminal: Terminal, part: Part) -> None:
    name = terminal.text(f"verify-part-{part.name}")
    if part.compared is None:
        terminal.say("verify-skipped", style="dim", part=name)
    elif not part.problems:
        terminal.say("verify-ok", style="green", part=name, count=part.compared)
    terminal.problems(part.problems)


def _project_at_hand(terminal: Terminal) -> Project | None:
    """The project, where there is one: a seal can be checked without."""
    try:
        return project_of(terminal)
    except CannotRun:
        if terminal.project is not None:
            raise
        return None
