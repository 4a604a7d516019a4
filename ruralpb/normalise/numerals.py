"""Cells of number columns → exact decimals (domain.md D45-D74, semantics S8).

A number is exactly what stands there, at 15 significant digits, or it is refused. No float takes part in any arithmetic.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from ruralpb.model import Field
from ruralpb.normalise import measures
from ruralpb.normalise.cells import DITTO, Column, Refused, Taken, clean, mark, odd
from ruralpb.places import fold

Outcome = Decimal | int | None | Taken | Refused

SCALE = 6
PERCENT_SCALE = 4
_LARGEST = {"int": Decimal(2**63 - 1), "percent": Decimal(10**5)}
_LARGEST_DECIMAL = Decimal(10**14)

_PLAIN = re.compile(r"[+-]?(?:\d{1,18}|\d{1,3}(?:,\d{3}){1,6})(?:\.\d{1,20})?")
_WITH_SUFFIX = re.compile(rf"(?P<sign>[¥￥]?)(?P<number>{_PLAIN.pattern})(?P<suffix>[^\d.,+\-].{{0,5}})?")
_NEGATIVE = re.compile(rf"\((?P<bracketed>{_PLAIN.pattern})\)|[△▲](?P<marked>{_PLAIN.pattern})")
_APPROXIMATE = re.compile(r"约|大概|大约|近|余|多|左右|上下|不足|超过?|以上|以下|几|若干|[≈≥≤<>]")
_RANGE = re.compile(r"\d[\d.,]*\D{0,3}?(?:-|~|至|到)\s*\d")
_COLLOQUIAL = re.compile(r"[一二三四五六七八九十\d.]+[万千百][一二三四五六七八九\d]|\d\s*[wWkK]$")
_EXPRESSION = re.compile(r"\d.*[+*×÷/=].*\d|\d.*[(（].+[)）]|\d.*[,;，；、].*\d")
_DASHES = str.maketrans(dict.fromkeys("−–—―－～", "-") | {"。": "."})
_DIGITS = (
    dict(zip("零一二三四五六七八九", range(10), strict=True))
    | dict(zip("〇壹贰叁肆伍陆柒捌玖", range(10), strict=True))
    | {"两": 2}
)
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_FIFTEEN = Context(prec=15, rounding=ROUND_HALF_UP)
_WIDE = Context(prec=40, rounding=ROUND_HALF_UP)


def parser(column: Column) -> Callable[[Any, bool], Outcome]:
    """Return the reader of one number column: (cell, shown as a percentage) → outcome."""
    item = column.field
    if item.type == "percent":
        return lambda raw, percent: _percent(raw, column, percent)
    if column.factor != 1:
        return lambda raw, percent: _refuse_percent(raw, percent) or _number(raw, column)
    whole = item.type == "int"

    def read(raw: Any, percent: bool) -> Outcome:
        if type(raw) is float and not percent and -1e13 < raw < 1e13:
            if raw.is_integer():
                return int(raw) if whole else Decimal(int(raw))
            text = f"{raw:.15g}"
            if not whole and "e" not in text and len(text) - text.find(".") <= SCALE + 1:
                return Decimal(text)
        return _refuse_percent(raw, percent) or _number(raw, column)

    return read


def exact(raw: float | int) -> Decimal:
    """Return the decimal text of a cell's number at 15 significant digits, as Excel itself holds it."""
    return Decimal(raw) if isinstance(raw, int) else Decimal(f"{raw:.15g}")


def _refuse_percent(raw: Any, percent: bool) -> Refused | None:
    if percent and isinstance(raw, float | int) and not isinstance(raw, bool):
        return Refused("number-percent", "D61")
    return None


def _percent(raw: Any, column: Column, percent: bool) -> Outcome:
    """D61: the cell's format or a % sign decides; a bare number is points. Bare numbers up to 1 are judged with their column."""
    if refusal := odd(raw):
        return refusal
    if isinstance(raw, float | int) and not isinstance(raw, bool):
        value = exact(raw)
        return finished(value.scaleb(2) if percent else value, column.field)
    if isinstance(raw, str):
        text = _plain_text(raw)
        if text.endswith("%") and _PLAIN.fullmatch(text[:-1]):
            outcome = finished(_decimal(text[:-1]), column.field)
            return outcome if isinstance(outcome, Refused | Taken) else Taken(outcome, "D61", "percent-sign")
    return _number(raw, column)


def _number(raw: Any, column: Column) -> Outcome:
    if refusal := odd(raw):
        return refusal
    if isinstance(raw, bool):
        return Refused("number-unreadable", "D57")
    if isinstance(raw, float | int):
        return _converted(exact(raw), column)
    if isinstance(raw, datetime | date | time | timedelta):
        return Refused("number-date", "D56")
    return _text(str(raw), column)


def _converted(value: Decimal, column: Column) -> Outcome:
    """A bare number in the measure the sheet states (D51)."""
    if column.factor == 1:
        return finished(value, column.field)
    return _in_measure(value, column.factor, column.stated, column.field, "D51")


def _in_measure(value: Decimal, times: Decimal, stated: str, item: Field, rule: str) -> Outcome:
    outcome = finished(_WIDE.multiply(value, times).normalize(_WIDE), item)
    if isinstance(outcome, Refused):
        return outcome
    result = outcome.value if isinstance(outcome, Taken) else outcome
    if result is not None and (
        (item.min is not None and result < item.min) or (item.max is not None and result > item.max)
    ):
        return Refused("number-out-of-bounds", "D50", f"{item.min}～{item.max}{item.measure}")
    slug = "measure-converted-rounded" if isinstance(outcome, Taken) else "measure-converted"
    return Taken(result, rule, slug, {"stated": stated, "measure": item.measure})


def finished(value: Decimal, item: Field) -> Decimal | int | Taken | Refused:
    """Return the value in its field's type: integers without a fraction (D74), decimals at scale 6 rounded half up with a note
    (D73), percents to 100 unless the field says more (D64)."""
    if abs(value) >= _LARGEST.get(item.type, _LARGEST_DECIMAL):
        return Refused("number-too-large", "D50")
    if item.type == "int":
        return int(value) if value == value.to_integral_value() else Refused("number-fraction", "D74")
    if item.type == "percent" and value > 100 and not item.over_100:
        return Refused("percent-over-100", "D64")
    scale = PERCENT_SCALE if item.type == "percent" else SCALE
    exponent = int(value.as_tuple().exponent)
    if exponent > 0 or not value:
        return Decimal(int(value))
    if -exponent <= scale:
        return value
    rounded = value.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP, _WIDE)
    return rounded if rounded == value else Taken(rounded, "D73", "number-rounded", {"scale": str(scale)})


# ---------------------------------------------------------------------------------------------- text


def _plain_text(raw: str) -> str:
    return fold(clean(raw)).lstrip("'").translate(_DASHES)


def _decimal(text: str) -> Decimal:
    return _FIFTEEN.create_decimal(text.replace(",", ""))


def _text(raw: str, column: Column) -> Outcome:
    item = column.field
    text = _plain_text(raw)
    if not text:
        return None
    if not raw.isascii() and any(unicodedata.category(letter) == "No" for letter in raw):
        return _why_not("", item)  # 5² and ① would fold to 52 and 1
    if _PLAIN.fullmatch(text):
        outcome = _converted(_decimal(text), column)
        return (
            outcome
            if "," not in text or not isinstance(outcome, Decimal | int)
            else Taken(outcome, "D48", "number-grouped")
        )
    if text in DITTO or fold(raw) in DITTO:
        return Refused("number-ditto", "D67")
    if nothing := mark(raw, item.none_means_zero) or mark(text, item.none_means_zero):
        zero = 0 if item.type == "int" else Decimal(0)
        return nothing if nothing.value is None else Taken(zero, nothing.rule, nothing.slug)
    if (suffixed := _WITH_SUFFIX.fullmatch(text)) and (outcome := _suffixed(suffixed, item)) is not None:
        return outcome
    if negative := _NEGATIVE.fullmatch(text):
        return _negative(negative, column)
    if (number := chinese(text)) is not None:
        outcome = _converted(Decimal(number), column)
        return Taken(outcome, "D58", "number-chinese") if isinstance(outcome, Decimal | int) else outcome
    return _why_not(unicodedata.normalize("NFKC", text), item)


def _suffixed(found: re.Match[str], item: Field) -> Outcome:
    """A number with its measure in the cell (D49, D50); None when the suffix is no measure of the field's kind."""
    suffix = found["suffix"] or ""
    if item.type == "money" and suffix in ("万", "亿", "千", "百万", "千万"):
        suffix += "元"
    if (found["sign"] and item.type != "money") or (suffix and not item.measure):
        return None
    times = measures.factor(suffix or "元", item.measure) if suffix or found["sign"] else Decimal(1)
    if times is None:
        return None
    if times != 1:
        return _in_measure(_decimal(found["number"]), times, suffix or "元", item, "D50")
    outcome = finished(_decimal(found["number"]), item)
    return outcome if isinstance(outcome, Refused | Taken) else Taken(outcome, "D49", "measure-removed")


def _negative(found: re.Match[str], column: Column) -> Outcome:
    """(12.5) and △12.5 are negative in money columns, and a doubt elsewhere (D60)."""
    if column.field.type != "money":
        return Refused("number-bracketed", "D60")
    outcome = _converted(-_decimal(found["bracketed"] or found["marked"]), column)
    return Taken(outcome, "D60", "number-negative") if isinstance(outcome, Decimal | int) else outcome


def _why_not(text: str, item: Field) -> Refused:
    expected = "整数" if item.type == "int" else "数字"
    for pattern, slug, rule in (
        (_RANGE, "number-range", "D55"),
        (_COLLOQUIAL, "number-colloquial", "D59"),
        (_EXPRESSION, "number-expression", "D57"),
        (_APPROXIMATE, "number-approximate", "D54"),
    ):
        if pattern.search(text):
            return Refused(slug, rule, expected)
    return Refused("number-unreadable", "D57", expected)


def chinese(text: str) -> int | None:
    """Return the number that complete Chinese numerals up to 9999 say (十二, 壹佰, 三千零五); None for anything else, also for colloquial
    cuts such as 三百五."""
    if not text or any(letter not in _DIGITS and letter not in _TENS for letter in text):
        return None
    if len(text) == 1 and text in _DIGITS:
        return _DIGITS[text]
    total, digit, last, zero = 0, None, 10_000, False
    for letter in text:
        if letter in _DIGITS:
            if digit is not None and digit != 0:
                return None
            digit, zero = _DIGITS[letter], zero or _DIGITS[letter] == 0
            continue
        ten = _TENS[letter]
        if ten >= last or (digit in (None, 0) and not (ten == 10 and total == 0 and digit is None)):
            return None
        total += (digit or 1) * ten
        digit, last, zero = None, ten, False
    if digit is None:
        return total
    if digit == 0 or (last > 10 and not zero):  # 三百五 is said for 350; 三百零五 is 305
        return None
    return total + digit if total else None
