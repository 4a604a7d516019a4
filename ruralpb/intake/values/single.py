"""One value that a person states outside a sheet (an amendment), read by the same rules as a cell of its field."""

from __future__ import annotations

from datetime import date
from typing import Any

from ruralpb.core.problems import Problem
from ruralpb.intake.values import column_heuristics
from ruralpb.intake.values.cells import ColumnSpec, Refused, show_of
from ruralpb.intake.values.columns import ColumnReader
from ruralpb.model import Field, Form, Grid, Match
from ruralpb.model.vocabulary import Vocabulary


def single(
    form: Form, item: Field, end: date, text: str, vocabulary: Vocabulary
) -> tuple[Any, Problem | None]:
    """Return the value that `text` is for the field `item` in a period that ends on `end`, in the field's own measure and type, or None and
    the problem why it is none. An empty text is no value (None)."""
    if not text.strip():
        return None, None
    match = Match(form.id, "", (0, 0), {item.id: 0}, {0: "data"})
    reader = ColumnReader(Grid("", ((text.strip(),),)), match, form, [0], {}, vocabulary)
    typed = reader.read(ColumnSpec(item, end, vocabulary=vocabulary))
    column_heuristics.settle(reader, item, typed)
    why = typed.refused.get(0)
    return (typed.values[0], None) if why is None else (None, _problem(form, item, text, why))


def _problem(form: Form, item: Field, text: str, why: Refused) -> Problem:
    return Problem(
        why.slug,
        found=show_of(item, text),
        expected=why.expected,
        rule=why.rule,
        form=form.id,
        field=item.id,
        data={"title": item.title, **why.data},
    )
