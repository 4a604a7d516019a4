"""The JSON block behind the figures of a page: what each printed number is, and where its value comes from."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ruralpb import numbers
from ruralpb.briefing import Context
from ruralpb.briefing.formulas import cites, method, words
from ruralpb.model import Address, Indicator, Standard, Value

_STATUS = {"met": "达到目标", "behind": "落后于进度", "failed": "未达到目标", "": ""}


def block(context: Context, cells: Mapping[str, Sequence[Address]]) -> str:
    """Return the facts as JSON that can stand inside a script element. Names of files and sheets are kept once."""
    names: dict[str, int] = {}
    values = {value.id: value for value in (*context.matter.history, *context.matter.values)}
    used = {fact.of for fact in context.facts.by_id.values() if fact.of in values}
    data = {
        "facts": {
            fact.id: _lean({"t": fact.texts[0], "of": fact.of, "s": fact.says})
            for fact in context.facts.by_id.values()
            if fact.of or fact.says
        },
        "values": {id: _value(context, values[id], cells.get(id, ()), names) for id in sorted(used)},
        "definitions": {
            i.id: _definition(context, i)
            for i in context.matter.library.indicators.values()
            if _is_used(i, used)
        },
        "names": list(names),
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _is_used(indicator: Indicator, used: set[str]) -> bool:
    return any(id.startswith((f"{indicator.id}@", f"{indicator.id}{{", f"{indicator.id}.")) for id in used)


def _definition(context: Context, indicator: Indicator) -> dict[str, Any]:
    return _lean(
        {
            "title": indicator.title,
            "measure": indicator.measure,
            "words": words(indicator, context.matter.library),
            "method": method(indicator),
            "source": indicator.source,
            "standards": [
                _standard(context, s)
                for s in context.matter.library.standards.values()
                if cites(indicator, s)
            ],
        }
    )


def _standard(context: Context, standard: Standard) -> str:
    value = standard.on(context.matter.period.end)
    if value is None:
        return f"{standard.title}：报告期内没有生效的标准"
    amount = f"{value.value:f}{standard.measure}" if not isinstance(value.value, tuple | None) else "分档"
    return f"{standard.title}：{amount}，自{value.start.isoformat()}起，{value.source}"


def _value(context: Context, value: Value, cells: Sequence[Address], names: dict[str, int]) -> dict[str, Any]:
    def index(name: str) -> int:
        return names.setdefault(name, len(names))

    return _lean(
        {
            "i": context.matter.indicator(value).id,
            "unit": value.unit,
            "period": value.period,
            "cut": "、".join(text for _, text in value.slice),
            "value": numbers.exported(value.value),
            "n": numbers.exported(value.numerator),
            "d": numbers.exported(value.denominator),
            "covered": value.covered,
            "expected": value.expected,
            "unknown": value.unknown_rows,
            "unaccepted": value.unaccepted,
            "missing": context.matter.names(value.missing),
            "target": numbers.exported(value.target),
            "status": _STATUS[value.status],
            "cells": [[index(a.file), index(a.sheet), a.cell, a.raw] for a in cells],
        }
    )


def _lean(data: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty; a page may hold thousands of figures."""
    return {key: value for key, value in data.items() if value not in ("", 0, [])}
