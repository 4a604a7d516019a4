"""Processes of our own, one a processor: for work on several periods or units at once, which does not disturb each other. How much
memory a process has, and may have."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Any

LESS_OFTEN = (100_000, 20, 50)
"""When the collector of garbage looks: as in the program's own process (`ruralpb.__main__`), for the same reason."""


def pool(
    most: int | None = None, begin: Callable[..., None] | None = None, *given: Any
) -> ProcessPoolExecutor:
    """Return a pool of as many processes as there are processors (at most `most`), each of which first calls `begin` with `given`.

    They are spawned: a process that has used DuckDB must not be forked.
    """
    processors = os.cpu_count() or 1
    together = min(processors, most) if most else processors
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(together, context, _begin, (begin, given))


def _begin(begin: Callable[..., None] | None, given: tuple[Any, ...]) -> None:
    gc.set_threshold(*LESS_OFTEN)
    if begin is not None:
        begin(*given)


def mapped_memory() -> int:
    """Return the address space in use, in bytes; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as told:
            return int(told.read().split()[0]) * os.sysconf("SC_PAGESIZE")
    except (OSError, ValueError):
        return 0


@contextlib.contextmanager
def memory_ceiling(further: int) -> Iterator[None]:
    """Let this process take no more than `further` bytes of address space beyond what it has, until the block ends: what asks for
    more gets a MemoryError, or its library's own. Nothing is limited where the system has no such limit, or does not tell what is in use."""
    try:
        import resource
    except ImportError:  # Windows
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    ceiling = mapped_memory() + further
    within = soft != resource.RLIM_INFINITY and soft <= ceiling
    if within or ceiling == further:
        yield
        return
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


@contextlib.contextmanager
def time_ceiling(seconds: float) -> Iterator[None]:
    """Raise TimeoutError in the block when it takes longer than `seconds`. Only a process's main thread can be limited, and not on
    Windows; elsewhere the block takes what it takes."""
    import signal
    import threading

    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def over(*_: object) -> None:
        raise TimeoutError(f"{seconds:g}")

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
