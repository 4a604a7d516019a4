"""Numbers that a format shows as codes: 7 in 0000 is 0007, 1 in "2026-"00 is 2026-01."""

from __future__ import annotations

import re
from typing import Any

_PART = re.compile(r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|(?P<zeros>0+)|(?P<bare>.)')


def shown(raw: Any, code: str) -> Any:
    """Return the text that a format of zeros and letters shows for a whole number; any other cell as it is."""
    if isinstance(raw, bool) or not isinstance(raw, int | float) or raw != int(raw) or raw < 0:
        return raw
    parts = list(_PART.finditer(code))
    places = sum(len(part["zeros"] or "") for part in parts)
    digits = str(int(raw)).zfill(places)
    ahead, rest = digits[: len(digits) - places], digits[len(digits) - places :]
    text = ""
    for part in parts:
        if part["zeros"]:
            size = len(part["zeros"])
            text += ahead + rest[:size]
            ahead, rest = "", rest[size:]
        else:
            text += part["quoted"] or part["escaped"] or part["bare"] or ""
    return text
