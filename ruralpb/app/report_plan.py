"""What is asked of a report → how it is made: template, formats, audience and unit, settled before anything is computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ruralpb.app import template_choice
from ruralpb.app.project import Project
from ruralpb.app.units import find_unit
from ruralpb.core.periods import Period
from ruralpb.model import Unit
from ruralpb.publish import documents
from ruralpb.publish.text import OF_THE_UNIT, Audience
from ruralpb.returns import owed


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """Which template, for which unit (code or name; default the project's own), in which formats, into which folder."""

    template: str = ""
    unit: str = ""
    formats: tuple[str, ...] = ()
    out: Path | None = None
    audience: str = ""
    """internal, townships or public; "": as the template is meant."""


@dataclass(frozen=True, slots=True)
class ReportPlan:
    """`unit` is None for the project's own; `search` are the folders of templates; `alone`: the template says nothing of the units below;
    `stem` is how the names of the files begin; `when` the time they bear."""

    template: str
    search: Sequence[Path]
    formats: tuple[str, ...]
    audience: Audience
    unit: Unit | None
    alone: bool
    stem: str
    when: datetime


def planned(project: Project, period: Period, request: ReportRequest) -> ReportPlan:
    """Return how the report of `period` is made. Raises CannotRun (exit 2): an unknown unit, template, format or audience, a template
    with something wrong in it, one that shows more than its audience may see."""
    unit = find_unit(project.definitions.register, request.unit, period.end) if request.unit else None
    template, search = template_choice.located(project, request.template or project.settings.template)
    formats = request.formats or documents.formats_of(template, search, project.settings.formats)
    documents.check(template, search, formats)
    template_choice.fit(project, period, template, search)
    name = Path(template).name.split(".")[0]
    return ReportPlan(
        template,
        search,
        tuple(formats),
        template_choice.meant_for(template, search, request.audience),
        unit,
        documents.reads(template, search) <= OF_THE_UNIT,
        "-".join(filter(None, (period.label, name, unit.name if unit else ""))),
        stamp(project, period),
    )


def stamp(project: Project, period: Period) -> datetime:
    """The time the documents bear: the latest due date of the period stands for now."""
    definitions = project.definitions
    dues = [o.due for o in owed(project.settings, definitions.library, definitions.register, period)]
    return documents.stamp(max(dues, default=period.end))
