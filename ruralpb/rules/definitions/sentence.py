"""What a definition is or computes, in one sentence: in Chinese titles, or in the ids and expressions themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ruralpb.core.messages import Language, say
from ruralpb.model import Check, Field, Form, Indicator, Library, ListDefinition, Score, Standard, Watch
from ruralpb.model.loader.definition_keys import definition_title, value_text
from ruralpb.rules import expressions


def definition_sentence(definition: Any, library: Library, lang: Language) -> str:
    """Return the sentence about a definition of any kind in `lang`."""
    slug, words = _SENTENCES[type(definition)](definition, library, lang)
    return say(f"define-sentence-{slug}", lang, title=definition_title(definition), **words)


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
    parts = [f"[{value_text(a)}]" for a in indicator.aggregates]
    if indicator.denominator is None:
        return " + ".join(parts)
    return " + ".join(parts[:-1]) + f" ÷ {parts[-1]}" + (" × 100" if indicator.is_rate else "")
