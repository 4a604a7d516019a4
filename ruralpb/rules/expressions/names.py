"""What an expression may name: the columns of forms, of the register views and of the rows' system part.

A form is a relation of the same name (the rows of current submissions of all periods); `ref_village` and
`ref_township` are the register valid on the period's end. Columns are named by field id, by Chinese title, or are system columns.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ruralpb.model import Field, Form, Library

Kind = Literal["number", "text", "date", "month", "bool", "any"]

SYSTEM: Mapping[str, Kind] = {
    "period": "text", "period_kind": "text", "period_start": "date", "period_end": "date", "year": "number",
    "unit_code": "text", "reporter_code": "text", "township_code": "text", "village_code": "text", "county_code": "text",
    "township": "text", "village": "text", "person_key": "text", "person_doubt": "text", "ordinal": "number",
}  # fmt: skip
_VILLAGE_VIEW: Mapping[str, Kind] = {
    "village_code": "text", "village": "text", "township_code": "text", "township": "text", "county_code": "text",
    "kind": "text", "key_class": "text", "in_demo_zone": "bool", "unit_code": "text", "reporter_code": "text",
}  # fmt: skip
_TOWNSHIP_VIEW: Mapping[str, Kind] = {
    "township_code": "text", "township": "text", "county_code": "text", "kind": "text", "class": "text",
    "sort_no": "number", "unit_code": "text", "reporter_code": "text",
}  # fmt: skip
VIEWS: Mapping[str, Mapping[str, Kind]] = {"ref_village": _VILLAGE_VIEW, "ref_township": _TOWNSHIP_VIEW}

_ALWAYS_FILLED = {
    "period",
    "period_kind",
    "period_start",
    "period_end",
    "year",
    "unit_code",
    "reporter_code",
    "ordinal",
}
_CODES = {"village": "village_code", "township": "township_code", "reporter": "reporter_code"}


@dataclass(frozen=True)
class NamedColumn:
    """One column: its SQL name, its kind, its field when it is one, and whether it can be NULL."""

    name: str
    kind: Kind
    field: Field | None = None
    nullable: bool = True


@dataclass(frozen=True)
class NamedRelation:
    """A form or a register view with everything that may be named in it."""

    name: str
    columns: Mapping[str, NamedColumn]
    form: Form | None = None

    def get(self, word: str) -> NamedColumn | None:
        """Return the column of that id, system name or Chinese title (NFKC)."""
        return self.columns.get(word) or self.columns.get(unicodedata.normalize("NFKC", word))


def relation(library: Library, name: str) -> NamedRelation | None:
    """Return the form or register view of that name."""
    if name in VIEWS:
        view = {c: NamedColumn(c, kind, nullable=c == "key_class") for c, kind in VIEWS[name].items()}
        return NamedRelation(name, view)
    form = library.forms.get(name)
    return None if form is None else _of_form(form)


def _of_form(form: Form) -> NamedRelation:
    filled = _ALWAYS_FILLED | (
        {"village_code", "village", "township_code", "township"} if form.village_row else set()
    )
    columns = {c: NamedColumn(c, kind, nullable=c not in filled) for c, kind in SYSTEM.items()}
    for item in form.fields:
        columns[item.id] = NamedColumn(item.id, kind_of(item), item, nullable=item.id not in filled)
    for item in form.fields:
        columns.setdefault(unicodedata.normalize("NFKC", item.title), columns[item.id])
    return NamedRelation(form.id, columns, form)


def kind_of(item: Field) -> Kind:
    """Return what a field's values are to an expression."""
    if item.numeric:
        return "number"
    if item.type == "date":
        return "date"
    if item.type == "month":
        return "month"
    return "bool" if item.type == "bool" else "text"


def key_columns(form: Form) -> tuple[str, ...]:
    """Return the columns that tell a form's rows apart (S9): its key, by codes, with the reporter unless unique in the project."""
    columns = tuple(_CODES.get(k, k) for k in form.key)
    return columns if form.unique == "project" or "reporter_code" in columns else ("reporter_code", *columns)


def group_column(name: str) -> str:
    """Return the column a group key stands for: `village` groups by `village_code`."""
    return _CODES.get(name, name)


@dataclass(frozen=True)
class Frame:
    """The relations in scope at one level of an expression, by alias; `parent` is the level around it."""

    tables: Mapping[str, NamedRelation]
    parent: Frame | None = None
    allowed: frozenset[str] | None = None
    """In a group check, outside an aggregate: the only columns with one value a group."""

    def find(self, word: str, alias: str = "") -> tuple[Frame, str, NamedColumn] | None:
        """Return the innermost level, alias and column that `word` (of `alias`, when given) names."""
        for name, found in self.tables.items():
            if alias and name != alias:
                continue
            named = found.get(word)
            if named:
                return self, name, named
        return self.parent.find(word, alias) if self.parent else None

    def known(self) -> list[str]:
        """Return every word that can be named from here, for suggestions."""
        words = [w for r in self.tables.values() for w in r.columns]
        return words + (self.parent.known() if self.parent else [])

    def aliases(self) -> list[str]:
        """Return every alias that can be named from here."""
        return [*self.tables, *(self.parent.aliases() if self.parent else [])]

    @property
    def first(self) -> tuple[str, NamedRelation]:
        """The relation the level is about."""
        return next(iter(self.tables.items()))
