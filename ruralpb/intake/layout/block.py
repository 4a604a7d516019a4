"""The rows of a header block: which belong to it, and what is written above each column, from the top level down."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Mapping
from itertools import pairwise
from typing import Any

from ruralpb.intake.layout.header_index import MEASURE
from ruralpb.intake.layout.title_block import is_labelled
from ruralpb.model import Form, Grid
from ruralpb.model.unit_names import fold
from ruralpb.model.vocabulary import Vocabulary, builtin

LEVELS = 6
"""Rows that can lie between the top level of a header and its leaves: four levels, two of them with English below."""

_WORDS = builtin()
SERIAL = _WORDS.pattern("headers.serial")
_MEASURE_ONLY = re.compile(rf"[(]?(?:{_WORDS.either('headers.unit_label')})?({MEASURE})[)]?")
_LEADER = _WORDS.pattern("headers.leader")
_STEMS = _WORDS["headers.stems"][0]
_NUMBERED = _WORDS.pattern("headers.numbered")
_FORMULA = re.compile(
    r"[(]?\d{1,3}[)]?(?:=[(]?[\d+\-*/×÷()=<>≥≤%]+[)]?)?|[(]?=?\d{1,3}(?:[+\-*/×÷]\d{1,3})+[)]?"
)
_HINTS = re.compile(rf"[(]?(?:{_WORDS.either('headers.instruction')})[)]?")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_LETTERS = re.compile("[A-Za-z]")


def paths(grid: Grid, top: int, bottom: int) -> dict[int, list[str]]:
    """Column → its header texts from top to bottom, merged cells read in each of their cells, equal neighbours once. English below
    or beside Chinese says the same again and is left out."""
    levels = [filled(grid, row) for row in range(top, bottom + 1)]
    covered = _covered(grid, top, bottom)
    for number, (level, below) in enumerate(pairwise(levels)):
        _spread(level, below, covered.get(top + number, frozenset()))
    found: dict[int, list[str]] = {}
    for column in range(len(grid.values[bottom])):
        path: list[str] = []
        for level in levels:
            text = level.get(column)
            if isinstance(text, str) and text.strip() and (not path or path[-1] != text.strip()):
                path.append(text.strip())
        if len(path) > 1 and any(map(_CHINESE.search, path)):
            path = [text for text in path if _CHINESE.search(text) or not _LETTERS.search(text)]
        if path:
            found[column] = path
    for number, level in enumerate(levels[:-1]):
        texts = {text.strip() for text in level.values() if isinstance(text, str)}
        if len(texts) == 1 and not _is_partial(level, found, covered.get(top + number, frozenset())):
            title = texts.pop()  # above the table, and nobody's parent
            for path in found.values():
                if len(path) > 1 and path[0] == title:
                    path.pop(0)
    return found


def _is_partial(level: Mapping[int, Any], columns: Collection[int], covered: frozenset[int]) -> bool:
    """True for a level whose one heading is merged over some columns and leaves out more than one: it is their parent, no title."""
    return covered.issuperset(level) and len(level) + 1 < len(columns)


def filled(grid: Grid, row: int) -> dict[int, Any]:
    """Column → value of one row, each merged range giving its text to all its cells; a year is a text."""
    values = {column: _as_text(value) for column, value in enumerate(grid.values[row]) if value is not None}
    for area in grid.merged:
        if area.top <= row <= area.bottom:
            anchor = _as_text(grid.cell(area.top, area.left))
            if isinstance(anchor, str):
                for column in range(area.left, min(area.right, len(grid.values[row]) - 1) + 1):
                    values[column] = anchor
    return values


def holds_numbers(row: tuple[Any, ...]) -> bool:
    """True for a row with numbers other than years: data, or the numbers of columns."""
    return any(isinstance(value, int | float) and not isinstance(_as_text(value), str) for value in row)


def _as_text(value: Any) -> Any:
    """A year above columns (2023, 2024) is a heading, although the sheet holds a number."""
    if (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and 1949 <= value <= 2100
        and value == int(value)
    ):
        return str(int(value))
    return value


def _covered(grid: Grid, top: int, bottom: int) -> dict[int, frozenset[int]]:
    """Row → the columns that merged ranges cover, for the rows of a block."""
    found: dict[int, set[int]] = {}
    for area in grid.merged:
        for row in range(max(area.top, top), min(area.bottom, bottom) + 1):
            found.setdefault(row, set()).update(range(area.left, area.right + 1))
    return {row: frozenset(columns) for row, columns in found.items()}


def _spread(level: dict[int, Any], below: Mapping[int, Any], covered: frozenset[int]) -> None:
    """Where nothing is merged (text files, headings typed into one cell), a parent reaches right over the blank cells that have a
    leaf below them."""
    if not level:
        return
    parent = None
    for column in range(min(level), max(below, default=-1) + 1):
        if column in covered:
            parent = None
        elif column in level:
            parent = level[column] if column in below else None
        elif column in below and parent is not None:
            level[column] = parent


def merged_bottom(grid: Grid, row: int) -> int:
    """The last row that a merged header cell of `row` reaches down to: the leaf row."""
    reach = [area.bottom for area in grid.merged if area.top <= row < area.bottom < area.top + LEVELS]
    return max(reach, default=row)


def highest(grid: Grid, start: int, bottom: int, vocabulary: Vocabulary) -> int:
    """The highest row that may be a level of the block with its leaves at `bottom`: titles and label rows are none."""
    top = bottom
    while top > start and bottom - top < LEVELS - 1 and _may_be_level(grid, top - 1, vocabulary):
        top -= 1
    return top


def _may_be_level(grid: Grid, row: int, vocabulary: Vocabulary) -> bool:
    ties = any(area.top <= row < area.bottom for area in grid.merged)
    values = grid.values[row]
    texts = {value for value in values if isinstance(value, str)}
    if any(is_labelled(text, vocabulary) for text in texts):
        return False
    if ties:
        return True
    spans = sum(area.top <= row <= area.bottom and area.right > area.left for area in grid.merged)
    if sum(isinstance(_as_text(value), int | float) for value in values) > 1:
        return False
    single = len(texts) <= 1
    return not single or (spans == 1 and _partial(grid, row))


def _partial(grid: Grid, row: int) -> bool:
    """True when the row's one merged heading spans part of the table only."""
    width = sum(value is not None for value in filled(grid, row + 1).values())
    return any(
        area.top <= row <= area.bottom and 2 <= area.right - area.left + 1 < width - 1 for area in grid.merged
    )


def below(grid: Grid, bottom: int, form: Form, columns: Mapping[str, int]) -> tuple[int, dict[str, str]]:
    """Return the last row of the header when rows of measures (万元 人 %), of column numbers (甲 乙 1 2), of formulas (3=1+2) or of
    English follow its leaves, and the measures by field."""
    measures: dict[str, str] = {}
    while bottom + 1 < len(grid.values):
        if _holds_hints(grid.values[bottom + 1]):
            bottom += 1
            continue
        own = {fold(item.measure) for item in form.fields if item.measure}
        cells = _head_cells(grid.values[bottom + 1], own)
        if len(cells) < 2:
            break
        stated = {column: _measure(text, own) for column, text in cells.items()}
        if any(stated.values()) and all(stated[c] or text in "-—/" for c, text in cells.items()):
            for name, column in columns.items():
                if stated.get(column):
                    measures.setdefault(name, stated[column])
        elif not (
            numbers_columns(list(cells.values()))
            or _is_english(text for column, text in cells.items() if not stated[column])
        ):
            break
        bottom += 1
    return bottom, measures


def _head_cells(row: tuple[Any, ...], measures: Container[str]) -> dict[int, str]:
    """The texts of a row that may belong to a header; empty as soon as one cell is certainly data. A leading 计量单位 or 栏次 says
    what the row is and is left out."""
    cells: dict[int, str] = {}
    for column, value in enumerate(row):
        if value is None:
            continue
        if type(value) not in (str, int, float) or (isinstance(value, float) and not value.is_integer()):
            return {}  # days, errors, formulas never calculated
        text = fold(str(value))
        if numbered := _NUMBERED.fullmatch(text):
            text = numbered[1] or numbered[2]
        if not cells and _LEADER.fullmatch(text):
            continue
        if len(text) > 40 or (
            _CHINESE.search(text) and text.strip("()") not in _STEMS and not _measure(text, measures)
        ):
            return {}
        cells[column] = text.removesuffix(".0")
    return cells


def _holds_hints(row: tuple[Any, ...]) -> bool:
    """True for a row that says how to fill in the columns: 必填 · 填数字 · 下拉选择 · 年-月-日."""
    texts = [value for value in row if value is not None]
    return len(texts) > 1 and all(isinstance(text, str) and _HINTS.fullmatch(fold(text)) for text in texts)


def _measure(text: str, own: Container[str]) -> str:
    found = _MEASURE_ONLY.fullmatch(text)
    bare = text.strip("()")
    return found[1] if found else bare if bare in own else ""


def _is_english(texts: Iterable[str]) -> bool:
    texts = list(texts)
    return (
        len(texts) >= 2
        and not any(map(_CHINESE.search, texts))
        and sum(bool(re.search("[A-Za-z]{3}", text)) for text in texts) * 4 >= len(texts) * 3
        and all(map(_LETTERS.search, texts))
    )


def numbers_columns(texts: list[str]) -> bool:
    """True for 甲 乙 1 2 3, (1) (2) (3), ① ② or 1 2 3=1+2: each cell one more than the one before."""
    stems = [text for text in texts if text.strip("()") in _STEMS]
    rest = [text for text in texts if text.strip("()") not in _STEMS and text not in "-—/"]
    if len(texts) < 3 or not rest or texts[: len(stems)] != stems:
        return False
    numbers = []
    for text in rest:
        if not _FORMULA.fullmatch(text):
            return False
        first = re.match(r"[(]?(\d{1,3})(?:[)]|=|$)", text)
        numbers.append(int(first[1]) if first and not text.startswith("=") else None)
    known = [(at, number) for at, number in enumerate(numbers) if number is not None]
    return (
        bool(known)
        and len(known) * 2 >= len(rest)
        and all(b[1] - a[1] == b[0] - a[0] for a, b in pairwise(known))
        and known[0][1] - known[0][0] in (1, len(stems) + 1)
    )
