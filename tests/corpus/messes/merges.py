"""Merged cells among the records (D42–D44)."""

from __future__ import annotations

import itertools
from itertools import pairwise
from random import Random

from ..model import Book
from .registry import mess


@mess("rows", "乡镇、村纵向合并", "D42", needs="merges", group="merged-villages")
def merged_villages(book: Book, random: Random) -> bool:
    """Several persons of one village under one merged cell."""
    sheet = book.main
    if sheet.returns[0].form.village_row or "village" not in {i.id for i in sheet.returns[0].fields}:
        return False
    lines = sheet.of_kind("data")
    run = next(
        (
            lines[n : n + 3]
            for n in range(len(lines) - 2)
            if all(li.record and li.record.untouched for li in lines[n : n + 3])
        ),
        [],
    )
    cells = [c for line in run if (c := line.of("village"))]
    if len(cells) != 3 or any(
        sheet.lines.index(b) - sheet.lines.index(a) != 1 for a, b in itertools.pairwise(run)
    ):
        return False
    village = run[0].record.village  # type: ignore[union-attr]
    for cell in cells:
        assert cell.fact is not None
        cell.fact.record.village = village
        cell.fact.read_as(village.name if village else None, "" if cell is cells[0] else "D42")
        cell.value = None
    cells[0].value = village.name if village else None
    sheet.merges.append((cells[0], cells[-1]))
    return True


@mess("rows", "数值纵向合并", "D43", needs="merges")
def merged_numbers(book: Book, random: Random) -> bool:
    sheet = book.main
    lines = sheet.of_kind("data")
    for first, second in itertools.pairwise(lines):
        for cell in first.cells:
            fact = cell.fact
            under = second.of(fact.field.id) if fact else None
            if (
                fact
                and under
                and under.fact
                and fact.field.numeric
                and not fact.touched
                and not under.fact.touched
                and fact.value is not None
                and sheet.lines.index(second) - sheet.lines.index(first) == 1
                and random.random() < 0.3
            ):
                under.value = None
                under.fact.value = under.fact.value if under.fact.value is not None else fact.value
                fact.refuse("D43")
                under.fact.refuse("D43")
                sheet.merges.append((cell, under))
                return True
    return False


@mess("rows", "数值横向合并", "D44", needs="merges", group="order")
def merged_across(book: Book, random: Random) -> bool:
    sheet = book.main
    for line in random.sample(sheet.of_kind("data"), len(sheet.of_kind("data"))):
        for left, right in zip(line.cells, line.cells[1:], strict=False):
            a, b = left.fact, right.fact
            if (
                a
                and b
                and a.field.numeric
                and b.field.numeric
                and not a.touched
                and not b.touched
                and a.value is not None
            ):
                right.value = None
                b.value = b.value if b.value is not None else a.value
                a.refuse("D44")
                b.refuse("D44")
                sheet.merges.append((left, right))
                return True
    return False


def _merged_pair(book: Book, random: Random, *types: str) -> bool:
    """A merged cell of two rows whose first holds what is meant for both: filled, or the second is refused. Never a blank unsaid."""
    sheet = book.main
    lines = sheet.of_kind("data")
    pairs = list(pairwise(lines))
    for first, second in random.sample(pairs, len(pairs)):
        for cell in first.cells:
            fact = cell.fact
            under = second.of(fact.field.id) if fact else None
            if (
                fact
                and under
                and under.fact
                and fact.field.type in types
                and not fact.touched
                and not under.fact.touched
                and fact.value is not None
                and fact.field.id not in (*fact.record.owner.form.key, "name")
                and sheet.lines.index(second) - sheet.lines.index(first) == 1
            ):
                under.value = None
                fact.read_or_refuse(fact.value)
                under.fact.read_or_refuse(fact.value)
                sheet.merges.append((cell, under))
                return True
    return False


@mess("rows", "文字、选项纵向合并", "D42", needs="merges")
def merged_texts(book: Book, random: Random) -> bool:
    return _merged_pair(book, random, "text", "enum", "bool")


@mess("rows", "日期、电话纵向合并", "D42", needs="merges")
def merged_dates(book: Book, random: Random) -> bool:
    return _merged_pair(book, random, "date", "month", "phone")


@mess("rows", "文字横向合并", "D44", needs="merges", group="order")
def merged_texts_across(book: Book, random: Random) -> bool:
    """One 无 over two columns: both, or neither, and said."""
    sheet = book.main
    for line in random.sample(sheet.of_kind("data"), len(sheet.of_kind("data"))):
        for left, right in zip(line.cells, line.cells[1:], strict=False):
            a, b = left.fact, right.fact
            if (
                a
                and b
                and a.field.type == b.field.type == "enum"
                and not a.touched
                and not b.touched
                and a.value
                and b.value
            ):
                if a.value not in {v.value for v in b.field.values}:
                    continue
                right.value = None
                a.read_or_refuse(a.value)
                b.read_or_refuse(a.value)
                sheet.merges.append((left, right))
                return True
    return False
