"""The edit rules of a form judged by themselves: one that can never fail, one that can never pass, two that cannot both pass, one that another
implies.

The constraints of error localisation with every cell free to change. What comes from elsewhere than the record may be anything, so that
only what the record alone decides is reported: nothing that is not so, and not all that is so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any, Literal

import z3
from sqlglot import exp

from ruralpb.core.periods import Period
from ruralpb.core.problems import SEVERITIES
from ruralpb.model import Check, Form, Library
from ruralpb.rules.localisation.constraints import (
    Condition,
    RecordColumns,
    RecordConstraints,
    TextNumbers,
    any_of,
    as_formula,
    blankable,
)
from ruralpb.rules.localisation.edit_rules import EditRule, EditRules, domain, field_kind
from ruralpb.rules.localisation.record_solver import MOST_STEPS, limits

RuleIssue = Literal["never-fails", "never-passes", "contradicts", "implied"]


@dataclass(frozen=True, slots=True)
class EditSetDiagnostic:
    """What is doubtful about `check`; `other` is the check it contradicts, or the one that implies it."""

    kind: RuleIssue
    check: Check
    other: Check | None = None


def analyse_edit_set(
    form: Form, checks: Sequence[Check], library: Library, period: Period
) -> list[EditSetDiagnostic]:
    """Return what is doubtful about the checks of `form` over single rows that are in force in `period`."""
    edit_set = _EditSet(form, checks, library, period)
    diagnostics, sound = [], []
    for rule in edit_set.rules:
        if not edit_set.possible(rule.where, rule.fails):
            diagnostics.append(EditSetDiagnostic("never-fails", rule.check))
        elif not edit_set.possible(rule.where, rule.passes):
            diagnostics.append(EditSetDiagnostic("never-passes", rule.check))
        else:
            sound.append(rule)
    return diagnostics + list(_pairs(sound, edit_set))


@dataclass(frozen=True, slots=True)
class _RuleConditions:
    """When a rule applies, passes (or is unknown) and fails. `spares`: it does not fail; the row is none of its rows, or it passes or is
    unknown."""

    check: Check
    fields: frozenset[str]
    where: Condition
    passes: Condition
    fails: Condition
    spares: Condition


def _pairs(sound: Sequence[_RuleConditions], edit_set: _EditSet) -> Iterator[EditSetDiagnostic]:
    contradicting: set[frozenset[str]] = set()
    for rule, other in permutations(sound, 2):
        if rule.fields.isdisjoint(other.fields):
            continue
        both = (rule.where, other.where)
        pair = frozenset((rule.check.id, other.check.id))
        if pair in contradicting or not edit_set.possible(*both):
            continue
        if not edit_set.possible(*both, rule.passes, other.passes):
            contradicting.add(pair)
            yield EditSetDiagnostic("contradicts", rule.check, other.check)
        elif edit_set.comparable(rule, other) and not edit_set.possible(rule.where, rule.fails, other.spares):
            yield EditSetDiagnostic("implied", rule.check, other.check)


class _EditSet:
    """The conditions of one form's checks over the cells of a row."""

    def __init__(self, form: Form, checks: Sequence[Check], library: Library, period: Period) -> None:
        self.fields = {f.id: f for f in form.fields_on(period.end)}
        rules = EditRules(form, library, None, period)
        read = [(check, trees) for check in checks if (trees := self._trees(check, rules)) is not None]
        domains = {name: domain(field) for name, field in self.fields.items()}
        kinds = {name: field_kind(field) for name, field in self.fields.items()}
        # From elsewhere: it may be anything.
        kinds |= dict.fromkeys(rules.computed, "other")
        self._constraints = RecordConstraints(RecordColumns(domains, kinds, {}), TextNumbers())
        self.rules = [self._conditions(check, *trees) for check, trees in read]
        asked = [EditRule(check.id, tree, frozenset()) for check, trees in read for tree in trees]
        may_be_blank = blankable(asked, lambda name: kinds.get(name) == "number")
        self._solver = z3.SimpleSolver()
        self._solver.set("rlimit", MOST_STEPS)
        for name, cell in self._constraints.variables.items():
            if name in self.fields:
                free = limits(cell, domains[name], name in may_be_blank, self._constraints.texts)
                self._solver.add([z3.Not(cell.kept), *free])

    def _trees(self, check: Check, rules: EditRules) -> tuple[exp.Expression, exp.Expression] | None:
        """Return the check's expression and condition; None when they cannot be resolved, or nothing of them is of the row."""
        tree = rules.condition(check.expr, check)
        where = rules.condition(check.where, check) if check.where else exp.true()
        if tree is None or where is None or not self._named(tree, where):
            return None
        return tree, where

    def _named(self, *trees: exp.Expression) -> frozenset[str]:
        return frozenset(c.name for tree in trees for c in tree.find_all(exp.Column)) & self.fields.keys()

    def _conditions(self, check: Check, tree: exp.Expression, where: exp.Expression) -> _RuleConditions:
        holds = self._constraints.holds
        passes = holds(tree, True, True)
        return _RuleConditions(
            check,
            self._named(tree, where),
            where=holds(where, True, False),
            passes=passes,
            fails=holds(tree, False, False),
            spares=any_of(holds(where, False, True), passes),
        )

    def comparable(self, rule: _RuleConditions, other: _RuleConditions) -> bool:
        """Whether `other`, at least as severe, can stand in for `rule`: it is never unknown where `rule` fails."""
        needed = other.fields - rule.fields
        return SEVERITIES[other.check.severity].rank <= SEVERITIES[rule.check.severity].rank and all(
            self.fields[name].required for name in needed
        )

    def possible(self, *conditions: Condition) -> bool:
        """Return whether a row can fulfil all of them; also where that takes too long to say."""
        self._solver.push()
        try:
            self._solver.add([as_formula(condition) for condition in conditions])
            answer: Any = self._solver.check()
        finally:
            self._solver.pop()
        return bool(answer != z3.unsat)
