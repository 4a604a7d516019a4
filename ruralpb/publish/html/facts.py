"""The JSON block behind the figures of a page: what each printed number is, and where its value comes from.

Thousands of figures rest on tens of thousands of cells, most of them on the same ones: each cell stands once, in a run of
neighbours of one column, and a figure names the stretches of them it rests on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from ruralpb.core import numbers
from ruralpb.model import Address, Indicator, Standard, StandardsOn, StandardValue, Value
from ruralpb.publish.source_cells import NumberedCells
from ruralpb.publish.text import Context, fact_description
from ruralpb.publish.text.figures import Fact
from ruralpb.publish.text.formulas import cites, expression

_STATUS = {"met": "达到目标", "behind": "落后于进度", "failed": "未达到目标", "": ""}


def block(context: Context, printed: Iterable[str], cells: NumberedCells) -> str:
    """Return what is known of the `printed` facts (ids) as JSON that can stand inside a script element."""
    facts = [context.facts.by_id[id] for id in dict.fromkeys(printed)]
    values = {value.id: value for value in (*context.shown.looked_back, *context.shown.values)}
    used = sorted({fact.of for fact in facts if fact.of in values})
    of = {fact.of for fact in facts if fact.of in cells.stretches}
    indicators = {i.id: i for id in used for i in (context.shown.indicator(values[id]),)}
    data = {
        "facts": {fact.id: _fact(fact) for fact in facts if fact.of or fact.says},
        "values": {id: _value(context, values[id]) for id in used},
        "definitions": {id: _definition(context, indicator) for id, indicator in indicators.items()},
        "cells": {id: cells.stretches[id] for id in sorted(of)},
        "runs": [
            [run.file, run.sheet, run.column, run.row, [_read(a) for a in run.cells]] for run in cells.runs
        ],
        "names": cells.names,
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _fact(fact: Fact) -> dict[str, Any]:
    said = fact_description.part(fact) if fact.of != fact.id else fact.says
    return _lean({"t": fact.texts[0], "of": fact.of, "s": said})


def _definition(context: Context, indicator: Indicator) -> dict[str, Any]:
    library = context.shown.library
    return _lean(
        {
            "title": indicator.title,
            "measure": indicator.measure,
            "words": context.shown.method(indicator).sentence,
            "method": expression(indicator),
            "source": indicator.source,
            "standards": [
                text
                for s in library.standards.values()
                if cites(indicator, s)
                for text in _standard(context, s)
            ],
        }
    )


def _standard(context: Context, standard: Standard) -> Iterator[str]:
    """A line for each value in force for some unit below the page's own."""
    in_force = StandardsOn(context.data.library.standards, context.data.register, context.data.period.end)
    for each in in_force.each(standard.id, context.data.settings.unit):
        yield _in_force(context, standard, each.value)


def _in_force(context: Context, standard: Standard, value: StandardValue | None) -> str:
    if value is None:
        return context.data.say.text("pages.standard_ended", standard=standard.title)
    amount = (
        f"{value.value:f}{standard.measure}"
        if not isinstance(value.value, tuple | None)
        else context.data.say.text("pages.in_bands")
    )
    checked = (
        context.data.say.text("pages.checked", day=value.checked_on.isoformat()) if value.checked_on else ""
    )
    return context.data.say.text(
        "pages.standard",
        standard=standard.title,
        amount=amount,
        start=value.start.isoformat(),
        source=value.source,
        checked=checked,
    )


def _value(context: Context, value: Value) -> dict[str, Any]:
    said = {
        "i": context.shown.indicator(value).id,
        "unit": value.unit,
        "period": value.period,
        "cut": "、".join(text for _, text in value.slice),
        "covered": value.covered,
        "expected": value.expected,
        "missing": context.shown.names(value.missing),
        "target": numbers.exported(value.target),
        "status": _STATUS[value.status],
        "rank": f"{value.rank} / {value.ranked}" if value.rank else "",
    }
    return _lean(said | (_exact(value) if context.exact else {}))


def _exact(value: Value) -> dict[str, Any]:
    return {
        "value": numbers.exported(value.value),
        "n": numbers.exported(value.numerator),
        "d": numbers.exported(value.denominator),
        "unknown": value.unknown_rows,
        "unaccepted": value.unaccepted,
        "compared": [list(pair) for pair in fact_description.compared(value)],
    }


def _read(address: Address) -> str | list[str]:
    return [address.raw, address.note] if address.note else address.raw


def _lean(data: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty; a page may hold thousands of figures."""
    return {key: value for key, value in data.items() if value not in ("", 0, [])}
