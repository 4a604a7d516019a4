"""Exact values ↔ JSON text: what is written is what is read again, types included.

Text, whole numbers, yes and no, and None stand for themselves and tuples are lists; everything else is an object of one key that names its
type: `{"Decimal": "1.50"}`, `{"date": "2026-03-31"}`, `{"model.records.Address": ["a.xlsx", …]}`. Reading makes nothing but these and the
records of `model` and `core`: unlike a pickle, a text that somebody has changed cannot make the program run anything.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import import_module
from typing import Any

_PLAIN = {str, int, bool, type(None)}
_PACKAGE = "ruralpb."
_HOMES = ("model.", "core.periods.", "core.problems.")
"""The modules whose records are written and read."""


def dumps(value: Any) -> str:
    """Return the text of a value. Raises TypeError for one of another type than those above."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def loads(text: str) -> Any:
    """Return the value of a text. Raises ValueError, TypeError or ArithmeticError for one that `dumps` never wrote."""
    return _exact(json.loads(text, object_pairs_hook=_object))


def loads_all(texts: Iterable[str]) -> tuple[Any, ...]:
    """Return the value of each text, faster than one by one. Raises as `loads` does."""
    return tuple(loads(f"[{','.join(texts)}]"))


def _plain(value: Any) -> Any:
    kind: Any = type(value)
    if kind in _PLAIN:
        return value
    if isinstance(value, str):  # a listing is kept as its text
        return str(value)
    if kind is tuple:
        return [_plain(item) for item in value]
    if kind is Decimal:
        return {"Decimal": str(value)}
    if kind is date:
        return {"date": value.isoformat()}
    if isinstance(value, Mapping):
        return {"map": [[_plain(key), _plain(item)] for key, item in value.items()]}
    if kind is frozenset:
        return {"set": [_plain(item) for item in value]}
    name = f"{kind.__module__.removeprefix(_PACKAGE)}.{kind.__name__}"
    if _class(name):
        return {name: [_plain(getattr(value, field)) for field in _fields(kind)]}
    raise TypeError(f"{kind.__module__}.{kind.__name__} has no exact JSON")


@cache
def _fields(kind: Any) -> tuple[str, ...]:
    # What takes no part in a record's equality is derived from the rest, and stands last.
    return (
        tuple(field.name for field in fields(kind) if field.compare) if is_dataclass(kind) else kind._fields
    )


@cache
def _is_positional(kind: Any) -> bool:
    return not is_dataclass(kind) or not any(field.kw_only for field in fields(kind))


@cache
def _class(name: str) -> Callable[..., Any] | None:
    """The record class that an object's key names; None for any other name."""
    module, _, class_name = name.rpartition(".")
    if not f"{module}.".startswith(_HOMES) or not class_name:
        return None
    try:
        kind: Any = getattr(import_module(f"{_PACKAGE}{module}"), class_name, None)
    except ImportError:
        return None
    is_record = isinstance(kind, type) and (is_dataclass(kind) or hasattr(kind, "_fields"))
    return kind if is_record and kind.__module__ == f"{_PACKAGE}{module}" else None


def _object(pairs: list[tuple[str, Any]]) -> Any:
    ((name, content),) = pairs
    if name == "Decimal":
        return Decimal(content)
    if name == "date":
        return date.fromisoformat(content)
    if name == "map":
        return {_exact(key): _exact(item) for key, item in content}
    if name == "set":
        return frozenset(_exact(content))
    make = _class(name)
    if make is None:
        raise ValueError(name)
    values = [_exact(item) for item in content]
    if _is_positional(make):
        return make(*values)
    return make(**dict(zip(_fields(make), values, strict=True)))


def _exact(value: Any) -> Any:
    if type(value) is not list:
        return value
    return tuple([_exact(item) if type(item) is list else item for item in value])
