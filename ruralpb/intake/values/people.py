"""Cells that say who: names, numbers of identity cards, telephones (domain.md D76-D82, D91-D95)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from datetime import date
from functools import lru_cache
from typing import Any

from ruralpb.core.messages import listing
from ruralpb.intake.values.cells import CellWords, Refused, Taken, clean, odd, plain
from ruralpb.model import Field
from ruralpb.model.unit_names import fold
from ruralpb.model.vocabulary import builtin

Outcome = str | None | Taken | Refused

_WORDS = builtin()
_HAN = r"\u4e00-\u9fff\u3400-\u4dbf\U00020000-\U0003ffff"
_MARKS = re.escape(_WORDS["people.marks"][0])
_PLAIN_NAME = re.compile(r"[\u4e00-\u9fa5]{2,3}")
_HAN_GAP = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_DOTS = re.compile(rf"(?<=[{_HAN}])\s*[·•．.‧・∙]\s*(?=[{_HAN}])")
_POST = re.compile(r"\((?P<post>[^()]{1,10})\)$")
_NUMBERED = re.compile(rf"^(?P<number>[0-9]{{1,3}})\s*[.、．)]\s*(?=[{_HAN}])")
_MARKED = re.compile(rf"^(?P<ahead>[{_MARKS}]+)|(?P<behind>[{_MARKS}]+)$")
_TITLED = re.compile(
    rf"(?<=[{_HAN}]{{2}})(?P<title>\s*(?:{_WORDS.either('people.title')})|\s+(?:{_WORDS.either('people.title_apart')}))$"
)
_TWO_PEOPLE = re.compile(rf"[{_HAN}]{{2,}}\s*{_WORDS['people.between'][0]}\s*[{_HAN}]{{2,}}")
_APART = re.compile(rf"(?P<one>[{_HAN}]{{2,3}})\s+(?P<other>[{_HAN}]{{2,3}})")
_STAND_IN = re.compile(_WORDS.either("people.stand_in"))
_SURNAMES = frozenset("".join(_WORDS["people.surnames"]))
_COMPOUND = _WORDS.words("people.compound")
_CARD, _CARD_AS_TEXT, _PHONE, _PHONE_OR_BLANK = (
    _WORDS[f"findings.expected.{key}"][0] for key in ("id_card", "id_card_text", "phone", "phone_or_blank")
)

_ID = re.compile(r"[0-9]{17}[0-9X]")
_CHECK_DIGITS = "10X98765432"
_MASKED = str.maketrans(dict.fromkeys("•●#×", "*"))
_MOBILE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
_LANDLINE = re.compile(r"(?<![0-9])(?:0[0-9]{2,3}-?)?[2-9][0-9]{6,7}(?![0-9])")


def name(raw: Any, words: CellWords) -> Outcome:
    """A person's name: blanks between characters gone, one kind of middle dot, posts and numbers stripped with a note. What stands for a
    rare character (?, □, pinyin) is kept as typed, with a query (see `stand_ins`)."""
    if refusal := odd(raw):
        return refusal
    if isinstance(raw, str):
        if _PLAIN_NAME.fullmatch(raw) and raw not in words.nothing and raw not in words.ditto:
            return raw
        if words.is_ditto(raw):
            return Refused("number-ditto", "D67")
        if words.is_no_value(raw):
            return Refused("text-no-value", "D66", severity="query")
    text = unicodedata.normalize("NFKC", plain(raw))
    if not text:
        return None
    if nothing := words.mark(text, zero=False):
        return nothing
    removed = []
    if marked := _MARKED.search(text):
        removed.append(marked[0])
        text = _MARKED.sub("", text).strip()
    for pattern, group in ((_NUMBERED, "number"), (_POST, "post"), (_TITLED, "title")):
        if found := pattern.search(text):
            removed.append(found[group].strip())
            text = pattern.sub("", text).strip()
    if _TWO_PEOPLE.search(text) or _apart(text):
        return Refused("name-two-people", "D94", scope="row")
    dotted = _DOTS.sub("·", _HAN_GAP.sub("", text))
    if removed:
        return Taken(dotted, "D93", "name-stripped", {"removed": listing(removed)})
    return Taken(dotted, "D92", "name-dotted") if "·" in dotted and dotted != text else dotted


def _apart(text: str) -> bool:
    """True for 张三丰 李四: two names apart, each with a surname of its own; 欧阳 明月 is one."""
    found = _APART.fullmatch(text)
    return (
        found is not None
        and found["one"] not in _COMPOUND
        and found["one"][0] in _SURNAMES
        and found["other"][0] in _SURNAMES
    )


def stand_ins(names: Collection[str]) -> set[str]:
    """Return the names in which a character is replaced by ?, □, pinyin or one that only its maker's machine can show (D95)."""
    if not _STAND_IN.search("\n".join(names)):
        return set()
    return {name for name in names if _STAND_IN.search(name) and re.search(f"[{_HAN}]", name)}


def id_card(raw: Any, end: date, words: CellWords) -> Outcome:
    """18 characters with a day of birth up to `end` and the right check digit; what lost digits is refused."""
    if refusal := odd(raw):
        return refusal
    if not isinstance(raw, str):
        return Refused("id-precision", "D77", _CARD_AS_TEXT)
    text = raw if _ID.fullmatch(raw) else fold(clean(raw)).lstrip("'").upper().replace("-", "")
    if not text:
        return None
    if _ID.fullmatch(text):
        return text if is_valid(text, end) else Refused("id-check", "D80", _CARD)
    if re.fullmatch(r"[0-9](?:\.[0-9]+)?E\+?[0-9]+", text):
        return Refused("id-precision", "D76", _CARD_AS_TEXT)
    masked = re.sub("X{3,}", lambda found: "*" * len(found[0]), text.translate(_MASKED))
    if "*" in masked and re.fullmatch(r"[0-9X*]{8,18}", masked):
        return Taken(None, "D81", "id-masked")
    if re.fullmatch(r"[0-9]{15}", text):
        return Refused("id-15", "D79", _CARD)
    if words.is_ditto(raw):
        return Refused("number-ditto", "D67", _CARD)
    return words.mark(raw, zero=False) or Refused("id-length", "D80", _CARD)


def is_valid(number: str, end: date) -> bool:
    """D80: the digits 7 to 14 of the 18 are a day of this or the last century up to `end`, the last one is the checksum
    (GB 11643-1999)."""
    return are_valid((number,), end)


def are_valid(numbers: Collection[str], end: date) -> bool:
    """The same of all the numbers, each 17 digits and a digit or X."""
    if not all(_is_born(digits, end) for digits in {number[6:14] for number in numbers}):
        return False
    # A digit's weight is 2 to the power of its place, all modulo 11, where 2 and 13 are the same: the weighted sum is the number
    # that the digits are when they are read to the base 13.
    due = [_CHECK_DIGITS[int(number[:17], 13) * 2 % 11] for number in numbers]
    return due == [number[17] for number in numbers]


@lru_cache(maxsize=65536)
def _is_born(digits: str, end: date) -> bool:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return born.year >= 1900 and born <= end


def phone(raw: Any, item: Field, words: CellWords) -> Outcome:
    """The first valid number of the cell (D82). Where nobody asks for one, an invalid one is a query."""
    if refusal := odd(raw):
        return refusal
    text = fold(plain(raw))
    if not text or text in words.zero:
        return None
    if isinstance(raw, str) and words.is_ditto(raw):
        return Refused("number-ditto", "D67")
    compact = re.sub(r"^(?:\+?86)-?(?=1)", "", re.sub(r"(?<=[0-9])-(?=[0-9])", "", text))
    written = unicodedata.normalize("NFKC", plain(raw))
    for candidate, pattern in ((written, _MOBILE), (compact, _MOBILE), (text, _LANDLINE)):
        found = pattern.findall(candidate)
        if found:
            return found[0] if found[0] in (text, raw) else Taken(found[0], "D82", "phone-first")
    if nothing := words.mark(text, zero=False):
        return nothing
    if item.required:
        return Refused("phone-unreadable", "D82", _PHONE)
    return Refused("phone-unreadable", "D82", _PHONE_OR_BLANK, severity="query")
