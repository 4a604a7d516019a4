"""The JSON block behind the figures of a page: what each printed number is, and where its value comes from.

Thousands of figures rest on tens of thousands of cells, most of them on the same ones: each cell stands once, in a run of
neighbours of one column, and a figure names the stretches of them it rests on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ruralpb import numbers
from ruralpb.briefing import Context
from ruralpb.briefing.figures import Fact
from ruralpb.briefing.formulas import cites, method, words
from ruralpb.model import Address, Indicator, Standard, Value, cell_position
from ruralpb.render import told

_STATUS = {"met": "达到目标", "behind": "落后于进度", "failed": "未达到目标", "": ""}


def block(context: Context, printed: Iterable[str], cells: Mapping[str, Sequence[Address]]) -> str:
    """Return what is known of the `printed` facts (ids) as JSON that can stand inside a script element."""
    facts = [context.facts.by_id[id] for id in dict.fromkeys(printed)]
    values = {value.id: value for value in (*context.matter.history, *context.matter.values)}
    used = sorted({fact.of for fact in facts if fact.of in values})
    found = _Cells({id: cells.get(id, ()) for id in sorted({fact.of for fact in facts if fact.of})})
    indicators = {i.id: i for id in used for i in (context.matter.indicator(values[id]),)}
    data = {
        "facts": {fact.id: _fact(fact) for fact in facts if fact.of or fact.says},
        "values": {id: _value(context, values[id]) for id in used},
        "definitions": {id: _definition(context, indicator) for id, indicator in indicators.items()},
        "cells": found.stretches,
        "runs": found.runs,
        "names": found.names,
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _fact(fact: Fact) -> dict[str, Any]:
    said = told.part(fact) if fact.of != fact.id else fact.says
    return _lean({"t": fact.texts[0], "of": fact.of, "s": said})


def _definition(context: Context, indicator: Indicator) -> dict[str, Any]:
    library = context.matter.library
    return _lean(
        {
            "title": indicator.title,
            "measure": indicator.measure,
            "words": words(indicator, library),
            "method": method(indicator),
            "source": indicator.source,
            "standards": [_standard(context, s) for s in library.standards.values() if cites(indicator, s)],
        }
    )


def _standard(context: Context, standard: Standard) -> str:
    value = standard.on(context.matter.period.end)
    if value is None:
        return f"{standard.title}：报告期内没有生效的标准"
    amount = f"{value.value:f}{standard.measure}" if not isinstance(value.value, tuple | None) else "分档"
    checked = f"，{value.checked_on.isoformat()}核对" if value.checked_on else ""
    return f"{standard.title}：{amount}，自{value.start.isoformat()}起施行，{value.source}{checked}"


def _value(context: Context, value: Value) -> dict[str, Any]:
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
            "rank": f"{value.rank} / {value.ranked}" if value.rank else "",
            "compared": [list(pair) for pair in told.compared(value)],
        }
    )


class _Cells:
    """Cells numbered through: `runs` of neighbours in a column (file, sheet, column, first row, what stands in each), and for
    every figure its `stretches`: first number, how many, first number, how many … `names` are those of files and sheets."""

    def __init__(self, behind: Mapping[str, Sequence[Address]]) -> None:
        self.names: list[str] = []
        self._places: dict[str, int] = {}
        self.runs: list[list[Any]] = []
        # The same cell is the same object wherever it is named: its place is found once.
        objects = {id(a): a for addresses in behind.values() for a in addresses}
        places = {key: _place(address) for key, address in objects.items()}
        distinct = {places[key]: address for key, address in objects.items()}
        number = {place: at for at, place in enumerate(sorted(distinct))}
        for place in number:
            self._add(place, distinct[place])
        self.stretches = {
            value: list(_stretches(sorted({number[places[id(a)]] for a in addresses})))
            for value, addresses in behind.items()
            if addresses
        }

    def _add(self, place: _Place, address: Address) -> None:
        file, sheet, _, row, name = place
        says = [address.raw, address.note] if address.note else address.raw
        last = self.runs[-1] if self.runs else None
        head = [self._name(file), self._name(sheet), name.rstrip("0123456789") if row else name, row]
        if last is not None and row and last[:3] == head[:3] and last[3] + len(last[4]) == row:
            last[4].append(says)
        else:
            self.runs.append([*head, [says]])

    def _name(self, text: str) -> int:
        if text not in self._places:
            self._places[text] = len(self.names)
            self.names.append(text)
        return self._places[text]


_Place = tuple[str, str, int, int, str]
"""File, sheet, column and row (1-based; 0 for an address that is no single cell), the cell's own name."""


def _place(address: Address) -> _Place:
    at = cell_position(address.cell)
    row, column = (at[0] + 1, at[1] + 1) if at else (0, 0)
    return address.file, address.sheet, column, row, address.cell


def _stretches(numbered: Sequence[int]) -> Iterator[int]:
    start = 0
    for at, number in enumerate(numbered):
        if at + 1 == len(numbered) or numbered[at + 1] != number + 1:
            yield from (numbered[start], at + 1 - start)
            start = at + 1


def _lean(data: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty; a page may hold thousands of figures."""
    return {key: value for key, value in data.items() if value not in ("", 0, [])}
