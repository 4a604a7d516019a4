"""Percentages and shares (D61–D64)."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from ..model import Book, Cell, Fact, Sheet, plain
from .numbers import NUMBERS
from .registry import cells, mess, some


def _column(book: Book, random: Random) -> list[tuple[Sheet, Cell, Fact]]:
    """One whole percent column."""
    found = cells(book, "percent")
    if not found:
        return []
    chosen = random.choice(found)
    return [(s, c, f) for s, _, c, f in found if f.field is chosen[3].field and s is chosen[0]]


@mess("cells", "98%文本", "D61", group="percent")
def percent_text(book: Book, random: Random) -> bool:
    column = _column(book, random)
    for _, cell, fact in random.sample(column, len(column) // 2 + len(column) % 2):
        cell.value = random.choice(("{}%", "{}％", "{} %")).format(plain(Decimal(fact.value)))
        fact.read_as(fact.value, "D61")
    return bool(column)


@mess("cells", "百分比格式0.98", "D61", needs="looks", group="percent")
def percent_format(book: Book, random: Random) -> bool:
    column = _column(book, random)
    for _, cell, fact in random.sample(column, random.randint(1, len(column)) if column else 0):
        cell.value, cell.look = float(Decimal(fact.value).scaleb(-2)), random.choice(("0%", "0.0%", "0.00%"))
        fact.read_as(fact.value)
    return bool(column)


@mess("cells", "整列都是小数，没有%", "D62", group="percent")
def percent_shares(book: Book, random: Random) -> bool:
    column = _column(book, random)
    touched = [
        c
        for line in book.main.lines
        for c in line.cells
        if column and c.fact and c.fact.field is column[0][2].field and c.fact.value is not None
    ]
    if not column or len(touched) != len(column) or len(column) < 2:
        return False
    for _, cell, fact in column:
        cell.value = float(Decimal(fact.value).scaleb(-2))
        fact.refuse("D62")
    return True


@mess("cells", "小数与百分点混填", "D63", group="percent")
def percent_mixed(book: Book, random: Random) -> bool:
    column = _column(book, random)
    if len(column) < 3:
        return False
    for _, cell, fact in random.sample(column, len(column) // 3):
        cell.value = float(Decimal(fact.value).scaleb(-2))
        fact.refuse("D63")
    return True


@mess("cells", "百分比大于100", "D64", group="percent")
def percent_over(book: Book, random: Random) -> bool:
    column = [entry for entry in _column(book, random) if not entry[2].field.over_100]
    for _, cell, fact in column[:2]:
        cell.value = random.choice((105, 980, "120%", 100.5))
        fact.refuse("D64")
    return bool(column)


@mess("cells", "数值栏填百分数", "D61", needs="looks")
def percent_in_number(book: Book, random: Random) -> bool:
    found = [e for e in cells(book, *NUMBERS) if isinstance(e[2].value, int | float) and e[3].value]
    for _, _, cell, fact in some(random, found):
        if random.random() < 0.5:
            cell.look = "0.0%"
        else:
            cell.value = "12.5%"
        fact.refuse()
    return bool(found)


@mess("cells", "百分比格式的单元格里填98", "D61", "D64", needs="looks", group="percent")
def percent_format_points(book: Book, random: Random) -> bool:
    """It shows 9800%: more than 100, or the points that were meant."""
    column = _column(book, random)
    for _, cell, fact in column[:2]:
        cell.look = "0%"
        fact.read_or_refuse(fact.value)
    return bool(column)


@mess("cells", "百分比写成文字：百分之九十八", "D61", group="percent")
def percent_in_words(book: Book, random: Random) -> bool:
    column = _column(book, random)
    for _, cell, fact in column[:2]:
        cell.value = random.choice(("百分之九十八", "98个百分点", "98（%）"))
        fact.read_or_refuse(Decimal(98))
    return bool(column)
