"""What only a whole column can tell: shares among percents, 元 among 万元, numbers of merged cells (domain.md D43, D44, D53, D62, D63)."""

from __future__ import annotations

from decimal import Decimal
from statistics import median_low
from typing import Any

from ruralpb.model import Field
from ruralpb.normalise.cells import Refused
from ruralpb.normalise.columns import Reader, Typed
from ruralpb.places import fold

MOST_TIMES_MEDIAN = 500
"""A bare amount beyond so many times its column's median is in another measure than the rest (D53)."""

LEAST_AMOUNTS = 3
"""Of fewer amounts nobody can say which one is odd."""


def judge(reader: Reader, item: Field, typed: Typed) -> None:
    """Take back the values of one column that, beside the others, are no certain values."""
    if reader.merges:
        _merged(reader, item, typed)
    if item.type == "percent":
        _shares(reader, item, typed)
    elif item.type == "money":
        _mixed_measures(item, typed)


def _merged(reader: Reader, item: Field, typed: Typed) -> None:
    """D43, D44: a number, date or yes-no in a merged cell belongs to no single row or column. A text is the first cell's; of the others
    nobody knows, unless it is a key that fills down (D42)."""
    column = reader.match.columns[item.id]
    words = item.type in ("text", "enum", "village", "township")
    filled = item.type in ("village", "township") or (words and item.id in reader.form.key)
    raws = list(typed.raws)
    for index, row in enumerate(reader.positions):
        origin = reader.merges.get((row, column))
        if origin is None or (raw := reader.grid.cell(origin[0], origin[1])) is None:
            continue
        rule = "D44" if origin[2] else "D43"
        if not words:
            raws[index] = raw
            typed.refuse(index, Refused("number-merged", rule))
        elif not filled and raws[index] is None:
            raws[index] = raw
            typed.refuse(index, Refused("text-merged", rule, severity="query"))
    typed.raws = raws


def _bare(reader: Reader, item: Field, typed: Typed) -> list[int]:
    """Indexes of the values whose cells state no measure and no %."""
    percents = reader.percents(reader.match.columns[item.id])
    return [
        index
        for index, raw in enumerate(typed.raws)
        if typed.values[index] is not None and index not in percents and _states_nothing(raw)
    ]


def _states_nothing(raw: Any) -> bool:
    return not isinstance(raw, str) or not any(
        letter == "%" or letter.isalpha() or letter in "¥￥" for letter in fold(raw)
    )


def _shares(reader: Reader, item: Field, typed: Typed) -> None:
    """D62, D63: numbers up to 1 without a % are shares or points, and nobody can tell which."""
    bare = _bare(reader, item, typed)
    doubtful = [index for index in bare if 0 < typed.values[index] <= 1]
    if not doubtful:
        return
    if any(typed.values[index] > 1 for index in bare):
        for index in doubtful:
            typed.refuse(index, Refused("percent-or-share", "D63", "如98或98%"))
        return
    rows = f"{reader.positions[bare[0]] + 1}—{reader.positions[bare[-1]] + 1}"
    for index in bare:
        slug = "percent-column-shares" if index == doubtful[0] else ""
        typed.refuse(index, Refused(slug, "D62", "如98或98%", data={"rows": rows}))


def _mixed_measures(item: Field, typed: Typed) -> None:
    """D53: bare amounts beyond 500 times the median of their column. Where the median is zero this column says nothing: the amounts are
    compared with the township's class when the returns are checked (semantics, Dirty returns)."""
    amounts = [abs(value) for value in typed.values if value is not None]
    if len(amounts) < LEAST_AMOUNTS:
        return
    middle = Decimal(median_low(amounts))
    most = middle * MOST_TIMES_MEDIAN
    if not middle or max(amounts) <= most:
        return
    for index, value in enumerate(typed.values):
        if value is not None and abs(value) > most and _states_nothing(typed.raws[index]):
            expected = f"{middle.normalize():f}{item.measure}"
            typed.refuse(index, Refused("money-mixed", "D53", expected))
