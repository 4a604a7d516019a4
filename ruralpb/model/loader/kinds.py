"""The kinds of value that a key of a definition takes: how each is read, and what an editor is told of it.

A reader is given the raw value, where it stands and the list to add problems to. It returns the value, or raises `Wrong` when the
value is not of its kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from string import Formatter
from typing import Any

from ruralpb.core import periods
from ruralpb.core.nearest import nearest
from ruralpb.core.periods import Period
from ruralpb.core.problems import Location, Problem
from ruralpb.model.keys import KeyTrait
from ruralpb.model.loader.marked import MarkedDict

Read = Callable[[Any, Location, list[Problem]], Any]
Json = dict[str, Any]
Refer = Callable[[type], Json]
"""A type of the model → the reference to its JSON Schema."""

MONTH_PATTERN = r"^\d{4}-(0[1-9]|1[0-2])$"
DAY_PATTERN = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"
THRESHOLD_PATTERN = r"^standard\('\w+'\)$"
NAME_PATTERN = "^[A-Za-z][A-Za-z0-9_]*$"


class Wrong(Exception):  # noqa: N818 - it travels a few lines up, to `shapes.read`
    """The value is not of the kind a key wants: `kind` is the end of the slug `definition-wants-…`."""

    def __init__(self, kind: str, found: object, expected: str = "") -> None:
        self.kind, self.found, self.expected = kind, found, expected
        super().__init__(kind)

    def problem(self, key: str, where: Location) -> Problem:
        """Return the problem that `key` has at `where`."""
        shown = (
            "{…}"
            if isinstance(self.found, dict)
            else "[…]"
            if isinstance(self.found, list)
            else str(self.found)
        )
        shown = shown.lower() if isinstance(self.found, bool) else shown
        return Problem(f"definition-wants-{self.kind}", where, shown, self.expected, data={"key": key or "-"})


@dataclass(frozen=True, slots=True)
class ValueKind:
    """One kind of value. `schema` is its JSON Schema, given how to refer to other types."""

    read: Read
    schema: Callable[[Refer], Json]


def text(value: Any, _where: Location, _problems: list[Problem]) -> str:
    """Words. A number or date is taken as it is written, so that codes and dates need no quotes."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    raise Wrong("text", value)


def template(value: Any, where: Location, problems: list[Problem]) -> str:
    """Words with `{placeholders}`, each of which has a name."""
    words = text(value, where, problems)
    try:
        names = [part[1] for part in Formatter().parse(words)]
    except ValueError:
        raise Wrong("template", words) from None
    if "" in names:
        raise Wrong("template", words)
    return words


def name(value: Any, _where: Location, _problems: list[Problem]) -> str:
    """A name that expressions and tables can use: ASCII letters, digits, underscores."""
    if isinstance(value, str) and re.fullmatch(NAME_PATTERN, value):
        return value
    raise Wrong("name", value)


def number(value: Any, _where: Location, _problems: list[Problem]) -> Decimal:
    """An exact number."""
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return Decimal(value)
    raise Wrong("number", value)


def threshold(value: Any, where: Location, problems: list[Problem]) -> Decimal | str:
    """An exact number, or `standard('id')`: the value of that standard."""
    if isinstance(value, str) and re.fullmatch(THRESHOLD_PATTERN, value):
        return value
    return number(value, where, problems)


def whole(value: Any, _where: Location, _problems: list[Problem]) -> int:
    """A whole number, zero or more."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise Wrong("whole", value)


def between(least: int, most: int) -> ValueKind:
    """A whole number from `least` to `most`."""

    def reads(value: Any, _where: Location, _problems: list[Problem]) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        raise Wrong("between", value, f"{least}–{most}")

    return ValueKind(reads, lambda _refer: {"type": "integer", "minimum": least, "maximum": most})


def flag(value: Any, _where: Location, _problems: list[Problem]) -> bool:
    """`true` or `false`."""
    if isinstance(value, bool):
        return value
    raise Wrong("flag", value)


def day(value: Any, _where: Location, _problems: list[Problem]) -> date:
    """A date, or a month (its first day)."""
    if isinstance(value, date):
        return value
    if isinstance(value, str) and re.fullmatch(MONTH_PATTERN, value):
        return date(int(value[:4]), int(value[5:]), 1)
    raise Wrong("day", value)


def period(value: Any, _where: Location, _problems: list[Problem]) -> Period:
    """A period, however it is written."""
    named = periods.find(str(value))
    if named is None:
        raise Wrong("period", value)
    return named


def mapping(value: Any, _where: Location, _problems: list[Problem]) -> MarkedDict:
    """A mapping with free keys, as it is written."""
    if not isinstance(value, MarkedDict):
        raise Wrong("mapping", value)
    return value


def choice(*words: str) -> ValueKind:
    """One of `words`."""

    def reads(value: Any, _where: Location, _problems: list[Problem]) -> str:
        if value in words:
            return str(value)
        near = nearest(str(value), words, most=1)
        raise Wrong("choice-near", value, near[0]) if near else Wrong("choice", value, " | ".join(words))

    return ValueKind(reads, lambda _refer: {"enum": list(words)})


def many(item: ValueKind) -> ValueKind:
    """A list, read item by item; a wrong item is a problem of its own and left out."""

    def reads(value: Any, where: Location, problems: list[Problem]) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise Wrong("list", value)
        made = []
        for raw in value:
            place = raw.where if isinstance(raw, MarkedDict) else where
            try:
                made.append(item.read(raw, place, problems))
            except Wrong as wrong:
                problems.append(wrong.problem("", place))
        return tuple(each for each in made if each is not None)

    return ValueKind(reads, lambda refer: {"type": "array", "items": item.schema(refer)})


def one_or_many(item: ValueKind) -> ValueKind:
    """A list, or a single item for a list of one."""
    as_list = many(item)

    def reads(value: Any, where: Location, problems: list[Problem]) -> tuple[Any, ...]:
        return tuple(as_list.read(value if isinstance(value, list) else [value], where, problems))

    return ValueKind(reads, lambda refer: {"anyOf": [item.schema(refer), as_list.schema(refer)]})


def mapping_of(item: ValueKind) -> ValueKind:
    """A mapping with free keys, which keep their lines."""

    def reads(value: Any, where: Location, problems: list[Problem]) -> MarkedDict:
        raw = mapping(value, where, problems)
        items = {
            str(key): item.read(each, raw.at(key), problems) for key, each in raw.items() if each is not None
        }
        return MarkedDict(items, raw.where, raw.marks)

    return ValueKind(reads, lambda refer: {"type": "object", "additionalProperties": item.schema(refer)})


def by_day(item: Json) -> Json:
    """Return the JSON Schema of a mapping whose keys are days."""
    return {"type": "object", "patternProperties": {DAY_PATTERN: item}, "additionalProperties": False}


def _plain(read: Read, schema: Json) -> ValueKind:
    return ValueKind(read, lambda _refer: schema)


_WORDS: Json = {"type": ["string", "number"]}

OF_TYPE: Mapping[Any, ValueKind] = {
    str: _plain(text, _WORDS),
    int: _plain(whole, {"type": "integer", "minimum": 0}),
    bool: _plain(flag, {"type": "boolean"}),
    Decimal: _plain(number, {"type": "number"}),
    date: _plain(day, {"type": "string", "anyOf": [{"format": "date"}, {"pattern": MONTH_PATTERN}]}),
    Period: _plain(period, _WORDS),
    MarkedDict: _plain(mapping, {"type": "object"}),
}
"""The kind of value for each Python type that is not made of others."""

OF_TRAIT: Mapping[KeyTrait, ValueKind] = {
    KeyTrait.NAME: _plain(name, {"type": "string", "pattern": NAME_PATTERN}),
    KeyTrait.TEMPLATE: _plain(template, _WORDS),
    KeyTrait.THRESHOLD: _plain(
        threshold, {"anyOf": [{"type": "number"}, {"type": "string", "pattern": THRESHOLD_PATTERN}]}
    ),
}
"""The kinds of words that are more than words."""
