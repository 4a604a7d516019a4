"""A return → the workbook a careful clerk would make of it: title, sender, header, rows, total, signatures. Messes come after."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from ruralpb.model import Field

from .model import Book, Cell, Fact, Formula, Line, Record, Return, Sheet, Sum, number

_AVERAGE = re.compile("人均|平均|户均|村均|亩均|单价|占比|比例|率")


def book(random: Random, owner: Return) -> Book:
    """A workbook of one sheet."""
    return Book(f"{owner.sender.name}{owner.period.label}.xlsx", [sheet(random, owner)])


def sheet(random: Random, owner: Return, total: bool | None = None) -> Sheet:
    """One return as a sheet; a total row below it or not."""
    serial = random.random() < 0.5
    measured = random.random() < 0.5
    grouped = random.random() < 0.5
    drawn = Sheet(owner.form.title[:20].replace("/", ""), [], [owner])
    drawn.lines = [
        Line("title", [Cell(f"{owner.period.title}{owner.form.title}")]),
        Line("title", [Cell(f"填报单位：{owner.sender.name}"), Cell(), Cell(f"表号：{owner.form.code}")]),
        *head(drawn, owner.fields, serial, measured, grouped),
    ]
    for index, record in enumerate(owner.records):
        cells = [Cell(index + 1)] if serial else []
        drawn.lines.append(Line("data", [*cells, *map(shown, record.facts.values())], record))
    if (random.random() < 0.4 if total is None else total) and any(map(adds_up, owner.fields)):
        drawn.lines.append(total_line(drawn, owner.records))
    drawn.lines.append(
        Line(
            "below",
            [
                Cell("单位负责人：王大山"),
                Cell(),
                Cell("填表人：李小河"),
                Cell(),
                Cell("联系电话：13900001234"),
            ],
        )
    )
    drawn.pad()
    return drawn


def head(drawn: Sheet, fields: Sequence[Field], serial: bool, measured: bool, grouped: bool) -> list[Line]:
    """The header: one row, or two where the form groups its columns and the clerk kept that."""
    leaves = [Cell("序号")] if serial else []
    for item in fields:
        measure = f"({item.measure})" if measured and item.numeric and item.measure else ""
        leaves.append(Cell(f"{item.title}{measure}", heads=item.id))
    if not (grouped and any(item.group for item in fields)):
        return [Line("head", leaves)]
    above = [Cell() for _ in leaves]
    shift = int(serial)
    for index, item in enumerate(fields):
        at = index + shift
        if not item.group:
            above[at].value, leaves[at].value = leaves[at].value, None
            drawn.merges.append((above[at], leaves[at]))
        elif index and fields[index - 1].group == item.group:
            drawn.merges[-1] = (drawn.merges[-1][0], above[at])
        else:
            above[at].value = item.group
            drawn.merges.append((above[at], above[at]))
    drawn.merges = [(first, last) for first, last in drawn.merges if first is not last]
    return [Line("head", above), Line("head", leaves)]


def shown(fact: Fact) -> Cell:
    """The cell as the form asks for it."""
    value, kind = fact.value, fact.field.type
    if value is None:
        return Cell(None, fact)
    if fact.field.numeric:
        return Cell(number(Decimal(value)), fact)
    if kind == "date":
        return Cell(value, fact, "yyyy-mm-dd")
    if kind == "month":
        return Cell(f"{value:%Y-%m}", fact)
    if kind == "bool":
        return Cell("是" if value else "否", fact)
    return Cell(value, fact)


def adds_up(item: Field) -> bool:
    return item.type in ("int", "number", "money") and not _AVERAGE.search(item.title)


def total_line(drawn: Sheet, records: Sequence[Record], word: str = "合计", formula: bool = False) -> Line:
    """A row that adds up `records`, laid out as their rows are."""
    pattern = next(line for line in drawn.lines if line.record is records[0])
    cells = [
        Cell(Sum(cell.fact.field.id, tuple(records), formula))
        if cell.fact and adds_up(cell.fact.field)
        else Cell()
        for cell in pattern.cells
    ]
    place = next((n for n, cell in enumerate(pattern.cells) if cell.fact and not adds_up(cell.fact.field)), 0)
    cells[place if cells[0].value is not None else 0].value = word
    return Line("total", cells)


def finished(done: Book) -> Book:
    """Work out the totals: what a spreadsheet program would show. What was merged or hidden in rows that a later mess took away is
    gone with them."""
    for one in done.sheets:
        there = one.positions()
        one.merges = [(first, last) for first, last in one.merges if first in there and last in there]
        one.hidden_columns &= there.keys()
        for line in one.lines:
            for cell in line.cells:
                if isinstance(cell.value, Sum):
                    cell.value = _added(one, cell.value)
    return done


def _added(one: Sheet, total: Sum) -> Any:
    facts = [record.facts[total.field] for record in total.records if total.field in record.facts]
    values = [
        one.shown(fact)
        for fact in facts
        if fact.value is not None and not isinstance(fact.value, str | bool | date)
    ]
    added = number(sum(values, Decimal(0)))
    return Formula("SUM(A1:A2)", added) if total.formula else added
