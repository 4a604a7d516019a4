"""Cells of date and month columns → dates (domain.md D83-D90). A month is its first day. What two readings fit is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from ruralpb.intake.values.cells import ColumnSpec, Refused, Taken, clean, odd
from ruralpb.model.unit_names import fold
from ruralpb.model.vocabulary import builtin

Outcome = date | None | Taken | Refused

_WORDS = builtin()
_DAY = re.compile(_WORDS["dates.day"][0], re.ASCII)
"""Year, month and day are parted alike: 2024.3-4 is March to April."""
_DAY_PACKED = re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})", re.ASCII)
_MONTH = re.compile(_WORDS["dates.month"][0], re.ASCII)
_MONTH_PACKED = re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})", re.ASCII)
_ISO = re.compile(r"\d{4}-\d{2}(-\d{2})?")
_SERIAL = re.compile(r"[1-7][0-9]{4}")
_DOT_ONE = re.compile(r"\d{4}\.1")
"""1976.1 is January, or October whose zero Excel dropped (D84)."""


def parser(column: ColumnSpec) -> Callable[[Any, bool], Outcome]:
    """Return the reader of one date or month column: (cell, ignored) → outcome."""
    month = column.field.type == "month"

    def read(raw: Any, _percent: bool) -> Outcome:
        if isinstance(raw, date):
            day = raw.date() if isinstance(raw, datetime) else raw
            if day < min(_bounds(column)[0], _FIRST):
                return Refused(
                    "date-not-read", "D88", _expected(month)
                )  # 2026.3 where days are shown: 1905-07-18
            if not month or day.day == 1:
                return day
            return Taken(day.replace(day=1), "D86", "date-day-dropped")
        if refusal := odd(raw):
            return refusal
        if isinstance(raw, bool) or not isinstance(raw, str | int | float):
            return Refused("date-not-read", "D90", _expected(month))
        if isinstance(raw, int | float):
            return _from_number(float(raw), column, month)
        text = fold(clean(raw)).lstrip("'")
        if not text:
            return None
        if column.words.is_ditto(raw):
            return Refused("number-ditto", "D67", _expected(month))
        return column.words.mark(raw, zero=False) or _from_text(text, column, month)

    return read


_FIRST = date(1930, 1, 1)


def _expected(month: bool) -> str:
    return _WORDS[f"findings.expected.{'month' if month else 'day'}"][0]


def _from_number(value: float, column: ColumnSpec, month: bool) -> Outcome:
    text = f"{value:.15g}"
    if _DOT_ONE.fullmatch(text):
        return Refused("date-ambiguous-month", "D84", _expected(month))
    if _DAY_PACKED.fullmatch(text) or (
        month and (_MONTH_PACKED.fullmatch(text) or re.fullmatch(r"\d{4}\.\d{1,2}", text))
    ):
        return _from_text(text, column, month)
    serial = _from_serial(value, column)
    if serial is None:
        return Refused("date-not-read", "D88", _expected(month))
    return Taken(serial.replace(day=1) if month else serial, "D88", "date-serial")


def _from_serial(value: float, column: ColumnSpec) -> date | None:
    """The day of a bare serial number of five digits (from May 1927 on; 1976 is a year), when it lies inside the field's bounds and the
    workbook counts from 1900."""
    if value != int(value) or not 10_000 <= value < 80_000 or column.epoch_1904:
        return None
    day = date(1899, 12, 30) + timedelta(days=int(value))
    first, last = _bounds(column)
    return day if first <= day <= last else None


def _bounds(column: ColumnSpec) -> tuple[date, date]:
    item = column.field
    last = (
        column.end
        if item.max_date == "end"
        else item.max_date or column.end.replace(year=column.end.year + 10, day=1)
    )
    return item.min_date or _FIRST, last


def _from_text(text: str, column: ColumnSpec, month: bool) -> Outcome:
    if _DOT_ONE.fullmatch(text):
        return Refused("date-ambiguous-month", "D84", _expected(month))
    if _SERIAL.fullmatch(text):
        return _from_number(float(text), column, month)
    day_found = _DAY.fullmatch(text) or _DAY_PACKED.fullmatch(text)
    month_found = None if day_found else _MONTH.fullmatch(text) or _MONTH_PACKED.fullmatch(text)
    found = day_found or (month_found if month else None)
    if found is None:
        vague = month_found or _WORDS.pattern("dates.vague").search(text)
        return Refused("date-vague" if vague else "date-not-read", "D90", _expected(month))
    years = _years(found["y"], column)
    if len(years) != 1:
        return Refused("date-century", "D85", _expected(month))
    try:
        day = date(years[0], int(found["m"]), int(found["d"]) if day_found else 1)
    except ValueError:
        return Refused("date-impossible", "D89", _expected(month))
    if len(found["y"]) == 2:
        return Taken(day.replace(day=1) if month else day, "D85", "date-century-added")
    if month and day_found:
        return Taken(day.replace(day=1), "D86", "date-day-dropped")
    return day if _ISO.fullmatch(text) else Taken(day, "D83", "date-respelled")


def _years(text: str, column: ColumnSpec) -> list[int]:
    """The years a text can mean: itself, or for two digits those within the field's bounds; somebody was born 16 to 90 years ago (D85)."""
    if len(text) == 4:
        return [int(text)]
    first, last = _bounds(column)
    low, high = first.year, last.year
    if column.field.id == "birth":
        low, high = max(low, column.end.year - 90), min(high, column.end.year - 16)
    return [year for year in (1900 + int(text), 2000 + int(text)) if low <= year <= high]
