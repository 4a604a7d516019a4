"""Definition files → definitions whose expressions are sound, and everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping

from ruralpb.core.problems import Problem
from ruralpb.model import loader as defining
from ruralpb.model.loader import Definitions
from ruralpb.model.loader.shipped import library_verified


def read(sources: Mapping[str, bytes], verified: bool = False) -> tuple[Definitions, list[Problem]]:
    """Read and check the definition files `sources` (relative name → content), their expressions too.

    Returns what could be read and every problem, in order of file and line; a `query` is a warning. `verified` leaves the expressions
    out, nine tenths of the time: for sources whose `expressed` files have been checked by this version of the program. Those of the
    built-in library alone have been checked before it was shipped.
    """
    definitions, problems = defining.load(sources)
    if verified or defining.digest(defining.expressed(sources)) == library_verified():
        return definitions, problems
    # Here, because definitions that are known to be sound need not pay for importing sqlglot.
    from ruralpb.rules import expressions

    return definitions, defining.in_order([*problems, *expressions.verify(definitions.library)])
