"""Lint the definitions and their cases, and ask what is doubtful about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ruralpb.app import definition_files, opening, templates
from ruralpb.app.define.sources import project_meant, read_cases
from ruralpb.core.problems import Problem
from ruralpb.model import loader as defining
from ruralpb.model.library import KINDS
from ruralpb.rules.definitions import doctor


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong with the definitions and their cases, and how many there are of each kind."""

    problems: tuple[Problem, ...]
    counts: Mapping[str, int]

    @property
    def errors(self) -> int:
        """How many of the problems keep every other command from running."""
        return sum(problem.severity == "error" for problem in self.problems)


def check(folder: Path | None, today: date) -> Checked:
    """Lint all definitions and cases of the project at or above `folder`; where nothing is wrong, ask what is doubtful (`doctor`)."""
    sources = defining.sources(project_meant(folder))
    definitions, problems = definition_files.read(sources)
    cases, case_problems = read_cases(sources, definitions)
    if not any(problem.severity == "error" for problem in problems):
        problems = [*problems, *doctor.examine(definitions.library, today), *_templates(folder)]
    counts = {kind: len(getattr(definitions.library, kind)) for kind in KINDS}
    return Checked((*problems, *case_problems), counts | {"cases": len(cases)})


def _templates(folder: Path | None) -> list[Problem]:
    """What is wrong with the project's own templates; none where there is no project."""
    project = project_meant(folder)
    return [] if project is None else templates.lint(opening.open_project(project))
