"""What a definition says, key by key, in YAML's words: the way back from the model to its schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from datetime import date
from decimal import Decimal
from typing import Any

from ruralpb.model.definitions import Aggregate, Check, Dated, Form, Indicator
from ruralpb.model.library import Library
from ruralpb.model.loader.shapes import shape_of
from ruralpb.model.registers import Criterion, ListDefinition, Score, ScoreLine, Watch


def definition_title(definition: Any) -> str:
    """Return what a list calls it: its title, or a check's message where it has none."""
    return str(definition.title or (definition.message if isinstance(definition, Check) else definition.id))


def belongs_to(definition: Any, library: Library) -> str:
    """Return what it belongs to: the form of a check, watch, score or list, an indicator's domain, a form's number in the office."""
    if isinstance(definition, Check | Watch):
        return definition.form
    if isinstance(definition, Score):
        return definition.form or definition.level
    if isinstance(definition, ListDefinition):
        return definition.relation
    if isinstance(definition, Indicator):
        return library.domains.get(definition.domain, definition.domain)
    return definition.code if isinstance(definition, Form) else ""


_SHOWN: Mapping[type[Any], tuple[str, ...]] = {Indicator: ("decimals", "better", "time")}
"""Keys that are shown even where they say what is usual: a figure cannot be read without them."""


def definition_keys(definition: Any) -> Iterator[tuple[str, str]]:
    """Yield the keys that say something else than nothing, each with its text, as YAML would."""
    defaults = {f.name: f.default for f in fields(definition) if f.default is not MISSING}
    for name, key in shape_of(type(definition)).keys.items():
        value = getattr(definition, key.attribute)
        usual = value == defaults.get(key.attribute) and name not in _SHOWN.get(type(definition), ())
        if value not in (None, "", (), {}) and not usual:
            yield name, value_text(value)
    dated = getattr(definition, "dated", Dated())
    yield from ((n, value_text(v)) for n, v in (("from", dated.start), ("to", dated.end)) if v)


def value_text(value: Any) -> str:
    """Return the value of a key as it is written."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {value_text(each)}" for name, each in value.items())
    if isinstance(value, tuple):
        return ", ".join(value_text(each) for each in value)
    if isinstance(value, Aggregate):
        return (
            value.expr + (f" · {value.of}" if value.of else "") + (f" · {value.where}" if value.where else "")
        )
    if isinstance(value, Criterion | ScoreLine):
        return f"{value.title} {value_text(value.weight if isinstance(value, Criterion) else value.standard)}"
    # The small parts of a definition: an alias is its text, an enum value its value, a target what is to be reached.
    for attribute in ("text", "value"):
        if hasattr(value, attribute):
            return value_text(getattr(value, attribute))
    return str(value)
