"""What only a whole column can tell: shares among percents, 元 among 万元, numbers of merged cells (domain.md D43, D44, D53, D62, D63, D72)."""

from __future__ import annotations

from decimal import Decimal
from statistics import median_low
from typing import Any

from ruralpb.core import numbers
from ruralpb.intake.values.cells import CellFinding, Refused
from ruralpb.intake.values.columns import ColumnReader, TypedColumn
from ruralpb.model import Field, measures
from ruralpb.model.unit_names import fold
from ruralpb.model.vocabulary import builtin

MOST_TIMES_MEDIAN = 500
"""A bare amount beyond so many times its column's median is in another measure than the rest (D53)."""

LEAST_AMOUNTS = 3
"""Of fewer amounts nobody can say which one is odd."""


_SHARE = builtin()["findings.expected.share"][0]
WORDS = ("text", "enum", "village", "township")


def settle(reader: ColumnReader, item: Field, typed: TypedColumn, stated: str = "") -> None:
    """Take back the values of one column that, beside the others or as they are shown, are no certain values. `stated` is the measure
    that header or corner note give the column."""
    if reader.match.columns[item.id] in reader.evidence:
        _in_parts(reader, item, typed)
        if item.numeric:
            _disguised(reader, item, typed, stated)
    if reader.merges:
        _merged(reader, item, typed)
    if item.type == "percent":
        _shares(reader, item, typed)
    elif item.type == "money":
        _mixed_measures(item, typed)


def _disguised(reader: ColumnReader, item: Field, typed: TypedColumn, stated: str) -> None:
    """D72: a number format that cuts thousands off, puts a point in, or writes another measure behind the number shows the clerk another
    number than is stored, and nobody can tell which was meant."""
    for index, evidence in reader.evidence[reader.match.columns[item.id]].items():
        if isinstance(typed.raws[index], str):
            continue
        if evidence.format == "empty" and typed.raws[index] is None:
            typed.refuse(index, Refused("cell-uncached", "D69", severity="query"))
        elif (typed.values[index] and evidence.format == "scaled") or (
            evidence.format == "unsigned" and (typed.values[index] or 0) < 0
        ):
            typed.refuse(index, Refused("number-scaled", "D72"))
        elif (
            typed.values[index]
            and evidence.measure
            and (stated or item.measure)
            and measures.factor(evidence.measure, stated or item.measure) != 1
        ):
            typed.refuse(index, Refused("number-other-measure", "D72", stated or item.measure))


def _in_parts(reader: ColumnReader, item: Field, typed: TypedColumn) -> None:
    """D75: 12 struck out before 15, or a raised 2 behind 5: which of the digits are the number nobody can tell. Words are read and asked
    about (`remarks`)."""
    if item.type in WORDS:
        return
    for index, evidence in reader.evidence[reader.match.columns[item.id]].items():
        if evidence.format == "parts" and typed.values[index] is not None:
            typed.refuse(index, Refused("cell-in-parts", "D75"))


def _merged(reader: ColumnReader, item: Field, typed: TypedColumn) -> None:
    """D43, D44: a number, date or yes-no in a merged cell belongs to no single row or column. A text is the first cell's; of the others
    nobody knows, unless it is a key that fills down (D42)."""
    column = reader.match.columns[item.id]
    words = item.type in WORDS
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


def _bare(reader: ColumnReader, item: Field, typed: TypedColumn) -> list[int]:
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


def _shares(reader: ColumnReader, item: Field, typed: TypedColumn) -> None:
    """D62, D63: numbers up to 1 without a % are shares or points, and nobody can tell which."""
    bare = _bare(reader, item, typed)
    doubtful = [index for index in bare if 0 < typed.values[index] <= 1]
    if not doubtful:
        return
    if any(typed.values[index] > 1 for index in bare):
        as_points = "%" in reader.match.measures.get(item.id, "")
        most = max(_decimals(typed.values[index]) for index in bare if typed.values[index] > 1)
        for index in doubtful:
            if as_points and _decimals(typed.values[index]) <= most:
                # The heading says points, and a share of such points would have more decimals.
                said = CellFinding("percent-below-one", "D63", severity="query")
                reader.problem(index, item, typed.raws[index], said)
                continue
            typed.refuse(index, Refused("percent-or-share", "D63", _SHARE))
        return
    rows = f"{reader.positions[bare[0]] + 1}—{reader.positions[bare[-1]] + 1}"
    for index in bare:
        slug = "percent-column-shares" if index == doubtful[0] else ""
        typed.refuse(index, Refused(slug, "D62", _SHARE, data={"rows": rows}))


def _decimals(value: Decimal) -> int:
    return max(0, -int(value.normalize().as_tuple().exponent))


def _beside_stated(item: Field, typed: TypedColumn) -> None:
    """D53: bare amounts that are more than 500 times those which state their measure: 155000元 in the first cell, 187500 below. The first cell
    says what the others are in, but only to a person."""
    known = {index: abs(value) for index, value in enumerate(typed.values) if value}
    stating = [value for index, value in known.items() if not _states_nothing(typed.raws[index])]
    bare = {index: value for index, value in known.items() if _states_nothing(typed.raws[index])}
    if not stating or not bare or median_low(bare.values()) <= median_low(stating) * MOST_TIMES_MEDIAN:
        return
    expected = f"{numbers.plain(Decimal(median_low(stating)))}{item.measure}"
    for index in bare:
        typed.refuse(index, Refused("money-mixed", "D53", expected))


def _mixed_measures(item: Field, typed: TypedColumn) -> None:
    """D53: bare amounts beyond 500 times the median of their column. Where the median is zero this column says nothing: the amounts are
    compared with the township's class when the returns are checked (semantics, Dirty returns)."""
    amounts = [abs(value) for value in typed.values if value is not None]
    if len(amounts) < LEAST_AMOUNTS:
        return
    _beside_stated(item, typed)
    middle = Decimal(median_low(amounts))
    most = middle * MOST_TIMES_MEDIAN
    if not middle or max(amounts) <= most:
        return
    for index, value in enumerate(typed.values):
        if value is not None and abs(value) > most and _states_nothing(typed.raws[index]):
            expected = f"{numbers.plain(middle)}{item.measure}"
            typed.refuse(index, Refused("money-mixed", "D53", expected))
