"""`demo` and `init`: the sample project, a new project."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from ruralpb.cli.exit_codes import ExitCode
from ruralpb.cli.parameters import argument, current_day, option
from ruralpb.cli.terminal import ScreenColumn, Terminal

if TYPE_CHECKING:
    from ruralpb.app.demo import Quarter

_QUARTERS: tuple[ScreenColumn[Quarter], ...] = (
    ScreenColumn("column-period", "period"),
    ScreenColumn("column-findings", "findings", right=True),
    ScreenColumn("column-figures", "figures", right=True),
)


@dataclass(frozen=True, slots=True)
class DemoArguments:
    """What `demo` takes."""

    folder: Annotated[Path, argument("help-demo-folder", "DIR")] = Path("ruralpb-demo")


@dataclass(frozen=True, slots=True)
class InitArguments:
    """What `init` takes."""

    folder: Annotated[Path, argument("help-init-folder", "DIR")]
    unit: Annotated[str, option("help-init-unit", "--unit", value="UNIT")] = ""
    units: Annotated[Path | None, option("help-init-units", "--units", value="FILE")] = None


def demo(terminal: Terminal, arguments: DemoArguments) -> ExitCode:
    """Go through every quarter of the sample county; say where to look."""
    from ruralpb.app import demo as demonstrating

    with terminal.progress("progress-demo") as advance:
        result = demonstrating.demo(arguments.folder, current_day(), advance)
    terminal.json(result)
    terminal.say("demo-done", folder=result.folder, files=result.files, rows=result.rows)
    terminal.table(_QUARTERS, result.quarters)
    terminal.written(result.quarters[-1].files if result.quarters else ())
    terminal.say("next-demo", folder=result.folder)
    return ExitCode.DONE


def init(terminal: Terminal, arguments: InitArguments) -> ExitCode:
    """Make a project; say what is in it and what it still needs."""
    from ruralpb.app import init as starting

    result = starting.init(arguments.folder, arguments.unit, arguments.units, current_day())
    terminal.json(result)
    terminal.say("init-done", folder=result.folder)
    for name in result.files:
        terminal.say("init-file", name=name)
    terminal.say("next-init-units" if result.needs_units else "next-init", folder=result.folder)
    return ExitCode.DONE
