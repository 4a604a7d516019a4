"""Raw definitions → the Library: every definition read into its type, and what it leaves unsaid filled in from what it belongs to:
a form's common fields, a field's time, the form and condition of an indicator's aggregates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ruralpb.core.problems import Problem
from ruralpb.model import Check, Field, Form, Indicator, Library, ListDefinition, Score, Standard, Watch
from ruralpb.model.assessment import AssessmentRules
from ruralpb.model.definitions import Aggregate, IndicatorDomain
from ruralpb.model.loader.headers import header_key
from ruralpb.model.loader.marked import MarkedDict
from ruralpb.model.loader.merge import RawDefinitions, Raws
from ruralpb.model.loader.shapes import T, read
from ruralpb.model.loader.standards import spelled_out, unknown_standards


def library(raw: RawDefinitions, hash_: str) -> tuple[Library, list[Problem]]:
    """The library that `raw` describes. A definition that cannot be read is left out, with its problems."""
    problems: list[Problem] = []
    checks = {check.id: check for check in _read_all(Check, raw.checks, problems)}
    forms = [_form(raw, id_, checks.values(), problems) for id_ in raw.forms]
    domains = sorted(_read_all(IndicatorDomain, raw.domains, problems), key=lambda domain: domain.order)
    by_id = {form.id: form for form in forms if form}
    indicators = [
        _with_time(_spelled_out(indicator), by_id.get(indicator.form), "time" in raw.indicators[indicator.id])
        for indicator in _read_all(Indicator, raw.indicators, problems)
    ]
    standards = {}
    for standard in _read_all(Standard, raw.standards, problems):
        standards[standard.id], wrong = spelled_out(standard)
        problems += wrong
    problems += unknown_standards(standards)
    library_ = Library(
        forms=by_id,
        indicators={indicator.id: indicator for indicator in indicators},
        standards=standards,
        checks=checks,
        domains={domain.id: domain.title for domain in domains},
        hash=hash_,
        watches={watch.id: watch for watch in _read_all(Watch, raw.watches, problems)},
        scores={score.id: score for score in _read_all(Score, raw.scores, problems)},
        lists={list_.id: list_ for list_ in _read_all(ListDefinition, raw.lists, problems)},
        assessments={rules.id: rules for rules in _read_all(AssessmentRules, raw.assessments, problems)},
    )
    return library_, problems


def _read_all(cls: type[T], raws: Raws, problems: list[Problem]) -> list[T]:
    made = (read(cls, raw, raw.where, problems) for raw in raws.values())
    return [each for each in made if each is not None]


def _form(raw: RawDefinitions, id_: str, checks: Iterable[Check], problems: list[Problem]) -> Form | None:
    form_raw = raw.forms[id_]
    own = raw.fields.get(id_, {})
    if not own:
        problems.append(Problem("form-no-fields", form_raw.where, id_))
    form = read(Form, form_raw, form_raw.where, problems)
    if form is None:
        return None
    return replace(
        form,
        fields=_fields(form, _common(raw, id_), own, problems),
        checks=tuple(check for check in checks if check.form == id_),
        village_row=form.village_row
        or ("village_row" not in form_raw and form.row == "village" and form.key == ("village",)),
    )


def _common(raw: RawDefinitions, form: str) -> Raws:
    """The common fields that the form has not switched off."""
    off = raw.off.get(form, set())
    return {id_: item for id_, item in raw.common.items() if id_ not in off}


def _fields(form: Form, common: Raws, own: Raws, problems: list[Problem]) -> tuple[Field, ...]:
    """The form's fields: the units, its own, the other common ones. A common field's keys that the form gives itself
    are the form's, and so are its words: an alias the form uses elsewhere is none of the common field here."""
    raws = {id_: item.over(common[id_]) if id_ in common else item for id_, item in own.items()}
    before = {i: r for i, r in common.items() if i not in own and r.get("type") in ("township", "village")}
    after = {i: r for i, r in common.items() if i not in own and i not in before}
    fields = [_with_form_time(field, form, raws[field.id]) for field in _read_all(Field, raws, problems)]
    taken = {header_key(word) for f in fields for word in (f.title, *(a.text for a in f.aliases))}
    # The common fields' own mistakes are said once, by the first form that takes them; `load` drops the repetitions.
    shared = {field.id: field for field in _read_all(Field, before | after, problems)}
    for id_, field in shared.items():
        free = tuple(alias for alias in field.aliases if header_key(alias.text) not in taken)
        shared[id_] = replace(field, aliases=free)
    return (
        *(shared[i] for i in before if i in shared),
        *fields,
        *(shared[i] for i in after if i in shared),
    )


def _with_form_time(field: Field, form: Form, raw: MarkedDict) -> Field:
    """A number accumulates as its form does unless it says otherwise; words and dates are always as of the end."""
    return replace(field, time=form.time) if field.numeric and "time" not in raw else field


def _spelled_out(indicator: Indicator) -> Indicator:
    """The indicator with the form and condition of each aggregate. Its `where` holds for its numerator and for a denominator of the
    same form; a denominator of another form is restricted by its own `where` only. Of the `plus` of an indicator without a
    numerator the first is the numerator."""
    summands = [
        _aggregate(indicator, part) for part in (indicator.numerator, *indicator.plus) if part is not None
    ]
    denominator = indicator.denominator
    return replace(
        indicator,
        numerator=summands[0] if summands else None,
        plus=tuple(summands[1:]),
        denominator=_aggregate(indicator, denominator) if denominator else None,
    )


def _aggregate(indicator: Indicator, part: Aggregate) -> Aggregate:
    of = part.of or indicator.form
    conditions = [c for c in (indicator.where if of == indicator.form else "", part.where) if c]
    both = conditions[0] if len(conditions) == 1 else " and ".join(f"({c})" for c in conditions)
    return Aggregate(part.expr, of, both)


def _with_time(indicator: Indicator, form: Form | None, stated: bool) -> Indicator:
    return replace(indicator, time=form.time) if form and not stated else indicator
