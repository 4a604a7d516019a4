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

from ruralpb.intake.values.cells import ColumnSpec, Refused, Taken, clean, odd
from ruralpb.intake.values.chinese_numerals import chinese
from ruralpb.model import Field, measures
from ruralpb.model.unit_names import fold
from ruralpb.model.vocabulary import builtin

__all__ = ["chinese", "exact", "finished", "parser"]

Outcome = Decimal | int | None | Taken | Refused

SCALE = 6
PERCENT_SCALE = 4
_LARGEST = {"int": Decimal(10**15), "percent": Decimal(10**5)}
_LARGEST_DECIMAL = Decimal(10**14)

_WORDS = builtin()
_YUAN = _WORDS["numerals.yuan"][0]
_DIGITS = r"(?:[0-9]{1,18}|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,5})(?:\.[0-9]{1,20})?"
_PLAIN = re.compile(rf"[+-]?{_DIGITS}")
_WITH_SUFFIX = re.compile(
    rf"(?P<sign>{_WORDS.either('numerals.currency')})?(?P<number>[+-]?{_DIGITS})(?P<suffix>[^0-9.,+\-][^0-9]{{0,5}})?"
)
_NEGATIVE = re.compile(rf"\((?P<bracketed>{_DIGITS})\)|△(?P<marked>{_DIGITS})|[–—―─](?P<dashed>{_DIGITS})")
_BRACKETED = re.compile(r"[(△▲–—―─][+-]?[0-9][0-9.,]*\)?|[+-]\([0-9][0-9.,]*\)")
_GROUPED_BY_BLANKS = re.compile(
    r"[+-]?[1-9][0-9]{0,2}(?:[ \u00a0\u2009\u202f][0-9]{3}){1,5}(?:\.[0-9]{1,20})?(?![0-9.,])"
)
_BADLY_GROUPED = re.compile(r"[+-]?[0-9]+(?:,[0-9]*)+(?:\.[0-9]*)?")
_GAP = re.compile(r"[0-9.,+\-]\s+[0-9.,]")
"""Blanks inside a number: 12 34 may be two numbers, 12. 5 the twelfth item."""

_APPROXIMATE = _WORDS.pattern("numerals.approximate")
_RANGE = _WORDS.pattern("numerals.range")
_COLLOQUIAL = _WORDS.pattern("numerals.colloquial")
_EXPRESSION = re.compile(r"[0-9].*[+*×÷/=:].*[0-9]|[0-9].*[(（].+[)）]|[0-9].*[,;，；、\s].*[0-9]")
_DATED = _WORDS.pattern("numerals.dated")
_PERCENT = re.compile(rf"[+-]?{_DIGITS}[%‰]")
_DASHES = str.maketrans(dict.fromkeys("–—―─～", "-") | {"。": "."})
_FIFTEEN = Context(prec=15, rounding=ROUND_HALF_UP)
_WIDE = Context(prec=40, rounding=ROUND_HALF_UP)


def parser(column: ColumnSpec) -> Callable[[Any, bool], Outcome]:
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


def _percent(raw: Any, column: ColumnSpec, percent: bool) -> Outcome:
    """D61: the cell's format or a % sign decides; a bare number is points. Bare numbers up to 1 are judged with their column."""
    if refusal := odd(raw):
        return refusal
    if isinstance(raw, float | int) and not isinstance(raw, bool):
        value = exact(raw)
        return finished(value.scaleb(2) if percent else value, column.field)
    if isinstance(raw, str):
        text = _normal(raw) or ""
        if text.endswith("%") and _PLAIN.fullmatch(text[:-1]):
            outcome = finished(_decimal(text[:-1]), column.field)
            return outcome if isinstance(outcome, Refused | Taken) else Taken(outcome, "D61", "percent-sign")
    return _number(raw, column)


def _number(raw: Any, column: ColumnSpec) -> Outcome:
    if refusal := odd(raw):
        return refusal
    if isinstance(raw, bool):
        return Refused("number-unreadable", "D57", _expected(column.field))
    if isinstance(raw, float | int):
        return _converted(exact(raw), column)
    if isinstance(raw, datetime | date | time | timedelta):
        return Refused("number-date", "D56")
    return _text(str(raw), column)


def _converted(value: Decimal, column: ColumnSpec) -> Outcome:
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
    (D73), percents to 100 unless the field says more (D64). What the store's columns cannot hold is refused."""
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
    if abs(rounded) >= _LARGEST.get(item.type, _LARGEST_DECIMAL):
        return Refused("number-too-large", "D50")
    return rounded if rounded == value else Taken(rounded, "D73", "number-rounded", {"scale": str(scale)})


# ---------------------------------------------------------------------------------------------- text


def _normal(raw: str) -> str | None:
    """The text in NFKC, without blanks; None where blanks stand inside a number and not between groups of three."""
    text = unicodedata.normalize("NFKC", clean(raw)).lstrip("'").strip().replace("−", "-")
    if (grouped := _GROUPED_BY_BLANKS.match(text)) is not None:
        text = re.sub(r"\s", ",", grouped[0]) + text[grouped.end() :]
    return None if _GAP.search(text) else fold(text)


def _decimal(text: str) -> Decimal:
    return _FIFTEEN.create_decimal(text.replace(",", ""))


def _expected(item: Field) -> str:
    return _WORDS[f"findings.expected.{'integer' if item.type == 'int' else 'number'}"][0]


def _text(raw: str, column: ColumnSpec) -> Outcome:
    item = column.field
    text = _normal(raw)
    if text is None:
        return Refused("number-expression", "D57", _expected(item))
    if not text:
        return None
    if not raw.isascii() and any(unicodedata.category(letter) in ("No", "Nl") for letter in raw):
        return Refused("number-unreadable", "D57", _expected(item))  # 5² and ① would fold to 52 and 1
    if _PLAIN.fullmatch(text):
        outcome = _converted(_decimal(text), column)
        return (
            outcome
            if "," not in text or not isinstance(outcome, Decimal | int)
            else Taken(outcome, "D48", "number-grouped")
        )
    if column.words.is_ditto(raw):
        return Refused("number-ditto", "D67")
    if nothing := column.words.mark(text, item.none_means_zero):
        zero = 0 if item.type == "int" else Decimal(0)
        return nothing if nothing.value is None else Taken(zero, nothing.rule, nothing.slug)
    if _PERCENT.fullmatch(text):
        return Refused("number-percent", "D61")
    if (suffixed := _WITH_SUFFIX.fullmatch(text)) and (outcome := _suffixed(suffixed, column)) is not None:
        return outcome
    if negative := _NEGATIVE.fullmatch(text):
        return _negative(negative, column)
    if (chinese_number := _in_chinese(text, column)) is not None:
        return chinese_number
    return _why_not(text, item)


def _suffixed(found: re.Match[str], column: ColumnSpec) -> Outcome:
    """A number with its measure in the cell (D49, D50); None when the suffix is no measure of the field's kind. ¥ alone says money, not
    whether 元 or 万元: it is read where the column is in 元 anyway."""
    item, suffix = column.field, found["suffix"] or ""
    if found["sign"] and item.type != "money":
        return None
    if found["sign"] and not suffix:
        if measures.factor(column.stated or item.measure, _YUAN) != 1:
            return None
        outcome = _converted(_decimal(found["number"]), column)
        return outcome if isinstance(outcome, Refused | Taken) else Taken(outcome, "D49", "measure-removed")
    if item.type == "money":
        suffix = _WORDS.pattern("numerals.even").sub("", suffix)
        if suffix in _WORDS.words("numerals.bare_money"):
            suffix += _YUAN
    times = measures.factor(suffix, item.measure) if suffix and item.measure else None
    if times is None or suffix.partition("/")[2] not in ("", fold(item.measure).partition("/")[2]):
        return None
    if times != 1:
        return _in_measure(_decimal(found["number"]), times, suffix, item, "D50")
    outcome = finished(_decimal(found["number"]), item)
    return outcome if isinstance(outcome, Refused | Taken) else Taken(outcome, "D49", "measure-removed")


def _negative(found: re.Match[str], column: ColumnSpec) -> Outcome:
    """(12.5), △12.5 and —12.5 are negative in money columns, and a doubt elsewhere (D60)."""
    if column.field.type != "money":
        return Refused("number-bracketed", "D60")
    outcome = _converted(-_decimal(found["bracketed"] or found["marked"] or found["dashed"]), column)
    return Taken(outcome, "D60", "number-negative") if isinstance(outcome, Decimal | int) else outcome


def _in_chinese(text: str, column: ColumnSpec) -> Outcome:
    """Chinese numerals, bare or with the field's own measure (D58); None when the text is none. A lone 一 may be a dash."""
    item = column.field
    if text == _WORDS["numerals.one"][0]:
        return Refused("number-one-or-dash", "D58", _expected(item))
    number, measured = chinese(text), False
    if number is None and item.measure and text.endswith(fold(item.measure)):
        number, measured = chinese(text.removesuffix(fold(item.measure))), True
    if number is None:
        return None
    outcome = finished(Decimal(number), item) if measured else _converted(Decimal(number), column)
    return Taken(outcome, "D58", "number-chinese") if isinstance(outcome, Decimal | int) else outcome


def _why_not(text: str, item: Field) -> Refused:
    for pattern, slug, rule in (
        (_DATED, "number-date", "D56"),
        (_BRACKETED, "number-bracketed", "D60"),
        (_BADLY_GROUPED, "number-badly-grouped", "D48"),
    ):
        if pattern.fullmatch(text):
            return Refused(slug, rule, _expected(item))
    dashed = text.translate(_DASHES)
    for pattern, slug, rule in (
        (_RANGE, "number-range", "D55"),
        (_COLLOQUIAL, "number-colloquial", "D59"),
        (_EXPRESSION, "number-expression", "D57"),
        (_APPROXIMATE, "number-approximate", "D54"),
    ):
        if pattern.search(dashed):
            return Refused(slug, rule, _expected(item))
    if _WORDS.pattern("numerals.spoken").fullmatch(text):
        return Refused("number-colloquial", "D59", _expected(item))
    return Refused("number-unreadable", "D57", _expected(item))
