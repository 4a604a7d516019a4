"""What is wrong between definitions that are each right by themselves: names that point nowhere, words claimed twice.

Only what needs no expression parser: `ruralpb.rules.expressions.verify` reads the expressions and what stands beside them (`over`,
`at`, `show`, the message's placeholders, `by`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ruralpb.core.problems import Problem
from ruralpb.model import Check, Dated, Field, Form, Indicator, Library
from ruralpb.model.form_relation import SYSTEM_COLUMNS
from ruralpb.model.loader.headers import header_key
from ruralpb.model.loader.suggest import unknown

_KEY_WORDS = ("person_key", "village", "township", "reporter")
_REGISTER_VIEWS = ("ref_village", "ref_township", "ref_unit")


def lint(library: Library) -> Iterator[Problem]:
    """Every problem, in order of definition."""
    for form in library.forms.values():
        yield from _form(form)
    for check in library.checks.values():
        yield from _check(check, library)
    for indicator in library.indicators.values():
        yield from _indicator(indicator, library)


def _form(form: Form) -> Iterator[Problem]:
    for part in form.key:
        if part not in form.by_id and part not in _KEY_WORDS:
            names = (*form.by_id, *_KEY_WORDS)
            yield unknown("definition-field-unknown", form.defined_at, part, names, form=form.id, key="key")
    for field in form.fields:
        reserved = field.id in SYSTEM_COLUMNS or field.id == "reporter"
        if reserved and field.type not in ("village", "township"):
            yield Problem("field-id-reserved", field.defined_at, field.id)
        if field.type == "enum" and not field.values:
            yield Problem("enum-no-values", field.defined_at, field.id)
        if field.min is not None and field.max is not None and field.max < field.min:
            yield Problem("definition-span-reversed", field.defined_at, str(field.max), str(field.min))
        yield from _enum_words(field)
    yield from _headers(form)


def _headers(form: Form) -> Iterator[Problem]:
    """A header that two fields claim at the same time would make a column ambiguous."""
    claims: dict[str, list[tuple[Field, Dated]]] = {}
    for field in form.fields:
        words = [(field.title, field.dated), *((alias.text, alias.dated) for alias in field.aliases)]
        for word, dated in words:
            for other, since in claims.setdefault(header_key(word), []):
                apart = field.group and other.group and field.group != other.group
                if other.id != field.id and not apart and _together(dated, since):
                    data = {"form": form.id, "field": field.id}
                    yield Problem("header-claimed-twice", field.defined_at, word, other.id, data=data)
            claims[header_key(word)].append((field, dated))


def _enum_words(field: Field) -> Iterator[Problem]:
    meant: dict[str, str] = {}
    for value in field.values:
        for word in (value.value, *value.synonyms):
            first = meant.setdefault(word, value.value)
            if first != value.value:
                yield Problem("enum-word-twice", field.defined_at, word, first, data={"field": field.id})


def _together(one: Dated, other: Dated) -> bool:
    start = max(one.start or date.min, other.start or date.min)
    return start <= min(one.end or date.max, other.end or date.max)


def _check(check: Check, library: Library) -> Iterator[Problem]:
    if check.stage == "sql" and not check.expr:
        data = {"key": "expr", "shape": "check", "id": check.id}
        yield Problem("definition-key-missing", check.defined_at, data=data)
    if check.form == "all" or not check.enabled:
        return
    if check.form not in library.forms:
        yield unknown("definition-form-unknown", check.defined_at, check.form, library.forms)


def _indicator(indicator: Indicator, library: Library) -> Iterator[Problem]:
    where = indicator.defined_at
    if not indicator.enabled:
        return
    if indicator.domain not in library.domains:
        yield unknown("definition-domain-unknown", where, indicator.domain, library.domains)
    if bool(indicator.derived) == bool(indicator.numerator):
        yield Problem("indicator-numerator-or-derived", where, indicator.id)
    if indicator.derived and not indicator.numerator:
        return
    if indicator.plus and indicator.by:
        yield Problem("indicator-parts-by", where, indicator.id)
    relations = (*library.forms, *_REGISTER_VIEWS)
    for of in dict.fromkeys((indicator.form, *(a.of for a in indicator.aggregates))):
        if of not in relations:
            yield unknown("definition-form-unknown", where, of, relations)
