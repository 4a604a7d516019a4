"""Cells of text, enum, yes-no, ID and phone columns (domain.md D76-D82, D91-D94, D104-D109)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ruralpb.model import Field
from ruralpb.normalise.cells import DITTO, NOTHING, Column, Refused, Taken, clean, mark, odd
from ruralpb.places import fold

Outcome = str | bool | None | Taken | Refused
Parser = Callable[[Any, bool], Outcome]

_YES = frozenset(["是", "√", "✓", "✔", "☑", "有", "1", "y", "yes", "true", "对", "已", "v"])
_NO = frozenset(["否", "×", "✗", "✘", "☒", "无", "0", "n", "no", "false", "不是", "没有", "未", "非", "x"])
_HAN_GAP = re.compile(r"(?<=[一-鿿㐀-䶿])[\s\u3000]+(?=[一-鿿㐀-䶿])")
_DOTS = re.compile(r"(?<=[一-鿿])\s*[·•．.‧・∙]\s*(?=[一-鿿])")
_POST = re.compile(r"[(（](?P<post>[^()（）]{1,10})[)）]$")
_NUMBERED = re.compile(r"^(?P<number>\d{1,3})\s*[.、．)]\s*(?=[一-鿿])")
_TWO_PEOPLE = re.compile(r"[一-鿿]{2,}\s*[、,，;；/和]\s*[一-鿿]{2,}")
_ID = re.compile(r"\d{17}[\dX]")
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)(?:0\d{2,3}-?)?[2-9]\d{6,7}(?!\d)")


def parser(column: Column) -> Parser:
    """Return the reader of one text-like column: (cell, ignored) → outcome."""
    item = column.field
    match item.type:
        case "enum":
            return _enum(item, column.end)
        case "bool":
            return lambda raw, _: _bool(raw)
        case "id_card":
            return lambda raw, _: _id_card(raw)
        case "phone":
            return lambda raw, _: _phone(raw, item)
        case _:
            read = _name if item.id == "name" else _text
            return lambda raw, _: odd(raw) or read(raw)


def plain(raw: Any) -> str:
    """Return any cell as clean text: numbers without a trailing .0, dates in ISO form."""
    if isinstance(raw, str):
        return clean(raw)
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, float | int):
        text = f"{Decimal(f'{raw:.15g}'):f}" if isinstance(raw, float) else str(raw)
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(raw, datetime | date):
        return raw.isoformat()[:10]
    return clean(str(raw))


def _text(raw: Any) -> Outcome:
    text = plain(raw)
    if not text:
        return None
    return mark(text, zero=False) or " ".join(text.split())


def _name(raw: Any) -> Outcome:
    """A person's name: blanks between characters gone, one kind of middle dot, posts and numbers stripped with a note."""
    text = unicodedata.normalize("NFKC", plain(raw))
    if not text:
        return None
    if nothing := mark(text, zero=False):
        return nothing
    removed = ""
    for pattern, group in ((_POST, "post"), (_NUMBERED, "number")):
        if found := pattern.search(text):
            removed, text = found[group], pattern.sub("", text)
    if _TWO_PEOPLE.search(text):
        return Refused("name-two-people", "D94", scope="row")
    dotted = _DOTS.sub("·", _HAN_GAP.sub("", text))
    if removed:
        return Taken(dotted, "D93", "name-stripped", {"removed": removed})
    return Taken(dotted, "D92", "name-dotted") if "·" in dotted and dotted != text else dotted


def _bool(raw: Any) -> Outcome:
    if refusal := odd(raw):
        return refusal
    if isinstance(raw, bool):
        return raw
    text = fold(plain(raw)).lower()
    if not text:
        return None
    if text in _YES:
        return True
    if text in _NO:
        return False
    return mark(text, zero=False) or Refused("bool-unreadable", "D104", "是、否")


def _enum(item: Field, day: date) -> Parser:
    """Values, then synonyms, in force on `day`; several in one cell only where the field allows it."""
    exact: dict[str, str] = {}
    synonyms: dict[str, str] = {}
    for value in item.values:
        if value.dated.holds(day):
            exact[fold(value.value).upper()] = value.value
            for synonym in value.synonyms:
                synonyms.setdefault(fold(synonym).upper(), value.value)
    allowed = "、".join(exact.values())

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
        parts = [one(part) for part in re.split("[、,;/+和]", text) if part]
        if len(parts) > 1 and all(part is not None and not isinstance(part, Refused) for part in parts):
            if not item.multi:
                return Refused("enum-several", "D107", allowed)
            values = [str(part.value if isinstance(part, Taken) else part) for part in parts]
            return "、".join(dict.fromkeys(values))
        return mark(text, zero=False) or Refused("enum-unknown", "D106", allowed)

    return read


def _id_card(raw: Any) -> Outcome:
    """18 characters as typed; whether the check digit is right is for the checks to say (R10). What lost digits is refused."""
    if refusal := odd(raw):
        return refusal
    if not isinstance(raw, str):
        return Refused("id-precision", "D77", "18位文本")
    text = fold(clean(raw)).lstrip("'").upper().replace("-", "")
    if not text:
        return None
    if _ID.fullmatch(text):
        return text
    if re.fullmatch(r"\d(?:\.\d+)?E\+?\d+", text):
        return Refused("id-precision", "D76", "18位文本")
    if "*" in text and re.fullmatch(r"[\dX*]{8,18}", text):
        return Taken(None, "D81", "id-masked")
    if re.fullmatch(r"\d{15}", text):
        return Refused("id-15", "D79", "18位")
    if text in DITTO or fold(raw) in DITTO:
        return Refused("number-ditto", "D67", "18位")
    return mark(raw, zero=False) or Refused("id-length", "D80", "18位")


def _phone(raw: Any, item: Field) -> Outcome:
    if refusal := odd(raw):
        return refusal
    text = fold(plain(raw))
    if not text or text in NOTHING:
        return None
    compact = re.sub(r"^(?:\+?86)(?=1)", "", re.sub(r"(?<=\d)-(?=\d)", "", text))
    for candidate, pattern in ((compact, _MOBILE), (text, _LANDLINE)):
        found = pattern.findall(candidate)
        if found:
            return found[0] if found[0] in (text, raw) else Taken(found[0], "D82", "phone-first")
    return mark(text, zero=False) or Refused(
        "phone-unreadable", "D82", "11位手机号" if item.required else "11位手机号或留空"
    )
