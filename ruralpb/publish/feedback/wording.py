"""What a line of 核实清单 says beside the finding's own words: by how much it differs, what to do, which cell to look at first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation

from ruralpb.core.messages import say
from ruralpb.model import Address, Finding

_RELATION = re.compile(r" (?:=|≤|≥|<|>) ")
_SLACK = re.compile(r"（允许相差[^（）]*）$")
_CODE = re.compile(
    r"(?:^|，)(?:township_code|village_code|unit_code|reporter_code|填报单位) [0-9A-Z]{6,}(?=，|$)"
)
_QUOTATION_MARKS = re.compile("[“”‘’]")
_REMEDY: Mapping[str, str] = {
    "C02": "remedy-village", "C04": "remedy-required", "F01": "remedy-twice"
}  # fmt: skip
"""Checks the program implements itself have their own advice."""


def remedy(finding: Finding) -> str:
    """What the township is to do about a finding."""
    if finding.severity == "note":
        return say("remedy-note")
    if finding.check in _REMEDY:
        return say(_REMEDY[finding.check])
    if finding.outcome == "refused":
        return say("remedy-refused" if finding.cells and finding.cells[0].cell else "remedy-file")
    if finding.offered:
        return say("remedy-offered", person=finding.offered_by)
    return say("remedy-error" if finding.severity == "error" else "remedy-query")


def ask_first(finding: Finding) -> str:
    """The cells to look at first: F6, or 表!F6 on another sheet than the finding's own; after 或 those that would explain as much; or why
    they were not looked for."""
    if finding.not_localised:
        return say(f"not-localised-{finding.not_localised}")
    own = finding.cells[0].sheet if finding.cells else ""
    first = "、".join(dict.fromkeys(_place(cell, own) for cell in finding.ask_first))
    others = "、".join(dict.fromkeys(_place(cell, own) for cell in finding.or_else))
    return f"{first}（或{others}）" if first and others else first


def _place(cell: Address, own: str) -> str:
    return cell.cell if cell.sheet == own else f"{cell.sheet}!{cell.cell}"


def found(finding: Finding) -> str:
    """What was found, without the codes of units, which say nothing to the one who reads it."""
    return _CODE.sub("", finding.found).lstrip("，")


def difference(finding: Finding, title: str) -> Decimal | None:
    """By how much it differs: what was found less what was expected. None where that is no number.

    `found` and `expected` are numbers, or `expected` is one relation of sums of fields (甲 + 乙 = 丙), perhaps after its premise (某种情形的，),
    whose values `found` lists; then it is the side of the field called `title` less the other one, or, when that stands alone on
    neither side, the left less the right.
    """
    plain, wanted = _number(finding.found), _number(finding.expected)
    if plain is not None and wanted is not None:
        return plain - wanted
    sides = _RELATION.split(_unquoted(_SLACK.sub("", finding.expected)))
    if len(sides) != 2:
        return None
    sides[0] = sides[0].rpartition("，")[2]
    known = dict(_listed(_unquoted(finding.found)))
    left, right = (_sum(side, known) for side in sides)
    if left is None or right is None:
        return None
    gap = right - left if sides[1] == _unquoted(title) else left - right
    return gap or None


def _unquoted(text: str) -> str:
    return _QUOTATION_MARKS.sub("", text)


def _listed(text: str) -> Iterator[tuple[str, Decimal]]:
    """甲 1，乙 2.5 → (甲, 1), (乙, 2.5)."""
    for piece in text.split("，"):
        label, _, value = piece.rpartition(" ")
        number = _number(value)
        if label and number is not None:
            yield label, number


def _sum(text: str, known: Mapping[str, Decimal]) -> Decimal | None:
    """The value of 甲 + 乙 − 丙; None when a term is neither a listed label nor a number."""
    total, sign = Decimal(0), 1
    for part in re.split(r" ([+−]) ", text):
        if part in ("+", "−"):
            sign = 1 if part == "+" else -1
            continue
        value = known.get(part, _number(part))
        if value is None:
            return None
        total += sign * value
    return total


def _number(text: str) -> Decimal | None:
    if not re.fullmatch(r"-?\d+(\.\d+)?", text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
