"""What the files of a delivery are read by: the definitions, and what was worked out of them for the files before.

A delivery repeats itself: the same forms, headings, places and contents in file after file.
"""

from __future__ import annotations

from datetime import date

from ruralpb.core.periods import Period
from ruralpb.intake import layout
from ruralpb.intake.values.cache import ColumnCache
from ruralpb.model import HeaderMapping
from ruralpb.model.loader import Definitions
from ruralpb.model.unit_names import UnitNames

MOST = 16
"""So many header indexes, and names of so many counties and days, are kept at a time."""


class ReadingBasis:
    """The definitions that files are read by. `columns` is what cells were read as before."""

    def __init__(self, definitions: Definitions) -> None:
        self.definitions = definitions
        self.columns = ColumnCache()
        self._header_indexes: dict[
            tuple[Period | None, str, tuple[HeaderMapping, ...]], layout.HeaderIndex
        ] = {}
        self._unit_names: dict[tuple[date, str], UnitNames] = {}

    def header_index(
        self, period: Period | None, only: str = "", mappings: tuple[HeaderMapping, ...] = ()
    ) -> layout.HeaderIndex:
        """Return the spellings in force in `period`, of all forms or of the form `only`, with the confirmed `mappings`."""
        key = (period, only, mappings)
        if key not in self._header_indexes:
            if len(self._header_indexes) >= MOST:
                self._header_indexes.pop(next(iter(self._header_indexes)))
            self._header_indexes[key] = layout.header_index_of(
                self.definitions.library, period, only, mappings
            )
        return self._header_indexes[key]

    def unit_names(self, day: date, below: str) -> UnitNames:
        """Return the names of the register on a day, of the units below one ("" for all)."""
        key = (day, below)
        if key not in self._unit_names:
            if len(self._unit_names) >= MOST:
                self._unit_names.pop(next(iter(self._unit_names)))
            self._unit_names[key] = UnitNames(self.definitions.register, day, below)
        return self._unit_names[key]
