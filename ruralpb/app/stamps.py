"""Stamps: digests of everything a result depends on, under which it is kept."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import ruralpb


def stamp(depends_on: Iterable[str], modules: tuple[str, ...] = ("**/*.py",)) -> str:
    """Return the stamp of what is a function of the texts `depends_on` and of the program: its version and that of Python and, so that a change
    in a checkout counts, the times of those of its `modules` (patterns) that take part."""
    return hashlib.sha256("\n".join([*depends_on, _program(modules)]).encode()).hexdigest()


@cache
def _program(modules: tuple[str, ...]) -> str:
    root = Path(ruralpb.__file__).parent
    files = sorted(file for pattern in modules for file in root.glob(pattern))
    times = [f"{file.relative_to(root)} {file.stat().st_mtime_ns}" for file in files]
    return "\n".join([ruralpb.__version__, sys.version, *times])
