"""What one cell can become: a value, a value with a note, or nothing with a reason."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from math import isfinite
from typing import Any, Literal

from ruralpb.core import numbers
from ruralpb.core.problems import Severity
from ruralpb.model import CellError, Field, Uncached
from ruralpb.model.unit_names import fold
from ruralpb.model.vocabulary import Vocabulary, builtin


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """What the cells of one column are read as. `factor` multiplies a bare number into the field's measure (exactly), `stated` is
    the measure that header or corner note gives. `end` is the period's last day."""

    field: Field
    end: date
    stated: str = ""
    factor: Decimal = Decimal(1)
    epoch_1904: bool = False
    is_key: bool = False
    """True where what stands in the column tells one record from the next."""
    vocabulary: Vocabulary = dataclasses.field(default_factory=builtin)

    @property
    def words(self) -> CellWords:
        """What cells of the column say without being a value."""
        return CellWords.of(self.vocabulary)


@dataclass(frozen=True, slots=True)
class Taken:
    """A value that does not stand there literally; the message `slug` says how it was read."""

    value: Any
    rule: str
    slug: str
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CellFinding:
    """What is to be said of one cell by the message `slug`. `scope` is what is lost with it: nothing, the cell, or the whole row.
    `column` is where it stands when that is not the field's own column."""

    slug: str
    rule: str
    expected: str = ""
    scope: Literal["", "cell", "row"] = ""
    severity: Severity = "error"
    data: Mapping[str, str] = dataclasses.field(default_factory=dict)
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Refused(CellFinding):
    """No value, and why; `slug` is "" when another cell's message says it for this one too."""

    scope: Literal["", "cell", "row"] = "cell"


@dataclass(frozen=True, slots=True)
class CellWords:
    """Whole cells that are no value, folded, and what their comments may say against a value."""

    nothing: frozenset[str]
    zero: frozenset[str]
    no_value: frozenset[str]
    ditto: frozenset[str]
    yes: frozenset[str]
    no: frozenset[str]
    cancelled: re.Pattern[str]

    @staticmethod
    def of(vocabulary: Vocabulary) -> CellWords:
        """Return the words of a vocabulary."""
        return vocabulary.once(_cell_words)

    def is_ditto(self, raw: str) -> bool:
        """True for a cell that says "as above" (D67)."""
        return fold(raw) in self.ditto

    def is_no_value(self, text: str) -> bool:
        """True for what programs write where they have no value: nan, None, NULL."""
        return fold(text).lower() in self.no_value

    def mark(self, text: str, zero: bool) -> Taken | None:
        """The reading of a mark that stands for nothing (D66); None when the text is none. `zero`: the field takes 无 as 0."""
        folded = fold(text)
        if folded not in self.nothing:
            return None
        if zero and folded in self.zero:
            return Taken(0, "D66", "none-as-zero")
        return Taken(None, "D66", "none-as-blank")


def _cell_words(vocabulary: Vocabulary, _: str) -> CellWords:
    nothing, zero, no_value, ditto, yes, no = (
        frozenset(map(fold, vocabulary[f"cells.{key}"]))
        for key in ("nothing", "zero", "no_value", "ditto", "yes", "no")
    )
    return CellWords(nothing, zero, no_value, ditto, yes, no, vocabulary.pattern("cells.cancelled"))


_YES, _NO = builtin()["numerals.tick"]

CUT = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]{2}", re.IGNORECASE)
"""A long number as Excel shows it, and as it saves it to a text file: its digits are lost."""
INVISIBLE = r"\x00-\x08\x0b-\x1f\x7f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufffe\uffff"
"""Control, direction and zero-width characters, as ranges of a pattern: no part of any value."""
_CONTROL = re.compile(f"[{INVISIBLE}]")
_LONG_DIGITS = re.compile(r"(?<!\d)(\d{3})\d{9,15}[\dXx]?(?!\d)|(?<!\d)(1[3-9]\d)\d{8}(?!\d)")


def clean(text: str) -> str:
    """Return `text` without control, direction and zero-width characters and without blanks around it: what may be stored."""
    return _CONTROL.sub("", text).strip()


def plain(raw: Any) -> str:
    """Return any cell as clean text: numbers without a trailing .0, dates in ISO form."""
    if isinstance(raw, str):
        return clean(raw)
    if isinstance(raw, bool):
        return _YES if raw else _NO
    if isinstance(raw, float | int):
        text = f"{Decimal(f'{raw:.15g}'):f}" if isinstance(raw, float) else str(raw)
        return numbers.trimmed(text)
    if isinstance(raw, datetime | date):
        return raw.isoformat()[:10]
    return clean(str(raw))


def show(raw: Any, most: int = 40) -> str:
    """Return a cell as messages and notes show it: at most so many characters, and no ID number or phone in full."""
    text = " ".join(clean(raw).split()) if type(raw) is str else _shown(raw)
    if len(text) >= _SHORTEST_MASKED:
        text = _LONG_DIGITS.sub(
            lambda m: (m[1] or m[2]) + "*" * (len(m[0]) - 3), unicodedata.normalize("NFKC", text)
        )
    return text if len(text) <= most else text[: most - 1] + "…"


_SHORTEST_MASKED = 11


def show_of(item: Field, raw: Any) -> str:
    """Return a cell of one field as messages show it: a number of a person is masked also where blanks or dashes part it."""
    if item.type in ("id_card", "phone") and isinstance(raw, str):
        raw = re.sub(r"[\s-]", "", clean(raw))
    return show(raw)


def _shown(raw: Any) -> str:
    match raw:
        case None:
            return ""
        case CellError():
            return raw.text
        case Uncached():
            return "="
        case bool():
            return "TRUE" if raw else "FALSE"
        case float():
            return str(int(raw)) if raw.is_integer() and abs(raw) < 1e18 else f"{raw:.15g}"
        case datetime():
            return raw.isoformat(" ")
        case date() | time():
            return raw.isoformat()
        case Decimal():
            return f"{raw:f}"
    return " ".join(clean(str(raw)).split())


def odd(raw: Any) -> Refused | None:
    """The refusal of a cell that is no value of any type: an error (D70; also NaN and infinity, which a damaged file can hold), a
    formula never calculated (D69)."""
    if isinstance(raw, CellError) or (isinstance(raw, float) and not isfinite(raw)):
        return Refused("cell-error", "D70")
    if isinstance(raw, Uncached):
        return Refused("cell-uncached", "D69")
    return None
