"""Score: the ratings of rows and units."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ruralpb.app import computing, figures
from ruralpb.app.project import Project
from ruralpb.app.registers.selection import codes_below, definitions_asked, rows_inside
from ruralpb.core.periods import Period
from ruralpb.core.problems import Problem
from ruralpb.model import Rating, Ratings
from ruralpb.rules import registers as rules


def score(project: Project, period: Period, today: date, ids: Sequence[str] = (), unit: str = "") -> Ratings:
    """Return the ratings of `period`. A unit below the project's least coverage for an indicator, or with a suspect value of it, has no value
    of it, and so no rank (semantics S4); the latter are told. Raises CannotRun (exit 2) for an unknown score or unit."""
    library, register = project.definitions.library, project.definitions.register
    wanted = definitions_asked(project, "score", ids, library.scores)
    below = codes_below(project, unit, period)
    rated: dict[str, tuple[Rating, ...]] = {}
    problems: list[Problem] = []
    with project.session(period) as session, project.reading() as store:
        for definition in wanted.values():
            if definition.form:
                ratings, refused = rules.rated_rows(definition, library, register, period, session.query)
            else:
                ids = tuple(criterion.indicator for criterion in definition.criteria)
                asked = computing.ValuesRequest(ids=ids, level=definition.level, compare=())
                levels = figures.wanted_levels(project, None, definition.level, period)
                values, _ = figures.compute(project, session, store, period, today, levels, asked)
                rates = rules.values_to_rate(values, project.settings.ranking.min_coverage)
                problems += rules.set_aside(definition, values)
                units = register.on(period.end, definition.level or None, project.settings.unit)
                ratings, refused = rules.rated_units(definition, library, units, rates[0], period, rates[1])
            problems += refused
            rated[definition.id] = rows_inside(ratings, below)
    codes = {code for ratings in rated.values() for r in ratings for code in (r.unit_code, r.township_code)}
    return Ratings(period.label, wanted, rated, register.names(codes, period.end), tuple(problems))
