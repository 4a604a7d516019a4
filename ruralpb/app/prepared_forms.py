"""How the sheets of forms look: their layout from `publish`, their rules in words from `rules`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from ruralpb.core.periods import Period
from ruralpb.model import Level, Library
from ruralpb.publish import forms as blanks
from ruralpb.publish.forms import FormDefinition, Prepared
from ruralpb.rules.checks.summed_columns import summed_columns
from ruralpb.rules.expressions import check_sentence, condition


def prepared_forms(
    library: Library, forms: Iterable[str], period: Period, level: Level
) -> dict[str, Prepared]:
    """Return form id → how its sheet looks in `period` for the reporters of `level`, and what the instructions say of it."""
    definitions = []
    for form in (library.forms[id] for id in forms):
        sums = summed_columns(form.checks, {f.id: f for f in form.fields_in(period)})
        said = partial(condition, library=library, form=form.id)
        definitions.append(FormDefinition(form, sums, said, partial(check_sentence, library=library)))
    return blanks.prepare(definitions, period, level)
