"""What a process that reads files may use, and what its answer may be. A limit that the system does not have is left out.

Memory, processor time and file size are limited by the kernel (POSIX); wall clock is the parent's affair everywhere.
"""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import sys
import tempfile
from collections.abc import Collection
from math import ceil
from typing import Any, BinaryIO

from ruralpb.core.processes import mapped_memory
from ruralpb.model import Block, Reading, columnar

SECONDS_A_FILE = 60.0
"""Wall clock for one file, from the moment a process has it."""

PROCESSOR_SECONDS = 30
MOST_MEMORY = 3 * 2**29
"""Address space for reading, 1.5 GiB, beyond what the process began with."""

MOST_WRITTEN = 2**20
MOST_ANSWERED = 2**28

_SAFE = {
    "builtins": {"frozenset", "set", "object", "str"},
    "copyreg": {"_reconstructor"},
    "datetime": {"date", "datetime", "time", "timedelta"},
    "decimal": {"Decimal"},
    "ruralpb.model.loader.marked": {"MarkedDict"},
    "types": {"MappingProxyType"},
}
_OWN = ("ruralpb.model", "ruralpb.core.problems", "ruralpb.core.periods")


def begin(errors: BinaryIO | None) -> None:
    """Limit this process for good. What dying libraries say goes to `errors` (else nowhere), not to the user's screen."""
    if os.environ.get("RURALPB_DEBUG") != "1":
        sink = errors.fileno() if errors else os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, 2)
    _limit("RLIMIT_CORE", 0)
    _limit("RLIMIT_FSIZE", MOST_WRITTEN)
    # macOS refuses the limit on address space; what it maps for every process is beyond it.
    _limit("RLIMIT_AS", mapped_memory() + MOST_MEMORY)


def next_file() -> None:
    """Give this process its processor time for one file more."""
    try:
        import resource
    except ImportError:  # Windows
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _limit("RLIMIT_CPU", ceil(used.ru_utime + used.ru_stime) + PROCESSOR_SECONDS, for_good=False)


def _limit(name: str, most: int, for_good: bool = True) -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    kind = getattr(resource, name, None)
    if kind is None:
        return
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(kind, (most, most if for_good else hard))


def errors_file() -> BinaryIO | None:
    """A file without a name for what a process says to stderr; None where processes do not inherit files."""
    return tempfile.TemporaryFile() if sys.platform == "linux" else None


def last_words(errors: BinaryIO | None) -> str:
    """What a process said last, and forget it."""
    if errors is None:
        return ""
    text = os.pread(errors.fileno(), MOST_WRITTEN, 0).decode("utf-8", "replace")[-4000:]
    errors.truncate(0)
    return text


class _Checked(pickle.Unpickler):
    """Takes from a process that read a stranger's file nothing but values: no class of it, no function at all, can do anything.
    A name with dots would lead from our classes to any other, and a module has more in it than its own."""

    def find_class(self, module: str, name: str) -> Any:
        if name in _SAFE.get(module, ()):
            return super().find_class(module, name)
        if "." not in name and (module in _OWN or module.startswith(tuple(f"{home}." for home in _OWN))):
            kind = super().find_class(module, name)
            if isinstance(kind, type) and kind.__module__ == module:
                return kind
        raise pickle.UnpicklingError(f"{module}.{name}")


def packed(answer: Reading | str) -> bytes:
    """What a process sends: a reading, or the name of the error it ended with."""
    # Rows one by one would cost more on the way than reading them did.
    sent = columnar(answer) if isinstance(answer, Reading) else answer
    return pickle.dumps(sent, pickle.HIGHEST_PROTOCOL)


def values(packed: bytes) -> Any:
    """Return what `packed`, a pickle, holds: values of the standard library and of our own frozen classes. Raises any exception when
    it is something else."""
    return _Checked(io.BytesIO(packed)).load()


def unpacked(answer: bytes, forms: Collection[str]) -> Reading | str:
    """Return what a process sent. Raises ValueError when it is nothing that a reading of these `forms` can be."""
    try:
        answered = values(answer)
    except Exception as error:  # bytes that are no pickle raise every kind
        raise ValueError(type(error).__name__) from None
    if isinstance(answered, str):
        return answered[:80]
    if not isinstance(answered, Reading):
        raise ValueError(type(answered).__name__)
    for block in answered.blocks:
        if not isinstance(block, Block) or block.form not in forms:
            raise ValueError("Block")
    return answered
