"""How the model's types are written in YAML, as far as their Python types do not say it.

A frozen dataclass of the model is the one declaration of a kind of definition. `loader.shapes` reads YAML mappings by its
annotations, `loader.editor_schema` writes the JSON Schema of them. The Python type says what a key takes:

    str       words; a number or date as it is written        Literal       one of the words
    int       a whole number, zero or more                    tuple[X, …]   a list
    Decimal   an exact number                                 Mapping       a mapping with free keys
    date      a date, or a month (its first day)              dataclass     a mapping of that type's keys
    bool      true or false                                   Dated         the keys `from` and `to`

An attribute without a default is a key that must be given. A `Location` is filled with where the mapping stands and has no
key. The rest stands in `Annotated`, and in `written` for the type as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Annotated, TypeVar

T = TypeVar("T")

ATTRIBUTE = "__written__"
"""The attribute under which a type keeps its `WrittenForm`."""


class KeyTrait(Enum):
    """What an annotation says without further details."""

    NAME = "ASCII letters, digits and underscores, as expressions and tables can use it"
    TEMPLATE = "words with {placeholders}, each of which has a name"
    THRESHOLD = "a number, or standard('id') for the value of a standard"
    ONE_OR_MANY = "a single item may stand for a list of one"
    UNWRITTEN = "the attribute has no key: it is filled in after reading"


@dataclass(frozen=True, slots=True)
class Key:
    """The key in YAML, where it is not the attribute's name."""

    name: str


@dataclass(frozen=True, slots=True)
class Between:
    """A whole number from `least` to `most`."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class KeyedBy:
    """A mapping stands for the tuple: each of its keys, a date, fills the attribute `attribute` of one item."""

    attribute: str


Name = Annotated[str, KeyTrait.NAME]
MessageTemplate = Annotated[str, KeyTrait.TEMPLATE]
OneOrMany = Annotated[tuple[T, ...], KeyTrait.ONE_OR_MANY]


@dataclass(frozen=True, slots=True)
class WrittenForm:
    """A type as a mapping. `name`: how messages call it. `short`: the key for which a bare value stands. `renamed`: a key
    of earlier versions → the one that is written now."""

    name: str
    short: str = ""
    renamed: Mapping[str, str] = field(default_factory=dict)


def written(
    name: str = "", *, short: str = "", renamed: Mapping[str, str] | None = None
) -> Callable[[type[T]], type[T]]:
    """Decorate a type with its `WrittenForm`; without `name` it is called as its class, in lower-case words."""

    def decorated(cls: type[T]) -> type[T]:
        setattr(cls, ATTRIBUTE, WrittenForm(name or _words(cls), short, renamed or {}))
        return cls

    return decorated


def written_as(cls: type) -> WrittenForm:
    """Return the type's `WrittenForm`."""
    as_decorated = cls.__dict__.get(ATTRIBUTE)
    return as_decorated if isinstance(as_decorated, WrittenForm) else WrittenForm(_words(cls))


def _words(cls: type) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", cls.__name__.lstrip("_")).lower()
