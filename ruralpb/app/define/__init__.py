"""Define: lint the definitions, run their cases, list them, explain one.

Works on a project, or on the built-in library where there is none.

    check   every problem of the definitions and of their cases, and what is doubtful about them (`doctor`)
    test    the cases beside the definitions, run on a scratch store (`trial`)
    list_   what there is, what is switched off too
    show    one definition for a person to read (`explain`)
    schema  the JSON Schema by which an editor checks what is being written
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ruralpb.app import definition_files, opening, templates
from ruralpb.app.define import doctor
from ruralpb.app.define.explain import ExplainedDefinition, about, explained, title
from ruralpb.app.define.reach import is_about_changed, mentioned
from ruralpb.app.define.trial import CaseResult, Miss, run
from ruralpb.core.problems import NOWHERE, CannotRun, Location, Problem
from ruralpb.model import Library
from ruralpb.model import loader as defining
from ruralpb.model.loader import OWN, Case, Definitions, editor_schema
from ruralpb.model.loader.suggest import unknown
from ruralpb.store import ScratchEngine

__all__ = [
    "KINDS",
    "CaseResult",
    "Checked",
    "ExplainedDefinition",
    "Listed",
    "Miss",
    "check",
    "list_",
    "schema",
    "show",
    "test",
    "write_schemas",
]

KINDS = ("forms", "checks", "indicators", "standards", "watches", "scores", "lists")


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong with the definitions and their cases, and how many there are of each kind."""

    problems: tuple[Problem, ...]
    counts: Mapping[str, int]

    @property
    def errors(self) -> int:
        """How many of the problems keep every other command from running."""
        return sum(problem.severity == "error" for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Listed:
    """One definition in a list. `about`: the form it belongs to, or its domain."""

    kind: str
    id: str
    title: str
    about: str
    where: Location
    enabled: bool = True


def check(folder: Path | None, today: date) -> Checked:
    """Lint all definitions and cases of the project at or above `folder`; where nothing is wrong, ask what is doubtful (`doctor`)."""
    sources = defining.sources(_project(folder))
    definitions, problems = definition_files.read(sources)
    cases, case_problems = _cases(sources, definitions)
    if not any(problem.severity == "error" for problem in problems):
        problems = [*problems, *doctor.examine(definitions.library, today), *_templates(folder)]
    counts = {kind: len(getattr(definitions.library, kind)) for kind in KINDS}
    return Checked((*problems, *case_problems), counts | {"cases": len(cases)})


def _templates(folder: Path | None) -> list[Problem]:
    """What is wrong with the project's own templates; none where there is no project."""
    found = _project(folder)
    return [] if found is None else templates.lint(opening.open_project(found))


def test(folder: Path | None, only: Sequence[str]) -> tuple[CaseResult, ...]:
    """Run the cases beside the definitions. `only`: those that mention one of these check or indicator ids, or whose
    file's name begins so (a form, a domain). A built-in case about something the project defines otherwise is left out: it says
    what the built-in definition means.

    Raises CannotRun (exit 2) when the definitions or the cases have errors, or a word of `only` names nothing.
    """
    definitions, cases = _with_cases(folder)
    for word in only:
        if not any(_is_about(case, word) for case in cases):
            tested = {id_ for case in cases for id_ in mentioned(case)}
            raise CannotRun(unknown("definition-id-unknown", NOWHERE, word, tested))
    wanted = [case for case in cases if not only or any(_is_about(case, word) for word in only)]
    with ScratchEngine() as engine:
        return tuple(_result(case, definitions.library, engine) for case in wanted)


def list_(folder: Path | None, kind: str = "") -> tuple[Listed, ...]:
    """Every definition of `kind` (one of KINDS; empty: all), in order of definition.

    Raises CannotRun (exit 2) for another kind, and when the definitions have errors.
    """
    if kind and kind not in KINDS:
        expected, data = " | ".join(KINDS), {"key": "define list"}
        raise CannotRun(Problem("definition-wants-choice", found=kind, expected=expected, data=data))
    library = definition_files.load(defining.sources(_project(folder)))[0].library
    return tuple(
        Listed(one, d.id, title(d), about(d, library), d.defined_at, getattr(d, "enabled", True))
        for one in ((kind,) if kind else KINDS)
        for d in getattr(library, one).values()
    )


def show(folder: Path | None, id_: str) -> ExplainedDefinition:
    """Explain a form, check, indicator, standard, watch, score, list, or field (`form.field`).

    Raises CannotRun (exit 2) for an unknown id, with the nearest one, and when the definitions have errors.
    """
    definitions, cases = _with_cases(folder)
    return explained(id_, definitions.library, cases)


def schema(folder: Path | None, kind: str) -> str:
    """Return the JSON Schema of one kind of definition file (`editor_schema.FILES`) or of one kind of definition, as text.

    In a project, what has an id in the library that its definitions are laid over need not be said whole. Raises CannotRun (exit 2)
    for a kind that there is none of.
    """
    if kind not in editor_schema.kinds():
        raise CannotRun(
            unknown("definition-wants-choice", NOWHERE, kind, editor_schema.kinds(), key="define schema")
        )
    project_folder = _project(folder)
    base = {n: c for n, c in defining.sources(project_folder).items() if not n.startswith(OWN)}
    library = defining.load(base)[0].library
    return editor_schema.text(kind, library, whole=project_folder is None)


def write_schemas(folder: Path | None, kind: str, out: Path) -> tuple[Path, ...]:
    """Write the schema of `kind` (empty: of every kind of file) to the folder `out`; the files written."""
    texts = {
        editor_schema.file_name(k): schema(folder, k) for k in ((kind,) if kind else editor_schema.FILES)
    }
    out.mkdir(parents=True, exist_ok=True)
    for name, content in texts.items():
        (out / name).write_text(content, "utf-8")
    return tuple(out / name for name in texts)


def _project(folder: Path | None) -> Path | None:
    """The project meant; None, the built-in library, where none is named and none is found upwards."""
    if folder or os.environ.get("RURALPB_PROJECT"):
        return opening.find(folder)
    try:
        return opening.find()
    except CannotRun:
        return None


def _with_cases(folder: Path | None) -> tuple[Definitions, tuple[Case, ...]]:
    sources = defining.sources(_project(folder))
    definitions, _ = definition_files.load(sources)
    cases, problems = _cases(sources, definitions)
    if problems:
        raise CannotRun(problems)
    return definitions, cases


def _cases(sources: Mapping[str, bytes], definitions: Definitions) -> tuple[tuple[Case, ...], list[Problem]]:
    """All cases, and what is wrong with them. A built-in case that the project's own definitions have made unreadable (it fills
    in a field that is switched off) is none of theirs."""
    cases, problems = defining.cases(sources, definitions.library)
    if any(name.startswith(OWN) for name in sources):
        problems = [problem for problem in problems if problem.where.file.startswith(OWN)]
    return cases, problems


def _result(case: Case, library: Library, engine: ScratchEngine) -> CaseResult:
    if not case.where.file.startswith(OWN) and is_about_changed(case, library):
        return CaseResult(case.name, case.where, (), left_out=True)
    return run(case, library, engine)


def _is_about(case: Case, word: str) -> bool:
    file = case.where.file.rsplit("/", 1)[-1]
    return word in mentioned(case) or file.startswith(f"{word}.")
