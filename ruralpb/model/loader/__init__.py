"""Definitions: the library's and a project's YAML, the register of units and the settings, read and checked.

In two steps: `sources` reads files, `load` is pure. The plan of `load`:

    settings   ruralpb.yaml → Settings
    merge      YAML files → raw definitions by id, the project's laid over the library's
    assemble   raw definitions → Library, each read into its type (`shapes`)
    tables     units.csv, targets.csv → Register, TargetRow
    mappings   headers a person has confirmed to be a field
    vocabulary the words the reader goes by, the project's added
    lint       names that point nowhere, words claimed twice

Everything keeps file and line. `cases` reads the `*.cases.yaml` beside the definitions; `shipped` finds what comes with
the program.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from ruralpb.core.problems import Location, Problem
from ruralpb.model import Library, Register, Settings, TargetRow
from ruralpb.model.loader import marked, tables
from ruralpb.model.loader.assemble import library as assemble
from ruralpb.model.loader.cases import Case, case_settings, cases, figure_of
from ruralpb.model.loader.lint import lint
from ruralpb.model.loader.mappings import mappings
from ruralpb.model.loader.merge import merged
from ruralpb.model.loader.phrases import is_phrases, phrases
from ruralpb.model.loader.settings import FILE as SETTINGS_FILE
from ruralpb.model.loader.settings import settings, settled
from ruralpb.model.loader.shipped import library_files, shipped_path
from ruralpb.model.loader.standards import unknown_units
from ruralpb.model.loader.vocabulary import is_vocabulary, vocabulary

__all__ = [
    "OWN",
    "Case",
    "Definitions",
    "case_settings",
    "cases",
    "digest",
    "expressed",
    "figure_of",
    "in_order",
    "load",
    "shipped_path",
    "sources",
]

BUILTIN = "library/"
OWN = "definitions/"


@dataclass(frozen=True)
class Definitions:
    """All that a project means by its words: frozen and picklable, so that a worker can have it."""

    library: Library
    register: Register
    settings: Settings | None
    targets: tuple[TargetRow, ...]
    hash: str
    """sha256 over the names and contents of all sources (semantics S6)."""

    def worded(self, day: date, unit: str = "") -> Library:
        """Return the library as a page of `unit` (a code; by default the project's) says it on `day`: titles with the values of the
        standards they name."""
        own = self.settings.unit if self.settings else ""
        return self.library.worded(day, self.register, unit or own)


def sources(project: Path | None) -> dict[str, bytes]:
    """Every definition file, relative name → content: the library's (`library/…`, or those of the folder that
    `library:` in ruralpb.yaml names), and the project's ruralpb.yaml, units.csv, targets.csv and definitions/.
    Without a project: the built-in library. What is not there is left out; `load` says what is missing."""
    contents: dict[str, bytes] = {}
    folder = "builtin"
    if project:
        for name in (SETTINGS_FILE, tables.UNITS, tables.TARGETS):
            if (project / name).is_file():
                contents[name] = (project / name).read_bytes()
        contents |= _yaml_below(project, OWN.rstrip("/"))
        folder = _library_folder(contents)
    if project and folder != "builtin":
        return contents | _yaml_below(project, folder)
    return contents | {name: path.read_bytes() for name, path in library_files().items()}


def load(sources: Mapping[str, bytes]) -> tuple[Definitions, list[Problem]]:
    """Read and check the definition files `sources` (relative name → content).

    Returns what could be read and every problem, in order of file and line. Callers raise CannotRun when one of them
    is an error; a `query` is a warning for `define check`. Expressions are words here: `ruralpb.rules.expressions.verify` reads them.
    """
    hashed = digest(sources)
    problems: list[Problem] = []
    found, raw_settings = None, None
    if SETTINGS_FILE in sources:
        found, raw_settings, problems = settings(sources[SETTINGS_FILE])
    base = BUILTIN if found is None or found.library == "builtin" else f"{found.library.rstrip('/')}/"
    tiers = [{n: c for n, c in sources.items() if n.startswith(p)} for p in dict.fromkeys((base, OWN))]
    if not tiers[0]:
        problems.append(Problem("library-empty", Location(SETTINGS_FILE), base))
    raw = merged(tiers)
    library, said = assemble(raw, hashed)
    problems += [*raw.problems, *said, *lint(library)]
    register = Register(())
    targets: tuple[TargetRow, ...] = ()
    if tables.UNITS in sources:
        register, said = tables.register(sources[tables.UNITS])
        problems += [*said, *unknown_units(library.standards, register)]
    elif found is not None:
        problems.append(Problem("register-missing", Location(tables.UNITS)))
    confirmed, said = mappings(raw.mappings, library, register)
    problems += said
    words, said = vocabulary(sources, OWN)
    problems += said
    sayings, said = phrases(sources, OWN)
    problems += said
    library = replace(library, mappings=confirmed, vocabulary=words, phrases=sayings)
    if tables.TARGETS in sources:
        targets, said = tables.targets(sources[tables.TARGETS], library.indicators, register)
        problems += said
    if found is not None and raw_settings is not None:
        found, said = settled(found, raw_settings, library.forms, register)
        problems += said
    return Definitions(library, register, found, targets, hashed), in_order(problems)


def expressed(sources: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files of `sources` in which expressions stand: what is wrong with these depends on nothing else."""
    others = (SETTINGS_FILE, tables.UNITS, tables.TARGETS)
    return {
        name: content
        for name, content in sources.items()
        if name not in others and not is_vocabulary(name) and not is_phrases(name)
    }


def _yaml_below(project: Path, folder: str) -> dict[str, bytes]:
    paths = sorted((project / folder).rglob("*.yaml"))
    return {f"{folder}/{p.relative_to(project / folder).as_posix()}": p.read_bytes() for p in paths}


def _library_folder(found: Mapping[str, bytes]) -> str:
    """`library:` of ruralpb.yaml, looked up before anything is checked: it decides which files there are to check."""
    raw, _ = marked.read(found.get(SETTINGS_FILE, b""), SETTINGS_FILE)
    folder = raw.get("library")
    return folder.rstrip("/") if isinstance(folder, str) else "builtin"


def digest(sources: Mapping[str, bytes]) -> str:
    """Return the sha256 over the names and contents of definition files."""
    whole = hashlib.sha256()
    for name, content in sorted(sources.items()):
        whole.update(f"{name}\0{len(content)}\0".encode())
        whole.update(content)
    return whole.hexdigest()


def in_order(problems: list[Problem]) -> list[Problem]:
    """Return `problems` by file and line, each said once: a common field is read by every form that has it."""
    once = {(p.slug, p.where, p.found, p.expected): p for p in problems}
    return sorted(once.values(), key=lambda p: (p.where.file, p.where.line or 0))
