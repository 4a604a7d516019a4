"""Which unit each row is about: its village, else its township, else the sender (semantics S7; C03, D97-D103)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ruralpb.model import Unit
from ruralpb.normalise.cells import Taken, show
from ruralpb.normalise.columns import Reader
from ruralpb.places import Place, Places
from ruralpb.problems import Location, Problem

_NOTES = {
    "variant": ("D97", "place-variant"),
    "renamed": ("D102", "place-renamed"),
    "merged": ("D99", "place-merged"),
}


@dataclass(frozen=True, slots=True)
class Located:
    """The units of one row; None where a row names none."""

    township: Unit | None
    village: Unit | None


@dataclass(slots=True)
class Locator:
    """Finds the units of rows. `sender` is who sent the sheet: a township's rows are its own, an office's or a county's may be
    anybody's; None: the rows must say."""

    reader: Reader
    places: Places
    sender: Unit | None
    memo: dict[tuple[str, str, str], Place] = field(default_factory=dict)

    def locate(self, township: Sequence[Any] | None, village: Sequence[Any] | None) -> list[Located | None]:
        """Return the units per data row; None for a refused row, which is reported."""
        found: list[Located | None] = []
        for index, row in enumerate(self.reader.positions):
            found.append(
                self._row(row, township[index] if township else None, village[index] if village else None)
            )
        return found

    def _row(self, row: int, township: Any, village: Any) -> Located | None:
        own = self.sender if self.sender is not None and self.sender.level == "township" else None
        its_township: Unit | None = own
        if isinstance(township, str):
            place = self._place("township", township, "")
            if place.unit is None:
                self._refuse(row, "township", place)
                return None
            if own is not None and place.unit.code != own.code:
                self._refuse(row, "township", place, own)
                return None
            its_township = place.unit
            self._note(row, "township", place)
        if not isinstance(village, str):
            if its_township is None and (
                self.sender is None or self.sender.level not in ("office", "county", "city")
            ):
                self._refuse(row, "township", Place("", None, "unknown"))
                return None
            return Located(its_township, None)
        place = self._place("village", village, its_township.code if its_township else "")
        if place.unit is None:
            named = self._place("township", village, "")
            if (
                named.unit is not None
                and its_township is not None
                and named.unit.code == its_township.code
                and not self._needs_village()
            ):
                return Located(its_township, None)  # 镇本级: the row is about the township itself
            self._refuse(row, "village", place)
            return None
        self._note(row, "village", place)
        if its_township is None or its_township.code != place.unit.parent_code:
            its_township = self.places.unit(place.unit.parent_code) or its_township
        return Located(its_township, place.unit)

    def _needs_village(self) -> bool:
        item = self.reader.form.by_id.get("village")
        return item is not None and item.required

    def _place(self, level: str, text: str, township: str) -> Place:
        key = (level, text, township)
        if key not in self.memo:
            self.memo[key] = (
                self.places.village(text, township) if level == "village" else self.places.township(text)
            )
        return self.memo[key]

    def _note(self, row: int, name: str, place: Place) -> None:
        if place.how in _NOTES and place.unit is not None:
            rule, slug = _NOTES[place.how]
            self.reader.note(
                self.reader.form.by_id[name], row, place.written, Taken(place.unit.name, rule, slug)
            )

    def _refuse(self, row: int, name: str, place: Place, sender: Unit | None = None) -> None:
        """C03: a name that is not in the register, or fits several units; a row of another township than the sender."""
        column = self.reader.match.columns.get(name, self.reader.match.columns.get("village", 0))
        if sender is not None:
            slug, rule, expected = "row-of-other-township", "C05", sender.name
        elif not place.written:
            slug, rule, expected = "row-without-township", "C03", ""
        elif place.how == "ambiguous":
            slug, rule, expected = "place-ambiguous", "D98", place.suggestion
        else:
            slug, rule, expected = (
                ("place-unknown-near" if place.suggestion else "place-unknown"),
                "C03",
                place.suggestion,
            )
        item = self.reader.form.by_id.get(name)
        self.reader.problems.append(
            Problem(
                slug,
                Location(sheet=self.reader.grid.sheet, cell=self.reader.grid.address(row, column)),
                found=show(place.written),
                expected=expected,
                refused="row",
                rule=rule,
                form=self.reader.form.id,
                unit_code=self.sender.code if self.sender else "",
                field=name,
                data={"title": item.title if item else ""},
            )
        )
