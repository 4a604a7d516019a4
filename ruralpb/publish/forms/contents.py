"""What a blank holds before it is laid out: its name, and the rows that are known already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ruralpb.core.periods import Period
from ruralpb.core.phrases import phrases
from ruralpb.model import Form, Level, Unit
from ruralpb.publish.forms.sheet import KnownRow


def file_names(reporters: Iterable[Unit], period: Period) -> dict[str, str]:
    """Return reporter → the name of its file; with its code where two have the same name (semantics S7: two counties may each have a 红旗镇)."""
    units = list(reporters)
    names = [unit.name for unit in units]
    return {
        unit.code: phrases("files")["blank"].format(
            unit=f"{unit.name}（{unit.code}）" if names.count(unit.name) > 1 else unit.name,
            period=period.label,
        )
        for unit in units
    }


def with_villages(
    form: Form, villages: Sequence[Unit], rows: Sequence[KnownRow], level: Level
) -> list[KnownRow]:
    """Return the rows known already: a row a village of the kinds the form asks for; in a roster that every village is on, at least one."""
    if level != "township" or not (form.village_row or form.every_village):
        return list(rows)
    asked = [v.name for v in villages if not form.village_kinds or v.kind in form.village_kinds]
    if form.village_row:
        return [{"village": name} for name in asked]
    of_village: dict[object, list[KnownRow]] = {name: [] for name in asked}
    for row in rows:
        of_village.setdefault(row.get("village"), []).append(row)
    return [row for name, own in of_village.items() for row in (own or [{"village": name}])]
