"""Standards as written → standards as they hold: each value evidenced, its end spelled out, no gaps without a word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from ruralpb.core.nearest import TITLE, nearest
from ruralpb.core.problems import Problem, Severity
from ruralpb.model.standards import Band, Standard, StandardValue
from ruralpb.model.unit_register import Register

_EVIDENCE: Mapping[str, Severity] = {"source": "error", "checked_on": "query"}
"""What a value of a standard must rest on, and how bad it is when that is missing."""


def spelled_out(standard: Standard) -> tuple[Standard, list[Problem]]:
    """Return the standard with an end (a value None) where one of its values stops before the next starts, and what is wrong with
    its values, those of single units among them. A value ends when the next one starts, on the day after its `to`, or where a start has no value."""
    values, problems = _ended(standard.values)
    units = []
    for one in standard.units:
        own, wrong = _ended(one.values)
        units.append(replace(one, values=own))
        problems += wrong
        if bool(one.unit) == bool(one.unit_class):
            problems.append(Problem("standard-units-of-whom", one.defined_at, standard.id))
    return replace(standard, values=values, units=tuple(units)), problems


def unknown_standards(standards: Mapping[str, Standard]) -> Iterator[Problem]:
    """Yield a problem for each standard that the bands of another one end at or say and that is none, or is bands itself."""
    for standard in standards.values():
        for name in standard.bounds:
            if name not in standards or standards[name].is_bands:
                yield Problem(
                    "rule-standard",
                    standard.defined_at,
                    name,
                    "、".join(nearest(name, [*standards], TITLE)) or "—",
                )


def unknown_units(standards: Mapping[str, Standard], register: Register) -> Iterator[Problem]:
    """Yield a problem for each unit or class of `units:` that the register does not know on any day: its values would hold for nobody."""
    classes = {unit.unit_class for unit in register.units if unit.unit_class}
    for one in (one for standard in standards.values() for one in standard.units):
        for name, known in ((one.unit, register.by_code), (one.unit_class, classes)):
            if name and name not in known:
                near = "、".join(nearest(name, sorted(known), TITLE)) or "—"
                yield Problem("standard-units-unknown", one.defined_at, name, near)


def _ended(given: Sequence[StandardValue]) -> tuple[tuple[StandardValue, ...], list[Problem]]:
    problems: list[Problem] = []
    values: list[StandardValue] = []
    for i, value in enumerate(given):
        problems += [*_unevidenced(value), *_gaps_in(value.value if isinstance(value.value, tuple) else ())]
        following = given[i + 1] if i + 1 < len(given) else None
        values.append(replace(value, to=None))
        if value.value is None and following:
            problems.append(_gap(value, value, following))
        if value.to is None:
            continue
        end = StandardValue(value.to + timedelta(days=1), None, value.source)
        if following and following.start < end.start:
            last, first = value.to.isoformat(), following.start.isoformat()
            problems.append(Problem("standard-overlap", value.defined_at, last, first))
        elif following is None or following.start > end.start:
            values.append(end)
            if following and following.value is not None:
                problems.append(_gap(value, end, following))
    return tuple(values), problems


def _unevidenced(value: StandardValue) -> Iterator[Problem]:
    for key, severity in _EVIDENCE.items():
        if value.value is not None and not getattr(value, key):
            yield Problem(f"standard-no-{key}", value.defined_at, value.start.isoformat(), severity=severity)


def _gaps_in(bands: Sequence[Band]) -> Iterator[Problem]:
    for before, after in pairwise(bands):
        if before.high is None or before.high != after.low:
            named = f"{before.title}–{after.title}"
            yield Problem("standard-bands-gap", after.defined_at, named, str(before.high))


def _gap(value: StandardValue, end: StandardValue, following: StandardValue) -> Problem:
    first, next_ = end.start.isoformat(), following.start.isoformat()
    return Problem("standard-gap", value.defined_at, first, next_, severity="query")
