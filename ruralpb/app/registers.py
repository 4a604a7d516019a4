"""watch, score, lists: the registers an office keeps on the facts of a period, as tables of exact values.

Names and ID numbers in lists are personal data: they are shown to the office that runs the command and are masked in nothing here; a
public report takes none of these tables.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeVar

from ruralpb.app import computing, figures
from ruralpb.app.project import Project
from ruralpb.app.stamps import stamp
from ruralpb.app.units import find_unit
from ruralpb.app.validate import Selection, Validation, examine
from ruralpb.core.periods import Period
from ruralpb.core.periods import find as find_period
from ruralpb.core.phrases import phrases
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.model import (
    Entry,
    ListDefinition,
    ListedRow,
    Lists,
    Rating,
    Ratings,
    Register,
    Registers,
    Score,
    Unit,
    Value,
    Watch,
)
from ruralpb.rules.registers import listed, rated_rows, rated_units, register_of
from ruralpb.store import Session, Store
from ruralpb.store.results import ResultKey

_T = TypeVar("_T", Watch, Score, ListDefinition)

SAMPLE = "supervision_sample"
"""The list that no expression gives: villages to visit in 季度督查, chosen by what the checks found."""
MOST_SAMPLED = 10


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

    def walked() -> tuple[list[Entry], list[Problem]]:
        entries: list[Entry] = []
        problems: list[Problem] = []
        series = _series(store, period)
        for definition in wanted.values():
            returned = _returned(session, definition.form)
            found, said = register_of(definition, library, register, series, returned, session.queries)
            entries += found
            problems += said
        return entries, problems

    key = ResultKey(
        "entries",
        f"{period.label}-{project.settings.unit}",
        stamp([*project.state(store), period.label]),
        " ".join(wanted),
    )
    kept = project.results.get(key)
    if kept is None:
        kept = walked()
        project.results.put(key, *kept)
    entries, problems = tuple(kept[0]), tuple(kept[1])
    codes = {code for e in entries for code in e.codes}
    return Registers(period.label, wanted, entries, _names(register, codes, period), problems)


def score(project: Project, period: Period, today: date, ids: Sequence[str] = (), unit: str = "") -> Ratings:
    """Return the ratings of `period`. A unit below the project's least coverage for an indicator has no value of it, and so no rank
    (semantics S4). Raises CannotRun (exit 2) for an unknown score or unit."""
    library, register = project.definitions.library, project.definitions.register
    wanted = _wanted(project, "score", ids, library.scores)
    below = _below(project, unit, period)
    found: dict[str, tuple[Rating, ...]] = {}
    problems: list[Problem] = []
    with project.session(period) as session, project.reading() as store:
        for definition in wanted.values():
            if definition.form:
                ratings, said = rated_rows(definition, library, register, period, session.query)
            else:
                units = _rated(project, definition, period)
                values, targets = _values(project, session, store, period, today, definition)
                ratings, said = rated_units(definition, library, units, values, period, targets)
            problems += said
            found[definition.id] = tuple(
                r for r in ratings if below is None or {r.unit_code, r.township_code} & below
            )
    codes = {code for ratings in found.values() for r in ratings for code in (r.unit_code, r.township_code)}
    return Ratings(period.label, wanted, found, _names(register, codes, period), tuple(problems))


def lists(project: Project, period: Period, today: date, ids: Sequence[str] = (), unit: str = "") -> Lists:
    """Return the lists of `period`, the sample for supervision among them. Raises CannotRun (exit 2) for an unknown list or unit."""
    library, register = project.definitions.library, project.definitions.register
    known = {**library.lists, SAMPLE: _sample_definition()}
    wanted = _wanted(project, "list", ids, known)
    below = _below(project, unit, period)
    lines: dict[str, tuple[ListedRow, ...]] = {}
    problems: list[Problem] = []
    with project.session(period) as session, project.reading() as store:
        for definition in wanted.values():
            if definition.id == SAMPLE:
                checked = examine(project, session, store, period, today, Selection())
                found, said = _sampled(checked, register, period, below), list[Problem]()
            else:
                found, said = listed(definition, library, register, period, session.query)
            problems += said
            lines[definition.id] = tuple(
                one for one in found if below is None or {one.unit_code, one.township_code} & below
            )
    titles = {d.id: d.title for d in wanted.values()}
    columns = {d.id: tuple(d.columns) for d in wanted.values()}
    return Lists(period.label, titles, columns, lines, tuple(problems))


# ------------------------------------------------------------------------------------------- the parts


def _wanted(project: Project, kind: str, ids: Sequence[str], known: Mapping[str, _T]) -> dict[str, _T]:
    for id_ in ids:
        if id_ not in known:
            raise CannotRun(project.unknown(kind, id_, known))
    return {id_: one for id_, one in known.items() if (not ids or id_ in ids) and one.enabled}


def _below(project: Project, unit: str, period: Period) -> set[str] | None:
    """The codes of a unit and everything below it; None for everything."""
    if not unit:
        return None
    register = project.definitions.register
    found = find_unit(register, unit, period.end).code
    return {found, *(u.code for u in register.on(period.end, below=found))}


def _series(store: Store, last: Period) -> list[Period]:
    """The stored periods of one kind up to `last`, earliest first; `last` is always among them."""
    stored = {p for p in map(find_period, store.periods()) if p is not None}
    return sorted(
        {p for p in stored if p.kind == last.kind and p.end <= last.end} | {last}, key=lambda p: p.end
    )


def _returned(session: Session, form: str) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for of, period, reporter in session.returned():
        if of == form:
            found.setdefault(period, set()).add(reporter)
    return {period: frozenset(reporters) for period, reporters in found.items()}


def _rated(project: Project, definition: Score, period: Period) -> list[Unit]:
    register = project.definitions.register
    own = project.settings.unit
    return [u for u in register.on(period.end, below=own) if u.level == definition.level]


def _values(
    project: Project, session: Session, store: Store, period: Period, today: date, definition: Score
) -> tuple[dict[tuple[str, str], Decimal | None], dict[tuple[str, str], Decimal | None]]:
    """The values and the targets by indicator and unit, where enough was reported."""
    ids = tuple(c.indicator for c in definition.criteria)
    asked = computing.ValuesRequest(ids=ids, level=definition.level, compare=())
    levels = figures.wanted_levels(project, None, definition.level, period)
    values, _ = figures.compute(project, session, store, period, today, levels, asked)
    rated = enough(project, values)
    return {key: v.value for key, v in rated.items()}, {key: v.target for key, v in rated.items()}


def enough(project: Project, values: Iterable[Value]) -> dict[tuple[str, str], Value]:
    """Return the whole values by indicator and unit; one below the least coverage is none (semantics S4)."""
    least = project.settings.ranking.min_coverage
    return {
        (v.indicator, v.unit_code): v
        for v in values
        if not v.slice and v.expected and Decimal(100 * v.covered) >= least * v.expected
    }


def _sample_definition() -> ListDefinition:
    words = phrases("files")
    columns = dict.fromkeys(words["sample.columns"].split(), "")
    return ListDefinition(SAMPLE, words["sample.title"], "ref_village", columns)


def _sampled(
    checked: Validation, register: Register, period: Period, below: set[str] | None
) -> list[ListedRow]:
    """The villages with the most findings that are open, errors first: where to look with one's own eyes."""
    by_village: dict[str, Counter[str]] = {}
    named: dict[str, dict[str, None]] = {}
    for finding in checked.failed():
        village = register.get(finding.unit_code, period.end)
        if village is None or village.level != "village" or finding.status != "open":
            continue
        by_village.setdefault(village.code, Counter())[finding.severity] += 1
        named.setdefault(village.code, {})[finding.check] = None
    inside = [code for code in by_village if below is None or code in below]
    worst = sorted(inside, key=lambda c: (*(-by_village[c][s] for s in ("error", "query", "note")), c))
    lines = []
    for code in worst[:MOST_SAMPLED]:
        village, count = register.get(code, period.end), by_village[code]
        assert village is not None
        township = register.get(village.parent_code, period.end)
        values = (
            township.name if township else "",
            village.name,
            count["error"],
            count["query"],
            count["note"],
        )
        lines.append(ListedRow(code, village.parent_code, (*values, "、".join(named[code])), None))
    return lines


def _names(register: Register, codes: Iterable[str], period: Period) -> dict[str, str]:
    found = {code: register.get(code, period.end) for code in codes if code}
    return {code: unit.name for code, unit in found.items() if unit is not None}
