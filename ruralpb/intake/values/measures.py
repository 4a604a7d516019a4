"""Measures and the exact factors between them: 元 and 万元, 人次 and 万人次. Never between different things."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from ruralpb.model import Field, Form, Match
from ruralpb.model.unit_names import fold
from ruralpb.model.vocabulary import builtin

ONE = Decimal(1)

_WORDS = builtin()
_POWERS = {letters[0]: int(power) for power, letters in _WORDS.below("measures.powers.").items()}
_MEASURE = re.compile(f"(?P<power>[{''.join(_POWERS)}]*)(?P<base>[^{''.join(_POWERS)}].*)?")
_SAME = tuple(map(frozenset, _WORDS.below("measures.same.").values()))
_MONEY = _WORDS["measures.money"][0]


@lru_cache(maxsize=4096)
def factor(stated: str, held: str) -> Decimal | None:
    """Return what a number in `stated` is multiplied by to be in `held`; None when they do not measure the same thing."""
    one, other = _split(stated), _split(held)
    if one[1] != other[1] and not any(one[1] in same and other[1] in same for same in _SAME):
        return None
    return Decimal(1).scaleb(one[0] - other[0])


def _split(measure: str) -> tuple[int, str]:
    found = _MEASURE.fullmatch(fold(measure).split("/")[0])
    if found is None:
        return 0, measure
    return sum(_POWERS[letter] for letter in found["power"]), found["base"] or ""


def main_money(form: Form) -> str:
    """Return the measure most money fields of the form have: what a corner note 单位：… speaks of."""
    counts = Counter(item.measure for item in form.fields if item.type == "money" and item.measure)
    return counts.most_common(1)[0][0] if counts else ""


def corner(match: Match) -> str:
    """Return the money measure of the sheet's corner note (单位：万元、人), or ""."""
    text = match.title_block.get("measure", ("", ""))[0]
    return next(
        (part for part in _WORDS.pattern("measures.between").split(text) if fold(part).endswith(_MONEY)), ""
    )


def stated(form: Form, match: Match, fields: Iterable[Field]) -> tuple[dict[str, str], list[Field]]:
    """Return field → the measure the sheet gives its column in, and the fields whose header and corner note disagree or
    whose stated measure is of another kind (D51).

    The corner note speaks of the money fields in the form's main measure; a field the form itself keeps in another one
    (村民人均可支配收入, 元) follows its header only.
    """
    main, note = main_money(form), corner(match)
    other = match.title_block.get("other_measure", ("", ""))[0]
    found: dict[str, str] = {}
    contradicted: list[Field] = []
    for item in fields:
        if not item.numeric or not item.measure or item.type == "percent":
            continue
        header = match.measures.get(item.id, "")
        from_note = note if item.type == "money" and item.measure == main else ""
        said = header or from_note or item.measure
        twice = bool(from_note and other) and factor(other, from_note) != 1
        if (
            twice
            or factor(said, item.measure) is None
            or (header and from_note and factor(header, from_note) != 1)
        ):
            contradicted.append(item)
        else:
            found[item.id] = said
    return found, contradicted
