"""What remains to be fulfilled when some cells may change: conditions over those cells alone.

    Atom        a linear inequality, a choice among values, blank or not
    All, Any    of formulas; True and False are formulas, too

A formula is in negation normal form: negation stands in the atoms only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any as AnyValue

from ruralpb.rules.localisation.exact import AtLeast, Bound, Cell, solvable


@dataclass(frozen=True, slots=True)
class OneOf:
    """The cell's text (or yes and no) is one of `values`, or, when not `wanted`, none of them."""

    cell: Cell
    values: frozenset[AnyValue]
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Blank:
    """The cell is blank, or, when not `wanted`, filled."""

    cell: Cell
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part holds."""

    parts: tuple[Formula, ...]


Formula = bool | AtLeast | OneOf | Blank | All | Any


def every(parts: Iterable[Formula]) -> Formula:
    """Return the conjunction, without what is true anyhow."""
    kept: list[Formula] = []
    for part in parts:
        if part is False:
            return False
        if part is not True:
            kept.extend(part.parts if isinstance(part, All) else [part])
    return True if not kept else kept[0] if len(kept) == 1 else All(tuple(dict.fromkeys(kept)))


def some(parts: Iterable[Formula]) -> Formula:
    """Return the disjunction, without what is false anyhow."""
    kept: list[Formula] = []
    for part in parts:
        if part is True:
            return True
        if part is not False:
            kept.extend(part.parts if isinstance(part, Any) else [part])
    return False if not kept else kept[0] if len(kept) == 1 else Any(tuple(dict.fromkeys(kept)))


@dataclass(frozen=True, slots=True)
class Domain:
    """What a cell may hold: `choices` (None: anything) for texts and yes or no, `low` and `high` for numbers, whole numbers
    only, never blank."""

    choices: frozenset[AnyValue] | None = None
    low: Bound = None
    high: Bound = None
    whole: bool = False
    required: bool = False


MOST_BRANCHES = 3000
"""How many alternatives are tried. A formula that has not been refuted by then counts as one that can be fulfilled: localisation
asks for too few cells rather than taking minutes, and the doctor raises no doubt."""


def satisfiable(formula: Formula, domains: Mapping[Cell, Domain]) -> bool:
    """Return whether the cells can hold values that fulfil the formula."""
    return _search([formula], [], [], domains, [MOST_BRANCHES])


def _search(
    pending: list[Formula],
    atoms: list[AtLeast | OneOf | Blank],
    choices: list[Any],
    domains: Mapping[Cell, Domain],
    left: list[int],
) -> bool:
    """Collect what must hold, and try the alternatives one by one; a branch ends as soon as it contradicts itself."""
    left[0] -= 1
    if left[0] < 0:
        return True
    atoms, choices = list(atoms), list(choices)
    while pending:
        formula = pending.pop()
        if formula is False:
            return False
        if isinstance(formula, All):
            pending.extend(formula.parts)
        elif isinstance(formula, Any):
            choices.append(formula)
        elif formula is not True:
            atoms.append(formula)
    if not _consistent(atoms, domains):
        return False
    if not choices:
        return True
    shortest = min(choices, key=lambda choice: len(choice.parts))
    rest = [choice for choice in choices if choice is not shortest]
    return any(_search([part], atoms, rest, domains, left) for part in shortest.parts)


def _consistent(atoms: Iterable[AtLeast | OneOf | Blank], domains: Mapping[Cell, Domain]) -> bool:
    linear: list[AtLeast] = []
    blank: dict[Cell, bool] = {}
    allowed: dict[Cell, frozenset[AnyValue]] = {}
    banned: dict[Cell, frozenset[AnyValue]] = {}
    for atom in atoms:
        if isinstance(atom, AtLeast):
            linear.append(atom)
            filled = [cell for cell, _ in atom.coefficients]
        elif isinstance(atom, OneOf):
            filled = [atom.cell]
            if atom.wanted:
                allowed[atom.cell] = allowed.get(atom.cell, atom.values) & atom.values
            else:
                banned[atom.cell] = banned.get(atom.cell, frozenset()) | atom.values
        else:
            filled = [] if atom.wanted else [atom.cell]
            if atom.wanted and (blank.get(atom.cell) is False or _domain(domains, atom.cell).required):
                return False
            blank[atom.cell] = atom.wanted
        for cell in filled:
            if blank.get(cell):
                return False
            blank[cell] = False
    if not all(
        _choosable(cell, allowed.get(cell), banned.get(cell), domains) for cell in {*allowed, *banned}
    ):
        return False
    limits = {
        c: (_domain(domains, c).low, _domain(domains, c).high) for a in linear for c, _ in a.coefficients
    }
    return not linear or solvable(linear, limits, [c for c in limits if _domain(domains, c).whole])


def _choosable(
    cell: Cell,
    allowed: frozenset[AnyValue] | None,
    banned: frozenset[AnyValue] | None,
    domains: Mapping[Cell, Domain],
) -> bool:
    known = _domain(domains, cell).choices
    if allowed is None and known is None:
        return True  # a text that is none of the banned ones can always be found
    left = (allowed if known is None else known if allowed is None else allowed & known) or frozenset()
    return bool(left - (banned or frozenset()))


_ANYTHING = Domain()


def _domain(domains: Mapping[Cell, Domain], cell: Cell) -> Domain:
    return domains.get(cell, _ANYTHING)


def at_least(coefficients: Mapping[Cell, Fraction], constant: Fraction, margin: Fraction) -> Formula:
    """Return Σ coefficient × cell + constant ≥ margin."""
    kept = tuple((cell, c) for cell, c in coefficients.items() if c)
    bound = margin - constant
    return AtLeast(kept, bound) if kept else bound <= 0
