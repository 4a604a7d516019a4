"""YAML mappings → the model's types, by the annotations of the types (`ruralpb.model.keys` says what these mean).

`read` makes one mapping into its frozen type and says what is wrong with it, each problem at its line: unknown keys (with the
nearest one there is), keys that are missing, values of the wrong kind. It goes on after a problem, so that all of them are told at once. A key that is
not given is not passed on: defaults stand in the type alone.

Why no library does this: a validator that collects problems and knows bare values for mappings (pydantic) takes as long to import as
the whole built-in library takes to read, and every command reads definitions; one that imports fast (msgspec) stops at the
first problem. Neither knows lines or what was perhaps meant.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from ruralpb.core.problems import Location, Problem
from ruralpb.model.definitions import ALWAYS, Dated
from ruralpb.model.keys import Between, Key, KeyedBy, KeyTrait, WrittenForm, written_as
from ruralpb.model.loader import kinds
from ruralpb.model.loader.kinds import ValueKind, Wrong
from ruralpb.model.loader.marked import MarkedDict
from ruralpb.model.loader.suggest import renamed, unknown

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ShapeKey:
    """One key of a shape and the attribute it fills."""

    attribute: str
    kind: ValueKind
    required: bool = False


@dataclass(frozen=True)
class Shape:
    """The type `make` as a mapping. `written`: its name, what a bare value stands for. `dated`: the attribute that `from` and `to` fill,
    `located`: the one that says where the mapping stands; "" when the type has none."""

    make: type[Any]
    written: WrittenForm
    keys: Mapping[str, ShapeKey]
    dated: str
    located: str

    @property
    def all_keys(self) -> Mapping[str, ShapeKey]:
        """Every key in order, `from` and `to` among them."""
        return {**self.keys, **_FROM_TO} if self.dated else self.keys


_FROM_TO = {"from": ShapeKey("start", kinds.OF_TYPE[date]), "to": ShapeKey("end", kinds.OF_TYPE[date])}


def shape_of(cls: type[Any]) -> Shape:
    """Return how `cls`, a dataclass of the model, is written."""
    return _shape_of(cls)  # type: ignore[arg-type]  # mypy does not take a class to be hashable


@cache
def _shape_of(cls: Any) -> Shape:
    hints = get_type_hints(cls, include_extras=True)
    keys: dict[str, ShapeKey] = {}
    dated = located = ""
    for attribute in fields(cls):
        hint = hints[attribute.name]
        if hint is Dated:
            dated = attribute.name
        elif hint is Location:
            located = attribute.name
        elif KeyTrait.UNWRITTEN not in _annotations(hint):
            required = attribute.default is MISSING and attribute.default_factory is MISSING
            name = next((a.name for a in _annotations(hint) if isinstance(a, Key)), attribute.name)
            keys[name] = ShapeKey(attribute.name, kind_of(hint), required)
    return Shape(cls, written_as(cls), keys, dated, located)


def kind_of(hint: Any) -> ValueKind:
    """Return what a key takes whose attribute is annotated with `hint`."""
    annotations = _annotations(hint)
    hint = get_args(hint)[0] if annotations else hint
    arguments = get_args(hint)
    origin = get_origin(hint)
    for annotation in annotations:
        if annotation in kinds.OF_TRAIT:
            return kinds.OF_TRAIT[annotation]
        if isinstance(annotation, Between):
            return kinds.between(annotation.least, annotation.most)
        if isinstance(annotation, KeyedBy):
            return _keyed(arguments[0], annotation.attribute)
    if origin in (Union, types.UnionType):
        return _either([member for member in arguments if member is not types.NoneType])
    if origin is Literal:
        return kinds.choice(*(word for word in arguments if word))
    if origin is tuple:
        make = kinds.one_or_many if KeyTrait.ONE_OR_MANY in annotations else kinds.many
        return make(kind_of(arguments[0]))
    if origin is not None and issubclass(origin, Mapping):
        return kinds.mapping_of(kind_of(arguments[1]))
    return kinds.OF_TYPE[hint] if hint in kinds.OF_TYPE else nested(hint)


def _annotations(hint: Any) -> tuple[Any, ...]:
    return get_args(hint)[1:] if get_origin(hint) is Annotated else ()


def _either(members: list[Any]) -> ValueKind:
    """One of several kinds, told apart by how the value is written: a list, a mapping, one of the words, anything else."""
    of = {get_origin(member) or member: kind_of(member) for member in members}
    if len(of) == 1:
        return next(iter(of.values()))
    words = {word for member in members if get_origin(member) is Literal for word in get_args(member)}
    plain = [kind for origin, kind in of.items() if origin not in (tuple, Mapping, Literal)]
    plain = plain or [kind for origin, kind in of.items() if origin is Literal]

    def reads(value: Any, where: Location, problems: list[Problem]) -> Any:
        if isinstance(value, list) and tuple in of:
            return of[tuple].read(value, where, problems)
        if isinstance(value, MarkedDict) and Mapping in of:
            return of[Mapping].read(value, where, problems)
        if isinstance(value, str) and value in words:
            return value
        return plain[0].read(value, where, problems)

    return ValueKind(reads, lambda refer: {"anyOf": [kind.schema(refer) for kind in of.values()]})


def nested(cls: type[T]) -> ValueKind:
    """A mapping of another type's keys, or the bare value that stands for it."""

    def reads(value: Any, where: Location, problems: list[Problem]) -> T | None:
        return read(cls, value, where, problems)

    return ValueKind(reads, lambda refer: refer(cls))


def _keyed(cls: type[T], attribute: str) -> ValueKind:
    """A mapping whose keys are days: each fills `attribute` of one item, the rest of which is what stands under it."""
    located = shape_of(cls).located

    def reads(value: Any, _where: Location, problems: list[Problem]) -> tuple[T, ...]:
        if not isinstance(value, MarkedDict):
            raise Wrong("mapping", value, "2018-01-01: {value: …, source: …, checked_on: …}")
        wrong = next((key for key in value if not isinstance(key, date)), None)
        if wrong is not None:
            raise Wrong("day", wrong)
        items = []
        for day in sorted(value):
            raw = MarkedDict() if value[day] is None else value[day]
            stated = {attribute: day, located: value.at(day)}
            items.append(read(cls, raw, value.at(day), problems, stated))
        return tuple(item for item in items if item is not None)

    return ValueKind(reads, lambda refer: kinds.by_day({"anyOf": [{"type": "null"}, refer(cls)]}))


def read(
    cls: type[T],
    raw: object,
    where: Location,
    problems: list[Problem],
    stated: Mapping[str, Any] | None = None,
) -> T | None:
    """What the mapping `raw` says, made into `cls`; None when a key it cannot do without is missing or wrong.

    `where` is where a bare value stands, `stated` are attributes that are known without being written. Adds to `problems`.
    """
    shape = shape_of(cls)
    short = shape.written.short
    keys = shape.all_keys
    if not isinstance(raw, MarkedDict):
        if not short or isinstance(raw, list):
            raise Wrong("mapping", raw, ", ".join(keys))
        raw = MarkedDict({short: raw}, where)
    problems += _strange(raw, keys, shape.written)
    values: dict[str, Any] = {}
    complete = True
    for name, key in keys.items():
        value = raw.get(name)
        if value is None:
            if key.required:
                data = {"key": name, "shape": shape.written.name, "id": _id(raw)}
                problems.append(Problem("definition-key-missing", raw.where, data=data))
                complete = False
            continue
        try:
            values[key.attribute] = key.kind.read(value, raw.at(name), problems)
        except Wrong as wrong:
            problems.append(wrong.problem(name, raw.at(name)))
            complete = complete and not key.required
    if not complete:
        return None
    if shape.dated:
        values[shape.dated] = _dated(values, raw, problems)
    if shape.located:
        values[shape.located] = raw.where
    made: T = shape.make(**{**values, **(stated or {})})
    return made


def _strange(raw: MarkedDict, keys: Mapping[str, ShapeKey], written: WrittenForm) -> list[Problem]:
    """The keys that there are none of: renamed since, or unknown."""
    return [
        renamed(raw.at(key), key, written.renamed[key])
        if key in written.renamed
        else unknown("definition-key-unknown", raw.at(key), key, keys)
        for key in raw
        if key not in keys
    ]


def _dated(values: dict[str, Any], raw: MarkedDict, problems: list[Problem]) -> Dated:
    start, end = values.pop("start", None), values.pop("end", None)
    if start and end and end < start:
        problems.append(Problem("definition-span-reversed", raw.at("to"), end.isoformat(), start.isoformat()))
    return Dated(start, end) if start or end else ALWAYS


def _id(raw: MarkedDict) -> str:
    return next((str(raw[key]) for key in ("id", "form", "title", "name") if raw.get(key)), "?")
