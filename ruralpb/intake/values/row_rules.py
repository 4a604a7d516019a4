"""What only the cells of one row together can tell: a month that the identity card settles, two posts in one cell (domain.md D84, D109)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from ruralpb.intake.values.cells import Taken
from ruralpb.intake.values.columns import ColumnReader, TypedColumn
from ruralpb.intake.values.words import meanings
from ruralpb.model import Field
from ruralpb.model.vocabulary import builtin

_WORDS = builtin()
_BOTH = _WORDS.pattern("people.both")
_BOTH_POSTS = _WORDS["people.both_posts"][0]


def settle(
    reader: ColumnReader, fields: Sequence[Field], typed: Mapping[str, TypedColumn], end: date
) -> None:
    """Read cells that were refused by themselves and that other cells of their row make certain."""
    _months(fields, typed)
    _posts(reader, fields, typed, end)


def _months(fields: Sequence[Field], typed: Mapping[str, TypedColumn]) -> None:
    """D84: 1976.1 is the month of birth when the identity card of the row says January or October of that year. Nothing else in a person's
    life falls into the month of birth, so the field need not be known to be it."""
    cards = [typed[item.id] for item in fields if item.type == "id_card"]
    if len(cards) != 1:
        return
    for item in fields:
        if item.type != "month":
            continue
        column = typed[item.id]
        for index in [i for i, why in column.refused.items() if why.rule == "D84"]:
            number = cards[0].values[index]
            year = str(column.raws[index]).strip("' ")[:4]
            if number and number[6:10] == year and number[10:12] in ("01", "10"):
                born = date(int(year), int(number[10:12]), 1)
                column.take(index, Taken(born, "D84", "date-by-id"))


def _posts(
    reader: ColumnReader, fields: Sequence[Field], typed: Mapping[str, TypedColumn], end: date
) -> None:
    """D109: 书记兼主任 in one of two enum columns, the other one empty: each part goes to the only field that has it."""
    enums = [item for item in fields if item.type == "enum" and not item.multi]
    known: dict[str, Mapping[str, str]] = {}
    for item in enums:
        column = typed[item.id]
        for index in [i for i, why in column.refused.items() if why.rule in ("D106", "D107")]:
            if not known:
                known = {other.id: meanings(other, end) for other in enums}
            parts = [part for part in _BOTH.split(re.sub(r"\s", "", str(column.raws[index]))) if part]
            of_one_field = all(part.upper() in known[item.id] for part in parts)
            if len(parts) != 2 or (of_one_field and _BOTH_POSTS not in str(column.raws[index])):
                continue  # 达标、五星 are two values of one field, no two posts (D107)
            shares = _shares(parts, known)
            other = next((name for name in shares if name != item.id), "")
            if item.id not in shares or not other:
                continue
            there = typed[other]
            if there.refused.get(index) or there.values[index] not in (None, shares[other]):
                continue
            raw = column.raws[index]
            column.take(index, Taken(shares[item.id], "D109", "posts-split"))
            if there.values[index] is None:
                there.values[index] = shares[other]
                there.taken.pop(index, None)
                cell = reader.grid.address(reader.positions[index], reader.match.columns[item.id])
                reader.note(
                    reader.form.by_id[other], index, raw, Taken(shares[other], "D109", "posts-split"), cell
                )


def _shares(parts: Sequence[str], known: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Field → value, when there is exactly one way to give the two parts to two fields; else nothing."""
    one, other = (
        [(name, values[part.upper()]) for name, values in known.items() if part.upper() in values]
        for part in parts
    )
    ways = [
        {first[0]: first[1], second[0]: second[1]}
        for first in one
        for second in other
        if first[0] != second[0]
    ]
    return ways[0] if len(ways) == 1 else {}
