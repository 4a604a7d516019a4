"""The keys of watches, scores and lists: one line a key, as in `shapes`."""

from __future__ import annotations

from ruralpb import model
from ruralpb.model.loader.schema import (
    Key,
    Shape,
    choice,
    flag,
    many,
    mapping_of,
    name,
    nested,
    number,
    text,
    whole,
)

WATCH = Shape(
    "watch",
    model.Watch,
    {
        "id": Key(name, required=True),
        "title": Key(text, required=True),
        "form": Key(text, required=True),
        "where": Key(text),
        "watched": Key(text, required=True),
        "awaiting": Key(text),
        "cleared": Key(text, required=True),
        "subject": Key(text),
        "opened_on": Key(text),
        "due_on": Key(text),
        "cleared_on": Key(text),
        "evidence": Key(text),
        "show": Key(mapping_of(text)),
        "source": Key(text),
        "enabled": Key(flag),
    },
    dated=True,
    located=True,
)

CRITERION = Shape(
    "criterion",
    model.Criterion,
    {
        "title": Key(text, required=True),
        "weight": Key(number, required=True),
        "expr": Key(text),
        "indicator": Key(text),
        "zero": Key(number),
        "full": Key(number),
        "of_target": Key(flag),
    },
)

SCORE_LINE = Shape(
    "score line",
    model.ScoreLine,
    {"title": Key(text, required=True), "standard": Key(text, required=True)},
)

SCORE = Shape(
    "score",
    model.Score,
    {
        "id": Key(name, required=True),
        "title": Key(text, required=True),
        "criteria": Key(many(nested(CRITERION)), required=True),
        "form": Key(text),
        "level": Key(choice("township", "village", "county")),
        "where": Key(text),
        "subject": Key(text),
        "total": Key(text),
        "deduction": Key(text),
        "veto": Key(text),
        "within": Key(choice("class")),
        "lines": Key(many(nested(SCORE_LINE))),
        "decimals": Key(whole),
        "source": Key(text),
        "enabled": Key(flag),
    },
    dated=True,
    located=True,
)

LIST = Shape(
    "list",
    model.ListDefinition,
    {
        "id": Key(name, required=True),
        "title": Key(text, required=True),
        "relation": Key(text, required=True),
        "columns": Key(mapping_of(text), required=True),
        "where": Key(text),
        "order": Key(text),
        "most": Key(whole),
        "source": Key(text),
        "enabled": Key(flag),
    },
    dated=True,
    located=True,
)
