"""ruralpb compiles rural-revitalisation returns into a briefing whose every figure leads back to its cells.

The package root imports nothing, so that `ruralpb --version` starts at once. `open` is the Python door.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ruralpb.app.frames import ProjectFrames

__version__ = "0.1.0"


def open(folder: str) -> ProjectFrames:
    """Return the project in `folder` (the one that holds ruralpb.yaml). Its `facts(form, period)`,
    `indicators(period)`, `findings(period)`, `notes(period)`, `submissions(period)` and `units()` give the
    exports of the command line as pandas frames.

    Raises `ruralpb.core.problems.CannotRun` when the folder is no project or its definitions have errors.
    """
    from ruralpb.app.frames import ProjectFrames
    from ruralpb.app.opening import open_project

    return ProjectFrames(open_project(folder))


def __getattr__(name: str) -> Any:
    if name == "CannotRun":
        from ruralpb.core.problems import CannotRun

        return CannotRun
    raise AttributeError(f"module 'ruralpb' has no attribute {name!r}")
