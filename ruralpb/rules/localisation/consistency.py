"""Checks judged by themselves: one that can never fail, one that can never pass, two that cannot both pass, one that another implies.

The same formulas as for localisation, with every cell of the row free. What comes from elsewhere than the row may be anything, so a
doubt is only raised where the row alone decides it: nothing is reported that is not so, and some things that are so are not found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Literal

from sqlglot import exp

from ruralpb.core.periods import Period
from ruralpb.model import Check, Field, Form, Library
from ruralpb.rules.localisation import rows
from ruralpb.rules.localisation.exact import Address, Cell
from ruralpb.rules.localisation.formulas import Domain, Formula, every, satisfiable, some
from ruralpb.rules.localisation.reading import Reader, Relation, asked_blank

_ROW: Address = ("", 0, 0)
Kind = Literal["never-fails", "never-passes", "contradicts", "implied"]
_RANK = {"error": 0, "query": 1, "note": 2}


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is doubtful about `check`; `other` is the check it contradicts, or the one that implies it."""

    kind: Kind
    check: Check
    other: Check | None = None


def doubts(form: Form, checks: Sequence[Check], library: Library, period: Period) -> list[Doubt]:
    """Return what is doubtful about the checks of `form` over single rows that are in force in `period`."""
    judged = _Judged(form, library, period)
    lifted = [(check, trees) for check in checks if (trees := judged.trees(check)) is not None]
    judged.learn(tree for _, trees in lifted for tree in trees)
    known = [judged.read(check, *trees) for check, trees in lifted]
    found: list[Doubt] = []
    sound = []
    for one in known:
        if not judged.possible([one.where, one.fails]):
            found.append(Doubt("never-fails", one.check))
        elif not judged.possible([one.where, one.passes]):
            found.append(Doubt("never-passes", one.check))
        else:
            sound.append(one)
    return found + list(_pairs(sound, judged))


@dataclass(frozen=True, slots=True)
class _One:
    check: Check
    fields: frozenset[str]
    where: Formula
    passes: Formula
    fails: Formula
    spares: Formula
    """It does not fail: the row is none of its rows, or it passes or is unknown."""


def _pairs(sound: Sequence[_One], judged: _Judged) -> Iterator[Doubt]:
    contradicting: set[frozenset[str]] = set()
    for one, other in permutations(sound, 2):
        if one.fields.isdisjoint(other.fields):
            continue
        both = [one.where, other.where]
        pair = frozenset((one.check.id, other.check.id))
        if pair in contradicting or not judged.possible(both):
            continue
        if not judged.possible([*both, one.passes, other.passes]):
            contradicting.add(pair)
            yield Doubt("contradicts", one.check, other.check)
        elif _comparable(one, other, judged) and not judged.possible([one.where, one.fails, other.spares]):
            yield Doubt("implied", one.check, other.check)


def _comparable(one: _One, other: _One, judged: _Judged) -> bool:
    """Whether `other`, at least as severe, can stand in for `one`: it is never unknown where `one` fails."""
    needed = other.fields - one.fields
    return _RANK[other.check.severity] <= _RANK[one.check.severity] and all(
        judged.fields[name].required for name in needed
    )


class _Judged:
    """The formulas of one form's checks."""

    def __init__(self, form: Form, library: Library, period: Period) -> None:
        self.form, self.library, self.period = form, library, period
        self.fields: Mapping[str, Field] = {f.id: f for f in form.fields_on(period.end)}
        self.cells: dict[str, Cell] = {name: (_ROW, name) for name in self.fields}
        self.domains: dict[Cell, Domain] = {self.cells[n]: rows.domain(f) for n, f in self.fields.items()}
        self.numeric = frozenset(self.cells[n] for n, f in self.fields.items() if rows.is_number(f))
        self.lifted = rows.Lifted(form)
        self.blanks: frozenset[Cell] = frozenset()

    def trees(self, check: Check) -> tuple[exp.Expression, exp.Expression] | None:
        """Return the check's expression and condition; None when they cannot be resolved, or nothing of them is of the row."""
        tree = self.lifted.condition(check.expr, check, self.library, None, self.period)
        where: exp.Expression | None = exp.true()
        if check.where:
            where = self.lifted.condition(check.where, check, self.library, None, self.period)
        if tree is None or where is None or not self._named(tree, where):
            return None
        return tree, where

    def learn(self, trees: Iterable[exp.Expression]) -> None:
        """Note which cells the checks ask to be blank."""
        self.blanks = asked_blank(Relation("", tree, self.cells, {}, {}) for tree in trees)

    def _named(self, *trees: exp.Expression) -> frozenset[str]:
        return frozenset(c.name for tree in trees for c in tree.find_all(exp.Column)) & set(self.fields)

    def read(self, check: Check, tree: exp.Expression, where: exp.Expression) -> _One:
        """Return the check as formulas over free cells."""
        fields = self._named(tree, where)
        passes = self._holds(tree, True, True)
        return _One(
            check,
            fields,
            where=self._holds(where, True, False),
            passes=passes,
            fails=self._holds(tree, False, False),
            spares=some([self._holds(where, False, True), passes]),
        )

    def _holds(self, tree: exp.Expression, wanted: bool, unknown: bool) -> Formula:
        names = frozenset(self.fields)
        rests_on = dict.fromkeys(self.lifted.names, names)  # from elsewhere: it may be anything
        relation = Relation("", tree, self.cells, {}, rests_on)
        reader = Reader(relation, frozenset(self.cells.values()), self.numeric, self.blanks)
        return reader.holds(tree, wanted, unknown)

    def possible(self, formulas: Sequence[Formula]) -> bool:
        """Return whether a row can fulfil all of them."""
        return satisfiable(every(formulas), self.domains)
