"""The words the program writes with, as data: `library/phrases/<name>.yaml`, one table of templates a language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

PHRASES = Path(__file__).parents[1] / "library" / "phrases"


@cache
def phrases(name: str, language: str = "zh") -> Mapping[str, str]:
    """Return the phrases of a file by their path in it, levels joined by a dot (`compare.date.lt`). Raises KeyError for a
    language the file does not have."""
    content = (PHRASES / f"{name}.yaml").read_text("utf-8")
    # PyYAML built without libyaml has no CSafeLoader, which is ten times as fast.
    tables = yaml.load(content, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return MappingProxyType(dict(_flat(tables[language], "")))


def _flat(table: Mapping[str, Any], above: str) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", str(value)
