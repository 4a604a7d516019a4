"""What each row of a table is, and where the table ends."""

from __future__ import annotations

import re
from typing import Any

from ruralpb.model import Grid, RowClass
from ruralpb.places import fold
from ruralpb.recognise.headers import Header, looks_like_header
from ruralpb.recognise.signatures import Signatures

__all__ = ["RowClass", "classify"]

_TOTAL = re.compile(
    r"(?:[一-鿿]{0,12}(?:镇|乡|街道|县|市|区|中心))?(?:本页|全[镇乡县市区街]道?)?(?:合计|总计|共计|累计合计|总和)数?(?:[:(].{0,10})?"
)
_SUBTOTAL = re.compile(r"(?:本页)?小计|[一-鿿0-9]{1,12}(?:小计|片区?合计|片合计|组合计|线合计)")
_OF_WHICH = re.compile(r"其中[:,]?.{0,20}")
_SIGNATURE = re.compile(
    r"(?:单位|部门|分管|统计|主管)?(?:负责人|领导|责任人)(?:签[字章名]|\(签[字章名]\))?:|(?:填表|制表|填报|审核|复核|经办|联系)人(?:签[字章名]|\(签[字章名]\))?:"
    r"|联系电话:|(?:报出|填报|填表|报送|制表|上报)(?:日期|时间):|(?:单位)?\(?盖章\)?:?$|签字:|审核:|制表:|填表:"
)
_NOTE = re.compile(r"(?:备注|附注|说明|填表说明|填报说明|注意?|注\d)[:.、]|填表说明$|填报说明$|指标解释")
_SAMPLE = re.compile(r"(?:例如?|示例|样例|举例)[::].*|示例|样例")
_NIL = re.compile(
    r"零报告|0报告|无|本[季期月年]无(?:数据|情况|新增|人员|班次|问题)?|无数据|无情况|无此类?情况|本单位无"
)


def classify(
    grid: Grid, known: Signatures, header: Header, start: int
) -> tuple[dict[int, RowClass], int, bool]:
    """Return the class of every row from `start` on, the row where another table begins (or the sheet's end), and whether
    the table is a nil return: nothing below its header, or 零报告/无 in the first row (semantics S1)."""
    classes: dict[int, RowClass] = dict.fromkeys(range(start, header.top), "title")
    classes.update(dict.fromkeys(range(header.top, header.bottom + 1), "header"))
    again: dict[tuple[Any, ...], RowClass] = {
        **dict.fromkeys(grid.values[start : header.top], "title"),
        **dict.fromkeys(grid.values[header.top : header.bottom + 1], "repeated_header"),
    }
    own = _own_columns(known, header)
    titles = {fold(text) for form in known.forms.values() for text in (form.title, form.code) if text}
    nil = False
    for number in range(header.bottom + 1, len(grid.values)):
        row = grid.values[number]
        if all(value is None for value in row):
            classes[number] = "blank"
            continue
        if row in again:
            classes[number] = again[row]
            continue
        labels = _labels(row)
        if any(known.hits(text) for text in labels) and looks_like_header(grid, known, number):
            if _same_header(grid, header, number):
                classes[number] = "repeated_header"
                continue
            end = _title_above(classes, number)
            return {at: kind for at, kind in classes.items() if at < end}, end, nil
        kind = "title" if _is_title(row, labels, titles) else _kind(row, labels, header, own)
        if kind == "data" and "data" not in classes.values() and _is_nil(row, labels):
            nil, kind = True, "note"
        classes[number] = kind
    return classes, len(grid.values), nil or not {"data", "other"} & set(classes.values())


def _own_columns(known: Signatures, header: Header) -> list[int]:
    """Columns that make a row a fact: all mapped ones, without township, village and remark in rosters, where prefilled places alone say
    nothing."""
    return [
        column
        for name, column in header.columns.items()
        if (header.form.village_row and header.form.by_id[name].type == "village")
        or not known.is_common(header.form.by_id[name])
    ]


def _labels(row: tuple[Any, ...]) -> list[str]:
    """The row's first two texts, folded."""
    found = []
    for value in row:
        if isinstance(value, str):
            found.append(fold(value))
            if len(found) == 2:
                break
    return found


def _kind(row: tuple[Any, ...], labels: list[str], header: Header, own: list[int]) -> RowClass:
    for text in labels:
        if len(text) <= 20:
            if _SUBTOTAL.fullmatch(text):
                return "subtotal"
            if _TOTAL.fullmatch(text):
                return "total"
    if labels:
        first = labels[0]
        if _SIGNATURE.match(first) or _SIGNATURE.match(labels[-1]):
            return "signature"
        if _NOTE.match(first):
            return "note"
        if _OF_WHICH.fullmatch(first) or _SAMPLE.fullmatch(first):
            return "other"
    if all(row[column] is None for column in own if column < len(row)):
        return "blank" if _only_places(row, header) else "note"
    return "data"


def _is_title(row: tuple[Any, ...], labels: list[str], titles: set[str]) -> bool:
    """True for a row of one text that contains the title or code of a form: the title of a further table."""
    return (
        len(labels) == 1
        and any(title in labels[0] for title in titles)
        and sum(value is not None for value in row) == 1
    )


def _only_places(row: tuple[Any, ...], header: Header) -> bool:
    """True when the row has nothing outside the mapped columns but a number of its own (序号)."""
    mapped = set(header.columns.values())
    return all(
        value is None or column in mapped or not isinstance(value, str) or len(value) < 6
        for column, value in enumerate(row)
    )


def _is_nil(row: tuple[Any, ...], labels: list[str]) -> bool:
    values = [value for value in row if value is not None]
    return (
        bool(labels)
        and bool(_NIL.fullmatch(labels[0]))
        and all(
            isinstance(value, str) and (_NIL.fullmatch(fold(value)) or fold(value) in ("-", "/", "—"))
            for value in values
        )
    )


def _same_header(grid: Grid, header: Header, number: int) -> bool:
    """True when each mapped column that the row fills says what the header says there."""
    row = grid.values[number]
    leaves = {
        column: {grid.cell(at, column) for at in range(header.top, header.bottom + 1)}
        for column in header.columns.values()
    }
    said = [(column, row[column]) for column in leaves if row[column] is not None]
    return bool(said) and all(
        any(
            isinstance(text, str) and isinstance(value, str) and fold(text) == fold(value)
            for text in leaves[column]
        )
        for column, value in said
    )


def _title_above(classes: dict[int, RowClass], number: int) -> int:
    """First row of the next table: its header row, with the title rows and notes directly above it."""
    while classes.get(number - 1) in ("note", "title"):
        number -= 1
    return number
