"""Which periods are sealed: every seal the journal records, and the one of each period that is in force (semantics S2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ruralpb.model import Decision, Seal


def seals(decisions: Iterable[Decision]) -> dict[str, Seal]:
    """Return period label → the seal in force: the last one that no later `unlock` voids. `decisions` stand in journal order."""
    in_force: dict[str, Seal] = {}
    numbers: Counter[str] = Counter()
    for decision in decisions:
        if decision.kind == "seal":
            seal = _seal(decision, numbers)
            in_force[seal.period] = seal
        elif decision.kind == "unlock":
            in_force.pop(decision.data["period"], None)
    return in_force


def every_seal(decisions: Iterable[Decision], period: str) -> list[Seal]:
    """Return all seals of a period ever made, voided ones too, in order: their numbers run from 1."""
    numbers: Counter[str] = Counter()
    return [_seal(d, numbers) for d in decisions if d.kind == "seal" and d.data["period"] == period]


def _seal(decision: Decision, numbers: Counter[str]) -> Seal:
    data, period = decision.data, decision.data["period"]
    numbers[period] += 1
    return Seal(
        period=period,
        number=numbers[period],
        line=int(decision.id),
        through=int(data["through"]) if "through" in data else int(decision.id),
        at=decision.at,
        by=decision.by,
        reason=decision.reason,
        manifest=data.get("manifest", ""),
    )
