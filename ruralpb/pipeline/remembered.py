"""Definitions as they were last read and found sound: a tenth of a second that every command would spend on the same files again.

What is remembered is a function of the definition files and of the program. It is used for exactly these files and this
program, whole or not at all, and holds values only: whoever changes it cannot make the program run anything.
"""

from __future__ import annotations

import hashlib
import pickle
import sys
from collections.abc import Mapping
from pathlib import Path

import ruralpb
from ruralpb import definitions as defining
from ruralpb.archive.disk import write_whole
from ruralpb.definitions import Definitions
from ruralpb.pipeline import guard

FILE = "definitions.read"
_CODE = ("definitions", "model", "rules")
"""The packages that decide what definition files mean."""
_HASH = 32


def recall(private: Path, sources: Mapping[str, bytes]) -> Definitions | None:
    """Return the definitions in `sources` as they were remembered in the folder `private`; None when they were not."""
    try:
        content = (private / FILE).read_bytes()
    except OSError:
        return None
    stamp, sum_, packed = content[:_HASH], content[_HASH : 2 * _HASH], content[2 * _HASH :]
    if stamp != _stamp(sources) or sum_ != hashlib.sha256(packed).digest():
        return None
    try:
        return Definitions(*guard.values(packed))
    except (
        Exception
    ):  # bytes that are no pickle of ours raise every kind; the definitions are there to be read
        return None


def remember(private: Path, sources: Mapping[str, bytes], read: Definitions) -> None:
    """Remember `read`, which are the definitions in `sources`, free of errors and warnings, expressions verified."""
    held = (read.library, read.register, read.settings, read.targets, read.hash)
    packed = pickle.dumps(held, pickle.HIGHEST_PROTOCOL)
    write_whole(private / FILE, _stamp(sources) + hashlib.sha256(packed).digest() + packed)


def _stamp(sources: Mapping[str, bytes]) -> bytes:
    """What the definitions depend on: their files, the version of program and Python, and for who works on the program the state
    of its modules."""
    root = Path(ruralpb.__file__).parent
    modules = [
        f"{path.name} {path.stat().st_mtime_ns}"
        for name in _CODE
        for path in sorted((root / name).glob("*.py"))
    ]
    said = "\n".join([ruralpb.__version__, sys.version, defining.digest(sources), *modules])
    return hashlib.sha256(said.encode()).digest()
