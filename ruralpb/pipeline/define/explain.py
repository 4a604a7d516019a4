"""One definition for a person to read: what it says, what it rests on, which cases are about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from ruralpb.definitions import Case, shapes
from ruralpb.definitions.schema import Shape, unknown
from ruralpb.model import Aggregate, Check, Dated, Field, Form, Indicator, Library, Standard
from ruralpb.pipeline.define.trial import mentioned
from ruralpb.problems import NOWHERE, CannotRun, Language, Location, say

Definition = Form | Field | Check | Indicator | Standard

_STANDARD_CALL = re.compile(r"\b(?:standard|band)\(\s*'(\w+)'")
_SHAPES: Mapping[str, Shape[Any]] = {
    "form": shapes.FORM,
    "field": shapes.FIELD,
    "check": shapes.CHECK,
    "indicator": shapes.INDICATOR,
    "standard": shapes.STANDARD,
}


@dataclass(frozen=True, slots=True)
class Explained:
    """One definition and what is around it."""

    kind: str
    """form · field · check · indicator · standard"""
    id: str
    title: str
    where: Location
    keys: tuple[tuple[str, str], ...]
    """What it says, key by key, in the schema's order and YAML's words; what is not said is left out."""
    standards: tuple[Standard, ...]
    """The standards its expressions rest on (or itself), each value with its source."""
    fields: tuple[Field, ...]
    checks: tuple[Check, ...]
    """Of a form."""
    cases: tuple[tuple[str, Location], ...]
    """The cases that mention it."""
    words: Mapping[str, str]
    """What the sentence is made of."""

    def sentence(self, lang: Language = "zh") -> str:
        """What it is or computes, in one sentence."""
        return say(f"define-sentence-{self.kind}", lang, **self.words)


def explained(id_: str, library: Library, cases: Iterable[Case]) -> Explained:
    """The definition `id_` (a form, check, indicator, standard, or `form.field`) explained. Raises CannotRun (exit 2)
    when there is none, with the nearest id."""
    found = _find(id_, library)
    kind = type(found).__name__.lower()
    form = found if isinstance(found, Form) else None
    return Explained(
        kind=kind,
        id=id_,
        title=title(found),
        where=found.defined_at,
        keys=tuple(_keys(found, _SHAPES[kind])),
        standards=tuple(_standards(found, library)),
        fields=form.fields if form else (),
        checks=form.checks if form else (),
        cases=tuple((case.name, case.where) for case in cases if _mentions(case, id_, found)),
        words=_words(found, library),
    )


def title(definition: Definition) -> str:
    """What a list calls it: its title, or a check's message where it has none."""
    return definition.title or (definition.message if isinstance(definition, Check) else definition.id)


def about(definition: Definition, library: Library) -> str:
    """What it belongs to: a check's form, an indicator's domain, a form's number in the office."""
    if isinstance(definition, Check):
        return definition.form
    if isinstance(definition, Indicator):
        return library.domains.get(definition.domain, definition.domain)
    return definition.code if isinstance(definition, Form) else ""


def _find(id_: str, library: Library) -> Definition:
    form, _, field = id_.partition(".")
    if field and form in library.forms and field in library.forms[form].by_id:
        return library.forms[form].by_id[field]
    tables: tuple[Mapping[str, Definition], ...] = (
        library.forms,
        library.checks,
        library.indicators,
        library.standards,
    )
    for table in tables:
        if id_ in table:
            return table[id_]
    known = [one for table in tables for one in table]
    known += [f"{f.id}.{name}" for f in library.forms.values() for name in f.by_id]
    raise CannotRun(unknown("definition-id-unknown", NOWHERE, id_, known))


def _mentions(case: Case, id_: str, found: Definition) -> bool:
    if isinstance(found, Form):
        return any(returned.form == found.id for returned in case.given)
    return id_ in mentioned(case)


def _keys(definition: Definition, shape: Shape[Any]) -> Iterator[tuple[str, str]]:
    """The keys of the definition that say something else than nothing, as YAML would."""
    defaults = {f.name: f.default for f in fields(definition) if f.default is not MISSING}
    for name, key in shape.keys.items():
        attribute = key.into or name
        value = getattr(definition, attribute)
        if value not in (None, "", (), {}) and value != defaults.get(attribute):
            yield name, _text(value)
    dated = getattr(definition, "dated", Dated())
    yield from ((n, _text(v)) for n, v in (("from", dated.start), ("to", dated.end)) if v)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_text(one)}" for name, one in value.items())
    if isinstance(value, tuple):
        return ", ".join(_text(one) for one in value)
    if isinstance(value, Aggregate):
        return (
            value.expr + (f" · {value.of}" if value.of else "") + (f" · {value.where}" if value.where else "")
        )
    # The small parts of a definition: an alias is its text, an enum value its value, a target what is to be reached.
    for attribute in ("text", "value"):
        if hasattr(value, attribute):
            return _text(getattr(value, attribute))
    return str(value)


def _expressions(definition: Definition) -> Iterator[str]:
    if isinstance(definition, Field):
        yield definition.required_when
    elif isinstance(definition, Check):
        yield from (definition.expr, definition.where, *definition.show.values())
    elif isinstance(definition, Indicator):
        yield from (definition.where, definition.derived, *definition.by)
        for aggregate in (definition.numerator, definition.denominator):
            if aggregate:
                yield from (aggregate.expr, aggregate.where)


def _standards(definition: Definition, library: Library) -> Iterator[Standard]:
    if isinstance(definition, Standard):
        yield definition
        return
    text = "\n".join(_expressions(definition))
    for id_ in dict.fromkeys(_STANDARD_CALL.findall(text)):
        yield library.standards[id_]


def _words(definition: Definition, library: Library) -> dict[str, str]:
    words = {"title": title(definition)}
    if isinstance(definition, Form):
        count = {"fields": str(len(definition.fields)), "checks": str(len(definition.checks))}
        return (
            words
            | count
            | {"code": definition.code, "row": definition.row, "frequency": definition.frequency}
        )
    if isinstance(definition, Field):
        return words | {"type": definition.type, "measure": definition.measure or "—"}
    if isinstance(definition, Check):
        form = library.forms.get(definition.form)
        relation = definition.expr or f"({definition.stage})"
        over = "、".join(definition.over)
        return words | {"form": form.title if form else definition.form, "over": over, "relation": relation}
    if isinstance(definition, Indicator):
        return words | {"measure": definition.measure, "formula": _formula(definition)}
    return words | {"measure": definition.measure, "values": str(len(definition.values))}


def _formula(indicator: Indicator) -> str:
    if indicator.numerator is None:
        return indicator.derived
    parts = [_text(a) for a in (indicator.numerator, indicator.denominator) if a]
    return " ÷ ".join(f"[{part}]" for part in parts) + (
        " × 100" if indicator.is_rate and len(parts) > 1 else ""
    )
