"""watch, score, lists: the registers an office keeps on the facts of a period, as tables of exact values.

Names and ID numbers in lists are personal data: they are shown to the office that runs the command and are masked in nothing here; a
public report takes none of these tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeVar

from ruralpb.app import computing, figures
from ruralpb.app.project import Project
from ruralpb.app.stamps import stamp
from ruralpb.app.units import find_unit
from ruralpb.app.validate import Selection, examine
from ruralpb.core.periods import Period
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.model import Entry, ListDefinition, ListedRow, Lists, Rating, Ratings, Registers, Score, Watch
from ruralpb.rules import registers as rules
from ruralpb.store import Session, Store
from ruralpb.store.results import ResultKey

_T = TypeVar("_T", Watch, Score, ListDefinition)
_R = TypeVar("_R", Rating, ListedRow)


def watch(project: Project, period: Period, ids: Sequence[str] = (), unit: str = "") -> Registers:
    """Return the registers at the end of `period`. Raises CannotRun (exit 2) for an unknown watch or unit."""
    _wanted(project, "watch", ids, project.definitions.library.watches)
    below = _below(project, unit, period)
    with project.session(period) as session, project.reading() as store:
        return registers(project, session, store, period, ids).of(below)


def registers(
    project: Project, session: Session, store: Store, period: Period, ids: Sequence[str] = ()
) -> Registers:
    """As `watch`, on a session and store that are open already. The registers of a period are kept among the project's results."""
    library, register = project.definitions.library, project.definitions.register
    wanted = _wanted(project, "watch", ids, library.watches)

    def walk() -> tuple[list[Entry], list[Problem]]:
        entries: list[Entry] = []
        problems: list[Problem] = []
        series = rules.periods_watched(store.periods(), period)
        for definition in wanted.values():
            returned = rules.reporters_of(definition.form, session.returned())
            watched, refused = rules.register_of(
                definition, library, register, series, returned, session.queries
            )
            entries += watched
            problems += refused
        return entries, problems

    key = ResultKey(
        "entries",
        f"{period.label}-{project.settings.unit}",
        stamp([*project.state(store), period.label]),
        " ".join(wanted),
    )
    kept = project.results.get(key)
    if kept is None:
        kept = walk()
        project.results.put(key, *kept)
    entries, problems = tuple(kept[0]), tuple(kept[1])
    names = register.names({code for entry in entries for code in entry.codes}, period.end)
    return Registers(period.label, wanted, entries, names, problems)


def score(project: Project, period: Period, today: date, ids: Sequence[str] = (), unit: str = "") -> Ratings:
    """Return the ratings of `period`. A unit below the project's least coverage for an indicator has no value of it, and so no rank
    (semantics S4). Raises CannotRun (exit 2) for an unknown score or unit."""
    library, register = project.definitions.library, project.definitions.register
    wanted = _wanted(project, "score", ids, library.scores)
    below = _below(project, unit, period)
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
                units = register.on(period.end, definition.level or None, project.settings.unit)
                ratings, refused = rules.rated_units(definition, library, units, rates[0], period, rates[1])
            problems += refused
            rated[definition.id] = _inside(ratings, below)
    codes = {code for ratings in rated.values() for r in ratings for code in (r.unit_code, r.township_code)}
    return Ratings(period.label, wanted, rated, register.names(codes, period.end), tuple(problems))


def lists(project: Project, period: Period, today: date, ids: Sequence[str] = (), unit: str = "") -> Lists:
    """Return the lists of `period`, the sample for supervision among them. Raises CannotRun (exit 2) for an unknown list or unit."""
    library, register = project.definitions.library, project.definitions.register
    wanted = _wanted(project, "list", ids, {**library.lists, rules.SAMPLE: rules.sample_definition()})
    below = _below(project, unit, period)
    lines: dict[str, tuple[ListedRow, ...]] = {}
    problems: list[Problem] = []
    with project.session(period) as session, project.reading() as store:
        for definition in wanted.values():
            if definition.id == rules.SAMPLE:
                failed = examine(project, session, store, period, today, Selection()).failed()
                inside = (finding for finding in failed if below is None or finding.unit_code in below)
                rows, refused = rules.sampled(inside, register, period), list[Problem]()
            else:
                rows, refused = rules.listed(definition, library, register, period, session.query)
            problems += refused
            lines[definition.id] = _inside(rows, below)
    titles = {d.id: d.title for d in wanted.values()}
    columns = {d.id: tuple(d.columns) for d in wanted.values()}
    return Lists(period.label, titles, columns, lines, tuple(problems))


def _wanted(project: Project, kind: str, ids: Sequence[str], known: Mapping[str, _T]) -> dict[str, _T]:
    for id_ in ids:
        if id_ not in known:
            raise CannotRun(project.unknown(kind, id_, known))
    return {
        id_: definition for id_, definition in known.items() if (not ids or id_ in ids) and definition.enabled
    }


def _below(project: Project, unit: str, period: Period) -> set[str] | None:
    """The codes of a unit and everything below it; None for everything."""
    if not unit:
        return None
    register = project.definitions.register
    code = find_unit(register, unit, period.end).code
    return {code, *(u.code for u in register.on(period.end, below=code))}


def _inside(rows: Sequence[_R], below: set[str] | None) -> tuple[_R, ...]:
    return tuple(row for row in rows if below is None or {row.unit_code, row.township_code} & below)
