"""The words the reader of returns goes by: totals, notes, marks for nothing, signatures … as data.

They stand in `library/vocabulary/*.yaml` below two keys (`rows: total: […]`). Each entry is a word, or a pattern: a regular
expression over the text as `fold` leaves it, where a word is its own pattern. A project adds entries in its `definitions/vocabulary.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

import yaml

__all__ = ["BUILTIN", "OPEN", "Vocabulary", "builtin", "flattened"]

T = TypeVar("T")

OPEN = ("rows.", "title_block.", "sheets.", "cells.", "remarks.")
"""The lists a project may add to begin so; the others are the grammar of headings, numbers and names."""


@dataclass(frozen=True)
class Vocabulary:
    """Lists of words by their key, `rows.total`. What is compiled of them is kept with the object and is no part of it."""

    lists: Mapping[str, tuple[str, ...]]
    _made: dict[tuple[Any, str], Any] = field(default_factory=dict, compare=False, repr=False)

    def __reduce__(self) -> tuple[type[Vocabulary], tuple[dict[str, tuple[str, ...]]]]:
        return Vocabulary, (dict(self.lists),)

    def __getitem__(self, key: str) -> tuple[str, ...]:
        """The entries of one list. Raises KeyError for a list that there is not."""
        return self.lists[key]

    def words(self, key: str) -> frozenset[str]:
        """The entries of one list as a set."""
        return self.once(_set, key)

    def pattern(self, key: str) -> re.Pattern[str]:
        """One pattern of all entries of a list, whatever the case of Latin letters."""
        return self.once(_pattern, key)

    def once(self, make: Callable[[Vocabulary, str], T], key: str = "") -> T:
        """Return `make(vocabulary, key)`, made when it is first asked for and kept with the vocabulary."""
        slot = (make, key)
        if slot not in self._made:
            self._made[slot] = make(self, key)
        made: T = self._made[slot]
        return made

    def either(self, key: str) -> str:
        """The entries of one list as alternatives within a larger pattern."""
        return "|".join(self.lists[key])

    def below(self, prefix: str) -> dict[str, tuple[str, ...]]:
        """The lists whose keys begin with `prefix`, by the rest of their keys."""
        return {key[len(prefix) :]: entries for key, entries in self.lists.items() if key.startswith(prefix)}

    def with_added(self, more: Mapping[str, Sequence[str]]) -> Vocabulary:
        """Return the vocabulary with further entries in the lists that `more` names."""
        lists = dict(self.lists)
        for key, entries in more.items():
            lists[key] = (*lists.get(key, ()), *entries)
        return Vocabulary(lists)


def _set(vocabulary: Vocabulary, key: str) -> frozenset[str]:
    return frozenset(vocabulary[key])


def _pattern(vocabulary: Vocabulary, key: str) -> re.Pattern[str]:
    return re.compile(vocabulary.either(key), re.IGNORECASE)


BUILTIN = "library/vocabulary"


@cache
def builtin() -> Vocabulary:
    """Return the words that come with the program."""
    folder = files("ruralpb") / BUILTIN
    lists: dict[str, tuple[str, ...]] = {}
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        lists |= flattened(yaml.load(file.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader)) or {})
    return Vocabulary(lists)


def flattened(mapping: Mapping[str, object], above: str = "") -> dict[str, tuple[str, ...]]:
    """Return the lists of nested mappings by their dotted keys. A single text is a list of one."""
    found: dict[str, tuple[str, ...]] = {}
    for key, value in mapping.items():
        if isinstance(value, Mapping):
            found |= flattened(value, f"{above}{key}.")
        else:
            found[f"{above}{key}"] = tuple(map(str, value)) if isinstance(value, list) else (str(value),)
    return found
