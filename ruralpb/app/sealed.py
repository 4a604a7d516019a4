"""Closed periods as other commands see them: the seal in force, the figures it holds, what may no longer be changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ruralpb.app.project import Project
from ruralpb.core.periods import Period
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.model import Decision, Library, Value
from ruralpb.returns.versions import seals
from ruralpb.rules.indicators import SealedPeriod, definition_mark
from ruralpb.store.archive import Seals
from ruralpb.store.archive.seals import VALUES

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal in force: the `number`-th of the period, when and by whom; `reason`: why it was sealed as it stood ("" when every
    return was accepted); `manifest`: the sha256 of its manifest."""

    period: str
    number: int
    at: str
    by: str
    reason: str
    manifest: str


def seal_of(project: Project, period: Period) -> Seal | None:
    """Return the seal in force of a period."""
    decisions = project.journal.decisions()
    found = seals(decisions).get(period.label)
    return None if found is None else _seal(decisions, found)


def numbered(decisions: Sequence[Decision], period: str) -> list[Decision]:
    """Return all seals of a period ever made, in order: the n-th is `<period>-<n>`."""
    return [d for d in decisions if d.kind == "seal" and d.data["period"] == period]


def _seal(decisions: Sequence[Decision], found: Decision) -> Seal:
    period = found.data["period"]
    number = [d.id for d in numbered(decisions, period)].index(found.id) + 1
    return Seal(period, number, found.at, found.by, found.reason, found.data["manifest"])


def require_open(project: Project, period: Period) -> None:
    """Raise CannotRun (exit 2) when the period is sealed: a decision that changes what counts in it has to wait for `unlock`."""
    seal = seal_of(project, period)
    if seal is not None:
        about = {"by": seal.by, "at": seal.at[:10]}
        raise CannotRun(Problem("period-sealed", found=period.label, data=about))


def closed_figures(project: Project, labels: Iterable[str]) -> dict[str, SealedPeriod]:
    """Return what was sealed of the periods `labels`, those that are."""
    decisions = project.journal.decisions()
    in_force = seals(decisions)
    wanted = [_seal(decisions, in_force[label]) for label in dict.fromkeys(labels) if label in in_force]
    store = Seals(project.archive.folder / "seals")
    return {seal.period: _read(store.read(seal.period, seal.number, VALUES)) for seal in wanted}


def packed(values: Iterable[Value], library: Library, period: Period) -> bytes:
    """Return the figures of a period as a seal keeps them: exact, one line each, with the marks of their definitions."""
    values = list(values)
    marks = {
        name: definition_mark(library, library.indicators[name], period)
        for name in sorted({v.indicator.partition(".")[0] for v in values})
    }
    head = json.dumps({"v": SCHEMA_VERSION, "period": period.label, "marks": marks}, ensure_ascii=False)
    lines = [json.dumps(_said(value), ensure_ascii=False) for value in values]
    return ("[" + ",\n".join([head, *lines]) + "]\n").encode()


def _said(value: Value) -> dict[str, object]:
    return {
        "indicator": value.indicator,
        "unit_code": value.unit_code,
        "slice": [list(part) for part in value.slice],
        "numerator": _text(value.numerator),
        "denominator": _text(value.denominator),
        "value": _text(value.value),
        "printed": value.printed,
        "covered": value.covered,
        "expected": value.expected,
    }


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def _read(content: bytes) -> SealedPeriod:
    head, *lines = json.loads(content)
    return SealedPeriod(dict(_figures(lines)), head["marks"])


def _figures(
    lines: Iterable[dict[str, Any]],
) -> Iterator[tuple[tuple[str, str, tuple[tuple[str, str], ...]], Decimal | None]]:
    for line in lines:
        cut = tuple((str(key), str(word)) for key, word in line["slice"])
        number = line["value"]
        yield (line["indicator"], line["unit_code"], cut), None if number is None else Decimal(number)
