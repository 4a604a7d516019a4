"""What a cell of a field accepts: number format, validation with its prompt, and the words of the instructions. One place, so that the sheet
and its instructions say the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from ruralpb.core import numbers
from ruralpb.core.periods import Period
from ruralpb.model import Field
from ruralpb.publish.forms.book import FormBook
from ruralpb.publish.text.saying import BUILTIN

_MOST_TEXT = 1000
_EARLIEST = date(1900, 1, 1)
_LATEST = date(2099, 12, 31)
_PROMPT = 250
_FORMATS = {"id_card": "@", "phone": "@", "month": "@", "text": "@", "date": "yyyy-mm-dd", "int": "0",
            "money": "0.00####", "number": "0.######", "percent": "0.00##"}  # fmt: skip
"""A month is text: in any other cell 1985.10 becomes the number 1985.1 before one has looked."""


def number_format(item: Field) -> str:
    """The number format of a field's cells."""
    return _FORMATS.get(item.type, "")


def values_of(item: Field, period: Period) -> list[str]:
    """The values an enum field may take in the period."""
    return [value.value for value in item.values if value.dated.holds(period.end)]


def words(item: Field, period: Period) -> str:
    """How the field is filled in, as a sentence: instructions and prompts."""
    match item.type:
        case "enum":
            chosen = BUILTIN.text("blanks.fill.many") if item.multi else BUILTIN.text("blanks.fill.one_of")
            return f"{chosen}：{'、'.join(values_of(item, period))}"
        case "bool":
            return BUILTIN.text("blanks.fill.bool")
        case "date":
            return BUILTIN.text(
                "blanks.fill.date", example=period.end.isoformat(), bounds=_days(item, period)
            )
        case "month":
            return BUILTIN.text("blanks.fill.month", bounds=_days(item, period))
        case "id_card":
            return BUILTIN.text("blanks.fill.id_card")
        case "phone":
            return BUILTIN.text("blanks.fill.phone")
        case "int" | "number" | "money" | "percent":
            return _number_words(item)
        case "village":
            return BUILTIN.text("blanks.fill.village")
        case "township" | "unit":
            return BUILTIN.text("blanks.fill.unit")
    return BUILTIN.text("blanks.fill.text")


def _number_words(item: Field) -> str:
    kind = {
        "int": BUILTIN.text("blanks.fill.whole_number"),
        "percent": BUILTIN.text("blanks.fill.percent"),
    }.get(item.type, BUILTIN.text("blanks.fill.number"))
    low, high = _plain(item.min), _plain(item.max)
    span = (
        BUILTIN.text("blanks.bounds.between", low=low, high=high)
        if low and high
        else BUILTIN.text("blanks.bounds.least", low=low)
        if low
        else BUILTIN.text("blanks.bounds.most", high=high)
        if high
        else ""
    )
    nothing = (
        BUILTIN.text("blanks.zero_for_none")
        if item.none_means_zero or item.required
        else BUILTIN.text("blanks.blank_for_none")
    )
    return f"{kind}{f'（{item.measure}）' if item.measure else ''}{span}{nothing}"


def _plain(bound: Decimal | None) -> str:
    return "" if bound is None else numbers.plain(bound)


def _days(item: Field, period: Period) -> str:
    first, last = item.min_date, _last(item, period)
    if item.type == "month":
        texts = [f"{day:%Y-%m}" if day else "" for day in (first, last)]
    else:
        texts = [day.isoformat() if day else "" for day in (first, last)]
    early, late = texts
    return (
        BUILTIN.text("blanks.bounds.days_between", first=early, last=late)
        if early and late
        else BUILTIN.text("blanks.bounds.not_after", last=late)
        if late
        else BUILTIN.text("blanks.bounds.not_before", first=early)
        if early
        else ""
    )


def _last(item: Field, period: Period) -> date | None:
    return period.end if item.max_date == "end" else item.max_date


def validation(
    book: FormBook, item: Field, period: Period, cell: str, villages: Sequence[str]
) -> dict[str, Any] | None:
    """Return XlsxWriter's options for the cells of a field, of which `cell` is the first; None where anything may stand."""
    rule = _rule(book, item, period, cell, villages)
    if rule is None:
        return None
    said = words(item, period)
    need = (
        BUILTIN.text("blanks.required")
        if item.required
        else BUILTIN.text("blanks.required_where")
        if item.required_when
        else ""
    )
    return {
        **rule,
        "ignore_blank": True,
        "input_title": item.title[:30],
        "input_message": _short(f"{need}{said}"),
        "error_title": BUILTIN.text("blanks.wrong"),
        "error_message": _short(f"“{item.title}”{said}。"),
        "error_type": "stop",
    }


def _short(text: str) -> str:
    return text if len(text) <= _PROMPT else f"{text[: _PROMPT - 1]}…"


def _rule(
    book: FormBook, item: Field, period: Period, cell: str, villages: Sequence[str]
) -> dict[str, Any] | None:
    match item.type:
        case "enum" if not item.multi:
            return {"validate": "list", "source": book.choices(values_of(item, period))}
        case "bool":
            return {"validate": "list", "source": book.choices((numbers.YES, numbers.NO))}
        case "village" if villages:
            return {"validate": "list", "source": book.choices(villages)}
        case "int" | "number" | "money" | "percent":
            return _between(item)
        case "date":
            first, last = item.min_date or _EARLIEST, _last(item, period) or _LATEST
            return {"validate": "date", "criteria": "between", "minimum": first, "maximum": last}
        case "month":
            return {"validate": "custom", "value": _month(cell, item, period)}
        case "id_card":
            return {"validate": "length", "criteria": "==", "value": 18}
        case "phone":
            return {"validate": "length", "criteria": "between", "minimum": 7, "maximum": 20}
        case "text":
            return {"validate": "length", "criteria": "<=", "value": _MOST_TEXT}
    return None


def _between(item: Field) -> dict[str, Any]:
    kind = "integer" if item.type == "int" else "decimal"
    low = item.min if item.min is not None else Decimal(-(10**12))
    high = item.max if item.max is not None else Decimal(10**12)
    if kind == "integer":
        return {"validate": kind, "criteria": "between", "minimum": int(low), "maximum": int(high)}
    return {"validate": kind, "criteria": "between", "minimum": float(low), "maximum": float(high)}


def _month(cell: str, item: Field, period: Period) -> str:
    """1985-02, or 1985.02 as many write it: four digits, 01 to 12, within the field's bounds."""
    first, last = item.min_date or _EARLIEST, _last(item, period) or _LATEST
    number = f"VALUE(LEFT({cell},4)&RIGHT({cell},2))"
    return (
        f'=AND(LEN({cell})=7,OR(MID({cell},5,1)="-",MID({cell},5,1)="."),VALUE(RIGHT({cell},2))>=1,VALUE(RIGHT({cell},2))<=12,'
        f"{number}>={first:%Y%m},{number}<={last:%Y%m})"
    )
