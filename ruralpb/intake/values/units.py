"""Which unit each row is about: its village, else its township, else the sender (semantics S7; C03, D97-D103)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from ruralpb.core.messages import listing
from ruralpb.intake.values.cells import CellFinding, Taken
from ruralpb.intake.values.columns import ColumnReader
from ruralpb.model import LEVELS, Field, Unit
from ruralpb.model.unit_names import UnitMatch, UnitNames, fold
from ruralpb.model.vocabulary import builtin

_NOTES = {
    "variant": ("D97", "place-variant"),
    "renamed": ("D102", "place-renamed"),
    "merged": ("D99", "place-merged"),
}


_WORDS = builtin()
_ADMINISTRATIVE = _WORDS["headers.administrative_village"][0]
_LIST_NUMBER = _WORDS.pattern("units.list_number")
_ENGLISH = re.compile(r"(?<=[\u4e00-\u9fff])\s*[(/]?[A-Za-z][A-Za-z .'-]*[)]?$")
"""北 京 Beijing: yearbooks say the name again in English."""


@dataclass(frozen=True, slots=True)
class Located:
    """The units of one row; None where a row names none. `merged`: the village is named as it was before a merger."""

    township: Unit | None
    village: Unit | None
    merged: bool = False
    named: Unit | None = None
    """The unit of another level that the row is about, in forms whose rows are provinces, counties …"""


@dataclass(slots=True)
class Locator:
    """Finds the units of rows. `sender` is who sent the sheet: a township's rows are its own, an office's or a county's may be
    anybody's; None: the rows must say."""

    reader: ColumnReader
    places: UnitNames
    sender: Unit | None
    memo: dict[tuple[str, str, str], UnitMatch] = field(default_factory=dict)

    def locate(self, township: Sequence[Any] | None, village: Sequence[Any] | None) -> list[Located | None]:
        """Return the units per data row; None for a refused row, which is reported."""
        size = len(self.reader.positions)
        known: dict[tuple[Any, Any], Located | None] = {}
        found: list[Located | None] = []
        for index, named in enumerate(zip(township or [None] * size, village or [None] * size, strict=True)):
            if (located := known.get(named)) is None:
                said = len(self.reader.notes) + len(self.reader.problems)
                located = self._row(index, *named)
                if located is not None and said == len(self.reader.notes) + len(self.reader.problems):
                    known[named] = located
            found.append(located)
        if village is not None:
            self._grouped(village)
        return found

    def _grouped(self, village: Sequence[Any]) -> None:
        """Say it where rows without a village follow those with one again and again, and no village is named twice running: a list grouped
        by village, whose names may hold for the rows below them. They are read as rows of the township (D42 fills merged cells only)."""
        if self._needs_village() or not village or village[0] is None:
            return
        named = [index for index, name in enumerate(village) if name is not None]
        blank = [index for index, name in enumerate(village) if name is None]
        groups = sum(village[index - 1] is not None for index in blank if index)
        again = any(village[one] == village[two] for one, two in pairwise(named))
        in_each = groups == len(named) > 1
        if not again and (in_each or (groups > 2 and len(blank) > len(named))):
            data = {"count": str(len(blank))}
            self.reader.problem(
                blank[0],
                self.reader.form.by_id["village"],
                None,
                CellFinding("places-perhaps-grouped", "D42", severity="query", data=data),
            )

    def locate_named(self, item: Field, names: Sequence[Any]) -> list[Located | None]:
        """Return the units per data row of a form whose rows are units of the level that `row:` names, or of any level."""
        row = self.reader.form.row
        levels = (row,) if row in LEVELS else ()
        found: list[Located | None] = []
        for index, name in enumerate(names):
            said = _ENGLISH.sub("", name) if isinstance(name, str) else ""
            place = self.places.of_level(said, levels) if said else UnitMatch("", None, "unknown")
            unit = place.unit
            if unit is None:
                self._refuse(index, item.id, place)
                found.append(None)
                continue
            if place.how in _NOTES and fold(unit.name) != fold(place.written):
                self._note(index, item.id, place)
            own = {unit.level: unit}
            found.append(Located(own.get("township"), own.get("village"), place.how == "merged", unit))
        return found

    def _row(self, index: int, township: Any, village: Any) -> Located | None:
        own = self.sender if self.sender is not None and self.sender.level == "township" else None
        its_township: Unit | None = own
        if isinstance(township, str) and self._is_whole_county(index, township):
            township = None
        if isinstance(township, str):
            place = self._place("township", township, "")
            if place.unit is None:
                self._refuse(index, "township", place)
                return None
            if own is not None and place.unit.code != own.code:
                self._refuse(index, "township", place, own)
                return None
            its_township = place.unit
            self._note(index, "township", place)
        if not isinstance(village, str):
            if its_township is None and (
                self.sender is None or self.sender.level not in ("office", "county", "city")
            ):
                self._refuse(index, "township", UnitMatch("", None, "unknown"))
                return None
            return Located(its_township, None)
        place = self._place("village", village, its_township.code if its_township else "")
        if place.unit is None:
            if (
                its_township is not None
                and not self._needs_village()
                and _WORDS.pattern("units.whole_township").fullmatch(fold(village))
            ):
                return Located(its_township, None)
            named = self._place("township", village, "")
            if (
                named.unit is not None
                and its_township is not None
                and named.unit.code == its_township.code
                and not self._needs_village()
            ):
                return Located(its_township, None)  # 镇本级: the row is about the township itself
            self._refuse(index, "village", place)
            return None
        self._note(index, "village", place)
        if its_township is None or its_township.code != place.unit.parent_code:
            its_township = self.places.unit(place.unit.parent_code) or its_township
        self._of_other_kind(index, place.unit)
        return Located(its_township, place.unit, place.how == "merged")

    def _is_whole_county(self, index: int, township: str) -> bool:
        """True for 全市 in the place of a township, in what an office sends: the row is about the county, as if the cell were blank."""
        if self.sender is None or self.sender.level != "office":
            return False
        if not _WORDS.pattern("units.whole_county").fullmatch(fold(township)):
            return False
        county = self.places.unit(self.sender.parent_code)
        taken = Taken(county.name if county else self.sender.name, "D97", "place-variant")
        self.reader.note(self.reader.form.by_id["township"], index, township, taken)
        return True

    def _of_other_kind(self, index: int, village: Unit) -> None:
        """D101: a 社区 or 林场 where the form, or its header, asks for 行政村. It is kept, and counted by its kind in the register."""
        match, form = self.reader.match, self.reader.form
        kinds = form.village_kinds
        if not kinds and _ADMINISTRATIVE in fold(
            str(self.reader.grid.cell(match.header[1], match.columns["village"]))
        ):
            kinds = (_ADMINISTRATIVE,)
        if kinds and village.kind not in kinds:
            item = form.by_id["village"]
            data = {"kind": village.kind}
            expected = listing(kinds)
            self.reader.problem(
                index,
                item,
                village.name,
                CellFinding("place-of-other-kind", "D101", expected=expected, severity="note", data=data),
            )

    def _needs_village(self) -> bool:
        item = self.reader.form.by_id.get("village")
        return item is not None and item.required

    def _place(self, level: str, text: str, township: str) -> UnitMatch:
        key = (level, text, township)
        if key not in self.memo:
            place = self._look_up(*key)
            bare = _LIST_NUMBER.sub("", text)
            if place.how == "unknown" and bare != text:
                numbered = self._look_up(level, bare, township)
                place = replace(numbered, written=text, how="variant") if numbered.unit else place
            self.memo[key] = place
        return self.memo[key]

    def _look_up(self, level: str, text: str, township: str) -> UnitMatch:
        return self.places.village(text, township) if level == "village" else self.places.township(text)

    def _note(self, index: int, name: str, place: UnitMatch) -> None:
        if place.how in _NOTES and place.unit is not None:
            rule, slug = _NOTES[place.how]
            self.reader.note(
                self.reader.form.by_id[name], index, place.written, Taken(place.unit.name, rule, slug)
            )

    def _refuse(self, index: int, name: str, place: UnitMatch, sender: Unit | None = None) -> None:
        """C03: a name that is not in the register, or fits several units; a row of another township than the sender."""
        columns = self.reader.match.columns
        rule, expected = "C03", place.suggestion
        if sender is not None:
            slug, rule, expected = "row-of-other-township", "C05", sender.name
        elif not place.written:
            slug = "row-without-township" if name == "township" else "row-without-name"
        elif self._several(place.written):
            slug, rule, expected = "place-several", "D103", ""
        elif place.how == "ambiguous":
            slug, rule = "place-ambiguous", "D98"
        else:
            slug = "place-unknown-near" if expected else "place-unknown"
        self.reader.problem(
            index,
            self.reader.form.by_id.get(name),
            place.written,
            CellFinding(
                slug,
                rule,
                expected=expected,
                scope="row",
                column=columns.get(name, columns.get("village", 0)),
            ),
        )

    def _several(self, written: str) -> bool:
        """D103: 甲村、乙村: at least two parts that each look like, or are, a village."""
        parts = [part for part in _WORDS.pattern("units.between").split(written) if part.strip()]
        return len(parts) > 1 and all(
            _WORDS.pattern("units.ends_like_village").search(fold(part))
            or self.places.village(part).how != "unknown"
            for part in parts
        )
