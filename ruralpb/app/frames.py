"""The Python door: the exports of the command line as pandas frames (exact Decimals as objects)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ruralpb.app import export
from ruralpb.app.project import Project
from ruralpb.core import periods
from ruralpb.publish.exports import formats


@dataclass(frozen=True, slots=True)
class ProjectFrames:
    """The tables of one project."""

    project: Project

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
        now = datetime.now().astimezone()
        at = periods.parse(period, now.date())
        request = export.ExportRequest(what, form, at, unit, with_personal_data=bool(reason), reason=reason)
        return formats.frame(export.table(self.project, request, now))
