"""What a definition or a case reaches: the expressions it is made of, the forms these read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ruralpb.model import Check, Field, Form, Indicator, Library, ListDefinition, Score, Standard, Watch
from ruralpb.model.loader import OWN, Case, case_settings, figure_of

Definition = Form | Field | Check | Indicator | Standard | Watch | Score | ListDefinition

_WORD = re.compile(r"[A-Za-z_]\w*")
_STANDARD_CALL = re.compile(r"\b(?:standard|band)\(\s*'(\w+)'")


def expressions(definition: Definition) -> Iterator[str]:
    """Every expression of a definition, empty ones among them."""
    if isinstance(definition, Field):
        yield definition.required_when
    elif isinstance(definition, Form):
        yield definition.carried
    elif isinstance(definition, Check):
        yield from (definition.expr, definition.where, *definition.show.values())
    elif isinstance(definition, Indicator):
        yield from (definition.where, definition.derived, *definition.by)
        for aggregate in definition.aggregates:
            yield from (aggregate.of, aggregate.expr, aggregate.where)
    elif isinstance(definition, Watch):
        yield from (definition.where, definition.watched, definition.awaiting, definition.cleared)
        yield from (definition.subject, definition.opened_on, definition.due_on, definition.cleared_on)
        yield from (definition.evidence, *definition.show.values())
    elif isinstance(definition, Score):
        yield from (
            definition.where,
            definition.subject,
            definition.total,
            definition.deduction,
            definition.veto,
        )
        yield from (criterion.expr for criterion in definition.criteria)
    elif isinstance(definition, ListDefinition):
        yield from (definition.where, definition.order, *definition.columns.values())


def standards_of(definition: Definition, library: Library) -> list[Standard]:
    """The standards its expressions name, and those of a score's lines, in order of appearance; a standard is its own."""
    if isinstance(definition, Standard):
        return [definition]
    named = _STANDARD_CALL.findall("\n".join(expressions(definition)))
    if isinstance(definition, Score):
        named += [line.standard for line in definition.lines]
    return [library.standards[id_] for id_ in dict.fromkeys(named) if id_ in library.standards]


def mentioned(case: Case) -> set[str]:
    """The ids of the checks and indicators a case is about."""
    return {*case.expect, *case.message, *map(figure_of, case.values)}


def is_about_changed(case: Case, library: Library) -> bool:
    """Whether the project's own definitions say otherwise about something the case rests on: a check, an indicator, a standard
    or a field they read, or any field of a form that a check of a stage looks at."""
    checks = [library.checks[i] for i in library.checks if i in mentioned(case)]
    counted = _with_named({i for i in mentioned(case) if i in library.indicators}, library)
    named: list[Definition] = [*checks, *counted.values()]
    words = _words(text for definition in named for text in expressions(definition))
    is_whole = any(not check.expr for check in checks)
    forms = [library.forms[i] for i in dict.fromkeys(given.form for given in case.given)]
    rests_on = list(named)
    rests_on += [standard for definition in named for standard in standards_of(definition, library)]
    rests_on += [field for form in forms for field in form.fields if is_whole or field.id in words]
    return any(definition.defined_at.file.startswith(OWN) for definition in rests_on)


def in_play(case: Case, library: Library) -> tuple[Case, Library]:
    """The case on that part of the library it can depend on, for a scratch store costs by the form.

    Every form an expression reads stands in its text as a word, so that the words are never too few. A check of all
    forms depends on every one.
    """
    indicators = _with_named({i for i in mentioned(case) if i in library.indicators}, library)
    checks = {i: library.checks[i] for i in library.checks if i in mentioned(case)}
    if any(check.form == "all" for check in checks.values()):
        return case, library
    words = {check.form for check in checks.values()} | {given.form for given in case.given}
    read: list[Definition] = [*checks.values(), *indicators.values()]
    words |= _words(text for definition in read for text in expressions(definition))
    forms = {id_: form for id_, form in library.forms.items() if id_ in words}
    # A field's own condition (required_when) is read whenever its form is.
    conditions = _words(
        text for form in forms.values() for field in form.fields for text in expressions(field)
    )
    forms = {id_: form for id_, form in library.forms.items() if id_ in forms or id_ in conditions}
    part = replace(library, forms=forms, checks=checks, indicators=indicators)
    return replace(case, settings=case_settings(part, case.settings.base_period)), part


def _with_named(ids: set[str], library: Library) -> dict[str, Indicator]:
    """The indicators `ids` and those that derived ones among them name, in order of definition."""
    derived = _words(library.indicators[i].derived for i in ids)
    return {i: indicator for i, indicator in library.indicators.items() if i in ids or i in derived}


def _words(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in _WORD.findall(text)}
