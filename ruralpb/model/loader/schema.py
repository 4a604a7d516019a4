"""The declarative schema of a definition: which keys, read how, made into what.

A `Shape` lists the keys of one kind of mapping; `read` turns a mapping into the frozen type of `ruralpb.model` and
says what is wrong, each problem at its line: unknown keys (with the nearest known one), missing keys, wrong types. A key
that is not given is not passed on, so that defaults stand in one place: the type.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from string import Formatter
from typing import Any, Generic, TypeVar

from ruralpb.core.problems import Location, Problem
from ruralpb.model import ALWAYS, Dated
from ruralpb.model.loader.marked import MarkedDict

T = TypeVar("T")

Read = Callable[[Any, Location, list[Problem]], Any]
"""Raw value, where it stands, list to add problems to → value. Raises `Wrong` when it is not of the kind."""


class Wrong(Exception):  # noqa: N818 - it travels three lines up, to `read`
    """The value is not of the kind a key wants: `kind` is the end of the slug `definition-wants-…`."""

    def __init__(self, kind: str, found: object, expected: str = "") -> None:
        self.kind, self.found, self.expected = kind, found, expected
        super().__init__(kind)


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a shape. `into`: the attribute it fills, when that has another name."""

    reads: Read
    required: bool = False
    into: str = ""


@dataclass(frozen=True)
class Shape(Generic[T]):
    """One kind of mapping. `short`: a bare value stands for this key. `dated`: has `from`, `to`. `located`: what is
    made wants to know where it was defined. `renamed`: a key of earlier versions → the one that is written now."""

    name: str
    make: Callable[..., T]
    keys: Mapping[str, Key]
    short: str = ""
    dated: bool = False
    located: bool = False
    renamed: Mapping[str, str] = field(default_factory=dict)

    def names(self) -> tuple[str, ...]:
        """Every key the shape knows, in order."""
        return (*self.keys, *_DATED) if self.dated else tuple(self.keys)


def read(shape: Shape[T], raw: object, where: Location, problems: list[Problem]) -> T | None:
    """What the mapping `raw` says, made into the shape's type; None when a key it cannot do without is missing or
    wrong. Adds to `problems`."""
    if not isinstance(raw, MarkedDict):
        if not shape.short or isinstance(raw, list):
            raise Wrong("mapping", raw, ", ".join(shape.names()))
        raw = MarkedDict({shape.short: raw}, where)
    keys = {**shape.keys, **_DATED} if shape.dated else shape.keys
    for key in raw:
        if key in shape.renamed:
            problems.append(renamed(raw.at(key), key, shape.renamed[key]))
        elif key not in keys:
            problems.append(unknown("definition-key-unknown", raw.at(key), key, keys))
    values: dict[str, Any] = {}
    complete = True
    for name, key in keys.items():
        value = raw.get(name)
        if value is None:
            if key.required:
                data = {"key": name, "shape": shape.name, "id": _id(raw)}
                problems.append(Problem("definition-key-missing", raw.where, data=data))
                complete = False
            continue
        try:
            values[key.into or name] = key.reads(value, raw.at(name), problems)
        except Wrong as wrong:
            problems.append(_wrong_problem(wrong, name, raw.at(name)))
            complete = complete and not key.required
    if not complete:
        return None
    if shape.dated:
        values["dated"] = _dated(values, raw, problems)
    if shape.located:
        values["defined_at"] = raw.where
    return shape.make(**values)


def unknown(slug: str, where: Location, found: object, known: Collection[str], **data: str) -> Problem:
    """A problem about a word that is not among `known`: `<slug>-near` with the word that was perhaps meant, else
    `<slug>` with what there is."""
    near = difflib.get_close_matches(str(found), list(known), n=1, cutoff=0.6)
    if near:
        return Problem(f"{slug}-near", where, str(found), near[0], data=data)
    return Problem(slug, where, str(found), ", ".join(list(known)[:40]), data=data)


def renamed(where: Location, old: str, new: str) -> Problem:
    """A problem about a key of earlier versions: what to write instead. It is never read as if it were the new one."""
    return Problem("definition-key-renamed", where, old, new)


# ------------------------------------------------------------------------------------------------ kinds of value


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
    said = text(value, where, problems)
    try:
        names = [part[1] for part in Formatter().parse(said)]
    except ValueError:
        raise Wrong("template", said) from None
    if "" in names:
        raise Wrong("template", said)
    return said


def name(value: Any, _where: Location, _problems: list[Problem]) -> str:
    """A name that expressions and tables can use: ASCII letters, digits, underscores."""
    if isinstance(value, str) and re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", value):
        return value
    raise Wrong("name", value)


def number(value: Any, _where: Location, _problems: list[Problem]) -> Decimal:
    """An exact number."""
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return Decimal(value)
    raise Wrong("number", value)


def whole(value: Any, _where: Location, _problems: list[Problem]) -> int:
    """A whole number, zero or more."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise Wrong("whole", value)


def between(least: int, most: int) -> Read:
    """A whole number from `least` to `most`."""

    def reads(value: Any, _where: Location, _problems: list[Problem]) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        raise Wrong("between", value, f"{least}–{most}")

    return reads


def flag(value: Any, _where: Location, _problems: list[Problem]) -> bool:
    """`true` or `false`."""
    if isinstance(value, bool):
        return value
    raise Wrong("flag", value)


def day(value: Any, _where: Location, _problems: list[Problem]) -> date:
    """A date, or a month (its first day)."""
    if isinstance(value, date):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", value):
        return date(int(value[:4]), int(value[5:]), 1)
    raise Wrong("day", value)


def day_or_end(value: Any, where: Location, problems: list[Problem]) -> date | str:
    """A date, a month, or `end`: the end of the period."""
    return "end" if value == "end" else day(value, where, problems)


def choice(*words: str) -> Read:
    """One of `words`."""

    def reads(value: Any, _where: Location, _problems: list[Problem]) -> str:
        if value in words:
            return str(value)
        near = difflib.get_close_matches(str(value), words, n=1)
        raise Wrong("choice-near", value, near[0]) if near else Wrong("choice", value, " | ".join(words))

    return reads


def many(item: Read) -> Read:
    """A list, read item by item; a wrong item is a problem of its own and left out."""

    def reads(value: Any, where: Location, problems: list[Problem]) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise Wrong("list", value)
        found = []
        for one in value:
            place = one.where if isinstance(one, MarkedDict) else where
            try:
                made = item(one, place, problems)
            except Wrong as wrong:
                problems.append(_wrong_problem(wrong, "", place))
                continue
            if made is not None:
                found.append(made)
        return tuple(found)

    return reads


def one_or_many(item: Read) -> Read:
    """A list, or a single item for a list of one."""
    as_list = many(item)

    def reads(value: Any, where: Location, problems: list[Problem]) -> tuple[Any, ...]:
        return tuple(as_list(value if isinstance(value, list) else [value], where, problems))

    return reads


def mapping_of(item: Read) -> Read:
    """A mapping with free keys, which keep their lines."""

    def reads(value: Any, _where: Location, problems: list[Problem]) -> MarkedDict:
        if not isinstance(value, MarkedDict):
            raise Wrong("mapping", value)
        read_ = {
            str(key): item(one, value.at(key), problems) for key, one in value.items() if one is not None
        }
        return MarkedDict(read_, value.where, value.marks)

    return reads


def nested(shape: Shape[T]) -> Read:
    """A mapping of another shape."""

    def reads(value: Any, where: Location, problems: list[Problem]) -> T | None:
        return read(shape, value, where, problems)

    return reads


_DATED: Mapping[str, Key] = {"from": Key(day, into="start"), "to": Key(day, into="end")}


def _dated(values: dict[str, Any], raw: MarkedDict, problems: list[Problem]) -> Dated:
    start, end = values.pop("start", None), values.pop("end", None)
    if start and end and end < start:
        problems.append(Problem("definition-span-reversed", raw.at("to"), end.isoformat(), start.isoformat()))
    return Dated(start, end) if start or end else ALWAYS


def _id(raw: MarkedDict) -> str:
    return next((str(raw[key]) for key in ("id", "form", "title", "name") if raw.get(key)), "?")


def _wrong_problem(wrong: Wrong, key: str, where: Location) -> Problem:
    found = (
        "{…}" if isinstance(wrong.found, dict) else "[…]" if isinstance(wrong.found, list) else wrong.found
    )
    shown = str(found).lower() if isinstance(found, bool) else str(found)
    return Problem(f"definition-wants-{wrong.kind}", where, shown, wrong.expected, data={"key": key or "-"})
