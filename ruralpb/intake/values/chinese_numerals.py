"""Numbers written in Chinese characters (domain.md D58, D59)."""

from __future__ import annotations

_DIGITS = (
    dict(zip("零一二三四五六七八九", range(10), strict=True))
    | dict(zip("〇壹贰叁肆伍陆柒捌玖", range(10), strict=True))
    | {"两": 2}
)
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}


def chinese(text: str) -> int | None:
    """Return the number that complete Chinese numerals up to 9999 say (十二, 壹佰, 三千零五); None for anything else, also for colloquial
    cuts such as 三百五."""
    if not text or any(letter not in _DIGITS and letter not in _TENS for letter in text):
        return None
    if len(text) == 1 and text in _DIGITS:
        return _DIGITS[text]
    if text.endswith("两") or "两十" in text:
        return None  # 十两 is a weight
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
        if zero != (total > 0 and ten * 10 < last):  # 零 stands for the powers left out, and only for these
            return None
        total += (digit or 1) * ten
        digit, last, zero = None, ten, False
    if digit is None:
        return total
    if digit == 0 or (last > 10 and not zero):  # 三百五 is said for 350; 三百零五 is 305
        return None
    return total + digit if total else None
