"""The model's types → JSON Schema, by which an editor completes and checks definition files while they are written.

One schema a kind of file: definitions, cases, settings. It says what `shapes.read` says, but knows no lines and nothing of what
stands in other files: names that point nowhere and expressions are left to `define check`. Draft 7, which editors' YAML servers speak.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping

from ruralpb.model.assessment import AssessmentRules
from ruralpb.model.definitions import Check, Field, Form, Indicator
from ruralpb.model.keys import written_as
from ruralpb.model.library import Library
from ruralpb.model.loader.cases import CasesFile
from ruralpb.model.loader.kinds import Json
from ruralpb.model.loader.merge import CASE_KEYS, SECTIONS
from ruralpb.model.loader.shapes import shape_of
from ruralpb.model.registers import ListDefinition, Score, Watch
from ruralpb.model.settings import Settings
from ruralpb.model.standards import Standard

FILES = ("definitions", "cases", "settings")
"""The kinds of file."""

_DRAFT = "http://json-schema.org/draft-07/schema#"
_SWITCHED = (Form, Field, Standard)
"""What `enabled: false` takes away before it is read."""
_OF_FILE = {"form", "domain"}
"""Keys that the top of a file may say for all that stands in it."""


def schema(kind: str, library: Library, whole: bool = False) -> Json:
    """Return the JSON Schema of one kind: of FILES, or a single definition by its name (`form`, `check`, `list` …). Raises KeyError
    for another.

    What has an id of its own in `library` need not be said whole: a project's files are laid over it. `whole` is for the files of
    the library itself, which give only its common fields in part.
    """
    made = _Definitions({Field: _common(library)} if whole else _ids(library))
    tops: Mapping[str, Callable[[], Json]] = {
        "definitions": lambda: _definitions_file(made),
        "cases": lambda: made.mapping(CasesFile),
        "settings": lambda: made.mapping(Settings),
        **{name: (lambda cls=cls: made.refer(cls)) for name, cls in _single().items()},  # type: ignore[misc]
    }
    top = tops[kind]()
    return {"$schema": _DRAFT, "title": f"ruralpb: {kind}", **top, "definitions": made.schemas}


def text(kind: str, library: Library, whole: bool = False) -> str:
    """Return `schema` as the text of a file."""
    return json.dumps(schema(kind, library, whole), ensure_ascii=False, indent=1) + "\n"


def file_name(kind: str) -> str:
    """Return the name of the file that holds the schema of `kind`."""
    return f"{kind}.schema.json"


def kinds() -> tuple[str, ...]:
    """Return every kind there is a schema of."""
    return (*FILES, *_single())


def _single() -> dict[str, type]:
    return {written_as(cls).name: cls for cls in (Form, Field, *SECTIONS.values())}


class _Definitions:
    """The schemas of the types met so far, by name. `ids`: what need not be said whole."""

    def __init__(self, ids: Mapping[type, Collection[str]]) -> None:
        self.ids = ids
        self.schemas: dict[str, Json] = {}

    def refer(self, cls: type) -> Json:
        """Return the reference to the schema of `cls`."""
        name = written_as(cls).name.replace(" ", "_")
        if name not in self.schemas:
            self.schemas[name] = {}
            self.schemas[name] = self.mapping(cls)
        return {"$ref": f"#/definitions/{name}"}

    def mapping(self, cls: type) -> Json:
        """Return the schema of the mapping that `cls` is, or of the bare value that stands for it."""
        shape = shape_of(cls)
        properties = {name: key.kind.schema(self.refer) for name, key in shape.all_keys.items()}
        if cls in _SWITCHED:
            properties["enabled"] = {"type": "boolean"}
        required = [name for name, key in shape.keys.items() if key.required]
        whole: Json = {"type": "object", "properties": properties, "additionalProperties": False}
        whole |= self.required(cls, required)
        short = shape.written.short
        return {"anyOf": [properties[short], whole]} if short else whole

    def required(self, cls: type, keys: Iterable[str]) -> Json:
        """Return the keys that `cls` cannot do without: only its id where it is laid over another."""
        id_ = "form" if cls is Form else "id"
        needed = [key for key in keys if key == id_ or key not in _OF_FILE]
        ids = self.ids.get(cls)
        if not ids:
            return {"required": needed}
        over = {"properties": {id_: {"enum": sorted(ids)}}}
        return {"required": [id_], "if": over, "else": {"required": needed}}


def _definitions_file(made: _Definitions) -> Json:
    """A form with all that belongs to it, or definitions of any forms."""
    form = made.mapping(Form)
    cases = shape_of(CasesFile).keys
    anywhere = {key: {"type": "array", "items": made.refer(cls)} for key, cls in SECTIONS.items()}
    anywhere["domain"] = made.refer(SECTIONS["domain"])
    anywhere |= {key: cases[key].kind.schema(made.refer) for key in CASE_KEYS}
    fields = {"type": "array", "items": made.refer(Field)}
    properties = {**form["properties"], "fields": fields, "common_fields": fields, **anywhere}
    is_form = {"required": ["form"], "properties": {"form": {"not": {"const": "all"}}}}
    of_form = {key: form[key] for key in ("required", "if", "else") if key in form}
    return {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "if": is_form,
        "then": {**of_form, "properties": {"common_fields": False}},
        "else": {"propertyNames": {"enum": ["form", "common_fields", *anywhere]}},
    }


def _common(library: Library) -> set[str]:
    """The ids of the fields that every form has."""
    fields = [{field.id for field in form.fields} for form in library.forms.values()]
    return set.intersection(*fields) if fields else set()


def _ids(library: Library) -> dict[type, Collection[str]]:
    return {
        Form: library.forms,
        Field: {field.id for form in library.forms.values() for field in form.fields},
        Check: library.checks,
        Indicator: library.indicators,
        Standard: library.standards,
        Watch: library.watches,
        Score: library.scores,
        ListDefinition: library.lists,
        AssessmentRules: library.assessments,
    }
