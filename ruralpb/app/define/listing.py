"""List the definitions, those that are switched off too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ruralpb.app import definition_files
from ruralpb.app.define.sources import project_meant
from ruralpb.core.problems import CannotRun, Location, Problem
from ruralpb.model import loader as defining
from ruralpb.model.library import KINDS
from ruralpb.model.loader.definition_keys import belongs_to, definition_title


@dataclass(frozen=True, slots=True)
class Listed:
    """One definition in a list. `about`: the form it belongs to, or its domain."""

    kind: str
    id: str
    title: str
    about: str
    where: Location
    enabled: bool = True


def list_(folder: Path | None, kind: str = "", today: date = date.max) -> tuple[Listed, ...]:
    """Every definition of `kind` (one of KINDS; empty: all), in order of definition; titles with the values that their
    standards have `today`, else with the last ones.

    Raises CannotRun (exit 2) for another kind, and when the definitions have errors.
    """
    if kind and kind not in KINDS:
        expected, data = " | ".join(KINDS), {"key": "define list"}
        raise CannotRun(Problem("definition-wants-choice", found=kind, expected=expected, data=data))
    library = definition_files.load(defining.sources(project_meant(folder)))[0].library.worded(today)
    return tuple(
        Listed(
            section,
            d.id,
            definition_title(d),
            belongs_to(d, library),
            d.defined_at,
            getattr(d, "enabled", True),
        )
        for section in ((kind,) if kind else KINDS)
        for d in getattr(library, section).values()
    )
