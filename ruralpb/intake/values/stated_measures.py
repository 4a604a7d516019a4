"""The measure that a sheet gives each of its columns in: by the heading, or by the corner note."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from ruralpb.model import Field, Form, Match
from ruralpb.model.measures import factor
from ruralpb.model.unit_names import fold
from ruralpb.model.vocabulary import builtin

ONE = Decimal(1)

_WORDS = builtin()
_MONEY = _WORDS["measures.money"][0]


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
        said = header or from_note or _scaled(match, item) or item.measure
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


def _scaled(match: Match, item: Field) -> str:
    """The measure of a corner note that is a field's own with a power of ten in front: 千人 for 人; "" when it names none."""
    if item.type == "money":
        return ""
    text = match.title_block.get("measure", ("", ""))[0]
    parts = _WORDS.pattern("measures.between").split(text)
    return next((part for part in parts if factor(part, item.measure) not in (None, 1)), "")
