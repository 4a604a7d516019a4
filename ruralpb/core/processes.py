"""Processes of our own, one a processor: for work on several periods or units at once, which does not disturb each other."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Callable
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
