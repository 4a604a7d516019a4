"""The use cases, one module each, as short lists of stage calls. The only layer that opens store, archive and journal.

project   the folder, its definitions, its lock       define    lint, test, list, explain the definitions
ingest    files → archive → journal → store           rebuild   archive and journal → the store again
validate  checks → findings                           status    who has returned what
figures   indicators → values (`computing`)           trace     a figure → its cells
report    values, findings → documents                export    tidy tables; `sql` a person's own query
sealing   a quarter closed and opened again   verify      a sealed briefing, years later
diff      why figures moved, down to cells   manifest    what went into a seal and what came out
run       what cron calls                             start     `init` and `demo`
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from ruralpb.app.project import Project as Folder
from ruralpb.app.project import open_project as open_folder
from ruralpb.core import periods

__all__ = ["Project", "open_project"]


class Project:
    """The Python door: the exports of the command line as pandas frames (exact Decimals as objects)."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder

    def facts(self, form: str, period: str, unit: str = "", *, reason: str = "") -> Any:
        """Return the current rows of a form. Personal fields are masked unless a `reason` is given, which is journaled."""
        return self._table("facts", period, form=form, unit=unit, reason=reason)

    def indicators(self, period: str, unit: str = "") -> Any:
        """Return the figures of a period: own level and the one below."""
        return self._table("indicators", period, unit=unit)

    def findings(self, period: str, form: str = "", unit: str = "") -> Any:
        """Return what the checks and intake found."""
        return self._table("findings", period, form=form, unit=unit)

    def notes(self, period: str) -> Any:
        """Return every cell that was not taken literally."""
        return self._table("notes", period)

    def submissions(self, period: str) -> Any:
        """Return the versions of the period's returns, and refused files."""
        return self._table("submissions", period)

    def units(self) -> Any:
        """Return the dated register."""
        return self._table("units", "current")

    def _table(self, what: str, period: str, form: str = "", unit: str = "", reason: str = "") -> Any:
        from ruralpb.app import export
        from ruralpb.publish.exports import formats

        now = datetime.now().astimezone()
        at = periods.parse(period, now.date())
        request = export.ExportRequest(what, form, at, unit, with_personal_data=bool(reason), reason=reason)
        return formats.frame(export.table(self.folder, request, now))


def open_project(folder: Path | str) -> Project:
    """Return the project in `folder`. Raises CannotRun when it is none, or its definitions have errors."""
    return Project(open_folder(folder))
