"""How seals look on a terminal: what was sealed, voided, checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ruralpb.cli.show import DONE, TO_ACT_ON, relative
from ruralpb.cli.terminal import Terminal

if TYPE_CHECKING:
    from ruralpb.app.sealing import SealingResult, Unlocked
    from ruralpb.app.verify import Part, Verified


def sealed(terminal: Terminal, result: SealingResult, in_detail: bool) -> int:
    """The documents, the seal, and what counts as it stands."""
    terminal.json(result)
    if in_detail:
        rows = [(f.text, f.fact, f.says, len(f.cells)) for f in result.facts]
        terminal.table(("column-printed", "column-fact", "column-says", "column-cells"), rows)
    for problem in result.problems:
        terminal.problem(problem)
    for path in result.files:
        terminal.say("written", style="bold", path=relative(path))
    seal = result.seal
    terminal.say(
        "seal-done", period=seal.period, number=seal.number, by=seal.by, path=relative(result.manifest)
    )
    if result.as_is:
        terminal.say("seal-as-is", style="yellow", count=len(result.as_is))
    terminal.say("next-seal", folder=relative(result.manifest.parent), period=seal.period)
    return DONE


def unlocked(terminal: Terminal, result: Unlocked) -> int:
    """Which seal is void, and what counts again."""
    terminal.json(result)
    seal = result.seal
    terminal.say("unlock-done", period=seal.period, number=seal.number, late=len(result.after_seal))
    terminal.say("next-unlock", period=seal.period)
    return DONE


def verified(terminal: Terminal, results: tuple[Verified, ...]) -> int:
    """Part by part: the same, not at hand, or what differs."""
    terminal.json([{"manifest": r.manifest, "period": r.period, "parts": r.parts} for r in results])
    for result in results:
        for part in result.parts:
            _part(terminal, part)
        terminal.say("verify-done", period=result.period, files=result.compared, differ=len(result.problems))
    return TO_ACT_ON if any(result.problems for result in results) else DONE


def _part(terminal: Terminal, part: Part) -> None:
    name = terminal.text(f"verify-part-{part.name}")
    if part.compared is None:
        terminal.say("verify-skipped", style="dim", part=name)
    elif not part.problems:
        terminal.say("verify-ok", style="green", part=name, count=part.compared)
    for problem in part.problems:
        terminal.problem(problem)
