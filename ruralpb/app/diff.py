"""Diff: why figures moved between two periods, or between two states of one period; down to cells (before → after).

A period that is sealed is taken as it was sealed, with its definitions. Of one period, `since` names the earlier state: a day
(what the journal held at its end) or `seal` (the last seal, voided or not).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from ruralpb.app.project import Project, load
from ruralpb.app.sealed import seal_of
from ruralpb.app.units import find_unit
from ruralpb.core import numbers
from ruralpb.core.periods import Period
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.model import MASKED, Decision, Field, Indicator, Unit
from ruralpb.returns.seals import every_seal
from ruralpb.rules.indicators import QUARTER, FiguresBasis, FiguresWanted, compute
from ruralpb.rules.indicators.derived import based_on
from ruralpb.rules.lineage.attribution import Attribution, attributions
from ruralpb.rules.lineage.decomposition import Counted, Cut, Decomposer, Decomposition
from ruralpb.store import Session, Store
from ruralpb.store.archive import unpack
from ruralpb.store.archive.seals import DEFINITIONS

SEAL = "seal"


@dataclass(frozen=True, slots=True)
class DiffRequest:
    """Which figures (none: all that moved), of which unit (default: the project's own); `since`: a day as text, or `seal`."""

    ids: tuple[str, ...] = ()
    unit: str = ""
    since: str = ""


@dataclass(frozen=True, slots=True)
class FigureState:
    """A figure before or after: exact amounts (exported text) and what is printed."""

    numerator: str
    denominator: str
    printed: str


@dataclass(frozen=True, slots=True)
class ChangedCell:
    """One cell before and after; "" where there was, or is, none. Personal values are ***."""

    field: str
    before: str
    after: str
    before_at: str
    after_at: str


@dataclass(frozen=True, slots=True)
class Step:
    """One reason: on which side, what happened (a kind of `ruralpb.rules.lineage.attribution`, or `amended`, `looked_up`), in which unit, by
    how much, in which cells."""

    side: str
    kind: str
    unit_code: str
    unit: str
    by: Decimal
    cells: tuple[ChangedCell, ...]


@dataclass(frozen=True, slots=True)
class ChangedStandard:
    """A standard with another value than before; "" where it has none, 分档 for bands."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class MovedFigure:
    """One figure: before, after, and the steps between, whose sums by side are the differences. `slice`: the class, where it is one of
    a breakdown. `reason`: why it has no value before or after. `rests_on`: the titles of the indicators a derived one is made of; it has
    no steps of its own."""

    indicator: str
    title: str
    measure: str
    before: FigureState
    after: FigureState
    steps: tuple[Step, ...]
    reason: str = ""
    slice: tuple[tuple[str, str], ...] = ()
    rests_on: tuple[str, ...] = ()
    standards: tuple[ChangedStandard, ...] = ()
    """Those it uses that have another value now, where that is a reason."""

    @property
    def changed(self) -> bool:
        """False where the rows behind it are others and it comes to the same."""
        return self.before != self.after

    def total(self, side: str) -> Decimal:
        """How much the steps of one side come to."""
        return sum((step.by for step in self.steps if step.side == side), Decimal(0))


@dataclass(frozen=True, slots=True)
class Diff:
    """The figures of `unit` that moved from `before` to `after` (labels of periods); `since`: the earlier state of one period, a day
    or `seal`. Breakdowns follow the figure they are of."""

    unit: str
    before: str
    after: str
    moved: tuple[MovedFigure, ...]
    since: str = ""


@dataclass(frozen=True)
class _State:
    """One side of the comparison, opened: definitions, rows, and where they stand."""

    project: Project
    period: Period
    session: Session
    store: Store
    amended: frozenset[tuple[int, int, str]]
    decomposer: Decomposer
    rows: dict[tuple[str, int], dict[int, dict[str, Any]]] = field(default_factory=dict)
    """(relation, block) → position → the row: a block is read once."""

    def row(self, relation: str, block: int, position: int) -> Mapping[str, Any]:
        """Return the effective values of a row."""
        if (relation, block) not in self.rows:
            self.rows[relation, block] = self.session.block(relation, block)
        return self.rows[relation, block].get(position, {})


def diff(project: Project, first: Period, second: Period | None, asked: DiffRequest) -> Diff:
    """Return why the figures of a unit are in `second` not what they were in `first`; without `second`, why those of `first` are not
    what they were `since`.

    Raises CannotRun (exit 2): an unknown indicator, unit or day, a period without returns, a quarter that was never sealed.
    """
    at = second or first
    if (second is None) != bool(asked.since):
        raise CannotRun(Problem("diff-two", found=first.label))
    unit = find_unit(project.definitions.register, asked.unit or project.settings.unit, at.end)
    with ExitStack() as stack:
        if second is None:
            through, definitions = _since(project, first, asked.since)
            past = stack.enter_context(_opened(definitions, first, through))
            restating = stack.enter_context(_opened(project, first, through))
            now = stack.enter_context(_opened(project, first, None))
            labels = (first.label, first.label)
        else:
            past = stack.enter_context(_opened(_as_sealed(project, first), first, None))
            now = restating = stack.enter_context(_opened(_as_sealed(project, second), second, None))
            labels = (first.label, second.label)
        for state in (past, now):
            _has_returns(state)
        figures = _Figures(past, restating, now, unit)
        found = [one for name in _wanted(project, at, asked.ids) for one in figures.moved(name)]
    kept = tuple(one for one in found if one.steps or one.changed or (asked.ids and not one.slice))
    return Diff(unit.name, *labels, kept, asked.since)


def _wanted(project: Project, period: Period, ids: Sequence[str]) -> Iterator[str]:
    library = project.definitions.library
    for wanted in ids:
        if wanted.removesuffix(QUARTER) not in library.indicators:
            raise CannotRun(project.unknown("indicator", wanted, library.indicators))
    if ids:
        yield from dict.fromkeys(ids)
        return
    for indicator in library.indicators.values():
        if indicator.enabled and indicator.dated.holds(period.end):
            yield indicator.id


def _has_returns(state: _State) -> None:
    if state.period.label not in state.store.periods():
        known = "、".join(state.store.periods()) or "—"
        raise CannotRun(Problem("period-without-returns", found=state.period.label, expected=known))


# ------------------------------------------------------------------------------------------- the two states


def _as_sealed(project: Project, period: Period) -> Project:
    """The project with the definitions a period was sealed with; as it is where it was not."""
    seal = seal_of(project, period)
    return project if seal is None else _with_definitions(project, period.label, seal.number)


def _with_definitions(project: Project, period: str, number: int) -> Project:
    sources = unpack(project.seals.read(period, number, DEFINITIONS))
    if sources == dict(project.sources):
        return project
    definitions, _ = load(sources, verified=True)
    settings = definitions.settings or project.settings
    return replace(project, sources=sources, definitions=definitions, settings=settings)


def _since(project: Project, period: Period, since: str) -> tuple[int, Project]:
    """Up to which line of the journal, and under which definitions."""
    if since == SEAL:
        made = every_seal(project.journal.decisions(), period.label)
        if not made:
            raise CannotRun(Problem("period-not-sealed", found=period.label))
        return made[-1].through, _with_definitions(project, period.label, len(made))
    try:
        day = date.fromisoformat(since).isoformat()
    except ValueError:
        raise CannotRun(Problem("date-unreadable", found=since)) from None
    return max((line.seq for line in project.journal.lines if line.at[:10] <= day), default=0), project


@contextmanager
def _opened(project: Project, period: Period, through: int | None) -> Iterator[_State]:
    decisions = project.journal.decisions()
    if through is not None:
        with project.reading() as store:
            periods = store.periods()
        decisions = (*(d for d in decisions if int(d.id) <= through), *_closed(periods, through))
    library = project.definitions.library
    with project.reading(decisions=decisions) as store:
        amended = store.amended(library.forms)
        with project.session_over(period, store.current(), amended) as session:
            cells = frozenset(one.cell for one in amended if one.counts)
            decomposer = Decomposer(library, project.definitions.register, period, session.query)
            yield _State(project, period, session, store, cells, decomposer)


def _closed(periods: Iterable[str], through: int) -> Iterator[Decision]:
    """What keeps out everything that came after a line of the journal: as if all periods had been sealed then."""
    for label in periods:
        yield Decision(str(through), "seal", "", "", "", {"period": label})


# ------------------------------------------------------------------------------------------- one figure


@dataclass(frozen=True)
class _Figures:
    """Why the figures of one unit moved. `restating`: the rows of before under the definitions of after."""

    past: _State
    restating: _State
    now: _State
    unit: Unit

    def moved(self, name: str) -> Iterator[MovedFigure]:
        """Yield the figure and its slices."""
        old, new = self.past.project.definitions.library, self.now.project.definitions.library
        base = name.removesuffix(QUARTER)
        defined = new.indicators[base]
        if base not in old.indicators or bool(defined.derived) != bool(old.indicators[base].derived):
            after = (
                _side(defined, self.now.decomposer.decomposition(name, self.unit.code))
                if not defined.derived
                else _NOTHING
            )
            yield MovedFigure(
                name, defined.title, defined.measure, _NOTHING, after, (), "diff-new-definition"
            )
        elif defined.derived:
            yield self._derived(defined)
        else:
            yield self._one(name, defined)
            if not name.endswith(QUARTER):
                yield from self._slices(defined, old.indicators[base])

    def _one(self, name: str, defined: Indicator, cut: Cut | None = None) -> MovedFigure:
        unit = self.unit.code
        before = self.past.decomposer.decomposition(name, unit, cut=cut)
        restated = self.restating.decomposer.decomposition(name, unit, self.past.period, cut)
        after = self.now.decomposer.decomposition(name, unit, cut=cut)
        found = [] if before.reason and after.reason else attributions(before, restated, after)
        steps = tuple(_step(self.past, self.now, move) for move in found)
        title = defined.title + ("（当季）" if name.endswith(QUARTER) else f"（{cut[1]}）" if cut else "")
        sides = _side(defined, before), _side(defined, after)
        reason = before.reason or after.reason
        meant = any(step.kind == "definition" for step in steps)
        standards = tuple(self._standards(defined)) if meant else ()
        return MovedFigure(
            name, title, defined.measure, *sides, steps, reason, (cut,) if cut else (), standards=standards
        )

    def _standards(self, defined: Indicator) -> Iterator[ChangedStandard]:
        old, new = self.past.project.definitions.library, self.now.project.definitions.library
        texts = [text for part in defined.aggregates for text in (part.expr, part.where)]
        for standard in new.standards.values():
            if standard.id in old.standards and any(f"'{standard.id}'" in text for text in texts):
                before = old.standards[standard.id].on(self.past.period.end)
                after = standard.on(self.now.period.end)
                if (before and before.value) != (after and after.value):
                    shown = (
                        _amount(value.value, standard.measure) if value else "" for value in (before, after)
                    )
                    yield ChangedStandard(standard.title, *shown)

    def _slices(self, defined: Indicator, old: Indicator) -> Iterator[MovedFigure]:
        """The classes that rows lie in, before or after, of the breakdowns there were both times."""
        for by in (by for by in defined.by if by in old.by):
            unit = self.unit.code
            classes = self.past.decomposer.classes(defined.id, unit, by) | self.now.decomposer.classes(
                defined.id, unit, by
            )
            yield from (self._one(defined.id, defined, (by, label)) for label in sorted(classes))

    def _derived(self, defined: Indicator) -> MovedFigure:
        before, after = (_derived_side(state, defined.id, self.unit) for state in (self.past, self.now))
        library = self.now.project.definitions.library
        named = tuple(
            library.indicators[id].title for id in based_on(defined, library) if id in library.indicators
        )
        return MovedFigure(defined.id, defined.title, defined.measure, before, after, (), rests_on=named)


def _amount(value: object, measure: str) -> str:
    return f"{numbers.exported(value)}{measure}" if isinstance(value, Decimal) else "分档"


_NOTHING = FigureState("", "", numbers.NONE)


def _derived_side(state: _State, id: str, unit: Unit) -> FigureState:
    definitions, settings = state.project.definitions, state.project.settings
    basis = FiguresBasis(definitions.library, definitions.register, settings, state.session.query)
    found, _ = compute(basis, state.period, FiguresWanted([id], (unit.level,), compare=()))
    return next(
        (FigureState("", "", value.printed) for value in found if value.unit_code == unit.code), _NOTHING
    )


def _side(indicator: Indicator, decomposition: Decomposition) -> FigureState:
    none = bool(decomposition.reason)
    return FigureState(
        "" if none else numbers.exported(decomposition.amount.numerator),
        "" if none else numbers.exported(decomposition.amount.denominator),
        numbers.printed(decomposition.value, indicator.decimals, indicator.measure),
    )


def _step(past: _State, now: _State, move: Attribution) -> Step:
    # Between before and restated the rows are the same: only where data moved are there cells to show.
    cells = () if move.kind in ("definition", "register") else tuple(_cells(past, now, move))
    kind: str = move.kind
    if kind == "value" and move.before and move.after and move.before.block >= 0:
        kind = "amended" if _is_amended(past, now, move) else "value" if cells else "looked_up"
    register = now.project.definitions.register
    unit = register.get(move.unit_code, now.period.end) or next(
        iter(register.by_code.get(move.unit_code, ())), None
    )
    return Step(move.side, kind, move.unit_code, unit.name if unit else "", move.by, cells)


def _is_amended(past: _State, now: _State, move: Attribution) -> bool:
    """The same reported row, of which a cell has been amended since (or no longer is)."""

    def amended(state: _State, row: Counted | None) -> set[tuple[int, int, str]]:
        return {c for c in state.amended if row is not None and c[:2] == (row.block, row.position)}

    return amended(past, move.before) != amended(now, move.after)


def _cells(past: _State, now: _State, move: Attribution) -> Iterator[ChangedCell]:
    """The cells of the row that are not what they were; of a row that only one side has, all that the figure uses."""
    row = move.after or move.before
    if row is None or row.block < 0:
        return
    form = now.project.definitions.library.forms[row.relation]
    was, was_at = _values(past, move.before, row.fields)
    is_, is_at = _values(now, move.after, row.fields)
    for name in row.fields:
        defined = form.by_id.get(name)
        if defined is not None and (was.get(name) != is_.get(name) or not (move.before and move.after)):
            yield ChangedCell(
                defined.title,
                _shown(defined, was.get(name)),
                _shown(defined, is_.get(name)),
                was_at.get(name, ""),
                is_at.get(name, ""),
            )


def _values(
    state: _State, row: Counted | None, fields: Sequence[str]
) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    """Field → effective value, and → file, sheet and cell, of one row."""
    form = state.project.definitions.library.forms.get(row.relation) if row else None
    known = [f for f in fields if form is not None and f in form.by_id]
    known = [f for f in known if form is not None and form.by_id[f].type not in ("village", "township")]
    if row is None or row.block < 0 or not known:
        return {}, {}
    found = state.row(row.relation, row.block, row.position)
    addresses = state.store.addresses((row.block, row.position, f) for f in known)
    at = {cell[2]: " · ".join((a.file, a.sheet, a.cell)) for cell, a in addresses.items()}
    return {name: found.get(name) for name in known}, at


def _shown(defined: Field, value: object) -> str:
    if value is None:
        return ""
    if defined.sensitive:
        return MASKED
    if isinstance(value, bool):
        return numbers.yes_no(value)
    return numbers.exported(value) if isinstance(value, Decimal) else str(value)
