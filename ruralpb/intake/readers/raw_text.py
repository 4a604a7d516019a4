"""What stands in a cell, as text: for showing it beside what was made of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ruralpb.model import CellError, Uncached


def raw_text(value: Any) -> str:
    """Return the value of a cell of a grid as text, "" for none: a formula without a value as the formula, a day as ISO text."""
    if value is None:
        return ""
    if isinstance(value, CellError):
        return value.text
    if isinstance(value, Uncached):
        return value.formula
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
