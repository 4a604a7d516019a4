"""The manifest of a sealed briefing as a file, and the comparison of files with the hashes it states (semantics S10)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruralpb.core.problems import CannotRun, Location, Problem

MANIFEST_VERSION = 1
MANIFEST_SUFFIX = ".manifest.json"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a seal: how many things of it were compared (None: not at hand), and which differ."""

    name: str
    compared: int | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Verified:
    """What one manifest says and what was found of it."""

    manifest: Path
    period: str
    parts: tuple[Part, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that differs."""
        return tuple(problem for part in self.parts for problem in part.problems)

    @property
    def compared(self) -> int:
        """How many things were compared."""
        return sum(part.compared or 0 for part in self.parts)


def sha256_of(content: bytes) -> str:
    """Return the hash under which a manifest states a file."""
    return hashlib.sha256(content).hexdigest()


def manifest_text(manifest: Mapping[str, Any]) -> bytes:
    """Return a manifest as JSON, one line for each item of its lists."""
    parts = []
    for name, item in manifest.items():
        lines = ",\n  ".join(_json(entry) for entry in item) if isinstance(item, list) else ""
        body = f"[\n  {lines}\n ]" if lines else _json(item)
        parts.append(f" {json.dumps(name)}: {body}")
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()


def read_manifest(path: Path, content: bytes) -> dict[str, Any]:
    """Return what the manifest in `path` says. Raises CannotRun (exit 2) when it is none, or one of another version."""
    try:
        manifest = json.loads(content)
        is_known = manifest["v"] == MANIFEST_VERSION and isinstance(manifest["outputs"], dict)
        is_known = is_known and {"period", "inputs", "definitions", "decisions"} <= manifest.keys()
    except (ValueError, KeyError, TypeError) as error:
        raise CannotRun(
            Problem("manifest-unreadable", Location(str(path)), found=type(error).__name__)
        ) from None
    if not is_known:
        raise CannotRun(Problem("manifest-unreadable", Location(str(path)), found=str(manifest["v"])))
    return dict(manifest)


def compared_file(path: Path, sealed: str, name: str = "") -> Iterator[Problem]:
    """Return the problem that a file is gone or is not the one whose hash was `sealed`. `name`: what the problem calls it."""
    where = Location(name or str(path))
    if not path.is_file():
        yield Problem("verify-file-missing", where, expected=sealed)
    elif (digest := sha256_of(path.read_bytes())) != sealed:
        yield Problem("verify-file-differs", where, found=digest, expected=sealed)


def compared_outputs(folder: Path, hashes: Mapping[str, str]) -> Part:
    """Compare the documents in `folder` with the hashes of them (name → sha256)."""
    problems = [p for name, sealed in hashes.items() for p in compared_file(folder / name, sealed)]
    return Part("outputs", len(hashes), tuple(problems))


def _json(item: object) -> str:
    return json.dumps(item, ensure_ascii=False)
