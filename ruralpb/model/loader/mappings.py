"""Headers that a person has confirmed: `mappings:` of definitions/mappings.yaml → HeaderMapping.

A mapping adds a spelling for the sheets it names. It never takes a header away from another field: a text that is a field's title or
alias already is a problem, and so are two mappings of one header to two fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ruralpb.core.problems import Problem
from ruralpb.model import Form, HeaderMapping, Library, Register
from ruralpb.model.loader.headers import header_key
from ruralpb.model.loader.marked import MarkedDict
from ruralpb.model.loader.shapes import read
from ruralpb.model.loader.suggest import unknown


def mappings(
    raws: Iterable[MarkedDict], library: Library, register: Register
) -> tuple[tuple[HeaderMapping, ...], list[Problem]]:
    """Return the confirmed headers that can be used, with every problem at its line. `reporter` may be written as a name."""
    problems: list[Problem] = []
    confirmed: list[HeaderMapping] = []
    for raw in raws:
        mapping = read(HeaderMapping, raw, raw.where, problems)
        if mapping is None:
            continue
        refused = list(_unknown(mapping, raw, library, register)) or list(
            _contradicted(mapping, raw, library, confirmed)
        )
        problems += refused
        if not refused:
            confirmed.append(replace(mapping, reporter=_code(mapping.reporter, register)))
    return tuple(confirmed), problems


def _unknown(
    mapping: HeaderMapping, raw: MarkedDict, library: Library, register: Register
) -> Iterator[Problem]:
    form = library.forms.get(mapping.form)
    if form is None:
        yield unknown("definition-form-unknown", raw.at("form"), mapping.form, library.forms)
    elif mapping.field not in form.by_id:
        data = {"form": form.id, "key": "field"}
        yield unknown("definition-field-unknown", raw.at("field"), mapping.field, form.by_id, **data)
    if mapping.reporter and not _code(mapping.reporter, register):
        names = [unit.name for unit in register.units if unit.level in ("township", "office", "county")]
        yield unknown("unit-code-unknown", raw.at("reporter"), mapping.reporter, names, column="reporter")


def _contradicted(
    mapping: HeaderMapping, raw: MarkedDict, library: Library, before: Iterable[HeaderMapping]
) -> Iterator[Problem]:
    form = library.forms[mapping.form]
    named = _named(form, mapping.header)
    if named and named != mapping.field:
        data = {"form": form.id, "field": mapping.field}
        yield Problem("mapping-overrides", raw.at("header"), mapping.header, named, data=data)
    for other in before:
        same = (other.form, header_key(other.header)) == (mapping.form, header_key(mapping.header))
        apart = (other.reporter and mapping.reporter and other.reporter != mapping.reporter) or (
            other.sheet and mapping.sheet and other.sheet != mapping.sheet
        )
        if same and not apart and other.field != mapping.field:
            data = {"form": form.id, "field": mapping.field, "where": str(other.defined_at)}
            yield Problem("mapping-twice", raw.at("field"), mapping.header, other.field, data=data)


def _named(form: Form, header: str) -> str:
    """The field that a header names already, by its title or an alias, alone or below its group."""
    wanted = header_key(header)
    for item in form.fields:
        words = [item.title, *(alias.text for alias in item.aliases)]
        if item.group:
            words = [f"{item.group}{item.title}", *words[1:]]
        if wanted in map(header_key, words):
            return item.id
    return ""


def _code(reporter: str, register: Register) -> str:
    """The code of a reporter written as code or name; "" when there is none, or several."""
    if not reporter or reporter in register.by_code:
        return reporter
    codes = {
        unit.code
        for unit in register.units
        if reporter in (unit.name, *unit.aliases) and unit.level != "village"
    }
    return codes.pop() if len(codes) == 1 else ""
