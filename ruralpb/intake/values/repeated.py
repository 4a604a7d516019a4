"""Rows that say the same, or seem to: copies, namesakes, villages under an old and a new name (domain.md D96, D99, D112)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from ruralpb.core.messages import listing
from ruralpb.intake.values.cells import CellFinding, Refused
from ruralpb.intake.values.columns import ColumnReader, TypedColumn
from ruralpb.intake.values.units import Located
from ruralpb.model import Field, Form
from ruralpb.model.vocabulary import builtin

_CARD = builtin()["findings.expected.id_card_number"][0]
_UNITS = ("reporter", "township", "village")


def left_out(
    reader: ColumnReader, form: Form, typed: Mapping[str, TypedColumn], located: Sequence[Located | None]
) -> frozenset[int]:
    """Return the indexes of the rows that are not taken, and take back the names that do not tell two people apart."""
    kept = [index for index, where in enumerate(located) if where is not None]
    units = [_unit(where) for where in located]
    copies = _copies(reader, form, typed, units, kept)
    kept = [index for index in kept if index not in copies] if copies else kept
    clashing = _old_and_new(reader, form, located, kept) if form.village_row else set()
    kept = [index for index in kept if index not in clashing] if clashing else kept
    _namesakes(reader, form, typed, units, kept)
    return frozenset(copies | clashing)


def _groups(kept: Sequence[int], keys: Sequence[tuple[Any, ...]], needed: int) -> list[list[int]]:
    """The rows of `kept` that share a key, those whose key lacks one of its first `needed` parts aside."""
    own = keys if len(kept) == len(keys) else [keys[index] for index in kept]
    if len(set(own)) == len(own):
        return []
    found: dict[Hashable, list[int]] = {}
    for index, key in zip(kept, own, strict=True):
        if None not in key[:needed]:
            found.setdefault(key, []).append(index)
    return [indexes for indexes in found.values() if len(indexes) > 1]


def _unit(where: Located | None) -> str:
    unit = where and (where.village or where.township)
    return unit.code if unit else ""


def _copies(
    reader: ColumnReader, form: Form, typed: Mapping[str, TypedColumn], units: list[str], kept: list[int]
) -> set[int]:
    """D112: of rows with the same complete key and the same contents one is kept; rows of one key that differ are for F01."""
    key = _key_columns(form, typed)
    if key is None:
        return set()
    first_of: dict[Hashable, int] = {}
    keys = list(zip(units, *(typed[name].values for name in key), strict=True))
    candidates = _groups(kept, keys, 1 + len(key))
    said = [column for name, column in typed.items() if form.by_id[name].type not in _UNITS]
    copies: set[int] = set()
    for index in (index for group in candidates for index in group):
        if any(index in column.refused for column in typed.values()):
            continue
        contents = (units[index], *(column.values[index] for column in said))
        if first_of.setdefault(contents, index) != index:
            copies.add(index)
            first = reader.positions[first_of[contents]] + 1
            item = _marker(form, typed)
            raw = typed[item.id].raws[index] if item else None
            reader.problem(
                index,
                item,
                raw,
                CellFinding("row-repeated", "D112", expected=str(first), scope="row", severity="query"),
            )
    return copies


def _key_columns(form: Form, typed: Mapping[str, TypedColumn]) -> list[str] | None:
    """The columns of the form's key that are there, units aside; None when nothing but the unit tells rows apart and it need not."""
    named = [_card(form) if name == "person_key" else name for name in form.key if name not in _UNITS]
    if any(name not in typed for name in named):
        return None
    return named if named or form.village_row else None


def _card(form: Form) -> str:
    return next((item.id for item in form.fields if item.type == "id_card"), "")


def _marker(form: Form, typed: Mapping[str, TypedColumn]) -> Field | None:
    """The field at which a row is marked: its name, else its key, else its village."""
    for name in ("name", *form.key, "village", "township"):
        if name in typed:
            return form.by_id[name]
    return None


def _old_and_new(
    reader: ColumnReader, form: Form, located: Sequence[Located | None], kept: list[int]
) -> set[int]:
    """D99: a village under its old name beside its successor, or two that were merged into one: no row is the village's."""
    villages = [where.village if where else None for where in located]
    clashing: set[int] = set()
    for group in _groups(kept, [(village and village.code,) for village in villages], 1):
        if any((where := located[index]) is not None and where.merged for index in group):
            clashing.update(group)
            for index in group:
                village = villages[index]
                expected = village.name if village else ""
                rows = listing(str(reader.positions[other] + 1) for other in group)
                column = reader.match.columns["village"]
                raw = reader.grid.cell(reader.positions[index], column)
                item = form.by_id["village"]
                reader.problem(
                    index,
                    item,
                    raw,
                    CellFinding(
                        "village-old-and-new", "D99", expected=expected, scope="row", data={"rows": rows}
                    ),
                )
    return clashing


def _namesakes(
    reader: ColumnReader,
    form: Form,
    typed: Mapping[str, TypedColumn],
    units: list[str],
    kept: list[int],
) -> None:
    """D96: two people of one name in one village are told apart by their identity cards; a name without one is nobody's."""
    card = _card(form)
    if "person_key" not in form.key or "name" not in typed:
        return
    names = typed["name"]
    others = [typed[name].values for name in form.key if name in typed and name not in _UNITS]
    keys = list(zip(units, names.values, *others, strict=True))
    numbers = typed[card].values if card in typed else [None] * len(units)
    for group in _groups(kept, keys, 2):
        for index in group:
            if numbers[index] is None:
                names.refuse(index, Refused("name-shared", "D96", expected=_CARD))
            elif _distinct(numbers[index], [numbers[other] for other in group]):
                item = form.by_id["name"]
                reader.problem(
                    index,
                    item,
                    names.values[index],
                    CellFinding("name-shared-told-apart", "D96", severity="note"),
                )


def _distinct(number: Any, numbers: list[Any]) -> bool:
    return numbers.count(number) == 1
