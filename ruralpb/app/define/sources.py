"""Which definitions are meant: those of a project, or the built-in ones where there is none; and their cases."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from ruralpb.app import definition_files, opening
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.model import loader as defining
from ruralpb.model.loader import OWN, Case, Definitions


def project_meant(folder: Path | None) -> Path | None:
    """The project meant; None, the built-in library, where none is named and none is found upwards."""
    if folder or os.environ.get("RURALPB_PROJECT"):
        return opening.find(folder)
    try:
        return opening.find()
    except CannotRun:
        return None


def definitions_with_cases(folder: Path | None) -> tuple[Definitions, tuple[Case, ...]]:
    """Return the definitions and their cases. Raises CannotRun (exit 2) when either have errors."""
    sources = defining.sources(project_meant(folder))
    definitions, _ = definition_files.load(sources)
    cases, problems = read_cases(sources, definitions)
    if problems:
        raise CannotRun(problems)
    return definitions, cases


def read_cases(
    sources: Mapping[str, bytes], definitions: Definitions
) -> tuple[tuple[Case, ...], list[Problem]]:
    """All cases, and what is wrong with them. A built-in case that the project's own definitions have made unreadable (it fills
    in a field that is switched off) is none of theirs."""
    cases, problems = defining.cases(sources, definitions.library)
    if any(name.startswith(OWN) for name in sources):
        problems = [problem for problem in problems if problem.where.file.startswith(OWN)]
    return cases, problems
