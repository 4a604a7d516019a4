"""One definition for a person to read: what it says, what it rests on, which cases are about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from ruralpb.app.define.reach import Definition, mentioned, standards_of
from ruralpb.core.messages import Language, languages, say
from ruralpb.core.problems import NOWHERE, CannotRun, Location
from ruralpb.model import (
    Aggregate,
    Check,
    Criterion,
    Dated,
    Field,
    Form,
    Indicator,
    Library,
    ListDefinition,
    Score,
    ScoreLine,
    Standard,
    Watch,
)
from ruralpb.model.keys import written_as
from ruralpb.model.loader import Case
from ruralpb.model.loader.shapes import shape_of
from ruralpb.model.loader.suggest import unknown
from ruralpb.rules import expressions


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
    found = _find(id_, library)
    form = found if isinstance(found, Form) else None
    return ExplainedDefinition(
        kind=written_as(type(found)).name,
        id=id_,
        title=title(found),
        where=found.defined_at,
        keys=tuple(_keys(found)),
        standards=tuple(standards_of(found, library)),
        fields=form.fields if form else (),
        checks=form.checks if form else (),
        cases=tuple((case.name, case.where) for case in cases if _mentions(case, id_, found)),
        sentences={lang: _sentence(found, library, lang) for lang in languages()},
    )


def title(definition: Definition) -> str:
    """What a list calls it: its title, or a check's message where it has none."""
    return definition.title or (definition.message if isinstance(definition, Check) else definition.id)


def about(definition: Definition, library: Library) -> str:
    """What it belongs to: the form of a check, watch, score or list, an indicator's domain, a form's number in the office."""
    if isinstance(definition, Check | Watch):
        return definition.form
    if isinstance(definition, Score):
        return definition.form or definition.level
    if isinstance(definition, ListDefinition):
        return definition.relation
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
        library.watches,
        library.scores,
        library.lists,
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


_SHOWN: Mapping[type[Any], tuple[str, ...]] = {Indicator: ("decimals", "better", "time")}
"""Keys that are shown even where they say what is usual: a figure cannot be read without them."""


def _keys(definition: Definition) -> Iterator[tuple[str, str]]:
    """The keys of the definition that say something else than nothing, as YAML would."""
    defaults = {f.name: f.default for f in fields(definition) if f.default is not MISSING}
    for name, key in shape_of(type(definition)).keys.items():
        value = getattr(definition, key.attribute)
        usual = value == defaults.get(key.attribute) and name not in _SHOWN.get(type(definition), ())
        if value not in (None, "", (), {}) and not usual:
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
    if isinstance(value, Criterion | ScoreLine):
        return f"{value.title} {_text(value.weight if isinstance(value, Criterion) else value.standard)}"
    # The small parts of a definition: an alias is its text, an enum value its value, a target what is to be reached.
    for attribute in ("text", "value"):
        if hasattr(value, attribute):
            return _text(getattr(value, attribute))
    return str(value)


def _sentence(definition: Definition, library: Library, lang: Language) -> str:
    slug, words = _SENTENCES[type(definition)](definition, library, lang)
    return say(f"define-sentence-{slug}", lang, title=title(definition), **words)


def _of_form(form: Form, _library: Library, _lang: Language) -> tuple[str, dict[str, str]]:
    count = {"fields": str(len(form.fields)), "checks": str(len(form.checks))}
    return "form", count | {"code": form.code, "row": form.row, "frequency": form.frequency}


def _of_field(field: Field, _library: Library, _lang: Language) -> tuple[str, dict[str, str]]:
    if field.measure:
        return "field-measured", {"type": field.type, "measure": field.measure}
    return "field", {"type": field.type}


def _of_check(check: Check, library: Library, lang: Language) -> tuple[str, dict[str, str]]:
    form = library.forms.get(check.form)
    if form is None or not check.expr:
        return "check-stage", {"form": form.title if form else check.form, "stage": check.stage}
    if lang == "zh":
        return "check", {"form": form.title, "relation": expressions.check_sentence(check, library)}
    rows = "" if check.over == ("row",) else f" over {', '.join(check.over)}"
    return "check", {"form": form.id, "relation": f"{check.expr}{rows}"}


def _of_indicator(indicator: Indicator, library: Library, lang: Language) -> tuple[str, dict[str, str]]:
    formula = expressions.formula(indicator, library) if lang == "zh" else _formula(indicator)
    slug = "derived" if indicator.derived else "ratio" if indicator.denominator else "indicator"
    return slug, {"measure": indicator.measure, "formula": formula}


def _of_standard(standard: Standard, _library: Library, _lang: Language) -> tuple[str, dict[str, str]]:
    return "standard", {"measure": standard.measure, "values": str(len(standard.values))}


def _of_watch(watch: Watch, library: Library, lang: Language) -> tuple[str, dict[str, str]]:
    words = {"form": _form_named(watch.form, library, lang)}
    for state in ("watched", "cleared"):
        condition = getattr(watch, state)
        words[state] = expressions.condition(condition, library, watch.form) if lang == "zh" else condition
    return "watch", words


def _of_score(score: Score, library: Library, lang: Language) -> tuple[str, dict[str, str]]:
    about_ = _form_named(score.form, library, lang) if score.form else score.level
    return "score", {"form": about_, "criteria": str(len(score.criteria)), "lines": str(len(score.lines))}


def _of_list(one: ListDefinition, library: Library, lang: Language) -> tuple[str, dict[str, str]]:
    words = {"form": _form_named(one.relation, library, lang)}
    if not one.where:
        return "list", words
    return "list-where", words | {
        "where": expressions.condition(one.where, library, one.relation) if lang == "zh" else one.where
    }


def _form_named(id_: str, library: Library, lang: Language) -> str:
    form = library.forms.get(id_)
    return form.title if form and lang == "zh" else id_


_SENTENCES: Mapping[type[Any], Callable[[Any, Library, Language], tuple[str, dict[str, str]]]] = {
    Form: _of_form,
    Field: _of_field,
    Check: _of_check,
    Indicator: _of_indicator,
    Standard: _of_standard,
    Watch: _of_watch,
    Score: _of_score,
    ListDefinition: _of_list,
}


def _formula(indicator: Indicator) -> str:
    if indicator.numerator is None:
        return indicator.derived
    parts = [f"[{_text(a)}]" for a in indicator.aggregates]
    if indicator.denominator is None:
        return " + ".join(parts)
    return " + ".join(parts[:-1]) + f" ÷ {parts[-1]}" + (" × 100" if indicator.is_rate else "")
