"""Figures of a closed period as they were sealed: what a later period is compared with (semantics S6).

A sealed value is the base of a comparison while the definition of the indicator and the standards it names are what they were,
all units it rests on are in the later period too, and the unit has not changed what it consists of. Else the base is computed
anew: under a later definition as 可比口径, on fewer units as that comparison says.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from ruralpb.core.periods import Period
from ruralpb.model import Indicator, Library, Register, SealedPeriod, Slice, StandardsOn


def definition_mark(library: Library, indicator: Indicator, period: Period) -> str:
    """Return a hash of what an indicator meant in `period`: its expressions and scope, and the values on the period's last day of
    the standards they name. Titles, targets and decimals are no part of it."""
    texts = [*indicator.by, *(text for a in indicator.aggregates for text in (a.expr, a.where))]
    named = [id_ for id_ in sorted(library.standards) if any(f"'{id_}'" in text for text in texts)]
    content = {
        "sides": [[a.of, " ".join(a.expr.split()), " ".join(a.where.split())] for a in indicator.aggregates],
        "divided": indicator.denominator is not None,
        "by": list(indicator.by),
        "form": indicator.form,
        "derived": indicator.derived,
        "scope": indicator.scope,
        "time": indicator.time,
        "rate": indicator.is_rate,
        "standards": {id_: repr(_in_force(library, id_, period)) for id_ in named},
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def _in_force(library: Library, standard: str, period: Period) -> object:
    """The value; where units have their own or bands end at other standards, all of them."""
    in_force, *others = StandardsOn(library.standards, None, period.end).state(standard)
    value = in_force.value if in_force else None
    return [value, *(other.value if other else None for other in others)] if others else value


def changed_units(register: Register, base: Period, period: Period) -> frozenset[str]:
    """Return the units that do not consist of the same villages and reporters in both periods: something was moved from or to them."""
    codes: set[str] = set()
    for unit in register.on(base.end):
        then = set(register.path(unit.code, base.end))
        successor = register.successor(unit.code, period.end)
        now = set(register.path(successor, period.end)) if successor else set()
        codes |= then ^ now
    return frozenset(codes)


@dataclass(frozen=True)
class Base:
    """The sealed figures of the period that a comparison looks back to."""

    sealed: SealedPeriod
    library: Library
    period: Period
    changed: frozenset[str]
    """The units that consist of something else now."""

    def means_the_same(self, indicator: Indicator) -> bool:
        """True while the definition gives for the sealed period what it gave then."""
        return self.sealed.marks.get(indicator.id) == definition_mark(self.library, indicator, self.period)

    def has(self, indicator: str, unit: str, cut: Slice) -> bool:
        """True when there is a sealed figure (it may have no value) of a unit that is what it was."""
        return unit not in self.changed and (indicator, unit, cut) in self.sealed.values
