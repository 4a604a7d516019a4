"""What came out of a case beside what was expected of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from ruralpb.core.problems import Location, Problem
from ruralpb.model import Value
from ruralpb.model.loader import Case
from ruralpb.rules.checks import Verdict


@dataclass(frozen=True, slots=True)
class Miss:
    """One thing a case expected and did not get. `what` is a check or indicator id, `unit` a name, empty for the
    whole."""

    what: str
    unit: str
    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case that ran. `problems` kept it from being computed as defined; what is merely noted is none (that a standard
    has ended may be just what the case is about). `left_out`: it did not run, as it is a case of the built-in library about
    something the project defines otherwise."""

    name: str
    where: Location
    misses: tuple[Miss, ...]
    problems: tuple[Problem, ...] = ()
    left_out: bool = False

    @property
    def holds(self) -> bool:
        """True when everything came out as expected."""
        return not self.misses and not self.problems


def misses(case: Case, verdicts: Sequence[Verdict], values: Sequence[Value]) -> Iterator[Miss]:
    """Yield what the case expected of checks, their messages and figures and did not get."""
    yield from _outcomes(case, verdicts)
    yield from _messages(case, verdicts)
    yield from _figures(case, values)


def _outcomes(case: Case, verdicts: Sequence[Verdict]) -> Iterable[Miss]:
    for check, expected in case.expect.items():
        own_verdicts = [v for v in verdicts if v.check == check]
        by_unit = {"": expected} if isinstance(expected, str) else expected
        for unit, outcome in by_unit.items():
            codes = _codes(case, unit)
            got = _worst(
                own_verdicts
                if not unit
                else (v for v in own_verdicts if {v.unit_code, v.township_code} & codes)
            )
            if got != outcome:
                yield Miss(check, unit, outcome, got)


def _worst(verdicts: Iterable[Verdict]) -> str:
    """Pass when all pass; a failure outweighs an unknown."""
    outcomes = {verdict.outcome for verdict in verdicts}
    return next((worst for worst in ("fail", "unknown") if worst in outcomes), "pass")


def _messages(case: Case, verdicts: Sequence[Verdict]) -> Iterable[Miss]:
    for check, expected in case.message.items():
        messages = [v.message for v in verdicts if v.check == check and v.outcome == "fail"]
        if expected not in messages:
            yield Miss(check, "", expected, " / ".join(messages) or "—")


def _figures(case: Case, values: Sequence[Value]) -> Iterable[Miss]:
    for key, wanted in case.values.items():
        by_unit = wanted if isinstance(wanted, Mapping) else {"": wanted}
        for unit, expected in by_unit.items():
            codes = _codes(case, unit) if unit else {case.settings.unit}
            figures = [v for v in values if v.unit_code in codes and v.id.startswith(f"{key}@")]
            if not any(_is(value, expected) for value in figures):
                yield Miss(key, unit, _said(expected), " / ".join(_shown(v) for v in figures) or "—")


def _is(value: Value, expected: Any) -> bool:
    """A text is what is printed; a number is the value itself or the printed one; true is 1; null is no value."""
    if expected is None or value.value is None:
        return expected is None and value.value is None
    if isinstance(expected, str):
        return value.printed == expected
    wanted = Decimal(int(expected) if isinstance(expected, bool) else expected)
    try:
        return wanted in (value.value, Decimal(value.printed))
    except InvalidOperation:
        return False


def _said(expected: object) -> str:
    return "null" if expected is None else str(expected)


def _shown(value: Value) -> str:
    return "null" if value.value is None else value.printed


def _codes(case: Case, unit: str) -> set[str]:
    return {u.code for u in case.register.units if u.name == unit}
