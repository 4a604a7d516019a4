"""What documents say, as data: phrases with places for numbers and names, in `library/phrases/documents/<group>.yaml`.

Code chooses a phrase and fills its places; the words stand here. A project says things its own way in `definitions/phrases.yaml`:
`ranking: {everybody: 全部{children}}`. A group is read when its first phrase is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import yaml

__all__ = ["Phrases", "builtin_groups", "builtin_phrases"]

PhraseText = str | tuple[str, ...]
"""A phrase, or a list of words that belong together (the headings of a table)."""

_FOLDER = "library/phrases/documents"


@dataclass(frozen=True)
class Phrases:
    """The phrases of a project: the built-in ones, those in `own` (by their key, `ranking.everybody`) in another way."""

    own: Mapping[str, PhraseText] = field(default_factory=dict)

    def __getitem__(self, key: str) -> PhraseText:
        """Return what stands under `group.key`. Raises KeyError for a phrase that there is not."""
        if key in self.own:
            return self.own[key]
        group, _, name = key.partition(".")
        return builtin_phrases(group)[name]

    def get(self, key: str, otherwise: str) -> str:
        """Return the phrase under `group.key`, or `otherwise` where there is none."""
        try:
            entry = self[key]
        except KeyError:
            return otherwise
        return entry if isinstance(entry, str) else "".join(entry)


def builtin_groups() -> list[str]:
    """Return the names of the groups that documents speak with."""
    names = {file.name for file in (files("ruralpb") / _FOLDER).iterdir()}
    return sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml"))


@cache
def builtin_phrases(group: str) -> Mapping[str, PhraseText]:
    """Return the phrases of a group by the rest of their keys. Raises KeyError for a group that there is not."""
    file = files("ruralpb") / _FOLDER / f"{group}.yaml"
    if not file.is_file():
        raise KeyError(group)
    return flattened(yaml.load(file.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader)))


def flattened(mapping: Mapping[str, object], above: str = "") -> dict[str, PhraseText]:
    """Return the phrases of nested mappings by their dotted keys."""
    found: dict[str, PhraseText] = {}
    for key, value in mapping.items():
        if isinstance(value, Mapping):
            found |= flattened(value, f"{above}{key}.")
        else:
            found[f"{above}{key}"] = tuple(map(str, value)) if isinstance(value, list) else str(value)
    return found
