"""Why the figures of one unit are not what they were: before, after, and the steps between, down to cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ruralpb.app.diff_states import DiffState
from ruralpb.core import numbers
from ruralpb.core.phrases import phrases
from ruralpb.model import MASKED, Field, Indicator, StandardsOn, Unit
from ruralpb.model.figure_changes import ChangedCell, ChangedStandard, FigureState, MovedFigure, Step
from ruralpb.rules.indicators import QUARTER, FiguresBasis, FiguresWanted, compute
from ruralpb.rules.indicators.derived import based_on
from ruralpb.rules.lineage.attribution import Attribution, attributions
from ruralpb.rules.lineage.decomposition import Counted, Cut, Decomposition


@dataclass(frozen=True)
class FigureDiffs:
    """Why the figures of one unit moved. `restating`: the rows of before under the definitions of after."""

    past: DiffState
    restating: DiffState
    now: DiffState
    unit: Unit

    def moved(self, name: str) -> Iterator[MovedFigure]:
        """Yield the figure and its slices."""
        old = self.past.project.definitions.library
        base = name.removesuffix(QUARTER)
        defined = self.now.project.definitions.worded(self.now.period.end, self.unit.code).indicators[base]
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
        words = phrases("files")
        subgroup = words["subgroup"].format(value=cut[1]) if cut else ""
        title = defined.title + (words["single_quarter"] if name.endswith(QUARTER) else subgroup)
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
                before = StandardsOn(
                    old.standards, self.past.project.definitions.register, self.past.period.end
                ).of(standard.id, self.unit.code)
                after = StandardsOn(
                    new.standards, self.now.project.definitions.register, self.now.period.end
                ).of(standard.id, self.unit.code)
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
    return f"{numbers.exported(value)}{measure}" if isinstance(value, Decimal) else phrases("files")["bands"]


_NOTHING = FigureState("", "", numbers.NONE)


def _derived_side(state: DiffState, id: str, unit: Unit) -> FigureState:
    basis = FiguresBasis(state.project.formulas, state.project.settings, state.session.query)
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


def _step(past: DiffState, now: DiffState, move: Attribution) -> Step:
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


def _is_amended(past: DiffState, now: DiffState, move: Attribution) -> bool:
    """The same reported row, of which a cell has been amended since (or no longer is)."""

    def amended(state: DiffState, row: Counted | None) -> set[tuple[int, int, str]]:
        return {c for c in state.amended if row is not None and c[:2] == (row.block, row.position)}

    return amended(past, move.before) != amended(now, move.after)


def _cells(past: DiffState, now: DiffState, move: Attribution) -> Iterator[ChangedCell]:
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
    state: DiffState, row: Counted | None, fields: Sequence[str]
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
