"""What a title block claims of its table, against a title further down: another period or another sender begins another table."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

from ruralpb.core.periods import Period
from ruralpb.intake.layout import title_block
from ruralpb.intake.layout.header_index import HeaderIndex
from ruralpb.model import Grid
from ruralpb.model.unit_names import fold

_LONGEST = 60
"""Letters of a title; longer texts are remarks."""
_SHORT = 15
"""Letters of the heading of a section."""


class Claims:
    """The periods and the sender that the rows above a table name, and whether a row below it names others (`differ`)."""

    def __init__(self, grid: Grid, known: HeaderIndex, above: Iterable[int]) -> None:
        self._vocabulary = known.vocabulary
        self._periods: set[Period] = set()
        self._senders: set[str] = set()
        self.differ = False
        for row in above:
            found, senders = self._of(grid.values[row])
            self._periods |= found
            self._senders |= senders
        if not self._periods and known.period is not None:
            self._periods = {known.period}  # the name of the file or the sheet says it

    def read(self, row: tuple[Any, ...]) -> bool:
        """Return whether a row of texts claims another period or sender than the table has."""
        found, senders = self._of(row)
        differs = bool(self._periods and found and not found & self._periods) or bool(
            self._senders and senders and not senders & self._senders
        )
        differs = differs or self._is_of_other_figures(row)
        self.differ = self.differ or differs
        return differs

    def _is_of_other_figures(self, row: tuple[Any, ...]) -> bool:
        """True for a row of one short text that says that other figures follow: 上季数, 2026年全年计划."""
        texts = [value for value in row if value is not None]
        return (
            len(texts) == 1
            and isinstance(texts[0], str)
            and len(texts[0]) <= _SHORT
            and self._vocabulary.pattern("rows.other_figures").search(texts[0]) is not None
        )

    def _of(self, row: tuple[Any, ...]) -> tuple[set[Period], set[str]]:
        found: set[Period] = set()
        senders: set[str] = set()
        for value in row:
            if not isinstance(value, str) or len(value) > _LONGEST:
                continue
            text = unicodedata.normalize("NFKC", value).strip()
            facts = title_block.facts(text, self._vocabulary)
            if "reporter" in facts:
                senders.add(fold(facts["reporter"]))
            if "reported_on" in facts:
                continue
            if (period := title_block.titled_period(text, self._vocabulary)) is not None:
                found.add(period)
        return found, senders
