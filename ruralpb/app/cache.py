"""What was computed once and would be computed again by every command on the same files: definitions found sound, findings, values.

What is remembered is a function of what its stamp names, and of the program. It is used for exactly that, whole or not at all, and
holds values only: whoever changes it cannot make the program run anything. Deleting it costs time and nothing else.
"""

from __future__ import annotations

import hashlib
import pickle
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import ruralpb
from ruralpb.app import guard
from ruralpb.model import loader as defining
from ruralpb.model.loader import Definitions
from ruralpb.store.disk import write_whole

FILE = "definitions.read"
_DEFINING = ("model", "model/loader", "rules/expressions")
"""The packages that decide what definition files mean."""
_HASH = 32

Remembered = TypeVar("Remembered")


def recall(private: Path, sources: Mapping[str, bytes]) -> Definitions | None:
    """Return the definitions in `sources` as they were remembered in the folder `private`; None when they were not."""
    held = recalled(private / FILE, _stamp(sources))
    return None if held is None else Definitions(*held)


def remember(private: Path, sources: Mapping[str, bytes], read: Definitions) -> None:
    """Remember `read`, which are the definitions in `sources`, free of errors and warnings, expressions verified."""
    keep(
        private / FILE, _stamp(sources), (read.library, read.register, read.settings, read.targets, read.hash)
    )


def recalled(file: Path, stamp: bytes) -> Any | None:
    """Return what was kept in `file` under the same `stamp`; None when there is nothing of the kind."""
    try:
        content = file.read_bytes()
    except OSError:
        return None
    known, sum_, packed = content[:_HASH], content[_HASH : 2 * _HASH], content[2 * _HASH :]
    if known != stamp or sum_ != hashlib.sha256(packed).digest():
        return None
    try:
        return guard.values(packed)
    except Exception:  # bytes that are no pickle of ours raise every kind; it can be computed again
        return None


def keep(file: Path, stamp: bytes, value: Any) -> None:
    """Keep `value`, made of the standard library's values and of our own frozen classes, in `file` until another takes its place."""
    packed = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    write_whole(file, stamp + hashlib.sha256(packed).digest() + packed)


def once(file: Path, stamp: bytes, compute: Callable[[], Remembered]) -> Remembered:
    """Return what is kept in `file` under `stamp`; where there is nothing of the kind, what `compute` gives, which is kept from then on."""
    known: Remembered | None = recalled(file, stamp)
    if known is not None:
        return known
    found = compute()
    keep_if_possible(file, stamp, found)
    return found


def keep_if_possible(file: Path, stamp: bytes, value: Any) -> None:
    """As `keep`; a folder that cannot be written costs the time again, and nothing else."""
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        keep(file, stamp, value)


def stamp(depends_on: Iterable[str]) -> bytes:
    """Return the stamp of what is a function of the texts `depends_on` and of the whole program."""
    return _stamped(depends_on, ("**/*.py",))


def _stamp(sources: Mapping[str, bytes]) -> bytes:
    return _stamped([defining.digest(sources)], tuple(f"{name}/*.py" for name in _DEFINING))


def _stamped(texts: Iterable[str], modules: tuple[str, ...]) -> bytes:
    return hashlib.sha256("\n".join([*texts, _program(modules)]).encode()).digest()


@cache
def _program(modules: tuple[str, ...]) -> str:
    """The versions of program and Python and, for who works on the program, the state of its modules."""
    root = Path(ruralpb.__file__).parent
    files = sorted(file for pattern in modules for file in root.glob(pattern))
    states = [f"{file.relative_to(root)} {file.stat().st_mtime_ns}" for file in files]
    return "\n".join([ruralpb.__version__, sys.version, *states])
