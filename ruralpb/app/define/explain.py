"""One definition for a person to read: what it says, what it rests on, which cases are about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ruralpb.app.define.reach import Definition, mentioned, standards_of
from ruralpb.app.define.sources import definitions_with_cases
from ruralpb.core.messages import Language, languages
from ruralpb.core.problems import NOWHERE, CannotRun, Location
from ruralpb.model import (
    Check,
    Field,
    Form,
    Library,
    Standard,
)
from ruralpb.model.keys import written_as
from ruralpb.model.loader import Case
from ruralpb.model.loader.definition_keys import definition_keys, definition_title
from ruralpb.model.loader.suggest import unknown
from ruralpb.rules.definitions.sentence import definition_sentence


@dataclass(frozen=True, slots=True)
class ExplainedDefinition:
    """One definition and what is around it."""

    kind: str
    """form · field · check · indicator · standard · watch · score · list"""
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
    sentences: Mapping[Language, str]
    """What it is or computes, in one sentence: in Chinese titles, or in the ids and expressions themselves."""


def explained(id_: str, library: Library, cases: Iterable[Case]) -> ExplainedDefinition:
    """The definition `id_` (of any kind; a field is `form.field`) explained. Raises CannotRun (exit 2)
    when there is none, with the nearest id."""
    definition = _find(id_, library)
    form = definition if isinstance(definition, Form) else None
    return ExplainedDefinition(
        kind=written_as(type(definition)).name,
        id=id_,
        title=definition_title(definition),
        where=definition.defined_at,
        keys=tuple(definition_keys(definition)),
        standards=tuple(standards_of(definition, library)),
        fields=form.fields if form else (),
        checks=form.checks if form else (),
        cases=tuple((case.name, case.where) for case in cases if _mentions(case, id_, definition)),
        sentences={lang: definition_sentence(definition, library, lang) for lang in languages()},
    )


def _find(id_: str, library: Library) -> Definition:
    form, _, field = id_.partition(".")
    if field and form in library.forms and field in library.forms[form].by_id:
        return library.forms[form].by_id[field]
    tables: tuple[Mapping[str, Definition], ...] = (
        library.forms,
        library.checks,
        library.indicators,
        library.standards,
        library.watches,
        library.scores,
        library.lists,
    )
    for table in tables:
        if id_ in table:
            return table[id_]
    ids = [each for table in tables for each in table]
    ids += [f"{f.id}.{name}" for f in library.forms.values() for name in f.by_id]
    raise CannotRun(unknown("definition-id-unknown", NOWHERE, id_, ids))


def _mentions(case: Case, id_: str, found: Definition) -> bool:
    if isinstance(found, Form):
        return any(returned.form == found.id for returned in case.given)
    return id_ in mentioned(case)


def show(folder: Path | None, id_: str, today: date = date.max) -> ExplainedDefinition:
    """Explain a form, check, indicator, standard, watch, score, list, or field (`form.field`); titles with the values that their
    standards have `today`, else with the last ones.

    Raises CannotRun (exit 2) for an unknown id, with the nearest one, and when the definitions have errors.
    """
    definitions, cases = definitions_with_cases(folder)
    return explained(id_, definitions.library.worded(today), cases)
