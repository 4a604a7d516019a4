"""What contents of cells were read as before: the same text in the same column of the same form is read once.

An entry belongs to one field as it is read in one period and measure. Columns whose contents are a person's are not kept beyond
their sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ruralpb.core.messages import say
from ruralpb.intake.values import dates, fast_path, numerals, words
from ruralpb.intake.values.cells import ColumnSpec, Taken, show_of
from ruralpb.model import Field

MOST = 20_000
"""A cache that has grown beyond so many entries begins anew."""

Description = tuple[str, str, str, str]

_FORGOTTEN = ("id_card", "phone", "text")


@dataclass(slots=True)
class ReadColumns:
    """What the contents of one kind of column are read as: by the type of the raw cell (1, 1.0 and TRUE are equal and are not the same), then
    by the cell."""

    item: Field
    parse: Callable[[Any, bool], Any]
    pick: fast_path.Pick | None = None
    every: fast_path.Every | None = None
    outcomes: dict[type, dict[Any, Any]] = field(default_factory=dict)

    def read(self, raws: Sequence[Any], kinds: Set[type] = frozenset()) -> list[Any]:
        """Return what each cell is read as: a value, Taken or Refused. `kinds` are the types of the cells, when they are known."""
        types = (kinds or set(map(type, raws))) - {type(None)}
        if not types:
            return list(raws)
        if types == {str} and self.item.type in _FORGOTTEN and self._is_plain(raws):
            return list(raws)
        if len(types) == 1:
            known = self._known(next(iter(types)), set(raws))
            return list(map(known.__getitem__, raws))
        by_type = {kind: self._known(kind, {raw for raw in raws if type(raw) is kind}) for kind in types}
        return [None if raw is None else by_type[type(raw)][raw] for raw in raws]

    def shown(self, raws: Sequence[Any], kinds: Set[type], percents: frozenset[int]) -> list[Any]:
        """The same, where the cells with the indexes `percents` are shown as percentages."""
        values = self.read(raws, kinds)
        for index in percents:
            if index < len(raws) and raws[index] is not None:
                values[index] = self.parse(raws[index], True)
        return values

    def _is_plain(self, raws: Sequence[Any]) -> bool:
        """True when all the texts are their own value."""
        if self.pick is None or self.every is None:
            return False
        if self.every([raw for raw in raws if raw is not None] if None in raws else raws):
            return True
        texts = set(raws)
        texts.discard(None)
        plain = self.pick(texts)
        if len(plain) == len(texts):
            return True
        self.outcomes[str] = {None: None, **dict(zip(plain, plain, strict=True))}
        return False

    def _known(self, kind: type, raws: set[Any]) -> dict[Any, Any]:
        known = self.outcomes.get(kind)
        if known is None or len(known) > MOST:
            known = self.outcomes[kind] = {None: None}
        new = raws - known.keys()
        if kind is str and self.pick is not None:
            plain = self.pick(new)
            known.update(zip(plain, plain, strict=True))
            new -= plain
        parse = self.parse
        for raw in new:
            known[raw] = parse(raw, False)
        return known


class ColumnCache:
    """What the columns of one library's forms were read as before, and how it was described."""

    def __init__(self) -> None:
        self._columns: dict[tuple[str, str, date, str, bool], ReadColumns] = {}
        self._descriptions: dict[tuple[str, str, type, Any], tuple[Taken, Description]] = {}

    def of(self, form: str, column: ColumnSpec) -> ReadColumns:
        """Return what cells of a column of `form` were read as before."""
        item = column.field
        if item.type in _FORGOTTEN:
            return _new(column)
        key = (form, item.id, column.end, column.stated, column.epoch_1904)
        columns = self._columns.get(key)
        if columns is None:
            if len(self._columns) > MOST:
                self._columns.clear()
            columns = self._columns[key] = _new(column)
        return columns

    def described(self, form: str, item: Field, raw: Any, taken: Taken) -> Description:
        """Return what stood there, what it was taken for, by which rule, in a sentence."""
        if item.type in _FORGOTTEN:
            return _say(item, raw, taken)
        key = (form, item.id, type(raw), raw)
        kept = self._descriptions.get(key)
        # The same content may be taken for something else in another period or measure.
        if kept is None or kept[0] is not taken:
            if len(self._descriptions) > MOST:
                self._descriptions.clear()
            kept = self._descriptions[key] = (taken, _say(item, raw, taken))
        return kept[1]


def _new(column: ColumnSpec) -> ReadColumns:
    return ReadColumns(column.field, parser(column), fast_path.pick(column), fast_path.every(column))


def parser(column: ColumnSpec) -> Callable[[Any, bool], Any]:
    """Return the reader of one column: (cell, shown as a percentage) → value, Taken or Refused."""
    match column.field.type:
        case "int" | "number" | "money" | "percent":
            return numerals.parser(column)
        case "date" | "month":
            return dates.parser(column)
        case _:
            return words.parser(column)


def _say(item: Field, raw: Any, taken: Taken) -> Description:
    found, value = show_of(item, raw), show_of(item, taken.value)
    data: dict[str, object] = {"title": item.title, "found": found, "value": value, **taken.data}
    return found, value, taken.rule, say(taken.slug, "zh", **data)
