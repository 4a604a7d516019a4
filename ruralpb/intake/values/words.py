"""Cells of text, enum and yes-no columns (domain.md D104-D107); those that say who stand in `people`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from ruralpb.core.messages import listing
from ruralpb.intake.values import people
from ruralpb.intake.values.cells import CUT, CellWords, ColumnSpec, Refused, Taken, odd, plain
from ruralpb.model import Field
from ruralpb.model.unit_names import fold
from ruralpb.model.vocabulary import builtin

Outcome = str | bool | None | Taken | Refused
_BETWEEN = builtin().pattern("cells.between")
_TICKS = builtin()["numerals.tick"]
Parser = Callable[[Any, bool], Outcome]


def parser(column: ColumnSpec) -> Parser:
    """Return the reader of one text-like column: (cell, ignored) → outcome."""
    item = column.field
    match item.type:
        case "enum":
            return _enum(item, column.end, column.words)
        case "bool":
            return lambda raw, _: _bool(raw, column.words)
        case "id_card":
            return lambda raw, _: people.id_card(raw, column.end, column.words)
        case "phone":
            return lambda raw, _: people.phone(raw, item, column.words)
        case _:
            return lambda raw, _: (
                people.name(raw, column.words)
                if item.id == "name"
                else _text(raw, column.words, column.is_key)
            )


def _text(raw: Any, words: CellWords, is_key: bool = False) -> Outcome:
    if refusal := odd(raw) or _lost(raw, words, is_key):
        return refusal
    text = plain(raw)
    if not text:
        return None
    if isinstance(raw, str) and words.is_ditto(raw):
        return Refused("number-ditto", "D67")  # nothing stands above it
    return words.mark(text, zero=False) or " ".join(text.split())


_EXACT = 10**15
"""From here on a number in a workbook has lost its last digits."""


def _lost(raw: Any, words: CellWords, is_key: bool) -> Refused | None:
    """What stands in place of a text that was typed: a number that lost digits, a day that was a code, a program's word for nothing."""
    if isinstance(raw, str):
        if CUT.fullmatch(raw.strip()):
            return Refused("code-precision", "D77")
        return Refused("text-no-value", "D66", severity="query") if words.is_no_value(raw) else None
    if isinstance(raw, int | float) and not isinstance(raw, bool) and abs(raw) >= _EXACT:
        return Refused("code-precision", "D77")
    return Refused("code-date", "D56") if is_key and isinstance(raw, date) else None


def _bool(raw: Any, words: CellWords) -> Outcome:
    if refusal := odd(raw):
        return refusal
    if isinstance(raw, bool):
        return raw
    text = fold(plain(raw)).lower()
    if not text:
        return None
    if text in words.yes:
        return True
    if text in words.no:
        return False
    if isinstance(raw, str) and words.is_ditto(raw):
        return Refused("number-ditto", "D67")
    return words.mark(text, zero=False) or Refused("bool-unreadable", "D104", listing(_TICKS))


def tick(raw: Any, words: CellWords) -> bool | None:
    """True for a cell with a tick (√, 是, 1), False for an empty one or ×, None for anything else (D108)."""
    if raw is None:
        return False
    outcome = _bool(raw, words)
    if outcome is None or (isinstance(outcome, Taken) and outcome.value is None):
        return False
    return outcome if isinstance(outcome, bool) else None


def meanings(item: Field, day: date) -> dict[str, str]:
    """The spellings of an enum field in force on `day`, folded and in capitals → the value they mean."""
    return _synonyms(item, day) | _values(item, day)


def _values(item: Field, day: date) -> dict[str, str]:
    return {fold(value.value).upper(): value.value for value in item.values if value.dated.holds(day)}


def _synonyms(item: Field, day: date) -> dict[str, str]:
    found: dict[str, str] = {}
    for value in item.values:
        if value.dated.holds(day):
            for synonym in value.synonyms:
                found.setdefault(fold(synonym).upper(), value.value)
    return found


def _enum(item: Field, day: date, words: CellWords) -> Parser:
    """Values, then synonyms, in force on `day`; several in one cell only where the field allows it."""
    exact, synonyms = _values(item, day), _synonyms(item, day)
    allowed = listing(exact.values())

    def one(text: str) -> Outcome:
        if text in exact:
            return exact[text]
        if text in synonyms:
            return Taken(synonyms[text], "D105", "enum-synonym")
        bare = text.translate(str.maketrans("", "", "\"'“”‘’"))
        quoted = {
            name.translate(str.maketrans("", "", "\"'“”‘’")): value
            for name, value in {**synonyms, **exact}.items()
        }
        return Taken(quoted[bare], "D105", "enum-synonym") if bare in quoted else None

    def read(raw: Any, _: bool) -> Outcome:
        if refusal := odd(raw):
            return refusal
        text = fold(plain(raw)).upper()
        if not text:
            return None
        if (found := one(text)) is not None:
            return found
        parts = [one(part) for part in _BETWEEN.split(text) if part]
        if len(parts) > 1 and all(part is not None and not isinstance(part, Refused) for part in parts):
            if not item.multi:
                return Refused("enum-several", "D107", allowed)
            values = [str(part.value if isinstance(part, Taken) else part) for part in parts]
            return "、".join(dict.fromkeys(values))
        if isinstance(raw, str) and words.is_ditto(raw):
            return Refused("number-ditto", "D67", allowed)
        return words.mark(text, zero=False) or Refused("enum-unknown", "D106", allowed)

    return read
