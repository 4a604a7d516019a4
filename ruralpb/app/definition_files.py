"""Definition files → definitions whose expressions are sound, and everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping

from ruralpb.app.stamps import stamp as stamp_of
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.model import loader as defining
from ruralpb.model.loader import Definitions
from ruralpb.model.loader.shipped import library_verified

_DEFINING = ("model/*.py", "model/loader/*.py", "rules/expressions/*.py")
"""The modules that decide what definition files mean."""


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


def load(sources: Mapping[str, bytes], verified: bool = False) -> tuple[Definitions, tuple[Problem, ...]]:
    """Return the definitions in `sources`, and warnings. Raises CannotRun (exit 2) when they have errors. `verified`: their
    expressions need not be checked again."""
    definitions, problems = read(sources, verified)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise CannotRun(errors)
    return definitions, tuple(problems)


def stamp(sources: Mapping[str, bytes]) -> str:
    """Return the stamp under which the definitions in `sources` are kept once they have been read."""
    return stamp_of([defining.digest(sources)], _DEFINING)


def kept(definitions: Definitions) -> tuple[object, ...]:
    """Return what is kept of definitions: the arguments that make them again."""
    return (
        definitions.library,
        definitions.register,
        definitions.settings,
        definitions.targets,
        definitions.hash,
    )
