"""Measures, by the one table of `library/vocabulary/measures.yaml`: the exact factors between them, which are money, how running text prints
an amount."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache, lru_cache

from ruralpb.core.numbers import half_up, quotient
from ruralpb.model.unit_names import fold
from ruralpb.model.vocabulary import builtin


@lru_cache(maxsize=4096)
def factor(stated: str, held: str) -> Decimal | None:
    """Return what a number in `stated` is multiplied by to be in `held`; None when they do not measure the same thing."""
    first, other = _split(stated), _split(held)
    same = map(frozenset, builtin().below("measures.same.").values())
    if first[1] != other[1] and not any(first[1] in words and other[1] in words for words in same):
        return None
    return Decimal(1).scaleb(first[0] - other[0])


def bare(measure: str) -> str:
    """Return the measure as it stands behind a number in a sentence: 万元/村 is said 万元."""
    return measure.split("/")[0]


def is_money(measure: str) -> bool:
    """True for 元 and its multiples, 万元/村 among them."""
    return _split(measure)[1] == builtin()["measures.money"][0]


def in_text(value: Decimal, measure: str) -> tuple[str, str] | None:
    """Return an amount as running text prints it, and its measure: in the largest measure of `measures.in_text` of which it is one or more
    (12000 万元 is 1.20 亿元; domain 7.3, rules 2 and 6). None for a measure that is not in that table; tables of a page keep
    the indicator's own measure."""
    decimals = _in_text()
    if measure not in decimals:
        return None
    text = half_up(value, decimals[measure])
    for larger in list(decimals)[list(decimals).index(measure) + 1 :]:
        times = factor(larger, measure)
        if times is None or abs(text) < times:
            break
        scaled = quotient(value, times)
        assert scaled is not None
        value, measure = scaled, larger
        text = half_up(value, decimals[larger])
    return f"{text:f}", measure


@cache
def _in_text() -> Mapping[str, int]:
    return {measure: int(places[0]) for measure, places in builtin().below("measures.in_text.").items()}


def _split(measure: str) -> tuple[int, str]:
    powers, pattern = _powers()
    parts = pattern.fullmatch(bare(fold(measure)))
    if parts is None:
        return 0, measure
    return sum(powers[letter] for letter in parts["power"]), parts["base"] or ""


@cache
def _powers() -> tuple[Mapping[str, int], re.Pattern[str]]:
    """The powers of ten by their characters, and a measure as such powers and what they multiply."""
    powers = {letters[0]: int(power) for power, letters in builtin().below("measures.powers.").items()}
    characters = "".join(powers)
    return powers, re.compile(f"(?P<power>[{characters}]*)(?P<base>[^{characters}].*)?")
