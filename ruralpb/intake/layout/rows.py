"""What each row of a table is, and where the table ends.

A row is a fact unless its words say otherwise; nothing that looks like a fact is passed over. A note or a signature with numbers in
the table's columns, and numbers in a row that names nobody, are `other`: normalise refuses them by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ruralpb.intake.layout.claims import Claims
from ruralpb.intake.layout.column_mapping import Header
from ruralpb.intake.layout.header_index import MOST_TEXTS, UNIT_TYPES, HeaderIndex
from ruralpb.intake.layout.headers import looks_like_header
from ruralpb.intake.layout.title_block import is_labelled
from ruralpb.model import Grid, RowClass
from ruralpb.model.unit_names import fold
from ruralpb.model.vocabulary import Vocabulary

__all__ = ["RowClass", "classify"]

_PERCENT = re.compile(r"[(]?%[)]?$")
_LIST_NUMBER = re.compile(r"[(]?\d{1,4}[).、]?")
_MARKED_NUMBER = re.compile(r"[*※★☆△▲●○◆◇#＊✱]+[0-9]{0,4}[.、]?|[0-9]{1,4}[.、]?[*※★☆△▲●○◆◇#＊✱]+")
_SEVERAL = 3

_NOTHING = (None, 0, "0", "0.0", "0.00")
_WIDE = 4
"""Of so many columns one alone makes no record."""

_MOST_TEXTS: Mapping[RowClass, int] = {"title": 20, "note": 20, "blank": 20, "other": 3, "data": 1}
"""A row of so many cells at most may be a title that claims another period or sender; a record is none."""

_FEW = 2
"""A signature row bears a telephone number and a date; with more numbers it is no mere signature."""


def classify(
    grid: Grid, known: HeaderIndex, header: Header, start: int
) -> tuple[dict[int, RowClass], int, bool]:
    """Return the class of every row from `start` on, the row where another table begins (or the sheet's end), and whether
    the table is a nil return: nothing below its header, or 零报告/无 in the first row (semantics S1)."""
    classes: dict[int, RowClass] = {
        row: "other" if _lies_above(grid, known, header, row) else "title" for row in range(start, header.top)
    }
    classes.update(dict.fromkeys(range(header.top, header.bottom + 1), "header"))
    values = grid.values
    again: dict[tuple[Any, ...], RowClass] = {
        **dict.fromkeys(values[start : header.top], "title"),
        **dict.fromkeys(values[header.top : header.bottom + 1], "repeated_header"),
    }
    table = _Table(grid, known, header, again)
    claims = Claims(grid, known, range(start, header.top))
    nil = False
    found: set[RowClass] = set()
    for number in range(header.bottom + 1, len(values)):
        row = values[number]
        if not claims.differ and table.is_plain(row):
            classes[number] = "data"
            continue
        if all(value is None or (type(value) is str and not fold(value)) for value in row):
            classes[number] = "blank"
            continue
        if row in again and not (again[row] == "repeated_header" and claims.differ):
            classes[number] = again[row]
            continue
        first, second, named = table.labels(row)
        if named and looks_like_header(grid, known, number) and not table.is_beside(row):
            if _same_header(grid, header, number) and not claims.differ:
                classes[number] = "repeated_header"
                continue
            end = _title_above(classes, number)
            own = {at: kind for at, kind in classes.items() if at < end}
            return own, end, nil or not (table.named_rows or {"data", "other"} & found)
        kind = table.kind(number, row, first, second)
        most = _MOST_TEXTS.get(kind, 0)
        if most and sum(value is not None for value in row) <= most and claims.read(row):
            kind = "title"
        elif kind in ("data", "total", "subtotal") and claims.differ:
            kind = "other"  # of another period or sender, below a title of its own without a header
        if (
            kind in ("data", "other")
            and not table.named_rows
            and "data" not in found
            and _is_nil(known.vocabulary, row, first)
        ):
            nil, kind = True, "note"
        if kind == "data" and "signature" in found and table.is_sparse(row):
            kind = "other"  # scratch below the signatures
        table.named_rows += kind == "data" and table.is_named(row)
        table.rows += kind == "data"
        classes[number] = kind
        found.add(kind)
    return classes, len(values), nil or not (table.named_rows or {"data", "other"} & found)


class _Table:
    """The columns of one table, as rows are judged by them."""

    def __init__(
        self, grid: Grid, known: HeaderIndex, header: Header, again: Iterable[tuple[Any, ...]]
    ) -> None:
        form = header.form
        self._grid, self._known, self._header = grid, known, header
        self._memo: dict[str, tuple[RowClass | None, bool, bool]] = known.memo.setdefault("labels", {})
        places = [n for n in header.columns if form.by_id[n].type in UNIT_TYPES]
        own = {
            name: column
            for name, column in header.columns.items()
            if (form.village_row and name in places) or not known.is_common(form.by_id[name])
        }
        # Columns that make a row a fact: in rosters prefilled places alone say nothing.
        self._own = [*own.values(), *(c for marks in header.marked.values() for c in marks.values())]
        self._numeric = [column for name, column in own.items() if form.by_id[name].numeric]
        self._identity = self._identities(places)
        self._places = [header.columns[name] for name in places]
        self._one_row = form.key == ("reporter",)
        self._mapped = frozenset(header.columns.values()) | frozenset(header.unmapped)
        self.named_rows = 0
        self.rows = 0
        # Most rows say their names, bear no word that makes a row anything but a fact, and are told by one look.
        named = [column for column in self._identity if column in self._own]
        self._quick = named[0] if named and not grid.transposed else -1
        self._plain: set[str] = known.memo.setdefault("plain", set())
        self._unlike = {value for row in again for value in row if type(value) is str}

    def is_plain(self, row: tuple[Any, ...]) -> bool:
        """True for a row that is certainly a fact: it names someone, and its first two texts have been seen to be mere values."""
        if self._quick < 0 or row[self._quick] is None:
            return False
        first = None
        for value in row:
            if type(value) is str:
                if value not in self._plain or value in self._unlike:
                    return False
                if first is not None:
                    break
                first = value
        self.named_rows += first is not None
        return first is not None

    def _identities(self, places: list[str]) -> list[int]:
        """Columns one of which says whom a row is about; none where the form has one row for its sender."""
        form, columns = self._header.form, self._header.columns
        keys = [
            n for n in form.key if n in form.by_id and not form.by_id[n].numeric
        ]  # a year adds up to nobody
        wanted = [n for n in columns if n in keys or (n in places and form.by_id[n].required)]
        if form.village_row and "village" in columns:
            wanted = ["village"]
        elif "person_key" in form.key:
            wanted += [n for n in columns if n == "name" or form.by_id[n].type in ("id_card", "village")]
        texts = [
            n
            for n in columns
            if form.by_id[n].required and form.by_id[n].type in ("text", "date", "month", "enum")
        ]
        named = wanted if form.village_row or not wanted else [*wanted, *texts]
        # The township stands in every row of a roster, and in the row of its sums.
        own = [n for n in named if form.by_id[n].type != "township"] or named
        return [columns[n] for n in own]

    def labels(self, row: tuple[Any, ...]) -> tuple[str, str, bool]:
        """The row's first two texts as written ("" where there are none), and whether one of them names a field."""
        first = ""
        for value in row:
            if type(value) is str:
                if first:
                    return first, value, self._known_label(first)[1] or self._known_label(value)[1]
                first = value
        return first, "", bool(first) and self._known_label(first)[1]

    def _known_label(self, text: str) -> tuple[RowClass | None, bool, bool]:
        """What a row is by this text, whether it names a field, whether it contains a form's title."""
        found = self._memo.get(text)
        if found is None:
            if len(self._memo) > MOST_TEXTS:
                self._memo.clear()
                self._plain.clear()
            folded = fold(text)
            titled = any(title in folded for title in self._known.titles)
            found = self._memo[text] = (self._by_words(folded), bool(self._known.hits(text)), titled)
            if (
                folded
                and found == (None, False, False)
                and not self._known.vocabulary.pattern("rows.nil").fullmatch(folded)
            ):
                self._plain.add(text)
        return found

    def _by_words(self, folded: str) -> RowClass | None:
        pattern = self._known.vocabulary.pattern
        if len(folded) <= 20:
            if pattern("rows.subtotal").fullmatch(folded):
                return "subtotal"
            if pattern("rows.total").fullmatch(folded):
                return "total"
        if pattern("rows.signature").match(folded):
            return "signature"
        if (
            pattern("rows.of_which").fullmatch(folded)
            or pattern("rows.sample").fullmatch(folded)
            or pattern("rows.compared").fullmatch(_PERCENT.sub("", folded))
        ):
            return "other"
        return "note" if pattern("rows.note").match(folded) else None

    def _beside_upright(self, label: str) -> RowClass | None:
        """What a column beside a table on its side is: remarks, or figures of another period."""
        pattern = self._known.vocabulary.pattern
        if pattern("rows.aside").fullmatch(label):
            return "note"
        return "other" if pattern("rows.other_figures").search(label) else None

    def kind(self, number: int, row: tuple[Any, ...], first: str, second: str) -> RowClass:
        kind, _, titled = self._known_label(first) if first else (None, False, False)
        if second and kind not in ("total", "subtotal"):
            other = self._known_label(second)[0]
            if (
                other in ("total", "subtotal")
                # 1 | 例：张三, saved as text
                or (kind is None and other == "other" and _LIST_NUMBER.fullmatch(fold(first)))
                or (kind is None and other == "signature" and not self._names_unit(row))
            ):
                kind = other
        if self._grid.transposed and first and kind is None:
            kind = self._beside_upright(fold(first))
        if kind in ("note", "signature") and self._numbers(row) > _FEW and not self._holds_record(row, first):
            return "other"
        if kind not in (None, "other") and self._holds_record(row, first):
            # A mark at a list number, 全镇 in the place of a village: no word takes a record away that has its keys.
            kind = None if self._is_mere_label(row, first) else "other"
            if kind is not None:
                return kind
        if kind is not None:
            return kind
        if titled and (
            is_labelled(first, self._known.vocabulary)
            or (not second and sum(value is not None for value in row) == 1)
        ):
            return "title"  # a row of one text, or 表号：, that contains the title or code of a form: a further table's
        for column in self._own:
            if row[column] is not None:
                break
        else:
            return "blank" if self._only_places(row) else "note"
        if self._is_heading(row) or self._is_sum(row):
            return "other"
        for column in self._identity:
            if row[column] is not None:
                return "data"
        if self._one_row and self.rows and not self.names_place(row):
            return "other"  # the sender has its one row; what stands below it without a name are sums and scratch
        if not self._identity or any(self._merged(number, column) for column in self._identity):
            return "data"
        if self.named_rows and all(row[column] in _NOTHING for column in self._own):
            return "blank"  # prepared for one more, with formulas that show 0
        return "other" if self._stray(row) else "data"

    def _holds_record(self, row: tuple[Any, ...], label: str) -> bool:
        """True for a row that says whom it is about in most of the columns that do, the one of its first text aside.

        A text that is itself a label of signatures (填表人：, 报出日期：) says nothing of the kind, whatever column it stands in.
        """
        at = row.index(label)
        others = [column for column in self._identity if column != at]
        held = sum(row[column] is not None and not self._is_signature(row[column]) for column in others)
        return bool(held) and 2 * held >= len(others) and (held > 1 or at not in self._mapped)

    def _is_signature(self, value: Any) -> bool:
        return type(value) is str and self._known_label(value)[0] == "signature"

    def _is_mere_label(self, row: tuple[Any, ...], label: str) -> bool:
        """True for a first text that stands for no more than itself: a list number with a mark, or a place."""
        at = row.index(label)
        return at in self._places or (
            at not in self._mapped and _MARKED_NUMBER.fullmatch(fold(label)) is not None
        )

    def _is_sum(self, row: tuple[Any, ...]) -> bool:
        """True for numbers below records with one text alone, in a list whose records say in three or more columns what they are: sums
        whose words are not known (本季合计 in the column of titles)."""
        if self.named_rows == 0 or len(self._identity) < _SEVERAL:
            return False
        held = [column for column in self._identity if row[column] is not None]
        texts = [column for column in self._mapped if isinstance(row[column], str)]
        numbers = any(isinstance(row[column], int | float) for column in self._numeric)
        return len(held) == 1 and texts == held and numbers and held[0] not in self._places

    def _is_heading(self, row: tuple[Any, ...]) -> bool:
        """True for a single text in a wide table that is no place: the heading of a section (一、脱贫村; 第一组)."""
        filled = [(column, value) for column, value in enumerate(row) if value is not None]
        if len(filled) > 1 or len(self._own) < _WIDE:
            return False
        column, value = filled[0]
        return isinstance(value, str) and column not in self._places

    def _stray(self, row: tuple[Any, ...]) -> bool:
        """True for values of nobody: a label of its own beside them (核对), or numbers without even a list number below rows that have
        their names. A record whose name was forgotten is a record; the check for required cells says so."""
        outside = [
            value for column, value in enumerate(row) if value is not None and column not in self._mapped
        ]
        if any(isinstance(value, str) and not fold(value).isdigit() for value in outside):
            return True
        filled = {column for column in self._mapped if row[column] is not None}
        if (
            filled.intersection(self._places)
            and filled <= {*self._numeric, *self._places}
            and len(filled) > 1
        ):
            return True  # a place and sums
        return self.named_rows > 0 and not outside

    def is_sparse(self, row: tuple[Any, ...]) -> bool:
        """True for a row that fills less than half of the table's columns."""
        columns = self._header.columns.values()
        return 2 * sum(row[column] is not None for column in columns) < len(columns)

    def is_beside(self, row: tuple[Any, ...]) -> bool:
        """True for a row that fills columns of this table with something other than headings: those are another table's, to its right."""
        own = [row[column] for column in self._header.columns.values() if row[column] is not None]
        return len(own) > 1 and not any(
            isinstance(value, str) and self._known_label(value)[1] for value in own
        )

    def is_named(self, row: tuple[Any, ...]) -> bool:
        """True for a row that says whom it is about."""
        return any(row[column] is not None for column in self._identity)

    def names_place(self, row: tuple[Any, ...]) -> bool:
        """True for a row that names a village or a township."""
        return any(row[column] is not None for column in self._places)

    def _names_unit(self, row: tuple[Any, ...]) -> bool:
        return any(isinstance(row[column], str) for column in self._identity)

    def _numbers(self, row: tuple[Any, ...]) -> int:
        return sum(isinstance(row[column], int | float) for column in self._numeric)

    def _merged(self, row: int, column: int) -> bool:
        """True for a cell within a merged cell: it takes that cell's text (D42)."""
        return any(
            area.top <= row <= area.bottom and area.left <= column <= area.right for area in self._grid.merged
        )

    def _only_places(self, row: tuple[Any, ...]) -> bool:
        """True when the row has nothing outside the mapped columns but a number of its own (序号)."""
        mapped = set(self._header.columns.values())
        return all(
            value is None or column in mapped or not isinstance(value, str) or len(value) < 6
            for column, value in enumerate(row)
        )


def _lies_above(grid: Grid, known: HeaderIndex, header: Header, number: int) -> bool:
    """True for a fact above the header: the page before it, whose own header was not recognised. It must not be lost unsaid."""
    row = grid.values[number]
    mapped = {column for column in header.columns.values() if column < len(row)}
    filled = [row[column] for column in mapped if row[column] is not None]
    if len(filled) < _WIDE or 2 * len(filled) < len(mapped):
        return False
    texts = [value for value in filled if isinstance(value, str)]
    return (
        not any(is_labelled(text, known.vocabulary) for text in texts)
        and sum(bool(known.hits(text)) for text in texts) < 2
    )


def _is_nil(vocabulary: Vocabulary, row: tuple[Any, ...], first: str) -> bool:
    nil = vocabulary.pattern("rows.nil")
    values = [
        value for value in row if value is not None and not (type(value) in (int, float) and value == 1)
    ]
    return (
        bool(first)
        and any(isinstance(value, str) and nil.fullmatch(fold(value)) for value in values[:2])
        and all(
            isinstance(value, str) and (nil.fullmatch(fold(value)) or fold(value) in ("-", "/", "—"))
            for value in values
        )
    )


def _same_header(grid: Grid, header: Header, number: int) -> bool:
    """True when each mapped column that the row fills says what the header says there."""
    row = grid.values[number]
    leaves = {
        column: {
            fold(text)
            for at in range(header.top, header.bottom + 1)
            if isinstance(text := grid.cell(at, column), str)
        }
        for column in header.columns.values()
    }
    said = [(column, row[column]) for column in leaves if row[column] is not None]
    return bool(said) and all(
        isinstance(value, str) and fold(value) in leaves[column] for column, value in said
    )


def _title_above(classes: dict[int, RowClass], number: int) -> int:
    """First row of the next table: its header row, with the title rows and notes directly above it. HeaderIndex above its title
    are the table's before."""
    above = number
    while classes.get(above - 1) in ("note", "title", "signature"):
        above -= 1
    titles = [row for row in range(above, number) if classes[row] == "title"]
    if titles:
        return titles[0]
    while classes.get(number - 1) == "note":
        number -= 1
    return number
