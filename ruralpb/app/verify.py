"""Verify: is a sealed briefing still what was sealed? The folder with its manifest is enough; where the project is at hand, the
originals, definitions, decisions and the archived seal are checked too (semantics S10)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruralpb.app.project import Project
from ruralpb.core.problems import CannotRun, Location, Problem
from ruralpb.model import Seal
from ruralpb.returns.seals import every_seal
from ruralpb.store.archive.manifests import (
    MANIFEST_SUFFIX,
    Part,
    Verified,
    compared_file,
    compared_outputs,
    read_manifest,
    sha256_of,
)
from ruralpb.store.archive.seals import DEFINITIONS, MANIFEST


def verify(folder: Path, project: Project | None) -> tuple[Verified, ...]:
    """Check every sealed briefing in `folder` (or in the `outputs` of an archived seal).

    Without `project` only the documents are compared. Raises CannotRun (exit 2): no manifest, or one that cannot be read;
    (exit 3): the chain of the journal is broken.
    """
    manifests = sorted(folder.glob(f"*{MANIFEST_SUFFIX}")) or sorted(folder.glob(MANIFEST))
    if not manifests:
        raise CannotRun(Problem("manifest-missing", Location(str(folder))))
    return tuple(_verified(path, project) for path in manifests)


def _verified(path: Path, project: Project | None) -> Verified:
    content = path.read_bytes()
    stated = read_manifest(path, content)
    folder = path.parent / "outputs" if path.name == MANIFEST else path.parent
    parts = [compared_outputs(folder, stated["outputs"])]
    at_hand = project if project is not None and _is_its(project, stated) else None
    if at_hand is None:
        parts += [Part(name, None) for name in ("definitions", "inputs", "journal", "archive")]
    else:
        parts += [
            _definitions(at_hand, stated),
            _inputs(at_hand, stated),
            _journal(at_hand, path, content, stated),
        ]
        parts.append(_archive(at_hand, content, stated))
    return Verified(path, str(stated["period"]), tuple(parts))


def _is_its(project: Project, said: Mapping[str, Any]) -> bool:
    """The project is the one that was sealed: it has a seal of that period, or the first of the originals."""
    if every_seal(project.journal.decisions(), said["period"]):
        return True
    return any(project.archive.has(stated["sha256"]) for stated in said["inputs"][:1])


def _definitions(project: Project, said: Mapping[str, Any]) -> Part:
    """One whole copy is enough: the archive has them where a return was read with them, each seal has its own."""
    sha256 = said["definitions"]["sha256"]
    made = every_seal(project.journal.decisions(), said["period"])
    kept = [project.seals.path(seal.period, seal.number) / DEFINITIONS for seal in made]
    copies = [path for path in (project.archive.path(sha256), *kept) if path.is_file()]
    if any(not list(compared_file(path, sha256)) for path in copies):
        return Part("definitions", 1)
    where = Location(str(project.archive.path(sha256)))
    return Part("definitions", 1, (Problem("verify-file-missing", where, expected=sha256),))


def _inputs(project: Project, said: Mapping[str, Any]) -> Part:
    named = {stated["sha256"]: stated["path"] for stated in said["inputs"]}
    problems = [
        p for sha256, path in named.items() for p in compared_file(project.archive.path(sha256), sha256, path)
    ]
    return Part("inputs", len(named), tuple(problems))


def _journal(project: Project, path: Path, content: bytes, said: Mapping[str, Any]) -> Part:
    lines = {line.seq: line.hash for line in project.journal.lines}  # raises where the chain is broken
    where = Location(str(project.journal.path))
    problems = [
        Problem("verify-decision-differs", where, found=str(stated["line"]))
        for stated in said["decisions"]
        if lines.get(stated["line"]) != stated["hash"]
    ]
    if not _of_manifest(project, content, said):
        problems.append(Problem("verify-no-seal", Location(str(path)), found=sha256_of(content)))
    return Part("journal", len(lines), tuple(problems))


def _archive(project: Project, content: bytes, said: Mapping[str, Any]) -> Part:
    """Every file of the archived seal is what it was: what it rests on, and the same documents."""
    problems: list[Problem] = []
    compared = 0
    for seal in _of_manifest(project, content, said):
        files, damaged = project.seals.damage(seal)
        problems += damaged
        compared += files
    return Part("archive", compared, tuple(problems))


def _of_manifest(project: Project, content: bytes, said: Mapping[str, Any]) -> list[Seal]:
    """The seals, voided ones too, that were made with this manifest."""
    made = every_seal(project.journal.decisions(), said["period"])
    return [seal for seal in made if seal.manifest == sha256_of(content)]
