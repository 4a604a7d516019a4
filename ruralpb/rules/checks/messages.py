"""Values and messages as people read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from string import Formatter
from typing import Any

from ruralpb.core import numbers
from ruralpb.core.personal_data import masked, without_numbers

BLANK = "未填"
_MOST_IN_A_LIST = 5


def printed(value: Any, kind: str) -> str:
    """Return a stored value as a person reads it: numbers without trailing zeros, 2026-03-31, months 2026-03, 是/否, ID numbers and
    phones by their last four digits, 未填 for NULL."""
    if value is None:
        return BLANK
    if kind == "list":
        items = [printed(v, "text") for v in value if v is not None]
        more = "等" if len(items) > _MOST_IN_A_LIST else ""
        return "、".join(items[:_MOST_IN_A_LIST]) + more if items else BLANK
    if isinstance(value, bool):
        return numbers.yes_no(value)
    if isinstance(value, Decimal):
        return numbers.plain(value)
    if isinstance(value, date):
        return f"{value:%Y-%m}" if kind == "month" else value.isoformat()
    text = str(value)
    if kind in ("id_card", "phone"):
        return masked(text)
    return without_numbers(text.partition("@")[0] if kind == "person" else text)


def filled(message: str, values: Mapping[str, str]) -> str:
    """Return the message with `{name}` replaced; a placeholder without a value stays as it is."""
    parts = []
    for literal, name, _, _ in Formatter().parse(message):
        parts.append(literal)
        if name is not None:
            parts.append(values.get(name, "{" + name + "}"))
    return "".join(parts)


def listed(labels: Sequence[str], values: Sequence[str]) -> str:
    """Return the operands and their values on one line, each label once."""
    pairs = dict(zip(labels, values, strict=True))
    return "，".join(f"{label} {value}" for label, value in pairs.items())
