"""Numbers written in Chinese characters (domain.md D58, D59)."""

from __future__ import annotations

from ruralpb.model.vocabulary import builtin

_WORDS = builtin()
_DIGITS = {letter: digit for digit, letters in enumerate(_WORDS["numerals.digits"]) for letter in letters}
_TENS = {
    letter: 10**power for power, letters in enumerate(_WORDS["numerals.powers"], 1) for letter in letters
}
_TWO, _TWENTY = _WORDS["numerals.weights"]


def chinese(text: str) -> int | None:
    """Return the number that complete Chinese numerals up to 9999 say (十二, 壹佰, 三千零五); None for anything else, also for colloquial
    cuts such as 三百五."""
    if not text or any(letter not in _DIGITS and letter not in _TENS for letter in text):
        return None
    if len(text) == 1 and text in _DIGITS:
        return _DIGITS[text]
    if text.endswith(_TWO) or _TWENTY in text:
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
